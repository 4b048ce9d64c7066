"""What the flows share: a house, and a Bot API server whose rules nobody breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.bot_api_server import BotApi, bot_api
from tests.flows.telegram_chats import Channel, Person, at_work, channel_of
from tests.house import House, build_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await build_house(tmp_path)
    yield house
    await house.close()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api
    assert api.faults == []


@pytest.fixture
async def channel(api: BotApi, house: House) -> AsyncIterator[Channel]:
    async with at_work(channel_of(api, house)) as channel:
        yield channel


@pytest.fixture
def person(api: BotApi) -> Person:
    """On Telegram; the tests of the web chat have their own."""
    return Person(api)
