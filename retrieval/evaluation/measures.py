"""What a run's outcomes amount to: each measure with a bootstrap interval, by kind of question, against another run.

A run becomes a table of columns, a row a question; a measure is a function of some columns. The bootstrap draws
whole rows, so whatever belongs to one question (its confidence with and without its articles) stays together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.asking import Outcome, Verdict
from retrieval.evaluation.labelled import EvaluationError
from retrieval.evaluation.reliability import Floats, auroc, wrongly_answered

RESAMPLES = 1_000
SEED = 20_000  # any number: it makes the same run give the same intervals
REFUSED = 0.1  # the share of answerable questions that may be refused
WAYS = ("withdrawn", "before", "marked")  # in which a question is left without an answer

# As ir-measures names them.
_RANKING = {"hit@1": "Success@1", "hit@5": "Success@5", "hit@10": "Success@10", "mrr@10": "RR@10", "ndcg@10": "nDCG@10"}

Table = Mapping[str, Floats]
"""Columns by name, a row a question; NaN where a question has no such value."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that `of` takes from `columns`. `better` is 1 when more is better, -1 when less is, else 0."""

    key: str
    label: str
    columns: tuple[str, ...]
    of: Callable[..., float]
    better: Literal[-1, 0, 1] = 1
    form: Literal["share", "words", "seconds"] = "share"

    def on(self, table: Table, rows: NDArray[np.intp] | None = None) -> float:
        """The value on `rows` (all by default; one that is repeated counts as often). NaN where undefined."""
        return self.of(*(table[name] if rows is None else table[name][rows] for name in self.columns))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the ends of its 95% confidence interval; `questions` have a say in it."""

    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a measure was `then`, is `now`, and 95% confidence limits of the change."""

    measure: Measure
    then: float
    now: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """What the interval allows to say of the change."""
        if self.low <= 0 <= self.high:
            return "the same" if self.low == self.high == 0 else "unclear"
        more = self.low > 0
        if not self.measure.better:
            return "more" if more else "less"
        return "better" if more == (self.measure.better > 0) else "worse"


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _mean(values: Floats) -> float:
    known = _known(values)
    return float(known.mean()) if len(known) else math.nan


def _quantile(values: Floats, share: float) -> float:
    known = _known(values)
    return float(np.quantile(known, share)) if len(known) else math.nan


def _ratio(part: Floats, whole: Floats) -> float:
    total = whole.sum()
    return float(part.sum() / total) if total else math.nan


def _auroc(answerable: Floats, *unanswerable: Floats) -> float:
    return auroc(_known(answerable), _known(np.concatenate(unanswerable)))


def _wrong(*answered: Floats) -> float:
    return _mean(np.concatenate(answered))


def _wrong_at(answerable: Floats, *unanswerable: Floats) -> float:
    return wrongly_answered(_known(answerable), _known(np.concatenate(unanswerable)), REFUSED)


def _abstention(way: str, ways: tuple[str, ...]) -> tuple[Measure, ...]:
    answered = tuple(f"answered_{name}" for name in ways)
    return (
        Measure(key=f"auroc_{way}", label=f"AUROC, {way}", columns=("confidence", *ways), of=_auroc),
        Measure(key=f"wrong_{way}", label=f"Wrongly answered, {way}", columns=answered, of=_wrong, better=-1),
        Measure(
            key=f"wrong@{REFUSED}_{way}",
            label=f"at {REFUSED:.0%} refused, {way}",
            columns=("confidence", *ways),
            of=_wrong_at,
            better=-1,
        ),
    )


_SHARES = {
    "hit@1": "Article Hit@1",
    "hit@5": "Article Hit@5",
    "hit@10": "Article Hit@10",
    "mrr@10": "Article MRR@10",
    "ndcg@10": "Article nDCG@10",
    "passage@1": "Answer in the best passage",
    "passage@3": "Answer in the best 3 passages",
    "quote@1": "Answer in the first quote",
    "quote@3": "Answer in the first 3 quotes",
    "answered_well": "Answered, and rightly",
}

