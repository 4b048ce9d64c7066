"""What every command begins with: settings, data folder, keys, logging, and a reader with a Rasa server behind it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot.app import House, build
from bot.commands.faults import Stop
from bot.keys import Keys, load_keys, new_token
from bot.migrations import upgrade
from bot.nlu_server import Model, RasaServer, model_for, train
from bot.settings import Settings, load
from nlu.reader import RasaReader, Reader
from nlu.reading import Reading

PATIENCE = 60.0  # s
RUNNING = "nlu.json"  # in the data folder: where the app's own Rasa server is, for commands run beside it


def open_settings() -> Settings:
    """Settings from the environment, with the data folder made (0700) and logging set up. Raises BadSettings, Stop."""
    settings = load(os.environ)
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Stop(f"KASPA_DATA={settings.data}: cannot be made ({error.strerror})") from None
    if not os.access(settings.data, os.W_OK):
        raise Stop(f"KASPA_DATA={settings.data}: this user may not write there")
    set_up_logging()
    return settings


def set_up_logging() -> None:
    """Structured lines on standard error. Libraries that would log addresses with tokens in them stay quiet."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    for name in ("httpx", "httpcore", "telegram", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    pretty = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def keys_of(settings: Settings) -> Keys:
    return load_keys(settings.secret.get_secret_value() if settings.secret else None, settings.data)


def reader_at(settings: Settings, urls: tuple[str, ...], token: str | None) -> RasaReader:
    return RasaReader(urls, token, settings.nlu_seconds, time.monotonic)


def say(line: str) -> None:
    """Progress, on standard error so that output stays clean."""
    print(line, file=sys.stderr, flush=True)


class PatientReader:
    """For commands, which can wait longer than people: asks on a busy machine until there is an answer.

    Raises Stop after `seconds`: what was not understood may not look as if it had no meaning.
    """

    def __init__(self, reader: Reader, seconds: float = PATIENCE) -> None:
        self._reader = reader
        self._seconds = seconds

    async def read(self, text: str) -> Reading:
        try:
            async with asyncio.timeout(self._seconds):
                while (reading := await self._reader.read(text)) is None:  # noqa: ASYNC110 -- nobody tells when it is free
                    await asyncio.sleep(0.2)
                return reading
        except TimeoutError:
            raise Stop(f"no Rasa server has answered for {self._seconds:.0f} s: run `kaspa doctor`") from None

    async def answers(self) -> bool:
        return await self._reader.answers()


@asynccontextmanager
async def understanding_server(settings: Settings, own: int = 1) -> AsyncIterator[PatientReader]:
    """A reader with a server that answers: the one configured, the running app's, or `own` started for this command."""
    if settings.nlu_url:
        token = settings.nlu_token.get_secret_value() if settings.nlu_token else None
        reader = reader_at(settings, settings.nlu_url, token)
        if not await reader.answers():
            raise Stop(f"KASPA_NLU_URL={','.join(settings.nlu_url)}: no Rasa server with a model answers there")
        yield PatientReader(reader)
        await reader.close()
        return
    if beside := await _running(settings):
        yield PatientReader(beside)
        await beside.close()
        return
    async with serving(settings, await trained(settings), own) as (_, reader):
        yield PatientReader(reader)


@asynccontextmanager
async def serving(settings: Settings, model: Model, count: int) -> AsyncIterator[tuple[list[RasaServer], RasaReader]]:
    """Servers with this model that answer, and a reader of them. Raises Stop when they do not get ready."""
    token = new_token()
    servers = [RasaServer(model, token) for _ in range(count)]
    reader = reader_at(settings, tuple(server.url for server in servers), token)
    running = [asyncio.create_task(server.run()) for server in servers]
    try:
        if not await servers[0].ready(reader):
            raise Stop("the Rasa server did not get ready: run `kaspa doctor`")
        yield servers, reader
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await reader.close()


async def trained(settings: Settings) -> Model:
    """Today's model, trained when it is not there yet."""
    model = model_for(settings.data)
    if not model.exists:
        say("Training the model (some minutes, only when the training data has changed)…")
        began = time.monotonic()
        await train(model, _progress)
        say(f"The model is trained ({time.monotonic() - began:.0f} s).")
    return model


@asynccontextmanager
async def opened_database(settings: Settings, reader: RasaReader | None = None) -> AsyncIterator[House]:
    """The house with its database in today's shape, but no jobs and no doors: for commands that look or log."""
    house = build(settings, keys_of(settings), reader or reader_at(settings, (), None))
    await upgrade(house.database)
    try:
        yield house
    finally:
        await house.database.close()


def tell_where(settings: Settings, server: RasaServer) -> Path:
    """Leave word, readable by this user only, of where the running app's Rasa server is."""
    path = settings.data / RUNNING
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"url": server.url, "token": server.token}, file)
    return path


async def _running(settings: Settings) -> RasaReader | None:
    try:
        where = json.loads((settings.data / RUNNING).read_text())
        reader = reader_at(settings, (where["url"],), where["token"])
    except (OSError, ValueError, KeyError):
        return None
    if await reader.answers():
        return reader
    await reader.close()
    return None


def _progress(line: str) -> None:
    """Of Rasa's many lines those that tell how far it is."""
    if line.startswith(("vectors:", "network ", "kept back:")):
        say(f"  {line}")
    elif "Starting to train component" in line:
        say(f"  training {line.rpartition('component ')[2].strip(chr(39) + '.')}")
