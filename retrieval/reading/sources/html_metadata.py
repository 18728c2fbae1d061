"""What a page says of itself, in JSON-LD and meta tags, before anything is guessed from its text."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from retrieval.reading.sources.html_times import ARTICLE_TYPE, is_articles, stated_times
from retrieval.reading.sources.html_titles import Titles
from retrieval.text.addresses import address_within, canonical_url, is_front_page, web_url
from retrieval.text.controls import storable_line
from retrieval.text.days import believable_day, day_in_path, iso_day
from retrieval.text.domains import registered_domain
from retrieval.text.headlines import AGREE, shared
from retrieval.text.tongues import normalised
from retrieval.text.written_days import Habits, habits_of

_LONGEST_ADDRESS = 2048  # characters
_LONGEST_SECTION = 24  # characters of an address's last part
_PARTS = re.compile(r"[^\W_]+")
_PUBLISHED = """
    article:published_time datepublished og:article:published_time og:published_time article.published parsely-pub-date
    sailthru.date cxenseparse:recs:publishtime bt:pubdate dc.date.issued dcterms.issued dcterms.date dc.date
    dcterms.created article_date_original originalpublicationdate publication_date publish-date publish_date
    publishdate pubdate pub_date citation_publication_date date
""".split()
_TITLE = ["og:title", "twitter:title", "headline", "dc.title"]
_UPDATED = """
    article:modified_time datemodified og:updated_time og:article:modified_time article.updated dcterms.modified
    dc.date.modified lastmod last-modified
