"""Links highlight the quote, by the rules of the standard and by what browsers take for one block of text."""

from __future__ import annotations

import re
from itertools import product
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.directives import TRIES, Directive, Page
from retrieval.answering.links import highlight_link
from retrieval.answering.quote import cut_quote
from retrieval.reading.sources.html_page import read_page
from retrieval.text.sentences import sentence_spans
from tests.support.text_fragments import (
    SearchedText,
    Terms,
    parse_directives,
    searched_page,
)

PAGE = "https://news.example/2025/05/rutte"


def blocks(body: str) -> SearchedText:
    """A body as a page has it whose paragraphs are blocks."""
    text = re.sub(r"\s*\n\s*\n\s*", lambda gap: "\n" * len(gap[0]), body)
    return SearchedText([(character, index) for index, character in enumerate(text)])


def found(link: str, body: str) -> set[int]:
    """The places in the body that a link highlights, but for white space."""
    assert link.partition("#:~:")[0] == PAGE
    ranges = [blocks(body).range_of(terms) for terms in parse_directives(link)]
    return {at for each in ranges if each for at in range(each[0], each[1] + 1) if not body[at].isspace()}


def link_of(body: str, quoted: str, occurrence: int = 0) -> str:
    start = -1
    for _ in range(occurrence + 1):
        start = body.index(quoted, start + 1)
    link = highlight_link(PAGE, body, start, start + len(quoted))
    assert link is not None
    assert found(link, body) == {at for at in range(start, start + len(quoted)) if not body[at].isspace()}
    return link


def first_terms(link: str) -> Terms:
    return parse_directives(link)[0]


def test_a_quote_of_a_few_words_is_named_as_a_whole():
    link = link_of("Rutte spoke. He said: “Non-stop & now”! Then he left.", "He said: “Non-stop & now”!")
    assert link.partition("&text=")[0] == f"{PAGE}#:~:text=He%20said%3A%20%E2%80%9CNon%2Dstop%20%26%20now%E2%80%9D%21"


def test_a_sentence_is_named_by_its_first_and_last_words():
    sentence = "The war " + "and the long talks about it " * 12 + "went on until spring."
    assert len(link_of(f"Before it. {sentence} After it.", sentence)) < 150
    terms = first_terms(
        link_of(
            "He left. Seven ships with grain for the island sailed on Monday.",
            "Seven ships with grain for the island sailed on Monday.",
        )
    )
    assert terms == Terms(None, "Seven ships with grain", "on Monday.", None)


def test_each_paragraph_of_a_quote_has_a_directive_of_its_own():
    body = "One thing happened.\n\nIt was big and it was new.\n\nPeople came from afar to see it."
    terms = parse_directives(link_of(body, "It was big and it was new.\n\nPeople came from afar to see it."))
    assert all(any(text.find(one.start) >= 0 for one in terms) for text in ("It was big and", "People came from afar"))


def test_another_directive_holds_where_words_of_the_first_one_miss():
    """On a page that nobody read; whatever a seam breaks at one end, something is highlighted, and nothing else is."""
    body = "He left. Seven ships with grain for the hungry island at last sailed on Monday."
    start = body.index("Seven")
    link = highlight_link(PAGE, body, start, len(body))
    assert link is not None
    one, other = parse_directives(link)
    quoted = set(range(start, len(body)))
    for broken in (one.start, one.end or ""):
        changed = body.replace(broken, broken[:-2] + "\n\n" + broken[-2:])
        assert blocks(changed).range_of(one) is None
        assert blocks(changed).range_of(other)
    assert found(f"{PAGE}#:~:{link.rpartition('&')[2]}", body) <= quoted


def test_repeated_words_get_the_context_that_tells_them_apart():
    body = "Asked again, he said no. Asked once more, he said no. The end."
    terms = first_terms(link_of(body, "he said no.", 1))
    assert (terms.prefix, terms.start, terms.suffix) == ("more,", "he said no.", None)
    first = first_terms(link_of(body, "he said no.", 0))
    assert first == Terms(None, "he said no.", None, None), "of two places a browser takes the first"


def test_repetition_is_seen_through_case_accents_and_white_space():
    body = "CAFÉ\u00a0owners protest. Later, café owners protest. Done."
    assert first_terms(link_of(body, "café owners protest.")).prefix == "Later,"


def test_context_is_taken_from_the_same_block_when_that_suffices():
    body = "He left.\n\nShe came. Then it rained.\n\nHe left.\n\nShe came. Then it snowed."
    terms = first_terms(link_of(body, "She came.", 1))
    assert (terms.prefix, terms.start, terms.suffix) == (None, "She came.", "Then it snowed.")


