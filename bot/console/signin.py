"""Signing in and out, the first password by invitation, and the language of the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request, Response

from bot.accounts import AccountError, Accounts, Role, Staff
from bot.console.door import HOME, LANGUAGE_COOKIE, SESSION_COOKIE, SIGN_IN, Door, TurnedAway, Visit, local, see
from bot.console.wording import LOCALES
from bot.database import Database
from bot.keys import token_hash
from bot.limits import Allowance

STATISTICS = "/staff/statistics"
CONTACTS = "/staff/contacts/new"
A_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True)
class SignIn:
    """`attempts` counts tries, by caller and by account: neither one source nor one account can be tried through."""

    door: Door
    database: Database
    accounts: Accounts
    attempts: Allowance
    caller: Callable[[Request], str]
    session_hours: int

    async def ask(self, visit: Visit) -> Response:
        if visit.signed_in:
            return see(home_of(visit.staff))
        return self.door.page(visit, "signin.html", next=local(visit.query("next")), email="", fault="")

    async def enter(self, visit: Visit) -> Response:
        email, next = visit.form.one("email"), local(visit.form.one("next"))
        if not self._allowed(visit, email):
            return self._asked_again(visit, 429, email, next, "too_many_tries")
        async with self.database.reading() as conn:
            staff = await self.accounts.check_password(conn, email, visit.form.one("password"))
        if staff is None:
            return self._asked_again(visit, 403, email, next, "wrong_sign_in")
        return await self._signed_in(visit, staff, home_of(staff) if next == HOME else next)

    async def leave(self, visit: Visit) -> Response:
        async with self.database.transaction() as conn:
            await self.accounts.sign_out(conn, visit.request.cookies[SESSION_COOKIE])
            await self.accounts.note(conn, visit.staff.id, "sign-out", visit.staff.id, visit.now)
        return self._with_cookie(see(SIGN_IN), SESSION_COOKIE, "", 0)

    async def welcome(self, visit: Visit) -> Response:
        """The invitation's code stands behind the # of the address, so no server and no proxy ever sees it there."""
        return self.door.page(visit, "welcome.html", code="", fault="", shortest=Accounts.SHORTEST_PASSWORD)

    async def accept(self, visit: Visit) -> Response:
        code, password = visit.form.one("code").strip(), visit.form.one("password")
        if not self._allowed(visit):
            return self._welcomed_again(visit, 429, code, "too_many_tries")
        if password != visit.form.one("again"):
            return self._welcomed_again(visit, 422, code, "passwords_differ")
        try:
            async with self.database.transaction() as conn:
                staff = await self.accounts.accept_invitation(conn, code, password, visit.now)
        except AccountError:
            return self._welcomed_again(visit, 422, code, "password_short")
        if staff is None:
            return self._welcomed_again(visit, 403, code, "bad_invitation")
        return await self._signed_in(visit, staff, home_of(staff))

    async def choose_language(self, visit: Visit) -> Response:
        code = visit.form.one("language")
        if code not in LOCALES:
            raise TurnedAway(422, "no_such_language")
        return self._with_cookie(see(local(visit.form.one("next"))), LANGUAGE_COOKIE, code, A_YEAR)

    def _allowed(self, visit: Visit, email: str | None = None) -> bool:
        by_caller = self.attempts.allows(f"caller:{self.caller(visit.request)}", visit.now)
        account = f"account:{token_hash(email.strip().lower())}" if email is not None else None
        by_account = account is None or self.attempts.allows(account, visit.now)
        return by_caller and by_account

    def _asked_again(self, visit: Visit, status: int, email: str, next: str, fault: str) -> Response:
        return self.door.page(visit, "signin.html", status, next=next, email=email, fault=fault)

    def _welcomed_again(self, visit: Visit, status: int, code: str, fault: str) -> Response:
        return self.door.page(
            visit, "welcome.html", status, code=code, fault=fault, shortest=Accounts.SHORTEST_PASSWORD
        )

    async def _signed_in(self, visit: Visit, staff: Staff, path: str) -> Response:
        async with self.database.transaction() as conn:
            token = await self.accounts.sign_in(conn, staff, visit.now, self.session_hours)
            await self.accounts.note(conn, staff.id, "sign-in", staff.id, visit.now)
        return self._with_cookie(see(path), SESSION_COOKIE, token, self.session_hours * 3600)

    def _with_cookie(self, response: Response, name: str, value: str, seconds: int) -> Response:
        secure = self.door.secure
        response.set_cookie(name, value, seconds, path="/staff", secure=secure, httponly=True, samesite="strict")
        return response


def home_of(staff: Staff) -> str:
    """The first page of each role: the queue is for those who answer."""
    if staff.may(Role.ADVISOR):
        return HOME
    return STATISTICS if staff.may(Role.LEAD) else CONTACTS
