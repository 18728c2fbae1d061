"""The text of a page is what the page shows, word for word, and not what an extractor makes of it."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from retrieval.reading.feeds.markup import plain_text
from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.markdown import split_markdown
from retrieval.reading.sources.page_text import as_written

URL = "https://gazette.example/n/1"
WORDS = {
    "It opened on <time datetime='2026-05-02'>Saturday</time>, she said.": "It opened on Saturday, she said.",
    "It won <output>412</output> <label>votes</label> of 700.": "It won 412 votes of 700.",
    "Some <meter value='.4'>40 per cent</meter> of it": "Some 40 per cent of it",
    "<time>At noon</time> the <mark>old</mark> mill <abbr title='x'>Ltd</abbr> is": "At noon the old mill Ltd is",
    "It hurt <del>nineteen</del> <ins>two</ins> people": "It hurt two people",
    "She said <q>that it <q>turns</q></q> again": "She said “that it ‘turns’” again",
    "A count of 3 × 10<sup>6</sup> spores": "A count of 3 × 10⁶ spores",
    "It made <button>sluices</button> of oak": "It made sluices of oak",
}


def body_of(markup: str) -> str:
    head = "<title>Ferry late</title><meta property='og:type' content='article'>"
    return read_page(f"<html><head>{head}</head><body><article>{markup}</article></body></html>", URL).article.body


def test_pages_and_feeds_and_markdown_read_alike():
    markup = "".join(f"<p>{line}</p>" for line in WORDS)
    wanted = "\n\n".join(WORDS.values())
    assert body_of(markup) == wanted
    assert plain_text(markup) == wanted
    assert split_markdown("It hurt ~~nine~~ two people. ~~They said so.~~", "Fire").body == "It hurt two people."


@pytest.mark.parametrize(
    "markup",
    [
        "<p>The mayor said on Monday <div class='ad'>Advertisement</div>that she would not resign.</p>",
        "<p>The mayor <b>said</b> on Monday<figure><img src='a.png'></figure> that <i>she</i> would not resign.</p>",
        "<p>The mayor said on Monday<figure><figcaption>A vote</figcaption></figure>that she would not resign.</p>",
        "<p>The <a href='/m'>mayor</a> said on Monday <div><div>Buy <b>it</b></div></div>that she would not resign.",
    ],
)
def test_a_block_within_a_paragraph_costs_none_of_its_words(markup: str):
    body = body_of(f"{markup}<p>The council of the town had asked her to do so after the vote.</p>")
    assert body.startswith("The mayor said on Monday that she would not resign.")
    assert body.endswith("\n\nThe council of the town had asked her to do so after the vote.")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<a href='/m'>mayor<span class='v-h'>(opens a page)</span></a> said", "mayor(opens a page) said"),
        ("<a href='/m'>mayor <i class='far'>of Eskerby</i></a> said", "mayor of Eskerby said"),
        ("mayor<script>var a = 'never'</script> said", "mayor said"),
        ("mayor<template>never <p>seen</p></template> said", "mayor said"),
    ],
)
def test_what_stands_in_a_link_or_is_never_shown_costs_no_paragraph(markup: str, wanted: str):
    rest = "The council of the town had asked her to do so after the vote."
    assert body_of(f"<p>The {markup} on Monday.</p><p>{rest}</p>") == f"The {wanted} on Monday.\n\n{rest}"


def test_words_that_the_page_does_not_show_are_left_out():
    markup = "<p>The mill opened again at noon.</p><p>Nobody came, the clerk said.</p>"
    tree = document_fromstring(f"<body>{markup}</body>")
    lines = [
        "The mill opened again at.",
        "A report of another page, the clerk said.",
        "- Nobody came, said.",
    ]
    assert as_written(lines, tree) == ["The mill opened again at noon.", "- Nobody came, the clerk said."]


def test_text_beside_paragraphs_is_text():
    body = body_of(
        "<p>The mill opened again.</p><ul><li>Flour</li></ul>It closed at noon on Monday.<p>Nobody came.</p>"
    )
    assert "It closed at noon on Monday." in body


def test_the_text_that_the_page_shows_goes_before_json_ld():
    shown = "<p>The council voted on Monday.</p><p>The vote was close, the clerk said.</p>"
    data = '{"@type":"NewsArticle","headline":"Vote","isAccessibleForFree":false,"articleBody":"%s"}' % (
        "The council voted on Monday. The vote was close, the clerk said. " * 20
    )
    script = f'<script type="application/ld+json">{data}</script>'
    assert body_of(script + shown) == "The council voted on Monday.\n\nThe vote was close, the clerk said."
    assert body_of(script + "<div id='app'></div>").startswith("The council voted on Monday. The vote was close")


SENTENCE = "The mayor said on Monday that she would not resign."


@pytest.mark.parametrize(
    "markup",
    [
        "<p>The mayor said on Monday<br>that she would not resign.</p>",
        "<p>The mayor said on Monday <b>that she<br/>would</b> not resign.</p>",
        "<p>The mayor said on Monday<br><div class='ad'>Advertisement</div>that she would not resign.</p>",
        "<p>The mayor said on Monday<br><br><figure><img src='a.png'></figure><br>that she would not resign.</p>",
        "<div>The mayor said on<br>Monday that she<br>would not resign.<br></div>",
    ],
)
def test_a_line_that_is_broken_within_a_sentence_goes_on(markup: str):
    rest = "The council of the town had asked her to do so after the vote."
    assert body_of(f"{markup}<p>{rest}</p>") == f"{SENTENCE}\n\n{rest}"


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{SENTENCE}<br>The council had asked her.</p>",
        f"<p>{SENTENCE}<br><br>The council had asked her.</p>",
        f"<div>{SENTENCE}<br><p>The council had asked her.</p></div>",
    ],
)
def test_a_line_that_an_author_ended_ends(markup: str):
    rest = "The vote of the council had been close, the clerk of the town said."
    assert body_of(f"{markup}<p>{rest}</p>") == f"{SENTENCE}\n\nThe council had asked her.\n\n{rest}"


def test_the_lines_of_a_list_stay_apart():
    rest = "The council of the town had asked her to do so after the vote."
    markup = f"<p>{SENTENCE}</p><p>The market has:<br>apples<br>pears<br>plums</p><p>{rest}</p>"
    assert body_of(markup) == f"{SENTENCE}\n\nThe market has:\n\napples\n\npears\n\nplums\n\n{rest}"


CAPTION = "<figure><img src='a.png'><figcaption>The mayor at the town hall</figcaption></figure>"


def test_a_short_article_with_a_picture_keeps_its_paragraphs_and_not_the_caption():
    rest = "The council of the town had asked her to do so after the vote."
    assert body_of(f"<h1>Ferry late</h1><p>{SENTENCE}</p>{CAPTION}<p>{rest}</p>") == f"{SENTENCE}\n\n{rest}"


def test_a_picture_story_is_its_captions():
    captions = [SENTENCE, "The council of the town had asked her to do so after the vote.", "They voted at noon."]
    pictures = "".join(CAPTION.replace("The mayor at the town hall", each) for each in captions)
    assert body_of(f"<h1>Ferry late</h1>{pictures}") == "\n\n".join(captions)