_ALL = (
    *(Measure(key=key, label=label, columns=(key,), of=_mean) for key, label in _SHARES.items()),
    Measure(key="words@1", label="Words of the first quote", columns=("words@1",), of=_mean, better=0, form="words"),
    Measure(key="words@3", label="Words of the first 3 quotes", columns=("words@3",), of=_mean, better=0, form="words"),
    Measure(key="verbatim", label="Verbatim quotes", columns=("verbatim", "quotes"), of=_ratio),
    Measure(key="bold_right", label="Bold marks the answer", columns=("bold_right", "holding"), of=_ratio),
    Measure(
        key="bold_wrong", label="Bold marks something else", columns=("bold_wrong", "holding"), of=_ratio, better=-1
    ),
    Measure(key="refused", label="Refused though answerable", columns=("refused",), of=_mean, better=-1),
    *(measure for way in WAYS for measure in _abstention(way, (way,))),
    *_abstention("all", WAYS),
    Measure(
        key="seconds_median",
        label="Seconds, median",
        columns=("seconds",),
        of=partial(_quantile, share=0.5),
        better=-1,
        form="seconds",
    ),
    Measure(
        key="seconds_p95",
        label="Seconds, 95th percentile",
        columns=("seconds",),
        of=partial(_quantile, share=0.95),
        better=-1,
        form="seconds",
    ),
)

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _ALL}
"""Every measure by its key, in the order in which they are reported."""


def tabulate(outcomes: Sequence[Outcome]) -> Table:
    """The columns of a run."""
    marked = [None if outcome.answerable else Verdict(outcome.confidence, outcome.answered) for outcome in outcomes]
    verdicts = {
        "withdrawn": [outcome.withdrawn for outcome in outcomes],
        "before": [outcome.before for outcome in outcomes],
        "marked": marked,
    }
    columns = _ranking(outcomes) | _quotes(outcomes)
    for way, given in verdicts.items():
        columns[way] = [verdict.confidence if verdict else math.nan for verdict in given]
        columns[f"answered_{way}"] = [verdict.answered if verdict else math.nan for verdict in given]
    columns["confidence"] = [outcome.confidence if outcome.answerable else math.nan for outcome in outcomes]
    columns["refused"] = [not outcome.answered if outcome.answerable else math.nan for outcome in outcomes]
    columns["seconds"] = [outcome.seconds for outcome in outcomes]
    return {name: np.array(values, np.float64) for name, values in columns.items()}


