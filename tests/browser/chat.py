"""The web chat as a person meets it, on its page or in a frame of another one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, expect

QUESTION = "How do I extend my permit?"


@dataclass(frozen=True)
class Chat:
    """What a person sees and does on the page, or in a frame of another page."""

    page: Page
    body: Page | FrameLocator

    @property
    def log(self) -> Locator:
        return self.body.locator("#log")

    @property
    def input(self) -> Locator:
        return self.body.locator("#input")

    @property
    def notice(self) -> Locator:
        return self.body.locator("#notice")

    def bubbles(self, sender: str) -> Locator:
        return self.log.locator(f".message.{sender} .bubble")

    @property
    def answer(self) -> Locator:
        """What has been said since the person's last message."""
        return self.log.locator(".message.you:not(:has(~ .message.you)) ~ .message")

    async def write(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    async def ask(self, text: str) -> None:
        await self.write(text)
        await expect(self.answer.last).to_be_visible()

    async def choose(self, language: str) -> None:
        """By the buttons of the first view; then the greeting is there."""
        await self.body.locator("#welcome").get_by_role("button", name=language).click()
        await expect(self.bubbles("bot")).to_have_count(1)

    async def press(self, *choices: str) -> None:
        for choice in choices:
            await self.log.locator(f'button[data-choice="{choice}"]').last.click()
            await expect(self.answer.last).to_be_visible()

    async def menu(self, item: str) -> None:
        await self.body.locator("#menu-button").click()
        await self.body.locator(f"#menu {item}").click()

    async def word(self, key: str, language: str = "en") -> str:
        interface = json.loads(await self.body.locator("#interface").text_content() or "")
        return str(interface[language]["words"][key])

    async def stored(self) -> dict[str, Any]:
        """What the browser keeps, by the kind of its storage."""
        kinds = ("sessionStorage", "localStorage")
        found = {kind: await self.page.evaluate(f"{kind}.kaspa ?? null") for kind in kinds}
        return {kind: json.loads(text) for kind, text in found.items() if text}


async def opened(page: Page, server_url: str) -> Chat:
    await page.goto(f"{server_url}/chat")
    await expect(page.locator("#chat")).to_be_visible()
    return Chat(page, page)
