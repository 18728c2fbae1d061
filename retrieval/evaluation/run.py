"""A whole evaluation: a corpus indexed beside the bot's own articles, its questions asked, the report written."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from retrieval.article import Progress, Status, Tell
from retrieval.evaluation.asking import Outcome, evaluate, read_run, write_run
from retrieval.evaluation.conditions import Condition, asked_later, lines_of, part_of, part_settings
from retrieval.evaluation.labelled import EvaluationError, LabelledQuestion, read_questions
from retrieval.evaluation.measures import MEASURES, Estimate
from retrieval.evaluation.plots import draw_plots
from retrieval.evaluation.reliability import RiskCoverage
from retrieval.evaluation.scorecard import Comparison, Conditioned, Scorecard, Silence, conditioned, scorecard
from retrieval.evaluation.story_measures import measure_stories
from retrieval.evaluation.tables import markdown
from retrieval.newsroom import Newsroom, NewsroomSettings

RUN = "run.jsonl"
CURVE_POINTS = 100  # of the risk-coverage curve in the JSON document; the picture has all

Document = dict[str, Any]
"""What becomes an object of JSON."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked of `corpus`: `questions` on their day, as many days later as `delays` say, and of parts of
    `sizes` articles. The run `against` is compared with, and `report` is the folder that is written.
    """

    corpus: Path
    questions: Path
    report: Path | None = None
    against: Path | None = None
    delays: tuple[int, ...] = ()
    sizes: tuple[int | None, ...] = ()
    """None is all articles."""


Runs = dict[Condition, list[Outcome]]


def run_evaluation(settings: NewsroomSettings, plan: Plan, tell: Tell) -> Scorecard:
    """Index a corpus, ask questions of it as planned, and write the report.

    Of `settings` count the models and how sure an answer must be; the index is kept within their `data_dir`.
    Raises `QuotewireError`; whatever can be wrong with the plan is found before the long work begins.
    """
    _require_libraries(plan.report)
    labelled = read_questions(plan.questions)
    earlier = read_run(plan.against) if plan.against else None
    if plan.report:
        _make_folder(plan.report)
    if plan.sizes and plan.corpus.is_dir():
        raise EvaluationError(f"{plan.corpus} is a folder; parts can be taken of a .jsonl or .jsonl.gz file only.")
    whole = corpus_settings(settings, plan.corpus)
    with Newsroom.open(whole) as room:
        room.reload(tell, at_once=True)
        status = room.status()
        if not status.articles:
            reason = f" ({status.failed[0].where}: {status.failed[0].reason})" if status.failed else ""
            raise EvaluationError(f"{plan.corpus} holds no article that can be read{reason}; give one a line in JSON.")
        outcomes = list(evaluate(room, labelled, tell))
        later = _later(room, labelled, outcomes, plan.delays, tell)
        stories = measure_stories(room, labelled, tell)
    parts = _parts(whole, plan, labelled, outcomes, status.articles, tell)
    tell(Progress("estimating", 0, None))
    card = scorecard(outcomes, _about(plan, status), earlier)
    card = replace(card, delays=_conditioned(later), sizes=_conditioned(parts), stories=stories)
    if plan.report:
        on_their_day = (Condition(), Condition(articles=status.articles))
        again = {condition: found for condition, found in (later | parts).items() if condition not in on_their_day}
        write_report(card, outcomes, again, plan.report)
    return card


def _conditioned(runs: Runs) -> tuple[Conditioned, ...]:
    return tuple(conditioned(condition, found) for condition, found in runs.items())


def _later(
    room: Newsroom,
    labelled: Sequence[LabelledQuestion],
    on_their_day: Sequence[Outcome],
    delays: Sequence[int],
    tell: Tell,
) -> Runs:
    """The questions that mean the same later, on their day and so many days later."""
    runs: Runs = {}
    for delay in delays:
        asked = asked_later(labelled, delay)
        names = {each.id for each in asked}
        known = [each for each in on_their_day if each.id in names]
        runs[Condition(delay=delay)] = list(evaluate(room, asked, tell, before=False)) if delay else known
    return {condition: found for condition, found in runs.items() if found}


def _parts(
    whole: NewsroomSettings,
    plan: Plan,
    labelled: Sequence[LabelledQuestion],
    of_all: Sequence[Outcome],
    articles: int,
    tell: Tell,
) -> Runs:
    """What is asked of parts of the articles; of all of them it has been asked already."""
    runs: Runs = {}
    ids = [id_ for id_, _ in lines_of(plan.corpus)] if plan.sizes else []
    for size in plan.sizes:
        if size is None or size >= len(ids):
            runs[Condition(articles=articles)] = list(of_all)
            continue
        kept, asked = part_of(ids, labelled, size)
        if asked:
            with Newsroom.open(part_settings(whole, plan.corpus, size, kept)) as room:
                room.reload(tell, at_once=True)
                runs[Condition(articles=size)] = list(evaluate(room, asked, tell, before=False))
    return runs


def corpus_settings(settings: NewsroomSettings, corpus: Path) -> NewsroomSettings:
    """`settings` for `corpus` (a folder, or a file in the standard format) and an index of its own, so that it is
    embedded only once.
    """
    try:
        path = corpus.expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        raise EvaluationError(f"There is no {corpus}; name a .jsonl or .jsonl.gz file, or a folder.") from None
    name = re.sub(r"[^\w.-]", "_", path.name.removesuffix(".gz").removesuffix(".jsonl"))[:60]
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    folder = settings.data_dir / "evaluation" / f"{name}-{digest}"
    if path.is_dir():
        return replace(settings, data_dir=folder, seeds_dir=path)
    if not path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        raise EvaluationError(f"{corpus} is neither a folder nor a .jsonl or .jsonl.gz file; name one of these.")
    seeds = folder / "articles"
    _make_folder(seeds)
    _mirror(path, seeds / path.name)
    return replace(settings, data_dir=folder, seeds_dir=seeds)


def _mirror(path: Path, mirror: Path) -> None:
    """Make `mirror` the same file as `path`, or a copy where that cannot be; one that is up to date is left."""
    try:
        if mirror.exists():
            held, wanted = mirror.stat(), path.stat()
            # A copy keeps the time of the original, so that an unchanged one is not read again.
            if mirror.samefile(path) or (held.st_size, held.st_mtime_ns) == (wanted.st_size, wanted.st_mtime_ns):
                return
            mirror.unlink()
        try:
            mirror.hardlink_to(path)
        except OSError:  # another file system, or a file of another user
            shutil.copy2(path, mirror)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror}); let this user read it.") from None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvaluationError(f"The folder {folder} cannot be made ({error.strerror}); name another one.") from None


def _require_libraries(report: Path | None) -> None:
    wanted = {"bcubed": "bcubed", "ir_measures": "ir-measures", **({"matplotlib": "matplotlib"} if report else {})}
    missing = [name for module, name in wanted.items() if find_spec(module) is None]
    if missing:
        raise EvaluationError(
            f"Evaluation needs {' and '.join(missing)}; install the extra: pip install --editable '.[evaluate]'."
        )


def _about(plan: Plan, status: Status) -> dict[str, str | int]:
    return {
        "Corpus": str(plan.corpus),
        "Questions": str(plan.questions),
        **({"Against": str(plan.against)} if plan.against else {}),
        "Articles": status.articles,
        "Skipped": len(status.failed),
        "Passages": status.passages,
        "Model": status.model,
    }


def write_report(card: Scorecard, outcomes: Sequence[Outcome], again: Runs, folder: Path) -> None:
    """Write the runs (a line a question), the summary, the pictures and a page that shows them."""
    try:
        write_run(outcomes, folder / RUN)
        for condition, found in again.items():
            write_run(found, folder / condition.file)
        (folder / "summary.json").write_text(json.dumps(scorecard_document(card), indent=2) + "\n", encoding="utf-8")
        pictures = draw_plots(card, folder)
        (folder / "report.md").write_text(markdown(card, pictures), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"The report {folder} cannot be written ({error.strerror}); name another one.") from None


def scorecard_document(card: Scorecard) -> Document:
    """The scorecard as JSON: every measure with its interval, over all questions and by kind."""
    return {
        "about": {name.lower(): fact for name, fact in card.about.items()},
        "questions": card.questions,
        "measures": _estimates(card.measures),
        "kinds": {
            name: {"questions": kind.questions, "measures": _estimates(kind.measures)}
            for name, kind in card.kinds.items()
        },
        "abstention": _silence(card.silence),
        "against": _comparison(card.comparison) if card.comparison else None,
        **({"delays": _conditions(card.delays)} if card.delays else {}),
        **({"sizes": _conditions(card.sizes)} if card.sizes else {}),
        **({"stories": asdict(card.stories)} if card.stories else {}),
    }


def _conditions(found: Sequence[Conditioned]) -> list[Document]:
    return [
        {
            **asdict(each.condition),
            "questions": each.questions,
            "measures": _estimates(each.measures),
            "calibration_error": each.calibration_error,
        }
        for each in found
    ]


def _estimates(measures: Mapping[str, Estimate]) -> Document:
    return {key: {"label": MEASURES[key].label, **asdict(found)} for key, found in measures.items()}


def _silence(silence: Silence) -> Document:
    return {**asdict(silence), "curve": [asdict(point) for point in _thinned(silence.curve)]}


def _thinned(curve: Sequence[RiskCoverage]) -> list[RiskCoverage]:
    step = max(1, -(-len(curve) // CURVE_POINTS))
    return [*curve[step - 1 :: step], *(curve[-1:] if len(curve) % step else ())]


def _comparison(comparison: Comparison) -> Document:
    changes = {
        each.measure.key: {
            "label": each.measure.label,
            "then": each.then,
            "now": each.now,
            "low": each.low,
            "high": each.high,
            "verdict": each.verdict,
        }
        for each in comparison.differences
    }
    return {"questions": comparison.questions, "changes": changes}
