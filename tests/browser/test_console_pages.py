"""The console as an advisor lives in it, in a real browser, with a person at the other end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.axe import violations
from tests.processes import ROOT, Process

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for the module lives in one loop

EMAIL, PASSWORD = "aino@kaspa.test", "correct horse battery"
WAITING = "section[aria-labelledby=h-waiting] li"
PAGES = ("/staff/", "/staff/contacts/new", "/staff/statistics", "/staff/statistics?period=2025-Q1&view=published")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Person:
    """Somebody at the web chat, who has asked for a person."""

    client: httpx.AsyncClient
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def begin(self, *texts: str, language: str = "ar") -> Person:
        opened = (await self.client.post("/api/conversations", json={"language": language})).json()
        self.path = f"/api/conversations/{opened['id']}"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}
        for text in texts:
            await self.send(text=text)
        await self.send(choice="action:person")
        while (await self.read())["state"] != "waiting":  # 202 says that it will be answered, not that it has been
            pass
        return self

    async def send(self, **what: str) -> None:
        message = {"key": str(uuid.uuid4()), **what}
        (await self.client.post(f"{self.path}/messages", json=message, headers=self.headers)).raise_for_status()

    async def heard(self) -> list[str]:
        return [one["text"] for one in (await self.read())["messages"] if one["from"] == "advisor"]

    async def read(self) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.client.get(f"{self.path}/messages", headers=self.headers)).json()
        return answer

    async def erase(self) -> None:
        (await self.client.delete(self.path, headers=self.headers)).raise_for_status()


def staff(server: Process, *arguments: str, given: str = "") -> str:
    """`kaspa staff …` over the running app's data."""
    environment = {"PATH": os.environ["PATH"], "KASPA_DATA": str(server.data), "KASPA_PORT": str(server.port)}
    command = [sys.executable, "-m", "bot", "staff", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=given, text=True, check=True, stdout=subprocess.PIPE
    ).stdout.strip()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(browser: Browser, server: Process) -> StorageState:
    """What a browser keeps of an advisor who has signed in."""
    staff(server, "add", EMAIL, "--role", "advisor", "--password-stdin", given=PASSWORD + "\n")
    context = await browser.new_context(base_url=server.url)
    await sign_in(await context.new_page())
    kept = await context.storage_state()
    await context.close()
    return kept


async def sign_in(page: Page) -> None:
    await page.goto("/staff/")
    await page.fill("#email", EMAIL)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await expect(page.locator("#queue")).to_be_attached()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser, server: Process, session: StorageState) -> AsyncIterator[BrowserContext]:
    """An advisor's, signed in; the shared `page` opens in it."""
    context = await browser.new_context(base_url=server.url, storage_state=session, locale="en")
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def person(server: Process) -> AsyncIterator[Person]:
    async with httpx.AsyncClient(base_url=server.url) as client:
        yield Person(client)


async def claimed(page: Page) -> None:
    """The newest case that waits, claimed; the queue is longest wait first."""
    await page.goto("/staff/")
    await page.locator(WAITING).last.get_by_role("button").click()
    await expect(page.locator("#text")).to_be_visible()


# --- Coming in --------------------------------------------------------------------------------------------------------


async def test_an_invitation_needs_only_a_password_and_leaves_no_code_in_the_address(
    browser: Browser, server: Process
) -> None:
    page = await browser.new_page()
    await page.goto(staff(server, "add", "uusi@kaspa.test", "--role", "advisor"))
    await expect(page.locator("#code")).to_be_hidden()
    assert page.url.endswith("/staff/welcome")

    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await page.press("#again", "Enter")
    await expect(page.locator("#queue")).to_be_attached()
    await page.close()


# --- The queue --------------------------------------------------------------------------------------------------------


async def test_somebody_who_asks_for_a_person_appears_in_the_queue_and_in_the_title(page: Page, person: Person) -> None:
    await page.goto("/staff/")
    await expect(page.locator("#nav-count")).to_be_attached()
    before = await page.locator(WAITING).count()

    await person.begin()
    await expect(page.locator(WAITING)).to_have_count(before + 1)
    assert (await page.title()).startswith(f"({before + 1}) ")


async def test_all_who_ask_at_the_same_moment_appear(page: Page, person: Person) -> None:
    await page.goto("/staff/")
    await expect(page.locator("#nav-count")).to_be_attached()
    before = await page.locator(WAITING).count()

    await asyncio.gather(*(Person(person.client).begin() for _ in range(6)))
    await expect(page.locator(WAITING)).to_have_count(before + 6)


async def test_the_focus_stays_where_it_is_when_the_queue_changes(page: Page, person: Person) -> None:
    await person.begin()
    await page.goto("/staff/")
    button = page.locator(WAITING).last.get_by_role("button")
    await button.focus()
    name = await button.get_attribute("id")

    before = await page.locator(WAITING).count()
    await person.begin()
    await expect(page.locator(WAITING)).to_have_count(before + 1)
    await expect(page.locator(f"#{name}")).to_be_focused()


async def test_an_acute_case_makes_itself_heard_on_every_page(page: Page, person: Person) -> None:
    await page.goto("/staff/contacts/new")
    await person.begin("I want to kill myself", language="en")

    await expect(page.get_by_role("alert").filter(has_text="acute")).to_be_visible()


