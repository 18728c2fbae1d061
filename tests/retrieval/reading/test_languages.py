"""An article's language: what its publisher says of it unless its text says otherwise, else what the text says."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.article import Article
from retrieval.index.readying import find_languages, without_language
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from retrieval.reading.sources.fields import checked_article
from retrieval.reading.sources.html_page import read_page
from tests.support.arrivals import FEED, FERRY, opened
from tests.support.publisher import Format, Publisher, Story, atom, json_feed, rss2
from tests.support.stores import restored, versions

pytestmark = pytest.mark.usefixtures("bag_of_words")

HAFEN = (
    "Die Fähre nach Marlo lief am Dienstagabend mit 212 Menschen an Bord auf Grund. Die Küstenwache teilte mit, dass "
    "alle Fahrgäste noch vor Mitternacht an Land gebracht wurden. Nach Angaben der Kapitänin war bei starkem Regen "
    "die Steuerung ausgefallen. Taucher sollen sich den Rumpf ansehen, sobald der Wind nachlässt. Die Reederei sagte "
    "ihre Fahrten für den Rest der Woche ab, wie das Hafenamt am Mittwoch bekannt gab."
)
PORT = (
    "Le ferry pour Marlo s'est échoué mardi soir avec 212 personnes à bord. Les garde-côtes ont annoncé que tous les "
    "passagers avaient été ramenés à terre avant minuit. Selon la capitaine, la direction était tombée en panne."
)
SHORT = "Marlo: 212"


def record(text: str = HAFEN, **fields: object) -> dict[str, object]:
    return {"id": "ferry", "title": "Marlo", "text": text, **fields}


def languages(room: Newsroom) -> dict[str, str | None]:
    """By id, of all that is served."""
    return {article.id: article.language for article in room.headlines(limit=100)}


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("fields", "language"),
        [
            ({"language": "de-AT"}, "de"),
            ({"lang": "deu"}, "de"),
            ({"language": "", "lang": "DE"}, "de"),
            ({"language": "en", "text": FERRY}, "en"),
            ({"language": "nl", "text": SHORT}, "nl"),
            ({"language": "en"}, "de"),  # which the text contradicts
            ({"language": "nonsense", "text": SHORT}, None),
            ({"language": 7, "text": SHORT}, None),
            ({}, None),  # it is found later
        ],
    )
    def test_in_a_record_is_believed_where_the_text_does_not_contradict(
        self, fields: dict[str, object], language: str | None
    ) -> None:
        checked = checked_article(record(**{"text": HAFEN, **fields}))
        assert (checked.article.language, checked.left_out) == (language, ())

    @pytest.mark.parametrize(
        "head",
        [
            '<html lang="fr-CA">',
            '<html xml:lang="fr">',
            '<html><meta property="og:locale" content="fr_FR">',
            '<html><meta http-equiv="Content-Language" content="fr">',
            '<html lang="x-default"><meta name="content-language" content="fr">',
            '<html lang="en"><script type="application/ld+json">'
            '{"@type": "NewsArticle", "inLanguage": {"@type": "Language", "name": "fr"}}</script>',
        ],
    )
    def test_on_a_page_is_found_wherever_pages_say_it(self, head: str) -> None:
        text = "<p>Marlo, 212, SNCM.</p>" * 12  # which says nothing itself
        article = read_page(f"<!doctype html>{head}<body><article><h1>Marlo</h1>{text}</article></body></html>", None)
        assert article.article.language == "fr"

    def test_by_a_page_of_all_its_sites_pages_is_not_believed(self) -> None:
        paragraphs = "".join(f"<p>{sentence}.</p>" for sentence in HAFEN.split(". "))
        html = f'<!doctype html><html lang="en"><body><article><h1>Marlo</h1>{paragraphs}</article></body></html>'
        assert read_page(html, None).article.language == "de"


class TestFeeds:
    STORY = Story("/news/marlo", "Marlo", "SNCM Marlo 212.", PORT + "\n\n" + PORT)

    @pytest.mark.parametrize(
        ("kind", "before", "after"),
        [
            (rss2, b"<channel>", b"<channel><language>fr-fr</language>"),
            (atom, b"<feed ", b'<feed xml:lang="fr" '),
            (json_feed, b'"title": "Harbour Post"', b'"title": "Harbour Post", "language": "fr"'),
        ],
        ids=["RSS", "Atom", "JSON"],
    )
    def test_say_it_of_their_entries(
        self, publisher: Publisher, room: Newsroom, kind: Format, before: bytes, after: bytes
    ) -> None:
        body, content_type = kind(publisher.site, [self.STORY], False)
        publisher.server.serves("/news/marlo", status=403)
        assert before in body
        room.feeds.add(publisher.server.serves("/feed", body.replace(before, after), Content_Type=content_type))
        room.poll_feeds()
        [article] = room.headlines()
        assert (article.body, article.language) == ("SNCM Marlo 212.", "fr")

    def test_say_it_of_pages_that_do_not(self, publisher: Publisher, room: Newsroom) -> None:
        story = Story("/news/marlo", "Marlo", "SNCM Marlo.", "SNCM Marlo 212. " * 30)
        publisher.pages(story)
        body, kind = rss2(publisher.site, [story])
        body = body.replace(b"<channel>", b"<channel><language>fr</language>")
        room.feeds.add(publisher.server.serves("/feed", body, Content_Type=kind))
        room.poll_feeds()
        assert [(each.summary_only, each.language) for each in room.headlines()] == [(False, "fr")]

    def test_may_have_entries_in_several(self, publisher: Publisher, room: Newsroom) -> None:
        story = Story("/news/marlo", "Marlo", "", "SNCM Marlo 212. " * 60)
        body, kind = rss2(publisher.site, [story], True)
        body = body.replace(b"<rss ", b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/" ')
        body = body.replace(b"<channel>", b"<channel><language>fr</language>")
        body = body.replace(b"<item>", b"<item><dc:language>it</dc:language>")
        room.feeds.add(publisher.server.serves("/feed", body, Content_Type=kind))
        room.poll_feeds()
        assert [each.language for each in room.headlines()] == ["it"]


class TestWhatIsFound:
    def test_is_found_where_nothing_is_said(self, tmp_path: Path) -> None:
        lines = [record(), record(SHORT, id="short"), record(FERRY, id="said", language="en")]
        with opened(tmp_path) as room:
            (tmp_path / "seeds" / "marlo.jsonl").write_text("\n".join(map(json.dumps, lines)))
            (tmp_path / "seeds" / "port.txt").write_text(f"Marlo\n{PORT}")
            (tmp_path / "seeds" / "bref.md").write_text(f"---\nlang: fr\n---\n# Marlo\n\n{SHORT}")
            room.reload()
            assert languages(room) == {"ferry": "de", "short": None, "said": "en", "port.txt": "fr", "bref.md": "fr"}

    def test_is_found_of_many_that_come_slice_by_slice(self, tmp_path: Path) -> None:
        lines = [record(f"{HAFEN} {number} mal {number}.", id=str(number)) for number in range(200)]
        with opened(tmp_path) as room:
            (tmp_path / "seeds" / "marlo.jsonl").write_text("\n".join(map(json.dumps, lines)))
            room.reload()
            assert set(languages(room).values()) == {"de"}
            assert without_language(room._machinery.store) == []

    def test_tables_say_it_too(self, tmp_path: Path) -> None:
        table = tmp_path / "old.csv.gz"
        table.write_bytes(gzip.compress(f"title,text,language\nMarlo,{SHORT},nl\n".encode()))
        with opened(tmp_path) as room:
            room.add_files([table])
            assert set(languages(room).values()) == {"nl"}

    def test_is_no_part_of_a_version_but_kept_once_it_is_said(self, tmp_path: Path) -> None:
        file = tmp_path / "seeds" / "marlo.jsonl"
        with opened(tmp_path) as room:
            file.write_text(json.dumps(record(SHORT)))
            room.reload()
            assert languages(room) == {"ferry": None}
            file.write_text(json.dumps(record(SHORT, language="nl")))
            report = room.reload()
            assert (report.updated, report.unchanged, report.generation) == (0, 1, 1)
            assert languages(room) == {"ferry": "nl"}
            file.write_text(json.dumps(record(SHORT)) + "\n")
            room.reload()
            assert languages(room) == {"ferry": "nl"}

    def test_is_kept_once_a_feed_says_it(self, tmp_path: Path) -> None:
        with opened(tmp_path) as room:
            article = Article("a", "Marlo", SHORT, "https://news.example/a")
            room.add([Arrival(FEED, article)])
            report = room.add([Arrival(FEED, Article("a", "Marlo", SHORT, "https://news.example/a", language="nl"))])
            assert (report.updated, languages(room)) == (0, {"a": "nl"})

    @pytest.mark.parametrize("version", versions("articles"))
    def test_is_found_once_of_what_older_versions_stored(self, tmp_path: Path, version: int) -> None:
        restored(f"articles_{version}", tmp_path / "data" / "articles.sqlite3")
        with opened(tmp_path) as room:
            assert set(languages(room).values()) == {"en"}
            assert without_language(room._machinery.store) == []

    def test_is_found_a_batch_at_a_time_and_goes_on_where_it_broke_off(self, tmp_path: Path) -> None:
        with opened(tmp_path) as room:
            lines = [record(f"{HAFEN} {number} mal {number}.", id=str(number)) for number in range(600)]
            (tmp_path / "seeds" / "marlo.jsonl").write_text("\n".join(map(json.dumps, lines)))
            room.reload(at_once=True)
        with closing(sqlite3.connect(tmp_path / "data" / "articles.sqlite3")) as connection, connection:
            connection.execute("DELETE FROM language")
        with opened(tmp_path) as room:
            batches = without_language(room._machinery.store)
            assert len(batches) > 2
            find_languages(room._machinery.store, batches[0])
            assert without_language(room._machinery.store) == batches[1:]
