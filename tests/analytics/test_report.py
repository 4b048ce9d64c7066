"""One set of numbers for a period: exact at the desk, with small ones withheld everywhere else."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.counter import record
from analytics.events import Contact, Vocabulary
from analytics.period import parse_period
from analytics.report import DEFINITIONS, OTHER, OnlyForTheDesk, Reached, Report, Target, View, build
from analytics.store import Ledger
from analytics.suppress import TooSmallARule

VOCABULARY = Vocabulary(frozenset({"permits", "work", "asylum"}), frozenset({"fi", "ru", "so", "ar"}))
LEDGER = Ledger()
IDS = count()
QUARTER = (date(2026, 10, 1), date(2026, 11, 30), date(2026, 12, 31))


async def write(
    conn: AsyncConnection, how_many: int, language: str, day: date = QUARTER[0], client_type: str = "client"
) -> None:
    topics = ("permits", "work") if language == "fi" else ("permits",)
    contact = Contact(day, "phone", language, topics, client_type)
    for _ in range(how_many):
        await record(conn, LEDGER, VOCABULARY, f"id-{next(IDS)}", contact)


async def read(conn: AsyncConnection, period: str, view: View = View.PUBLISHED, smallest: int = 5) -> Report:
    return await build(conn, LEDGER, VOCABULARY, parse_period(period), view, smallest)


def numbers(report: Report, dimension: str) -> dict[str, int | None]:
    return {count.value: count.contacts for count in getattr(report, dimension).counts}


async def test_the_exact_view_shows_every_number(conn: AsyncConnection) -> None:
    for day, how_many in zip(QUARTER, (1, 2, 3), strict=True):
        await write(conn, how_many, "fi", day)
    report = await read(conn, "2026-Q4", View.EXACT)
    assert (report.total, numbers(report, "language")) == (6, {"ar": 0, "fi": 6, "ru": 0, "so": 0, OTHER: 0})


async def test_the_published_view_withholds_small_numbers_and_zeros_of_languages(conn: AsyncConnection) -> None:
    await write(conn, 20, "fi")
    await write(conn, 5, "ru")
    await write(conn, 3, "so")
    await write(conn, 2, "ar")
    report = await read(conn, "2026-Q4")
    assert numbers(report, "language") == {"ar": None, "fi": 20, "ru": 5, "so": None, OTHER: None}


async def test_zeros_of_channels_are_shown(conn: AsyncConnection) -> None:
    await write(conn, 20, "fi")
    assert (await read(conn, "2026-Q4")).channel.contacts("email") == 0


async def test_topics_count_contacts_and_may_exceed_the_total(conn: AsyncConnection) -> None:
    await write(conn, 20, "fi")
    report = await read(conn, "2026-Q4", View.EXACT)
    assert (report.total, numbers(report, "topic")) == (20, {"asylum": 0, "permits": 20, "work": 20, OTHER: 0})


@pytest.mark.parametrize("view", list(View))
async def test_a_period_without_contacts_is_all_zeros(conn: AsyncConnection, view: View) -> None:
    report = await read(conn, "2026-H1", view)
    shown = {count.contacts for breakdown in report.breakdowns for count in breakdown.counts}
    assert (report.total, shown) == (0, {0})


async def test_a_period_with_hardly_a_contact_shows_how_many_and_nothing_about_them(conn: AsyncConnection) -> None:
    await write(conn, 3, "so")
    report = await read(conn, "2026-Q4")
    shown = {count.contacts for breakdown in report.breakdowns for count in breakdown.counts}
    assert (report.total, shown - {0}, report.channel.contacts("phone")) == (3, {None}, None)


async def test_contacts_outside_the_period_are_not_in_it(conn: AsyncConnection) -> None:
    await write(conn, 6, "fi", date(2026, 9, 30))
    await write(conn, 7, "fi", date(2027, 1, 1))
    await write(conn, 8, "fi")
    assert (await read(conn, "2026-Q4")).total == 8


async def test_a_report_is_the_same_when_rows_have_become_month_totals(conn: AsyncConnection) -> None:
    for day, how_many in zip(QUARTER, (5, 3, 9), strict=True):
        await write(conn, how_many, "fi", day)
        await write(conn, how_many, "ru", day, client_type="professional")
    before = await read(conn, "2026-Q4", View.EXACT), await read(conn, "2026")
    await LEDGER.roll_up(conn, date(2026, 12, 1))
    assert (await read(conn, "2026-Q4", View.EXACT), await read(conn, "2026")) == before


async def test_a_year_does_not_give_away_what_a_quarter_withholds(conn: AsyncConnection) -> None:
    for quarter, how_many in ((1, 9), (2, 9), (3, 9), (4, 2)):
        for contacts, language in ((how_many, "so"), (40, "fi"), (3, "ar"), (3, "ru")):
            await write(conn, contacts, language, date(2026, 3 * quarter, 1))
    shown = [(await read(conn, period)).language.contacts("so") for period in ("2026-Q3", "2026-Q4", "2026")]
    assert shown == [9, None, None]


async def test_a_word_that_has_left_the_vocabulary_is_counted_as_other(conn: AsyncConnection) -> None:
    await write(conn, 8, "so")
    shrunk = Vocabulary(VOCABULARY.topics, VOCABULARY.languages - {"so"})
    report = await build(conn, LEDGER, shrunk, parse_period("2026-Q4"), View.EXACT)
    assert numbers(report, "language") == {"ar": 0, "fi": 0, "ru": 0, OTHER: 8}


async def test_a_month_is_shown_at_the_desk(conn: AsyncConnection) -> None:
    await write(conn, 2, "fi", QUARTER[1])
    assert (await read(conn, "2026-11", View.EXACT)).total == 2


async def test_a_month_is_not_published(conn: AsyncConnection) -> None:
    with pytest.raises(OnlyForTheDesk, match=r"2026-11.*quarter"):
        await read(conn, "2026-11")


async def test_a_rule_that_withholds_too_little_is_refused(conn: AsyncConnection) -> None:
    with pytest.raises(TooSmallARule):
        await read(conn, "2026-Q4", smallest=2)


async def test_targets_are_a_hundred_clients_and_thirty_professionals(conn: AsyncConnection) -> None:
    await write(conn, 20, "fi")
    await write(conn, 10, "fi", client_type="professional")
    report = await read(conn, "2026")
    assert report.reached == (Reached(Target("client", 100), 20), Reached(Target("professional", 30), 10))


async def test_a_target_is_withheld_where_its_number_is(conn: AsyncConnection) -> None:
    await write(conn, 20, "fi")
    await write(conn, 3, "fi", client_type="professional")
    assert [one.contacts for one in (await read(conn, "2026-Q4")).reached] == [None, None]


async def test_the_city_can_set_other_targets(conn: AsyncConnection) -> None:
    report = await build(conn, LEDGER, VOCABULARY, parse_period("2026"), targets=(Target("employer", 12),))
    assert [one.target for one in report.reached] == [Target("employer", 12)]


async def test_every_breakdown_carries_its_definition(conn: AsyncConnection) -> None:
    report = await read(conn, "2026-Q4")
    assert {one.dimension: one.definition for one in report.breakdowns} == DEFINITIONS
    assert "not people" in report.definition
    assert "three topics" in report.topic.definition


async def test_the_order_of_the_values_tells_nothing_of_their_counts(conn: AsyncConnection) -> None:
    await write(conn, 20, "so")
    before = await read(conn, "2026-Q4")
    await write(conn, 40, "ar")
    assert list(numbers(before, "language")) == list(numbers(await read(conn, "2026-Q4"), "language"))
