"""While the database is gone that processes share: questions are answered, and changes say so in a line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.app import Bot
from bot.commands import answering
from bot.memory.database import Database
from bot.memory.guilds import Guilds, GuildSettings
from retrieval.errors import DatabaseUnavailable
from tests.support.discord.desk import Desk
from tests.support.discord.world import last, mention, text

RUTTE = "What did Rutte say about Russia?"
SAID = (
    "My database cannot be reached just now, so nothing was changed; questions are still answered. Try again in a few "
    "minutes."
)
SECRET = "The database at secret.example/news cannot be reached just now."


@contextmanager
def gone(seconds: float = 0.0) -> Iterator[None]:
    """The database is gone, which each change finds out after so many seconds."""

    @contextmanager
    def transaction(_: Database) -> Iterator[Any]:
        time.sleep(seconds)
        raise DatabaseUnavailable(SECRET)
        yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", transaction)
        yield


async def test_questions_are_answered_without_buttons(desk: Desk) -> None:
    alice = desk.member("alice")
    with gone():
        asked = await alice.slash(desk.channel, "ask", question=RUTTE)
        assert "Rutte" in text(asked.response)
        assert not _buttons(asked.response)
        await alice.send(desk.channel, f"{mention(desk.env)} {RUTTE}")
        assert "Rutte" in text(last(desk.channel))
    asked = await alice.slash(desk.channel, "ask", question=RUTTE)
    assert _buttons(asked.response), "and with them as soon as it is back"


async def test_a_database_that_is_slow_to_say_that_it_is_gone_holds_up_no_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "KEPT_WITHIN", 0.2)
    with gone(3.0):
        began = time.monotonic()
        answered = await answering.answer(
            desk.client.serving, answering.Asking(question=RUTTE, member=1, guild=desk.guild.id)
        )
        assert time.monotonic() - began < 3.0
    assert "Rutte" in "\n".join(answered.card.texts)
    assert answered.card.rows == ()


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("settings quotes", {"count": 2}),
        ("alert add", {"topic": "ferries"}),
        ("digest subscribe", {}),
    ],
)
async def test_a_change_says_in_one_line_to_try_again(desk: Desk, command: str, options: dict[str, Any]) -> None:
    with gone():
        result = await desk.mod.slash(desk.channel, command, **options)
    said = text(result.response) if result.response and text(result.response) else text(result.followups[-1])
    simcord.assert_error(desk.env, DatabaseUnavailable)
    assert said == SAID
    assert "secret.example" not in said


async def test_what_is_only_read_needs_no_database(desk: Desk) -> None:
    with gone():
        for command in ("settings show", "status", "digest list", "alert list"):
            result = await desk.mod.slash(desk.channel, command)
            assert SAID not in text(result.response)


def _buttons(message: Any) -> list[str]:
    """The custom ids of the buttons under a message."""
    parts = [part.to_dict() if not isinstance(part, dict) else part for part in message.components]
    return [each["custom_id"] for each in _walk(parts) if each.get("type") == 2 and each.get("custom_id")]


def _walk(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _walk(part.get("components", []))
        if accessory := part.get("accessory"):
            yield accessory


async def test_a_server_that_came_back_meanwhile_is_made_up_for(desk: Desk) -> None:
    bot, servers = desk.client.listener, desk.client.serving.servers
    assert isinstance(bot, Bot)
    desk.keep(GuildSettings(quotes=2))
    servers.left(desk.guild.id, 1.0)
    with gone():
        await bot.joined(desk.guild.id)
    bot._look_after_servers()  # as the bot does by itself, now and then
    assert servers.long_gone(1e12) == []
    assert desk.settings == GuildSettings(quotes=2), "it was not forgotten"


async def test_what_another_process_sets_holds_here_soon(desk: Desk, tmp_path: Path) -> None:
    bot = desk.client.listener
    assert isinstance(bot, Bot)
    others = Database(tmp_path)
    Guilds(others).change(desk.guild.id, lambda now: replace(now, quotes=1))
    others.close()
    assert desk.settings.quotes == 3, "nobody told of it"
    bot._told("discord")
    async with asyncio.timeout(60):
        while desk.settings.quotes != 1:  # noqa: ASYNC110 (a thread does it)
            await asyncio.sleep(0.01)
