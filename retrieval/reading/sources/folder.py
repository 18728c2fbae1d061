"""A folder of articles: `.txt`, `.md`, saved pages, and `.jsonl` or `.jsonl.gz` in the standard format."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.article import Article, Failure
from retrieval.errors import SourceUnavailable
from retrieval.reading.sources.fields import MAX_ARTICLE_BYTES, Checked, checked_article
from retrieval.reading.sources.front_matter import split_front_matter
from retrieval.reading.sources.html_page import read_page_file
from retrieval.reading.sources.jsonl import read_jsonl
from retrieval.reading.sources.markdown import split_markdown
from retrieval.reading.sources.text import split_text
from retrieval.reading.sources.unread import EMPTY, not_read_here, not_readable
from retrieval.reasons import Reason
from retrieval.text.controls import storable

_SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl", ".jsonl.gz")
_MAX_MARKDOWN_BYTES = 1024 * 1024
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKED_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells that a file changed: its size in bytes and the time it was last written, in ns."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What a folder holds: file names (relative, with "/") in order, each with its stamp.

    `unread` names the sub-folders ("a/b/") that could not be listed: what was known of the articles in
    them stays. `failures` name those and everything else that is not read.
    """

    files: dict[str, FileStamp]
    failures: tuple[Failure, ...]
    unread: frozenset[str] = frozenset()


def scan_folder(folder: Path) -> FolderScan:
    """List `folder` and its sub-folders, without what is hidden (".name").

    Links to files are followed within the folder only, links to folders never: they could leave it
    or lead in a circle. Raises `SourceUnavailable` when the folder itself cannot be listed.
    """
    files: dict[str, FileStamp] = {}
    failures: list[Failure] = []
    unread: set[str] = set()
    root = _root(folder)
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if not below:
                raise SourceUnavailable(_unavailable(folder, error)) from error
            unread.add(below)
            why = Reason("cannot be listed: {why}; allow the bot to read it", why=error.strerror)
            failures.append(Failure(storable(below), why))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            name = below + entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(name + "/")
                else:
                    files[name] = _stamp(root, entry)
            except (ValueError, OSError) as error:
                failures.append(Failure(storable(name), str(getattr(error, "strerror", None) or error)))
    return FolderScan(
        dict(sorted(files.items())), tuple(sorted(failures, key=lambda failure: failure.where)), frozenset(unread)
    )


def _root(folder: Path) -> Path:
    """The folder without links in its path. Raises `SourceUnavailable` when it is not there."""
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle, before Python 3.13
        raise SourceUnavailable(_unavailable(folder, error)) from error
    if not root.is_dir():
        raise SourceUnavailable(f"The articles' folder {folder} is not a folder; set SEEDS_DIR to one.")
    return root


def _unavailable(folder: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return (
        f"The articles' folder {folder} cannot be read ({reason}); create it, let the bot read it, "
        "or set SEEDS_DIR to another one."
    )


def _stamp(root: Path, entry: os.DirEntry[str]) -> FileStamp:
    """The stamp of a file that is read here. Raises ValueError with the reason when it is not."""
    if storable(entry.name) != entry.name:
        raise ValueError(Reason("has a name that is not UTF-8; rename it"))
    if entry.is_symlink():
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            raise ValueError(Reason("is a link that leads nowhere or in a circle; remove it")) from None
        if not target.is_relative_to(root):
            raise ValueError(Reason("is a link out of the folder, which is not followed; copy the file instead"))
        if target.is_dir():
            raise ValueError(Reason("is a link to a folder, which is not followed; move the folder here instead"))
    if not entry.name.lower().endswith(_SUFFIXES):
        raise ValueError(not_read_here(_SUFFIXES))
    status = entry.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(Reason("is not a regular file"))
    return FileStamp(status.st_size, status.st_mtime_ns)


def read_file(folder: Path, name: str) -> Iterator[Article | Failure]:
    """The articles of one file that `scan_folder` listed as `name`, and a `Failure` for what is skipped.

    A `.txt`, `.md`, `.html` or `.htm` file holds one article, whose id is `name`. Never raises for what a file holds or
    for one that cannot be read.
    """
    if name.lower().endswith((".jsonl", ".jsonl.gz")):
        yield from read_jsonl(folder / name, name)
        return
    try:
        checked = _checked(folder / name, name)
    except OSError as error:
        yield Failure(name, not_readable(error), "unreadable")
        return
    except ValueError as error:
        yield Failure(name, str(error))
        return
    yield checked.article
    for reason in checked.left_out:
        yield Failure(name, reason, "note")


def _checked(path: Path, name: str) -> Checked:
    """The one article that the file holds. Raises OSError, or ValueError with the reason."""
    if name.lower().endswith((".html", ".htm")):
        return read_page_file(path, identifier=name)
    markdown = name.lower().endswith(".md")
    text = _text(path, _MAX_MARKDOWN_BYTES if markdown else MAX_ARTICLE_BYTES)
    fields, rest = split_front_matter(text)
    split = split_markdown if markdown else split_text
    title = fields.get("title")
    parts = split(rest, title if isinstance(title, str) else None)
    if not parts.body:
        raise ValueError(Reason("has no body below its title and key points; add the article's text"))
    record = {**fields, "id": name, "title": parts.title, "key_points": parts.key_points, "text": parts.body}
    return checked_article(record)


def _text(path: Path, limit: int) -> str:
    """The file's text, its line endings as "\\n". Raises OSError, or ValueError with the reason."""
    with path.open("rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise ValueError(Reason("is larger than {size} MB; split it into articles", size=limit // 1024**2))
    encoding = next((name for mark, name in _MARKED_ENCODINGS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            Reason(
                "is not {encoding} text (byte {place}); save it as UTF-8",
                encoding=encoding.removesuffix("-sig").upper(),
                place=error.start + 1,
            )
        ) from None
    if "\0" in text:
        raise ValueError(Reason("holds NUL bytes: it is binary, or not UTF-8; save it as UTF-8 text"))
    if not text.strip():
        raise ValueError(EMPTY)
    return text.replace("\r\n", "\n").replace("\r", "\n")
