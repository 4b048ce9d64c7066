"""The history of the database's shape ends in the shape that the stores work on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from analytics.store import METADATA as ANALYTICS
from bot.accounts import METADATA as ACCOUNTS
from bot.conversations import METADATA as HALL
from bot.database import Database
from bot.mailboxes import INBOX
from bot.migrations import upgrade
from handoff.store import METADATA as HANDOFF


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'kaspa.db'}")
    yield database
    await database.close()


async def test_a_new_database_gets_the_shape_that_the_stores_expect(database: Database) -> None:
    await upgrade(database)
    async with database.transaction() as conn:
        assert await conn.run_sync(_differences) == []


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await upgrade(database)
    await upgrade(database)
    assert await database.answers()


def _differences(connection: Connection) -> list[object]:
    expected = MetaData()
    for metadata in (HALL, ACCOUNTS, HANDOFF, ANALYTICS):
        for table in metadata.tables.values():
            table.to_metadata(expected)
    assert INBOX.name in expected.tables
    return list(compare_metadata(MigrationContext.configure(connection), expected))
