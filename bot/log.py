"""The log: to standard error, as text or JSON, with secrets masked in messages and tracebacks alike."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot.masking import MASK, without_secrets
from bot.settings import Settings
from retrieval.text.controls import one_line, without_controls

log = logging.getLogger(__name__)

ABOUT = ("shard", "guild", "command")
"""What a record of the JSON log may be about, beside what it says: numbers, and the name of a command."""

_about: ContextVar[Mapping[str, str | int] | None] = ContextVar("about", default=None)

LAST_ERROR = "last-error.txt"

# INFO of discord.py is its logins and reconnects, which a host wants to see; its DEBUG holds the members'
# messages and the interactions' tokens, which do not belong in a log.
_LIBRARY_LEVELS = {
    "discord": logging.INFO,
    "sentence_transformers": logging.ERROR,
    "transformers": logging.ERROR,
    "huggingface_hub": logging.ERROR,
    "py.warnings": logging.ERROR,
}

# Read by the libraries when they are imported: progress bars and advice that have no place between answers.
_QUIET_LIBRARIES = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TQDM_DISABLE": "1",
}


def masked(text: str, secret: SecretStr | None) -> str:
    """`text` with every occurrence of `secret`, and all else that has the form or the place of one, replaced."""
    return without_secrets(text.replace(secret.get_secret_value(), MASK) if secret else text)


def concerning(*, shard: int | None = None, guild: int | None = None, command: str | None = None) -> None:
    """Have what the present task logs from now on, and what the tasks that it starts log, say what it is about."""
    fields = {"shard": shard, "guild": guild, "command": command}
    _about.set({name: value for name, value in fields.items() if value is not None})


def _subject(record: logging.LogRecord) -> dict[str, str | int]:
    """What a record is about: what was passed to it as `extra`, else what its task is about."""
    subject = {**(_about.get() or {}), **{name: value for name, value in vars(record).items() if name in ABOUT}}
    # discord.py names the shard within the message only, first of all that it puts in.
    if record.name.startswith("discord.") and isinstance(record.args, tuple) and "shard" in str(record.msg).lower():
        first = next(iter(record.args), None)
        if isinstance(first, int):
            subject.setdefault("shard", first)
    return {name: subject[name] for name in ABOUT if name in subject}


class TextFormatter(logging.Formatter):
    """A line for people: time, level, logger, message; a traceback follows on lines of its own."""

    def __init__(self, secret: SecretStr | None = None) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secret = secret

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        """The line itself; a newline within the message is indented, so that it cannot pass for a record."""
        return super().formatMessage(record).replace("\n", "\n    ")

    def format(self, record: logging.LogRecord) -> str:
        """The finished record: masked here, where message and traceback are one text."""
        return without_controls(masked(super().format(record), self._secret))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message and, if any, shard, guild,
    command and traceback."""

    def __init__(self, secret: SecretStr | None = None) -> None:
        super().__init__()
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_subject(record),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        # Before JSON escapes what a password may hold.
        return json.dumps(
            {name: masked(text, self._secret) if isinstance(text, str) else text for name, text in fields.items()}
        )


def configure_logging(settings: Settings, *, conversation: bool) -> None:
    """Send the log to standard error as `settings` want it; call it before the libraries are imported.

    In a `conversation` (a terminal, a single command) INFO is left out: the screen says the same.
    """
    for name, value in _QUIET_LIBRARIES.items():
        os.environ.setdefault(name, value)
    formatter = JsonFormatter if settings.log_format == "json" else TextFormatter
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(settings.discord_token))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old.formatter, TextFormatter | JsonFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.captureWarnings(True)

    level = logging.getLevelName(settings.log_level)
    if conversation and level == logging.INFO:
        level = logging.WARNING
    root.setLevel(max(level, logging.WARNING))
    for ours in ("bot", "retrieval"):
        logging.getLogger(ours).setLevel(level)
    for library, lowest in _LIBRARY_LEVELS.items():
        logging.getLogger(library).setLevel(max(level, lowest))


def unexpected(error: Exception, data_dir: Path, secret: SecretStr | None = None) -> str:
    """One line for an error that nobody foresaw; its traceback goes to a private file in `data_dir`."""
    log.debug("Unexpected error", exc_info=error)
    trace = masked("".join(traceback.format_exception(error)), secret)
    summary = one_line(masked(f"Unexpected {type(error).__name__}: {error}", secret)).rstrip(".")
    kept = data_dir / LAST_ERROR
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        private_file(kept).write_text(trace, encoding="utf-8", errors="replace")
    except OSError:
        return f"{summary}. Set LOG_LEVEL=DEBUG to see where it happened."
    return f"{summary}. The traceback is in {kept}; LOG_LEVEL=DEBUG shows it here."


def private_file(path: Path) -> Path:
    """`path`, created if need be, for nobody else to read. Raises `OSError` if it cannot be."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    return path
