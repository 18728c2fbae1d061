"""Feeds and lists that break the rules: what can be read of them is, what cannot is said, and nothing is guessed."""

from __future__ import annotations

import io
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Day, Failure
from retrieval.errors import FeedUnusable
from retrieval.reading.arrival import Arrival
from retrieval.reading.feeds.dates import day_of
from retrieval.reading.feeds.entries import own_text
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.mending import entry_spans
from retrieval.reading.feeds.opml import MOST_FEEDS, Outline, outlines
from retrieval.reading.feeds.parsing import CheckedParser
from retrieval.reading.feeds.poll import poll
from retrieval.reading.feeds.reader_internals import EntryData
from retrieval.reading.feeds.titles import plain_title
from tests.support.publisher import Publisher, story
from tests.support.web_server import Server, session_for

URL = "http://news.example/feed"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(text: str, parser: CheckedParser | None = None) -> list[EntryData]:
    parser = parser or CheckedParser()
    parser.now = NOW
    _, entries = parser(URL, io.BytesIO(text.encode("utf-8", "surrogatepass")), {})
    return entries


def noted(text: str) -> tuple[list[str], str | None]:
    """The titles, in the order of the ids, and what is said to be wrong with the feed."""
    parser = CheckedParser()
    entries = sorted(read(text, parser), key=lambda entry: entry.id)
    return [plain_title(entry.title) or "" for entry in entries], parser.said[URL].note


def item(number: int, inner: str = "", title: str | None = None) -> str:
    return f"<item><title>{title or f'Ferry {number}'}</title><guid>{number}</guid>{inner}</item>"


def rss(*items: str, head: str = "<title>Harbour Post</title>", root: str = 'rss version="2.0"') -> str:
    return f"<{root}><channel>{head}{''.join(items)}</channel></{root.partition(' ')[0]}>"


