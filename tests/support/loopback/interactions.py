"""The life of an interaction: it is dispatched, acknowledged once and in time, then answered."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from tests.support.loopback import errors
from tests.support.loopback.attachments import Upload
from tests.support.loopback.messages import LOADING, Message, Messages
from tests.support.loopback.rules import EPHEMERAL
from tests.support.loopback.rules_forms import callback_violations
from tests.support.loopback.world import Channel, Json, User, World, snowflake

SECONDS_TO_ACKNOWLEDGE, SECONDS_TO_ANSWER = 3.0, 15 * 60.0

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {REPLY, DEFER, MODAL},
    COMPONENT: {REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {REPLY, DEFER, DEFER_UPDATE, UPDATE},
}


@dataclass(slots=True)
class Interaction:
    """What a member did, and how the bot answered so far.

    `original` is the message that the first answer made (or, for a button, the message that bears it);
    `acknowledged_after` the seconds from dispatch to callback; `trigger` what opened the form that is sent.
    """

    kind: int
    user: User
    channel: Channel
    name: str
    body: Json
    source: Message | None = None
    trigger: Interaction | None = None
    id: str = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(64))
    dispatched: float = field(default_factory=time.monotonic)
    callback: Json | None = None
    acknowledged_after: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    unconfirmed: bool = False
    """Whether the callback was taken without the bot's learning of it, so that it has to try again."""

    @property
    def age(self) -> float:
        return time.monotonic() - self.dispatched

    @property
    def answered(self) -> bool:
        """Whether a member sees an answer: a message that no longer loads, choices, or a modal."""
        if self.callback is None:
            return False
        if self.callback["type"] in (CHOICES, MODAL):
            return True
        return any(not each.loading and not each.deleted for each in self._messages())

    @property
    def reply(self) -> Message:
        """The message that answers; only to be asked for once `answered`."""
        return next(each for each in self._messages() if not each.loading and not each.deleted)

    def _messages(self) -> list[Message]:
        return [each for each in (self.original, *self.followups) if each is not None]


class Interactions:
    """All interactions on the loopback."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages
        self.all: list[Interaction] = []

    def by_token(self, token: str) -> Interaction | None:
        return next((each for each in self.all if each.token == token), None)

    def acknowledge(
        self, interaction_id: str, token: str, callback: Json, files: tuple[Upload, ...] = ()
    ) -> tuple[Interaction, Message | None]:
        """The one callback. Returns the message that it made or changed, if any."""
        interaction = self.by_token(token)
        if interaction is None or interaction.id != interaction_id:
            raise errors.unknown_interaction()
        if interaction.callback is not None:
            raise errors.already_acknowledged()
        if interaction.age > SECONDS_TO_ACKNOWLEDGE:
            raise errors.unknown_interaction()
        kind = callback.get("type")
        if kind not in ALLOWED[interaction.kind]:
            raise errors.invalid_form("type", ["not a possible response to this interaction"])
        problems = callback_violations(callback)
        if problems:
            raise errors.invalid_form("data", problems)
        message = self._respond(interaction, kind, callback.get("data") or {}, files)
        interaction.callback = callback
        interaction.acknowledged_after = interaction.age
        return interaction, message

    def _respond(self, interaction: Interaction, kind: int, data: Json, files: tuple[Upload, ...]) -> Message | None:
        if kind in (DEFER_UPDATE, UPDATE):
            interaction.original = interaction.source
            if kind == UPDATE and interaction.source is not None:
                self._messages.edit(interaction.source, data, files)
            return interaction.source
        if kind == REPLY:
            metadata = self._metadata(interaction)
            interaction.original = self._messages.create(interaction.channel, data, files, interaction=metadata)
        elif kind == DEFER:
            interaction.original = self._messages.add(
                Message(
                    interaction.channel,
                    self._world.bot,
                    flags=LOADING | ((data.get("flags") or 0) & EPHEMERAL),
                    interaction=self._metadata(interaction),
                )
            )
        return interaction.original

    def webhook(self, application_id: str, token: str) -> Interaction:
        """The interaction behind a webhook address; there is none before the callback."""
        interaction = self.by_token(token)
        if interaction is None or interaction.callback is None or application_id != self._world.application_id:
            raise errors.unknown_webhook()
        if interaction.age > SECONDS_TO_ANSWER:
            raise errors.token_expired()
        return interaction

    def message(self, interaction: Interaction, message_id: str) -> Message:
        """`@original`, or a message by its id, among those that answer this interaction."""
        own = [interaction.original, *interaction.followups]
        for message in own[:1] if message_id == "@original" else own:
            if message and not message.deleted and message_id in ("@original", message.id):
                return message
        raise errors.unknown_message()

    def follow_up(self, interaction: Interaction, payload: Json, files: tuple[Upload, ...] = ()) -> Message:
        """Another message; the first one after a deferral becomes the deferred message."""
        deferred = interaction.original
        if deferred is not None and deferred.loading and not deferred.deleted:
            self._messages.edit(deferred, payload, files)
            return deferred
        metadata = self._metadata(interaction)
        message = self._messages.create(interaction.channel, payload, files, interaction=metadata)
        interaction.followups.append(message)
        return message

    def edit(self, interaction: Interaction, message_id: str, payload: Json, files: tuple[Upload, ...] = ()) -> Message:
        message = self.message(interaction, message_id)
        self._messages.edit(message, payload, files)
        return message

    def payload(self, interaction: Interaction) -> Json:
        """The event INTERACTION_CREATE."""
        sent: Json = {
            "id": interaction.id,
            "application_id": self._world.application_id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": interaction.body,
            "channel": interaction.channel.to_json(),
            "channel_id": interaction.channel.id,
            "locale": "en-US",
            "app_permissions": str(self._world.bot.permissions),
            "entitlements": [],
            "authorizing_integration_owners": self._owners(interaction),
            "attachment_size_limit": 10_485_760,
        }
        if interaction.source is not None:
            sent["message"] = interaction.source.to_json()
        if interaction.channel.direct:
            return sent | {"user": interaction.user.to_json(), "context": 1}
        guild = self._world.guild_of(interaction.channel)
        sent["channel"]["permissions"] = str(interaction.user.permissions)
        member = {**interaction.user.member_json(), "user": interaction.user.to_json()}
        return sent | {
            "member": {**member, "permissions": str(interaction.user.permissions)},
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "context": 0,
        }

    def _owners(self, interaction: Interaction) -> Json:
        return {"0": "0" if interaction.channel.direct else self._world.guild_of(interaction.channel).id}

    def _metadata(self, interaction: Interaction) -> Json:
        metadata: Json = {
            "id": interaction.id,
            "type": interaction.kind,
            "user": interaction.user.to_json(),
            "authorizing_integration_owners": self._owners(interaction),
        }
        if interaction.trigger is not None:  # of a form, what opened it
            return metadata | {"triggering_interaction_metadata": self._metadata(interaction.trigger)}
        if interaction.source is not None:
            metadata["interacted_message_id"] = interaction.source.id
        return metadata
