"""How a conversation ends: one anonymous row in the ledger and the erasure, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.counter import record
from analytics.events import Contact, Vocabulary
from analytics.store import Ledger
from bot.conversations import Conversation, Conversations, State
from bot.database import Connection
from bot.decide import Step
from bot.mailboxes import Inbox
from handoff.desk import Desk

HELSINKI = ZoneInfo("Europe/Helsinki")
UNKNOWN_LANGUAGE = "unknown"


@dataclass(frozen=True)
class Endings:
    conversations: Conversations
    inbox: Inbox
    desk: Desk
    ledger: Ledger
    vocabulary: Vocabulary
    new_id: Callable[[], str]
    answer_stays: timedelta = timedelta(days=7)

    async def erase(self, conn: Connection, conversation: Conversation, at: datetime) -> None:
        """The conversation is over and gone; a case that is still open is withdrawn with everything said in it."""
        if conversation.case_id:
            await self.desk.withdraw(conn, conversation.case_id, at)
        await self._count(conn, conversation)
        await self.inbox.drop(conn, conversation.id, at)
        await self.conversations.erase(conn, conversation.id)

    async def close_case(
        self, conn: Connection, conversation: Conversation, first_close: bool, at: datetime
    ) -> Conversation:
        """The case is closed and counted, once; the conversation goes on with the bot.

        It stays for some days, so that somebody who comes back tomorrow still finds the advisor's answer.
        """
        if first_close:
            await self._count(conn, conversation)
        await self.conversations.detach_case(conn, conversation.id, at + self.answer_stays)
        tally = replace(conversation.state.tally, counted=True)
        return await self.conversations.save(
            conn, conversation, replace(conversation.state, step=Step(closed=True), tally=tally), at
        )

    async def _count(self, conn: Connection, conversation: Conversation) -> None:
        if conversation.state.tally.spoke and not conversation.state.tally.counted:
            await record(conn, self.ledger, self.vocabulary, self.new_id(), contact_of(conversation))


def contact_of(conversation: Conversation) -> Contact:
    """A conversation as the ledger sees it; the day is the one in Finland when it began."""
    state: State = conversation.state
    return Contact(
        day=conversation.created_at.astimezone(HELSINKI).date(),
        channel=conversation.address.channel,
        language=state.language or UNKNOWN_LANGUAGE,
        topics=state.tally.topics,
        municipality=state.tally.municipality,
        outcome=state.tally.outcome,
        acute=state.tally.acute,
    )
