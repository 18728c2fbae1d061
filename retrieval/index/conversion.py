"""The conversion of an embedding model for a quicker runtime: where it is kept, and when it may be used.

It is made once (`converting`), and only ever used whole and for the very files that it was made of. It lies in a folder
of its own below `FOLDER` in the data folder, which may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import first_line
from retrieval.index.converted import Converted, Sizes, openvino
from retrieval.index.families import Prompts
from retrieval.index.locks import Taken, locked
from retrieval.index.precision import Precision, precision
from retrieval.index.weights import sha256

logger = logging.getLogger(__name__)

FOLDER = "models"
LOCK = "making.lock"
ABOUT = "conversion.json"
MAKER = "retrieval.index.converting"
REFUSED = ".refused"
FORM = 2
"""Which form of a conversion is written now: one without prompts, which go before texts as part of them."""
PATIENCE = 600.0
"""Seconds to wait for a conversion, here or in another process."""
SETTINGS = ("*.json", "*.txt", "*.model")
"""Files of a model's folder that say what is done with a text, beside its weights."""


class Unconverted(Exception):
    """A model that goes on without being converted; the message says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a conversion is made of, and by. One is never used for another."""

    name: str
    revision: str
    settings: str
    precision: Precision
    openvino: str
    form: int = FORM

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


def converted(model: Path, name: str, revision: str, data_folder: Path, prompts: Prompts) -> Converted:
    """The conversion of the model in the folder `model`, which is made if it is not there, or not whole. It puts
    `prompts` before texts.

    Raises `Unconverted`.
    """
    try:
        origin = origin_of(name, revision, model)
    except ImportError:
        raise Unconverted("OpenVINO is not installed") from None
    except OSError as error:
        raise Unconverted(first_line(error)) from error
    place = data_folder / FOLDER / origin.folder
    if (there := opened(place, origin, prompts)) is not None:
        return there
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        with locked(place.parent / LOCK, PATIENCE):
            if (there := opened(place, origin, prompts)) is None:  # another process may have made it meanwhile
                there = _made(model, origin, place, prompts)
            return there
    except Taken as error:
        raise Unconverted(f"{error} is converting it") from error
    except OSError as error:  # a full disk, or one that cannot be written to
        raise Unconverted(first_line(error)) from error


def opened(place: Path, origin: Origin, prompts: Prompts) -> Converted | None:
    """The conversion in the folder `place`, if it is one of `origin`, and whole."""
    try:
        sealed = json.loads((place / ABOUT).read_bytes())
        about = sealed["about"]
        if sealed["seal"] != seal(about) or about["origin"] != asdict(origin):
            raise ValueError("it is of another model")
        for file, digest in about["files"].items():
            if sha256(place / file) != digest:
                raise ValueError(f"{file} is not what was written")
        return Converted(place, Sizes(**about["sizes"]), prompts, origin.precision)
    except FileNotFoundError:
        return None
    except Exception as error:  # what libraries raise for a file that they cannot read is of many kinds
        logger.warning("the conversion in %s cannot be used (%s), and is made anew", place, first_line(error))
        return None


def seal(about: dict[str, Any]) -> str:
    """A digest of what `ABOUT` says."""
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _made(model: Path, origin: Origin, place: Path, prompts: Prompts) -> Converted:
    """Have a conversion made, unless that was refused before; the caller has the lock.

    Raises `Unconverted`, `OSError`.
    """
    refused = place.with_name(f"{place.name}{REFUSED}")
    if not refused.exists():
        make_apart(model, origin, place)
    if refused.exists():
        raise Unconverted(refused.read_text(encoding="utf-8"))
    if (there := opened(place, origin, prompts)) is None:
        raise Unconverted("what was written cannot be read")
    logger.info("converted %s for OpenVINO, once: it lies in %s", origin.name, place)
    return there


def make_apart(model: Path, origin: Origin, place: Path) -> None:
    """Make a conversion in a process of its own: the memory that torch takes is free again when it ends.

    Raises `Unconverted` where it was not made, and `OSError`.
    """
    try:
        run = subprocess.run(  # noqa: S603 (this very program)
            [sys.executable, "-m", MAKER, json.dumps([str(model.absolute()), asdict(origin), str(place.absolute())])],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unconverted(f"converting it took more than {PATIENCE:.0f} s") from None
    logger.debug("converting said: %s", run.stderr)
    if run.returncode:
        reason = (run.stdout.strip() or run.stderr.strip() or f"it ended with {run.returncode}").splitlines()[-1]
        raise Unconverted(f"converting failed: {reason}")
