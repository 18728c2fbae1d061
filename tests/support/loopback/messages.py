"""Messages: what they hold, and what Discord lets a bot do to them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.support.loopback import errors
from tests.support.loopback.attachments import Attachment, Upload, attached, shown
from tests.support.loopback.rules import (
    BUTTON,
    COMPONENTS_V2,
    CONTAINER,
    EPHEMERAL,
    FILE,
    GALLERY,
    SELECTS,
    SEPARATOR,
    THUMBNAIL,
    refused_by_discord,
    texts_of,
)
from tests.support.loopback.world import Channel, Json, User, World, now, snowflake

LOADING = 1 << 7
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2

NONCE_KNOWN = 5 * 60.0
"""Seconds for which a nonce is known; Discord says "the past few minutes"."""

SUBSTANCE = ("content", "embeds", "components", "attachments", "sticker_ids", "poll")


@dataclass(slots=True)
class Message:
    """One message as it stands now; `edits` counts how often the bot changed it."""

    channel: Channel
    author: User
    flags: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    mentions: tuple[User, ...] = ()
    reference: Message | None = None
    interaction: Json | None = None
    attachments: list[Attachment] = field(default_factory=list)
    nonce: str | int | None = None
    created: float = field(default_factory=time.monotonic)
    id: str = field(default_factory=snowflake)
    timestamp: str = field(default_factory=now)
    edited: str | None = None
    edits: int = 0
    deleted: bool = False

    @property
    def loading(self) -> bool:
        """Whether members see "is thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a reader sees as text, in order."""
        return texts_of({"content": self.content, "components": self.components})

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def to_json(self) -> Json:
        described: Json = {
            "id": self.id,
            "channel_id": self.channel.id,
            "type": 0,
            "author": self.author.to_json(),
            "content": self.content,
            "embeds": self.embeds,
            "components": self.components,
            # Those of a message of components V2 are only to be found in the components that show them.
            "attachments": [] if self.v2 else [each.to_json() for each in self.attachments],
            "mentions": [user.to_json() for user in self.mentions],
            "mention_roles": [],
            "mention_everyone": False,
            "timestamp": self.timestamp,
            "edited_timestamp": self.edited,
            "flags": self.flags,
            "pinned": False,
            "tts": False,
        }
        if self.nonce is not None:
            described["nonce"] = self.nonce
        if self.reference is not None:
            described["type"] = 19
            described["message_reference"] = {
                "type": 0,
                "channel_id": self.reference.channel.id,
                "message_id": self.reference.id,
            }
        if self.interaction is not None:
            described |= {"interaction_metadata": self.interaction, "webhook_id": self.author.id, "type": 20}
            described["application_id"] = self.author.id
        return described


