"""Settings: where they come from, what they mean, and how faults are told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from bot import sharing
from bot.masking import token_mistake
from bot.settings import SETTING_NAMES, Settings, SettingsError, load_settings
from bot.sharing import Shards
from tests.support.command_line import only_these_settings
from tests.support.places import ROOT
from tests.support.processes import PYTHONPATH

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.mnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ_12345"


@pytest.fixture(autouse=True)
def only_our_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder with articles and no settings from the machine that runs the tests."""
    only_these_settings(monkeypatch, tmp_path)
    (tmp_path / "seeds").mkdir()


def faults(env: str) -> list[str]:
    Path(".env").write_text(env, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(reads_folder=True)
    return str(raised.value).splitlines()


def test_without_any_setting_the_defaults_hold() -> None:
    assert load_settings().model_dump() == {
        "discord_token": None,
        "data_dir": Path(".quotewire"),
        "seeds_dir": Path("seeds"),
        "embedding_model": None,
        "query_prompt": None,
        "passage_prompt": None,
        "reranker_model": None,
        "answer_from": 0.4,
        "keep_days": None,
        "keep_articles": None,
        "allow_private_addresses": False,
        "collections": None,
        "server_feeds": 100,
        "server_articles": 20_000,
        "server_adds": 60,
        "moderator_roles": (),
        "database_url": None,
        "database_read_url": None,
        "vectors": "local",
        "shards": None,
        "health_port": None,
        "health_host": "127.0.0.1",
        "log_level": "INFO",
        "log_format": "text",
    }


def test_only_what_reads_the_folder_of_articles_needs_it(tmp_path: Path) -> None:
    (tmp_path / "seeds").rmdir()
    settings = load_settings()
    remedy = "create it or name the folder that holds your articles."
    for reading in (settings.check_folder, lambda: load_settings(reads_folder=True)):
        with pytest.raises(SettingsError) as raised:
            reading()
        assert str(raised.value) == f"SEEDS_DIR: There is no folder 'seeds' (looked in {tmp_path}); {remedy}"
    (tmp_path / "seeds").mkdir()
    settings.check_folder()
    assert load_settings(reads_folder=True).model_dump() == settings.model_dump()


def test_blank_values_mean_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("".join(f"{name}=\n" for name in SETTING_NAMES))
    blank_file = load_settings()
    for name in SETTING_NAMES:
        monkeypatch.setenv(name, "  ")
    assert load_settings(Path("none")) == blank_file == Settings()


def test_values_are_read_from_the_file() -> None:
    Path("articles").mkdir()
    Path(".env").write_text(
        f"DISCORD_TOKEN={TOKEN}\nDATA_DIR=~/news\nSEEDS_DIR='articles'\nexport EMBEDDING_MODEL = a/model \n"
        'MODERATOR_ROLES="News desk, 112233445566778899,, Ärzte "\nlog_level=debug\nLOG_FORMAT=JSON\n',
        encoding="utf-8-sig",
    )
    settings = load_settings()
    assert settings.discord_token == SecretStr(TOKEN)
    assert settings.data_dir == Path.home() / "news"
    assert settings.seeds_dir == Path("articles")
    assert settings.embedding_model == "a/model"
    assert settings.moderator_roles == ("News desk", "112233445566778899", "Ärzte")
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")


def test_the_environment_wins_over_the_file_even_when_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"DISCORD_TOKEN={TOKEN}\nLOG_LEVEL=ERROR\n")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    settings = load_settings()
    assert settings.log_level == "WARNING"
    assert settings.discord_token is None


def test_settings_do_not_change_after_the_start() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().log_level = "DEBUG"


def test_prompts_keep_their_spaces_and_can_be_none() -> None:
    Path(".env").write_text('QUERY_PROMPT="query: "\nPASSAGE_PROMPT=None\n')
    settings = load_settings()
    assert (settings.query_prompt, settings.passage_prompt) == ("query: ", "")
    part = settings.newsroom()
    assert (part.query_prompt, part.passage_prompt) == ("query: ", "")
    assert Settings(query_prompt=None).newsroom().query_prompt is None  # what the model wants


