from __future__ import annotations

import asyncio

from indexer.health import Ping, take_pulses


def test_each_part_is_asked_and_a_broken_or_silent_one_does_not_hide_the_others() -> None:
    async def fine() -> str:
        return "as ever"

    async def broken() -> str:
        raise RuntimeError("no space left")

    async def silent() -> str:
        await asyncio.Event().wait()
        return "never"

    pings = [Ping("store", fine), Ping("disk", broken), Ping("watcher", silent)]
    store, disk, watcher = asyncio.run(take_pulses(pings, timeout_s=0.05))
    assert (store.ok, store.detail) == (True, "as ever")
    assert (disk.ok, disk.detail) == (False, "RuntimeError: no space left")
    assert (watcher.ok, "no answer" in watcher.detail) == (False, True)
