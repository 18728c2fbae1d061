"""The conversation: its commands on a real newsroom, its keys on a real prompt and a real terminal."""

from __future__ import annotations

import io
import json
import os
import re
import select
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.cli.conversation import Conversation, Leave, prompt_session
from bot.settings import SETTING_NAMES
from bot.upkeep.contents import TERMINAL_HISTORY
from retrieval.answer import Briefing
from retrieval.errors import InvalidQuestion, QuotewireError, UnknownStory
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.bag_of_words import BAG_OF_WORDS, PACE
from tests.support.places import ROOT, SEEDS
from tests.support.processes import PYTHONPATH
from tests.support.talks import write_talks

RUSSIA = "What did Rutte say about Russia?"
LOADED = "1 article loaded. Ask a question; /help lists the commands, Ctrl-D leaves."
pytestmark = pytest.mark.usefixtures("bag_of_words")
PROMPT = "\x1b[?2004h"  # prompt-toolkit asks for bracketed paste when it begins to read a line


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def room(data_dir: Path) -> Iterator[Newsroom]:
    with Newsroom.open(NewsroomSettings(data_dir, SEEDS)) as room:
        room.reload()
        yield room


@pytest.fixture
def talk(room: Newsroom, tmp_path: Path) -> Iterator[Conversation]:
    def console() -> Console:
        return Console(file=io.StringIO(), width=80)

    with ThreadPoolExecutor() as workers:
        yield Conversation(room, tmp_path, console(), console(), workers)


def said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_question_is_answered_with_quotes(talk: Conversation) -> None:
    talk.answer(f"  {RUSSIA}\n")
    assert said(talk.out).startswith("1. “")
    assert "Publisher's summary" in said(talk.out)
    assert said(talk.notes) == ""


@pytest.mark.parametrize("line", ["/latest", "/latest nuclear deterrent"])
def test_latest_with_and_without_a_topic(line: str, talk: Conversation) -> None:
    talk.answer(line)
    assert said(talk.out).startswith("1. NATO chief demands faster Russian action")


def test_a_story_is_told_by_its_place_in_the_list_or_its_number(talk: Conversation) -> None:
    (listed,) = talk.room.latest().stories
    for wanted in (f"/story {listed.id + 1_000_000}", "/story 0", "/story 2000000"):
        with pytest.raises(UnknownStory, match="/latest lists those that are"):
            talk.answer(wanted)
    for unclear in ("/story", "/story first", f"/story {'9' * 19}"):
        with pytest.raises(QuotewireError, match="/story 1 is the first"):
            talk.answer(unclear)
    talk.answer("/latest")
    talk.listed[:] = [replace(listed, id=2_000_000), listed]
    talk.out.file = io.StringIO()
    talk.answer("/story 2")
    assert said(talk.out).startswith("NATO chief demands faster Russian action")
    talk.out.file = io.StringIO()
    talk.listed.clear()
    talk.answer(f"/story {listed.id}")
    assert said(talk.out).startswith("NATO chief demands faster Russian action")


def test_what_came_since_the_last_look_is_new(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str | None, int | None]] = []
    real = Newsroom.latest

    def latest(room: Newsroom, topic: str | None = None, *, known: int | None, language: str | None) -> Briefing:
        asked.append((topic, known))
        return real(room, topic, known=known, language=language)

    monkeypatch.setattr(Newsroom, "latest", latest)
    for line in ("/latest", "/latest Russia", "/latest", "/latest Russia"):
        talk.answer(line)
    generation = talk.room.status().generation
    assert asked == [(None, None), ("Russia", None), (None, generation), ("Russia", generation)]


def test_a_language_holds_until_another_is_chosen(talk: Conversation) -> None:
    for typed, named in (("german", "German"), ("Klingon", "'Klingon'")):
        with pytest.raises(QuotewireError, match=f"There are no articles in {named}; the languages there are: English"):
            talk.answer(f"/language {typed}")
    talk.answer("/language English")
    assert said(talk.out) == "From now on only articles in English.\n"
    assert talk.language == "en"
    talk.answer(RUSSIA)
    talk.answer("/latest")
    assert "NATO chief demands" in said(talk.out)
    talk.only[:] = ["de"]
    for line in (RUSSIA, "/latest"):
        with pytest.raises(InvalidQuestion, match="No articles in German are indexed"):
            talk.answer(line)
    talk.answer("/language")
    assert talk.language is None
    assert said(talk.out).endswith("From now on articles in any language.\n")


