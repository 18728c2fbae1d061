"""Whether an article that is offered was taken out, by hand or by its publisher, and is to stay out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from retrieval.reading.recognition import Offered, is_state_of, own_to, says
from retrieval.reasons import Reason
from retrieval.text.addresses import own_address, precise_address
from retrieval.text.likeness import Report, alike

STAYS_OUT = Reason("was removed and stays out; `quotewire restore` brings it back")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The mark that the article `id` was taken out, and why."""

    id: str
    reason: str


_MARKS = """
SELECT w.id, w.canonical, w.reason FROM withdrawn w WHERE w.id = :id OR w.canonical = :address
UNION SELECT w.id, w.canonical, w.reason FROM called c JOIN withdrawn w ON w.id = c.article
  WHERE c.origin = :origin AND c.name = :name
UNION SELECT w.id, w.canonical, w.reason FROM withdrawn w JOIN article a ON a.id = w.id
  WHERE :address IS NULL AND :name IS NOT NULL AND w.canonical IS NULL AND a.origin = :origin AND a.title = :title
"""


def withdrawn(connection: sqlite3.Connection, offered: Offered) -> Withdrawal | None:
    """The mark that keeps an article out which was withdrawn by hand, or by its publisher; None if there is none.

    Another source may have used its id, or its section's address, for an article of its own.
    """
    article = offered.article
    address = own_address(article.url)
    places = {"id": article.id, "address": address, "origin": offered.origin}
    rows = connection.execute(_MARKS, {**places, "name": offered.name, "title": article.title}).fetchall()
    return next(
        (
            Withdrawal(id_, reason)
            for id_, went_from, reason in rows
            if _is_what_went(connection, offered, id_, went_from is not None and went_from == address)
        ),
        None,
    )


def _is_what_went(connection: sqlite3.Connection, offered: Offered, id_: str, there: bool) -> bool:
    # The last version of what was taken out has no successor, unlike one that another version replaced.
    ended = connection.execute(
        "SELECT origin, url, title, body FROM article v WHERE id = ? AND died IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM article n WHERE n.id = v.id AND n.born = v.died)",
        (id_,),
    ).fetchall()
    article, address = offered.article, own_address(offered.article.url)
    reports = [Report(title, body) for _, _, title, body in ended]
    if not ended:
        return there or id_ == article.id
    if any(says(offered.report, report) for report in reports):
        return True
    is_state = any(is_state_of(offered.report, report) for report in reports)
    called = _called(connection, offered)
    if called and id_ not in called:
        return False
    if called and any(alike(article.body, report.body) for report in reports):
        return True
    if there and (id_ == article.id or own_to(address, article.id, id_)):
        # Several may be at one address: one that is not there exactly, or tells of other things, is another.
        exactly = precise_address(article.url) in {precise_address(url) for _, url, *_ in ended}
        return is_state or (exactly and not offered.shared)
    if id_ == article.id:
        return any(_one_place(offered.origin, before) for before, *_ in ended)
    return is_state and not there


def _called(connection: sqlite3.Connection, offered: Offered) -> set[str]:
    """The ids of what its source called by the same name."""
    rows = connection.execute(
        "SELECT article FROM called WHERE origin = ? AND name = ?", (offered.origin, offered.name)
    )
    return {id_ for (id_,) in rows.fetchall()}


def _one_place(one: str, other: str) -> bool:
    """Whether one source gave both: the folder is one, whatever its files are called by now."""
    return one == other or not (one.startswith("/") or other.startswith("/"))