""".split()
_SITE_TYPE = re.compile(r"^WebSite$|Organization$")
_LINKED_DATA = ".//script[contains(@type, 'ld+json')]"


@dataclass(frozen=True, slots=True)
class PageFields:
    """What a page says of itself; dates in ISO 8601 where they are believable, else as written."""

    title: str | None
    url: str | None
    source: str | None
    published: str | None
    updated: str | None
    free: bool
    declared: bool
    """Whether the page declares itself one article."""
    language: str | None
    """A tag that names the language of its text; None if no usable one does."""


def page_fields(tree: HtmlElement, url: str | None) -> PageFields:
    """Title, address, outlet and dates that the page in `tree`, read from `url`, states."""
    metas = _metas(tree)
    objects = list(_linked_data(tree))
    address = _address(tree, metas, url)
    titles = Titles.of(tree, _named(metas, _TITLE), _outlets(metas, objects), url or address)
    elsewhere = bool(metas.get("og:url") and (url or address)) and (
        canonical_url(metas["og:url"]) != canonical_url(url or address or "")
    )
    if of_another := titles.is_of_another(elsewhere):
        metas = {
            name: content for name, content in metas.items() if not name.startswith(("og:t", "twitter:", "article"))
        }
    article = _article_object(objects, address, [*titles.shown, *_named(metas, ["og:title"])])
    source = _source(metas, article, objects, address)
    published = [*_texts(article, "datePublished"), *_named(metas, _PUBLISHED), *stated_times(tree, url)]
    published += [*_texts(article, "dateCreated"), *filter(None, [day_in_path(urlsplit(address or "").path)])]
    updated = [*_texts(article, "dateModified"), *_named(metas, _UPDATED)]
    language = next(iter(_languages(tree, metas)), None)
    habits = habits_of([*published, *updated], language=language, addresses=[address])
    return PageFields(
        title=titles.best(_texts(article, "headline"), of_another=of_another),
        url=address,
        source=source,
        published=_believed(published, habits),
        updated=_believed(updated, habits),
        free=str(article.get("isAccessibleForFree")).lower() != "false",
        declared=bool(article) or metas.get("og:type") == "article",
        language=next(filter(normalised, [*_texts(article, "inLanguage"), *_languages(tree, metas)]), None),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta tag, by its name in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        if meta.get("itemprop") and not is_articles(meta):
            continue
        name = next(filter(None, (meta.get(each) for each in ("property", "name", "itemprop", "http-equiv"))), "")
        content = storable_line(meta.get("content", ""))
        if content:
            found.setdefault(name.strip().lower(), content)
    return found


def _languages(tree: HtmlElement, metas: dict[str, str]) -> list[str]:
    """The language and country of the page as it states them, the most telling statement first."""
    named = [tree.get("lang"), tree.get("xml:lang"), *(metas.get(name) for name in ("og:locale", "content-language"))]
    return [each for each in named if each]


def _named(metas: dict[str, str], names: Iterable[str]) -> list[str]:
    return [metas[name] for name in names if name in metas]


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, object]]:
    """The JSON-LD objects on the page's own level, those of a `@graph` included; lists of other pages are not."""
    for script in cast("list[HtmlElement]", tree.xpath(_LINKED_DATA)):
        text = (script.text or "").strip()
        for mark in ("//", "<!--", "<![CDATA[", "//"):  # of the days when browsers showed what they did not know
            text = text.removeprefix(mark).lstrip()
        for mark in ("-->", "]]>", "//", ";"):
            text = text.removesuffix(mark).rstrip()
        try:
            waiting: deque[object] = deque([json.loads(text, strict=False)])
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.popleft()
            if isinstance(value, list):
                waiting.extendleft(reversed(value))
            elif isinstance(value, dict):
                yield value
                waiting += [value[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in value]


def _article_object(
    objects: Sequence[dict[str, object]], address: str | None, headlines: Sequence[str]
) -> dict[str, object]:
    """The object of this page's article: that which names the page's address, else its headline.

    One that names neither is believed if it is the only one; what names another page and another headline is not.
    """
    articles = [each for each in objects if any(map(ARTICLE_TYPE.search, _strings(each.get("@type"))))]
    here = canonical_url(address) if address else None
    silent: list[dict[str, object]] = []
    agreeing: list[dict[str, object]] = []
    for each in articles:
        places = {canonical_url(place) for name in ("url", "mainEntityOfPage", "@id") for place in _texts(each, name)}
        if here in places:
            return each
        named = [*_texts(each, "headline"), *_texts(each, "name"), *_texts(each, "alternativeHeadline")]
        if any(shared(one, other) >= AGREE for one in named for other in headlines):
            agreeing.append(each)
        elsewhere = [place for place in places if place.startswith("https://") and not is_front_page(place)]
        if not (named and headlines) and not (here and elsewhere):
            silent.append(each)
    return next(iter(agreeing or silent), {})


def _strings(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _texts(item: dict[str, object], name: str) -> list[str]:
    """The texts of a property: its string, the strings in its list, or the `@id`, `name` or `@value` of its objects."""
    value = item.get(name)
    texts: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            each = next((each[key] for key in ("name", "@value", "@id", "url") if isinstance(each.get(key), str)), None)
        if isinstance(each, str) and each.strip():
            texts.append(storable_line(html.unescape(each)))
    return texts


def _address(tree: HtmlElement, metas: dict[str, str], url: str | None) -> str | None:
    """The page's canonical address where it can be believed, else `url`.

    Not believed are one under another registered domain, which may be anybody's claim, unless the page came by a
    service whose address leads there, and the front page or a section of the outlet, which careless sites name on
    every page.
    """
    links = cast("list[HtmlElement]", tree.xpath(".//link[@rel and @href]"))
    claims = [link.get("href", "") for link in links if "canonical" in link.get("rel", "").lower().split()]
    own = registered_domain(canonical_url(url)) if url else None  # canonical: not an AMP cache's domain
    handed_on = canonical_url(address_within(url or "") or "") or None
    for claim in [*claims, *_named(metas, ["og:url"])]:
        if len(claim) > _LONGEST_ADDRESS:
            continue
        try:
            address = web_url(urljoin(url or "", claim.strip()))
        except ValueError:
            continue
        is_own = (own is None or registered_domain(address) == own) and not _names_several(address, url)
        if is_own or canonical_url(address) == handed_on:
            return address
    return url


def _names_several(claim: str, url: str | None) -> bool:
    """Whether what a page at `url` calls its own address is more likely that of a section, or of the outlet.

    That is an address above the page's own, or one whose last part is short and no number (`/news`, `/de/politik`),
    where the page's own has nothing of it.
    """
    if is_front_page(claim):
        return True
    address, here = canonical_url(claim), canonical_url(url or "")
    if not url or address == here:
        return False
    claimed, own = urlsplit(address), urlsplit(here)
    if own.path.startswith(f"{claimed.path}/"):
        return True
    named = _last_part(claimed.path)
    parts = _PARTS.findall(named)
    if claimed.query or len(named) > _LONGEST_SECTION or len(parts) > 2 or re.search(r"\d", named):
        return False
    return own.path == claimed.path or set(parts).isdisjoint(_PARTS.findall(_last_part(own.path)))


def _last_part(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0].casefold()


def _outlets(metas: dict[str, str], objects: Sequence[dict[str, object]]) -> list[str]:
    """What the outlet is called."""
    sites = [each for each in objects if any(map(_SITE_TYPE.search, _strings(each.get("@type"))))]
    publishers = [name for each in objects for name in _texts(each, "publisher")]
    return [
        *_named(metas, ["og:site_name", "application-name"]),
        *(n for e in sites for n in _texts(e, "name")),
        *publishers,
    ]


def _source(
    metas: dict[str, str], article: dict[str, object], objects: Sequence[dict[str, object]], address: str | None
) -> str | None:
    names = _named(metas, ["og:site_name"])
    publisher = article.get("publisher")
    for each in publisher if isinstance(publisher, list) else [publisher]:
        if isinstance(each, dict):
            same = [each, *(other for other in objects if each.get("@id") and other.get("@id") == each.get("@id"))]
            names += [html.unescape(name) for other in same for name in _strings(other.get("name"))]
    names += _named(metas, ["application-name"])
    named = next((storable_line(name) for name in names if name.strip() and len(name) <= 100), None)
    return named or (registered_domain(canonical_url(address)) if address else None)


def _believed(candidates: Sequence[str], habits: Habits) -> str | None:
    """The first candidate that is a believable date; failing that the first, so that it is named with its reason."""
    for candidate in candidates:
        written = iso_day(candidate, habits)
        try:
            believable_day(written)
        except ValueError:
            continue
        return written
    return iso_day(candidates[0]) if candidates else None
