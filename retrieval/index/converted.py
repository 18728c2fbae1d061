"""An embedding model as it was converted for OpenVINO, which computes it quicker, starts sooner and needs less memory.

What a conversion is, and how it comes about, is in `conversion`. Here it is only read and computed, with neither torch
nor transformers.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.index.families import Prompts
from retrieval.index.precision import Precision

if TYPE_CHECKING:
    from types import ModuleType

    from tokenizers import Encoding

GRAPH, WEIGHTS, TOKENIZER = "model.xml", "model.bin", "tokenizer.json"
HINTS: dict[Precision, str] = {"bfloat16": "bf16", "float32": "f32"}
TOKENS_A_PASS = 512
"""Tokens that a core computes in a pass, padding included. More is no quicker, and each node of the graph keeps memory
for the largest pass that came."""
MOST_CORES = 8
WIDTH = 8
"""Passes are padded to a multiple of this many tokens: the runtime prepares itself for each size that comes."""


def openvino() -> ModuleType:
    """The library. Raises `ImportError` where it is not installed.

    It reports to Google Analytics that it was imported, and what it converts, through a package of its own that it goes
    without where that is missing. So here it is missing, and nothing is reported.
    """
    sys.modules["openvino_telemetry"] = None  # pyright: ignore[reportArgumentType]
    import openvino

    return openvino


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a model's graph and tokenizer do not say: `longest` is the tokens it reads, `special` those of them that its
    tokenizer adds; and what it is padded with."""

    dimension: int
    longest: int
    special: int
    padding: int


class Converted:
    """The conversion in `folder`. Raises what the libraries raise where they cannot use it.

    Questions and passages have a compiled graph each, of the same weights: so a question does not wait for a pass of
    passages, and whoever only asks has one. Either uses all cores, for one caller at a time.
    """

    runtime = "OpenVINO"

    def __init__(self, folder: Path, sizes: Sizes, prompts: Prompts, computing: Precision) -> None:
        from tokenizers import Tokenizer

        self._sizes, self._prompts = sizes, prompts
        self.dimension = sizes.dimension
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.token_limit = sizes.longest - sizes.special - self.count_tokens([prompts.passage])[0]
        core = openvino().Core()
        graph = core.read_model(folder / GRAPH)
        self._questions = Graph(core, graph, computing)
        self._passages = Graph(core, graph, computing)
        self._questions.compile()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""
        return [len(each) for each in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """A row for each passage."""
        return self._computed(self._passages, [self._prompts.passage + text for text in texts])

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """A row for each question."""
        return self._computed(self._questions, [self._prompts.query + text for text in texts])

    def _computed(self, graph: Graph, texts: list[str]) -> np.ndarray:
        tokens = [self._whole(each) for each in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        graph.compile()
        rows = np.empty((len(tokens), self.dimension), np.float32)
        for places, width in passes([len(each) for each in tokens], graph.tokens_a_pass):
            rows[places] = graph.of(padded([tokens[place] for place in places], width, self._sizes.padding))
        return rows

    def _whole(self, text: Encoding) -> Encoding:
        """As much of a text as the model reads, with its special tokens."""
        text.truncate(self._sizes.longest - self._sizes.special)
        return self._tokenizer.post_process(text)


class Graph:
    """A graph that is compiled when it is first needed. Safe to use from many threads, one at a time."""

    def __init__(self, core: Any, graph: Any, computing: Precision) -> None:
        self._core, self._graph, self._hint = core, graph, HINTS[computing]
        self._turn = threading.Lock()
        self._request: Any = None
        self._inputs: list[str] = [each.get_any_name() for each in graph.inputs]
        self.tokens_a_pass = TOKENS_A_PASS

    def compile(self) -> None:
        """Make ready to compute."""
        with self._turn:
            self._ready()

    def _ready(self) -> None:
        if self._request is None:
            hints = {
                "PERFORMANCE_HINT": "LATENCY",  # all cores for one pass
                "INFERENCE_PRECISION_HINT": self._hint,
                "ENABLE_CPU_PINNING": False,  # a core that another process has is left to it
            }
            compiled = self._core.compile_model(self._graph, "CPU", hints)
            self.tokens_a_pass = TOKENS_A_PASS * min(MOST_CORES, compiled.get_property("INFERENCE_NUM_THREADS"))
            self._request = compiled.create_infer_request()

    def of(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """What the graph makes of one pass, shape (texts, dimension)."""
        with self._turn:
            self._ready()
            self._request.infer({name: inputs[name] for name in self._inputs})
            return self._request.get_output_tensor(0).data.copy()


def passes(lengths: Sequence[int], most: int) -> Iterator[tuple[list[int], int]]:
    """The texts of `lengths` tokens in passes of at most `most` tokens, or of one text, and how wide each pass is.

    The longest come first, and what is about as long goes together: little of a pass is padding.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    while order:
        width = max(1, -(-lengths[order[0]] // WIDTH)) * WIDTH
        count = max(1, most // width)
        yield order[:count], width
        del order[:count]


def padded(texts: Sequence[Encoding], width: int, padding: int) -> dict[str, np.ndarray]:
    """The inputs of one pass, of shape (texts, width), by the names that models give them."""
    ids = np.full((len(texts), width), padding, np.int64)
    types, mask = np.zeros_like(ids), np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)], types[row, : len(text)], mask[row, : len(text)] = text.ids, text.type_ids, 1
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}
