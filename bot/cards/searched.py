"""What an answer was looked for in, and of what time that is, in a sentence."""

from __future__ import annotations

from babel.dates import format_interval

from bot.cards.lengths import OUTLET_LENGTH
from bot.memory.exchanges import Asking
from bot.wording.amounts import counted, day_in_words, number
from bot.wording.language import _, locale, marked
from bot.wording.markdown import day_text, label
from bot.wording.tongues import called
from retrieval.answer import Age, Answer
from retrieval.article import EVERYTHING, Day, Narrowing, Reading, Scope, instant, instant_end

Dates = tuple[Day | None, Day | None]
"""The oldest and the newest date of the articles that were looked through."""

_SEARCHED = {
    (True, False, False): marked("Looked through articles from {outlet}"),
    (True, True, False): marked("Looked through articles from {outlet} since {day}"),
    (True, False, True): marked("Looked through articles from {outlet} until {day}"),
    (True, True, True): marked("Looked through articles from {outlet}, of {days}"),
    (False, True, False): marked("Looked through articles since {day}"),
    (False, False, True): marked("Looked through articles until {day}"),
    (False, True, True): marked("Looked through articles of {days}"),
}
"""What is said where the question names an outlet, a day to begin with, and one to end with."""
_ALL_OTHERS = {
    (True, False, False): marked("Looked through all other articles, as there are none from {outlet}"),
    (True, True, False): marked("Looked through all other articles, as there are none from {outlet} since {day}"),
    (True, False, True): marked("Looked through all other articles, as there are none from {outlet} until {day}"),
    (True, True, True): marked("Looked through all other articles, as there are none from {outlet}, of {days}"),
    (False, True, False): marked("Looked through all other articles, as there are none since {day}"),
    (False, False, True): marked("Looked through all other articles, as there are none until {day}"),
    (False, True, True): marked("Looked through all other articles, as there are none of {days}"),
}
"""The same where no article is that narrow."""


def looked_through(answer: Answer, asking: Asking | None, dates: Dates) -> str:
    """The sentence, as markdown; `dates` are told where nothing else narrowed the search."""
    if answer.narrowed:
        return _narrowed(answer.narrowed)
    if asking and (asking.scope.source or asking.scope.language):
        return _set(asking.scope)
    return _articles_of(answer.articles, _within(asking.scope if asking else EVERYTHING, dates))


def still_reading(reading: Reading) -> str:
    """That there is more to come than was looked through."""
    return _("Still reading: {done} of {total} articles").format(done=number(reading.done), total=number(reading.total))


def as_of_day(day: Day) -> str:
    """That nothing later is told."""
    return _("as of {day}").format(day=day_in_words(day))


def how_old(age: Age) -> str:
    """That what is quoted is not of today."""
    said = _("The newest I have is from {day}") if age.of_now else _("The newest report on this is from {day}")
    return said.format(day=day_text(age.newest))


def _set(scope: Scope) -> str:
    """What the one who asks chose."""
    outlet = label(scope.source, OUTLET_LENGTH) if scope.source else ""
    language = called(scope.language) if scope.language else ""
    if not language:
        return _("Looked through what {outlet} reported").format(outlet=outlet)
    said = (
        _("Looked through what {outlet} reported in {language}")
        if outlet
        else _("Looked through articles in {language}")
    )
    return said.format(outlet=outlet, language=language)


def _narrowed(narrowing: Narrowing) -> str:
    named = narrowing.scope
    day = named.since or named.until
    kind = bool(named.source) or day is None, named.since is not None, named.until is not None
    said = (_ALL_OTHERS if narrowing.dropped else _SEARCHED)[kind]
    days = format_interval(named.since, named.until, "yMMMMd", locale=locale()) if named.since and named.until else ""
    outlet = label(named.source or "", OUTLET_LENGTH)
    return _(said).format(outlet=outlet, day=day_in_words(day) if day else "", days=days)


def _articles_of(count: int, dates: Dates) -> str:
    oldest, newest = dates
    if count == 0 or oldest is None or newest is None:
        return counted(count, "Looked through {count} article", "Looked through {count} articles")
    first, last = day_text(oldest), day_text(newest)
    if first == last:
        return counted(
            count, "Looked through {count} article, of {day}", "Looked through {count} articles, of {day}", day=first
        )
    return counted(
        count,
        "Looked through {count} article, from {first} to {last}",
        "Looked through {count} articles, from {first} to {last}",
        first=first,
        last=last,
    )


def _within(scope: Scope, dates: Dates) -> Dates:
    """The part of the dates that the question was to see."""
    oldest, newest = dates
    if oldest is None or newest is None:
        return dates
    if scope.since is not None and instant(scope.since) > instant(oldest):
        oldest = scope.since
    if scope.until is not None and instant_end(scope.until) < instant_end(newest):
        newest = scope.until
    return (oldest, newest) if instant(oldest) <= instant_end(newest) else (None, None)
