"""Statistics: exact on the desk's own screen, small numbers withheld in every file; one query behind both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from fastapi import Response

from analytics.events import Vocabulary
from analytics.export import FORMATS
from analytics.period import NotAPeriod, Period, parse_period
from analytics.report import DEFINITIONS, Breakdown, Report, View, build
from analytics.store import Ledger
from bot.accounts import Accounts
from bot.console.door import Door, TurnedAway, Visit
from bot.console.wording import DEFAULT, Words
from bot.database import Database
from bot.endings import HELSINKI

YEARS_BACK = 2
SHOWN = ("channel", "language", "topic", "client_type", "outcome", "municipality", "first_contact")
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
class Choice:
    name: str
    label: str


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
        over = period.is_over(_today(visit))
        view = View.PUBLISHED if visit.query("view") == View.PUBLISHED and over else View.EXACT
        report = await self._report(period, view)
        return self.door.page(
            visit,
            "statistics.html",
            report=report,
            over=over,
            ends=visit.words.day(period.end),
            exact=view is View.EXACT,
            definition=_definition(report.definition, "contacts", visit.words),
            sections=[_section(getattr(report, dimension), visit.words) for dimension in SHOWN],
            targets=[
                (visit.words(f"client_type_{one.target.client_type}"), one.contacts, one.target.goal)
                for one in report.reached
            ],
            year=len(period.name) == 4,
            smallest=self.smallest,
            files=tuple(FILES),
            **_choices(visit),
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
    labels: dict[str, Callable[[str], str]] = {
        "language": words.language,
        "topic": lambda value: words("topic_other") if value == "other" else words.topic(value),
    }
    label = labels.get(breakdown.dimension, lambda value: words(f"{breakdown.dimension}_{value}"))
    largest = max([count.contacts or 0 for count in breakdown.counts], default=0) or 1
    rows = [
        Row(label(count.value), count.contacts, round(100 * (count.contacts or 0) / largest))
        for count in breakdown.counts
    ]
    definition = _definition(breakdown.definition, breakdown.dimension, words)
    return Section(breakdown.dimension, words(f"by_{breakdown.dimension}"), definition, tuple(rows))


def _definition(text: str, name: str, words: Words) -> str:
    """The report's own English, or its translation."""
    return text if words.code == DEFAULT else words(f"definition_{name}")


def _choices(visit: Visit) -> dict[str, object]:
    """The periods to choose from, those still to come left out."""
    today = _today(visit)
    years = range(today.year, today.year - YEARS_BACK - 1, -1)
    names = [f"{year}-{kind}{number}" for year in years for kind, most in (("Q", 4), ("H", 2)) for number in range(most, 0, -1)]
    begun = [name for name in (*names, *map(str, years)) if parse_period(name).start <= today]
    return {
        "quarters": [name for name in begun if "Q" in name],
        "longer": [name for name in begun if "Q" not in name],
    }


def _today(visit: Visit) -> date:
    return visit.now.astimezone(HELSINKI).date()


def _current(today: date) -> str:
    return f"{today.year}-Q{(today.month + 2) // 3}"


assert set(SHOWN) == set(DEFINITIONS)
