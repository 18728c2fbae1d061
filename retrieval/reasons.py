"""Reasons, which are kept and sent in English and can be said in any language that they are translated into."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Reason(str):
    """A reason in English, as any other `str`; it knows what it was made of, so that it can be said otherwise.

    That is `template`, which stands in the catalogues, with its {places} filled: with numbers, reasons, which say part
    of it, and what is the same in all languages. Without places, `template` is the text as it is. An error that was
    raised with a reason gives it back: `str(error)` is the reason itself.
    """

    __slots__ = ("places", "template")
    template: str
    places: Mapping[str, object]

    def __new__(cls, template: str, /, **places: object) -> Reason:
        """`template` with its `places`; an error that is one of them stands for what it says."""
        kept = {name: str(each) if isinstance(each, Exception) else each for name, each in places.items()}
        reason = super().__new__(cls, filled(template, {name: _in_english(each) for name, each in kept.items()}))
        reason.template, reason.places = template, kept
        return reason

    def __str__(self) -> str:
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.template,), dict(self.places)


def filled(template: str, places: Mapping[str, str]) -> str:
    """`template` with its places filled. A sentence that stands within brackets has no full stop of its own."""
    if not places:
        return template
    return template.format(
        **{
            name: said.removesuffix(".") if f"({{{name}}})" in template else said  # as in "cannot be read ({reason})"
            for name, said in places.items()
        }
    )


def how_said(reason: str | None) -> dict[str, Any] | None:
    """What JSON holds, beside the English, of a reason that can be said in other languages; None of any other text."""
    if not isinstance(reason, Reason):
        return None
    kept = {
        name: each if type(each) is int else how_said(str(each)) or str(each) for name, each in reason.places.items()
    }
    return {"template": reason.template, "places": kept}


def reason_of(english: str, said: object = None) -> str:
    """The inverse of `how_said`: the reason; what was kept before there were any, or is damaged, as it stands."""
    with suppress(KeyError, TypeError, AttributeError, ValueError, IndexError):
        if said is not None and (reason := _reason(said)) == english:
            return reason
    return english


def _reason(said: Any) -> Reason:
    places = {name: _reason(each) if isinstance(each, dict) else each for name, each in said["places"].items()}
    template = said["template"]
    return Reason(template, **places)


def _in_english(place: object) -> str:
    return f"{place:,}" if type(place) is int else str(place)
