"""What members ask about: any message through its menu, digests and alerts by a reply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor
from simcord.backend.models.message import Poll, PollAnswer

from bot.cards.stories import briefing_card
from bot.connection.client import QuotewireClient
from bot.connection.views import layout
from retrieval.answer import Answer, Story
from retrieval.answering.followup import about_article
from retrieval.article import Article
from tests.support.discord.desk import Desk
from tests.support.discord.news_wire import Wire
from tests.support.discord.stand_in import no_answer
from tests.support.discord.world import text
from tests.support.values import a_briefing

CARD = 1 << 15  # Discord's flag of a message that is made of components
PICTURE = {
    "id": "71",
    "filename": "a.png",
    "size": 9,
    "url": "https://cdn.example/a.png",
    "proxy_url": "https://cdn.example/a.png",
    "description": "The ferry is aground",
}


class Room(Wire):
    """A wire that notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def ask(self, question: str, **_: Any) -> Answer:
        self.asked.append(question)
        return no_answer(question)


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def simcord_bot(room: Room, tmp_path: Path) -> QuotewireClient:
    return room.client(tmp_path)


@pytest.fixture
def desk(env: simcord.Env) -> Desk:
    return Desk.furnish(env)


def shown(*texts: str) -> list[dict[str, Any]]:
    return [{"type": 17, "components": [{"type": 10, "content": each} for each in texts]}]


async def seen(env: simcord.Env, channel: ChannelHandle, author: Any, said: dict[str, Any]) -> discord.Message:
    """Such a message of an author, as the bot sees it."""
    stored = env.backend.create_message(channel.id, author.id, said.get("content", ""), **without_content(said))
    await env.settle()
    there = env.bot.get_channel(channel.id)
    assert isinstance(there, discord.TextChannel)
    return await there.fetch_message(stored.id)


def without_content(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "content"}


async def asked_about(env: simcord.Env, desk: Desk, room: Room, author: Any, **said: Any) -> str:
    """What the newsroom is asked when a member asks about such a message."""
    message = await seen(env, desk.channel, author, said)
    await desk.mod.context_menu(desk.channel, "Ask about this", message)
    return room.asked[-1]


@pytest.fixture
def robot(env: simcord.Env, desk: Desk) -> MemberActor:
    return desk.guild.add_member(env.create_user("robot", bot=True))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        (
            {
                "components": shown("# Ferry *aground*", "[All](https://news.example/a) are safe\n-# Post · 3 May"),
                "flags": CARD,
            },
            "Ferry aground. All are safe",
        ),
        (
            {
                "components": [
                    {
                        "type": 9,
                        "components": [{"type": 10, "content": "<t:1700000000:R> Goats block the tunnel <:goat:123>"}],
                        "accessory": {"type": 2, "style": 5, "label": "Read", "url": "https://news.example"},
                    }
                ],
                "flags": CARD,
            },
            "Goats block the tunnel",
        ),
        (
            {"embeds": [{"title": "Goats", "fields": [{"name": "Where", "value": "in the tunnel"}]}]},
            "Goats. Where: in the tunnel",
        ),
        (
            {
                "poll": Poll(
                    "Who wins the vote?",
                    [PollAnswer(1, "Lund"), PollAnswer(2, "Holm")],
                    "2026-01-02T00:00:00+00:00",
                    False,
                )
            },
            "Who wins the vote? Lund, Holm",
        ),
        (
            {"content": "Breaking:", "embeds": [{"title": "Ferry aground", "description": "All safe."}]},
            "Breaking: Ferry aground. All safe.",
        ),
        (
            {"content": "The goats have left the tunnel", "embeds": [{"title": "Something else"}]},
            "The goats have left the tunnel",
        ),
    ],
)
async def test_what_a_message_shows_is_asked_about(
    env: simcord.Env, desk: Desk, room: Room, robot: MemberActor, said: dict[str, Any], question: str
) -> None:
    assert await asked_about(env, desk, room, robot, **said) == question


