"""tantivy's files against the checksums that it writes into them, which it does not look at when it opens them.

Each file of a segment ends with a footer: JSON with the CRC-32 of what stands before it, the length of that JSON, and a
magic number (tantivy, `src/directory/footer.rs`).
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

MAGIC = 1337
_END = struct.Struct("<II")
CHUNK = 1 << 20


def damaged_files(folder: Path) -> list[str]:
    """The names of the files of an index that are not what was once written, or are missing. Raises `OSError`."""
    meta = folder / "meta.json"
    if not meta.exists():
        return []
    try:
        segments = [_hexadecimal(each["segment_id"]) for each in json.loads(meta.read_bytes())["segments"]]
    except (ValueError, KeyError, TypeError):
        return [meta.name]
    damaged: list[str] = []
    for segment in segments:
        files = sorted(folder.glob(f"{segment}.*"))
        if not files:
            damaged.append(f"{segment}.*")
        damaged += [file.name for file in files if not _whole(file)]
    return damaged


def _hexadecimal(segment: str) -> str:
    return segment.replace("-", "")


def _whole(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size < _END.size:
            return False
        file.seek(size - _END.size)
        length, magic = _END.unpack(file.read())
        body = size - _END.size - length
        if magic != MAGIC or body < 0:
            return False
        file.seek(body)
        try:
            said = json.loads(file.read(length))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
        file.seek(0)
        found = 0
        while body:
            chunk = file.read(min(CHUNK, body))
            found, body = zlib.crc32(chunk, found), body - len(chunk)
    return found == said
