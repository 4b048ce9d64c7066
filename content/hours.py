"""Opening hours: when a schedule is open, and how hours and dates are said in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

import holidays
from babel.dates import format_date, format_time, get_day_names

from content.locales import locale_of

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Span:
    """Open from `opens` to `closes`, minutes of the local clock after midnight; 1440 is the end of the day."""

    opens: int
    closes: int


@dataclass(frozen=True)
class SpecialDay:
    """One dated exception: other hours, or closed when there are none. `reason` is by language, for people to read."""

    spans: tuple[Span, ...]
    reason: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """`weekly` has seven days, Monday first. `confirmed` is False until somebody at the desk has vouched for it."""

    name: str
    weekly: tuple[tuple[Span, ...], ...]
    eves: tuple[str, ...] = ()
    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    confirmed: bool = False


@dataclass(frozen=True)
class Opening:
    """`closes` is given while open, `opens` while closed (None: not within a year). Both in Finnish time."""

    is_open: bool
    closes: datetime | None
    opens: datetime | None


def parse_span(text: str) -> Span:
    """Read "09:00-12:00"; the end of the day is 24:00. Raises ValueError saying what is wrong."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f'"{text}" is not a span; write it as "09:00-12:00"')
    span = Span(_minutes(start), _minutes(end))
    if span.opens >= span.closes:
        raise ValueError(f'"{text}" ends before it begins; for hours past midnight end at 24:00 and go on the next day')
    return span


def eve(name: str, year: int) -> date:
    """The date of an eve: "midsummer" (the Friday of 19-25 June) or a month and day, "12-24". Raises ValueError."""
    if name == "midsummer":
        earliest = date(year, 6, 19)
        return earliest + timedelta(days=(4 - earliest.weekday()) % 7)
    return datetime.strptime(f"{year}-{name}", "%Y-%m-%d").date()


def opening(schedule: Schedule, at: datetime) -> Opening:
    """Whether the schedule is open at `at`, an aware time. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("opening() needs a time with a zone")
    for opens, closes in _joined(_intervals(schedule, at.astimezone(HELSINKI).date())):
        if at < opens:
            return Opening(False, None, opens.astimezone(HELSINKI))
        if at < closes:
            return Opening(True, closes.astimezone(HELSINKI), None)
    return Opening(False, None, None)


def reason(schedule: Schedule, day: date, language: str) -> str | None:
    """Why the day has other hours than usual, in the language, else English or Finnish; None on an ordinary day."""
    special = schedule.special.get(day)
    if special is None:
        return None
    return next((special.reason[code] for code in (language, "en", "fi") if code in special.reason), None)


def describe_week(schedule: Schedule, language: str) -> str:
    """The usual week, like "Mon–Fri 9–12" or "ma–to 9–12; pe 10–11.30"; a dash when it is never open."""
    names = get_day_names("abbreviated", locale=locale_of(language))
    wording = _wording(language)
    described = []
    for spans, group in groupby(range(7), key=lambda day: schedule.weekly[day]):
        days = list(group)
        if spans:
            pattern = wording.days if len(days) > 1 else "{first}"
            which = pattern.format(first=names[days[0]], last=names[days[-1]])
            described.append(which + " " + wording.comma.join(_describe_span(span, language) for span in spans))
    return wording.semicolon.join(described) or "–"


def describe_opening(opens: datetime, now: datetime, language: str) -> tuple[str, dict[str, str]]:
    """The phrase that says when it opens and its values: opening_today {time}, or opening_on {date} {time}."""
    at = opens.astimezone(HELSINKI)
    if at.date() == now.astimezone(HELSINKI).date():
        return "opening_today", {"time": describe_time(at, language)}
    return "opening_on", {"date": _weekday_and_date(at.date(), language), "time": describe_time(at, language)}


def describe_time(at: datetime, language: str) -> str:
    """The Finnish clock at that moment on 24 hours, Latin digits: "9:00", in Finnish "9.00"."""
    return _clock(at.astimezone(HELSINKI).time(), language)


def describe_date(day: date, language: str) -> str:
    """A date with its year, in words: "7 December 2026", "7. joulukuuta 2026"."""
    return format_date(day, "long", locale=locale_of(language))


# --- When -----------------------------------------------------------------

_HORIZON = timedelta(days=366)


def _minutes(clock: str) -> int:
    hours, colon, minutes = clock.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise ValueError(f'"{clock.strip()}" is not a time; write it as "09:00"')
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError(f'"{clock.strip()}" is not a time of day')
    return total


@lru_cache(maxsize=64)
def _closed_days(year: int, eves: tuple[str, ...]) -> frozenset[date]:
    """Public holidays of Finland and the eves named. The library counts two eves as holidays; hours.yml decides."""
    by_custom = {eve("12-24", year), eve("midsummer", year)}
    return frozenset((set(holidays.country_holidays("FI", years=year)) - by_custom) | {eve(e, year) for e in eves})


def _spans_on(schedule: Schedule, day: date) -> tuple[Span, ...]:
    if day in schedule.special:
        return schedule.special[day].spans
    return () if day in _closed_days(day.year, schedule.eves) else schedule.weekly[day.weekday()]


def _intervals(schedule: Schedule, first: date) -> Iterator[tuple[datetime, datetime]]:
    """In UTC: times of one zone are compared by their wall clock, which repeats an hour every autumn."""
    for offset in range(_HORIZON.days):
        day = first + timedelta(days=offset)
        for span in sorted(_spans_on(schedule, day), key=lambda each: each.opens):
            yield _moment(day, span.opens), _moment(day, span.closes)


def _joined(intervals: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Intervals that touch (until 24:00, from 00:00) are one: nobody is told that it closes at midnight."""
    current = next(intervals, None)
    for opens, closes in intervals:
        assert current is not None
        if opens <= current[1]:
            current = (current[0], max(closes, current[1]))
        else:
            yield current
            current = (opens, closes)
    if current is not None:
        yield current