class TestBrokenXml:
    @pytest.mark.parametrize(
        "text",
        [
            rss(item(1, title="Ferry\x08 1"), item(2)),
            rss(item(1, title="Ferry&#x1f; 1"), item(2, "<description>&#0;Tide</description>")),
            rss(item(1, "<media:thumbnail url='/p.jpg'/><foo:bar foo:baz='1'>x</foo:bar>"), item(2)),
            "\ufeff\ufeff" + rss(item(1), item(2, "<description>Salt &amp; vinegar & more</description>")),
            "<br />\n<b>Warning</b>: strftime() in <b>/srv/feed.php</b>\n<?xml version='1.0'?>" + rss(item(1), item(2)),
            "PHP Notice: undefined\n" + rss(item(1), item(2)) + "<script>track()</script>\nbye",
            rss(item(1, "<link>http://news.example/a?b=1&c=2</link>"), item(2)),
            rss(item(1, "<description><p>Open <br> tags & <b>more</description>"), item(2)),
            rss(item(1, "<description><![CDATA[a <![CDATA[b]]> c]]></description>"), item(2)),
            rss(item(1), item(2), head="<title>Harbour <Post</title>"),
            rss(item(1), item(2))[: -len("</channel></rss>")],
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><id>1</id><title>Ferry 1</title>'
            "<summary>a & b</summary></entry><entry><id>2</id><title>Ferry 2</title></entry></feed>\0",
        ],
    )
    def test_is_mended_with_a_word(self, text: str) -> None:
        titles, note = noted(text)
        assert titles == ["Ferry 1", "Ferry 2"]
        assert note
        assert "not well-formed" in note

    @pytest.mark.parametrize(
        "broken", [item(2, "<<"), item(2, "<a b='1' b='2'/>"), item(2, "</b>"), "<item><title>Cut</title><guid>2"]
    )
    def test_costs_the_entry_that_is_broken_and_says_so(self, broken: str) -> None:
        titles, note = noted(rss(item(1), broken, item(3)))
        assert titles == ["Ferry 1", "Ferry 3"]
        assert note
        assert "1 of its entries" in note

    def test_that_is_cut_off_gives_the_entries_that_are_whole(self) -> None:
        whole = rss(item(1), item(2), item(3))
        titles, note = noted(whole[: whole.index("Ferry 3")])
        assert titles == ["Ferry 1", "Ferry 2"]
        assert note

    @pytest.mark.parametrize("text", [rss(item(1), item(2, "<description>Café &nbsp; &eacute;</description>"))])
    def test_is_not_seen_where_there_is_none(self, text: str) -> None:
        assert noted(text) == (["Ferry 1", "Ferry 2"], None)

    @pytest.mark.parametrize(
        "text",
        [
            '<!DOCTYPE rss [<!ENTITY x "boom">]>' + rss(item(1, title="&x;"), item(2, "<<")),
            'Notice: x\n<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + rss(item(1, title="&x;")),
        ],
    )
    def test_is_not_mended_where_it_declares_entities(self, text: str) -> None:
        with pytest.raises(FeedUnusable, match="declares entities"):
            read(text)

    @pytest.mark.parametrize("text", ["<rss><channel><<", "<p>words</p>", rss(item(1, "<<")), "Notice: <rss", "&&&"])
    def test_of_which_nothing_is_left_is_refused(self, text: str) -> None:
        with pytest.raises(FeedUnusable):
            read(text)

    @pytest.mark.parametrize(
        "mark", ["<item>", "<item", "<![CDATA[", "<!--", "&#", "<media:content>", "<title>", " a:b='"]
    )
    def test_is_mended_in_time_however_it_is_made(self, mark: str) -> None:
        began = time.perf_counter()
        with pytest.raises(FeedUnusable):
            read("<rss><channel><item>" + mark * 100_000)
        assert time.perf_counter() - began < 20

    @given(st.lists(st.sampled_from(["ok", "amp", "control", "cut", "double", "prefix"]), min_size=1, max_size=8))
    def test_loses_no_entry_silently(self, kinds: list[str]) -> None:
        """What was read and what is said to be lost are all that the feed offered."""
        inner = {"amp": "&", "control": "\x01", "double": "<b a='1' a='2'/>", "prefix": "<q:r/>"}
        items = [
            "<item><title>Cut" if kind == "cut" else item(at, inner.get(kind, "")) for at, kind in enumerate(kinds)
        ]
        bad = sum(kind in ("cut", "double") for kind in kinds)
        if bad == len(kinds):
            with pytest.raises(FeedUnusable):
                read(rss(*items))
            return
        titles, note = noted(rss(*items))
        assert len(titles) == len(kinds) - bad
        assert (note is None) == all(kind == "ok" for kind in kinds)
        assert not bad or f"{bad} of its entries" in (note or "")


@given(
    st.lists(
        st.sampled_from(["<item>", "</item>", "<entry a='1'>", "</entry>", "<items>", "<item/>", "x"]), max_size=20
    )
)
def test_entries_do_not_overlap(parts: list[str]) -> None:
    ends = [place for span in entry_spans("".join(parts)) for place in span]
    assert ends == sorted(ends)


def test_a_moderator_is_told_once_and_sees_it_in_the_list(publisher: Publisher, server: Server, tmp_path: Path) -> None:
    publisher.feed([story(1)], full=True)
    feeds = Feeds.open(tmp_path / "feeds.sqlite3", session_for(server))
    feeds.add(f"{publisher.site}/feed")
    broken = rss(item(1, title="Lund & Falk"))
    assert not notes(feeds, 0)
    publisher.server.serves("/feed", broken.encode(), Content_Type="application/rss+xml")
    assert "mended" in (feeds.check(f"{publisher.site}/feed").note or "")
    (note,) = notes(feeds, 1)
    assert (note.kind, note.where) == ("note", "Harbour Post")
    (feed,) = feeds.list()
    assert feed.error is None
    assert feed.note == note.reason
    assert not notes(feeds, 2)
    publisher.feed([story(1)], full=True)
    assert not notes(feeds, 3)
    assert feeds.list()[0].note is None


