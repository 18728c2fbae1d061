"""What stands on an article's page and is not the article: readers' comments, other articles, boxes.

Taken out of the tree before anything is read from it, so that neither its text nor its dates and headlines are taken
for the article's. What is recognised by name or heading goes only where enough text is left without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from retrieval.reading.markup import drop
from retrieval.reading.sources.page_text import HEADINGS
from retrieval.text.controls import storable_line

_BY_READERS = (
    r"comments?|commentary-?list|commentlist|commentaires?|comentarios?|comentários?|commenti|kommentare?|kommentarer"
    r"|komentarze|reacties|reactions?|replies|responses?|respond|discussions?|diskussion(?:en)?|disqus(?:-thread)?"
    r"|livefyre|hyvor|commento|talkback|guestbook|forum|conversations?|leser-?(?:briefe?|kommentare?"
    r"|meinung(?:en)?|post|forum|stimmen)|(?:reader-?(?:s-)?|user-?(?:s-)?)(?:comments?|letters|posts|views|reactions"
    r"|reviews|opinions|forum)|your-?(?:comments?|opinions?|thoughts|views|say)|courrier-?des-?lecteurs"
    r"|avis-?des-?lecteurs|opiniones|meningen|insandare|kommentit|kommentarfelt|komentare|yorumlar|[ck]ommentarii"
)
_BOXES = (
    r"related|recommended|recommendations?|read-?(?:more|next|also)|also-?read|see-?also|more-?(?:on|from|stories|news)"
    r"|most-?(?:read|popular|viewed|shared)|trending|outbrain|taboola|sponsored|newsletters?|sign-?up|subscribe"
    r"|mehr-?zum-?thema|lesen-?sie-?auch|weiterlesen|lire-?aussi|voir-?aussi|ver-?tambien|lees-?ook|leggi-?anche"
    r"|promos?|share|sharing|social|ads?|advert|advertisement|anzeige|werbung|publicite|publicidad|breadcrumbs?|cookie-?banner"
)
_PART = (
    r"sections?|list|area|threads?|wrap(?:per)?|container|block|box|forms?|widget|module|panel|links?|articles?|stories"
    r"|posts?|content|bar|tools|buttons?|items?|group|holder|embed|inline|card|slot|unit|region|root|app|\d+"
)
# Classes of a whole page, or of a post in a topic, name these things as well.
_OF_THE_PAGE = r"(?:no|has|with|without|is|show|hide|enable|allow|category|tag|topic|type|format|page|taxonomy|term)-"
_NAMED = re.compile(rf"(?!{_OF_THE_PAGE})(?:[a-z0-9]+-){{0,3}}(?:{_BY_READERS}|{_BOXES})(?:-(?:{_PART})){{0,3}}")
_READERS_HEADING = re.compile(
    r"[\d.,\s]*(?:(?:show|view|hide|open|see|load) )?(?:reader(?:s’|s'|’s|'s)? |user |your |latest |all |join the )?"
    r"(?:comments?|posts|replies|responses|conversation|discussion|reactions|letters(?: to the editor)?|views|opinions"
    r"|thoughts|commentaires?|réactions|comentarios|comentários|commenti|kommentare?|leserbriefe|lesermeinungen"
    r"|diskussion|reacties|kommentarer|kommentit|komentarze|komentáře|yorumlar|комментари(?:и|ев|й)|коментарі|σχόλια"
    r"|コメント|评论|留言|댓글|تعليقات|(?:readers|users) (?:say|write|comment)|what (?:our )?readers say"
    r"|what (?:do )?you think|leave a (?:comment|reply)|have your say|ihre meinung|schreiben sie einen kommentar)"
    r"[\s(:\d.,)?]*"
    # As WordPress heads them: 3 thoughts on “Ferry sails again”.
    r"|(?:\d{1,5}|one|ein|une?|un[oa]?) (?:thoughts?|responses?|replies|reply|comments?|antwort(?:en)?|kommentare?"
    r"|gedanken?|commentaires?|réponses?|réflexions?|respuestas?|comentarios?|comentários?|respostas?|risposte|commenti"
    r"|pensieri|reacties?|gedachten?|kommentarer?|svar|tankar|komentarz\w{0,3}|комментари\w{0,3})"
    r" \w{1,7} [“„«\"‘'].{1,160}",
    re.IGNORECASE,
)
_BOX_HEADING = re.compile(
    r"(?:related(?: (?:articles?|stories|links?|news|content|topics|coverage))?|read (?:more|next|also)|more (?:on|from"
    r"|news|stories)\b.{0,40}|most (?:read|popular|viewed)|recommended(?: .{0,30})?|you (?:may|might) (?:also )?like"
    r"|see also|also read|trending(?: now)?|in other news|sign up .{0,60}|(?:our |get the )?newsletters?|mehr zum thema"
    r"|lesen sie auch|auch interessant|das könnte sie (?:auch )?interessieren|meistgelesen|lire aussi|à lire aussi"
    r"|sur le même sujet|les plus lus|lee también|también te puede interesar|más leídas|leggi anche|lees ook|meer over"
    r".{0,30}|leia também)\s*:?",
    re.IGNORECASE,
)
_NAMING = ("id", "class", "data-component", "data-testid", "data-test", "data-qa")
_CONTAINERS = "div section aside ul ol form details article footer figure table dl p".split()
_LEAST_LEFT = 30  # words: with fewer left, what was recognised was the article after all
_LEAST_ARTICLE = 50  # words in two paragraphs make an `<article>` with the headline the whole article
_LEAST_HEADLINE = 4  # words
_TEASER = 80  # words at most


def take_away_surroundings(tree: HtmlElement, url: str | None) -> None:
    """Take out of `tree`, the page at `url`, what is no part of its article."""
    _without_other_articles(tree, url)
    words = prose_words(tree)
    for element in [*_foreign(tree, url)]:
        if not _within(tree, element) or _holds_the_headline(element):
            continue
        inside = prose_words(element)
        if words - inside >= min(_LEAST_LEFT, words // 3):
            words -= inside
            element.drop_tree()
    captions = [*tree.iter("figcaption")]
    if sum(len(each.text_content().split()) for each in captions) < prose_words(tree):  # else they are the article
        for each in captions:
            drop(each)


def _foreign(tree: HtmlElement, url: str | None) -> Iterator[HtmlElement]:
    for element in tree.iter():
        if not isinstance(element.tag, str) or not (element.tag in _CONTAINERS or "-" in element.tag):
            continue
        label = storable_line(element.get("aria-label") or "")
        if (
            any(map(_NAMED.fullmatch, names_of(element)))
            or (label and (_is_readers(label) or _is_box(label)))
            or "comment" in (element.get("role"), element.get("itemprop"))
            or "schema.org/Comment" in (element.get("itemtype") or "")
        ):
            yield element
    yield from (each for each in tree.iter("p") if _is_link_elsewhere(each, url))
    for heading in tree.iter("h2", "h3", "h4", "h5", "h6", "summary"):
        text = storable_line(heading.text_content())
        if (readers := _is_readers(text)) or _is_box(text):
            yield from _below(heading, everything=readers)


def _is_link_elsewhere(paragraph: HtmlElement, url: str | None) -> bool:
    """Whether a paragraph among others is the headline of another story, and nothing but a link to it."""
    links = [*paragraph.iter("a")]
    text = storable_line(paragraph.text_content())
    if len(links) != 1 or len(text.split()) < _LEAST_HEADLINE or text[-1] in '.!?…”"':
        return False
    return storable_line(links[0].text_content()) == text and leads_away(links[0].get("href", ""), url)


def _is_readers(heading: str) -> bool:
    return len(heading) <= 200 and bool(_READERS_HEADING.fullmatch(heading))


def _is_box(heading: str) -> bool:
    return len(heading) <= 80 and bool(_BOX_HEADING.fullmatch(heading))


def names_of(element: HtmlElement) -> list[str]:
    """What an element is called: its tag, id, classes and marks for tests, as words with hyphens between them."""
    names = [element.tag, *(name for each in _NAMING for name in (element.get(each) or "").split())]
    return [_spelled(name) for name in names[:30] if len(name) <= 60]


def _spelled(name: str) -> str:
    """A class or id as words: "articleComments_list" is "article-comments-list"."""
    return re.sub(r"[_-]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)).strip("-").lower()


def _below(heading: HtmlElement, *, everything: bool) -> Iterator[HtmlElement]:
    """The box that the heading begins; where it has none of its own, the heading and what follows."""
    if (box := box_below(heading)) is not None:
        yield box
        return
    following = [*heading.itersiblings()]
    yield from [heading, *(following if everything else [each for each in following[:1] if _is_links(each)])]


def box_below(heading: HtmlElement) -> HtmlElement | None:
    """The outermost box that the heading begins; None where it begins none."""
    box = None
    for each in heading.iterancestors():
        if each.tag not in _CONTAINERS or _before(heading, each):
            break
        box = each
    return box


def _before(inner: HtmlElement, outer: HtmlElement) -> bool:
    """Whether text stands in `outer` before `inner`."""
    at = inner
    while at is not outer:
        for earlier in at.itersiblings(preceding=True):
            if earlier.text_content().strip() or (earlier.tail or "").strip():
                return True
        at = cast(HtmlElement, at.getparent())
        if (at.text or "").strip():
            return True
    return False


def _is_links(element: HtmlElement) -> bool:
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return 2 * linked > len(element.text_content().strip())


def prose_words(tree: HtmlElement) -> int:
    """Words in paragraphs, and in lines of their own that are no links."""
    return sum(len(each.text_content().split()) for each in tree.iter("p", "li", "blockquote") if not _is_links(each))


def _holds_the_headline(element: HtmlElement) -> bool:
    return element.find(".//h1") is not None or element.find(".//main") is not None


def _without_other_articles(tree: HtmlElement, url: str | None) -> None:
    """Leave the `<article>` under the page's headline alone on the page; where there is none, take out the teasers."""
    articles = cast("list[HtmlElement]", list(tree.iter("article")))
    main = _main_article(tree, articles)
    if main is not None:
        kept = {*main.iterancestors(), main, *main.iterdescendants()}
        for article in articles:
            if article not in kept and _within(tree, article):
                article.drop_tree()
        if len(list(main.iter("p"))) > 1 and prose_words(main) >= _LEAST_ARTICLE:
            _leave_alone(main)
    if len(articles) > 1:
        teasers = [article for article in articles if article is not main and _is_teaser(article, url)]
        for teaser in teasers:
            if _within(tree, teaser):
                teaser.drop_tree()


