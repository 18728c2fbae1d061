"""A newsroom that is opened lazily tells what one tells that has everything loaded, and is wrong at no other time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from retrieval.errors import IndexUnavailable, StoreUnavailable
from retrieval.index.shelf import passages_of
from retrieval.newsroom import Newsroom, NewsroomSettings

pytestmark = pytest.mark.usefixtures("bag_of_words")

TALKS = "Talks about {what} went on in Geneva on Monday. The delegates of {what} growers urged patience."


@pytest.fixture
def settings(tmp_path: Path) -> NewsroomSettings:
    """A folder with three articles of two outlets, two of them dated, which are indexed."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for what, head in {
        "apple": "---\nsource: River Post\npublished: 2026-05-01\n---\n",
        "berry": "---\nsource: Harbour Wire\npublished: 2026-05-02\n---\n",
        "cherry": "",
    }.items():
        (seeds / f"{what}.txt").write_text(f"{head}The {what} talks\n\n{TALKS.format(what=what)}\n")
    settings = NewsroomSettings(tmp_path / "data", seeds)
    with Newsroom.open(settings) as room:
        room.reload()
    return settings


def test_it_tells_the_same(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings, lazily=True) as lazy, Newsroom.open(settings) as room:
        assert lazy.status() == room.status()
        assert lazy.status().passages == 3
        assert (lazy.articles, lazy.outlets(), lazy.ready()) == (room.articles, room.outlets(), room.ready())
        assert lazy.span_of_dates() == room.span_of_dates()
        assert replace(lazy.coverage()) == room.coverage()
        story = lazy.latest().stories[0]
        assert lazy.latest().stories == room.latest().stories
        assert lazy.story(story.id) == room.story(story.id)
        assert lazy._machinery.opened is None, "and all that with nothing loaded"
        question = "What happened at the apple talks?"
        assert replace(lazy.ask(question), seconds=0.0) == replace(room.ask(question), seconds=0.0)
        assert lazy._machinery.opened is not None


def test_it_tells_of_a_change_by_another_process(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings, lazily=True) as lazy:
        assert lazy.status().generation == 1
        with Newsroom.open(settings) as other:
            (settings.seeds_dir / "date.txt").write_text(f"The date talks\n\n{TALKS.format(what='date')}\n")
            other.reload()
        assert (lazy.status().generation, lazy.articles) == (2, 4)
        assert lazy.ask("What happened at the date talks?").generation == 2


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path), lazily=True) as lazy:
        assert (lazy.articles, lazy.ready()) == (0, False)
        assert "No articles are indexed yet" in (lazy.status().notice or "")
        with pytest.raises(IndexUnavailable):
            lazy.ask("What happened at the apple talks?")


def test_passages_of_another_model_do_not_count(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings, lazily=True) as lazy, lazy._machinery.store.transaction() as connection:
        connection.execute("INSERT INTO model (name, revision, dimension) VALUES ('other', '1', 384)")
        other = connection.execute("SELECT max(key) FROM model").fetchone()[0]
        connection.execute(
            'INSERT INTO passage (article, model, start, "end", hash) SELECT article, ?, start, "end", hash'
            " FROM passage LIMIT 1",
            (other,),
        )
        assert passages_of(lazy._shelf()) == 3


def test_what_cannot_be_opened_is_told_when_it_is_needed(
    settings: NewsroomSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ValueError("Os { code: 13, kind: PermissionDenied }")

    monkeypatch.setattr("retrieval.index.lexical.Index", refuse)
    with pytest.raises(StoreUnavailable, match="DATA_DIR can be written"):
        Newsroom.open(settings)
    with Newsroom.open(settings, lazily=True) as lazy:
        assert lazy.status().articles == 3
        with pytest.raises(StoreUnavailable, match="DATA_DIR can be written"):
            lazy.ask("What happened at the apple talks?")
        with pytest.raises(StoreUnavailable, match="DATA_DIR can be written"):
            lazy.reload()
        monkeypatch.undo()
        assert lazy.ask("What happened at the apple talks?").generation == 1


def test_a_damaged_store_is_told_at_once(settings: NewsroomSettings) -> None:
    (settings.data_dir / "articles.sqlite3").write_bytes(b"no database at all" * 100)
    for lazily in (False, True):
        with pytest.raises(StoreUnavailable, match="is damaged"):
            Newsroom.open(settings, lazily=lazily)


def test_after_closing_nothing_is_loaded(settings: NewsroomSettings) -> None:
    lazy = Newsroom.open(settings, lazily=True)
    lazy.close()
    for ask in (lazy.status, lambda: lazy.ask("What happened at the apple talks?")):
        with pytest.raises(StoreUnavailable, match="closing"):
            ask()
