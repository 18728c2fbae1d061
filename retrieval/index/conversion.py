"""Converting an embedding model for a quicker runtime, once, and keeping what that gives.

sentence-transformers loads the model and stays what it is measured by: a conversion is kept when it gives the same
vectors for the same texts, and is only ever used for the very files that it was made of. It lies in a folder of its own
below `FOLDER` in the data folder, which may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import warnings
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import ModelUnavailable, first_line
from retrieval.index.converted import GRAPH, TOKENIZER, WEIGHTS, Converted, Sizes, openvino
from retrieval.index.locks import Taken, locked
from retrieval.index.precision import Precision, precision
from retrieval.index.reference import Reference, load_reference
from retrieval.index.weights import sha256

logger = logging.getLogger(__name__)

FOLDER = "models"
LOCK = "making.lock"
MAKING = "making-"
ABOUT = "conversion.json"
REFUSED = ".refused"
PATIENCE = 600.0
"""Seconds to wait for another process that makes the same conversion."""
LIKENESS: dict[Precision, float] = {"float32": 0.9999, "bfloat16": 0.995}
"""Cosine with the reference, in float32, from which a conversion's vectors are the same for every text. The built-in
model's were at least 0.9999997 and 0.99997 like it; sentence-transformers' own bfloat16 gave 0.996."""
SPARE = 200_000_000
"""Bytes that are left free on the disk: others write to it, too."""
MODULES = {"Transformer", "Pooling", "Normalize", "Dense", "LayerNorm", "Dropout"}
"""Modules of sentence-transformers that do with every text the same, whatever it is."""
INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
SETTINGS = ("*.json", "*.txt", "*.model")
"""Files of a model's folder that say what is done with a text, beside its weights."""


class Unconverted(Exception):
    """A model that goes on without being converted; the message says why."""


class Refused(Unconverted):
    """A model that cannot be converted, which trying again would not change."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a conversion is made of, and by. One is never used for another."""

    name: str
    revision: str
    settings: str
    precision: Precision
    openvino: str

    @property
    def folder(self) -> str:
        """The name of its conversion's folder."""
        name = re.sub(r"[^A-Za-z0-9.]+", "-", self.name)[-60:].strip("-.")
        key = hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]
        return f"{name}-{self.revision[:12]}-{self.openvino}-{self.precision}-{key}"


def origin_of(name: str, revision: str, folder: Path) -> Origin:
    """The origin of a conversion of the model in `folder`, here and now. Raises `ImportError` without OpenVINO."""
    files = sorted({path for pattern in SETTINGS for path in folder.rglob(pattern) if path.is_file()})
    settings = hashlib.sha256("".join(f"{path.relative_to(folder)}\n{sha256(path)}\n" for path in files).encode())
    version = openvino().__version__.partition("-")[0]
    return Origin(name=name, revision=revision, settings=settings.hexdigest(), precision=precision(), openvino=version)


def converted(model: Path, name: str, revision: str, data_folder: Path) -> Converted:
    """The conversion of the model in the folder `model`, which is made if it is not there, or not whole.

    Raises `Unconverted`; `ModelUnavailable` where sentence-transformers cannot load the model either.
    """
    try:
        origin = origin_of(name, revision, model)
    except ImportError:
        raise Unconverted("OpenVINO is not installed") from None
    except OSError as error:
        raise Unconverted(first_line(error)) from error
    place = data_folder / FOLDER / origin.folder
    if (there := opened(place, origin)) is not None:
        return there
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        with locked(place.parent / LOCK, PATIENCE):
            if (there := opened(place, origin)) is None:  # another process may have made it meanwhile
                there = _made_or_refused(model, origin, place)
            return there
    except Taken as error:
        raise Unconverted(f"{error} is converting it") from error
    except OSError as error:  # a full disk, or one that cannot be written to
        raise Unconverted(first_line(error)) from error