def test_the_library_gets_its_part() -> None:
    part = Settings(embedding_model="a/model", reranker_model="b/model").newsroom()
    assert (part.data_dir, part.seeds_dir, part.embedding_model, part.reranker_model) == (
        Path(".quotewire"),
        Path("seeds"),
        "a/model",
        "b/model",
    )


@pytest.mark.parametrize(("value", "confidence"), [("0", 0.0), (" 0.75 ", 0.75), ("1", 1.0), ("", 0.4)])
def test_the_confidence_to_answer_from_reaches_the_library(value: str, confidence: float) -> None:
    Path(".env").write_text(f"ANSWER_FROM={value}\n")
    assert load_settings().newsroom().answer_from == confidence


@pytest.mark.parametrize("value", ["1.01", "-0.1", "nan", "inf", "50%", "half"])
def test_what_is_no_confidence_is_refused(value: str) -> None:
    said = f"ANSWER_FROM: '{value}' is not a confidence; use a number from 0 (always answer) to 1, such as 0.4."
    assert faults(f"ANSWER_FROM={value}\n") == [said]


@pytest.mark.parametrize("name", ["keep_days", "keep_articles"])
def test_what_is_kept_has_bounds_of_at_least_1_or_none(name: str) -> None:
    for value, bound in (("", None), ("1", 1), (" 365 ", 365)):
        Path(".env").write_text(f"{name.upper()}={value}\n")
        assert getattr(load_settings().newsroom(), name) == bound
    for value in ("0", "-1", "1.5", "a year", "1" * 30, "²"):
        (fault,) = faults(f"{name.upper()}={value}\n")
        assert fault == (
            f"{name.upper()}: '{value}' is no bound; use a whole number from 1, or leave it blank to keep everything."
        )


@pytest.mark.parametrize(("name", "default"), [("feeds", 100), ("articles", 20_000), ("adds", 60)])
def test_what_a_server_may_have_is_bounded_unless_set_otherwise(name: str, default: int) -> None:
    for value, limit in (("", default), ("0", 0), (" 7 ", 7), ("None", None)):
        Path(".env").write_text(f"SERVER_{name.upper()}={value}\n")
        assert getattr(load_settings().newsroom(), f"reader_{name}") == limit
    for value in ("-1", "1.5", "many", "1" * 30, "²"):
        (fault,) = faults(f"SERVER_{name.upper()}={value}\n")
        assert fault == (
            f"SERVER_{name.upper()}: '{value}' is no limit; use a whole number from 0, or the word none for no limit."
        )


@pytest.mark.parametrize(
    ("value", "names"),
    [("", None), ("news", ("news",)), (" a ,b-c,", ("a", "b-c")), ("none", ())],
)
def test_what_servers_read_at_first_is_the_hosts_to_say(value: str, names: tuple[str, ...] | None) -> None:
    Path(".env").write_text(f"COLLECTIONS={value}\n")
    assert load_settings().newsroom().collections == names
    assert faults("COLLECTIONS=news,all the rest\n") == [
        "COLLECTIONS: 'all the rest' is no name of a collection; `quotewire collections list` names those there are."
    ]


@pytest.mark.parametrize(("value", "allowed"), [("", False), ("on", True), ("TRUE", True), ("1", True), ("Off", False)])
def test_private_addresses_are_off_unless_switched_on(value: str, allowed: bool) -> None:
    Path(".env").write_text(f"ALLOW_PRIVATE_ADDRESSES={value}\n")
    assert load_settings().newsroom().allow_private_addresses is allowed
    assert faults("ALLOW_PRIVATE_ADDRESSES=maybe\n") == [
        "ALLOW_PRIVATE_ADDRESSES: 'maybe' is neither on nor off; use one of the two."
    ]


