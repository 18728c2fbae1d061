"""Discord's refusals, with its real codes ("Opcodes and Status Codes" in its documentation)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


class DiscordError(Exception):
    """A request that Discord refuses: the HTTP status and the JSON body of the answer."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})


def not_found() -> DiscordError:
    return DiscordError(404, 0, "404: Not Found")


def unauthorized() -> DiscordError:
    return DiscordError(401, 0, "401: Unauthorized")


def invalid_json() -> DiscordError:
    return DiscordError(400, 50109, "The request body contains invalid JSON.")


def missing_access() -> DiscordError:
    return DiscordError(403, 50001, "Missing Access")


def unknown_channel() -> DiscordError:
    return DiscordError(404, 10003, "Unknown Channel")


def unknown_message() -> DiscordError:
    return DiscordError(404, 10008, "Unknown Message")


def unknown_webhook() -> DiscordError:
    return DiscordError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> DiscordError:
    return DiscordError(404, 10062, "Unknown interaction")


def already_acknowledged() -> DiscordError:
    return DiscordError(400, 40060, "Interaction has already been acknowledged.")


def empty_message() -> DiscordError:
    return DiscordError(400, 50006, "Cannot send an empty message")


def not_yours() -> DiscordError:
    return DiscordError(403, 50005, "Cannot edit a message authored by another user")


def token_expired() -> DiscordError:
    return DiscordError(401, 50027, "Invalid Webhook Token")


def invalid_form(field: str, problems: Iterable[str], code: str = "BASE_TYPE_BAD_VALUE") -> DiscordError:
    """50035: `field` of the body does not hold what it must."""
    listed = {"_errors": [{"code": code, "message": problem} for problem in problems]}
    return DiscordError(400, 50035, "Invalid Form Body", {field: listed})
