"""When the desk is open, and how its hours are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from content.hours import (
    HELSINKI,
    Opening,
    Schedule,
    Span,
    SpecialDay,
    describe_date,
    describe_opening,
    describe_time,
    describe_week,
    eve,
    opening,
    parse_span,
    reason,
)

MORNING = (Span(9 * 60, 12 * 60),)
ALL_DAY = (Span(0, 24 * 60),)
DESK = Schedule("desk", (MORNING,) * 5 + ((), ()), eves=("12-24", "midsummer"))


def helsinki(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HELSINKI)


def opens_at(schedule: Schedule, at: datetime) -> datetime | None:
    return opening(schedule, at).opens


def test_the_desk_is_open_in_its_hours_and_says_when_it_closes() -> None:
    assert opening(DESK, helsinki(2026, 11, 24, 9, 0)) == Opening(True, helsinki(2026, 11, 24, 12, 0), None)


def test_the_minute_of_closing_is_closed_and_the_next_morning_is_named() -> None:
    assert opening(DESK, helsinki(2026, 11, 24, 12, 0)) == Opening(False, None, helsinki(2026, 11, 25, 9, 0))


def test_the_minute_before_opening_is_closed_until_today() -> None:
    assert opens_at(DESK, helsinki(2026, 11, 24, 8, 59)) == helsinki(2026, 11, 24, 9, 0)


def test_friday_afternoon_waits_for_monday() -> None:
    assert opens_at(DESK, helsinki(2026, 11, 27, 12, 30)) == helsinki(2026, 11, 30, 9, 0)


def test_a_moment_is_read_on_the_finnish_clock() -> None:
    assert opening(DESK, datetime(2026, 11, 24, 9, 30, tzinfo=UTC)).is_open
    assert not opening(DESK, datetime(2026, 11, 24, 10, 30, tzinfo=UTC)).is_open


def test_late_evening_in_utc_is_already_tomorrow_in_finland() -> None:
    assert opens_at(DESK, datetime(2026, 11, 23, 22, 30, tzinfo=UTC)) == helsinki(2026, 11, 24, 9, 0)


def test_independence_day_on_a_weekday_is_closed() -> None:
    assert opens_at(DESK, helsinki(2027, 12, 5, 15, 0)) == helsinki(2027, 12, 7, 9, 0)


def test_independence_day_on_a_sunday_moves_no_holiday_to_monday() -> None:
    assert opens_at(DESK, helsinki(2026, 12, 4, 15, 0)) == helsinki(2026, 12, 7, 9, 0)


def test_christmas_week_is_closed_from_the_eve_to_the_monday_after() -> None:
    assert opens_at(DESK, helsinki(2026, 12, 23, 12, 0)) == helsinki(2026, 12, 28, 9, 0)


def test_juhannus_is_closed_on_its_eve() -> None:
    assert opens_at(DESK, helsinki(2026, 6, 18, 12, 0)) == helsinki(2026, 6, 22, 9, 0)


def test_an_eve_that_hours_yml_does_not_name_is_an_ordinary_day() -> None:
    without = replace(DESK, eves=())
    assert opening(without, helsinki(2026, 12, 24, 10, 0)).is_open
    assert opening(without, helsinki(2026, 6, 19, 10, 0)).is_open


def test_another_eve_can_be_named() -> None:
    assert opens_at(replace(DESK, eves=("12-31",)), helsinki(2026, 12, 31, 8, 0)) == helsinki(2027, 1, 4, 9, 0)


@pytest.mark.parametrize(("year", "day"), [(2026, 19), (2027, 25), (2028, 23), (2029, 22), (2030, 21)])
def test_midsummer_eve_is_the_friday_between_19_and_25_june(year: int, day: int) -> None:
    assert eve("midsummer", year) == date(year, 6, day)


def test_a_dated_closure_closes_an_ordinary_day() -> None:
    closed = replace(DESK, special={date(2026, 11, 25): SpecialDay(())})
    assert opens_at(closed, helsinki(2026, 11, 24, 13, 0)) == helsinki(2026, 11, 26, 9, 0)


def test_a_dated_exception_has_other_hours_even_on_a_holiday() -> None:
    special = replace(DESK, special={date(2026, 12, 6): SpecialDay((Span(600, 660),))})
    assert opening(special, helsinki(2026, 12, 6, 10, 30)) == Opening(True, helsinki(2026, 12, 6, 11, 0), None)


def test_the_reason_of_an_exception_is_in_the_language_or_else_in_english() -> None:
    closed = replace(DESK, special={date(2027, 1, 4): SpecialDay((), {"fi": "koulutus", "en": "training"})})
    told = [reason(closed, date(2027, 1, 4), language) for language in ("fi", "ru")]
    assert told == ["koulutus", "training"]
    assert reason(closed, date(2027, 1, 5), "fi") is None


def test_hours_that_touch_at_midnight_do_not_close_there() -> None:
    line = replace(DESK, weekly=(ALL_DAY, (Span(0, 2 * 60),), (), (), (), (), ()))
    assert opening(line, helsinki(2026, 11, 23, 23, 59)).closes == helsinki(2026, 11, 24, 2, 0)


def test_closing_at_midnight_is_the_beginning_of_the_next_day() -> None:
    evening = replace(DESK, weekly=((Span(18 * 60, 24 * 60),), (), (), (), (), (), ()))
    assert opening(evening, helsinki(2026, 11, 23, 23, 59)).closes == helsinki(2026, 11, 24, 0, 0)
    assert not opening(evening, helsinki(2026, 11, 24, 0, 0)).is_open


def test_after_the_spring_clock_change_the_desk_opens_at_nine_by_the_wall_clock() -> None:
    opens = opens_at(DESK, helsinki(2027, 3, 26, 8, 0))
    assert opens == helsinki(2027, 3, 30, 9, 0)  # 26 and 29 March are Easter's holidays
    assert opens.astimezone(UTC).hour == 6


def test_before_the_spring_clock_change_nine_is_seven_in_utc() -> None:
    opens = opens_at(DESK, helsinki(2027, 3, 24, 13, 0))
    assert opens is not None
    assert opens.astimezone(UTC).hour == 7


def test_the_hour_that_autumn_repeats_is_open_only_the_first_time() -> None:
    night = replace(DESK, weekly=((), (), (), (), (), (), (Span(2 * 60, 3 * 60 + 30),)))
    first, second = (datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1))
    assert [at.astimezone(HELSINKI).hour for at in (first, second)] == [3, 3]
    assert [opening(night, at).is_open for at in (first, second)] == [True, False]


def test_a_day_over_the_clock_change_is_open_all_through() -> None:
    sunday = replace(DESK, weekly=((), (), (), (), (), (), ALL_DAY))
    assert opening(sunday, datetime(2026, 10, 25, 21, 59, tzinfo=UTC)).is_open
    assert not opening(sunday, datetime(2026, 10, 25, 22, 0, tzinfo=UTC)).is_open


def test_a_schedule_without_hours_never_opens() -> None:
    assert opening(replace(DESK, weekly=((),) * 7), helsinki(2026, 11, 24, 10, 0)) == Opening(False, None, None)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        opening(DESK, datetime(2026, 11, 24, 10, 0))


@pytest.mark.parametrize("text", ["9-12", "12:00-09:00", "09:00", "09:60-10:00", "09:00-24:01", "ten-11:00"])
def test_a_span_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"span|time|before"):
        parse_span(text)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Mon–Fri 9–12"), ("fi", "ma–pe 9–12"), ("ru", "пн–пт 9–12"), ("ar", "من الاثنين إلى الجمعة 9–12")],
)
def test_the_week_is_said_in_the_language(language: str, said: str) -> None:
    assert describe_week(DESK, language) == said


def test_days_with_other_hours_are_said_apart() -> None:
    weekly = (MORNING, MORNING, (), MORNING, (Span(600, 690), Span(720, 900)), (), ())
    week = replace(DESK, weekly=weekly)
    assert describe_week(week, "en") == "Mon–Tue 9–12; Thu 9–12; Fri 10–11:30, 12–15"
    assert describe_week(week, "fi") == "ma–ti 9–12; to 9–12; pe 10–11.30, 12–15"


def test_a_week_that_is_never_open_is_a_dash() -> None:
    assert describe_week(replace(DESK, weekly=((),) * 7), "en") == "–"


@pytest.mark.parametrize(
    ("language", "on", "at"),
    [
        ("en", "Monday 7 December", "9:00"),
        ("fi", "maanantaina 7. joulukuuta", "9.00"),
        ("ru", "в понедельник, 7 декабря", "9:00"),
        ("uk", "у понеділок, 7 грудня", "9:00"),
        ("ar", "الاثنين 7 ديسمبر", "9:00"),
        ("sv", "måndagen den 7 december", "9:00"),
        ("et", "esmaspäeval (7. detsember)", "9:00"),
        ("fa", "دوشنبه 7 دسامبر", "9:00"),
        ("prs", "دوشنبه 7 دسمبر", "9:00"),
        ("ckb", "دووشەممە 7ی کانونی یەکەم", "9:00"),
        ("so", "Isniin 7 Diseembar", "9:00"),
    ],
)
def test_another_day_is_named_in_the_case_its_sentence_needs(language: str, on: str, at: str) -> None:
    opens, now = helsinki(2026, 12, 7, 9, 0), helsinki(2026, 12, 4, 15, 0)
    assert describe_opening(opens, now, language) == ("opening_on", {"date": on, "time": at})


def test_russian_says_vo_before_tuesday() -> None:
    _, values = describe_opening(helsinki(2026, 12, 8, 9, 0), helsinki(2026, 12, 4, 15, 0), "ru")
    assert values["date"] == "во вторник, 8 декабря"


def test_the_same_day_is_today() -> None:
    opens, now = helsinki(2026, 12, 7, 9, 0), helsinki(2026, 12, 7, 0, 0)
    assert describe_opening(opens, now, "en") == ("opening_today", {"time": "9:00"})


def test_today_is_a_day_of_the_finnish_calendar() -> None:
    opens = datetime(2026, 12, 7, 7, 0, tzinfo=UTC)
    before_midnight, after = (datetime(2026, 12, 6, hour, 30, tzinfo=UTC) for hour in (21, 22))
    keys = [describe_opening(opens, now, "en")[0] for now in (before_midnight, after)]
    assert keys == ["opening_on", "opening_today"]


def test_a_time_is_said_on_24_hours() -> None:
    at = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
    assert [describe_time(at, language) for language in ("en", "fi", "ar")] == ["15:05", "15.05", "15:05"]


def test_a_date_is_said_with_its_year() -> None:
    day = date(2026, 12, 7)
    said = [describe_date(day, language) for language in ("en", "fi", "ar")]
    assert said == ["7 December 2026", "7. joulukuuta 2026", "7 ديسمبر 2026"]


@pytest.mark.parametrize("language", ["fi", "en", "ru", "uk", "ar", "sv", "fa", "so", "ckb", "et"])
def test_every_language_is_said_in_latin_digits(language: str) -> None:
    _, values = describe_opening(helsinki(2026, 12, 7, 9, 30), helsinki(2026, 12, 4, 15, 0), language)
    said = describe_week(DESK, language) + values["date"] + values["time"]
    assert {letter for letter in said if letter.isdecimal()} <= set("0123456789")


def test_a_language_unknown_to_babel_is_said_in_english() -> None:
    assert describe_week(DESK, "xx") == "Mon–Fri 9–12"
