"""What commands that only read bring into their process, and what they read: the work is counted, not the seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.processes import PYTHONPATH

HEAVY = {
    # what embeds and searches
    *("torch", "transformers", "sentence_transformers", "faiss"),
    *("retrieval.index.dense", "retrieval.index.search", "retrieval.index.generations", "retrieval.answering.pipeline"),
    # what takes in
    *("trafilatura", "lxml", "reader", "feedparser", "requests", "urllib3", "warcio", "markdown_it", "yaml"),
    *("charset_normalizer", "scipy", "nupunkt", "dateparser", "retrieval.reading.reload"),
    # what serves and draws
    *("discord", "aiohttp", "prompt_toolkit", "matplotlib", "multiprocessing", "babel.messages.pofile"),
}
PROGRAM = """
import json, sqlite3, sys

asked, connect = [], sqlite3.connect

def watched(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(asked.append)
    return connection

sqlite3.connect = watched
from bot.cli.main import app

try:
    app()
except SystemExit as end:
    code = end.code
print(json.dumps([code, sorted(sys.modules), asked]), file=sys.stderr)
"""
OPML = (
    """<opml version="2.0"><body><outline type="rss" text="River" xmlUrl="https://river.example/feed"/></body></opml>"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, bag_of_words: None, alone: None) -> Path:
    """A data folder with articles in it and a feed; alone, for `reader` is what feeds are shared with."""
    folder = tmp_path_factory.mktemp("starting")
    (folder / "seeds").mkdir()
    for day, what in enumerate(("ferry", "bridge", "harbour"), start=1):
        (folder / "seeds" / f"{what}.txt").write_text(
            f"---\nsource: River Post\npublished: 2026-05-0{day}\n---\nThe {what} of Tessel\n\n"
            f"The {what} of Tessel was opened on Monday by Mayor Anna Wolters. Forty people came to see the {what}.\n"
        )
    with Newsroom.open(NewsroomSettings(folder / "data", folder / "seeds")) as room:
        room.reload()
        room.feeds.import_opml(OPML)
    return folder


@cache
def started(folder: Path, *arguments: str) -> tuple[str, set[str], list[str]]:
    """What the command printed, the modules in its process at its end, and what it asked SQLite."""
    settings = {"DATA_DIR": folder / "data", "SEEDS_DIR": folder / "seeds", "PYTHONPATH": PYTHONPATH}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **{name: str(value) for name, value in settings.items()}},
    )
    code, modules, asked = json.loads(run.stderr.splitlines()[-1])
    assert code == 0, run.stderr
    return run.stdout, set(modules), asked


COMMANDS = ["status", "feeds list", "latest", "story 1", "history ferry.txt", "status --json", "latest --json"]


@pytest.mark.parametrize("line", COMMANDS)
def test_what_only_reads_imports_nothing_that_searches_or_takes_in(folder: Path, line: str) -> None:
    printed, modules, _ = started(folder, *line.split())
    assert printed
    assert "retrieval.newsroom" in modules
    assert modules & HEAVY == set()


@pytest.mark.parametrize("line", COMMANDS)
def test_what_only_reads_reads_no_vector(folder: Path, line: str) -> None:
    _, _, asked = started(folder, *line.split())
    assert any("FROM article" in statement for statement in asked), "what is asked is seen"
    assert not [statement for statement in asked if "vector" in statement]


def test_what_searches_reads_them(folder: Path) -> None:
    printed, modules, asked = started(folder, "latest", "the ferry of Tessel")
    assert "The ferry of Tessel" in printed
    assert "faiss" in modules
    assert [statement for statement in asked if "p.vector" in statement]
    assert not modules & {"trafilatura", "lxml", "reader", "requests", "discord", "prompt_toolkit"}


def test_the_bot_is_ready_without_what_takes_in() -> None:
    """What reads pages and feeds is imported beside Discord's handshake, not before it."""
    program = "import sys, bot.cli.main, bot.log, retrieval.newsroom, bot.app; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "discord" in loaded
    assert not loaded & HEAVY - {"discord", "aiohttp", "multiprocessing"}


def test_who_reloads_text_imports_no_parser_of_pages_or_feeds(folder: Path) -> None:
    """Those are the workers'; a bot whose folder holds text never takes the memory that they need."""
    (folder / "seeds" / "lock.txt").write_text("The lock of Tessel\n\nThe lock of Tessel was opened on Friday.\n")
    printed, modules, _ = started(folder, "reload")
    assert "1 added" in printed
    assert "faiss" in modules
    assert not modules & {"trafilatura", "lxml", "reader", "feedparser", "warcio", "discord", "prompt_toolkit"}
