"""A message that was acknowledged is answered once and not twice, whatever is killed at whatever moment."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.nlu_server import model_for
from tests.fake_rasa import fake_rasa
from tests.processes import ROOT, Process

KILLS_OF_THE_APP = 45
KILLS_OF_RASA = 5
WRITERS = 4
pytestmark = pytest.mark.timeout(1500)  # 45 starts of the app take minutes

LONGEST_LIFE = 1.0  # seconds between the page's first answer and the kill


@dataclass
class Writer:
    """One person on a bad connection: sends each message until it is acknowledged, always under the same key."""

    url: str
    sent: int = 0
    conversation: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        answer = httpx.post(f"{self.url}/api/conversations", json={"language": "en"}, timeout=10).json()
        self.conversation = {"id": answer["id"], "token": answer["token"]}

    def write_until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.send()

    def send(self) -> None:
        key = str(uuid.uuid4())
        body = {"key": key, "text": f"about tax card, question number {self.sent}"}
        while True:
            try:
                answer = httpx.post(f"{self._address()}/messages", json=body, headers=self._headers(), timeout=10)
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            assert answer.status_code == 202, answer.text
            self.sent += 1
            return

    def heard(self) -> list[dict[str, str]]:
        answer = httpx.get(f"{self._address()}/messages", headers=self._headers(), timeout=10)
        return list(answer.json()["messages"])

    def settled(self) -> bool:
        return self._answers() >= self.sent

    def check(self) -> None:
        mine = [message["text"] for message in self.heard() if message["from"] == "you"]
        assert mine == [f"about tax card, question number {number}" for number in range(self.sent)]
        assert self._answers() == self.sent

    def _answers(self) -> int:
        return sum(message["from"] in ("bot", "notice") for message in self.heard()) - 1  # the greeting

    def _address(self) -> str:
        return f"{self.url}/api/conversations/{self.conversation['id']}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.conversation['token']}"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Process]:
    with fake_rasa() as rasa:
        process = Process(tmp_path / "data", {"KASPA_NLU_URL": rasa, "KASPA_MESSAGES_PER_MINUTE": "100000"})
        yield process
        process.kill()


@pytest.fixture
def app_with_rasa(tmp_path: Path) -> Iterator[Process]:
    """With the real Rasa server and the model that `make test` has trained."""
    trained = model_for(ROOT / "data").path
    assert trained.exists(), "train the model first: `kaspa train` (`make test` does)"
    (tmp_path / "data" / "models").mkdir(parents=True)
    (tmp_path / "data" / "models" / trained.name).symlink_to(trained)
    process = Process(tmp_path / "data", {"KASPA_MESSAGES_PER_MINUTE": "100000"})
    yield process
    process.kill()


def test_every_acknowledged_message_is_answered_once_through_45_kills_of_the_app(app: Process) -> None:
    chance = random.Random(20261124)
    app.start()
    writers = [Writer(app.url) for _ in range(WRITERS)]
    for writer in writers:
        writer.open()
    stop = threading.Event()
    threads = [threading.Thread(target=writer.write_until, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS_OF_THE_APP):
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            app.kill()
            app.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    _wait_until_settled(writers)
    for writer in writers:
        writer.check()
        assert writer.sent > KILLS_OF_THE_APP


def test_every_message_is_answered_once_through_5_kills_of_rasa_and_understanding_returns(
    app_with_rasa: Process,
) -> None:
    app_with_rasa.start()
    writer = Writer(app_with_rasa.url)
    writer.open()
    for _ in range(KILLS_OF_RASA):
        app_with_rasa.wait_for(lambda health: health["nlu"] == "ok")
        (rasa,) = app_with_rasa.children()
        writer.send()
        os.kill(rasa, signal.SIGKILL)
        for _ in range(5):
            writer.send()
    app_with_rasa.wait_for(lambda health: health["nlu"] == "ok")
    writer.send()
    _wait_until_settled([writer])
    writer.check()
    assert "vero.fi" in str(writer.heard()[-1])


def test_a_killed_app_leaves_no_rasa_server_behind(app_with_rasa: Process) -> None:
    app_with_rasa.start()
    app_with_rasa.wait_for(lambda health: health["nlu"] == "ok")
    (rasa,) = app_with_rasa.children()
    app_with_rasa.kill()
    assert _ends(rasa)


def test_a_stopped_app_ends_with_status_0_and_takes_rasa_with_it(app_with_rasa: Process) -> None:
    app_with_rasa.start()
    app_with_rasa.wait_for(lambda health: health["nlu"] == "ok")
    (rasa,) = app_with_rasa.children()
    assert app_with_rasa.stop() == 0
    assert _ends(rasa)


def _wait_until_settled(writers: list[Writer], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not all(writer.settled() for writer in writers):
        time.sleep(0.2)


def _ends(pid: int, seconds: float = 10) -> bool:
    """Whether the process is gone (or only its entry is left for init to collect)."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
