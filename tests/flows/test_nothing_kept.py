"""What was erased is gone from every byte of the database and its journal; identity codes never reach them at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.accounts import Accounts
from bot.jobs import Housekeeping
from bot.messages import Address, Incoming
from bot.settings import Settings
from tests.flows.web_people import Person, counted, web_app
from tests.house import House

PLANTED = "quetzalcoatl"
CODE = "131052-308T"


def holding(folder: Path, word: str) -> list[str]:
    """The files under a folder in which the word stands, in whatever letters."""
    wanted = word.lower().encode()
    return [path.name for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes().lower()]


@pytest.fixture
async def person(house: House) -> Person:
    house.reader.meanings["a person please"] = "talk_to_human"
    person = Person(house, web_app(house))
    await person.open("en")
    return person


async def test_the_search_itself_finds_what_is_there(tmp_path: Path, person: Person) -> None:
    await person.say(f"my cat is called {PLANTED}")
    assert holding(tmp_path, PLANTED)


async def test_erased_by_the_person_is_gone_from_every_byte(tmp_path: Path, person: Person) -> None:
    for number in range(30):
        await person.say(f"my cat is called {PLANTED} {number}")
    await person.erase()
    assert holding(tmp_path, PLANTED) == []
    assert holding(tmp_path, person.id) == []


async def test_an_erased_case_is_gone_from_every_byte_with_what_was_said_in_it(
    tmp_path: Path, house: House, person: Person
) -> None:
    await person.say(f"my cat is called {PLANTED}")
    await person.say("a person please")
    async with house.database.reading() as conn:
        (case,) = await house.desk.queue(conn)
    await house.relay.claim(case.id, "advisor")
    await house.relay.say(case.id, "advisor", f"what does {PLANTED} eat?")
    await person.say(f"{PLANTED} eats fish")
    await person.erase()
    assert holding(tmp_path, PLANTED) == []


async def test_an_idle_conversation_is_gone_from_every_byte_and_counted_once(
    tmp_path: Path, house: House, person: Person
) -> None:
    await person.say(f"my cat is called {PLANTED}")
    house.clock.move(minutes=31)
    assert await housekeeping(house).end_idle_conversations() == 1
    assert holding(tmp_path, PLANTED) == []
    assert len(await counted(house)) == 1


async def test_a_conversation_with_an_open_case_is_not_idle(house: House, person: Person) -> None:
    await person.say("a person please")
    house.clock.move(days=3)
    assert await housekeeping(house).end_idle_conversations() == 0


async def test_an_identity_code_never_reaches_a_file(tmp_path: Path, person: Person) -> None:
    for code in (CODE, CODE.lower(), CODE.replace("-", " - "), "١٣١٠٥٢-٣٠٨T"):
        await person.say(f"here is my code {code} please look")
    assert [holding(tmp_path, form) for form in (CODE, "308T", "131052", "١٣١٠٥٢")] == [[], [], [], []]


async def test_a_telegram_address_stands_nowhere_in_plain(tmp_path: Path, house: House) -> None:
    await house.reception.receive(Address("telegram", "4815162342"), Incoming("1", "hello"))
    await house.turns.settle()
    assert holding(tmp_path, "4815162342") == []


def housekeeping(house: House) -> Housekeeping:
    return Housekeeping(
        Settings(),
        house.database,
        house.conversations,
        house.inbox,
        house.reception.endings,
        house.cases,
        Accounts(),
        house.ledger,
        house.wakeups,
        house.clock,
    )


async def test_an_answer_can_be_read_for_days_after_the_close_and_then_it_is_gone(
    tmp_path: Path, house: House, person: Person
) -> None:
    await person.say("a person please")
    async with house.database.reading() as conn:
        (case,) = await house.desk.queue(conn)
    await house.relay.claim(case.id, "advisor")
    await house.relay.say(case.id, "advisor", f"{PLANTED} is at the desk")
    await house.relay.close(case.id, "advisor")
    house.clock.move(days=6)
    assert await housekeeping(house).end_idle_conversations() == 0
    assert PLANTED in (await person.get("/messages")).text
    house.clock.move(days=2)
    assert await housekeeping(house).end_idle_conversations() == 1
    assert len(await counted(house)) == 1
