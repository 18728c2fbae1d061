"""The bot's process from start to end: the first question, a second start, signals, a wrong token."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bot.cli.invocation import EX_CONFIG
from tests.support.loopback.launch import Home
from tests.support.loopback.member import articles_are_read, assert_quoted_word_for_word, sees
from tests.support.loopback.server import LoopbackDiscord
from tests.support.talks import write_talks

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("bag_of_words")]

COMMANDS = "/applications/{application_id}/commands"
RUTTE = "What did Rutte say about Russia?"


async def test_the_very_first_question_is_answered(tmp_path: Path) -> None:
    """Members do not know that the bot has only just started and reads its articles for the first time."""
    async with LoopbackDiscord() as discord:
        bot = Home.furnish(tmp_path, discord).bot("run")
        try:
            await bot.start(discord.changes)
            await discord.ready()
            asked = await discord.slash("ask", question=RUTTE)
            assert_quoted_word_for_word(await discord.answer_to(asked, timeout=60))
            assert discord.violations() == []
        finally:
            await bot.kill()


async def test_who_has_to_wait_for_the_first_articles_is_told_so_and_answered(tmp_path: Path) -> None:
    model = tmp_path / "model"
    async with LoopbackDiscord() as discord:
        home = Home.furnish(tmp_path, discord)
        write_talks(home.seeds / "many.jsonl", 50)
        bot = home.bot("run", BAG_OF_WORDS=str(model))  # which loads until the file is there
        try:
            await bot.start(discord.changes)
            await discord.ready()
            asked = await discord.slash("ask", question="What happened at the talks of day 49?")
            await discord.until(lambda: asked.answered, timeout=20, what="a word on what is waited for")
            assert sees(asked.reply) == (
                "I am reading the first articles. Your answer comes here as soon as they are in."
            )
            model.touch()
            assert "day 49" in sees(await discord.answer_to(asked))
            assert discord.violations() == []
        finally:
            await bot.kill()


async def test_it_answers_while_it_reads_many_articles_for_the_first_time(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        home = Home.furnish(tmp_path, discord)
        write_talks(home.seeds / "many.jsonl", 1500)
        bot = home.bot("run", BAG_OF_WORDS_PACE="0.01")  # a quarter of a minute for all of them
        try:
            await bot.start(discord.changes)
            await discord.ready()
            asked = await discord.slash("ask", question="What happened at the talks of day 1499?")
            answer = await discord.answer_to(asked, timeout=20)
            assert "day 1499" in sees(answer)
            assert "Still reading: " in sees(answer)
            assert " of 1,501 articles" in sees(answer)
            asked = await discord.slash("latest")
            assert "Still reading: " in sees(await discord.answer_to(asked))
            asked = await discord.slash("status", user=discord.world.moderator)
            assert "Still reading: " in sees(await discord.answer_to(asked))
            code, seconds = await bot.stop(signal.SIGTERM)
            assert code == 0, bot.words()
            assert seconds < 5
            assert discord.violations() == []
        finally:
            await bot.kill()


async def test_it_ends_in_seconds_and_its_second_start_is_quiet(discord: LoopbackDiscord, home: Home) -> None:
    first, second = home.bot("first"), home.bot("second")
    try:
        await first.start(discord.changes)
        await discord.ready()
        await articles_are_read(discord)
        asked = await discord.slash("ask", question=RUTTE)
        code, seconds = await first.stop(signal.SIGTERM)
        assert code == 0, first.words()
        assert asked.answered, first.words()
        assert seconds < 5
        # It took its leave of Discord: with 1000, or with the 4000 of discord.py's reader, which may come first.
        assert discord.gateway.close_codes[0] in (1000, 4000)

        await second.start(discord.changes)
        await discord.ready()
        # At once, from what the first run wrote.
        asked = await discord.slash("ask", question=RUTTE)
        assert_quoted_word_for_word(await discord.answer_to(asked, timeout=60))
        assert len(discord.calls_to("PUT", COMMANDS)) == 1
        code, seconds = await second.stop(signal.SIGINT)
        assert code in (0, 130), second.words()
        assert seconds < 5
        assert "Traceback" not in first.stderr + second.stderr
        assert discord.violations() == []
    finally:
        await first.kill()
        await second.kill()


async def test_a_second_bot_on_one_data_folder_is_refused(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        home = Home.furnish(tmp_path, discord)
        first, second = home.bot("first"), home.bot("second")
        try:
            await first.start(discord.changes)
            await discord.ready()
            await second.start(discord.changes)
            assert await second.wait(60) == 1, second.words()
        finally:
            await first.kill()
            await second.kill()
    told = [line for line in second.stderr.splitlines() if line.startswith("quotewire: ")]
    assert len(told) == 1, second.words()
    assert "serves Discord from the same DATA_DIR: stop it first, or set another DATA_DIR." in told[0]


async def test_a_wrong_token_is_one_clear_line(tmp_path: Path) -> None:
    token = "wrong.token.entirely"
    async with LoopbackDiscord() as discord:
        bot = Home.furnish(tmp_path, discord).bot("refused", token)
        try:
            await bot.start(discord.changes)
            code = await bot.wait(60)
        finally:
            await bot.kill()
    refusals = [line for line in bot.stderr.splitlines() if "DISCORD_TOKEN" in line]
    assert code == EX_CONFIG, bot.words()
    assert len(refusals) == 1, bot.words()
    assert "Traceback" not in bot.stderr + bot.stdout
    assert token not in bot.stderr + bot.stdout


async def test_an_unreachable_discord_is_one_clear_line(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        bot = Home.furnish(tmp_path, discord).bot("alone")
        try:
            async with discord.outage(refused=True):
                await bot.start(discord.changes)
                code = await bot.wait(60)
        finally:
            await bot.kill()
    told = [line for line in bot.stderr.splitlines() if line.startswith("quotewire: ")]
    assert code == 1, bot.words()
    assert len(told) == 1, bot.words()
    assert "Discord cannot be reached" in told[0]
    assert "Traceback" not in bot.stderr + bot.stdout
