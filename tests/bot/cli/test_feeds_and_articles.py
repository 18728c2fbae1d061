"""The commands that bring articles in and take them out, in this process, against a real server on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.reading.web import turns
from tests.support.command_line import only_these_settings, quotewire
from tests.support.publisher import Publisher, Story, story
from tests.support.web_server import running

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with running() as server:
        publisher = Publisher(server)
        publisher.site = f"http://127.0.0.1:{server.port}"
        yield publisher


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pauses between requests, and with a way to the server of the tests."""
    (tmp_path / "seeds").mkdir()
    only_these_settings(monkeypatch, tmp_path, ALLOW_PRIVATE_ADDRESSES="on")
    monkeypatch.setattr(turns.HostTurns.__init__, "__defaults__", (0.0,))


def said(*arguments: str) -> str:
    result = quotewire(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def document(*arguments: str) -> dict[str, Any]:
    return json.loads(said(*arguments, "--json"))


def feed_of(publisher: Publisher, *stories: Story, full: bool = True) -> str:
    return publisher.feed(stories, full=full).replace("news.example", "127.0.0.1")


def test_a_feed_is_added_polled_and_asked(publisher: Publisher) -> None:
    publisher.pages(story(1))
    url = feed_of(publisher, story(1), full=False)
    assert "Entries 1, 0 with their full text\n" in said("feeds", "check", url)
    assert said("feeds", "add", url).startswith(f"Harbour Post is read from now on: {url}\n")
    assert re.fullmatch(r"Polled in .* s: 1 added, 0 updated, 0 removed, 0 unchanged\.\n", said("feeds", "poll"))
    assert story(1).title in said("latest", "ferry in the harbour")
    assert "Feeds     1\n" in said("status")

    publisher.server.asked.clear()
    again = document("feeds", "poll")
    assert (again["added"], again["embedded"], again["failed"]) == (0, 0, [])
    assert publisher.server.paths == []
    (feed,) = document("feeds", "list")["feeds"]
    assert (feed["url"], feed["articles"], feed["error"]) == (url, 1, None)
    assert "   1 article · asked " in said("feeds", "list")

    assert said("feeds", "remove", url) == "Harbour Post is read no more; its articles stay.\n"
    assert said("feeds", "list") == "No feed is read yet; `quotewire feeds add URL` adds one.\n"
    assert document("status")["articles"] == 1


def test_a_feed_that_fails_shows_in_the_list_and_in_the_status(publisher: Publisher) -> None:
    url = feed_of(publisher, story(1))
    said("feeds", "add", url)
    publisher.server.serves("/feed", status=500)
    polled = quotewire("feeds", "poll")
    assert polled.exit_code == 0
    assert "HTTP 500" in polled.stderr
    assert "HTTP 500" in said("feeds", "list")
    assert "HTTP 500" in said("status")
    assert document("status")["feeds_failed"][0]["where"] == url


def test_a_list_of_feeds_is_exported_and_imported(publisher: Publisher, tmp_path: Path) -> None:
    url = feed_of(publisher, story(1))
    said("feeds", "add", url)
    exported = tmp_path / "feeds.opml"
    exported.write_text(said("feeds", "export"))
    said("feeds", "remove", url)
    assert said("feeds", "import", str(exported)) == "1 added, 0 read already, 0 skipped.\n"
    assert document("feeds", "import", str(exported))["known"] == [url]


def test_pages_and_files_are_added_and_what_is_not_is_named(publisher: Publisher, tmp_path: Path) -> None:
    publisher.pages(story(1))
    (tmp_path / "tides.jsonl").write_text(json.dumps({"id": "tide", "title": "Tide", "text": "The tide was high."}))
    result = quotewire("add", f"{publisher.site}{story(1).path}", "tides.jsonl", "missing.csv")
    assert result.exit_code == 0
    assert ": 2 added, 0 updated, 0 removed, 0 unchanged." in result.stdout
    skipped, undated = result.stderr.splitlines()
    assert skipped == "Skipped missing.csv: cannot be read: No such file or directory"
    assert undated.startswith("Undated 2: “Tide” · “The ferry 1 sails again” (http://")
    nothing = quotewire("add", "missing.csv", "--json")
    assert nothing.exit_code == 1
    assert json.loads(nothing.stdout)["failed"][0]["where"] == "missing.csv"


def test_what_became_of_a_hundred_lines_is_said_in_one_each(tmp_path: Path) -> None:
    dated = [
        {"id": f"{at}", "title": f"Tide {at}", "text": f"High tide came at {at}.", "published": "2026-05-01"}
        for at in range(10)
    ]
    undated = [
        {"id": f"u{at}", "title": f"Ebb {at}", "text": f"Ebb came at {at}.", "published": "unknown"} for at in range(30)
    ]
    empty = [{"id": f"e{at}", "title": f"Nothing {at}"} for at in range(30)]
    records = [*dated, *undated, *empty, *dated, *dated, *dated]
    (tmp_path / "tides.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in records))
    result = quotewire("add", "tides.jsonl")
    assert ": 40 added, 0 updated, 0 removed, 0 unchanged, 30 folded." in result.stdout
    kinds = [line.split(":")[0] for line in result.stderr.splitlines()]
    assert sorted(kinds) == ["Folded 30", "Note on 30", "Skipped 30", "Undated 30"]
    assert all(
        line.count(" · ") == 3 and "and 27 more (--json names all)" in line for line in result.stderr.splitlines()
    )
    again = document("add", "tides.jsonl")
    assert (again["unchanged"], len(again["folded"]), len(again["failed"])) == (40, 30, 60)
    assert again["folded"][29] == {
        "where": "“Tide 9”",
        "reason": "is the same as “Tide 9”, which is offered beside it",
        "kind": "folded",
    }


def test_an_article_is_removed_and_restored(tmp_path: Path) -> None:
    (tmp_path / "tides.jsonl").write_text(json.dumps({"id": "tide", "title": "Tide [red]", "text": "High tide came."}))
    said("add", "tides.jsonl")
    assert said("remove", "tide") == "Removed: undated · Tide [red]. `quotewire restore` brings it back.\n"
    assert document("status")["articles"] == 0
    assert "It is not quoted" in said("history", "tide")
    restored = document("restore", "tide")
    assert (restored["article"]["title"], restored["report"]["added"]) == ("Tide [red]", 1)
    assert document("status")["articles"] == 1


def test_a_history_shows_what_changed(tmp_path: Path) -> None:
    archive = tmp_path / "tides.jsonl"
    record = {"id": "tide", "title": "Tide drowns 12", "published": "2026-05-01", "source": "Harbour Post"}
    archive.write_text(json.dumps({**record, "text": "The tide drowned 12 cars on Friday. Nobody was hurt."}))
    said("add", "tides.jsonl")
    record |= {"title": "Tide drowns 14", "updated": "2026-05-02"}
    archive.write_text(json.dumps({**record, "text": "The tide drowned 14 cars on Friday. Nobody was hurt."}))
    said("add", "tides.jsonl")
    assert said("history", "tide") == (
        "Harbour Post · 1 May 2026 · Tide drowns 14\n"
        "1. from 1 May 2026\n"
        "2. from 2 May 2026, quoted now\n"
        "   - Headline: Tide drowns [-12-] {+14+}\n"
        "   - The tide drowned [-12-] {+14+} cars on Friday.\n"
    )
    versions = document("history", "tide")["versions"]
    assert [(version["since"], version["live"]) for version in versions] == [
        ("2026-05-01", False),
        ("2026-05-02", True),
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["feeds", "add", "ftp://news.example/feed"], "refused"),
        (["feeds", "remove", "https://news.example/feed"], "This feed is not read"),
        (["feeds", "import", "missing.opml"], "missing.opml cannot be opened"),
        (["remove", "nothing"], "No article 'nothing' is known"),
        (["restore", "nothing"], "No article 'nothing' is known"),
        (["history", "nothing"], "No article 'nothing' is known"),
    ],
)
def test_an_error_is_one_sentence_and_exit_code_1(arguments: list[str], reason: str) -> None:
    result = quotewire(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert reason in json.loads(quotewire(*arguments, "--json").stdout)["error"]


def test_every_command_but_the_export_has_json() -> None:
    names = [["feeds", name] for name in ("add", "list", "remove", "check", "import", "export", "poll")]
    for name in [*names, ["add"], ["remove"], ["restore"], ["history"]]:
        assert ("--json" in said(*name, "--help")) == (name[-1] != "export")


def test_private_addresses_are_refused_unless_allowed(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_PRIVATE_ADDRESSES", "off")
    assert quotewire("feeds", "add", feed_of(publisher, story(1))).exit_code == 1
    assert publisher.server.paths == []


def test_the_host_offers_collections(publisher: Publisher, tmp_path: Path) -> None:
    url = feed_of(publisher, story(1))
    assert quotewire("feeds", "add", url, "--collection", "science").exit_code == 1
    offered = document("collections", "add", "science")["collections"]
    assert [each["name"] for each in offered] == ["news", "science"]
    assert "science" in said("collections", "list")
    said("feeds", "add", url, "--collection", "science")
    said("feeds", "poll")
    file = tmp_path / "moth.txt"
    file.write_text("Moth found\n\nA moth was found on the island of Pellworm. It is brown.")
    assert "1 added" in said("add", str(file), "--collection", "science")
    _news, science = document("collections", "list")["collections"]
    assert (science["articles"], science["feeds"], science["read"]) == (2, 1, True)
    (feed,) = document("feeds", "list", "--collection", "science")["feeds"]
    assert (feed["url"], feed["articles"]) == (url, 1)
    assert document("feeds", "list")["feeds"] == []
    assert quotewire("collections", "remove", "sports").exit_code == 1
    said("collections", "remove", "science")
    assert [each["name"] for each in document("collections", "list")["collections"]] == ["news"]
    assert document("status")["articles"] == 0


def test_a_server_is_forgotten_at_once(tmp_path: Path) -> None:
    from bot.memory.database import Database
    from bot.memory.guilds import Guilds, GuildSettings
    from bot.settings import load_settings
    from retrieval.newsroom import Newsroom

    settings = load_settings()
    database = Database(settings.data_dir)
    for guild in (5, 6):
        Guilds(database).change(guild, lambda _: GuildSettings(quotes=2))
    database.close()
    with Newsroom.open(settings.newsroom()) as room:
        for reader in ("5", "6"):
            room.edition(reader).leave_collection("news")
    assert document("forget", "5")["settings"] is True
    assert said("forget", "5").startswith("Forgotten: 0 answers, 0 votes, 0 subscriptions")
    with Newsroom.open(settings.newsroom()) as room:
        assert room.readers() == ("6",)
    database = Database(settings.data_dir)
    assert [Guilds(database).of(guild).quotes for guild in (5, 6)] == [3, 2]
    database.close()
