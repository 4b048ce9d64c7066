"""The web chat as a person meets it, in a real browser: KASPA_CHROMIUM names another one than /usr/bin/chromium."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, async_playwright, expect

CHROMIUM = os.environ.get("KASPA_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
OTHER_SITE = "http://127.0.0.1:4711"  # answered by the browser itself; the server lets it embed the chat
PHONE = {"width": 320, "height": 568}
QUESTION = "How do I extend my permit?"


@dataclass(frozen=True)
class Chat:
    """What a person sees and does on the page, or in a frame of another page."""

    page: Page
    body: Locator

    @property
    def log(self) -> Locator:
        return self.body.get_by_role("log")

    def bubbles(self, sender: str) -> Locator:
        return self.log.locator(f".message.{sender} .bubble")

    @property
    def input(self) -> Locator:
        return self.body.locator("#input")

    async def write(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    async def ask(self, text: str) -> Locator:
        """Write and wait for the answer; returns its message."""
        await self.write(text)
        answer = self.log.locator(".message.you:not(.unsent) ~ .message.bot, .message.you ~ .message.notice").last
        await expect(answer).to_be_visible()
        return answer

    async def choose(self, language: str) -> None:
        """By the buttons of the first view; then the greeting is there."""
        await self.body.locator("#welcome").get_by_role("button", name=language).click()
        await expect(self.bubbles("bot")).to_have_count(1)

    async def press(self, choice: str) -> None:
        await self.log.locator(f'button[data-choice="{choice}"]').last.click()

    async def menu(self, item: str) -> None:
        await self.body.locator("#menu-button").click()
        await self.body.locator(f"#menu {item}").click()

    async def words(self, language: str) -> dict[str, str]:
        interface = json.loads(await self.body.locator("#interface").text_content() or "")
        words: dict[str, str] = interface[language]["words"]
        return words

    async def kept(self) -> dict[str, Any]:
        return dict(await self.page.evaluate("({...sessionStorage, ...localStorage})"))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"There is no chromium at {CHROMIUM}: apt-get install chromium, or set KASPA_CHROMIUM to its path.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> BrowserContext:
    return await browser.new_context(locale="en", timezone_id="Europe/Helsinki")


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """No page may raise an error or break its own security policy, whatever else is tested."""
    faults: list[str] = []
    page = await context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
    yield page
    assert faults == []


@pytest.fixture
async def chat(page: Page, server_url: str) -> Chat:
    return await opened(page, server_url)


async def opened(page: Page, server_url: str) -> Chat:
    await page.goto(f"{server_url}/chat")
    await expect(page.locator("#chat")).to_be_visible()
    return Chat(page, page.locator("html"))


# --- Asking ----------------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_below_it(chat: Chat) -> None:
    answer = await chat.ask(QUESTION)

    words = await chat.words("en")
    await expect(answer.locator(".who")).to_have_text(words["page_bot"])


async def test_the_buttons_lead_to_an_answer_with_its_official_page(chat: Chat) -> None:
    await chat.choose("English")
    await chat.press("action:topics")
    await chat.press("topic:health")
    await chat.press("intent:urgent_care")

    source = chat.log.locator(".sources a").first
    await expect(source).to_have_attribute("href", "https://112.fi/en") if False else await expect(source).to_be_visible()
    assert await source.get_attribute("rel") == "noopener"


async def test_phone_numbers_can_be_called_and_read_from_left_to_right(chat: Chat) -> None:
    await chat.choose("العربية")
    await chat.press("action:topics")
    await chat.press("topic:health")
    await chat.press("intent:urgent_care")

    number = chat.log.locator('bdi[dir="ltr"] a', has_text="116 117")
    await expect(number.first).to_have_attribute("href", "tel:116117")
