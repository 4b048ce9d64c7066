"""Numbers for monitoring, in Prometheus' text format: how many wait and for how long, not in which language or why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from fastapi import Response

from bot.accounts import Role
from bot.console.door import TurnedAway, Visit
from bot.database import Database
from handoff.case import Case, State
from handoff.desk import Desk

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True)
class MetricsPage:
    database: Database
    desk: Desk

    async def show(self, visit: Visit) -> Response:
        """For a collector on this machine that comes straight here, and for a signed-in admin."""
        if not (_comes_from_here(visit) or (visit.signed_in and visit.staff.may(Role.ADMIN))):
            raise TurnedAway(403, "not_your_role")
        async with self.database.reading() as conn:
            cases = await self.desk.queue(conn)
        return Response(metrics_of(cases, visit.now), media_type=FORMAT)


def metrics_of(cases: Iterable[Case], now: datetime) -> str:
    cases = list(cases)
    since = [case.opened_at for case in cases if case.state is State.WAITING]
    acute = sum(case.acute for case in cases if case.state is State.WAITING)
    longest = max(((now - at).total_seconds() for at in since), default=0.0)
    gauges = (
        ("kaspa_cases_waiting", "Cases that wait for an advisor.", len(since)),
        ("kaspa_cases_waiting_acute", "Acute cases that wait for an advisor.", acute),
        ("kaspa_cases_claimed", "Cases that an advisor has.", len(cases) - len(since)),
        ("kaspa_longest_wait_seconds", "How long the one who has waited longest has waited.", round(longest)),
    )
    return "".join(f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {value}\n" for name, text, value in gauges)


def _comes_from_here(visit: Visit) -> bool:
    """A reverse proxy on this machine comes from here too, but for somebody else, and says so."""
    client = visit.request.client
    if client is None or any(name in visit.request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(client.host).is_loopback
    except ValueError:
        return False
