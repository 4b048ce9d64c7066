"""The database under those who go away in the middle of a query."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from sqlalchemy import text

from bot.database import Database

SLOW = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n")


async def _asks(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(SLOW)


async def test_a_query_cut_off_leaves_no_thread_and_no_task_behind(tmp_path: Path) -> None:
    """A closed stream cancels again and again until it is obeyed, as anyio's scopes do."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'kaspa.db'}")
    threads = threading.active_count()
    for turns in range(30):
        asking = asyncio.create_task(_asks(database))
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        while not asking.done():
            asking.cancel()
            await asyncio.sleep(0)
    assert await database.answers()
    await database.close()
    async with asyncio.timeout(30):
        while threading.active_count() > threads:  # each ends with its own query
            await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == {asyncio.current_task()}
