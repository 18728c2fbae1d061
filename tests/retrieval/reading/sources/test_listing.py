"""Fronts of sections are told from articles by what they are made of, whatever they are called."""

from __future__ import annotations

import pytest

from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.walls import PageIsList

URL = "https://gazette.example/politics"
STORIES = {
    "Seven boats sink in the harbour": "Seven boats sank in the storm, and the harbour master blames their owners.",
    "Council votes for a new school": "The council voted on Monday for a school of forty rooms after a year of talks.",
    "Growers expect a small harvest": "A late frost in April destroyed a third of the young shoots, the growers said.",
    "Museum of printing opens in spring": "The old reading room becomes a museum next spring, said its director.",
    "Orchestra plays for free on Sunday": "The orchestra plays on the square, and nobody has to pay for it this time.",
}
SHAPES = {
    "headings": "<div><h3><a href='/n/{n}'>{title}</a></h3><p>{text}</p></div>",
    "headings in links": "<a href='/n/{n}'><h2>{title}</h2><p>{text}</p></a>",
    "lists": "<li><strong><a href='/n/{n}'>{title}</a></strong><p>{text}</p></li>",
    "paragraphs": "<p><a href='https://www.gazette.example/n/{n}'>{title}</a> {text}</p>",
    "invitations": "<div><h2>{title}</h2><p>{text} <a href='/n/{n}'>Read more</a></p></div>",
    "pictures": "<section><a href='/n/{n}'><img src='a.png'></a><h4><a href='/n/{n}'>{title}</a></h4>{text}</section>",
    "full texts": "<div><h2><a href='/n/{n}'>{title}</a></h2><p>{text}</p><p>"
    + "It was a long day. " * 40
    + "</p></div>",
}
PARAGRAPHS = "".join(
    f"<p>{text} It was said so at the market, and written down by the clerk.</p>" for text in STORIES.values()
)


def stories(shape: str, count: int = 5) -> str:
    told = list(STORIES.items())[:count]
    return "".join(SHAPES[shape].format(n=n, title=title, text=text) for n, (title, text) in enumerate(told))


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><header><a href='/'>Gazette</a></header><main>{body}</main></body></html>"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("", ""),
        ("<title>Politics | Gazette</title>", "<h1>Politics</h1><p>All that our reporters tell of the council.</p>"),
        ("<meta property='og:type' content='article'>", ""),
    ],
)
def test_a_front_is_none(shape: str, head: str, above: str):
    with pytest.raises(PageIsList, match="lists others"):
        read_page(page(above + stories(shape), head), URL)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "full texts"])
@pytest.mark.parametrize("place", ["below", "above"])
def test_an_article_with_others_beside_it_is_one(shape: str, place: str):
    title = "<h1>Tram runs again to Elder Hill</h1>"
    box = f"<div>{stories(shape, 4)}</div>"
    body = f"{title}{PARAGRAPHS * 2}{box}" if place == "below" else f"{title}{box}{PARAGRAPHS * 4}"
    assert "It was said so at the market" in read_page(page(body), URL).article.body


def test_a_list_of_other_sites_with_a_word_on_each_is_an_article():
    body = stories("headings").replace("href='/n", "href='https://museum.example/n")
    assert read_page(page(f"<h1>Five things for Sunday</h1>{body}"), URL).article.title == "Five things for Sunday"


def test_a_weekly_that_says_when_it_was_published_is_an_article():
    head = "<meta property='og:type' content='article'><meta property='article:published_time' content='2026-05-02'>"
    assert read_page(page(f"<h1>The week</h1>{stories('headings')}", head), URL).article.title == "The week"


def test_an_article_with_links_in_its_text_is_one():
    linked = "".join(
        f"<p><a href='/people/{n}'>Rut Lien of the council</a> said that {text[0].lower()}{text[1:]}</p>"
        for n, text in enumerate(STORIES.values())
    )
    assert "Rut Lien" in read_page(page(f"<h1>What they say</h1>{linked}"), URL).article.body
