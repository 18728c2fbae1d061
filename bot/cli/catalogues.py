"""Brings the catalogues in `locale/` up to what the code says: `python -m bot.cli.catalogues [LANGUAGE...]`.

What is new in the code stands in them untranslated then, and what is gone from it is taken out. A LANGUAGE that has no
catalogue yet, such as "it", gets one.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from discord import app_commands
from discord.app_commands import Command, ContextMenu, Group

from bot.wording.language import CATALOGUES, NAME, OPTION

CODE = Path(__file__).parents[2]
FOLDERS = ("bot", "retrieval")
HEADER = "# What Quotewire says in Discord. `python -m bot.cli.catalogues` brings it up to date with the code."
ERRORS = (
    *("AddressRefused", "FeedUnusable", "FetchFailed", "IndexUnavailable", "InvalidQuestion", "NotYetRead"),
    *("TooOld", "UnknownArticle", "UnknownStory", "UnknownCollection", "CollectionRefused", "LimitReached"),
)
"""Errors that members meet, by their names."""
KEYWORDS = {
    "_": None,
    "_n": (1, 2),
    "counted": (2, 3),
    "listed": (4, 4),
    "marked": None,
    "sentence": None,
    "Reason": None,
    "_refused": (2,),
    **dict.fromkeys(ERRORS),
}
UNNEEDED = tuple(
    f'"{header}: '
    for header in (
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
        *("Last-Translator", "Language-Team", "Generated-By"),
    )
)
"""Headers that say nothing here, or change without the texts."""
TRANSLATORS = "Translators:"
"""How a comment begins that goes into the catalogues."""


def template() -> Catalog:
    """Every text of the bot that members see, with the files that it stands in."""
    catalogue = Catalog(project="Quotewire", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(CODE / folder, [("**.py", "python")], None, KEYWORDS, [TRANSLATORS])
        for file, _line, message, comments, _context in found:
            catalogue.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments)
    from bot.commands.every import COMMANDS

    for text, context in _texts(COMMANDS):
        catalogue.add(text, context=context, locations=[("bot/commands/every.py", 0)])
    return catalogue


def _texts(commands: Iterable[Command | Group | ContextMenu]) -> Iterator[tuple[str, str | None]]:
    """The names and descriptions of commands and their options, each with its context."""
    for command in commands:
        yield command.name, NAME
        if isinstance(command, ContextMenu):
            continue
        yield command.description, None
        if isinstance(command, app_commands.Group):
            yield from _texts(command.commands)
            continue
        for parameter in command.parameters:
            yield parameter.display_name, OPTION
            yield str(parameter.description), None
            yield from ((choice.name, None) for choice in parameter.choices)


def updated(language: str, wanted: Catalog) -> str:
    """The catalogue of a language as it should stand in its file: what was translated, and what has yet to be."""
    path = CATALOGUES / f"{language}.po"
    catalogue = Catalog(locale=language, project="Quotewire", charset="utf-8", header_comment=HEADER)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.fuzzy = False
    written = io.BytesIO()
    write_po(written, catalogue, width=120, ignore_obsolete=True, include_lineno=False, sort_output=True)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNNEEDED))


def main(languages: Iterable[str]) -> None:
    """Update the catalogues that there are, and those of `languages`."""
    wanted = template()
    CATALOGUES.mkdir(exist_ok=True)
    for language in sorted({*(path.stem for path in CATALOGUES.glob("*.po")), *languages}):
        (CATALOGUES / f"{language}.po").write_text(updated(language, wanted), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
