"""The reranker: the model's order where there is one, the order without it in every other case."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from retrieval.answering import rerank
from retrieval.answering.rerank import BATCH, RERANKED, Reranker, reordered
from retrieval.answering.spans import Evidence, Span
from retrieval.article import Article
from retrieval.index.embed import embedded_text
from retrieval.index.reference import built_in_model, loading_options
from retrieval.index.search import FRESHNESS, Candidate
from retrieval.index.stored import StoredArticle
from retrieval.newsroom import Newsroom, NewsroomSettings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

QUESTION = "Who won the cup?"
WORDS = "the cup was won by rowers of a town in rain and who took it home".split()


def saved_model(folder: Path, labels: int = 1) -> str:
    """The folder of a tiny cross-encoder, whose weights are random and always the same."""
    import torch  # where it is needed: each process that collects tests would import it
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    draft = folder / "draft"
    draft.mkdir(parents=True)
    (draft / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, "?", "."]))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS) + 7,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,  # wide, so that no two passages get the same score
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(draft)
    BertTokenizer.from_pretrained(str(draft), model_max_length=64).save_pretrained(draft)
    model = folder / "model"
    CrossEncoder(str(draft), device="cpu", local_files_only=True).save(str(model))
    return str(model)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return saved_model(tmp_path_factory.mktemp("cross-encoder"))


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The reranker's warnings so far."""
    # (whatever level another test has left the logger at)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    return [record.getMessage() for record in warnings if record.name == "retrieval.answering.rerank"]


def passages(count: int, freshness: float = 0.0) -> list[Evidence]:
    found = []
    for key in range(count):
        body = " ".join(WORDS[(key * step) % len(WORDS)] for step in range(1, 9)) + "."
        stored = StoredArticle(key, Article(f"a{key}", "The cup", body), ((0, len(body)),))
        candidate = Candidate(key=key, score=1.4 - key / 100, relevance=1.0, cosine=0.5, bm25=3.0, freshness=freshness)
        found.append(Evidence(candidate, Span(stored, 0, len(body))))
    return found


def keys(evidence: Sequence[Evidence]) -> list[int]:
    return [item.candidate.key for item in evidence]


class Scripted:
    """In place of a loaded model: what `predict` does is the test's."""

    def __init__(self, *steps: Exception | float) -> None:
        self._steps = list(steps)
        self.pairs: list[tuple[str, str]] = []

    def predict(self, pairs: Sequence[tuple[str, str]], **_: object) -> np.ndarray:
        step = self._steps.pop(0) if self._steps else 0.0
        if isinstance(step, Exception):
            raise step
        self.pairs += pairs
        return np.full(len(pairs), step)


def scripted(monkeypatch: pytest.MonkeyPatch, *steps: Exception | float) -> tuple[Reranker, Scripted]:
    stand_in = Scripted(*steps)
    monkeypatch.setattr(rerank, "_load", lambda name: cast("CrossEncoder", stand_in))
    return Reranker("a/model"), stand_in


def test_the_order_is_the_models(model: str, caplog: pytest.LogCaptureFixture) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    evidence = passages(20)
    reranker = Reranker(model)
    assert not reranker.loaded
    ranked = reranker.rerank(QUESTION, evidence)
    assert reranker.loaded
    pairs = [(QUESTION, embedded_text("The cup", item.span.stored.article.body)) for item in evidence]
    same = CrossEncoder(model, **loading_options(model, "cross-encoder"))  # rounding, too, decides about the order
    parts = (pairs[:BATCH], pairs[BATCH:])
    scores = np.concatenate([same.predict(part, activation_fn=Identity()) for part in parts])
    assert np.ptp(scores) > 0.1
    assert keys(ranked) == np.argsort(-scores, kind="stable").tolist() != keys(evidence)
    assert [item.candidate.score for item in ranked] == sorted((each.candidate.score for each in ranked), reverse=True)
    assert ranked[0].candidate.score == 1.0
    assert told(caplog) == []


def test_what_the_model_does_not_read_follows_in_its_order(model: str) -> None:
    evidence = passages(RERANKED + 10)
    ranked = Reranker(model).rerank(QUESTION, evidence)
    assert set(keys(ranked[:RERANKED])) == set(range(RERANKED))
    assert keys(ranked[RERANKED:]) == list(range(RERANKED, RERANKED + 10))
    scores = [item.candidate.score for item in ranked]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, RERANKED])
