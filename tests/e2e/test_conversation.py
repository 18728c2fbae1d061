"""The bot's process, unmodified, in conversation with members of a server on a loopback Discord."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.loopback.gateway import PRIVILEGED, STREAMS
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.member import TITLE, assert_quoted_word_for_word, quotes_in, sees
from tests.support.loopback.openapi import description_path
from tests.support.loopback.rules import EPHEMERAL
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import User

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("bot")]

RUTTE = "What did Rutte say about Russia?"
CEASEFIRE = "Why is there no ceasefire yet?"
PERU = "What is the capital of Peru?"
COMMANDS = "/applications/{application_id}/commands"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


async def test_it_logs_in_and_registers_its_commands(discord: LoopbackDiscord) -> None:
    calls = [(call.method, call.template) for call in discord.calls]
    # Where processes share a database, they ask how many of them may identify at once.
    login = [call for call in calls if call != ("GET", "/gateway/bot")][:3]
    assert login == [("GET", "/users/@me"), ("GET", "/oauth2/applications/@me"), ("PUT", COMMANDS)]
    assert len(discord.calls_to("PUT", COMMANDS)) == 1
    registered = {command["name"]: command for command in discord.commands.registered}
    assert {"ask", "latest", "reload"} <= set(registered)
    assert registered["reload"]["default_member_permissions"] == str(0x20)
    assert registered["ask"]["default_member_permissions"] is None


async def test_it_asks_for_no_privileged_intent(discord: LoopbackDiscord) -> None:
    assert discord.gateway.session is not None
    assert discord.gateway.session.intents & PRIVILEGED == 0
    assert discord.gateway.queries[0]["compress"] in STREAMS


async def test_an_answer_quotes_the_article_word_for_word(discord: LoopbackDiscord) -> None:
    asked = await discord.slash("ask", question=RUTTE)
    reply = await discord.answer_to(asked)
    assert asked.callback == {"type": 5}
    assert asked.acknowledged_after is not None
    assert asked.acknowledged_after < 1
    assert reply.v2
    assert not reply.ephemeral
    assert_quoted_word_for_word(reply)
    assert TITLE in sees(reply)


async def test_it_abstains_with_the_nearest_headline(discord: LoopbackDiscord) -> None:
    reply = await discord.answer_to(await discord.slash("ask", question=PERU))
    assert quotes_in(reply) == []
    assert "do not answer" in sees(reply)
    assert TITLE in sees(reply)


async def test_questions_at_once_are_all_taken_in_time(discord: LoopbackDiscord) -> None:
    asked = []
    for number, question in enumerate((RUTTE, CEASEFIRE) * 8):
        asked.append(await discord.slash("ask", user=User(f"reader {number}"), question=question))
        await asyncio.sleep(0.05)  # so that most come while others are being answered
    for interaction in asked:
        assert_quoted_word_for_word(await discord.answer_to(interaction, timeout=60))
    assert max(interaction.acknowledged_after or 3 for interaction in asked) < 2


async def test_it_answers_in_a_direct_message(discord: LoopbackDiscord) -> None:
    asked = await discord.slash("ask", channel=discord.world.direct, question=RUTTE)
    assert_quoted_word_for_word(await discord.answer_to(asked))
    with pytest.raises(LookupError):  # where there is no server, there is nothing to moderate
        await discord.slash("reload", channel=discord.world.direct)


async def test_a_question_is_shown_and_does_nothing(discord: LoopbackDiscord) -> None:
    hostile = f"@everyone <@{discord.world.moderator.id}> **Rutte** [and](https://example.org) `Russia`?"
    reply = await discord.answer_to(await discord.slash("ask", question=hostile))
    assert hostile in sees(reply)
    assert hostile not in reply.text


async def test_latest_shows_headlines_and_quotes_and_opens_a_story(discord: LoopbackDiscord) -> None:
    reply = await discord.answer_to(await discord.slash("latest"))
    assert TITLE in sees(reply)
    assert reply.text.count("\n> ") >= 2
    opened = await discord.answer_to(await discord.click(reply, "Open story"))
    assert opened.text.startswith("### ")
    assert TITLE in sees(opened)
    about = await discord.answer_to(await discord.slash("latest", topic="NATO"))
    assert TITLE in sees(about)


async def test_a_moderator_reloads(discord: LoopbackDiscord, home: Home) -> None:
    async def reload() -> str:
        asked = await discord.slash("reload", user=discord.world.moderator)
        reply = await discord.answer_to(asked)
        await discord.until(lambda: "Reloaded in" in reply.text, what="the counts of a reload")
        return sees(reply).replace("\u00a0", " ")

    assert "Nothing changed · 1 article" in await reload()
    fresh = home.seeds / "lighthouse.txt"
    sentence = "The lighthouse of Pellworm was repainted by Greta Hansen in June."
    fresh.write_text(f"Lighthouse repainted\n{sentence} It had been grey for forty years.\n")
    assert "1 added · 1 unchanged" in await reload()
    asked = await discord.slash("ask", question="Who repainted the lighthouse of Pellworm?")
    assert any(sentence in quote for quote in quotes_in(await discord.answer_to(asked)))
    fresh.unlink()
    assert "1 removed · 1 unchanged" in await reload()


async def test_a_plain_member_is_refused_in_private(discord: LoopbackDiscord) -> None:
    before = len(discord.calls)
    refused = await discord.slash("reload")
    reply = await discord.answer_to(refused)
    await asyncio.sleep(0.5)  # for a second answer, which must not come
    assert reply.ephemeral
    assert "Only the bot's host can do this" in reply.text
    assert [call.template for call in discord.calls[before:]] == [CALLBACK]
    assert refused.callback is not None
    assert refused.callback["data"]["flags"] & EPHEMERAL


async def test_a_mention_gets_a_reply(discord: LoopbackDiscord) -> None:
    asked = await discord.say(f"<@{discord.world.bot.id}> {CEASEFIRE}")
    reply = await discord.reply_to(asked)
    assert reply.v2
    assert_quoted_word_for_word(reply)


async def test_it_stays_out_of_other_conversations(discord: LoopbackDiscord) -> None:
    me = f"<@{discord.world.bot.id}>"
    before = len(discord.sent_by_bot())
    await discord.say(RUTTE)
    await discord.say(f"{me} {RUTTE}", author=discord.world.other_bot)
    await discord.say(f"@everyone {RUTTE}")
    asked = await discord.say(f"{me} {CEASEFIRE}")
    # The bot's reply itself comes back over the gateway, as a message that it must not answer either.
    reply = await discord.reply_to(asked)
    thanks = await discord.say("thank you", reply_to=reply)
    fence = await discord.reply_to(await discord.say(f"{me} {PERU}"))
    sent = discord.sent_by_bot()[before:]
    assert [message for message in sent if message.reference not in (asked, thanks, fence.reference)] == []
    assert [message for message in sent if message.reference is asked] == [reply]


async def test_it_sees_no_content_but_of_mentions(discord: LoopbackDiscord) -> None:
    await discord.say("a secret between members")
    assert discord.gateway.session is not None
    event, received = discord.gateway.session.events[-1]
    assert (event, received["content"]) == ("MESSAGE_CREATE", "")


async def test_nothing_it_sent_was_out_of_order(discord: LoopbackDiscord, bot: BotProcess) -> None:
    assert bot.running
    assert discord.violations() == []
    assert "Traceback" not in bot.stderr
    if description_path() is None:
        pytest.skip("Discord's OpenAPI description is not there (set DISCORD_OPENAPI); only its rules were checked")
