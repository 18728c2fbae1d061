"""Turning text into vectors: which model, what of it is remembered, and that what it gives can be used.

What computes is a `Model`. It is loaded when it is first needed, so that a reload with nothing new and every command
that only reads stay quick.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from retrieval.errors import ModelUnavailable
from retrieval.index.conversion import Unconverted, converted
from retrieval.index.families import Family, Prompts, family_of
from retrieval.index.likeness import ANSWERS, ASKED_ABROAD, QUESTIONS, Scale, Scales, scale_of
from retrieval.index.reference import (
    BUILT_IN,
    BUILT_IN_SHA256,
    SETTING,
    Reference,
    built_in_model,
    cached_snapshot,
    load_model,
    model_folder,
)
from retrieval.index.together import Together
from retrieval.index.weights import check_weights, revision_of

logger = logging.getLogger(__name__)

QUESTION_CACHE = 1024  # questions repeat (a popular one, a "more quotes" button): 1,024 vectors are 1.5 MB
TOPIC_CACHE = 8192  # all topics of all servers come with every article; among the questions they would drive them out
SENTENCE_CACHE = 2048  # what is asked about in another language is asked about again: 3 MB

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float16]]
Vector = np.ndarray[tuple[int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What makes vectors comparable: two identities that differ never share an index."""

    name: str
    revision: str


class Model(Protocol):
    """What computes vectors. It may be used from many threads."""

    @property
    def runtime(self) -> str:
        """What it computes with."""
        ...

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        ...

    @property
    def token_limit(self) -> int:
        """Tokens of text that one passage may have: the model's limit less its special tokens and prompt."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""
        ...

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """A row of `dimension` components for each passage, of any length."""
        ...

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """A row of `dimension` components for each question, of any length."""
        ...


class Embedder:
    """An embedding model by name, by folder, or (None) the built-in one. Safe to use from many threads.

    It is converted for a quicker runtime where that can be, and the conversion kept in `data_folder`; without one,
    sentence-transformers computes it. `query_prompt` and `passage_prompt` go before texts; None is what the model
    wants there (see `families`).
    """

    def __init__(
        self,
        model: str | None = None,
        data_folder: Path | None = None,
        *,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
    ) -> None:
        self._setting = model
        self._data_folder = data_folder
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._family: Family | None = None
        self._sentences: dict[str, Vector] = {}
        self._lock = threading.Lock()
        self._loaded: Model | None = None
        self._together = Together(self._embed_questions)
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

    @property
    def runtime(self) -> str | None:
        """What computes the model; None while it is not in memory."""
        return self._loaded.runtime if self._loaded else None

    @property
    def family(self) -> Family:
        """What the model wants before texts, and which languages it knows. Cheap: reads two small files at most."""
        if self._family is not None:
            return self._family
        folder = model_folder(self._setting) if self._setting else None
        family = family_of(self.name, folder)
        if folder or not self._setting:  # what is yet to be downloaded may say more then
            self._family = family
        return family

    @property
    def prompts(self) -> Prompts:
        """What goes before a question, and before a passage."""
        wanted = self.family.prompts
        return Prompts(
            wanted.query if self._query_prompt is None else self._query_prompt,
            wanted.passage if self._passage_prompt is None else self._passage_prompt,
        )

    def knows(self, language: str | None) -> bool:
        """Whether the model can be expected to understand a language (ISO 639); one that nobody knows, it may."""
        return self.family.knows(language)

    @cached_property
    def scales(self) -> Scales:
        """By what the model's cosines are to be read. Loads it, unless it is the built-in one."""
        if self._setting is None:
            return Scales()
        model, many = self.load(), len(self.family.languages or "many") > 1
        answers = self._unit(model.passages(ANSWERS), len(ANSWERS))

        def scale(asked: Sequence[str]) -> Scale:
            return scale_of(self._unit(model.questions(asked), len(asked)), answers)

        return Scales(scale(QUESTIONS), scale(ASKED_ABROAD) if many else None)

    @cached_property
    def identity(self) -> ModelIdentity:
        """Name and revision, which tells the prompt of passages, too, where they have one: their vectors are of both.

        Cheap for a built-in, local or already downloaded model; else it loads it.
        """
        revision, prompt = self._revision, self.prompts.passage
        if prompt:
            revision += f"+{hashlib.sha256(prompt.encode()).hexdigest()[:8]}"
        return ModelIdentity(self.name, revision)

    @cached_property
    def _revision(self) -> str:
        if self._setting is None:
            return BUILT_IN_SHA256[:16]
        if Path(self._setting).is_dir():
            check_weights(Path(self._setting), SETTING)
            return revision_of(Path(self._setting))
        if cached_snapshot(self._setting) is None:
            self.load()
        snapshot = cached_snapshot(self._setting)
        return snapshot.name if snapshot else "unknown"

    def load(self) -> Model:
        """The model, loaded once. Raises `ModelUnavailable` with the remedy."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def close(self) -> None:
        """Let go of the model, which is hundreds of megabytes: what remembers vectors refers to who refers to it."""
        with self._lock:
            self._loaded = None
        self.embed_question.cache_clear()
        self.embed_topic.cache_clear()

    def _load(self) -> Model:
        where = built_in_model() if self._setting is None else model_folder(self._setting)
        if self._data_folder is not None and where is not None:
            check_weights(where, SETTING)
            try:
                return converted(where, self.name, self._revision, self._data_folder, self.prompts)
            except Unconverted as error:
                logger.info("%s is computed by sentence-transformers: %s", self.name, error)
        model = load_model(str(where or self._setting), self.name)
        return Reference(model, self.prompts)  # asked now: a model that was just downloaded may say its own

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        return self.load().dimension

    @property
    def token_limit(self) -> int:
        """Tokens of text that one passage may have: the model's limit less its special tokens and prompt."""
        return self.load().token_limit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""
        return self.load().count_tokens(texts)

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
        return self._unit(self.load().passages(texts), len(texts)).astype(np.float16)

    def embed_sentences(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors of sentences as of passages, remembered (see `SENTENCE_CACHE`). Raises `ModelUnavailable`."""
        with self._lock:
            known = {text: self._sentences[text] for text in texts if text in self._sentences}
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            known |= dict(zip(missing, self._unit(self.load().passages(missing), len(missing)), strict=True))
        with self._lock:
            for text in known:
                self._sentences.pop(text, None)  # the last that were asked for are the last to be forgotten
            self._sentences |= known
            while len(self._sentences) > SENTENCE_CACHE:
                self._sentences.pop(next(iter(self._sentences)))
        return [known[text] for text in texts]

    def _embed_question(self, question: str) -> Vector:
        """The unit vector of a question, or topic, shape (dimension,); remembered (see `QUESTION_CACHE`)."""
        self.load()  # by itself: where it fails, it fails once for each that asks
        return self._together(question)

    def _embed_questions(self, questions: Sequence[str]) -> Sequence[Vector]:
        vectors = [vector.copy() for vector in self._unit(self.load().questions(questions), len(questions))]
        for vector in vectors:
            vector.setflags(write=False)  # shared through the cache
        return vectors

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
