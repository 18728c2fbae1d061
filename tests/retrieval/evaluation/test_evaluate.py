"""`quotewire evaluate` from end to end, over ten invented articles and the real model."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import Result

from retrieval.evaluation import measures
from retrieval.evaluation import run as evaluation
from retrieval.evaluation.asking import read_run
from retrieval.evaluation.conditions import Condition
from retrieval.evaluation.labelled import EvaluationError
from retrieval.evaluation.run import Plan, corpus_settings, run_evaluation
from retrieval.evaluation.tables import scorecard_page
from retrieval.newsroom import NewsroomSettings
from tests.support.command_line import document, only_these_settings, quotewire

ARTICLES = [
    ("harbour", "2025-03-10", "Harbour bridge opens", "The harbour bridge of Lund opened on Monday after four years of "
     "work. It cost 40 million crowns, the mayor Ada Holm said. Cyclists may use both sides of it."),
    ("harbour-again", "2025-03-12", "A bridge and its price", "Opinions differ on the harbour bridge of Lund. Building "
     "it took 40 million crowns, more than was planned. Few doubt that it is beautiful."),
    ("mayor", "2025-02-01", "Mayor sworn in", "Ada Holm was sworn in as mayor of Lund on Saturday. She promised to "
     "finish the bridge by spring. Her predecessor wished her well."),
    ("storm", "2025-03-20", "Storm Gerda passes", "Storm Gerda tore roofs off eleven houses in Visby during the night. "
     "Nobody was hurt. The ferry to the mainland stayed in port until noon."),
    ("bakery", "2025-01-15", "Bakery wins prize", "The bakery Sol in Malmö won the national prize for rye bread. Its "
     "owner, Karin Lind, bakes with grain from her own field. The jury praised the crust."),
    ("wolves", "2025-02-20", "Wolves counted", "Rangers counted 37 wolves in the northern forests this winter. That is "
     "five fewer than last year. Poaching is the likely reason, they said."),
    ("museum", "2025-03-01", "Museum buys painting", "The city museum bought a painting by Hilma Berg at an auction in "
     "Paris. It shows a lighthouse in fog. It will hang in the great hall."),
    ("school", "2025-03-05", "School gets a garden", "Pupils of the Linden school planted apple trees behind the gym. "
     "Neighbours gave the tools. The first apples are expected in three years."),
    ("train", "2025-03-15", "Night train returns", "A night train will run from Malmö to Vienna again from June. The "
     "journey takes nineteen hours. Tickets go on sale in April."),
    ("chess", "2025-03-18", "Chess title decided", "Nils Ek won the national chess title in Uppsala. He beat Olga Rask "
     "in the last game with a sacrifice of his queen."),
]  # fmt: skip
QUESTIONS = [
    ("q1", "How much did the harbour bridge of Lund cost?", ["40 million crowns"], ["harbour"]),
    ("q2", "Who was sworn in as mayor of Lund?", ["Ada Holm"], ["mayor"]),
    ("q3", "How many wolves did rangers count in the northern forests?", ["37"], ["wolves"]),
    ("q4", "Which storm tore roofs off houses in Visby?", ["Gerda"], ["storm"]),
    ("q5", "Where does the night train from Malmö go?", ["Vienna"], ["train"]),
]
UNANSWERABLE = {
    "id": "q6",
    "question": "Who won the football cup in Brazil?",
    "as_of": "2025-03-21",
    "answerable": False,
}


def article(name: str, published: str, title: str, text: str) -> dict[str, str]:
    url = f"https://news.example/{name}"
    return {"id": url, "url": url, "title": title, "text": text, "source": "News", "published": published}


@dataclass(frozen=True)
class Trial:
    """The folder of a first evaluation and what the command printed."""

    folder: Path
    printed: dict[str, Any]

    @property
    def report(self) -> Path:
        return self.folder / "report"

    @property
    def arguments(self) -> tuple[str, str]:
        return str(self.folder / "corpus.jsonl.gz"), str(self.folder / "questions.jsonl")


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("trial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measures, "RESAMPLES", 50)  # what they are is tested elsewhere
        set_up(folder, patch)
        lines = [json.dumps(article(*fields)) for fields in ARTICLES] + ['{"id": "x", "title": "No text"}']
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
        questions = [
            {"id": id_, "question": asks, "answers": answers, "gold": [f"https://news.example/{name}" for name in gold],
             "as_of": "2025-03-21"}
            for id_, asks, answers, gold in QUESTIONS
        ]  # fmt: skip
        (folder / "questions.jsonl").write_text("\n".join(json.dumps(each) for each in [*questions, UNANSWERABLE]))
        before = Trial(folder, {})
        result = evaluate(*before.arguments, "--report", str(before.report), "--json")
        yield Trial(folder, document(result))


@pytest.fixture(autouse=True)
def settings(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(trial.folder, monkeypatch)


def set_up(folder: Path, patch: pytest.MonkeyPatch) -> None:
    # The folder of articles is not read.
    only_these_settings(patch, folder, DATA_DIR=folder / "data", SEEDS_DIR=folder / "nowhere")


def evaluate(*arguments: str) -> Result:
    return quotewire("evaluate", *arguments)


def test_the_summary_counts_what_was_asked(trial: Trial) -> None:
    assert trial.printed["about"] | {"model": None} == {
        "corpus": str(trial.folder / "corpus.jsonl.gz"),
        "questions": str(trial.folder / "questions.jsonl"),
        "articles": 10,
        "skipped": 1,
        "passages": 10,
        "model": None,
    }
    assert trial.printed["questions"] == 6
    assert trial.printed["abstention"]["asked"] == {"answerable": 5, "withdrawn": 5, "before": 5, "marked": 1}
    assert {name: kind["questions"] for name, kind in trial.printed["kinds"].items()} == {
        "how many": 2, "who": 2, "where": 1, "which": 1,
    }  # fmt: skip


def test_plain_questions_are_answered_and_others_are_not_trusted_as_much(trial: Trial) -> None:
    values = {key: found["value"] for key, found in trial.printed["measures"].items()}
    assert values["hit@5"] == 1
    assert values["verbatim"] == 1
    assert values["quote@3"] >= 0.8
    assert values["auroc_all"] >= 0.8
    assert values["seconds_median"] > 0
    for found in trial.printed["measures"].values():
        assert found["low"] <= found["value"] <= found["high"]
        assert 1 <= found["questions"] <= 6


def test_the_report_holds_a_line_a_question_the_summary_and_pictures(trial: Trial) -> None:
    outcomes = read_run(trial.report / "run.jsonl")
    assert [outcome.id for outcome in outcomes] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert json.loads((trial.report / "summary.json").read_text()) == trial.printed
    page = (trial.report / "report.md").read_text()
    pictures = sorted(path.name for path in trial.report.glob("*.png"))
    assert pictures == ["abstention.png", "kinds.png", "reliability.png", "risk-coverage.png"]
    assert all(f"({name})" in page for name in pictures)
    assert all((trial.report / name).read_bytes().startswith(b"\x89PNG") for name in pictures)


def test_other_articles_that_hold_the_answer_are_withdrawn_too(trial: Trial) -> None:
    hidden = {
        outcome.id: outcome.withdrawn.hidden for outcome in read_run(trial.report / "run.jsonl") if outcome.withdrawn
    }
    # The bridge's price stands in two articles, of which one is labelled; the mayor is named in another one.
    assert hidden == {"q1": 2, "q2": 2, "q3": 1, "q4": 1, "q5": 1}


def test_an_unanswerable_question_is_asked_once(trial: Trial) -> None:
    last = read_run(trial.report / "run.jsonl")[-1]
    assert not last.answerable
    assert last.withdrawn is last.before is None


def test_a_second_run_embeds_nothing_and_is_the_same(trial: Trial) -> None:
    stages: list[str] = []
    corpus, questions = map(Path, trial.arguments)
    against = trial.report / "run.jsonl"
    settings = NewsroomSettings(data_dir=trial.folder / "data", seeds_dir=trial.folder)
    plan = Plan(corpus, questions, against=against)
    card = run_evaluation(settings, plan, lambda step: stages.append(step.stage))
    assert "asking" in stages
    assert "embedding" not in stages
    assert card.comparison
    assert card.comparison.questions == 6
    changes = [each for each in card.comparison.differences if each.measure.form != "seconds"]
    assert {each.verdict for each in changes} == {"the same"}


def test_questions_are_asked_later_and_of_parts_of_the_articles(trial: Trial) -> None:
    corpus, questions = map(Path, trial.arguments)
    settings = NewsroomSettings(data_dir=trial.folder / "data", seeds_dir=trial.folder)
    report, stages = trial.folder / "conditions", list[str]()
    plan = Plan(corpus, questions, report, delays=(0, 400), sizes=(4, None))
    card = run_evaluation(settings, plan, lambda step: stages.append(step.stage))
    assert "embedding" not in stages, "a part has the vectors of the whole"
    assert [each.condition for each in card.delays] == [Condition(0), Condition(400)]
    assert [each.condition for each in card.sizes] == [Condition(articles=4), Condition(articles=10)]
    assert [each.questions for each in card.delays] == [6, 6]
    part = read_run(report / "run-4-articles.jsonl")
    assert 0 < len(part) < 6
    assert all(set(outcome.gold) <= set(outcome.ranked) and len(outcome.ranked) <= 4 for outcome in part)
    assert {outcome.as_of for outcome in read_run(report / "run-400-days.jsonl")} == {"2026-04-25"}
    assert {"delays.png", "sizes.png"} <= {path.name for path in report.iterdir()}
    assert sorted(path.name for path in report.glob("run*")) == [
        "run-4-articles.jsonl",
        "run-400-days.jsonl",
        "run.jsonl",
    ]
    assert [outcome.as_of for outcome in read_run(report / "run.jsonl")][:2] == ["2025-03-21"] * 2
    printed = io.StringIO()
    Console(file=printed, width=80).print(scorecard_page(card))
    assert "…" not in printed.getvalue(), "a table has more columns than fit"
    page = (report / "report.md").read_text()
    assert "| 400 days later | 6 |" in page
    assert "| 4 articles |" in page
    summary = json.loads((report / "summary.json").read_text())
    assert [each["delay"] for each in summary["delays"]] == [0, 400]
    assert summary["sizes"][0]["measures"]["hit@1"]["value"] == 1


def test_a_person_gets_tables(trial: Trial) -> None:
    result = evaluate(*trial.arguments, "--against", str(trial.report / "run.jsonl"))
    assert result.exit_code == 0, result.output
    for title in ("Against the earlier run", "What is found and quoted", "Questions left without", "By kind"):
        assert title in result.stdout
    assert "…" not in result.stdout, "a table has more columns than fit"
    assert max(map(len, result.stdout.splitlines())) <= 150


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"corpus": "absent.jsonl"}, "There is no absent.jsonl; name a .jsonl"),
        ({"corpus": "questions.jsonl.txt"}, "is neither a folder nor"),
        ({"questions": "absent.jsonl"}, "The questions absent.jsonl cannot be read (No such file"),
        ({"against": "questions.jsonl"}, "give the run.jsonl of an earlier report"),
        ({"report": "questions.jsonl"}, "cannot be made (File exists); name another one"),
        ({"corpus": "empty.jsonl"}, "holds no article that can be read"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(changed: dict[str, str], said: str, trial: Trial) -> None:
    (trial.folder / "questions.jsonl.txt").touch()
    (trial.folder / "empty.jsonl").touch()
    given = {"corpus": trial.arguments[0], "questions": trial.arguments[1]} | changed
    options = [part for name in ("report", "against") if name in given for part in (f"--{name}", given[name])]
    result = evaluate(given["corpus"], given["questions"], *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert said in result.stderr


def test_a_question_that_cannot_be_asked_is_named(trial: Trial) -> None:
    path = trial.folder / "long.jsonl"
    path.write_text(json.dumps({"id": "q9", "question": "Why? " * 500}))
    result = evaluate(trial.arguments[0], str(path))
    assert result.exit_code == 1
    assert "Question q9 cannot be asked. The question has" in result.stderr


def test_a_missing_library_is_named_with_its_remedy(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "find_spec", lambda name: None)
    result = evaluate(*trial.arguments, "--report", str(trial.report))
    assert result.exit_code == 1
    assert (
        "needs bcubed and ir-measures and matplotlib; install the extra: pip install --editable '.[evaluate]'"
        in result.stderr
    )
    assert "bcubed and ir-measures; install" in evaluate(*trial.arguments).stderr


def test_a_corpus_file_is_mirrored_and_followed(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("{}")
    settings = NewsroomSettings(data_dir=tmp_path / "data", seeds_dir=tmp_path)
    first = corpus_settings(settings, corpus)
    assert first == corpus_settings(settings, corpus)
    assert [path.name for path in first.seeds_dir.iterdir()] == ["corpus.jsonl"]
    rewritten = tmp_path / "new.jsonl"
    rewritten.write_text('{"a": 1}')
    rewritten.replace(corpus)
    assert corpus_settings(settings, corpus) == first
    assert (first.seeds_dir / "corpus.jsonl").read_text() == '{"a": 1}'


def test_a_corpus_file_that_cannot_be_linked_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("{}")
    settings = NewsroomSettings(data_dir=tmp_path / "data", seeds_dir=tmp_path)
    copy = corpus_settings(settings, corpus).seeds_dir / corpus.name
    number = copy.stat().st_ino
    corpus_settings(settings, corpus)
    assert copy.stat().st_ino == number, "an unchanged corpus is not copied again"
    corpus.write_text('{"a": 1}')
    corpus_settings(settings, corpus)
    assert copy.read_text() == '{"a": 1}'


def test_a_folder_is_a_corpus_too(tmp_path: Path) -> None:
    settings = NewsroomSettings(data_dir=tmp_path / "data", seeds_dir=tmp_path)
    (tmp_path / "news").mkdir()
    given = corpus_settings(settings, tmp_path / "news")
    assert given.seeds_dir == tmp_path / "news"
    assert given.data_dir.parent == tmp_path / "data" / "evaluation"
    (tmp_path / "other").mkdir()
    assert corpus_settings(settings, tmp_path / "other").data_dir != given.data_dir


@pytest.mark.skipif(os.geteuid() == 0 or sys.platform == "win32", reason="root may read everything")
def test_a_corpus_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("{}")
    corpus.chmod(0)
    monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no")))
    with pytest.raises(EvaluationError, match="let this user read it"):
        corpus_settings(NewsroomSettings(data_dir=tmp_path / "data", seeds_dir=tmp_path), corpus)
