"""Backups, and what looking after the bot found, as pages for a terminal: pure, as in `pages.py`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from bot.cli.pages import Indented
from retrieval.text.controls import one_line

if TYPE_CHECKING:
    from bot.upkeep.backups import Backup
    from bot.upkeep.findings import Finding
    from bot.upkeep.moving import FolderMoved
    from bot.upkeep.restoring import Restored

MARKS = {
    "ok": ("ok       ", ""),
    "warning": ("WARNING  ", "yellow"),
    "fault": ("FAULT    ", "red"),
    "skipped": ("-        ", "dim"),
}
"""How a state is marked, and its style where there are colours."""
MARGIN = 9


def backup_page(made: tuple[Path, Backup]) -> Text:
    """A backup that was made."""
    target, backup = made
    return Text(f"Backed up to {target}, and verified: {_contents(backup)}.", overflow="fold")


def moved_page(moved: FolderMoved) -> Text:
    """What was moved into a database, or back, and what is still to be done."""
    rows = ", ".join(f"{count:,} rows of {name}" for name, count in moved.files.items())
    if moved.place is None:
        return Text(f"It stands alone again, with {rows}: unset DATABASE_URL, then start the bot.", overflow="fold")
    return Text(
        f"Moved to {moved.place}, and compared row by row: {rows}. Set DATABASE_URL to it, and start the bot.",
        overflow="fold",
    )


def model_page(folder: Path) -> Text:
    """An embedding model that was written, and what is still to be done."""
    then = "set EMBEDDING_MODEL to that folder, and the next reload embeds all articles with it"
    return Text(f"Written to {folder}: {then}.", overflow="fold")


def restored_page(restored: Restored) -> Group:
    """What was restored, and what is still to be done."""
    first = f"Restored {_contents(restored.backup)}, as of {restored.backup.made}."
    if restored.waits:
        then = (
            "A bot is running on this DATA_DIR, and goes on with the state before: start it again, and it takes up "
            f"what was restored. What that replaces will be in {restored.replaced}."
        )
    else:
        then = f"What it replaced is in {restored.replaced}; delete that when you do not need it."
    return Group(Text(first), Text(then, overflow="fold"))


def finding_line(finding: Finding) -> RenderableType:
    """A finding, with what to do about it below it."""
    mark, style = MARKS[finding.state]
    lines = [Indented(Text(one_line(f"{finding.about}: {finding.says}"), style), mark.ljust(MARGIN))]
    if finding.remedy:
        lines.append(Indented(Text(one_line(finding.remedy)), " " * MARGIN))
    return Group(*lines)


def examined_line(findings: Sequence[Finding]) -> Text:
    """What was found, in a word."""
    faults, warnings = (sum(each.state == state for each in findings) for state in ("fault", "warning"))
    if not faults and not warnings:
        return Text("All is well.")
    return Text(f"{faults} fault{'' if faults == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}.")


def _contents(backup: Backup) -> str:
    counts = ((backup.articles, "version", " of articles"), (backup.feeds, "feed", ""), (backup.servers, "server", ""))
    words = [f"{count:,} {name}{'' if count == 1 else 's'}{what}" for count, name, what in counts]
    return f"{words[0]}, {words[1]}, settings of {words[2]}"
