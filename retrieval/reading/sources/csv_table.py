"""A table of articles in CSV: the first line names the columns, in the standard format's names or usual others."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import BinaryIO

from retrieval.article import Article, Failure
from retrieval.reading.sources.fields import MAX_ARTICLE_BYTES, checked_article
from retrieval.reading.sources.unread import EMPTY, line_of
from retrieval.reasons import Reason
from retrieval.text.addresses import article_id
from retrieval.text.controls import storable_line
from retrieval.text.days import iso_day
from retrieval.text.written_days import Habits, habits_of

_NAMES = {
    "id": "id article_id guid uuid",
    "title": "title headline article_title",
    "text": "text content body article full_text article_text article_body maintext",
    "url": "url link href canonical_url article_url source_url",
    "source": "source outlet publisher publication source_name site site_name newspaper domain",
    "published": "published date published_at publishedat published_date publish_date date_published date_publish "
    "publication_date pub_date pubdate datetime",
    "updated": "updated updated_at updatedat modified date_modified modified_at last_modified",
    "language": "language lang language_code",
}
"""For each field the column's name in the standard format, then others, those to be preferred first."""

_DELIMITERS = (",", ";", "\t")
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1024 * 1024
_DATES = ("published", "updated")
_LOOKED_AT = 1_000  # rows from which the order of days and months is told, as far as they fit into `_CHUNK`
_LONGEST_HEADER = 64_000  # characters
_LISTED = 12  # columns named in a message


def read_csv(stream: BinaryIO, where: str) -> Iterator[Article | Failure]:
    """The articles of a CSV file, and a `Failure` "`where` line N" for each row that is skipped.

    Comma, semicolon or tab is told from the first line. A row without id has that of `identity.article_id`. Reads
    row by row; memory is bounded by the longest row that is accepted (10 MB). Raises OSError and what damaged gzip
    files raise.
    """
    csv.field_size_limit(MAX_ARTICLE_BYTES)  # of the process; the library has no other
    lines = _Lines(stream)
    try:
        header, delimiter = _header(lines)
        columns = _columns(header)
    except (ValueError, csv.Error) as error:
        yield Failure(where, str(error))
        return
    rows = _rows(lines, where, header, columns, delimiter)
    first: list[tuple[str, dict[str, str] | Failure]] = []
    size = 0
    damage: Exception | None = None
    try:
        while size < _CHUNK and len(first) < _LOOKED_AT and (row := next(rows, None)) is not None:
            first.append(row)
            size += sum(map(len, row[1].values())) if isinstance(row[1], dict) else 0
    except Exception as error:  # the stream's, whatever it is: what stands before it comes first
        damage = error
    found = [row for _, row in first if isinstance(row, dict)]
    dates = [row[field] for row in found for field in _DATES if field in row]
    habits = habits_of(dates, addresses=[found[0].get("url")] if found else [])
    for place, row in chain(first, rows):
        try:
            yield from _article(_record(row, habits), place) if isinstance(row, dict) else [row]
        except ValueError as error:
            yield Failure(place, _reason(error))
    if damage is not None:
        raise damage


def _rows(
    lines: _Lines, where: str, header: Sequence[str], columns: Mapping[str, int], delimiter: str
) -> Iterator[tuple[str, dict[str, str] | Failure]]:
    """The rows, each with its place: its cells by the names of their fields, or why it is skipped."""
    # Strict: what a lenient reader makes of a stray quotation mark is not what the publisher wrote.
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_row()
        place = line_of(where, lines.number + 1)
        try:
            row = next(rows, None)
            if row is None:
                return
            if any(cell.strip() for cell in row) or lines.fault:
                yield place, _cells(row, header, columns, lines.fault)
        except (ValueError, csv.Error) as error:
            yield place, Failure(place, _reason(error))


