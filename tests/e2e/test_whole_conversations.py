"""What members and moderators can do, each through the bot's real process: buttons, forms, menus, pages, settings."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.memory.database import FILE
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.member import articles_are_read, assert_quoted_word_for_word, quotes_in, sees
from tests.support.loopback.messages import Message
from tests.support.loopback.rules import BUTTON, GALLERY, LINK_STYLE, walk
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import Channel, User

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("bag_of_words", "bot")]

TOWN = "Marrow Bay"
DECISIONS = {
    "build a tram line to the northern harbour": "The tram is to carry nine thousand passengers a day.",
    "close the old swimming bath for repairs": "Its roof had leaked since the storm of last winter.",
    "plant four hundred lime trees along the ring road": "Gardeners begin with the southern half in October.",
    "double the fee for cruise ships": "Ship owners had asked for a delay of two years.",
    "open the public library on Sundays": "Librarians will be paid a supplement for the hours.",
    "sell the former gasworks to a theatre company": "The company wants to stage operas in the main hall.",
    "test all school kitchens for lead": "Two pipes had been found to be older than thought.",
    "lower the speed limit on the bridge": "Lorries had shaken the piers more than engineers allow.",
    "buy twelve electric fire engines": "The first of them is to be delivered in the spring.",
    "restore the bells of the harbour chapel": "A foundry in the hills will cast the largest anew.",
    "ban fireworks near the bird sanctuary": "Terns had left their nests on New Year's Eve.",
    "lend the museum's seafaring maps abroad": "They show the coast before the great flood.",
}
QUESTION = f"What did the council of {TOWN} decide?"
BODIES = [f"The council of {TOWN} decided on Monday to {what}. {more}" for what, more in DECISIONS.items()]


def news() -> Iterator[str]:
    for number, (what, body) in enumerate(zip(DECISIONS, BODIES, strict=True)):
        article = {
            "id": f"decision-{number}",
            "title": f"Council will {what}",
            "text": body,
            "url": f"https://outlet{number}.example/news/{number}",
            "source": f"Outlet {number}",
            "published": f"2026-11-{number + 1:02}",
        }
        yield json.dumps(article)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(discord: LoopbackDiscord, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with news of one town, for a bot that is in two servers."""
    discord.world.found("Harbour", Channel("talk"), Channel("aside"))
    home = Home.furnish(tmp_path_factory.mktemp("home"), discord)
    (home.seeds / "news.jsonl").write_text("\n".join(news()))
    return home


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def answer(discord: LoopbackDiscord, bot: BotProcess) -> AsyncIterator[Message]:
    """An answer with quotes, asked for by the plain member."""
    yield await discord.answer_to(await discord.slash("ask", question=QUESTION))


def labels(message: Message) -> list[str]:
    """The buttons that are no links, by label or emoji."""
    buttons = [each.component for each in walk({"components": message.components}) if each.type == BUTTON]
    own = [button for button in buttons if button["style"] != LINK_STYLE]
    return [button.get("label") or button["emoji"]["name"] for button in own]


async def turned(discord: LoopbackDiscord, message: Message, label: str) -> Message:
    """`message` once a press of a button of it has changed it, which may come before it is known to be pressed."""
    edits = message.edits
    await discord.click(message, label)
    await discord.until(lambda: message.edits > edits, what=f"a change by {label}")
    return message


# --- an answer's buttons


async def test_more_quotes_come_page_by_page(discord: LoopbackDiscord, answer: Message) -> None:
    shown = quotes_in(answer)
    more = await discord.answer_to(await discord.click(answer, "More quotes"))
    assert more.ephemeral
    assert_quoted_word_for_word(more, *BODIES)
    first = quotes_in(more)
    assert set(first) & set(shown) == set()
    await turned(discord, more, "▶️")
    second = quotes_in(more)
    assert_quoted_word_for_word(more, *BODIES)
    assert set(second) & set(first) == set()
    await turned(discord, more, "◀️")
    assert quotes_in(more) == first


async def test_the_passage_around_each_quote_is_shown(discord: LoopbackDiscord, answer: Message) -> None:
    passage = await discord.answer_to(await discord.click(answer, "Passage"))
    assert passage.ephemeral
    assert any(shown in BODIES for shown in quotes_in(passage)), passage.texts
    first = quotes_in(passage)
    await turned(discord, passage, "2")
    assert quotes_in(passage) != first


async def test_votes_are_thanked_for_in_private(discord: LoopbackDiscord, answer: Message) -> None:
    for emoji, meant in (("👍", "helped you"), ("👎", "did not help you")):
        thanks = await discord.answer_to(await discord.click(answer, emoji, user=User("voter")))
        assert thanks.ephemeral
        assert meant in sees(thanks)


