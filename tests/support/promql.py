"""What the dashboard and the alerts in `deploy/` ask Prometheus for, as far as it is the bot's to export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.support.places import ROOT

DASHBOARD = ROOT / "deploy" / "grafana-dashboard.json"
ALERTS = ROOT / "deploy" / "quotewire-alerts.yml"
_SELECTOR = re.compile(r"\b((?:quotewire|process)_[a-z_]+)(?:\{([^}]*)\})?")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
OF_PROMETHEUS = ("job", "instance")
"""Labels that Prometheus adds to what it collects."""

Selector = tuple[str, frozenset[tuple[str, str]]]


def alerts() -> list[dict[str, Any]]:
    """The rules of `quotewire-alerts.yml`."""
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    """All that is asked, in PromQL."""
    yield from (rule["expr"] for rule in alerts())
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def selectors() -> set[Selector]:
    """The metrics that are asked for, each with the labels that it is to have."""
    return {
        (name, frozenset(pair for pair in _LABEL.findall(labels) if pair[0] not in OF_PROMETHEUS))
        for expression in expressions()
        for name, labels in _SELECTOR.findall(expression)
    }
