"""A folder of articles: everything readable goes in, everything else is named with its reason."""

from __future__ import annotations

import codecs
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Article, Failure
from retrieval.errors import SourceUnavailable
from retrieval.reading.sources import markdown
from retrieval.reading.sources.folder import FileStamp, read_file, scan_folder
from retrieval.reading.sources.markdown import split_markdown
from retrieval.reading.sources.text import split_text
from retrieval.workers import Overrun
from tests.support.places import SEEDS

TEXT = "A headline\n- One point\n- Another\nThe body. It goes on.\n\nA second paragraph.\n"


def write(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def article(folder: Path, name: str, content: str | bytes) -> Article:
    write(folder, name, content)
    (found,) = read_file(folder, name)
    assert isinstance(found, Article), found
    return found


def failure(folder: Path, name: str, content: str | bytes) -> str:
    write(folder, name, content)
    (found,) = read_file(folder, name)
    assert isinstance(found, Failure), found
    assert found.where == name
    return found.reason


def test_the_seed_is_read():
    name = "000_121fb7c350937a5f.txt"
    assert name in scan_folder(SEEDS).files
    (seed,) = read_file(SEEDS, name)
    assert isinstance(seed, Article)
    assert seed.id == name
    assert seed.title == "NATO chief demands faster Russian action to end Ukraine conflict"
    assert len(seed.key_points) == 3
    assert seed.key_points[1].startswith("The U.S. has conveyed")
    assert seed.body.startswith("In a recent interview, NATO")
    assert seed.body.endswith("adversaries like Russia.")
    assert "\n" not in seed.body
    assert (seed.url, seed.source, seed.published, seed.updated) == (None, None, None, None)


class TestScan:
    def test_files_are_listed_in_order_with_their_stamps(self, tmp_path: Path):
        for name in ("b.txt", "a/c.MD", "a/b/d.jsonl", "a.jsonl.gz"):
            write(tmp_path, name, "x")
        os.utime(tmp_path / "b.txt", ns=(5, 7_000_000_001))
        scan = scan_folder(tmp_path)
        assert list(scan.files) == ["a.jsonl.gz", "a/b/d.jsonl", "a/c.MD", "b.txt"]
        assert scan.files["b.txt"] == FileStamp(1, 7_000_000_001)
        assert scan.failures == ()
        assert scan == scan_folder(tmp_path)

    def test_hidden_files_and_folders_are_skipped(self, tmp_path: Path):
        for name in (".a.txt", ".git/b.txt", "c/.d.md"):
            write(tmp_path, name, "x")
        assert scan_folder(tmp_path) == scan_folder(tmp_path / "c")
        assert scan_folder(tmp_path).files == {}

    def test_other_formats_are_named(self, tmp_path: Path):
        for name in ("a.pdf", "sub/b.rtf", "c.txt~", "noext", "d.gz"):
            write(tmp_path, name, "x")
        scan = scan_folder(tmp_path)
        assert scan.files == {}
        assert [each.where for each in scan.failures] == ["a.pdf", "c.txt~", "d.gz", "noext", "sub/b.rtf"]
        assert {each.reason for each in scan.failures} == {
            "is not a format that is read here: .txt, .md, .html, .htm, .jsonl, .jsonl.gz"
        }

    def test_saved_pages_are_listed_and_read_under_their_names(self, tmp_path: Path):
        text = "<p>The ferry was late on Monday. It was late on Tuesday, too.</p>" * 5
        link = '<link rel="canonical" href="https://gazette.example/ferry">'
        found = article(
            tmp_path, "sub/a.HTM", f"<html><head><title>Late</title>{link}</head><body>{text}</body></html>"
        )
        assert list(scan_folder(tmp_path).files) == ["sub/a.HTM"]
        assert (found.id, found.title, found.url) == ("sub/a.HTM", "Late", "https://gazette.example/ferry")
        assert "has no article text" in failure(tmp_path, "b.html", "<html><body><p>Hm</p></body></html>")

    def test_links_are_followed_to_files_within_the_folder_only(self, tmp_path: Path):
        folder = tmp_path / "seeds"
        write(folder, "a.txt", "x")
        write(folder, ".data/b.txt", "x")
        write(folder, "sub/c.txt", "x")
        write(tmp_path, "secret.txt", "x")
        for name, target in {
            "in.txt": "a.txt",
            "mounted.txt": ".data/b.txt",
            "out.txt": "../secret.txt",
            "gone.txt": "nowhere.txt",
            "self.txt": "self.txt",
            "circle": ".",
            "away": "..",
            "twice": "sub",
        }.items():
            (folder / name).symlink_to(target)
        (tmp_path / "alias").symlink_to("seeds")
        for scan in (scan_folder(folder), scan_folder(tmp_path / "alias")):
            assert list(scan.files) == ["a.txt", "in.txt", "mounted.txt", "sub/c.txt"]
            reasons = {each.where: each.reason for each in scan.failures}
            assert sorted(reasons) == ["away", "circle", "gone.txt", "out.txt", "self.txt", "twice"]
            assert "out of the folder" in reasons["out.txt"]
            assert "out of the folder" in reasons["away"]
            assert "leads nowhere or in a circle" in reasons["self.txt"]
            assert "link to a folder" in reasons["circle"]

    def test_what_is_no_file_is_named(self, tmp_path: Path):
        os.mkfifo(tmp_path / "pipe.txt")
        assert scan_folder(tmp_path).failures == (Failure("pipe.txt", "is not a regular file"),)

    def test_a_name_that_is_not_utf8_is_named(self, tmp_path: Path):
        (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
        (found,) = scan_folder(tmp_path).failures
        assert found == Failure("caf\ufffd.txt", "has a name that is not UTF-8; rename it")

    def test_an_unreadable_sub_folder_is_named_and_told_apart(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        write(tmp_path, "a.txt", "x")
        write(tmp_path, "shut/b.txt", "x")
        refuse(monkeypatch, tmp_path / "shut")
        scan = scan_folder(tmp_path)
        assert list(scan.files) == ["a.txt"]
        assert scan.unread == {"shut/"}
        assert scan.failures == (Failure("shut/", "cannot be listed: Permission denied; allow the bot to read it"),)

    def test_a_folder_that_is_not_there_is_no_empty_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        with pytest.raises(SourceUnavailable, match=r"none cannot be read .* set SEEDS_DIR"):
            scan_folder(tmp_path / "none")
        write(tmp_path, "file", "x")
        with pytest.raises(SourceUnavailable, match="is not a folder"):
            scan_folder(tmp_path / "file")
        (tmp_path / "loop").symlink_to("loop")
        with pytest.raises(SourceUnavailable, match="SEEDS_DIR"):
            scan_folder(tmp_path / "loop")
        refuse(monkeypatch, tmp_path)
        with pytest.raises(SourceUnavailable, match="Permission denied"):
            scan_folder(tmp_path)


def refuse(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make `folder` one that may not be listed, also for a test run as root."""
    scandir = os.scandir

    def refusing(path: Path):
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)


class TestText:
    def test_title_key_points_and_body(self, tmp_path: Path):
        assert article(tmp_path, "sub/a.txt", TEXT) == Article(
            id="sub/a.txt",
            title="A headline",
            body="The body. It goes on.\n\nA second paragraph.",
            key_points=("One point", "Another"),
        )

    def test_the_id_is_the_name_as_it_stands(self, tmp_path: Path):
        assert article(tmp_path, " a  b/c\u00a0d .txt", TEXT).id == " a  b/c\u00a0d .txt"

    @pytest.mark.parametrize(
        ("text", "key_points", "body"),
        [
            ("Title\nBody.", (), "Body."),
            ("\n\n  Title  \n\n\nBody.\n - no point here", (), "Body.\n - no point here"),
            ("Title\n\n- a\n\n* b\n• c\n\nBody.", ("a", "b", "c"), "Body."),
            ("Title\n- a point that\n  goes on\n- b\nBody.", ("a point that goes on", "b"), "Body."),
            ("Title\n-5 degrees.", (), "-5 degrees."),
            ("Title\n— He said so.", (), "— He said so."),
            ("Title\n-\nBody.", (), "-\nBody."),
            ("Title\n- a\n    Body, indented.\n\nMore.", ("a Body, indented.",), "More."),
            ("Title\nOne\u2028two\x0bthree.", (), "One\u2028two\x0bthree."),
        ],
    )
    def test_shapes_of_files(self, text: str, key_points: tuple[str, ...], body: str):
        parts = split_text(text, None)
        assert (parts.title or "").strip() == "Title"
        assert (parts.key_points, parts.body) == (key_points, body)

    def test_line_endings_become_newlines_and_nothing_else_changes(self, tmp_path: Path):
        found = article(tmp_path, "a.txt", "Title\r\n- a\r\nOne\u00a0two “three”…\r\n\r\nFour.\rFive.\r\n")
        assert found.key_points == ("a",)
        assert found.body == "One\u00a0two “three”…\n\nFour.\nFive."

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_marked_encodings_are_read(self, tmp_path: Path, encoding: str):
        assert article(tmp_path, "a.txt", "Título\n“Cuerpo” 😀".encode(encoding)).body == "“Cuerpo” 😀"

    def test_front_matter(self, tmp_path: Path):
        found = article(
            tmp_path,
            "a.txt",
            "---\ntitle: 'Front: title'\nurl: https://news.example/a\nsource: The News\ndate: 2025-05-01\n"
            "updated: 2025-05-01 10:00:00 +02:00\nlayout: post\ntags: [a, b]\n---\n\n- One point\nThe body.\n",
        )
        assert found == Article(
            id="a.txt",
            title="Front: title",
            body="The body.",
            url="https://news.example/a",
            source="The News",
            published=date(2025, 5, 1),
            updated=datetime(2025, 5, 1, 8, tzinfo=UTC),
            key_points=("One point",),
        )

    def test_the_first_line_stays_unless_it_repeats_front_matters_title(self, tmp_path: Path):
        head = "---\ntitle: A headline\n---\n"
        assert article(tmp_path, "a.txt", f"{head}A  headline\nThe body.").body == "The body."
        assert article(tmp_path, "a.txt", f"{head}Another line\nThe body.").body == "Another line\nThe body."
        assert article(tmp_path, "a.txt", f"---\n---\n{TEXT}").title == "A headline"
        assert article(tmp_path, "a.txt", f"---\nurl: ''\npublished:\n...\n{TEXT}").title == "A headline"

    def test_a_bad_date_or_url_is_named_and_the_article_stays(self, tmp_path: Path):
        write(tmp_path, "a.txt", f"---\npublished: 2025-13-45\nurl: [x]\nsource: 5\n---\n{TEXT}")
        found, *failures = read_file(tmp_path, "a.txt")
        assert isinstance(found, Article)
        assert (found.published, found.url, found.source) == (None, None, "5")
        reasons = sorted(each.reason for each in failures if isinstance(each, Failure))
        assert [reason.partition(":")[0] for reason in reasons] == ["`published` is ignored", "`url` is ignored"]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("", "is empty"),
            (" \n\t\u00a0\n", "is empty"),
            (codecs.BOM_UTF8, "is empty"),
            ("Only a title", "has no body"),
            ("Title\n\n- only\n- points", "has no body"),
            ("---\ntitle: x\n---\n", "has no body"),
            (b"\x89PNG\r\n\x1a\n\0\0\0", "is not UTF-8 text"),
            (b"PK\x03\x04\0\0text", "binary"),
            ("Title\nBody".encode("utf-16")[2:], "NUL bytes"),
            ("Title\ncafé".encode("latin-1"), "is not UTF-8 text (byte 10); save it as UTF-8"),
            (b"\xff\xfeT\x00\x00\xd8", "is not UTF-16 text"),
            ("---\ntitle: x\nBody", "not closed"),
            ("---\n{ [\n---\nTitle\nBody", "front matter is not valid YAML"),
            ("---\na: b: c\n---\nTitle\nBody", "in line 2"),
            ("---\n- a\n- b\n---\nTitle\nBody", "not a list of `name: value` lines"),
            ("---\n" + "[" * 5000 + "\n---\nTitle\nBody", "YAML"),
            ("---\n" + "# x\n" * 20_000 + "---\nTitle\nBody", "longer than 16 KB"),
            ("x" * 600 + "\nBody", "more than 500 characters"),
        ],
    )
    def test_bad_files_are_named(self, tmp_path: Path, content: str | bytes, reason: str):
        assert reason in failure(tmp_path, "a.txt", content)

    def test_aliases_in_front_matter_cost_nothing(self, tmp_path: Path):
        laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
        assert article(tmp_path, "a.txt", f"---\na0: &a0 [x]\n{laughs}\n---\n{TEXT}").title == "A headline"

    def test_a_file_above_10_mb_is_named_without_being_read(self, tmp_path: Path):
        with (tmp_path / "a.txt").open("wb") as stream:
            stream.truncate(2 * 1024**3)
        (found,) = read_file(tmp_path, "a.txt")
        assert found == Failure("a.txt", "is larger than 10 MB; split it into articles")
        assert "larger than 1 MB" in failure(tmp_path, "a.md", "word " * 300_000)

    def test_a_file_that_cannot_be_opened_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        assert list(read_file(tmp_path, "gone.txt")) == [
            Failure("gone.txt", "cannot be read: No such file or directory", "unreadable")
        ]

        def refused(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        write(tmp_path, "a.txt", TEXT)
        monkeypatch.setattr(Path, "open", refused)
        assert list(read_file(tmp_path, "a.txt")) == [
            Failure("a.txt", "cannot be read: Permission denied", "unreadable")
        ]

    @given(st.text())
    def test_the_body_is_a_piece_of_the_text(self, text: str):
        parts = split_text(text, None)
        assert parts.body in text
        assert parts.body == parts.body.strip()


def not_here(*_: object) -> NoReturn:
    raise Overrun("takes more than 3 seconds to read")


class TestMarkdown:
    def test_what_a_reader_sees_is_the_body(self):
        parts = split_markdown(
            "# The *title* with a [link](https://x.example)\n\n- point &amp; **one**\n- two\n\n"
            "A **bold** `code` ![image](a.png) [text](https://y.example) goes\nover lines.\n\n"
            "## A heading\n\n> quoted “words”\n\n1. one\n2. two\n\n```py\nx = 1\n\ny = 2\n```\n\n"
            "<div>html</div>\n\n| a | b |\n|---|---|\n| c | d |\n\n---\n\n[ref]: https://z.example\n"
            "hard  \nbreak, <b>inline</b> &copy; \\* ~~gone~~ <https://w.example>\n",
            None,
        )
        assert parts.title == "The title with a link"
        assert parts.key_points == ("point & one", "two")
        assert parts.body.split("\n\n") == [
            "A bold code  text goes over lines.",
            "A heading",
            "quoted “words”",
            "one",
            "two",
            "x = 1",
            "y = 2",
            "a",
            "b",
            "c",
            "d",
            "hard\nbreak, inline © * https://w.example",
        ]

    @pytest.mark.parametrize(
        ("text", "title", "expected"),
        [
            ("## Second\n\nText.\n\n# First\n\nMore.", None, ("First", (), "Second\n\nText.\n\nMore.")),
            ("Text.\n\n## Second\n\nMore.", None, ("Second", (), "Text.\n\nMore.")),
            ("First line.\nSecond line.\n\nMore.", None, ("First line.", (), "Second line.\n\nMore.")),
            ("First line.\n- a\n\nMore\nlines.", None, ("First line.", ("a",), "More lines.")),
            ("A\nsetext\n===\n\nText.", None, ("A setext", (), "Text.")),
            ("Setext\n===\n\nText.", None, ("Setext", (), "Text.")),
            ("# Front\n\nText.", "Front", ("Front", (), "Text.")),
            ("# Other\n\nText.", "Front", ("Front", (), "Other\n\nText.")),
            ("* a\n* b\n\nText.", "Front", ("Front", ("a", "b"), "Text.")),
            ("# T\n\n- a\n  - nested\n\nText.\n\n- c", None, ("T", ("a", "nested"), "Text.\n\nc")),
            ("", None, (None, (), "")),
        ],
    )
    def test_title_and_key_points(self, text: str, title: str | None, expected: tuple[object, ...]):
        assert tuple(split_markdown(text, title)) == expected

    def test_a_file_with_front_matter(self, tmp_path: Path):
        found = article(tmp_path, "a.md", "---\nurl: https://news.example/a\n---\n# Title\n\n* a\n\nThe *body*.\n")
        assert found == Article("a.md", "Title", "The body.", url="https://news.example/a", key_points=("a",))

    def test_bad_files_are_named(self, tmp_path: Path):
        assert "has no body" in failure(tmp_path, "a.md", "# Title\n\n- a\n- b\n")
        assert "has no body" in failure(tmp_path, "a.md", "![image](a.png)\n\n<p>html</p>\n")
        assert "is empty" in failure(tmp_path, "a.md", "\n")

    def test_a_long_text_is_read_outside_this_process_like_a_short_one(self, monkeypatch: pytest.MonkeyPatch):
        text = "# Title\n\n- point\n\n" + "The *ferry* sails [again](https://x.example).\n\n" * 400
        parts = split_markdown(text, None)
        monkeypatch.setattr(markdown, "outside", not_here)
        with pytest.raises(Overrun):
            split_markdown(text, None)
        monkeypatch.setattr(markdown, "_SHORT", len(text))
        assert split_markdown(text, None) == parts
        assert parts.body.count("The ferry sails again.") == 400

    def test_a_text_that_takes_too_long_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(markdown, "outside", not_here)
        assert failure(tmp_path, "a.md", "# Title\n\n" + "word " * 4_000) == "takes more than 3 seconds to read"
        assert article(tmp_path, "b.md", "# Title\n\nword").body == "word"

    @given(st.text(alphabet="ab \n#*-_`[]()<>!&;|\\~1.", max_size=80))
    def test_no_markdown_raises(self, text: str):
        parts = split_markdown(text, None)
        assert parts.body == parts.body.strip()


def test_the_standard_format_is_read_through_the_folder(tmp_path: Path):
    write(tmp_path, "sub/news.jsonl", json.dumps({"id": "a", "title": "b", "text": "c"}) + "\noops\n")
    found, fault = read_file(tmp_path, "sub/news.jsonl")
    assert found == Article("a", "b", "c")
    assert isinstance(fault, Failure)
    assert fault.where == "sub/news.jsonl line 2"


@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md", "a.jsonl", "a.jsonl.gz"]))
def test_any_bytes_are_articles_or_have_a_reason(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str):
    folder = tmp_path_factory.getbasetemp()
    write(folder, name, content)
    found = list(read_file(folder, name))
    assert found
    assert all(each.title and each.body for each in found if isinstance(each, Article))
    assert all(each.where.startswith(name) and each.reason for each in found if not isinstance(each, Article))
