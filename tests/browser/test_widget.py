"""The chat on somebody else's page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.chat import QUESTION, Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for the module lives in one loop


async def test_the_widget_works_on_another_site(page: Page, server_url: str, other_site: str) -> None:
    await page.goto(f"{other_site}/?server={server_url}")
    await page.locator("kaspa-chat button").click()
    chat = Chat(page, page.frame_locator("kaspa-chat iframe"))
    await chat.choose("English")
    await chat.ask(QUESTION)

    await expect(chat.answer.last).to_be_visible()


async def test_the_widget_asks_for_nothing_and_stores_nothing_until_it_is_opened(
    page: Page, server_url: str, other_site: str
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    await page.goto(f"{other_site}/?server={server_url}")
    await expect(page.locator("kaspa-chat button")).to_be_visible()

    assert [url for url in requests if url.startswith(server_url)] == [f"{server_url}/widget.js"]
    assert await page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0


async def test_the_widget_speaks_the_language_of_the_page_or_of_its_tag(
    page: Page, server_url: str, other_site: str
) -> None:
    await page.goto(f"{other_site}/?server={server_url}")
    await expect(page.get_by_role("button", name="Avaa keskustelu")).to_be_visible()
    await page.goto(f"{other_site}/?server={server_url}&attributes=data-language=en")

    await expect(page.get_by_role("button", name="Open the chat")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1100])
async def test_escape_closes_the_widget_and_gives_the_focus_back(
    page: Page, server_url: str, other_site: str, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 640})
    await page.goto(f"{other_site}/?server={server_url}")
    await page.locator("kaspa-chat button").press("Enter")
    field = page.frame_locator("kaspa-chat iframe").locator("#input")
    await expect(field).to_be_visible()
    await field.press("Escape")

    await expect(page.locator("kaspa-chat dialog")).to_be_hidden()
    await expect(page.locator("kaspa-chat button")).to_be_focused()


async def test_on_a_phone_the_chat_fills_the_screen(page: Page, server_url: str, other_site: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 640})
    await page.goto(f"{other_site}/?server={server_url}")
    await page.locator("kaspa-chat button").click()

    assert await page.locator("kaspa-chat iframe").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}


async def test_the_widget_can_be_open_from_the_start_without_taking_the_focus(
    page: Page, server_url: str, other_site: str
) -> None:
    await page.goto(f"{other_site}/?server={server_url}&attributes=data-open")

    await expect(page.frame_locator("kaspa-chat iframe").locator("#welcome")).to_be_visible()
    assert await page.evaluate("document.activeElement.localName") == "body"
