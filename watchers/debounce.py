"""When to hand out what has been seen: a lone save at once, a storm in one piece.

A pure state machine: it is told the time and reads no clock, no file and no event source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Quiet time is counted from the last change itself, not from the moment it was heard of."""

    quiet_s: float = 0.010  # of a lone save
    lone_cap_s: float = 0.200  # a file written without a pause is handed out this often
    storm_paths: int = 20  # more than so many waiting paths are a storm
    storm_quiet_s: float = 0.100
    storm_cap_s: float = 2.0
    most_paths: int = 50_000  # above, a scan of everything is cheaper than the list
    most_subtrees: int = 64


@dataclass(frozen=True, slots=True)
class Pending:
    """What is handed out at once. Paths are relative to the workspace and may no longer exist.

    rescan:   why a scan is needed, None if it is not
    subtrees: with `rescan`, the only folders that the scan must cover; empty means everything
    """

    paths: frozenset[str]
    rescan: str | None
    subtrees: frozenset[str]
    head_changed: bool
    cookies: tuple[str, ...]
    is_storm: bool


class Debounce:
    """Collects changes; times are seconds on one monotonic clock."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._reset()

    def _reset(self) -> None:
        self._paths: set[str] = set()
        self._rescan: str | None = None
        self._scan_all = False
        self._subtrees: set[str] = set()
        self._head_changed = False
        self._cookies: list[str] = []
        self._first_s: float | None = None
        self._last_s = 0.0
        self._flush = False

    def add_paths(self, touched: Mapping[str, float], now_s: float) -> None:
        """`touched`: path -> when it last changed, which may be before `now_s`."""
        if not touched:
            return
        self._paths.update(touched)
        self._note(now_s, max(touched.values()))
        if len(self._paths) > self._pace.most_paths:
            self.add_rescan(f"more than {self._pace.most_paths} files changed", now_s)

    def add_rescan(self, reason: str, now_s: float) -> None:
        """Ask for a scan of everything."""
        if not self._scan_all or self._rescan is None:
            self._rescan = reason
        elif reason not in self._rescan and len(self._rescan) < 200:
            self._rescan = f"{self._rescan}; {reason}"
        self._scan_all = True
        self._subtrees.clear()
        if len(self._paths) > self._pace.most_paths:
            self._paths.clear()
        self._note(now_s, now_s)

    def add_subtrees(self, subtrees: Iterable[str], reason: str, now_s: float) -> None:
        """Ask for a scan of some folders ("" is everything)."""
        found = set(subtrees)
        if not found:
            return
        self._note(now_s, now_s)
        if self._scan_all:
            return
        self._rescan = self._rescan or reason
        self._subtrees |= found
        if "" in found or len(self._subtrees) > 4 * self._pace.most_subtrees:
            self.add_rescan(reason, now_s)

    def note_head(self, now_s: float) -> None:
        self._head_changed = True
        self._note(now_s, now_s)

    def flush(self, cookie: str | None = None) -> None:
        """Someone waits: what has been collected is ready now."""
        if self._first_s is None:
            return
        self._flush = True
        if cookie is not None:
            self._cookies.append(cookie)

    def ready_at(self) -> float | None:
        """When the pending changes may be handed out; None while there are none."""
        if self._first_s is None:
            return None
        if self._flush:
            return self._first_s
        pace = self._pace
        if self._is_storm():
            return min(self._last_s + pace.storm_quiet_s, self._first_s + pace.storm_cap_s)
        return min(self._last_s + pace.quiet_s, self._first_s + pace.lone_cap_s)

    def take(self, now_s: float) -> Pending | None:
        """What is pending if it is ready at `now_s`; nothing stays behind."""
        ready_at = self.ready_at()
        if ready_at is None or now_s < ready_at:
            return None
        subtrees = _topmost(self._subtrees)
        if len(subtrees) > self._pace.most_subtrees:
            subtrees = frozenset()
        taken = Pending(
            frozenset(self._paths),
            self._rescan,
            subtrees,
            self._head_changed,
            tuple(self._cookies),
            self._is_storm(),
        )
        self._reset()
        return taken

    def _is_storm(self) -> bool:
        return len(self._paths) > self._pace.storm_paths

    def _note(self, now_s: float, changed_s: float) -> None:
        if self._first_s is None:
            self._first_s = now_s
        self._last_s = max(self._last_s, min(changed_s, now_s))


def _topmost(folders: set[str]) -> frozenset[str]:
    """Without those that lie inside another one."""
    kept: set[str] = set()
    for folder in sorted(folders):
        parts = folder.split("/")
        if not any("/".join(parts[:depth]) in kept for depth in range(1, len(parts))):
            kept.add(folder)
    return frozenset(kept)
