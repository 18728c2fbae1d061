"""A server with a moderator, for tests of what moderators set and see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
import simcord
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.connection.client import QuotewireClient
from bot.memory.guilds import GuildSettings
from tests.support.discord.world import make_host, text


@dataclass
class Desk:
    """A server, its moderator, who also hosts the bot, and where they write."""

    env: simcord.Env
    guild: GuildHandle
    mod: MemberActor
    channel: ChannelHandle

    @classmethod
    def furnish(cls, env: simcord.Env) -> Desk:
        guild = env.create_guild()
        role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        mod = guild.add_member(env.create_user("mod"), roles=[role])
        make_host(env, mod)
        return cls(env, guild, mod, guild.create_text_channel("general"))

    @property
    def client(self) -> QuotewireClient:
        assert isinstance(self.env.bot, QuotewireClient)
        return self.env.bot

    @property
    def settings(self) -> GuildSettings:
        return self.client.serving.guild_settings.of(self.guild.id)

    def keep(self, settings: GuildSettings) -> None:
        self.client.serving.guild_settings.change(self.guild.id, lambda _: settings)

    def member(self, name: str, *roles: str) -> MemberActor:
        """A new member with new roles."""
        return self.guild.add_member(self.env.create_user(name), roles=[self.guild.create_role(role) for role in roles])

    async def set(self, name: str, **options: Any) -> str:
        """What the moderator sees of `/settings name`, which nobody else does."""
        result = await self.mod.slash(self.channel, f"settings {name}", **options)
        assert result.ephemeral
        return text(result.response)

    async def allow_everyone(self, name: str) -> None:
        """Put a command into everyone's menu, as an admin can: what remains is the check at run time."""
        command = next(each for each in await self.client.tree.fetch_commands() if each.name == name)
        self.guild.set_command_permissions(command, {self.guild.default_role: True})