@pytest.mark.parametrize(("value", "port"), [("", None), ("1", 1), (" 8080 ", 8080), ("65535", 65535)])
def test_health_has_no_port_unless_one_is_set(value: str, port: int | None) -> None:
    Path(".env").write_text(f"HEALTH_PORT={value}\n")
    assert load_settings().health_port == port


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "8080.0", "²", "1" * 30])
def test_what_is_no_port_is_refused(value: str) -> None:
    said = f"HEALTH_PORT: '{value}' is no port; use a number from 1 to 65535, such as 8080, or leave it blank."
    assert faults(f"HEALTH_PORT={value}\n") == [said]


@pytest.mark.parametrize(("value", "host"), [("", "127.0.0.1"), (" 0.0.0.0 ", "0.0.0.0"), ("::1", "::1")])
def test_health_is_for_this_machine_unless_it_is_opened(value: str, host: str) -> None:
    Path(".env").write_text(f"HEALTH_HOST={value}\n")
    assert load_settings().health_host == host


@pytest.mark.parametrize("value", ["localhost", "*", "127.0.0.1:8080", "256.0.0.1"])
def test_what_is_no_address_is_refused(value: str) -> None:
    assert faults(f"HEALTH_HOST={value}\n") == [
        f"HEALTH_HOST: '{value}' is no IP address; use 127.0.0.1 for this machine only, or 0.0.0.0 for all that "
        "reach it."
    ]


