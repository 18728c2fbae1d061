"""What of a file is not read, in whatever format it is, and why."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.reasons import Reason

EMPTY = Reason("is empty")


def line_of(file: str, number: int) -> Reason:
    """Where in a file a line is."""
    return Reason("{file} line {number}", file=file, number=str(number))


def not_read_here(suffixes: Iterable[str]) -> Reason:
    """Of a file with a name that has none of the `suffixes`."""
    return Reason("is not a format that is read here: {formats}", formats=", ".join(suffixes))


def not_readable(error: OSError) -> Reason:
    """Of one that the system does not let us read."""
    return Reason("cannot be read: {why}", why=error.strerror or error)


def damaged(error: Exception) -> Reason:
    """Of a compressed one that is read up to its damage."""
    return Reason("is a damaged gzip file, read up to the damage ({error}); compress or copy it again", error=error)
