"""Converting an embedding model: a program of its own, which `conversion` starts where there is no conversion yet.

sentence-transformers loads the model and is what the conversion is measured by: it is kept if it gives the same vectors
for the same texts. Why it is not is printed in a line, and written down if trying again would not change it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import first_line
from retrieval.index.conversion import ABOUT, REFUSED, Origin, Unconverted, seal
from retrieval.index.converted import GRAPH, TOKENIZER, WEIGHTS, Converted, Sizes, openvino
from retrieval.index.families import Prompts
from retrieval.index.precision import Precision
from retrieval.index.reference import Reference, load_model
from retrieval.index.weights import sha256

logger = logging.getLogger(__name__)

MAKING = "making-"
LIKENESS: dict[Precision, float] = {"float32": 0.9999, "bfloat16": 0.995}
"""Cosine with the reference, in float32, from which a conversion's vectors are the same for every text. The built-in
model's were at least 0.9999997 and 0.99997 like it; sentence-transformers' own bfloat16 gave 0.996."""
SPARE = 200_000_000
"""Bytes that are left free on the disk: others write to it, too."""
MODULES = {"Transformer", "Pooling", "Normalize", "Dense", "LayerNorm", "Dropout"}
"""Modules of sentence-transformers that do with every text the same, whatever it is."""
INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class Refused(Unconverted):
    """A model that cannot be converted, which trying again would not change."""


def make(model: Path, origin: Origin, place: Path) -> None:
    """Convert a model, compare what that gives with the reference, and keep it at `place`. The caller has the lock.

    Raises `Refused`, `Unconverted`, `ModelUnavailable`, or what the libraries raise.
    """
    _sweep(place.parent)
    reference = Reference(load_model(str(model), origin.name, "float32"), Prompts())  # they are text as any other
    check_convertible(reference, shutil.disk_usage(place.parent).free)
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent))  # nobody else may read it
    try:
        about = _write(reference, origin, making)
        converted = Converted(making, Sizes(**about["sizes"]), reference.prompts, origin.precision)
        check_alike(converted, reference, origin.precision)
        if place.exists():
            place.rename(Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent)) / "damaged")
        making.rename(place)
    finally:
        _sweep(place.parent)
    _forget_others(place, origin)


def _sweep(folder: Path) -> None:
    """Delete what was being made when a process died."""
    for left in folder.glob(f"{MAKING}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _forget_others(place: Path, origin: Origin) -> None:
    """Delete the conversions of the same model that were made of other files, or for another version of OpenVINO."""
    for other in place.parent.glob(f"*/{ABOUT}"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            made_of = json.loads(other.read_bytes())["about"]["origin"]
            same = (made_of["name"], made_of["precision"]) == (origin.name, origin.precision)
            if same and other.parent != place:
                shutil.rmtree(other.parent, ignore_errors=True)


def check_convertible(reference: Reference, free: int) -> None:
    """Raise `Refused` for a model that is known not to be the same when it is converted, and `Unconverted` for one that
    does not fit into `free` bytes of a disk."""
    model = reference.model
    if not getattr(model.tokenizer, "is_fast", False):
        raise Refused("its tokenizer is not one of the library tokenizers")
    if model.tokenizer.padding_side != "right" or model.tokenizer.truncation_side != "right":
        raise Refused("its tokenizer pads or shortens texts at their beginning")
    if model.max_seq_length is None:
        raise Refused("it does not say how much it reads")
    if odd := [type(module).__name__ for module in model if type(module).__name__ not in MODULES]:
        raise Refused(f"it has a module {odd[0]}")
    if not all(getattr(module, "include_prompt", True) for module in model):
        raise Refused("it leaves its prompt out when it pools")
    needed = sum(each.numel() for each in model.parameters()) * 4 + SPARE
    if needed > free:
        raise Unconverted(f"it takes {needed // 10**6} MB, and {free // 10**6} MB are free on the disk")


def _write(reference: Reference, origin: Origin, folder: Path) -> dict[str, Any]:
    """Write the conversion of a model into `folder`; returns what `ABOUT` says of it."""
    model = reference.model
    openvino().save_model(_graph_of(reference), str(folder / GRAPH), compress_to_fp16=False)
    (folder / TOKENIZER).write_text(model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    sizes = Sizes(
        dimension=reference.dimension,
        longest=model.max_seq_length or 0,
        special=model.tokenizer.num_special_tokens_to_add(),
        padding=model.tokenizer.pad_token_id or 0,
    )
    files = {name: sha256(folder / name) for name in (GRAPH, WEIGHTS, TOKENIZER)}
    about = {"origin": asdict(origin), "sizes": asdict(sizes), "files": files}
    (folder / ABOUT).write_text(json.dumps({"about": about, "seal": seal(about)}, indent=1), encoding="utf-8")
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path.chmod(0o600)
    return about


def _graph_of(reference: Reference) -> Any:
    """The model from tokens to vectors, pooling included. Raises `Refused`."""
    import torch
    import transformers

    model = reference.model.eval()
    features = model.preprocess(["What was decided at the harbour?", "Much."])  # one of them is padded
    tensors = {name: value for name, value in features.items() if isinstance(value, torch.Tensor)}
    if not {"input_ids", "attention_mask"} <= tensors.keys() <= INPUTS:
        raise Refused(f"it takes {', '.join(sorted(tensors))}")

    class Forward(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None) -> Any:
            given = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            return self.model({name: each for name, each in given.items() if each is not None})["sentence_embedding"]

    told = transformers.utils.logging.get_verbosity()
    transformers.utils.logging.set_verbosity_error()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of branches that tracing takes for fixed, which `check_alike` is for
            return openvino().convert_model(Forward(), example_input=tensors)
    except Exception as error:  # tracing and conversion raise of every kind
        logger.debug("converting failed", exc_info=True)
        raise Refused(f"it cannot be traced: {first_line(error)}") from error
    finally:
        transformers.utils.logging.set_verbosity(told)


WORDS = "The harbour of Marlo was closed on Tuesday, after the storm; “nobody was hurt”, said a mayor: 42 boats, €3.5m."
SAMPLES = (
    "",
    "?",
    "  What did the mayor say?  ",
    "WHO CLOSED IT\nAND WHEN",
    "Où était le maire à 17 h 30 ? Über die Straße.",
    "市長は何と言いましたか。",
    "Что сказал мэр? ماذا قال العمدة؟",
    "🚢🌊 #harbour @mayor https://example.org/a?b=c",
    *(" ".join((WORDS.split() * 8)[start : start + count]) for start in (0, 7) for count in (2, 5, 9, 17, 33, 65)),
    " ".join([WORDS] * 40),
)
"""Texts of all lengths, some longer than a model reads, and of several scripts."""


def check_alike(model: Converted, reference: Reference, computing: Precision) -> None:
    """Raise `Refused` unless a conversion does with `SAMPLES` what its reference, in float32, does."""
    if (model.dimension, model.token_limit) != (reference.dimension, reference.token_limit):
        raise Refused("it counts otherwise once it is converted")
    if model.count_tokens(SAMPLES) != reference.count_tokens(SAMPLES):
        raise Refused("its tokenizer reads texts otherwise once it is converted")
    if not (like := least_likeness(model.passages(SAMPLES), reference.passages(SAMPLES))) >= LIKENESS[computing]:
        raise Refused(f"its vectors are others once it is converted (cosine {like:.4f})")


def least_likeness(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The least cosine of two vectors in the same row; not a number where one is not made of numbers, or is zero."""
    a, b = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    return float(((a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))).min())


def made_or_refused(model: Path, origin: Origin, place: Path) -> str | None:
    """Make a conversion; why there is none, if there is none."""
    try:
        make(model, origin, place)
    except Refused as error:
        place.with_name(f"{place.name}{REFUSED}").write_text(str(error), encoding="utf-8")
        return str(error)
    except Exception as error:  # what loads a model, and computes a graph, raises of every kind
        logger.debug("converting failed", exc_info=True)
        return first_line(error)
    return None


def main() -> None:
    """Make the conversion that the argument tells of."""
    model, origin, place = json.loads(sys.argv[1])
    if reason := made_or_refused(Path(model), Origin(**origin), Path(place)):
        print(reason)
        sys.exit(1)


if __name__ == "__main__":
    main()
