"""The log: its two forms, its levels, and that the token is nowhere in it."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.connection.offload import offload
from bot.log import LAST_ERROR, MASK, JsonFormatter, TextFormatter, concerning, configure_logging, unexpected
from bot.settings import Settings

TOKEN = SecretStr("MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.mnopqrstuvwxyz")
SECRET = TOKEN.get_secret_value()


def configured(conversation: bool = False, **values: Any) -> None:
    configure_logging(Settings(discord_token=TOKEN, **values), conversation=conversation)


@pytest.fixture
def failure() -> logging.LogRecord:
    """A record whose message, arguments and traceback all hold the token."""
    try:
        raise ValueError(f"{SECRET} is wrong")
    except ValueError:
        return logging.LogRecord(
            "bot.x", logging.ERROR, __file__, 1, f"{SECRET} and %s", (TOKEN.get_secret_value(),), sys.exc_info()
        )


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
def test_the_token_is_masked_in_message_arguments_and_traceback(
    formatter: type[TextFormatter | JsonFormatter], failure: logging.LogRecord
) -> None:
    line = formatter(TOKEN).format(failure)
    assert SECRET not in line
    assert f"{MASK} and {MASK}" in line
    assert f"ValueError: {MASK} is wrong" in line
    assert "Traceback" in line


def test_what_has_the_form_of_a_token_is_masked_wherever_it_was_set() -> None:
    other = "MTk5NDU2Nzg5MDEyMzQ1Njc4.GhIjKl.mnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ_54321"
    record = logging.LogRecord("bot", logging.INFO, "", 1, "no model %s at 127.0.0.1", (other,), None)
    assert TextFormatter(TOKEN).format(record).endswith(f"no model {MASK} at 127.0.0.1")


def test_json_is_one_object_a_line(failure: logging.LogRecord) -> None:
    line = JsonFormatter(TOKEN).format(failure)
    assert "\n" not in line
    fields = json.loads(line)
    assert list(fields) == ["time", "level", "logger", "message", "traceback"]
    assert (fields["level"], fields["logger"]) == ("ERROR", "bot.x")
    assert fields["time"].endswith("+00:00")


def test_a_message_can_neither_command_a_terminal_nor_pass_for_another_record() -> None:
    record = logging.LogRecord("bot", logging.INFO, "", 1, "a\x1b[31m\n2026-01-01 ERROR x", None, None)
    line = TextFormatter().format(record)
    assert line.endswith("INFO bot: a[31m\n    2026-01-01 ERROR x")


def test_a_served_bot_logs_information_and_libraries_only_what_matters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configured(log_format="json")
    for name in ("bot.connection.client", "discord.client", "transformers", "urllib3"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING):
            logging.getLogger(name).log(level, "said")
    out, err = capsys.readouterr()
    assert out == ""
    said = [(fields["logger"], fields["level"]) for fields in map(json.loads, err.splitlines())]
    assert said == [
        ("bot.connection.client", "INFO"),
        ("bot.connection.client", "WARNING"),
        ("discord.client", "INFO"),
        ("discord.client", "WARNING"),
        ("urllib3", "WARNING"),
    ]


async def test_records_say_what_their_task_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    configured(log_format="json")
    ours = logging.getLogger("bot.commands.ask")

    async def answering(guild: int | None, command: str) -> None:
        concerning(shard=1, guild=guild, command=command)
        await asyncio.sleep(0)
        await offload(lambda: ours.warning("%s", command))

    await asyncio.gather(answering(112233445566778899, "feeds add"), answering(None, "ask"))
    ours.warning("none", extra={"command": "sync", "question": "Who?"})
    records = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = {record["message"]: {name: record.get(name) for name in ("shard", "guild", "command")} for record in records}
    assert said == {
        "feeds add": {"shard": 1, "guild": 112233445566778899, "command": "feeds add"},
        "ask": {"shard": 1, "guild": None, "command": "ask"},
        "none": {"shard": None, "guild": None, "command": "sync"},
    }
    assert not any("Who?" in str(record) for record in records)


def test_the_shard_that_discord_py_speaks_of_is_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    configured(log_format="json")
    logging.getLogger("discord.gateway").info("Shard ID %s has connected to Gateway (Session ID: %s).", 3, "abc")
    logging.getLogger("discord.client").warning("%d seconds", 3)
    first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert first["shard"] == 3
    assert "shard" not in second


def test_a_conversation_leaves_information_out(capsys: pytest.CaptureFixture[str]) -> None:
    configured(conversation=True)
    logging.getLogger("retrieval").info("reloaded")
    logging.getLogger("retrieval").warning("careful")
    err = capsys.readouterr().err
    assert "reloaded" not in err
    assert "WARNING retrieval: careful" in err


def test_debug_is_ours_alone_as_a_librarys_would_hold_members_messages(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configured(conversation=True, log_level="DEBUG")
    logging.getLogger("retrieval").debug("ours")
    logging.getLogger("discord.http").debug("theirs")
    err = capsys.readouterr().err
    assert "DEBUG retrieval: ours" in err
    assert "theirs" not in err


def test_configuring_twice_does_not_log_twice(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    configured()
    logging.getLogger("bot").warning("once")
    assert capsys.readouterr().err.count("once") == 1


def test_an_unexpected_error_is_one_line_and_its_traceback_is_kept_private(tmp_path: Path) -> None:
    try:
        raise KeyError(f"{SECRET}\nsecond line")
    except KeyError as error:
        line = unexpected(error, tmp_path / "new", TOKEN)
    kept = tmp_path / "new" / LAST_ERROR
    assert line.startswith("Unexpected KeyError: ")
    assert str(kept) in line
    assert "\n" not in line
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "Traceback" in kept.read_text()
    assert SECRET not in line + kept.read_text()


def test_an_unexpected_error_is_told_also_when_its_traceback_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert unexpected(ValueError("odd."), tmp_path / "file") == (
        "Unexpected ValueError: odd. Set LOG_LEVEL=DEBUG to see where it happened."
    )


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("postgresql://quotewire:pa%20ss@h:5432/news?a=b", f"postgresql://quotewire:{MASK}@h:5432/news?a=b"),
        ("postgres://u:p@ss/w:ord@h,i/news", f"postgres://u:{MASK}@h,i/news"),
        ("user=u password=pass host=h", f"user=u password={MASK} host=h"),
        (r"password='it\'s a secret' host=h", f"password={MASK} host=h"),
        (
            "postgresql://u@h/news?password=pass&sslmode=require",
            f"postgresql://u@h/news?password={MASK}&sslmode=require",
        ),
        ("postgresql://u@h/news", "postgresql://u@h/news"),
    ],
)
def test_the_password_of_a_database_is_masked(formatter: type[TextFormatter], said: str, shown: str) -> None:
    try:
        raise ValueError(f"cannot reach {said}, it says")
    except ValueError:
        failure = logging.LogRecord("bot", logging.ERROR, "", 0, "tried %s here", (said,), sys.exc_info())
    line = formatter(TOKEN).format(failure)
    if formatter is JsonFormatter:
        fields = json.loads(line)
        line = f"{fields['message']}\n{fields['traceback']}"
    assert f"tried {shown} here" in line
    assert f"cannot reach {shown}, it says" in line
