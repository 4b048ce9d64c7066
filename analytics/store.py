"""The ledger, in the database: rows at first, month totals for ever; works on the connection given.

A contact is in exactly one place, a row or the month totals, and moves in one transaction. Every count is one statement
over both, so it never sees a contact twice or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    MetaData,
    String,
    Subquery,
    Table,
    case,
    delete,
    exists,
    extract,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.events import MOST_TOPICS, Contact

DIMENSIONS = (
    "channel", "language", "topic", "client_type", "first_contact", "municipality", "outcome", "acute", "duration",
    "referral", "source",
)  # fmt: skip

METADATA = MetaData()

Connection = AsyncConnection

LEDGER = Table(
    "ledger",
    METADATA,
    Column("id", String(32), primary_key=True),  # random, so that an undo can name the row
    Column("day", Date, nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    # Topics in columns, so that a row can be moved by one statement and none of its topics is left behind.
    Column("topic_1", String(64)),
    Column("topic_2", String(64)),
    Column("topic_3", String(64)),
    Column("client_type", String(16), nullable=False),
    Column("first_contact", String(16), nullable=False),
    Column("municipality", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("acute", Boolean, nullable=False),
    Column("duration", String(8), nullable=False),
    Column("referral", String(64), nullable=False),
    Column("source", String(64), nullable=False),
)

LEDGER_MONTH = Table(
    "ledger_month",
    METADATA,
    Column("month", Date, primary_key=True),  # its first day
    Column("dimension", String(16), primary_key=True),
    Column("value", String(64), primary_key=True),
    Column("contacts", Integer, nullable=False),
)

_TOPICS = tuple(LEDGER.c[f"topic_{number}"] for number in range(1, MOST_TOPICS + 1))


@dataclass(frozen=True)
class MonthTotal:
    """`month` is its first day; `value` is a word of the dimension ("yes" or "no" for acute, "" for not told)."""

    month: date
    dimension: str
    value: str
    contacts: int


class UnknownDimension(ValueError):
    """There is no such dimension; the message names those that can be counted."""


class RolledUp(ValueError):
    """The period holds months of which only totals are left, and the question needs rows; the message says which."""


class Ledger:
    """Periods run from the day `start` to the day before `end`."""

    async def add(self, conn: Connection, id: str, contact: Contact) -> None:
        """`contact` has passed analytics.events.check. A topic named twice counts once."""
        values = asdict(contact)
        topics = dict.fromkeys(values.pop("topics"))
        named = {column.name: topic for column, topic in zip(_TOPICS, topics, strict=False)}
        await conn.execute(insert(LEDGER).values(id=id, **values, **named))

    async def remove(self, conn: Connection, id: str) -> bool:
        """Take a contact back. False when there is no such row, or only its month's totals are left."""
        return (await conn.execute(delete(LEDGER).where(LEDGER.c.id == id))).rowcount == 1

    async def totals(self, conn: Connection, start: date, end: date, dimension: str, **where: str) -> dict[str, int]:
        """Contacts by each value of one dimension that occurs, `where` other dimensions have the values given.

        By topic a contact counts once for each of its topics. Raises UnknownDimension, and RolledUp where the period
        cuts a month of totals in two, or `where` asks for more than totals can tell.
        """
        _known(dimension, *where)
        pieces = _pieces(start, end, (dimension,), where)
        rows = await conn.execute(select(pieces.c.value, func.sum(pieces.c.contacts)).group_by(pieces.c.value))
        counts = {value: int(contacts) for value, contacts in rows}
        await self._refuse_rolled_up(conn, start, end, whole=bool(where))
        return counts

    async def by_month(self, conn: Connection, start: date, end: date) -> tuple[MonthTotal, ...]:
        """Every dimension of the period in one statement, so that all of them speak of the same contacts.

        Raises RolledUp where the period cuts a month of totals in two.
        """
        pieces = _pieces(start, end, DIMENSIONS, {})
        year, month = extract("year", pieces.c.day), extract("month", pieces.c.day)
        columns = (year.label("year"), month.label("month"), pieces.c.dimension, pieces.c.value)
        contacts = func.sum(pieces.c.contacts).label("contacts")
        rows = (await conn.execute(select(*columns, contacts).group_by(*columns).order_by(*columns))).all()
        await self._refuse_rolled_up(conn, start, end)
        return tuple(
            MonthTotal(date(int(row.year), int(row.month), 1), row.dimension, row.value, int(row.contacts))
            for row in rows
        )

    async def roll_up(self, conn: Connection, before: date) -> int:
        """Turn the rows of days before `before` into month totals; returns how many contacts that were.

        A month may come in several portions, also when somebody logs an old contact late.
        """
        removed = delete(LEDGER).where(LEDGER.c.day < before).returning(*LEDGER.c)
        rows = (await conn.execute(removed)).all()
        totals = Counter(key for row in rows for key in _keys(row))
        for (month, dimension, value), contacts in sorted(totals.items()):
            await _add_to_month(conn, MonthTotal(month, dimension, value, contacts))
        return len(rows)

    async def _refuse_rolled_up(self, conn: Connection, start: date, end: date, whole: bool = False) -> None:
        """Asked after counting: a roll-up in between then stops a right number, and never lets a wrong one through."""
        cut = LEDGER_MONTH.c.month.in_({day.replace(day=1) for day in (start, end) if day.day != 1})
        within = (LEDGER_MONTH.c.month >= start.replace(day=1)) & (LEDGER_MONTH.c.month < end)
        if (await conn.execute(select(exists().where(within if whole else cut)))).scalar():
            wish = "ask for one dimension without conditions" if whole else "ask for whole months"
            raise RolledUp(f"between {start} and {end} there are months of which only totals are left: {wish}")


