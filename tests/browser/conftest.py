"""A running app with a fake Rasa server that knows a few words, and a browser: TEST_CHROMIUM names another chromium."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.chat import Chat, opened
from tests.browser.other_site import other_site as somebody_elses
from tests.fake_rasa import fake_rasa
from tests.processes import Process

CHROMIUM = os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium")
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"There is no chromium at {CHROMIUM}: apt-get install chromium, or set TEST_CHROMIUM to its path.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@asynccontextmanager
async def faultless(context: BrowserContext) -> AsyncIterator[Page]:
    """A new page: whatever is tested, it may not raise an error or break its own security policy."""
    faults: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
    yield page
    assert faults == []


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with fake_rasa() as rasa:
        environment = {
            "KASPA_NLU_URL": rasa,
            "KASPA_MESSAGES_PER_MINUTE": "10000",
            "KASPA_EMBED_ORIGINS": "http://127.0.0.1:*",
        }
        process = Process(tmp_path_factory.mktemp("kaspa") / "data", environment)
        process.start()
        yield process
        process.stop()


@pytest.fixture(scope="session")
def server_url(server: Process) -> str:
    return server.url


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    with somebody_elses() as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(locale="en", timezone_id="Europe/Helsinki")
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    async with faultless(context) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def chat(page: Page, server_url: str) -> Chat:
    return await opened(page, server_url)