@pytest.mark.parametrize(
    "said",
    [
        {"components": shown("The ferry is aground"), "flags": CARD},
        {"embeds": [{"title": "The ferry is aground"}]},
        {"embeds": [{"fields": [{"name": "The ferry", "value": "is aground"}]}]},
        {"attachments": [PICTURE]},
        {
            "components": [
                {"type": 12, "items": [{"media": {"url": PICTURE["url"]}, "description": PICTURE["description"]}]}
            ],
            "flags": CARD,
        },
    ],
)
async def test_what_a_forwarded_message_shows_is_asked_about(
    env: simcord.Env, desk: Desk, room: Room, robot: MemberActor, said: dict[str, Any]
) -> None:
    elsewhere = desk.guild.create_text_channel("elsewhere")
    original = await seen(env, elsewhere, robot, said)
    await desk.mod.context_menu(desk.channel, "Ask about this", await desk.mod.forward(original, desk.channel))
    assert room.asked[-1].replace(":", "") == "The ferry is aground"


async def test_the_bots_own_lists_are_asked_about_by_their_headlines(env: simcord.Env, desk: Desk, room: Room) -> None:
    stories = [Story((Article(title, title, "Text."),), ()) for title in ("Ferry *aground*", "Frost in April")]
    card = layout(briefing_card(a_briefing(*stories)))
    said = {"components": card.to_components(), "flags": CARD}
    assert env.bot.user is not None
    assert await asked_about(env, desk, room, env.bot.user, **said) == "Ferry aground. Frost in April"


# --- replies --------------------------------------------------------------------------------------


async def last_post(env: simcord.Env, channel: ChannelHandle) -> discord.Message:
    message = channel.last_message
    assert message is not None
    return message


async def test_a_reply_to_an_alert_is_a_question_about_it(env: simcord.Env, desk: Desk, room: Room) -> None:
    await desk.mod.slash(desk.channel, "alert add", topic="Ferry")
    room.news.add("Ferry aground off Marlo")
    await room.later(env)
    post = await last_post(env, desk.channel)
    assert "Ferry aground off Marlo" in text(post)
    before = len(desk.channel.history())
    await desk.mod.send(desk.channel, "thanks!", reply_to=post)
    assert len(desk.channel.history()) == before + 1, "small talk"
    await desk.mod.send(desk.channel, "how many people were on board?", reply_to=post)
    assert room.asked == ["Ferry aground off Marlo: how many people were on board?"]
    answer = await last_post(env, desk.channel)
    assert text(answer).startswith("## how many people were on board?")


async def test_a_reply_to_a_digest_is_about_the_story_that_it_speaks_of(
    env: simcord.Env, desk: Desk, room: Room
) -> None:
    await desk.mod.slash(desk.channel, "digest subscribe")
    room.news.add("Ferry aground off Marlo", "Frost ruins the grapes")
    await room.later(env, 3600)
    post = await last_post(env, desk.channel)
    await desk.mod.send(desk.channel, "Who steered the ferry?", reply_to=post)
    await desk.mod.send(desk.channel, "What did Rutte say about Russia?", reply_to=post)
    assert room.asked == ["Ferry aground off Marlo: Who steered the ferry?", "What did Rutte say about Russia?"]


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("why?", "Ferry aground, and why?"),
        ("Which valley is it?", "Frost ruins the grapes: Which valley is it?"),  # only its text says so
        ("Who won in Canada?", None),
        ("x" * 301, None),
    ],
)
def test_a_question_is_put_about_the_article_that_holds_its_words(question: str, understood: str | None) -> None:
    headlines = ["Ferry aground", "Frost ruins the grapes"]
    assert about_article(question, headlines, ["On Tuesday.", "In the Tessel valley."]) == understood
    assert about_article(question, [], []) is None