class Messages:
    """All messages on the loopback."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[Message] = []

    def add(self, message: Message) -> Message:
        self.all.append(message)
        return message

    def find(self, channel_id: str, message_id: str) -> Message:
        """A message that is there for everyone: an ephemeral one is not to be had by its channel."""
        for message in self.all:
            if (message.channel.id, message.id) == (channel_id, message_id) and not message.ephemeral:
                if message.deleted:
                    break
                return message
        raise errors.unknown_message()

    def sent_with(self, nonce: str | int | None) -> Message | None:
        """The bot's message that had this nonce lately, for one that asks to enforce it."""
        if nonce is None:
            return None
        recent = (each for each in self.all if time.monotonic() - each.created < NONCE_KNOWN)
        return next((each for each in recent if each.author is self._world.bot and each.nonce == nonce), None)

    def history(self, channel: Channel, limit: int, *, after: int = 0, before: int = 0) -> list[Message]:
        """The messages that all see, the newest first: the next ones after `after`, or the last ones."""
        there = [each for each in self.all if each.channel is channel and not each.deleted and not each.ephemeral]
        wanted = [each for each in there if int(each.id) > after and (not before or int(each.id) < before)]
        return (wanted[:limit] if after else wanted[-limit:])[::-1]

    def create(
        self, channel: Channel, payload: Json, files: tuple[Upload, ...] = (), *, interaction: Json | None = None
    ) -> Message:
        """The bot sends a message; only as an answer to an interaction may it be ephemeral."""
        if not files and not any(payload.get(name) for name in SUBSTANCE):
            raise errors.empty_message()
        flags = payload.get("flags") or 0
        _check(payload, tuple(file.name for file in files), v2=bool(flags & COMPONENTS_V2))
        message = Message(
            channel,
            self._world.bot,
            flags=flags & (SETTABLE | (EPHEMERAL if interaction else 0)),
            reference=self._reference(channel, payload.get("message_reference")),
            interaction=interaction,
            nonce=payload.get("nonce"),
        )
        _write(message, payload, files)
        return self.add(message)

    def edit(self, message: Message, payload: Json, files: tuple[Upload, ...] = ()) -> None:
        """The bot changes a message of its own."""
        if message.author.id != self._world.bot.id:
            raise errors.not_yours()
        given = payload.get("flags")
        if message.v2 and given is not None and not given & COMPONENTS_V2:
            raise errors.invalid_form("flags", ["IS_COMPONENTS_V2 cannot be removed from a message"])
        v2 = message.v2 or bool((given or 0) & COMPONENTS_V2)
        names = tuple(each.name for each in (*message.attachments, *files))
        _check(payload, names, v2=v2)
        if v2 and not message.v2:
            kept = [name for name in ("content", "embeds") if getattr(message, name) and name not in payload]
            if kept:
                raise errors.invalid_form(kept[0], ["cannot be kept with IS_COMPONENTS_V2"])
        message.flags = (message.flags & ~LOADING) | ((given or 0) & SETTABLE)
        _write(message, payload, files)
        message.edited = now()
        message.edits += 1

    def _reference(self, channel: Channel, reference: Json | None) -> Message | None:
        if not reference:
            return None
        try:
            place = str(reference.get("channel_id") or channel.id)
            return self.find(place, str(reference.get("message_id")))
        except errors.DiscordError:
            if reference.get("fail_if_not_exists") is False:
                return None
            raise errors.invalid_form("message_reference", ["Unknown message"], "REPLIES_UNKNOWN_MESSAGE") from None


def _check(payload: Json, files: tuple[str, ...], *, v2: bool) -> None:
    problems = refused_by_discord(payload, v2=v2, files=files)
    if problems:
        raise errors.invalid_form("components", problems, "COMPONENT_VALIDATION_FAILED")


def _write(message: Message, payload: Json, files: tuple[Upload, ...]) -> None:
    message.attachments = attached(message.attachments, payload, files)
    if "content" in payload:
        message.content = payload["content"] or ""
    if "embeds" in payload:
        message.embeds = [{"type": "rich", **embed} for embed in payload["embeds"] or []]
    if "components" in payload:
        message.components = as_answered(payload["components"] or [], message.attachments)


def as_answered(components: list[Json], held: list[Attachment]) -> list[Json]:
    """Components as Discord gives them back: each with an id, and with the defaults of what was left out."""
    taken = {component["id"] for component in _all(components) if component.get("id")}
    fresh = (number for number in range(1, 1000) if number not in taken)

    def answered(component: Json) -> Json:
        kept = shown({name: value for name, value in component.items() if value is not None}, held)
        if not kept.get("id"):
            kept["id"] = next(fresh)
        if "components" in kept:
            kept["components"] = [answered(child) for child in kept["components"]]
        if "accessory" in kept:
            kept["accessory"] = answered(kept["accessory"])
        if "emoji" in kept:
            kept["emoji"] = {name: value for name, value in kept["emoji"].items() if value is not None}
        return _defaults(kept["type"]) | kept

    return [answered(component) for component in components]


def _defaults(kind: int) -> dict[str, Any]:
    if kind in SELECTS:
        return {"min_values": 1, "max_values": 1}
    return {
        BUTTON: {"disabled": False},
        SEPARATOR: {"spacing": 1, "divider": True},
        CONTAINER: {"accent_color": None, "spoiler": False},
        THUMBNAIL: {"description": None, "spoiler": False},
        GALLERY: {},
        FILE: {"spoiler": False, "name": "file", "size": 0},
    }.get(kind, {})


def _all(components: list[Json]) -> list[Json]:
    nested = [child for component in components for child in component.get("components", [])]
    accessories = [component["accessory"] for component in components if component.get("accessory")]
    deeper = nested + accessories
    return components + (_all(deeper) if deeper else [])
