"""Untrusted text as markdown: shown as written, never obeyed."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.markdown import (
    MAX_LINK,
    block_quote,
    day_text,
    emphasised,
    escape,
    label,
    link_target,
    linked,
    shorten,
    unescape,
    visible,
)
from tests.support.discord_markdown import read
from tests.support.hostile import hostile, urls


@given(hostile)
def test_escaped_text_shows_what_was_written_and_does_nothing_else(text: str) -> None:
    reading = read(escape(text))
    assert reading.text == unescape(escape(text)) == visible(text)
    assert reading.marks == ()


@given(hostile, st.lists(st.integers(0, 60), max_size=8))
def test_bold_changes_nothing_that_is_shown(text: str, edges: list[int]) -> None:
    cuts = sorted({edge for edge in edges if edge <= len(visible(text))})
    markdown = emphasised(text, zip(cuts[::2], cuts[1::2], strict=False))
    assert unescape(markdown) == visible(text)
    assert markdown.replace("**", "").replace("\\", "") == escape(text).replace("**", "").replace("\\", "")
    reading = read(markdown)
    assert reading.text == visible(text)
    assert {kind for kind, _ in reading.marks} <= {"bold"}
    assert all(len(read(line).marks) % 2 == 0 for line in markdown.split("\n"))


@given(st.text("ab 1.\t\n#->+*", max_size=30))
def test_no_line_starts_markup(text: str) -> None:
    assert read(escape(text)).marks == ()


@given(hostile)
def test_a_block_quote_holds_every_line(text: str) -> None:
    lines = block_quote(text).split("\n")
    assert all(line.startswith("> ") for line in lines)
    assert unescape("\n".join(line[2:] for line in lines)) == visible(text)


@pytest.mark.parametrize(
    "text",
    [
        "U.S. — 30-day, $5 (about 10%)",
        "“Mr. Rutte’s” view: it’s 5 p.m. EST; 3.5% & more…",
        "At 12:30 he wrote to press@nato.example: yes! (No?)",
        "Größe, naïve, 東京, emoji 👩‍👩‍👧, ‘single’ – #hashtag and -5 degrees",
        "10.5 million\n2024 was hot",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("@everyone", r"\@everyone"),
        ("<@123> <#4> </ask:5> <t:0:R>", r"\<@123> \<#4> \</ask:5> \<t\:0:R>"),
        ("[He] said", r"\[He\] said"),
        ("[x](https://a.b)", r"\[x\](https\://a.b)"),
        (
            "# Title\n-# small\n- item\n1. one\n> quote",
            "\\# Title\n\\-# small\n\\- item\n1\\. one\n\\> quote",
        ),
        (":smile: 10:30:45", r"\:smile: 10\:30:45"),
        (r"C:\temp", r"C:\\temp"),
    ],
)
def test_markup_is_disarmed_with_backslashes(text: str, markdown: str) -> None:
    assert escape(text) == markdown


def test_control_and_direction_characters_are_left_out() -> None:
    assert visible("a\u202eb\x00c\u2066d\r\ne\u2028f\tg") == "abcd\ne\nf\tg"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example/x?y=1&z=2#s", "https://a.example/x?y=1&z=2#s"),
        ("HTTP://A.Example:8080/x", "http://a.example:8080/x"),
        ("https://a.example/#:~:text=he%20said,end", "https://a.example/#:~:text=he%20said,end"),
        ("https://a.example/x_(y)*<z>`[1]|", "https://a.example/x_%28y%29%2A%3Cz%3E%60%5B1%5D%7C"),
        ("https://a.example/a b\\c\"'", "https://a.example/a%20b%5Cc%22%27"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://user:secret@a.example/", None),
        ("https://a.example:99999/", None),
        ("https://[::1]/", None),
        ("https://", None),
        ("//a.example/x", None),
        ("/x", None),
        ("", None),
        (None, None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("discord://a.example", None),
        ("https://a.example/" + "x" * MAX_LINK, None),
        ("https://a.example/x#" + "y" * MAX_LINK, "https://a.example/x"),
    ],
)
def test_only_web_addresses_become_links(url: str | None, target: str | None) -> None:
    assert link_target(url) == target


@given(urls)
def test_a_link_cannot_end_before_its_end(url: str | None) -> None:
    if (target := link_target(url)) is not None:
        assert read(f"[title]({target})").marks == (("link", target),)
        assert len(target) <= MAX_LINK
        assert target.startswith(("http://", "https://"))


def test_a_title_that_looks_like_a_link_stands_beside_it() -> None:
    shown = linked("See https://evil.example", "https://a.example", 100)
    assert shown == r"See https\://evil.example ([link](https://a.example))"


def test_dates() -> None:
    assert day_text(None) == "undated"
    assert day_text(date(2023, 12, 21)) == "21\u00a0December\u00a02023"
    assert (
        day_text(datetime(2023, 12, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5))))
        == "<t:1703219400:D> (<t:1703219400:R>)"
    )


def test_shortening_keeps_words_where_it_can() -> None:
    assert shorten("one two three", 13) == "one two three"
    assert shorten("one two three", 12) == "one two…"
    assert shorten("x" * 20, 5) == "xxxx…"
    assert label("  a\n b ", 10) == "a b"