def _known(*dimensions: str) -> None:
    for dimension in dimensions:
        if dimension not in DIMENSIONS:
            raise UnknownDimension(f"no dimension {dimension!r}: use one of {', '.join(DIMENSIONS)}")


def _columns(dimension: str) -> tuple[ColumnElement[str], ...]:
    match dimension:
        case "topic":
            return _TOPICS
        case "acute":
            return (case((LEDGER.c.acute, "yes"), else_="no"),)
        case _:
            return (LEDGER.c[dimension],)


def _pieces(start: date, end: date, dimensions: Collection[str], where: dict[str, str]) -> Subquery:
    """What is to be added up: (day, dimension, value, contacts), from rows and from month totals."""
    conditions = [or_(*(column == value for column in _columns(dimension))) for dimension, value in where.items()]
    rows = [
        select(
            LEDGER.c.day, literal(dimension).label("dimension"), column.label("value"), literal(1).label("contacts")
        ).where(LEDGER.c.day >= start, LEDGER.c.day < end, column.is_not(None), *conditions)
        for dimension in dimensions
        for column in _columns(dimension)
    ]
    months = select(*LEDGER_MONTH.c).where(
        LEDGER_MONTH.c.month >= start, LEDGER_MONTH.c.month < end, LEDGER_MONTH.c.dimension.in_(dimensions)
    )
    return union_all(*rows, months).subquery()


def _keys(row: Row[tuple[object, ...]]) -> Iterator[tuple[date, str, str]]:
    """Under which month, dimension and value a row counts: the same as `_columns` says in SQL."""
    for dimension in DIMENSIONS:
        match dimension:
            case "topic":
                values = [getattr(row, column.name) for column in _TOPICS]
            case "acute":
                values = ["yes" if row.acute else "no"]
            case _:
                values = [getattr(row, dimension)]
        yield from ((row.day.replace(day=1), dimension, value) for value in values if value is not None)


async def _add_to_month(conn: Connection, total: MonthTotal) -> None:
    """Both databases know the same statement, SQLAlchemy in two places."""
    upsert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    row = upsert(LEDGER_MONTH).values(**asdict(total))
    keys = [LEDGER_MONTH.c.month, LEDGER_MONTH.c.dimension, LEDGER_MONTH.c.value]
    more = {"contacts": LEDGER_MONTH.c.contacts + row.excluded.contacts}
    await conn.execute(row.on_conflict_do_update(index_elements=keys, set_=more))
