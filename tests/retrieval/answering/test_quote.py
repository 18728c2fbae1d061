"""Quotes are verbatim, and their links highlight them by the rules of the standard."""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import NamedTuple
from urllib.parse import quote as percent_encoded
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.links import highlight_link
from retrieval.answering.quote import cut_quote, same_statement
from retrieval.article import Article
from retrieval.text.sentences import sentence_spans

PAGE = "https://news.example/2025/05/rutte"


class Terms(NamedTuple):
    prefix: str | None
    start: str
    end: str | None
    suffix: str | None


def parse_directive(directive: str) -> Terms:
    """ "Parse a text directive" of the standard; asserts its grammar."""
    assert re.fullmatch(r"text=(?:[A-Za-z0-9!$'()*+./:;=?@_~,-]|%[0-9A-F]{2})+", directive), directive
    tokens = directive.removeprefix("text=").split(",")
    assert 1 <= len(tokens) <= 4
    assert all(tokens)
    prefix = tokens.pop(0)[:-1] if tokens[0].endswith("-") else None
    suffix = tokens.pop()[1:] if tokens[-1].startswith("-") else None
    assert len(tokens) in (1, 2)
    assert not any("-" in token for token in tokens)
    decoded = [None if token is None else unquote(token, errors="strict") for token in (prefix, tokens[0], suffix)]
    return Terms(decoded[0], decoded[1] or "", unquote(tokens[1]) if len(tokens) == 2 else None, decoded[2])


