"""One turn: what was kept is understood, decided, acted on and answered, all of its effects in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.conversations import Conversation, Conversations, State, Tally
from bot.database import Connection, Database
from bot.decide import (
    Act,
    AskLanguage,
    Clarify,
    Converse,
    FollowUp,
    GiveAnswer,
    HandOver,
    Notice,
    NotUnderstood,
    Pressed,
    SayLess,
    SetLanguage,
    ShowCrisis,
    ShowHours,
    ShowTopic,
    ShowTopics,
    StaySilent,
    StillWaiting,
    Understood,
    Welcome,
    decide,
)
from bot.mailboxes import Inbox, Outbox, Pending
from bot.messages import Outgoing
from bot.replies import FALLBACK, Advisor, Replies
from bot.understanding import Understanding
from bot.wakeups import OUTBOX, QUEUE, Wakeups
from bot.wakeups import conversation as bell_of
from handoff.case import Case
from handoff.desk import Desk

MOST_TOPICS = 3
log = structlog.get_logger()


@dataclass(frozen=True)
class Heard:
    """What one pending message says; `then` is the earlier question that waited for the language now chosen."""

    first: Understood | Pressed
    then: Understood | None = None


@dataclass(frozen=True)
class Effect:
    """What a decision does: words to say, the state to remember, and what the desk is to hear."""

    messages: tuple[Outgoing, ...]
    state: State
    hand_over: bool = False
    alarm: bool = False


@dataclass
class Turns:
    """`pushed` names the channels that messages are delivered to through the outbox; the others fetch them."""

    database: Database
    conversations: Conversations
    inbox: Inbox
    outbox: Outbox
    understanding: Understanding
    replies: Replies
    desk: Desk
    wakeups: Wakeups
    pushed: Collection[str]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _called: set[str] = field(default_factory=set)

    def wake(self, conversation_id: str) -> None:
        """See to it that the conversation's pending messages get their turns, in order, one at a time."""
        if not conversation_id:
            return
        self._called.add(conversation_id)
        if conversation_id not in self._running:
            task = asyncio.create_task(self._drain(conversation_id))
            self._running[conversation_id] = task
            task.add_done_callback(lambda done: self._ended(conversation_id, done))

    async def recover(self) -> None:
        """After a restart, and now and then: take up what was accepted and not answered."""
        async with self.database.reading() as conn:
            waiting = await self.inbox.conversations_waiting(conn)
        for conversation_id in waiting:
            self.wake(conversation_id)

    def abandon(self) -> None:
        """Let go of what is under way; it stays in the inbox for `recover`, as after a crash."""
        for task in self._running.values():
            task.cancel()

    async def settle(self) -> None:
        """Wait until no turn is under way."""
        while self._running:
            await asyncio.wait(self._running.values())
            await asyncio.sleep(0)

    async def _drain(self, conversation_id: str) -> None:
        self._called.discard(conversation_id)
        try:
            while pending := await self._next(conversation_id):
                await self._take(pending)
        except Exception as error:  # the database is away: `recover` comes back to it
            log.error("turn put off", error=type(error).__name__)

    def _ended(self, conversation_id: str, done: asyncio.Task[None]) -> None:
        """A message that was kept after the last look found the task still there: its call is not to be lost."""
        del self._running[conversation_id]
        if conversation_id in self._called and not done.cancelled():
            self.wake(conversation_id)

    async def _next(self, conversation_id: str) -> Pending | None:
        async with self.database.reading() as conn:
            return await self.inbox.pending(conn, conversation_id)

    async def _take(self, pending: Pending) -> None:
        try:
            await self._turn(pending)
        except Exception as error:  # whatever it was, the person is told and the queue goes on
            log.error("turn failed", error=type(error).__name__, where=_where(error))
            await self._apologise(pending)
        self.wakeups.ring(bell_of(pending.conversation_id), OUTBOX)

    async def _turn(self, pending: Pending) -> None:
        heard = await self._hear(pending)
        now = self.clock()
        async with self.database.transaction() as conn:
            if not await self.inbox.finish(conn, pending.id, now):
                return
            conversation = await self.conversations.load(conn, pending.conversation_id)
            if conversation is None or heard is None:
                return
            effect = self._effect(heard, conversation, pending, now)
            await self._apply(conn, conversation, effect, pending, now)
        if effect.hand_over or effect.alarm or conversation.case_id:
            self.wakeups.ring(QUEUE)

    async def _hear(self, pending: Pending) -> Heard | None:
        async with self.database.reading() as conn:
            conversation = await self.conversations.load(conn, pending.conversation_id)
            message = await self.conversations.message(conn, pending.conversation_id, pending.seq)
            if conversation is None or message is None:
                return None
            waiting = conversation.state.unanswered
            earlier = await self.conversations.message(conn, conversation.id, waiting) if waiting else None
        if pending.choice is None:
            return Heard(await self._understand(message.text, conversation.state, conversation.state.language))
        kind, _, value = pending.choice.partition(":")
        then = None
        if kind == "language" and earlier:
            then = await self._understand(earlier.text, conversation.state, value)
        return Heard(Pressed(kind, value), then)

    async def _understand(self, text: str, state: State, language: str | None) -> Understood:
        about = state.step.about
        return await self.understanding.understand(
            text, language, self.replies.question(about, language or FALLBACK) if about else None
        )

    def _effect(self, heard: Heard, conversation: Conversation, pending: Pending, now: datetime) -> Effect:
        state = replace(conversation.state, step=replace(conversation.state.step, closed=False))
        effect = self._answer(heard.first, state, conversation, pending, now)
        if heard.then:
            later = self._answer(heard.then, effect.state, conversation, pending, now)
            effect = replace(later, messages=effect.messages + later.messages)
        if pending.redacted:
            notice = self.replies.notice("redacted", effect.state.language or FALLBACK)
            effect = replace(effect, messages=(notice, *effect.messages))
        return effect

    def _answer(
        self, heard: Understood | Pressed, state: State, conversation: Conversation, pending: Pending, now: datetime
    ) -> Effect:
        decision = decide(heard, state.step)
        found = heard.language if isinstance(heard, Understood) else None
        language = found or state.language or FALLBACK
        if found and not state.chosen:
            state = replace(state, language=found)
        state = replace(state, step=decision.step)
        if isinstance(heard, Understood) and heard.municipality:
            state = replace(state, tally=replace(state.tally, municipality=heard.municipality))
        effect = self._words(decision.act, state, language, conversation, pending, now)
        if decision.crisis_offered and effect.messages:
            offered = self.replies.offer_crisis(effect.messages[-1], decision.crisis_offered)
            effect = replace(effect, messages=(*effect.messages[:-1], offered))
        return replace(effect, state=replace(effect.state, tally=self._tally(decision.act, effect.state.tally)))

    def _words(
        self,
        act: Act,
        state: State,
        language: str,
        conversation: Conversation,
        pending: Pending,
        now: datetime,
    ) -> Effect:
        say = self.replies
        match act:
            case ShowCrisis(kind, alarm, Clarify(likely)):
                card = say.crisis_card(kind, language, likely, _advisor(state))
                return Effect((card,), state, alarm=alarm)
            case ShowCrisis(kind, alarm, then):
                below = Effect((), state)
                if then:
                    below = self._words(then, state, language, conversation, pending, now)
                card = say.crisis_card(kind, language, advisor=_advisor(below.state))
                return replace(below, messages=(card, *below.messages), alarm=alarm)
            case StaySilent():
                return Effect((), state)
            case AskLanguage():
                waits = pending.seq if pending.choice is None else state.unanswered
                return Effect((say.ask_language(state.language),), replace(state, unanswered=waits))
            case SetLanguage(code):
                chosen = replace(state, language=code, chosen=True, unanswered=None)
                first = say.greeting(code) if state.language is None else say.language_set(code)
                return Effect((first,), chosen)
            case Welcome():
                hello = (say.greeting(language),) if state.language else ()
                return Effect((*hello, say.ask_language(state.language)), state)
            case GiveAnswer(intent, also):
                intents = filter(None, (intent, also))
                return Effect(tuple(say.answer(each, language, state.tally.municipality) for each in intents), state)
            case FollowUp(intent):
                return Effect((say.follow_up(intent, language),), state)
            case Converse(intent):
                return Effect((say.converse(intent, language, conversation.address.channel),), state)
            case Clarify(intents):
                return Effect((say.clarify(intents, language),), state)
            case NotUnderstood(offer_person):
                return Effect((say.not_understood(language, offer_person),), state)
            case HandOver():
                step = replace(state.step, waiting=True)
                return Effect((say.waiting(language, now),), replace(state, step=step), hand_over=True)
            case StillWaiting():
                return Effect((say.notice("already_waiting", language), say.waiting(language, now)), state)
            case ShowTopics():
                return Effect((say.topics(language),), state)
            case ShowTopic(topic):
                return Effect((say.topic(topic, language),), state)
            case ShowHours():
                return Effect((say.hours(language, now),), state)
            case Notice(key):
                return Effect((say.notice(key, language),), state)
            case SayLess():
                return Effect((say.say_less(language),), state)

    def _tally(self, act: Act, tally: Tally) -> Tally:
        match act:
            case Welcome() | Notice():
                return tally
            case GiveAnswer(intent, also):
                asked = (self.replies.content.catalogue.topic_of(each) for each in (intent, also) if each)
                topics = tuple(dict.fromkeys(filter(None, (*tally.topics, *asked))))
                return replace(tally, spoke=True, topics=topics[:MOST_TOPICS], outcome=_better(tally, "answered"))
            case Converse("bot_identity" | "privacy") | ShowHours():
                return replace(tally, spoke=True, outcome=_better(tally, "answered"))
            case HandOver():
                return replace(tally, spoke=True, outcome="handed_over")
            case ShowCrisis(then=then):
                acute = replace(tally, spoke=True, acute=True, outcome=_better(tally, "guided"))
                return self._tally(then, acute) if then else acute
            case _:
                return replace(tally, spoke=True)

    async def _apply(
        self, conn: Connection, conversation: Conversation, effect: Effect, pending: Pending, now: datetime
    ) -> None:
        kept = await self.conversations.say(conn, conversation.id, effect.messages, now) if effect.messages else ()
        if conversation.address.channel in self.pushed:
            await self.outbox.put(conn, conversation.id, kept, now)
        await self.conversations.save(conn, conversation, effect.state, now)
        if effect.hand_over:
            await self._open_case(conn, conversation, effect.state, now)
        elif conversation.case_id:
            mine = await self.conversations.message(conn, conversation.id, pending.seq)
            for line in (mine, *effect.messages):
                if line:
                    await self.desk.say(conn, conversation.case_id, line.sender, line.language, line.text, now)
        if effect.alarm and conversation.case_id:
            await self.desk.alarm(conn, conversation.case_id)

    async def _open_case(self, conn: Connection, conversation: Conversation, state: State, now: datetime) -> None:
        topics = state.tally.topics
        case = Case(
            id=self.new_id(),
            conversation=conversation.id,
            language=state.language or FALLBACK,
            topic=topics[-1] if topics else None,
            opened_at=now,
            acute=state.tally.acute,
            counted=state.tally.counted,
        )
        await self.desk.open(conn, case)
        await self.conversations.attach_case(conn, conversation.id, case.id)
        for kept in await self.conversations.messages(conn, conversation.id):
            said = datetime.fromisoformat(kept.at)
            await self.desk.say(conn, case.id, kept.message.sender, kept.message.language, kept.message.text, said)

    async def _apologise(self, pending: Pending) -> None:
        now = self.clock()
        async with self.database.transaction() as conn:
            if not await self.inbox.finish(conn, pending.id, now):
                return
            conversation = await self.conversations.load(conn, pending.conversation_id)
            if conversation:
                sorry = self.replies.notice("went_wrong", conversation.state.language or FALLBACK)
                kept = await self.conversations.say(conn, conversation.id, (sorry,), now)
                if conversation.address.channel in self.pushed:
                    await self.outbox.put(conn, conversation.id, kept, now)


def _advisor(state: State) -> Advisor:
    """Where the advisor is, for the card of a crisis."""
    if state.step.with_advisor:
        return "present"
    return "awaited" if state.step.waiting else "offered"


def _better(tally: Tally, outcome: str) -> str:
    """A handover stays the outcome, whatever is answered after it."""
    return tally.outcome if tally.outcome == "handed_over" else outcome


def _where(error: Exception) -> str:
    """File and line of a fault, without the message, which could quote what a person wrote."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
