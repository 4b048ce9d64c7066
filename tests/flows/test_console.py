"""The console's door: who gets in, in which language, and what each may see."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import bot.console
from analytics.events import CHANNELS, CLIENT_TYPES, DURATIONS, FIRST_CONTACTS, MUNICIPALITIES, OUTCOMES
from analytics.report import DEFINITIONS
from tests.flows.console_office import OWN, PASSWORD, Office, person, staffed, words_of
from tests.house import House

CONSOLE = Path(bot.console.__file__).parent
PAGES = ("/staff/", "/staff/cases/x", "/staff/contacts/new", "/staff/statistics", "/staff/statistics/2026-Q2.csv")


@pytest.fixture
async def office(house: House) -> Office:
    return await staffed(house)


# --- Getting in -----------------------------------------------------------------------------------------------------


async def test_the_right_password_opens_the_queue(office: Office) -> None:
    browser = office.browser()
    answer = await browser.sign_in("Aino@kaspa.test ", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    assert (await browser.get("/staff/")).status_code == 200


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(office: Office) -> None:
    cookie = (await office.browser().sign_in("aino@kaspa.test", PASSWORD)).headers["set-cookie"]
    assert {"HttpOnly", "Path=/staff", "SameSite=strict"} <= set(cookie.split("; "))


async def test_behind_https_the_session_cookie_is_secure(house: House, office: Office) -> None:
    secure = Office(house, office.accounts, "https://kaspa.test")
    answer = await secure.browser().post(
        "/staff/sign-in", {"email": "aino@kaspa.test", "password": PASSWORD}, origin="https://kaspa.test"
    )
    assert "Secure" in answer.headers["set-cookie"].split("; ")


async def test_a_wrong_address_and_a_wrong_password_get_the_same_words(office: Office) -> None:
    wrong_password = await office.browser().sign_in("aino@kaspa.test", "wrong")
    wrong_address = await office.browser().sign_in("nobody@kaspa.test", "wrong")
    assert wrong_password.status_code == wrong_address.status_code == 403
    assert words_of(wrong_password) == words_of(wrong_address)


async def test_one_account_cannot_be_tried_through_from_many_places(office: Office) -> None:
    for number in range(10):
        await office.browser(f"198.51.100.{number}").sign_in("aino@kaspa.test", "wrong")
    answer = await office.browser().sign_in("AINO@kaspa.test", PASSWORD)
    assert (answer.status_code, "Too many tries" in answer.text) == (429, True)


async def test_one_place_cannot_try_many_accounts(office: Office) -> None:
    for number in range(10):
        await office.browser().sign_in(f"someone{number}@kaspa.test", "wrong")
    assert (await office.browser().sign_in("aino@kaspa.test", PASSWORD)).status_code == 429


async def test_after_a_quarter_of_an_hour_one_may_try_again(office: Office) -> None:
    for _ in range(11):
        await office.browser().sign_in("aino@kaspa.test", "wrong")
    office.house.clock.move(minutes=16)
    assert (await office.browser().sign_in("aino@kaspa.test", PASSWORD)).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://kaspa.test.evil.example"])
async def test_another_site_cannot_sign_anybody_in(office: Office, origin: str) -> None:
    fields: dict[str, str | list[str]] = {"email": "aino@kaspa.test", "password": PASSWORD}
    answer = await office.browser().post("/staff/sign-in", fields, origin)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_what_the_browser_calls_cross_site_is_refused_whatever_its_origin_says(office: Office) -> None:
    headers = {"Origin": OWN, "Sec-Fetch-Site": "cross-site"}
    data = {"email": "aino@kaspa.test", "password": PASSWORD}
    answer = await office.browser().client.post("/staff/sign-in", data=data, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", PAGES)
async def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(office: Office, path: str) -> None:
    answer = await office.browser().get(path)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/staff/sign-in")


async def test_after_signing_in_one_comes_where_one_wanted_to(office: Office) -> None:
    answer = await office.browser().sign_in("aino@kaspa.test", PASSWORD, next="/staff/contacts/new")
    assert answer.headers["location"] == "/staff/contacts/new"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/staff/", "//evil.example/staff/", "/\\evil.example", "/x"])
async def test_signing_in_never_leads_to_another_site(office: Office, elsewhere: str) -> None:
    answer = await office.browser().sign_in("aino@kaspa.test", PASSWORD, next=elsewhere)
    assert answer.headers["location"] == "/staff/"


async def test_a_link_from_a_mail_takes_a_second_step_that_brings_the_cookie(office: Office) -> None:
    answer = await office.browser().get("/staff/", **{"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, 'http-equiv="refresh"' in answer.text) == (200, True)


async def test_a_live_part_without_a_session_is_told_so_instead_of_getting_the_sign_in_page(office: Office) -> None:
    assert (await office.browser().get("/staff/", **{"HX-Request": "true"})).status_code == 401


async def test_signing_out_ends_the_session_itself(office: Office) -> None:
    browser = await office.at_work("aino")
    token = browser.client.cookies["kaspa_staff"]
    await browser.press("/staff/", "/staff/sign-out")
    browser.client.cookies.set("kaspa_staff", token)
    assert (await browser.get("/staff/")).status_code == 303


async def test_a_session_ends_by_itself_after_its_hours(office: Office) -> None:
    browser = await office.at_work("aino")
    office.house.clock.move(hours=12)
    assert (await browser.get("/staff/")).status_code == 303


@pytest.mark.parametrize("csrf", [{}, {"csrf": "guessed"}])
async def test_a_form_without_the_sessions_own_token_does_nothing(office: Office, csrf: dict[str, str]) -> None:
    browser = await office.at_work("aino")
    answer = await browser.post("/staff/contacts/new", {"channel": "visit", **csrf})
    assert (answer.status_code, await office.counted()) == (403, {})


async def test_a_form_that_is_far_too_large_is_not_read_to_its_end(office: Office) -> None:
    assert (await office.browser().sign_in("x" * 70_000, "y")).status_code == 413


async def test_an_invitation_lets_its_owner_choose_a_password_and_come_in(office: Office) -> None:
    browser, code = office.browser(), await invitation(office)
    answer = await browser.post("/staff/welcome", {"code": code, "password": PASSWORD, "again": PASSWORD})
    assert answer.headers["location"] == "/staff/"
    assert (await browser.get("/staff/")).status_code == 200


async def test_an_invitation_works_once(office: Office) -> None:
    fields: dict[str, str | list[str]] = {"code": await invitation(office), "password": PASSWORD, "again": PASSWORD}
    await office.browser().post("/staff/welcome", fields)
    assert (await office.browser().post("/staff/welcome", fields)).status_code == 403


@pytest.mark.parametrize(("password", "again"), [("short", "short"), (PASSWORD, PASSWORD + "!")])
async def test_a_password_that_will_not_do_leaves_the_invitation_as_it_was(
    office: Office, password: str, again: str
) -> None:
    browser, code = office.browser(), await invitation(office)
    refused = await browser.post("/staff/welcome", {"code": code, "password": password, "again": again})
    accepted = await browser.post("/staff/welcome", {"code": code, "password": PASSWORD, "again": PASSWORD})
    assert (refused.status_code, accepted.status_code) == (422, 303)


async def invitation(office: Office) -> str:
    async with office.house.database.transaction() as conn:
        until = office.house.clock() + timedelta(days=1)
        return await office.accounts.invite(conn, office.staff["pekka"].id, until)


# --- Words and safety of every page ---------------------------------------------------------------------------------


async def test_a_finnish_browser_gets_the_console_in_finnish(office: Office) -> None:
    answer = await office.browser().get("/staff/sign-in", **{"Accept-Language": "fi-FI,fi;q=0.9,en;q=0.8"})
    assert '<html lang="fi">' in answer.text


async def test_the_language_once_chosen_stays(office: Office) -> None:
    browser = await office.at_work("aino", **{"Accept-Language": "fi"})
    await browser.press("/staff/", "/staff/language", language="en")
    assert '<html lang="en">' in (await browser.get("/staff/")).text


async def test_no_page_may_load_or_run_anything_that_is_not_ours(office: Office) -> None:
    browser = await office.at_work("anna")
    for path in ("/staff/sign-in", *PAGES):
        assert (await browser.get(path)).headers["content-security-policy"].startswith("default-src 'self';")


@pytest.mark.parametrize("template", sorted((CONSOLE / "templates").glob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style(template: Path) -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", template.read_text())


def phrases(language: str) -> dict[str, str]:
    with (CONSOLE / "phrases" / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}


def test_both_languages_have_the_same_phrases_with_the_same_places_to_fill_in() -> None:
    def places(language: str) -> dict[str, set[str]]:
        return {
            key: {field for _, field, _, _ in Formatter().parse(text) if field}
            for key, text in phrases(language).items()
            if not key.startswith("definition_")
        }

    assert places("en") == places("fi")


def test_every_phrase_that_a_template_names_is_there() -> None:
    text = "".join(path.read_text() for path in (CONSOLE / "templates").glob("*.html"))
    assert set(re.findall(r"\bt\('([a-z_]+)'[,)]", text)) - set(phrases("en")) == set()


def test_every_word_of_the_ledger_has_a_name() -> None:
    closed = {
        "channel": CHANNELS,
        "client_type": CLIENT_TYPES,
        "outcome": OUTCOMES,
        "municipality": MUNICIPALITIES,
        "first_contact": FIRST_CONTACTS,
        "duration": ["none", *filter(None, DURATIONS)],
    }
    named = {f"{kind}_{word}" for kind, words in closed.items() for word in words}
    assert named - set(phrases("fi")) == set()


def test_every_definition_of_the_report_is_there_in_finnish() -> None:
    assert {f"definition_{name}" for name in DEFINITIONS} - set(phrases("fi")) == set()


async def test_static_files_are_ours_and_no_others(office: Office) -> None:
    browser = office.browser()
    page = (await browser.get("/staff/sign-in")).text
    for path in re.findall(r'(?:src|href)="(/staff/static/[^"]+)"', page):
        assert "immutable" in (await browser.get(path)).headers["cache-control"]
    assert (await browser.get("/staff/static/..%2Fpages.py")).status_code == 404


# --- Who may see what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["liisa", "eetu"])
async def test_lead_and_editor_see_no_conversations(office: Office, name: str) -> None:
    case = await (await person(office.house)).case()
    browser = await office.at_work(name)
    for path in ("/staff/", f"/staff/cases/{case}", f"/staff/cases/{case}/lines", f"/staff/cases/{case}/stream"):
        assert (await browser.get(path)).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("aino", 200), ("liisa", 200), ("anna", 200), ("eetu", 403)])
async def test_statistics_are_for_advisors_lead_and_admin(office: Office, name: str, status: int) -> None:
    assert (await (await office.at_work(name)).get("/staff/statistics")).status_code == status
