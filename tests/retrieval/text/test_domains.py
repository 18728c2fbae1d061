"""Outlets by their names: which spellings are one, and which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.domains import outlet_key


@pytest.mark.parametrize(
    "names",
    [
        ("CNN", "cnn.com", "edition.cnn.com", " cnn "),
        ("The Week", "theweek.co.uk", "www.theweek.co.uk"),
        ("Fox News", "foxnews.com"),
        ("The Guardian", "theguardian.com"),
        ("CBC", "cbc.ca", "www.cbc.ca", "m.cbc.ca"),
        ("DW", "dw.de", "www.dw.de"),
        ("NHK", "nhk.or.jp", "www3.nhk.or.jp"),
        ("ABC News", "abcnews.go.com", "www.abcnews.go.com"),
        ("Harbour", "harbour.example", "www.harbour.example"),
        ("Quay Notes", "quaynotes.substack.com", "quaynotes.blogspot.com"),
        (None, "", "  "),
    ],
)
def test_spellings_of_one_outlet(names: tuple[str | None, ...]) -> None:
    assert len({outlet_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("bbc.co.uk", "cnn.com", "news.com.au", "theweek.co.uk", "Therapy Today", "朝日新聞", "Times", "Daily Mail"),
        ("www.cbc.ca", "www.rte.ie", "www.orf.at", "www.dw.de", "m.nos.nl", "www.nhk.or.jp", "www.abc.net.au"),
        ("abcnews.go.com", "espn.go.com", "go.com", "quay.substack.com", "harbour.substack.com"),
        ("192.0.2.7", "192.0.2.8", "www.one.example", "www.two.example"),
    ],
)
def test_different_outlets_stay_apart(names: tuple[str, ...]) -> None:
    assert len({outlet_key(name) for name in names}) == len(names)


@given(st.from_regex(r"[\w-]+(\.[\w-]+)*", fullmatch=True) | st.text())
def test_every_name_has_a_key_that_its_case_and_padding_do_not_change(name: str) -> None:
    assert outlet_key(f" {name} ") == outlet_key(name.strip()) == outlet_key(name.casefold())
    assert bool(outlet_key(name)) == bool(name.strip())
