"""The key points above an article are kept as such, by whatever name or heading, and are no text of it."""

from __future__ import annotations

import pytest

from retrieval.article import Article
from retrieval.reading.sources.html_page import read_page

PARAGRAPHS = (
    "The tram to Elder Hill will run again from Monday, the city said after a week without it.",
    "“We had to bring the stones away by hand,” said Rut Lien, who leads the works for the city.",
    "Passengers with a monthly ticket get a quarter of its price back, the tram company wrote.",
)
TEXT = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
POINTS = ("Tram runs again from Monday", "A quarter of the price is paid back")
LIST = "<ul>" + "".join(f"<li>{each}</li>" for each in POINTS) + "</ul>"


def read(above: str, below: str = "") -> Article:
    body = f"<main><article><h1>Tram runs again</h1>{above}{TEXT}{below}</article></main>"
    return read_page(
        f"<html><title>Tram runs again</title><body>{body}</body></html>", "https://gazette.example/1"
    ).article


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='article-keyPoints'>{LIST}</div>",
        f"<section data-testid='key-takeaways'><h3>News</h3>{LIST}</section>",
        f"<div><h2>At a glance</h2>{LIST}</div>",
        f"<h2>Das Wichtigste in Kürze:</h2>{LIST}",
        f"<p><b>L’essentiel</b></p>{LIST}",
        LIST.replace("<ul", "<ul class='story-highlights'"),
        "<div class='key-points'>" + "".join(f"<p>{each}</p>" for each in POINTS) + "</div>",
    ],
)
def test_they_are_known(box: str) -> None:
    article = read(box)
    assert (article.key_points, article.body) == (POINTS, "\n\n".join(PARAGRAPHS))


@pytest.mark.parametrize(
    "above", [LIST, f"<h2>What they ask for</h2>{LIST}", f"<div class='key-points'><p>{' '.join(POINTS * 9)}</p></div>"]
)
def test_other_lists_are_text(above: str) -> None:
    article = read(above)
    assert article.key_points == ()
    assert POINTS[0] in article.body


def test_a_single_one_needs_a_heading_that_says_so() -> None:
    assert read(f"<div class='summary-box'><h2>In short</h2><p>{POINTS[0]}</p></div>").key_points == POINTS[:1]
    assert read(f"<div class='article-summary'><p>{POINTS[0]}</p></div>").body.startswith(POINTS[0])


def test_below_the_text_they_are_none() -> None:
    article = read(TEXT * 2, f"<div><h2>Key points</h2>{LIST}</div>")
    assert article.key_points == ()
    assert POINTS[0] in article.body


def test_a_page_of_nothing_else_keeps_them_as_its_text() -> None:
    html = f"<html><title>Tram</title><meta property='og:type' content='article'><h2>Key points</h2>{LIST * 3}</html>"
    assert POINTS[0] in read_page(html, "https://gazette.example/1").article.body
