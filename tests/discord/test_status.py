"""`/status`, and how much of it is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import ABSTAINED, ANSWERED, INCOMPLETE, fits
from bot.cards.failures import MOST_FAILURES
from bot.cards.status import Process, Sharing, status_card
from bot.commands.status import resident_memory
from bot.connection.checks import NotAModerator
from bot.connection.limits import Asker
from bot.connection.shards import shard_of
from bot.memory.exchanges import Votes
from bot.wording.amounts import duration
from bot.wording.language import speaking
from bot.wording.markdown import day_text
from retrieval.article import Failure, Reading, Status
from tests.support.discord.desk import Desk
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import MODERATOR_ROLE, make_client, text

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
INDEX = Status(7, 1200, 34567, 12, NOON, None, "a model", NOON, (), None, 3, ())
PROCESS = Process(started=NOON, working=2, waiting=5, memory=512_300_000, latency=0.0421)


@pytest.fixture
def room() -> StandIn:
    return StandIn()


async def test_a_moderator_sees_how_the_bot_fares(desk: Desk) -> None:
    turns = desk.client.serving.desk.turns
    async with turns.turn(Asker(1, desk.guild.id)), turns.turn(Asker(2, 999)), turns.turn(Asker(3)):
        result = await desk.mod.slash(desk.channel, "status")
    assert result.ephemeral
    shown = text(result.response)
    assert shown.startswith("## How I fare\n- Articles: 1; passages: 1; outlets: 1; generation: 1\n")
    assert "- Newest article: –\n- Last reload: –\n- Feeds: 0; failing: 0\n" in shown
    assert "- Questions under way: 1; waiting: 0\n" in shown
    assert "helpful in the last 7 days: 0; unhelpful: 0\n" in shown
    assert f"- Started: <t:{int(desk.client.serving.started.timestamp())}:R>" in shown


def test_it_names_the_languages_with_the_most_articles() -> None:
    held = dict.fromkeys(["fr", "de", "en", "es", "it", "nl", "pl"], 1200)
    shown = "\n".join(status_card(replace(INDEX, articles_in=held), PROCESS, Votes(0, 0)).texts)
    named = "French (1,200), German (1,200), English (1,200), Spanish (1,200), Italian (1,200), Dutch (1,200)"
    assert f"\n- Languages of the articles: {named}\n" in shown
    assert "Languages of" not in "\n".join(status_card(INDEX, PROCESS, Votes(0, 0)).texts)


def test_it_says_how_far_the_first_reading_is() -> None:
    for left, said in ((None, ""), (754.4, f"; time left: {duration(754)}")):
        card = status_card(replace(INDEX, reading=Reading(1200, 10_000, left)), PROCESS, Votes(0, 0))
        assert f"\n- Still reading: 1,200 of 10,000 articles{said}\n" in "\n".join(card.texts)


async def test_a_role_of_the_host_sees_it_and_others_do_not(desk: Desk) -> None:
    await desk.allow_everyone("status")
    result = await desk.member("bob", MODERATOR_ROLE).slash(desk.channel, "status")
    assert "## How I fare" in text(result.response)
    refused = await desk.member("alice").slash(desk.channel, "status")
    assert refused.ephemeral
    assert text(refused.response).startswith("Only moderators can do this")
    simcord.assert_error(desk.env, NotAModerator)


async def test_of_several_shards_it_says_how_many_are_connected(tmp_path: Path) -> None:
    client = make_client(StandIn().room, tmp_path)
    client.shard_count = 2
    async with simcord.run(client) as env:
        desk = Desk.furnish(env)
        told = await desk.mod.slash(desk.channel, "status")
        assert "- Connections to Discord: 2 of 2\n" in text(told.response)
        away = 1 - shard_of(client, desk.guild.id)
        await client.shards[away].disconnect()
        told = await desk.mod.slash(desk.channel, "status")
        assert "- Connections to Discord: 1 of 2\n" in text(told.response)


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        (Sharing(True, True, False), "reached; of what one process does for all, this one does: asking feeds"),
        (Sharing(True, False, False), "reached; of what one process does for all, this one does: –"),
        (Sharing(False, False, False), "out of reach; questions are answered, changes have to wait"),
        (
            Sharing(True, False, True, without_vectors=True),
            "reached; of what one process does for all, this one does: posting digests and alerts\n"
            "- Vectors: on this disk, which takes longer; the shared database does not find them",
        ),
    ],
)
def test_it_says_how_the_process_stands_with_a_database_that_it_shares(sharing: Sharing, said: str) -> None:
    card = status_card(INDEX, replace(PROCESS, sharing=sharing), Votes(0, 0))
    assert f"\n- Shared database: {said}\n" in "\n".join(card.texts)


def test_what_it_says() -> None:
    card = status_card(INDEX, PROCESS, Votes(30, 4))
    assert card.accent == ANSWERED
    assert card.sections == (
        (
            "## How I fare",
            "- Articles: 1,200; passages: 34,567; outlets: 12; generation: 7\n"
            "- Embedding model: a model; computed with: –; languages: many\n"
            "- Newest article: <t:1777636800:R>\n"
            "- Last reload: <t:1777636800:R>\n"
            "- Feeds: 3; failing: 0",
            "- Questions under way: 2; waiting: 5\n"
            "- Answers that members found helpful in the last 7 days: 30; unhelpful: 4\n"
            "- Memory: 512 MB; time that Discord takes to answer: 42 ms\n"
            "- Started: <t:1777636800:R>",
        ),
    )


def test_it_says_how_the_model_is_used() -> None:
    index = replace(INDEX, model="/srv/secret/e5", runtime="OpenVINO", prompts=("query: ", ""), languages=("de", "en"))
    held = "\n".join(status_card(index, PROCESS, Votes(0, 0)).texts)
    assert "\n- Embedding model: e5; computed with: OpenVINO; languages: German, English\n" in held
    assert "\n- What it reads before a question: “query:”; before a passage: –\n" in held
    with speaking("fr"):
        held = "\n".join(status_card(index, PROCESS, Votes(0, 0)).texts)
    assert "allemand, anglais\n" in held


def test_what_fails_is_named() -> None:
    down = tuple(Failure(f"Feed *{number}*", "It is down.") for number in range(MOST_FAILURES + 2))
    index = Status(7, 1, 1, 1, date(2026, 5, 1), None, "m", None, (Failure("a.txt", "empty"),), "No disk.", 20, down)
    card = status_card(
        index, Process(started=NOON, working=0, waiting=0, memory=None, latency=float("nan")), Votes(0, 0)
    )
    assert card.accent == INCOMPLETE != ABSTAINED
    (_, held, going), (feeds,), (skipped,) = card.sections
    assert held.startswith("⚠ No disk.\n")
    assert f"- Newest article: {day_text(date(2026, 5, 1))}\n" in held
    assert "Feeds: 20; failing: 12" in held
    assert "- Memory: –; time that Discord takes to answer: –" in going
    assert feeds.startswith("**Feeds that fail**\n- **Feed \\*0\\*** It is down.\n")
    assert feeds.count("It is down.") == MOST_FAILURES
    assert feeds.endswith("-# 2 more not shown")
    assert skipped == "**Skipped by the last reload**\n- **a.txt** empty"


latencies = st.floats(0, 3600) | st.sampled_from([float("inf"), float("nan")])
hostile = st.text(max_size=30) | st.sampled_from(
    ["@everyone", "[x](https://evil.example)", "**", "x" * 3000, "😀" * 600]
)
failures = st.lists(st.builds(Failure, hostile, hostile), max_size=40).map(tuple)


@given(
    failures,
    failures,
    st.none() | hostile,
    hostile,
    st.integers(0, 10**12),
    st.floats(0, 3600) | st.sampled_from([float("inf"), float("nan")]),
)
def test_it_fits_whatever_feeds_are_called(
    feeds: tuple[Failure, ...], failed: tuple[Failure, ...], notice: str | None, used: str, count: int, latency: float
) -> None:
    index = Status(count, count, count, count, NOON, None, used, NOON, failed, notice, count, feeds)
    index = replace(index, prompts=(used, used))
    card = status_card(
        index, Process(started=NOON, working=count, waiting=count, memory=count, latency=latency), Votes(count, count)
    )
    assert fits(card)
    assert all(each.strip() for each in card.texts)
    assert "@everyone" not in json.dumps(card.texts).replace("\\\\@everyone", "")


def test_the_memory_of_the_process_is_known_on_linux() -> None:
    memory = resident_memory()
    assert memory is None or 10e6 < memory < 1e11
