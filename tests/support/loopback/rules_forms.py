"""Rules on what answers an interaction and is no message: deferrals, choices and forms (modals).

As in `rules.py`: the JSON that a bot sends in, what is wrong with it out. Sources: Discord's documentation,
"Receiving and Responding" and "Component Reference".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.support.loopback.rules import (
    MAX_CUSTOM_ID,
    ROW,
    SELECTS,
    TEXT,
    Json,
    deferral_violations,
    length,
    select_violations,
)

INPUT, LABEL = 4, 18
DEFERRALS, CHOICES, FORM = (5, 6), 8, 9
MAX_CHOICES, MAX_CHOICE = 25, 100
MAX_TITLE, MAX_PARTS, MAX_PART_LABEL, MAX_HINT, MAX_ENTERED = 45, 5, 45, 100, 4000


def callback_violations(callback: Json) -> list[str]:
    """What is wrong with a callback, the message it may carry apart."""
    kind, data = callback.get("type"), callback.get("data") or {}
    if kind in DEFERRALS:
        return deferral_violations(callback)
    if kind == CHOICES:
        return list(_choices(data))
    return list(_form(data)) if kind == FORM else []


def parts_of(form: Json) -> Iterator[tuple[str, Json, Json | None]]:
    """What members fill in: its path, the component, and the label that holds it (None: an action row)."""
    for position, part in enumerate(form.get("components") or []):
        path = f"components[{position}]"
        if part.get("type") == LABEL and isinstance(part.get("component"), dict):
            yield f"{path}.component", part["component"], part
        elif part.get("type") == ROW:
            for number, child in enumerate(part.get("components") or []):
                yield f"{path}.components[{number}]", child, None


def _choices(data: Json) -> Iterator[str]:
    choices = data.get("choices")
    if not isinstance(choices, list):
        yield "choices are missing"
        return
    if len(choices) > MAX_CHOICES:
        yield f"{len(choices)} choices, {MAX_CHOICES} are allowed"
    for position, choice in enumerate(choices):
        for field in ("name", "value"):
            text = choice.get(field)
            if (field == "name" or isinstance(text, str)) and not 1 <= length(text or "") <= MAX_CHOICE:
                yield f"choices[{position}]: {field} must have 1 to {MAX_CHOICE} characters"


def _form(data: Json) -> Iterator[str]:
    if not 1 <= length(data.get("title") or "") <= MAX_TITLE:
        yield f"title must have 1 to {MAX_TITLE} characters"
    if not 1 <= length(data.get("custom_id") or "") <= MAX_CUSTOM_ID:
        yield f"custom_id must have 1 to {MAX_CUSTOM_ID} characters"
    parts = data.get("components") or []
    if not 1 <= len(parts) <= MAX_PARTS:
        yield f"a form has {len(parts)} parts, 1 to {MAX_PARTS} are allowed"
    for position, part in enumerate(parts):
        yield from _part(f"components[{position}]", part)
    entered = list(parts_of(data))
    for path, component, label in entered:
        yield from _entered(path, component, label)
    names = Counter(component.get("custom_id") for _, component, _ in entered)
    yield from (f"custom_id {name!r} is used {n} times" for name, n in names.items() if n > 1)


def _part(path: str, part: Json) -> Iterator[str]:
    kind = part.get("type")
    if kind not in (ROW, LABEL, TEXT):
        yield f"{path}: type {kind} may not stand in a form"
    if kind == ROW and [child.get("type") for child in part.get("components") or []] != [INPUT]:
        yield f"{path}: a row of a form holds one text input"
    if kind == LABEL:
        if not 1 <= length(part.get("label") or "") <= MAX_PART_LABEL:
            yield f"{path}: label must have 1 to {MAX_PART_LABEL} characters"
        if part.get("description") is not None and not 1 <= length(part["description"]) <= MAX_HINT:
            yield f"{path}: description must have 1 to {MAX_HINT} characters"
        if not isinstance(part.get("component"), dict):
            yield f"{path}: it labels nothing"


def _entered(path: str, component: Json, label: Json | None) -> Iterator[str]:
    if not 1 <= length(component.get("custom_id") or "") <= MAX_CUSTOM_ID:
        yield f"{path}: custom_id must have 1 to {MAX_CUSTOM_ID} characters"
    if component.get("type") in SELECTS:
        yield from select_violations(path, component)
    if component.get("type") != INPUT:
        return
    if label is None and not 1 <= length(component.get("label") or "") <= MAX_PART_LABEL:
        yield f"{path}: label must have 1 to {MAX_PART_LABEL} characters"
    if label is not None and component.get("label"):
        yield f"{path}: an input under a label has none of its own"
    if length(component.get("placeholder") or "") > MAX_HINT:
        yield f"{path}: placeholder has more than {MAX_HINT} characters"
    shortest, longest = component.get("min_length") or 0, component.get("max_length") or MAX_ENTERED
    if not 0 <= shortest <= longest <= MAX_ENTERED:
        yield f"{path}: {shortest} to {longest} characters are no bounds within 0 to {MAX_ENTERED}"
    if length(component.get("value") or "") > longest:
        yield f"{path}: its value is longer than it may be"
