"""Rules on a message that Discord enforces, or that we hold ourselves to, beyond its OpenAPI description.

Every function takes the JSON a bot sends and returns what is wrong with it, one sentence each.
Sources: Discord's documentation, "Component Reference" and "Message Resource"; the error codes are those the
real API answers with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15

ROW, BUTTON, STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 1, 2, 3, 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
LINK_STYLE, PREMIUM_STYLE = 5, 6

IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
CHILDREN = {
    ROW: SELECTS | {BUTTON},
    SECTION: frozenset({TEXT}),
    CONTAINER: IN_CONTAINER,
}
TOP_LEVEL_V2 = IN_CONTAINER | {CONTAINER}

MAX_COMPONENTS, MAX_TEXT, MAX_ROWS, MAX_BUTTONS = 40, 4000, 5, 5
MAX_LABEL, MAX_CUSTOM_ID, MAX_URL, MAX_NONCE = 80, 100, 512, 25
MAX_ITEMS, MAX_DESCRIPTION, MAX_MEDIA_URL = 10, 1024, 2048
MAX_OPTIONS, MAX_OPTION_TEXT, MAX_PLACEHOLDER = 25, 100, 150


@dataclass(frozen=True, slots=True)
class Placed:
    """A component where it stands: its path and the type of what holds it (None: the message)."""

    path: str
    component: Json
    parent: int | None
    accessory: bool = False

    @property
    def type(self) -> int | None:
        kind = self.component.get("type")
        return kind if isinstance(kind, int) else None


def walk(payload: Json) -> Iterator[Placed]:
    """All components of a message, nested ones and accessories included."""
    yield from _walk(payload.get("components"), "components", None)


def _walk(components: object, path: str, parent: int | None) -> Iterator[Placed]:
    for position, component in enumerate(components if isinstance(components, list) else []):
        if isinstance(component, dict):
            placed = Placed(f"{path}[{position}]", component, parent)
            yield placed
            yield from _walk(component.get("components"), f"{placed.path}.components", placed.type)
            if isinstance(component.get("accessory"), dict):
                yield Placed(f"{placed.path}.accessory", component["accessory"], placed.type, accessory=True)


def texts_of(payload: Json) -> tuple[str, ...]:
    """What a reader sees as text: the content (before V2) and every TextDisplay, in order."""
    shown = [placed.component.get("content") for placed in walk(payload) if placed.type == TEXT]
    return tuple(text for text in (payload.get("content"), *shown) if isinstance(text, str) and text)


def length(text: str) -> int:
    """Discord does not say what it takes for a character: UTF-16 code units are the stricter reading."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def refused_by_discord(payload: Json, *, v2: bool | None = None, files: Collection[str] = ()) -> list[str]:
    """What makes Discord refuse this message. `v2`: whether it has components V2 (default: by its flags).

    `files` are the names of those that come with it, or that it had before.
    """
    if v2 is None:
        v2 = bool((payload.get("flags") or 0) & COMPONENTS_V2)
    placed = list(walk(payload))
    return [
        *_legacy_fields(payload, v2),
        *_totals(placed),
        *_unique(placed),
        *_nonce(payload),
        *_media(placed, files),
        *(problem for each in placed for problem in _component(each, v2)),
    ]


def against_our_policy(payload: Json) -> list[str]:
    """What Discord would take and we do not want: article and question text that can ping somebody."""
    if not texts_of(payload):
        return []
    mentions = payload.get("allowed_mentions")
    if not isinstance(mentions, dict):
        return ["allowed_mentions is missing: the text may mention people"]
    loose = [field for field in ("users", "roles") if mentions.get(field)]
    if mentions.get("parse") != []:
        loose.append("parse")
    return [f"allowed_mentions.{field} is {mentions.get(field)!r}: the text may mention people" for field in loose]


def message_violations(payload: Json, *, v2: bool | None = None, files: Collection[str] = ()) -> list[str]:
    """Everything that is wrong with a message."""
    return [*refused_by_discord(payload, v2=v2, files=files), *against_our_policy(payload)]