def test_context_reaches_into_the_next_block_when_nothing_else_helps():
    body = "First.\n\nNo comment.\n\nSecond.\n\nNo comment.\n\nThird."
    terms = first_terms(link_of(body, "No comment.", 1))
    assert terms in (Terms("Second.", "No comment.", None, None), Terms(None, "No comment.", None, "Third."))


def test_headline_and_key_points_are_places_with_the_same_words():
    body = "Rain fell. The mayor resigned. She gave no reason."
    start = body.index("The mayor")
    link = highlight_link(PAGE, body, start, start + 19, above=("The mayor resigned. Who follows?", "Rain fell"))
    assert first_terms(link or "").prefix == "fell."


def test_a_list_sign_is_no_part_of_the_highlighted_text():
    body = "Two things:\n- the first thing\n- the second thing"
    start = body.index("- the first")
    link = highlight_link(PAGE, body, start, len(body))
    assert [terms.start for terms in parse_directives(link or "")][:2] == ["the first thing", "the second thing"]


def test_scripts_without_spaces_are_cut_at_stops_only():
    first, last = "潮汐大桥的重建方案在市议会获得通过，", "工程造价比原计划高出近三成。"
    body = f"没有人受伤。{first}市长表示欢迎，{last}"
    terms = first_terms(link_of(body, body.partition("。")[2]))
    assert (terms.start, terms.end) == (first, last)


def test_where_nothing_fits_the_words_that_do_are_highlighted():
    body = "ย่านเมืองเก่า " + "ก" * 60 + " จบ"
    link = highlight_link(PAGE, body, 0, len(body))
    assert link is not None
    assert len(link) <= 512
    assert found(link, body)


# --- pages that were read --------------------------------------------------------------------------------

NEWS = [
    "The harbour board voted on Monday to rebuild the tidal bridge near the old mill.",
    "“We cannot wait for another winter,” the mayor said after the meeting.",
    "Nearly four hundred families had asked for a crossing since the great storm.",
    "Work is to begin in March, and the first half will open within two years.",
]


def link_on(markup: str, first: int, last: int, around: str = "") -> tuple[str, str, list[int]]:
    html = (
        f"<html><head><title>News</title></head><body><nav>Home The harbour board</nav>{around}"
        f"<article><h1>A town argues</h1>{markup}</article></body></html>"
    )
    article = read_page(html, PAGE, least_words=5).article
    start, end = article.body.index(NEWS[first][:3]), article.body.index(NEWS[last][-5:]) + 5
    link = cut_quote(article, start, end).link
    assert link is not None
    searched, shown = searched_page(html)
    lit = sorted(
        {
            at
            for terms in parse_directives(link)
            if (each := searched.range_of(terms))
            for at in range(each[0], each[1] + 1)
        }
    )
    return link, "".join(shown[at] for at in lit), lit


APART = [
    '<span style="display:inline-block">{}</span>',
    '<span style="float:left">{}</span>',
    "<button>{}</button>",
    "{}<svg><path/></svg>",
    "{}<input>",
    '<span class="x">{}</span>',
]


@pytest.mark.parametrize("around", APART)
@pytest.mark.parametrize("word", ["harbour", "voted", "mill."])
def test_words_that_a_page_sets_apart_break_no_link(around: str, word: str):
    opening = NEWS[0].replace(word, around.format(word), 1)
    link, lit, _ = link_on(f"<p>{opening} {NEWS[1]}</p><p>{NEWS[2]} {NEWS[3]}</p>", 0, 0)
    assert lit == NEWS[0].replace(" ", ""), unquote(link)


@pytest.mark.parametrize("style", ["float:left", "display:inline-block", "font-weight:bold"])
def test_an_initial_in_an_element_of_its_own_is_highlighted_with_its_word(style: str):
    opening = f'<span style="{style}">{NEWS[0][0]}</span>{NEWS[0][1:]}'
    link, lit, _ = link_on(f"<p>{opening} {NEWS[1]}</p><p>{NEWS[2]} {NEWS[3]}</p>", 0, 0)
    assert lit == NEWS[0].replace(" ", ""), unquote(link)


def test_a_sign_that_a_page_has_before_a_paragraph_is_highlighted_with_it():
    markup = f"<p>• {NEWS[0]} {NEWS[1]}</p><p>• {NEWS[2]} {NEWS[3]}</p>"
    article = read_page(f"<html><body><article>{markup}</article></body></html>", PAGE, least_words=5).article
    assert article.body.startswith("• ")
    link = cut_quote(article, 0, len(f"• {NEWS[0]}")).link
    assert first_terms(link or "").start.startswith("• The harbour")


