"""Whose turn it is at the one child that runs llama.cpp: what was just saved first, a backlog at the pace of
the throttle. A question that somebody waits for takes no turn: the child keeps a lane free for it.

Owns the order, the pauses and the rate. Knows neither workspaces nor what is asked.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

from indexer.throttle import Limits, Watch, rest_after, why_held_back

_MOST_WAITING = 1_000
_RATE_WINDOW_S = 60.0
_LOOK_AGAIN_S = 2.0  # at a machine that is needed


class Urgency(IntEnum):
    """Who goes first."""

    SAVED = 0
    BACKLOG = 1


class QueueFull(RuntimeError):
    """More callers wait than anybody could serve in time."""


class Turns:
    """One at a time: `async with turns.turn(urgency)` runs its body when its turn has come. `held_back` says
    why the backlog waits, "" if it does not."""

    def __init__(self, limits: Limits, watch: Watch | None = None) -> None:
        self._limits = limits
        self._watch = watch or Watch()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._is_taken = False
        self._rest_until_s = 0.0
        self._done: deque[tuple[float, int]] = deque()
        self._going_on = asyncio.Event()
        self._going_on.set()
        self.held_back = ""

    @property
    def is_paused(self) -> bool:
        return not self._going_on.is_set()

    def pause(self) -> None:
        """Nobody gets a turn until `resume`."""
        self._going_on.clear()

    def resume(self) -> None:
        self._going_on.set()

    @asynccontextmanager
    async def turn(self, urgency: Urgency) -> AsyncIterator[None]:
        """Raises QueueFull."""
        while True:
            await self._going_on.wait()
            if urgency is Urgency.BACKLOG:
                await self._until_nobody_minds()
            await self._take(urgency)
            is_due = urgency is Urgency.SAVED or time.monotonic() >= self._rest_until_s
            if is_due and not self.is_paused:
                break
            self._release()  # another backlog was served meanwhile, or all was paused
        began = time.monotonic()
        try:
            yield
        finally:
            ended = time.monotonic()
            if urgency is Urgency.BACKLOG:
                self._rest_until_s = ended + rest_after(ended - began, self._limits.duty)
            self._release()

    def count(self, done: int) -> None:
        """So many texts are done, for the rate."""
        now = time.monotonic()
        self._done.append((now, done))
        while self._done[0][0] < now - _RATE_WINDOW_S:
            self._done.popleft()

    def rate(self) -> float:
        """Texts a second over the last minute."""
        now = time.monotonic()
        while self._done and self._done[0][0] < now - _RATE_WINDOW_S:
            self._done.popleft()
        if not self._done:
            return 0.0
        return sum(count for _, count in self._done) / max(now - self._done[0][0], 1.0)

    async def _until_nobody_minds(self) -> None:
        try:
            while True:
                rest_s = self._rest_until_s - time.monotonic()
                if rest_s > 0:
                    await asyncio.sleep(rest_s)
                    continue
                self.held_back = why_held_back(await asyncio.to_thread(self._watch.machine), self._limits)
                if not self.held_back:
                    return
                await asyncio.sleep(_LOOK_AGAIN_S)
        except asyncio.CancelledError:
            self.held_back = ""
            raise

    async def _take(self, urgency: Urgency) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        if len(self._waiting) >= _MOST_WAITING:
            raise QueueFull("too many questions wait for the models: ask again later")
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._numbers), granted))
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():
                self._release()
            raise

    def _release(self) -> None:
        while self._waiting:
            _, _, granted = heapq.heappop(self._waiting)
            if not granted.done():
                granted.set_result(None)
                return
        self._is_taken = False
