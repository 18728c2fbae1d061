"""The files of a model's weights: which they are, and whether they may be loaded.

A pickle can run any program when it is loaded, and its author need not be whose name is on it; safetensors hold
numbers and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from retrieval.errors import ModelUnavailable

SAFE = "*.safetensors"
PICKLED = re.compile(r"(pytorch_model.*|model|weights)\.(bin|pt|pth|ckpt|pkl|pickle)", re.IGNORECASE)
"""What libraries look for where there is no file of safetensors; not what training leaves beside (`optimizer.pt`)."""
_SHA256 = re.compile("[0-9a-f]{64}")


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_weights(folder: Path, setting: str) -> None:
    """Refuse a model folder whose weights are pickled, or not the ones that were published.

    The cache of the Hugging Face Hub names a file by its published hash; nothing tells that of a file elsewhere.
    Raises `ModelUnavailable`, which names the environment variable `setting`.
    """
    pickled = [path for path in folder.rglob("*") if PICKLED.fullmatch(path.name)]
    for path in pickled:
        if not any(path.parent.glob(SAFE)):
            raise ModelUnavailable(
                f"The weights in {path} are pickled, which can run any program when they are loaded: name a model with "
                f"*.safetensors in {setting}, or convert it with `SentenceTransformer(…).save_pretrained(…)` where "
                "you trust it."
            )
    for path in folder.rglob(SAFE):
        published = path.resolve().name
        if path.is_symlink() and _SHA256.fullmatch(published) and sha256(path) != published:
            raise ModelUnavailable(
                f"The weights in {path} are not the published ones: delete {path.resolve()}, and they are downloaded "
                "again."
            )


def revision_of(folder: Path) -> str:
    """A digest of the weights in a model folder, so that an exchanged model is noticed. Raises `ModelUnavailable`."""
    weights = sorted(folder.rglob(SAFE))
    if not weights:
        raise ModelUnavailable(
            f"EMBEDDING_MODEL names the folder {folder}, which holds no model weights "
            "(*.safetensors): give the folder that `SentenceTransformer.save` wrote."
        )
    return hashlib.sha256("".join(map(sha256, weights)).encode()).hexdigest()[:16]
