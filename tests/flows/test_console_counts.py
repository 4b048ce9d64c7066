"""The contact log, the statistics and the metrics of the console."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from analytics.counter import record
from analytics.events import Contact
from analytics.period import parse_period
from analytics.report import DEFINITIONS, View, build
from bot.app import vocabulary_of
from bot.keys import new_id
from tests.flows.console_office import Browser, Office, hidden_fields, person, staffed, words_of
from tests.house import House

NEW = "/staff/contacts/new"
VISIT = {"channel": "visit", "language": "ru", "client_type": "client", "outcome": "answered", "day": "2026-09-01"}


@pytest.fixture
async def office(house: House) -> Office:
    return await staffed(house)


# --- The contact log ------------------------------------------------------------------------------------------------


async def test_a_logged_contact_is_counted(office: Office) -> None:
    browser = await office.at_work("aino")
    answer = await browser.press(NEW, NEW, **VISIT, topic=["permits", "work"])
    assert "Saved. Visit, Russian" in await browser.text(answer.headers["location"])
    assert (await office.counted(), await office.counted("topic")) == ({"visit": 1}, {"permits": 1, "work": 1})


async def test_the_day_that_stands_there_is_today_in_finland(office: Office) -> None:
    office.house.clock.move(hours=12.5)  # 21:30 in Greenwich, past midnight in Finland
    assert 'name="day" required value="2026-09-02"' in (await (await office.at_work("aino")).get(NEW)).text


async def test_a_double_enter_counts_once(office: Office) -> None:
    browser = await office.at_work("aino")
    fields = hidden_fields((await browser.get(NEW)).text, NEW) | VISIT
    await browser.post(NEW, fields)
    await browser.post(NEW, fields)
    assert await office.counted() == {"visit": 1}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"channel": ""}, "Choose the channel."),
        ({"channel": "webchat"}, "Choose the channel."),
        ({"language": ""}, "Choose the language."),
        ({"language": "klingon"}, "One of the choices is not known here."),
        ({"topic": ["permits", "work", "money", "health"]}, "Choose at most 3 topics."),
        ({"day": "2026-09-02"}, "Give a day of the last 90 days"),
        ({"day": "yesterday"}, "Give a day of the last 90 days"),
    ],
)
async def test_a_contact_with_a_fault_is_not_counted_and_says_what_to_do(
    office: Office, fields: dict[str, str | list[str]], fault: str
) -> None:
    answer = await (await office.at_work("aino")).press(NEW, NEW, **{**VISIT, **fields})
    assert (answer.status_code, fault in words_of(answer), await office.counted()) == (422, True, {})


async def test_what_was_chosen_stays_chosen_after_a_fault(office: Office) -> None:
    answer = await (await office.at_work("aino")).press(NEW, NEW, **{**VISIT, "language": ""}, topic="money")
    assert re.findall(r'value="(\w+)" data-key="\w"\s*checked', answer.text)[:2] == ["visit", "money"]


async def test_a_contact_can_be_taken_back(office: Office) -> None:
    browser = await office.at_work("aino")
    await browser.press(NEW, NEW, **VISIT)
    answer = await browser.press(f"{NEW}?done=saved", await undo_of(browser))
    assert ("Taken back." in await browser.text(answer.headers["location"]), await office.counted()) == (True, {})


async def test_nobody_can_take_back_the_contact_of_another(office: Office) -> None:
    aino, pekka = await office.at_work("aino"), await office.at_work("pekka")
    await aino.press(NEW, NEW, **VISIT)
    csrf = hidden_fields((await pekka.get(NEW)).text, "/staff/sign-out")
    answer = await pekka.post(await undo_of(aino), csrf)
    assert (answer.status_code, await office.counted()) == (409, {"visit": 1})


async def test_after_a_day_a_contact_cannot_be_taken_back(office: Office) -> None:
    browser = await office.at_work("aino")
    await browser.press(NEW, NEW, **VISIT)
    action = await undo_of(browser)
    office.house.clock.move(hours=25)
    browser = await office.at_work("aino")
    csrf = hidden_fields((await browser.get(NEW)).text, "/staff/sign-out")
    assert ((await browser.post(action, csrf)).status_code, await office.counted()) == (409, {"visit": 1})


async def test_the_audit_does_not_say_which_contact_somebody_logged(office: Office) -> None:
    browser = await office.at_work("aino")
    await browser.press(NEW, NEW, **VISIT)
    assert await office.audit() == [("aino", "log", "contact")]


async def undo_of(browser: Browser) -> str:
    return re.findall(r'action="(/staff/contacts/[^"]+/undo)"', (await browser.get(NEW)).text)[0]


# --- Statistics -----------------------------------------------------------------------------------------------------


async def counted_before(office: Office) -> None:
    """A quarter that is over, with many Russian visits and few Arabic calls."""
    async with office.house.database.transaction() as conn:
        for channel, language, times in (("visit", "ru", 9), ("phone", "ar", 2), ("email", "en", 6)):
            for _ in range(times):
                contact = Contact(date(2026, 5, 5), channel, language, ("permits",))
                await record(conn, office.house.ledger, vocabulary_of(office.house.content), new_id(), contact)


async def test_the_desk_sees_exact_numbers_with_what_each_means(office: Office) -> None:
    await counted_before(office)
    text = await (await office.at_work("aino")).text("/staff/statistics?period=2026-Q2")
    assert "Phone 2" in text
    assert all(definition in text for definition in DEFINITIONS.values())


async def test_the_view_as_published_withholds_small_numbers(office: Office) -> None:
    await counted_before(office)
    page = await (await office.at_work("liisa")).text("/staff/statistics?period=2026-Q2&view=published")
    assert ("Phone – withheld" in page, "Phone 2" in page) == (True, False)


async def test_the_files_hold_the_numbers_of_the_published_report(office: Office) -> None:
    await counted_before(office)
    browser, house = await office.at_work("liisa"), office.house
    async with house.database.reading() as conn:
        vocabulary, period = vocabulary_of(house.content), parse_period("2026-Q2")
        report = await build(conn, house.ledger, vocabulary, period, View.PUBLISHED, 5)
    sent = json.loads((await browser.get("/staff/statistics/2026-Q2.json")).text)["breakdowns"]
    assert {name: one["contacts"] for name, one in sent.items()} == {
        one.dimension: {count.value: count.contacts for count in one.counts} for one in report.breakdowns
    }


@pytest.mark.parametrize("format", ["csv", "xlsx", "json", "html"])
async def test_each_file_is_a_download_and_written_down(office: Office, format: str) -> None:
    answer = await (await office.at_work("liisa")).get(f"/staff/statistics/2026-Q2.{format}")
    assert answer.headers["content-disposition"] == f'attachment; filename="kaspa-2026-Q2.{format}"'
    assert await office.audit() == [("liisa", "export", f"2026-Q2 {format}")]


@pytest.mark.parametrize("path", ["2026-Q3.csv", "2026.json"])
async def test_there_are_no_files_of_a_period_that_still_runs(office: Office, path: str) -> None:
    assert (await (await office.at_work("liisa")).get(f"/staff/statistics/{path}")).status_code == 409


@pytest.mark.parametrize("period", ["2026-05", "yesterday", "2026-Q5"])
async def test_there_are_no_statistics_of_months_or_of_nonsense(office: Office, period: str) -> None:
    assert (await (await office.at_work("liisa")).get(f"/staff/statistics?period={period}")).status_code == 404


async def test_without_a_choice_the_quarter_that_runs_is_shown(office: Office) -> None:
    assert "Statistics 2026-Q3" in await (await office.at_work("liisa")).text("/staff/statistics")


# --- Metrics --------------------------------------------------------------------------------------------------------


async def test_a_collector_on_this_machine_gets_numbers_without_language_or_topic(office: Office) -> None:
    await person(office.house)
    office.house.clock.move(minutes=2)
    lines = (await office.browser("127.0.0.1").get("/staff/metrics")).text.splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "kaspa_cases_waiting 1",
        "kaspa_cases_waiting_acute 0",
        "kaspa_cases_claimed 0",
        "kaspa_longest_wait_seconds 120",
    ]


@pytest.mark.parametrize(
    ("address", "headers"), [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"})]
)
async def test_nobody_else_gets_the_metrics(office: Office, address: str, headers: dict[str, str]) -> None:
    assert (await office.browser(address).get("/staff/metrics", **headers)).status_code == 403


async def test_an_admin_gets_the_metrics_from_anywhere(office: Office) -> None:
    assert (await (await office.at_work("anna")).get("/staff/metrics")).status_code == 200
