"""Three bot processes on one PostgreSQL with two standbys, each killed in turn: what is lost, torn, doubled or late?

    python -m benchmarks.cluster [--minutes 10] [--hosts 3] [--standbys 2] [--plain] [--seed N] [--report FOLDER]

All on loopback: a Discord (`tests/support/loopback`) with a server on each shard, a publisher, the bot's own processes
with a data folder each, and real PostgreSQL servers (`tests/support/postgres.py`), of which one standby at least has
to have what is committed. Members ask, vote and look at what is new; moderators add pages and feeds, change settings,
subscribe, reload; digests and alerts are posted. Every fifteen seconds somebody dies: a process, a standby, the primary
(whose place the standby with most takes), or a process stands still for longer than its leases last.

At the end, each acknowledged change is looked for in PostgreSQL and on the disk of each process, their tables are
compared, and posts are counted. Exit code 1 where something is lost, torn, doubled or failed. The model is left out
(`tests/support/bag_of_words.py`). `--plain` is one process on SQLite, as a measure and to try the benchmark itself.
Needs the extra `dev`; Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cluster import judging, work
from benchmarks.cluster.deaths import Cluster, kill_in_turn, watch
from benchmarks.cluster.hosts import Host
from benchmarks.cluster.nodes import Nodes
from benchmarks.cluster.record import Record
from benchmarks.cluster.truth import Plain, Truth
from benchmarks.soak import judged
from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.loopback.server import LoopbackDiscord
from tests.support.postgres import Servers
from tests.support.web_server import running

FIRST = 15.0  # seconds in which nobody dies
QUIET = 10.0  # seconds without a new generation after which all is there
AT_LAST = 180.0  # seconds at most that it may take until then
ANOTHER = ("Unknown interaction", "already been acknowledged")
"""What Discord says to a process that stood still, or could not ask whose a shard is, and acknowledges what another one
serves by now: of two it takes the first. Each look for that is seconds apart (`bot.connection.claiming`)."""
UNDISTURBED = 20.0  # seconds after a death in which a generation may take longer


async def run(folder: Path, minutes: float, hosts: int, nodes: Nodes | None, seed: int) -> tuple[Cluster, list[str]]:
    """All of it; what is wrong at the end."""
    with running() as publisher:
        publisher.serves("/robots.txt", status=404)
        async with LoopbackDiscord() as discord:
            seeds = folder / "seeds"
            work.furnish(seeds)
            shards = 1 if nodes is None else 2 * max(1, hosts - 1)
            work.settle(discord.world, shards)
            scene = work.Scene(discord, publisher, seeds, random.Random(seed))  # noqa: S311
            names = {BAG_OF_WORDS: str(folder)}
            machines = [Host(n, folder / f"host-{n}", discord, seeds, {**names}) for n in range(hosts)]
            for host in machines if nodes else ():
                assert nodes is not None
                # One process more than is needed: it takes over the shards of one that dies.
                host.settings |= {"DATABASE_URL": nodes.url_for(host.name), "SHARDS": f"2/{shards}"}
                host.settings["DATABASE_READ_URL"] = nodes.read_url
            truth: Truth = truth_of(machines[0], nodes, folder)
            cluster = Cluster(scene, machines, nodes, truth.generation)
            try:
                truth.no_rests(discord.world)
                for host in machines:
                    await host.start()
                    await host.ready()
                await discord.ready(timeout=90)
                await _lives(cluster, truth, minutes)
                await _is_quiet(cluster)
                for host in machines:
                    await host.stop()
                wrong = _judged(cluster, truth)
            finally:
                for host in machines:
                    await host.kill()
                truth.close()
            told = judged(discord)
            scene.record.late_or_second = [each for each in told if nodes and any(map(each.__contains__, ANOTHER))]
            return cluster, wrong + [each for each in told if each not in scene.record.late_or_second]


def truth_of(host: Host, nodes: Nodes | None, folder: Path) -> Truth:
    """Where it is looked what is committed."""
    if nodes is None:
        return Plain(host.data)
    from benchmarks.cluster.shared_truth import Shared

    return Shared(nodes, folder / "observer")


async def _lives(cluster: Cluster, truth: Truth, minutes: float) -> None:
    """So many minutes of work and death."""
    scene = cluster.scene
    await work.begin(scene)
    scene.ends = time.monotonic() + 60 * minutes
    background = [asyncio.create_task(watch(cluster)), asyncio.create_task(_hours_pass(truth))]
    working = asyncio.create_task(work.go_on(scene))
    await asyncio.sleep(FIRST)
    await kill_in_turn(cluster, scene.ends)
    await working
    for task in background:
        task.cancel()
    await asyncio.gather(*background, return_exceptions=True)


async def _hours_pass(truth: Truth) -> None:
    """For digests, which are posted once a day, and alerts, which are posted a few times an hour."""
    while True:
        await asyncio.sleep(10)
        await asyncio.to_thread(truth.a_day_passes)


async def _is_quiet(cluster: Cluster) -> None:
    """All are connected and alive, and nothing comes any more."""
    ends, newest, since = time.monotonic() + AT_LAST, None, time.monotonic()
    while time.monotonic() < ends and time.monotonic() - since < QUIET + 60:
        number = await asyncio.to_thread(cluster.newest)
        if number != newest:
            newest, since = number, time.monotonic()
        await asyncio.sleep(1)


def _judged(cluster: Cluster, truth: Truth) -> list[str]:
    record = cluster.record
    tables = truth.tables()
    wrong = judging.lost(record, "the database", truth.asked) + judging.told_twice(truth.asked)
    for host in cluster.hosts:
        wrong += judging.lost(record, f"host {host.number}", judging.on_disk(host.data))
        wrong += judging.torn(host, tables, truth.asked) + host.faults()
    return wrong + judging.doubled(cluster.scene.discord) + record.torn + record.failed


def report(cluster: Cluster, wrong: list[str], minutes: float) -> str:
    """What was seen, as a page."""
    record, hosts = cluster.record, len(cluster.hosts)
    nodes = 0 if cluster.nodes is None else len(cluster.nodes.all)
    lines = [
        f"{minutes:g} minutes, {hosts} processes, {nodes} PostgreSQL servers.",
        f"Done: {', '.join(f'{count:,} × {name}' for name, count in record.done.most_common())}.",
        f"Of these {record.changes:,} changes acknowledged; posted: {judging.posted(cluster.scene.discord)}.",
        f"Died: {len(record.deaths)}: {', '.join(name for _, name in record.deaths)}.",
        f"Refused with a word, because the database was away: {dict(record.refused)}",
        f"Could not be asked, because nobody was connected for the server: {dict(record.unserved)}",
        f"Asked of a process that died before it answered: {dict(record.cut_off)}",
        f"Acknowledged too late, or when another process had, which Discord refused: {len(record.late_or_second)}",
        "",
        f"Answers that quote several of the articles that change together: {record.compared}.",
        f"An answer took {_spread(record.took)}.",
        f"All living processes served a generation after {_spread([lag for _, lag in _calm(record)])},",
        f"within {UNDISTURBED:g} s of a death after {_spread([lag for _, lag in _disturbed(record)])};",
        f"a process that came back, after {_spread(record.returns)} from its start.",
        f"All shards were served again {_spread(record.reconnected)} after a process had died.",
        "",
        f"Wrong: {len(wrong)}",
        *wrong[:40],
    ]
    return "\n".join(lines) + "\n"


def _near(record: Record, since: float) -> bool:
    return any(0 <= since - died < UNDISTURBED for died, _ in record.deaths)


def _calm(record: Record) -> list[tuple[float, float]]:
    return [each for each in record.lags if not _near(record, each[0])]


def _disturbed(record: Record) -> list[tuple[float, float]]:
    return [each for each in record.lags if _near(record, each[0])]


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "(never)"
    return f"{statistics.median(seconds):.2f} s (median of {len(seconds)}; at most {max(seconds):.2f} s)"


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--hosts", type=int, default=3)
    parser.add_argument("--standbys", type=int, default=2)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))  # noqa: S311
    parser.add_argument("--report", type=Path, default=Path("build/cluster"))
    given = parser.parse_args()
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
        nodes = None if given.plain else Nodes(kept.enter_context(Servers()), given.standbys, sync=True)
        hosts = 1 if given.plain else given.hosts
        cluster, wrong = asyncio.run(run(folder, given.minutes, hosts, nodes, given.seed))
        page = report(cluster, wrong, given.minutes)
    given.report.mkdir(parents=True, exist_ok=True)
    (given.report / "cluster.md").write_text(page)
    print(f"seed {given.seed}", page, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