class Page:
    """A body as a browser lays it out: its paragraphs are blocks, white space in them is folded."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.text = ""  # folded; a "\n" stands between blocks
        self.offsets: list[int] = []  # of each folded character in the body
        for index, character in enumerate(body):
            if character.isspace():
                between_blocks = bool(re.match(r"\s*\n\s*\n", body[index:]))
                if self.text.endswith("\n"):
                    continue
                if between_blocks:
                    self.text = self.text.removesuffix(" ")
                    del self.offsets[len(self.text) :]
                elif self.text.endswith(" "):
                    continue
                self.text += "\n" if between_blocks else " "
                self.offsets.append(index)
            else:
                self.text += base_letter(character)
                self.offsets.append(index)

    def at_word_boundary(self, position: int) -> bool:
        if position in (0, len(self.text)):
            return True
        return not (self.text[position - 1].isalnum() and self.text[position].isalnum())

    def find(self, term: str, position: int, *, start_bounded: bool, end_bounded: bool) -> tuple[int, int] | None:
        """ "Find a string in range"; the separator keeps a term within its block."""
        needle = "".join(base_letter(character) for character in term)
        assert "\n" not in needle
        while (found := self.text.find(needle, position)) >= 0:
            end = found + len(needle)
            if (not start_bounded or self.at_word_boundary(found)) and (not end_bounded or self.at_word_boundary(end)):
                return found, end
            position = found + 1
        return None

    def skip_space(self, position: int) -> int:
        while position < len(self.text) and self.text[position].isspace():
            position += 1
        return position

    def range_of(self, terms: Terms) -> tuple[int, int] | None:
        """ "Find a range from a text directive", as offsets into the body."""
        search = 0
        while search < len(self.text):
            end_bounded = terms.end is not None or terms.suffix is None
            if terms.prefix is not None:
                prefix = self.find(terms.prefix, search, start_bounded=True, end_bounded=False)
                if prefix is None:
                    return None
                search = prefix[0] + 1
                begin = self.skip_space(prefix[1])
                match = self.find(terms.start, begin, start_bounded=False, end_bounded=end_bounded)
                if match is None:
                    return None
                if match[0] != begin:
                    continue
            else:
                match = self.find(terms.start, search, start_bounded=True, end_bounded=end_bounded)
                if match is None:
                    return None
                search = match[0] + 1
            end_search = match[1]
            while end_search < len(self.text) or terms.end is None:
                end = match[1]
                if terms.end is not None:
                    closing = self.find(terms.end, end_search, start_bounded=True, end_bounded=terms.suffix is None)
                    if closing is None:
                        return None
                    end = closing[1]
                if terms.suffix is None:
                    return self.offsets[match[0]], self.offsets[end - 1] + 1
                after = self.skip_space(end)
                suffix = self.find(terms.suffix, after, start_bounded=False, end_bounded=True)
                if suffix is None:
                    return None
                if suffix[0] == after:
                    return self.offsets[match[0]], self.offsets[end - 1] + 1
                if terms.end is None:
                    break
                end_search = end
            else:
                return None
        return None


def base_letter(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].casefold()[0]


def highlighted(link: str, body: str) -> tuple[int, int] | None:
    page, _, directive = link.partition("#:~:")
    assert page == PAGE
    return Page(body).range_of(parse_directive(directive))


def link_of(body: str, quoted: str, occurrence: int = 0) -> str:
    start = -1
    for _ in range(occurrence + 1):
        start = body.index(quoted, start + 1)
    link = highlight_link(PAGE, body, start, start + len(quoted))
    assert link is not None
    assert highlighted(link, body) == (start, start + len(quoted))
    return link


def test_a_short_quote_is_named_as_a_whole():
    body = "Rutte spoke. He said: “It takes two to tango, non-stop & now”! Then he left."
    link = link_of(body, "He said: “It takes two to tango, non-stop & now”!")
    assert link == (
        f"{PAGE}#:~:text=He%20said%3A%20%E2%80%9CIt%20takes%20two%20to%20tango%2C%20non%2Dstop%20%26%20now%E2%80%9D%21"
    )


def test_a_long_quote_is_named_by_its_first_and_last_words():
    sentence = "The war " + "and the long talks about it " * 12 + "went on until spring."
    link = link_of(f"Before it. {sentence} After it.", sentence)
    directive = unquote(link).partition("text=")[2]
    assert directive.count(",") == 1
    assert len(link) < 120


def test_a_quote_over_paragraphs_is_named_by_its_ends_each_within_its_paragraph():
    body = "One thing happened.\n\nIt was big.\n\nPeople came to see it."
    link = link_of(body, "It was big.\n\nPeople came to see it.")
    terms = parse_directive(link.partition("#:~:")[2])
    assert terms.start in "It was big."
    assert terms.end is not None
    assert terms.end in "People came to see it."


def test_repeated_words_get_the_context_that_tells_them_apart():
    body = "Asked again, he said no. Asked once more, he said no. The end."
    link = link_of(body, "he said no.", 1)
    terms = parse_directive(link.partition("#:~:")[2])
    assert (terms.prefix, terms.start, terms.suffix) == ("more,", "he said no.", None)
    first = parse_directive(link_of(body, "he said no.", 0).partition("#:~:")[2])
    assert first.prefix or first.suffix


def test_repetition_is_seen_through_case_accents_and_white_space():
    body = "CAFÉ\u00a0owners protest. Later, café owners protest. Done."
    link = link_of(body, "café owners protest.")
    assert "," in link.partition("text=")[2]


def test_context_is_taken_from_the_same_block_when_that_suffices():
    body = "He left.\n\nShe came. Then it rained.\n\nHe left.\n\nShe came. Then it snowed."
    terms = parse_directive(link_of(body, "She came.", 1).partition("#:~:")[2])
    assert terms == Terms(None, "She came.", None, "Then it snowed.")


def test_context_reaches_into_the_next_block_when_nothing_else_helps():
    body = "First.\n\nNo comment.\n\nSecond.\n\nNo comment.\n\nThird."
    terms = parse_directive(link_of(body, "No comment.", 1).partition("#:~:")[2])
    assert terms in (Terms("Second.", "No comment.", None, None), Terms(None, "No comment.", None, "Third."))


def test_a_bullet_is_no_part_of_the_highlighted_text():
    body = "Two things:\n- the first thing\n- the second thing"
    start = body.index("- the first")
    assert highlight_link(PAGE, body, start, start + 17) == f"{PAGE}#:~:text=the%20first%20thing"


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
    page = Page(body)
    before, after = body[: span[0]].split("\n\n")[-2:], body[span[1] :].split("\n\n")[:2]
    prefixes = {" ".join(block.split()[-n:]) for block in before for n in range(1, 4)}
    suffixes = {" ".join(block.split()[:n]) for block in after for n in range(1, 4)}
    # A context without a letter or a digit is none: browsers differ in what they make of it.
    prefixes, suffixes = ({None, *filter(re.compile(r"[^\W_]").search, found)} for found in (prefixes, suffixes))
    quoted = " ".join(body[slice(*span)].split())
    return any(
        page.range_of(Terms(prefix, quoted, None, suffix)) == span for prefix, suffix in product(prefixes, suffixes)
    )


@given(BODIES, st.data())
def test_the_directive_of_a_sentence_finds_exactly_the_sentence(body: str, data: st.DataObject):
    spans = sentence_spans(body)
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(first, min(first + 2, len(spans) - 1)))
    span = spans[first][0], spans[last][1]
    link = highlight_link(PAGE, body, *span)
    assert link is not None
    span = without_wordless_ends(body, *span)
    if span[0] == span[1]:
        assert link == PAGE
        return
    if link == PAGE:
        assert "\n" in body[slice(*span)], "only ranges whose ends stand elsewhere too are given up"
        return
    found = highlighted(link, body)
    assert found is not None
    if found != span:
        # The same words in the same surroundings: then no directive tells them apart.
        assert not any_directive_finds(body, span)
        quoted, shown = (body[slice(*each)] for each in (span, found))
        assert "".join(map(base_letter, quoted)).split() == "".join(map(base_letter, shown)).split()


def without_wordless_ends(body: str, start: int, end: int) -> tuple[int, int]:
    """The span without paragraphs such as "…" at its ends, which no browser looks for."""
    paragraphs = [(start + part.start(), start + part.end()) for part in re.finditer(r"[^\n]+", body[start:end])]
    worded = [each for each in paragraphs if re.search(r"[^\W_]", body[slice(*each)])]
    return (worded[0][0], worded[-1][1]) if worded else (start, start)


@given(st.text(), st.data())
def test_any_text_gives_a_valid_link(body: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    link = highlight_link(PAGE, body, start, end)
    assert link is not None
    assert link.isascii()
    assert len(link) <= 512
    if link != PAGE:
        parse_directive(link.partition("#:~:")[2])


def test_a_quote_is_cut_verified_and_linked():
    article = Article("a", "Title", "One. “Two.” Three.", url=PAGE)
    other = Article("b", "Title", "“Two.”")
    cut = cut_quote(article, 5, 11, (other,))
    assert (cut.text, cut.start, cut.end, cut.article) == ("“Two.”", 5, 11, article)
    assert cut.also_reported_by == (other,)
    assert cut.link == f"{PAGE}#:~:text={percent_encoded('“Two.”')}"
    assert cut_quote(other, 0, 6).link is None


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 3), (0, 100), (4, 5)])
def test_a_span_that_is_no_quote_is_refused(start: int, end: int):
    with pytest.raises(ValueError, match="'a'"):
        cut_quote(Article("a", "Title", "One. Two."), start, end)


LONG = "The Secretary General said on Tuesday that the alliance would keep sending weapons and training to Ukraine"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("He left the room.", "He left  the room"),
        ("“We will go,” he said.", '"WE WILL GO", he said'),
        ("It’s over.", "It's over!"),
        (LONG + ".", LONG + ", officials said."),
        (LONG + ".", LONG.replace("on Tuesday ", "") + "."),
        (
            "Police arrested twelve people after the march through the old town.",
            "Police arrested 12 people after the march through the old town.",
        ),
        ("The minister said the deal was dead.", "The minister said that the deal was dead."),
        ("U.S. aid rose 5% in May.", "US aid rose 5% in May."),
        ("今天下雨。", "今天下雨"),
    ],
)
def test_nearly_identical_sentences_are_one_statement(a: str, b: str):
    assert same_statement(a, b)
    assert same_statement(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The blast killed 12.", "The blast killed 14."),
        (LONG + " and 12 more.", LONG + " and 14 more."),
        (LONG + " and twelve more.", LONG + " and fourteen more."),
        (LONG + " for $5 million.", LONG + " for $5 billion."),
        (LONG + ".", LONG.replace("would keep", "would not keep") + "."),
        (LONG + ".", LONG.replace("keep", "stop") + "."),
        ("Shares rose.", "Shares fell."),
        ("Russia attacked Ukraine on Monday.", "Ukraine attacked Russia on Monday."),
        ("He left the room.", "She came to the house late at night."),
        (LONG + ".", "Ukraine."),
        ("…", "—"),
        ("今天下雨。", "明天下雨。"),
        ("", "Something"),
    ],
)
def test_what_differs_in_substance_is_two_statements(a: str, b: str):
    assert not same_statement(a, b)
    assert not same_statement(b, a)


@given(st.text())
def test_every_text_is_the_same_statement_as_itself(text: str):
    assert same_statement(text, text)
