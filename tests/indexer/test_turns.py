"""Whose turn it is at the models: what was just saved first, a backlog at its pace or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from hydrators.llama.capacity import Machine
from indexer.throttle import Limits, Watch, rest_after, why_held_back
from indexer.turns import Turns, Urgency

FREE = Limits(duty=1.0, most_load=2.0, on_battery=False, while_building=False)


IDLE = Machine(8 << 30, 16 << 30, cores=2, load=0.0, on_battery=False, is_building=False)


def turns(limits: Limits = FREE, machine: Machine = IDLE) -> Turns:
    return Turns(limits, Watch(lambda: machine))


async def _take(queue: Turns, urgency: Urgency, told: list[str], name: str) -> None:
    async with queue.turn(urgency):
        told.append(name)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


def test_saves_go_before_the_backlog_and_in_their_order() -> None:
    async def run() -> list[str]:
        queue, told = turns(), list[str]()
        async with queue.turn(Urgency.SAVED):
            waiting = [
                asyncio.create_task(_take(queue, urgency, told, name))
                for urgency, name in (
                    (Urgency.BACKLOG, "backlog"),
                    (Urgency.SAVED, "first save"),
                    (Urgency.SAVED, "second save"),
                )
            ]
            await _until(lambda: len(queue._waiting) == 3)
        await asyncio.gather(*waiting)
        return told

    assert asyncio.run(run()) == ["first save", "second save", "backlog"]


def test_who_gives_up_does_not_hold_the_others() -> None:
    async def run() -> list[str]:
        queue, told = turns(), list[str]()
        async with queue.turn(Urgency.SAVED):
            one = asyncio.create_task(_take(queue, Urgency.SAVED, told, "gave up"))
            other = asyncio.create_task(_take(queue, Urgency.SAVED, told, "stayed"))
            await _until(lambda: len(queue._waiting) == 2)
            one.cancel()
        await asyncio.gather(one, other, return_exceptions=True)
        await _take(queue, Urgency.SAVED, told, "came later")
        return told

    assert asyncio.run(run()) == ["stayed", "came later"]


def test_a_backlog_rests_after_its_work_and_a_save_does_not_wait_for_that() -> None:
    async def run() -> tuple[float, bool]:
        queue, told = turns(FREE._replace(duty=0.5)), list[str]()
        began = time.monotonic()
        async with queue.turn(Urgency.BACKLOG):
            await asyncio.sleep(0.2)  # the work itself
        worked = time.monotonic() - began
        backlog = asyncio.create_task(_take(queue, Urgency.BACKLOG, told, "backlog"))
        await _take(queue, Urgency.SAVED, told, "save")
        await backlog
        return (time.monotonic() - began) / worked, told == ["save", "backlog"]

    ratio, is_in_order = asyncio.run(run())
    assert ratio >= 1.9  # it worked half of the time
    assert is_in_order


def test_two_backlogs_share_one_duty_cycle() -> None:
    async def run() -> float:
        queue = turns(FREE._replace(duty=0.5))

        async def work() -> None:
            for _ in range(2):
                async with queue.turn(Urgency.BACKLOG):
                    await asyncio.sleep(0.05)

        began = time.monotonic()
        await asyncio.gather(work(), work())
        return time.monotonic() - began

    assert asyncio.run(run()) >= 4 * 0.05 + 3 * 0.05


def test_a_machine_that_is_needed_holds_the_backlog_back_and_nothing_else() -> None:
    async def run() -> str:
        queue, told = turns(machine=IDLE._replace(is_building=True)), list[str]()
        backlog = asyncio.create_task(_take(queue, Urgency.BACKLOG, told, "backlog"))
        await _until(lambda: queue.held_back != "")
        await _take(queue, Urgency.SAVED, told, "save")
        assert told == ["save"]
        held = queue.held_back
        backlog.cancel()
        await asyncio.gather(backlog, return_exceptions=True)
        assert queue.held_back == "", "nobody waits any more"
        return held

    assert asyncio.run(run()) == "a build is running"


def test_who_waited_before_the_pause_waits_on() -> None:
    async def run() -> list[str]:
        queue, told = turns(), list[str]()
        async with queue.turn(Urgency.SAVED):
            save = asyncio.create_task(_take(queue, Urgency.SAVED, told, "save"))
            await _until(lambda: len(queue._waiting) == 1)
            queue.pause()
        for _ in range(10):
            await asyncio.sleep(0)
        assert told == []
        queue.resume()
        await save
        return told

    assert asyncio.run(run()) == ["save"]


def test_paused_nobody_gets_a_turn_until_it_is_resumed() -> None:
    async def run() -> list[str]:
        queue, told = turns(), list[str]()
        queue.pause()
        save = asyncio.create_task(_take(queue, Urgency.SAVED, told, "save"))
        for _ in range(10):
            await asyncio.sleep(0)
        assert told == []
        queue.resume()
        await save
        return told

    assert asyncio.run(run()) == ["save"]


def test_the_rate_counts_texts() -> None:
    async def run() -> float:
        queue = turns()
        for _ in range(3):
            queue.count(10)
        return queue.rate()

    assert 1.0 < asyncio.run(run()) <= 30.0


@pytest.mark.parametrize(
    ("machine", "why"),
    [
        (IDLE, ""),
        (IDLE._replace(load=3.8), ""),
        (IDLE._replace(load=5.0), "the machine is busy (load 2.5 for each core)"),
        (IDLE._replace(on_battery=True), "on battery"),
        (IDLE._replace(is_building=True), "a build is running"),
    ],
)
def test_why_a_backlog_is_held_back(machine: Machine, why: str) -> None:
    assert why_held_back(machine, FREE) == why


def test_settings_may_allow_it_on_battery_and_beside_a_build() -> None:
    allowed = FREE._replace(on_battery=True, while_building=True)
    assert why_held_back(IDLE._replace(on_battery=True, is_building=True), allowed) == ""


def test_the_rest_is_in_proportion_to_the_work() -> None:
    assert rest_after(2.0, 0.25) == 6.0
    assert rest_after(2.0, 1.0) == 0.0


def test_the_machine_as_it_is_can_be_looked_at() -> None:
    seen = Watch().machine()
    assert seen.load >= 0