# --- One case ---------------------------------------------------------------------------------------------------------


async def test_ctrl_enter_sends_and_the_box_is_free_for_the_next_line(page: Page, person: Person) -> None:
    await person.begin()
    await claimed(page)
    await page.fill("#text", "Hello from Kajaani")
    await page.press("#text", "Control+Enter")

    await expect(page.locator(".from-advisor .words")).to_have_text(["Hello from Kajaani"])
    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator("#text")).to_be_focused()
    assert await person.heard() == ["Hello from Kajaani"]


async def test_what_the_person_writes_appears_within_a_second_and_what_is_being_typed_stays(
    page: Page, person: Person
) -> None:
    await person.begin()
    await claimed(page)
    await page.fill("#text", "half a sent")
    await person.send(text="رقم 5 في Kajaani")

    new = page.locator(".from-you .words").last
    await expect(new).to_have_text("رقم 5 في Kajaani", timeout=1000)
    await expect(new).to_have_attribute("dir", "auto")
    await expect(page.locator("#text")).to_have_value("half a sent")


async def test_a_text_that_is_too_long_stays_in_the_box_with_the_reason(page: Page, person: Person) -> None:
    await person.begin()
    await claimed(page)
    await page.fill("#text", "x" * 4001)
    await page.click("#send")

    await expect(page.locator("#fault")).to_contain_text("4001")
    await expect(page.locator("#text")).to_have_value("x" * 4001)
    assert await violations(page) == []


async def test_when_the_person_erases_the_talk_is_gone_from_the_screen(page: Page, person: Person) -> None:
    await person.begin("my secret")
    await claimed(page)
    await person.erase()

    await expect(page.locator("#talk")).to_have_count(0)
    await expect(page.locator("h1 + p")).to_contain_text("has erased")


async def test_a_session_that_ends_elsewhere_says_so_and_keeps_what_is_typed(
    browser: Browser, server: Process, person: Person
) -> None:
    context = await browser.new_context(base_url=server.url)
    page, other = await context.new_page(), await context.new_page()
    await sign_in(page)
    await person.begin()
    await claimed(page)
    await page.fill("#text", "half a sent")
    await other.goto("/staff/")
    await other.get_by_role("button", name="Sign out").click()

    await page.press("#text", "Control+Enter")
    await expect(page.locator("#trouble")).to_contain_text("Your session has ended")
    await expect(page.locator("#text")).to_have_value("half a sent")
    await context.close()


async def test_claim_answer_and_close_work_without_javascript(
    browser: Browser, server: Process, session: StorageState, person: Person
) -> None:
    context = await browser.new_context(base_url=server.url, storage_state=session, java_script_enabled=False)
    page = await context.new_page()
    await person.begin()
    await claimed(page)
    await page.fill("#text", "Hello")
    await page.click("#send")
    await expect(page.locator(".from-advisor .words")).to_have_text(["Hello"])

    await page.locator("summary").click()
    await page.click("#close")
    await expect(page.locator("#queue")).to_be_attached()
    assert await person.heard() == ["Hello"]
    await context.close()


# --- Logging a contact ------------------------------------------------------------------------------------------------


async def test_a_call_is_logged_with_a_handful_of_keys(page: Page) -> None:
    await page.goto("/staff/contacts/new")
    for key in ("2", "3", "1", "6", "Enter"):  # phone, Russian, two topics
        await page.keyboard.press(key)

    await expect(page.locator(".done")).to_contain_text("Saved. Phone, Russian")
    await expect(page.locator("input[name=channel]").first).to_be_focused()


async def test_a_fourth_topic_is_not_taken(page: Page) -> None:
    await page.goto("/staff/contacts/new")
    for key in ("2", "3", "1", "2", "3", "4"):
        await page.keyboard.press(key)

    await expect(page.locator("input[name=topic]:checked")).to_have_count(3)


# --- For everyone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fi"])
async def test_axe_finds_nothing_on_any_page(
    page: Page, person: Person, language: str, scheme: Literal["light", "dark"]
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.goto("/staff/")
    await page.select_option("#language", language)
    await page.locator("form[action='/staff/language'] button").click()
    await expect(page.locator("html")).to_have_attribute("lang", language)
    found = []
    for path in PAGES:
        await page.goto(path)
        found += await violations(page)
    await person.begin("Kela?")
    await claimed(page)
    assert found + await violations(page) == []


@pytest.mark.parametrize("path", ["/staff/sign-in", "/staff/welcome"])
async def test_axe_finds_nothing_before_the_sign_in(browser: Browser, server: Process, path: str) -> None:
    page = await browser.new_page()
    await page.goto(server.url + path)
    assert await violations(page) == []
    await page.close()


async def test_nothing_has_to_be_scrolled_sideways_at_320_pixels(page: Page, person: Person) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    await person.begin("Kela?", "https://example.org/" + "long" * 40)
    await claimed(page)
    wide = [await page.evaluate(OVERFLOW)]
    for path in PAGES:
        await page.goto(path)
        wide.append(await page.evaluate(OVERFLOW))
    assert max(wide) <= 0
