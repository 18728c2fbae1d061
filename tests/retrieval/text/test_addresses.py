"""Addresses of the same article are one; those of different articles are never folded into each other."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.text.addresses import article_id, canonical_url, is_front_page, precise_address

STORY = "https://gazette.example/2024/ferry-late"


@pytest.mark.parametrize(
    "url",
    [
        "http://gazette.example/2024/ferry-late",
        "  HTTPS://WWW.Gazette.Example:443/2024/ferry-late/ \n",
        "http://gazette.example:80//2024/ferry-late",
        "https://m.gazette.example/2024/ferry-late#comments",
        "https://www.mobile.gazette.example./2024/ferry-late",
        "https://gazette.example/2024/ferry-late?utm_source=x&UTM_Campaign=y&fbclid=z&ref=home",
        "https://gazette.example/2024/ferry%2Dl%61te?gclid=1&mc_cid=2&cmpid=3&smid=4&at_medium=5",
        "https://gazette.example/2024/ferry-late/index.html",
        "https://gazette.example/2024/ferry-late/amp",
        "https://gazette.example/amp/2024/ferry-late/amp/",
        "https://amp.gazette.example/2024/ferry-late.amp",
        "https://gazette.example/2024/ferry-late?amp=1",
        "https://gazette.example/2024/ferry-late?amp",
        "https://gazette.example/2024/ferry-late?outputType=amp",
        "https://gazette.example/2024/ferry-late;jsessionid=0A1B2C.node1?utm_source=x",
        "https://gazette.example/(S(lit3py55t21z5v55vlm25s55))/2024/ferry-late",
        "https://gazette.example/2024/ferry-late?PHPSESSID=ab12&CFID=1&CFTOKEN=2",
        "https://gazette.example/2024/ferry-late?sid=0123456789abcdef0123456789abcdef",
        "https://gazette-example.cdn.ampproject.org/c/s/gazette.example/2024/ferry-late/amp/",
        "https://cdn.ampproject.org/v/gazette.example/2024/ferry-late?amp_js_v=0.1&usqp=mq331",
        "https://www.google.co.uk/amp/s/amp.gazette.example/2024/ferry-late",
    ],
)
def test_spellings_of_one_address_are_one(url: str):
    assert canonical_url(url) == STORY


def test_a_session_tells_no_two_addresses_apart():
    assert precise_address(f"{STORY};jsessionid=1?PHPSESSID=2&ref=881") == f"{STORY}?ref=881"


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("https://gazette.example/a?id=1", "https://gazette.example/a?id=2"),
        ("https://gazette.example/?20240517", "https://gazette.example/?20240518"),
        ("https://gazette.example/a?cid=1", "https://gazette.example/a?cid=2"),
        ("https://gazette.example/a?sid=1", "https://gazette.example/a?sid=2"),
        ("https://gazette.example/a;v=1", "https://gazette.example/a;v=2"),
        ("https://gazette.example/A", "https://gazette.example/a"),
        ("https://gazette.example:8080/a", "https://gazette.example/a"),
        ("https://news.gazette.example/a", "https://gazette.example/a"),
        ("https://gazette.example/a%2Fb", "https://gazette.example/a/b"),
        ("https://gazette.example/camp", "https://gazette.example/c"),
        ("https://gazette.example/a?x=1%26y", "https://gazette.example/a?x=1&y"),
        ("https://m.example/a", "https://www.example/a"),
        ("https://google.evil.com/amp/s/gazette.example/a", "https://gazette.example/a"),
        ("https://google.blogspot.com/amp/s/gazette.example/a", "https://gazette.example/a"),
    ],
)
def test_different_articles_stay_apart(one: str, another: str):
    assert canonical_url(one) != canonical_url(another)


def test_parameters_are_sorted_and_other_scripts_spelled_alike():
    assert canonical_url("https://gazette.example/a?b=2&a=1") == "https://gazette.example/a?a=1&b=2"
    assert canonical_url("https://zürich.example/käse") == "https://xn--zrich-kva.example/k%C3%A4se"
    assert canonical_url("https://zürich.example/k%c3%a4se") == canonical_url("https://zürich.example/käse")
    assert canonical_url("https://[2001:db8::1]/a/") == "https://[2001:db8::1]/a"


@pytest.mark.parametrize(
    "text",
    ["", "no address", "mailto:a@b.example", "/relative", "https://", "https://a b/c", "http://[::1", "x" * 9000],
)
def test_what_is_no_address_stays_as_it_is(text: str):
    assert canonical_url(f" {text}\n") == text


PARTS = st.sampled_from(
    """http:// https:// HTTP:// www. m. amp. mobile. gazette.example cdn.ampproject.org /c/s/ /amp /amp/ .amp .html
    index.html / // ? & = amp=1 utm_source=x a b=2 #x %41 %2f %zz % :80 :443 :8080 é ﬁ @ [::1] \\ ;""".split()
)


@given(st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=14).map("".join), st.lists(PARTS).map("https://".join)))
@example("https://gazette.example/%%34%31")
@example("https://www.www.m.gazette.example")
@example("https://cdn.ampproject.org/c/s/" * 12 + "gazette.example/a")
def test_folding_is_idempotent_and_never_raises(text: str):
    folded = canonical_url(text)
    assert canonical_url(folded) == folded


def test_an_article_without_id_has_its_address_or_a_hash():
    assert article_id("http://www.gazette.example/a?utm_source=x", "T", "text") == "https://gazette.example/a"
    hashed = article_id(None, "T", "text")
    assert hashed.startswith("sha256:")
    for unusable in ("https://gazette.example/", "no address", "https://gazette.example/" + "a" * 600):
        assert article_id(unusable, "T", "text") == hashed
    assert article_id(None, "T", "text\ud800") != article_id(None, "T", "other") != hashed


def test_a_front_page_is_told_from_an_article():
    assert is_front_page("https://www.gazette.example/index.html?utm_source=x")
    assert not is_front_page("https://www.gazette.example/?p=12")
    assert not is_front_page(STORY)
    assert not is_front_page(None)


@given(st.lists(st.sampled_from(["[", "]", ":", "/", "@", "news.example", "?a=", "#", "%5B", " ", "\t"]), max_size=6))
def test_no_address_is_too_broken_to_be_told_apart(parts: list[str]) -> None:
    address = "https://" + "".join(parts)
    assert precise_address(address) is None or (precise_address(address) or "").startswith("https://")