def test_the_list_counts_what_is_lost_and_folded(publisher: Publisher, server: Server, tmp_path: Path) -> None:
    twice = item(1, "<link>http://news.example/1</link>")
    broken = rss(twice, twice, item(2, "<<"), item(3, "<a b='1' b='2'/>"))
    publisher.server.serves("/feed", broken.encode(), Content_Type="application/rss+xml")
    feeds = Feeds.open(tmp_path / "feeds.sqlite3", session_for(server))
    added = feeds.add(f"{publisher.site}/feed")
    assert added.feed.lost == feeds.check(f"{publisher.site}/feed").lost == 2
    notes(feeds, 0)
    (feed,) = feeds.list()
    assert (feed.lost, feed.folded) == (2, 1)
    publisher.feed([story(1)], full=True)
    notes(feeds, 1)
    assert (feeds.list()[0].lost, feeds.list()[0].folded) == (0, 0)


def notes(feeds: Feeds, days: int) -> list[Failure]:
    moment = datetime(2026, 6, 1 + days, tzinfo=UTC)
    return [each for each in poll(feeds, moment) if isinstance(each, Failure) and "XML" in each.reason]


def dated(*dates: str, head: str = "") -> list[Day | None]:
    entries = read(rss(*(item(at, f"<pubDate>{day}</pubDate>") for at, day in enumerate(dates)), head=head))
    return [day_of(entry.published) for entry in sorted(entries, key=lambda entry: entry.id)]


class TestDates:
    def test_are_read_in_full_or_not_at_all(self) -> None:
        noon = datetime(2025, 5, 20, 12, tzinfo=UTC)
        written = ("20-05-2025", "2025.05.20", "Tue, 20 May 2025 09:00 PM JST", "2025-02-30", "20 May 2025 and on", "")
        assert dated(*written) == [date(2025, 5, 20), date(2025, 5, 20), noon, None, None, None]

    def test_show_their_order_in_those_beside_them(self) -> None:
        assert dated("03/04/2025", "15/04/2025") == [date(2025, 4, 3), date(2025, 4, 15)]
        assert dated("03/04/2025", "04/15/2025") == [date(2025, 3, 4), date(2025, 4, 15)]
        assert dated("03/04/2025", "05/04/2025") == [None, None]
        assert dated("03/04/2025", head="<language>fr</language>") == [date(2025, 4, 3)]
        assert dated("03/04/2025", head="<link>http://news.example.us/</link><language>en</language>") == [
            date(2025, 3, 4)
        ]

    def test_keep_an_order_that_showed_once(self) -> None:
        parser = CheckedParser()
        parser.orders[URL] = "MDY"
        (entry,) = read(rss(item(1, "<pubDate>03/04/2025</pubDate>")), parser)
        assert day_of(entry.published) == date(2025, 3, 4)
        assert parser.said[URL].order == "MDY"

    @pytest.mark.parametrize(
        "nothing", ["Thu, 01 Jan 1970 00:00:00 +0000", "1969-12-31T19:00:00-05:00", "0", "null", "0000-00-00 00:00:00"]
    )
    def test_that_computers_write_for_none_are_none(self, nothing: str) -> None:
        assert dated(nothing) == [None]

    def test_of_the_day_a_site_was_set_up_are_none(self) -> None:
        """Where many have one and the same, and have had it for long."""
        old, new = "Mon, 14 Mar 2011 09:12:00 +0000", "Mon, 01 Jun 2026 06:00:00 +0000"
        fresh = datetime(2026, 6, 1, 6, tzinfo=UTC)
        assert dated(old, old, old, old, new) == [None, None, None, None, fresh]
        assert dated(new, new, new, new) == [fresh] * 4
        assert dated(old) == [datetime(2011, 3, 14, 9, 12, tzinfo=UTC)]

    def test_in_json_are_read_alike(self) -> None:
        items = ['{"id": "1", "date_published": "20.05.2025"}', '{"id": "2", "date_published": 1747728000}']
        text = '{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [' + ", ".join(items) + "]}"
        found = {entry.id: day_of(entry.published) for entry in read(text)}
        assert found == {"1": date(2025, 5, 20), "2": datetime(2025, 5, 20, 8, tzinfo=UTC)}


