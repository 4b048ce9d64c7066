"""`kaspa purge` and `kaspa doctor`: retention now; what is wrong and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import typer

from bot.app import CONTENT
from bot.commands.opening import open_settings, opened_database, reader_at
from bot.nlu_server import PYTHON, model_for
from bot.settings import Settings
from content.load import faults

ENOUGH_DISK = 2_000_000_000  # bytes


def purge() -> None:
    """Erase now everything whose time is over."""
    settings = open_settings()
    asyncio.run(_purge(settings))
    print("Purged.")


def doctor() -> None:
    """Look at every part and say what is wrong and what to do. Ends with status 1 when something is wrong."""
    settings = open_settings()
    wrong = asyncio.run(_examine(settings))
    raise typer.Exit(1 if wrong else 0)


async def _purge(settings: Settings) -> None:
    async with opened_database(settings) as house:
        await house.housekeeping.purge()


async def _examine(settings: Settings) -> int:
    wrong = 0
    async for part, fault in _findings(settings):
        wrong += bool(fault)
        print(f"{'✗' if fault else '✓'} {part}" + (f": {fault}" if fault else ""))
    return wrong


async def _findings(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    mode = settings.data.stat().st_mode & 0o077
    yield "data folder", f"others can read it: chmod 700 {settings.data}" if mode else ""
    free = shutil.disk_usage(settings.data).free
    yield "disk", f"only {free // 1_000_000} MB free: make room" if free < ENOUGH_DISK else ""
    yield "Rasa's environment", "" if PYTHON.exists() or settings.nlu_url else "missing: run `make install`"
    model = model_for(settings.data)
    yield "model", "" if model.exists or settings.nlu_url else "not trained for today's data: run `kaspa train`"
    errors = [fault for fault in faults(CONTENT, datetime.now(UTC).date()) if fault.severity == "error"]
    yield "content", f"{len(errors)} errors: run `kaspa check`" if errors else ""
    yield "database", await _database(settings)
    if settings.nlu_url:
        yield "Rasa servers", await _rasa(settings)
    if settings.env == "production":
        yield "address", "" if settings.base_url.startswith("https://") else "set KASPA_BASE_URL to the https address"
        yield "user", "do not run as root" if os.geteuid() == 0 else ""


async def _database(settings: Settings) -> str:
    try:
        async with opened_database(settings) as house:
            return "" if await house.database.answers() else "it gives wrong answers: restore a backup"
    except Exception as error:  # whatever the driver raises is the finding
        return f"cannot be opened ({type(error).__name__}): check DATABASE_URL and that the server runs"


async def _rasa(settings: Settings) -> str:
    token = settings.nlu_token.get_secret_value() if settings.nlu_token else None
    reader = reader_at(settings, settings.nlu_url, token)
    try:
        return "" if await reader.answers() else "none answers with a model: check KASPA_NLU_URL and KASPA_NLU_TOKEN"
    finally:
        await reader.close()
