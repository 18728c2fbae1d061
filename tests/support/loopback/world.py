"""Who and what exists on the loopback, and how Discord describes it in JSON."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000
SEND_MESSAGES, MANAGE_GUILD, VIEW_CHANNEL, READ_HISTORY = 1 << 11, 1 << 5, 1 << 10, 1 << 16
EVERYBODY = SEND_MESSAGES | VIEW_CHANNEL | READ_HISTORY

_serial = itertools.count(1)

_GOES_ON = (
    "channels guild_scheduled_events joined_at large member_count members presences stage_instances threads"
    " unavailable voice_states"
).split()
"""What only the gateway tells of a guild."""


def snowflake() -> str:
    """A new id whose time is now, as Discord's are (discord.py reads the time out of ids)."""
    milliseconds = int(time.time() * 1000) - DISCORD_EPOCH_MS
    return str(milliseconds << 22 | next(_serial) & 0x3FFFFF)


def now() -> str:
    """The present moment as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class User:
    """A Discord account, and what it may do in every guild."""

    name: str
    permissions: int = EVERYBODY
    bot: bool = False
    roles: tuple[str, ...] = ()
    id: str = field(default_factory=snowflake)

    def to_json(self) -> Json:
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": self.name.title(),
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "bot": self.bot,
            "primary_guild": None,
        }

    def member_json(self) -> Json:
        """The account as a member of the guild, without the user."""
        return {
            "roles": list(self.roles),
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "nick": None,
            "avatar": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }


@dataclass(frozen=True, slots=True)
class Channel:
    """A place for messages: in the guild, or (no name) a direct message with `recipient`."""

    name: str | None
    recipient: User | None = None
    denied: int = 0
    """Permissions that nobody has here."""
    id: str = field(default_factory=snowflake)

    @property
    def direct(self) -> bool:
        return self.recipient is not None

    def to_json(self) -> Json:
        if self.recipient is not None:
            return {
                "id": self.id,
                "type": 1,
                "last_message_id": None,
                "recipients": [self.recipient.to_json()],
            }
        return {
            "id": self.id,
            "type": 0,
            "name": self.name,
            "position": 0,
            "permission_overwrites": [],  # those of a guild's channel: see `Guild.channels_json`
            "nsfw": False,
            "topic": None,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "flags": 0,
        }


@dataclass(frozen=True, slots=True)
class Guild:
    """A server with channels of its own; all of the world's users are its members."""

    name: str
    channels: tuple[Channel, ...]
    permissions: int = EVERYBODY
    """What everybody may do in it."""
    id: str = field(default_factory=snowflake)

    def channels_json(self) -> list[Json]:
        """GET /guilds/{guild_id}/channels."""
        denied = {"id": self.id, "type": 0, "allow": "0"}
        return [
            {**each.to_json(), "guild_id": self.id, "permission_overwrites": [{**denied, "deny": str(each.denied)}]}
            for each in self.channels
        ]


