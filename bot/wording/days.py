"""Days as a member types them: "2026-11-20", "yesterday", "3 days ago", "November 2025". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from bot.wording.amounts import day_in_words
from bot.wording.language import _
from retrieval.errors import QuotewireError

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LONGEST = 40
"""Characters of a day that are read."""
EARLIEST = 1900

_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})(?:\.\s?(\d{4}|\d{2})?)?")  # the day first, wherever points are used
_AMBIGUOUS = re.compile(r"(?:0?\d|1[012])[/-](?:0?\d|1[012])[/-]\d{2,4}")  # is it the day first or the month?
_OF_A_MONTH = re.compile(r"(\d{1,2})[/-](\d{1,2})")
_NO_DAY = re.compile(r"\d{1,3}|\d{5,}|.*\d:\d.*")
# Times of day: "Monday at 5", "Montag 17 Uhr", "5 pm". The library takes their numbers for days and years.
_CLOCK = re.compile(
    r"(?:\b(?:at|um|à|às|a las?|alle|om|kl|klo)\b\.?|@) ?\d|\d ?(?:uhr|h|hrs?|o['’]clock|[ap]m|[ap]\.m\.)(?!\w)",
    re.IGNORECASE,
)
# Halves and quarters (semestres, trimestres) of a year, and its weeks: "H1 2025", "2025-Q3", "KW 12 2025".
_PART = r"(?P<part>[HQST][1-4]|[1-4][HQST]|(?:week|wk?|kw|woche|semaine|semana|settimana)[ -]?\d{1,2})"
_BEFORE_YEAR = re.compile(rf"{_PART}(?: of| de| van)?[ /'’,-]{{0,2}}(?P<year>\d{{4}})", re.IGNORECASE)
_BEHIND_YEAR = re.compile(rf"(?P<year>\d{{4}})[ /-]{{0,2}}{_PART}", re.IGNORECASE)
_MONTHS = {"H": 6, "S": 6, "Q": 3, "T": 3}
_SEASON = re.compile(r"\d{4}/(?:1[3-9]|[2-9]\d)")  # "2025/26" is no day
_NO_TIME = {"day", "week", "month", "year"}
# What may be left out without changing what is counted from now.
_FILLERS = set(
    "about ago and exactly the a an on of last past vor hace il y hay de del du le la el der den dem am im in letzten"
    " letzter vergangenen vorigen dernier dernière pasado pasada".split()
)
_MOMENT = timedelta(hours=3, minutes=33, seconds=33)  # of the day: what is counted from now has it, dates do not

Edge = Literal["since", "until"]


class UnclearDay(QuotewireError):
    """What a member typed for a day is none, or leaves no time between the two."""


@dataclass(frozen=True, slots=True)
class Days:
    """What was typed, as days, both whole and included: "November 2025" has thirty of them."""

    first: date
    last: date


def days_in(typed: str, today: date, locale: str = "en") -> Days | None:
    """The days that `typed` names in English or the language of `locale`, the past ones where it has no year.

    None when it names none, or when it may be one of two. The first call takes a quarter of a second.
    """
    text = " ".join(typed.split())
    if not text or len(text) > LONGEST or _NO_DAY.fullmatch(text) or _CLOCK.search(text) or _SEASON.fullmatch(text):
        return None
    if found := _BEFORE_YEAR.fullmatch(text) or _BEHIND_YEAR.fullmatch(text):
        return _part_of_year(found["part"].upper(), int(found["year"]))
    try:
        return _one(date.fromisoformat(text))
    except ValueError:
        pass
    if dotted := _DOTTED.fullmatch(text):
        return _day_of_month(int(dotted[1]), int(dotted[2]), dotted[3], today)
    if _AMBIGUOUS.fullmatch(text) and len(set(re.split("[/-]", text)[:2])) > 1:
        return None
    # Without a year, the month first would do as well; "03/15" may be a year's month, too.
    if (found := _OF_A_MONTH.fullmatch(text)) and int(found[1]) <= 12 and int(found[1]) != int(found[2]):
        return None
    return _parsed(text, today, locale)


def _one(day: date) -> Days | None:
    return Days(day, day) if day.year >= EARLIEST else None


def _part_of_year(part: str, year: int) -> Days | None:
    """A half or a quarter of a year, or one of its weeks."""
    if year < EARLIEST:
        return None
    number = int(re.sub(r"\D", "", part))
    months = next((_MONTHS[sign] for sign in part if sign in _MONTHS and len(part) == 2), None)
    try:
        if months is None:
            return Days(date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7))
        first = date(year, months * (number - 1) + 1, 1)
        last = date(year, months * number, 1)
    except ValueError:
        return None
    return Days(first, (last + timedelta(31)).replace(day=1) - timedelta(1))


def _day_of_month(day: int, month: int, year: str | None, today: date) -> Days | None:
    """Without a year, the last such day."""
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else range(today.year, today.year - 9, -1)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:  # 29 February, or none
            continue
        if year or found <= today:
            return _one(found)
    return None


def _parsed(text: str, today: date, locale: str) -> Days | None:
    now = datetime.combine(today, datetime.min.time()) + _MOMENT
    reader = _reader(locale, now)
    day, period = _read(reader, text)
    if day is None or period not in _NO_TIME or not EARLIEST <= day.year < date.max.year:
        return None
    from_now = day.time() == now.time()
    if day.time() != datetime.min.time() and not from_now:  # "noon" is a time of day
        return None
    if not (_all_counts(reader, text) if from_now else _all_agrees(reader, text, day.date())):
        return None
    counted = bool(re.search(r"\d", text)) and from_now  # "2 weeks ago" is a day
    return _whole("day" if counted else period, day.date())


def _read(reader: DateDataParser, text: str) -> tuple[datetime | None, str]:
    try:
        found = reader.get_date_data(text)
    except (ValueError, OverflowError):
        return None, "day"
    return found.date_obj, found.period or "day"


def _all_counts(reader: DateDataParser, text: str) -> bool:
    """Whether every word says something of the day: the library makes yesterday of "three days before yesterday"."""
    whole = _read(reader, text)
    return not any(rest and _read(reader, rest) == whole for _, rest in _without_each(text))


def _all_agrees(reader: DateDataParser, text: str, day: date) -> bool:
    """Whether every word is a part of the date, and the weekday that of the day, where one is named."""
    whole = _read(reader, text)
    for word, rest in _without_each(text):
        alone, period = _read(reader, word)
        if alone is None and rest and _read(reader, rest) == whole:
            return False
        if alone is not None and period == "day" and not re.search(r"\d", word) and alone.weekday() != day.weekday():
            return False
    return True


def _without_each(text: str) -> Iterator[tuple[str, str]]:
    """Each word that is no filler, and the text without it."""
    words = text.split()
    for at, word in enumerate(words):
        if word.casefold() not in _FILLERS:
            yield word, " ".join(words[:at] + words[at + 1 :])


def _whole(period: str, day: date) -> Days | None:
    if period == "week":
        monday = day - timedelta(day.weekday())
        return Days(monday, monday + timedelta(6))
    if period == "month":
        first = day.replace(day=1)
        return Days(first, (first + timedelta(31)).replace(day=1) - timedelta(1))
    if period == "year":
        return Days(day.replace(month=1, day=1), day.replace(month=12, day=31))
    return _one(day)


def _reader(locale: str, now: datetime) -> DateDataParser:
    from dateparser.date import DateDataParser  # here, since few name a day and loading it takes a quarter of a second

    settings = {
        "RELATIVE_BASE": now,
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "current",
        "PREFER_MONTH_OF_YEAR": "current",
        "DATE_ORDER": "DMY",
        "TIMEZONE": "UTC",
        "RETURN_TIME_AS_PERIOD": True,
    }
    return DateDataParser(languages=_readable(locale), settings=settings)


@cache
def _readable(locale: str) -> list[str]:
    """The languages in which days are read: English and that of `locale`, if it is known."""
    from dateparser.data.languages_info import language_order

    language = locale.replace("_", "-").partition("-")[0].casefold()
    return ["en", language] if language in language_order and language != "en" else ["en"]


def window(since: str | None, until: str | None, today: date, locale: str = "en") -> tuple[date | None, date | None]:
    """The days between which articles are wanted, both included. Raises `UnclearDay` with the remedy."""
    first, last = _day(since, today, locale, "since"), _day(until, today, locale, "until")
    if first and first > today:
        raise UnclearDay(
            _("{day} is yet to come, so there are no articles since then; give a day in the past.").format(
                day=day_in_words(first)
            )
        )
    if first and last and first > last:
        raise UnclearDay(
            _("There is no time since {first} and until {last}; put the earlier day into “since”.").format(
                first=day_in_words(first), last=day_in_words(last)
            )
        )
    return first, last


def _day(typed: str | None, today: date, locale: str, edge: Edge) -> date | None:
    if typed is None or not typed.strip():
        return None
    found = days_in(typed, today, locale)
    if found is None:
        raise UnclearDay(
            _("I do not know which day “{typed}” is; write it like 2026-11-20, yesterday or 3 days ago.").format(
                typed=" ".join(typed.split())[:LONGEST]
            )
        )
    return found.first if edge == "since" else found.last


def offered(typed: str, today: date, edge: Edge, locale: str = "en") -> list[tuple[str, str]]:
    """Names and values of days to choose from: the one that is typed, as it is understood, then those often wanted."""
    typed = " ".join(typed.split())
    found = days_in(typed, today, locale)
    days = [(typed, found.first if edge == "since" else found.last)] if found else []
    days += [(name, day) for name, day in _wanted(today) if typed.casefold() in name.casefold()]
    if not days:
        days = list(_wanted(today))
    by_day: dict[date, str] = {}
    for name, day in days:
        by_day.setdefault(day, name)
    return [(_choice(name, day), day.isoformat()) for day, name in by_day.items()]


def _wanted(today: date) -> Iterator[tuple[str, date]]:
    month_before = today.replace(day=1) - timedelta(1)
    yield _("today"), today
    yield _("yesterday"), today - timedelta(1)
    yield _("7 days ago"), today - timedelta(7)
    yield _("a month ago"), month_before.replace(day=min(today.day, month_before.day))


def _choice(name: str, day: date) -> str:
    words = day_in_words(day)
    return words if name.casefold() in (words.casefold(), day.isoformat()) else f"{name} · {words}"
