"""The short-lived conversation and its message log; both are gone after the last message has been idle long enough."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
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

from bot.decide import Step
from bot.keys import Keys
from bot.messages import Address, Choice, Kept, Outgoing, Source

METADATA = MetaData()

CONVERSATION = Table(
    "conversation",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address_hash", String(64), unique=True),
    Column("address_sealed", Text),
    Column("token_hash", String(64)),
    Column("state", Text, nullable=False),  # JSON of State
    Column("next_seq", Integer, nullable=False),
    Column("case_id", String(32)),
    Column("keep_until", DateTime(timezone=True)),  # a case was closed: the answer can be read until then
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Index("conversation_by_age", "case_id", "last_at"),
)

MESSAGE = Table(
    "message",
    METADATA,
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("sender", String(8), nullable=False),
    Column("body", Text, nullable=False),  # JSON of Outgoing
    Column("receipt", Text, nullable=False, default="[]"),  # the channel's own ids of it, JSON
)


@dataclass(frozen=True)
class Tally:
    """What the ledger will say of this conversation: words of the closed vocabulary, nothing else."""

    spoke: bool = False
    topics: tuple[str, ...] = ()
    outcome: str = "unresolved"
    acute: bool = False
    counted: bool = False
    municipality: str = "unknown"


@dataclass(frozen=True)
class State:
    """What is remembered between two turns. `chosen`: the language was picked, not only identified."""

    language: str | None = None
    chosen: bool = False
    step: Step = field(default_factory=Step)
    tally: Tally = field(default_factory=Tally)
    unanswered: int | None = None  # seq of the message that waits for the language to be known


@dataclass(frozen=True)
class Conversation:
    """Times are aware UTC."""

    id: str
    address: Address
    state: State
    case_id: str | None
    created_at: datetime
    last_at: datetime


class Conversations:
    """All work on the two tables, on the connection given. Addresses are sealed and found by their keyed hash."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def open(
        self,
        conn: AsyncConnection,
        id: str,
        address: Address,
        state: State,
        at: datetime,
        token_hash: str | None = None,
    ) -> Conversation:
        await conn.execute(
            insert(CONVERSATION).values(
                id=id,
                channel=address.channel,
                address_hash=self._fingerprint(address),
                address_sealed=self._keys.seal(address.key),
                token_hash=token_hash,
                state=_dump_state(state),
                next_seq=1,
                created_at=at,
                last_at=at,
            )
        )
        return Conversation(id, address, state, None, at, at)

    async def find(self, conn: AsyncConnection, address: Address) -> Conversation | None:
        row = (
            await conn.execute(select(CONVERSATION).where(CONVERSATION.c.address_hash == self._fingerprint(address)))
        ).first()
        return self._conversation(row) if row else None

    async def load(self, conn: AsyncConnection, id: str) -> Conversation | None:
        row = (await conn.execute(select(CONVERSATION).where(CONVERSATION.c.id == id))).first()
        return self._conversation(row) if row else None

    async def token_hash(self, conn: AsyncConnection, id: str) -> str | None:
        return (await conn.execute(select(CONVERSATION.c.token_hash).where(CONVERSATION.c.id == id))).scalar()

    async def save(self, conn: AsyncConnection, conversation: Conversation, state: State, at: datetime) -> Conversation:
        await conn.execute(
            update(CONVERSATION)
            .where(CONVERSATION.c.id == conversation.id)
            .values(state=_dump_state(state), last_at=at)
        )
        return replace(conversation, state=state, last_at=at)

    async def attach_case(self, conn: AsyncConnection, id: str, case_id: str) -> None:
        await conn.execute(update(CONVERSATION).where(CONVERSATION.c.id == id).values(case_id=case_id))

    async def detach_case(self, conn: AsyncConnection, id: str, keep_until: datetime) -> None:
        await conn.execute(
            update(CONVERSATION).where(CONVERSATION.c.id == id).values(case_id=None, keep_until=keep_until)
        )

    async def erase(self, conn: AsyncConnection, id: str) -> None:
        """Conversation and messages; the caller writes the ledger row in the same transaction."""
        await conn.execute(delete(MESSAGE).where(MESSAGE.c.conversation_id == id))
        await conn.execute(delete(CONVERSATION).where(CONVERSATION.c.id == id))

    async def idle(self, conn: AsyncConnection, now: datetime, idle: timedelta) -> list[Conversation]:
        """Those whose last message is older than `idle`, without an open case or a closed one to be read yet."""
        kept = CONVERSATION.c.keep_until
        rows = await conn.execute(
            select(CONVERSATION).where(
                CONVERSATION.c.case_id.is_(None), CONVERSATION.c.last_at <= now - idle, (kept.is_(None)) | (kept <= now)
            )
        )
        return [self._conversation(row) for row in rows]

    async def say(
        self, conn: AsyncConnection, id: str, messages: tuple[Outgoing, ...], at: datetime
    ) -> tuple[Kept, ...]:
        """Append to the log; the new messages get the next numbers."""
        first: int = (
            await conn.execute(
                update(CONVERSATION)
                .where(CONVERSATION.c.id == id)
                .values(next_seq=CONVERSATION.c.next_seq + len(messages))
                .returning(CONVERSATION.c.next_seq)
            )
        ).scalar_one() - len(messages)
        kept = tuple(Kept(first + number, at.isoformat(), message) for number, message in enumerate(messages))
        for one in kept:
            await conn.execute(
                insert(MESSAGE).values(
                    conversation_id=id, seq=one.seq, at=at, sender=one.message.sender, body=_dump_message(one.message)
                )
            )
        return kept

    async def messages(self, conn: AsyncConnection, id: str, after: int = 0) -> tuple[Kept, ...]:
        rows = await conn.execute(
            select(MESSAGE).where(MESSAGE.c.conversation_id == id, MESSAGE.c.seq > after).order_by(MESSAGE.c.seq)
        )
        return tuple(Kept(row.seq, _utc(row.at).isoformat(), load_message(row.body)) for row in rows)

    async def message(self, conn: AsyncConnection, id: str, seq: int) -> Outgoing | None:
        body = (
            await conn.execute(select(MESSAGE.c.body).where(MESSAGE.c.conversation_id == id, MESSAGE.c.seq == seq))
        ).scalar()
        return load_message(body) if body else None

    async def keep_receipt(self, conn: AsyncConnection, id: str, seq: int, receipt: tuple[str, ...]) -> None:
        """Remember under which ids the channel delivered a message."""
        await conn.execute(
            update(MESSAGE)
            .where(MESSAGE.c.conversation_id == id, MESSAGE.c.seq == seq)
            .values(receipt=json.dumps(receipt))
        )

    async def receipts(self, conn: AsyncConnection, id: str) -> tuple[str, ...]:
        rows = await conn.execute(select(MESSAGE.c.receipt).where(MESSAGE.c.conversation_id == id))
        return tuple(receipt for row in rows for receipt in json.loads(row.receipt))

    def _fingerprint(self, address: Address) -> str:
        return self._keys.fingerprint(f"{address.channel}:{address.key}")

    def _conversation(self, row: Row[tuple[object, ...]]) -> Conversation:
        return Conversation(
            row.id,
            Address(row.channel, self._keys.unseal(row.address_sealed)),
            _load_state(row.state),
            row.case_id,
            _utc(row.created_at),
            _utc(row.last_at),
        )


def load_message(body: str) -> Outgoing:
    """The inverse of what the log stores."""
    data = json.loads(body)
    choices = tuple(Choice(**choice) for choice in data.pop("choices"))
    sources = tuple(Source(**source) for source in data.pop("sources"))
    return Outgoing(**data, choices=choices, sources=sources)


def _dump_message(message: Outgoing) -> str:
    return json.dumps(asdict(message), ensure_ascii=False)


def _dump_state(state: State) -> str:
    return json.dumps(asdict(state))


def _load_state(body: str) -> State:
    data = json.loads(body)
    tally = data.pop("tally")
    return State(step=Step(**data.pop("step")), tally=Tally(**{**tally, "topics": tuple(tally["topics"])}), **data)


def _utc(at: datetime) -> datetime:
    """SQLite hands times back without their zone; all are stored in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
