"""How far a reload is, as a bar on a terminal; nothing where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from retrieval.article import Progress


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Give the function to pass to `Newsroom.reload`; it may be called from any thread."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)

        def tell(step: Progress) -> None:
            stage = step.stage.capitalize()
            # A new stage counts from the start again, and its speed says nothing about the last one's.
            if stage != bar.tasks[0].description:
                bar.reset(task, total=step.total, description=stage)
            bar.update(task, total=step.total, completed=step.done)

        yield tell