FERRY = "フェリー会社は取材に応じず、住民四千人あまりが署名に参加したことだけを認めている。"


def test_phrases_that_are_blocks_of_their_own_are_reached_from_the_first_to_the_last():
    phrases = ["町議会は", "月曜日、", "潮見橋の", "再建案を", "可決した。", "森重町長は", "「待てない」", "と述べた。"]
    text = "".join(f"<i>{each}</i>" for each in phrases)
    html = f"<html><body><article><p>{text}</p><p>{FERRY * 3}</p></article></body></html>"
    article = read_page(html, PAGE, least_words=5).article
    searched, shown = searched_page(html.replace("<i>", "<i style='display:inline-block'>"))  # as a style sheet has it
    link = cut_quote(article, 0, len("".join(phrases))).link
    ranges = [each for terms in parse_directives(link or "") if (each := searched.range_of(terms))]
    assert "".join(phrases) in ["".join(shown[first : last + 1]) for first, last in ranges]


def test_no_words_reach_across_a_formula_to_be_reached_themselves():
    phrases = ["森重町長は月曜日、", "森重町長は", "町議会は", "可決した、", "森重町長は。"]
    text = phrases[0] + "<math><mi>x</mi></math>".join(phrases[1:])
    html = f"<html><body><article><p>{text}</p><p>{FERRY * 3}</p></article></body></html>"
    article = read_page(html, PAGE, least_words=5).article
    searched, shown = searched_page(html)
    link = cut_quote(article, 0, article.body.index("\n")).link
    ranges = [each for terms in parse_directives(link or "") if (each := searched.range_of(terms))]
    assert phrases[0] + "x".join(phrases[1:]) in ["".join(shown[first : last + 1]) for first, last in ranges]


def test_letters_that_change_in_capitals_are_not_all_that_a_link_has():
    link = link_of(
        "Kıyı İdaresi köprünün yapılmasına karar verdi. Kimse yaralanmadı.",
        "Kıyı İdaresi köprünün yapılmasına karar verdi.",
    )
    assert any("ı" not in f"{terms.start}{terms.end}" for terms in parse_directives(link))


@pytest.mark.parametrize(
    "between",
    [
        "<figure><figcaption>The bridge</figcaption></figure>",
        "<div><button>Save</button></div>",
        "<aside>Share</aside>",
    ],
)
def test_what_a_page_shows_between_paragraphs_stays_plain(between: str):
    markup = f"<p>{NEWS[0]} {NEWS[1]}</p>{between}<p>{NEWS[2]} {NEWS[3]}</p>"
    _, lit, _ = link_on(markup, 1, 2)
    assert lit == (NEWS[1] + NEWS[2]).replace(" ", "")


@pytest.mark.parametrize("above", ["<aside><p>{}</p></aside>", "<ul><li>{}</li><li>More</li></ul>", "<h2>{}</h2>"])
def test_the_same_words_above_the_text_are_not_taken_for_it(above: str):
    markup = "".join(f"<p>{one} {other}</p>" for one, other in zip(NEWS[::2], NEWS[1::2], strict=True))
    _, lit, places = link_on(markup, 2, 2, above.format(NEWS[2]))
    assert lit == NEWS[2].replace(" ", "")
    assert places[0] > len(NEWS[2]), "not the copy above"


# --- whatever is quoted ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["“’…—”", "🎉🎉", " - ", "x" * 600])
def test_a_quote_without_a_word_or_of_one_overlong_word_gets_the_plain_url(text: str):
    assert highlight_link(PAGE, f"Before {text} after", 7, 7 + len(text)) == PAGE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x#:~:text=quote"),
        ("http://a.example/x?b=1&c=2", "http://a.example/x?b=1&c=2#:~:text=quote"),
        ("https://a.example/x#part", "https://a.example/x#part:~:text=quote"),
        ("https://a.example/x#part:~:text=old", "https://a.example/x#part:~:text=quote"),
        ("https://a.example/x#:~:text=old", "https://a.example/x#:~:text=quote"),
        ("https://a.example/x#", "https://a.example/x#:~:text=quote"),
        ("HTTPS://A.example/x", "HTTPS://A.example/x#:~:text=quote"),
        ("https://a.example/a|b{c}", "https://a.example/a%7Cb%7Bc%7D#:~:text=quote"),
        ("  https://a.example/x\n", "https://a.example/x#:~:text=quote"),
        (None, None),
        ("", None),
        ("ftp://a.example/x", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/x", None),
        ("https://", None),
        ("https:///x", None),
        ("https://user:secret@a.example/x", None),
        ("https://a.example\\@b.example/", None),
        ("https://a.example/x y", None),
        ("https://a.example/x\ny", None),
        ("https://a.example/\u202fx", None),
        ("https://a.example/\x00", None),
        ("https://a.example/<b>", None),
        ("https://[::1/x", None),
        ("https://a.example:99999/", None),
        ("https://a.example/\ud800", None),
        ("not a url", None),
    ],
)
def test_only_http_urls_with_a_host_are_linked(url: str | None, expected: str | None):
    assert highlight_link(url, "A quote here", 2, 7) == expected


