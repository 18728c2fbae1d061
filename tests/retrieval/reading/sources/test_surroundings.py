"""What stands around an article on its page, by whatever name or heading, is no part of it, and dates nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.walls import NoArticleText

URL = "https://gazette.example/2026/tram"
PARAGRAPHS = (
    "The tram to Elder Hill will run again from Monday, the city said after a week without it.",
    "A landslide had covered 40 metres of the track near the stop at the chapel on the second of May.",
    "“We had to bring the stones away by hand,” said Rut Lien, who leads the works for the city.",
    "Passengers with a monthly ticket get a quarter of its price back, the tram company wrote.",
)
ARTICLE = "\n\n".join(PARAGRAPHS)
READER = "I walk there every day and I tell you that it was never 40 metres, they made that up again."
OTHERS = "Seven boats sank in the harbour of Fern Bay, and the harbour master blames the owners of all of them."


def page(inside: str = "", behind: str = "", before: str = "", h1: str = "<h1>Tram runs again</h1>") -> str:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        "<html><head><title>Tram runs again</title></head><body><header><a href='/'>Home</a></header><main>"
        f"{before}<article>{h1}{body}{inside}</article>{behind}</main></body></html>"
    )


def read(html: str) -> str:
    return read_page(html, URL).article.body


@pytest.mark.parametrize("name", ["discussion", "readers-letters", "leserkommentare", "commentaires", "userPosts"])
@pytest.mark.parametrize("many", [1, 12])
def test_readers_posts_go_by_their_name(name: str, many: int):
    posts = f"<div class='post'><p>Kim: {READER}</p></div>" * many
    assert read(page(inside=f"<section id='{name}'>{posts}</section>")) == ARTICLE
    assert read(page(behind=f"<div class='layout {name}'>{posts}</div>")) == ARTICLE
    apart = page(h1="").replace("<main>", "<main><h1>Tram runs again</h1>")
    assert read(apart.replace("</main>", f"<div class='{name}_list'>{posts}</div></main>")) == ARTICLE


@pytest.mark.parametrize(
    "heading", ["3 comments", "What readers say", "Leserbriefe (2)", "Kommentare", "Join the discussion"]
)
def test_readers_posts_go_by_their_heading(heading: str):
    posts = f"<div><p>Kim: {READER}</p></div><div><p>Lo: {READER} No.</p></div>"
    assert read(page(inside=f"<div class='x7'><h3>{heading}</h3>{posts}</div>")) == ARTICLE
    assert read(page(inside=f"<h3>{heading}</h3>{posts}")) == ARTICLE


@pytest.mark.parametrize(
    "heading",
    [
        "3 thoughts on “Tram runs again”",
        "2 Antworten auf „Tram runs again“",
        "2 réponses à « Tram runs again »",
        "What do you think?",
        "Show all comments (12)",
        "Комментарии (4)",
        "コメント",
    ],
)
def test_readers_posts_go_by_their_heading_in_other_words(heading: str):
    posts = f"<div><p>Kim: {READER}</p></div><div><p>Lo: {READER} No.</p></div>"
    assert read(page(inside=f"<div class='x7'><h3>{heading}</h3>{posts}</div>")) == ARTICLE
    assert read(page(inside=f"<details><summary>{heading}</summary>{posts}</details>")) == ARTICLE


@pytest.mark.parametrize(
    "opening",
    [
        "section aria-label='Reader comments'",
        "div data-testid='comments-module'",
        "div role='comment'",
        "div itemprop='comment' itemscope",
        "reader-comments",
        "div class='kommentit'",
    ],
)
def test_readers_posts_go_by_what_else_names_them(opening: str):
    posts = f"<{opening}><p>Kim: {READER}</p></{opening.partition(' ')[0]}>"
    assert read(page(inside=posts)) == ARTICLE
    apart = page(h1="").replace("<main>", "<main><h1>Tram runs again</h1>")
    assert read(apart.replace("</article>", f"</article>{posts}")) == ARTICLE


def test_a_heading_of_the_article_that_counts_things_takes_nothing_away():
    text = "The city looked at each of them for a year before it chose the third one, the mayor said."
    assert text in read(page(inside=f"<h2>3 responses to the landslide</h2><p>{text}</p>"))
    assert text in read(page(inside=f"<h2>5 thoughts of a driver</h2><p>{text}</p>"))


def test_a_paragraph_that_is_a_link_to_another_story_is_no_part():
    link = "<p><a href='/2026/boats'>Seven boats sink in the harbour</a></p>"
    assert read(page().replace(f"<p>{PARAGRAPHS[2]}", f"{link}<p>{PARAGRAPHS[2]}")) == ARTICLE
    told = "<p><a href='/2026/boats'>Seven boats sank in the harbour on the same night.</a></p>"
    assert "Seven boats sank" in read(page().replace(f"<p>{PARAGRAPHS[2]}", f"{told}<p>{PARAGRAPHS[2]}"))


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='newsletter-signup'><p>Get the morning news in your inbox: {OTHERS}</p></div>",
        f"<div class='related-stories'><p>{OTHERS}</p></div>",
        f"<section><h3>Read more</h3><p>{OTHERS}</p></section>",
        f"<div><h4>Mehr zum Thema</h4><p>{OTHERS}</p></div>",
        f"<article><h3><a href='/2026/boats'>Seven boats sink</a></h3><p>{OTHERS}</p></article>",
        f"<a href='/2026/boats'><article><h3>Seven boats sink</h3><p>{OTHERS}</p></article></a>",
    ],
)
@pytest.mark.parametrize("where", ["before", "inside", "behind"])
def test_other_stories_and_boxes_are_no_part(box: str, where: str):
    assert read(page(**{where: box})) == ARTICLE


def test_a_live_tickers_entries_are_its_text():
    entry = "<article id='e{n}'><h2><a href='#e{n}'>At {n}</a></h2><p>Entry {n} says what was seen there.</p></article>"
    entries = "".join(entry.format(n=n) for n in range(9))
    assert "Entry 7 says what was seen there." in read(page(inside=entries))


def test_what_a_page_calls_itself_costs_no_article():
    for name in ("has-comments", "category-discussion", "comments-open", "tag-newsletter"):
        assert read(page().replace("<article>", f"<article class='post {name}'>")) == ARTICLE
    body = page().replace("<h1>Tram runs again</h1>", "").replace("<article>", "<article class='discussion'>")
    assert read(body) == ARTICLE  # nothing would be left


def test_no_date_of_them_is_the_articles():
    comment = f"<div class='comments'><time itemprop='datePublished' datetime='2026-05-09'>9 May</time>{READER}</div>"
    assert read_page(page(inside=comment), URL).article.published is None
    teaser = "<article><h3><a href='/x'>Boats</a></h3><time datetime='2025-01-01T10:00Z'>1 January</time></article>"
    own = "<time datetime='2026-05-07T10:00Z'>7 May</time>"
    assert read_page(page(before=teaser), URL).article.published is None
    stated = page(before=teaser).replace("</h1>", f"</h1>{own}")
    assert read_page(stated, URL).article.published == datetime(2026, 5, 7, 10, tzinfo=UTC)


def test_a_front_of_teasers_is_no_article():
    teasers = "".join(f"<article><h2><a href='/s/{n}'>Story {n}</a></h2><p>{OTHERS}</p></article>" for n in range(20))
    with pytest.raises(NoArticleText):
        read_page(f"<html><body><main><h1>News</h1>{teasers}</main></body></html>", "https://gazette.example/news")
