"""A contact goes in once, is counted once, and stays counted when its row is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from analytics.counter import record
from analytics.events import Contact, UnknownWords, Vocabulary
from analytics.store import DIMENSIONS, LEDGER, Ledger, MonthTotal, RolledUp, UnknownDimension

VOCABULARY = Vocabulary(frozenset({"permits", "work", "housing"}), frozenset({"fi", "ru"}), frozenset({"kela"}))
LEDGER_ROOM = Ledger()
CALL = Contact(date(2026, 10, 5), "phone", "ru", ("permits", "work"), "client", municipality="kajaani", referral="kela")
VISIT = Contact(date(2026, 11, 30), "visit", "fi", ("permits",), "professional", acute=True, duration="5-15")
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
IDS = count()


async def write(conn: AsyncConnection, *contacts: Contact) -> None:
    for contact in contacts:
        await record(conn, LEDGER_ROOM, VOCABULARY, f"id-{next(IDS)}", contact)


async def rows_left(conn: AsyncConnection) -> int:
    return (await conn.execute(select(func.count()).select_from(LEDGER))).scalar_one()


async def everything(conn: AsyncConnection) -> dict[str, dict[str, int]]:
    return {dimension: await LEDGER_ROOM.totals(conn, *YEAR, dimension) for dimension in DIMENSIONS}


@pytest.mark.parametrize(
    ("dimension", "counts"),
    [
        ("channel", {"phone": 1, "visit": 1}),
        ("language", {"ru": 1, "fi": 1}),
        ("topic", {"permits": 2, "work": 1}),
        ("client_type", {"client": 1, "professional": 1}),
        ("first_contact", {"unknown": 2}),
        ("municipality", {"kajaani": 1, "unknown": 1}),
        ("outcome", {"answered": 2}),
        ("acute", {"yes": 1, "no": 1}),
        ("duration", {"": 1, "5-15": 1}),
        ("referral", {"kela": 1, "": 1}),
        ("source", {"": 2}),
    ],
)
async def test_every_dimension_is_counted(conn: AsyncConnection, dimension: str, counts: dict[str, int]) -> None:
    await write(conn, CALL, VISIT)
    assert await LEDGER_ROOM.totals(conn, *YEAR, dimension) == counts


async def test_a_period_holds_its_first_day_and_not_the_day_it_ends_before(conn: AsyncConnection) -> None:
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1))
    await write(conn, *(replace(CALL, day=day) for day in days))
    assert await LEDGER_ROOM.totals(conn, date(2026, 10, 1), date(2027, 1, 1), "channel") == {"phone": 2}


async def test_conditions_count_only_contacts_that_meet_all_of_them(conn: AsyncConnection) -> None:
    await write(conn, CALL, VISIT, replace(CALL, language="fi"))
    assert await LEDGER_ROOM.totals(conn, *YEAR, "topic", channel="phone", language="ru") == {"permits": 1, "work": 1}


async def test_a_topic_as_condition_is_found_wherever_it_was_named(conn: AsyncConnection) -> None:
    await write(conn, replace(CALL, topics=("housing", "permits", "work")), VISIT)
    assert await LEDGER_ROOM.totals(conn, *YEAR, "channel", topic="work") == {"phone": 1}


async def test_a_topic_named_twice_counts_once(conn: AsyncConnection) -> None:
    await write(conn, replace(CALL, topics=("work", "work")))
    assert await LEDGER_ROOM.totals(conn, *YEAR, "topic") == {"work": 1}


async def test_a_contact_with_a_word_outside_the_vocabulary_leaves_nothing_behind(conn: AsyncConnection) -> None:
    with pytest.raises(UnknownWords, match="tt"):
        await write(conn, replace(CALL, language="tt"))
    assert await rows_left(conn) == 0


async def test_a_contact_taken_back_is_not_counted(conn: AsyncConnection) -> None:
    await LEDGER_ROOM.add(conn, "mistake", CALL)
    await write(conn, VISIT)
    assert await LEDGER_ROOM.remove(conn, "mistake")
    assert await LEDGER_ROOM.totals(conn, *YEAR, "channel") == {"visit": 1}


async def test_taking_back_what_is_not_there_says_so(conn: AsyncConnection) -> None:
    assert not await LEDGER_ROOM.remove(conn, "nothing")


async def test_an_unknown_dimension_is_refused_with_those_that_exist(conn: AsyncConnection) -> None:
    with pytest.raises(UnknownDimension, match=r"nationality.*municipality"):
        await LEDGER_ROOM.totals(conn, *YEAR, "nationality")


async def test_an_unknown_condition_is_refused(conn: AsyncConnection) -> None:
    with pytest.raises(UnknownDimension, match="name"):
        await LEDGER_ROOM.totals(conn, *YEAR, "channel", name="Amina")


@pytest.mark.parametrize("before", [date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 30), date(2027, 1, 1)])
async def test_rolling_up_changes_no_count(conn: AsyncConnection, before: date) -> None:
    await write(conn, CALL, CALL, VISIT, replace(VISIT, topics=()))
    as_rows = await everything(conn)
    await LEDGER_ROOM.roll_up(conn, before)
    assert await everything(conn) == as_rows


async def test_rolling_up_day_by_day_changes_no_count(conn: AsyncConnection) -> None:
    await write(conn, *(replace(CALL, day=date(2026, 10, day)) for day in (1, 1, 2, 31)))
    as_rows = await everything(conn)
    for day in (1, 2, 2, 3, 31):
        await LEDGER_ROOM.roll_up(conn, date(2026, 10, day))
    assert (await everything(conn), await rows_left(conn)) == (as_rows, 1)


async def test_rolling_up_erases_the_rows_before_the_day_and_no_other(conn: AsyncConnection) -> None:
    await write(conn, CALL, VISIT)
    assert await LEDGER_ROOM.roll_up(conn, VISIT.day) == 1
    assert await rows_left(conn) == 1


async def test_an_old_contact_logged_late_is_added_to_its_month(conn: AsyncConnection) -> None:
    await write(conn, CALL)
    await LEDGER_ROOM.roll_up(conn, date(2027, 1, 1))
    await write(conn, CALL)
    assert (await LEDGER_ROOM.totals(conn, *YEAR, "language")) == {"ru": 2}
    await LEDGER_ROOM.roll_up(conn, date(2027, 1, 1))
    assert (await LEDGER_ROOM.totals(conn, *YEAR, "language"), await rows_left(conn)) == ({"ru": 2}, 0)


async def test_a_rolled_up_contact_can_no_longer_be_taken_back(conn: AsyncConnection) -> None:
    await LEDGER_ROOM.add(conn, "old", CALL)
    await LEDGER_ROOM.roll_up(conn, date(2027, 1, 1))
    assert not await LEDGER_ROOM.remove(conn, "old")


@pytest.mark.parametrize(
    ("start", "end"), [(date(2026, 10, 2), date(2026, 12, 1)), (date(2026, 9, 1), date(2026, 10, 31))]
)
async def test_a_period_that_cuts_a_month_of_totals_in_two_is_refused(
    conn: AsyncConnection, start: date, end: date
) -> None:
    await write(conn, CALL)
    await LEDGER_ROOM.roll_up(conn, date(2026, 11, 1))
    with pytest.raises(RolledUp, match="whole months"):
        await LEDGER_ROOM.totals(conn, start, end, "channel")


async def test_a_period_that_cuts_a_month_of_rows_in_two_is_counted(conn: AsyncConnection) -> None:
    await write(conn, CALL, VISIT)
    await LEDGER_ROOM.roll_up(conn, date(2026, 11, 1))
    assert await LEDGER_ROOM.totals(conn, date(2026, 11, 7), date(2026, 12, 7), "channel") == {"visit": 1}


async def test_whole_months_of_totals_are_counted_next_to_others(conn: AsyncConnection) -> None:
    await write(conn, CALL, VISIT, replace(CALL, day=date(2026, 9, 30)))
    await LEDGER_ROOM.roll_up(conn, date(2026, 12, 1))
    assert await LEDGER_ROOM.totals(conn, date(2026, 10, 1), date(2026, 11, 1), "channel") == {"phone": 1}


async def test_conditions_over_months_of_totals_are_refused(conn: AsyncConnection) -> None:
    await write(conn, CALL, VISIT)
    await LEDGER_ROOM.roll_up(conn, date(2026, 11, 1))
    with pytest.raises(RolledUp, match="without conditions"):
        await LEDGER_ROOM.totals(conn, *YEAR, "channel", language="ru")


async def test_by_month_puts_rows_and_totals_of_a_month_together(conn: AsyncConnection) -> None:
    await write(conn, CALL, replace(CALL, day=date(2026, 10, 31)), VISIT)
    await LEDGER_ROOM.roll_up(conn, date(2026, 10, 6))
    months = await LEDGER_ROOM.by_month(conn, *YEAR)
    assert [month for month in months if month.dimension == "channel"] == [
        MonthTotal(date(2026, 10, 1), "channel", "phone", 2),
        MonthTotal(date(2026, 11, 1), "channel", "visit", 1),
    ]


async def test_by_month_refuses_a_month_of_totals_cut_in_two(conn: AsyncConnection) -> None:
    await write(conn, CALL)
    await LEDGER_ROOM.roll_up(conn, date(2026, 11, 1))
    with pytest.raises(RolledUp):
        await LEDGER_ROOM.by_month(conn, date(2026, 10, 1), date(2026, 10, 20))


async def test_a_roll_up_that_is_taken_back_leaves_every_row(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        await write(conn, CALL, VISIT)
    async with engine.connect() as conn:
        await LEDGER_ROOM.roll_up(conn, date(2027, 1, 1))
        await conn.rollback()
    async with engine.connect() as conn:
        assert (await rows_left(conn), await LEDGER_ROOM.totals(conn, *YEAR, "topic")) == (2, {"permits": 2, "work": 1})


async def test_a_contact_written_during_a_roll_up_is_neither_lost_nor_doubled(engine: AsyncEngine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    async with engine.begin() as conn:
        await write(conn, CALL)
    async with engine.connect() as slow, engine.connect() as rolling:
        await write(slow, CALL)
        await LEDGER_ROOM.roll_up(rolling, date(2027, 1, 1))
        await rolling.commit()
        await slow.commit()
    async with engine.connect() as conn:
        assert await LEDGER_ROOM.totals(conn, *YEAR, "channel") == {"phone": 2}