def test_discords_limit_is_kept_where_the_quote_allows():
    chinese = (
        "今天在北京举行的会议上各国代表讨论了许多重要的问题并且就未来的合作达成了广泛的共识这是非常重要的一步也是新的开始"
        * 2
        + "。"
    )
    curly = "“" + "’”“‘ word—" * 28 + "”"
    for sentence in (chinese, curly):
        body = f"Before. {sentence} After."
        link = highlight_link(PAGE, body, 8, 8 + len(sentence))
        assert link is not None
        assert len(link) <= 512
    long_url = "https://a.example/" + "x" * 600
    link = highlight_link(long_url, "A short quote in a text.", 0, 24)
    assert link is not None
    assert link.startswith(long_url + "#:~:text=A")
    assert len(link) <= len(long_url) + 210


def test_surrogates_do_not_break_the_encoding():
    link = highlight_link(PAGE, "A \ud800 word", 0, 8)
    assert link is not None
    assert link.isascii()


# A small vocabulary, so that repetition is the rule.
WORDS = st.sampled_from(
    ["he", "said", "No", "no", "the", "é", "e", "it’s", "U.S.", "1,200", "non-stop", "“we", "go”", "&"]
)
SENTENCES = st.builds(
    lambda words, stop: " ".join(words) + stop,
    st.lists(WORDS, min_size=1, max_size=9),
    st.sampled_from([".", "!", "?", ".”", "…"]),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join)
BODIES = st.lists(PARAGRAPHS, min_size=1, max_size=4).map("\n\n".join)


def any_directive_finds(body: str, span: tuple[int, int]) -> bool:
    """Whether some directive with up to three words of one block on either side finds the span."""
    page = blocks(body)
    before, after = body[: span[0]].split("\n\n")[-2:], body[span[1] :].split("\n\n")[:2]
    prefixes = {" ".join(block.split()[-n:]) for block in before for n in range(1, 4)}
    suffixes = {" ".join(block.split()[:n]) for block in after for n in range(1, 4)}
    # A context without a letter or a digit is none: browsers differ in what they make of it.
    prefixes, suffixes = ({None, *filter(re.compile(r"[^\W_]").search, found)} for found in (prefixes, suffixes))
    quoted = " ".join(body[slice(*span)].split())
    wanted = span[0], span[1] - 1
    return any(
        page.range_of(Terms(prefix, quoted, None, suffix)) == wanted for prefix, suffix in product(prefixes, suffixes)
    )


@given(BODIES, st.data())
def test_the_directives_of_sentences_find_exactly_the_sentences(body: str, data: st.DataObject):
    spans = sentence_spans(body)
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(first, min(first + 2, len(spans) - 1)))
    start, end = spans[first][0], spans[last][1]
    link = highlight_link(PAGE, body, start, end)
    assert link is not None
    parts = [(start + each.start(), start + each.end()) for each in re.finditer(r"[^\n]+", body[start:end])]
    parts = [part for part in parts if re.search(r"[^\W_]", body[slice(*part)])]
    if not parts:
        assert link == PAGE
        return
    lit = found(link, body)
    wanted = {at for part in parts for at in range(*part) if not body[at].isspace()}
    if lit != wanted:
        # The same words in the same surroundings: then no directive tells them apart.
        assert any(not any_directive_finds(body, part) for part in parts)


@given(st.text(), st.data())
def test_any_text_gives_a_valid_link(body: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    link = highlight_link(PAGE, body, start, end)
    assert link is not None
    assert link.isascii()
    assert len(link) <= 512
    if link != PAGE:
        parse_directives(link)


def test_a_text_of_ever_the_same_words_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Directive] = []
    finds = Page._finds
    monkeypatch.setattr(
        Page, "_finds", lambda page, directive, *span: tried.append(directive) or finds(page, directive, *span)
    )
    pairs = " ".join(f"{one} {other}" for one in "abcdefgh" for other in "abcdefgh")
    assert highlight_link("https://star.example/ferry", pairs * 4, 400, 700) is not None
    assert 0 < len(tried) <= 2 * TRIES
