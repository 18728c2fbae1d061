"""The standard format is read line by line; whatever is wrong is named, the rest goes in."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Article, Failure
from retrieval.reading.sources import jsonl
from retrieval.reading.sources.fields import MOST_CHARACTERS
from retrieval.reading.sources.jsonl import read_jsonl
from retrieval.text.addresses import web_url

FULL = {
    "id": "a1",
    "url": "https://news.example/a1",
    "title": "A headline",
    "text": "The body. It goes on.",
    "source": "The News",
    "published": "2025-05-01",
    "updated": "2025-05-02T10:00:00+02:00",
    "key_points": ["One point", " another \n point "],
}
MINIMAL = {"id": "a2", "title": "Another", "text": "Another body."}


def read(folder: Path, *lines: object) -> tuple[list[Article], list[Failure]]:
    content = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    path = folder / "news.jsonl"
    path.write_bytes(content)
    return split(path)


def split(path: Path) -> tuple[list[Article], list[Failure]]:
    found = list(read_jsonl(path, "news"))
    return (
        [each for each in found if isinstance(each, Article)],
        [each for each in found if isinstance(each, Failure)],
    )


def test_every_field_is_read(tmp_path: Path):
    articles, failures = read(tmp_path, FULL, MINIMAL)
    assert failures == []
    assert articles == [
        Article(
            id="a1",
            title="A headline",
            body="The body. It goes on.",
            url="https://news.example/a1",
            source="The News",
            published=date(2025, 5, 1),
            updated=datetime(2025, 5, 2, 10, tzinfo=timezone(timedelta(hours=2))),
            key_points=("One point", "another point"),
        ),
        Article(id="a2", title="Another", body="Another body."),
    ]


def test_the_body_stays_as_it_is_written_but_for_its_ends(tmp_path: Path):
    text = "\n “One”\r\n\r\n\tTwo…\u00a0three  \u2028four 😀 \n\n"
    articles, _ = read(tmp_path, MINIMAL | {"text": text})
    assert articles[0].body == text.strip()


def test_a_title_is_one_line(tmp_path: Path):
    articles, _ = read(tmp_path, MINIMAL | {"title": " A\n headline\u00a0here "})
    assert articles[0].title == "A headline here"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{oops}\n", "not valid JSON"),
        (b'{"id": "a", "title": "b", "text": "c"\n', "not valid JSON"),
        (b"[1, 2]\n", "not a JSON object"),
        (b'"text"\n', "not a JSON object"),
        (b"null\n", "not a JSON object"),
        (b"[" * 100_000 + b"\n", "JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}\n", "JSON"),
        (
            json.dumps(MINIMAL).replace("body", "caf\u00e9").encode("latin-1").replace(b"\\u00e9", b"\xe9") + b"\n",
            "UTF-8",
        ),
        (b"\x00\x01\x02binary\n", "NUL"),
        ({"title": "b", "text": "c"}, "no `id`"),
        ({"id": "a", "title": "b"}, "no `text`"),
        ({"id": "a", "title": "b", "text": None}, "no `text`"),
        ({"id": "", "title": "b", "text": "c"}, "`id` is empty"),
        ({"id": "a", "title": "b", "text": "\u00a0"}, "`text` is empty"),
        ({"id": ["a"], "title": "b", "text": "c"}, "`id` is not a string"),
        ({"id": True, "title": "b", "text": "c"}, "`id` is not a string"),
        ({"id": "a", "title": 1, "text": "c"}, "`title` is not a string"),
        ({"id": "a", "title": "b", "text": ["c"]}, "`text` is not a string"),
        ({"id": "a" * 501, "title": "b", "text": "c"}, "more than 500"),
        ({"id": "a", "title": "b" * 501, "text": "c"}, "more than 500"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_in(tmp_path: Path, line: object, reason: str):
    articles, failures = read(tmp_path, FULL, line, MINIMAL)
    assert [article.id for article in articles] == ["a1", "a2"]
    assert [failure.where for failure in failures] == ["news line 2"]
    assert reason in failures[0].reason


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("published", "last Tuesday", "not an ISO 8601 date"),
        ("published", "2025-13-01", "not an ISO 8601 date"),
        ("published", "9999-12-31", "future"),
        ("published", "1066-10-14", "before 1900"),
        ("published", 1746093600, "not a string"),
        ("updated", "x" * 5000, "not an ISO 8601 date"),
        ("url", "ftp://news.example/a1", "not an http or https url"),
        ("url", "javascript:alert(1)", "not an http or https url"),
        ("url", "https://news.example/a b", "no url may hold"),
        ("url", 7, "not a string"),
        ("source", {"name": "x"}, "not a string"),
        ("key_points", "one", "not a list of strings"),
        ("key_points", [1], "not a list of strings"),
    ],
)
def test_a_bad_optional_field_is_named_and_left_out(tmp_path: Path, field: str, value: object, reason: str):
    articles, failures = read(tmp_path, FULL | {field: value})
    assert getattr(articles[0], field) in (None, ())
    assert articles[0].body == FULL["text"]
    assert [failure.where for failure in failures] == ["news line 1"]
    assert f"`{field}` is ignored" in failures[0].reason
    assert reason in failures[0].reason
    assert len(failures[0].reason) < 200


@pytest.mark.parametrize("title", [None, "", " \n"])
def test_an_article_without_a_headline_is_kept_under_its_opening_words(tmp_path: Path, title: str | None):
    long = "The war went on.\n\n" + "It went on and on. " * 20
    articles, failures = read(tmp_path, MINIMAL | {"title": title, "text": long}, MINIMAL | {"title": title})
    assert articles[0].title.startswith("The war went on. It went on")
    assert articles[0].title.endswith("…")
    assert len(articles[0].title) <= 80
    assert articles[1].title == "Another body."
    reason = "it has no `title`; the article is kept under its opening words"
    assert failures == [Failure("news line 1", reason, "note"), Failure("news line 2", reason, "note")]
    unbroken, _ = read(tmp_path, MINIMAL | {"title": title, "text": "今" * 300})
    assert len(unbroken[0].title) == 80


def test_absent_optional_fields_are_no_fault(tmp_path: Path):
    nothing = dict.fromkeys(("url", "source", "published", "updated", "key_points"))
    empty = {"url": "", "source": " ", "published": "", "updated": "", "key_points": []}
    articles, failures = read(tmp_path, MINIMAL | nothing, MINIMAL | empty)
    assert failures == []
    assert articles == [Article(id="a2", title="Another", body="Another body.")] * 2


@pytest.mark.parametrize("times", [1, 2, 50])
def test_of_a_body_without_end_the_beginning_is_kept_and_the_rest_is_named(tmp_path: Path, times: int):
    text = "The ferry left. " * (times * MOST_CHARACTERS // 16 + 1)
    (article,), notes = read(tmp_path, MINIMAL | {"text": text})
    assert MOST_CHARACTERS - 16 <= len(article.body) <= MOST_CHARACTERS
    assert text.startswith(article.body)
    assert article.body.endswith(("The", "ferry", "left."))
    wanted = "its text is longer than 200,000 characters; the article is kept up to there: split it"
    assert notes == [Failure("news line 1", wanted, "note")]


def test_numbered_articles_keep_their_number_as_id(tmp_path: Path):
    articles, failures = read(tmp_path, MINIMAL | {"id": 17})
    assert (articles[0].id, failures) == ("17", [])


def test_what_utf8_cannot_hold_is_replaced(tmp_path: Path):
    line = (
        b'{"id": "a\\ud800", "title": "b\\udfff", "text": "c\\ud83d d\\u0000e \\ud83d\\ude00", "source": "\\udc00s"}\n'
    )
    articles, failures = read(tmp_path, line)
    assert failures == []
    assert articles[0] == Article(id="a\ufffd", title="b\ufffd", body="c\ufffd d\ufffde 😀", source="\ufffds")
    assert articles[0].content_hash


def test_byte_order_mark_blank_lines_and_line_endings(tmp_path: Path):
    encoded = json.dumps(MINIMAL).encode()
    articles, failures = read(tmp_path, b"\xef\xbb\xbf" + encoded + b"\r\n", b"\r\n  \n\n", encoded)
    assert len(articles) == 2
    assert failures == []
    _, failures = read(tmp_path, b"\n\n", b"oops")
    assert failures[0].where == "news line 3"


def test_utf16_and_empty_files_are_named(tmp_path: Path):
    articles, failures = read(tmp_path, json.dumps(MINIMAL).encode("utf-16"))
    assert articles == []
    assert [(failure.where, "UTF-16" in failure.reason) for failure in failures] == [("news", True)]
    assert read(tmp_path, b"")[1] == [Failure("news", "is empty")]
    assert read(tmp_path, b"\n \n")[1] == [Failure("news", "is empty")]


def test_an_overlong_line_is_passed_over_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jsonl, "MAX_ARTICLE_BYTES", 1024 * 1024)
    path = tmp_path / "news.jsonl"
    with path.open("wb") as stream:
        stream.write(json.dumps(FULL).encode() + b"\n")
        for _ in range(64):
            stream.write(b"x" * 1024 * 1024)
        stream.write(b"\n" + json.dumps(MINIMAL).encode())
    tracemalloc.start()
    articles, failures = split(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [article.id for article in articles] == ["a1", "a2"]
    assert failures == [Failure("news line 2", "is longer than 1 MB; split the article")]
    assert peak < 8 * 1024 * 1024


def test_a_line_at_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    line = json.dumps(MINIMAL).encode() + b"\n"
    monkeypatch.setattr(jsonl, "MAX_ARTICLE_BYTES", len(line))
    assert len(read(tmp_path, line, line)[0]) == 2
    articles, failures = read(tmp_path, b" " + line, line)
    assert (len(articles), len(failures)) == (1, 1)


def test_compressed_files_are_read(tmp_path: Path):
    path = tmp_path / "news.JSONL.GZ"
    path.write_bytes(gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in (FULL, MINIMAL))))
    articles, failures = split(path)
    assert ([article.id for article in articles], failures) == (["a1", "a2"], [])


def test_of_a_damaged_compressed_file_what_could_be_read_stays(tmp_path: Path):
    path = tmp_path / "news.jsonl.gz"
    records = (MINIMAL | {"id": number, "text": f"{number * 7919:x}" * 300} for number in range(2000))
    whole = gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in records))
    path.write_bytes(whole[: len(whole) // 2])
    articles, failures = split(path)
    assert 100 < len(articles) < 2000
    assert "damaged gzip file" in failures[-1].reason
    path.write_bytes(b"not gzip at all")
    articles, failures = split(path)
    assert (articles, len(failures)) == ([], 1)
    path.write_bytes(whole[:-4] + b"abcd")
    articles, failures = split(path)
    assert (len(articles), len(failures)) == (2000, 1)


def test_a_missing_file_is_named(tmp_path: Path):
    articles, failures = split(tmp_path / "none.jsonl")
    assert articles == []
    assert failures == [Failure("news", "cannot be read: No such file or directory", "unreadable")]
    assert "cannot be read" in split(tmp_path)[1][0].reason


@given(st.lists(st.binary(max_size=60), max_size=6).map(b"\n".join))
def test_each_line_of_any_bytes_has_a_reason(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(content)
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    places = [f"news line {number}" for number, line in enumerate(lines, start=1) if line.strip()]
    if not places or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        places = ["news"]  # which is said of the whole file: that it is empty, or UTF-16
    articles, failures = split(path)
    assert articles == []  # no line of sixty bytes that come by chance is one
    assert [each.where for each in failures] == places
    assert all(each.reason for each in failures)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


STEM = "https://news.example/"


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FULL, JSON)))
def test_no_record_raises_and_what_is_read_can_be_stored(
    tmp_path_factory: pytest.TempPathFactory, record: dict[str, object]
):
    path = tmp_path_factory.getbasetemp() / "record.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    for found in read_jsonl(path, "news"):
        if isinstance(found, Article):
            json.dumps([found.id, found.title, found.body, found.url, found.source], ensure_ascii=False).encode()
            assert found.body.strip()
            assert found.title.strip()
            assert found.id.strip()


def test_an_address_that_no_server_takes_is_none():
    assert web_url(STEM + "a" * (8192 - len(STEM)))
    with pytest.raises(ValueError, match=r"^it is longer than 8,192 characters$"):
        web_url(STEM + "{" * 8192)


@given(st.text())
def test_web_urls_are_http_or_refused(text: str):
    try:
        url = web_url(text)
    except ValueError:
        return
    assert url.lower().startswith(("http://", "https://"))
