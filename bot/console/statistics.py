"""Statistics: exact on the desk's own screen, small numbers withheld in every file; one query behind both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Response

from analytics.events import Vocabulary
from analytics.export import FORMATS
from analytics.period import NotAPeriod, Period, parse_period
from analytics.report import OTHER, Breakdown, Report, View, build
from analytics.store import Ledger
from bot.accounts import Accounts
from bot.console.door import Door, TurnedAway, Visit
from bot.console.wording import DEFAULT, Words
from bot.database import Database
from bot.endings import HELSINKI

YEARS_BACK = 2
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


@dataclass(frozen=True)
class Row:
    """`contacts` is None where it is withheld; `share` is in hundredths of the largest, for the bar."""

    label: str
    contacts: int | None
    share: int


@dataclass(frozen=True)
class Section:
    """One table with what its numbers mean."""

    id: str
    title: str
    definition: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Target:
    """What a year is meant to bring of one type of client, and what it has brought so far."""

    label: str
    contacts: int
    goal: int


@dataclass(frozen=True)
class StatisticsPages:
    door: Door
    database: Database
    accounts: Accounts
    ledger: Ledger
    vocabulary: Vocabulary
    smallest: int

    async def show(self, visit: Visit) -> Response:
        """The exact view is on this screen only; `view=published` shows what the files hold."""
        period = _period(visit.query("period") or _current(_today(visit)))
        quarters, longer = _begun(visit)
        over = period.is_over(_today(visit))
        view = View.PUBLISHED if visit.query("view") == View.PUBLISHED and over else View.EXACT
        report = await self._report(period, view)
        year = await self._report(parse_period(period.name[:4]), View.EXACT)
        return self.door.page(
            visit,
            "statistics.html",
            report=report,
            over=over,
            ends=visit.words.day(period.end),
            exact=view is View.EXACT,
            definition=_definition(report.definition, "contacts", visit.words),
            sections=[_section(breakdown, visit.words) for breakdown in report.breakdowns],
            year=year.period.name,
            targets=[
                Target(visit.words(f"client_type_{one.target.client_type}"), one.contacts or 0, one.target.goal)
                for one in year.reached
            ],
            smallest=self.smallest,
            formats=tuple(FILES),
            quarters=quarters,
            longer=longer,
        )

    async def file(self, visit: Visit) -> Response:
        """Only of periods that are over: two files of a running one would tell what happened between them."""
        period, format = _period(visit.path("period")), visit.path("format")
        if format not in FILES:
            raise TurnedAway(404, "no_such_page")
        if not period.is_over(_today(visit)):
            raise TurnedAway(409, "period_running")
        content = FORMATS[format](await self._report(period, View.PUBLISHED))
        async with self.database.transaction() as conn:
            await self.accounts.note(conn, visit.staff.id, "export", f"{period.name} {format}", visit.now)
        disposition = f'attachment; filename="kaspa-{period.name}.{format}"'
        return Response(content, media_type=FILES[format], headers={"Content-Disposition": disposition})

    async def _report(self, period: Period, view: View) -> Report:
        async with self.database.reading() as conn:
            return await build(conn, self.ledger, self.vocabulary, period, view, self.smallest)


def _period(name: str) -> Period:
    """Quarters and longer: a month says too much of single people."""
    try:
        period = parse_period(name)
    except NotAPeriod:
        raise TurnedAway(404, "no_such_period") from None
    if period.is_month:
        raise TurnedAway(404, "no_such_period")
    return period


def _section(breakdown: Breakdown, words: Words) -> Section:
    largest = max([count.contacts or 0 for count in breakdown.counts], default=0) or 1
    rows = [
        Row(
            _label(breakdown.dimension, count.value, words),
            count.contacts,
            round(100 * (count.contacts or 0) / largest),
        )
        for count in breakdown.counts
    ]
    if breakdown.dimension == "language":
        rows.sort(key=lambda row: row.label)  # the report's order is by codes, which nobody here thinks in
    definition = _definition(breakdown.definition, breakdown.dimension, words)
    return Section(breakdown.dimension, words(f"by_{breakdown.dimension}"), definition, tuple(rows))


def _label(dimension: str, value: str, words: Words) -> str:
    match dimension:
        case "language":
            return words.language_first(value)
        case "topic" if value != OTHER:
            return words.topic(value)
        case _:
            return words(f"{dimension}_{value}")


def _definition(text: str, name: str, words: Words) -> str:
    """The report's own English, or its translation."""
    return text if words.code == DEFAULT else words(f"definition_{name}")


def _begun(visit: Visit) -> tuple[list[str], list[str]]:
    """The periods to choose from, quarters and longer ones, newest first; those still to come are left out."""
    today = _today(visit)
    years = range(today.year, today.year - YEARS_BACK - 1, -1)
    names = [
        f"{year}-{kind}{number}"
        for year in years
        for kind, most in (("Q", 4), ("H", 2))
        for number in range(most, 0, -1)
    ]
    begun = [name for name in (*names, *map(str, years)) if parse_period(name).start <= today]
    return [name for name in begun if "Q" in name], [name for name in begun if "Q" not in name]


def _today(visit: Visit) -> date:
    return visit.now.astimezone(HELSINKI).date()


def _current(today: date) -> str:
    return f"{today.year}-Q{(today.month + 2) // 3}"
