"""axe-core's verdict on a page."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


async def violations(page: Page) -> list[str]:
    """What axe-core finds, best practices too; each with the element it is about."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run(document, {iframes: false})")
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]
