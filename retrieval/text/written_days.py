"""Dates as feeds, pages and archives write them, read in full or not at all. Pure.

A date of which a part is left over is none: what stands there may turn it into another day. Where day and month could
be taken for each other, `Habits` decide, which are learnt from the publisher's other dates, its language and its
country; without them the day is unknown. A clock time in a zone that nobody can tell leaves the day alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from retrieval.article import Day
from retrieval.text.words import MONTHS, WEEKDAYS
from retrieval.text.zones import ZONE, at_zone

Order = Literal["DMY", "MDY", "YMD"]

_LONGEST = 80  # characters
_MONTHS = (  # and their other names, also short
    "jan januar janner januari janvier janv enero ene gennaio gen janeiro ledna stycznia января"
    " ocak ιανουαριου ianuarie januar tammikuuta січня",
    "feb februar februari fevrier fevr fev febrero febbraio fevereiro unora lutego февраля"
    " subat φεβρουαριου februarie helmikuuta лютого",
    "mar marz maerz mrz mars marzo marco maart mrt marts brezna marca марта"
    " mart μαρτιου martie marcius maaliskuuta березня",
    "apr avril avr abril abr aprile dubna kwietnia апреля nisan απριλιου aprilie aprilis huhtikuuta квітня",
    "mai mayo maggio mag maio mei maj kvetna maja мая mayis μαιου majus toukokuuta травня",
    "jun juni juin junio giugno giu junho cervna czerwca июня haziran ιουνιου iunie junius kesakuuta червня",
    "jul juli juillet juil julio luglio lug julho cervence lipca июля temmuz ιουλιου iulie julius heinakuuta липня",
    "aug aout agosto ago augustus augusti srpna sierpnia августа agustos αυγουστου elokuuta серпня",
    "sept sep septembre septiembre setiembre settembre set setembro zari wrzesnia сентября"
    " eylul σεπτεμβριου septembrie szeptember syyskuuta вересня",
    "oct oktober okt octobre octubre ottobre ott outubro out rijna pazdziernika октября"
    " ekim οκτωβριου octombrie lokakuuta жовтня",
    "nov novembre noviembre novembro listopadu listopada ноября kasim νοεμβριου noiembrie marraskuuta листопада",
    "dec dezember dez decembre diciembre dic dicembre dezembro prosince grudnia декабря"
    " aralik δεκεμβριου decembrie joulukuuta грудня",
)
_MONTH = {
    name: number
    for number, (english, names) in enumerate(zip(MONTHS, _MONTHS, strict=True), 1)
    for name in (english, *names.split())
}
_WEEKDAYS = frozenset(
    [
        *WEEKDAYS,
        *"""
        mon tue tues wed weds thu thur thurs fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend
        sonntag mo di mi do fr sa so lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
        lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom lunedi martedi mercoledi giovedi
        venerdi gio segunda terca quarta quinta sexta seg ter qua qui sex maandag dinsdag woensdag donderdag vrijdag
        zaterdag zondag ma wo vr za zo mandag tirsdag onsdag torsdag fredag lordag sondag tir ons tor lor
        """.split(),
    ]
)
_WEEKDAY = re.compile(r"([^\W\d_]{2,12})\.?(?:-feira)?(?:,?\s|,)")
_TIME = r"""
    (?: (?:[Tt]|,?\s{1,3}(?:(?:at|um|à|às|a\ las|alle|ore|klo|kl\.?|[-–|·])\s)?)
        (?: (?P<hour>\d{1,2}) (?: \s?[:hH時시]\s?(?P<minute>\d{2})[分분]? | \.(?P<dotted>\d{2}) )
            (?: :(?P<second>\d{2}) (?:[.,]\d{1,9})? )?
          | (?P<short>\d{1,2})(?=\s?[AaPp]\.?[Mm]\b) | (?P<compact>\d{4}(?:\d{2})?) )
        (?:\s?(?P<half>[AaPp])\.?[Mm]\.?(?=\W|$) | \s?(?:Uhr|hrs?|h)\b)?
        (?:\s{0,2}(?P<zone>ZONE))? (?:\s?\((?P<told>[\w\ .,/+−:-]{1,50})\)|\[(?P<place>[\w/]{1,40})\])?
      | (?P<bare>Z|[+−-]\d{2}:\d{2})
    )?
