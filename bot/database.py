"""The one database: engine, transactions, and erasing that leaves no trace in the file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

Connection = AsyncConnection  # what stores work on, for those who may not know SQLAlchemy

CHECKPOINT_TRIES = 50
CHECKPOINT_PAUSE = 0.1  # seconds


class Database:
    """`transaction()` to change, `reading()` to look; no connection outlives either."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = create_async_engine(self.url, **({} if self.is_sqlite else {"pool_pre_ping": True}))
        self._writing = asyncio.Lock()
        if self.is_sqlite:
            # SQLAlchemy's way to end a cancelled query leaves a task that waits for aiosqlite's ended thread for ever.
            self._engine.dialect.do_terminate = self._engine.dialect.do_close  # type: ignore[method-assign]
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commits at the end or rolls back. SQLite's writers queue here: its busy wait sleeps up to 0.1 s."""
        if not self.is_sqlite:
            async with self._engine.begin() as connection:
                yield connection
            return
        async with self._writing, self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            await connection.execution_options(kaspa_reads=True)
            yield connection

    async def forget(self) -> None:
        """After an erasure: empty SQLite's write-ahead log, where deleted rows would still be readable.

        A reader in the middle makes the checkpoint busy, so it is tried again. Raises TimeoutError when it stays so.
        """
        if not self.is_sqlite:
            return
        for _ in range(CHECKPOINT_TRIES):
            async with self._writing, self._engine.connect() as connection:
                raw = await connection.get_raw_connection()
                cursor = await raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
                busy, _frames, _moved = await cursor.fetchone()
                await cursor.close()
            if not busy:
                return
            await asyncio.sleep(CHECKPOINT_PAUSE)
        raise TimeoutError("the write-ahead log could not be emptied: a reader holds it")

    async def answers(self) -> bool:
        async with self.reading() as connection:
            return (await connection.execute(text("SELECT 1"))).scalar() == 1

    async def close(self) -> None:
        await self._engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy's own BEGIN comes too late: two who read and then write would both succeed, and one be lost.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reads = connection.get_execution_options().get("kaspa_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
