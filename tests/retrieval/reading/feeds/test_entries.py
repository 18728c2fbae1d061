"""From an entry, as publishers fill it in, to an article."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader import Content, Entry, EntrySource, Feed

from retrieval.article import Article
from retrieval.reading.feeds.entries import (
    article_of,
    entry_id,
    entry_url,
    feed_days,
    is_better,
    own_text,
    page_article_of,
    source_of,
)
from retrieval.reading.feeds.markup import is_cut_short, plain_lines, plain_text
from retrieval.reading.feeds.titles import outlet_name, plain_title

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SENTENCE = "The ferry left the harbour at dawn with forty people and a piano on board. "
LONG = "".join(f"<p>{SENTENCE * 4}</p>" for _ in range(4))
ORIGIN = "/feed/https://feeds.example.com/rss"
FEED = Feed("https://feeds.example.com/rss", title="Harbour Post", link="https://www.example.com/")


def entry(**fields) -> Entry:
    return Entry(**{"id": "1", "title": "A title", "link": "https://www.example.com/a", "feed": FEED, **fields})


class TestTitles:
    @pytest.mark.parametrize(
        ("written", "wanted"),
        [
            ("Tom &amp; Jerry", "Tom & Jerry"),
            ("A <b>bold</b> claim", "A bold claim"),
            ("A <a href='x'>link</a>,<br/>broken", "A link, broken"),
            ("Mayor <s>resigns</s> stays", "Mayor stays"),
            ("A billion is 10<sup>9</sup>, in short", "A billion is 10⁹, in short"),
            ("Two lines<br>of one", "Two lines of one"),
            ("The <div> tag turns thirty", "The <div> tag turns thirty"),
            ("Why <code>&lt;table&gt;</code> is <em>back</em>", "Why <table> is back"),
            ("“<b>” for “<strong>”, <i>again</i>", "“<b>” for “<strong>”, again"),
            ("A <b>bold claim that is cut", "A bold claim that is cut"),
            ("Play <Parasol> opens, 5 < 6 & 7 > 3", "Play <Parasol> opens, 5 < 6 & 7 > 3"),
            ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
            ("AT&T", "AT&T"),
            ("Caf&eacute; &#8220;Mar&#8221;", "Café “Mar”"),
            ("  two\n lines ", "two lines"),
            ("A &lt;script&gt; tag", "A <script> tag"),
            ("<b></b>", None),
            ("", None),
            (None, None),
        ],
    )
    def test_are_plain_text(self, written: str | None, wanted: str | None) -> None:
        assert plain_title(written) == wanted

    def test_of_many_tags_are_read_in_time(self) -> None:
        began = time.perf_counter()
        plain_title("<b>" * 200_000)
        assert time.perf_counter() - began < 20

    def test_that_are_none_give_way_to_the_opening_words(self) -> None:
        text = own_text(entry(summary=LONG))
        for title in (None, "", "x" * 501):
            checked = article_of(entry(title=title, summary=LONG), text, origin=ORIGIN, outlet=None)
            assert checked.article.title.startswith("The ferry left the harbour")


class TestTexts:
    @pytest.mark.parametrize(
        ("markup", "wanted"),
        [
            ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
            ("One.<br><br>Two.<br/>Three.", "One.\n\nTwo.\n\nThree."),
            ("<div>One <b>and</b> a <a href='x'>half</a>.</div>Two.", "One and a half.\n\nTwo."),
            ("<ul><li>First</li><li></li><li>Second</li></ul>", "- First\n\n- Second"),
            ("<p>One.</p><script>alert(1)</script><style>p{}</style><!-- no -->tail", "One.\n\ntail"),
            ("<figure><img src=x><figcaption>Caption</figcaption></figure><p>One.</p>", "One."),
            ("a &lt; b &amp;amp; c", "a < b &amp; c"),
            ("<p>One.</p><p>The post <a>One</a> appeared first on <a>Post</a>.</p>", "One."),
            ("<p>One.</p><p><a href=x>Continue reading...</a></p><p>12 Comments</p>", "One."),
            ("<p>One… Weiterlesen »</p>", "One…"),
            ("<p>One.</p><p>Lire la suite sur le site</p>", "One."),
            ("<p>One.</p><p>More than forty came, and read on.</p>", "One.\n\nMore than forty came, and read on."),
            ("<p>It hurt <del>nine</del> two in 10<sup>4</sup>.</p>", "It hurt two in 10⁴."),
            ("What it cost\n\nThe wheel is oak.\n\nIt <b>turns</b>.", "What it cost\n\nThe wheel is oak.\n\nIt turns."),
            ("<p>The wheel\n\nis oak.</p>", "The wheel is oak."),
            ("<pre>One.\nTwo.</pre>", "One.\n\nTwo."),
            (
                "The wheel was\nmade of oak by\nOle Falk.\nIt turns\nnow.",
                "The wheel was made of oak by Ole Falk.\n\nIt turns now.",
            ),
            ("Harbour Post<br>3 Quay Street<br>Alder", "Harbour Post\n\n3 Quay Street\n\nAlder"),
            ("<table><tr><td>A</td><td>B</td></tr></table>", "A\n\nB"),
            ('<?xml version="1.0" encoding="utf-8"?><p>One.</p>', "One."),
            ("no markup", "no markup"),
            ("<!-- only -->", ""),
            ("   ", ""),
        ],
    )
    def test_keep_their_paragraphs(self, markup: str, wanted: str) -> None:
        assert plain_text(markup) == wanted

    @given(st.text(max_size=300))
    def test_of_any_kind_are_read(self, markup: str) -> None:
        for text in (plain_text(markup), plain_lines(markup), plain_title(markup) or ""):
            assert text == text.strip()
            assert "\n\n\n" not in text
        is_cut_short(markup)

    @given(st.lists(st.text("abcdeéß ,.", min_size=1).filter(str.strip), min_size=1, max_size=6))
    def test_lose_no_word(self, paragraphs: list[str]) -> None:
        markup = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        assert plain_text(markup).split() == " ".join(paragraphs).split()

    def test_that_are_nested_without_end_are_read(self) -> None:
        assert plain_text("<div>" * 20_000 + "deep") in ("deep", "")

    def test_without_markup_have_theirs(self) -> None:
        assert plain_lines("One\nline.\n\nTwo < 3.") == "One line.\n\nTwo < 3."
        assert plain_lines("One.\r\nTwo.") == "One.\n\nTwo."

    @pytest.mark.parametrize(
        ("content", "summary", "full"),
        [
            (LONG, "Short.", True),
            ("<p>Short.</p>", "", False),
            (LONG + "<p>And so on [&#8230;]</p>", "", False),
            (LONG + "<p>And so it goes…</p>", "", False),
            ("", LONG * 2, True),
            ("", LONG, False),
            ("<p>Short.</p>", LONG * 2, True),
            ("", "", False),
        ],
    )
    def test_are_the_whole_article_or_not(self, content: str, summary: str, full: bool) -> None:
        contents = [Content(content, "text/html")] if content else []
        text = own_text(entry(content=contents, summary=summary))
        assert text.full is full
        if full or content or summary:
            article = article_of(entry(), text, origin=ORIGIN, outlet=None).article if text.text else None
            assert article is None or article.summary_only is not full

    @pytest.mark.parametrize(
        ("ending", "full"),
        [
            ("<p><a href='https://www.example.com/a'>Continue reading on our site</a></p>", False),
            ("<p>Read the full story at <a href='/b'>Harbour Post</a></p>", False),
            ("<p><a href='/a?utm_source=rss'>Den hele historie</a></p>", False),
            ("<p>The story continues on our site</p>", False),
            ("<p>To read the rest of this story, visit our site</p>", False),
            ("<p>Visit the paper's pages for the full text of the Post</p>", False),
            ("<p>… <a href='/a'>mehr</a></p>", False),
            ("<p>(Continued)</p>", False),
            ("<p>The story continues to move people, he said, and more of them come every year.</p>", True),
            ("<p>To read more was all that she wanted, and she never asked for the rest of it.</p>", True),
            ("<p>Weiterlesen auf hafenpost.example</p>", False),
            ("<p>Read more: <a href='/b'>Ferries sail again</a></p>", True),
            ("<p><a href='/a#comments'>12 comments</a></p>", True),
            ("<p><a href='/a'>Permalink</a></p>", True),
            ("<p>The post <a href='/a'>A title</a> appeared first on <a href='/'>Harbour Post</a>.</p>", True),
            ("<p>He would not tell the whole story.</p>", True),
        ],
    )
    def test_that_invite_to_read_on_are_no_whole_article(self, ending: str, full: bool) -> None:
        text = own_text(entry(content=[Content(LONG + ending, "text/html")]))
        assert text.full is full
        assert text.text.startswith("The ferry left the harbour")
        assert not text.text.endswith(("site", "Post", "historie", "example"))

    def test_that_are_plain_stay_as_they_are(self) -> None:
        text = own_text(entry(content=[Content("if a < b and c > d", "text/plain")]))
        assert text.text == "if a < b and c > d"


class TestOutlets:
    @pytest.mark.parametrize(
        ("title", "address", "wanted"),
        [
            ("BBC News", "https://www.bbc.co.uk/news", "BBC News"),
            ("World news | The Guardian", "https://www.theguardian.com/world", "The Guardian"),
            ("NPR Topics: News", "https://www.npr.org/", "NPR"),
            (
                "Al Jazeera – Breaking News, World News and Video from Al Jazeera",
                "https://www.aljazeera.com",
                "Al Jazeera",
            ),
            (
                "France 24 - International breaking news, top stories and headlines",
                "https://www.france24.com/en/",
                "France 24",
            ),
            ("Harbour Post - RSS Feed", "https://harbourpost.example.com/", "Harbour Post"),
            ("Harbour Post &amp; Mail", "https://x.example.org/", "Harbour Post & Mail"),
            ("Latest news - RSS feed", "https://www.example.com/", "example.com"),
            ("World | Politics", "https://www.example.com/", "example.com"),
            ("", "https://news.example.co.uk/x", "example.co.uk"),
            (None, None, None),
        ],
    )
    def test_are_named_as_people_know_them(self, title: str | None, address: str | None, wanted: str | None) -> None:
        assert outlet_name(title, [address]) == wanted

    def test_of_a_planet_are_those_of_its_entries(self) -> None:
        assert source_of(entry(), "Harbour Post") == "Harbour Post"
        assert source_of(entry(link="https://other.org/a"), "Harbour Post") == "other.org"
        named = entry(link="https://other.org/a", source=EntrySource("https://other.org/feed", None, "The Other"))
        assert source_of(named, "Harbour Post") == "The Other"


class TestAddresses:
    @pytest.mark.parametrize(
        ("link", "wanted"),
        [
            ("https://www.example.com/a", "https://www.example.com/a"),
            ("/b?x=1", "https://www.example.com/b?x=1"),
            ("https://www.example.com/", None),
            ("javascript:alert(1)", None),
            ("http://user@example.com/a", None),
            ("http://[", None),
            ("", None),
            (None, None),
        ],
    )
    def test_are_those_of_one_article(self, link: str | None, wanted: str | None) -> None:
        assert entry_url(entry(link=link)) == wanted

    def test_make_the_id(self) -> None:
        tracked = entry(link="http://example.com/a?utm_source=rss#top")
        assert entry_id(tracked, ORIGIN) == entry_id(entry(), ORIGIN) == "https://example.com/a"
        assert entry_id(entry(link=None), ORIGIN) == entry_id(entry(link=None, title="Changed"), ORIGIN)
        assert entry_id(entry(link=None), ORIGIN) != entry_id(entry(link=None, id="2"), ORIGIN)
        assert entry_id(entry(link=None), ORIGIN) != entry_id(entry(link=None), "/feed/other")


class TestDays:
    EARLY, LATE = datetime(2026, 5, 1, 8, tzinfo=UTC), datetime(2026, 5, 1, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("published", "updated", "wanted"),
        [
            (EARLY, None, (EARLY, None)),
            (EARLY, LATE, (EARLY, LATE)),
            (EARLY, EARLY, (EARLY, None)),
            (LATE, EARLY, (LATE, None)),
            (None, LATE, (LATE, None)),
            (None, None, (None, None)),
            (NOW + timedelta(days=2), EARLY, (EARLY, None)),
            (datetime(1899, 12, 31, tzinfo=UTC), None, (None, None)),
            (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), (None, None)),
        ],
    )
    def test_are_believed_where_they_can_be(
        self, published: datetime | None, updated: datetime | None, wanted: tuple[datetime | None, datetime | None]
    ) -> None:
        assert feed_days(entry(published=published, updated=updated), NOW) == wanted

    @given(st.none() | st.datetimes(timezones=st.just(UTC)), st.none() | st.datetimes(timezones=st.just(UTC)))
    def test_are_never_invented(self, published: datetime | None, updated: datetime | None) -> None:
        days = [day for day in feed_days(entry(published=published, updated=updated), NOW) if day is not None]
        assert all(day in (published, updated) for day in days)
        assert all(isinstance(day, datetime) and day.tzinfo for day in days)
        assert all(day.year >= 1900 and day <= NOW + timedelta(days=1) for day in days)

    @pytest.mark.parametrize(
        ("stated", "wanted"),
        [
            ("2026-04-30T10:00:00+02:00", datetime(2026, 4, 30, 8, tzinfo=UTC)),
            ("2026-05-01", EARLY),
            ("2026-04-30", date(2026, 4, 30)),
            ("2099-01-01", EARLY),
            (None, EARLY),
        ],
    )
    def test_of_the_page_go_before_those_of_the_feed(self, stated: str | None, wanted: date) -> None:
        meta = f'<meta property="article:published_time" content="{stated}">' if stated else ""
        html = f"<html><head>{meta}</head><body><article><h1>A title</h1>{LONG}</article></body></html>".encode()
        known = entry(published=self.EARLY)
        checked = page_article_of(
            known, html, "https://www.example.com/a", content_type="", origin=ORIGIN, outlet="Post"
        )
        assert checked.article.published == wanted
        assert checked.article.source == "Post"
        assert checked.article.id == entry_id(known, ORIGIN)
        assert not checked.article.summary_only


def test_a_paywalls_stub_is_no_better_than_the_summary() -> None:
    text = own_text(entry(summary=SENTENCE * 2))
    assert is_better(Article("1", "A title", SENTENCE * 3), text)
    assert not is_better(Article("1", "A title", "Subscribe to read on."), text)


def test_without_any_text_there_is_no_article() -> None:
    with pytest.raises(ValueError, match="text"):
        article_of(entry(), own_text(entry()), origin=ORIGIN, outlet=None)