def test_every_fault_is_named_at_once_with_its_variable_and_remedy() -> None:
    Path("file").touch()
    assert faults(
        "DISCORD_TOKEN=Bot abc\nDATA_DIR=file/index\nSEEDS_DIR=nowhere\nLOG_LEVEL=loud\nLOG_FORMAT=xml\n"
        "EMBEDING_MODEL=a\nthis is no setting\n"
    ) == [
        ".env line 7: this is not of the form NAME=value; correct or remove it.",
        "EMBEDING_MODEL in .env: there is no such setting; did you mean EMBEDDING_MODEL?",
        "DISCORD_TOKEN: The token starts with 'Bot ' or 'Bearer '; leave that word out, Quotewire adds it.",
        f"DATA_DIR: '{Path.cwd() / 'file'}' is a file, not a folder; name a folder that Quotewire may write to.",
        f"SEEDS_DIR: There is no folder 'nowhere' (looked in {Path.cwd()}); "
        "create it or name the folder that holds your articles.",
        "LOG_LEVEL: 'loud' is not known; use DEBUG, INFO, WARNING, ERROR or CRITICAL.",
        "LOG_FORMAT: 'xml' is not known; use text or json.",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f'"{TOKEN}"', "quotes or spaces"),
        (f"{TOKEN} ", "quotes or spaces"),
        (f"Bot {TOKEN}", "'Bot '"),
        ("112233445566778899", "application id"),
        ("0123456789abcdef" * 4, "public key"),
        ("Ab-_5678901234567890123456789012", "client secret"),
        ("one.two", "three parts"),
        ("one.two.three.four", "three parts"),
        ("one..three", "three parts"),
        ("ключ.от.бота", "three parts"),
    ],
)
def test_token_mistakes_are_explained_without_showing_the_token(
    value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert said in str(raised.value)
    assert value.strip() not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_token_is_accepted_and_masked() -> None:
    assert token_mistake(TOKEN) is None
    settings = Settings(discord_token=SecretStr(TOKEN))
    shown = [repr(settings), str(settings), settings.model_dump_json(), repr(settings.model_dump())]
    assert not [text for text in shown if TOKEN in text]


@pytest.mark.parametrize("name", SETTING_NAMES)
@pytest.mark.parametrize("around", ["{}", "/{}", "~{}/folder", "{},", "127.0.0.1 {}"])
def test_a_token_that_was_set_elsewhere_is_not_told(name: str, around: str) -> None:
    Path(".env").write_text(f"{name}={around.format(TOKEN)}\nSEED_DIR={TOKEN}\n")  # of which the latter is a fault
    with pytest.raises(SettingsError) as raised:
        load_settings(reads_folder=True)
    assert [part for part in TOKEN.split(".") if part in str(raised.value)] == []


@pytest.mark.parametrize("name", ["DISCORD_TOKN", "DISCORD_BOT_TOKEN", "seed_dir", "LOGLEVEL", "MODERATOR_ROLE"])
def test_a_misspelt_setting_is_named(name: str) -> None:
    (fault,) = faults(f"{name}=x\n")
    assert fault.startswith(f"{name} in .env: there is no such setting; did you mean ")


@pytest.mark.parametrize(
    "env",
    [
        "POSTGRES_PASSWORD=x\nLOG_FILE=y\nPATH_TO_DATA=z\n",
        "DISCORD_TOKEN=\nDISCORD_TOKEN_OLD=x\n",
        "LOG_LEVEL=INFO\nLOG_LEVELS=x\n",
    ],
)
def test_names_of_other_programs_are_left_alone(env: str) -> None:
    Path(".env").write_text(env)
    assert load_settings() == Settings()


def test_a_file_that_cannot_be_read_is_a_fault() -> None:
    Path(".env").write_bytes(b"LOG_LEVEL=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: it is not UTF-8 text\."):
        load_settings()


def test_a_home_folder_that_does_not_exist_is_a_fault() -> None:
    assert faults("DATA_DIR=~nobody-of-this-name/x\n") == [
        "DATA_DIR: There is no home folder for '~nobody-of-this-name/x'; write the full path."
    ]


def test_a_models_folder_must_exist_while_a_name_is_left_to_the_library(tmp_path: Path) -> None:
    (fault,) = faults(f"QUERY_PROMPT={'x' * 301}\n")
    assert fault == (
        "QUERY_PROMPT: It has 301 characters, which leaves no room for texts; use 300 at most, or the word none for no "
        "prompt."
    )
    (fault,) = faults("EMBEDDING_MODEL=./models/missing\n")
    assert fault.startswith("EMBEDDING_MODEL: There is no folder 'models/missing'")
    assert Settings(embedding_model=str(tmp_path)).embedding_model == str(tmp_path)
    assert Settings(embedding_model=" owner/model ").embedding_model == "owner/model"
    assert faults("RERANKER_MODEL=./models/missing\n")[0].startswith("RERANKER_MODEL: There is no folder")


def test_the_example_names_and_explains_exactly_the_settings_that_exist() -> None:
    example = ROOT / ".env.example"
    assert tuple(dotenv_values(example)) == SETTING_NAMES
    blocks = example.read_text(encoding="utf-8").split("\n\n")[1:]
    assert len(blocks) == len(SETTING_NAMES)
    for name, block in zip(SETTING_NAMES, blocks, strict=True):
        *comments, assignment = block.strip().splitlines()
        assert assignment.startswith(f"{name}=")
        default = Settings.model_fields[name.lower()].default
        words = "off" if default is False else str(default) if default else "blank"
        assert re.search(rf"^# Default: {re.escape(words)}/?[., ]", "\n".join(comments), re.MULTILINE)


def test_the_example_as_it_stands_is_the_default() -> None:
    assert load_settings(ROOT / ".env.example") == Settings()


# --- several processes ---------------------------------------------------------------------------------

SECRET = "s3cret%2Fw0rd"
DATABASE = f"postgresql://quotewire:{SECRET}@one.example,two.example:5433/news?target_session_attrs=read-write"


def test_the_database_reaches_the_library_and_is_shown_nowhere() -> None:
    Path(".env").write_text(f"DATABASE_URL= {DATABASE} \nDATABASE_READ_URL=postgres://u:{SECRET}@three.example/news\n")
    settings = load_settings()
    assert settings.database_url == SecretStr(DATABASE)
    for shown in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://u:s3cret@h/news", "It begins with neither postgresql:// nor postgres://"),
        ("host=h password=s3cret dbname=news", "It begins with neither postgresql:// nor postgres://"),
        ("postgresql://u:s3cret%zz@h/news", "%40 for @, %2F for /, %3A for : and %25 for % in user and password"),
        ("postgresql://u:s3cret@h:port/news?connect_timeout", "It cannot be read as the address of a database"),
        ("postgresql://u:s3cret@h/news?s3cret=s3cret", "It cannot be read as the address of a database"),
        ("postgresql://u:a@s3cret@h/news", "%40 for @, %2F for /"),
        ("postgresql://u:a/s3cret@h/news", "%40 for @, %2F for /"),
        ("postgresql://u:s3cret@h", "It names no database"),
    ],
)
def test_what_is_no_address_of_a_database_is_refused_and_not_shown(address: str, said: str) -> None:
    for other in ("", f"DATABASE_URL={DATABASE}\n"):
        name = "DATABASE_READ_URL" if other else "DATABASE_URL"
        (fault,) = faults(f"{other}{name}={address}\n")
        assert fault.startswith(f"{name}: ")
        assert said in fault
        assert "s3cret" not in fault