@dataclass(slots=True)
class World:
    """The application, a guild with a channel, a moderator, a plain member and a bot of somebody else's.

    The application has no privileged intent: as Discord grants it on the first day.
    """

    token: str = "loopback.token.of-the-bot"
    bot: User = field(default_factory=lambda: User("quotewire", bot=True))
    moderator: User = field(default_factory=lambda: User("mona", EVERYBODY | MANAGE_GUILD))
    member: User = field(default_factory=lambda: User("max"))
    other_bot: User = field(default_factory=lambda: User("echo", bot=True))
    channel: Channel = field(default_factory=lambda: Channel("news"))
    direct: Channel = field(init=False)
    guilds: list[Guild] = field(init=False)
    shards: int = 1
    """How many connections Discord asks the bot to share its guilds among."""
    at_once: int = 1
    """How many connections may begin within five seconds, each of another remainder of its shard (max_concurrency)."""

    def __post_init__(self) -> None:
        self.direct = Channel(None, recipient=self.member)
        self.guilds = [Guild("Newsroom", (self.channel,))]

    def found(self, name: str, *channels: Channel) -> Guild:
        """Another guild; the bot learns of it when it identifies."""
        guild = Guild(name, channels)
        self.guilds.append(guild)
        return guild

    @property
    def guild_id(self) -> str:
        """The first guild's."""
        return self.guilds[0].id

    @property
    def application_id(self) -> str:
        """The bot's account and its application share an id, as with every application since 2016."""
        return self.bot.id

    @property
    def users(self) -> tuple[User, ...]:
        return (self.bot, self.moderator, self.member, self.other_bot)

    def find_channel(self, channel_id: str) -> Channel | None:
        channels = (self.direct, *(channel for guild in self.guilds for channel in guild.channels))
        return next((channel for channel in channels if channel.id == channel_id), None)

    def guild_of(self, channel: Channel) -> Guild:
        """The guild that a channel is in; KeyError for one that is in none."""
        for guild in self.guilds:
            if channel in guild.channels:
                return guild
        raise KeyError(f"{channel} is in no guild")

    def shard_of(self, guild_id: str | None) -> int:
        """The shard that a guild is on; what is in no guild comes on shard 0."""
        return (int(guild_id) >> 22) % self.shards if guild_id else 0

    @property
    def home_shard(self) -> int:
        """The shard that the first guild is on."""
        return self.shard_of(self.guild_id)

    def me_json(self) -> Json:
        """GET /users/@me: the account with the fields that only it may see."""
        return {
            **self.bot.to_json(),
            "mfa_enabled": False,
            "locale": "en-US",
            "verified": True,
            "email": None,
        }

    def application_json(self) -> Json:
        """GET /oauth2/applications/@me."""
        return {
            "id": self.application_id,
            "name": "Quotewire",
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.bot.to_json(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": self.moderator.to_json(),
            "approximate_guild_count": len(self.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": [],
        }

    def guilds_json(self) -> list[Json]:
        """GET /users/@me/guilds."""
        return [
            {
                "id": guild.id,
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "features": [],
                "permissions": str(guild.permissions),
            }
            for guild in sorted(self.guilds, key=lambda guild: int(guild.id))
        ]

    def fetched_json(self, guild: Guild) -> Json:
        """GET /guilds/{guild_id}: what a guild is, without what goes on in it."""
        told = self.guild_json(guild)
        unknown = (
            "afk_channel_id application_id banner description discovery_splash home_header incidents_data"
            " public_updates_channel_id rules_channel_id safety_alerts_channel_id splash vanity_url_code"
            " widget_channel_id"
        ).split()
        counts = "max_members max_presences max_stage_video_channel_users max_video_channel_users".split()
        return {
            **{name: value for name, value in told.items() if name not in _GOES_ON},
            **dict.fromkeys(unknown),
            **dict.fromkeys([*counts, "premium_subscription_count"], 0),
            **dict.fromkeys(("nsfw", "premium_progress_bar_enabled", "widget_enabled"), False),
            "region": "",
            "afk_timeout": 60,
        }

    def guild_json(self, guild: Guild) -> Json:
        """The payload of GUILD_CREATE. Without the members intent, only the bot itself is among `members`."""
        everyone = {
            "id": guild.id,
            "name": "@everyone",
            "permissions": str(guild.permissions),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
            "icon": None,
            "unicode_emoji": None,
        }
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": self.moderator.id,
            "icon": None,
            "features": [],
            "roles": [everyone],
            "channels": [channel.to_json() for channel in guild.channels],
            "threads": [],
            "members": [{**self.bot.member_json(), "user": self.bot.to_json()}],
            "member_count": len(self.users),
            "large": False,
            "unavailable": False,
            "joined_at": "2024-01-01T00:00:00+00:00",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "system_channel_id": None,
            "system_channel_flags": 0,
            "emojis": [],
            "stickers": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
        }
