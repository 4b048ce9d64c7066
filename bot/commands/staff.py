"""`kaspa staff`: accounts of advisors, editors, leads and admins."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import Annotated

import typer

from bot.accounts import Role
from bot.app import now
from bot.commands.faults import Stop
from bot.commands.opening import open_settings, opened_database
from bot.settings import Settings

INVITATION = timedelta(days=7)
app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def add(
    email: str,
    role: Annotated[Role, typer.Option()],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
) -> None:
    """Add an account. Without a password it prints a one-time address where its owner chooses one."""
    settings = open_settings()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    print(asyncio.run(_add(settings, email, role, password)))


@app.command()
def invite(email: str) -> None:
    """A new one-time address for somebody who forgot the password."""
    settings = open_settings()
    print(asyncio.run(_invite(settings, email)))


@app.command("list")
def show() -> None:
    """All accounts, with their roles."""
    settings = open_settings()
    for line in asyncio.run(_list(settings)):
        print(line)


async def _add(settings: Settings, email: str, role: Role, password: str | None) -> str:
    async with opened_database(settings) as house, house.database.transaction() as conn:
        staff = await house.accounts.add(conn, email, role, password, now())
        if password is not None:
            return f"{staff.email} can sign in as {role.value}."
        token = await house.accounts.invite(conn, staff.id, now() + INVITATION)
    return _welcome(settings, token)


async def _invite(settings: Settings, email: str) -> str:
    async with opened_database(settings) as house, house.database.transaction() as conn:
        staff = await house.accounts.by_email(conn, email)
        if staff is None:
            raise Stop(f"{email} has no account: `kaspa staff list` shows them all")
        return _welcome(settings, await house.accounts.invite(conn, staff.id, now() + INVITATION))


async def _list(settings: Settings) -> list[str]:
    async with opened_database(settings) as house, house.database.reading() as conn:
        return [f"{staff.role.value:8} {staff.email}" for staff in await house.accounts.all(conn)]


def _welcome(settings: Settings, token: str) -> str:
    base = f"http://localhost:{settings.staff_port}" if settings.staff_port else settings.address
    return f"{base}/staff/welcome#{token}"
