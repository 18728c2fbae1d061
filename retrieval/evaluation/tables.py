"""A scorecard as tables, and the tables as a page for a terminal and as Markdown for a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from retrieval.evaluation.asking import WEEKS_BEFORE
from retrieval.evaluation.broad import BroadMeasures
from retrieval.evaluation.clusters import Agreement
from retrieval.evaluation.measures import MEASURES, REFUSED, WAYS, Difference, Estimate
from retrieval.evaluation.reliability import RiskCoverage
from retrieval.evaluation.scorecard import Comparison, Conditioned, Scorecard, Silence
from retrieval.evaluation.story_measures import StoryMeasures
from retrieval.evaluation.summaries import SummaryMeasures
from retrieval.text.controls import one_line

KIND_MEASURES = {"hit@1": "Hit@1", "quote@1": "first quote", "quote@3": "first three", "auroc_all": "AUROC"}
"""What the table by kind shows, with its headings; the JSON document has every measure."""
FOUND_UNDER_CONDITIONS = {"hit@1": "Hit@1", "quote@3": "three"}
"""What is shown of a run under other conditions: how well it finds and quotes, where an interval has no room …"""
ABSTAINED_UNDER_CONDITIONS = {"refused": "refused", "wrong_withdrawn": "answered", "auroc_withdrawn": "AUROC"}
"""… and when it abstains."""
HUNDREDTHS = "In hundredths, with 95% intervals."
WAY_NAMES = {
    "withdrawn": "articles withdrawn",
    "before": f"{WEEKS_BEFORE} weeks before",
    "marked": "marked unanswerable",
    "all": "all of these",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with what to know about it. The first column holds names, the others figures."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def grids(card: Scorecard) -> list[Grid]:
    """The scorecard's tables, in the order in which they are read."""
    tables = [_measures(card), _abstention(card), _kinds(card)]
    if card.delays:
        tables.append(_conditions("The same questions asked later", card.delays, _LATER))
    if card.sizes:
        tables.append(_conditions("The same questions over parts of the articles", card.sizes, _PARTS))
    if card.stories:
        tables += [_stories(card.stories), _summaries(card.stories.summaries), _broad(card.stories.broad)]
    return [_comparison(card.comparison), *tables] if card.comparison else tables


def scorecard_page(card: Scorecard) -> Group:
    """The scorecard for a terminal."""
    parts: list[RenderableType] = [Text(f"{name}: {one_line(str(fact))}", "dim") for name, fact in card.about.items()]
    for grid in grids(card):
        table = Table(
            title=grid.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
        )
        for place, name in enumerate(grid.header):
            table.add_column(Text(name), justify="right" if place else "left", no_wrap=True)
        for row in grid.rows:
            table.add_row(*map(Text, row))
        parts += [Text(""), table, *(Text(note, "dim") for note in grid.notes)]
    return Group(*parts)


def markdown(card: Scorecard, pictures: Iterable[tuple[str, str]]) -> str:
    """The scorecard as a Markdown page; `pictures` are (file name, caption)."""
    lines = ["# Evaluation", ""]
    lines += [f"* {name}: {_escaped(str(fact))}" for name, fact in card.about.items()]
    for grid in grids(card):
        lines += ["", f"## {grid.title}", "", _row(grid.header), _row(["---", *["---:"] * (len(grid.header) - 1)])]
        lines += [_row(row) for row in grid.rows]
        lines += [line for note in grid.notes for line in ("", _escaped(note))]
    for name, caption in pictures:
        lines += ["", f"![{caption}]({name})", "", caption]
    return "\n".join(lines) + "\n"


def _measures(card: Scorecard) -> Grid:
    rows = [
        (MEASURES[key].label, _figure(MEASURES[key].form, found.value), _interval(key, found), str(found.questions))
        for key, found in card.measures.items()
        if not key.startswith(("auroc", "wrong", "refused"))
    ]
    return Grid(title="What is found and quoted", header=("", "value", "95% interval", "questions"), rows=tuple(rows))


def _abstention(card: Scorecard) -> Grid:
    rows = [
        (
            WAY_NAMES[way],
            str(card.silence.asked.get(way, sum(card.silence.asked[each] for each in WAYS))),
            *(_cell(card.measures.get(f"{measure}_{way}")) for measure in ("auroc", "wrong", f"wrong@{REFUSED}")),
        )
        for way in (*WAYS, "all")
        if f"auroc_{way}" in card.measures
    ]
    header = ("", "asked", "AUROC", "answered", f"at {REFUSED:.0%} refused")
    notes = (f"Wrongly answered as the bot is set, and {header[-1]}. {HUNDREDTHS}", *_silence_notes(card))
    return Grid(title="Questions left without an answer", header=header, rows=tuple(rows), notes=notes)


def _silence_notes(card: Scorecard) -> Iterator[str]:
    silence = card.silence
    if refused := card.measures.get("refused"):
        yield f"As it is set, the bot refuses {refused.value:.1%} of the answerable questions."
    if silence.operating:
        yield _operating_note(silence, silence.operating)
    if silence.threshold is not None:
        yield f"Answering from a confidence of {silence.threshold:.3f} on refuses at most {REFUSED:.0%} of them."
    if silence.articles_answer and silence.quotes_answer:
        yield (
            f"The confidence is off by {silence.articles_answer.calibration_error:.3f} on average as the chance that "
            f"the articles answer, by {silence.quotes_answer.calibration_error:.3f} as that the quotes do."
        )


