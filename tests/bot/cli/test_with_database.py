"""The commands where processes share a database: what one changes, the others see, each in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.memory.database import Database
from bot.memory.guilds import DEFAULTS, Guilds
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.web import turns
from retrieval.replicas.shared import Shared
from tests.support.command_line import only_these_settings, quotewire
from tests.support.postgres import PASSWORD, Servers
from tests.support.publisher import Publisher, story
from tests.support.web_server import running

pytestmark = pytest.mark.usefixtures("bag_of_words", "alone")

Use = Callable[[str], None]


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Use:
    """Work in the folder of that name from now on."""
    (tmp_path / "seeds").mkdir()
    only_these_settings(monkeypatch, tmp_path, ALLOW_PRIVATE_ADDRESSES="on", DATABASE_URL=database_url)
    monkeypatch.setattr(turns.HostTurns.__init__, "__defaults__", (0.0,))
    return lambda name: monkeypatch.setenv("DATA_DIR", str(tmp_path / name))


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with running() as server:
        publisher = Publisher(server)
        publisher.site = f"http://127.0.0.1:{server.port}"
        yield publisher


def said(*arguments: str) -> str:
    result = quotewire(*arguments)
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    return result.stdout


def document(*arguments: str) -> dict[str, Any]:
    return json.loads(said(*arguments, "--json"))


def refused(*arguments: str) -> str:
    result = quotewire(*arguments)
    assert result.exit_code == 1, result.output
    assert PASSWORD not in result.output
    # A line of the log may go before.
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("quotewire: ")]
    assert "Traceback" not in result.stderr
    return line.removeprefix("quotewire: ")


def test_feeds_articles_and_collections_are_those_of_all(use: Use, publisher: Publisher) -> None:
    url = publisher.feed([story(1)], full=True).replace("news.example", "127.0.0.1")
    use("one")
    said("feeds", "add", url)
    use("two")
    assert [feed["url"] for feed in document("feeds", "list")["feeds"]] == [url]
    assert document("feeds", "poll")["added"] == 1
    said("collections", "add", "science")
    use("one")
    assert document("status")["articles"] == 1
    assert story(1).title in said("latest", "ferry in the harbour")
    assert document("feeds", "poll")["added"] == 0, "what one has asked, no other one asks again"
    assert [each["name"] for each in document("collections", "list")["collections"]] == ["news", "science"]
    (article,) = document("latest")["stories"][0]["articles"]
    said("remove", article["url"])
    use("two")
    assert document("status")["articles"] == 0
    said("restore", article["url"])
    use("three")
    assert document("status")["articles"] == 1


def test_a_server_is_forgotten_in_all_folders(use: Use, tmp_path: Path, database_url: str) -> None:
    shared = Shared(database_url)
    database = Database(tmp_path / "one", shared)
    guilds = Guilds(database)
    for guild in (5, 6):
        guilds.change(guild, lambda now: replace(now, quotes=2))
    use("two")
    assert document("forget", "5")["settings"] is True
    guilds.change(7, lambda now: now)
    guilds.refresh()
    assert [guilds.of(guild).quotes for guild in (5, 6)] == [DEFAULTS.quotes, 2]
    database.close()
    shared.close()


def test_the_status_tells_of_the_database_without_its_password(use: Use, database_url: str) -> None:
    use("one")
    place = database_url.rpartition("@")[2]
    assert f"Database  {place}, reached\n" in said("status")
    assert document("status")["database"] == {"place": place, "failure": None}


@pytest.mark.postgres_long
def test_without_the_database_what_is_there_is_read_and_changes_are_refused_in_a_line(
    use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Servers() as servers:
        server = servers.start()
        monkeypatch.setenv("DATABASE_URL", server.create_database())
        (tmp_path / "seeds" / "a.txt").write_text("Ferry aground\nThe ferry ran aground off Harwich on Monday.\n")
        use("one")
        assert document("reload")["added"] == 1
        server.kill()
        assert document("status")["articles"] == 1
        assert "not reached: " in said("status")
        assert "Ferry aground" in said("latest")
        assert "cannot be reached just now" in refused("collections", "add", "science")
        assert "cannot be reached just now" in refused("forget", "5")
        use("new")
        assert "cannot be reached just now" in refused("status")


def test_no_backup_is_put_into_a_folder_that_follows_a_database(use: Use, tmp_path: Path) -> None:
    use("one")
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert refused("restore", "a.zip").startswith("DATABASE_URL is set, so what is in DATA_DIR follows that database:")


def test_a_folder_that_follows_a_database_is_used_with_that_only(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    use("one")
    said("status")
    monkeypatch.delenv("DATABASE_URL")
    assert "set DATABASE_URL as it was, or another DATA_DIR" in refused("status")


def test_a_folder_of_one_process_does_not_become_that_of_many_by_itself(use: Use, tmp_path: Path) -> None:
    Newsroom.open(NewsroomSettings(tmp_path / "alone", tmp_path / "seeds")).close()
    with Newsroom.open(NewsroomSettings(tmp_path / "alone", tmp_path / "seeds")) as room:
        room.add_collection("science")
    use("alone")
    assert refused("status")
