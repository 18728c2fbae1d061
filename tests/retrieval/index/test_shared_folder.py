"""Several newsrooms on one data folder, in one process or several: one reloads at a time, and all see what it made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import ReloadInProgress
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.processes import said_by
from tests.support.talks import write

pytestmark = pytest.mark.usefixtures("bag_of_words")


def test_a_second_reload_is_told_that_one_runs(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room, Newsroom.open(settings) as other:
        told: list[str] = []

        def while_it_runs(_: object) -> None:
            if not told:
                for door in (room, other):  # the same process, and another opening of the same folder
                    with pytest.raises(ReloadInProgress) as raised:
                        door.reload()
                    told.append(str(raised.value))

        room.reload(while_it_runs)
        assert len(told) == 2
        assert other.reload().unchanged == 3  # and the lock is free again


def test_another_process_reload_is_noticed(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        write(seeds, "d.txt", "durian")
        said = said_by("bot", "reload", DATA_DIR=settings.data_dir, SEEDS_DIR=settings.seeds_dir)
        assert "1 added" in said
        assert room.status().generation == 2
        answer = room.ask("What happened at the durian talks?")
        assert answer.generation == 2
        assert answer.quotes[0].article.id == "d.txt"


def test_a_process_that_slept_through_reloads_catches_up(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room, Newsroom.open(settings) as sleeper:
        room.reload()
        assert sleeper.status().generation == 1
        for word in ("fig", "grape", "guava"):
            write(seeds, "b.txt", word)
            room.reload()
        assert replace(sleeper.status(), runtime=room.status().runtime) == room.status()  # the one embedded, and loaded
        assert sleeper.status().passages == 3
        assert "guava" in sleeper.search("guava talks", limit=1)[0].passage.text


def test_a_generation_is_served_while_the_next_one_is_made(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room, Newsroom.open(settings) as other:
        room.reload()
        write(seeds, "d.txt", "date")
        seen: list[int] = []
        room.reload(lambda _: seen.append(other.status().generation))
        assert seen[0] == 1
        assert other.status().generation == 2
