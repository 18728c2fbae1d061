"""The bot's process from start to end: the first question, a second start, signals, a wrong token."""

from __future__ import annotations

import signal

import pytest
from loopback.launch import Home
from loopback.server import LoopbackDiscord
from reading import BODY, quotes_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = "/applications/{application_id}/commands"
RUTTE = "What did Rutte say about Russia?"


async def test_the_first_question_is_answered_and_the_second_start_is_quiet(
    discord: LoopbackDiscord, home: Home
) -> None:
    first, second = home.bot("first"), home.bot("second")
    try:
        await first.start(discord.changes)
        await discord.ready()
        # Members do not know that the bot has only just started, and has no index yet.
        reply = await discord.answer_to(await discord.slash("ask", question=RUTTE), timeout=60)
        quotes = quotes_in(reply)
        assert quotes, reply.texts
        assert [quote for quote in quotes if quote not in BODY] == []

        code, seconds = await first.stop(signal.SIGTERM)
        assert code == 0, first.words()
        assert seconds < 5
        assert discord.gateway.close_codes == [1000]  # it took its leave of Discord
        assert "Traceback" not in first.stderr

        await second.start(discord.changes)
        await discord.ready()
        reply = await discord.answer_to(await discord.slash("ask", question=RUTTE), timeout=60)
        assert quotes_in(reply) == quotes
        assert len(discord.calls_to("PUT", COMMANDS)) == 1

        code, seconds = await second.stop(signal.SIGINT)
        assert code in (0, 130), second.words()
        assert seconds < 5
        assert "Traceback" not in second.stderr
        assert discord.violations() == []
    finally:
        await first.kill()
        await second.kill()


async def test_a_wrong_token_is_one_clear_line(discord: LoopbackDiscord, home: Home) -> None:
    token = "wrong.token.entirely"
    bot = home.bot("refused", token)
    try:
        await bot.start(discord.changes)
        code = await bot.wait(60)
    finally:
        await bot.kill()
    refusals = [line for line in bot.stderr.splitlines() if "DISCORD_TOKEN" in line]
    assert code == 1, bot.words()
    assert len(refusals) == 1, bot.words()
    assert "Traceback" not in bot.stderr + bot.stdout
    assert token not in bot.stderr + bot.stdout
