"""Rasa's own server, started as the app starts it, with the model that `make test` has trained."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from bot.nlu_server import RasaServer, in_rasas_python, model_for
from nlu.reader import RasaReader
from tests.processes import ROOT


async def test_a_progress_bar_without_an_end_of_line_ends_no_training() -> None:
    lines: list[str] = []
    bar = "for n in range(9000): print('epoch', n, end=chr(13))"  # more than asyncio holds of one line
    await in_rasas_python("-c", bar, line=lines.append)
    assert (lines[0], lines[-1], len(lines)) == ("epoch 0", "epoch 8999", 9000)


async def test_a_token_that_begins_with_a_hyphen_is_no_option() -> None:
    server = RasaServer(model_for(ROOT / "data"), "-one-token-in-64-is-such")
    reader = RasaReader((server.url,), server.token, 5.0, time.monotonic)
    running = asyncio.create_task(server.run())
    try:
        assert await server.ready(reader, 60)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await reader.close()
