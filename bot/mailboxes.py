"""Inbox (accepted, not yet answered) and outbox (to be delivered): nothing is lost and nothing done twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations import MESSAGE, METADATA, load_message
from bot.messages import Kept, Outgoing

INBOX = Table(
    "inbox",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("external_id", String(80), nullable=False),
    Column("conversation_id", String(32), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("choice", String(80)),
    Column("redacted", Integer, nullable=False, default=0),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("done_at", DateTime(timezone=True)),
    UniqueConstraint("channel", "external_id"),
    Index("inbox_pending", "done_at", "conversation_id"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("conversation_id", "seq"),
)


@dataclass(frozen=True)
class Pending:
    """An accepted message whose turn is not yet committed; its text, if any, is in the conversation's log at `seq`."""

    id: int
    conversation_id: str
    seq: int
    choice: str | None
    redacted: bool


@dataclass(frozen=True)
class Parcel:
    """A message to deliver. `seq` within the conversation is its idempotency key.

    `receipt` holds the channel's ids of what has been delivered of it: a long message goes in several pieces.
    """

    id: int
    conversation_id: str
    seq: int
    message: Outgoing
    attempts: int
    receipt: tuple[str, ...] = ()


class AlreadyAccepted(Exception):
    """Another process accepted the same message at the same moment."""


class Inbox:
    """The key (channel, external id) is known for 48 hours: an update handled twice has no second effect."""

    async def known(self, conn: AsyncConnection, channel: str, external_id: str) -> int | None:
        """The seq that this message got when it was accepted before."""
        return (
            await conn.execute(
                select(INBOX.c.seq).where(INBOX.c.channel == channel, INBOX.c.external_id == external_id)
            )
        ).scalar()

    async def accept(
        self,
        conn: AsyncConnection,
        channel: str,
        external_id: str,
        conversation_id: str,
        seq: int,
        at: datetime,
        choice: str | None = None,
        redacted: bool = False,
    ) -> None:
        """Raises AlreadyAccepted; the transaction is then to be given up."""
        values = {
            "channel": channel,
            "external_id": external_id,
            "conversation_id": conversation_id,
            "seq": seq,
            "choice": choice,
            "redacted": int(redacted),
            "received_at": at,
        }
        try:
            await conn.execute(insert(INBOX).values(**values))
        except IntegrityError as error:
            raise AlreadyAccepted(external_id) from error

    async def note(self, conn: AsyncConnection, channel: str, external_id: str, at: datetime) -> None:
        """Only the key of something that the channel has dealt with itself and that no turn will answer."""
        await conn.execute(
            insert(INBOX).values(
                channel=channel, external_id=external_id, conversation_id="", seq=0, received_at=at, done_at=at
            )
        )

    async def pending(self, conn: AsyncConnection, conversation_id: str) -> Pending | None:
        """The oldest message of a conversation that waits for its turn."""
        row = (
            await conn.execute(
                select(INBOX)
                .where(INBOX.c.done_at.is_(None), INBOX.c.conversation_id == conversation_id)
                .order_by(INBOX.c.id)
                .limit(1)
            )
        ).first()
        return _pending(row) if row else None

    async def conversations_waiting(self, conn: AsyncConnection) -> list[str]:
        """After a restart: the conversations that still owe somebody an answer, oldest first."""
        rows = await conn.execute(
            select(INBOX.c.conversation_id)
            .where(INBOX.c.done_at.is_(None))
            .group_by(INBOX.c.conversation_id)
            .order_by(func.min(INBOX.c.id))
        )
        return [row.conversation_id for row in rows]

    async def finish(self, conn: AsyncConnection, id: int, at: datetime) -> bool:
        """Compare and set: True for the one turn that may take effect."""
        result = await conn.execute(update(INBOX).where(INBOX.c.id == id, INBOX.c.done_at.is_(None)).values(done_at=at))
        return result.rowcount == 1

    async def drop(self, conn: AsyncConnection, conversation_id: str, at: datetime) -> None:
        """The conversation is erased: nothing of it waits any more. Its keys stay known, but not whose they were."""
        await conn.execute(
            update(INBOX)
            .where(INBOX.c.conversation_id == conversation_id)
            .values(done_at=func.coalesce(INBOX.c.done_at, at), conversation_id="", choice=None, redacted=0)
        )

    async def forget_keys(self, conn: AsyncConnection, now: datetime, age: timedelta) -> int:
        result = await conn.execute(delete(INBOX).where(INBOX.c.done_at <= now - age))
        return result.rowcount


class Outbox:
    """Messages for channels that are pushed to; a row leaves when the channel has taken it, or refuses for good."""

    async def put(self, conn: AsyncConnection, conversation_id: str, kept: tuple[Kept, ...], at: datetime) -> None:
        """The text itself stays in the conversation's log; the outbox only points at it."""
        for one in kept:
            await conn.execute(
                insert(OUTBOX).values(conversation_id=conversation_id, seq=one.seq, due_at=at, attempts=0)
            )

    async def due(self, conn: AsyncConnection, now: datetime) -> list[Parcel]:
        """One parcel a conversation, its oldest, when due: a later message never overtakes an earlier one."""
        oldest = select(func.min(OUTBOX.c.id)).group_by(OUTBOX.c.conversation_id)
        rows = await conn.execute(
            select(OUTBOX, MESSAGE.c.body, MESSAGE.c.receipt)
            .join(
                MESSAGE,
                (MESSAGE.c.conversation_id == OUTBOX.c.conversation_id) & (MESSAGE.c.seq == OUTBOX.c.seq),
            )
            .where(OUTBOX.c.id.in_(oldest), OUTBOX.c.due_at <= now)
            .order_by(OUTBOX.c.id)
        )
        return [_parcel(row) for row in rows]

    async def done(self, conn: AsyncConnection, id: int) -> None:
        await conn.execute(delete(OUTBOX).where(OUTBOX.c.id == id))

    async def retry(self, conn: AsyncConnection, id: int, due_at: datetime) -> None:
        await conn.execute(
            update(OUTBOX).where(OUTBOX.c.id == id).values(attempts=OUTBOX.c.attempts + 1, due_at=due_at)
        )


def _pending(row: Row[tuple[object, ...]]) -> Pending:
    return Pending(row.id, row.conversation_id, row.seq, row.choice, bool(row.redacted))


def _parcel(row: Row[tuple[object, ...]]) -> Parcel:
    receipt = tuple(json.loads(row.receipt))
    return Parcel(row.id, row.conversation_id, row.seq, load_message(row.body), row.attempts, receipt)