def _operating_note(silence: Silence, operating: RiskCoverage) -> str:
    return (
        f"Of all {sum(silence.asked.values())} askings it answers {operating.coverage:.0%}, and {operating.risk:.0%} "
        f"of those answers hold no labelled answer; mean risk over all coverages {silence.area:.3f}."
    )


def _kinds(card: Scorecard) -> Grid:
    rows = [
        (name, str(kind.questions), *(_cell(kind.measures.get(key)) for key in KIND_MEASURES))
        for name, kind in card.kinds.items()
    ]
    return Grid(
        title="By kind of question",
        header=("", "asked", *KIND_MEASURES.values()),
        rows=tuple(rows),
        notes=(HUNDREDTHS,),
    )


_LATER = "Left out are questions that tell by their words when they are asked (“now”, “this week”, “on Monday”)."
_PARTS = "Whatever answers one of the questions asked is in each part; smaller ones are asked fewer."


def _conditions(title: str, runs: Sequence[Conditioned], note: str) -> Grid:
    return Grid(
        title=title,
        header=("", "of", *FOUND_UNDER_CONDITIONS.values(), *ABSTAINED_UNDER_CONDITIONS.values(), "off"),
        rows=tuple(map(_condition, runs)),
        notes=(
            note,
            "Answers in the first three quotes, answerable questions refused, those whose articles are withdrawn "
            f"answered, and how far the confidence is off. {HUNDREDTHS}",
        ),
    )


def _condition(run: Conditioned) -> tuple[str, ...]:
    found = (run.measures.get(key) for key in FOUND_UNDER_CONDITIONS)
    return (
        run.condition.label,
        str(run.questions),
        *(_hundredths(each.value if each else None) for each in found),
        *(_cell(run.measures.get(key)) for key in ABSTAINED_UNDER_CONDITIONS),
        _hundredths(run.calibration_error),
    )


def _stories(found: StoryMeasures) -> Grid:
    ours, low, high = found.ours, *found.ahead
    rows = [
        (name, *(f"{value:.3f}" for value in (each.precision, each.recall, each.f1)), *_pairs(each))
        for name, each in (("stories", ours), ("joined by meaning", found.baseline))
    ]
    return Grid(
        title="Stories",
        header=("", "precision", "recall", "F1", "pairs right", "pairs found"),
        rows=tuple(rows),
        notes=(
            f"B-cubed over {ours.articles} articles of {ours.events} labelled events, {ours.several} of them with "
            "several. Pairs in one story that are of one event, and pairs of one event that are in one story; a pair "
            "of two events that share a name is not judged.",
            "The second row joins whatever first passages are near in meaning, at the threshold that agrees best with "
            f"these very events; the F1 of stories is {low:+.3f} to {high:+.3f} greater (95%, paired bootstrap).",
        ),
    )


def _pairs(found: Agreement) -> tuple[str, str]:
    return f"{found.pair_precision:.3f}", f"{found.pair_recall:.3f}"


def _summaries(found: SummaryMeasures) -> Grid:
    shares = {
        "stories with quotes": found.quoted,
        "pairs of quotes that say the same": found.repeated,
        "pairs that share half of their words": found.near,
        "quotes that begin with what they do not name": found.unresolved,
        "quotes of somebody they do not name": found.unnamed,
        "words of the headline that are in a quote": found.covered,
        "stories of several outlets quoted from several": found.outlets,
    }
    return Grid(
        title="Summaries of these stories",
        header=("", "%"),
        rows=tuple((name, f"{100 * share:.1f}") for name, share in shares.items()),
        notes=(f"{found.stories} stories; {found.quotes:.1f} quotes and {found.words:.0f} words each.",),
    )


def _broad(found: Sequence[BroadMeasures]) -> Grid:
    return Grid(
        title="Broad questions",
        header=("", "asked", "right story", "offered", "only quotes", "refused"),
        rows=tuple(
            (each.form, str(each.asked), *map(_hundredths, (each.right, each.offered, each.quoted, each.refused)))
            for each in found
        ),
        notes=("The topic is names and nouns of a headline of each event. In hundredths.",),
    )


def _comparison(comparison: Comparison) -> Grid:
    rows = [_change(difference) for difference in comparison.differences]
    title = f"Against the earlier run, on {comparison.questions} questions of both"
    notes = ("The interval is that of the change (95%, paired bootstrap); it is unclear where that holds 0.",)
    return Grid(title=title, header=("", "then", "now", "change", ""), rows=tuple(rows), notes=notes)


def _change(difference: Difference) -> tuple[str, ...]:
    form = difference.measure.form
    low, high = (_signed(form, end) for end in (difference.low, difference.high))
    then, now = (_figure(form, value) for value in (difference.then, difference.now))
    return difference.measure.label, then, now, f"{low} to {high}", difference.verdict


def _figure(form: str, value: float) -> str:
    return f"{value:.1f}" if form == "words" else f"{value:.3f}"


def _signed(form: str, value: float) -> str:
    return f"{value:+.1f}" if form == "words" else f"{value:+.3f}"


def _interval(key: str, found: Estimate) -> str:
    form = MEASURES[key].form
    return f"{_figure(form, found.low)} to {_figure(form, found.high)}"


def _cell(found: Estimate | None) -> str:
    """A share with its interval in little room, in hundredths: "82 (76-87)"."""
    return f"{100 * found.value:.0f} ({100 * found.low:.0f}-{100 * found.high:.0f})" if found else "-"


def _hundredths(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    # File names are the only foreign text here.
    return one_line(text).translate({ord(mark): f"\\{mark}" for mark in "|<>*_`[]"})
