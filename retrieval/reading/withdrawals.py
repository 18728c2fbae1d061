"""Whether an article that is offered was taken out, by hand or by its publisher, and is to stay out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from retrieval.index.sight import SECTION
from retrieval.reading.offered import Offered
from retrieval.reading.recognition import is_state_of, own_to, says
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
SELECT w.id, w.canonical, w.reason FROM withdrawn w
  WHERE (w.id = :id OR w.canonical = :address) AND w.section = :section
UNION SELECT w.id, w.canonical, w.reason FROM called c JOIN withdrawn w ON w.id = c.article
  WHERE c.origin = :origin AND c.name = :name AND w.section = :section
UNION SELECT w.id, w.canonical, w.reason FROM withdrawn w JOIN article a ON a.id = w.id WHERE :address IS NULL
  AND :name IS NOT NULL AND w.canonical IS NULL AND w.section = :section AND a.origin = :origin AND a.title = :title
"""
IN_SECTION = f"{SECTION} = :section"
"""Of `article a`, that it is of a section."""


def withdrawn(connection: sqlite3.Connection, offered: Offered) -> Withdrawal | None:
    """The mark that keeps an article out which was withdrawn by hand, or by its publisher; None if there is none.

    Another source may have used its id, or its section's address, for an article of its own.
    """
    address = own_address(offered.article.url)
    places = {"id": offered.id, "address": address, "origin": offered.origin, "section": offered.section}
    rows = connection.execute(_MARKS, {**places, "name": offered.name, "title": offered.article.title}).fetchall()
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
        return there or id_ == offered.id
    if any(says(offered.report, report) for report in reports):
        return True
    is_state = any(is_state_of(offered.report, report) for report in reports)
    called = _called(connection, offered)
    if called and id_ not in called:
        return False
    if called and any(alike(article.body, report.body) for report in reports):
        return True
    if there and (id_ == offered.id or own_to(address, offered.id, id_)):
        # Several may be at one address: one that is not there exactly, or tells of other things, is another.
        exactly = precise_address(article.url) in {precise_address(url) for _, url, *_ in ended}
        return is_state or (exactly and not offered.shared)
    if id_ == offered.id:
        return any(_one_place(offered.origin, before) for before, *_ in ended)
    return is_state and not there


def _called(connection: sqlite3.Connection, offered: Offered) -> set[str]:
    """The ids of what its source called by the same name, within its section."""
    rows = connection.execute(
        "SELECT c.article FROM called c WHERE c.origin = :origin AND c.name = :name"
        f" AND EXISTS (SELECT 1 FROM article a WHERE a.id = c.article AND {IN_SECTION})",
        {"origin": offered.origin, "name": offered.name, "section": offered.section},
    )
    return {id_ for (id_,) in rows.fetchall()}


def _one_place(one: str, other: str) -> bool:
    """Whether one source gave both: the folder is one, whatever its files are called by now."""
    return one == other or not (one.startswith("/") or other.startswith("/"))
