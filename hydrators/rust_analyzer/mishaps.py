"""What went wrong with servers so far: how often they ended lately, and over which files.

Owns how long to wait before the next one is started, when a silent one is given up, and which files are asked
about no more. Knows no server and no clock.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

BREAKER = 5  # deaths within BREAKER_WINDOW_S, and nothing is tried before BREAKER_PAUSE_S
BREAKER_WINDOW_S = 600.0
BREAKER_PAUSE_S = 600.0
_BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
_CRASHES = 2  # a file in flight at so many deaths is not asked about again
_HANGS = 2  # so many time-outs in a row, and a server is killed and started anew


class Pause(NamedTuple):
    """How long to wait before the next server. `is_final`: so many ended that the next one would too."""

    length_s: float
    is_final: bool


class Mishaps:
    def __init__(self) -> None:
        self._deaths: deque[float] = deque()
        self._suspects: dict[str, set[int]] = {}  # path → servers that died, or did not answer, over it
        self._timeouts = 0  # in a row

    # ------------------------------------------------------------ servers

    def died(self, now_s: float) -> Pause:
        """A server ended, or did not start. `now_s` is of a clock that never goes back."""
        self._deaths.append(now_s)
        while now_s - self._deaths[0] > BREAKER_WINDOW_S:
            self._deaths.popleft()
        if len(self._deaths) >= BREAKER:
            return Pause(BREAKER_PAUSE_S, is_final=True)
        return Pause(_BACK_OFF_S[min(len(self._deaths), len(_BACK_OFF_S)) - 1], is_final=False)

    def timed_out(self) -> bool:
        """A request was not answered in time. Whether the server is to be given up."""
        self._timeouts += 1
        return self._timeouts >= _HANGS

    def answered(self) -> None:
        self._timeouts = 0

    # ------------------------------------------------------------ files

    def suspect(self, path: str, pid: int) -> None:
        """This server died, or did not answer, over a file; that counts once for each server."""
        self._suspects.setdefault(path, set()).add(pid)

    def clear(self, path: str) -> None:
        """A file was answered about, or is another by now."""
        self._suspects.pop(path, None)

    @property
    def has_suspects(self) -> bool:
        """Whether a death is not explained yet."""
        return bool(self._suspects)

    def is_quarantined(self, path: str) -> bool:
        return len(self._suspects.get(path, ())) >= _CRASHES

    @property
    def quarantined(self) -> tuple[str, ...]:
        return tuple(sorted(filter(self.is_quarantined, self._suspects)))