def deferral_violations(callback: Json) -> list[str]:
    """A deferred reply (callback type 5) carries nothing but, perhaps, the ephemeral flag."""
    sent = callback.get("data") or {}
    problems = [f"a deferred reply carries {field}" for field in sent if field != "flags" and sent[field]]
    if (sent.get("flags") or 0) & ~EPHEMERAL:
        problems.append(f"a deferred reply carries flags {sent['flags']}, only {EPHEMERAL} is allowed")
    return problems


def _legacy_fields(payload: Json, v2: bool) -> Iterator[str]:
    if v2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if payload.get(field):
                yield f"the '{field}' field cannot be used with IS_COMPONENTS_V2"
    elif length(payload.get("content") or "") > 2000:
        yield f"content has {length(payload['content'])} characters, 2000 are allowed"


def _totals(placed: list[Placed]) -> Iterator[str]:
    if len(placed) > MAX_COMPONENTS:
        yield f"{len(placed)} components, {MAX_COMPONENTS} are allowed"
    total = sum(length(_string(each, "content")) for each in placed if each.type == TEXT)
    if total > MAX_TEXT:
        yield f"{total} characters over all texts, {MAX_TEXT} are allowed"


def _nonce(payload: Json) -> Iterator[str]:
    nonce = payload.get("nonce")
    if isinstance(nonce, str) and len(nonce) > MAX_NONCE:
        yield f"nonce has {len(nonce)} characters, {MAX_NONCE} are allowed"
    if payload.get("enforce_nonce") and nonce is None:
        yield "enforce_nonce without a nonce"


def _media(placed: list[Placed], files: Collection[str]) -> Iterator[str]:
    """Galleries, thumbnails and files: what they show exists, and is described within bounds."""
    for each in placed:
        if each.type == GALLERY:
            items = each.component.get("items") or []
            if not 1 <= len(items) <= MAX_ITEMS:
                yield f"{each.path}: {len(items)} items in a gallery, 1 to {MAX_ITEMS} are allowed"
            for position, item in enumerate(items):
                yield from _shown(f"{each.path}.items[{position}]", item, "media", files)
        elif each.type == THUMBNAIL:
            yield from _shown(each.path, each.component, "media", files)
        elif each.type == FILE:
            yield from _shown(each.path, each.component, "file", files)


def _shown(path: str, item: Json, field: str, files: Collection[str]) -> Iterator[str]:
    url = str((item.get(field) or {}).get("url") or "")
    described = item.get("description")
    parts = urlsplit(url)
    if parts.scheme == "attachment":
        if url.removeprefix("attachment://") not in files:
            yield f"{path}: {url} is not among the files"
    elif field == "file":
        yield f"{path}: a file component shows only attachments"
    elif parts.scheme not in ("http", "https"):
        yield f"{path}: the url's scheme must be http, https or attachment"
    if len(url) > MAX_MEDIA_URL:
        yield f"{path}: url has {len(url)} characters, {MAX_MEDIA_URL} are allowed"
    if isinstance(described, str) and not 1 <= length(described) <= MAX_DESCRIPTION:
        yield f"{path}: description has {length(described)} characters, 1 to {MAX_DESCRIPTION} are allowed"


def _unique(placed: list[Placed]) -> Iterator[str]:
    for field in ("custom_id", "id"):
        values = Counter(str(each.component[field]) for each in placed if each.component.get(field))
        yield from (f"{field} {value!r} is used {n} times" for value, n in values.items() if n > 1)


