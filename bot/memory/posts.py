"""What is posted for digests and alerts: which articles wait for a message, and how far each message is."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.memory.database import Database
from bot.memory.subscriptions import COLUMNS, GONE, Subscription, subscription_of, subscriptions_where

WAITING = 50
"""Articles kept for an alert's next messages; the newest ones."""
KEPT = 30 * 86_400.0
"""Seconds for which posts that are done are remembered."""
FURTHEST = 15 * 86_400.0
"""Seconds after which the next but one of any digest is due: what is put off for longer was so by a wrong clock."""
NEVER = float("inf")

_PRESENT = "s.guild NOT IN (SELECT guild FROM departed)"
POST_IDS = 1 << 30
"""Posts have ids from here to twice this: a component's `id` is a positive 32-bit integer, and Discord itself counts
up from 1."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message that is to be in its channel once. `after` is the last message there before it was sent, None when
    it never was; `tries` counts how often that failed. `unshown` articles were too many to wait for a message.
    """

    id: int
    subscription: Subscription
    articles: tuple[str, ...]
    prepared: float
    after: int | None
    tries: int
    unshown: int = 0


class Posts:
    """The posts of all subscriptions. Safe to use from many threads; every method waits for the disk and may raise
    `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- what to post ----------------------------------------------------------------------------------

    def ripe(self, now: float) -> list[Subscription]:
        """Those for which a post may be planned: digests that are due, or put off for longer than any is, and alerts
        for which articles wait, none of them with a post under way.
        """
        with self._database.reading() as connection:
            return subscriptions_where(
                connection,
                f"{_PRESENT} AND (s.kind = 'digest' AND (s.due <= ? OR s.due > ?) OR s.kind = 'alert' AND EXISTS"  # noqa: S608
                " (SELECT 1 FROM item i WHERE i.subscription = s.id AND i.post IS NULL))"
                " AND NOT EXISTS (SELECT 1 FROM post p WHERE p.subscription = s.id AND p.done IS NULL)",
                (now, now + FURTHEST),
            )

    def alerts(self) -> list[Subscription]:
        """The alerts of all servers for which it is worth looking: not those whose channel or server is gone."""
        with self._database.reading() as connection:
            return subscriptions_where(connection, f"s.kind = 'alert' AND s.paused IS NOT ? AND {_PRESENT}", (GONE,))

    def queue(self, found: Mapping[int, Sequence[str]], generation: int) -> None:
        """Have articles (newest first) wait for a post of their alerts, by the alerts' ids: none twice.

        Up to `generation`, articles are dealt with. Where more than `WAITING` would wait, the oldest are left out, and
        the next post tells how many.
        """
        with self._database.transaction() as connection:
            for id_, articles in found.items():
                # The alert may have been ended meanwhile.
                connection.executemany(
                    "INSERT OR IGNORE INTO item (subscription, article) SELECT id, ? FROM subscription WHERE id = ?",
                    [(article, id_) for article in reversed(articles)],
                )
                left_out = connection.execute(
                    "DELETE FROM item WHERE subscription = :id AND post IS NULL AND number NOT IN (SELECT number"
                    " FROM item WHERE subscription = :id AND post IS NULL ORDER BY number DESC LIMIT :most)",
                    {"id": id_, "most": WAITING},
                ).rowcount
                connection.execute(
                    "UPDATE subscription SET known = ?, unshown = unshown + ? WHERE id = ?", (generation, left_out, id_)
                )

    def waiting(self, alert: Subscription, limit: int) -> list[str]:
        """The articles that wait longest for a post of an alert, the newest of them first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT article FROM item WHERE subscription = ? AND post IS NULL ORDER BY number LIMIT ?",
                (alert.id, limit),
            )
            return [article for (article,) in rows][::-1]

    def posts_between(self, subscription: Subscription, start: float, end: float) -> int:
        """How many posts of it came into the channel after `start`, until `end`."""
        with self._database.reading() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM post WHERE subscription = ? AND done > ? AND done <= ?",
                (subscription.id, start, end),
            ).fetchone()
            return count

    def posted_in(self, channel: int, articles: Collection[str]) -> set[str]:
        """Those of `articles` that a digest or an alert showed in the channel, or is about to."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT i.article FROM subscription s JOIN item i ON i.subscription = s.id"
                " WHERE s.channel = ? AND i.post IS NOT NULL AND i.article IN (SELECT value FROM json_each(?))",
                (channel, json.dumps(list(articles))),
            )
            return {article for (article,) in rows}

    def articles_of(self, post: int, guild: int | None) -> list[str]:
        """The articles that a post showed, the newest first, while it is remembered; none of what is no post of this
        server.
        """
        there = "SELECT 1 FROM post p JOIN subscription s ON s.id = p.subscription WHERE p.id = ? AND s.guild = ?"
        with self._database.reading() as connection:
            ours = connection.execute(there, (post, guild)).fetchone()
            return _told(connection, post) if ours else []

    def plan(
        self, subscription: Subscription, articles: Sequence[str], generation: int, now: float, due: float = 0.0
    ) -> None:
        """Have a message with these articles posted. `due` is when the next digest is; `generation` is the one up to
        which this one tells the news.

        Nothing is planned where the subscription has ended meanwhile, or another process has planned its next post.
        """
        post = POST_IDS + secrets.randbelow(POST_IDS)
        with self._database.transaction() as connection:
            planned = connection.execute(
                "INSERT INTO post (id, subscription, generation, prepared, unshown)"
                " SELECT ?, id, ?, ?, unshown FROM subscription s WHERE id = ? AND due = ?"
                " AND NOT EXISTS (SELECT 1 FROM post p WHERE p.subscription = s.id AND p.done IS NULL)",
                (post, generation, now, subscription.id, subscription.due),
            )
            if not planned.rowcount:
                return
            connection.executemany(
                "INSERT INTO item (subscription, article, post) VALUES (?, ?, ?)"
                " ON CONFLICT (subscription, article) DO UPDATE SET post = excluded.post WHERE post IS NULL",
                [(subscription.id, article, post) for article in reversed(articles)],
            )
            connection.execute("UPDATE subscription SET due = ?, unshown = 0 WHERE id = ?", (due, subscription.id))

    def pass_by(self, digest: Subscription, due: float, known: int) -> None:
        """Leave a digest out: the next one is due at `due` and tells what came after generation `known`.

        A pause is over. Nothing changes where another process has gone on with it.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE subscription SET due = ?, known = ?, paused = NULL WHERE id = ? AND due = ?",
                (due, known, digest.id, digest.due),
            )

    # --- posting ---------------------------------------------------------------------------------------

    def to_post(self, now: float) -> list[Post]:
        """The posts to be tried now, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT p.id, p.prepared, p.after, p.tries, p.unshown, {COLUMNS} FROM post p"  # noqa: S608
                " JOIN subscription s ON s.id = p.subscription"
                f" WHERE p.done IS NULL AND p.again <= ? AND {_PRESENT} ORDER BY p.prepared, p.id",
                (now,),
            ).fetchall()
            return [_post(connection, row) for row in rows]

    def trying(self, post: Post, after: int, left_out: Iterable[str]) -> bool:
        """Note that a post is about to be sent after the message `after`, without the articles `left_out`.

        Those of an alert wait on; those of a digest are not told any more. False where another process has gone on with
        the post since it was read: then nothing is noted, and it is not to be sent.
        """
        digest = post.subscription.schedule is not None
        leave = "DELETE FROM item" if digest else "UPDATE item SET post = NULL"
        with self._database.transaction() as connection:
            noted = connection.execute(
                "UPDATE post SET after = ? WHERE id = ? AND done IS NULL AND after IS ?", (after, post.id, post.after)
            )
            if not noted.rowcount:
                return False
            connection.executemany(
                f"{leave} WHERE post = ? AND article = ?",
                [(post.id, each) for each in left_out],
            )
            return True

    def done(self, post: Post, now: float) -> None:
        """Note that a post is in its channel: its articles are dealt with, and a pause is over.

        What its subscription posted more than `KEPT` ago is forgotten; such articles never count as new again.
        """
        with self._database.transaction() as connection:
            connection.execute("UPDATE post SET done = ? WHERE id = ?", (now, post.id))
            connection.execute(
                "UPDATE subscription SET paused = NULL,"
                " known = iif(kind = 'digest', (SELECT generation FROM post WHERE id = ?), known) WHERE id = ?",
                (post.id, post.subscription.id),
            )
            old = (post.subscription.id, now - KEPT)
            connection.execute(
                "DELETE FROM item WHERE post IN (SELECT id FROM post WHERE subscription = ? AND done < ?)", old
            )
            connection.execute("DELETE FROM post WHERE subscription = ? AND done < ?", old)

    def drop(self, post: Post) -> None:
        """Take back a post that is certainly not in its channel, which is open: the next one tells its news.

        Nothing changes where another process has gone on with it.
        """
        with self._database.transaction() as connection:
            ours = connection.execute(
                "SELECT 1 FROM post WHERE id = ? AND done IS NULL AND after IS ?", (post.id, post.after)
            )
            if ours.fetchone() is None:
                return
            connection.execute("DELETE FROM item WHERE post = ?", (post.id,))
            connection.execute("DELETE FROM post WHERE id = ?", (post.id,))
            connection.execute("UPDATE subscription SET paused = NULL WHERE id = ?", (post.subscription.id,))

    def put_off(self, post: Post, again: float, paused: str | None = None) -> bool:
        """Try a post again at `again`; `paused` says why nothing can be posted, if that will not pass by itself.

        True when its subscription was not paused for that reason before.
        """
        with self._database.transaction() as connection:
            connection.execute("UPDATE post SET tries = tries + 1, again = ? WHERE id = ?", (again, post.id))
            if paused is None:
                return False
            changed = connection.execute(
                "UPDATE subscription SET paused = :why WHERE id = :id AND paused IS NOT :why",
                {"why": paused, "id": post.subscription.id},
            )
            return changed.rowcount > 0

    def next_moment(self, now: float) -> float | None:
        """When something is due, or to be tried again, after `now`; infinity when nothing is planned yet.

        None when there is no subscription.
        """
        with self._database.reading() as connection:
            if connection.execute("SELECT 1 FROM subscription LIMIT 1").fetchone() is None:
                return None
            (moment,) = connection.execute(
                "SELECT min(at) FROM (SELECT due AS at FROM subscription"
                " UNION ALL SELECT again FROM post WHERE done IS NULL) WHERE at > ?",
                (now,),
            ).fetchone()
            return NEVER if moment is None else moment


def _told(connection: sqlite3.Connection, post: int) -> list[str]:
    rows = connection.execute("SELECT article FROM item WHERE post = ? ORDER BY number DESC", (post,))
    return [article for (article,) in rows]


def _post(connection: sqlite3.Connection, row: Sequence) -> Post:
    id_, prepared, after, tries, unshown, *subscription = row
    return Post(
        id=id_,
        subscription=subscription_of(subscription),
        articles=tuple(_told(connection, id_)),
        prepared=prepared,
        after=after,
        tries=tries,
        unshown=unshown,
    )
