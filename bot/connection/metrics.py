"""What Prometheus may ask of one client: some is counted as it happens, the rest is read when it is asked for.

Labels are of few values, all from this code: no member's text, no ids.
"""

from __future__ import annotations

import asyncio
import logging
import math
import shutil
import time
from collections.abc import Awaitable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from bot.connection.limits import Crowded
from bot.connection.shards import Shard
from bot.memory.subscriptions import MOST, Kind
from retrieval.answer import Answer
from retrieval.article import ReloadReport, Status, instant
from retrieval.errors import InvalidQuestion

T = TypeVar("T")

Ending = Literal["answered", "may_bear", "abstained", "refused", "failed"]
Result = Literal["done", "refused", "failed"]
Taking = Literal["reload", "poll"]

KINDS: tuple[Kind, ...] = tuple(MOST)

SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 120.0)
"""Bounds for an answer: tens of milliseconds as a rule, much longer where the first articles are still to be read."""
LAG = (0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 3.0)
"""Bounds for how late the event loop is; at 3 s, Discord gives a command up."""
LAG_EVERY = 1.0


class Metrics:
    """Metrics with a registry of their own, so that a process can hold several clients. `folder` is where it stores."""

    def __init__(self, folder: Path | None = None) -> None:
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._questions = Counter(
            "quotewire_questions", "Questions, by what became of them.", ["outcome"], registry=registry
        )
        self._seconds = Histogram(
            "quotewire_answer_seconds",
            "Seconds from a question that was admitted to its answer, waiting included.",
            buckets=SECONDS,
            registry=registry,
        )
        self._commands = Counter(
            "quotewire_commands", "Commands used, by what became of them.", ["command", "result"], registry=registry
        )
        self._posts = Counter("quotewire_posts", "Digests and alerts posted.", ["kind"], registry=registry)
        self._unposted = Counter(
            "quotewire_posts_failed", "Tries to post a digest or an alert that failed.", ["kind"], registry=registry
        )
        self._reloads = Counter(
            "quotewire_reloads", "Reloads and polls, by what became of them.", ["kind", "result"], registry=registry
        )
        self._changes = Counter(
            "quotewire_articles_changed", "Articles that reloads and polls changed.", ["change"], registry=registry
        )
        self._lag = Histogram(
            "quotewire_event_loop_lag_seconds",
            f"How late the event loop is, looked at every {LAG_EVERY:g} s.",
            buckets=LAG,
            registry=registry,
        )
        self._gauges = _Gauges(registry, folder)
        self._faults = _Faults(registry)
        Info("quotewire", "The version of Quotewire.", registry=registry).info({"version": version("quotewire")})
        for outcome in ("answered", "may_bear", "abstained", "refused", "failed"):
            self._questions.labels(outcome)
        for kind in KINDS:
            self._posts.labels(kind)
            self._unposted.labels(kind)

    async def question(self, asked: Awaitable[tuple[Answer, T]]) -> tuple[Answer, T]:
        """Await an answer, and count it and its seconds. Raises what `asked` raises."""
        began = time.perf_counter()
        try:
            answer, rest = await asked
        except Exception as error:
            self.question_ended("refused" if isinstance(error, InvalidQuestion | Crowded) else "failed")
            raise
        self._seconds.observe(time.perf_counter() - began)
        self.question_ended(outcome_of(answer))
        return answer, rest

    def question_ended(self, outcome: Ending) -> None:
        """Count a question."""
        self._questions.labels(outcome).inc()
        if outcome != "refused":
            self._faults.ended("question", well=outcome != "failed")

    def logged(self, record: logging.LogRecord) -> None:
        """Count a record of the log, if it tells of a fault. From any thread."""
        self._faults.logged(record)

    def command_ended(self, name: str | None, result: Result) -> None:
        """Count a command by its full name; None is one that this version does not know."""
        self._commands.labels(name or "unknown", result).inc()

    def posted(self, kind: Kind) -> None:
        """Count a message that was posted by itself."""
        self._posts.labels(kind).inc()
        self._faults.ended("post", well=True)

    def not_posted(self, kind: Kind) -> None:
        """Count a try to post something that failed, and may be tried again."""
        self._unposted.labels(kind).inc()
        self._faults.ended("post", well=False)

    def verified(self, damaged: int) -> None:
        """Tell how many files of the index of words were damaged when it was looked at."""
        self._gauges.damaged.set(damaged)

    def taken_in(self, kind: Taking, report: ReloadReport | None) -> None:
        """Count a reload or a poll, which failed as a whole if there is no report. From any thread."""
        self._faults.ended(kind, well=report is not None)
        if report is None:
            self._reloads.labels(kind, "failed").inc()
            return
        changed = report.added or report.updated or report.removed
        self._reloads.labels(kind, "changed" if changed else "unchanged").inc()
        counts = {"added": report.added, "updated": report.updated, "removed": report.removed}
        for change, count in (counts | {"skipped": len(report.failed)}).items():
            self._changes.labels(change).inc(count)

    async def watch_loop(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            self._lag.observe(max(0.0, loop.time() - due))

    def text(
        self,
        index: Status | None,
        working: int,
        waiting: int,
        shards: Iterable[Shard],
        *,
        ready: bool = False,
        paused: Mapping[Kind, int] | None = None,
    ) -> bytes:
        """Everything in Prometheus' text format, with what holds just now; without an `index` that answers, none of
        what it holds. `paused` are subscriptions, None where that cannot be had."""
        self._gauges.set(index, working, waiting, shards, ready=ready)
        self._gauges.pause(paused)
        return generate_latest(self._registry)


class _Faults:
    """What failed, and since when: since the last success, where a failure came after it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._logged = Counter(
            "quotewire_log_records", "Records of the log that tell of a fault.", ["level"], registry=registry
        )
        self._last = {
            end: Gauge(
                f"quotewire_last_{end}_timestamp_seconds",
                f"When the last {end} was, in Unix time; 0 before the first.",
                ["of"],
                registry=registry,
            )
            for end in ("success", "failure")
        }
        for gauge in self._last.values():
            for of in ("question", "reload", "poll", "post"):
                gauge.labels(of)
        for level in ("warning", "error"):
            self._logged.labels(level)

    def ended(self, of: str, *, well: bool) -> None:
        self._last["success" if well else "failure"].labels(of).set_to_current_time()

    def logged(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self._logged.labels("error" if record.levelno >= logging.ERROR else "warning").inc()


class _Gauges:
    """What holds just now."""

    def __init__(self, registry: CollectorRegistry, folder: Path | None) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"quotewire_{name}", text, labels, registry=registry)

        self._ready = gauge("ready", "1 if members are answered, as /readyz says.")
        if folder is not None:
            free = gauge("disk_free_bytes", "Free space on the disk of the data folder.")
            free.set_function(lambda: shutil.disk_usage(folder).free)
        self._working = gauge("questions_working", "Questions that are worked on.")
        self._waiting = gauge("questions_waiting", "Questions that wait for their turn.")
        self._index = {
            "generation": gauge("generation", "The generation of the index that is served."),
            "articles": gauge("articles", "Articles in the index."),
            "passages": gauge("passages", "Passages in the index."),
            "sources": gauge("outlets", "Outlets in the index."),
            "feeds": gauge("feeds", "Feeds that are read."),
        }
        self.damaged = gauge(
            "index_files_damaged", "Files of the index of words that were damaged at the start; they were made anew."
        )
        self._paused = gauge("subscriptions_paused", "Digests and alerts that may not be posted.", "kind")
        self._failing = gauge("feeds_failing", "Feeds whose last poll failed.")
        self._newest = gauge("newest_article_age_seconds", "Age of the newest article with a date.")
        self._connected = gauge("discord_shard_connected", "1 if a shard is connected to Discord.", "shard")
        self._latency = gauge("discord_latency_seconds", "Time that Discord takes to answer a shard.", "shard")

    def set(self, index: Status | None, working: int, waiting: int, shards: Iterable[Shard], *, ready: bool) -> None:
        self._ready.set(ready)
        self._working.set(working)
        self._waiting.set(waiting)
        for name, gauge in self._index.items():
            gauge.set(math.nan if index is None else getattr(index, name))
        self._failing.set(math.nan if index is None else len(index.feeds_failed))
        newest = index.newest if index else None
        self._newest.set(time.time() - instant(newest) if newest else math.nan)
        for gauge in (self._connected, self._latency):
            gauge.clear()
        for shard in shards:
            self._connected.labels(str(shard.id)).set(shard.connected)
            if math.isfinite(shard.latency):
                self._latency.labels(str(shard.id)).set(shard.latency)

    def pause(self, paused: Mapping[Kind, int] | None) -> None:
        for kind in KINDS:
            self._paused.labels(kind).set(math.nan if paused is None else paused.get(kind, 0))


def outcome_of(answer: Answer) -> Ending:
    """What became of a question that was asked."""
    if answer.answered:
        return "answered"
    return "may_bear" if answer.quotes else "abstained"