def _component(placed: Placed, v2: bool) -> Iterator[str]:
    path, kind = placed.path, placed.type
    if not _may_stand_here(placed, v2):
        where = "the message" if placed.parent is None else f"a component of type {placed.parent}"
        yield f"{path}: type {kind} may not stand in {where}" + ("" if v2 else " without IS_COMPONENTS_V2")
    if kind == TEXT and not _string(placed, "content").strip():
        yield f"{path}: the text is empty"
    if kind == BUTTON:
        yield from _button(placed)
    if kind == ROW:
        yield from _row(placed)
    if kind in SELECTS:
        yield from select_violations(path, placed.component)
    if length(_string(placed, "custom_id")) > MAX_CUSTOM_ID:
        characters = length(_string(placed, "custom_id"))
        yield f"{path}: custom_id has {characters} characters, {MAX_CUSTOM_ID} are allowed"
    if kind in (ROW, SECTION, CONTAINER) and not placed.component.get("components"):
        yield f"{path}: it holds nothing"
    if kind == SECTION and len(placed.component.get("components") or []) > 3:
        yield f"{path}: a section holds at most 3 texts"
    if kind == SECTION and not placed.component.get("accessory"):
        yield f"{path}: a section needs an accessory"


def _may_stand_here(placed: Placed, v2: bool) -> bool:
    if placed.accessory:
        return placed.type in (BUTTON, THUMBNAIL)
    if placed.parent is None:
        return placed.type in (TOP_LEVEL_V2 if v2 else {ROW})
    return placed.type in CHILDREN.get(placed.parent, frozenset())


def _row(placed: Placed) -> Iterator[str]:
    kinds = [child.get("type") for child in placed.component.get("components") or [] if isinstance(child, dict)]
    if kinds.count(BUTTON) > MAX_BUTTONS:
        yield f"{placed.path}: {kinds.count(BUTTON)} buttons in a row, {MAX_BUTTONS} are allowed"
    if len(kinds) > 1 and any(kind in SELECTS for kind in kinds):
        yield f"{placed.path}: a select menu stands alone in its row"


def select_violations(path: str, select: Json) -> Iterator[str]:
    """What is wrong with a select menu, in a message or in a form."""
    if not select.get("custom_id"):
        yield f"{path}: a select menu needs a custom_id"
    if len(select.get("placeholder") or "") > MAX_PLACEHOLDER:
        yield f"{path}: placeholder has {len(select['placeholder'])} characters, {MAX_PLACEHOLDER} are allowed"
    if select.get("type") != STRING_SELECT:
        return
    options = select.get("options") or []
    if not 1 <= len(options) <= MAX_OPTIONS:
        yield f"{path}: {len(options)} options, 1 to {MAX_OPTIONS} are allowed"
    for position, option in enumerate(options):
        for field in ("label", "value", "description"):
            text = option.get(field)
            if (text is not None or field != "description") and not 1 <= len(text or "") <= MAX_OPTION_TEXT:
                yield f"{path}.options[{position}]: {field} must have 1 to {MAX_OPTION_TEXT} characters"
    values = Counter(option.get("value") for option in options)
    yield from (f"{path}: the value {value!r} is used {n} times" for value, n in values.items() if n > 1)


def _button(placed: Placed) -> Iterator[str]:
    path, button = placed.path, placed.component
    style, url, custom_id = button.get("style"), _string(placed, "url"), button.get("custom_id")
    if length(_string(placed, "label")) > MAX_LABEL:
        yield f"{path}: label has {length(button['label'])} characters, {MAX_LABEL} are allowed"
    if style != PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        yield f"{path}: a button needs a label or an emoji"
    if style == LINK_STYLE:
        if not url:
            yield f"{path}: a link button needs a url"
        elif urlsplit(url).scheme not in ("http", "https", "discord"):
            yield f"{path}: the url's scheme must be http, https or discord"
        if length(url) > MAX_URL:
            yield f"{path}: url has {length(url)} characters, {MAX_URL} are allowed"
        if custom_id:
            yield f"{path}: a link button has no custom_id"
    elif style != PREMIUM_STYLE:
        if not custom_id:
            yield f"{path}: a button that is not a link needs a custom_id"
        if url:
            yield f"{path}: only a link button has a url"


def _string(placed: Placed, field: str) -> str:
    """A field's text; a wrong kind of value is the description's business, not these rules'."""
    value = placed.component.get(field)
    return value if isinstance(value, str) else ""
