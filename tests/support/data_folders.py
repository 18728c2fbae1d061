"""Data folders of a bot with something in each of its files, and what is in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.memory.database import Database
from bot.memory.guilds import Guilds
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.text.terms import terms
from tests.support.arrivals import newest
from tests.support.talks import write

OPML = '<opml version="2.0"><body><outline type="rss" text="Harbour" xmlUrl="http://{host}/feed"/></body></opml>'
SERVER = 42


def settings_in(home: Path) -> NewsroomSettings:
    return NewsroomSettings(home / "data", home / "seeds")


def add(home: Path, word: str, *, cooldown: int) -> None:
    """An article and a feed of that name, and how long members of a server rest."""
    write(home / "seeds", f"{word}.txt", word)
    feeds = home / f"{word}.opml"
    feeds.write_text(OPML.format(host=f"{word}.example"))
    with Newsroom.open(settings_in(home)) as room:
        room.reload()
        room.feeds.import_opml(feeds)
    database = Database(home / "data")
    Guilds(database).change(SERVER, lambda now: replace(now, cooldown=cooldown))
    database.close()


def state(data_dir: Path) -> dict[str, object]:
    """What a start on this folder serves, and whether both indexes hold all of it."""
    with Newsroom.open(NewsroomSettings(data_dir, data_dir / "no-seeds")) as room:
        index = room._machinery.generations.current()
        words = {key for key, _ in index.lexical.search(terms("talks"), 1000)}
        found = {
            "titles": sorted(each.title for each in newest(room)),
            "whole": words == set(index.dense.keys[index.dense.alive].tolist()),
            "feeds": sorted(feed.url for feed in room.list_feeds()),
        }
    database = Database(data_dir)
    found["cooldown"] = Guilds(database).of(SERVER).cooldown
    database.close()
    return found