def _within(tree: HtmlElement, element: HtmlElement) -> bool:
    """Whether nothing around the element has been taken out, and it is not all there is."""
    return element.getparent() is not None and element.getroottree().getroot() is tree.getroottree().getroot()


def _main_article(tree: HtmlElement, articles: list[HtmlElement]) -> HtmlElement | None:
    """The innermost `<article>` that holds the page's headline: the only h1, or that which its title names."""
    held = [
        (article, heading) for article in articles for heading in article.iter("h1") if _nearest(heading) is article
    ]
    if len(held) > 1:
        stated = [tree.findtext(".//title") or "", *(m.get("content") or "" for m in _sharing_titles(tree))]
        held = [(article, heading) for article, heading in held if _is_stated(heading, stated)]
    return held[0][0] if len(held) == 1 else None


def _nearest(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("article"), None)


def _sharing_titles(tree: HtmlElement) -> list[HtmlElement]:
    return cast("list[HtmlElement]", tree.xpath("//meta[@property='og:title' or @name='twitter:title']"))


def _is_stated(heading: HtmlElement, titles: list[str]) -> bool:
    text = storable_line(heading.text_content()).casefold()
    return bool(text) and any(text in storable_line(title).casefold() for title in titles)


def _leave_alone(main: HtmlElement) -> None:
    """Take away what stands beside `main` within the page's body; its head, and what says when and whose, stays."""
    for around in [main, *main.iterancestors()]:
        parent = around.getparent()
        if around.tag == "body" or parent is None:
            break
        for sibling in [*parent]:
            if sibling is not around and sibling.tag in _CONTAINERS and not _holds_the_headline(sibling):
                sibling.drop_tree()


def _is_teaser(article: HtmlElement, url: str | None) -> bool:
    """Whether an `<article>` is a few words that lead to another page, by a link in or around its heading."""
    if len(article.text_content().split()) > _TEASER:
        return False
    headings = [*article.iter(*HEADINGS)]
    links = [link for heading in headings for link in (*heading.iter("a"), *heading.iterancestors("a"))]
    links += list(article.iterancestors("a"))
    if not headings:
        links += [link for link in article.iter("a") if 2 * len(link.text_content()) > len(article.text_content())]
    return any(leads_away(link.get("href", ""), url) for link in links)


def leads_away(href: str, url: str | None) -> bool:
    """Whether a link on the page at `url` leads to another page."""
    if not href or href.startswith(("#", "javascript:", "mailto:")):
        return False
    try:
        there, here = urlsplit(urljoin(url or "", href.strip())), urlsplit(url or "")
    except ValueError:
        return False
    return there.path.rstrip("/") != here.path.rstrip("/")