""".replace("ZONE", ZONE)
_NAME = r"(?P<name>[^\W\d_]{3,13})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>\d{4}|\d{2}(?=\s\d|$))"
_FORMS = tuple(
    re.compile(form + (_TIME if has_time else ""), re.VERBOSE)
    for form, has_time in (
        (r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})", True),
        (r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", True),
        (r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<compact>\d{6})", False),
        (r"(?P<year>\d{4})\.\s(?P<month>\d{1,2})\.\s(?P<day>\d{1,2})\.?", True),
        (
            r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일](?:\s?[(（][月火水木金土日월화수목금토일][)）])?",
            True,
        ),
        (r"(?P<year>\d{4})-?W(?P<week>\d{2})-?(?P<weekday>[1-7])", True),
        (r"(?P<year>\d{4})-?(?P<ordinal>\d{3})", True),
        (r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})", True),
        (rf"{_DAY}(?:\s{{1,3}}(?:de\ |of\ )?|[-/\ ]){_NAME}(?:,?\s{{1,3}}(?:de\ |del\ )?|[-/]){_YEAR}", True),
        (rf"{_NAME}\s{{1,3}}{_DAY},?\s{{1,3}}(?P<year>\d{{4}})", True),
        (r"(?P<year>\d{4})\.?[-\ ]" + _NAME + r"[-\ ](?P<day>\d{1,2})\.?", True),
        # As C's asctime() and the command `date` write.
        (
            rf"{_NAME}\s{{1,3}}{_DAY}\s(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})"
            rf"(?:\s(?P<zone>{ZONE}))?\s(?P<year>\d{{4}})",
            False,
        ),
        # As web servers log.
        (
            rf"{_DAY}/{_NAME}/(?P<year>\d{{4}}):(?P<hour>\d{{2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})"
            rf"\s(?P<zone>{ZONE})",
            False,
        ),
    )
)
_IN_NUMBERS = next(form for form in _FORMS if "one" in form.groupindex)
_OFFSET_TOLD = re.compile(r"[+−-]\d{1,2}:?\d{2}\b")
_UNIX = re.compile(r"(?P<seconds>\d{9,10})(?:\.\d{1,9})?|(?P<thousandths>\d{12,13})")

# Domains of countries that are used for their sound.
_OF_NO_COUNTRY = frozenset("io co tv me ai fm to ly gg cc ws app sh im la nu st vc eu".split())
_MONTH_FIRST = frozenset("us ph pr gu pw fm mh as vi".split())
_EITHER = frozenset("ca".split())
_YEAR_FIRST = frozenset("zh ja ko mn".split())


@dataclass(frozen=True, slots=True)
class Habits:
    """How a publisher writes dates: the order of its numbers, and the country (its domain) for names of zones."""

    order: Order | None = None
    country: str | None = None


NO_HABITS = Habits()


def habits_of(
    dates: Iterable[str] = (),
    *,
    language: str | None = None,
    addresses: Iterable[str | None] = (),
    known: Order | None = None,
) -> Habits:
    """The habits that show in a publisher's `dates`, else those that are `known` of it, else its country's."""
    tongue, *rest = (language or "").strip().casefold().replace("_", "-").split("-")
    region = next((part for part in rest if len(part) == 2 and part.isalpha()), None)
    domains = [country for address in addresses if (country := _country(address))]
    country = domains[0] if domains else region
    shown: set[Order] = {order for each in dates if (order := _order_shown(each))}
    if len(shown) == 1:
        return Habits(shown.pop(), country)
    usual: set[Order] = {order for place in [*domains, region] if place and (order := _order_in(place, tongue))}
    if not usual and not domains and not region and tongue not in ("", "en", *_YEAR_FIRST):
        usual = {"DMY"}
    return Habits(known or (usual.pop() if len(usual) == 1 else None), country)


def _order_in(place: str, tongue: str) -> Order | None:
    if place in _EITHER or tongue in _YEAR_FIRST or (place in _MONTH_FIRST and tongue not in ("en", "")):
        return None
    return "MDY" if place in _MONTH_FIRST else "DMY"


def _country(address: str | None) -> str | None:
    try:
        domain = (urlsplit(address or "").hostname or "").rpartition(".")[2]
    except ValueError:
        return None
    if len(domain) != 2 or not domain.isalpha() or domain in _OF_NO_COUNTRY:
        return None
    return "gb" if domain == "uk" else domain


def read_day(text: str, habits: Habits = NO_HABITS) -> Day | None:
    """The date or moment that the whole of `text` writes; None if it is none, or may be one of two.

    A moment has the offset of its zone; one without a zone is in UTC.
    """
    written = " ".join(text.split())
    if not written or len(written) > _LONGEST or not written[-1:].isprintable():
        return None
    if unix := _UNIX.fullmatch(written):
        seconds = int(unix["seconds"] or 0) or int(unix["thousandths"]) // 1000
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    rest, weekday = _without_weekday(written)
    for form in _FORMS:
        if (found := form.fullmatch(rest)) is None:
            continue
        try:
            day = _date(found, habits.order, weekday)
            return None if day is None else _moment(day, found, habits.country)
        except (ValueError, OverflowError):
            return None
    return None


def _without_weekday(written: str) -> tuple[str, int | None]:
    """The rest of a date behind the name of a weekday, and which that is where it is English."""
    found = _WEEKDAY.match(written)
    name = _plain(found[1]) if found else ""
    if found is None or name not in _WEEKDAYS:
        return written, None
    number = next((at for at, day in enumerate(WEEKDAYS) if len(name) > 2 and day.startswith(name)), None)
    return written[found.end() :], number


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ø", "o").replace("ı", "i"))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _date(found: re.Match[str], order: Order | None, weekday: int | None) -> date | None:
    parts = found.groupdict()
    year = int(parts["year"])
    if parts.get("week"):
        return date.fromisocalendar(year, int(parts["week"]), int(parts["weekday"]))
    if parts.get("ordinal"):
        number = int(parts["ordinal"])
        day = date(year, 1, 1) + timedelta(number - 1)
        return day if number and day.year == year else None
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    if parts.get("one"):
        days: dict[Order, date] = dict(_readings(parts, year))
        if weekday is not None and len(days) > 1:
            days = {key: day for key, day in days.items() if day.weekday() == weekday} or days
        return days[order] if order and order in days else next(iter(days.values())) if len(days) == 1 else None
    name = parts.get("name")
    month = _MONTH.get(_plain(name), 0) if name else int(parts["month"])
    return date(year, month, int(parts["day"]))


def _readings(parts: dict[str, str], year: int) -> Iterator[tuple[Order, date]]:
    """What "03/04/2025" may be, by the order of its numbers; the same day in both orders is one reading."""
    one, two = int(parts["one"]), int(parts["two"])
    readings: list[tuple[Order, int, int, int]] = [("DMY", year, two, one)]
    # Nobody writes the month first before a point.
    if parts["sign"] != "." and one != two:
        readings.append(("MDY", year, one, two))
    if len(parts["year"]) == 2 and parts["sign"] != ".":
        readings.append(("YMD", 2000 + one, two, int(parts["year"])))
    for order, *numbers in readings:
        try:
            yield order, date(*numbers)
        except ValueError:
            continue


def _order_shown(text: str) -> Order | None:
    """The order of the numbers of a date that can be read in one order only."""
    rest, weekday = _without_weekday(" ".join(text[:_LONGEST].split()))
    found = _IN_NUMBERS.fullmatch(rest)
    if not found or found["one"] == found["two"]:
        return None
    days: dict[Order, date] = dict(
        _readings(found.groupdict(), int(found["year"]) + (2000 if len(found["year"]) == 2 else 0))
    )
    if weekday is not None:
        days = {order: day for order, day in days.items() if day.weekday() == weekday}
    return next(iter(days)) if len(days) == 1 else None


def _moment(day: date, found: re.Match[str], country: str | None) -> Day | None:
    parts = found.groupdict()
    compact = parts.get("compact") or ""
    hour = parts.get("hour") or parts.get("short") or compact[:2]
    if not hour:
        return day
    minute = parts.get("minute") or parts.get("dotted") or compact[2:4] or "0"
    second = parts.get("second") or compact[4:] or "0"
    clock = _clock(int(hour), int(minute), int(second), (parts.get("half") or "").lower())
    if clock is None:
        return None
    moment = datetime.combine(day, datetime.min.time()) + clock
    zone = parts.get("zone") or parts.get("place")
    if not zone and (told := parts.get("told")):  # which is a comment only where the zone stands before it
        zone = (_OFFSET_TOLD.search(told) or [told])[0]
    if not zone:
        return moment.replace(tzinfo=UTC)
    return at_zone(moment, zone, country) or day


def _clock(hour: int, minute: int, second: int, half: str) -> timedelta | None:
    """The time since midnight; None if no clock shows it. "13:00 PM" is past noon, "13:00 AM" nothing."""
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half == "a":
        return None
    is_midnight = (hour, minute, second) == (24, 0, 0)
    if (hour > 23 and not is_midnight) or minute > 59 or second > 60:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
