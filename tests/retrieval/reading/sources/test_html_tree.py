"""All that a page shows is in its body, wherever its publisher begins or ends that."""

from __future__ import annotations

import pytest

from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.walls import NoArticleText

HEAD = "<title>Tram runs again</title>"
PARAGRAPHS = (
    "The tram to Elder Hill will run again from Monday, the city said after a week without it.",
    "“We had to bring the stones away by hand,” said Rut Lien, who leads the works for the city.",
    "Passengers with a monthly ticket get a quarter of its price back, the tram company wrote.",
)
TEXT = "<h1>Tram runs again</h1>" + "".join(f"<p>{each}</p>" for each in PARAGRAPHS)


@pytest.mark.parametrize(
    "html",
    [
        f"<html>{HEAD}<main>{TEXT}</main></html>",
        f"<!doctype html><html><head>{HEAD}</head><main>{TEXT}</main></html>",
        f"<html><head>{HEAD}<link rel='icon' href='i.png'><article>{TEXT}</article>",
        f"<html><head>{HEAD}</head><body></body></html>{TEXT}",
        f"<html><head>{HEAD}</head><body><nav>Home</nav></body></html><body>{TEXT}</body></html>",
        f"<main>{TEXT}</main>",
    ],
)
def test_a_page_without_a_body_or_behind_its_end_is_read(html: str):
    article = read_page(html, "https://gazette.example/tram").article
    assert (article.title, article.body) == ("Tram runs again", "\n\n".join(PARAGRAPHS))


@pytest.mark.parametrize("tag", ["p", "div", "pre"])
def test_one_paragraph_alone_is_a_page(tag: str):
    text = " ".join(PARAGRAPHS)
    assert read_page(f"<{tag}>{text}</{tag}>", "https://gazette.example/tram").article.body == text


def test_what_holds_no_tag_is_no_page():
    with pytest.raises(NoArticleText, match="not HTML"):
        read_page(" ".join(PARAGRAPHS) + " 2 < 3 > 1", "https://gazette.example/tram")
