"""The scheduled jobs, one table; each is safe to run twice and safe to run late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from analytics.store import Ledger
from bot.accounts import UNDO, Accounts
from bot.conversations import Conversations
from bot.database import Database
from bot.endings import Endings
from bot.mailboxes import Inbox
from bot.settings import Settings
from bot.turn import Turns
from bot.wakeups import Wakeups
from bot.wakeups import conversation as bell_of
from handoff.store import Cases

log = structlog.get_logger()


@dataclass(frozen=True)
class Housekeeping:
    """What retention asks for, each part by itself; the times are the live settings."""

    settings: Settings
    database: Database
    conversations: Conversations
    inbox: Inbox
    endings: Endings
    cases: Cases
    accounts: Accounts
    ledger: Ledger
    wakeups: Wakeups
    clock: Callable[[], datetime]

    async def end_idle_conversations(self) -> int:
        """Erase what has been idle too long; each leaves one ledger row in the same transaction."""
        now = self.clock()
        idle = timedelta(minutes=self.settings.idle_minutes)
        async with self.database.transaction() as conn:
            ended = await self.conversations.idle(conn, now, idle)
            for conversation in ended:
                await self.endings.erase(conn, conversation, now)
        if ended:
            self.wakeups.ring(*(bell_of(each.id) for each in ended))
            await self.database.forget()
        return len(ended)

    async def purge(self) -> None:
        """All whose time is over: keys, cases, sessions, audit lines, receipts; old ledger rows become totals."""
        now = self.clock()
        await self.end_idle_conversations()
        async with self.database.transaction() as conn:
            await self.inbox.forget_keys(conn, now, timedelta(hours=self.settings.key_hours))
            await self.cases.purge(conn, now, timedelta(days=self.settings.case_days))
            await self.accounts.purge(conn, now, timedelta(days=self.settings.audit_days), UNDO)
            await self.ledger.roll_up(conn, _months_before(now, self.settings.ledger_months))
        await self.database.forget()


class Jobs:
    """Runs the table in this process. `healthy` is False when the last run of some job failed."""

    def __init__(self, housekeeping: Housekeeping, turns: Turns) -> None:
        self._failed: set[str] = set()
        # Missed runs are made up for: a machine that slept through the night must still erase.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        table: tuple[tuple[str, Callable[[], Awaitable[object]], timedelta], ...] = (
            ("end idle conversations", housekeeping.end_idle_conversations, timedelta(seconds=30)),
            ("purge", housekeeping.purge, timedelta(hours=1)),
            ("take up unanswered messages", turns.recover, timedelta(seconds=20)),
        )
        for name, work, every in table:
            self._scheduler.add_job(self._run, "interval", seconds=every.total_seconds(), args=(name, work), id=name)

    @property
    def healthy(self) -> bool:
        return self._scheduler.running and not self._failed

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception as error:
            self._failed.add(name)
            log.error("job failed", job=name, error=type(error).__name__)
        else:
            self._failed.discard(name)


def _months_before(now: datetime, months: int) -> date:
    """The first day of the month `months` before this one."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return date(year, month + 1, 1)
