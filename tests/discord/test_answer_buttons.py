"""The buttons of an answer, pressed by whoever asked and by others, before and after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.components import walk_components

from bot.connection.client import QuotewireClient
from bot.memory import exchanges
from bot.memory.exchanges import Votes
from bot.memory.guilds import GuildSettings
from bot.wording.markdown import unescape
from retrieval.answer import Answer, Hit, Passage, Quote
from retrieval.answering.quote import cut_quote
from retrieval.article import Article
from retrieval.errors import StoreUnavailable, UnknownArticle
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import Version
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import Serve, make_client, text, texts

QUESTION = "Why did the ferry of Springfield stop?"
SENTENCES = [
    "Springfield has one ferry.",
    "The ferry stopped at noon because *its* engine failed, said @everyone.",
    "A [tug](https://evil.example) towed it to pier 4.",
    "Nobody was hurt.",
    "It sails again on Monday.",
]
FERRY = Article(
    "ferry",
    "Ferry *stops*",
    " ".join(SENTENCES),
    "https://star.example/ferry",
    "Star",
    datetime(2026, 5, 1, tzinfo=UTC),
)
PIERS = [
    Article(
        f"pier{n}", f"Pier {n}", f"The ferry calls at pier {n}. It is old.", f"https://wire.example/{n}", "The Wire"
    )
    for n in range(7)
]
TOO_OLD = "I do not keep this answer any more, so its buttons do nothing; ask again with /ask."


def spans(article: Article) -> tuple[tuple[int, int], ...]:
    """The sentences of a body that has a space between them and no full stop inside."""
    ends = [
        at + 1 for at, character in enumerate(article.body) if character == "." and article.body[at + 1 : at + 2] in " "
    ]
    return tuple(zip([0, *(end + 1 for end in ends)], ends, strict=False))


def quoted(article: Article, number: int) -> Quote:
    return cut_quote(article, *spans(article)[number])


def version(article: Article, *, live: bool = True) -> Version:
    return Version(StoredArticle(1, article, spans(article)), None, live)


@dataclass
class Room(StandIn):
    """A newsroom that quotes two sentences about the ferry, and could quote the piers."""

    chosen: tuple[Quote, ...] = (quoted(FERRY, 1), quoted(FERRY, 2))
    further: tuple[Quote, ...] = tuple(quoted(pier, 0) for pier in PIERS)
    nearest: tuple[Article, ...] = ()
    versions: dict[str, list[Version]] = field(default_factory=lambda: {"ferry": [version(FERRY)]})
    hits: tuple[Hit, ...] = ()
    failing: Callable[[], None] = lambda: None
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def ask(self, question: str, **scope: Any) -> Answer:
        self.asked.append((question, scope))
        return Answer(question, bool(self.chosen), 0.9, self.chosen, self.nearest, 7, 1, 0.01)

    def quotes(self, question: str, *, limit: int, **_: object) -> tuple[Quote, ...]:
        self.failing()
        self.asked.append((question, limit))
        return (*self.chosen, *self.further)[:limit]

    def search(self, _question: str, **_: object) -> tuple[Hit, ...]:
        return self.hits

    def history(self, reference: str) -> list[Version]:
        if reference not in self.versions:
            raise UnknownArticle("No such article.")
        return self.versions[reference]


@pytest.fixture
def room() -> Room:
    return Room()


async def asked(who: simcord.MemberActor, channel: simcord.ChannelHandle, question: str = QUESTION) -> Any:
    result = await who.slash(channel, "ask", question=question)
    assert result.response is not None
    return result.response


def labels(message: Any) -> list[str]:
    return [part.get("label") or part["emoji"]["name"] for part in button_parts(message)]


def button_parts(message: Any) -> list[dict[str, Any]]:
    roots = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    return [part for part in walk_components(roots) if part["type"] == 2]


async def press(who: Any, message: Any, name: str) -> simcord.InteractionResult:
    """Press the button that is named by its label or its emoji."""
    part = next(
        part for part in button_parts(message) if name in (part.get("label"), part.get("emoji", {}).get("name"))
    )
    return await who.click(message, custom_id=part["custom_id"])


def quotes_in(message: object) -> list[str]:
    return [unescape(line[2:]) for part in texts(message) for line in part.split("\n") if line.startswith("> ")]


async def test_an_answer_has_links_and_buttons(alice: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    answer = await asked(alice, channel)
    closing = ["More quotes", "Passage", "Ask a follow-up", "👍", "👎"]
    assert labels(answer) == ["1 · Star", "2 · Star", *closing]
    assert button_parts(answer)[0]["url"].startswith("https://star.example/ferry#:~:text=")
    assert r"The ferry stopped at noon because \*its\*" in text(answer).replace("**", "")
    assert quotes_in(answer) == SENTENCES[1:3]


@pytest.mark.parametrize("restarted", [False, True])
async def test_more_quotes_are_shown_to_who_presses_and_paged_in_place(
    env: simcord.Env,
    room: Room,
    alice: simcord.MemberActor,
    bob: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    tmp_path: Path,
    restarted: bool,
) -> None:
    answer = await asked(alice, channel)
    if restarted:
        await env.restart_bot(make_client(room.room, tmp_path))
    for who in (alice, bob):
        first = await press(who, answer, "More quotes")
        assert first.ephemeral
        assert first.response is not None
        assert quotes_in(first.response) == [pier.body.split(" It")[0] for pier in PIERS[:3]]
        assert "-# 3\u00a0· [Pier 0](" in text(first.response)
        assert labels(first.response)[:3] == ["3 · The Wire", "4 · The Wire", "5 · The Wire"]
        (back, on) = button_parts(first.response)[-2:]
        assert back.get("disabled")
        await who.click(first.response, custom_id=on["custom_id"])
        assert quotes_in(first.response) == [pier.body.split(" It")[0] for pier in PIERS[3:6]]
        await who.click(first.response, custom_id=button_parts(first.response)[-1]["custom_id"])
        assert quotes_in(first.response) == [PIERS[6].body.split(" It")[0]]
        (back, on) = button_parts(first.response)[-2:]
        assert on.get("disabled")
        await who.click(first.response, custom_id=back["custom_id"])
        assert len(quotes_in(first.response)) == 3
    assert [message.id for message in channel.history()] == [answer.id]
    assert room.asked[-1][0] == QUESTION


async def test_pages_that_are_there_no_more_end_with_the_last(
    room: Room, alice: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    shown = (await press(alice, await asked(alice, channel), "More quotes")).response
    assert shown is not None
    room.further = room.further[:2]
    await alice.click(shown, custom_id=button_parts(shown)[-1]["custom_id"])
    assert len(quotes_in(shown)) == 2
    room.further = ()
    answer = await press(alice, await asked(alice, channel), "More quotes")
    assert text(answer.response) == "I have no more quotes on this."


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_passage_around_each_quote(
    env: simcord.Env,
    room: Room,
    alice: simcord.MemberActor,
    bob: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    tmp_path: Path,
    restarted: bool,
) -> None:
    answer = await asked(alice, channel)
    if restarted:
        await env.restart_bot(make_client(room.room, tmp_path))
    result = await press(bob, answer, "Passage")
    assert result.ephemeral
    shown = result.response
    assert shown is not None
    assert quotes_in(shown) == [FERRY.body]
    assert (
        r"Springfield has one ferry. **The ferry stopped at noon because \*its\* engine failed, said \@everyone.** A"
        in text(shown)
    )
    assert labels(shown) == ["1 · Star", "1", "2"]
    assert [part.get("disabled", False) for part in button_parts(shown)[1:]] == [True, False]
    await press(bob, shown, "2")
    assert r"**A \[tug\](https\://evil.example) towed it to pier 4.** Nobody" in text(shown)
    assert quotes_in(shown) == [FERRY.body]
    assert [part.get("disabled", False) for part in button_parts(shown)[1:]] == [False, True]
    assert shown.message.mentions == []
    assert not shown.message.mention_everyone


async def test_a_passage_of_an_article_that_was_changed_or_taken_out(
    room: Room, alice: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    answer = await asked(alice, channel)
    longer = replace(FERRY, body=f"Update: all is well. {FERRY.body}")
    room.versions["ferry"] = [version(FERRY, live=False), version(longer)]
    kept = (await press(alice, answer, "Passage")).response
    assert quotes_in(kept) == [longer.body]
    assert "The article has been changed since this answer; the quote still stands in it." in text(kept)
    shorter = replace(FERRY, body="All is well.")
    room.versions["ferry"] = [version(FERRY, live=False), version(shorter)]
    lost = (await press(alice, answer, "Passage")).response
    assert quotes_in(lost) == []
    assert "The article has been changed since this answer and does not say this any more." in text(lost)
    assert labels(lost) == ["1", "2"]
    for gone in ({"ferry": [version(FERRY, live=False)]}, {}):
        room.versions = gone
        taken = (await press(alice, answer, "Passage")).response
        assert "This article has been taken out since this answer" in text(taken)
        assert "engine" not in text(taken)


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_follow_up_is_answered_in_the_context_of_its_answer(
    env: simcord.Env,
    room: Room,
    alice: simcord.MemberActor,
    bob: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    tmp_path: Path,
    restarted: bool,
) -> None:
    answer = await asked(alice, channel, "What did Rutte say about Russia?")
    if restarted:
        await env.restart_bot(make_client(room.room, tmp_path))
    form = await press(bob, answer, "Ask a follow-up")
    assert form.modal is not None
    assert form.modal["title"] == "Ask a follow-up"
    result = await bob.submit_modal(form, {"question": "And about China?"})
    assert not result.ephemeral
    assert room.asked[-1][0] == "What did Rutte say about China?"
    assert texts(result.response)[:2] == ["## And about China?", "-# Understood as: What did Rutte say about China?"]
    assert "👍" in labels(result.response)
    again = await press(alice, result.response, "Ask a follow-up")
    other = await press(bob, result.response, "Ask a follow-up")
    if restarted:
        await env.restart_bot(make_client(room.room, tmp_path))
    for who, form, topic in ((alice, again, "Belarus"), (bob, other, "Iran")):
        await who.submit_modal(form, {"question": f"And about {topic}?"})
        assert room.asked[-1][0] == f"What did Rutte say about {topic}?"


async def test_a_follow_up_stays_within_what_the_answer_was_narrowed_to_and_as_unseen_as_it(
    env: simcord.Env, room: Room, alice: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    assert isinstance(env.bot, QuotewireClient)
    env.bot.serving.guild_settings.change(env.guild.id, lambda _: GuildSettings(ephemeral=True))
    answer = await alice.slash(channel, "ask", question=QUESTION, until="2026-05-02")
    assert answer.ephemeral
    env.bot.serving.guild_settings.change(env.guild.id, lambda _: GuildSettings())
    result = await alice.submit_modal(
        await press(alice, answer.response, "Ask a follow-up"), {"question": "Who towed the ferry?"}
    )
    assert result.ephemeral
    assert room.asked[-1] == ("Who towed the ferry?", room.asked[0][1])
    assert str(room.asked[-1][1]["as_of"]) == "2026-05-02"


async def test_a_follow_up_without_words_is_refused_in_words(
    room: Room, alice: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    form = await press(alice, await asked(alice, channel), "Ask a follow-up")
    result = await alice.submit_modal(form, {"question": "?!"})
    assert result.ephemeral
    assert "Ask a question in words" in text(result.response)
    assert len(room.asked) == 1


async def test_a_follow_up_is_asked_where_questions_may_be_asked(
    env: simcord.Env, room: Room, alice: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    form = await press(alice, await asked(alice, channel), "Ask a follow-up")
    assert isinstance(env.bot, QuotewireClient)
    elsewhere = env.guild.create_text_channel("news")
    env.bot.serving.guild_settings.change(env.guild.id, lambda _: GuildSettings(channels=(elsewhere.id,)))
    result = await alice.submit_modal(form, {"question": "Why?"})
    assert result.ephemeral
    assert text(result.response) == f"I do not answer in this channel; ask me in {elsewhere.mention}."
    assert len(room.asked) == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_vote_is_one_of_each_member_and_is_thanked_for(
    env: simcord.Env,
    room: Room,
    alice: simcord.MemberActor,
    bob: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    tmp_path: Path,
    restarted: bool,
) -> None:
    answer = await asked(alice, channel)
    if restarted:
        await env.restart_bot(make_client(room.room, tmp_path))
    bot = env.bot
    assert isinstance(bot, QuotewireClient)
    for who, name in ((alice, "👍"), (alice, "👍"), (bob, "👍"), (bob, "👎")):
        result = await press(who, answer, name)
        assert result.ephemeral
        (thanks,) = texts(result.response)
        assert thanks.startswith("Thank you!")
        assert "\n" not in thanks
    votes = bot.serving.exchanges.votes
    assert await asyncio.to_thread(votes, env.guild.id) == Votes(1, 1)
    assert await asyncio.to_thread(votes, None) == await asyncio.to_thread(votes, 1) == Votes(0, 0)


async def test_an_abstention_offers_the_nearest_articles(
    room: Room, alice: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    room.chosen, room.nearest = (), (FERRY, PIERS[0], PIERS[1])
    room.hits = (Hit(Passage(FERRY, *spans(FERRY)[2]), 1, None, 1),)
    room.versions["pier0"] = [version(PIERS[0])]
    answer = await asked(alice, channel, "Who towed the ferry?")
    assert labels(answer) == ["Ferry *stops*", "Pier 0", "Pier 1", "Ask a follow-up", "👍", "👎"]
    found = await press(bob, answer, "Ferry *stops*")
    assert found.ephemeral
    assert texts(found.response) == [
        "**[Ferry \\*stops\\*](https://star.example/ferry)**\n-# Star\u00a0· <t:1777593600:D> (<t:1777593600:R>)",
        r"> A \[tug\](https\://evil.example) towed it to pier 4.",
    ]
    assert labels(found.response) == ["1 · Star"]
    without = (await press(alice, answer, "Pier 0")).response
    assert "[Pier 0](https://wire.example/0)" in text(without)
    assert "No passage of it bears on the question any more." in text(without)
    assert "taken out since" in text((await press(alice, answer, "Pier 1")).response)


NAMES = ["More quotes", "Passage", "Ask a follow-up", "👍", "👎"]


@pytest.mark.parametrize("name", NAMES)
async def test_an_answer_that_is_not_known_any_more_says_so(
    env: simcord.Env,
    alice: simcord.MemberActor,
    bob: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = await asked(alice, channel)
    bot = env.bot
    assert isinstance(bot, QuotewireClient)
    monkeypatch.setattr(exchanges, "KEEP_SECONDS", -60.0)
    await asyncio.to_thread(bot.serving.exchanges.prune)
    result = await press(bob, answer, name)
    assert result.ephemeral
    assert TOO_OLD in (text(result.response) + "".join(map(text, result.followups)))
    assert [message.id for message in channel.history()] == [answer.id]
    assert quotes_in(channel.last_message) == SENTENCES[1:3]


async def test_a_form_for_an_answer_that_is_not_known_any_more_says_so(
    env: simcord.Env, alice: simcord.MemberActor, channel: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await press(alice, await asked(alice, channel), "Ask a follow-up")
    assert isinstance(env.bot, QuotewireClient)
    monkeypatch.setattr(exchanges, "KEEP_SECONDS", -60.0)
    await asyncio.to_thread(env.bot.serving.exchanges.prune)
    result = await alice.submit_modal(form, {"question": "Why?"})
    assert result.ephemeral
    assert text(result.response) == TOO_OLD


@pytest.mark.parametrize("name", NAMES)
async def test_the_buttons_work_in_a_direct_message(env: simcord.Env, name: str) -> None:
    carol = env.create_user("carol")
    answer = (await carol.slash("ask", question=QUESTION)).response
    result = await press(carol, answer, name)
    assert result.modal if name == "Ask a follow-up" else text(result.response)
    if result.modal:
        result = await carol.submit_modal(result, {"question": QUESTION})
        assert quotes_in(result.response) == SENTENCES[1:3]


async def test_an_error_reaches_who_pressed_and_leaves_the_message(
    room: Room, alice: simcord.MemberActor, channel: simcord.ChannelHandle, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    answer = await asked(alice, channel)
    shown = (await press(alice, answer, "More quotes")).response
    assert shown is not None
    room.failing = broken
    failed = await press(alice, answer, "More quotes")
    said = text(failed.response) + "".join(map(text, failed.followups))
    assert "something went wrong" in said
    assert "secret" not in said
    turned = await alice.click(shown, custom_id=button_parts(shown)[-1]["custom_id"])
    assert "something went wrong" in "".join(map(text, turned.followups))
    assert len(quotes_in(shown)) == 3
    assert "secret detail" in caplog.text
    assert quotes_in(channel.last_message) == SENTENCES[1:3]


async def test_an_answer_that_cannot_be_kept_has_links_but_no_buttons(
    env: simcord.Env, alice: simcord.MemberActor, channel: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise StoreUnavailable("The disk is full.")

    assert isinstance(env.bot, QuotewireClient)
    monkeypatch.setattr(env.bot.serving.exchanges, "keep", full)
    answer = await asked(alice, channel)
    assert labels(answer) == ["1 · Star", "2 · Star"]
    assert quotes_in(answer) == SENTENCES[1:3]


HARBOUR = """The harbour master of Brockway closed the harbour on Tuesday because a crane had fallen into the basin.
Divers will look at the crane on Wednesday. The harbour opens again when the crane has been lifted.
Ships from Ogdenville wait outside the harbour. The mayor of Brockway visited the harbour at noon.
"""


async def test_the_buttons_on_a_real_newsroom(serve: Serve, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "harbour.txt").write_text(f"Crane falls into the harbour\n{HARBOUR}", encoding="utf-8")
    with Newsroom.open(NewsroomSettings(tmp_path / "news", seeds)) as room:
        await asyncio.to_thread(room.reload)
        async with serve(room) as env:
            channel = env.create_guild().create_text_channel("general")
            dora = env.guild.add_member(env.create_user("dora"))
            answer = await asked(dora, channel, "Why was the harbour of Brockway closed?")
            body = room.headlines()[0].body
            assert quotes_in(answer)
            more = (await press(dora, answer, "More quotes")).response
            passage = (await press(dora, answer, "Passage")).response
            for message in (answer, more, passage):
                assert all(line in body for line in quotes_in(message))
            assert "\n".join(quotes_in(passage)) in body
