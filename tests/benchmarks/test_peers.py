"""What is compared, and what is told of it. The peers themselves are not needed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.peers import OURS, Given, Run, System
from retrieval.index.embed import Embedder

SENTENCE = "The ferry of Marlo was repaired after {} people had asked about the harbour and its bridge."


def lines(count: int) -> str:
    """An archive of `count` articles, of some passages each."""
    articles = (
        {
            "id": str(number),
            "title": f"Report {number}",
            "text": " ".join(SENTENCE.format(number * 100 + each) for each in range(40)),
            "source": "The Post",
            "published": "2026-01-01",
        }
        for number in range(count)
    )
    return "".join(json.dumps(article) + "\n" for article in articles)


def taking(*seconds: float, passages: int = 1000) -> list[Run]:
    return [Run(passages, each, each / 2, each / 1000, each / 4000, 500 + each) for each in seconds]


def beside(txtai: float, llama_index: float) -> dict[str, Sequence[Run]]:
    """Runs in which the peers took so many times as long as Quotewire."""
    return {OURS: taking(10), "txtai": taking(10 * txtai), "LlamaIndex": taking(10 * llama_index)}


@pytest.mark.parametrize(
    ("count", "chosen"), [(1, "0"), (3, "036"), (4, "0246"), (10, "0123456789"), (99, "0123456789")]
)
def test_articles_are_chosen_from_all_over_the_corpus(tmp_path: Path, count: int, chosen: str) -> None:
    (tmp_path / "corpus.jsonl").write_text("\n" + lines(10))
    articles = peers.choose(tmp_path / "corpus.jsonl", count, tmp_path / "articles.jsonl")
    assert [article.title for article in articles] == [f"Report {number}" for number in chosen]


def test_passages_for_the_peers_are_those_that_quotewire_makes(bag_of_words: None, tmp_path: Path) -> None:
    archive = tmp_path / "articles.jsonl"
    archive.write_text(lines(3))
    texts = peers.cut(peers.articles_in(archive), Embedder())
    assert len(texts) > 6
    assert {text.partition("\n")[0] for text in texts} == {"Report 0", "Report 1", "Report 2"}
    given = Given(archive, tmp_path / "passages.json", (), tmp_path / "home", tmp_path)
    with peers.quotewire(given) as system:
        run = peers.measured(system, ["Who asked about the bridge?"])
    assert run.passages == len(texts)


def test_every_question_is_asked_once_the_index_is_there_and_has_to_find_something() -> None:
    steps: list[str] = []

    def take_in() -> int:
        steps.append("take in")
        return 7

    def rank(question: str) -> int:
        steps.append(question)
        return question != "nothing"

    assert peers.measured(System(take_in, rank), ["one", "two"]).passages == 7
    assert steps == ["take in", peers.WARMING, "one", "two"]
    with pytest.raises(AssertionError, match="nothing"):
        peers.measured(System(take_in, rank), ["one", "nothing"])


def test_rounds_are_compared_one_by_one() -> None:
    runs = {OURS: taking(1, 4, 2), "txtai": taking(3, 4, 8)}
    assert peers.times_as_quick(runs, "txtai") == 3  # not 4 / 2, of rounds in which the machine did something else
    waited = {OURS: [replace(one, processor=0.5) for one in runs[OURS]], "txtai": runs["txtai"]}
    assert peers.times_as_quick(waited, "txtai", peers.by_processor) == 4


def test_the_table_tells_the_medians() -> None:
    computing = [replace(one, processor=one.seconds) for one in taking(30, 40, 24, passages=1001)]
    runs = {OURS: taking(10, 20, 12), "txtai": computing}
    assert peers.table(runs, 60_000).splitlines()[2:] == [
        "| Quotewire | 1,000 | 5,000 | 10,000 | 12.0 | 3.0 | 520 |  |",
        "| txtai | 1,001 | 2,000 | 2,000 | 30.0 | 7.5 | 540 | 2.00 times, 4.00 by processor |",
    ]
    assert {line.count("|") for line in peers.table(runs, 60_000).splitlines()} == {9}


def test_what_falls_short_is_told_by_what_is_computed_in() -> None:
    assert peers.fallen_short(beside(1.4, 1.6), "float32") == []
    assert peers.fallen_short(beside(1.39, 1.6), "float32") == [
        "txtai: 1.39 times as quick by processor, where at least 1.4 is wanted in float32"
    ]
    assert [line.partition(":")[0] for line in peers.fallen_short(beside(1.4, 1.6), "bfloat16")] == [
        "txtai",
        "LlamaIndex",
    ]
    assert peers.fallen_short(beside(2.4, 2.8), "bfloat16") == []
    busy = {name: [replace(one, seconds=10) for one in runs] for name, runs in beside(1.4, 1.6).items()}
    assert peers.fallen_short(busy, "float32") == []  # a busy machine judges nothing


def test_a_run_that_fails_ends_the_measurement(tmp_path: Path) -> None:
    given = Given(tmp_path / "none", tmp_path / "none", (), tmp_path / "home", tmp_path)
    with pytest.raises(SystemExit, match="no such system failed"):
        peers.run("no such system", given)


def test_who_has_not_installed_the_peers_is_told_how(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "PEERS", ("json", "no_such_library"))
    with pytest.raises(SystemExit):
        peers.arguments(["--corpus", "news.jsonl"])
    said = capsys.readouterr().err
    assert "not installed: no_such_library;" in said
    assert "'.[peers]'" in said


def test_arguments_are_checked_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "PEERS", ())
    given = peers.arguments(["--corpus", "news.jsonl"])
    assert (given.corpus, given.articles, given.cores, given.precision) == (Path("news.jsonl"), 100, 1, None)
    for option in ("--articles", "--cores", "--rounds"):
        with pytest.raises(SystemExit):
            peers.arguments(["--corpus", "news.jsonl", option, "0"])
