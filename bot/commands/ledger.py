"""`kaspa log` and `kaspa report`: one contact into the ledger, and the counts out of it."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analytics.counter import record
from analytics.events import Contact
from analytics.export import to_csv, to_html, to_json, to_xlsx
from analytics.period import NotAPeriod, parse_period
from analytics.report import OnlyForTheDesk
from analytics.report import build as build_report
from bot.app import now
from bot.commands.faults import Stop
from bot.commands.opening import open_settings, opened_database, say
from bot.endings import HELSINKI
from bot.keys import new_id
from bot.settings import Settings


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"
    JSON = "json"


def log(
    channel: Annotated[str, typer.Option(help="visit, phone, email, outreach, …")],
    language: Annotated[str, typer.Option(help="The language spoken, such as ru.")],
    topic: Annotated[list[str], typer.Option(help="Up to three.")] = [],  # noqa: B006
    client_type: Annotated[str, typer.Option()] = "client",
    outcome: Annotated[str, typer.Option()] = "answered",
    municipality: Annotated[str, typer.Option()] = "unknown",
    first_contact: Annotated[str, typer.Option()] = "unknown",
    duration: Annotated[str, typer.Option(help="<5, 5-15, 15-30, 30-60 or >60 minutes.")] = "",
    referral: Annotated[str, typer.Option(help="An organisation of the catalogue.")] = "",
    acute: Annotated[bool, typer.Option("--acute")] = False,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Today, in Finland, by default.")] = None,
) -> None:
    """Log one contact: nothing of who it was."""
    settings = open_settings()
    contact = Contact(
        day=day.date() if day else now().astimezone(HELSINKI).date(),
        channel=channel,
        language=language,
        topics=tuple(topic),
        client_type=client_type,
        outcome=outcome,
        municipality=municipality,
        first_contact=first_contact,
        duration=duration,
        referral=referral,
        acute=acute,
    )
    asyncio.run(_log(settings, contact))
    print("Logged.")


def report(
    period: Annotated[str, typer.Option(help="2026-Q4, 2026-H2 or 2026.")],
    format: Annotated[Format, typer.Option()] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="A file; standard output by default.")] = None,
) -> None:
    """Contacts of a period, small numbers withheld."""
    settings = open_settings()
    data = asyncio.run(_report(settings, period, format))
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


async def _log(settings: Settings, contact: Contact) -> None:
    async with opened_database(settings) as house, house.database.transaction() as conn:
        await record(conn, house.ledger, house.vocabulary, new_id(), contact)


async def _report(settings: Settings, period: str, format: Format) -> bytes:
    async with opened_database(settings) as house, house.database.reading() as conn:
        try:
            if not parse_period(period).is_over(now().astimezone(HELSINKI).date()):
                say(f"{period} is still running: do not pass this on, two such files give single contacts away.")
            made = await build_report(
                conn, house.ledger, house.vocabulary, parse_period(period), smallest=settings.smallest_count
            )
        except (NotAPeriod, OnlyForTheDesk) as fault:
            raise Stop(str(fault)) from None
    match format:
        case Format.CSV:
            return to_csv(made)
        case Format.XLSX:
            return to_xlsx(made)
        case Format.HTML:
            return to_html(made)
        case Format.JSON:
            return to_json(made)
