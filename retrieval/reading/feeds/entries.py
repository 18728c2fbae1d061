"""An entry of a feed as an article: from its own text, or from the page that it leads to. Nothing is fetched here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urljoin

from reader import Entry

from retrieval.article import Article, Day, instant
from retrieval.reading.feeds.dates import day_of
from retrieval.reading.feeds.markup import EntryText, html_text, lines_text
from retrieval.reading.feeds.reader_internals import EntryData
from retrieval.reading.feeds.titles import outlet_name, plain_title
from retrieval.reading.sources.fields import Checked, checked_article
from retrieval.reading.sources.html_page import read_page
from retrieval.text.addresses import article_id, canonical_url, is_front_page, link_as_written, web_url
from retrieval.text.days import believable_day
from retrieval.text.domains import registered_domain
from retrieval.text.tongues import told_language

_FULL_CONTENT = 700  # characters from which what a feed calls content is taken for the whole article
_FULL_SUMMARY = 1500  # and what it calls a summary, or description
_MAX_TITLE = 500  # characters, as `fields` checks


@dataclass(frozen=True, slots=True)
class OwnText:
    """What an entry says itself, as plain paragraphs; `full` tells whether that is the whole article."""

    text: str
    full: bool


def entry_url(entry: Entry) -> str | None:
    """The http(s) address that the entry leads to, made absolute; None if there is none of one article."""
    try:
        url = web_url(urljoin(entry.feed.link or entry.feed_url, link_as_written(entry.link))) if entry.link else None
    except ValueError:
        return None
    return None if url is None or is_front_page(url) else url


def is_publishers(entry: Entry, sites: frozenset[str]) -> bool:
    """Whether a feed that ever came from `sites` (registered domains) only came from that of the entry's page.

    Where it did not, its text is hearsay: anyone can serve a feed that links to another's page.
    """
    url = entry_url(entry)
    return url is None or sites == {registered_domain(canonical_url(url))}


def own_text(entry: Entry | EntryData) -> OwnText:
    """The longest text that the entry carries; empty if there is none."""
    address = entry.link or None
    contents = [_plain(each.value, each.type, address) for each in entry.content if each.value]
    content = max(contents, key=lambda each: len(each.text), default=EntryText("", False))
    summary = _plain(entry.summary or "", None, address)
    if len(content.text) >= len(summary.text):
        return OwnText(content.text, _is_full(content, _FULL_CONTENT))
    return OwnText(summary.text, _is_full(summary, _FULL_SUMMARY))


def _plain(text: str, kind: str | None, address: str | None) -> EntryText:
    return lines_text(text) if kind == "text/plain" else html_text(text, address)


def _is_full(written: EntryText, least: int) -> bool:
    return len(written.text) >= least and not written.cut_short


def source_of(entry: Entry, outlet: str | None) -> str | None:
    """The outlet of an entry: what it names as its source; that of the feed, if it is of the same site; else its site.

    A feed that collects from others is no outlet itself.
    """
    if entry.source and (named := plain_title(entry.source.title)):
        return outlet_name(named, [entry.source.link, entry.source.url]) or named[:100]
    url = entry_url(entry)
    site = registered_domain(canonical_url(url)) if url else None
    own = {registered_domain(canonical_url(each)) for each in (entry.feed_url, entry.feed.link) if each}
    return outlet if site is None or site in own else site


def article_of(
    entry: Entry,
    text: OwnText,
    *,
    origin: str,
    outlet: str | None,
    vouched: bool = True,
    language: str | None = None,
    now: datetime | None = None,
) -> Checked:
    """The article as the entry tells it, in its feed's `language` unless it says otherwise.

    What is not `vouched` for by the site of its page is no more than a summary, and told by the feed's own site. Raises
    ValueError with the reason if it is no article.
    """
    title = plain_title(entry.title)
    told_by = source_of(entry, outlet) if vouched else registered_domain(canonical_url(entry.feed_url))
    checked = checked_article(
        {
            "id": entry_id(entry, origin),
            "title": title if title and len(title) <= _MAX_TITLE else None,
            "text": text.text,
            "url": entry_url(entry),
            "source": told_by,
            "language": next((each.language for each in entry.content if each.language), language),
        }
    )
    published, updated = feed_days(entry, now)
    whole = text.full and vouched
    article = replace(checked.article, published=published, updated=updated, summary_only=not whole)
    return replace(checked, article=article)


def page_article_of(
    entry: Entry,
    html: bytes,
    url: str,
    *,
    content_type: str,
    origin: str,
    outlet: str | None,
    language: str | None = None,
    now: datetime | None = None,
) -> Checked:
    """The article that the entry's page, found at `url`, shows. Raises ValueError with the reason if it shows none.

    What the page says of its dates and language goes before what the feed says, which stands in where the page is
    silent. The headline is the page's, and the outlet what the entry's source is taken for.
    """
    checked = read_page(html, url, identifier=entry_id(entry, origin), content_type=content_type)
    article = checked.article
    source = source_of(entry, outlet)
    named_by_feed = source is not None and "." not in source
    published, updated = feed_days(entry, now)
    return replace(
        checked,
        article=replace(
            article,
            source=source if named_by_feed else article.source or source,
            published=_finer(article.published, published),
            updated=_finer(article.updated, updated),
            language=article.language or (language and told_language(language, article.body)),
        ),
    )


def entry_id(entry: Entry, origin: str) -> str:
    """The article's id: the entry's address; of one without, a hash of what its feed calls it, which stays."""
    return article_id(entry_url(entry), origin, entry.id)


def feed_days(entry: Entry, now: datetime | None = None) -> tuple[Day | None, Day | None]:
    """Published and updated, as far as they can be believed.

    An Atom entry that has but one date calls it `updated`; that is when it came out, then.
    """
    published, updated = _believed(entry.published, now), _believed(entry.updated, now)
    if published is None:
        return updated, None
    return published, updated if updated is not None and instant(updated) > instant(published) else None


def _believed(moment: datetime | None, now: datetime | None) -> Day | None:
    day = day_of(moment)
    try:
        return believable_day(day.isoformat(), now) if day else None
    except ValueError:
        return None


def _finer(page: Day | None, feed: Day | None) -> Day | None:
    """The page's day, with the feed's time of that day where the page has none."""
    if page is None:
        return feed
    is_plain = isinstance(page, date) and not isinstance(page, datetime)
    same_day = isinstance(feed, datetime) and feed.astimezone(UTC).date() == page
    return feed if is_plain and same_day else page


def is_better(page: Article, text: OwnText, *, vouched: bool = True) -> bool:
    """Whether the page's text is more than the summary that the feed carries; a paywall's stub is not.

    A text that nobody vouches for may be of any length: from `_FULL_CONTENT` characters on the page is believed.
    """
    wanted = len(text.text) if vouched else min(len(text.text), _FULL_CONTENT)
    return len(page.body) >= wanted