async def test_a_follow_up_is_asked_in_a_form(discord: LoopbackDiscord, answer: Message) -> None:
    opened = await discord.click(answer, "Ask a follow-up")
    sent = await discord.submit(opened, {"Your question": "And what about the tram line?"})
    reply = await discord.answer_to(sent)
    assert_quoted_word_for_word(reply, *BODIES)
    assert any("tram" in quote for quote in quotes_in(reply))
    with pytest.raises(ValueError, match="must be filled in"):
        await discord.submit(opened, {"Your question": ""})


async def test_the_nearest_headlines_of_an_abstention_open(discord: LoopbackDiscord) -> None:
    abstention = await discord.answer_to(await discord.slash("ask", question="What is the capital of Peru?"))
    assert quotes_in(abstention) == []
    nearest = [label for label in labels(abstention) if label.startswith(("Council", "NATO"))]
    assert nearest
    opened = await discord.answer_to(await discord.click(abstention, nearest[0]))
    assert opened.ephemeral
    assert nearest[0].removesuffix("…") in sees(opened)


# --- other ways to ask


async def test_a_reply_to_an_answer_goes_on_from_it(discord: LoopbackDiscord, answer: Message) -> None:
    asked = await discord.say("And what about the cruise ships?", reply_to=answer)
    reply = await discord.reply_to(asked)
    assert any("cruise ships" in quote for quote in quotes_in(reply)), reply.texts


async def test_a_direct_message_needs_no_mention(discord: LoopbackDiscord) -> None:
    asked = await discord.say(QUESTION, channel=discord.world.direct)
    assert_quoted_word_for_word(await discord.reply_to(asked), *BODIES)


async def test_a_message_can_be_asked_about(discord: LoopbackDiscord) -> None:
    said = await discord.say("Did they really decide to buy twelve electric fire engines?", author=User("talker"))
    reply = await discord.answer_to(await discord.choose("Ask about this", said))
    assert any("fire engines" in quote for quote in quotes_in(reply)), reply.texts


async def test_a_message_can_be_asked_about_in_a_direct_message(discord: LoopbackDiscord) -> None:
    said = await discord.say("Did they really buy twelve electric fire engines?", channel=discord.world.direct)
    await discord.reply_to(said)  # what is written there is a question in itself
    await asyncio.sleep(3.5)  # the rest between two questions in direct messages
    reply = await discord.answer_to(await discord.choose("Ask about this", said))
    assert any("fire engines" in quote for quote in quotes_in(reply)), reply.texts


async def test_a_question_is_narrowed_by_what_is_offered(discord: LoopbackDiscord) -> None:
    typing = await discord.autocomplete("ask", "source", question=QUESTION, source="outlet 4")
    await discord.until(lambda: typing.answered, what="choices")
    assert typing.callback is not None
    choices = [choice["value"] for choice in typing.callback["data"]["choices"]]
    assert "Outlet 4" in choices
    reply = await discord.answer_to(await discord.slash("ask", question=QUESTION, source="Outlet 4"))
    assert [quote for quote in quotes_in(reply) if quote not in BODIES[4]] == []
    assert quotes_in(reply)


# --- overviews


async def test_the_latest_news_have_pages(discord: LoopbackDiscord) -> None:
    latest = await discord.answer_to(await discord.slash("latest"))
    first = sees(latest)
    assert "lend the museum's seafaring maps abroad" in first
    await turned(discord, latest, "▶️")
    assert "lend the museum's seafaring maps abroad" not in sees(latest)
    await turned(discord, latest, "◀️")
    assert sees(latest) == first
    other = await discord.answer_to(await discord.click(latest, "▶️", user=User("another")))
    assert other.ephemeral


async def test_the_sources_come_with_a_picture(discord: LoopbackDiscord) -> None:
    sources = await discord.answer_to(await discord.slash("sources"))
    (gallery,) = [each.component for each in walk({"components": sources.components}) if each.type == GALLERY]
    (picture,) = gallery["items"]
    assert picture["media"]["content_type"] == "image/png"
    assert picture["media"]["width"] > picture["media"]["height"] > 0
    assert picture["description"]
    await turned(discord, sources, "▶️")
    assert sources.attachments == []


async def test_the_status_is_for_moderators(discord: LoopbackDiscord) -> None:
    told = await discord.answer_to(await discord.slash("status", user=discord.world.moderator))
    assert told.ephemeral
    refused = await discord.answer_to(await discord.slash("status"))
    assert "Only moderators" in sees(refused)


# --- settings, and two servers


