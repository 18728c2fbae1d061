"""Discord's gateway: HELLO, IDENTIFY or RESUME, heartbeats, events; one compressed stream a socket.

Source: Discord's documentation, "Gateway" and "Gateway Events" (API version 10).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
import zlib
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from aiohttp import web

from tests.support.loopback.recording import Changes
from tests.support.loopback.world import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, INVALID_SHARD, DISALLOWED_INTENTS = 4005, 4010, 4014


class Stream(Protocol):
    """Turns each payload into one flushed piece of a stream that never ends."""

    def pack(self, text: bytes) -> bytes: ...


class ZlibStream:
    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def pack(self, text: bytes) -> bytes:
        return self._stream.compress(text) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    def __init__(self) -> None:
        # Optional to discord.py, which only asks for this kind where the package is installed.
        import zstandard

        self._stream = zstandard.ZstdCompressor().compressobj()
        self._flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def pack(self, text: bytes) -> bytes:
        return self._stream.compress(text) + self._stream.flush(self._flush)


STREAMS: dict[str, type[ZlibStream] | type[ZstdStream]] = {
    "zlib-stream": ZlibStream,
    "zstd-stream": ZstdStream,
}


class Socket:
    """One connection, which speaks as the bot's URL asked: a stream of zlib or zstd, or plain text."""

    def __init__(self, websocket: web.WebSocketResponse, transport: asyncio.Transport | None, stream: Stream | None):
        self.websocket = websocket
        self._transport = transport
        self._stream = stream
        self.closed_by_discord: int | None = None

    async def send(self, op: int, data: Any = None, *, event: str | None = None, seq: int | None = None) -> None:
        if self.websocket.closed:
            return
        text = json.dumps({"op": op, "d": data, "s": seq, "t": event})
        with contextlib.suppress(ConnectionResetError):  # who resumes is told again
            if self._stream is None:
                await self.websocket.send_str(text)
            else:
                await self.websocket.send_bytes(self._stream.pack(text.encode()))

    async def close(self, code: int) -> None:
        """Close from Discord's side."""
        if not self.websocket.closed:
            self.closed_by_discord = code
            await self.websocket.close(code=code)

    def cut(self) -> None:
        """Be gone, without a word."""
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Session:
    """What outlives a connection: the events so far, so that a resume can replay those that were missed."""

    intents: int
    identify: Json
    shard: int = 0
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    events: list[tuple[str, Json]] = field(default_factory=list)
    socket: Socket | None = None
    resumed: int = 0

    @property
    def is_live(self) -> bool:
        """Whether it is connected."""
        return self.socket is not None and not self.socket.websocket.closed

    async def dispatch(self, event: str, data: Json) -> None:
        self.events.append((event, data))
        if self.socket is not None:
            await self.socket.send(DISPATCH, data, event=event, seq=len(self.events))

    async def replay(self, after: int) -> None:
        for seq, (event, data) in enumerate(self.events[after:], after + 1):
            if self.socket is not None:
                await self.socket.send(DISPATCH, data, event=event, seq=seq)


