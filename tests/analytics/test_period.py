"""Periods are written one way, fit together without gaps, and months are known as such."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.period import NotAPeriod, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_runs_from_its_first_day_to_the_first_day_after(text: str, start: date, end: date) -> None:
    period = parse_period(text)
    assert (period.name, period.start, period.end) == (text, start, end)


def test_small_letters_will_do() -> None:
    assert parse_period("2026-q4") == parse_period("2026-Q4")


@pytest.mark.parametrize("text", ["", "26", "2026-Q5", "2026-Q0", "2026-H3", "2026-13", "2026-1", "2026-10-05", "٢٠٢٦"])
def test_anything_else_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(NotAPeriod, match="2026-Q4"):
        parse_period(text)


def test_a_year_is_made_of_two_halves_of_two_quarters() -> None:
    year = parse_period("2026")
    assert [[quarter.name for quarter in half.parts] for half in year.parts] == [
        ["2026-Q1", "2026-Q2"],
        ["2026-Q3", "2026-Q4"],
    ]


def test_only_a_month_is_a_month() -> None:
    assert [parse_period(text).is_month for text in ("2026-10", "2026-Q4", "2026-H2", "2026")] == [True] + [False] * 3


def test_a_period_is_over_on_the_first_day_after_it() -> None:
    quarter = parse_period("2026-Q4")
    assert [quarter.is_over(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [False, True]
