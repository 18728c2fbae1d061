"""`LoopbackDiscord`: the whole of it, and the members who talk to the bot."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from tests.support.loopback.commands import Commands
from tests.support.loopback.faults import Answer, Scripted
from tests.support.loopback.forms import submitted
from tests.support.loopback.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, MESSAGE_CONTENT, Gateway
from tests.support.loopback.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    MODAL_SUBMIT,
    Interaction,
    Interactions,
)
from tests.support.loopback.messages import Message, Messages
from tests.support.loopback.recording import Call, Changes
from tests.support.loopback.rest import PREFIX, Rest
from tests.support.loopback.rules import BUTTON, walk
from tests.support.loopback.world import Channel, Json, User, World

T = TypeVar("T")


PROMISE = "Your answer comes here"
"""What a bot says in place of an answer that has to wait for the first articles."""


class LoopbackDiscord:
    """Start it with `async with`; `environment` tells a bot process where it is."""

    def __init__(self) -> None:
        self.world = World()
        self.changes = Changes()
        self.messages = Messages(self.world)
        self.interactions = Interactions(self.world, self.messages)
        self.commands = Commands(self.world)
        self.gateway = Gateway(self.world, self.changes)
        self._rest = Rest(self.world, self.messages, self.interactions, self.commands, self.changes, self._publish)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0
        self.base_url = ""
        self.gateway_url = ""

    async def __aenter__(self) -> LoopbackDiscord:
        app = web.Application()
        self._rest.register(app)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/resume", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self._listen(0)
        host, port = self._runner.addresses[0][:2]
        self._port = port
        self.base_url = f"http://{host}:{port}{PREFIX}"
        self.gateway_url = self.gateway.url = self._rest.gateway_url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for socket in list(self.gateway.sockets):
            await socket.close(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _listen(self, port: int) -> None:
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", port)
        await self._site.start()

    @property
    def _server(self) -> web.Server:
        assert self._runner is not None
        assert self._runner.server is not None
        return self._runner.server

    # --- looking at what the bot did

    @property
    def calls(self) -> list[Call]:
        """Every REST call so far, in order."""
        return self._rest.calls

    def calls_to(self, method: str, template: str) -> list[Call]:
        """The calls to one endpoint, named as Discord's description names it."""
        return [call for call in self.calls if (call.method, call.template) == (method, template)]

    def violations(self, since: int = 0) -> list[str]:
        """What is wrong with the calls from the `since`-th on."""
        return [problem for call in self.calls[since:] for problem in call.violations]

    async def until(self, happened: Callable[[], T], *, timeout: float = 20.0, what: str) -> T:  # noqa: ASYNC109
        """Wait for `happened` to be true; see `Changes.until`."""
        return await self.changes.until(happened, timeout=timeout, what=what)

    async def ready(self, *, timeout: float = 60.0) -> None:  # noqa: ASYNC109
        """Wait for the bot to have its commands registered and its session open."""
        await self.until(
            lambda: self.gateway.connected and self.commands.registered,
            timeout=timeout,
            what="the bot to be ready",
        )

    async def answer_to(self, interaction: Interaction, *, timeout: float = 20.0) -> Message:  # noqa: ASYNC109
        """Wait for the message that answers `interaction`; one that only promises an answer does not."""

        def answered() -> bool:
            return interaction.answered and PROMISE not in interaction.reply.text

        await self.until(answered, timeout=timeout, what=f"an answer to {interaction.name}")
        return interaction.reply

    def sent_by_bot(self, channel: Channel | None = None) -> list[Message]:
        """Messages of the bot's own in a channel, answers to interactions not included."""
        place = channel or self.world.channel
        return [
            message
            for message in self.messages.all
            if message.author is self.world.bot and message.channel is place and message.interaction is None
        ]

    async def reply_to(self, message: Message, *, timeout: float = 20.0) -> Message:  # noqa: ASYNC109
        """Wait for the bot's reply to a member's message."""

        def found() -> Message | None:
            sent = self.sent_by_bot(message.channel)
            return next((reply for reply in sent if reply.reference is message), None)

        reply = await self.until(found, timeout=timeout, what=f"a reply to {message.content!r}")
        assert reply is not None
        return reply

    # --- what members do

    async def slash(
        self,
        name: str,
        entered: Json | None = None,
        *,
        user: User | None = None,
        channel: Channel | None = None,
        **options: Any,
    ) -> Interaction:
        """A member enters `/name` with `options`. As the plain member in the channel, unless told.

        Options that are named as parameters here are `entered`.
        """
        body = self.commands.invocation(name, {**(entered or {}), **options}, direct=bool(channel and channel.direct))
        return await self._interact(COMMAND, f"/{name}", body, user, channel)

    async def autocomplete(
        self,
        name: str,
        focused: str,
        *,
        user: User | None = None,
        channel: Channel | None = None,
        **options: Any,
    ) -> Interaction:
        """A member is typing the option `focused` of `/name`."""
        direct = bool(channel and channel.direct)
        body = self.commands.invocation(name, options, direct=direct, focused=focused)
        return await self._interact(AUTOCOMPLETE, f"/{name} {focused}", body, user, channel)

    async def choose(self, name: str, message: Message, *, user: User | None = None) -> Interaction:
        """A member chooses `name` in the menu of a message."""
        body = self.commands.chosen(name, message)
        return await self._interact(COMMAND, f"menu {name}", body, user, message.channel)

    async def click(self, message: Message, label: str, *, user: User | None = None) -> Interaction:
        """A member clicks the button with this label, or with this emoji for want of one."""
        for placed in walk({"components": message.components}):
            button = placed.component
            named = label in (button.get("label"), (button.get("emoji") or {}).get("name"))
            if placed.type == BUTTON and named and button.get("custom_id"):
                assert not button.get("disabled"), f"the button {label!r} is disabled"
                body = {"component_type": BUTTON, "custom_id": button["custom_id"], "id": button["id"]}
                return await self._interact(COMPONENT, f"[{label}]", body, user, message.channel, message)
        raise LookupError(f"no button {label!r} in {message.components}")

    async def submit(self, opened: Interaction, entered: dict[str, str]) -> Interaction:
        """A member fills in the form that an interaction `opened` (`entered`: what, by label) and sends it."""
        await self.until(lambda: opened.callback, what="a form")
        assert opened.callback is not None
        assert opened.callback["type"] == MODAL, f"no form: {opened.callback}"
        body = submitted(opened.callback["data"], entered)
        return await self._interact(MODAL_SUBMIT, "a form", body, opened.user, opened.channel, opened.source, opened)

    async def say(
        self,
        content: str,
        *,
        author: User | None = None,
        channel: Channel | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Somebody writes a message. What the bot gets to see of it depends on its intents."""
        mentioned = [user for user in self.world.users if re.search(rf"<@!?{user.id}>", content)]
        if reply_to is not None and reply_to.author not in mentioned:
            mentioned.append(reply_to.author)
        message = Message(
            channel or self.world.channel,
            author or self.world.member,
            content=content,
            mentions=tuple(mentioned),
            reference=reply_to,
        )
        self.messages.add(message)
        await self._publish("MESSAGE_CREATE", message)
        return message

    def answer_next(
        self,
        method: str,
        template: str,
        status: int,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        times: int = 1,
        taken: bool = False,
        lost: bool = False,
    ) -> None:
        """Prescribe the answer to the next `times` requests to an endpoint: a 429, a 502, a 401 at login.

        `taken`: they are done nevertheless. `lost`: no answer arrives, the connection is closed instead.
        """
        answer = Answer(status, body, headers or {}, lost)
        self._rest.faults.scripted.append(Scripted(method, template, answer, times, taken))

    def forget_prescribed(self) -> None:
        """From now on, nothing is prescribed."""
        self._rest.faults.scripted.clear()

    @asynccontextmanager
    async def outage(self, *, refused: bool = False) -> AsyncIterator[None]:
        """Discord is not to be had: the gateway is closed, and REST answers 503, or nobody listens any more."""
        self.gateway.open_to_clients, self._rest.faults.outage = False, True
        if refused and self._site is not None:
            await self._site.stop()
        for connection in list(self._server.connections) if refused else ():
            if connection.transport is not None:
                connection.transport.abort()
        for socket in list(self.gateway.sockets):
            await socket.close(1001)
        yield
        self.gateway.open_to_clients, self._rest.faults.outage = True, False
        if refused:
            await self._listen(self._port)

    # --- events

    async def _interact(
        self,
        kind: int,
        name: str,
        body: Json,
        user: User | None,
        channel: Channel | None,
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> Interaction:
        place = channel or self.world.channel
        interaction = Interaction(kind, user or self.world.member, place, name, body, source, trigger)
        self.interactions.all.append(interaction)
        await self.gateway.dispatch("INTERACTION_CREATE", self.interactions.payload(interaction))
        return interaction

    async def _publish(self, event: str, message: Message) -> None:
        """Tell the bot of a message, unless it is ephemeral or its intents do not ask for it."""
        if message.ephemeral:
            return
        sent = message.to_json()
        if not self._may_read(message):
            sent |= {"content": "", "embeds": [], "components": [], "attachments": []}
        if message.reference is not None:
            sent["referenced_message"] = None if message.reference.deleted else message.reference.to_json()
        if message.channel.direct:
            await self.gateway.dispatch(event, sent | {"channel_type": 1}, intent=DIRECT_MESSAGES)
            return
        guild = self.world.guild_of(message.channel)
        sent |= {"guild_id": guild.id, "member": message.author.member_json(), "channel_type": 0}
        sent["mentions"] = [user.to_json() | {"member": user.member_json()} for user in message.mentions]
        await self.gateway.dispatch(event, sent, intent=GUILD_MESSAGES)

    def _may_read(self, message: Message) -> bool:
        """Without the privileged intent a bot reads its own messages, direct ones, and its mentions."""
        session = self.gateway.session
        if session is not None and session.intents & MESSAGE_CONTENT:
            return True
        bot = self.world.bot
        return message.author is bot or message.channel.direct or bot in message.mentions
