"""What is secret, masked wherever it would be shown: in the log, in errors, in what a host set by mistake."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[MNO][\w-]{17,}\.[\w-]{6}\.[\w-]{27,}", re.ASCII)
"""The form of a bot token: the number of its bot and the time when it was made, in Base64, and a key."""
_PASSWORDS = re.compile(
    r"(\bpostgres(?:ql)?://[^\s:/@]*:)(?!PASSWORD@)[^\s\"]*(?=@)|(password=)(?:'(?:[^'\\]|\\.)*'|[^\s&'\"]+)",
    re.IGNORECASE,
)
"""Passwords where those of a database stand: in its address, but for the form that it has, and in what libpq makes of
that."""
MASK = "**********"

TOKEN_PAGE = "https://discord.com/developers/applications"  # noqa: S105 (a page, not a password)
_COPY_TOKEN = f"Copy the token from the Bot page of your application ({TOKEN_PAGE})"


def without_secrets(text: str) -> str:
    """`text` with all masked that has the form of a bot token, which hosts put where it does not belong, or
    stands where a database's password does.
    """
    return _PASSWORDS.sub(rf"\1\2{MASK}", _TOKEN.sub(MASK, text))


def token_mistake(token: str) -> str | None:
    """What is evidently wrong with a bot token, with the remedy and without showing it; else None."""
    if token != token.strip() or token.strip("'\"") != token:
        return "The token has quotes or spaces around it; remove them"
    if token.lower().startswith(("bot ", "bearer ")):
        return "The token starts with 'Bot ' or 'Bearer '; leave that word out, Quotewire adds it"
    if token.isdecimal():
        return f"This is a number, such as an application id, not a bot token. {_COPY_TOKEN}"
    if re.fullmatch(r"[0-9a-fA-F]{64}", token):
        return f"This is the application's public key, not its bot token. {_COPY_TOKEN}"
    if re.fullmatch(r"[\w-]{32}", token):
        return f"This looks like the application's client secret, not its bot token. {_COPY_TOKEN}"
    if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token, re.ASCII):
        return f"A bot token has three parts separated by dots; this has not. {_COPY_TOKEN}"
    return None
