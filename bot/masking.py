"""What is secret, masked wherever it would be shown: in the log, in errors, in what a host set by mistake."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[MNO][\w-]{17,}\.[\w-]{6}\.[\w-]{27,}", re.ASCII)
"""The form of a bot token: the number of its bot and the time when it was made, in Base64, and a key."""
_PASSWORDS = re.compile(
    r"(\bpostgres(?:ql)?://[^\s:/@]*:)[^\s\"]*(?=@)|(password=)(?:'(?:[^'\\]|\\.)*'|[^\s&'\"]+)", re.IGNORECASE
)
"""Passwords where those of a database stand: in its address, and in what libpq makes of that."""
MASK = "**********"


def without_secrets(text: str) -> str:
    """`text` with all masked that has the form of a bot token, which hosts put where it does not belong, or
    stands where a database's password does.
    """
    return _PASSWORDS.sub(rf"\1\2{MASK}", _TOKEN.sub(MASK, text))
