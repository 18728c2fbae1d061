"""The bot's process while Discord fails: lost connections, limits, errors, lost answers, and outages of minutes.

An outage lasts `OUTAGE_SECONDS` (6 unless the environment says otherwise). One of ten minutes, which nothing here
depends on being shorter, is tried by hand:

    OUTAGE_SECONDS=600 pytest tests/e2e/test_faults.py -k outage

Its end is not the end of the bot's deafness: before each try to connect, it waits for a random time of at most 2, 4,
8 … 64 seconds. What it missed meanwhile it hears then, as long as Discord keeps its session.
"""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from tests.support.loopback.interactions import Interaction
from tests.support.loopback.launch import BotProcess
from tests.support.loopback.member import assert_quoted_word_for_word
from tests.support.loopback.messages import Message
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import User

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("bag_of_words", "bot")]

OUTAGE_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "6"))
LONGEST_DEAFNESS = 64 + 10
"""Seconds after an outage in which the bot connects again."""

RUTTE = "What did Rutte say about Russia?"
COMMANDS = "/applications/{application_id}/commands"
CALLBACK = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
ANSWER = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
MESSAGES = ("POST", "/channels/{channel_id}/messages")
TYPING = ("POST", "/channels/{channel_id}/typing")
LATE = {"message": "Unknown interaction", "code": 10062}


async def ask(discord: LoopbackDiscord) -> Interaction:
    """A question by somebody who has not asked before."""
    return await discord.slash("ask", user=User("reader"), question=RUTTE)


async def assert_it_answers(discord: LoopbackDiscord) -> None:
    assert_quoted_word_for_word(await discord.answer_to(await ask(discord)))


async def mention(discord: LoopbackDiscord) -> Message:
    """The same, by message."""
    return await discord.say(f"<@{discord.world.bot.id}> {RUTTE}", author=User("writer"))


def replies_to(discord: LoopbackDiscord, message: Message) -> list[Message]:
    return [each for each in discord.sent_by_bot(message.channel) if each.reference is message]


# --- the connection


async def test_it_resumes_when_asked_to_reconnect(discord: LoopbackDiscord) -> None:
    session, connections = discord.gateway.session, len(discord.gateway.queries)
    assert session is not None
    resumed = session.resumed
    await discord.gateway.ask_to_reconnect()
    await assert_it_answers(discord)
    assert discord.gateway.session is session
    assert session.resumed == resumed + 1
    assert len(discord.gateway.queries) == connections + 1


@pytest.mark.parametrize("way", ["op 9", "4000", "4009", "no close frame"])
async def test_a_connection_that_is_lost_is_resumed(discord: LoopbackDiscord, way: str) -> None:
    session = discord.gateway.session
    assert session is not None
    resumed = session.resumed
    if way == "op 9":
        await discord.gateway.invalidate(resumable=True)
    else:
        await discord.gateway.drop(None if way == "no close frame" else int(way))
    asked = await ask(discord)  # while nobody listens
    assert_quoted_word_for_word(await discord.answer_to(asked))
    assert discord.gateway.session is session
    assert session.resumed == resumed + 1


@pytest.mark.parametrize("way", ["op 9", "refused resume"])
async def test_it_starts_a_new_session_when_the_old_one_is_lost(discord: LoopbackDiscord, way: str) -> None:
    lost, refused = discord.gateway.session, discord.gateway.refused
    if way == "op 9":
        await discord.gateway.invalidate(resumable=False)
    else:
        await discord.gateway.drop(4009, forget=True)
    await discord.until(lambda: discord.gateway.session is not lost, what="a new session")
    assert discord.gateway.refused == refused + (way == "refused resume")
    await assert_it_answers(discord)
    assert len(discord.calls_to("PUT", COMMANDS)) == 1


# --- requests that fail


@pytest.mark.parametrize("everywhere", [False, True])
async def test_it_waits_while_it_is_limited(discord: LoopbackDiscord, *, everywhere: bool) -> None:
    limited = {"message": "You are being rate limited.", "code": 0, "retry_after": 0.2, "global": everywhere}
    headers = {"Via": "1.1 google", "Retry-After": "1", **({"X-RateLimit-Global": "true"} if everywhere else {})}
    for route in (CALLBACK, ANSWER, TYPING, MESSAGES):
        discord.answer_next(*route, 429, limited, headers=headers)
    await assert_it_answers(discord)
    assert_quoted_word_for_word(await discord.reply_to(await mention(discord)))


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_discord_failing_once_costs_no_answer(discord: LoopbackDiscord, status: int) -> None:
    for route in (CALLBACK, ANSWER, TYPING, MESSAGES):
        discord.answer_next(*route, status, "<html>Not now</html>")
    asked, named = await ask(discord), await mention(discord)
    assert_quoted_word_for_word(await discord.answer_to(asked))
    assert_quoted_word_for_word(await discord.reply_to(named))
    assert len(replies_to(discord, named)) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_an_answer_that_is_taken_and_not_confirmed_comes_once(discord: LoopbackDiscord, *, lost: bool) -> None:
    routes = (CALLBACK, ANSWER, MESSAGES)
    before = {route: len(discord.calls_to(*route)) for route in routes}
    for route in routes:
        discord.answer_next(*route, 502, "<html>Bad Gateway</html>", taken=True, lost=lost)
    asked, named = await ask(discord), await mention(discord)
    assert_quoted_word_for_word(await discord.answer_to(asked))
    assert_quoted_word_for_word(await discord.reply_to(named))
    await discord.until(
        lambda: all(len(discord.calls_to(*route)) >= before[route] + 2 for route in routes), what="second tries"
    )
    assert len(replies_to(discord, named)) == 1
    assert asked.followups == []


