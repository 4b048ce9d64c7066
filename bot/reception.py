"""The door that every channel uses: redact, keep, then acknowledge; and, at the person's word, erase or save."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.conversations import Conversation, Conversations, State
from bot.database import Connection, Database
from bot.endings import Endings
from bot.mailboxes import AlreadyAccepted, Inbox
from bot.messages import Address, Incoming, Outgoing
from bot.replies import FALLBACK, Replies
from bot.turn import Turns
from bot.wakeups import QUEUE, Wakeups
from bot.wakeups import conversation as bell_of
from nlu.redact import redact


class NoConversation(Exception):
    """There is no such conversation, or it has been erased."""


class BadChoice(ValueError):
    """No button has this id."""


class TooLong(ValueError):
    """The text is over the limit; nothing of it was kept."""


@dataclass(frozen=True)
class Reception:
    database: Database
    conversations: Conversations
    inbox: Inbox
    endings: Endings
    replies: Replies
    turns: Turns
    wakeups: Wakeups
    public_contacts: Collection[str]
    message_characters: int
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    async def open(self, address: Address, language: str | None, token_hash: str | None = None) -> Conversation:
        """A new conversation that begins with our first words: the greeting, or the question which language."""
        chosen = language if language in self._languages() else None
        first = self.replies.greeting(chosen) if chosen else self.replies.ask_language()
        now = self.clock()
        async with self.database.transaction() as conn:
            state = State(language=chosen, chosen=chosen is not None)
            opened = await self.conversations.open(conn, address.key, address, state, now, token_hash)
            await self.conversations.say(conn, opened.id, (first,), now)
        return opened

    async def receive(self, address: Address, incoming: Incoming, language_hint: str | None = None) -> int:
        """Keep what came and return its seq; when this returns, it will be answered whatever happens.

        The same external id again returns the same seq and has no other effect. A channel with addresses of its own
        (Telegram) gets a new conversation when it has none. Raises TooLong, BadChoice; NoConversation on web chat.
        """
        try:
            conversation_id, seq = await self._keep(address, incoming, language_hint)
        except AlreadyAccepted:  # the same message came in twice at the same moment: the other one has it
            conversation_id, seq = await self._keep(address, incoming, language_hint)
        self.wakeups.ring(bell_of(conversation_id))
        self.turns.wake(conversation_id)
        return seq

    async def erase(self, conversation_id: str) -> None:
        """At the person's word: everything goes now, from every byte of the file."""
        async with self.database.transaction() as conn:
            found = await self._found(conn, conversation_id)
            await self.endings.erase(conn, found, self.clock())
        self.wakeups.ring(bell_of(conversation_id), QUEUE)
        await self.database.forget()

    async def transcript(self, conversation_id: str) -> str:
        """The conversation as plain text to keep (306/2019 section 6 a). Raises NoConversation."""
        async with self.database.reading() as conn:
            found = await self._found(conn, conversation_id)
            kept = await self.conversations.messages(conn, conversation_id)
        language = found.state.language or FALLBACK
        lines = [self.replies.heading(language), ""]
        for one in kept:
            who = self.replies.content.phrase(f"page_{one.message.sender}", language)
            pages = [f"{source.title}: {source.url}" for source in one.message.sources]
            draft = [self.replies.content.phrase("draft", language)] if one.message.draft else []
            lines += [f"[{one.at[:16].replace('T', ' ')} UTC] {who}:", one.message.text, *draft, *pages, ""]
        return "\n".join(lines)

    async def _keep(self, address: Address, incoming: Incoming, hint: str | None) -> tuple[str, int]:
        if incoming.text is not None and len(incoming.text) > self.message_characters:
            raise TooLong
        clean = redact(incoming.text, keep=self.public_contacts) if incoming.text is not None else None
        now = self.clock()
        async with self.database.transaction() as conn:
            found = await self.conversations.find(conn, address)
            seq = await self.inbox.known(conn, address.channel, incoming.external_id)
            if seq is not None:
                return (found.id if found else ""), seq
            found = found or await self._begin(conn, address, hint, now)
            text = clean.text if clean else self._label(incoming, found)
            mine = Outgoing(text, found.state.language or FALLBACK, "you")
            (kept,) = await self.conversations.say(conn, found.id, (mine,), now)
            await self.inbox.accept(
                conn,
                address.channel,
                incoming.external_id,
                found.id,
                kept.seq,
                now,
                incoming.choice,
                bool(clean and clean.kinds),
            )
            return found.id, kept.seq

    async def _begin(self, conn: Connection, address: Address, hint: str | None, now: datetime) -> Conversation:
        if address.channel == "webchat":
            raise NoConversation
        language = hint if hint in self._languages() else None
        return await self.conversations.open(conn, self.new_id(), address, State(language=language), now)

    def _label(self, incoming: Incoming, conversation: Conversation) -> str:
        label = self.replies.label(incoming.choice or "", conversation.state.language or FALLBACK)
        if label is None:
            raise BadChoice(incoming.choice)
        return label

    async def _found(self, conn: Connection, conversation_id: str) -> Conversation:
        found = await self.conversations.load(conn, conversation_id)
        if found is None:
            raise NoConversation
        return found

    def _languages(self) -> frozenset[str]:
        return frozenset(each.code for each in self.replies.content.catalogue.languages)
