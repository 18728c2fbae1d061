"""The exchanges of questions and answers that buttons, replies and follow-ups come back to, and what members think.

They are kept so that all of these work after a restart, and no longer than they are of use.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.memory.database import Database
from bot.wording.language import _
from retrieval.answer import Quote
from retrieval.article import EVERYTHING, Day, Scope
from retrieval.errors import DatabaseUnavailable, QuotewireError

KEEP_SECONDS = 30 * 86_400.0
KEEP_MOST = 100_000
PRUNE_EVERY = 500
"""Exchanges kept between two prunings."""


class ExchangeForgotten(QuotewireError):
    """The exchange that a button or a form belongs to is not kept any more."""

    def __init__(self) -> None:
        super().__init__(_("I do not keep this answer any more, so its buttons do nothing; ask again with /ask."))


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with the days, outlet and language that a member narrowed it to, and who put it where (ids).

    `parent` is the exchange that it follows. `understood` is the question as it is understood in that context: it is
    what the newsroom is asked, while the member's own words stay the heading. `hidden` tells that nobody else sees it.
    """

    question: str
    member: int
    channel: int | None = None
    guild: int | None = None
    scope: Scope = EVERYTHING
    parent: int | None = None
    understood: str | None = None
    hidden: bool = False

    def is_of(self, guild: int | None, channel: int | None) -> bool:
        """Whether it was put in this server or, where that is none, in this channel for direct messages."""
        return self.guild == guild and (guild is not None or self.channel == channel)

    @property
    def put(self) -> str:
        """The question that the newsroom is asked."""
        return self.understood or self.question


