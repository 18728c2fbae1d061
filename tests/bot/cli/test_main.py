"""The `quotewire` command, as a process where that matters and in this process where it does not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import typer

from bot.cli import main
from bot.cli.questions import parse_day
from retrieval.errors import StoreUnavailable
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.command_line import document, only_these_settings, quotewire
from tests.support.places import SEEDS
from tests.support.processes import PYTHONPATH

pytestmark = pytest.mark.usefixtures("bag_of_words")
RUSSIA = "What did Rutte say about Russia?"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.mnopqrstuvwxyz"
COMMANDS = (
    "run",
    "ask",
    "latest",
    "story",
    "reload",
    "status",
    "evaluate",
    "add",
    "remove",
    "restore",
    "history",
    "sync",
)
SLOW = (
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "discord",
    "numpy",
    "matplotlib",
    "retrieval.newsroom",
)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the seeds are indexed."""
    data_dir = tmp_path_factory.mktemp("indexed")
    with Newsroom.open(NewsroomSettings(data_dir, SEEDS)) as room:
        room.reload()
    return data_dir


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_these_settings(monkeypatch, tmp_path, SEEDS_DIR=SEEDS, DATA_DIR=tmp_path / "data")
    monkeypatch.setenv("PYTHONPATH", PYTHONPATH)


