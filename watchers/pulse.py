"""The pulse of a thread: notices that it stood still, as after SIGSTOP or on a starved machine."""

from __future__ import annotations

import threading
import time


class Pulse:
    """Handed to polls as their interrupt: being asked once per step, it can tell when steps stop.

    Interrupts only for good, because an interrupted poll loses what it had seen.
    """

    def __init__(self, stopping: threading.Event, gap_s: float) -> None:
        self._stopping = stopping
        self._gap_s = gap_s
        self._last_s = time.monotonic()
        self.longest_gap_s = 0.0  # the longest one above the threshold since `reset`

    def is_set(self) -> bool:
        now = time.monotonic()
        if now - self._last_s > self._gap_s:
            self.longest_gap_s = max(self.longest_gap_s, now - self._last_s)
        self._last_s = now
        return self._stopping.is_set()

    def skip(self) -> None:
        """What has passed since the last step was work, not standing still."""
        self._last_s = time.monotonic()

    def reset(self) -> None:
        self.skip()
        self.longest_gap_s = 0.0
