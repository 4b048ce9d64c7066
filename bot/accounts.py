"""Staff accounts, their sessions, the audit of who did what, and who may undo which logged contact."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
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
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.database import Connection
from bot.keys import new_id, new_token, token_hash

UNDO = timedelta(hours=24)  # how long the one who logged a contact may take it back

METADATA = MetaData()

STAFF = Table(
    "staff",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", Text),
    Column("active", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

SESSION = Table(
    "staff_session",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

INVITATION = Table(
    "staff_invitation",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("staff_id", String(32), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Index("audit_by_time", "at"),
)

RECEIPT = Table(
    "ledger_receipt",
    METADATA,
    Column("ledger_id", String(32), primary_key=True),
    Column("staff_id", String(32), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


class Role(StrEnum):
    """What an account may do; admin may do everything."""

    ADVISOR = "advisor"
    EDITOR = "editor"
    LEAD = "lead"
    ADMIN = "admin"


class AccountError(ValueError):
    """The account cannot be made; the message says why."""


@dataclass(frozen=True)
class Staff:
    id: str
    email: str
    role: Role

    def may(self, *roles: Role) -> bool:
        return self.role is Role.ADMIN or self.role in roles


@dataclass(frozen=True)
class SignedIn:
    """A valid session. `csrf` must come back with every form."""

    staff: Staff
    csrf: str


class Accounts:
    """Passwords are argon2id; of session and invitation tokens only hashes are kept. Times are aware UTC."""

    SHORTEST_PASSWORD = 12

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Somebody who tries an unknown address must wait as long as one who tries a known one.
        self._nobody = self._hasher.hash("nobody has this password")

    async def add(self, conn: Connection, email: str, role: Role, password: str | None, at: datetime) -> Staff:
        """Raises AccountError for a bad address, a short password or an address that is taken."""
        address = email.strip().lower()
        if "@" not in address.strip("@"):
            raise AccountError(f"{email!r} is no e-mail address")
        hashed = await self._hashed(password) if password is not None else None
        staff = Staff(new_id(), address, role)
        if (await conn.execute(select(STAFF.c.id).where(STAFF.c.email == address))).first():
            raise AccountError(f"{address} has an account already")
        try:
            await conn.execute(
                insert(STAFF).values(
                    id=staff.id, email=address, role=role.value, password=hashed, active=True, created_at=at
                )
            )
        except IntegrityError:
            raise AccountError(f"{address} has an account already") from None
        return staff

    async def any(self, conn: Connection) -> bool:
        """Whether any account can sign in."""
        count = await conn.execute(select(func.count()).select_from(STAFF).where(STAFF.c.password.is_not(None)))
        return bool(count.scalar())

    async def by_email(self, conn: Connection, email: str) -> Staff | None:
        row = (await conn.execute(select(STAFF).where(STAFF.c.email == email.strip().lower()))).first()
        return Staff(row.id, row.email, Role(row.role)) if row else None

    async def names(self, conn: Connection) -> dict[str, str]:
        """E-mail addresses by account id."""
        return {row.id: row.email for row in await conn.execute(select(STAFF.c.id, STAFF.c.email))}

    async def all(self, conn: Connection) -> list[Staff]:
        rows = await conn.execute(select(STAFF).order_by(STAFF.c.email))
        return [Staff(row.id, row.email, Role(row.role)) for row in rows]

    async def check_password(self, conn: Connection, email: str, password: str) -> Staff | None:
        row = (await conn.execute(select(STAFF).where(STAFF.c.email == email.strip().lower()))).first()
        usable = row is not None and row.active and row.password
        right = await asyncio.to_thread(self._verify, row.password if row and usable else self._nobody, password)
        return Staff(row.id, row.email, Role(row.role)) if row and usable and right else None

    async def set_password(self, conn: Connection, staff_id: str, password: str) -> None:
        """Ends every session of the account too. Raises AccountError for a short password."""
        hashed = await self._hashed(password)
        await conn.execute(update(STAFF).where(STAFF.c.id == staff_id).values(password=hashed))
        await conn.execute(delete(SESSION).where(SESSION.c.staff_id == staff_id))

    async def invite(self, conn: Connection, staff_id: str, until: datetime) -> str:
        """A one-time token with which the account's owner chooses a password; an earlier one ends."""
        token = new_token()
        await conn.execute(delete(INVITATION).where(INVITATION.c.staff_id == staff_id))
        await conn.execute(insert(INVITATION).values(token_hash=token_hash(token), staff_id=staff_id, expires_at=until))
        return token

    async def invited(self, conn: Connection, token: str, now: datetime) -> Staff | None:
        row = (
            await conn.execute(
                select(STAFF)
                .join(INVITATION, INVITATION.c.staff_id == STAFF.c.id)
                .where(INVITATION.c.token_hash == token_hash(token), INVITATION.c.expires_at > now)
            )
        ).first()
        return Staff(row.id, row.email, Role(row.role)) if row else None

    async def accept_invitation(self, conn: Connection, token: str, password: str, now: datetime) -> Staff | None:
        """Set the password and use the token up; None when it is not (or no longer) valid."""
        staff = await self.invited(conn, token, now)
        if staff:
            await self.set_password(conn, staff.id, password)
            await conn.execute(delete(INVITATION).where(INVITATION.c.staff_id == staff.id))
        return staff

    async def sign_in(self, conn: Connection, staff: Staff, now: datetime, hours: int) -> str:
        """A session's token, for a cookie."""
        token = new_token()
        await conn.execute(
            insert(SESSION).values(
                token_hash=token_hash(token),
                staff_id=staff.id,
                csrf=new_token(),
                expires_at=now + timedelta(hours=hours),
            )
        )
        return token

    async def signed_in(self, conn: Connection, token: str, now: datetime) -> SignedIn | None:
        row = (
            await conn.execute(
                select(STAFF, SESSION.c.csrf)
                .join(SESSION, SESSION.c.staff_id == STAFF.c.id)
                .where(SESSION.c.token_hash == token_hash(token), SESSION.c.expires_at > now, STAFF.c.active)
            )
        ).first()
        return SignedIn(Staff(row.id, row.email, Role(row.role)), row.csrf) if row else None

    async def sign_out(self, conn: Connection, token: str) -> None:
        await conn.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash(token)))

    async def note(self, conn: Connection, staff_id: str, action: str, subject: str, at: datetime) -> None:
        """One audit line: who did what to which case or account; never what it said."""
        await conn.execute(insert(AUDIT).values(at=at, staff_id=staff_id, action=action, subject=subject))

    async def keep_receipt(self, conn: Connection, ledger_id: str, staff_id: str, at: datetime) -> None:
        await conn.execute(insert(RECEIPT).values(ledger_id=ledger_id, staff_id=staff_id, at=at))

    async def receipts(self, conn: Connection, staff_id: str, since: datetime) -> list[tuple[str, datetime]]:
        """The ledger rows this account wrote since then, newest first: those it may still undo."""
        rows = await conn.execute(
            select(RECEIPT).where(RECEIPT.c.staff_id == staff_id, RECEIPT.c.at >= since).order_by(RECEIPT.c.at.desc())
        )
        return [(row.ledger_id, _utc(row.at)) for row in rows]

    async def drop_receipt(self, conn: Connection, ledger_id: str) -> None:
        await conn.execute(delete(RECEIPT).where(RECEIPT.c.ledger_id == ledger_id))

    async def purge(self, conn: Connection, now: datetime, audit: timedelta, receipts: timedelta) -> None:
        await conn.execute(delete(SESSION).where(SESSION.c.expires_at <= now))
        await conn.execute(delete(INVITATION).where(INVITATION.c.expires_at <= now))
        await conn.execute(delete(AUDIT).where(AUDIT.c.at <= now - audit))
        await conn.execute(delete(RECEIPT).where(RECEIPT.c.at <= now - receipts))

    async def _hashed(self, password: str) -> str:
        if len(password) < self.SHORTEST_PASSWORD:
            raise AccountError(f"the password is too short: use at least {self.SHORTEST_PASSWORD} characters")
        return await asyncio.to_thread(self._hasher.hash, password)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def _utc(at: datetime) -> datetime:
    """SQLite hands times back without their zone; all are stored in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
