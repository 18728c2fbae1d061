"""What the doctor says of the database that processes share: what is wrong with it, and how far the files follow it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.upkeep.databases import database_findings
from bot.upkeep.findings import Finding
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.postgres import Server, Servers
from tests.support.talks import write

pytestmark = pytest.mark.usefixtures("bag_of_words", "alone")


@pytest.fixture
def newsroom(tmp_path: Path) -> NewsroomSettings:
    write(tmp_path / "seeds", "a.txt", "apple")
    return NewsroomSettings(tmp_path / "data", tmp_path / "seeds", answer_from=0.0)


def found(folder: Path, url: str | None, **others: str) -> list[Finding]:
    settings = Settings(discord_token=None, data_dir=folder, database_url=url, **others)  # type: ignore[arg-type]
    return list(database_findings(settings))


def reload(newsroom: NewsroomSettings, folder: Path, url: str | None) -> None:
    with Newsroom.open(NewsroomSettings(folder, newsroom.seeds_dir, answer_from=0.0, database=url)) as room:
        room.reload()


def test_without_one_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    assert found(tmp_path, None) == []


def test_one_that_is_as_it_should_be_is_told_with_what_was_done_elsewhere(
    newsroom: NewsroomSettings, database_url: str, tmp_path: Path
) -> None:
    (before,) = found(tmp_path / "data", database_url)
    assert (before.state, "answers in" in before.says) == ("ok", True)
    reload(newsroom, tmp_path / "data", database_url)
    (reached,) = found(tmp_path / "data", database_url)
    assert reached.state == "ok"
    assert database_url.rpartition("@")[2].partition("/")[0] in reached.says
    write(tmp_path / "seeds", "b.txt", "berry")
    reload(newsroom, tmp_path / "other", database_url)
    _, behind = found(tmp_path / "data", database_url)
    assert behind.state == "ok"
    assert "articles.sqlite3" in behind.says


def test_files_that_do_not_follow_it_are_named(newsroom: NewsroomSettings, postgres: Server, tmp_path: Path) -> None:
    reload(newsroom, tmp_path / "alone", None)
    _, *wrong = found(tmp_path / "alone", postgres.create_database())
    assert {each.state for each in wrong} == {"fault"}
    assert all("migrate --to" in each.remedy for each in wrong)
    reload(newsroom, tmp_path / "data", postgres.create_database())
    _, *wrong = found(tmp_path / "data", postgres.create_database())
    assert "follows another database" in wrong[0].says


def test_what_it_cannot_do_is_told_with_who_can(
    newsroom: NewsroomSettings, postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.create_database()
    (finding,) = found(tmp_path, url, vectors="pgvector")
    assert (finding.state, "CREATE EXTENSION vector" in finding.remedy) == ("fault", True)
    name = url.rpartition("/")[2]
    postgres.ask(f"ALTER DATABASE {name} OWNER TO postgres", database=name)  # type: ignore[arg-type]
    (finding,) = found(tmp_path, url)
    assert (finding.state, "GRANT CREATE" in finding.remedy) == ("fault", True)


def test_a_standby_is_looked_at_beside_its_primary(servers: Servers, tmp_path: Path) -> None:
    primary = servers.start()
    url = primary.create_database()
    standby = primary.standby()
    standby.catch_up(primary)
    there = standby.url(url.rpartition("/")[2])
    assert [each.state for each in found(tmp_path, url, database_read_url=there)] == ["ok", "ok"]
    assert [each.state for each in found(tmp_path, url, database_read_url=url)] == ["ok", "warning"]
    (finding,) = found(tmp_path, there)
    assert (finding.state, "all hosts" in finding.remedy) == ("fault", True)
    standby.kill()
    reached, gone = found(tmp_path, url, database_read_url=there)
    assert (reached.state, gone.state) == ("ok", "warning")
    assert "cannot be reached" in gone.says
