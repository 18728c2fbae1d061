"""Pages of several publishers' shapes: what they state is taken, what they do not state is not invented."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.reading.sources import html_page
from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.walls import NoArticleText
from tests.support import strangers

URL = "https://www.gazette.example/harbour/ferry-late"
FIRST = "The ferry across the harbour was late on Monday, the Harbour Office said."
PARAGRAPHS = (
    FIRST,
    "“We are sorry,” said Ada Brook, who runs the service. “The engine had to be replaced.”",
    "Passengers waited for two hours in the rain, and some of them walked across the old bridge instead.",
    "The office promised to pay back fares of everybody who had bought a ticket for the morning crossings.",
)
NAV = "<nav><ul>" + "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(30)) + "</ul></nav>"
FOOTER = "<footer><p>© 2019 Gazette Media. All rights reserved.</p><p>Published by Gazette Media</p></footer>"


def page(head: str = "", above: str = "", below: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html><head>{head}</head><body>{NAV}<main><article>{above}{body}</article></main>{below}"
        f"{FOOTER}</body></html>"
    )


def meta(**contents: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{text}">' for name, text in contents.items())


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def read(html: str | bytes, url: str | None = URL) -> Article:
    return read_page(html, url).article


NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferry late &amp; passengers wet",
    "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
    "datePublished": "2024-05-17T08:30:00+02:00",
    "dateModified": "2024-05-17T09:00:00Z",
    "publisher": {"@type": "Organization", "name": "Harbour Gazette"},
    "isAccessibleForFree": True,
}


class TestText:
    def test_paragraphs_without_what_stands_around_them(self):
        noise = "<!-- a comment --><script>var x = '<p>not text</p>';</script><style>p { color: red }</style>"
        comments = '<div id="comments"><h2>Comments</h2><p>First! This reader never liked the ferry at all.</p></div>'
        html = page("<title>Ferry late</title>", f"<h1>Ferry late</h1>{noise}", comments)
        assert read(html).body == "\n\n".join(PARAGRAPHS)

    def test_links_and_emphasis_are_plain(self):
        opening = (
            '<a href="https://x.example">The <b>ferry</b></a> across the harbour was late on Monday, an office said.'
        )
        body = read(page(paragraphs=(opening, *PARAGRAPHS[1:]))).body
        assert body.startswith("The ferry across the harbour was late on Monday, an office said.\n\n“We are")

    def test_tables_are_left_out_unless_the_page_is_laid_out_in_one(self):
        rows = "".join(f"<tr><td>Crossing {n}</td><td>07:{n} in the morning</td></tr>" for n in range(10, 20))
        assert "07:1" not in read(page(paragraphs=(*PARAGRAPHS, f"</p><table>{rows}</table><p>", FIRST))).body
        laid_out = "<table><tr><td>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</td></tr></table>"
        body = read(f"<html><head><title>Ferry late</title></head><body>{laid_out}</body></html>").body
        assert FIRST in body
        assert "|" not in body

    @pytest.mark.parametrize(
        "html", ["", " ", "plain text", "<html></html>", f"<html><body>{NAV}</body></html>", page(paragraphs=("Hm.",))]
    )
    def test_a_page_without_an_article_says_so(self, html: str):
        with pytest.raises(NoArticleText, match="has no article text"):
            read_page(html, URL)

    def test_a_short_page_is_one_where_it_says_so(self):
        flash = page(linked(NEWS), paragraphs=("The ferry is late again today.",))
        assert read_page(flash, URL, least_words=80).article.body == "The ferry is late again today."
        undeclared = page("<title>Ferry</title>")
        read_page(undeclared, URL)
        with pytest.raises(NoArticleText):
            read_page(undeclared, URL, least_words=80)

    def test_nothing_is_fetched(self, monkeypatch: pytest.MonkeyPatch):
        def refuse(*args: object, **kwargs: object) -> None:
            raise AssertionError("the network was used")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert read(page(linked(NEWS))).title == "Ferry late & passengers wet"


class TestFields:
    @pytest.mark.parametrize(
        "value",
        [
            NEWS,
            [{"@type": "BreadcrumbList"}, NEWS],
            {"@graph": [{"@type": "WebSite", "name": "Other"}, NEWS | {"@type": ["NewsArticle", "Article"]}]},
            {
                "@graph": [
                    {"@type": "Organization", "@id": "#us", "name": "Harbour Gazette"},
                    NEWS | {"publisher": {"@id": "#us"}},
                ]
            },
            {"@type": "WebPage", "mainEntity": NEWS},
            [NEWS | {"headline": "Another", "mainEntityOfPage": "https://www.gazette.example/other"}, NEWS],
            {"@type": "ItemList", "itemListElement": [NEWS | {"headline": "Another"}], "mainEntity": NEWS},
        ],
    )
    def test_json_ld(self, value: object):
        found = read(page(linked(value) + meta(og__title="For sharing")))
        assert found.title == "Ferry late & passengers wet"
        assert found.source == "Harbour Gazette"
        assert found.published == datetime(2024, 5, 17, 8, 30, tzinfo=timezone(timedelta(hours=2)))
        assert found.updated == datetime(2024, 5, 17, 9, tzinfo=UTC)
        assert found.id == "https://gazette.example/harbour/ferry-late"
        assert found.url == URL

    @pytest.mark.parametrize(
        "text", ["{", "[" * 50_000, "null", '"x"', "[1, [2, {}]]", '{"@type": 3, "publisher": [4]}']
    )
    def test_json_ld_that_is_broken_costs_nothing_else(self, text: str):
        head = f'<script type="application/ld+json">{text}</script><title>Ferry late</title>'
        assert read(page(head)).title == "Ferry late"

    def test_json_ld_within_comment_marks(self):
        head = f'<script type="application/ld+json">//<![CDATA[\n{json.dumps(NEWS)}\n//]]></script>'
        assert read(page(head)).title == "Ferry late & passengers wet"

    def test_meta_tags_only(self):
        head = "<title>Ferry late | Harbour Gazette</title>" + meta(
            og__title="Ferry late | Harbour Gazette",
            og__site_name="Harbour Gazette",
            og__url="https://www.gazette.example/ferry?utm_source=x",
            article__published_time="2024-05-17T08:30:00Z",
            article__modified_time="2024-05-18",
        )
        found = read(page(head))
        assert (found.title, found.source) == ("Ferry late", "Harbour Gazette")
        assert (found.published, found.updated) == (datetime(2024, 5, 17, 8, 30, tzinfo=UTC), date(2024, 5, 18))
        assert (found.url, found.id) == (
            "https://www.gazette.example/ferry?utm_source=x",
            "https://gazette.example/ferry",
        )

    def test_an_amp_page_is_the_article_that_it_names(self):
        amp = page('<link rel="canonical" href="/harbour/ferry-late">' + linked(NEWS)).replace("<html>", "<html ⚡>")
        assert read(amp, URL + "/amp").url == URL
        cache = "https://www-gazette-example.cdn.ampproject.org/c/s/www.gazette.example/harbour/ferry-late/amp"
        absolute = page(f'<link rel="canonical" href="{URL}">')
        assert read(absolute, cache).url == URL
        assert read(page(), cache).id == read(absolute, cache).id == "https://gazette.example/harbour/ferry-late"

    def test_a_page_without_any_metadata(self):
        checked = read_page(page())
        found = checked.article
        assert (found.url, found.source, found.published, found.updated) == (None, None, None, None)
        assert found.id.startswith("sha256:")
        assert found.title == FIRST + " “We…"
        assert checked.left_out == ("it has no `title`; the article is kept under its opening words",)

    def test_the_outlet_is_the_registered_domain_where_none_is_named(self):
        assert read(page(), "https://news.gazette.co.uk/a").source == "gazette.co.uk"
        assert read(page(), "http://127.0.0.1:8000/a").source == "127.0.0.1"

    @pytest.mark.parametrize(
        ("claim", "believed"),
        [
            ("https://gazette.example/2024/other-story-late", True),
            ("https://news.gazette.example/a/other-story-late", True),
            ("https://stranger.example/other", False),
            ("https://www.gazette.example/", False),
            ("javascript:alert(1)", False),
            ("https://user@www.gazette.example/other", False),
            ("https://[", False),
            ("", False),
        ],
    )
    def test_a_canonical_address_is_believed_on_the_same_domain_only(self, claim: str, believed: bool):
        assert read(page(f'<link rel="Canonical" href="{claim}">')).url == (claim if believed else URL)

    def test_a_page_that_a_service_hands_on_is_at_the_address_that_both_name(self):
        claim = '<link rel="canonical" href="https://paper.example/2026/ferry-late">'
        for service in ("https://go.example/?q=https://paper.example/2026/ferry-late", "https://go.example/?q=ferry"):
            found = read(page(claim), service).url
            assert found == ("https://paper.example/2026/ferry-late" if "paper" in service else service)

    def test_blogs_on_one_host_are_strangers(self):
        claim = page('<link rel="canonical" href="https://one.blogspot.com/a">')
        assert read(claim, "https://two.blogspot.com/a").url == "https://two.blogspot.com/a"

    def test_what_is_not_free_to_read_is_named(self):
        checked = read_page(page(linked(NEWS | {"isAccessibleForFree": "False"})), URL)
        assert "not free to read" in checked.left_out[0]
        assert read_page(page(linked(NEWS)), URL).left_out == ()


class TestMetadataOfSomethingElse:
    """A page's own headline, date and outlet are not those of another article, whoever states them."""

    HEADS = "<title>Ferry late on Monday | Harbour Gazette</title>"
    H1 = "<h1>Ferry late on Monday</h1>"
    OTHER = NEWS | {
        "headline": "Bridge toll doubles",
        "mainEntityOfPage": "https://www.gazette.example/bridge-toll",
        "publisher": {"@type": "Organization", "name": "Bridge Herald"},
    }

    @pytest.mark.parametrize(
        "value",
        [
            OTHER,
            [OTHER, OTHER | {"headline": "Third story", "mainEntityOfPage": "https://gazette.example/third"}],
            {key: value for key, value in OTHER.items() if key != "mainEntityOfPage"},
            {"@graph": [{"@type": "WebSite", "name": "Gazette"}, OTHER]},
        ],
    )
    def test_json_ld_of_another_article_says_nothing(self, value: object):
        found = read(page(self.HEADS + linked(value), self.H1))
        assert (found.title, found.source, found.published) == ("Ferry late on Monday", "gazette.example", None)

    def test_the_object_with_this_pages_headline_is_found_among_others(self):
        own = NEWS | {"headline": "Ferry is late on Monday", "mainEntityOfPage": "https://www.gazette.example/"}
        found = read(page(self.HEADS + linked([self.OTHER, own]), self.H1))
        assert (found.title, found.source) == ("Ferry is late on Monday", "Harbour Gazette")

    def test_tags_for_sharing_that_a_template_left_are_not_believed(self):
        tags = meta(og__title="News from the coast", article__published_time="2020-01-01", og__type="article")
        found = read(page(self.HEADS + tags, self.H1))
        assert (found.title, found.published) == ("Ferry late on Monday", None)
        other = tags + meta(og__url="https://www.gazette.example/coast")
        assert read(page("<title>Ferry late</title>" + other)).published is None

    @pytest.mark.parametrize(
        ("head", "h1"),
        [
            (HEADS + meta(og__title="Harbour Gazette: all that the harbour talks about", og__type="article"), H1),
            (HEADS + meta(og__title="The Harbour Gazette", og__site_name="Harbour Gazette"), H1),
            ("<title>Gazette</title>" + meta(og__title="Gazette"), "<h1>Gazette</h1>" + H1),
            ("<title>Ferry late on Monday | Gazette</title>" + meta(og__title="Gazette – voice of the coast"), ""),
            ("<title>Voice of the coast</title>" + meta(og__title="Voice of the coast"), H1),
            (meta(og__title="Gazette | Voice of the coast"), H1),
        ],
    )
    def test_what_a_site_says_on_all_its_pages_is_no_headline(self, head: str, h1: str):
        assert read(page(head, h1)).title == "Ferry late on Monday"

    def test_the_outlets_name_is_a_title_where_there_is_no_other(self):
        assert read(page("<title>Gazette</title>")).title == "Gazette"

    def test_a_headline_worded_anew_for_sharing_is_believed(self):
        tags = meta(og__title="No boat to work on Monday", article__published_time="2024-05-17")
        found = read(page(self.HEADS + tags, self.H1))
        assert (found.title, found.published) == ("No boat to work on Monday", date(2024, 5, 17))

    @pytest.mark.parametrize("kind", ["Comment", "Event", "NewsArticle"])
    def test_microdata_of_another_item_dates_nothing(self, kind: str):
        item = (
            f'<div itemscope itemtype="https://schema.org/{kind}"><span itemprop="headline">Bridge toll</span>'
            '<meta itemprop="datePublished" content="2019-01-01"><time itemprop="datePublished">2019-01-01</time></div>'
        )
        assert read(page(self.HEADS, self.H1 + item)).published is None
        own = '<div itemscope itemtype="https://schema.org/NewsArticle"><h1>Ferry late</h1>'
        stated = f'{own}<meta itemprop="datePublished" content="2024-05-17"></div>'
        assert read(page(self.HEADS, stated)).published == date(2024, 5, 17)


