"""Advisor to person: claim, write, hand back and close, each kept in the case and said in the conversation at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversations import Conversation, Conversations
from bot.database import Connection, Database
from bot.endings import Endings
from bot.mailboxes import Outbox
from bot.messages import Outgoing
from bot.replies import FALLBACK, Replies
from bot.wakeups import OUTBOX, QUEUE, Wakeups
from bot.wakeups import conversation as bell_of
from handoff.case import Case, Refused, State
from handoff.desk import Desk


@dataclass(frozen=True)
class Relay:
    """`advisor` is a staff account's id. Every step raises Refused when the case does not allow it."""

    database: Database
    conversations: Conversations
    outbox: Outbox
    endings: Endings
    desk: Desk
    replies: Replies
    wakeups: Wakeups
    pushed: Collection[str]
    clock: Callable[[], datetime]

    async def claim(self, case_id: str, advisor: str) -> Case:
        """From now on the bot is silent in this conversation."""
        now = self.clock()
        async with self.database.transaction() as conn:
            case = await self.desk.claim(conn, case_id, advisor, now)
            conversation = await self._conversation(conn, case)
            conversation = await self._step(conn, conversation, waiting=False, with_advisor=True)
            await self._tell(conn, case, conversation, self._notice("advisor_joined", conversation), now)
        self._ring(case)
        return case

    async def release(self, case_id: str, advisor: str) -> Case:
        """Back to the queue; the bot answers again meanwhile."""
        now = self.clock()
        async with self.database.transaction() as conn:
            case = await self.desk.release(conn, case_id, advisor)
            conversation = await self._conversation(conn, case)
            conversation = await self._step(conn, conversation, waiting=True, with_advisor=False)
            await self._tell(conn, case, conversation, self._notice("advisor_left", conversation), now)
        self._ring(case)
        return case

    async def say(self, case_id: str, advisor: str, text: str) -> None:
        """A line of the advisor's. Only the owner of the case can speak in it, and only until it is closed."""
        now = self.clock()
        async with self.database.transaction() as conn:
            case = await self.desk.look(conn, case_id)
            if case.state is not State.CLAIMED or case.owner != advisor:
                raise Refused("claim the case first")
            conversation = await self._conversation(conn, case)
            await self._tell(conn, case, conversation, Outgoing(text, case.language, "advisor"), now)
        self._ring(case)

    async def close(self, case_id: str, advisor: str) -> Case:
        """The ledger gets its row in the transaction of the first close."""
        now = self.clock()
        async with self.database.transaction() as conn:
            case, first = await self.desk.close(conn, case_id, advisor, now)
            conversation = await self._conversation(conn, case)
            await self._tell(conn, case, conversation, self._notice("case_closed", conversation), now)
            await self.endings.close_case(conn, conversation, first, now)
        self._ring(case)
        return case

    async def _conversation(self, conn: Connection, case: Case) -> Conversation:
        found = await self.conversations.load(conn, case.conversation)
        if found is None:
            raise Refused("the person has erased the conversation")
        return found

    async def _step(
        self, conn: Connection, conversation: Conversation, *, waiting: bool, with_advisor: bool
    ) -> Conversation:
        step = replace(conversation.state.step, waiting=waiting, with_advisor=with_advisor)
        return await self.conversations.save(
            conn, conversation, replace(conversation.state, step=step), conversation.last_at
        )

    async def _tell(
        self, conn: Connection, case: Case, conversation: Conversation, message: Outgoing, now: datetime
    ) -> None:
        kept = await self.conversations.say(conn, conversation.id, (message,), now)
        if conversation.address.channel in self.pushed:
            await self.outbox.put(conn, conversation.id, kept, now)
        await self.desk.say(conn, case.id, message.sender, message.language, message.text, now)

    def _notice(self, key: str, conversation: Conversation) -> Outgoing:
        return self.replies.notice(key, conversation.state.language or FALLBACK)

    def _ring(self, case: Case) -> None:
        self.wakeups.ring(bell_of(case.conversation), QUEUE, OUTBOX)
