"""Struck words, and raised and lowered numbers, as a reader of the page understands them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from retrieval.reading.markup import inline_text, settle_markup


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("The fire hurt <del>nineteen</del> <ins>two</ins> people", "The fire hurt two people"),
        ("<s>Ole Lund</s> <strike>and</strike> Liv Aas", "Liv Aas"),
        ("It costs <span style='color:red; text-decoration: line-through'>60</span> 40 crowns", "It costs 40 crowns"),
        ("10<span style='vertical-align: super'>6</span> of 2<span class='sup'>3</span>", "10⁶ of 2³"),
        ("a<span class='subtitle'>2</span> and x<sup>n+1</sup>", "a2 and x^n+1"),
        ("counted 10<sup>4</sup> in a litre", "counted 10⁴ in a litre"),
        ("<b>10</b><sup>−3</sup> grams", "10⁻³ grams"),
        ("4 km<sup>2</sup> at 9.8 m/s<sup>2</sup>, E = mc<sup>2</sup>", "4 km² at 9.8 m/s², E = mc²"),
        ("5<sup>1</sup>&frasl;<sub>2</sub>, <sup>3</sup>/<sub>16</sub> and 2<sup>1</sup>/4", "5½, ³⁄₁₆ and 2¼"),
        ("pays 2011<sup>1</sup> crowns", "pays 2011 crowns"),
        ("$2,011<sup>3</sup> a day", "$2,011 a day"),
        ("the mayor<sup>2</sup> said.<sup>3</sup> Then", "the mayor said. Then"),
        ("hurt 12<sup><a href='#note-1'>1</a></sup> people", "hurt 12 people"),
        ("hurt 12<sup class='footnote-ref'>1</sup> people", "hurt 12 people"),
        ("hurt 12<a href='#n'><sup>1</sup></a> people", "hurt 12 people"),
        ("the crew<sup>[4]</sup> and<sup>*</sup> all<sup>1,2</sup>", "the crew and all"),
        ("CO<sub>2</sub>, H<sub>2</sub>O, 101<sub>2</sub>", "CO2, H2O, 101₂"),
        ("on the 13<sup>th</sup>, le 1<sup>er</sup> mai", "on the 13th, le 1er mai"),
        ("<sup>14</sup>C from 8<sup>30</sup> on", "¹⁴C from 8³⁰ on"),
        ("costs $4<sup>99</sup>", "costs $4⁹⁹"),
        ("<sup>The small print is a sentence of its own.</sup>", "The small print is a sentence of its own."),
        ("Of the crew <del>nine</del>, all told, came", "Of the crew, all told, came"),
        ("It won <span class='line-through'>by two</span> by one.", "It won by one."),
        ("Hm <s>and <div>the mill opens</div> <div>in May</div>", "Hm and the mill opens in May"),
        ("<math><mn>6</mn><mo>×</mo><msup><mn>10</mn><mn>23</mn></msup></math> of them", "6×10²³ of them"),
        ("She said <q>the <q>old</q> mill</q>.", "She said “the ‘old’ mill”."),
        ("<span lang='de-AT'>Er sagte <q>nein, <b>nie</b></q>.</span>", "Er sagte „nein, nie“."),
        ("They call it <button>sluice</button> here", "They call it sluice here"),
        ("<ruby>橋<rt>はし</rt></ruby>が開いた", "橋が開いた"),
        ("<span aria-hidden='true'>T</span><span class='sr-only'>T</span>he mill", "The mill"),
        ("The mill<span role='tooltip'>a house of stones</span> turns", "The mill turns"),
        ("The<span class='sr-only'> (opens a window)</span> mill", "The mill"),
        ("The<span style='position:absolute;clip:rect(0,0,0,0)'> (opens a window)</span> mill", "The mill"),
        ("The<i style='clip-path: inset(50%)'> (opens a window)</i> mill", "The mill"),
        ("The<i style='font-size:0'> (opens a window)</i> mill <i style='font-size:0.8em'>is</i>", "The mill is"),
        ("The <span hidden>old </span>mill <i style='display: none'>is</i>was", "The mill was"),
    ],
)
def test_words_are_meant_as_they_are_marked(markup: str, wanted: str) -> None:
    tree = document_fromstring(f"<p>{markup}</p>")
    settle_markup(tree)
    assert " ".join(tree.text_content().split()) == wanted


MARKS = st.sampled_from(
    ["<sup>", "</sup>", "<sub>", "</sub>", "<del>", "</del>", "<a href='#'>", "</a>", "/", "⁄", "<p>"]
)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + "a" * 1_000_000 + " 1<sup>2</sup>",
        f"<p style='{'text-decoration:' * 50_000}'>1<sup>2</sup>",
        "10<sup>4</sup> " * 50_000,
        "a <del>b</del> <q>c</q> <button>d</button> " * 20_000,
    ],
)
def test_markup_is_read_in_time_however_it_is_made(markup: str) -> None:
    tree = document_fromstring(markup)
    began = time.perf_counter()
    settle_markup(tree)
    assert time.perf_counter() - began < 20


@given(st.lists(MARKS | st.text("019 aé.,$[*", max_size=4), max_size=12))
def test_no_markup_is_too_odd(parts: list[str]) -> None:
    """And what is settled once stays as it is."""
    tree = document_fromstring("<div>" + "".join(parts) + "</div>")
    settle_markup(tree)
    text = tree.text_content()
    settle_markup(tree)
    assert tree.text_content() == text
    assert len(inline_text("".join(parts))) <= len("".join(parts)) + len(parts)
