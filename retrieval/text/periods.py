"""The time that a question names: which days' articles it asks for.

Articles tell of a day on that day and the days after it, and a question seldom means a date to the hour.
So every window is wider than its words: it ends `_SLACK` days after the time named, "this week" and "this
month" are the days just gone (on a Monday people ask about Friday), and where a weekday can be read in two
ways the window holds both. A wrong window hides the answer, a missing one only leaves more to rank: what
is doubtful gives none. Days are days of UTC, as in `article.instant`. How each language tells times is in
its `languages.times.Times`; what they mean is here, once for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice

from retrieval.text.languages.known import language as known
from retrieval.text.languages.language import Language
from retrieval.text.languages.times import YEAR, Cue, Times, Unit
from retrieval.text.letters import bare_letters


@dataclass(frozen=True, slots=True)
class Window:
    """Days of publication, both whole and included; None is open, so `until=None` means up to now.

    `past`: the time named lies well before now. It can be true without a window ("in the 1980s").
    """

    since: date | None = None
    until: date | None = None
    past: bool = False


_SLACK = {"day": 2, "week": 2, "month": 31, "year": 90}  # days in which it is still reported; figures come late
_PAST_DAYS = 60  # what ended longer ago is the past
_DOUBTFUL_DAYS = {"day": 150, "month": 270}  # without a year, what is so long ago may well be another year's
_READ_AT_MOST = 3  # times of a kind in one question: a pasted calendar must not cost a second
_OLDEST_YEAR = 1990  # of earlier times there are hardly articles, only later articles about them
_DAYS_IN = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "year": 366}
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@cache
def _cues(times: Times) -> tuple[tuple[re.Pattern[str], Callable[[_Told], Window | None]], ...]:
    # What is written is looked at without its accents, which some leave out.
    return tuple((_pattern(bare_letters(pattern)), _READ[cue]) for cue, pattern in times.cues)


@dataclass(frozen=True, slots=True)
class _Told:
    """A time that a question tells: where `match` found it, what the groups hold, and when it is asked."""

    match: re.Match[str]
    groups: Mapping[str, str | None]
    text: str
    """The question, as long as that in which it was found."""
    now: datetime
    spoken: Language
    times: Times

    def by(self, group: str) -> str:
        """What a group of the cue holds; "" where it has none, or did not find it."""
        return self.groups.get(group) or ""

    @property
    def before(self) -> str:
        """The question before it."""
        return self.text[: self.match.start()]

    @property
    def today(self) -> date:
        """The day on which it is asked."""
        return self.now.date()

    def says(self, pattern: str, text: str | None = None) -> bool:
        """Whether a pattern is found in the question, or in that part of it."""
        return _pattern(pattern).search(self.text if text is None else text) is not None


def window(question: str, now: datetime, language: str | None = None) -> Window:
    """The days that hold every time the question names, seen from `now` (UTC): it may mean any one of them.

    The question is in `language`; one of which nothing is known names none.
    """
    spoken = known(language)
    if spoken.times is None:
        return Window()
    text = _QUOTED.sub(lambda match: "_" * len(match[0]), question)
    read = [found for found in _readings(text, now, spoken, spoken.times) if found]
    spans = [found for found in read if found.since or found.until]
    if not spans:
        old = _pattern(spoken.times.old_name).search(text)
        past = any(found.past for found in read) or _pattern(spoken.times.past).search(text)
        past = past or (old and int(old["year"]) <= now.year - 2)
        return Window(past=bool(past) and not _pattern(spoken.times.future).search(text))
    starts = [span.since for span in spans if span.since]
    ends = [span.until for span in spans if span.until]
    return Window(
        min(starts) if len(starts) == len(spans) else None,
        max(ends) if len(ends) == len(spans) else None,
        all(span.past for span in spans),
    )


def times_told(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """Where a text in `language` tells a time, whichever it is: spans `[start, end)`, the first one first."""
    times = known(language).times
    return sorted(match.span() for match, _ in _told_times(text, times)) if times else []


def _readings(text: str, now: datetime, spoken: Language, times: Times) -> Iterator[Window | None]:
    for match, read in _told_times(text, times):
        if not (spoken.capitals_tell_names and _is_title(match)):
            groups = match.groupdict()
            yield read(_Told(match=match, groups=groups, text=text, now=now, spoken=spoken, times=times))


def _told_times(text: str, times: Times) -> Iterator[tuple[re.Match[str], Callable[[_Told], Window | None]]]:
    """What tells a time and how it is read; what one cue has matched, the later ones do not see."""
    bare = bare_letters(text)
    for pattern, read in _cues(times):
        for match in islice(pattern.finditer(bare), _READ_AT_MOST):
            yield match, read
            bare = bare[: match.start()] + "_" * len(match[0]) + bare[match.end() :]


def _is_title(match: re.Match[str]) -> bool:
    """ "USA Today", "Last Week Tonight": in capitals where no sentence begins."""
    before = match.string[: match.start()].rstrip()
    return bool(before) and before[-1] not in ".?!:" and all(word[0].isupper() for word in match[0].split())


def _ended(first: date, last: date, slack: int, now: datetime) -> Window | None:
    """From `first` to `slack` days after `last`, open when that is not over yet."""
    today = now.date()
    if first > today:
        return None
    end = last + timedelta(slack)
    return Window(first, end if end < today else None, last < today - timedelta(_PAST_DAYS))


# --- dates -------------------------------------------------------------------------------------------


_OF_NO_YEAR = re.compile(r"(\d\d?)\.\s?(\d\d?)\.")


def _latest(day: int, month: int, today: date) -> date | None:
    """The latest such day, in this year or the last."""
    for year in (today.year, today.year - 1):
        with suppress(ValueError):  # there is no such day in it
            if (found := date(year, month, day)) <= today:
                return found
    return None


def _parsed(phrase: str, told: _Told) -> date | None:
    """The day (or first day of the month) that `phrase` names, the latest one before now where it has no year."""
    if not told.times.day_first and re.fullmatch(r"(?:0?\d|1[012])/(?:0?\d|1[012])/\d{4}", phrase):
        return None  # is it the day first or the month?
    if numeric := _OF_NO_YEAR.fullmatch(phrase):
        return _latest(int(numeric[1]), int(numeric[2]), told.today)
    # It takes "12.11." for a time of day (findings/dateparser-days.sh), hence what stands above.
    import dateparser  # here, since few questions name a date and loading it takes a quarter of a second

    found = dateparser.parse(
        re.sub(r"(?<=\d)[º°]", "", phrase),
        languages=[told.spoken.code],
        settings={
            "RELATIVE_BASE": told.now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
            "DATE_ORDER": "YMD" if re.match(r"\d{4}-", phrase) else "DMY",
            "TIMEZONE": "UTC",
        },
    )
    return found.date() if found else None


def _bounds(phrase: str, told: _Told) -> tuple[date, date, str] | None:
    """First and last day of the year, month or day that `phrase` names, and which of the three it is."""
    if re.fullmatch(YEAR, phrase):
        return date(int(phrase), 1, 1), date(int(phrase), 12, 31), "year"
    first = _parsed(phrase, told)
    if first is None or first.year == 9999:
        return None
    year = re.search(YEAR, phrase)
    unit = "day" if re.search(r"\d", re.sub(YEAR, "", phrase)) else "month"
    if not year and (told.says(told.times.future) or (told.today - first).days > _DOUBTFUL_DAYS[unit]):
        return None
    return first, (first + timedelta(31)).replace(day=1) - timedelta(1) if unit == "month" else first, unit


def _is_doubtful(told: _Told, phrase: str) -> bool:
    """Whether the words of a date are a name, a verb, a list or a comparison instead."""
    text, end, times = told.text, told.match.end(), told.times
    if _pattern(times.name_follows).match(text, end) or _pattern(times.list_follows).match(text, end):
        return True
    if re.search(YEAR, phrase):
        if not _pattern(times.ends).match(text, end):
            return True
    elif any(month in phrase.casefold() for month in times.names_too):
        closed = re.match(r"\s*(?:[?!.,]|$)", text[end:])
        doubtful = told.by("of") or told.by("which") or text[end : end + 2] in ("'s", "’s")
        if doubtful or not (closed or told.by("within")):
            return True
    return bool(told.by("since")) and told.says(times.comparison, told.before)


def _dated(told: _Told) -> Window | None:
    """ "on 21 December 2023", "in June", "since 2019", "before March 2024"."""
    phrase = " ".join(told.by("date").split())
    if _is_doubtful(told, phrase):
        return None
    bounds = _bounds(phrase, told)
    if bounds is None:
        return None
    first, last, unit = bounds
    today = told.today
    if first.year < _OLDEST_YEAR:
        return Window(past=not told.by("since"))
    if unit == "year" and first.year == today.year and told.says(told.times.future):
        return None  # "will open in 2024", asked in that year: announced before it
    if told.by("since") or told.by("onwards"):
        return Window(first) if first <= today else None
    if told.by("before"):
        end = first + timedelta(_SLACK["day"] - 1)
        return Window(None, end, first < today - timedelta(_PAST_DAYS)) if end < today else None
    found = _ended(first, last, _SLACK[unit], told.now)
    # "in the crash on 3 June": the date tells which crash; articles of any later day may tell of it.
    if found and (told.by("which") or told.says(told.times.event, told.before)):
        return Window(found.since, None, found.past and not told.says(told.times.since_then, told.before))
    return found


_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.|er|[ºo°])?", re.IGNORECASE)


def _range(told: _Told) -> Window | None:
    """ "between 3 and 9 June", "from June 28 to July 3, 2024"."""
    start, end = " ".join(told.by("start").split()), " ".join(told.by("end").split())
    months = [_pattern(bare_letters(told.times.month)).search(side) for side in (start, end)]
    if _NUMBER.fullmatch(start) and months[1]:  # "3 to 9 June" names the month once
        start = f"{start} {months[1][0]}"
    elif _NUMBER.fullmatch(end) and months[0]:
        end = f"{months[0][0]} {end}"
    elif not months[0] or not months[1]:
        return None
    year = re.search(YEAR, end)
    closing = _bounds(end, told)
    opening = _bounds(f"{start} {year[0]}" if year and not re.search(YEAR, start) else start, told)
    if not opening or not closing or opening[0] > closing[1] or opening[0].year < _OLDEST_YEAR:
        return None
    return _ended(opening[0], closing[1], _SLACK[closing[2]], told.now)


# --- weekdays, and spans counted from now ------------------------------------------------------------


def _weekday(told: _Told) -> Window | None:
    """ "on Tuesday", "last Sunday", "Tuesday's", "won Tuesday"."""
    if told.says(told.times.future) or not (told.by("last") or told.by("since") or told.says(told.times.past_tense)):
        return None
    today = told.today
    number = _weekdays(told.spoken.weekdays).index(told.by("day").lower())
    latest = today - timedelta((today.weekday() - number - 1) % 7 + 1)  # strictly before today
    if told.by("since"):
        return None if told.says(told.times.comparison, told.before) else Window(latest)
    of_event = told.by("owns") or told.by("which")
    if of_event or latest == today - timedelta(7) or told.says(told.times.since_then, told.before):
        return Window(latest)  # "Sunday's election" is told of for long; on a Tuesday, "Tuesday" is now or a week ago
    # On a Friday, "last Monday" is this week's to some and the week before's to others.
    in_this_week = latest.weekday() < today.weekday()
    earliest = latest - timedelta(7) if told.by("last") and in_this_week else latest
    return _ended(earliest, latest, _SLACK["day"], told.now)


@cache
def _weekdays(weekdays: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(bare_letters, weekdays))


@cache
def _measures(times: Times) -> tuple[Mapping[str, int], Mapping[str, Unit]]:
    """Counts and units by how they are written without accents."""
    counts = {bare_letters(word): count for word, count in times.counts.items()}
    return counts, {bare_letters(word): unit for word, unit in times.units.items()}


def _days(told: _Told) -> float:
    counts, _ = _measures(told.times)
    count, unit = " ".join(told.by("count").lower().split()), _DAYS_IN[_unit(told)]
    if not count:
        return unit * told.times.uncounted
    return unit * (int(count) if count.isdigit() else counts[count])


def _unit(told: _Told) -> Unit:
    return _measures(told.times)[1][told.by("unit").lower()]


def _rolling(told: _Told) -> Window | None:
    """ "in the last three days", "over the past month"."""
    if _days(told) > _DAYS_IN["year"]:
        return None  # "in the past 50 years" is what the answer covers, not when it was written
    return Window((told.now - timedelta(_days(told))).date())


def _ago(told: _Told) -> Window | None:
    """ "two weeks ago": roughly then, and what was written since may tell of it."""
    unit = _unit(told)
    if unit == "year":
        return Window(past=_days(told) < 100 * _DAYS_IN[unit])
    if _days(told) > _DAYS_IN["year"]:
        return None
    return Window((told.now - timedelta(_days(told) + _DAYS_IN[unit] / 2)).date(), None, _days(told) > _PAST_DAYS)


def _yesterday(told: _Told) -> Window:
    # Until noon UTC it is still the day before somewhere in America, whose yesterday began a day earlier.
    return Window((told.now - timedelta(days=1, hours=12)).date())


def _before_yesterday(told: _Told) -> Window:
    return Window((told.now - timedelta(days=2, hours=12)).date())


def _today(told: _Told) -> Window | None:
    return None if told.says(told.times.nowadays, told.before) else Window(told.today - timedelta(1))


def _this_week(told: _Told) -> Window:
    return Window(told.today - timedelta(8))


def _this_month(told: _Told) -> Window:
    return Window(told.today - timedelta(31))


def _last_week(told: _Told) -> Window | None:
    monday = told.today - timedelta(told.today.weekday() + 7)
    return _ended(monday, monday + timedelta(6), _SLACK["week"], told.now)


def _last_weekend(told: _Told) -> Window | None:
    if not (told.by("last") or told.says(told.times.past_tense)):
        return None
    sunday = told.today - timedelta(told.today.weekday() + 1)
    return _ended(sunday - timedelta(2), sunday, _SLACK["day"], told.now)


def _last_month(told: _Told) -> Window | None:
    end = told.today.replace(day=1) - timedelta(1)
    return _ended(end.replace(day=1), end, _SLACK["month"], told.now)


_READ: Mapping[Cue, Callable[[_Told], Window | None]] = {
    "range": _range,
    "date": _dated,
    "weekday": _weekday,
    "ago": _ago,
    "rolling": _rolling,
    "today": _today,
    "yesterday": _yesterday,
    "before_yesterday": _before_yesterday,
    "last_weekend": _last_weekend,
    "last_week": _last_week,
    "last_month": _last_month,
    "this_week": _this_week,
    "this_month": _this_month,
}
