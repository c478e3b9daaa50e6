"""How much of the machine work that nobody waits for may take: a share of the time, and nothing while the
machine is needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from hydrators.llama.capacity import Machine, read_machine

_LOOK_EVERY_S = 5.0


class Limits(NamedTuple):
    """`duty` is the share of the time, 0 < duty ≤ 1; above `most_load` for each core nothing is done."""

    duty: float
    most_load: float
    on_battery: bool
    while_building: bool


def rest_after(busy_s: float, duty: float) -> float:
    """How long to rest after so much work, in seconds."""
    return busy_s * (1.0 / duty - 1.0)


def why_held_back(machine: Machine, limits: Limits) -> str:
    """In words for people; "" if nothing is in the way."""
    if machine.on_battery and not limits.on_battery:
        return "on battery"
    if machine.is_building and not limits.while_building:
        return "a build is running"
    load = machine.load / machine.cores
    return f"the machine is busy (load {load:.1f} for each core)" if load > limits.most_load else ""


class Watch:
    """The machine as of at most some seconds ago: looking costs milliseconds where there are many
    processes."""

    def __init__(self, read: Callable[[], Machine] = read_machine) -> None:
        self._read = read
        self._seen: Machine | None = None
        self._seen_s = 0.0

    def machine(self) -> Machine:
        """May take some milliseconds: not for the event loop's thread."""
        now = time.monotonic()
        if self._seen is None or now - self._seen_s >= _LOOK_EVERY_S:
            self._seen, self._seen_s = self._read(), now
        return self._seen
