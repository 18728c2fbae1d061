"""Invented articles for the tests of what arrives, and a newsroom to take them in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from retrieval.article import Article, Day
from retrieval.index.embed import ModelIdentity
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.arrival import Arrival
from retrieval.reading.origins import archive_origin, feed_origin
from retrieval.text.addresses import article_id

FEED = feed_origin("https://news.example/feed")
OTHER_FEED = feed_origin("https://other.example/feed")
ARCHIVE = archive_origin("old.jsonl")

FERRY = (
    "A ferry with 212 people on board ran aground off the island of Marlo on Tuesday evening. "
    "The coast guard said that all passengers were brought ashore by midnight. "
    "Captain Ilse Brandt told reporters that the steering had failed in heavy rain. "
    "Divers will look at the hull once the wind has dropped, the harbour office said. "
    "The ferry company cancelled its sailings for the rest of the week."
)
VINEYARD = (
    "Growers in the Tessel valley expect the smallest grape harvest for thirty years. "
    "A late frost in April destroyed a third of the young shoots, the growers' union said. "
    "Its chairman Bruno Keller asked the regional government for loans without interest. "
    "The ministry of agriculture answered that it would decide in September. "
    "Prices for the white wine of the valley have risen by a tenth since then."
)
LIBRARY = (
    "The city of Norhaven will open its new library on the first of October. "
    "The building by the architect Mira Solano holds four hundred thousand books. "
    "It cost eighty million crowns, nine million more than the council had planned. "
    "Readers can borrow books at any hour of the day with a card, the director said. "
    "The old reading room becomes a museum of printing next spring."
)


def article(
    path: str,
    body: str = FERRY,
    *,
    host: str = "news.example",
    source: str | None = "Marlo Gazette",
    title: str = "Ferry runs aground off Marlo",
    published: Day | None = date(2025, 3, 4),
    updated: Day | None = None,
    summary_only: bool = False,
) -> Article:
    """An article at `https://host/path`, under the id that its address gives it."""
    url = f"https://{host}/{path}"
    id_ = article_id(url, title, body)
    return Article(id_, title, body, url, source, published, updated, summary_only=summary_only)


def arrival(*parts: str, origin: str = FEED, **more: object) -> Arrival:
    """An `article` as `origin` brings it."""
    return Arrival(origin, article(*parts, **more))  # type: ignore[arg-type]


def opened(path: Path, **settings: float) -> Newsroom:
    """A newsroom on `path/data` and the folder `path/seeds`."""
    (path / "seeds").mkdir(exist_ok=True)
    return Newsroom.open(NewsroomSettings(path / "data", path / "seeds", **settings))  # type: ignore[arg-type]


def newest(room: Newsroom) -> list[Article]:
    """All articles but copies, newest first."""
    return [stored.article for stored in room._machinery.store.newest(room._shelf().sight, 100_000)]


def titles(room: Newsroom) -> list[str]:
    """The headlines of all articles, in alphabetical order."""
    return sorted(each.title for each in newest(room))


def one_state(room: Newsroom, model: ModelIdentity | None = None) -> None:
    """Check that FAISS, tantivy and the store hold the same passages, and every article once.

    With a model, only what it embedded counts: what another one did may be there still.
    """
    index = room._machinery.generations.current()
    rows = room._machinery.store.connection().execute(
        "SELECT p.key, a.copy_of, length(a.body), p.start, p.end FROM passage p JOIN article a ON a.key = p.article"
        " JOIN model m ON m.key = p.model WHERE a.died IS NULL AND a.born <= ? AND (? IS NULL OR m.name = ?)",
        (index.generation.number, model and model.name, model and model.name),
    )
    stored = rows.fetchall()
    assert all(copy_of is None and start < end <= length for _, copy_of, length, start, end in stored)
    keys = sorted(key for key, *_ in stored)
    assert sorted(index.dense.keys[index.dense.alive].tolist()) == keys
    everywhere = ["the", "ferry", "article", "talks", "said", "harvest", "library"]
    assert {key for key, _ in index.lexical.search(everywhere, 10_000)} <= set(keys)
    hits = index.lexical.searcher.num_docs - 1  # one document tells the generation
    assert hits == len(keys)
    live = "died IS NULL AND born <= ?"
    ids = [
        id_
        for (id_,) in room._machinery.store.connection().execute(
            f"SELECT id FROM article WHERE {live}", (index.generation.number,)
        )
    ]
    assert len(ids) == len(set(ids))
    orphans = room._machinery.store.connection().execute(
        "SELECT count(*) FROM article c WHERE c.died IS NULL AND c.copy_of IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM article o WHERE o.id = c.copy_of AND o.died IS NULL AND o.copy_of IS NULL)"
    )
    assert orphans.fetchone() == (0,)
