"""News in several languages, as members ask for them, each in their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor

from bot.cards.card import DOT
from bot.commands.settings import SettingRefused
from bot.connection.client import QuotewireClient
from bot.memory.guilds import GuildSettings
from retrieval.article import Article
from retrieval.edition import Edition
from retrieval.errors import InvalidQuestion
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from tests.support.arrivals import FEED, opened
from tests.support.discord.desk import Desk
from tests.support.discord.world import last, mention, text

pytestmark = pytest.mark.simcord(settle_timeout=60)

ENGLISH = "The ferry Marlo ran aground on Tuesday, and the coast guard brought 212 people ashore by midnight."
GERMAN = "Die Fähre Marlo lief am Dienstag auf Grund, und die Küstenwache brachte 212 Menschen bis Mitternacht an Land."
AGAIN = "Die Reederei der Fähre Marlo sagte am Mittwoch alle Fahrten ab, bis Taucher den Rumpf angesehen haben."
QUESTION = "How many people did the coast guard bring ashore from the ferry Marlo?"


def article(id_: str, text: str, day: int) -> Arrival:
    url = f"https://{id_}.example/marlo"
    return Arrival(FEED, Article(url, f"Marlo {day}", text, url, f"{id_} Post", date(2025, 3, day)))


@pytest.fixture(scope="module")
def several(bag_of_words: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with opened(tmp_path_factory.mktemp("several"), answer_from=0.0) as room:
        room.add([article("en", ENGLISH, 4), article("de", GERMAN, 4), article("again", AGAIN, 5)])
        yield room


@pytest.fixture
def room(several: Newsroom) -> Newsroom:
    return several


def quoted(message: object) -> list[str]:
    return [line[2:].replace("**", "") for line in text(message).split("\n") if line.startswith("> ")]


async def offered(
    member: MemberActor, channel: ChannelHandle, typed: str, command: str = "ask"
) -> list[tuple[str, str]]:
    return [(each["name"], each["value"]) for each in await member.autocomplete(channel, command, "language", typed)]


async def test_the_languages_there_are_are_offered_in_the_members_own(
    alice: MemberActor, channel: ChannelHandle, speaks: list[str]
) -> None:
    every = [("German: 2 articles", "de"), ("English: 1 article", "en")]
    assert await offered(alice, channel, "") == every
    assert await offered(alice, channel, "", "latest") == every
    for typed in ("ger", "Deu", "de"):
        assert await offered(alice, channel, typed) == every[:1]
    assert await offered(alice, channel, "french") == []
    speaks.append("fr")
    assert await offered(alice, channel, "alle") == [("Allemand : 2 articles", "de")]


@pytest.mark.parametrize("language", ["de", "German", "deutsch", "de-AT"])
async def test_only_articles_in_a_language_are_quoted(
    alice: MemberActor, channel: ChannelHandle, language: str
) -> None:
    result = await alice.slash(channel, "ask", question=QUESTION, language=language)
    assert GERMAN in quoted(result.response)
    assert ENGLISH not in quoted(result.response)
    assert "Looked through articles in German" in text(result.response)
    result = await alice.slash(channel, "latest", language=language)
    assert "-# in German" in text(result.response)
    assert "en Post" not in text(result.response)


async def test_outlet_and_language_narrow_together(alice: MemberActor, channel: ChannelHandle) -> None:
    result = await alice.slash(channel, "ask", question=QUESTION, language="de", source="de Post")
    assert "Looked through what de Post reported in German" in text(result.response)


async def test_one_that_there_is_nothing_in_is_refused_in_the_members_own(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, speaks: list[str]
) -> None:
    result = await alice.slash(channel, "ask", question=QUESTION, language="Korean")
    assert text(result.followups[0]) == "No articles in Korean are indexed; there are some in: German, English."
    simcord.assert_error(env, InvalidQuestion)
    speaks.append("de")
    result = await alice.slash(channel, "ask", question=QUESTION, language="ko")
    assert "Auf Koreanisch gibt es keine Artikel" in text(result.followups[0])
    assert "Deutsch, Englisch" in text(result.followups[0])
    simcord.assert_error(env, InvalidQuestion)


async def test_what_follows_an_answer_is_in_its_language_too(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle
) -> None:
    await alice.slash(channel, "ask", question=QUESTION, language="en")
    await alice.send(channel, f"{mention(env)} When was the ferry aground?", reply_to=last(channel))
    assert "in\u00a0German" not in text(last(channel))
    assert "Looked through articles in English" in text(last(channel))


async def test_more_quotes_are_in_it_too(desk: Desk) -> None:
    desk.keep(GuildSettings(quotes=1))
    alice = desk.member("alice")
    await alice.slash(desk.channel, "ask", question=QUESTION, language="de")
    [more] = [each for each in buttons(last(desk.channel).components) if each.label == "More quotes"]
    shown = quoted((await alice.click(last(desk.channel), custom_id=more.custom_id)).response)
    assert shown
    assert ENGLISH not in shown


def buttons(parts: Iterable[Any]) -> Iterator[discord.Button]:
    for part in parts:
        if isinstance(part, discord.Button):
            yield part
        yield from buttons(getattr(part, "children", ()))


async def test_quotes_in_another_language_than_the_readers_say_so(
    alice: MemberActor, channel: ChannelHandle, speaks: list[str]
) -> None:
    shown = text((await alice.slash(channel, "ask", question=QUESTION, language="de")).response)
    assert f"4\u00a0March\u00a02025{DOT}in\u00a0German" in shown
    listed = text((await alice.slash(channel, "latest")).response)
    assert f"{DOT}in\u00a0German" in listed
    speaks.append("fr")
    listed = text((await alice.slash(channel, "latest")).response)
    assert f"{DOT}en\u00a0allemand" in listed
    assert f"{DOT}en\u00a0anglais" in listed
    speaks.append("de")
    shown = text((await alice.slash(channel, "latest")).response)
    assert f"{DOT}auf\u00a0Englisch" in shown
    assert "auf\u00a0Deutsch" not in shown
    # Who asks in a language reads it.
    shown = text((await alice.slash(channel, "ask", question=QUESTION)).response)
    assert "auf\u00a0Englisch" not in shown


async def test_sources_name_the_languages(alice: MemberActor, channel: ChannelHandle) -> None:
    shown = text((await alice.slash(channel, "sources")).response).replace("\u00a0", " ")
    assert "-# German **2** · English **1**" in shown
    assert "**en Post** · 1 article · newest 4 March 2025 · English" in shown


async def set_language(desk: Desk, name: str) -> str:
    return text((await desk.mod.slash(desk.channel, "settings language", name=name)).response)


async def test_a_server_has_a_language_for_short_questions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    preferred: list[str | None] = []
    real = Edition.ask

    def ask(edition: Edition, question: str, **options: Any) -> Any:
        preferred.append(options["preferred"])
        return real(edition, question, **options)

    monkeypatch.setattr(Edition, "ask", ask)
    assert await set_language(desk, "german") == (
        "Questions that do not tell their own language are read in this one: German.\n"
        "-# Before: Questions are read in whatever language they are in."
    )
    assert desk.settings == GuildSettings(language="de")
    alice = desk.member("alice")
    await alice.slash(desk.channel, "ask", question="Marlo")
    await desk.set("reset", setting="language")
    await alice.slash(desk.channel, "ask", question="Marlo")
    assert preferred == ["de", None]
    assert "I know no language “Klingon”" in await set_language(desk, "Klingon")
    simcord.assert_error(desk.env, SettingRefused)


async def test_languages_are_offered_to_moderators_first_those_of_the_articles(desk: Desk) -> None:
    choices = await desk.mod.autocomplete(desk.channel, "settings language", "name", "")
    names = [each["name"] for each in choices]
    assert names[:2] == ["German", "English"]
    assert {"Spanish", "French"} <= set(names)
    (found,) = await desk.mod.autocomplete(desk.channel, "settings language", "name", "suomi")
    assert found == {"name": "Finnish", "value": "fi"}
    await desk.allow_everyone("settings")
    assert await desk.member("alice").autocomplete(desk.channel, "settings language", "name", "") == []


async def test_who_writes_and_is_not_known_is_spoken_to_in_the_servers_language(desk: Desk) -> None:
    desk.keep(GuildSettings(language="de"))
    assert isinstance(desk.env.bot, QuotewireClient)
    await desk.member("alice").send(desk.channel, f"{mention(desk.env)} {QUESTION}")
    assert f"{DOT}auf\u00a0Deutsch" not in text(last(desk.channel))
    assert "Artikel durchsucht" in text(last(desk.channel))
