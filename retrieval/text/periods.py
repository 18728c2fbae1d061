"""The time that a question names: which days' articles it asks for.

Articles tell of a day on that day and the days after it, and a question seldom means a date to the hour.
So every window is wider than its words: it ends `_SLACK` days after the time named, "this week" and "this
month" are the days just gone (on a Monday people ask about Friday), and where a weekday can be read in two
ways the window holds both. A wrong window hides the answer, a missing one only leaves more to rank: what
is doubtful gives none. Days are days of UTC, as in `article.instant`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from retrieval.text.words import ANY_MONTH, NUMBERS, WEEKDAYS


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

_MONTH = rf"(?:{ANY_MONTH})\b\.?"
_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_YEAR = r"(?:1[89]|20)\d\d"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:{_NUMBER}(?:\sof)?\s{_MONTH}|{_MONTH}\s{_NUMBER}\b(?!:))(?:,?\s{_YEAR})?"
    rf"|{_YEAR}-\d\d-\d\d|\d\d?/\d\d?/{_YEAR}"
)
# A couple may be three and a few seven: what is longer ago than was asked for does not hide the answer.
_COUNTS = {word: number for word, number in NUMBERS.items() if 1 <= number <= 12} | {
    "a": 1,
    "an": 1,
    "couple": 3,
    "few": 7,
    "several": 7,
}
_COUNT = rf"(?<![\d,.])(?:(?:a\s)?(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s(?:of\s)?)"
_DAYS_IN = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "year": 366}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
# What may follow a date that is an adverb ("in 2019, who …"); a noun makes it part of a name ("the 2019 final").
_ADVERB_ENDS = _pattern(
    r"\s*(?:$|[?!;),]|[.:–—-](?:\s|$))|\s(?:a|about|after|again|against|an|and|are|as|at|because|before|but|by|can"
    r"|could|did|do|does|during|for|from|had|has|have|he|how|in|into|is|it|of|on|or|over|she|than|that|the|they|to"
    r"|was|were|what|when|where|whether|which|while|who|whom|whose|why|with|would)\b"
)
_NAME_FOLLOWS = re.compile(r"(?:['’]s)?[\s-][A-Z]|-")
_LIST_FOLLOWS = _pattern(rf"\s*(?:,|\b(?:and|or|to|until)\b|–)\s*(?:{_MONTH}|{_YEAR})|\s(?:and|or|to)\s\d")
_FUTURE = _pattern(
    r"\b(?:will|won['’]t|going\sto|could|upcoming|forthcoming|tomorrow|next|(?:is|are|be|was|were)\s(?:\w+\s)?(?:set"
    r"|expected|scheduled|due|slated|planned|poised|about|planning|preparing)\s(?:to|for|on))\b|['’]ll\b"
)
# "the largest protest since June" tells how far back a comparison reaches, not when it was reported.
_COMPARISON = _pattern(
    r"\b(?:first|only|last|most|least|best|worst|record|biggest|largest|smallest|greatest|highest|lowest|deadliest"
    r"|strongest|weakest|fastest|slowest|longest|shortest|youngest|oldest|steepest|sharpest|hottest|coldest|warmest"
    r"|richest|heaviest|worse|better|higher|lower|more|fewer|less|how\slong|not|never)\b[^.?!]*$|n['’]t\s[^.?!]*$"
)
# "in the crash on 3 June": the date tells which crash; articles of any later day may tell of it.
_EVENT = _pattern(
    r"(?:\b(?:after|at|during|following|from|in|of|over|since)\s(?:the|an?|his|her|its|their)\s(?:\S+\s){1,4}"
    r"|\b(?:after|following|since)\s[^,;?.!]{1,80}|\bthe\s[\w-]+\s|\b(?:began|beginning|started|starting)\s)$"
)
_SINCE_THEN = _pattern(r"\bsince\s[^,;?.!]{1,80}$")  # "since the attack in March": up to now
_PAST = _pattern(
    r"\b(?:back\sin|historically|(?<!of\s)(?<!\d\s)(?:years|decades|centuries)\sago|in\sthe\s(?:early\s|late\s"
    r"|mid-?\s?)?(?:\d\d)?\d0s|in\sthe\s\d\dth\scentury|(?:was|were|did|had|\w+ed)\b[^.?!]*\bbefore\s(?:Brexit"
    r"|Covid(?:-19)?|the\s(?:\w+\s){0,2}(?:elections?|war|pandemic|invasion|referendum|revolution)))\b"
)
# "Who won the 2018 World Cup?", but not "… after the 2018 World Cup": there the year only places it.
_OLD_NAME = re.compile(
    r"^(?:In|At|During|(?:Who|What|Where|Which|How)\b[^,;.]*\b(?:won|win|hosted?|was|were|did|happened|beat|held|scored)\b"
    rf"[^,;.]*)(?<!\bafter)(?<!\bsince)(?<!\bover)\sthe\s(?P<year>{_YEAR})\s[A-Z]"
)


def window(question: str, now: datetime) -> Window:
    """The days that hold every time the question names, seen from `now` (UTC): it may mean any one of them."""
    text = _QUOTED.sub(lambda match: "_" * len(match[0]), question)
    read = [found for found in _readings(text, now) if found]
    spans = [found for found in read if found.since or found.until]
    if not spans:
        old = _OLD_NAME.search(text)
        past = any(found.past for found in read) or _PAST.search(text) or (old and int(old["year"]) <= now.year - 2)
        return Window(past=bool(past) and not _FUTURE.search(text))
    starts = [span.since for span in spans if span.since]
    ends = [span.until for span in spans if span.until]
    return Window(
        min(starts) if len(starts) == len(spans) else None,
        max(ends) if len(ends) == len(spans) else None,
        all(span.past for span in spans),
    )


def _readings(text: str, now: datetime) -> list[Window | None]:
    readings = []
    for pattern, read in _CUES:
        for match in islice(pattern.finditer(text), _READ_AT_MOST):
            if not _is_title(match):
                readings.append(read(match, now))
            text = text[: match.start()] + "_" * len(match[0]) + text[match.end() :]
    return readings


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


def _parsed(phrase: str, now: datetime) -> date | None:
    """The day (or first day of the month) that `phrase` names, the latest one before `now` where it has no year."""
    if re.fullmatch(r"(?:0?\d|1[012])/(?:0?\d|1[012])/\d{4}", phrase):
        return None  # is it the day first or the month?
    import dateparser  # here, since few questions name a date and loading it takes a quarter of a second

    found = dateparser.parse(
        phrase,
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
            "DATE_ORDER": "YMD" if re.match(r"\d{4}-", phrase) else "DMY",
            "TIMEZONE": "UTC",
        },
    )
    return found.date() if found else None


def _bounds(phrase: str, now: datetime, future: bool) -> tuple[date, date, str] | None:
    """First and last day of the year, month or day that `phrase` names, and which of the three it is."""
    if re.fullmatch(_YEAR, phrase):
        return date(int(phrase), 1, 1), date(int(phrase), 12, 31), "year"
    first = _parsed(phrase, now)
    if first is None or first.year == 9999:
        return None
    unit = "month" if re.fullmatch(rf"{_MONTH}(?:,?\s{_YEAR})?", phrase, re.IGNORECASE) else "day"
    if not re.search(_YEAR, phrase) and (future or (now.date() - first).days > _DOUBTFUL_DAYS[unit]):
        return None
    return first, (first + timedelta(31)).replace(day=1) - timedelta(1) if unit == "month" else first, unit


def _is_doubtful(match: re.Match[str], lead: str, phrase: str) -> bool:
    """Whether the words of a date are a name, a verb, a list or a comparison instead."""
    text, end = match.string, match.end()
    if _NAME_FOLLOWS.match(text, end) or _LIST_FOLLOWS.match(text, end):
        return True
    if re.search(_YEAR, phrase):
        if not _ADVERB_ENDS.match(text, end):
            return True
    elif "may" in phrase.casefold():  # "since May resigned", "in May's speech", "which of the 5 may"
        closed = re.match(r"\s*(?:[?!.,]|$)", text[end:])
        if lead == "of" or text[end : end + 2] in ("'s", "’s") or not (closed or lead in ("in", "during", "on")):
            return True
    return lead in ("since", "after") and bool(_COMPARISON.search(text[: match.start()]))


def _dated(match: re.Match[str], now: datetime) -> Window | None:
    """ "on 21 December 2023", "in June", "since 2019", "before March 2024"."""
    lead, phrase = match["lead"].lower(), " ".join(match["date"].split())
    future = bool(_FUTURE.search(match.string))
    if _is_doubtful(match, lead, phrase):
        return None
    bounds = _bounds(phrase, now, future)
    if bounds is None:
        return None
    first, last, unit = bounds
    today = now.date()
    if first.year < _OLDEST_YEAR:
        return Window(past=lead not in ("since", "after"))
    if unit == "year" and first.year == today.year and future:
        return None  # "will open in 2024", asked in that year: announced before it
    if lead in ("since", "after", "from"):
        return Window(first) if first <= today else None
    if lead == "before":
        end = first + timedelta(_SLACK["day"] - 1)
        return Window(None, end, first < today - timedelta(_PAST_DAYS)) if end < today else None
    found = _ended(first, last, _SLACK[unit], now)
    before = match.string[: match.start()]
    if found and _EVENT.search(before):
        return Window(found.since, None, found.past and not _SINCE_THEN.search(before))
    return found


def _range(match: re.Match[str], now: datetime) -> Window | None:
    """ "between 3 and 9 June", "from June 28 to July 3, 2024"."""
    start, end = " ".join(match["start"].split()), " ".join(match["end"].split())
    months = [re.search(_MONTH, side, re.IGNORECASE) for side in (start, end)]
    if re.fullmatch(_NUMBER, start) and months[1]:  # "3 to 9 June" names the month once
        start = f"{start} {months[1][0]}"
    elif re.fullmatch(_NUMBER, end) and months[0]:
        end = f"{months[0][0]} {end}"
    elif not months[0] or not months[1]:
        return None
    year = re.search(_YEAR, end)
    future = bool(_FUTURE.search(match.string))
    closing = _bounds(end, now, future)
    opening = _bounds(f"{start} {year[0]}" if year and not re.search(_YEAR, start) else start, now, future)
    if not opening or not closing or opening[0] > closing[1] or opening[0].year < _OLDEST_YEAR:
        return None
    return _ended(opening[0], closing[1], _SLACK[closing[2]], now)


# --- weekdays, and spans counted from now ------------------------------------------------------------

_TIME_OF_WEEKDAY = frozenset("on last past since this".split())
_NO_TIME_OF_WEEKDAY = frozenset(
    """a an any before by coming each every first following for from good in next one second some super the third
    through till to until what which ash black bloody cyber easter giving palm sheffield""".split()
)


def _weekday(match: re.Match[str], now: datetime) -> Window | None:
    """ "on Tuesday", "last Sunday", "Tuesday's", "won Tuesday"."""
    lead = match["lead"] or ""
    after = match.string[match.end() :]
    if lead.lower() in _NO_TIME_OF_WEEKDAY or _FUTURE.search(match.string):
        return None
    if re.match(r"\s(?:of|the|night|morning|times|mail|telegraph|post|mirror)\b", after, re.IGNORECASE):
        return None  # "Friday the 13th", "the Sunday Times"
    if lead.lower() not in _TIME_OF_WEEKDAY and (not lead or lead[0].isupper()):
        return None  # "Ruby Tuesday"
    today = now.date()
    number = WEEKDAYS.index(match["day"].lower())
    latest = today - timedelta((today.weekday() - number - 1) % 7 + 1)  # strictly before today
    if lead.lower() == "since":
        return None if _COMPARISON.search(match.string[: match.start()]) else Window(latest)
    if match["owns"] or latest == today - timedelta(7) or _SINCE_THEN.search(match.string[: match.start()]):
        return Window(latest)  # "Sunday's election" is told of for long; on a Tuesday, "Tuesday" is now or a week ago
    # On a Friday, "last Monday" is this week's to some and the week before's to others.
    in_this_week = latest.weekday() < today.weekday()
    earliest = latest - timedelta(7) if lead.lower() == "last" and in_this_week else latest
    return _ended(earliest, latest, _SLACK["day"], now)


def _days(match: re.Match[str]) -> float:
    count = (match["count"] or "1").lower()
    return _DAYS_IN[match["unit"].lower()] * (int(count) if count.isdigit() else _COUNTS[count])


def _rolling(match: re.Match[str], now: datetime) -> Window | None:
    """ "in the last three days", "over the past month"."""
    if _days(match) > _DAYS_IN["year"]:
        return None  # "in the past 50 years" is what the answer covers, not when it was written
    return Window((now - timedelta(_days(match))).date())


def _ago(match: re.Match[str], now: datetime) -> Window | None:
    """ "two weeks ago": roughly then, and what was written since may tell of it."""
    unit = match["unit"].lower()
    if unit == "year":
        return Window(past=_days(match) < 100 * _DAYS_IN[unit])
    if _days(match) > _DAYS_IN["year"]:
        return None
    return Window((now - timedelta(_days(match) + _DAYS_IN[unit] / 2)).date(), None, _days(match) > _PAST_DAYS)


def _yesterday(_: re.Match[str], now: datetime) -> Window:
    # Until noon UTC it is still the day before somewhere in America, whose yesterday began a day earlier.
    return Window((now - timedelta(days=1, hours=12)).date())


def _today(match: re.Match[str], now: datetime) -> Window | None:
    if re.search(r"\b(?:(?:in|of|to|until|even|usa)\s|still\b.*)$", match.string[: match.start()], re.IGNORECASE):
        return None  # nowadays
    return Window(now.date() - timedelta(1))


def _this_week(_: re.Match[str], now: datetime) -> Window:
    return Window(now.date() - timedelta(8))


def _this_month(_: re.Match[str], now: datetime) -> Window:
    return Window(now.date() - timedelta(31))


def _last_week(_: re.Match[str], now: datetime) -> Window | None:
    monday = now.date() - timedelta(now.weekday() + 7)
    return _ended(monday, monday + timedelta(6), _SLACK["week"], now)


def _last_weekend(_: re.Match[str], now: datetime) -> Window | None:
    sunday = now.date() - timedelta(now.weekday() + 1)
    return _ended(sunday - timedelta(2), sunday, _SLACK["day"], now)


def _last_month(_: re.Match[str], now: datetime) -> Window | None:
    end = now.date().replace(day=1) - timedelta(1)
    return _ended(end.replace(day=1), end, _SLACK["month"], now)


# Tried in this order; what one has matched, the later ones do not see ("on Monday, 3 June 2024").
_CUES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Window | None]], ...] = (
    (
        _pattern(
            rf"\b(?:between|from)\s(?P<start>{_DAY}|{_NUMBER}|{_MONTH}(?:\s{_YEAR})?)\s(?:and|to|until|through)"
            rf"\s(?P<end>{_DAY}|{_MONTH}(?:\s{_YEAR})?|{_NUMBER}\b(?!\s*%))(?![\w/])"
        ),
        _range,
    ),
    (
        _pattern(rf"\b(?P<lead>on|since|after|before|from|of)\s(?:{_WEEKDAY},?\s)?(?:the\s)?(?P<date>{_DAY})(?![\w/])"),
        _dated,
    ),
    (
        _pattern(
            rf"(?<!\bare\s)\b(?P<lead>in|during|throughout|since|before|after)\s(?:(?:early|mid|late)[\s-])?"
            rf"(?P<date>{_MONTH}(?:,?\s{_YEAR})?|{_YEAR})(?![\w/])(?!\s\d)"
        ),
        _dated,
    ),
    (_pattern(rf"\b{_COUNT}(?P<unit>day|week|month|year)s?\sago\b(?:\stoday)?"), _ago),
    (
        _pattern(
            rf"\b(?:(?:in|over|during|within|for)\s(?:the|these)\s(?:last|past)|this\spast)\s{_COUNT}?"
            r"(?P<unit>hour|day|week|month|year)s?\b(?!\s(?:of|before|until)\b)"
        ),
        _rolling,
    ),
    (_pattern(r"\b(?:yesterday|last\snight)\b"), _yesterday),
    (_pattern(r"\b(?:today|this\s(?:morning|afternoon|evening))\b"), _today),
    (_pattern(r"\b(?:last|this\spast|over\sthe)\sweekend\b"), _last_weekend),
    (_pattern(r"(?<!\bthe\s)\blast\sweek\b(?!\s(?:of|before)\b)"), _last_week),
    (_pattern(r"(?<!\bthe\s)\blast\smonth\b(?!\s(?:of|before)\b)"), _last_month),
    (_pattern(r"\bthis\sweek(?:end)?\b"), _this_week),
    (_pattern(r"\bthis\smonth\b"), _this_month),
    (
        _pattern(
            rf"(?:\b(?P<lead>[\w'’-]{{1,15}})\s)?(?:(?:early|late)\s)?\b(?P<day>{_WEEKDAY})(?P<owns>['’]s)?"
            r"(?:\s(?:morning|afternoon|evening|night))?(?![\w-])"
        ),
        _weekday,
    ),
)
