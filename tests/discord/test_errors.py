from __future__ import annotations

import logging
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import simcord
from discord import app_commands
from simcord import ChannelHandle, MemberActor

from bot.connection.client import QuotewireClient
from bot.connection.errors import ShutdownError, explain, reply_text
from retrieval.answer import Answer
from retrieval.errors import IndexUnavailable, ModelUnavailable, NotYetRead
from tests.support.discord.stand_in import StandIn, no_answer
from tests.support.discord.world import Serve, mention, text


def failing(error: Exception) -> StandIn:
    def asking(_: str) -> Answer:
        raise error

    return StandIn(asking=asking)


def a_member(env: simcord.Env) -> tuple[MemberActor, ChannelHandle]:
    guild = env.create_guild()
    return guild.add_member(env.create_user("alice")), guild.create_text_channel("general")


async def test_a_known_error_is_shown_to_the_asker_only(serve: Serve) -> None:
    async with serve(failing(IndexUnavailable("Nothing is indexed yet: reload first.")).room) as env:
        alice, channel = a_member(env)
        result = await alice.slash(channel, "ask", question="Why?")
        assert [(text(reply), reply.ephemeral) for reply in result.followups] == [
            ("Nothing is indexed yet: reload first.", True)
        ]
        assert result.response is None  # the public "thinking…" is gone
        simcord.assert_error(env, IndexUnavailable)


async def test_that_nothing_is_read_yet_may_be_seen_by_all_who_saw_the_question(serve: Serve) -> None:
    async with serve(failing(NotYetRead("Ask me again in a few minutes.")).room) as env:
        alice, channel = a_member(env)
        result = await alice.slash(channel, "ask", question="Why?")
        assert (text(result.response), result.followups) == ("Ask me again in a few minutes.", [])
        simcord.assert_error(env, NotYetRead)
        await alice.send(channel, f"{mention(env)} Why?")
        assert text(channel.last_message) == "Ask me again in a few minutes."


async def test_an_unforeseen_error_names_the_reference_it_is_logged_under(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(failing(ZeroDivisionError("secret detail")).room) as env:
        alice, channel = a_member(env)
        result = await alice.slash(channel, "ask", question="Why?")
        said = text(result.followups[0])
        assert "secret detail" not in said
        (reference,) = re.findall(r"reference: ([0-9a-f]{8})", said)
        (record,) = [record for record in caplog.records if reference in record.getMessage()]
        assert record.levelno == logging.ERROR
        assert record.exc_info
        assert isinstance(record.exc_info[1], ZeroDivisionError)
        simcord.assert_error(env, ZeroDivisionError)


async def test_an_error_in_a_mention_is_replied(serve: Serve) -> None:
    async with serve(failing(IndexUnavailable("Nothing is indexed yet: reload first.")).room) as env:
        alice, channel = a_member(env)
        await alice.send(channel, f"{mention(env)} Why?")
        assert text(channel.last_message) == "Nothing is indexed yet: reload first."


async def test_an_error_that_discord_does_not_take_is_only_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(failing(ZeroDivisionError()).room) as env:
        alice, channel = a_member(env)
        env.inject_error("POST", "/webhooks/*/*", status=500)
        await alice.slash(channel, "ask", question="Why?")
        assert "its error could not be shown" in caplog.text
        simcord.assert_error(env, ZeroDivisionError)


async def test_an_expired_interaction_is_only_logged(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    async with serve(StandIn().room) as env:
        alice, channel = a_member(env)
        env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
        await alice.slash(channel, "ask", question="Why?")
        assert "there is nothing left to reply to (Discord's code 10062)" in caplog.text
        assert env.errors


async def test_where_the_bot_may_not_write_a_mention_is_one_line_in_the_log(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in = StandIn()
    async with serve(stand_in.room) as env:
        guild = env.create_guild()
        quiet = discord.PermissionOverwrite(send_messages=False)
        me = guild.me
        assert me is not None
        channel = guild.create_text_channel("read-only", overwrites={me: quiet})
        alice = guild.add_member(env.create_user("alice"))
        await alice.send(channel, f"{mention(env)} Why?")
        assert "cannot be answered: 403 Forbidden" in caplog.text
        assert "Traceback" not in caplog.text
        assert len(channel.history()) == 1


@pytest.mark.parametrize("hidden", [True, False])
async def test_what_only_its_member_was_to_see_is_not_put_into_the_channel(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, hidden: bool
) -> None:
    def too_long(question: str) -> Answer:
        monkeypatch.setattr(discord.Interaction, "is_expired", lambda _: True)
        return no_answer(question)

    async with serve(StandIn(asking=too_long).room) as env:
        alice, channel = a_member(env)
        assert isinstance(env.bot, QuotewireClient)
        env.bot.serving.guild_settings.change(env.guild.id, lambda now: replace(now, ephemeral=hidden))
        await alice.slash(channel, "ask", question="Why?")
        shown = [text(message) for message in channel.history()]
        assert any("Why?" in each for each in shown) is not hidden


async def test_the_newsroom_is_asked_off_the_event_loop(serve: Serve) -> None:
    stand_in = StandIn()
    async with serve(stand_in.room) as env:
        alice, channel = a_member(env)
        await alice.slash(channel, "ask", question="Why?")
        await alice.slash(channel, "latest")
        assert stand_in.threads == {"quotewire-room"}


def http_error(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="x")
    return kind(response, {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (IndexUnavailable("Reload first."), "Reload first."),
        (ShutdownError(), "try again once it is back"),
        (app_commands.NoPrivateMessage(), "only works in a server"),
        (app_commands.CheckFailure(), "may not use this command"),
        (app_commands.CheckFailure("Not today."), "Not today."),
        (app_commands.CommandNotFound("old", []), "restart Discord"),
        (http_error(discord.Forbidden, 403, 50013), "Send Messages"),
        (http_error(discord.DiscordServerError, 503, 0), "try again in a minute"),
        (aiohttp.ClientConnectionError("away"), "try again in a minute"),
        (TimeoutError(), "try again in a minute"),
    ],
)
def test_known_errors_are_explained_with_the_remedy(error: Exception, words: str) -> None:
    said = explain(error)
    assert said is not None
    assert words in said


def test_unknown_errors_are_not_explained() -> None:
    assert explain(ZeroDivisionError("x")) is None
    assert explain(http_error(discord.HTTPException, 400, 50035)) is None


def test_a_message_for_the_host_is_not_shown_to_members(caplog: pytest.LogCaptureFixture) -> None:
    error = ModelUnavailable("The weights in /home/host/models are not the published ones.")
    told = reply_text(error, "/ask")
    assert "/home" not in told
    assert "host can see why in the log" in told
    assert "/home/host/models" in caplog.text
