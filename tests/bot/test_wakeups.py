"""Bells: they wake readers up, and let go of them when told to."""

from __future__ import annotations

import asyncio

from bot.wakeups import Bell, Wakeups


async def test_a_ring_is_heard_by_those_who_listen_to_the_name() -> None:
    wakeups = Wakeups()
    with wakeups.listening("one") as one, wakeups.listening("two") as two:
        wakeups.ring("one")
        assert (await one.heard(1), await two.heard(0.01)) == (True, False)


async def test_a_listener_that_is_cancelled_while_it_rings_ends() -> None:
    bell = Bell()
    listener = asyncio.create_task(_listen(bell))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    bell.ring()
    await asyncio.sleep(0)
    listener.cancel()
    await asyncio.wait([listener], timeout=2)
    assert listener.cancelled()


async def _listen(bell: Bell) -> None:
    while True:
        await bell.heard(60)
