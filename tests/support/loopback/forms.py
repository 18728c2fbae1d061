"""Forms (modals) as members fill them in, within what their inputs allow."""

from __future__ import annotations

from typing import Any

from tests.support.loopback.rules_forms import INPUT, LABEL, MAX_ENTERED, parts_of
from tests.support.loopback.world import Json


def submitted(form: Json, entered: dict[str, str]) -> Json:
    """The `data` of an interaction, when a member sends `form` with what is `entered` under each label."""
    values = {_name(component, label): component for _, component, label in parts_of(form)}
    if unknown := set(entered) - set(values):
        raise LookupError(f"the form has no {', '.join(unknown)}, only: {', '.join(values)}")
    for name, component in values.items():
        _check(name, component, entered.get(name, component.get("value") or ""))

    def sent(component: Json, label: Json | None, number: int) -> Json:
        value = entered.get(_name(component, label), component.get("value") or "")
        answer: dict[str, Any] = {"type": component["type"], "id": number, "custom_id": component["custom_id"]}
        return answer | {"value": value}

    components: list[Json] = []
    for _, component, label in parts_of(form):
        number = 2 * len(components) + 1
        inner = sent(component, label, number + 1)
        if label is not None:
            components.append({"type": LABEL, "id": number, "component": inner})
        else:
            components.append({"type": 1, "id": number, "components": [inner]})
    return {"custom_id": form["custom_id"], "components": components}


def _name(component: Json, label: Json | None) -> str:
    return str((label or component).get("label"))


def _check(name: str, component: Json, value: str) -> None:
    if component["type"] != INPUT:
        raise NotImplementedError(f"nobody can fill in a component of type {component['type']} here yet")
    shortest, longest = component.get("min_length") or 0, component.get("max_length") or MAX_ENTERED
    if not value and component.get("required", True) is not False:
        raise ValueError(f"{name} must be filled in")
    if value and not shortest <= len(value) <= longest:
        raise ValueError(f"{name} takes {shortest} to {longest} characters")
