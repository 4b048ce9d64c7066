"""Turns: every message that was kept gets its own, one at a time."""

from __future__ import annotations

from bot.database import Connection
from bot.mailboxes import Inbox, Pending
from bot.messages import Address, Incoming
from tests.house import House

PERSON = Address("telegram", "7")


class LastLook(Inbox):
    """When it has found nothing more for the first time, a message comes before anybody hears of it."""

    def __init__(self, house: House) -> None:
        self._house: House | None = house

    async def pending(self, conn: Connection, conversation_id: str) -> Pending | None:
        found = await super().pending(conn, conversation_id)
        if found is None and self._house:
            house, self._house = self._house, None
            await house.reception.receive(PERSON, Incoming("2", choice="action:hours"), "en")
        return found


async def test_a_message_that_comes_while_the_last_turn_ends_is_answered_too(house: House) -> None:
    house.turns.inbox = LastLook(house)
    await house.reception.receive(PERSON, Incoming("1", choice="action:topics"), "en")
    await house.turns.settle()
    async with house.database.reading() as conn:
        assert await house.inbox.conversations_waiting(conn) == []