@pytest.fixture
def umask() -> Iterator[None]:
    """After a test that runs `main` in this process, it is as before."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_is_written_is_for_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: None) -> None:
    data = tmp_path / "data"
    monkeypatch.setattr(main, "app", lambda: Newsroom.open(NewsroomSettings(data, SEEDS)).close())
    main.main()
    written = [data, *data.rglob("*")]
    assert data / "articles.sqlite3" in written
    assert [path for path in written if path.stat().st_mode & 0o077] == []


def process(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], input=said, capture_output=True, text=True, timeout=120
    )


def test_the_import_of_the_command_is_quick() -> None:
    code = f"import sys, bot.cli; print([name for name in {SLOW!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS), ["ask", "--no"]])
def test_help_and_mistakes_import_nothing_slow(arguments: list[str]) -> None:
    run = subprocess.run([sys.executable, "-X", "importtime", "-m", "bot", *arguments], capture_output=True, text=True)
    imported = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if "|" in line}
    assert "bot.cli.main" in imported
    assert not imported & set(SLOW)


def test_help_documents_the_exit_codes_and_every_commands_json() -> None:
    for code in ("0", "1", "2", "78", "130"):
        assert f"\n    {code} " in quotewire("--help").stdout
    assert not [name for name in COMMANDS if ("--json" in quotewire(name, "--help").stdout) == (name == "run")]


def test_the_version_is_told() -> None:
    assert quotewire("--version").stdout == "quotewire 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage"),
        (["answer"], "answer"),
        (["ask"], "QUESTION"),
        (["ask", "Why?", "--limit", "0"], "--limit"),
        (["ask", "Why?", "--as-of", "yesterday"], "'yesterday' is not a date; write it as 2025-12-31"),
        (["sync", "--guild", "here"], "--guild"),
        (["sync", "--clear"], "Invalid value for --clear: say from which test server"),
        (["latest", "--as-of", "soon"], "Invalid value for --as-of: 'soon' is not a date"),
        (["latest", "--since", "2025-02-30", "--json"], "Invalid value for --since: '2025-02-30'"),
    ],
)
def test_a_wrong_command_line_is_explained(arguments: list[str], said: str) -> None:
    result = quotewire(*arguments)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (None, None),
        ("2025-12-05", date(2025, 12, 5)),
        ("2025-12-05T18:30", datetime(2025, 12, 5, 18, 30, tzinfo=UTC)),
        ("2025-12-05 18:30Z", datetime(2025, 12, 5, 18, 30, tzinfo=UTC)),
        ("2025-12-05T18:30+02:00", datetime(2025, 12, 5, 18, 30, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_days_are_iso_8601(text: str | None, day: date | None) -> None:
    assert parse_day(text, "--since") == day


@pytest.mark.parametrize("text", ["", "5.12.2025", "2025-13-01", "tomorrow", "2025-12-05T25:00"])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a date"):
        parse_day(text, "--since")


def test_faults_in_the_settings_are_lines_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("DISCORD_TOKEN", f"Bot {TOKEN}")
    result = quotewire("status")
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["DISCORD_TOKEN", "LOG_LEVEL"]
    assert all(line.startswith("quotewire: ") for line in lines)
    assert TOKEN not in result.output


def test_what_a_restart_cannot_mend_ends_a_service_with_78_and_a_command_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEALTH_PORT", "http")
    assert [quotewire(name).exit_code for name in ("run", "status", "sync")] == [78, 1, 1]
    # What may pass is no such thing.
    monkeypatch.delenv("HEALTH_PORT")
    monkeypatch.setattr(Newsroom, "open", lambda _: fail_to_open(tmp_path))
    assert quotewire("run").exit_code == 1
    monkeypatch.undo()
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "articles.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert [quotewire(name).exit_code for name in ("run", "status")] == [78, 1]


def fail_to_open(folder: Path) -> Newsroom:
    raise StoreUnavailable(f"{folder} is on a disk that is full.")


@pytest.fixture
def no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The folder of articles is not there; what those commands say that read it."""
    monkeypatch.setenv("SEEDS_DIR", "nowhere")
    where = f"SEEDS_DIR: There is no folder 'nowhere' (looked in {tmp_path})"
    return f"quotewire: {where}; create it or name the folder that holds your articles.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["run"], 78), (["reload"], 1), (["ask", RUSSIA], 1), (["latest"], 1), (["latest", "ferries"], 1)],
)
def test_what_reads_the_folder_of_articles_says_so_where_there_is_none(
    arguments: list[str], code: int, no_folder: str
) -> None:
    result = quotewire(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", no_folder)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_what_is_told_without_settings_needs_no_folder(arguments: list[str], no_folder: str) -> None:
    result = quotewire(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask", RUSSIA], 0, ""),
        (["latest"], 0, ""),
        (["status"], 0, ""),
        (["feeds", "list"], 0, ""),
        (["feeds", "export"], 0, ""),
        (["feeds", "poll"], 0, ""),
        (["feeds", "remove", "https://news.example/feed"], 1, "This feed is not read"),
        (["feeds", "import", "nothing.opml"], 1, "nothing.opml"),
        (["add", "nothing.txt"], 1, "nothing.txt"),
        (["history", "unknown"], 1, "unknown"),
        (["remove", "unknown"], 1, "unknown"),
        (["restore", "unknown"], 1, "unknown"),
        (["sync"], 1, "DISCORD_TOKEN"),
        (["evaluate", "nothing.jsonl", "nothing.jsonl"], 1, "nothing.jsonl"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_what_does_not_read_the_folder_of_articles_needs_none(
    arguments: list[str],
    code: int,
    said: str,
    no_folder: str,
    indexed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(indexed, tmp_path / "data")
    result = quotewire(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert "SEEDS_DIR" not in result.output
    assert not (tmp_path / "nowhere").exists()


def test_commands_are_not_sent_without_a_token() -> None:
    result = quotewire("sync")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "quotewire: There is no DISCORD_TOKEN; set it in .env to the token of your Discord application.\n"
    )


def test_with_json_an_error_is_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    result = quotewire("status", "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "error": "LOG_LEVEL: 'loud' is not known; use DEBUG, INFO, WARNING, ERROR or CRITICAL."
    }


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        (RUSSIA, True),
        ("What does Rutte say about the US nuclear deterrent?", True),
        ("Who won the 2018 World Cup?", False),
    ],
)
def test_json_answers_can_be_checked(
    question: str, answered: bool, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    answer = document(quotewire("ask", question, "--json"))
    assert set(answer) == {
        *("question", "answered", "confidence", "quotes", "nearest"),
        *("articles", "generation", "seconds", "scope", "disagreement", "age", "topic", "stories", "language"),
    }
    assert answer["language"] == "en"
    assert answer["answered"] is answered
    assert bool(answer["quotes"]) is answered
    assert bool(answer["nearest"]) is not answered
    article_fields = {"id", "title", "url", "source", "published", "updated", "key_points", "summary_only", "language"}
    for quote in answer["quotes"]:
        assert set(quote) == {
            *("text", "start", "end", "link", "article", "language"),
            *("also_reported_by", "also_carried_by", "corrected", "answer"),
        }
        assert set(quote["article"]) == {*article_fields, "body"}
        assert quote["language"] == quote["article"]["language"] == "en"
        assert quote["text"] == quote["article"]["body"][quote["start"] : quote["end"]]
        if answers := quote["answer"]:
            assert answers["text"] == quote["text"][answers["start"] : answers["end"]]
    assert all(set(article) == article_fields for article in answer["nearest"])


def test_limit_and_dates_reach_the_newsroom(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    assert len(document(quotewire("ask", RUSSIA, "--limit", "1", "--json"))["quotes"]) == 1
    # The seed is undated, so it is not known to be of this day or later, nor that it was not there on this day.
    assert document(quotewire("latest", "--since", "2020-01-01", "--json"))["stories"] == []
    assert document(quotewire("latest", "--as-of", "2020-01-01", "--json"))["stories"] != []
    result = quotewire("ask", RUSSIA, "--source", "Nowhere Times")
    assert result.exit_code == 1
    assert "Nowhere Times" in result.stderr
    for command in (("ask", RUSSIA), ("latest",)):
        assert "NATO chief demands" in quotewire(*command, "--language", "English").stdout
        result = quotewire(*command, "--language", "de")
        assert result.exit_code == 1
        assert "No articles in German are indexed; there are some in: English." in result.stderr


def test_a_person_gets_the_same_as_a_page(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    answer = document(quotewire("ask", RUSSIA, "--json"))
    page = quotewire("ask", RUSSIA)
    assert page.exit_code == 0
    assert all(f"“{quote['text']}”" in page.stdout for quote in answer["quotes"])
    assert "\x1b" not in page.stdout
    (story,) = document(quotewire("latest", "--json"))["stories"]
    listed = quotewire("latest").stdout
    assert all(f"“{quote['text']}”" in listed for quote in story["quotes"])
    assert "Publisher's summary" not in listed, "it stands where nothing is quoted"
    assert "Articles  1\nLanguages English 1\n" in quotewire("status").stdout


def test_latest_and_status_as_json(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    briefing = document(quotewire("latest", "--json"))
    assert set(briefing) == {"topic", "stories", "generation", "seconds"}
    (story,) = briefing["stories"]
    assert story["articles"][0]["title"].startswith("NATO chief demands")
    assert len(story["articles"][0]["key_points"]) == 3
    assert story["new"] == []
    again = document(quotewire("latest", "--json", "--known", "0"))
    assert again["stories"][0]["new"] == [story["articles"][0]["id"]]
    timeline = document(quotewire("story", str(story["id"]), "--json"))
    assert set(timeline) == {"story", "steps", "generation"}
    assert timeline["story"]["id"] == story["id"]
    assert quotewire("story", str(story["id"])).stdout.startswith("NATO chief demands")
    unknown = quotewire("story", "123456", "--json")
    assert unknown.exit_code == 1
    assert json.loads(unknown.stdout)["error"].startswith("No story 123456 is known")
    status = document(quotewire("status", "--json"))
    assert (status["articles"], status["failed"], status["notice"]) == (1, [], None)
    assert datetime.fromisoformat(status["reloaded"]).tzinfo


def test_an_empty_question_is_an_error_in_one_line(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    result = quotewire("ask", "  ")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_ask_fills_an_empty_index_first_and_only_then(tmp_path: Path) -> None:
    answer = document(quotewire("ask", RUSSIA, "--json"))
    assert (answer["answered"], answer["articles"]) == (True, 1)
    generation = answer["generation"]
    again = document(quotewire("latest", "--json"))
    assert again["generation"] == generation


def test_a_reload_names_what_it_skipped_and_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "good.txt").write_text("A headline\nA body that says something about the harbour.\n")
    (seeds / "empty.txt").touch()
    monkeypatch.setenv("SEEDS_DIR", str(seeds))
    first = quotewire("reload")
    assert first.exit_code == 0
    assert ": 1 added, 0 updated, 0 removed, 0 unchanged." in first.stdout
    assert first.stdout.count("\n") == 1
    assert first.stderr.startswith("Skipped empty.txt: ")
    report = document(quotewire("reload", "--json"))
    assert (report["added"], report["unchanged"]) == (0, 1)
    assert [failure["where"] for failure in report["failed"]] == ["empty.txt"]


def test_an_unexpected_error_is_one_line_that_says_where_its_traceback_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: NewsroomSettings, **__: object) -> Newsroom:
        raise ZeroDivisionError(f"with {TOKEN}")

    monkeypatch.setattr(Newsroom, "open", broken)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    result = quotewire("status")
    kept = tmp_path / "data" / "last-error.txt"
    assert result.exit_code == 1
    assert result.stderr == (
        "quotewire: Unexpected ZeroDivisionError: with **********. "
        f"The traceback is in {kept}; LOG_LEVEL=DEBUG shows it here.\n"
    )
    assert "in broken" in kept.read_text()
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    loud = quotewire("status").stderr
    assert "in broken" in loud
    assert TOKEN not in result.output + kept.read_text() + loud


def test_a_pipe_is_answered_line_by_line_on_a_fresh_data_folder() -> None:
    run = process("run", said=f"{RUSSIA}\n\nWho won the 2018 World Cup?\n")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("1. “")
    assert "The articles do not answer this question." in run.stdout
    assert "\x1b" not in run.stdout + run.stderr
    assert run.stderr == "No DISCORD_TOKEN is set, so the conversation is here, in the terminal.\n"


def test_a_pipe_in_which_a_line_failed_ends_with_1(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    run = process("run", said="/frobnicate\n/latest\n")
    assert run.returncode == 1
    assert "There is no command /frobnicate" in run.stderr
    assert run.stdout.startswith("\n1. NATO chief demands")


def test_ctrl_c_ends_a_pipe_with_130(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdin.write("/help\n")
        run.stdin.flush()
        assert run.stdout.readline().startswith("Ask a question")
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=60) == 130
        assert "Traceback" not in run.stderr.read()


def test_a_reader_that_leaves_early_is_no_error_of_ours(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed))
    run = subprocess.Popen(
        [sys.executable, "-m", "bot", "latest"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    assert "Traceback" not in run.stderr.read()
    assert run.wait(timeout=60) == 1
    run.stderr.close()
    assert not (indexed / "last-error.txt").exists()
