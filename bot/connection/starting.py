"""Why the bot cannot start, or not stay connected, with what its host can do."""

from __future__ import annotations

import aiohttp
import discord

from bot.settings import HostError
from retrieval.errors import QuotewireError


class StartError(QuotewireError):
    """The bot cannot log in to Discord or stay there."""


class TokenRefused(StartError, HostError):
    """Discord does not know the token (any more)."""


def start_failure(error: BaseException) -> BaseException:
    """`StartError` with the remedy for a start that failed for a known reason, else `error` itself."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return TokenRefused(
                "Discord refused the token; copy a new one from the Bot page of your application "
                "(https://discord.com/developers/applications) into DISCORD_TOKEN."
            )
        case discord.PrivilegedIntentsRequired() | discord.ConnectionClosed():
            return StartError(f"Discord closed the connection ({error}); start the bot again in a minute.")
        case discord.HTTPException(status=429):
            return StartError("Discord limits this address for now; wait an hour, then start the bot again.")
        case discord.HTTPException() | discord.GatewayNotFound() | aiohttp.ClientError() | OSError():
            return StartError(
                f"Discord cannot be reached ({error}); check this machine's network and "
                "https://discordstatus.com, then start the bot again."
            )
    return error
