"""What went wrong with children so far: how often they ended lately, and over which inputs.

Owns how long to wait before the next one is started, and which inputs are not tried again. Knows no process
and no clock.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import NamedTuple

BREAKER = 5  # deaths within BREAKER_WINDOW_S, and nothing is tried before BREAKER_PAUSE_S
BREAKER_WINDOW_S = 600.0
BREAKER_PAUSE_S = 600.0
_BACK_OFF_S = (1.0, 4.0, 15.0, 60.0)
_DEATHS = 2  # an input that was computed at so many deaths, at one of them alone, is not tried again
_REMEMBERED = 10_000


class Pause(NamedTuple):
    """How long to wait before the next child. `is_final`: so many ended that the next one would too."""

    length_s: float
    is_final: bool = False


class _Record(NamedTuple):
    deaths: int = 0
    was_alone: bool = False

    @property
    def is_enough(self) -> bool:
        return self.was_alone and self.deaths >= _DEATHS


class Mishaps:
    def __init__(self) -> None:
        self._deaths: deque[float] = deque()
        self._suspects: OrderedDict[bytes, _Record] = OrderedDict()  # by digest of an input

    def died(self, now_s: float, is_explained: bool) -> Pause:
        """A child ended, or did not start. `is_explained`: by an input that is not tried again, and neither
        this death nor the one before it says anything of the next child. `now_s` is of a clock that never
        goes back."""
        if is_explained:
            if self._deaths:
                self._deaths.pop()
            return Pause(_BACK_OFF_S[0])
        self._deaths.append(now_s)
        while now_s - self._deaths[0] > BREAKER_WINDOW_S:
            self._deaths.popleft()
        if len(self._deaths) >= BREAKER:
            return Pause(BREAKER_PAUSE_S, is_final=True)
        return Pause(_BACK_OFF_S[min(len(self._deaths), len(_BACK_OFF_S)) - 1])

    def suspect(self, digest: bytes, *, is_alone: bool) -> bool:
        """A child died while it computed this, and nothing else if `is_alone`. Whether it is quarantined by
        now."""
        record = self._suspects.pop(digest, _Record())
        self._suspects[digest] = _Record(record.deaths + 1, record.was_alone or is_alone)
        if len(self._suspects) > _REMEMBERED:
            self._suspects.popitem(last=False)
        return self.is_quarantined(digest)

    def clear(self, digest: bytes) -> None:
        """It was computed."""
        self._suspects.pop(digest, None)

    def is_suspect(self, digest: bytes) -> bool:
        return digest in self._suspects

    def is_quarantined(self, digest: bytes) -> bool:
        return self._suspects.get(digest, _Record()).is_enough

    @property
    def quarantined(self) -> int:
        return sum(record.is_enough for record in self._suspects.values())