class _Lines:
    """The lines of a table for `csv.reader`, with what is wrong with the row that they belong to.

    A row that is too long raises ValueError, after which reading goes on with the line that follows.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = 0
        self.number = 0
        self.fault: str | None = None

    def start_row(self) -> None:
        """Begin to count the next row."""
        self._size = 0
        self.fault = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MAX_ARTICLE_BYTES + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if self._size > MAX_ARTICLE_BYTES:
            while line and not line.endswith(b"\n"):
                line = self._stream.readline(_CHUNK)
            raise ValueError(
                Reason(
                    "it is longer than {size} MB, or a quotation mark in it is not closed",
                    size=MAX_ARTICLE_BYTES // 1024**2,
                )
            )
        if self.number == 1:
            if line.startswith(_UTF16_BOMS):
                raise ValueError(Reason("is UTF-16, not UTF-8; save it as CSV UTF-8"))
            line = line.removeprefix(_UTF8_BOM)
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            self.fault = Reason("it is not UTF-8 (byte {place}); save the file as CSV UTF-8", place=error.start + 1)
            return line.decode(errors="replace")


def _header(lines: _Lines) -> tuple[list[str], str]:
    """The names in the first line, as they are compared, and the delimiter between them."""
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise ValueError(EMPTY)
    if lines.fault:
        raise ValueError(lines.fault)
    if len(first) > _LONGEST_HEADER:
        raise ValueError(
            Reason("has a first line of more than {count} characters; it must name the columns", count=_LONGEST_HEADER)
        )

    def split(delimiter: str) -> list[str]:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return ["_".join(storable_line(cell).casefold().replace("-", " ").replace("_", " ").split()) for cell in cells]

    known = {name for names in _NAMES.values() for name in names.split()}
    best = max(_DELIMITERS, key=lambda delimiter: (len(known & set(split(delimiter))), len(split(delimiter))))
    return split(best), best


def _columns(header: Sequence[str]) -> dict[str, int]:
    """For each field the index of its column. Raises ValueError when there is none for the title or the text."""
    columns: dict[str, int] = {}
    for field, names in _NAMES.items():
        at = next((header.index(name) for name in names.split() if name in header), None)
        if at is not None:
            columns[field] = at
    missing = [field for field in ("title", "text") if field not in columns]
    if missing:
        found = ", ".join(f"“{name[:40]}”" for name in header[:_LISTED])
        neither = Reason("{one} and {other}", one="`title`", other="`text`")
        raise ValueError(
            Reason(
                "has no column for {missing}; its first line must name the columns, at least title and text, and names "
                "{found}",
                missing=neither if missing[1:] else f"`{missing[0]}`",
                found=Reason("{names} and more", names=found) if header[_LISTED:] else found,
            )
        )
    return columns


def _cells(row: Sequence[str], header: Sequence[str], columns: Mapping[str, int], fault: str | None) -> dict[str, str]:
    """The cells of one row. Raises ValueError with the reason why it is skipped."""
    if fault:
        raise ValueError(fault)
    if len(row) != len(header):
        raise ValueError(
            Reason(
                "it has {cells} cells where the first line names {columns}; a cell that holds the delimiter or a line "
                "break must stand in quotation marks",
                cells=len(row),
                columns=len(header),
            )
        )
    return {field: row[at] for field, at in columns.items()}


def _record(cells: Mapping[str, str], habits: Habits) -> dict[str, object]:
    days = {field: iso_day(cells[field], habits) for field in _DATES if field in cells}
    identifier = cells.get("id", "").strip() or article_id(cells.get("url"), cells["title"], cells["text"])
    return {**cells, **days, "id": identifier}


def _article(record: Mapping[str, object], place: str) -> Iterator[Article | Failure]:
    checked = checked_article(record)
    yield checked.article
    for reason in checked.left_out:
        yield Failure(place, reason, "note")


def _reason(error: Exception) -> str:
    """Why a row is skipped; `csv` says it for programmers."""
    if not isinstance(error, csv.Error):
        return str(error)
    if "field larger" in str(error):
        return Reason("it has a cell of more than {size} MB; split the article", size=MAX_ARTICLE_BYTES // 1024**2)
    return Reason("it is not valid CSV ({error}); double each quotation mark within a cell", error=error)