def test_a_reload_is_reported(talk: Conversation) -> None:
    talk.answer("/reload")
    assert "0 added, 0 updated, 0 removed, 1 unchanged." in said(talk.out)


def test_help_names_every_command(talk: Conversation) -> None:
    talk.answer("/help")
    assert re.findall(r"/\w+", said(talk.out)) == ["/latest", "/story", "/language", "/reload", "/help", "/quit"]


@pytest.mark.parametrize("line", ["/quit", "/exit", "quit", " exit "])
def test_ways_to_leave(line: str, talk: Conversation) -> None:
    with pytest.raises(Leave):
        talk.answer(line)


def test_an_unknown_command_is_an_error_with_the_remedy(talk: Conversation) -> None:
    with pytest.raises(QuotewireError, match="There is no command /latets; /help lists those there are"):
        talk.answer("/latets Ukraine")


def test_complaints_are_one_line_and_command_nothing(talk: Conversation) -> None:
    talk.complain(QuotewireError("Ask \x1b[31min words [bold]."))
    talk.complain(ZeroDivisionError("odd"))
    first, second = said(talk.notes).splitlines()
    assert first == "Ask [31min words [bold]."
    assert second.startswith("Unexpected ZeroDivisionError: odd. The traceback is in ")


def test_a_start_says_how_much_there_is(talk: Conversation) -> None:
    talk.refresh()
    talk.greet()
    assert said(talk.notes) == f"{LOADED}\n"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


def test_ctrl_c_clears_the_line(keys: PipeInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch)
    keys.send_text("no\x03yes\r")
    assert prompt_session(tmp_path).prompt() == "yes"


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_on_an_empty_line_ctrl_c_and_ctrl_d_leave(
    key: str, keys: PipeInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch)
    keys.send_text(key)
    with pytest.raises(EOFError):
        prompt_session(tmp_path).prompt()


def test_history_is_kept_across_sessions_and_private(
    keys: PipeInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch)
    keys.send_text("first\r")
    prompt_session(tmp_path).prompt()
    keys.send_text("\x1b[A\r")  # arrow up
    assert prompt_session(tmp_path).prompt() == "first"
    assert stat.S_IMODE((tmp_path / TERMINAL_HISTORY).stat().st_mode) == 0o600


def test_without_a_place_for_history_there_is_a_prompt_still(
    keys: PipeInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch)
    keys.send_text("line\r")
    assert prompt_session(tmp_path / "missing").prompt() == "line"


class Terminal:
    """`quotewire run` in a pseudo-terminal of its own, as a person's shell would start it."""

    def __init__(self, data_dir: Path, model: Path, seeds: Path) -> None:
        """`model` is the file whose appearance ends the loading of the model."""
        environment = {name: value for name, value in os.environ.items() if name not in SETTING_NAMES}
        environment |= {"DATA_DIR": str(data_dir), "SEEDS_DIR": str(seeds), "PYTHONPATH": PYTHONPATH}
        environment |= {BAG_OF_WORDS: str(model)}
        # Without CPR prompt-toolkit asks no questions that only a real terminal would answer.
        environment |= {"PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"}
        self.master, slave = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=data_dir,
            env=environment,
            preexec_fn=lambda: os.login_tty(slave),
            pass_fds=[slave],
        )
        os.close(slave)
        self.shown = ""

    def wait_for(self, text: str, seconds: float = 60) -> None:
        """Read until `text` is shown after what was waited for before."""
        until = time.monotonic() + seconds
        while text not in self.shown:
            ready, _, _ = select.select([self.master], [], [], until - time.monotonic())
            assert ready, f"{text!r} was not shown, but: {self.shown!r}"
            self.shown += os.read(self.master, 65536).decode(errors="replace")
        self.shown = self.shown.partition(text)[2]

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def exit_code(self) -> int:
        drained = threading.Thread(target=self._drain, daemon=True)
        drained.start()
        return self.process.wait(60)

    def _drain(self) -> None:
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:
            return  # the other side is closed

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture(scope="module")
def indexed(room: Newsroom, data_dir: Path) -> Path:
    """A data folder in which the seeds are indexed."""
    return data_dir


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_terminal(data_dir: Path | None, model: Path = ROOT, seeds: Path = SEEDS) -> Terminal:
        opened.append(Terminal(data_dir or tmp_path, model, seeds))
        return opened[-1]

    yield open_terminal
    for each in opened:
        each.close()