class TestWhatAnEntrySays:
    MEDIA = 'rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"'
    CAPTION = (
        "<media:content url='/p.jpg' medium='image'><media:title>Photo</media:title>"
        "<media:description>The mayor, in a photo by Liv Aas</media:description></media:content>"
    )

    @pytest.mark.parametrize("before", [True, False])
    def test_is_not_a_pictures_caption(self, before: bool) -> None:
        own = "<description>The mill opens.</description>"
        (entry,) = read(rss(item(1, self.CAPTION + own if before else own + self.CAPTION), root=self.MEDIA))
        assert (entry.title, own_text(entry).text) == ("Ferry 1", "The mill opens.")
        (entry,) = read(rss(item(1, self.CAPTION), root=self.MEDIA))
        assert (entry.title, own_text(entry).text) == ("Ferry 1", "")

    def test_is_what_a_film_is_described_as(self) -> None:
        group = "<media:group><media:content url='/f.mp4'/><media:description>A film.</media:description></media:group>"
        (entry,) = read(rss(item(1, group), root=self.MEDIA))
        assert own_text(entry).text == "A film."

    @pytest.mark.parametrize(
        ("title", "wanted"),
        [
            ("The &lt;div&gt; tag turns thirty", "The <div> tag turns thirty"),
            ("The &amp;lt;div&amp;gt; tag turns thirty", "The <div> tag turns thirty"),
            ("<![CDATA[A <i>quiet</i> day]]>", "A quiet day"),
            ("&lt;b&gt;Storm&lt;/b&gt; &amp;amp; flood", "Storm & flood"),
            ("10&lt;sup&gt;4&lt;/sup&gt; crowns &lt;s&gt;lost&lt;/s&gt; won", "10⁴ crowns won"),
        ],
    )
    def test_in_its_title_is_what_is_meant(self, title: str, wanted: str) -> None:
        (entry,) = read(rss(item(1, title=title)))
        assert plain_title(entry.title) == wanted


LINKS = {
    "{S}/n/old mill.html": "/n/old%20mill.html",
    "/n/a|b": "/n/a%7Cb",
    "  {S}/n/1\n ": "/n/1",
    "{S}/n?a=1&amp;amp;b=2": "/n?a=1&b=2",
    "www.{H}/n/3": "www./n/3",
    "{H}/n/2": "/n/2",
}
# In JSON, only what begins with "www." is taken for a host.
CARRIED = [(kind, link) for kind in ("rss", "atom", "json") for link in LINKS if (kind, link[:3]) != ("json", "{H}")]


@pytest.mark.parametrize(("kind", "link"), CARRIED)
def test_links_lead_where_they_are_meant_to(
    publisher: Publisher, server: Server, tmp_path: Path, kind: str, link: str
) -> None:
    wanted = LINKS[link]
    host = publisher.site.partition("//")[2]
    link = link.replace("{S}", publisher.site).replace("{H}", host)
    words = "The ferry left the harbour at dawn. " * 30
    text = {
        "rss": rss(item(1, f"<link>{link}</link><description>{words * 2}</description>"), head=""),
        "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><id>1</id><title>Ferry</title>'
        f"<link href='{link}'/><content>{words}</content></entry></feed>",
        "json": '{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [{"id": "1", "url": '
        f'"{link.strip().replace("&amp;", "&", 1)}", "content_text": "{words}"}}]}}',
    }[kind]
    publisher.server.serves("/feed", text.encode(), Content_Type="application/xml")
    with Feeds.open(tmp_path / "feeds.sqlite3", session_for(server)) as feeds:
        feeds.add(f"{publisher.site}/feed")
        (arrival,) = [each for each in poll(feeds, NOW) if isinstance(each, Arrival)]
    site = f"http://www.{host}" if wanted.startswith("www.") else publisher.site
    assert arrival.article.url == site + wanted.removeprefix("www.")