def _ranking(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    import ir_measures  # in the extra `evaluate` only
    from ir_measures import Qrel, ScoredDoc

    judged = [outcome for outcome in outcomes if outcome.answerable and outcome.gold]
    qrels = [Qrel(outcome.id, article, 1) for outcome in judged for article in outcome.gold]
    run = [
        ScoredDoc(outcome.id, article, -float(rank))
        for outcome in judged
        for rank, article in enumerate(outcome.ranked)
    ]
    values: dict[tuple[str, str], float] = {}
    if judged:
        measures = [ir_measures.parse_measure(name) for name in _RANKING.values()]
        calculated = ir_measures.iter_calc(measures, qrels, run)
        values = {(str(metric.measure), metric.query_id): metric.value for metric in calculated}
    # A question for which nothing was found is missing from some measures: that is a nought.
    found = {outcome.id: 0.0 for outcome in judged}
    return {
        key: [values.get((name, outcome.id), found.get(outcome.id, math.nan)) for outcome in outcomes]
        for key, name in _RANKING.items()
    }


def _quotes(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    columns: dict[str, list[float]] = {}
    labelled = [outcome.answerable and bool(outcome.answers) for outcome in outcomes]
    for count in (1, 3):
        holding = [any(quote.holds for quote in outcome.quotes[:count]) for outcome in outcomes]
        passages = [any(outcome.passages[:count]) for outcome in outcomes]
        words = [sum(quote.words for quote in outcome.quotes[:count]) or math.nan for outcome in outcomes]
        columns[f"quote@{count}"] = _where(labelled, holding)
        columns[f"passage@{count}"] = _where(labelled, passages)
        columns[f"words@{count}"] = _where([outcome.answerable for outcome in outcomes], words)
    well = [held and outcome.answered for held, outcome in zip(columns["quote@3"], outcomes, strict=True)]
    columns["answered_well"] = _where(labelled, well)
    columns["quotes"] = [len(outcome.quotes) for outcome in outcomes]
    # What is bold is judged where there is something to mark: in the quotes that hold an answer.
    holding = [
        [quote for quote in outcome.quotes if here and quote.holds]
        for outcome, here in zip(outcomes, labelled, strict=True)
    ]
    columns["holding"] = [len(held) for held in holding]
    columns["bold_right"] = [sum(quote.marks for quote in held) for held in holding]
    columns["bold_wrong"] = [sum(bool(quote.bold) and not quote.marks for quote in held) for held in holding]
    columns["verbatim"] = [sum(quote.verbatim for quote in outcome.quotes) for outcome in outcomes]
    return columns


def _where(applies: Sequence[bool], values: Sequence[float]) -> list[float]:
    return [value if here else math.nan for here, value in zip(applies, values, strict=True)]


def estimates(table: Table) -> dict[str, Estimate]:
    """Every measure that is defined on the table, by key."""
    return {key: found for key, measure in MEASURES.items() if (found := estimate(measure, table))}


def estimate(measure: Measure, table: Table, seed: int = SEED) -> Estimate | None:
    """A measure with its percentile bootstrap interval (Efron and Tibshirani, 1993, chapter 13); None if undefined."""
    value = measure.on(table)
    if math.isnan(value):
        return None
    columns = np.array([table[name] for name in measure.columns])
    low, high = _interval([measure.on(table, rows) for rows in _resamples(RESAMPLES, columns.shape[1], seed)])
    questions = int((~np.isnan(columns)).any(axis=0).sum())
    return Estimate(value=value, low=low, high=high, questions=questions)


def compare(now: Sequence[Outcome], then: Sequence[Outcome], seed: int = SEED) -> tuple[int, tuple[Difference, ...]]:
    """The number of questions that both runs asked, and each measure's change on them.

    The same questions are drawn for both (the paired bootstrap), so how hard they are cancels out. Raises
    `EvaluationError` when the runs have no question in common.
    """
    earlier = {outcome.id: outcome for outcome in then}
    pairs = [
        (outcome, other) for outcome in now if (other := earlier.get(outcome.id)) and other.question == outcome.question
    ]
    if not pairs:
        raise EvaluationError("The two runs have no question in common; compare runs of the same questions.")
    tables = tabulate([outcome for outcome, _ in pairs]), tabulate([other for _, other in pairs])
    changes = (_difference(measure, *tables, seed) for measure in MEASURES.values())
    return len(pairs), tuple(change for change in changes if change)


def _difference(measure: Measure, now: Table, then: Table, seed: int) -> Difference | None:
    value_then, value_now = measure.on(then), measure.on(now)
    if math.isnan(value_then) or math.isnan(value_now):
        return None
    rows_drawn = _resamples(RESAMPLES, len(now[measure.columns[0]]), seed)
    low, high = _interval([measure.on(now, rows) - measure.on(then, rows) for rows in rows_drawn])
    return Difference(measure=measure, then=value_then, now=value_now, low=low, high=high)


# What follows is `scipy.stats.bootstrap` (percentile, paired), as the tests hold, but for what that has no answer to: a
# single question, and resamples on which a measure is undefined.
@lru_cache(maxsize=32)
def _resamples(count: int, questions: int, seed: int) -> NDArray[np.intp]:
    return np.random.default_rng(seed).integers(0, questions, (count, questions))


def _interval(values: Sequence[float]) -> tuple[float, float]:
    # A resample may lack what a measure needs (all its unanswerable questions, say) and says nothing then.
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)
