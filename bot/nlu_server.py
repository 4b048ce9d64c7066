"""Trains Kaspa's model with Rasa and keeps Rasa's own HTTP server running beside the app, on loopback."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import os
import re
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from nlu.reader import RasaReader

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-nlu" / "bin" / "python"
TRAINED_FROM = (
    "config.yml",
    "nlu/data/**/*.yml",
    "nlu/lexicon/crisis/*.yml",
    "nlu/crisis.py",
    "nlu/pipeline/*.py",
    "nlu/pipeline/tuned.npz",
    "nlu/lexicons.py",
    "nlu/normalise.py",
    "nlu/romanise.py",
    "nlu/own_script.py",
    "nlu/vocabulary.py",
    "requirements/nlu.txt",
)
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each new start of a server that died
PR_SET_PDEATHSIG = 1
log = structlog.get_logger()


class NoRasa(Exception):
    """The Rasa environment is missing or a training failed; the message says what to do."""


@dataclass(frozen=True)
class Model:
    """A trained model's place; its name is the fingerprint of all that it was trained from."""

    path: Path

    @property
    def exists(self) -> bool:
        return self.path.is_file()


def model_for(data: Path) -> Model:
    """The model of today's training data and pipeline, trained or not."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return Model(data.absolute() / "models" / f"kaspa-{digest.hexdigest()[:16]}.tar.gz")


async def train(model: Model, line: Callable[[str], None]) -> None:
    """Train in Rasa's environment; every line of progress goes to `line`. Raises NoRasa."""
    model.path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = model.path.with_name(f"unfinished-{os.getpid()}")
    output = ("--out", str(unfinished.parent), "--fixed-model-name", unfinished.name)
    await rasa("train", "nlu", "--config", "config.yml", "--nlu", "nlu/data", *output, line=line)
    made = unfinished.with_name(unfinished.name + ".tar.gz")
    if not made.exists():
        raise NoRasa("the training made no model: run `kaspa train` again, and `kaspa doctor` if it stays so")
    made.rename(model.path)
    _forget_old_models(model)


async def rasa(*arguments: str, line: Callable[[str], None] = lambda line: None) -> None:
    """Run Rasa's command line to its end; each line that it prints goes to `line`. Raises NoRasa with the last."""
    await in_rasas_python("-m", "rasa", *arguments, line=line)


async def in_rasas_python(*arguments: str, line: Callable[[str], None] = lambda line: None) -> None:
    """The same for any program of Rasa's environment."""
    _require_python()
    process = await asyncio.create_subprocess_exec(
        *(str(PYTHON), *arguments),
        cwd=ROOT,
        env=_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_die_with_parent,
    )
    assert process.stdout
    last: list[str] = []
    try:
        async for text in _lines(process.stdout):
            last = [*last[-20:], text]
            line(text)
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if code != 0:
        raise NoRasa(f"{' '.join(arguments[1:3])} failed:\n" + "\n".join(last))


async def _lines(output: asyncio.StreamReader) -> AsyncIterator[str]:
    """Each line, and each state of a progress bar: some write these over one another and end no line for minutes."""
    rest = b""
    while piece := await output.read(4096):
        *whole, rest = re.split(rb"[\r\n]+", rest + piece)
        for line in whole:
            yield line.decode(errors="replace").rstrip()
    if rest:
        yield rest.decode(errors="replace").rstrip()


class RasaServer:
    """One Rasa server: random token, free port, loopback only; started again when it dies; dies with this process."""

    def __init__(self, model: Model, token: str | None = None) -> None:
        self._model = model
        self._port = _free_port()
        self._process: asyncio.subprocess.Process | None = None
        self.token = token or secrets.token_urlsafe(24)
        self.url = f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self) -> None:
        """Keep it running until cancelled."""
        deaths = 0
        try:
            while True:
                self._process = await self._start()
                began = asyncio.get_running_loop().time()
                await self._process.wait()
                lived = asyncio.get_running_loop().time() - began
                deaths = 0 if lived > 60 else deaths + 1
                pause = PAUSES[min(deaths, len(PAUSES) - 1)]
                log.warning("the Rasa server ended; starting it again", code=self._process.returncode, seconds=pause)
                await asyncio.sleep(pause)
        finally:
            await self._stop()

    async def ready(self, reader: RasaReader, seconds: float = 120.0) -> bool:
        """Wait until it answers; loading a model takes some seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            if await reader.answers():
                return True
            await asyncio.sleep(0.3)
        return False

    async def _start(self) -> asyncio.subprocess.Process:
        _require_python()
        command = [
            *(str(PYTHON), "-m", "rasa", "run", "--enable-api", "--model", str(self._model.path)),
            # With "=", since one token in 64 begins with "-", which would be read as an option.
            *("--interface", "127.0.0.1", "--port", str(self._port), f"--auth-token={self.token}"),
            *("--endpoints", str(ROOT / "nlu" / "pipeline" / "endpoints.yml"), "--credentials", os.devnull),
        ]
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            # One text is too short to share out: the encoder took 28 ms on one thread and 34 ms on each of two.
            env={**_environment(), "OMP_NUM_THREADS": "1"},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
        )

    async def _stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 5)
            return
        self._process.kill()
        await self._process.wait()


def _inputs() -> Iterator[Path]:
    for pattern in TRAINED_FROM:
        yield from sorted(ROOT.glob(pattern))


def _forget_old_models(model: Model) -> None:
    """Keep the new one and the one before it."""
    old = sorted(model.path.parent.glob("kaspa-*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-2]
    for path in old:
        path.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Rasa needs little of ours, and our secrets are none of it."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME") if name in os.environ
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        # Threads that spin while they wait starve a busy neighbour: p95 was 2.5 s with them, 50 ms without.
        "OMP_WAIT_POLICY": "passive",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "SANIC_WORKERS": "1",
        # Rasa's cache of trained components knows their own code, not that of our modules behind them: it would hand
        # out old ones.
        "RASA_MAX_CACHE_SIZE": "0",
    }


def _require_python() -> None:
    if not PYTHON.exists():
        raise NoRasa("Rasa's environment (.venv-nlu) is missing: run `make install`")


def _die_with_parent() -> None:
    """In the child, before it becomes Rasa: the kernel ends it when this process is gone, however that happened."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # A group of its own keeps Ctrl-C for us: we end Rasa after our own work is done.
    os.setpgid(0, 0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