class TestDates:
    @pytest.mark.parametrize("stated", ["1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1970-01-01"])
    def test_the_zero_of_clocks_is_no_date(self, stated: str):
        checked = read_page(page(linked(NEWS | {"datePublished": stated})), URL)
        assert checked.article.published is None
        assert "knows no date" in checked.left_out[0]

    @pytest.mark.parametrize(
        "told",
        [
            "The ferry opened on <time datetime='2019-05-02'>2 May</time>, the office said on Monday evening.",
            "It opened on <time datetime='2019-05-02'>2 May</time>.",
            "<b>Since <time datetime='2019-05-02'>that day</time></b> nobody has been seen at the pier at night.",
        ],
    )
    def test_a_time_that_is_told_of_is_not_when_it_was_told(self, told: str):
        published = "<div>Published on 3 May 2024</div>"
        assert read(page(above=f"<h1>Ferry late</h1>{published}<p>{told}</p>")).published is None
        stamp = "<p>By Ada Brook, <time datetime='2024-05-03'>3 May</time></p>"
        assert read(page(above=f"<h1>Ferry late</h1>{stamp}<p>{told}</p>")).published == date(2024, 5, 3)
        stamp = "<p>Published on <time datetime='2024-05-03'>3 May</time>.</p>"
        assert read(page(above=f"<h1>Ferry late</h1><p>{told}</p>{stamp}")).published == date(2024, 5, 3)

    def test_what_is_not_believable_is_left_out_and_named(self):
        for stated in ("2999-01-01", "1899-12-31", "yesterday", "03/04/2024"):
            checked = read_page(page(linked(NEWS | {"datePublished": stated})), URL)
            assert checked.article.published is None
            assert stated in checked.left_out[0]

    def test_the_next_statement_stands_in_for_an_unbelievable_one(self):
        head = linked(NEWS | {"datePublished": "0001-01-01T00:00:00"}) + meta(article__published_time="2024-05-17")
        assert read(page(head)).published == date(2024, 5, 17)

    @pytest.mark.parametrize(
        ("language", "wanted"), [("en-GB", date(2024, 4, 3)), ("en-US", date(2024, 3, 4)), ("en", None)]
    )
    def test_day_and_month_are_told_apart_by_the_pages_language(self, language: str, wanted: date | None):
        stated = page(linked(NEWS | {"datePublished": "03/04/2024"})).replace("<html", f'<html lang="{language}"', 1)
        assert read(stated).published == wanted

    def test_no_date_is_taken_from_the_text_or_the_copyright_line(self):
        text = ("Published on 12 March 2021. " + FIRST, *PARAGRAPHS[1:])
        assert read(page(paragraphs=text, below="<div>Posted 2020-01-02</div>")).published is None

    def test_the_path_of_the_address_may_state_it(self):
        assert read(page(), "https://gazette.example/2024/05/17/ferry").published == date(2024, 5, 17)
        assert read(page(), "https://gazette.example/harbour/2024/may/7/ferry").published == date(2024, 5, 7)
        for path in ("2024/05/ferry", "2024/13/17/ferry", "1234/05/17", "x2024/05/17/a", "2024/05/171"):
            assert read(page(), f"https://gazette.example/{path}").published is None

    @pytest.mark.parametrize(
        "box",
        [
            "<div><h3><a href='/n/2'>Mill burns</a></h3><p>{}</p></div>",
            "<li>{} <a href='/n/2'>The mill of Elder Hill burns down</a></li>",
            "<a href='/n/2'><h4>Mill burns</h4>{}</a>",
            "<div><a href='/n/2'>The mill of Elder Hill burns down</a><div><span>{}</span></div></div>",
        ],
    )
    @pytest.mark.parametrize(
        "time", ["<time {}>2 May</time>", "<time pubdate {}></time>", "<b itemprop='datePublished' {}>2</b>"]
    )
    def test_the_time_of_another_story_is_not_the_articles(self, box: str, time: str):
        stamp = box.format(time.format("datetime='2019-05-02'"))
        inside, beside = page(above=f"<h1>Ferry late</h1>{stamp}"), page(above="<h1>Ferry late</h1>", below=stamp)
        assert [read(each.replace("main>", "div>")).published for each in (inside, beside)] == [None, None]
        own = "<p><a href='/by/ada'>Ada Brook</a>, <time datetime='2024-05-03'>3 May</time></p>"
        assert read(page(above=f"<h1>Ferry late</h1>{own}", below=stamp)).published == date(2024, 5, 3)

    def test_time_elements_of_the_article_only(self):
        stamp = '<time datetime="2024-05-17T08:30:00+01:00">17 May</time>'
        other = '<aside><article><h3>Other</h3><time datetime="2023-01-01">old</time></article></aside>'
        found = read(page(above=f"<h1>Ferry late</h1>{stamp}", below=other))
        assert found.published == datetime(2024, 5, 17, 8, 30, tzinfo=timezone(timedelta(hours=1)))
        assert read(page(below=other)).published is None
        teasers = '<div><time datetime="2023-01-01">a</time><time datetime="2023-01-02">b</time></div>'
        assert read(page(below=teasers)).published is None


