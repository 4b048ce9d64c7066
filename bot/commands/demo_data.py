"""Invented contacts and cases for `kaspa demo`: nobody's data, to look at."""

from __future__ import annotations

import random
from datetime import timedelta

from analytics.counter import record
from analytics.events import Contact
from bot.accounts import Role
from bot.app import House
from bot.commands.opening import say
from bot.endings import HELSINKI
from bot.keys import new_id
from bot.messages import Address, Incoming

CONTACTS = 260
PASSWORD = "kaspa-demo-password"
ASKED = (
    ("uk", "доброго дня, хочу поговорити з людиною"),
    ("ar", "أريد التحدث مع شخص"),
    ("en", "my landlord wants me out tomorrow, can I talk to a person"),
)
CHANNELS = ("webchat", "telegram", "visit", "phone", "email")


async def fill(house: House) -> None:
    """A quarter and more of contacts, three people waiting, one account a role."""
    now = house.reception.clock()
    chance = random.Random(1)
    async with house.database.transaction() as conn:
        for role in Role:
            await house.accounts.add(conn, f"{role.value}@example.fi", role, PASSWORD, now)
        for _ in range(CONTACTS):
            day = (now - timedelta(days=chance.randrange(150))).astimezone(HELSINKI).date()
            contact = Contact(
                day=day,
                channel=chance.choices(CHANNELS, (40, 25, 15, 15, 5))[0],
                language=chance.choices(("uk", "ru", "ar", "en", "fi"), (35, 25, 20, 15, 5))[0],
                topics=(chance.choice(house.content.catalogue.topics),),
                client_type=chance.choices(("client", "professional", "family"), (75, 15, 10))[0],
                outcome=chance.choices(("answered", "handed_over", "guided", "unresolved"), (60, 20, 10, 10))[0],
                municipality=chance.choices(("kajaani", "sotkamo", "kuhmo", "unknown"), (70, 10, 5, 15))[0],
            )
            await record(conn, house.ledger, house.vocabulary, new_id(), contact)
    for language, text in ASKED:
        address = Address("webchat", new_id())
        await house.reception.open(address, language)
        await house.reception.receive(address, Incoming(new_id(), text))
        await house.reception.receive(address, Incoming(new_id(), choice="action:person"))
    await house.turns.settle()
    say(f"Demo accounts: advisor@example.fi, lead@example.fi, admin@example.fi; password {PASSWORD}")
