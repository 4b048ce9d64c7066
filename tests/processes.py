"""Kaspa as its operator has it: a process on a port, which can be killed and started again over the same data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
START_SECONDS = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """`python -m bot run` with its own data folder; `environment` is added to nearly nothing."""

    def __init__(self, data: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_name(f"{data.name}.log")
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
            "KASPA_DATA": str(data),
            "KASPA_PORT": str(self.port),
            **(environment or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Returns when the page answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        self.wait_for(lambda health: health["database"] == "ok")

    def wait_for(self, condition: object, seconds: float = START_SECONDS) -> dict[str, str]:
        """Ask /health until `condition(health)` holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                health: dict[str, str] = httpx.get(f"{self.url}/health", timeout=5).json()
                if condition(health):  # type: ignore[operator]
                    return health
            except (httpx.HTTPError, ValueError):
                pass
            assert self._process
            assert self._process.poll() is None, f"the app ended: {self.log.read_text()[-3000:]}"
            time.sleep(0.05)
        raise AssertionError(f"not so within {seconds} s: {self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        return self._end(signal.SIGTERM)

    def children(self) -> list[int]:
        """The process ids of its children, the Rasa server among them."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(child) for child in listed]

    def _end(self, number: signal.Signals) -> int:
        assert self._process
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(30)
