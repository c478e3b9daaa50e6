"""How often a generation model may be asked: calls and tokens of one day, kept on disk so that a restart does
not begin anew."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class Budget:
    """Of one daemon. A file that cannot be read counts as a new day; one that cannot be written costs
    nothing but the memory of it."""

    def __init__(
        self,
        path: Path,
        calls: int,
        tokens: int,
        today: Callable[[], str] = lambda: time.strftime("%Y-%m-%d"),
    ) -> None:
        self._path = path
        self._most_calls = calls
        self._most_tokens = tokens
        self._today = today
        self._day = ""
        self.calls = 0
        self.tokens = 0
        with suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            said = json.loads(path.read_text(encoding="utf-8"))
            self._day, self.calls, self.tokens = str(said["day"]), int(said["calls"]), int(said["tokens"])

    def why_spent(self) -> str:
        """In words for people; "" while another call may be made."""
        self._turn_the_page()
        if self.calls >= self._most_calls:
            return f"{self._most_calls} calls have been made today"
        if self.tokens >= self._most_tokens:
            return f"{self._most_tokens} tokens have been used today"
        return ""

    def spend(self, tokens: int) -> None:
        """One call, with what it has read and written."""
        self._turn_the_page()
        self.calls += 1
        self.tokens += tokens
        said = {"day": self._day, "calls": self.calls, "tokens": self.tokens}
        temporary = self._path.with_suffix(".next")
        with suppress(OSError):
            temporary.write_text(json.dumps(said), encoding="utf-8")
            os.replace(temporary, self._path)

    def _turn_the_page(self) -> None:
        if self._day != (today := self._today()):
            self._day, self.calls, self.tokens = today, 0, 0
