"""Articles in files from anywhere but the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from retrieval.article import Failure, Progress, Tell
from retrieval.reading.arrival import Arrival
from retrieval.reading.origins import archive_origin
from retrieval.reading.sources.archive import read_archive
from retrieval.reading.sources.folder import read_file
from retrieval.reasons import Reason


def read_files(paths: Iterable[Path], tell: Tell) -> Iterator[Arrival | Failure]:
    """The articles in files of any format that is read here. What the file at the same place held before is known."""
    done = 0
    for path in paths:
        name = path.name
        if path.is_dir():
            yield Failure(str(path), Reason("is a folder; name its files, or let SEEDS_DIR name it and reload"))
            continue
        alone = name.lower().endswith((".txt", ".md"))
        placed = _placed(path)
        for item in read_file(path.parent, name) if alone else read_archive(path, name):
            done += 1
            tell(Progress("reading", done, None))
            if isinstance(item, Failure):
                yield item
            else:
                yield Arrival(origin=archive_origin(placed), article=replace(item, id=placed) if alone else item)


def _placed(path: Path) -> str:
    """The file's name with a mark of where it lies: files of one name in two folders are two files."""
    place = str(path.parent.resolve() / path.name)
    return f"{path.name}#{hashlib.sha256(place.encode(errors='surrogateescape')).hexdigest()[:8]}"
