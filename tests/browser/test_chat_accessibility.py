"""What axe-core finds on the chat, in light, in darkness and in every direction of writing."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import violations
from tests.browser.chat import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for the module lives in one loop


@pytest.mark.parametrize("language", ["Suomi", "English", "Русский", "Українська", "العربية"])
async def test_axe_finds_nothing_in_the_chat(chat: Chat, language: str) -> None:
    await chat.choose(language)
    await chat.press("action:topics", "topic:health", "intent:urgent_care", "action:language", "action:person")
    await chat.body.locator("#menu-button").click()

    assert await violations(chat.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_light_and_in_darkness(chat: Chat, scheme: Literal["light", "dark"]) -> None:
    await chat.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert await violations(chat.page) == []
    await chat.choose("English")
    await chat.press("action:topics", "topic:health", "intent:urgent_care", "action:person")
    assert await violations(chat.page) == []
    await chat.menu("#erase")

    assert await violations(chat.page) == []


async def test_axe_finds_nothing_on_the_demo_page(page: Page, server_url: str) -> None:
    await page.goto(server_url)
    assert await violations(page) == []
    await page.locator("kaspa-chat button").click()
    await expect(page.frame_locator("kaspa-chat iframe").locator("#welcome")).to_be_visible()

    assert await violations(page) == []