def test_a_conversation_in_a_terminal(terminal: Callable[..., Terminal], indexed: Path) -> None:
    here = terminal(indexed)
    here.wait_for("No DISCORD_TOKEN is set")
    here.wait_for(LOADED)
    here.wait_for(PROMPT)
    here.type("/frobnicate\r")
    here.wait_for("There is no command /frobnicate")
    here.wait_for(PROMPT)
    here.type(f"nonsense\x03{RUSSIA}\r")
    here.wait_for("Publisher's summary")
    here.wait_for(PROMPT)
    here.type("/quit\r")
    assert here.exit_code() == 0


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_an_empty_prompt(key: str, terminal: Callable[..., Terminal], indexed: Path) -> None:
    here = terminal(indexed)
    here.wait_for(PROMPT)
    here.type(key)
    assert here.exit_code() == 0


def test_sigterm_ends_it_cleanly(terminal: Callable[..., Terminal], indexed: Path) -> None:
    here = terminal(indexed)
    here.wait_for(PROMPT)
    here.process.send_signal(signal.SIGTERM)
    assert here.exit_code() == 0


def test_ctrl_c_stops_a_reload_but_not_the_conversation(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    model = tmp_path / "model"
    here = terminal(None, model)
    here.wait_for("Reading")  # for as long as the model loads
    here.type("\x03")
    here.wait_for("Stopped.")
    here.wait_for("0 articles loaded.")
    here.wait_for(PROMPT)
    model.touch()
    here.type("/help\r")
    here.wait_for("/quit")
    here.wait_for(PROMPT)
    here.type("\x04")
    assert here.exit_code() == 0


def test_questions_are_answered_while_articles_are_read(
    terminal: Callable[..., Terminal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    write_talks(seeds / "many.jsonl", 1500)
    monkeypatch.setenv(PACE, "0.01")
    here = terminal(None, seeds=seeds)
    here.wait_for(" articles loaded. The others are read meanwhile.")
    here.wait_for(" of 1,500 article")  # beside the prompt; in the last column, a letter is drawn apart
    here.type("What happened at the talks of day 1499?\r")
    here.wait_for("Talks of day 1499")
    here.wait_for("Still reading: ")
    here.type("/quit\r")
    here.wait_for("Stopped reading at ")
    assert here.exit_code() == 0


def test_a_pipe_is_answered_from_what_is_read_and_the_next_start_goes_on(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    write_talks(seeds / "many.jsonl", 600)
    environment = {"PYTHONPATH": PYTHONPATH, "DATA_DIR": str(tmp_path), "SEEDS_DIR": str(seeds)}
    for pace, ending in (("0.01", " of 600 articles"), ("0", "")):
        run = subprocess.run(
            [sys.executable, "-m", "bot", *(["run"] if ending else ["ask", "talks of day 3?", "--json"])],
            input="What happened at the talks of day 599?",
            env={**os.environ, **environment, PACE: pace},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        if ending:
            assert "Talks of day 599" in run.stdout
            assert run.stdout.rstrip().endswith(ending)
            assert "Stopped reading at " in run.stderr
        else:  # it is read to its end first
            document = json.loads(run.stdout)
            assert document["articles"] == 600
            assert "reading" not in document


def test_ctrl_c_gives_up_an_answer_but_not_the_conversation(
    terminal: Callable[..., Terminal], indexed: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    here = terminal(indexed, model)
    here.wait_for(PROMPT)
    here.type(f"{RUSSIA}\r")
    here.wait_for("Looking through the articles")  # for as long as the model loads
    here.type("\x03")
    here.wait_for("Stopped.")
    here.wait_for(PROMPT)
    model.touch()
    here.type(f"{RUSSIA}\r")
    here.wait_for("Publisher's summary")
    here.wait_for(PROMPT)
    here.type("\x04")
    assert here.exit_code() == 0
