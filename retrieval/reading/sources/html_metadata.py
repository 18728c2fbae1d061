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

from retrieval.reading.sources.page_text import BLOCKS
from retrieval.text.addresses import canonical_url, is_front_page, web_url
from retrieval.text.controls import storable_line
from retrieval.text.days import believable_day, day_in_path, iso_day
from retrieval.text.domains import registered_domain
from retrieval.text.headlines import AGREE, shared
from retrieval.text.written_days import Habits, habits_of

_ARTICLE_TYPE = re.compile(r"Article$|BlogPosting$|^Report$|^Review$|^LiveBlogPosting$")
_LONGEST_ADDRESS = 2048  # characters
_LONGEST_SECTION = 24  # characters of an address's last part
_PARTS = re.compile(r"[^\W_]+")
_MAX_TITLE = 500  # characters, as `fields` checks
_PUBLISHED = """
    article:published_time datepublished og:article:published_time og:published_time article.published parsely-pub-date
    sailthru.date cxenseparse:recs:publishtime bt:pubdate dc.date.issued dcterms.issued dcterms.date dc.date
    dcterms.created article_date_original originalpublicationdate publication_date publish-date publish_date
    publishdate pubdate pub_date citation_publication_date date
""".split()
_UPDATED = """
    article:modified_time datemodified og:updated_time og:article:modified_time article.updated dcterms.modified
    dc.date.modified lastmod last-modified
""".split()
_STATED_TIME = (".//*[@itemprop='datePublished']", ".//time[@pubdate]")
_ANY_TIME = ".//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]"
_TIME_OF_ARTICLE = _ANY_TIME.replace(".//time", ".//article[.//h1]//time")
# A line around a time that is more than its label is a sentence that speaks of that time.
_LABEL_WORDS = 8
_LABELLED = re.compile(
    r"\W*(?:first |last )?(?:published|posted|updated|created|modified|veröffentlicht|aktualisiert|erschienen|stand"
    r"|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|opublikowano|publicerad"
    r"|by |von |par )",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\W*\Z")
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


def page_fields(tree: HtmlElement, url: str | None) -> PageFields:
    """Title, address, outlet and dates that the page in `tree`, read from `url`, states."""
    metas = _metas(tree)
    objects = list(_linked_data(tree))
    address = _address(tree, metas, url)
    headlines = page_headlines(tree)
    if _is_of_another(metas, headlines, url or address):
        metas = {
            name: content for name, content in metas.items() if not name.startswith(("og:t", "twitter:", "article"))
        }
    article = _article_object(objects, address, [*headlines, *_named(metas, ["og:title"])])
    source = _source(metas, article, objects, address)
    published = [*_texts(article, "datePublished"), *_named(metas, _PUBLISHED), *_times(tree)]
    published += [*_texts(article, "dateCreated"), *filter(None, [day_in_path(urlsplit(address or "").path)])]
    updated = [*_texts(article, "dateModified"), *_named(metas, _UPDATED)]
    language = tree.get("lang") or metas.get("og:locale") or metas.get("content-language")
    habits = habits_of([*published, *updated], language=language, addresses=[address])
    return PageFields(
        title=_title(headlines, tree, metas, article, source),
        url=address,
        source=source,
        published=_believed(published, habits),
        updated=_believed(updated, habits),
        free=str(article.get("isAccessibleForFree")).lower() != "false",
        declared=bool(article) or metas.get("og:type") == "article",
    )


def page_headlines(tree: HtmlElement) -> list[str]:
    """What the page itself shows as its headline: its only h1, and what its tab says."""
    headings = [storable_line(heading.text_content()) for heading in tree.iterfind(".//h1")]
    head = tree.find(".//title")
    shown = [
        *(headings if len(headings) == 1 else []),
        *([storable_line(head.text_content())] if head is not None else []),
    ]
    return [headline for headline in shown if headline]


def _is_of_another(metas: dict[str, str], headlines: Sequence[str], address: str | None) -> bool:
    """Whether the tags for sharing are of another page: template or plugin left those of the site, or of a section.

    Headlines for sharing are worded anew, so it takes an h1 and a title that agree with each other against them, or
    another page's address beside.
    """
    title = metas.get("og:title", "")
    if not title or not headlines or any(shared(title, headline) > 0 for headline in headlines):
        return False
    elsewhere = bool(metas.get("og:url") and address) and canonical_url(metas["og:url"]) != canonical_url(address or "")
    return elsewhere or (len(headlines) == 2 and shared(*headlines) >= AGREE)


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta tag, by its name in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        if meta.get("itemprop") and not _is_articles(meta):
            continue
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = storable_line(meta.get("content", ""))
        if content:
            found.setdefault(name.strip().lower(), content)
    return found


def _is_articles(element: HtmlElement) -> bool:
    """Whether a microdata property is of the page's article: of no item, or of one that holds the page's headline."""
    scope = next((each for each in element.iterancestors() if "itemscope" in each.attrib), None)
    if scope is None:
        return True
    kind = (scope.get("itemtype") or "").rstrip("/").rpartition("/")[2]
    if kind in ("WebPage", ""):
        return True
    heading = element.getroottree().find(".//h1")
    inside = heading is None or scope in heading.iterancestors()
    return bool(_ARTICLE_TYPE.search(kind)) and (inside or scope.find(".//*[@itemprop='headline']") is None)


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
    articles = [each for each in objects if any(map(_ARTICLE_TYPE.search, _strings(each.get("@type"))))]
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

    Not believed are one under another registered domain, which may be anybody's claim, and the front page or a section
    of the outlet, which careless sites name on every page.
    """
    links = cast("list[HtmlElement]", tree.xpath(".//link[@rel and @href]"))
    claims = [link.get("href", "") for link in links if "canonical" in link.get("rel", "").lower().split()]
    own = registered_domain(canonical_url(url)) if url else None  # canonical: not an AMP cache's domain
    for claim in [*claims, *_named(metas, ["og:url"])]:
        if len(claim) > _LONGEST_ADDRESS:
            continue
        try:
            address = web_url(urljoin(url or "", claim.strip()))
        except ValueError:
            continue
        if not _names_several(address, url) and (own is None or registered_domain(address) == own):
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


def _title(
    headlines: Sequence[str], tree: HtmlElement, metas: dict[str, str], article: dict[str, object], source: str | None
) -> str | None:
    candidates = [
        *_texts(article, "headline"),
        *_named(metas, ["og:title", "twitter:title", "headline", "dc.title"]),
        *headlines,
        *(storable_line(heading.text_content()) for heading in tree.iterfind(".//h1")),
    ]
    titles = (_without_outlet(title, source) for title in candidates)
    return next((title for title in titles if title and len(title) <= _MAX_TITLE), None)


def _without_outlet(title: str, source: str | None) -> str:
    for sign in "|–—·-":
        ending = f" {sign} {source}"
        if source and title.casefold().endswith(ending.casefold()):
            return title[: -len(ending)].rstrip()
    return title


def _times(tree: HtmlElement) -> list[str]:
    """When the page's own `<time>` says it was published; others may be of related articles, or of what is told."""
    for path in _STATED_TIME:
        for element in cast("list[HtmlElement]", tree.xpath(path)):
            text = element.get("datetime") or element.get("content") or storable_line(element.text_content())
            if text and _is_articles(element):
                return [text]
    times = [time for time in cast("list[HtmlElement]", tree.xpath(_TIME_OF_ARTICLE)) if not _is_told(time)]
    if times:
        return [times[0].get("datetime", "")]
    times = [time for time in cast("list[HtmlElement]", tree.xpath(_ANY_TIME)) if not _is_told(time)]
    stamps = {time.get("datetime", "") for time in times}
    return list(stamps) if len(stamps) == 1 else []


def _is_told(time: HtmlElement) -> bool:
    """Whether a sentence tells of the time, which is no day of publication then: "It opened on <time>Monday</time>"."""
    around = next((each for each in time.iterancestors() if each.tag in BLOCKS), time)
    if around.tag in ("body", "article", "main", "section"):
        return False
    line = storable_line(around.text_content())
    rest = line.replace(storable_line(time.text_content()), "", 1)
    if _LABELLED.match(line) and len(rest.split()) <= 2 * _LABEL_WORDS:
        return False
    return len(rest.split()) > _LABEL_WORDS or bool(rest.strip(" .") and _SENTENCE_END.search(rest))


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