class TestEncodings:
    @pytest.mark.parametrize("stated", ["utf-8", "iso-8859-1", "windows-1252", "no-such", "unicode_escape", ""])
    @pytest.mark.parametrize("used", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_a_wrong_statement_is_seen_through(self, stated: str, used: str):
        html = page(f'<meta charset="{stated}"><title>Café “Zürich”</title>')
        found = read(html.encode(used, "replace" if used != "cp1252" else "xmlcharrefreplace"))
        assert found.title == "Café “Zürich”"
        assert "“We are sorry,” said" in found.body

    def test_accents_alone_are_western(self):
        text = "The minister’s café said “no” to the naïve plan — again."
        content = page('<meta charset="utf-8">', paragraphs=(text, *PARAGRAPHS)).encode("cp1252")
        assert text in read(content).body

    @pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp"])
    def test_other_scripts_are_read_as_stated_or_by_a_guess(self, encoding: str):
        text = "首相は火曜日、政府は計画を変更しないと述べた。"
        html = f"<html><head><title>首相</title></head><body><article><p>{text * 9}</p></article></body></html>"
        for header in (f"text/html; charset={encoding}", ""):
            assert text in read_page(html.encode(encoding), URL, content_type=header).article.body

    def test_one_damaged_character_is_no_other_encoding(self):
        content = page().encode().replace("“The".encode(), b"\xe2\x80The", 1)
        assert "“We are sorry,”" in read(content).body


class TestBounds:
    def test_a_page_that_is_too_large_is_named(self):
        with pytest.raises(ValueError, match="larger than 10 MB"):
            read_page(b"<p>" + b"x" * 10 * 1024 * 1024, URL)

    def test_a_page_of_too_many_elements_is_named(self):
        with pytest.raises(ValueError, match="more than 100,000 elements"):
            read(page(below="<br>" * 100_000))

    def test_deep_nesting_does_not_crash(self):
        deep = "<div>" * 50_000
        with pytest.raises(NoArticleText):
            read(f"<html><body>{deep}<p>{FIRST * 9}</p></body></html>")
        assert read(page(below=deep + "</div>" * 50_000)).body == "\n\n".join(PARAGRAPHS)

    @pytest.mark.parametrize(
        "html",
        [
            page('<script type="application/ld+json">{' + " " * 2_000_000 + "x</script>"),
            page(f'<link rel="canonical" href="https://gazette.example{"/amp" * 500_000}">'),
            page('<script type="application/ld+json">[' + "1," * 500_000 + "1]</script>"),
            page(f"<title>{'a - ' * 200_000}</title>"),
            page(meta(article__published_time="1 may " * 300_000)),
        ],
    )
    def test_time_does_not_grow_with_the_square_of_the_size(self, html: str):
        """Or the worker that reads it would be ended, and there would be no article."""
        assert FIRST in read(html).body

    def test_a_page_that_ends_its_reader_is_named(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(html_page, "_page", strangers.reads_or_ends)
        with pytest.raises(
            ValueError, match=r"^makes the program fail that reads it; save the article alone, as text$"
        ):
            read(page(below=strangers.TRAP))
        assert FIRST in read(page()).body

    async def test_the_event_loop_is_not_held(self):
        """Measured in what this process computes: how long the system lets it wait is not its doing."""
        large = page(
            above="".join(f"<div><p><b>{n}</b> walked across.{' Some ran.' * 30}</p></div>" for n in range(3_000))
        )
        read(page())
        began, gaps = time.process_time(), list[float]()
        reading = asyncio.create_task(asyncio.to_thread(read, large))
        while not reading.done():
            before = time.process_time()
            await asyncio.sleep(0.001)
            gaps.append(time.process_time() - before)
        assert "walked across" in (await reading).body
        assert max(gaps) < 0.05
        assert len(gaps) > 10
        assert time.process_time() - began < 1

    @given(st.one_of(st.text(), st.binary(), st.lists(st.sampled_from(page(linked(NEWS)).split(">"))).map(">".join)))
    def test_whatever_it_holds_there_is_an_article_or_a_reason(self, html: str | bytes):
        with suppress(ValueError):
            assert read_page(html, URL).article.body
