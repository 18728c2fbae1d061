"""For whom feeds are read, as the store of articles has it: who joins a feed gets what others have of it by then.

Two files cannot be changed at once. So what a reader reads is noted in the store of articles before its feed delivers,
and that it reads it no more before the feed is told: what is in between when a process dies is put right here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrieval.index.sections import NEWS, Section, id_anywhere, sections, unread
from retrieval.index.store import LIVE, Store
from retrieval.index.stored import ARTICLE, stored_article
from retrieval.reading.arrival import Arrival
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.withdrawals import IN_SECTION


def drop_unread(feeds: Feeds, store: Store) -> None:
    """Have no feed deliver into sections that nobody reads, or that are another one's."""
    with feeds.store.changing:
        listed = feeds.every()  # before it is looked who reads them: that was noted first
        known = {section.number: section for section in sections(store)}
        unread_now = unread(store)
        for feed in listed:
            wrong = [
                each for each in feed.sections if each in unread_now or not _may_have(known.get(each), feed.origin)
            ]
            if wrong or not feed.sections:
                feeds.deliver_less(feed.url, wrong)


def _may_have(section: Section | None, origin: str) -> bool:
    """Whether a feed may deliver into a section: in another store of articles its number may be another one's."""
    return section is not None and (section.shared or section.name == origin)


def joins(feeds: Feeds) -> list[tuple[str, str, int, int]]:
    """By address and origin: which section joins a feed, and which one has of it what there is."""
    found: list[tuple[str, str, int, int]] = []
    with feeds.store.open() as reader:
        for feed in reader.get_feeds():
            state = feeds.store.state(reader, feed.url)
            there = [section for section in state.sections if section not in state.joining]
            found += [(feed.url, state.origin, section, there[0]) for section in state.joining if there]
    return found


def there_by_now(store: Store, origin: str, section: int, joining: int) -> Iterator[Arrival]:
    """What a section holds of a feed, as it arrives in another one, without asking its publisher."""
    rows = store.connection().execute(
        f"SELECT c.name, c.found, {ARTICLE} FROM article a"
        " LEFT JOIN called c ON c.origin = :origin AND c.article = a.id"
        " WHERE (a.origin = :origin OR a.id IN (SELECT article FROM called WHERE origin = :origin))"
        f" AND {LIVE} AND {IN_SECTION} ORDER BY a.key",
        {"origin": origin, "section": section, "generation": store.generation().number},
    )
    for name, found, *columns in rows.fetchall():
        if stored := stored_article(columns):
            article = stored.article
            own = article if section == NEWS else replace(article, id=id_anywhere(article.id))
            yield Arrival(origin=origin, article=own, name=name, found=found, section=joining)