@dataclass(frozen=True, slots=True)
class Place:
    """The span `[start, end)` of an article's body, as it was in the version with this content hash."""

    article: str
    version: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and where its answer came from: the quotes shown, or else the ids of the nearest articles."""

    id: int
    asking: Asking
    asked: datetime
    quotes: tuple[Place, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Votes:
    """How many members found answers helpful, and how many did not."""

    helpful: int
    unhelpful: int


def new_id() -> int:
    """An id that no exchange has had, also none of a store that was moved away: old messages name those for good."""
    return secrets.randbits(59)  # at most 18 digits


def place_of(quote: Quote) -> Place:
    """Where a quote stands."""
    return Place(article=quote.article.id, version=quote.article.content_hash, start=quote.start, end=quote.end)


class Exchanges:
    """The exchanges of the last `KEEP_SECONDS`, at most `KEEP_MOST` of them.

    Safe to use from many threads. Every method waits for the disk, so call none on the event loop; each raises
    `StoreUnavailable`. Unknown ids are those of exchanges that were too old to be kept, or cannot be read.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._until_pruning = PRUNE_EVERY
        if not database.only_read:
            with suppress(DatabaseUnavailable):  # it is done again
                self.prune()

    def keep(self, exchange: Exchange) -> None:
        """Keep a new exchange."""
        asking = exchange.asking
        who = (asking.guild or 0, asking.channel, asking.member)
        row = (exchange.id, exchange.asked.timestamp(), *who, asking.parent, _text(exchange))
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO exchange (id, asked, guild, channel, member, parent, record) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        self._until_pruning -= 1
        if self._until_pruning <= 0:
            self.prune()

    def sent(self, id_: int, message_id: int) -> None:
        """Tie the message that shows the answer to its exchange."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE exchange SET message = ? WHERE id = ?", (message_id, id_))

    def get(self, id_: int) -> Exchange | None:
        """The exchange with this id, if it is still known."""
        return self._one("SELECT id, asked, record FROM exchange WHERE id = ?", id_)

    def of_message(self, message_id: int) -> Exchange | None:
        """The exchange whose answer this message shows."""
        return self._one("SELECT id, asked, record FROM exchange WHERE message = ?", message_id)

    def newest_in(self, channel_id: int, member: int, since: datetime) -> Exchange | None:
        """What a member asked last in a channel, if that was not before `since` (an aware datetime)."""
        return self._one(
            "SELECT id, asked, record FROM exchange WHERE channel = ? AND member = ? AND asked >= ?"
            " ORDER BY asked DESC LIMIT 1",
            *(channel_id, member, since.timestamp()),
        )

    def conversation(self, id_: int, *, within: float, turns: int = 3) -> tuple[str, ...]:
        """The questions up to and with that of an exchange, as they were understood, newest last.

        They are at most `turns`, none asked more than `within` seconds before the newest.
        """
        questions: list[str] = []
        exchange = self.get(id_)
        since = exchange.asked.timestamp() - within if exchange else 0.0
        while exchange and len(questions) < turns and exchange.asked.timestamp() >= since:
            questions.append(exchange.asking.put)
            parent = exchange.asking.parent
            exchange = None if parent is None else self.get(parent)
        return tuple(reversed(questions))

    def vote(self, id_: int, member: int, *, helpful: bool) -> bool:
        """Let a member's vote on an answer be this one from now on; False when the exchange is not known any more."""
        with self._database.transaction() as connection:
            if connection.execute("SELECT 1 FROM exchange WHERE id = ?", (id_,)).fetchone() is None:
                return False
            row = (id_, member, helpful, self._clock())
            connection.execute("INSERT OR REPLACE INTO vote VALUES (?, ?, ?, ?)", row)
        return True

    def votes(self, guild: int | None, since: datetime | None = None) -> Votes:
        """The votes on exchanges that are kept of a server (None: of direct messages), all or those given from `since`
        on (an aware datetime).
        """
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT COALESCE(SUM(v.helpful), 0), COALESCE(SUM(NOT v.helpful), 0) FROM vote v"
                " JOIN exchange e ON e.id = v.exchange WHERE e.guild = ? AND v.voted >= ?",
                (guild or 0, since.timestamp() if since else 0.0),
            ).fetchone()
        return Votes(*found)

    def prune(self) -> None:
        """Forget what is older, or more, than is kept."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM exchange WHERE asked < ?", (self._clock() - KEEP_SECONDS,))
            connection.execute(
                "DELETE FROM exchange WHERE asked < (SELECT asked FROM exchange ORDER BY asked DESC LIMIT 1 OFFSET ?)",
                (KEEP_MOST - 1,),
            )
        self._until_pruning = PRUNE_EVERY

    def _one(self, query: str, *values: object) -> Exchange | None:
        with self._database.reading() as connection:
            row = connection.execute(query, values).fetchone()
        with suppress(ValueError, TypeError, KeyError, AttributeError):  # damaged, or a newer version's
            return _exchange(*row) if row else None
        return None


def _text(exchange: Exchange) -> str:
    asking, scope = asdict(exchange.asking), exchange.asking.scope
    del asking["scope"]
    record = {
        "asking": {
            **asking,
            "since": _day_text(scope.since),
            "until": _day_text(scope.until),
            "source": scope.source,
            **({"language": scope.language} if scope.language else {}),  # which earlier versions do not know
        },
        "quotes": [asdict(place) for place in exchange.quotes],
        "nearest": exchange.nearest,
    }
    return json.dumps(record)


def _exchange(id_: int, asked: float, text: str) -> Exchange:
    record: dict[str, Any] = json.loads(text)
    asking = record["asking"]
    since, until = (_day(asking.pop(name)) for name in ("since", "until"))
    scope = Scope(since=since, until=until, source=asking.pop("source"), language=asking.pop("language", None))
    quotes = tuple(Place(**place) for place in record["quotes"])
    return Exchange(
        id=id_,
        asking=Asking(**asking, scope=scope),
        asked=datetime.fromtimestamp(asked, UTC),
        quotes=quotes,
        nearest=tuple(record["nearest"]),
    )


def _day_text(day: Day | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> Day | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
