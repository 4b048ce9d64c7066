"""`make bench`: how fast, how much and how heavy, measured on the app as a process with the real Rasa server."""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.nlu_server import model_for
from nlu.evaluation.sets import questions
from tests.processes import ROOT, Process

WRITERS = 40  # people writing at once
RATES = (5.0, 20.0)  # turns a second
STEADY_SECONDS = 20
RUSH_TURNS = 400  # as fast as they are taken
REPORT = ROOT / "build" / "bench.md"


@dataclass
class Talk:
    """One open conversation; `turn` sends a text and waits for its answer; seconds."""

    client: httpx.AsyncClient
    id: str
    token: str
    seq: int = 0

    async def turn(self, text: str) -> float:
        began = time.perf_counter()
        headers = {"Authorization": f"Bearer {self.token}"}
        base = f"/api/conversations/{self.id}"
        body = {"key": str(uuid.uuid4()), "text": text}
        sent = await self.client.post(f"{base}/messages", json=body, headers=headers)
        sent.raise_for_status()
        mine = sent.json()["seq"]
        async with self.client.stream("GET", f"{base}/stream?after={mine}", headers=headers) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("id:"):
                    return time.perf_counter() - began
        raise AssertionError("the stream ended without an answer")


def main() -> None:
    """Measure and print a table; it is also written to build/bench.md."""
    trained = model_for(ROOT / "data").path
    if not trained.exists():
        sys.exit("train the model first: make train")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        (data / "models").mkdir(parents=True)
        (data / "models" / trained.name).symlink_to(trained)
        limits = {"KASPA_MESSAGES_PER_MINUTE": "100000", "KASPA_CONVERSATIONS_PER_HOUR": "100000"}
        app = Process(data, limits)
        began = time.perf_counter()
        app.start()
        page = time.perf_counter() - began
        app.wait_for(lambda health: health["nlu"] == "ok")
        understands = time.perf_counter() - began
        try:
            rows = asyncio.run(_measure(app))
            rows += [
                ("start: page answers", f"{page:.1f} s"),
                ("start: understands free text", f"{understands:.1f} s"),
                ("memory: app", f"{_memory(app.pid):.0f} MB"),
                ("memory: Rasa", f"{sum(map(_memory, app.children())):.0f} MB"),
            ]
        finally:
            app.stop()
    _print(rows)


async def _measure(app: Process) -> list[tuple[str, str]]:
    texts = [one.text for one in questions()]
    async with httpx.AsyncClient(base_url=app.url, timeout=60, limits=httpx.Limits(max_connections=200)) as client:
        talks = [await _open(client) for _ in range(WRITERS)]
        for talk in talks[:10]:  # the first texts compile patterns and load what is loaded lazily
            await talk.turn(texts[0])
        rows = []
        for rate in RATES:
            steady = await _steady(talks, texts, rate)
            rows.append((f"turn at {rate:.0f} a second, p50", f"{statistics.median(steady) * 1000:.0f} ms"))
            rows.append(
                (f"turn at {rate:.0f} a second, p95", f"{statistics.quantiles(steady, n=20)[-1] * 1000:.0f} ms")
            )
        rush = await _rush(talks, texts)
    return [*rows, ("turns a second, as fast as they are taken", f"{rush:.0f}")]


async def _open(client: httpx.AsyncClient) -> Talk:
    opened = (await client.post("/api/conversations", json={"language": "en"})).json()
    return Talk(client, opened["id"], opened["token"])


async def _steady(talks: list[Talk], texts: list[str], rate: float) -> list[float]:
    """`rate` turns a second, whoever is still waiting: an open system, so that a slow answer cannot hide others."""
    tasks = []
    for number in range(int(rate * STEADY_SECONDS)):
        tasks.append(asyncio.create_task(talks[number % len(talks)].turn(texts[number % len(texts)])))
        await asyncio.sleep(1 / rate)
    return list(await asyncio.gather(*tasks))


async def _rush(talks: list[Talk], texts: list[str]) -> float:
    """Every writer sends the next text as soon as the last is answered; nothing may be lost."""

    async def write(talk: Talk, first: int) -> None:
        for number in range(first, RUSH_TURNS, len(talks)):
            await talk.turn(texts[number % len(texts)])

    began = time.perf_counter()
    await asyncio.gather(*(write(talk, first) for first, talk in enumerate(talks)))
    return RUSH_TURNS / (time.perf_counter() - began)


def _memory(pid: int) -> float:
    """Resident memory, MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _print(rows: list[tuple[str, str]]) -> None:
    lines = ["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    text = f"{os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}\n\n" + "\n".join(lines) + "\n"
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text)
    print(text)


def _processor() -> str:
    found = subprocess.run(["grep", "-m1", "model name", "/proc/cpuinfo"], capture_output=True, text=True, check=False)
    return found.stdout.partition(":")[2].strip() or platform.machine()


if __name__ == "__main__":
    main()
