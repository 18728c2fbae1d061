"""The command that measures: `evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.invocation import Json, command, console_of, show_result


def evaluate(
    corpus: Annotated[
        Path, typer.Argument(metavar="CORPUS", help="A .jsonl or .jsonl.gz file, or a folder of articles.")
    ],
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS", help="A .jsonl file of labelled questions.")],
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write report.md with pictures, summary.json, and run.jsonl into DIR."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Compare with RUN, the run.jsonl of an earlier report.")
    ] = None,
    delays: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Ask again so many days later, for example 0,14,90,365.")
    ] = None,
    sizes: Annotated[
        str | None, typer.Option(metavar="ARTICLES", help="Ask parts of the articles, for example 500,3000,all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how well labelled questions are answered.

    An article is {"id", "url", "title", "text", "source", "published"}; a question {"id", "question", "answers",
    "gold", "as_of"}, where "gold" are ids of articles that answer it, and optionally "answerable": false. Each is
    asked as of its date, and again with the articles that answer it hidden. CORPUS is indexed under DATA_DIR, once.
    """
    with command(as_json) as settings:
        from bot.cli.progress import progress_bar
        from retrieval.evaluation.conditions import read_delays, read_sizes
        from retrieval.evaluation.run import Plan, run_evaluation, scorecard_document
        from retrieval.evaluation.tables import scorecard_page

        plan = Plan(
            corpus=corpus,
            questions=questions,
            report=report,
            against=against,
            delays=read_delays(delays or ""),
            sizes=read_sizes(sizes or ""),
        )
        with progress_bar(console_of(err=True)) as tell:
            card = run_evaluation(settings.newsroom(), plan, tell)
        show_result(card, scorecard_document, scorecard_page, as_json)
