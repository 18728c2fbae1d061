"""Looking after what answers are made with: the models, and the feeds that bring the news."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC

from bot.settings import Settings
from bot.upkeep.contents import ARTICLES, FEEDS, reading
from bot.upkeep.findings import Finding, skipped, warning, well
from retrieval.answering.rerank import Reranker
from retrieval.index.embed import Embedder, ModelIdentity
from retrieval.reading.feeds.feed import Feed
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.web.session import GuardedSession

LATE = 86_400.0
"""Seconds after which a feed that was due is not asked by a bot that runs: it never waits for longer than a day."""


def model_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the embedding model is the published one, gives vectors, and is the one that the index was made with."""
    embedder = Embedder(
        settings.embedding_model,
        settings.data_dir,
        query_prompt=settings.query_prompt,
        passage_prompt=settings.passage_prompt,
    )
    identity = embedder.identity
    embedder.embed_passages(["A sentence about the harbour.", "Another one, about the budget."])
    says = f"{identity.name} ({identity.revision}) is whole, and gives vectors of {embedder.dimension} components"
    knows = ", ".join(sorted(embedder.family.languages or ())) or "many"
    prompts = embedder.prompts
    asked, held = (f'"{prompt}"' if prompt else "nothing" for prompt in (prompts.query, prompts.passage))
    puts = f"it puts {asked} before questions and {held} before passages"
    yield well("model", f"{says}; {embedder.runtime} computes it; languages that it knows: {knows}; {puts}")
    made_with = _made_with(settings)
    if made_with and made_with != identity:
        says = f"the index holds vectors of {made_with.name} ({made_with.revision})"
        yield warning("model", says, "Run `quotewire reload`: it embeds all articles with the model set.")
    if settings.reranker_model:
        reranker = Reranker(settings.reranker_model)
        reranker.warm_up()
        if reranker.obstacle:
            yield warning("reranker", reranker.obstacle)
        else:
            yield well("reranker", f"{settings.reranker_model} can be loaded")


def _made_with(settings: Settings) -> ModelIdentity | None:
    if not (settings.data_dir / ARTICLES).exists():
        return None
    try:
        with closing(reading(settings.data_dir / ARTICLES)) as connection:
            row = connection.execute(
                "SELECT m.name, m.revision FROM generation g JOIN model m ON m.key = g.model"
                " ORDER BY g.number DESC LIMIT 1"
            ).fetchone()
    except sqlite3.Error:
        return None  # which is said of the store
    return ModelIdentity(*row) if row else None


def feed_findings(settings: Settings, now: float) -> Iterator[Finding]:
    """Whether the feeds can be reached, and are asked."""
    path = settings.data_dir / FEEDS
    if not path.exists():
        yield skipped("feeds", "no feed is read")
        return
    feeds = Feeds.open(path, GuardedSession(allow_private=settings.allow_private_addresses))
    try:
        listed = feeds.list()
    finally:
        feeds.close()
    findings = [finding for feed in listed if (finding := _of_feed(feed, now))]
    yield from findings
    if not findings:
        yield well("feeds", f"{len(listed):,} are read, and none failed when it was last asked")


def _of_feed(feed: Feed, now: float) -> Finding | None:
    about = f"feed {feed.url}"
    if feed.retired:
        says = "it is gone for good, and not asked any more"
        return warning(about, says, f"Run `quotewire feeds remove {feed.url}`, and add the one it became.")
    if feed.error:
        return warning(about, feed.error, f"See what is there: `quotewire feeds check {feed.url}`.")
    late = now - feed.due.timestamp() if feed.due else 0.0
    if feed.checked and late > LATE:
        asked = f"{feed.checked.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        remedy = "Have `quotewire run` running, or run `quotewire feeds poll`."
        return warning(about, f"it was due {late / 3600:,.0f} hours ago, and last asked at {asked}", remedy)
    return None
