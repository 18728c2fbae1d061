from __future__ import annotations

import json

import pytest
import simcord

from bot.cards.card import DOT
from bot.commands.messages import question_in
from bot.connection.client import QuotewireClient
from bot.connection.limits import Limits
from bot.wording.markdown import unescape
from retrieval.newsroom import Newsroom
from tests.support.discord.world import mention, text, texts

# The first question of a run waits until the model is loaded.
pytestmark = pytest.mark.simcord(settle_timeout=60)

QUESTION = "What did Rutte say about Russia?"
TITLE = "NATO chief demands faster Russian action to end Ukraine conflict"


def quotes_in(shown: list[str]) -> list[str]:
    return [unescape(line[2:]) for part in shown for line in part.split("\n") if line.startswith("> ")]


@pytest.fixture
def body(seed_room: Newsroom) -> str:
    return seed_room.ask(QUESTION).quotes[0].article.body


async def test_ask_answers_with_quotes_from_the_article(env: simcord.Env, body: str) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert '{"type": 5}' in [json.dumps(request.json) for request in env.http_requests]  # deferred at once
    assert not result.ephemeral
    assert result.response is not None
    assert result.response.flags.components_v2
    shown = texts(result.response)
    assert shown[0] == f"## {QUESTION}"
    quotes = quotes_in(shown)
    assert quotes
    assert all(quote in body for quote in quotes)
    assert any("Rutte" in quote for quote in quotes)
    assert f"-# 1{DOT}{TITLE}{DOT}undated" in shown[1]
    assert "**Key points, as the publisher gives them**" in text(result.response)
    assert f"Looked through 1 article{DOT}" in shown[-1]


async def test_every_message_forbids_mentions(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    await alice.slash(channel, "ask", question=f"{QUESTION} @everyone <@1>")
    await alice.send(channel, f"{mention(env)} {QUESTION} @everyone")
    bodies = [request.json for request in env.http_requests if request.json and "components" in str(request.json)]
    sent = [body for body in bodies if isinstance(body, dict) and body.get("components")]
    assert len(sent) == 2
    assert all(body["allowed_mentions"]["parse"] == [] for body in sent)
    assert not any(message.mention_everyone for message in channel.history() if message.author.bot)


async def test_ask_abstains_with_the_nearest_headline(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    result = await alice.slash(channel, "ask", question="Who won the 2018 World Cup?")
    assert "The articles I have do not answer this." in text(result.response)
    assert "Looked through 1 article" in text(result.response)
    assert f"{TITLE}\n-# undated" in texts(result.response)
    assert quotes_in(texts(result.response)) == []


async def test_ask_works_in_a_direct_message(env: simcord.Env) -> None:
    result = await env.create_user("alice").slash("ask", question=QUESTION)
    assert quotes_in(texts(result.response))


async def test_a_question_longer_than_the_limit_cannot_be_sent(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    with pytest.raises(simcord.OptionError):
        await alice.slash(channel, "ask", question="x" * 301)


async def test_a_mention_is_answered_with_a_reply_and_without_a_ping(env: simcord.Env, body: str) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    asked = await alice.send(channel, f"{mention(env)} {QUESTION}")
    answer = channel.last_message
    assert answer is not None
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert answer.mentions == []
    assert texts(answer)[0] == f"## {QUESTION}"
    assert all(quote in body for quote in quotes_in(texts(answer)))
    typing = [request for request in env.http_requests if request.path.endswith("/typing")]
    assert typing


async def test_a_mention_without_a_question_gets_a_hint(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    await alice.send(channel, f" {mention(env)} ")
    assert "Ask me about the news: **/ask**" in text(channel.last_message)


async def test_what_does_not_name_the_bot_is_left_alone(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    alice = guild.add_member(env.create_user("alice"))
    robot = guild.add_member(env.create_user("robot", bot=True))
    await alice.send(channel, QUESTION)
    await alice.send(channel, f"@everyone {QUESTION}")
    await robot.send(channel, f"{mention(env)} {QUESTION}")
    assert all(message.author.id in (alice.id, robot.id) for message in channel.history())


async def test_a_long_question_in_a_mention_is_refused_in_words(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    await alice.send(channel, f"{mention(env)} {'why ' * 400}")
    assert channel.last_message is not None
    assert channel.last_message.author.bot
    assert "1,000" in text(channel.last_message) or "1000" in text(channel.last_message)


async def test_a_reply_to_an_answer_is_answered_in_its_context(env: simcord.Env, body: str) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    await alice.send(channel, f"{mention(env)} {QUESTION}")
    assert isinstance(env.bot, QuotewireClient)
    env.bot.serving.limits = Limits()  # nobody has to rest
    assert channel.last_message is not None
    await alice.send(channel, "what about Ukraine?", reply_to=channel.last_message)
    shown = texts(channel.last_message)
    assert shown[0].startswith("## what about Ukraine?")
    quotes = quotes_in(shown)
    assert quotes
    assert all(quote in body for quote in quotes)
    kept = env.bot.serving.exchanges.of_message(channel.last_message.id)
    assert kept is not None
    assert kept.asking.understood == "What did Rutte say about Ukraine?"


async def test_ask_narrows_what_is_looked_through(env: simcord.Env) -> None:
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    bob = env.guild.add_member(env.create_user("bob"))
    # The article is undated, so nothing says that it is from these days.
    since = await alice.slash(channel, "ask", question=QUESTION, since="3 days ago")
    assert quotes_in(texts(since.response)) == []
    unknown = await bob.slash(channel, "ask", question=QUESTION, source="nobody")
    assert "No articles of an outlet 'nobody' are indexed" in text(unknown.followups[0])
    assert unknown.followups[0].ephemeral
    assert len(env.errors) == 1


@pytest.mark.parametrize(
    ("content", "question"),
    [
        ("<@7> Why?", "Why?"),
        ("<@!7>Why?", "Why?"),
        ("Well, <@7>, why \n now?", "Well, , why now?"),
        ("<@7>", ""),
        ("<@7> <@7>", ""),
        ("<@71> Why?", None),
        ("<@&7> Why?", None),
        ("@everyone Why?", None),
        ("Why?", None),
    ],
)
def test_the_question_is_the_message_without_the_mention(content: str, question: str | None) -> None:
    assert question_in(content, 7) == question
