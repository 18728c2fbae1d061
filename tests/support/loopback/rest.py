"""Discord's REST API, as much of it as a bot of this kind calls; the rest is answered 404 and recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.support.loopback import errors, ratelimit
from tests.support.loopback.answering import Handler, Request, read_body, respond
from tests.support.loopback.commands import Commands
from tests.support.loopback.errors import DiscordError
from tests.support.loopback.faults import Answer, Faults
from tests.support.loopback.interactions import REPLY, Interaction, Interactions
from tests.support.loopback.messages import Message, Messages
from tests.support.loopback.ratelimit import RateLimits
from tests.support.loopback.recording import Call, Changes
from tests.support.loopback.rules import COMPONENTS_V2
from tests.support.loopback.world import Guild, Json, World

PREFIX = "/api/v10"
Publish = Callable[[str, Message], Awaitable[None]]


class Rest:
    """The handlers, behind one door that authorises, limits, records and answers."""

    def __init__(
        self,
        world: World,
        messages: Messages,
        interactions: Interactions,
        commands: Commands,
        changes: Changes,
        publish: Publish,
    ) -> None:
        self._world, self._messages, self._interactions = world, messages, interactions
        self._commands, self._changes, self._publish = commands, changes, publish
        self._limits = RateLimits()
        self.calls: list[Call] = []
        self.faults = Faults()
        self.gateway_url = ""

    def register(self, app: web.Application) -> None:
        """Add every endpoint to `app`. Templates are named as Discord's description names them."""
        application, channel = "/applications/{application_id}", "/channels/{channel_id}"
        webhook = "/webhooks/{webhook_id}/{webhook_token}"
        routes: list[tuple[str, str, Handler, bool]] = [
            ("GET", "/gateway", self._gateway, False),
            ("GET", "/gateway/bot", self._gateway_bot, True),
            ("GET", "/users/@me", self._me, True),
            ("GET", "/oauth2/applications/@me", self._application, True),
            ("GET", "/users/@me/guilds", self._guilds, True),
            ("GET", "/guilds/{guild_id}", self._guild, True),
            ("GET", "/guilds/{guild_id}/channels", self._guild_channels, True),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self._guild_member, True),
            ("GET", f"{application}/commands", self._list_commands, True),
            ("PUT", f"{application}/commands", self._put_commands, True),
            ("GET", f"{application}/guilds/{{guild_id}}/commands", self._list_guild_commands, True),
            ("PUT", f"{application}/guilds/{{guild_id}}/commands", self._put_guild_commands, True),
            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self._callback, False),
            ("POST", webhook, self._follow_up, False),
            ("GET", f"{webhook}/messages/@original", self._get_answer, False),
            ("PATCH", f"{webhook}/messages/@original", self._edit_answer, False),
            ("DELETE", f"{webhook}/messages/@original", self._delete_answer, False),
            ("GET", f"{webhook}/messages/{{message_id}}", self._get_answer, False),
            ("PATCH", f"{webhook}/messages/{{message_id}}", self._edit_answer, False),
            ("DELETE", f"{webhook}/messages/{{message_id}}", self._delete_answer, False),
            ("GET", channel, self._channel, True),
            ("POST", f"{channel}/messages", self._send, True),
            ("GET", f"{channel}/messages", self._list_messages, True),
            ("GET", f"{channel}/messages/{{message_id}}", self._get_message, True),
            ("PATCH", f"{channel}/messages/{{message_id}}", self._edit_message, True),
            ("DELETE", f"{channel}/messages/{{message_id}}", self._delete_message, True),
            ("POST", f"{channel}/typing", self._typing, True),
        ]
        for method, template, handler, private in routes:
            app.router.add_route(method, PREFIX + template, self._door(template, handler, private))
        app.router.add_route("*", PREFIX + "/{anything:.*}", self._door(None, _nothing_here, False))

    def _door(
        self, template: str | None, handler: Handler, private: bool
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(http: web.Request) -> web.Response:
            parameters = dict(http.match_info)
            interaction = self._interactions.by_token(
                parameters.get("interaction_token") or parameters.get("webhook_token") or ""
            )
            since = interaction.age if interaction else None
            scripted = self.faults.take(http.method, template)
            answer: Answer | None = scripted.answer if scripted and not scripted.taken else None
            body, files, held, v2 = None, (), (), False
            try:
                body, files = await read_body(http)
                allowed = http.headers.get("Authorization") == self._authorization
                request = Request(parameters, dict(http.query), body, files, allowed)
                before = self._changed(http.method, parameters, interaction)
                held = tuple(each.name for each in before.attachments) if before else ()
                v2 = _flagged_v2(body) or bool(before and before.v2)
                if answer is None:
                    answer = await self._answer(request, http, template, handler, private)
            except DiscordError as refusal:
                answer = Answer(refusal.status, refusal.body)
            again = bool(interaction and interaction.unconfirmed and "interaction_token" in parameters)
            if scripted:
                answer = scripted.answer
                if interaction and interaction.callback and "interaction_token" in parameters:
                    interaction.unconfirmed = True
            self.calls.append(
                Call(
                    method=http.method,
                    path=http.path.removeprefix(PREFIX),
                    template=template,
                    query=dict(http.query),
                    content_type=http.headers.get("Content-Type") if http.body_exists else None,
                    body=body,
                    files=(*held, *(file.name for file in files)),
                    status=answer.status,
                    answer=answer.body,
                    since_interaction=since,
                    v2=v2,
                    scripted=scripted is not None or again,
                )
            )
            await self._changes.announce()
            return respond(http, answer)

        return serve

    async def _answer(
        self, request: Request, http: web.Request, template: str | None, handler: Handler, private: bool
    ) -> Answer:
        if private and not request.authorised:
            raise errors.unauthorized()
        parameters = request.parameters
        major = parameters.get("channel_id") or parameters.get("webhook_token") or ""
        if template is None or "interaction_token" in parameters:
            return await handler(request)  # Discord sets no limit on callbacks
        passes, headers = self._limits.take(http.method, template, major)
        if not passes:
            return Answer(429, ratelimit.refusal(float(headers["X-RateLimit-Reset-After"])), headers)
        try:
            answer = await handler(request)
        except DiscordError as refusal:
            return Answer(refusal.status, refusal.body, headers)
        return Answer(answer.status, answer.body, headers)

    def _changed(self, method: str, parameters: dict[str, str], interaction: Interaction | None) -> Message | None:
        """The message that a call is about to change, as it is before."""
        if interaction is not None and "interaction_token" in parameters:
            return interaction.source
        target = parameters.get("message_id", "@original")
        if interaction is not None and target == "@original":
            return interaction.original if method == "PATCH" else None
        return next((each for each in self._messages.all if each.id == target), None)

    @property
    def _authorization(self) -> str:
        return f"Bot {self._world.token}"

    # --- login

    async def _gateway(self, request: Request) -> Answer:
        return Answer(200, {"url": self.gateway_url})

    async def _gateway_bot(self, request: Request) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": self._world.at_once}
        return Answer(200, {"url": self.gateway_url, "shards": self._world.shards, "session_start_limit": limit})

    async def _me(self, request: Request) -> Answer:
        return Answer(200, self._world.me_json())

    async def _application(self, request: Request) -> Answer:
        return Answer(200, self._world.application_json())

    async def _list_commands(self, request: Request) -> Answer:
        return Answer(200, self._commands.registered)

    async def _put_commands(self, request: Request) -> Answer:
        return Answer(200, self._commands.overwrite(request.body or []))

    async def _list_guild_commands(self, request: Request) -> Answer:
        return Answer(200, self._commands.of_guild.get(self._guild_named(request), []))

    async def _put_guild_commands(self, request: Request) -> Answer:
        return Answer(200, self._commands.overwrite_in(self._guild_named(request), request.body or []))

    async def _guilds(self, request: Request) -> Answer:
        return Answer(200, self._world.guilds_json())

    async def _guild(self, request: Request) -> Answer:
        return Answer(200, self._world.fetched_json(self._found(request)))

    async def _guild_channels(self, request: Request) -> Answer:
        return Answer(200, self._found(request).channels_json())

    async def _guild_member(self, request: Request) -> Answer:
        self._found(request)
        named = request.parameters["user_id"]
        user = next((each for each in self._world.users if each.id == named), None)
        if user is None:
            raise errors.missing_access()
        return Answer(200, {**user.member_json(), "banner": None, "user": user.to_json()})

    def _guild_named(self, request: Request) -> str:
        return self._found(request).id

    def _found(self, request: Request) -> Guild:
        named = request.parameters["guild_id"]
        guild = next((each for each in self._world.guilds if each.id == named), None)
        if guild is None:
            raise errors.missing_access()
        return guild

    # --- interactions

    async def _callback(self, request: Request) -> Answer:
        parameters = request.parameters
        interaction, message = self._interactions.acknowledge(
            parameters["interaction_id"], parameters["interaction_token"], request.body, request.files
        )
        kind = request.body["type"]
        if message is not None:
            await self._publish("MESSAGE_CREATE" if kind in (REPLY, REPLY + 1) else "MESSAGE_UPDATE", message)
        if request.query.get("with_response", "").lower() not in ("1", "true"):
            return Answer(204)
        described: Json = {"id": interaction.id, "type": interaction.kind}
        if message is None:
            return Answer(200, {"interaction": described})
        described |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        return Answer(200, {"interaction": described, "resource": {"type": kind, "message": message.to_json()}})

    def _behind(self, request: Request) -> Interaction:
        return self._interactions.webhook(request.parameters["webhook_id"], request.parameters["webhook_token"])

    async def _follow_up(self, request: Request) -> Answer:
        message = self._interactions.follow_up(self._behind(request), request.body, request.files)
        await self._publish("MESSAGE_UPDATE" if message.edited else "MESSAGE_CREATE", message)
        return Answer(200, message.to_json())

    async def _get_answer(self, request: Request) -> Answer:
        message_id = request.parameters.get("message_id", "@original")
        return Answer(200, self._interactions.message(self._behind(request), message_id).to_json())

    async def _edit_answer(self, request: Request) -> Answer:
        message_id = request.parameters.get("message_id", "@original")
        message = self._interactions.edit(self._behind(request), message_id, request.body, request.files)
        await self._publish("MESSAGE_UPDATE", message)
        return Answer(200, message.to_json())

    async def _delete_answer(self, request: Request) -> Answer:
        message_id = request.parameters.get("message_id", "@original")
        self._interactions.message(self._behind(request), message_id).deleted = True
        return Answer(204)

    # --- channels

    async def _channel(self, request: Request) -> Answer:
        channel = self._world.find_channel(request.parameters["channel_id"])
        if channel is None:
            raise errors.unknown_channel()
        described = channel.to_json()
        return Answer(200, described if channel.direct else described | {"guild_id": self._world.guild_of(channel).id})

    async def _send(self, request: Request) -> Answer:
        channel = self._world.find_channel(request.parameters["channel_id"])
        if channel is None:
            raise errors.unknown_channel()
        known = self._messages.sent_with(request.body.get("nonce") if request.body.get("enforce_nonce") else None)
        if known is not None:
            return Answer(200, known.to_json())
        message = self._messages.create(channel, request.body, request.files)
        await self._publish("MESSAGE_CREATE", message)
        return Answer(200, message.to_json())

    async def _list_messages(self, request: Request) -> Answer:
        channel = self._world.find_channel(request.parameters["channel_id"])
        if channel is None:
            raise errors.unknown_channel()
        after, before = int(request.query.get("after") or 0), int(request.query.get("before") or 0)
        found = self._messages.history(channel, int(request.query.get("limit") or 50), after=after, before=before)
        return Answer(200, [message.to_json() for message in found])

    def _named(self, request: Request) -> Message:
        return self._messages.find(request.parameters["channel_id"], request.parameters["message_id"])

    async def _get_message(self, request: Request) -> Answer:
        return Answer(200, self._named(request).to_json())

    async def _edit_message(self, request: Request) -> Answer:
        message = self._named(request)
        self._messages.edit(message, request.body, request.files)
        await self._publish("MESSAGE_UPDATE", message)
        return Answer(200, message.to_json())

    async def _delete_message(self, request: Request) -> Answer:
        self._named(request).deleted = True
        return Answer(204)

    async def _typing(self, request: Request) -> Answer:
        if self._world.find_channel(request.parameters["channel_id"]) is None:
            raise errors.unknown_channel()
        return Answer(204)


def _flagged_v2(body: Any) -> bool:
    """Whether a call says that its message is one of components V2; a callback holds the message in `data`."""
    data = body.get("data") if isinstance(body, dict) else None
    payload = data if isinstance(data, dict) else body
    flags = payload.get("flags") if isinstance(payload, dict) else 0
    return isinstance(flags, int) and bool(flags & COMPONENTS_V2)


async def _nothing_here(request: Request) -> Answer:
    raise errors.not_found()
