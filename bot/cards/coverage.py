"""What the bot can quote from, by outlet and age."""

from __future__ import annotations

from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card
from bot.cards.chart import outlet_name
from bot.cards.lengths import OUTLET_LENGTH
from bot.cards.paging import page_rows
from bot.wording.amounts import counted, day_in_words, number
from bot.wording.language import _
from bot.wording.markdown import label, unbroken
from bot.wording.tongues import called, headed
from retrieval.index.coverage import Coverage, OutletCoverage

OUTLETS = 10
"""Outlets on a page."""
LANGUAGES = 6
"""Languages that are named with their articles."""
OF_AN_OUTLET = 3
"""Languages of an outlet that are named."""
LAST_PAGE = 9_999
TURN = r"sources:(?P<page>[0-9]{1,4}):(?P<member>[0-9]{1,20})"
"""What the custom id of a button that turns the pages looks like."""


def coverage_card(held: Coverage, page: int, member: int) -> Card:
    """A page of the outlets, the first below what there is in all; the first again when there are not so many."""
    if not held.articles:
        return Card(((_("I have no articles yet."),),), accent=ABSTAINED)
    start = page * OUTLETS
    if start >= len(held.outlets):
        page, start = 0, 0
    shown = held.outlets[start : start + OUTLETS]
    several = len([code for code in held.languages if code]) > 1
    lines = [_outlet_line(rank, outlet, several=several) for rank, outlet in enumerate(shown, start + 1)]
    top = (_("## What I can quote from"), *(() if page else (_held(held), _ages(held), *_languages(held))))
    more = start + OUTLETS < len(held.outlets) and page < LAST_PAGE
    rows = page_rows(lambda number: f"sources:{number}:{member}", page, more=more)
    return Card((top, ("\n".join(lines),)), accent=ANSWERED, rows=rows)


def _held(held: Coverage) -> str:
    articles = counted(held.articles, "**{count}** article", "**{count}** articles")
    named = sum(outlet.outlet is not None for outlet in held.outlets)
    outlets = counted(named, "**{count}** outlet", "**{count}** outlets")
    if held.oldest is None or held.newest is None:
        return f"{articles}{DOT}{outlets}"
    span = _("from {first} to {last}").format(first=day_in_words(held.oldest), last=day_in_words(held.newest))
    return f"{articles}{DOT}{outlets}{DOT}{span}"


def _ages(held: Coverage) -> str:
    ages = {
        _("the last day"): held.last_day,
        _("the last 7 days"): held.last_week,
        _("the last 30 days"): held.last_month,
        _("older"): held.older,
        _("undated"): held.undated,
    }
    return "-# " + DOT.join(unbroken(f"{age} **{number(count)}**") for age, count in ages.items() if count)


def _languages(held: Coverage) -> tuple[str, ...]:
    """At most one line: the languages with the most articles, and of how many none is known."""
    known = [(headed(code), count) for code, count in held.languages.items() if code]
    if not known:
        return ()
    others = sum(count for _name, count in known[LANGUAGES:])
    rest = [(_("others"), others), (_("language unknown"), held.languages.get("", 0))]
    named = [*known[:LANGUAGES], *((name, count) for name, count in rest if count)]
    return ("-# " + DOT.join(unbroken(f"{name} **{number(count)}**") for name, count in named),)


def _outlet_line(rank: int, outlet: OutletCoverage, *, several: bool) -> str:
    name = label(outlet_name(outlet.outlet), OUTLET_LENGTH)
    articles = counted(outlet.articles, "{count} article", "{count} articles")
    newest = _("newest {day}").format(day=day_in_words(outlet.newest)) if outlet.newest else _("undated")
    spoken = [", ".join(map(called, outlet.languages[:OF_AN_OUTLET]))] if several and outlet.languages else []
    return f"{rank}\\. **{name}**{DOT}" + DOT.join(map(unbroken, [articles, newest, *spoken]))
