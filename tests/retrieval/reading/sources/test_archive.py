"""Archives are read one article at a time; what cannot be read is named, counted, and costs nothing else."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import tracemalloc
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from retrieval.article import Article, Failure
from retrieval.reading.sources import archive as archives
from retrieval.reading.sources import csv_table
from retrieval.reading.sources.archive import read_archive
from retrieval.reading.sources.csv_table import read_csv
from retrieval.reading.sources.warc import read_warc
from retrieval.text.letters import plain_letters

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")

URL = "https://gazette.example/ferry"
TEXT = " ".join(f"The ferry number {n} across the harbour was late on Monday." for n in range(10))


def split(found: Iterable[Article | Failure]) -> tuple[list[Article], list[Failure]]:
    everything = list(found)
    return (
        [each for each in everything if isinstance(each, Article)],
        [each for each in everything if isinstance(each, Failure)],
    )


def archive(folder: Path, name: str, content: bytes) -> tuple[list[Article], list[Failure]]:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".csv.gz") else content)
    return split(read_archive(path, name))


def table(content: str | bytes) -> tuple[list[Article], list[Failure]]:
    return split(read_csv(io.BytesIO(content.encode() if isinstance(content, str) else content), "t"))


def html(text: str = TEXT, head: str = "<title>Ferry late</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body><article><p>{text}</p></article></body></html>"


class TestCsv:
    def test_every_field_is_read(self):
        rows = io.StringIO()
        writer = csv.writer(rows)
        writer.writerow(["id", "title", "text", "url", "source", "published", "updated", "views"])
        text = 'He said: "No, never."\n\nAnd, a day later: “Perhaps.”'
        writer.writerow(["7", "Ferry", text, URL, "Gazette", "2024-05-17", "2024-05-18 10:00:00", "9"])
        assert table("\ufeff" + rows.getvalue()) == (
            [Article("7", "Ferry", text, URL, "Gazette", date(2024, 5, 17), datetime(2024, 5, 18, 10, tzinfo=UTC))],
            [],
        )

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("names", ["Headline Content Link Outlet Date", "TITLE body href publisher Publish-Date"])
    def test_other_names_and_delimiters(self, delimiter: str, names: str):
        row = ["Ferry", "It was late.", URL + "?utm_source=x", "Gazette", "May 17, 2024"]
        articles, failures = table(
            delimiter.join(names.split()) + "\r\n\r\n" + delimiter.join(f'"{cell}"' for cell in row) + "\r\n"
        )
        assert failures == []
        assert articles == [Article(URL, "Ferry", "It was late.", URL + "?utm_source=x", "Gazette", date(2024, 5, 17))]

    def test_day_and_month_are_told_apart_by_the_other_rows(self):
        rows = ["title,text,date", "A,x,03/04/2025", "B,y,15/04/2025 8:30 PM", "C,z,2025-02-30"]
        articles, failures = table("\n".join(rows))
        evening = datetime(2025, 4, 15, 20, 30, tzinfo=UTC)
        assert [article.published for article in articles] == [date(2025, 4, 3), evening, None]
        assert len(failures) == 1
        articles, failures = table("\n".join(rows[:2]))
        assert articles[0].published is None
        assert "03/04/2025" in failures[0].reason

    def test_the_standard_name_wins_over_another(self):
        assert table("content,text,title\nx,The body,T\n")[0][0].body == "The body"

    def test_a_row_without_id_or_address_has_a_hash(self):
        articles, _ = table("id,title,text,url\n,A,one,https://gazette.example\n ,B,two,\n5,C,three,\n")
        assert [each.id[:7] for each in articles] == ["sha256:", "sha256:", "5"]
        assert articles[0].id != articles[1].id

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("", "is empty"),
            ("\n \n", "is empty"),
            ("title,date\nx,y\n", "has no column for `text`; .* names “title”, “date”"),
            ("a\nb\n", "has no column for `title` and `text`"),
            (",".join(f"c{n}" for n in range(99)), "“c11” and more$"),
            ("title,text\n".encode("utf-16"), "UTF-16"),
            (b"title,text,caf\xe9\n", "not UTF-8"),
            ("title,text" + "," * 64_000, "has a first line of more than 64,000 characters"),
        ],
    )
    def test_a_first_line_that_does_not_serve_is_one_failure(self, content: str | bytes, reason: str):
        articles, (failure,) = table(content)
        assert articles == []
        assert failure.where == "t"
        assert re.search(reason, failure.reason), failure.reason

    def test_each_bad_row_is_named_with_its_line_and_reading_goes_on(self):
        content = (
            b'title,text\nA,"one\ntwo"\nB\nC,\nD,x,y\n"E"E,x\n,no title\n'
            b'F,caf\xe9 "q"\nG,"caf\xe9\nmore"\n\n,\nH,last\n'
        )
        articles, failures = table(content)
        assert [each.title for each in articles] == ["A", "no title", "H"]
        assert articles[0].body == "one\ntwo"
        assert [(each.where, each.kind) for each in failures] == [
            ("t line 4", "skipped"),
            ("t line 5", "skipped"),
            ("t line 6", "skipped"),
            ("t line 7", "skipped"),
            ("t line 8", "note"),
            ("t line 9", "skipped"),
            ("t line 10", "skipped"),
        ]
        reasons = [each.reason for each in failures]
        assert "1 cells where the first line names 2" in reasons[0] or "1 cell" in reasons[0]
        assert reasons[1] == "its `text` is empty"
        assert "not valid CSV" in reasons[3]
        assert "UTF-8" in reasons[5]

    def test_a_quotation_mark_that_is_not_closed_ends_somewhere(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(csv_table, "MAX_ARTICLE_BYTES", 1000)
        content = 'title,text\nA,"one\n' + "x,y\n" * 400 + "Z,last\n"
        articles, failures = table(content)
        assert articles[-1].title == "Z"
        assert "is not closed" in failures[0].reason
        assert failures[0].where == "t line 2"
        _, (failure,) = table('title,text\nA,"one\nx\n')
        assert "not valid CSV" in failure.reason

    def test_a_row_that_is_too_long_is_passed_over(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(csv_table, "MAX_ARTICLE_BYTES", 1000)
        for row in ("A," + "x" * 5000, 'A,"' + "x\n" * 490 + "y" * 40 + '"'):
            articles, (failure,) = table(f"title,text\n{row}\nZ,last\n")
            assert [each.title for each in articles] == ["Z"]
            assert failure.where == "t line 2"

    @given(st.one_of(st.binary(), st.text(alphabet='title,text;"\n\r\t\0é', max_size=200).map(str.encode)))
    @settings(max_examples=50)
    def test_of_any_bytes_each_row_is_an_article_or_has_a_reason(self, content: bytes):
        for whole in (b"title,text\n" + content, content):
            articles, failures = table(whole)
            assert all(each.title and each.body for each in articles)
            assert all(re.fullmatch(r"t(?: line \d+)?", each.where) and each.reason for each in failures)
            skipped = {each.where for each in failures if each.kind != "note"}
            assert len(articles) + len(skipped) <= whole.count(b"\n") + whole.count(b"\r") + 1

    @given(st.lists(st.tuples(*[st.text(min_size=1).filter(lambda text: text.strip())] * 2), max_size=5))
    def test_what_a_writer_wrote_is_read(self, rows: list[tuple[str, str]]):
        rows = [row for row in rows if not any(set(cell) & set("\0\r") for cell in row)]
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerows([("title", "text"), *rows])
        articles, _ = table(written.getvalue().encode(errors="ignore"))
        bodies = [plain_letters(text.encode(errors="ignore").decode()).strip() for _, text in rows]
        assert [each.body for each in articles] == [body for body in bodies if body]


class TestFiles:
    def test_formats_by_suffix(self, tmp_path: Path):
        line = json.dumps({"id": "1", "title": "T", "text": "x"}).encode()
        assert archive(tmp_path, "a.jsonl", line)[0][0].id == "1"
        assert archive(tmp_path, "a.JSONL.GZ", gzip.compress(line))[0][0].id == "1"
        assert archive(tmp_path, "a.csv", b"title,text\nT,x\n")[0][0].body == "x"
        assert archive(tmp_path, "a.csv.gz", b"title,text\nT,x\n")[0][0].body == "x"
        page = html(head=f'<title>Ferry</title><link rel="canonical" href="{URL}?a=1#x">')
        assert archive(tmp_path, "a.htm", page.encode())[0][0].id == URL + "?a=1"
        _, (failure,) = archive(tmp_path, "a.pdf", b"x")
        assert failure.reason.startswith("is not a format that is read here: .jsonl, ")

    def test_what_cannot_be_read_is_named(self, tmp_path: Path):
        (failure,) = read_archive(tmp_path / "none.csv", "none.csv")
        assert failure == Failure("none.csv", "cannot be read: No such file or directory", "unreadable")
        (tmp_path / "dir.html").mkdir()
        (failure,) = read_archive(tmp_path / "dir.html", "dir.html")
        assert isinstance(failure, Failure)
        assert failure.kind == "unreadable"

    def test_damaged_gzip_is_read_up_to_the_damage(self, tmp_path: Path):
        rows = "".join(f"{n},{n}{'x' * 50}\n" for n in range(4000))
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress(f"title,text\n{rows}".encode())[:-2000])
        articles, failures = split(read_archive(path, "a.csv.gz"))
        assert len(articles) > 100
        assert "damaged gzip" in failures[-1].reason
        path.write_bytes(b"title,text\nT,x\n")
        _, (failure,) = split(read_archive(path, "a.csv.gz"))
        assert "damaged gzip" in failure.reason

    def test_failures_are_counted_where_they_are_many(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(archives, "NAMED_FAILURES", 20)
        content = "title,text,date\n" + "T,\n" * 1000 + "T,x,never\n" * 30
        articles, failures = archive(tmp_path, "a.csv", content.encode())
        assert len(articles) == 30
        assert [each.kind for each in failures] == ["skipped"] * 20 + ["note"] * 20 + [
            "skipped",
            "note",
        ]
        assert failures[-2] == Failure("a.csv", "and 980 more of its parts are skipped")
        assert failures[-1].reason == "and 10 more of its articles are kept without one of their fields"

    @pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.warc", "a.warc.gz", "a.jsonl"])
    def test_memory_does_not_grow_with_the_file(self, tmp_path: Path, name: str):
        path = tmp_path / name
        text = "The ferry was late. " * 1000
        opened = gzip.open if name.endswith(".gz") else open
        with opened(path, "wb") as stream:
            if "csv" in name:
                stream.write(b"title,text\n")
                for n in range(500):
                    stream.write(f"{n},{text}\n".encode())
            elif "warc" in name:
                writer = WARCWriter(stream, gzip=False)
                for n in range(60):  # it is what a page brings along that makes the file large, not its article
                    write_page(writer, f"{URL}/{n}", html(text[:1000]).encode() + b" " * 170_000)
            else:
                for n in range(500):
                    stream.write(json.dumps({"id": n, "title": "T", "text": text}).encode() + b"\n")
        next(iter(read_archive(path, name)))  # what is loaded once is no part of it
        tracemalloc.start()
        count = sum(isinstance(each, Article) for each in read_archive(path, name))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count >= 60
        assert peak < 6 * 1024 * 1024


def write_page(
    writer: WARCWriter,
    url: str,
    body: bytes,
    *,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    headers: Iterable[tuple[str, str]] = (),
) -> None:
    http = StatusAndHeaders(status, [("Content-Type", content_type), *headers], protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))


def crawled(*pages: tuple[str, bytes], compressed: bool = False) -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=compressed)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "test"}))
    for url, body in pages:
        write_page(writer, url, body)
    return stream.getvalue()


def warc_of(content: bytes) -> tuple[list[Article], list[Failure]]:
    return split(read_warc(io.BytesIO(content), "w"))


PAGES = [(f"https://www.gazette.example/{n}", html(f"{n}: {TEXT}").encode()) for n in range(5)]


class TestWarc:
    @pytest.mark.parametrize("way", ["plain", "by record", "as a whole"])
    def test_pages_are_articles_under_their_addresses(self, tmp_path: Path, way: str):
        content = crawled(*PAGES, compressed=way == "by record")
        name = "a.warc" if way == "plain" else "a.warc.gz"
        articles, failures = archive(tmp_path, name, gzip.compress(content) if way == "as a whole" else content)
        assert failures == []
        assert [each.id for each in articles] == [f"https://gazette.example/{n}" for n in range(5)]
        first = articles[0]
        assert (first.title, first.url, first.source) == ("Ferry late", PAGES[0][0], "gazette.example")
        assert (first.published, first.updated) == (None, None)
        assert first.body == f"0: {TEXT}"

    def test_only_pages_that_were_served(self):
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        body = html().encode()
        write_page(writer, URL + "/404", body, status="404 Not Found")
        write_page(writer, URL + "/301", body, status="301 Moved")
        write_page(writer, URL + ".json", body, content_type="application/json")
        write_page(writer, URL + ".mp4", b"\0" * 3_000_000, content_type="video/mp4")
        for kind, content_type in [
            ("resource", "text/html; charset=utf-8"),
            ("resource", "text/plain"),
            ("conversion", "text/html"),
            ("metadata", "text/html"),
        ]:
            writer.write_record(
                writer.create_warc_record(
                    f"{URL}/{kind}", kind, payload=io.BytesIO(body), warc_content_type=content_type
                )
            )
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "gazette.example")], is_http_request=True)
        writer.write_record(writer.create_warc_record(URL, "request", http_headers=request))
        articles, failures = warc_of(stream.getvalue())
        assert [each.id for each in articles] == [f"{URL}/resource"]
        assert failures == []

    def test_transfer_codings_and_the_servers_charset(self):
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        body = html("Café: " + TEXT).encode()
        pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
        chunks = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"
        write_page(writer, URL + "/1", chunks, headers=[("Transfer-Encoding", "chunked")])
        write_page(writer, URL + "/2", gzip.compress(body), headers=[("Content-Encoding", "gzip")])
        latin = html("Café: " + TEXT).encode("cp1252")
        write_page(writer, URL + "/3", latin, content_type="TEXT/HTML;charset=ISO-8859-1")
        czech = html("Přívoz měl zpoždění. " + TEXT).encode("cp1250")
        write_page(writer, URL + "/cs", czech, content_type='text/html; charset="windows-1250"')
        write_page(writer, URL + "/4", body, headers=[("Content-Encoding", "gzip")])  # stored decoded, as some do
        write_page(writer, URL + "/5", body, headers=[("Content-Encoding", "zstd")])
        write_page(
            writer, URL + "/6", body, headers=[("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip, br")]
        )
        write_page(writer, URL + "/7", gzip.compress(body))  # the header went, and the coding stayed
        write_page(writer, URL + "/8", b"\x28\xb5\x2f\xfd" + body[::-1], headers=[("Content-Encoding", "zstd")])
        articles, (failure,) = warc_of(stream.getvalue())
        assert articles.pop(3).body == "Přívoz měl zpoždění. " + TEXT
        assert [each.body for each in articles] == ["Café: " + TEXT] * 7
        assert failure == Failure(f"w {URL}/8", "is compressed as zstd, which is not read here")

    @pytest.mark.parametrize("way", ["marked", "shorter than stated", "unmarked", "marked gzip", "marked chunks"])
    def test_the_sentence_in_which_a_crawler_stopped_is_not_kept(self, way: str):
        end = "The mayor said that she would not resign"
        whole = html(f"{TEXT}</p><p>It was said on Monday. {end} before noon.</p><p>And more.").encode()
        body = whole[: whole.index(b" before noon")]
        headers = {
            "marked": [],
            "unmarked": [],
            "shorter than stated": [("Content-Length", str(len(whole)))],
            "marked gzip": [("Content-Encoding", "gzip")],
            "marked chunks": [("Transfer-Encoding", "chunked")],
        }[way]
        if way == "marked gzip":
            packed = gzip.compress(whole, compresslevel=0)
            body = packed[: packed.index(b" before noon")]
        if way == "marked chunks":
            body = b"%x\r\n%s" % (len(whole), body)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers], protocol="HTTP/1.1")
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        marks = {"WARC-Truncated": "length"} if way.startswith("marked") else {}
        writer.write_record(
            writer.create_warc_record(URL, "response", io.BytesIO(body), http_headers=http, warc_headers_dict=marks)
        )
        (article,), (note,) = warc_of(stream.getvalue())
        assert article.body == f"{TEXT}\n\nIt was said on Monday."
        assert note.kind == "note"
        assert "without its last sentence" in note.reason

    @pytest.mark.parametrize("end", ["</article>", "<footer>All rights reserved"])
    def test_a_page_that_only_lacks_its_end_is_whole(self, end: str):
        stream = io.BytesIO()
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = html().replace("</article>", end).partition(end)[0] + end
        writer = WARCWriter(stream, gzip=False)
        writer.write_record(writer.create_warc_record(URL, "response", io.BytesIO(body.encode()), http_headers=http))
        (article,), notes = warc_of(stream.getvalue())
        assert (article.body, notes) == (TEXT, [])

    def test_what_is_cut_behind_the_text_costs_none_of_it(self):
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        whole = html().encode()
        for name, body in {
            "a": whole,
            "b": whole.replace(b"</html>", b"<footer>All rights reserved, and many other thi"),
        }.items():
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            marks = {"WARC-Truncated": "time"}
            record = writer.create_warc_record(
                f"{URL}/{name}", "response", io.BytesIO(body), http_headers=http, warc_headers_dict=marks
            )
            writer.write_record(record)
        articles, (note,) = warc_of(stream.getvalue())
        assert [each.body for each in articles] == [TEXT] * 2
        assert "behind the article's text" in note.reason

    @pytest.mark.parametrize("content_type", ["", "unknown/unknown", "*/*"])
    def test_a_page_whose_server_does_not_say_what_it_is_is_looked_at(self, content_type: str):
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        bodies = {"page": html().encode(), "comment": b"<!-- x -->\n" + html().encode(), "script": b"var x = '<p>';"}
        for name, body in bodies.items():
            given = [("Content-Type", content_type)] if content_type else []
            http = StatusAndHeaders("200 OK", given, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(f"{URL}/{name}", "response", io.BytesIO(body), http_headers=http)
            )
        articles, failures = warc_of(stream.getvalue())
        assert [each.url for each in articles] == [f"{URL}/page", f"{URL}/comment"]
        assert failures == []

    def test_an_address_with_a_space_is_linked(self):
        articles, failures = warc_of(crawled(("https://gazette.example/the old mill?a=b c", html().encode())))
        assert [each.url for each in articles] == ["https://gazette.example/the%20old%20mill?a=b%20c"]
        assert failures == []

    def test_walls_are_named(self):
        wall = html("We and our 30 partners use cookies.").replace("<title>", "<title>Cookie settings | ").encode()
        articles, (failure,) = warc_of(crawled((URL, wall)))
        assert articles == []
        assert failure == Failure(f"w {URL}", "is not the article: it asks for consent first")

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "bare deflate", "chunked"])
    def test_a_damaged_body_is_no_article(self, coding: str, capfd: pytest.CaptureFixture[str]):
        said = " ".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(256))  # some pages once it is packed
        body = html(f"{TEXT} {said}").encode()
        halves = (body[: len(body) // 2], body[len(body) // 2 :])
        packed = {
            "gzip": gzip.compress(body),
            "deflate": zlib.compress(body),
            "bare deflate": zlib.compress(body, wbits=-15),
            "chunked": b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in (*halves, b"")),
        }[coding]
        middle = packed.index(b"\r\n", 50) if coding == "chunked" else len(packed) // 2
        damaged = packed[:middle] + b"\xff" * 40 + packed[middle + 40 :]
        header = ("Transfer-Encoding", coding) if coding == "chunked" else ("Content-Encoding", coding.split()[-1])
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        pages = {"whole": packed, "damaged": damaged, "cut": packed[:middle], "as-is": body}
        if coding == "bare deflate":
            del pages["damaged"]  # it has no checksum to tell
        for name, content in pages.items():
            write_page(writer, f"{URL}/{name}", content, headers=[header])
        articles, failures = warc_of(stream.getvalue())
        assert [each.url for each in articles] == [f"{URL}/whole", f"{URL}/as-is"]
        assert [each.where for each in failures] == [f"w {URL}/{name}" for name in pages if name in ("damaged", "cut")]
        assert all("damaged or cut off" in each.reason for each in failures)
        assert capfd.readouterr() == ("", "")

    def test_pages_that_are_no_articles_are_counted_in_one_line(self, tmp_path: Path):
        links = "".join(f'<a href="/{n}">Section {n} of the paper</a> ' for n in range(200)).encode()
        listings = [
            (f"https://gazette.example/tag/{n}", b"<html><body>" + links + b"</body></html>") for n in range(40)
        ]
        short = ("https://gazette.example/contact", html("Write to the office by the harbour. " * 3).encode())
        front = ("https://gazette.example/", html().encode())
        articles, failures = archive(tmp_path, "a.warc", crawled(*listings, short, front, PAGES[0]))
        assert [each.id for each in articles] == ["https://gazette.example/0"]
        assert failures == [
            Failure(
                "a.warc",
                "42 pages are no articles and are passed over (front pages, lists, forms): "
                "https://gazette.example/tag/0",
            )
        ]

    def test_a_file_without_pages_says_so(self):
        for content in (b"", crawled()):
            assert warc_of(content) == ([], [Failure("w", "holds no HTML page that was served with status 200")])
        _, failures = warc_of(b"no archive\n" * 1000)
        assert [each.where for each in failures] == ["w record 1", "w"]

    @pytest.mark.parametrize("compressed", [False, True])
    def test_of_a_truncated_file_the_rest_is_kept(self, tmp_path: Path, compressed: bool):
        content = crawled(*PAGES, compressed=compressed)[:-200]
        name = "a.warc.gz" if compressed else "a.warc"
        articles, (failure,) = archive(tmp_path, name, content)
        assert [each.url for each in articles] == [url for url, _ in PAGES[:4]]
        assert "damaged gzip" in failure.reason if compressed else "cut off" in failure.reason

    def test_a_damaged_record_costs_no_other(self):
        content = crawled(*PAGES)
        third = content.index(b"WARC-Target-URI: " + PAGES[2][0].encode())
        start, length = content.rindex(b"WARC/1.", 0, third), content.index(b"Content-Length: ", third)
        for damaged in (
            content[:start] + b"\xff\xfe rubbish\n" * 50 + content[start:],
            content[:start] + content[start + 3 :],
            content[:length] + b"Content-Length: x" + content[content.index(b"\r\n", length) :],
            content[:length] + b"Content-Length: -5" + content[content.index(b"\r\n", length) :],
            content[:length] + b"Content-Length: 700" + content[content.index(b"\r\n", length) :],
        ):
            articles, failures = warc_of(damaged)
            others = [url for at, (url, _) in enumerate(PAGES) if at != 2]
            assert [each.url for each in articles if each.url != PAGES[2][0]] == others
            assert 1 <= len(failures) <= 3
            assert {each.where for each in failures} <= {"w record 3", "w record 4", "w record 5", f"w {PAGES[2][0]}"}

    def test_pages_over_the_limit_are_named(self, monkeypatch: pytest.MonkeyPatch):
        large = ("https://gazette.example/large", b"x" * 11 * 1024 * 1024)
        bomb = gzip.compress(b"<p>" + b"x" * 50 * 1024 * 1024)
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        write_page(writer, *large)
        write_page(writer, "https://gazette.example/bomb", bomb, headers=[("Content-Encoding", "gzip")])
        write_page(writer, *PAGES[0])
        articles, failures = warc_of(stream.getvalue())
        assert [each.url for each in articles] == [PAGES[0][0]]
        assert [each.where for each in failures] == [f"w {large[0]}", "w https://gazette.example/bomb"]
        assert [each.reason for each in failures] == [
            "is larger than 10 MB and is passed over",
            "is larger than 10 MB; save the article alone",
        ]

    @given(st.data())
    @settings(max_examples=15)
    def test_damage_costs_pages_but_not_in_silence(self, data: st.DataObject):
        content = bytearray(crawled(*PAGES[:2]))
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(content) - 1))
            content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
        articles, failures = warc_of(bytes(content))
        assert articles or failures
        assert all(each.title and each.body for each in articles)
        assert all(each.where.startswith("w") and each.reason for each in failures)
