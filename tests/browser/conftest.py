"""A running app for the browser, with a fake Rasa server that knows a few words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.fake_rasa import fake_rasa
from tests.processes import Process

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("KASPA_CHROMIUM", "/usr/bin/chromium")
    assert Path(chromium).exists(), f"{chromium} is missing: apt-get install chromium, or set KASPA_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
