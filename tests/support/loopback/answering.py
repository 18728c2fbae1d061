"""Requests as the handlers of REST need them, and answers as aiohttp sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.support.loopback import errors
from tests.support.loopback.attachments import Upload
from tests.support.loopback.faults import Answer

# discord.py only parses an answer whose header is exactly this; aiohttp would add a charset.
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the handlers need it."""

    parameters: dict[str, str]
    query: dict[str, str]
    body: Any
    files: tuple[Upload, ...]
    authorised: bool


Handler = Callable[[Request], Awaitable[Answer]]


async def read_body(http: web.Request) -> tuple[Any, tuple[Upload, ...]]:
    """The JSON of a body; of a multipart one, that of `payload_json`, and its files."""
    if not http.body_exists:
        return None, ()
    files: list[Upload] = []
    if http.content_type == "multipart/form-data":
        form = await http.post()
        text = form.get("payload_json", "{}")
        for name, part in form.items():
            number = re.fullmatch(r"files\[(\d+)\]", name)
            if number and isinstance(part, web.FileField):
                files.append(Upload(number[1], part.filename, part.file.read()))
    else:
        text = await http.text()
    try:
        return json.loads(text) if isinstance(text, str) and text else None, tuple(files)
    except json.JSONDecodeError:
        raise errors.invalid_json() from None


def respond(http: web.Request, answer: Answer) -> web.Response:
    """Send an answer; a lost one closes the connection."""
    if answer.lost and http.transport is not None:
        http.transport.abort()
    if answer.body is None:
        return web.Response(status=answer.status, headers=answer.headers)
    if isinstance(answer.body, str):  # a page of the proxy before Discord, say
        return web.Response(status=answer.status, text=answer.body, content_type="text/html")
    return web.Response(
        status=answer.status,
        body=json.dumps(answer.body).encode(),
        headers={**answer.headers, "Content-Type": JSON_TYPE},
    )
