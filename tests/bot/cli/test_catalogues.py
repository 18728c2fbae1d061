"""That the catalogues are whole: every text of the code, with its places and marks, and names that Discord takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from discord import app_commands
from discord.app_commands import Command, ContextMenu, Group

from bot.cards.card import MAX_LABEL
from bot.cli.catalogues import template, updated
from bot.commands.every import COMMANDS
from bot.wording.language import CATALOGUES, NAME, OPTION, translated

LANGUAGES = sorted(path.stem for path in CATALOGUES.glob("*.po"))
MENU = 32
DESCRIPTION = 100
_MENU_NAME = re.compile(r"[-_'\w]{1,32}")  # Discord's rule also takes some vowel signs of Hindi and Thai
_COMMAND = re.compile(r"(?<![\w/<])/[a-z]+(?: [a-z]+)*")


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    """What the code says that members see."""
    return template()


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def read(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def pairs(language: str) -> Iterator[tuple[Message, str, str]]:
    """Each message with a form of it in English and the same in the language; of more forms there, the last English."""
    for message in read(language):
        if message.id:
            english, said = forms(message.id), forms(message.string)
            for number, form in enumerate(said):
                yield message, english[min(number, len(english) - 1)], form


def differing(language: str, of: Callable[[str], object]) -> list[str]:
    """The texts of which the translation has not the same of something."""
    return [english for _message, english, said in pairs(language) if said and of(english) != of(said)]


def test_german_spanish_and_french_are_spoken() -> None:
    assert {"de", "es", "fr"} <= set(LANGUAGES)


def test_it_is_up_to_date_with_the_code(language: str, wanted: Catalog) -> None:
    file = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8")
    assert updated(language, wanted) == file, "run: python -m bot.cli.catalogues"


def test_it_is_complete(language: str) -> None:
    assert [english for message, english, said in pairs(language) if not said.strip() or message.fuzzy] == []


def test_its_places_are_those_of_the_code(language: str) -> None:
    def places(text: str) -> Counter[str]:
        return Counter(re.findall(r"\{(\w*)\}", text))

    # One form may do without the number: "one article".
    assert differing(language, lambda text: set(places(text)) - {"count"}) == []
    for _message, english, said in pairs(language):
        assert set(places(said)) <= set(places(english)), said
        said.format(**dict.fromkeys(places(english), "1"))


def test_its_markup_is_that_of_the_code(language: str) -> None:
    assert differing(language, lambda text: (text.count("**"), text.count("`"))) == []
    starts = re.compile(r"#{1,3} |- |-# |")
    assert differing(language, lambda text: starts.match(text) and starts.match(text)[0]) == []  # type: ignore[index]


def test_nothing_stands_before_or_after_a_text(language: str) -> None:
    assert [said for _message, _english, said in pairs(language) if said != said.strip()] == []


def levels(commands: Iterable[Command | Group | ContextMenu]) -> Iterator[tuple[str, list[str]]]:
    """The names that have to differ from each other: the kind of a level, and the names in it."""
    commands = list(commands)
    yield NAME, [command.name for command in commands if not isinstance(command, ContextMenu)]
    for command in commands:
        if isinstance(command, Group):
            yield from levels(command.commands)
        elif isinstance(command, app_commands.Command):
            yield OPTION, [parameter.display_name for parameter in command.parameters]


def test_its_names_are_taken_by_discord_and_differ(language: str) -> None:
    for kind, names in levels(COMMANDS):
        said = [translated(name, language, kind) or name for name in names]
        assert [name for name in said if not _MENU_NAME.fullmatch(name) or name != name.lower()] == []
        assert len(set(said)) == len(said), said
    menus = [command.name for command in COMMANDS if isinstance(command, ContextMenu)]
    assert [name for name in menus if len(translated(name, language, NAME) or name) > MENU] == []


def test_its_descriptions_and_choices_are_short_enough(language: str) -> None:
    in_commands = {
        english for message, english, _said in pairs(language) if ("bot/commands/every.py", None) in message.locations
    }
    assert in_commands
    assert [
        said for _message, english, said in pairs(language) if english in in_commands and len(said) > DESCRIPTION
    ] == []


def test_its_buttons_are_short_enough(language: str) -> None:
    on_buttons = ("More quotes", "Passage", "Ask a follow-up", "Your question")
    assert all(len(translated(text, language) or text) <= 45 <= MAX_LABEL for text in on_buttons)


def paths(commands: Iterable[Command | Group | ContextMenu], above: str = "") -> Iterator[str]:
    for command in commands:
        if not isinstance(command, ContextMenu):
            yield f"{above}{command.name}"
        if isinstance(command, Group):
            yield from paths(command.commands, f"{above}{command.name} ")


def test_commands_are_named_in_its_texts_as_in_its_menus(language: str) -> None:
    known = sorted(paths(COMMANDS), key=len, reverse=True)
    wrong = []
    for _message, english, said in pairs(language):
        for mentioned in _COMMAND.findall(english):
            path = next((path for path in known if f"{mentioned[1:]} ".startswith(f"{path} ")), None)
            if path and said:
                words = [translated(word, language, NAME) or word for word in path.split()]
                wrong += [f"/{' '.join(words)}: {said}"] if f"/{' '.join(words)}" not in said else []
    assert wrong == []
