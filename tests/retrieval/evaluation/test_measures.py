"""Metrics against values worked out by hand, and what the bootstrap may and may not say."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score

from retrieval.answer import Quote
from retrieval.article import Article
from retrieval.evaluation.asking import JudgedQuote, Outcome, Verdict, judged_quote, read_run, write_run
from retrieval.evaluation.labelled import (
    EvaluationError,
    LabelledQuestion,
    holds,
    kind_of,
    marks,
    normalised,
    read_questions,
)
from retrieval.evaluation.measures import MEASURES, Estimate, compare, estimate, estimates, tabulate
from retrieval.evaluation.reliability import (
    area,
    auroc,
    reliability,
    risk_coverage,
    threshold_refusing,
    wrongly_answered,
)
from retrieval.evaluation.scorecard import scorecard

HELD = JudgedQuote(article="a", start=0, end=12, text="It was Lund.", words=3, holds=True, verbatim=True)
MISSED = replace(HELD, start=13, end=30, text="Nobody knew it at the time.", words=6, holds=False)


def outcome(number: int = 0, **changes: object) -> Outcome:
    """A question that was answered from the first article and by the first quote."""
    plain = Outcome(
        id=str(number),
        question="Where was it?",
        kind="where",
        as_of="2025-05-01",
        answerable=True,
        answers=("Lund",),
        gold=("a",),
        ranked=("a", "b", "c"),
        passages=(True, False, False),
        quotes=(HELD, MISSED),
        confidence=0.9,
        answered=True,
        seconds=0.02,
        withdrawn=Verdict(0.3, False, 1),
        before=Verdict(0.2, False, 1),
    )
    return replace(plain, **changes)


def values(*outcomes: Outcome) -> dict[str, float]:
    table = tabulate(outcomes)
    return {key: measure.on(table) for key, measure in MEASURES.items()}


def test_articles_are_judged_as_ir_measures_does() -> None:
    found = values(
        outcome(1),
        outcome(2, ranked=("b", "a"), gold=("a", "d")),
        outcome(3, ranked=()),
        outcome(4, answerable=False, gold=()),
        outcome(5, gold=()),
    )
    assert found["hit@1"] == pytest.approx(1 / 3)
    assert found["hit@5"] == found["hit@10"] == pytest.approx(2 / 3)
    assert found["mrr@10"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    ndcg_of_the_second = (1 / math.log2(3)) / (1 + 1 / math.log2(3))
    assert found["ndcg@10"] == pytest.approx((1 + ndcg_of_the_second + 0) / 3)


def test_quotes_are_judged_by_the_first_and_the_first_three() -> None:
    found = values(
        outcome(1),
        outcome(2, quotes=(MISSED, HELD), passages=(False, True), answered=False),
        outcome(3, quotes=(MISSED,), passages=(False, False, False)),
        outcome(4, quotes=(), passages=()),
        outcome(5, answers=()),
    )
    assert (found["quote@1"], found["quote@3"]) == (0.25, 0.5)
    assert (found["passage@1"], found["passage@3"]) == (0.25, 0.5)
    assert found["answered_well"] == 0.25
    assert found["words@1"] == (3 + 6 + 6 + 3) / 4
    assert found["words@3"] == (9 + 9 + 6 + 9) / 4


def test_a_quote_that_is_not_verbatim_is_counted() -> None:
    article = Article("a", "A title", "It was Lund. Nobody knew.")
    right, wrong = (
        judged_quote(Quote(text, 0, 12, article, None), ["lund"], [article.body])
        for text in ("It was Lund.", "It is Lund.")
    )
    empty = judged_quote(Quote("", 3, 3, article, None), ["lund"], [article.body])
    assert (right.verbatim, wrong.verbatim, empty.verbatim) == (True, False, False)
    assert values(outcome(1, quotes=(right,)), outcome(2, quotes=(right, right, wrong)))["verbatim"] == 0.75


def test_bold_is_judged_in_the_quotes_that_hold_an_answer() -> None:
    right, wrong, stray = replace(HELD, bold="Lund", marks=True), replace(HELD, bold="It"), replace(MISSED, bold="it")
    found = values(outcome(1, quotes=(right, stray, HELD)), outcome(2, quotes=(wrong,)), outcome(3, quotes=(stray,)))
    assert (found["bold_right"], found["bold_wrong"]) == (1 / 3, 1 / 3)
    article = Article("a", "A title", "It was Lund. Nobody knew.")
    quote = Quote("It was Lund.", 0, 12, article, None)
    judged = [judged_quote(replace(quote, answer=span), ["lund"], [article.body]) for span in (None, (7, 11), (0, 6))]
    assert [(each.bold, each.marks) for each in judged] == [(None, False), ("Lund", True), ("It was", False)]


@pytest.mark.parametrize(
    ("run", "answer", "is_one"),
    [
        ("12 years", "12", True),
        ("Prime Minister Boris Johnson", "Boris Johnson", True),
        ("Boris Johnson", "UK Prime Minister Johnson", False),
        ("Mike Pence", "President Mike Pence", True),
        ("Pence", "President Mike Pence", False),
        ("Lund", "London", False),
        ("it was in the old town of Lund in May", "Lund", False),
        ("the", "the", False),
        ("", "Lund", False),
    ],
)
def test_a_run_is_an_answer_when_it_is_nearly_all_of_it(run: str, answer: str, is_one: bool) -> None:
    assert marks(run, [answer]) == is_one


def test_abstention_tells_apart_the_ways_of_having_no_answer() -> None:
    found = values(
        outcome(1, confidence=0.9, withdrawn=Verdict(0.8, True), before=Verdict(0.1, False)),
        outcome(2, confidence=0.6, withdrawn=Verdict(0.6, True), before=None, answered=False),
        outcome(3, confidence=0.95, answerable=False, withdrawn=None, before=None),
    )
    assert found["auroc_withdrawn"] == (1 + 1 + 0 + 0.5) / 4
    assert found["auroc_before"] == 1
    assert found["auroc_marked"] == 0
    assert found["auroc_all"] == (3 + 1.5) / 8  # 0.9 is above three of the four others, 0.6 above one, beside one
    assert found["refused"] == 0.5
    assert (found["wrong_withdrawn"], found["wrong_before"], found["wrong_marked"]) == (1, 0, 1)
    assert found["wrong_all"] == 0.75


def test_seconds_are_given_as_median_and_95th_percentile() -> None:
    found = values(*(outcome(number, seconds=float(number)) for number in range(101)))
    assert (found["seconds_median"], found["seconds_p95"]) == (50, 95)


def test_what_no_question_bears_on_is_left_out() -> None:
    found = estimates(tabulate([outcome(1, answerable=False, answers=(), gold=(), withdrawn=None, before=None)]))
    assert set(found) == {"verbatim", "wrong_marked", "wrong_all", "seconds_median", "seconds_p95"}


def test_auroc() -> None:
    assert auroc(np.array([0.9, 0.5]), np.array([0.1, 0.5, 0.7])) == pytest.approx((3 + 1.5) / 6)
    assert math.isnan(auroc(np.array([]), np.array([0.1])))


CONFIDENCES = st.lists(st.integers(0, 20).map(lambda number: number / 20), min_size=1, max_size=30)


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_that_of_scikit_learn(answerable: list[float], unanswerable: list[float]) -> None:
    labels = [1] * len(answerable) + [0] * len(unanswerable)
    expected = roc_auc_score(labels, answerable + unanswerable)
    assert auroc(np.array(answerable), np.array(unanswerable)) == pytest.approx(expected)


def test_a_threshold_refuses_no_more_than_it_may() -> None:
    answerable = np.arange(30) / 30
    threshold = threshold_refusing(answerable, 0.1)
    assert (answerable < threshold).sum() == 3
    assert threshold_refusing(np.array([0.4, 0.9]), 0.1) == 0.4
    assert wrongly_answered(answerable, np.array([0.05, 0.1, 0.2, 0.0]), 0.1) == 0.5
    assert threshold_refusing(np.array([0.4, 0.9]), 1.0) == 0.9


def test_risk_and_coverage() -> None:
    curve = risk_coverage(np.array([0.5, 0.9, 0.5, 0.1]), np.array([False, True, True, False]))
    assert [(point.threshold, point.coverage, point.risk) for point in curve] == [
        (0.9, 0.25, 0.0),
        (0.5, 0.75, pytest.approx(1 / 3)),
        (0.1, 1.0, 0.5),
    ]
    assert area(curve) == pytest.approx(0.25 * 0 + 0.5 / 3 + 0.25 / 2)
    assert risk_coverage(np.array([]), np.array([], bool)) == ()


def test_reliability() -> None:
    found = reliability(np.array([0.25, 0.25, 1.0, 0.0]), np.array([True, False, True, False]))
    assert found
    assert [(each.confidence, each.happened, each.asked) for each in found.bins] == [
        (0.0, 0.0, 1),
        (0.25, 0.5, 2),
        (1.0, 1.0, 1),
    ]
    assert found.calibration_error == pytest.approx(2 * 0.25 / 4)
    assert found.brier == pytest.approx((0.75**2 + 0.25**2) / 4)
    assert reliability(np.array([]), np.array([], bool)) is None


def test_intervals_hold_the_value_and_follow_the_seed() -> None:
    table = tabulate([outcome(number, quotes=(HELD if number % 3 else MISSED,)) for number in range(60)])
    measure = MEASURES["quote@1"]
    found = estimate(measure, table)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(2 / 3)
    # Close to what the normal approximation gives: 1.96 * sqrt(2/3 * 1/3 / 60) = 0.119.
    assert found.value - found.low == pytest.approx(0.119, abs=0.03)
    assert found.high - found.value == pytest.approx(0.119, abs=0.03)
    assert found.questions == 60


@pytest.mark.parametrize("key", ["quote@1", "words@3", "verbatim", "auroc_withdrawn", "seconds_p95"])
def test_intervals_are_those_of_scipy(key: str) -> None:
    table = tabulate(
        [
            outcome(
                number,
                quotes=(HELD,) * (number % 2) + (MISSED,) * (number % 3),
                confidence=number % 7 / 10,
                withdrawn=Verdict(number % 5 / 10, False),
                seconds=math.sqrt(number),
            )
            for number in range(1, 41)
        ]
    )
    measure = MEASURES[key]
    expected = bootstrap(
        (np.arange(40),),
        lambda rows: measure.on(table, rows),
        n_resamples=1000,
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    found = estimate(measure, table, 5)
    assert found
    assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_a_single_question_has_an_interval() -> None:
    found = estimate(MEASURES["quote@1"], tabulate([outcome()]))
    assert found == Estimate(1.0, 1.0, 1.0, 1)


def test_intervals_follow_the_seed() -> None:
    table = tabulate([outcome(number, seconds=math.sqrt(number)) for number in range(40)])
    found = [estimate(MEASURES["seconds_p95"], table, seed) for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]


def verdicts(now: list[Outcome], then: list[Outcome]) -> dict[str, str]:
    return {each.measure.key: each.verdict for each in compare(now, then)[1]}


def test_a_comparison_detects_an_improvement_and_a_tie() -> None:
    then = [outcome(number, quotes=(HELD if number % 2 else MISSED,)) for number in range(80)]
    now = [outcome(number, quotes=(HELD if number % 2 or number % 8 == 0 else MISSED,)) for number in range(80)]
    found = verdicts(now, then)
    assert found["quote@1"] == "better"
    assert found["words@1"] == "less"
    assert found["hit@1"] == "the same"
    assert verdicts(then, now)["quote@1"] == "worse"


def test_a_comparison_does_not_take_chance_for_a_change() -> None:
    then = [outcome(number, quotes=(HELD if number % 2 else MISSED,)) for number in range(80)]
    now = [outcome(number, quotes=(HELD if number % 2 == (number > 3) else MISSED,)) for number in range(80)]
    assert verdicts(now, then)["quote@1"] == "unclear"


def test_less_is_better_where_it_is() -> None:
    then = [outcome(number, answered=number % 4 > 0) for number in range(80)]
    found = verdicts([outcome(number) for number in range(80)], then)
    assert found["refused"] == "better"


def test_only_questions_of_both_runs_are_compared() -> None:
    now = [outcome(1), outcome(2), outcome(3, question="Who was it?")]
    assert compare(now, [outcome(2), outcome(3), outcome(4)])[0] == 1
    with pytest.raises(EvaluationError, match="no question in common"):
        compare(now, [outcome(4)])


def test_silence_counts_every_asking() -> None:
    silence = scorecard(
        [
            outcome(1, confidence=0.9),
            outcome(2, confidence=0.6, quotes=(MISSED,)),
            outcome(3, answerable=False, confidence=0.7, withdrawn=None, before=None, answered=True),
        ],
        {},
    ).silence
    assert silence.asked == {"answerable": 2, "withdrawn": 2, "before": 2, "marked": 1}
    assert silence.operating
    assert (silence.operating.threshold, silence.operating.coverage) == (0.6, pytest.approx(3 / 7))
    assert silence.operating.risk == pytest.approx(2 / 3)
    assert silence.threshold == 0.6


def test_kinds_are_measured_apart() -> None:
    kinds = scorecard([outcome(1), outcome(2, kind="who", quotes=(MISSED,)), outcome(3, kind="who")], {}).kinds
    assert [(name, kind.questions, kind.measures["quote@1"].value) for name, kind in kinds.items()] == [
        ("who", 2, 0.5),
        ("where", 1, 1.0),
    ]


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    outcomes = [outcome(1), outcome(2, withdrawn=None, quotes=(), as_of=None, question="¿Qué?\u2028")]
    write_run(outcomes, tmp_path / "run.jsonl")
    assert read_run(tmp_path / "run.jsonl") == outcomes


@pytest.mark.parametrize("content", ["[]", "{}", "no JSON", '{"id": 1}'])
def test_what_is_no_run_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(content)
    with pytest.raises(EvaluationError, match=r"give the run\.jsonl of an earlier report"):
        read_run(path)


def test_questions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(
        '{"id": 1, "question": "Who?", "answers": ["Ada\\u2028"], "gold": ["a"], "as_of": "2025-05-01", "kind": "x"}\n'
        '\n{"id": "2", "question": "What?", "answerable": false}\n',
        encoding="utf-8-sig",
    )
    assert read_questions(path) == [
        LabelledQuestion("1", "Who?", ("Ada\u2028",), ("a",), date(2025, 5, 1)),
        LabelledQuestion("2", "What?", answerable=False),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no questions"),
        ("{", "line 1: Expecting"),
        ("[1]", "line 1: it is not a JSON object"),
        ('{"question": "Who?"}', "no id or no question"),
        ('{"id": "1", "question": "Who?", "answers": "Ada"}', "answers is not a list of strings"),
        ('{"id": "1", "question": "Who?", "as_of": "May"}', "not an ISO 8601 date"),
        ('{"id": "1", "question": "Who?", "answerable": "no"}', "neither true nor false"),
        ('{"id": "1", "question": "Who?"}\n{"id": 1, "question": "What?"}', "line 2: the id “1” was given before"),
    ],
)
def test_what_is_no_question_is_named(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    with pytest.raises(EvaluationError, match=said):
        read_questions(path)


def test_text_is_compared_without_its_typography() -> None:
    assert normalised("The “U.S.–led” plan cost $1,000, a record…") == "us led plan cost 1000 record"
    assert holds("It was the Prime Minister’s plan.", ["prime ministers"])
    assert not holds("It was planned.", ["plan"])
    assert not holds("It was the plan.", ["the", ""])


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won?", "who"),
        ("Whose house burned?", "who"),
        ("Prices rose when the war began. How much does gas cost?", "how many"),
        ("How did he escape?", "how"),
        ("In which city did he say what he thinks?", "which"),
        ("Where he was is known. Name his dog.", "where"),
        ("Is it raining?", "other"),
    ],
)
def test_the_question_word_is_the_kind(question: str, kind: str) -> None:
    assert kind_of(question) == kind