async def test_settings_hold_in_the_server_where_they_are_set(discord: LoopbackDiscord) -> None:
    here, there = discord.world.channel, discord.world.guilds[1].channels[0]
    moderator = discord.world.moderator

    async def quoted(channel: Channel) -> Message:
        return await discord.answer_to(await discord.slash("ask", channel=channel, question=QUESTION))

    try:
        set_ = await discord.slash("settings quotes", user=moderator, channel=there, count=1)
        assert (await discord.answer_to(set_)).ephemeral
        hidden = await discord.slash("settings answers", user=moderator, channel=there, seen_by=1)
        await discord.answer_to(hidden)
        assert len(quotes_in(await quoted(there))) == 1
        assert (await quoted(there)).ephemeral
        assert len(quotes_in(await quoted(here))) > 1
        assert not (await quoted(here)).ephemeral
        shown = {place: await discord.slash("settings show", user=moderator, channel=place) for place in (here, there)}
        said = {place: sees(await discord.answer_to(asked)) for place, asked in shown.items()}
        assert said[here] != said[there]
    finally:
        for setting in ("quotes", "answers"):
            reset = await discord.slash("settings reset", user=moderator, channel=there, setting=setting)
            await discord.answer_to(reset)


async def test_it_answers_only_in_the_channels_that_are_named(discord: LoopbackDiscord) -> None:
    moderator, (talk, aside) = discord.world.moderator, discord.world.guilds[1].channels
    named = await discord.slash("settings channels add", {"channel": aside}, user=moderator, channel=talk)
    await discord.answer_to(named)
    try:
        for channel in (aside, discord.world.channel):
            asked = await discord.slash("ask", channel=channel, question=QUESTION)
            assert_quoted_word_for_word(await discord.answer_to(asked), *BODIES)
        refused = await discord.answer_to(await discord.slash("ask", channel=talk, question=QUESTION))
        assert refused.ephemeral
        assert f"<#{aside.id}>" in sees(refused)
    finally:
        await discord.answer_to(await discord.slash("settings channels clear", user=moderator, channel=talk))


# --- news that come by themselves


async def test_a_digest_is_posted_when_it_is_due(discord: LoopbackDiscord, home: Home) -> None:
    moderator, place = discord.world.moderator, discord.world.channel
    subscribed = await discord.slash("digest subscribe", user=moderator, hour=7, zone="Europe/Berlin")
    assert "Europe/Berlin" in sees(await discord.answer_to(subscribed))
    before = len(discord.sent_by_bot(place))
    fresh = home.seeds / "ferry.txt"
    fresh.write_text("Ferry to run at night\nThe ferry to the islands will run at night from June, its owner said.\n")
    reloaded = await discord.answer_to(await discord.slash("reload", user=moderator))
    await discord.until(lambda: "1 added" in sees(reloaded), what="the end of a reload")
    # Nobody can wait for the next morning. A reload has the bot look for what is due.
    with sqlite3.connect(home.folder / "data" / FILE, timeout=10) as state:
        state.execute("UPDATE subscription SET due = ?", (time.time() - 60,))
    await discord.answer_to(await discord.slash("reload", user=moderator))
    await discord.until(lambda: len(discord.sent_by_bot(place)) > before, what="the digest")
    posted = discord.sent_by_bot(place)[-1]
    assert "Ferry to run at night" in sees(posted)
    await asyncio.sleep(0.3)  # for a second one, which must not come
    assert len(discord.sent_by_bot(place)) == before + 1
    listed = await discord.answer_to(await discord.slash("digest list", user=moderator))
    assert "Europe/Berlin" in sees(listed)


# --- a restart


async def test_the_buttons_of_old_answers_work_after_a_restart(
    discord: LoopbackDiscord, home: Home, bot: BotProcess, answer: Message
) -> None:
    latest = await discord.answer_to(await discord.slash("latest"))
    opened = await discord.click(answer, "Ask a follow-up")
    await discord.until(lambda: opened.callback, what="the form")
    code, _ = await bot.stop()
    assert code == 0, bot.words()
    assert "Traceback" not in bot.stderr
    again = home.bot("again")
    try:
        await again.start(discord.changes)
        await discord.ready()
        await articles_are_read(discord)
        more = await discord.answer_to(await discord.click(answer, "More quotes"))
        assert_quoted_word_for_word(more, *BODIES)
        passage = await discord.answer_to(await discord.click(answer, "Passage"))
        assert quotes_in(passage)
        await turned(discord, latest, "▶️")
        # A form that was opened before the restart, too.
        reply = await discord.answer_to(
            await discord.submit(opened, {"Your question": "And what about the lime trees?"})
        )
        assert any("lime trees" in quote for quote in quotes_in(reply)), reply.texts
        assert "Traceback" not in again.stderr
    finally:
        await again.kill()
