"""The conversation in a terminal: the same answers as in Discord, for one person at a keyboard or a pipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import create_output
from rich.console import Console
from rich.text import Text

from bot.cli.pages import answer_page, briefing_page, reading_line, remark_lines, report_page, show, timeline_page
from bot.cli.progress import progress_bar
from bot.log import private_file, unexpected
from bot.posting.polling import Polling
from bot.upkeep.contents import TERMINAL_HISTORY
from bot.wording.tongues import called, meant
from retrieval.answer import Answer, Briefing, Story, Timeline
from retrieval.article import Progress, ReloadReport
from retrieval.errors import QuotewireError
from retrieval.newsroom import Newsroom
from retrieval.text.controls import one_line, without_controls
from retrieval.text.tongues import CODES

T = TypeVar("T")

LOOK = 0.1
"""Seconds after which it is looked again whether questions can be answered."""
MOST_DIGITS = 19
"""Of a story's number."""
HELP = """\
Ask a question about the news; the answer is quoted from the articles.
  /latest [topic]  the latest stories, all or about a topic
  /story N         step by step the Nth of the stories listed last, or the one with this number
  /language [NAME] from now on only articles in this language, such as de or German; in all without one
  /reload          read new and changed articles
  /help            this list
  /quit            leave (so does Ctrl-D)
Ctrl-C clears the line, or stops what is running."""


def converse(room: Newsroom, data_dir: Path) -> int:
    """Reload, then answer the lines of standard input until it ends; the process's exit code.

    At a terminal that is a prompt. In a pipe each line is a question or a command, answers go to standard
    output and all else to standard error, and the code is 1 if any of the lines failed.
    """
    with ThreadPoolExecutor() as workers:
        talk = Conversation(room=room, data_dir=data_dir, out=Console(), notes=Console(stderr=True), workers=workers)
        if sys.stdin and sys.stdin.isatty():
            _at_prompt(talk)
            return 0
        return _from_pipe(talk, sys.stdin or ())


class Leave(Exception):
    """The person wants to leave."""


