"""One case: the whole talk, live, and what its advisor can do: claim, answer, hand back, close."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.accounts import Accounts
from bot.console.door import HOME, Door, TurnedAway, Visit, see
from bot.console.once import Once
from bot.console.queue import HEARTBEAT, QueuePages, entry_of, event_of
from bot.database import Database
from bot.keys import new_id
from bot.markup import plain_to_html, to_html
from bot.relay import Relay
from bot.wakeups import QUEUE, Wakeups
from bot.wakeups import conversation as bell_of
from content.locales import direction_of
from handoff.case import Case, Refused, State
from handoff.desk import Desk
from handoff.store import Line

LONGEST_ANSWER = 4000  # characters; Telegram takes 4096
ONE_VIEW = timedelta(minutes=10)  # looks at a case within this time are one line in the audit


@dataclass(frozen=True)
class Spoken:
    """A line of the talk as it is shown; `dir` is ltr, rtl or auto."""

    id: int
    sender: str
    language: str
    dir: str
    html: Markup
    time: str


@dataclass(frozen=True)
class Fault:
    """Why something was not done, and the text that was not sent."""

    status: int
    key: str
    text: str = ""


@dataclass(frozen=True)
class CasePages:
    door: Door
    database: Database
    accounts: Accounts
    relay: Relay
    desk: Desk
    wakeups: Wakeups
    queue: QueuePages
    sent: Once = field(default_factory=Once)
    _viewed: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def show(self, visit: Visit) -> Response:
        return await self._page(visit, None)

    async def lines(self, visit: Visit) -> Response:
        """Only the lines after a number, to catch up with."""
        case = await self._look(visit)
        await self._note_view(visit, case)
        return HTMLResponse(self._rendered(visit, await self._spoken(visit, case, _number(visit.query("after")))))

    async def stream(self, visit: Visit) -> Response:
        """Server-sent events: `line` with id, `case` with its state, `queue` as on every page, `signed-out`."""
        case = await self._look(visit)
        await self._note_view(visit, case)
        seen = visit.request.headers.get("last-event-id", "")
        after = max(_number(seen), _number(visit.query("after")))
        return EventSourceResponse(self.events(visit, case, after), ping=int(HEARTBEAT))

    async def events(self, visit: Visit, case: Case, after: int) -> AsyncIterator[ServerSentEvent]:
        news, state = None, None
        with self.wakeups.listening(bell_of(case.conversation), QUEUE) as bell:
            while await self.door.still_signed_in(visit):
                case = await self._now(case)
                for line in await self._spoken(visit, case, after):
                    after = line.id
                    yield ServerSentEvent(self._rendered(visit, [line]), event="line", id=str(line.id))
                if state != (latest := _state(case, visit)):
                    state = latest
                    yield ServerSentEvent(json.dumps(state), event="case")
                if news != (fresh := await self.queue.news(visit.words)):
                    news = fresh
                    yield event_of(news)
                await bell.heard(HEARTBEAT)
        yield ServerSentEvent("{}", event="signed-out")

    async def claim(self, visit: Visit) -> Response:
        return await self._step(visit, "claim", self.relay.claim, self._address(visit))

    async def release(self, visit: Visit) -> Response:
        return await self._step(visit, "release", self.relay.release, HOME)

    async def close(self, visit: Visit) -> Response:
        return await self._step(visit, "close", self.relay.close, HOME)

    async def say(self, visit: Visit) -> Response:
        text, key = visit.form.one("text").strip(), visit.form.one("key")
        if not text:
            return await self._page(visit, Fault(422, "say_empty"))
        if len(text) > LONGEST_ANSWER:
            return await self._page(visit, Fault(422, "say_too_long", text))
        if self.sent.first(key):
            try:
                await self.relay.say(visit.path("id"), visit.staff.id, text)
            except Refused:
                self.sent.forget(key)
                return await self._page(visit, Fault(409, "", text))
            await self._note(visit, "answer")
        return see(self._address(visit))

    async def _step(
        self, visit: Visit, action: str, step: Callable[[str, str], Awaitable[Case]], then: str
    ) -> Response:
        try:
            await step(visit.path("id"), visit.staff.id)
        except Refused:
            return await self._page(visit, Fault(409, ""))
        await self._note(visit, action)
        return see(then)

    async def _page(self, visit: Visit, fault: Fault | None) -> Response:
        """The case as it is now. A refusal is told by what has become of the case meanwhile."""
        case = await self._look(visit)
        await self._note_view(visit, case)
        async with self.database.reading() as conn:
            names = await self.accounts.names(conn)
        mode = mode_of(case, visit)
        lines = await self._spoken(visit, case, 0)
        return self.door.page(
            visit,
            "case.html",
            fault.status if fault else 200,
            case=case,
            entry=entry_of(case, names, visit),
            mode=mode,
            state=_state(case, visit),
            lines=lines,
            last=lines[-1].id if lines else 0,
            fault=(fault.key or f"refused_{mode}") if fault else "",
            text=fault.text if fault else "",
            key=new_id(),
            longest=LONGEST_ANSWER,
            news=await self.queue.news(visit.words),
            claimed=visit.words.moment(case.claimed_at, visit.now) if case.claimed_at else "",
            closed=visit.words.moment(case.closed_at, visit.now) if case.closed_at else "",
        )

    async def _look(self, visit: Visit) -> Case:
        try:
            async with self.database.reading() as conn:
                return await self.desk.look(conn, visit.path("id"))
        except Refused:
            raise TurnedAway(404, "case_gone") from None

    async def _now(self, case: Case) -> Case:
        """The case as it is now; one that has been erased meanwhile counts as withdrawn."""
        try:
            async with self.database.reading() as conn:
                return await self.desk.look(conn, case.id)
        except Refused:
            return Case(case.id, case.conversation, case.language, case.topic, case.opened_at, state=State.WITHDRAWN)

    async def _spoken(self, visit: Visit, case: Case, after: int) -> list[Spoken]:
        async with self.database.reading() as conn:
            return [spoken(line, visit) for line in await self.desk.lines(conn, case.id, after)]

    def _rendered(self, visit: Visit, lines: list[Spoken]) -> str:
        return self.door.render(visit, "lines.html", lines=lines)

    def _address(self, visit: Visit) -> str:
        return f"/staff/cases/{visit.path('id')}"

    async def _note(self, visit: Visit, action: str) -> None:
        async with self.database.transaction() as conn:
            await self.accounts.note(conn, visit.staff.id, action, visit.path("id"), visit.now)

    async def _note_view(self, visit: Visit, case: Case) -> None:
        """Before anything is shown. The pages look again by themselves, so one line stands for a while of reading."""
        key = (visit.staff.id, case.id)
        last = self._viewed.get(key)
        if last is not None and visit.now - last < ONE_VIEW:
            return
        await self._note(visit, "view")
        for old in [each for each, at in self._viewed.items() if visit.now - at >= ONE_VIEW]:
            del self._viewed[old]
        self._viewed[key] = visit.now


def mode_of(case: Case, visit: Visit) -> str:
    """What the case is to this advisor: waiting, mine, taken, closed or withdrawn."""
    if case.state is State.CLAIMED:
        return "mine" if case.owner == visit.staff.id else "taken"
    return case.state.value


def spoken(line: Line, visit: Visit) -> Spoken:
    typed = line.sender in ("you", "advisor")
    return Spoken(
        id=line.id,
        sender=line.sender,
        language=line.language,
        dir="auto" if typed else direction_of(line.language),
        html=Markup(plain_to_html(line.text) if typed else to_html(line.text)),  # noqa: S704 both escape
        time=visit.words.moment(line.at, visit.now),
    )


def _state(case: Case, visit: Visit) -> dict[str, str | bool]:
    return {"mode": mode_of(case, visit), "acute": case.acute}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