def _moment(day: date, minutes: int) -> datetime:
    days, rest = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + timedelta(days=days), time(*divmod(rest, 60)), tzinfo=HELSINKI)
    return wall.astimezone(UTC)


# --- How it is said -------------------------------------------------------


@dataclass(frozen=True)
class _Wording:
    """What Babel does not know of a language: a date inside the sentence of the phrase opening_on, and a range of days.

    `on_weekday` is the weekday as it answers "when?", Monday first; without it Babel's own name stands.
    """

    date: str = "{weekday} {day}"
    day: str = "d MMMM"
    on_weekday: tuple[str, ...] | None = None
    days: str = "{first}–{last}"
    comma: str = ", "
    semicolon: str = "; "


_WORDINGS: Mapping[str, _Wording] = {
    "fi": _Wording(
        day="d. MMMM",
        on_weekday=(
            "maanantaina",
            "tiistaina",
            "keskiviikkona",
            "torstaina",
            "perjantaina",
            "lauantaina",
            "sunnuntaina",
        ),
    ),
    "ru": _Wording(
        date="{weekday}, {day}",
        on_weekday=(
            "в понедельник",
            "во вторник",
            "в среду",
            "в четверг",
            "в пятницу",
            "в субботу",
            "в воскресенье",
        ),
    ),
    "uk": _Wording(
        date="{weekday}, {day}",
        on_weekday=("у понеділок", "у вівторок", "у середу", "у четвер", "у п’ятницю", "у суботу", "у неділю"),
    ),
    "ar": _Wording(days="من {first} إلى {last}", comma="، ", semicolon="؛ "),
    "sv": _Wording(date="{weekday}en den {day}"),
    "et": _Wording(
        date="{weekday} ({day})",
        day="d. MMMM",
        on_weekday=(
            "esmaspäeval",
            "teisipäeval",
            "kolmapäeval",
            "neljapäeval",
            "reedel",
            "laupäeval",
            "pühapäeval",
        ),
    ),
    **dict.fromkeys(("fa", "prs"), _Wording(days="از {first} تا {last}", comma="، ", semicolon="؛ ")),
    "ckb": _Wording(day="d'ی' MMMM", days="لە {first} تا {last}", comma="، ", semicolon="؛ "),
}


def _wording(language: str) -> _Wording:
    return _WORDINGS.get(language, _Wording())


def _weekday_and_date(day: date, language: str) -> str:
    locale, wording = locale_of(language), _wording(language)
    weekday = wording.on_weekday or get_day_names("wide", locale=locale)
    return wording.date.format(weekday=weekday[day.weekday()], day=format_date(day, wording.day, locale=locale))


def _clock(at: time, language: str) -> str:
    locale = locale_of(language)
    return format_time(at, "H.mm" if "." in str(locale.time_formats["short"]) else "H:mm", locale=locale)


def _describe_span(span: Span, language: str) -> str:
    return f"{_short_clock(span.opens, language)}–{_short_clock(span.closes, language)}"


def _short_clock(minutes: int, language: str) -> str:
    """Whole hours without minutes: "9", "24", but "9.30"."""
    hours, rest = divmod(minutes, 60)
    return str(hours) if rest == 0 else _clock(time(hours, rest), language)