def test_a_database_needs_what_talks_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "find_spec", lambda _: None)
    assert faults(f"DATABASE_URL={DATABASE}\n") == [
        "DATABASE_URL: What talks to PostgreSQL is not installed; install it with pip install 'quotewire[postgres]'."
    ]


def test_what_talks_to_a_database_is_not_imported_without_one() -> None:
    program = "import sys; from bot.settings import load_settings; load_settings(); print(*sys.modules)"
    environment = {"PYTHONPATH": PYTHONPATH}
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    ).stdout
    assert "psycopg" not in loaded


def test_a_standby_stands_in_for_something() -> None:
    assert faults(f"DATABASE_READ_URL={DATABASE}\n") == [
        "DATABASE_READ_URL: There is no DATABASE_URL that it could stand in for; set that too, or leave this blank."
    ]


def test_vectors_are_found_by_a_database_where_there_is_one() -> None:
    assert load_settings().newsroom().vectors == "local"
    assert faults("VECTORS=pgvector\n") == [
        "VECTORS: pgvector is part of a database; set DATABASE_URL too, or leave this blank."
    ]
    assert faults("VECTORS=faiss\n") == ["VECTORS: 'faiss' is not known; use local or pgvector."]
    Path(".env").write_text(f"DATABASE_URL={DATABASE}\nVECTORS=PGVECTOR\n")
    assert load_settings().newsroom().vectors == "pgvector"
    (fault,) = faults("DATABASE_URL=nowhere\nVECTORS=pgvector\n")
    assert fault.startswith("DATABASE_URL: "), "one fault is told once"


@pytest.mark.parametrize(
    ("text", "shards"),
    [
        ("0-7/32", Shards(32, tuple(range(8)))),
        (" 0, 3,5 / 32 ", Shards(32, (0, 3, 5))),
        ("8-8/32", Shards(32, (8,))),
        ("5,0-2,2/6", Shards(6, (0, 1, 2, 5))),
        ("8/32", Shards(32, most=8)),
        ("1/1", Shards(1, most=1)),
    ],
)
def test_shards_are_named_or_counted(text: str, shards: Shards) -> None:
    Path(".env").write_text(f"DATABASE_URL={DATABASE}\nSHARDS={text}\n")
    assert load_settings().shards == shards


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            (text, "names no shards; use 0-7/32")
            for text in ("8", "/32", "0-/32", "a/32", "1/0", "-1/4", "1/²", "1/2/3")
        ),
        ("0-32/32", "names a shard that there is not; of 32 the first is 0, the last 31"),
        ("7-0/32", "names a shard that there is not"),
        ("0/32", "use a number from 1 to 32"),
        ("33/32", "use a number from 1 to 32"),
    ],
)
def test_shards_that_there_are_not_are_refused(text: str, said: str) -> None:
    (fault,) = faults(f"DATABASE_URL={DATABASE}\nSHARDS={text}\n")
    assert fault.startswith(f"SHARDS: '{text}' ")
    assert said in fault


def test_shards_that_are_claimed_need_a_database() -> None:
    assert faults("SHARDS=8/32\n") == [
        "SHARDS: Which 8 of 32 shards nobody serves is known to the database only; set DATABASE_URL, or name them, "
        "such as 0-7/32."
    ]
    Path(".env").write_text("SHARDS=0-7/32\n")
    assert load_settings().shards == Shards(32, tuple(range(8)))
