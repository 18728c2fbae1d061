"""The commands that ask: `ask`, `latest` and `story`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import Json, command, filled_newsroom, show_result
from retrieval.article import Day

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom

Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published on or after DATE.")]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="As of DATE: articles published later do not exist.")]
Source = Annotated[str | None, typer.Option(metavar="OUTLET", help="Only articles from OUTLET.")]
Language = Annotated[
    str | None, typer.Option(metavar="LANGUAGE", help="Only articles in LANGUAGE, such as de or German.")
]


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In quotation marks.")],
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=20, help="At most N quotes.")] = 3,
    since: Since = None,
    source: Source = None,
    language: Language = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Answer a question with quotes from the articles.

    The index is asked as it is; `quotewire reload` brings it up to date. If it is empty, it is filled first.
    """
    published_since, asked_as_of = parse_day(since, "--since"), parse_day(as_of, "--as-of")
    with command(as_json) as settings, filled_newsroom(settings) as room:
        from bot.cli.documents import answer_document
        from bot.cli.pages import answer_page

        wanted = language_of(room, language)
        answer = room.ask(
            question, as_of=asked_as_of, since=published_since, source=source, language=wanted, limit=limit
        )
        show_result(answer, answer_document, answer_page, as_json)


def latest(
    topic: Annotated[str | None, typer.Argument(metavar="TOPIC", help="Only stories about TOPIC.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=50, help="At most N stories.")] = 5,
    since: Since = None,
    source: Source = None,
    language: Language = None,
    as_of: AsOf = None,
    known: Annotated[int | None, typer.Option(metavar="N", help="Tell what came after generation N as new.")] = None,
    as_json: Json = False,
) -> None:
    """Show the latest stories, newest first.

    The index is read as it is; `quotewire reload` brings it up to date. If it is empty, it is filled first.
    """
    published_since, seen_as_of = parse_day(since, "--since"), parse_day(as_of, "--as-of")
    with command(as_json) as settings, filled_newsroom(settings) as room:
        from bot.cli.documents import briefing_document
        from bot.cli.pages import briefing_page

        wanted = language_of(room, language)
        briefing = room.latest(
            topic,
            as_of=seen_as_of,
            since=published_since,
            source=source,
            language=wanted,
            limit=limit,
            known=known,
        )
        show_result(briefing, briefing_document, briefing_page, as_json)


def story(
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", min=1, max=2**63 - 1, help="As `quotewire latest` gives it.")
    ],
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show one story step by step, the oldest first.

    The index is read as it is; `quotewire reload` brings it up to date. If it is empty, it is filled first.
    """
    seen_as_of = parse_day(as_of, "--as-of")
    with command(as_json) as settings, filled_newsroom(settings) as room:
        from bot.cli.documents import timeline_document
        from bot.cli.pages import timeline_page

        show_result(room.story(number, as_of=seen_as_of), timeline_document, timeline_page, as_json)


def language_of(room: Newsroom, typed: str | None) -> str | None:
    """The code of a language, which may be typed by its name; whether it is there, the newsroom finds out."""
    if typed is None:
        return None
    from bot.wording.tongues import meant

    return meant(typed, room.languages())


def parse_day(text: str | None, option: str) -> Day | None:
    """An ISO 8601 date or moment; a moment without an offset is in UTC. Raises `typer.BadParameter`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a date; write it as 2025-12-31 or 2025-12-31T18:30."
        raise typer.BadParameter(message, param_hint=option) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
