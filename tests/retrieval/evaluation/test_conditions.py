"""The same questions asked later, and of parts of the articles: which are asked, and of what."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.understanding import asks_of_now
from retrieval.evaluation.conditions import (
    Condition,
    asked_later,
    lines_of,
    part_of,
    part_settings,
    read_delays,
    read_sizes,
)
from retrieval.evaluation.labelled import EvaluationError, LabelledQuestion
from retrieval.evaluation.run import corpus_settings
from retrieval.index.store import Store
from retrieval.newsroom import NewsroomSettings


@pytest.mark.parametrize(
    "question",
    [
        "Who won this week?",
        "What did the minister announce on Tuesday?",
        "Who currently leads the party?",
        "Which team won last year's cup?",
        "What happened in the past few days?",
        "What is the latest on the strike?",
    ],
)
def test_a_question_that_says_when_it_is_asked_is_told(question: str) -> None:
    assert asks_of_now(question)
    assert asked_later([LabelledQuestion("q", question, as_of=date(2024, 5, 1))], 14) == []


@pytest.mark.parametrize(
    "question", ["Who captured the general?", "Why did Ada Holm resign?", "Who came last in the race?"]
)
def test_a_question_that_does_not_is_asked_later(question: str) -> None:
    (later,) = asked_later([LabelledQuestion("q", question, as_of=date(2024, 12, 25))], 14)
    assert later.as_of == date(2025, 1, 8)


def test_a_question_without_a_day_cannot_be_asked_later() -> None:
    assert asked_later([LabelledQuestion("q", "Who captured the general?")], 14) == []


ARTICLES = [f"a{number}" for number in range(40)]


@given(
    golds=st.lists(st.lists(st.sampled_from(ARTICLES), max_size=4), max_size=30),
    sizes=st.tuples(st.integers(2, 50), st.integers(2, 50)),
)
def test_parts_hold_what_answers_and_lie_within_each_other(golds: list[list[str]], sizes: tuple[int, int]) -> None:
    questions = [LabelledQuestion(f"q{at}", "Who?", gold=tuple(gold)) for at, gold in enumerate(golds)]
    small, large = (part_of(ARTICLES, questions, size) for size in sorted(sizes))
    for (kept, asked), size in zip((small, large), sorted(sizes), strict=True):
        assert len(kept) == min(size, len(ARTICLES))
        assert {article for question in asked for article in question.gold} <= kept
    assert {question.id for question in small[1]} <= {question.id for question in large[1]}


def test_half_of_a_part_is_left_for_articles_that_answer_nothing() -> None:
    questions = [LabelledQuestion(f"q{at}", "Who?", gold=(ARTICLES[at],)) for at in range(30)]
    kept, asked = part_of(ARTICLES, questions, 20)
    assert (len(kept), len(asked)) == (20, 10)
    assert part_of(ARTICLES, questions, 20) == (kept, asked)


def test_delays_and_sizes_are_read_as_they_are_typed() -> None:
    assert read_delays(" 0, 14,90,14") == (0, 14, 90)
    assert read_sizes("500, 3000 ,ALL") == (500, 3000, None)
    assert read_delays("") == read_sizes("") == ()


@pytest.mark.parametrize("text", ["-1", "soon", "14 days", "1e3", "99999"])
def test_what_is_no_delay_is_told(text: str) -> None:
    with pytest.raises(EvaluationError, match="are no delays; name days from 0"):
        read_delays(text)


@pytest.mark.parametrize("text", ["0", "few", "-500"])
def test_what_is_no_size_is_told(text: str) -> None:
    with pytest.raises(EvaluationError, match="are no sizes; name numbers of articles"):
        read_sizes(text)


def test_conditions_are_told_apart_by_name_and_file() -> None:
    labels = [Condition(), Condition(1), Condition(14), Condition(articles=3000)]
    assert [each.label for each in labels] == ["on its day", "1 day later", "14 days later", "3,000 articles"]
    assert len({each.file for each in labels}) == 4


def test_a_part_is_copied_anew_with_nothing_left_of_an_earlier_copy(tmp_path: Path) -> None:
    """Else its index of words would be ahead of its store, which looks as if the store had lost something."""
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps({"id": id_, "title": id_, "text": id_}) + "\n" for id_ in ARTICLES[:3]))
    settings = corpus_settings(NewsroomSettings(data_dir=tmp_path / "data", seeds_dir=tmp_path), corpus)
    Store(settings.data_dir / "articles.sqlite3").close()
    part = part_settings(settings, corpus, 2, {"a0", "a2"})
    derived = part.data_dir / "lexical" / "meta.json"
    derived.parent.mkdir()
    derived.write_text("{}")
    assert part_settings(settings, corpus, 2, {"a0", "a2"}) == part
    assert not derived.exists()
    (seeds,) = part.seeds_dir.iterdir()
    assert [id_ for id_, _ in lines_of(seeds)] == ["a0", "a2"]
