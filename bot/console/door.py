"""The console's door: who comes in, in which language, with which rights, and how a page goes out."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.accounts import Accounts, Role, SignedIn, Staff
from bot.console.wording import LOCALES, Wording, Words
from bot.database import Database
from bot.keys import token_hash

HOME = "/staff/"
SIGN_IN = "/staff/sign-in"
SESSION_COOKIE = "kaspa_staff"
LANGUAGE_COOKIE = "kaspa_language"
LARGEST_FORM = 64 * 1024  # bytes; the longest answer, percent-encoded, has half of that
TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
SEE_OTHER = 303
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    # With no-referrer browsers would send "Origin: null" with our own forms, and those could not be told from others'.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TurnedAway(Exception):
    """The page cannot be had; `key` names the phrase that says why and what to do."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status, self.key = status, key


class NotSignedIn(Exception):
    """Only for those who are signed in."""


@dataclass(frozen=True)
class Form:
    """What was sent; a field that is missing is empty."""

    values: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, ()))


@dataclass(frozen=True)
class Visit:
    """One request, by somebody who may be signed in. `now` is aware UTC."""

    request: Request
    words: Words
    form: Form
    signed_in: SignedIn | None
    now: datetime

    @property
    def staff(self) -> Staff:
        """Raises NotSignedIn."""
        if self.signed_in is None:
            raise NotSignedIn
        return self.signed_in.staff

    @property
    def here(self) -> str:
        """Where to come back to after something small, such as choosing another language."""
        return self.request.url.path if self.request.method == "GET" else HOME

    def path(self, name: str) -> str:
        """A part of the address, such as the case's id."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


class Door:
    """Wraps the handlers of pages: whatever a handler does, these checks have been made before it runs."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        wording: Wording,
        clock: Callable[[], datetime],
        address: str,
        files: Mapping[str, str],
    ) -> None:
        """`address` is the public one; `files` gives the addresses of the static files by their names."""
        self._database = database
        self._accounts = accounts
        self._wording = wording
        self._clock = clock
        self._host = urlsplit(address).netloc
        self.secure = address.startswith("https://")
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["files"] = files
        self._templates.globals["LOCALES"] = LOCALES

    def open(self, handler: Handler) -> Endpoint:
        """A page that needs no sign-in."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, handler, None)

        return endpoint

    def only(self, handler: Handler, *roles: Role) -> Endpoint:
        """A page for these roles, and for admins; without roles for everyone who is signed in."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, handler, roles)

        return endpoint

    def page(self, visit: Visit, template: str, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(self.render(visit, template, **values), status)

    def render(self, visit: Visit, template: str, **values: object) -> str:
        staff = visit.signed_in.staff if visit.signed_in else None
        return self._templates.get_template(template).render(
            visit=visit,
            t=visit.words,
            staff=staff,
            csrf=visit.signed_in.csrf if visit.signed_in else "",
            advises=staff is not None and staff.may(Role.ADVISOR),
            reads_statistics=staff is not None and staff.may(Role.ADVISOR, Role.LEAD),
            **values,
        )

    async def still_signed_in(self, visit: Visit) -> bool:
        """Asked again and again by whatever outlives its request."""
        return await self._session(visit.request, self._clock()) is not None

    async def _answer(self, request: Request, handler: Handler, roles: tuple[Role, ...] | None) -> Response:
        visit = await self._visit(request)
        try:
            self._check_origin(request)
            visit = await self._with_form(visit)
            self._check(visit, roles)
            response = await handler(visit)
        except NotSignedIn:
            response = self._to_sign_in(visit)
        except TurnedAway as turned:
            response = self.page(visit, "message.html", turned.status, key=turned.key)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    async def _visit(self, request: Request) -> Visit:
        now = self._clock()
        words = self._wording.negotiate(
            request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")
        )
        return Visit(request, words, Form({}), await self._session(request, now), now)

    async def _session(self, request: Request, now: datetime) -> SignedIn | None:
        token = request.cookies.get(SESSION_COOKIE)
        if not token:
            return None
        async with self._database.reading() as conn:
            return await self._accounts.signed_in(conn, token, now)

    def _check_origin(self, request: Request) -> None:
        """No other site may post here, signed in or not.

        Every browser says where a post comes from (Sec-Fetch-Site, or Origin where the connection is not secure); what
        says neither is no browser and carries nobody's cookies. The same rule as in Go's CrossOriginProtection.
        """
        if request.method != "POST":
            return
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        own = (request.headers.get("host", ""), self._host)
        foreign = (
            site not in ("same-origin", "none") if site else bool(origin) and urlsplit(origin or "").netloc not in own
        )
        if foreign:
            raise TurnedAway(403, "cross_site")

    async def _with_form(self, visit: Visit) -> Visit:
        if visit.request.method != "POST":
            return visit
        body = b""
        async for chunk in visit.request.stream():
            body += chunk
            if len(body) > LARGEST_FORM:
                raise TurnedAway(413, "too_large")
        # Browsers send line ends as CR LF; PostgreSQL keeps no NUL.
        try:
            values = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            raise TurnedAway(413, "too_large") from None
        clean = {name: [one.replace("\r\n", "\n").replace("\0", "") for one in all] for name, all in values.items()}
        return replace(visit, form=Form(clean))

    def _check(self, visit: Visit, roles: tuple[Role, ...] | None) -> None:
        if roles is None:
            return
        if visit.signed_in is None:
            raise NotSignedIn
        if visit.request.method == "POST":
            given = visit.request.headers.get("x-csrf-token") or visit.form.one("csrf")
            if not hmac.compare_digest(token_hash(given), token_hash(visit.signed_in.csrf)):
                raise TurnedAway(403, "old_form")
        if roles and not visit.staff.may(*roles):
            raise TurnedAway(403, "not_your_role")

    def _to_sign_in(self, visit: Visit) -> Response:
        request = visit.request
        if "hx-request" in request.headers or "text/event-stream" in request.headers.get("accept", ""):
            return Response(status_code=401)
        # A link in a mail comes without our cookie, which is SameSite=Strict: one more step, from here, brings it.
        if request.headers.get("sec-fetch-site") == "cross-site" and request.method == "GET":
            return self.page(visit, "again.html")
        if request.method != "GET" or request.url.path == HOME:
            return RedirectResponse(SIGN_IN, SEE_OTHER)
        return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path)}", SEE_OTHER)


def see(path: str) -> RedirectResponse:
    """After something was done: look at this page."""
    return RedirectResponse(path, SEE_OTHER)


def local(path: str) -> str:
    """`path` when it is one of ours, else the first page: nobody is sent on to another site."""
    parts = urlsplit(path)
    ours = not parts.scheme and not parts.netloc and parts.path.startswith(HOME) and "\\" not in path
    return path if ours and path.isprintable() else HOME
