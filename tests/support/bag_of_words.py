"""In the place of the embedding model, for tests that need some vectors and judge no answer: a hashed bag of words.

It is ready at once, where torch and sentence-transformers take seconds to import.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from retrieval.index.embed import Embedder, ModelIdentity

DIMENSION = 384
BAG_OF_WORDS = "BAG_OF_WORDS"
"""The environment variable that has a process start with it (see `hook/sitecustomize.py`) and names a file: until that
exists, loading goes on.
"""
PACE = "BAG_OF_WORDS_PACE"
"""The environment variable that says how many seconds a passage takes; without it, none."""


class BagOfWords:
    """As much of a `SentenceTransformer` as `Embedder` asks for; it is its own tokenizer."""

    max_seq_length, prompts = 256, None

    @property
    def tokenizer(self) -> BagOfWords:
        return self

    def num_special_tokens_to_add(self) -> int:
        return 2

    def __call__(self, texts: Sequence[str], **_: Any) -> dict[str, list[list[int]]]:
        return {"input_ids": [[crc32(word.encode()) for word in re.findall(r"\w+", text.lower())] for text in texts]}

    def get_embedding_dimension(self) -> int:
        return DIMENSION

    def encode_document(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        time.sleep(float(os.environ.get(PACE, "0")) * len(texts))
        return self.encode_query(texts)

    def encode_query(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        words = self(texts)["input_ids"]
        # A model gives no text a vector of zeros, also none without words.
        return np.array(
            [np.bincount([word % DIMENSION for word in each or (0,)], minlength=DIMENSION) for each in words]
        )


def load(_: Embedder) -> BagOfWords:
    while not Path(os.environ[BAG_OF_WORDS]).exists():
        time.sleep(0.02)
    return BagOfWords()


IN_PLACE: dict[str, Any] = {
    "_load": load,
    "identity": ModelIdentity("a bag of words", "1"),  # so that a real model's vectors are never mixed with these
}
"""What of `Embedder` it replaces."""
