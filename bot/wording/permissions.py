"""Permissions as Discord's settings call them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.wording.language import _, marked

_NAMES = {
    "view_channel": marked("View Channel"),
    "send_messages": marked("Send Messages"),
    "send_messages_in_threads": marked("Send Messages in Threads"),
    "read_message_history": marked("Read Message History"),
    "manage_threads": marked("Manage Threads"),
    "manage_guild": marked("Manage Server"),
    "attach_files": marked("Attach Files"),
}


def permission_names(permissions: Iterable[str]) -> str:
    """Permissions, which discord.py names "send_messages", as Discord's client does, one after the other."""
    return ", ".join(_(_NAMES[name]) if name in _NAMES else name.replace("_", " ").title() for name in permissions)
