"""The PostgreSQL servers: a primary and hot standbys, of which one at least has what is committed."""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.support.postgres import Server, Servers

NOTICED_AFTER = 3.0
"""Seconds from the death of the primary until a standby is promoted: what watches it needs time to be sure."""


class Nodes:
    """A primary and its standbys; waits for the servers, so it belongs off the event loop."""

    def __init__(self, servers: Servers, standbys: int, *, sync: bool = False) -> None:
        self.primary = servers.start(sync=sync)
        self._database = urlsplit(self.primary.create_database("quotewire")).path.lstrip("/")
        self.standbys = [self.primary.standby() for _ in range(standbys)]
        self._require()
        self.all: Sequence[Server] = (self.primary, *self.standbys)

    def _require(self) -> None:
        if self.standbys:
            self.primary.require_standby()

    @property
    def url(self) -> str:
        """Whichever of them takes changes."""
        return self._address("read-write")

    def url_for(self, name: str) -> str:
        """The same, for a process that is known to them by a name."""
        return f"{self.url}&application_name={name}"

    @property
    def read_url(self) -> str:
        """Any of them, standbys first."""
        return self._address("prefer-standby")

    def _address(self, wanted: str) -> str:
        start, _, _ = self.all[0].url(cuttable=False).rpartition("@")
        hosts = ",".join("{}:{}".format(*each.address(cuttable=False)) for each in self.all)
        return f"{start}@{hosts}/{self._database}?target_session_attrs={wanted}&connect_timeout=3"

    def ask(self, statement: str, *values: object) -> list[tuple]:
        """Rows of the primary's database."""
        return self.primary.ask(statement, *values, database=self._database)  # type: ignore[arg-type]

    def holder(self, lease: str) -> str | None:
        """The name under which the process is connected that holds a lease; None if nobody does."""
        rows = self.ask(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND objid::bigint = %s",
            zlib.crc32(f"quotewire/{lease}".encode()),
        )
        return rows[0][0] if rows else None

    def kill_primary(self) -> None:
        """The primary dies; after some seconds, the standby that has most takes its place, and the others follow it.

        The one with most has all that was acknowledged, as long as one standby had to have it.
        """
        dead = self.primary
        dead.kill()
        time.sleep(NOTICED_AFTER)
        chosen = max((each for each in self.standbys if each.running), key=Server.written)
        chosen.promote()
        self.standbys.remove(chosen)
        for each in self.standbys:
            if each.running:
                each.follow(chosen)
        self.primary = chosen
        self.standbys.append(dead)
        self._require()

    def bring_back(self, node: Server) -> None:
        """Start a standby that died; one that was the primary comes back with nothing of what it held."""
        if (node.folder / "standby.signal").exists():
            node.start()
            node.follow(self.primary)
        else:
            node.start_over(self.primary)
