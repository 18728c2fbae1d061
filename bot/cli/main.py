"""The `quotewire` command: start-up, exit codes, signals. As in `command.py`, what is slow is imported late."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.cli import sources as cli_sources
from bot.cli.invocation import Json, command, console_of, filled_newsroom, newsroom, show_result, with_progress
from bot.connection.offload import leave_behind
from retrieval.article import Day

EXIT_CODES = """\b
Exit codes:
  0    done; also when the articles do not answer, and when some of the input was skipped
  1    not done; one line on standard error says why (with --json, {"error": ...} on standard output)
  2    the command line is wrong
  78   from run: not done, and starting it again does not help before its host has put settings or token right
  130  stopped with Ctrl-C

\b
Settings come from the environment and from .env; .env.example explains them."""

app = typer.Typer(
    name="quotewire",
    help="Answers questions about the news with quotes you can check.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would show the token.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published on or after DATE.")]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="As of DATE: articles published later do not exist.")]
Source = Annotated[str | None, typer.Option(metavar="OUTLET", help="Only articles from OUTLET.")]


def main() -> None:
    """Run the command that the process was started with."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks, or a stray byte in a pipe, is no reason to stop.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as end:
        # Before the interpreter ends, which waits for all threads, as long as a page may take to come.
        leave_behind(end.code if isinstance(end.code, int) else int(end.code is not None))
        raise


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quotewire {version('quotewire')}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    pass


@app.command()
def run() -> None:
    """Serve on Discord or, without a token, here.

    Without DISCORD_TOKEN it holds the same conversation in the terminal. Stop it with Ctrl-C or SIGTERM, or
    leave the terminal with Ctrl-D. In a pipe, each line of standard input is a question, and the exit code is
    1 if any of them failed. For a service manager: 0 after SIGTERM, 1 for what may pass, 78 for what does not.
    """
    signal.signal(signal.SIGTERM, _leave)
    with command(serves=True) as settings, newsroom(settings) as room:
        if settings.discord_token:
            from bot.app import run_bot

            asyncio.run(run_bot(room, settings))
            return
        from bot.cli.conversation import converse

        typer.echo("No DISCORD_TOKEN is set, so the conversation is here, in the terminal.", err=True)
        raise typer.Exit(converse(room, settings.data_dir))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In quotation marks.")],
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=20, help="At most N quotes.")] = 3,
    since: Since = None,
    source: Source = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Answer a question with quotes from the articles.

    The index is asked as it is; `quotewire reload` brings it up to date. If it is empty, it is filled first.
    """
    published_since, asked_as_of = parse_day(since, "--since"), parse_day(as_of, "--as-of")
    with command(as_json) as settings, filled_newsroom(settings) as room:
        from bot.cli.documents import answer_document
        from bot.cli.pages import answer_page

        answer = room.ask(question, as_of=asked_as_of, since=published_since, source=source, limit=limit)
        show_result(answer, answer_document, answer_page, as_json)


@app.command()
def latest(
    topic: Annotated[str | None, typer.Argument(metavar="TOPIC", help="Only stories about TOPIC.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=50, help="At most N stories.")] = 5,
    since: Since = None,
    source: Source = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show the latest stories, newest first.

    The index is read as it is; `quotewire reload` brings it up to date. If it is empty, it is filled first.
    """
    published_since, seen_as_of = parse_day(since, "--since"), parse_day(as_of, "--as-of")
    with command(as_json) as settings, filled_newsroom(settings) as room:
        from bot.cli.documents import briefing_document
        from bot.cli.pages import briefing_page

        briefing = room.latest(topic, as_of=seen_as_of, since=published_since, source=source, limit=limit)
        show_result(briefing, briefing_document, briefing_page, as_json)


@app.command()
def reload(as_json: Json = False) -> None:
    """Bring new and changed articles into the index.

    Input that cannot be read is skipped and named on standard error, and what was known of it stays: the exit
    code is 0, so that one bad file does not stop a scheduled job, and `reload >/dev/null` writes only when
    something needs your eye.
    """
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.pages import report_line

        show_result(with_progress(room.reload), fields_document, report_line, as_json)


@app.command()
def status(as_json: Json = False) -> None:
    """Show what the index holds."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.pages import status_page

        show_result(room.status(), fields_document, status_page, as_json)


@app.command()
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
    as_json: Json = False,
) -> None:
    """Measure how well labelled questions are answered.

    An article is {"id", "url", "title", "text", "source", "published"}; a question {"id", "question", "answers",
    "gold", "as_of"}, where "gold" are ids of articles that answer it, and optionally "answerable": false. Each is
    asked as of its date, and again with the articles that answer it hidden. CORPUS is indexed under DATA_DIR, once.
    """
    with command(as_json) as settings:
        from bot.cli.progress import progress_bar
        from retrieval.evaluation.run import run_evaluation, scorecard_document
        from retrieval.evaluation.tables import scorecard_page

        with progress_bar(console_of(err=True)) as tell:
            card = run_evaluation(settings.newsroom(), corpus, questions, report, against, tell)
        show_result(card, scorecard_document, scorecard_page, as_json)


@app.command()
def sync(
    guild: Annotated[
        int | None,
        typer.Option(metavar="ID", min=1, help="Only in the test server with this id, beside those of everywhere."),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove them from the test server again.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Send them even if they have not changed.")] = False,
    as_json: Json = False,
) -> None:
    """Send the bot's commands to Discord, without starting the bot.

    `quotewire run` does so by itself when they have changed since they were last sent. --force puts back what was
    removed on Discord's side. Open Discord windows show the change after a reload (Ctrl-R).
    """
    if clear and guild is None:
        raise typer.BadParameter("say from which test server: --guild ID --clear.", param_hint="--clear")
    with command(as_json) as settings:
        from bot.cli.documents import fields_document
        from bot.cli.pages import synced_page
        from bot.commands.every import COMMANDS
        from bot.connection.syncing import sync_commands

        synced = asyncio.run(sync_commands(() if clear else COMMANDS, settings, guild=guild, force=force))
        show_result(synced, fields_document, synced_page, as_json)


cli_sources.register(app)


def parse_day(text: str | None, option: str) -> Day | None:
    """An ISO 8601 date or moment; a moment without an offset is in UTC. Raises `typer.BadParameter`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a date; write it as 2025-12-31 or 2025-12-31T18:30."
        raise typer.BadParameter(message, param_hint=option) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _leave(_signal: int, _frame: object) -> NoReturn:
    """A service manager's way to say Ctrl-D: close what is open and report success."""
    raise SystemExit(0)
