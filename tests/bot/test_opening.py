"""Commands wait for a busy Rasa server, and say so when there is none."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands.faults import Stop
from bot.commands.opening import PatientReader
from tests.fakes import FakeReader


async def test_a_command_asks_again_until_there_is_an_answer() -> None:
    reader = FakeReader({"tax card": "tax_card"}, down=True)
    asked = asyncio.create_task(PatientReader(reader).read("tax card"))
    await asyncio.sleep(0.05)
    assert not asked.done()
    reader.down = False
    assert (await asked).ranking[0][0] == "tax_card"


@pytest.mark.parametrize("reader", [FakeReader(down=True), FakeReader()])
async def test_a_command_stops_instead_of_taking_silence_for_a_text_without_meaning(reader: FakeReader) -> None:
    reader.stuck = not reader.down
    with pytest.raises(Stop, match="no Rasa server has answered"):
        await PatientReader(reader, seconds=0.05).read("tax card")
