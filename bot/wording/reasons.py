"""What reasons and errors say, in the language that is spoken."""

from __future__ import annotations

from datetime import date

from bot.wording.amounts import day_in_words, number
from bot.wording.language import _, locale
from retrieval.errors import QuotewireError
from retrieval.reasons import Reason, filled
from retrieval.text.tongues import Languages


def said(reason: str) -> str:
    """A reason; one that was kept in English alone, or is in another library's or a stranger's words, as it stands."""
    if not isinstance(reason, Reason):
        return reason
    return filled(_(reason.template), {name: _place(value) for name, value in reason.places.items()})


def spoken_error(error: QuotewireError) -> str:
    """What `error` tells members."""
    if error.public:
        return _(error.public)
    return filled(_(error.template), {name: _place(value) for name, value in error.places.items()})


def _place(value: object) -> str:
    match value:
        case QuotewireError():
            return spoken_error(value)
        case Reason():
            return said(value)
        case int():
            return number(value)
        case date():
            return day_in_words(value)
        case Languages():
            return value.named(locale())
    return str(value)
