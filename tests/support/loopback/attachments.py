"""Files that come with a message, and how Discord describes them afterwards."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from tests.support.loopback.world import Json, snowflake

PNG = b"\x89PNG\r\n\x1a\n"
SCHEME = "attachment://"
CDN = "https://cdn.discordapp.example/attachments"


@dataclass(frozen=True, slots=True)
class Upload:
    """One part `files[number]` of a multipart request."""

    number: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message holds."""

    name: str
    content: bytes
    description: str | None = None
    id: str = field(default_factory=snowflake)

    def to_json(self) -> Json:
        described = {
            "id": self.id,
            "filename": self.name,
            "size": len(self.content),
            "url": self._url,
            "proxy_url": self._url,
            "content_type": self._type,
            "width": self._size[0],
            "height": self._size[1],
            "description": self.description,
        }
        return {name: value for name, value in described.items() if value is not None}

    def as_media(self) -> Json:
        """As a component that shows it names it."""
        width, height = self._size
        return {
            "id": snowflake(),
            "url": self._url,
            "proxy_url": self._url,
            "width": width,
            "height": height,
            "content_type": self._type,
            "attachment_id": self.id,
        }

    @property
    def _url(self) -> str:
        return f"{CDN}/{self.id}/{self.name}"

    @property
    def _type(self) -> str | None:
        return "image/png" if self.content.startswith(PNG) else None

    @property
    def _size(self) -> tuple[int | None, int | None]:
        """Width and height of a PNG, which begins with them."""
        if not self.content.startswith(PNG) or len(self.content) < 24:
            return None, None
        width, height = struct.unpack(">II", self.content[16:24])
        return width, height


def attached(held: list[Attachment], payload: Json, files: tuple[Upload, ...]) -> list[Attachment]:
    """What a message that has `held` so far holds after `payload`: a list of attachments names all that stay."""
    given = payload.get("attachments")
    if given is None:
        return [*held, *(Attachment(file.name, file.content) for file in files)]
    numbered = {file.number: file for file in files}
    known = {attachment.id: attachment for attachment in held}
    kept: list[Attachment] = []
    for each in given:
        number = str(each.get("id"))
        if number in known:
            kept.append(known[number])
        elif number in numbered:
            file = numbered[number]
            kept.append(Attachment(each.get("filename") or file.name, file.content, each.get("description")))
    return kept


def shown(component: Json, held: list[Attachment]) -> Json:
    """`component`, with what Discord knows of each file that it shows."""
    found = dict(component)
    for name in ("media", "file"):
        if isinstance(found.get(name), dict):
            found[name] = _media(found[name], held)
    if isinstance(found.get("items"), list):
        found["items"] = [{"description": None, "spoiler": False} | shown(item, held) for item in found["items"]]
    return found


def _media(media: dict[str, Any], held: list[Attachment]) -> Json:
    url = str(media.get("url") or "")
    attachment = next((each for each in held if url == SCHEME + each.name), None)
    return attachment.as_media() if attachment else {"id": snowflake(), "proxy_url": url, **media}