async def said_meanwhile(bot: BotProcess, before: int) -> list[str]:
    await asyncio.sleep(0.1)  # for the log of what the loopback has answered already
    return bot.stderr[before:].splitlines()


async def test_a_callback_that_comes_too_late_is_one_line(discord: LoopbackDiscord, bot: BotProcess) -> None:
    logged, before = len(bot.stderr), len(discord.calls)
    discord.answer_next(*CALLBACK, 404, LATE)
    await ask(discord)
    await discord.until(lambda: len(discord.calls) > before, what="the callback")
    lines = await said_meanwhile(bot, logged)
    assert len(lines) == 1, lines
    assert [(call.method, call.template) for call in discord.calls[before:]] == [CALLBACK]
    await assert_it_answers(discord)


async def test_a_press_that_is_taken_up_too_late_is_one_line(discord: LoopbackDiscord, bot: BotProcess) -> None:
    reply = await discord.answer_to(await ask(discord))
    for label in ("Passage", "Ask a follow-up"):
        logged, before = len(bot.stderr), len(discord.calls)
        discord.answer_next(*CALLBACK, 404, LATE)
        await discord.click(reply, label)
        await discord.until(lambda before=before: len(discord.calls) > before, what="the callback")
        lines = await said_meanwhile(bot, logged)
        assert len(lines) == 1, lines
        assert [(call.method, call.template) for call in discord.calls[before:]] == [CALLBACK]


async def test_choices_that_come_too_late_are_at_most_one_line(discord: LoopbackDiscord, bot: BotProcess) -> None:
    logged, before = len(bot.stderr), len(discord.calls)
    discord.answer_next(*CALLBACK, 404, LATE)
    await discord.autocomplete("ask", "source", question=RUTTE, source="R")
    await discord.until(lambda: len(discord.calls) > before, what="the callback")
    lines = await said_meanwhile(bot, logged)
    assert len(lines) <= 1, lines
    await assert_it_answers(discord)


async def test_an_answer_to_an_expired_interaction_goes_into_the_channel(discord: LoopbackDiscord) -> None:
    before = len(discord.sent_by_bot())
    discord.answer_next(*ANSWER, 401, {"message": "Invalid Webhook Token", "code": 50027})
    await ask(discord)
    await discord.until(lambda: len(discord.sent_by_bot()) > before, what="the answer")
    assert_quoted_word_for_word(discord.sent_by_bot()[-1])
    await assert_it_answers(discord)
    assert len(discord.sent_by_bot()) == before + 1


async def test_nothing_so_far_was_a_surprise(bot: BotProcess) -> None:
    assert bot.running
    assert "Traceback" not in bot.stderr


# --- outages


async def asked_before_an_outage(discord: LoopbackDiscord, *, refused: bool) -> tuple[Interaction, list[Message]]:
    """A question by command, and two by message, that are acknowledged and not answered when an outage begins.

    It has ended when this returns. Where connections are `refused`, Discord had taken the replies, but not said so.
    """
    typed, before = len(discord.calls_to(*TYPING)), len(discord.calls)
    # From the first try on: no answer may slip through before the outage begins.
    discord.answer_next(*ANSWER, 503, times=20)
    discord.answer_next(*MESSAGES, 503, times=20, taken=refused, lost=refused)
    asked = await ask(discord)
    said = [await mention(discord), await discord.say(RUTTE, channel=discord.world.direct)]
    await discord.until(lambda: asked.callback, what="the acknowledgement")
    await discord.until(lambda: len(discord.calls_to(*TYPING)) >= typed + 2, what="typing")
    if refused:
        await discord.until(lambda: all(replies_to(discord, each) for each in said), what="replies that are taken")
    async with discord.outage(refused=refused):
        discord.forget_prescribed()
        await asyncio.sleep(OUTAGE_SECONDS)
    assert not asked.answered
    assert len(discord.calls) > before
    return asked, said


async def answered_once(discord: LoopbackDiscord, asked: Interaction, said: list[Message]) -> float:
    """Wait for the answers, and see that there is one to each; how many seconds that took."""
    began = time.monotonic()
    # Nothing but the pauses between two tries; with longer outages they are a quarter of a minute.
    assert_quoted_word_for_word(await discord.answer_to(asked, timeout=60))
    for question in said:
        assert_quoted_word_for_word(await discord.reply_to(question, timeout=60))
    took = time.monotonic() - began
    assert [len(replies_to(discord, question)) for question in said] == [1, 1]
    assert asked.followups == []
    return took


async def test_what_was_asked_before_an_outage_is_answered_after_it(
    discord: LoopbackDiscord, bot: BotProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    session, ids = discord.gateway.session, {each.id for each in discord.messages.all}
    asked, said = await asked_before_an_outage(discord, refused=False)
    ended = time.monotonic()
    missed = await mention(discord)  # while nobody listens yet
    took = await answered_once(discord, asked, said)
    await discord.until(lambda: discord.gateway.connected, timeout=LONGEST_DEAFNESS, what="the bot to hear again")
    heard = time.monotonic() - ended
    with capsys.disabled():
        print(f"\n{OUTAGE_SECONDS:g} s of outage: answered after {took:.1f} s, hears again after {heard:.1f} s")
    assert_quoted_word_for_word(await discord.reply_to(missed))
    assert discord.gateway.session is session
    assert {each.id for each in discord.sent_by_bot()} - ids <= {
        reply.id for question in (*said, missed) for reply in replies_to(discord, question)
    }
    assert bot.running


async def test_what_discord_had_taken_before_an_outage_is_not_sent_again(
    discord: LoopbackDiscord, bot: BotProcess
) -> None:
    asked, said = await asked_before_an_outage(discord, refused=True)
    await answered_once(discord, asked, said)
    assert bot.running
    assert "Traceback" not in bot.stderr