class Gateway:
    """Accepts connections; `present` holds the bot's present session of each shard."""

    def __init__(self, world: World, changes: Changes) -> None:
        self._world, self._changes = world, changes
        self._sessions: dict[str, Session] = {}
        self.url = ""
        self.present: dict[int, Session] = {}
        self.queries: list[dict[str, str]] = []
        """The query of each connection: which version, encoding and compression was asked for."""
        self.close_codes: list[int | None] = []
        """With which code each connection ended."""
        self.open_to_clients = True
        self.refused = 0
        """Connections that were turned away, and sessions that were not resumed."""
        self.heartbeats = 0
        self.identified: list[tuple[float, int]] = []
        """When which shard began a session (monotonic)."""
        self.doubled: list[int] = []
        """Shards that began a session while another connection was serving them."""
        self.sockets: list[Socket] = []

    @property
    def session(self) -> Session | None:
        """The present session of the shard that the server is on."""
        return self.present.get(self._world.shard_of(self._world.guild_id))

    @property
    def connected(self) -> bool:
        """Whether the bot has a session of each shard and a live connection for it."""
        return len({session.shard for session in self.live}) == self._world.shards

    @property
    def live(self) -> list[Session]:
        """All sessions that are connected, of which a shard may have several."""
        return [session for session in self._sessions.values() if session.is_live]

    async def serve(self, http: web.Request) -> web.StreamResponse:
        if not self.open_to_clients:
            self.refused += 1
            raise web.HTTPServiceUnavailable
        websocket = web.WebSocketResponse(max_msg_size=1 << 20)
        await websocket.prepare(http)
        self.queries.append(dict(http.query))
        kind = STREAMS.get(http.query.get("compress", ""))
        socket = Socket(websocket, http.transport, kind() if kind else None)
        self.sockets.append(socket)
        await socket.send(HELLO, {"heartbeat_interval": 41_250, "_trace": []})
        session: Session | None = None
        async for frame in websocket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                await socket.close(DECODE_ERROR)
                break
            session = await self._receive(socket, session, frame.data)
            await self._changes.announce()
        self._ended(session, socket)
        await self._changes.announce()
        return websocket

    def _ended(self, session: Session | None, socket: Socket) -> None:
        # aiohttp's own `close_code` means nothing where this side closed.
        code = socket.closed_by_discord or socket.websocket.close_code
        self.close_codes.append(code)
        self.sockets.remove(socket)
        if session is not None and session.socket is socket:
            session.socket = None
            if code in (1000, 1001) and not socket.closed_by_discord:  # a client that says goodbye ends its session
                self._sessions.pop(session.id, None)

    async def _receive(self, socket: Socket, session: Session | None, text: str) -> Session | None:
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            await socket.close(DECODE_ERROR)
            return session
        if op == HEARTBEAT:
            self.heartbeats += 1
            # No network is this fast: discord.py only notes that it sent a heartbeat when it has been sent.
            await asyncio.sleep(0.01)
            await socket.send(ACK)
        elif op in (IDENTIFY, RESUME):
            if session is not None:
                await socket.close(ALREADY_AUTHENTICATED)
            elif op == IDENTIFY:
                return await self._identify(socket, data)
            else:
                return await self._resume(socket, data)
        elif op not in (PRESENCE, VOICE, MEMBERS):
            await socket.close(UNKNOWN_OPCODE)
        elif session is None:
            await socket.close(NOT_AUTHENTICATED)
        return session

    async def _identify(self, socket: Socket, data: Json) -> Session | None:
        if data.get("token") != self._world.token:
            await socket.close(AUTHENTICATION_FAILED)
            return None
        if data.get("intents", 0) & PRIVILEGED:
            await socket.close(DISALLOWED_INTENTS)
            return None
        shard, count = data.get("shard") or (0, 1)
        if count != self._world.shards or not 0 <= shard < count:
            await socket.close(INVALID_SHARD)
            return None
        if (before := self.present.get(shard)) and before.is_live:
            self.doubled.append(shard)
        self.identified.append((time.monotonic(), shard))
        session = Session(data["intents"], data, shard, socket=socket)
        self._sessions[session.id] = self.present[shard] = session
        guilds = [guild for guild in self._world.guilds if self._world.shard_of(guild.id) == shard]
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self._world.me_json(),
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "shard": [shard, count],
                "resume_gateway_url": f"{self.url}/resume",
                "application": {"id": self._world.application_id, "flags": 0},
            },
        )
        for guild in guilds if session.intents & GUILDS else ():
            await session.dispatch("GUILD_CREATE", self._world.guild_json(guild))
        return session

    async def _resume(self, socket: Socket, data: Json) -> Session | None:
        session = self._sessions.get(data.get("session_id") or "")
        seq = data.get("seq")
        if session is None or data.get("token") != self._world.token or not isinstance(seq, int):
            self.refused += 1
            await socket.send(INVALID_SESSION, False)
            return None
        session.socket, session.resumed = socket, session.resumed + 1
        await session.replay(seq)
        await session.dispatch("RESUMED", {"_trace": []})
        return session

    # --- what a test does to the bot's connection

    async def dispatch(self, event: str, data: Json, *, intent: int = 0) -> bool:
        """Send an event if the session's intents ask for it (0: to all, as interactions are).

        What is of no server comes on shard 0. Where several connections serve a shard, each is told.
        """
        shard = self._world.shard_of(data.get("guild_id"))
        session = self.present.get(shard)
        if session is None or (intent and not session.intents & intent):
            return False
        others = [each for each in self.live if each.shard == shard and each is not session]
        for each in (session, *others):
            await each.dispatch(event, data)
        return True

    async def ask_to_reconnect(self) -> None:
        """Op 7: Discord is about to close this connection; the client resumes on another one."""
        await self._send_to_bot(RECONNECT, None)

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9: the session is not valid (any more); unless `resumable` the client must identify anew."""
        if self.session is not None and not resumable:
            self._sessions.pop(self.session.id, None)
        await self._send_to_bot(INVALID_SESSION, resumable)

    async def drop(self, code: int | None = 4000, *, forget: bool = False) -> None:
        """Close the connection from Discord's side, without a frame that says so if `code` is None.

        `forget` the session, so that its resumption will be refused.
        """
        if self.session is None or self.session.socket is None:
            return
        if forget:
            self._sessions.pop(self.session.id, None)
        if code is None:
            self.session.socket.cut()
        else:
            await self.session.socket.close(code)

    async def _send_to_bot(self, op: int, data: Any) -> None:
        assert self.session is not None, "the bot has not identified"
        assert self.session.socket is not None, "the bot is not connected"
        await self.session.socket.send(op, data)
