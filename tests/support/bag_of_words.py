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
    """A `Model` without a model."""

    runtime, dimension, token_limit = "a bag of words", DIMENSION, 254

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(words(text)) for text in texts]

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        time.sleep(float(os.environ.get(PACE, "0")) * len(texts))
        return self.questions(texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        # A model gives no text a vector of zeros, also none without words.
        return np.array(
            [np.bincount([word % DIMENSION for word in words(text) or (0,)], minlength=DIMENSION) for text in texts]
        )


def words(text: str) -> list[int]:
    return [crc32(word.encode()) for word in re.findall(r"\w+", text.lower())]


def load(_: Embedder) -> BagOfWords:
    while not Path(os.environ[BAG_OF_WORDS]).exists():
        time.sleep(0.02)
    return BagOfWords()


IN_PLACE: dict[str, Any] = {
    "_load": load,
    "identity": ModelIdentity("a bag of words", "1"),  # so that a real model's vectors are never mixed with these
}
"""What of `Embedder` it replaces."""
