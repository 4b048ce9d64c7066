"""A running app for the browser, with a fake Rasa server that knows a few words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_rasa import fake_rasa
from tests.processes import Process


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
