"""An optional reranker: a cross-encoder that reads the question and a passage together.

The ranking before it compares texts that were read apart, which is quick and misses what only shows when both
are read at once. So the model judges the best passages only. It may fail, be too slow or be missing: a question
is then answered in the order without it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from retrieval.answering.ranking import scored
from retrieval.answering.spans import Evidence
from retrieval.errors import ModelUnavailable, first_line
from retrieval.index.reference import loading_options
from retrieval.index.search import FRESHNESS

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

RERANKED = 32  # passages that the model reads for a question
BATCH = 16  # passages a forward pass; the time is looked at between two, and smaller ones take longer in all
PATIENCE = 3.0  # seconds for a question; a model of six layers took 2 for 32 passages on two busy cores


class Reranker:
    """A sentence-transformers `CrossEncoder` by name or folder, loaded when first needed. Safe to use from many
    threads; one question at a time has the model, which uses all cores for it.
    """

    def __init__(self, model: str) -> None:
        self.name = model
        self.obstacle: str | None = None
        """Why the last question went on without the reranker, with the remedy; None when it did not."""
        self._turn = threading.Lock()
        self._loaded: CrossEncoder | None = None
        self._unavailable: str | None = None

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._loaded is not None

    def warm_up(self) -> None:
        """Load the model now; if it cannot be loaded, the log and `obstacle` say so."""
        try:
            with self._turn:
                self._model()
        except ModelUnavailable as error:
            self._go_on_without(str(error))

    def rerank(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The evidence (best first) with its best `RERANKED` in the model's order, as `reordered` has it.

        Raises nothing: if the model cannot be had, fails, or takes longer than `PATIENCE`, the evidence comes
        back as it was.
        """
        best = evidence[:RERANKED]
        if not best:
            return []
        try:
            logits = self._logits(question, [item.text_with_title for item in best])
        except (ModelUnavailable, TimeoutError) as error:
            self._go_on_without(str(error))
        except Exception as error:  # whatever a model does, the question can be answered without it
            logger.debug("reranking failed", exc_info=True)
            self._go_on_without(
                f"The reranker {self.name!r} failed ({first_line(error)}), so questions are answered without it: "
                "name another model in RERANKER_MODEL."
            )
        else:
            self.obstacle = None
            ranked = reordered(best, logits)
            return ranked + _below(ranked, evidence[RERANKED:])
        return list(evidence)

    def _go_on_without(self, obstacle: str) -> None:
        # Warn when it begins, not with every question that it lasts.
        begins, self.obstacle = obstacle != self.obstacle, obstacle
        if begins:
            logger.warning("%s", obstacle)

    def _logits(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """The model's scores, shape (len(texts),). Raises `TimeoutError`, `ModelUnavailable`, or as the model does."""
        ends = time.monotonic() + PATIENCE
        if not self._turn.acquire(timeout=PATIENCE):
            raise self._too_late()
        try:
            if not self.loaded:
                self._model()
                ends = time.monotonic() + PATIENCE  # loading happens once, and is not counted
            batches: list[np.ndarray] = []
            for start in range(0, len(texts), BATCH):
                if time.monotonic() >= ends:
                    raise self._too_late()
                batches.append(self._score([(question, text) for text in texts[start : start + BATCH]]))
        finally:
            self._turn.release()
        logits = np.concatenate(batches)
        if not np.isfinite(logits).all():
            raise ValueError("its scores are not numbers")
        return logits

    def _too_late(self) -> TimeoutError:
        if not self.loaded:
            return TimeoutError(f"The reranker {self.name!r} is still being loaded; questions are answered without it.")
        return TimeoutError(
            f"The reranker {self.name!r} has not done within {PATIENCE:g} seconds, so questions are answered without "
            "it: give it a faster machine, or name a smaller model in RERANKER_MODEL."
        )

    def _score(self, pairs: list[tuple[str, str]]) -> np.ndarray:
        from torch.nn import Identity

        # Some models bring an activation and some do not: without any, all give log-odds.
        scores = self._model().predict(pairs, batch_size=BATCH, show_progress_bar=False, activation_fn=Identity())
        return np.asarray(scores, np.float64)

    def _model(self) -> CrossEncoder:
        """The model, loaded once. The caller has the turn. Raises `ModelUnavailable` with the remedy."""
        if self._unavailable is not None:  # asking the network again would hold up every question
            raise ModelUnavailable(self._unavailable)
        if self._loaded is None:
            try:
                self._loaded = _load(self.name)
            except ModelUnavailable as error:
                self._unavailable = str(error)
                raise
            except Exception as error:  # the libraries below raise some twenty kinds
                logger.debug("loading %s failed", self.name, exc_info=True)
                self._unavailable = (
                    f"The reranker {self.name!r} cannot be loaded ({first_line(error)}), so questions are answered "
                    "without it: check RERANKER_MODEL (a sentence-transformers cross-encoder's name or folder) and "
                    "that it can be reached, and start again, or leave it empty for none."
                )
                raise ModelUnavailable(self._unavailable) from error
        return self._loaded


def _load(name: str) -> CrossEncoder:
    options = loading_options(name, "cross-encoder", "RERANKER_MODEL")
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(name, **options)
    if model.num_labels != 1:
        raise ValueError(f"it gives {model.num_labels} scores a passage where a reranker gives one")
    # An embedding model loads too, with a last layer of random numbers.
    trained = any(
        kind.endswith("ForSequenceClassification") for kind in getattr(model.config, "architectures", None) or ()
    )
    if len(model) == 1 and not trained:
        raise ValueError("it is not a cross-encoder")
    logger.info("loaded %s (%s)", name, str(options["model_kwargs"]["dtype"]).removeprefix("torch."))
    return model


def reordered(evidence: Sequence[Evidence], logits: np.ndarray) -> list[Evidence]:
    """The evidence, best first, by new scores on the scale of the old ones (see `search.fuse`).

    Relevance is the probability that the model gives to a passage, as a share of the best one; freshness, which
    the model knows nothing of, is the same bounded prior on top as before.
    """
    log_probabilities = -np.logaddexp(0.0, -logits)
    shares = np.exp(log_probabilities - log_probabilities.max(initial=-np.inf))
    anew = [
        scored(item, float(share) + FRESHNESS * item.candidate.freshness)
        for item, share in zip(evidence, shares, strict=True)
    ]
    return sorted(anew, key=lambda item: -item.candidate.score)


def _below(best: Sequence[Evidence], rest: Sequence[Evidence]) -> list[Evidence]:
    """What the model did not read, in the order it had, with no score above what it did."""
    lowest = best[-1].candidate.score
    return [scored(item, min(item.candidate.score, lowest)) for item in rest]
