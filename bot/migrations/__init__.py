"""The history of the database's shape: `upgrade` brings any older one to today's."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection as SyncConnection

from bot.database import Database


async def upgrade(database: Database) -> None:
    """Apply what is missing; on today's shape it does nothing."""
    async with database.transaction() as conn:
        await conn.run_sync(_upgrade)


def _upgrade(connection: SyncConnection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