def test_batches_cover_all(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    reranker, stand_in = scripted(monkeypatch)
    evidence = passages(count)
    assert keys(reranker.rerank(QUESTION, evidence)) == keys(evidence)  # all alike: the order stays
    assert stand_in.pairs == [(QUESTION, embedded_text("The cup", item.span.stored.article.body)) for item in evidence]


def test_freshness_is_the_same_bounded_prior() -> None:
    old, new = passages(1, 0.0)[0], passages(2, 1.0)[1]
    alike = reordered([old, new], np.array([3.0, 2.9]))
    assert keys(alike) == [1, 0]
    assert alike[0].candidate.score == pytest.approx(FRESHNESS + 0.995, abs=1e-3)
    assert keys(reordered([new, old], np.array([-2.0, 3.0]))) == [0, 1]
    assert keys(reordered(passages(2), np.array([800.0, 900.0]))) == [0, 1]  # both are certain
    assert keys(reordered(passages(2), np.array([-900.0, -800.0]))) == [1, 0]  # neither is, yet they differ


def test_when_time_is_up_the_order_stays(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    reranker, stand_in = scripted(monkeypatch)
    monkeypatch.setattr(rerank, "PATIENCE", 0.0)
    evidence = passages(RERANKED)
    assert reranker.rerank(QUESTION, evidence) == evidence
    assert reranker.rerank(QUESTION, evidence) == evidence
    assert stand_in.pairs == []
    (warning,) = told(caplog)
    assert "within 0 seconds" in warning
    assert reranker.obstacle == warning
    monkeypatch.setattr(rerank, "PATIENCE", 60.0)
    reranker.rerank(QUESTION, evidence)
    assert reranker.obstacle is None


def test_a_slow_model_is_left_between_two_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    reranker, stand_in = scripted(monkeypatch)
    now = iter([0.0, 0.0, 1.0, 100.0])  # asked, loaded, first batch, second batch
    monkeypatch.setattr(rerank.time, "monotonic", lambda: next(now))
    evidence = passages(RERANKED)
    assert reranker.rerank(QUESTION, evidence) == evidence
    assert len(stand_in.pairs) == BATCH


def test_a_question_does_not_wait_for_the_model_to_load(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loading, go_on = threading.Event(), threading.Event()

    def load(name: str) -> CrossEncoder:
        loading.set()
        assert go_on.wait(60)
        return cast("CrossEncoder", Scripted())

    monkeypatch.setattr(rerank, "_load", load)
    monkeypatch.setattr(rerank, "PATIENCE", 0.01)
    reranker = Reranker("a/model")
    warming = threading.Thread(target=reranker.warm_up)
    warming.start()
    assert loading.wait(60)
    evidence = passages(3)
    assert reranker.rerank(QUESTION, evidence) == evidence
    go_on.set()
    warming.join()
    assert "still being loaded" in "".join(told(caplog))
    assert reranker.loaded


def test_a_model_that_fails_leaves_the_order_and_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reranker, _ = scripted(monkeypatch, RuntimeError("out of\nmemory"), RuntimeError("out of\nmemory"), float("nan"))
    evidence = passages(3)
    for _ in range(2):
        assert reranker.rerank(QUESTION, evidence) == evidence
    (warning,) = told(caplog)
    assert "failed (out of)" in warning
    assert "RERANKER_MODEL" in warning
    assert reranker.rerank(QUESTION, evidence) == evidence
    assert "not numbers" in told(caplog)[-1]
    assert len(reranker.rerank(QUESTION, evidence)) == 3
    assert reranker.obstacle is None


@pytest.mark.parametrize("name", ["no-such/model-at-all", "foo bar"])
def test_a_model_that_cannot_be_had_is_told_once_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    reranker = Reranker(name)
    reranker.warm_up()
    evidence = passages(3)
    for _ in range(2):
        assert reranker.rerank(QUESTION, evidence) == evidence
    (warning,) = told(caplog)
    assert warning == reranker.obstacle
    for part in (name, "cannot be loaded", "check RERANKER_MODEL", "leave it empty"):
        assert part in warning


def test_what_is_no_reranker_is_not_used(tmp_path: Path) -> None:
    embeds = Reranker(str(built_in_model()))
    embeds.warm_up()
    assert "not a cross-encoder" in str(embeds.obstacle)
    classifies = Reranker(saved_model(tmp_path, labels=3))
    classifies.warm_up()
    assert "3 scores" in str(classifies.obstacle)


def test_the_model_is_loaded_once_by_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []
    monkeypatch.setattr(rerank, "_load", lambda name: loads.append(name) or cast("CrossEncoder", Scripted()))
    reranker = Reranker("a/model")
    threads = [threading.Thread(target=reranker.rerank, args=(QUESTION, passages(3))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == ["a/model"]


def articles(folder: Path) -> Path:
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(24):
            text = f"Rowers of town {number} took the cup home in the rain. {WORDS[number % 8]} won it."
            record = {"id": str(number), "title": f"The cup in town {number}", "text": text, "url": None}
            file.write(json.dumps(record) + "\n")
    return folder


def test_a_newsroom_asks_its_reranker(tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = NewsroomSettings(tmp_path / "data", articles(tmp_path))
    with Newsroom.open(settings) as room:
        room.reload()
        plain = room.search(QUESTION, limit=24)
        assert room.search(QUESTION, limit=5) == plain[:5]
    settings = NewsroomSettings(settings.data_dir, settings.seeds_dir, reranker_model=model)
    with Newsroom.open(settings) as room:
        ranked = room.search(QUESTION, limit=24)
        assert {hit.passage.article.id for hit in ranked} == {hit.passage.article.id for hit in plain}
        assert [hit.passage for hit in ranked] != [hit.passage for hit in plain]
        assert room.search(QUESTION, limit=5) == ranked[:5]  # out of all, not only of the best five
        for quote in room.quotes(QUESTION):
            assert quote.text == quote.article.body[quote.start : quote.end]
        assert room.status().notice is None
        monkeypatch.setattr(rerank, "RERANKED", 5)
        assert len(room.search(QUESTION, limit=24)) == 24


def test_a_newsroom_answers_without_a_reranker_that_it_cannot_have(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    settings = NewsroomSettings(tmp_path / "data", articles(tmp_path), reranker_model="no-such/reranker")
    with Newsroom.open(settings) as room:
        room.reload()
        assert room.status().notice is None  # it is loaded when it is needed
        room.warm_up()
        assert len(room.search(QUESTION, limit=3)) == 3
        assert room.ask(QUESTION).articles == 24
        assert room.ready()
        assert [room.status().notice] == told(caplog)


def test_without_the_setting_none_is_loaded(seed_room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerank, "_load", lambda name: pytest.fail("loaded"))
    seed_room.warm_up()
    assert seed_room.search("What did Rutte say about Russia?")
