"""Looking after the database that several processes share, and how far this one's files follow it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.upkeep.contents import STORES, reading
from bot.upkeep.findings import Finding, fault, warning, well
from retrieval.errors import DatabaseUnavailable
from retrieval.replicas.marks import is_replica, unsettled

if TYPE_CHECKING:
    from retrieval.replicas.looking import Seen

ABOUT, STANDBY = "database", "standby"
SLOW = 0.02
"""Seconds that a question to the database may take: a change asks some."""


def database_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the database can be reached and used, whether the files here follow it, and how its standby does; nothing
    where there is none.
    """
    newsroom = settings.newsroom()
    if newsroom.database is None:
        return
    from retrieval.replicas.shared import Shared

    shared = Shared(newsroom.database, newsroom.database_read)
    try:
        primary, standby = shared.look(Path(store.name).stem for store in STORES)
    finally:
        shared.close()
    yield from _of_primary(primary, settings, wants_vectors=newsroom.vectors == "pgvector")
    if isinstance(standby, DatabaseUnavailable):
        says = f"what DATABASE_READ_URL names is not there: {standby}"
        yield warning(STANDBY, says, "Until it is, nothing stands in while the database is away.")
    elif standby is not None:
        yield _of_standby(standby)


def _of_primary(found: Seen, settings: Settings, *, wants_vectors: bool) -> Iterator[Finding]:
    faults = [
        (found.standby, "it is a standby, which takes no changes", "Name the primary in DATABASE_URL, or all hosts."),
        (
            not found.may_create and len(found.changes) < len(STORES),
            "its user may not create schemas",
            "Have its owner say: GRANT CREATE ON DATABASE … TO …, with the name of each.",
        ),
        (
            wants_vectors and not found.vectors,
            "VECTORS=pgvector is set, and it knows no vectors",
            "Have an administrator say in it: CREATE EXTENSION vector.",
        ),
    ]
    wrong = [fault(ABOUT, says, remedy) for is_so, says, remedy in faults if is_so]
    yield from wrong or [_reached(found)]
    yield from _of_files(found, settings.data_dir)


def _reached(found: Seen) -> Finding:
    says = f"PostgreSQL {found.version} at {found.place} answers in {1000 * found.seconds:.1f} ms"
    if found.seconds > SLOW:
        return warning(ABOUT, says, "Each change asks it several times: it is better nearer to the bot.")
    return well(ABOUT, says)


def _of_files(found: Seen, folder: Path) -> Iterator[Finding]:
    """How far the files here follow what the database holds."""
    from retrieval.replicas.notes import state_of

    behind: dict[str, int] = {}
    for store in STORES:
        path, there = folder / store.name, found.changes.get(Path(store.name).stem)
        if not path.exists() or unsettled(path).exists():
            continue
        with closing(reading(path)) as connection:
            here = state_of(connection).seq if is_replica(connection) else None
        if here is None:
            says = f"{store.name} holds what was stored without the database"
            yield fault(ABOUT, says, "`quotewire migrate --to URL` brings it there; or set another DATA_DIR.")
        elif there is None or here > there:
            says = f"{store.name} follows another database, or this one has lost its last changes"
            yield fault(ABOUT, says, "See whether DATABASE_URL is as it was; docs/scale.md tells of standbys.")
        elif here < there:
            behind[store.name] = there - here
    if behind:
        named = ", ".join(f"{name} {count:,}" for name, count in behind.items())
        yield well(ABOUT, f"changes that were made elsewhere since the bot last looked: {named}")


def _of_standby(found: Seen) -> Finding:
    if not found.standby:
        return warning(STANDBY, f"{found.place} is no standby", "Name one in DATABASE_READ_URL, or leave that out.")
    says = f"PostgreSQL {found.version} at {found.place}, whose last change is {found.behind or 0:.0f} s old"
    return well(STANDBY, says)
