"""`kaspa run` and `kaspa demo`: the app, its doors, and the Rasa server beside it."""

from __future__ import annotations

import asyncio
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvicorn

from bot.accounts import Role
from bot.app import House, build, opened, web
from bot.commands.demo_data import fill
from bot.commands.faults import Stop
from bot.commands.opening import keys_of, open_settings, reader_at, say, tell_where, trained
from bot.migrations import upgrade
from bot.nlu_server import NoRasa, RasaServer, model_for
from bot.settings import Settings
from nlu.reader import RasaReader

INVITATION = timedelta(days=1)
FIRST_ADMIN = "admin@localhost"
log = structlog.get_logger()


def run(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", min=1, max=65535)] = None,
) -> None:
    """Run everything: the web chat, Telegram if it has a token, the console, the jobs and the Rasa server."""
    settings = open_settings()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    asyncio.run(_run(settings.model_copy(update=given)))


def demo(port: Annotated[int, typer.Option(min=1, max=65535)] = 8000) -> None:
    """Run with invented data in a folder that is thrown away: to look at the console and the statistics."""
    settings = open_settings()
    with tempfile.TemporaryDirectory(prefix="kaspa-demo-") as folder:
        update = {"data": Path(folder), "port": port, "database_url": "", "telegram_token": None}
        asyncio.run(_run(settings.model_copy(update=update), models=settings, invented=True))


async def _run(settings: Settings, models: Settings | None = None, invented: bool = False) -> None:
    doors = _doors(settings)
    with _listening(settings.host, doors) as sockets:
        async with _reader(settings, models or settings) as reader:
            house = build(settings, keys_of(settings), reader)
            await upgrade(house.database)
            if invented:
                await fill(house)
            await _welcome(house)
            async with opened(house):
                await _serve(house, sockets)


@asynccontextmanager
async def _reader(settings: Settings, models: Settings) -> AsyncIterator[RasaReader]:
    """The reader; the Rasa server behind it trains and starts meanwhile, and ends with us."""
    if settings.nlu_url:
        token = settings.nlu_token.get_secret_value() if settings.nlu_token else None
        reader = reader_at(settings, settings.nlu_url, token)
        yield reader
        await reader.close()
        return
    server = RasaServer(model_for(models.data))
    reader = reader_at(settings, (server.url,), server.token)
    where = tell_where(settings, server)
    task = asyncio.create_task(_train_and_run(server, reader, models))
    try:
        yield reader
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        where.unlink(missing_ok=True)
        await reader.close()


async def _train_and_run(server: RasaServer, reader: RasaReader, settings: Settings) -> None:
    try:
        await trained(settings)
    except NoRasa as fault:
        say(f"kaspa: {fault}\nkaspa: people get the topic menu, crisis cards and a person, but no free text.")
        return
    ready = asyncio.create_task(server.ready(reader))
    ready.add_done_callback(lambda done: None if done.cancelled() else say("Kaspa now understands free text."))
    try:
        await server.run()
    finally:
        ready.cancel()


async def _welcome(house: House) -> None:
    """Say where to look; with no account yet, give a one-time sign-in for the first admin."""
    settings = house.settings
    staff = f"http://localhost:{settings.staff_port}" if settings.staff_port else settings.address
    say(f"Kaspa: {settings.address}   console: {staff}/staff")
    now = house.reception.clock()
    async with house.database.transaction() as conn:
        if await house.accounts.any(conn):
            return
        admin = await house.accounts.by_email(conn, FIRST_ADMIN)
        admin = admin or await house.accounts.add(conn, FIRST_ADMIN, Role.ADMIN, None, now)
        token = await house.accounts.invite(conn, admin.id, now + INVITATION)
    say(f"First sign-in as {FIRST_ADMIN} (once, within a day): {staff}/staff/welcome#{token}")


async def _serve(house: House, sockets: list[socket.socket]) -> None:
    """Serve until Ctrl-C or SIGTERM; then let what is under way finish."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    apart = house.settings.staff_port is not None
    apps = [web(house, staff=not apart), *([web(house, public=False)] if apart else [])]
    servers = [_Server(_config(app, house.settings)) for app in apps]
    async with AsyncExitStack() as stack:
        for server, listener in zip(servers, sockets, strict=True):
            stack.push_async_callback(_ended, asyncio.create_task(server.serve([listener])), server)
        if house.telegram:
            telegram = asyncio.create_task(house.telegram.run())
            stack.push_async_callback(_cancelled, telegram)
        await stop.wait()
        say("Stopping…")


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: we stop all doors together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,  # it would write addresses of people
        server_header=False,
        proxy_headers=False,  # who is trusted is ours to decide: bot.limits
        timeout_graceful_shutdown=2,
        lifespan="off",
    )


async def _ended(task: asyncio.Task[None], server: uvicorn.Server) -> None:
    server.should_exit = True
    await task


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _doors(settings: Settings) -> list[tuple[str, int]]:
    doors = [("KASPA_PORT", settings.port)]
    return [*doors, ("KASPA_STAFF_PORT", settings.staff_port)] if settings.staff_port else doors


@contextmanager
def _listening(host: str, doors: list[tuple[str, int]]) -> Iterator[list[socket.socket]]:
    """Take the ports before anything else is begun. Raises Stop for one that is taken."""
    sockets = []
    try:
        for name, port in doors:
            listener = socket.socket()
            sockets.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host, port))
                listener.listen(1024)
            except OSError as error:
                raise Stop(f"{host}:{port} cannot be listened on ({error.strerror}); set {name} to another") from None
        yield sockets
    finally:
        for listener in sockets:
            listener.close()