class TestLists:
    def test_of_more_feeds_than_anyone_reads_give_the_first(self) -> None:
        found = outlines(self.opml(*(f"<outline xmlUrl='https://a.example/{at}'/>" for at in range(MOST_FEEDS + 7))))
        assert len(found) == MOST_FEEDS + 1
        assert found[0] == Outline("https://a.example/0", None)
        left_out = "7 more feeds are left out: of a list the first 2,000 are taken. Split it."
        assert found[-1] == Failure("the list", left_out)

    @staticmethod
    def opml(*lines: str) -> str:
        return "<opml version='2.0'><head><title>x</title></head><body>\n" + "\n".join(lines) + "\n</body></opml>"

    A = '<outline type="rss" text="A" xmlUrl="http://a.example/feed"/>'

    @pytest.mark.parametrize(
        ("line", "url"),
        [
            ('<outline text="Lund & Falk" xmlUrl="http://b.example/f"/>', "http://b.example/f"),
            ('<outline text="B" xmlUrl="http://b.example/f?a=1&b=2"/>', "http://b.example/f?a=1&b=2"),
            ('<outline text="Caf&eacute;" xmlUrl="http://b.example/f"/>', "http://b.example/f"),
            ('<outline text="5 < 6" xmlUrl="http://b.example/f"/>', "http://b.example/f"),
            ('<outline text="A "good" one" xmlUrl="http://b.example/f"/>', "http://b.example/f"),
            ('<outline text="B\x02" xmlUrl="http://b.example/f">', "http://b.example/f"),
            ('<outline text="B" xmlUrl="feed://b.example/f"/>', "http://b.example/f"),
            ('<outline text="B" xmlUrl="feed:https://b.example/f"/>', "https://b.example/f"),
        ],
    )
    def test_lose_no_line(self, line: str, url: str) -> None:
        found = outlines(self.opml(self.A, line, self.A.replace("a.", "c.")))
        assert [each.url for each in found if isinstance(each, Outline)] == [
            "http://a.example/feed",
            url,
            "http://c.example/feed",
        ]

    def test_name_the_line_that_is_lost(self) -> None:
        found = outlines(self.opml(self.A, '<outline text="B" xmlUrl=<oops>/>', self.A.replace("a.", "c.")))
        assert [each.where for each in found if isinstance(each, Failure)] == ["line 3"]
        assert len(found) == 3

    def test_say_nothing_of_entities(self) -> None:
        with pytest.raises(FeedUnusable, match="declares entities"):
            outlines('<!DOCTYPE opml [<!ENTITY a "b">]>' + self.opml(self.A, "<outline text='&a;' & />"))

    @given(st.text(max_size=200))
    def test_are_read_or_refused(self, text: str) -> None:
        for each in (text, f"<opml><outline xmlUrl='{text}'/></opml>"):
            with suppress(FeedUnusable):
                assert all(isinstance(found, Outline | Failure) for found in outlines(each))


def test_a_feeds_address_may_say_that_it_is_one(publisher: Publisher, server: Server, tmp_path: Path) -> None:
    url = publisher.feed([story(1)])
    with Feeds.open(tmp_path / "feeds.sqlite3", session_for(server)) as feeds:
        assert feeds.add(f"feed:{url}").feed.url == url
        assert feeds.add(url.replace("http:", "feed:")).known
        assert feeds.check(f"feed:{url}").url == url
        assert feeds.remove(f"feed:{url}").url == url


def test_white_space_in_the_address_of_a_namespace_is_not_the_end_of_a_feed() -> None:
    """XML allows it; Python's own reader takes such an address for two, and fails."""
    spaced = "xmlns:content=\"http://purl.org/rss/1.0/ modules/content/\" xmlns:x='a\u00a0b'"
    words = "<![CDATA[<p title=\"x\">It is written xmlns:a='b c' here.</p>]]>"
    item = f"<item><title>A bridge</title><guid>1</guid><content:encoded>{words}</content:encoded><x:y>1</x:y></item>"
    (entry,) = read(f'<rss version="2.0" {spaced}><channel><title>Post</title>{item}</channel></rss>')
    assert entry.title == "A bridge"
    assert "It is written xmlns:a='b c' here." in str(entry.content[0].value)
