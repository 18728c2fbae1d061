"""What a member reads in their own language: replies, menus, and answers to what they write."""

from __future__ import annotations

import gettext as gnu

import pytest
import simcord

from bot.connection.tree import QuotewireTree
from bot.wording import language
from bot.wording.language import ENGLISH, NAME, OPTION
from retrieval.errors import InvalidQuestion
from tests.support.discord.desk import Desk
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import mention, text

GERMAN = {
    "The articles I have do not answer this.": "Meine Artikel beantworten das nicht.",
    "I have no articles yet.": "Ich habe noch keine Artikel.",
    "Ask a question in words, for example: What did Rutte say about Russia?": "Frag mich in Worten.",
    "Ask about the news and get quotes you can check": "Frag nach Nachrichten",
    "I do not keep this answer any more, so its buttons do nothing; ask again with /ask.": "Diese Antwort ist zu alt.",
    "Monday": "Montag",
    "today": "heute",
    (NAME, "ask"): "frage",
    (OPTION, "question"): "frage",
}


class German(gnu.NullTranslations):
    """A catalogue with what these tests need."""

    def gettext(self, message: str) -> str:
        return GERMAN.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        return GERMAN.get((context, message), message)


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"de": German()}
    monkeypatch.setattr(language, "_catalogue", lambda spoken: found.get(spoken, gnu.NullTranslations()))
    monkeypatch.setattr(language, "languages", lambda: frozenset({ENGLISH, "de"}))


@pytest.fixture
def room() -> StandIn:
    return StandIn()


async def test_a_german_member_gets_german_answers_and_others_english_ones(desk: Desk, speaks: list[str]) -> None:
    english = await desk.member("alice").slash(desk.channel, "ask", question="Capital of Peru?")
    speaks.append("de")
    german = await desk.member("bert").slash(desk.channel, "ask", question="Capital of Peru?")
    assert "The articles I have do not answer this." in text(english.response)
    assert "Meine Artikel beantworten das nicht." in text(german.response)


async def test_errors_are_german_too(desk: Desk, speaks: list[str]) -> None:
    speaks.append("de")
    result = await desk.member("bert").slash(desk.channel, "ask", question="?!")
    assert text(result.response) == "Frag mich in Worten."
    simcord.assert_error(desk.env, InvalidQuestion)


async def test_a_mention_is_answered_in_the_language_that_its_author_last_used(desk: Desk, speaks: list[str]) -> None:
    bert, alice = desk.member("bert"), desk.member("alice")
    await bert.send(desk.channel, f"{mention(desk.env)} Capital of Peru?")
    assert "The articles I have do not answer this." in text(desk.channel.last_message)
    speaks.append("de")
    await bert.slash(desk.channel, "latest")
    await bert.send(desk.channel, f"{mention(desk.env)} Capital of Chile?")
    assert "Meine Artikel beantworten das nicht." in text(desk.channel.last_message)
    await alice.send(desk.channel, f"{mention(desk.env)} Capital of Chile?")
    assert "The articles I have do not answer this." in text(desk.channel.last_message)


async def test_what_is_offered_while_a_member_types_is_german(desk: Desk, speaks: list[str]) -> None:
    speaks.append("de")
    offered = await desk.member("bert").autocomplete(desk.channel, "ask", "since", "")
    assert offered[0]["name"].startswith("heute · ")


async def test_menus_are_sent_in_german(desk: Desk) -> None:
    tree = desk.client.tree
    assert isinstance(tree, QuotewireTree)
    sent = {command["name"]: command for command in await tree._definitions(None)}
    ask = sent["ask"]
    assert ask["name_localizations"] == {"de": "frage"}
    assert ask["description_localizations"] == {"de": "Frag nach Nachrichten"}
    assert ask["options"][0]["name_localizations"] == {"de": "frage"}
    weekday = next(each for each in sent["digest"]["options"][0]["options"] if each["name"] == "weekday")
    assert weekday["choices"][0]["name_localizations"] == {"de": "Montag"}
