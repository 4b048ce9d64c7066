"""The console: every address of the staff, and who may come there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from analytics.events import Vocabulary
from analytics.store import Ledger
from bot.accounts import Accounts, Role
from bot.console.cases import CasePages
from bot.console.contacts import ContactPages
from bot.console.door import HOME, SIGN_IN, STATIC, Door
from bot.console.metrics import MetricsPage
from bot.console.queue import QueuePages
from bot.console.signin import SignIn
from bot.console.statistics import StatisticsPages
from bot.console.wording import Wording
from bot.database import Database
from bot.limits import Allowance
from bot.relay import Relay
from bot.settings import Settings
from bot.wakeups import Wakeups
from content.catalogue import Content
from handoff.desk import Desk

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"  # the address changes with the content

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Console:
    """Builds the routes. `attempts` limits tries to sign in; `caller` gives the salted hash of who is calling."""

    settings: Settings
    database: Database
    accounts: Accounts
    relay: Relay
    desk: Desk
    ledger: Ledger
    vocabulary: Vocabulary
    content: Content
    wakeups: Wakeups
    attempts: Allowance
    caller: Callable[[Request], str]
    clock: Callable[[], datetime]

    def routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        add: Any = router.add_api_route
        files = _static_files()
        for method, path, endpoint in self._table({name: address for name, (address, _) in files.items()}):
            add(path, endpoint, methods=[method])
        add("/staff/static/{name}", _static({name: content for name, (_, content) in files.items()}), methods=["GET"])
        add("/staff", _to_home, methods=["GET"])
        return router

    def _table(self, files: Mapping[str, str]) -> tuple[tuple[str, str, Endpoint], ...]:
        door = Door(self.database, self.accounts, Wording(self.content), self.clock, self.settings.address, files)
        hours = self.settings.session_hours
        sign = SignIn(door, self.database, self.accounts, self.attempts, self.caller, hours)
        queue = QueuePages(door, self.database, self.accounts, self.desk, self.wakeups)
        cases = CasePages(door, self.database, self.accounts, self.relay, self.desk, self.wakeups, queue)
        contacts = ContactPages(door, self.database, self.accounts, self.ledger, self.vocabulary, self.content)
        smallest = self.settings.smallest_count
        numbers = StatisticsPages(door, self.database, self.accounts, self.ledger, self.vocabulary, smallest)
        metrics = MetricsPage(self.database, self.desk)
        anyone, advisor, reader = (), (Role.ADVISOR,), (Role.ADVISOR, Role.LEAD)
        return (
            ("GET", SIGN_IN, door.open(sign.ask)),
            ("POST", SIGN_IN, door.open(sign.enter)),
            ("POST", "/staff/sign-out", door.only(sign.leave, *anyone)),
            ("GET", "/staff/welcome", door.open(sign.welcome)),
            ("POST", "/staff/welcome", door.open(sign.accept)),
            ("POST", "/staff/language", door.open(sign.choose_language)),
            ("GET", HOME, door.only(queue.show, *advisor)),
            ("GET", "/staff/queue/stream", door.only(queue.stream, *advisor)),
            ("GET", "/staff/cases/{id}", door.only(cases.show, *advisor)),
            ("GET", "/staff/cases/{id}/lines", door.only(cases.lines, *advisor)),
            ("GET", "/staff/cases/{id}/stream", door.only(cases.stream, *advisor)),
            ("POST", "/staff/cases/{id}/claim", door.only(cases.claim, *advisor)),
            ("POST", "/staff/cases/{id}/say", door.only(cases.say, *advisor)),
            ("POST", "/staff/cases/{id}/release", door.only(cases.release, *advisor)),
            ("POST", "/staff/cases/{id}/close", door.only(cases.close, *advisor)),
            ("GET", "/staff/contacts/new", door.only(contacts.ask, *anyone)),
            ("POST", "/staff/contacts/new", door.only(contacts.save, *anyone)),
            ("POST", "/staff/contacts/{id}/undo", door.only(contacts.undo, *anyone)),
            ("GET", "/staff/statistics", door.only(numbers.show, *reader)),
            ("GET", "/staff/statistics/{period}.{format}", door.only(numbers.file, *reader)),
            ("GET", "/staff/metrics", door.open(metrics.show)),
        )


async def _to_home() -> Response:
    return RedirectResponse(HOME)


def _static_files() -> dict[str, tuple[str, bytes]]:
    """By name: the address, with the content's fingerprint, and the content."""
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in TYPES}
    return {
        name: (f"/staff/static/{name}?{sha256(content).hexdigest()[:12]}", content) for name, content in files.items()
    }


def _static(files: Mapping[str, bytes]) -> Callable[[str], Awaitable[Response]]:
    async def file(name: str) -> Response:
        if name not in files:
            return Response(status_code=404)
        media_type = TYPES[name[name.rindex(".") :]]
        return Response(files[name], media_type=media_type, headers={"Cache-Control": FOR_EVER})

    return file