class ReloadUnderWay:
    """A reload of `room` beside all else, on one of `workers`, until it ends or is told to `stop`."""

    def __init__(self, room: Newsroom, workers: ThreadPoolExecutor) -> None:
        self.tell: Callable[[Progress], object] = lambda _: None
        """Who is told how far it is."""
        self._stopped = threading.Event()
        self.report: Future[ReloadReport] = workers.submit(lambda: room.reload(self._step))

    def _step(self, step: Progress) -> None:
        if self._stopped.is_set():
            raise KeyboardInterrupt
        self.tell(step)

    def stop(self) -> None:
        """End it where it is; what was served before stays, and the next reload goes on from there."""
        self._stopped.set()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a line is answered with: `out` receives answers, `notes` what is said beside them."""

    room: Newsroom
    data_dir: Path
    out: Console
    notes: Console
    workers: ThreadPoolExecutor
    beside: list[ReloadUnderWay] = field(default_factory=list)
    """The reload that goes on while questions are answered, if any."""
    listed: list[Story] = field(default_factory=list)
    """The stories that were listed last."""
    looks: dict[tuple[str | None, str | None], int] = field(default_factory=dict)
    """Up to which generation the latest stories were looked at, by topic and language."""
    only: list[str] = field(default_factory=list)
    """The language that articles are to be in (by its code), if one was chosen."""

    def refresh(self) -> None:
        """Bring the index up to date, with a word on what was skipped only.

        Of many new articles, those that are not read when the first can be asked about are read beside what follows.
        """
        reload = ReloadUnderWay(self.room, self.workers)
        self._follow(reload, lambda: self.room.ready() and self.room.reading() is not None)
        self.beside.append(reload)
        self.settle()

    def settle(self) -> None:
        """Say what was skipped by the reload of `refresh`, once that has ended. Raises what it raised."""
        while self.beside and self.beside[0].report.done():
            for line in remark_lines(self.beside.pop().report.result()):
                show(self.notes, line)

    def leave(self) -> None:
        """End what goes on, with a word on it."""
        for reload in self.beside:
            if not reload.report.done() and (reading := self.room.reading()):
                reload.stop()
                show(
                    self.notes, Text(f"Stopped reading at {reading_line(reading)}; the next start goes on from there.")
                )

    def greet(self) -> None:
        """Say how much there is to ask about, and how to leave."""
        count = self.room.status().articles
        loaded = f"{count:,} article{'' if count == 1 else 's'} loaded."
        if self.beside:
            loaded += " The others are read meanwhile."
        show(self.notes, Text(f"{loaded} Ask a question; /help lists the commands, Ctrl-D leaves."))

    def progress_line(self) -> str:
        """How far the reload of `refresh` is."""
        reading = self.room.reading()
        return f"Still reading: {reading_line(reading)}" if reading else "The articles are read."

    def answer(self, line: str) -> None:
        """Do what `line` asks for. Raises `QuotewireError`, `Leave`."""
        command, _, rest = line.strip().partition(" ")
        match command:
            case "/quit" | "/exit" | "quit" | "exit" if not rest:
                raise Leave
            case "/help" if not rest:
                self.out.print(Text(HELP))
            case "/reload" if not rest:
                show(self.out, report_page(self.reload()))
            case "/latest":
                show(self.out, briefing_page(self.latest(rest.strip() or None)))
            case "/language":
                show(self.out, self.choose_language(rest.strip()))
            case "/story":
                show(self.out, timeline_page(self.story(rest.strip())))
            case _ if command.startswith("/"):
                raise QuotewireError(f"There is no command {command}; /help lists those there are.")
            case _:
                show(self.out, answer_page(self.ask(line.strip())))

    def ask(self, question: str) -> Answer:
        """The answer to a question; the stories that it tells are those that were listed last."""
        answer = self.work(lambda: self.room.ask(question, language=self.language))
        if answer.stories:
            self.listed[:] = answer.stories
        return answer

    def latest(self, topic: str | None) -> Briefing:
        """The latest stories; what came since they were looked at before is new in them."""
        known = self.looks.get((topic, self.language))
        briefing = self.work(lambda: self.room.latest(topic, language=self.language, known=known))
        self.looks[topic, self.language] = briefing.generation
        self.listed[:] = briefing.stories
        return briefing

    @property
    def language(self) -> str | None:
        """The language that articles are to be in, by its code; None is any."""
        return next(iter(self.only), None)

    def choose_language(self, typed: str) -> Text:
        """Have articles be in a language, or in any without one. Raises `QuotewireError` where there are none in it."""
        held = self.room.languages()
        code = meant(typed, held) if typed else None
        if code is not None and code not in held:
            named = called(code) if code in CODES else repr(one_line(typed))
            there = ", ".join(map(called, held)) or "none that is known"
            raise QuotewireError(f"There are no articles in {named}; the languages there are: {there}.")
        self.only[:] = [code] if code else []
        return Text(
            f"From now on only articles in {called(code)}." if code else "From now on articles in any language."
        )

    def story(self, wanted: str) -> Timeline:
        """The story at a place of what was listed last (from 1), else the one with that number."""
        if not (wanted.isdecimal() and len(wanted) < MOST_DIGITS):
            raise QuotewireError("Say which story: /story 1 is the first of those that /latest lists.")
        number = int(wanted)
        if 0 < number <= len(self.listed):
            number = self.listed[number - 1].id
        return self.work(lambda: self.room.story(number))

    def reload(self) -> ReloadReport:
        """Reload with a progress bar; Ctrl-C stops it where it is, and the last generation stays."""
        reload = ReloadUnderWay(self.room, self.workers)
        self._follow(reload, lambda: False)
        return reload.report.result()

    def _follow(self, reload: ReloadUnderWay, enough: Callable[[], bool]) -> None:
        """Show how far a reload is until it ends, or that is `enough`; Ctrl-C stops it."""
        with progress_bar(self.notes) as reload.tell:
            try:
                while not wait({reload.report}, timeout=LOOK).done and not enough():
                    pass
            except BaseException:
                reload.stop()
                raise
            finally:
                reload.tell = lambda _: None

    def work(self, task: Callable[[], T], said: str = "Looking through the articles") -> T:
        """The result of `task`, run in another thread so that Ctrl-C reaches this one at any moment."""
        spinner = self.notes.status(said) if said and self.notes.is_terminal else nullcontext()
        with spinner:
            return self.workers.submit(task).result()

    def complain(self, error: Exception) -> None:
        """Say in one line what went wrong."""
        message = str(error) if isinstance(error, QuotewireError) else unexpected(error, self.data_dir)
        show(self.notes, Text(without_controls(message), "red"))


def _at_prompt(talk: Conversation) -> None:
    session = prompt_session(talk.data_dir)
    _load_model_while_typing(talk, session.default_buffer)
    _attempt(talk, talk.refresh)
    _attempt(talk, talk.greet)
    polling = Polling(talk.room, leases=talk.room.leases)
    polling.start()
    try:
        while True:
            session.rprompt = talk.progress_line if talk.beside else None
            session.refresh_interval = 1.0 if talk.beside else 0.0
            line = session.prompt("> ")
            _attempt(talk, talk.settle)
            if line.strip():
                _attempt(talk, partial(talk.answer, line))
    except (EOFError, KeyboardInterrupt, Leave):
        return
    finally:
        polling.stop()
        talk.leave()


def _load_model_while_typing(talk: Conversation, buffer: Buffer) -> None:
    """Loading takes as long as typing a question; who only looks in need not wait for it."""
    asked = threading.Event()

    def load(changed: Buffer) -> None:
        if not changed.text.startswith("/") and not asked.is_set():
            asked.set()
            # If it fails, the question says so.
            talk.workers.submit(talk.room.warm_up)

    buffer.on_text_changed += load


def _attempt(talk: Conversation, task: Callable[[], None]) -> None:
    """Do `task` such that the conversation goes on whatever happens, but for `Leave`."""
    try:
        task()
    except KeyboardInterrupt:
        talk.notes.print("Stopped.")
    except Leave:
        raise
    except Exception as error:
        talk.complain(error)


def _from_pipe(talk: Conversation, lines: Iterable[str]) -> int:
    failed = False
    try:
        talk.refresh()
    except QuotewireError as error:
        # What was indexed before can still be asked; whether it suffices, each question will tell.
        talk.complain(error)
    try:
        for number, line in enumerate(filter(str.strip, lines)):
            if number:
                talk.out.print()
            try:
                talk.answer(line)
            except Leave:
                break
            except QuotewireError as error:
                talk.complain(error)
                failed = True
    finally:
        talk.leave()
    return int(failed)


def prompt_session(data_dir: Path) -> PromptSession[str]:
    """A prompt with line editing, a history in `data_dir`, and Ctrl-C that first clears the line."""
    keys = KeyBindings()

    @keys.add("c-c")
    @keys.add(Keys.SIGINT)
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=EOFError)

    # Standard output may be a file that keeps the answers; the prompt then goes to standard error.
    output = None if sys.stdout.isatty() else create_output(always_prefer_tty=True)
    return PromptSession(history=_history(data_dir), key_bindings=keys, output=output, enable_suspend=True)


def _history(data_dir: Path) -> History:
    try:
        return FileHistory(private_file(data_dir / TERMINAL_HISTORY))
    except OSError:
        return InMemoryHistory()
