"""The desk: what advisors and waiting people can do with a case, each step kept at once or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handoff import case as rules
from handoff.case import Case, Refused
from handoff.store import Cases, Connection, Line


class Desk:
    """`at` is now, aware UTC; ids of cases and advisors come from outside. Refused says why a step was not taken."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    async def open(self, conn: Connection, case: Case) -> Case:
        await self._cases.add(conn, case)
        return case

    async def look(self, conn: Connection, id: str) -> Case:
        case = await self._cases.load(conn, id)
        if case is None:
            raise Refused("there is no such case, or it has been erased")
        return case

    async def queue(self, conn: Connection) -> list[Case]:
        return await self._cases.queue(conn)

    async def claim(self, conn: Connection, id: str, advisor: str, at: datetime) -> Case:
        """Two advisors never hold the same case: the second is refused."""
        case = await self.look(conn, id)
        return await self._step(conn, case, rules.claim(case, advisor, at))

    async def release(self, conn: Connection, id: str, advisor: str) -> Case:
        case = await self.look(conn, id)
        return await self._step(conn, case, rules.release(case, advisor))

    async def close(self, conn: Connection, id: str, advisor: str, at: datetime) -> tuple[Case, bool]:
        """The closed case, and whether this was its first final close, the one that the ledger counts."""
        case = await self.look(conn, id)
        closed = await self._step(conn, case, replace(rules.close(case, advisor, at), counted=True))
        return closed, not case.counted

    async def withdraw(self, conn: Connection, id: str, at: datetime) -> Case:
        """The person erased the conversation: what was said goes at once."""
        case = await self.look(conn, id)
        await self._cases.erase_lines(conn, id)
        return await self._step(conn, case, replace(rules.withdraw(case, at), counted=True))

    async def alarm(self, conn: Connection, id: str) -> Case:
        case = await self.look(conn, id)
        return await self._step(conn, case, rules.alarm(case))

    async def say(self, conn: Connection, id: str, sender: str, language: str, text: str, at: datetime) -> None:
        await self._cases.say(conn, id, sender, language, text, at)

    async def lines(self, conn: Connection, id: str, after: int = 0) -> list[Line]:
        return await self._cases.lines(conn, id, after)

    async def _step(self, conn: Connection, old: Case, new: Case) -> Case:
        if not await self._cases.replace(conn, old, new):
            raise Refused("somebody else was faster; look at the case again")
        return new
