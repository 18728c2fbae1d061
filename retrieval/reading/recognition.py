"""Whether an article that is offered is known already. Decided here, from all that speaks for it and against it.

A source's own name for it (a feed's guid) may be one for all its entries, or another one at every poll. An address may
be that of a section, of a list of notices, or differ from others in nothing but `#post-7` or `?ref=881`. A text may be
one of many made from a template. None of them is believed alone where another one contradicts it: whoever takes two
articles for one loses one of them, and whoever takes one for two shows it twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from retrieval.article import Article
from retrieval.index.sections import Within, id_within, is_elsewhere
from retrieval.index.store import NEXT
from retrieval.reading.offered import KNOWN, Known, Offered, first_known, known_of, report_of
from retrieval.text.addresses import own_address, precise_address
from retrieval.text.likeness import Report, alike, copies, other_facts, same_words
from retrieval.text.shingles import bands

_MAX_ID = 500  # characters, as `fields` checks
CANDIDATES = 50
"""How many articles, those that share the most bands, are compared with one: of a template there may be thousands."""


def recognised(connection: sqlite3.Connection, offered: Offered, holds: Within) -> Known | None:
    """What the article is known as; None when it is new."""
    has = _or_waits(holds)
    return (
        _by_name(connection, offered, has)
        or _by_id(connection, offered, has)
        or _at_address(connection, offered, has)
        or _in_words(connection, offered, has)
        or same_text(connection, replace(offered.article, id=offered.id), holds)
    )


def _or_waits(holds: Within) -> Within:
    """As `holds`, and of what the folder has and waits for its generation (`index.waiting`): it takes nobody's place.

    Only by its text alone it is not found yet, which has no bands so far.
    """
    return replace(holds, holds=lambda key, born: holds.holds(key, born) or born >= NEXT)


def remember(connection: sqlite3.Connection, offered: Offered, id_: str, found: str | None) -> None:
    """That its source calls the article `id_` by the name it has here, and where it was `found`."""
    if offered.name is not None:
        row = (offered.origin, id_, offered.name, found)
        connection.execute("INSERT OR REPLACE INTO called (origin, article, name, found) VALUES (?, ?, ?, ?)", row)


def where_found(connection: sqlite3.Connection, origin: str, id_: str) -> str | None:
    """Where `origin` last found the article `id_`, if not where its link leads."""
    row = connection.execute("SELECT found FROM called WHERE origin = ? AND article = ?", (origin, id_)).fetchone()
    return row and row[0]


def free_id(connection: sqlite3.Connection, offered: Offered, holds: Within) -> str:
    """An id that no other article has: its own, unless that is only its address and another one is, or was, there."""
    article = offered.article
    address, has = own_address(article.url), _or_waits(holds)
    for own in filter(None, (article.id, precise_address(article.url))):
        id_ = id_within(own, offered.section)
        taken = first_known(connection, "id = ?", id_, has, "id") is not None or is_elsewhere(connection, id_, holds)
        if own != article.id or own == address:
            taken |= connection.execute("SELECT 1 FROM withdrawn WHERE id = ?", (id_,)).fetchone() is not None
        if not taken and len(id_) <= _MAX_ID:
            return id_
    told = "\n".join([offered.origin, offered.name or "", article.title, article.body])
    return id_within("sha256:" + hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32], offered.section)


# --- by what its source calls it -----------------------------------------------------------------------


def _by_name(connection: sqlite3.Connection, offered: Offered, holds: Within) -> Known | None:
    if offered.name is None:
        return None
    rows = connection.execute(
        "SELECT article FROM called WHERE origin = ? AND name = ? ORDER BY article", (offered.origin, offered.name)
    )
    for (id_,) in rows.fetchall():
        known = first_known(connection, "id = ?", id_, holds, "name")
        if known and _still_called_so(connection, offered, known):
            return known
    return None


def _still_called_so(connection: sqlite3.Connection, offered: Offered, known: Known) -> bool:
    """Whether what has the name of a known article is that article. Names are given anew, too, and to many.

    At another address it has to say much the same, and of the same things unless it is of the same day: a headline
    that is corrected takes its address along, and so does the bulletin of another day.
    """
    article, report = offered.article, report_of(connection, known.key)
    here, there = precise_address(article.url), precise_address(known.url)
    titled = _same_title(article.title, report.title)
    if here == there and here is not None and not offered.shared:
        return True
    if not (alike(article.body, report.body) or (titled and (here == there or _is_summary(article, known)))):
        return False
    return here == there or not _other_days(article, known) or not other_facts(offered.report, report)


def _by_id(connection: sqlite3.Connection, offered: Offered, holds: Within) -> Known | None:
    """By an id that was given by hand, or made of what it says; what is made of an address says no more than that."""
    article = offered.article
    if article.id == own_address(article.url):
        return None
    known = first_known(connection, "id = ?", offered.id, holds, "id")
    if known and offered.name is not None and not _still_called_so(connection, offered, known):
        return None
    return known


# --- by where it is ------------------------------------------------------------------------------------


def _at_address(connection: sqlite3.Connection, offered: Offered, holds: Within) -> Known | None:
    """The article at the same address that says the same; the one that is there, if nothing speaks against it."""
    there = _live_at(connection, own_address(offered.article.url), holds)
    if not there:
        return None
    reports = {known.id: report_of(connection, known.key) for known in there}
    names = _names(connection, offered.origin, [known.id for known in there])
    shared = offered.shared or len(there) > 1
    # What its source tells apart at one address is one only if it is told in the same words.
    rivals = [known for known in there if shared and offered.name and known.id in names]
    same = [known for known in rivals if _same_notice(offered.report, reports[known.id])]
    others = [known for known in there if known not in rivals]
    same += [known for known in others if says(offered.report, reports[known.id])]
    if same:
        return same[0]
    return next(
        (
            known
            for known in others
            if _is_there(offered, known, reports[known.id], shared=shared, name=names.get(known.id))
        ),
        None,
    )


def _same_notice(one: Report, other: Report) -> bool:
    return _same_title(one.title, other.title) and same_words(one.body, other.body)


def _names(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, str]:
    """What a source calls articles, by their ids."""
    rows = connection.execute(
        "SELECT article, name FROM called WHERE origin = ? AND article IN (SELECT value FROM json_each(?))",
        (origin, json.dumps(ids)),
    )
    return dict(rows.fetchall())


def _live_at(connection: sqlite3.Connection, address: str | None, holds: Within) -> list[Known]:
    if address is None:
        return []
    places = (address, id_within(address, holds.section))
    rows = connection.execute(f"{KNOWN} (canonical = ?1 OR id = ?2) ORDER BY key", places).fetchall()
    there: dict[str, Known] = {}
    for born, *columns in rows:
        if holds(columns[0], born):
            known = known_of(columns, "address")
            there.setdefault(known.id, known)  # once, if another version of it waits
    return list(there.values())


def _is_there(offered: Offered, known: Known, report: Report, *, shared: bool, name: str | None) -> bool:
    """Whether what does not say the same as the article at its address is that article all the same.

    `name` is what the source of what is offered calls that one, if it has one for it.
    """
    article = offered.article
    titled = _same_title(article.title, report.title)
    if shared or precise_address(article.url) != precise_address(known.url):
        # The address is that of several, or may be another one: what it says has to be much the same.
        told = titled and (_is_summary(article, known) or alike(article.body, report.body))
        return told and not other_facts(offered.report, report)
    if not own_to(known.address, article.id, known.id):
        return False
    # A file of pages may have the address of their section for all of them.
    told_apart = known.origin == offered.origin if offered.name is None else name not in (None, offered.name)
    return not told_apart or titled or alike(article.body, report.body)


def own_to(address: str | None, *ids: str) -> bool:
    """Whether the address tells one article from all others: an id was made from it, or for want of one."""
    return any(id_.startswith(("sha256:", address or " ")) for id_ in ids)


def is_contested(connection: sqlite3.Connection, offered: Offered, found: str, holds: Within) -> bool:
    """Whether another article is at the address that a page, `found` elsewhere, names as its own."""
    here = own_address(found)
    claim = own_address(offered.article.url)
    has = _or_waits(holds)
    if claim == here or _by_name(connection, offered, has):
        return False
    there = _live_at(connection, claim, has)
    return bool(there) and not any(is_state_of(offered.report, report_of(connection, known.key)) for known in there)


def only_claimed(
    connection: sqlite3.Connection, claim: str | None, holds: Within, owner: Offered | None
) -> Iterator[tuple[Known, str]]:
    """The articles at an address where they were not found themselves, each with where it was; no state of `owner`."""
    for known in _live_at(connection, own_address(claim), holds):
        found = where_found(connection, known.origin, known.id)
        if not found or own_address(found) in (None, known.address):
            continue
        if owner is None or not is_state_of(owner.report, report_of(connection, known.key)):
            yield known, found


# --- by what it says -----------------------------------------------------------------------------------


def _in_words(connection: sqlite3.Connection, offered: Offered, holds: Within) -> Known | None:
    """The notice without an address that the same source told in the same words, whatever it called that."""
    if offered.name is None or own_address(offered.article.url) is not None:
        return None
    rows = connection.execute(
        f"{KNOWN} canonical IS NULL AND origin = ? AND title = ?", (offered.origin, offered.article.title)
    )
    for born, *columns in rows.fetchall():
        known = known_of(columns, "words")
        if holds(known.key, born) and same_words(offered.article.body, report_of(connection, known.key).body):
            return known
    return None


def same_text(connection: sqlite3.Connection, article: Article, holds: Within) -> Known | None:
    """The article, of another id and no copy itself, that holds the same report; the earliest read one if several."""
    numbers = bands(article.body) if holds.folds else []
    if not numbers:
        return None
    rows = connection.execute(
        "SELECT a.key, a.born FROM band b JOIN article a ON a.key = b.article"
        " WHERE b.number IN (SELECT value FROM json_each(?))"
        " AND a.died IS NULL AND a.copy_of IS NULL AND a.id <> ?"
        " GROUP BY a.key ORDER BY count(*) DESC, a.key",
        (json.dumps(numbers), article.id),
    )
    report = Report(article.title, article.body)
    for key, born in sorted(islice((row for row in rows if holds.has(row[0])), CANDIDATES)):
        if holds(key, born) and copies(report, report_of(connection, key)):
            return first_known(connection, "key = ?", key, holds, "text")
    return None


def original_of(article: Article, holds: Within) -> str | None:
    """The id of the article that holds the same report; None when there is none."""
    known = same_text(holds.connection, article, holds)
    return known.id if known else None


def same_article(connection: sqlite3.Connection, article: Article, known: Known) -> bool:
    """Whether two sources that give one id mean one article: it has the same address, or the same text."""
    if known.address and known.address == own_address(article.url):
        return True
    return says(Report(article.title, article.body), report_of(connection, known.key))


def says(one: Report, other: Report) -> bool:
    """Whether one says what the other does; texts that are too short to be compared by their runs of words agree in
    every one.
    """
    return (same_words(one.body, other.body) and not other_facts(one, other)) or copies(one, other)


def is_state_of(one: Report, other: Report) -> bool:
    """Whether both may be states of one article."""
    if says(one, other):
        return True
    return _same_title(one.title, other.title) and alike(one.body, other.body) and not other_facts(one, other)


def _same_title(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _is_summary(article: Article, known: Known) -> bool:
    return article.summary_only or known.summary_only


def _other_days(article: Article, known: Known) -> bool:
    days = [day for day in (article.published, known.published) if day is not None]
    return len({day.astimezone(UTC).date() if isinstance(day, datetime) else day for day in days}) > 1


def rewritten(connection: sqlite3.Connection, article: Article, known: Known) -> bool:
    """Whether one source that gives one id twice tells the same story anew: under its title, or in much the same words.

    This is laxer than `same_article`, for a correction may leave little of a short text.
    """
    report = report_of(connection, known.key)
    return _same_title(report.title, article.title) or alike(article.body, report.body)


def had_before(connection: sqlite3.Connection, article: Article) -> bool:
    """Whether a version of the article that has been replaced since said just this."""
    row = connection.execute(
        "SELECT 1 FROM article WHERE id = ? AND hash = ? AND died IS NOT NULL", (article.id, article.content_hash)
    ).fetchone()
    return row is not None
