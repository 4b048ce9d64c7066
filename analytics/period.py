"""The periods that can be reported: a month, a quarter, a half-year, a year. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"(2[0-9]{3})(?:-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Period:
    """From the day `start` to the day before `end`. `parts` are the shorter published periods it is made of."""

    name: str
    start: date
    end: date
    parts: tuple[Period, ...] = ()

    @property
    def is_month(self) -> bool:
        """Months are for the desk alone: with 0 to 4 contacts a day they say too much of single people."""
        return _months_between(self.start, self.end) == 1

    def is_over(self, today: date) -> bool:
        """A period still running changes from day to day, and the change tells what happened on that day."""
        return today >= self.end


class NotAPeriod(ValueError):
    """The text names no period; the message shows how to write one."""


def parse_period(text: str) -> Period:
    """Read "2026", "2026-H1", "2026-Q4" or "2026-10". Raises NotAPeriod."""
    match = _FORM.fullmatch(text.strip().upper())
    if not match:
        raise NotAPeriod(f'"{text}" is not a period; write 2026, 2026-H1, 2026-Q4, or 2026-10 at the desk')
    year, part = int(match[1]), match[2]
    if part is None:
        return Period(str(year), *_months(year, 1, 12), (_half(year, 1), _half(year, 2)))
    if part[0] == "H":
        return _half(year, int(part[1]))
    if part[0] == "Q":
        return _quarter(year, int(part[1]))
    return Period(f"{year}-{part}", *_months(year, int(part), 1))


def _half(year: int, number: int) -> Period:
    quarters = (_quarter(year, 2 * number - 1), _quarter(year, 2 * number))
    return Period(f"{year}-H{number}", *_months(year, 6 * number - 5, 6), quarters)


def _quarter(year: int, number: int) -> Period:
    return Period(f"{year}-Q{number}", *_months(year, 3 * number - 2, 3))


def _months(year: int, first: int, how_many: int) -> tuple[date, date]:
    after = first + how_many
    return date(year, first, 1), date(year + after // 13, (after - 1) % 12 + 1, 1)


def _months_between(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month
