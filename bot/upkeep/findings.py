"""What looking after a bot finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from retrieval.errors import QuotewireError
from retrieval.text.controls import one_line

State = Literal["ok", "warning", "fault", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of one thing. `remedy` says what to do about it, where there is something to do."""

    about: str
    state: State
    says: str
    remedy: str = ""


def well(about: str, says: str) -> Finding:
    """That something is as it should be."""
    return Finding(about=about, state="ok", says=says)


def skipped(about: str, says: str) -> Finding:
    """That there is nothing to look at, and why."""
    return Finding(about=about, state="skipped", says=says)


def warning(about: str, says: str, remedy: str = "") -> Finding:
    """That something should be seen to, and the bot goes on all the same."""
    return Finding(about=about, state="warning", says=says, remedy=remedy)


def fault(about: str, says: str, remedy: str = "") -> Finding:
    """That something keeps the bot from doing what it is for."""
    return Finding(about=about, state="fault", says=says, remedy=remedy)


Check = Callable[[], Iterable[Finding]]


def found_by(about: str, check: Check) -> Iterator[Finding]:
    """What `check` finds; whatever keeps it from looking is a fault, too, and no other check's concern."""
    try:
        yield from check()
    except QuotewireError as error:
        yield fault(about, one_line(str(error)))
    except Exception as error:
        said = f"it cannot be looked at ({type(error).__name__}: {one_line(str(error))})"
        yield fault(about, said, "See whether that passes; LOG_LEVEL=DEBUG shows more.")


def any_fault(findings: Iterable[Finding]) -> bool:
    """Whether something keeps the bot from doing what it is for."""
    return any(finding.state == "fault" for finding in findings)