def opened(place: Path, origin: Origin) -> Converted | None:
    """The conversion in the folder `place`, if it is one of `origin`, and whole."""
    try:
        sealed = json.loads((place / ABOUT).read_bytes())
        about = sealed["about"]
        if sealed["seal"] != _seal(about) or about["origin"] != asdict(origin):
            raise ValueError("it is of another model")
        for file, digest in about["files"].items():
            if sha256(place / file) != digest:
                raise ValueError(f"{file} is not what was written")
        return Converted(place, Sizes(**about["sizes"]), origin.precision)
    except FileNotFoundError:
        return None
    except Exception as error:  # what libraries raise for a file that they cannot read is of many kinds
        logger.warning("the conversion in %s cannot be used (%s), and is made anew", place, first_line(error))
        return None


def _seal(about: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _made_or_refused(model: Path, origin: Origin, place: Path) -> Converted:
    """Make a conversion, unless that was refused before; the caller has the lock. Raises `Unconverted`, `OSError`."""
    refused = place.with_name(f"{place.name}{REFUSED}")
    if refused.exists():
        raise Refused(refused.read_text(encoding="utf-8"))
    try:
        return _made(model, origin, place)
    except Refused as error:
        refused.write_text(str(error), encoding="utf-8")
        raise
    except (Unconverted, ModelUnavailable, OSError):
        raise
    except Exception as error:  # what computes a graph raises of every kind
        logger.debug("converting failed", exc_info=True)
        raise Unconverted(first_line(error)) from error


def _made(model: Path, origin: Origin, place: Path) -> Converted:
    """Convert a model, compare what that gives with the reference, and keep it at `place`. The caller has the lock."""
    _sweep(place.parent)
    reference = load_reference(str(model), origin.name, "float32")
    check_convertible(reference, shutil.disk_usage(place.parent).free)
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent))  # nobody else may read it
    try:
        about = _write(reference, origin, making)
        check_alike(Converted(making, Sizes(**about["sizes"]), origin.precision), reference, origin.precision)
        if place.exists():
            place.rename(Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent)) / "damaged")
        making.rename(place)
    finally:
        _sweep(place.parent)
    logger.info("converted %s for OpenVINO, once: it lies in %s", origin.name, place)
    _forget_others(place, origin)
    there = opened(place, origin)
    if there is None:
        raise Unconverted("what was written cannot be read")
    return there


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
    if any(reference.prompts) and not all(getattr(module, "include_prompt", True) for module in model):
        raise Refused("it leaves its prompt out when it pools")
    needed = sum(each.numel() for each in model.parameters()) * 4 + SPARE
    if needed > free:
        raise Unconverted(f"it takes {needed // 10**6} MB, and {free // 10**6} MB are free on the disk")


def _write(reference: Reference, origin: Origin, folder: Path) -> dict[str, Any]:
    """Write the conversion of a model into `folder`; returns what `ABOUT` says of it."""
    model = reference.model
    openvino().save_model(_graph_of(reference), str(folder / GRAPH), compress_to_fp16=False)
    (folder / TOKENIZER).write_text(model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    question, passage = reference.prompts
    sizes = Sizes(
        dimension=reference.dimension,
        longest=model.max_seq_length or 0,
        special=model.tokenizer.num_special_tokens_to_add(),
        padding=model.tokenizer.pad_token_id or 0,
        before_question=question,
        before_passage=passage,
    )
    files = {name: sha256(folder / name) for name in (GRAPH, WEIGHTS, TOKENIZER)}
    about = {"origin": asdict(origin), "sizes": asdict(sizes), "files": files}
    (folder / ABOUT).write_text(json.dumps({"about": about, "seal": _seal(about)}, indent=1), encoding="utf-8")
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
        raise Refused(f"converting failed: {first_line(error)}") from error
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
    asked = ((model.questions, reference.questions), (model.passages, reference.passages))
    for ours, theirs in asked if any(reference.prompts) else asked[:1]:
        if not (like := least_likeness(ours(SAMPLES), theirs(SAMPLES))) >= LIKENESS[computing]:
            raise Refused(f"its vectors are others once it is converted (cosine {like:.4f})")


def least_likeness(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The least cosine of two vectors in the same row; not a number where one is not made of numbers, or is zero."""
    a, b = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    return float(((a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))).min())
