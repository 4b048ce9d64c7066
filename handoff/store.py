"""Cases and what was said in them, in the database; works on the connection given."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.case import Case, Kind, State, queue_order

Connection = AsyncConnection

METADATA = MetaData()

CASE = Table(
    "handoff_case",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("topic", String(32)),
    Column("kind", String(16), nullable=False),
    Column("acute", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(32)),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("claimed_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("counted", Boolean, nullable=False),
    Index("handoff_case_queue", "state", "opened_at"),
)

LINE = Table(
    "handoff_line",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", ForeignKey("handoff_case.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("sender", String(8), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
)


@dataclass(frozen=True)
class Line:
    """One line of a case's talk. `id` grows with time; `sender` is you (the person), bot, advisor or notice."""

    id: int
    at: datetime
    sender: str
    language: str
    text: str


class Cases:
    async def add(self, conn: Connection, case: Case) -> None:
        await conn.execute(insert(CASE).values(**asdict(case)))

    async def load(self, conn: Connection, id: str) -> Case | None:
        row = (await conn.execute(select(CASE).where(CASE.c.id == id))).first()
        return _case(row) if row else None

    async def replace(self, conn: Connection, old: Case, new: Case) -> bool:
        """Compare and set on state and owner: False when somebody was faster, and nothing is changed."""
        owner = CASE.c.owner.is_(None) if old.owner is None else CASE.c.owner == old.owner
        result = await conn.execute(
            update(CASE).where(CASE.c.id == old.id, CASE.c.state == old.state, owner).values(**asdict(new))
        )
        return result.rowcount == 1

    async def queue(self, conn: Connection) -> list[Case]:
        """Open cases, claimed ones too, acute first and then the longest wait."""
        rows = await conn.execute(select(CASE).where(CASE.c.state.in_((State.WAITING, State.CLAIMED))))
        return sorted(map(_case, rows), key=queue_order)

    async def say(self, conn: Connection, id: str, sender: str, language: str, text: str, at: datetime) -> None:
        await conn.execute(insert(LINE).values(case_id=id, at=at, sender=sender, language=language, text=text))

    async def lines(self, conn: Connection, id: str, after: int = 0) -> list[Line]:
        rows = await conn.execute(select(LINE).where(LINE.c.case_id == id, LINE.c.id > after).order_by(LINE.c.id))
        return [Line(row.id, _utc(row.at), row.sender, row.language, row.text) for row in rows]

    async def erase_lines(self, conn: Connection, id: str) -> None:
        await conn.execute(delete(LINE).where(LINE.c.case_id == id))

    async def purge(self, conn: Connection, now: datetime, age: timedelta) -> int:
        """Erase cases that ended longer ago than `age`; returns how many."""
        old = select(CASE.c.id).where(CASE.c.closed_at.is_not(None), CASE.c.closed_at <= now - age)
        await conn.execute(delete(LINE).where(LINE.c.case_id.in_(old)))
        result = await conn.execute(delete(CASE).where(CASE.c.id.in_(old)))
        return result.rowcount


def _case(row: Row[tuple[object, ...]]) -> Case:
    return Case(
        id=row.id,
        conversation=row.conversation,
        language=row.language,
        topic=row.topic,
        opened_at=_utc(row.opened_at),
        kind=Kind(row.kind),
        acute=row.acute,
        state=State(row.state),
        owner=row.owner,
        claimed_at=_utc(row.claimed_at) if row.claimed_at else None,
        closed_at=_utc(row.closed_at) if row.closed_at else None,
        counted=row.counted,
    )


def _utc(at: datetime) -> datetime:
    """SQLite hands times back without their zone; all are stored in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
