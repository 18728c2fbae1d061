"""Settings from the environment and `.env`: read once, every fault named at once, secrets masked."""

from __future__ import annotations

import difflib
import ipaddress
import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.masking import token_mistake, without_secrets
from bot.sharing import Shards, address_fault, shards_named
from retrieval.errors import QuotewireError

if TYPE_CHECKING:
    from retrieval.newsroom import NewsroomSettings

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LogFormat = Literal["text", "json"]
VectorSearch = Literal["local", "pgvector"]

_SWITCH = {**dict.fromkeys(("on", "true", "yes", "1"), True), **dict.fromkeys(("off", "false", "no", "0"), False)}
NONE = "none"
"""What is set where there is to be nothing: no words before texts, no collection, no limit. A blank value means the
default."""
LONGEST_PROMPT = 300
_COLLECTION = re.compile(r"[\w-]{1,40}", re.ASCII)


class HostError(QuotewireError):
    """Something that the host has to put right first: starting again does not help."""


class SettingsError(HostError):
    """One or more settings cannot be used; the message has a line for each."""


class Settings(BaseSettings):
    """How this Quotewire is set up. `.env.example` explains each setting; blank ones mean their default.

    Built directly it reads the environment only; `load_settings` reads `.env` as well and explains faults.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=True, hide_input_in_errors=True)

    discord_token: SecretStr | None = None
    data_dir: Path = Path(".quotewire/")
    seeds_dir: Path = Path("seeds/")
    embedding_model: str | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None
    reranker_model: str | None = None
    answer_from: float = 0.4
    keep_days: int | None = None
    keep_articles: int | None = None
    allow_private_addresses: bool = False
    collections: Annotated[tuple[str, ...] | None, NoDecode] = None
    server_feeds: int | None = 100
    server_articles: int | None = 20_000
    server_adds: int | None = 60
    moderator_roles: Annotated[tuple[str, ...], NoDecode] = ()
    database_url: SecretStr | None = None
    database_read_url: SecretStr | None = None
    vectors: VectorSearch = "local"
    shards: Annotated[Shards | None, NoDecode] = None
    health_port: int | None = None
    health_host: str = "127.0.0.1"
    log_level: LogLevel = "INFO"
    log_format: LogFormat = "text"

    def newsroom(self) -> NewsroomSettings:
        """The part that `retrieval` needs."""
        # Imported here because it brings in faiss and numpy, which a mistake in the settings need not wait for.
        from retrieval.newsroom import NewsroomSettings

        return NewsroomSettings(
            data_dir=self.data_dir,
            seeds_dir=self.seeds_dir,
            embedding_model=self.embedding_model,
            query_prompt=self.query_prompt,
            passage_prompt=self.passage_prompt,
            reranker_model=self.reranker_model,
            answer_from=self.answer_from,
            keep_days=self.keep_days,
            keep_articles=self.keep_articles,
            allow_private_addresses=self.allow_private_addresses,
            collections=self.collections,
            reader_feeds=self.server_feeds,
            reader_articles=self.server_articles,
            reader_adds=self.server_adds,
            database=_revealed(self.database_url),
            database_read=_revealed(self.database_read_url),
            vectors=self.vectors,
        )

    def check_folder(self) -> None:
        """Raises `SettingsError` unless the folder of `SEEDS_DIR`, which not every command reads, can be read."""
        if fault := _seeds_fault(self.seeds_dir):
            raise _settings_error([f"SEEDS_DIR: {fault}"])

    @model_validator(mode="before")
    @classmethod
    def _blank_means_default(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if value is not None and not (isinstance(value, str) and not value.strip())
        }

    @field_validator("discord_token")
    @classmethod
    def _token_is_plausible(cls, token: SecretStr | None) -> SecretStr | None:
        if token and (mistake := token_mistake(token.get_secret_value())):
            raise ValueError(mistake)
        return token

    @field_validator("data_dir", "seeds_dir", mode="before")
    @classmethod
    def _home_is_expanded(cls, value: str | Path) -> Path:
        return _expanded(value)

    @field_validator("data_dir")
    @classmethod
    def _data_dir_can_be_written(cls, folder: Path) -> Path:
        if fault := _folder_fault(folder, must_exist=False, access=os.W_OK | os.X_OK):
            raise ValueError(f"{fault}; name a folder that Quotewire may write to")
        return folder

    @field_validator("embedding_model", "reranker_model")
    @classmethod
    def _model_folder_exists(cls, value: str | None) -> str | None:
        model = value.strip() if value else ""
        if not (model.startswith((".", "~")) or Path(model).is_absolute()):
            return model or None  # a name, or a folder beside the settings that looks like one
        folder = _expanded(model)
        if fault := _folder_fault(folder, must_exist=True, access=os.R_OK | os.X_OK):
            raise ValueError(f"{fault}; name a model of the Hugging Face Hub or the folder of one")
        return str(folder)

    @field_validator("query_prompt", "passage_prompt")
    @classmethod
    def _prompt_leaves_room(cls, prompt: str | None) -> str | None:
        if prompt is None or len(prompt) <= LONGEST_PROMPT:
            return "" if prompt and prompt.strip().casefold() == NONE else prompt
        raise ValueError(
            f"It has {len(prompt)} characters, which leaves no room for texts; use {LONGEST_PROMPT} at most, "
            f"or the word {NONE} for no prompt"
        )

    @field_validator("answer_from", mode="before")
    @classmethod
    def _confidence_is_a_share(cls, value: str | float) -> float:
        try:
            confidence = float(value)
        except ValueError:
            confidence = -1.0
        if not 0 <= confidence <= 1:
            raise ValueError(f"'{value}' is not a confidence; use a number from 0 (always answer) to 1, such as 0.4")
        return confidence

    @field_validator("keep_days", "keep_articles", mode="before")
    @classmethod
    def _bound_leaves_something(cls, value: object) -> int | None:
        if value is None:
            return None
        text = str(value).strip()
        if not (text.isascii() and text.isdecimal() and int(text[:9]) >= 1 and len(text) <= 9):
            raise ValueError(f"'{value}' is no bound; use a whole number from 1, or leave it blank to keep everything")
        return int(text)

    @field_validator("server_feeds", "server_articles", "server_adds", mode="before")
    @classmethod
    def _limit_is_a_number(cls, value: object) -> int | None:
        text = str(value).strip()
        if text.casefold() == NONE:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValueError(f"'{value}' is no limit; use a whole number from 0, or the word {NONE} for no limit")
        return int(text)

    @field_validator("collections", mode="before")
    @classmethod
    def _collections_are_split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = [name for part in value.split(",") if (name := part.strip())]
        if names == [NONE]:
            return ()
        if strange := next((name for name in names if not _COLLECTION.fullmatch(name)), None):
            raise ValueError(
                f"'{strange}' is no name of a collection; `quotewire collections list` names those there are"
            )
        return tuple(names)

    @field_validator("allow_private_addresses", mode="before")
    @classmethod
    def _switch_is_on_or_off(cls, value: object) -> bool:
        if (word := str(value).strip().casefold()) in _SWITCH:
            return _SWITCH[word]
        raise ValueError(f"'{value}' is neither on nor off; use one of the two")

    @field_validator("moderator_roles", mode="before")
    @classmethod
    def _roles_are_split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(role for part in value.split(",") if (role := part.strip()))
        return value

    @field_validator("database_url", "database_read_url")
    @classmethod
    def _database_has_an_address(cls, value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if value is None:
            return None
        if fault := address_fault(address := value.get_secret_value().strip()):
            raise ValueError(fault)
        if others.field_name == "database_read_url" and others.data.get("database_url", value) is None:
            raise ValueError("There is no DATABASE_URL that it could stand in for; set that too, or leave this blank")
        return SecretStr(address)

    @field_validator("vectors", mode="before")
    @classmethod
    def _vectors_lie_somewhere(cls, value: object, others: ValidationInfo) -> str:
        where = _choice(str(value), get_args(VectorSearch))
        if where == "pgvector" and others.data.get("database_url", where) is None:
            raise ValueError("pgvector is part of a database; set DATABASE_URL too, or leave this blank")
        return where

    @field_validator("shards", mode="before")
    @classmethod
    def _shards_are_named(cls, value: object, others: ValidationInfo) -> object:
        shards = shards_named(value) if isinstance(value, str) else value
        if isinstance(shards, Shards) and shards.most and others.data.get("database_url", value) is None:
            raise ValueError(
                f"Which {shards.most} of {shards.count} shards nobody serves is known to the database only; set "
                f"DATABASE_URL, or name them, such as 0-{shards.most - 1}/{shards.count}"
            )
        return shards

    @field_validator("health_port", mode="before")
    @classmethod
    def _port_exists(cls, value: object) -> int | None:
        if value is None:
            return None
        text = str(value).strip()
        if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535):
            raise ValueError(f"'{value}' is no port; use a number from 1 to 65535, such as 8080, or leave it blank")
        return int(text)

    @field_validator("health_host", mode="before")
    @classmethod
    def _host_is_an_address(cls, value: object) -> str:
        try:
            return str(ipaddress.ip_address(str(value).strip()))
        except ValueError:
            raise ValueError(
                f"'{value}' is no IP address; use 127.0.0.1 for this machine only, or 0.0.0.0 for all that reach it"
            ) from None

    @field_validator("log_level", mode="before")
    @classmethod
    def _level_is_known(cls, value: object) -> str:
        return _choice(str(value), get_args(LogLevel))

    @field_validator("log_format", mode="before")
    @classmethod
    def _format_is_known(cls, value: object) -> str:
        return _choice(str(value), get_args(LogFormat))


class _FolderReadersSettings(Settings):
    """For a command that reads the folder of articles, so that its faults are named along with all others."""

    @field_validator("seeds_dir")
    @classmethod
    def _seeds_dir_can_be_read(cls, folder: Path) -> Path:
        if fault := _seeds_fault(folder):
            raise ValueError(fault)
        return folder


SETTING_NAMES: tuple[str, ...] = tuple(name.upper() for name in Settings.model_fields)
"""The environment variables, in the order of `.env.example`."""


def load_settings(env_file: Path = Path(".env"), *, reads_folder: bool = False) -> Settings:
    """Read the environment and `env_file` (which need not exist); the environment wins.

    Raises `SettingsError` with a line for every fault, each with its variable and its remedy. That the folder of
    articles cannot be read is one for a command that `reads_folder`.
    """
    # python-dotenv only logs the lines that it cannot read; they are faults here, and named below.
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)
    faults: list[str] = []
    try:
        faults = _file_faults(env_file)
        # pyright sees the fields only, not the parameters that pydantic-settings adds.
        settings = (_FolderReadersSettings if reads_folder else Settings)(_env_file=env_file)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise _settings_error(faults + _value_faults(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise _settings_error([f"{env_file} cannot be read: {reason}"]) from None
    if faults:
        raise _settings_error(faults)
    return settings


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _expanded(path: str | Path) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise ValueError(f"There is no home folder for '{path}'; write the full path") from None


def _folder_fault(folder: Path, *, must_exist: bool, access: int) -> str | None:
    try:
        if must_exist and not folder.exists():
            return f"There is no folder '{folder}' (looked in {Path.cwd()})"
        # A folder that is yet to be created stands or falls with the nearest one that exists.
        nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not nearest.is_dir():
            return f"'{nearest}' is a file, not a folder"
        return None if os.access(nearest, access) else f"'{nearest}' is closed to this user"
    except OSError as error:
        return f"'{folder}' cannot be opened ({error.strerror})"


def _seeds_fault(folder: Path) -> str | None:
    fault = _folder_fault(folder, must_exist=True, access=os.R_OK | os.X_OK)
    return fault and f"{fault}; create it or name the folder that holds your articles"


def _choice(value: str, allowed: tuple[str, ...]) -> str:
    for choice in allowed:
        if choice.casefold() == value.strip().casefold():
            return choice
    raise ValueError(f"'{value}' is not known; use {', '.join(allowed[:-1])} or {allowed[-1]}")


def _file_faults(env_file: Path) -> list[str]:
    """Lines of `env_file` that cannot be read, and names in it that look like ours, misspelt."""
    if not env_file.is_file():
        return []
    with env_file.open(encoding="utf-8") as stream:
        bindings = list(parse_stream(stream))
    faults = [
        f"{env_file} line {binding.original.line}: this is not of the form NAME=value; correct or remove it"
        for binding in bindings
        if binding.error
    ]
    written = {binding.key: binding.value for binding in bindings if binding.key}
    in_use = {name.upper() for name, value in (*written.items(), *os.environ.items()) if value}
    return faults + [
        f"{name} in {env_file}: there is no such setting; did you mean {meant}?"
        for name in written
        if (meant := _misspelt(name)) and meant not in in_use
    ]


def _misspelt(name: str) -> str | None:
    """The setting that `name` was meant to be; None when it is one, or is some other program's."""
    name = name.upper()
    # A longer name, such as DISCORD_TOKEN_OLD, is a note that a host keeps, not a slip.
    if name in SETTING_NAMES or name.startswith(tuple(f"{setting}_" for setting in SETTING_NAMES)):
        return None
    close = difflib.get_close_matches(name, SETTING_NAMES, n=1, cutoff=0.8)
    return close[0] if close else None


def _value_faults(error: ValidationError) -> list[str]:
    faults: list[str] = []
    for detail in error.errors(include_url=False, include_input=False):
        reason = detail.get("ctx", {}).get("error", detail["msg"])
        faults.append(f"{str(detail['loc'][0]).upper()}: {reason}")
    return faults


def _settings_error(faults: list[str]) -> SettingsError:
    faults = [without_secrets(fault) for fault in faults]
    return SettingsError("\n".join(fault if fault.endswith(("?", ".")) else f"{fault}." for fault in faults))
