"""What `--json` prints: one document, whose fields are those of the values in `retrieval.answer` and its like."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.upkeep.findings import any_fault
from retrieval.answer import Answer, Briefing, Disagreement, Quote, Story, Timeline
from retrieval.article import Article, Collection, Reading, ReloadReport

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from bot.upkeep.backups import Backup
    from bot.upkeep.findings import Finding
    from bot.upkeep.restoring import Restored
    from retrieval.index.versions import Version
    from retrieval.reading.feeds.feed import Feed

Document = dict[str, Any]


def dump(document: Document) -> str:
    """`document` as JSON with ISO 8601 dates.

    In ASCII, because then it can be written to any stream, and whatever an article holds (lone
    surrogates, terminal commands) reaches a program intact and a terminal as harmless escapes.
    """
    return json.dumps(document, default=_iso, indent=2)


def answer_document(answer: Answer) -> Document:
    """An answer; quoted articles come with their body, so that each quote can be checked against it.

    `topic` is what a broad question is understood to be about, and `stories` are those that fit, the one meant first.
    `language` is that of the question; each quote has its own.
    """
    return {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": answer.confidence,
        "quotes": [_quote(quote) for quote in answer.quotes],
        "nearest": [_article(article) for article in answer.nearest],
        "scope": str(answer.narrowed) if answer.narrowed else None,
        "disagreement": _disagreement(answer.disagreement) if answer.disagreement else None,
        "age": asdict(answer.age) if answer.age else None,
        "topic": answer.topic,
        "language": answer.language,
        "stories": [_story(story) for story in answer.stories],
        "articles": answer.articles,
        "generation": answer.generation,
        "seconds": answer.seconds,
        **_reading(answer.reading),
    }


def briefing_document(briefing: Briefing) -> Document:
    """The latest stories, each with its articles (without their bodies) and quotes (with them)."""
    return {
        "topic": briefing.topic,
        "stories": [_story(story) for story in briefing.stories],
        "generation": briefing.generation,
        "seconds": briefing.seconds,
        **_reading(briefing.reading),
    }


def timeline_document(timeline: Timeline) -> Document:
    """A story and its steps, each a quote, the oldest first."""
    steps = [_quote(quote) for quote in timeline.steps]
    return {"story": _story(timeline.story), "steps": steps, "generation": timeline.generation}


def _reading(reading: Reading | None) -> Document:
    return {"reading": {"done": reading.done, "total": reading.total}} if reading else {}


def fields_document(value: DataclassInstance) -> Document:
    """What is shown as it is: a report, a status, a feed and what became of it."""
    return asdict(value)


def status_document(shown: tuple[DataclassInstance, Mapping[str, str | None] | None]) -> Document:
    """What the index holds and, of a database that processes share, where it is and why it is not reached."""
    status, database = shown
    return asdict(status) | ({"database": dict(database)} if database else {})


def feeds_document(feeds: Sequence[Feed]) -> Document:
    """The feeds that are read."""
    return {"feeds": [asdict(feed) for feed in feeds]}


def collections_document(collections: Sequence[Collection]) -> Document:
    """What the host offers; `read` is whether direct messages and the terminal read it."""
    return {"collections": [asdict(each) for each in collections]}


def change_document(changed: tuple[Article, ReloadReport]) -> Document:
    """An article that was removed or restored, and what that changed."""
    article, report = changed
    return {"article": _article(article), "report": fields_document(report)}


def history_document(versions: Sequence[Version]) -> Document:
    """Every version of an article, the oldest first, with its body."""
    return {
        "versions": [
            {"since": version.since, "live": version.live, "article": _whole(version.article)} for version in versions
        ]
    }


def backup_document(made: tuple[Path, Backup]) -> Document:
    """A backup that was made."""
    target, backup = made
    return {"file": str(target), **asdict(backup)}


def model_document(folder: Path) -> Document:
    """An embedding model that was written."""
    return {"folder": str(folder)}


def restored_document(restored: Restored) -> Document:
    """What was restored; `waits` says that a running bot has to be started again first."""
    return {"waits": restored.waits, "replaced": str(restored.replaced), "backup": asdict(restored.backup)}


def examined_document(findings: Sequence[Finding]) -> Document:
    """What looking after the bot found; `well` is false where there is a fault."""
    return {"well": not any_fault(findings), "findings": [asdict(finding) for finding in findings]}


def error_document(message: str) -> Document:
    """What is printed in place of a result."""
    return {"error": message}


def _story(story: Story) -> Document:
    return {
        "id": story.id,
        "articles": [_article(article) for article in story.articles],
        "quotes": [_quote(quote) for quote in story.quotes],
        "central": story.central,
        "outlets": story.outlets,
        "first": story.first,
        "last": story.last,
        "disagreement": _disagreement(story.disagreement) if story.disagreement else None,
        "new": [article.id for article in story.articles if article.id in story.new],
    }


def _quote(quote: Quote) -> Document:
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "answer": _answering(quote),
        "link": quote.link,
        "language": quote.article.language,
        "article": _whole(quote.article),
        "also_reported_by": [_article(article) for article in quote.also_reported_by],
        "also_carried_by": [_article(article) for article in quote.also_carried_by],
        "corrected": quote.corrected,
    }


def _answering(quote: Quote) -> Document | None:
    """What of a quote answers: a span of its text."""
    if quote.answer is None:
        return None
    start, end = quote.answer
    return {"text": quote.text[start:end], "start": start, "end": end}


def _disagreement(disagreement: Disagreement) -> Document:
    quotes = [_quote(quote) for quote in disagreement.quotes]
    return {"about": disagreement.about, "figures": disagreement.figures, "quotes": quotes}


def _whole(article: Article) -> Document:
    """All that an article says. How its page shows that is for links alone."""
    fields = asdict(article)
    del fields["layout"]
    return fields


def _article(article: Article) -> Document:
    fields = _whole(article)
    del fields["body"]
    return fields


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
