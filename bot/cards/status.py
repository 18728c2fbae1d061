"""How the bot fares, as a message. Pure: values in, `Card` out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import PurePath

from bot.cards.card import ANSWERED, INCOMPLETE, Card, first_that_fits
from bot.cards.failures import MOST_FAILURES, failure_lines
from bot.cards.lengths import REASON_LENGTH
from bot.cards.searched import still_reading
from bot.memory.exchanges import Votes
from bot.wording.amounts import duration, megabytes, milliseconds, number
from bot.wording.language import _
from bot.wording.markdown import ago, day_text, label
from bot.wording.reasons import said
from bot.wording.tongues import called
from retrieval.article import Day, Reading, Status

NAME_LENGTH = 100
"""Characters of a model's name, or of what goes before its texts, that are shown."""
LANGUAGES = 6
"""Languages that are named with their articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """How the bot's process fares. `memory` is in bytes, None where that is not known; `latency` is in seconds, no
    finite number while Discord is not reached."""

    started: datetime
    working: int
    waiting: int
    memory: int | None
    latency: float
    connected: int = 1
    """Shards, of `shards`, that are connected to Discord."""
    shards: int = 1
    sharing: Sharing | None = None
    """What it shares with other processes, if anything."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whether the database that processes share is reached, and what this one does for all of them; and whether it
    searches vectors on its disk, since the database that is to find them did not answer."""

    reached: bool
    polls: bool
    posts: bool
    without_vectors: bool = False


def status_card(index: Status, process: Process, votes: Votes) -> Card:
    """What the index holds, how the process fares, and what failed; of the failures, no more than fits."""
    notice = [f"⚠ {label(said(index.notice), REASON_LENGTH)}"] if index.notice else []
    facts = ("\n".join([*notice, *_held(index)]), "\n".join(_going(process, votes)))
    parts = (
        (_("**Feeds that fail**"), index.feeds_failed),
        (_("**Skipped by the last reload**"), index.failed),
    )
    count = sum(min(MOST_FAILURES, len(found)) for _heading, found in parts)
    accent = INCOMPLETE if count or notice else ANSWERED

    def card(shown: int) -> Card:
        sections: list[tuple[str, ...]] = []
        left = shown
        for heading, found in parts:
            named = min(MOST_FAILURES, left, len(found))
            left -= named
            if found:
                sections.append(("\n".join([heading, *failure_lines(found, named)]),))
        return Card(((_("## How I fare"), *facts), *sections), accent=accent)

    return first_that_fits([], card, count)


def _held(index: Status) -> list[str]:
    return [
        _("- Articles: {articles}; passages: {passages}; outlets: {outlets}; generation: {generation}").format(
            articles=number(index.articles),
            passages=number(index.passages),
            outlets=number(index.sources),
            generation=number(index.generation),
        ),
        *_reading(index.reading),
        *_languages(index),
        *_model(index),
        _("- Newest article: {day}").format(day=_age(index.newest)),
        _("- Last reload: {when}").format(when=_age(index.reloaded)),
        _("- Feeds: {feeds}; failing: {failing}").format(
            feeds=number(index.feeds), failing=number(len(index.feeds_failed))
        ),
    ]


def _model(index: Status) -> list[str]:
    name = PurePath(index.model).name if PurePath(index.model).is_absolute() else index.model
    knows = ", ".join(map(called, index.languages)) or _("many")
    lines = [
        _("- Embedding model: {model}; computed with: {runtime}; languages: {languages}").format(
            model=label(name, NAME_LENGTH), runtime=label(index.runtime or "–", NAME_LENGTH), languages=knows
        )
    ]
    if any(index.prompts):
        shown = [f"“{label(prompt, NAME_LENGTH)}”" if prompt else "–" for prompt in index.prompts]
        lines.append(
            _("- What it reads before a question: {question}; before a passage: {passage}").format(
                question=shown[0], passage=shown[1]
            )
        )
    return lines


def _languages(index: Status) -> list[str]:
    named = [f"{called(code)} ({number(count)})" for code, count in islice(index.articles_in.items(), LANGUAGES)]
    return [_("- Languages of the articles: {languages}").format(languages=", ".join(named))] if named else []


def _reading(reading: Reading | None) -> list[str]:
    if reading is None:
        return []
    left = [_("time left: {time}").format(time=duration(round(reading.left)))] if reading.left is not None else []
    return ["- " + "; ".join([still_reading(reading), *left])]


def _going(process: Process, votes: Votes) -> list[str]:
    memory = "–" if process.memory is None else megabytes(process.memory)
    latency = milliseconds(process.latency) if math.isfinite(process.latency) else "–"
    return [
        _("- Questions under way: {working}; waiting: {waiting}").format(
            working=number(process.working), waiting=number(process.waiting)
        ),
        _("- Answers that members found helpful in the last 7 days: {helpful}; unhelpful: {unhelpful}").format(
            helpful=number(votes.helpful), unhelpful=number(votes.unhelpful)
        ),
        _("- Memory: {memory}; time that Discord takes to answer: {latency}").format(memory=memory, latency=latency),
        *_connections(process),
        *_shared(process.sharing),
        _("- Started: {when}").format(when=_age(process.started)),
    ]


def _connections(process: Process) -> list[str]:
    if process.shards == 1:
        return []
    text = _("- Connections to Discord: {connected} of {all}")
    return [text.format(connected=number(process.connected), all=number(process.shards))]


def _shared(sharing: Sharing | None) -> list[str]:
    if sharing is None:
        return []
    slow: list[str] = []
    if sharing.without_vectors:
        slow.append(_("- Vectors: on this disk, which takes longer; the shared database does not find them"))
    if not sharing.reached:
        return [_("- Shared database: out of reach; questions are answered, changes have to wait"), *slow]
    duties = {_("asking feeds"): sharing.polls, _("posting digests and alerts"): sharing.posts}
    done = ", ".join(duty for duty, ours in duties.items() if ours) or "–"
    return [
        _("- Shared database: reached; of what one process does for all, this one does: {duties}").format(duties=done),
        *slow,
    ]


def _age(day: Day | None) -> str:
    if day is None:
        return "–"
    return ago(day.timestamp()) if isinstance(day, datetime) else day_text(day)
