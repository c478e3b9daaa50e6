"""The watch set: change sources that together watch every folder of a plan, without a gap.

Owns the opening, joining and closing of sources and the record of what is watched. One large source
serves the folders of the plan; folders that appear later get small sources of their own, because
opening a source holds the GIL for 20 to 50 µs per folder. The small ones are joined later.
Knows neither what an event means nor who waits for it. Not thread-safe: the tracker's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from watchers.plan import WatchPlan
from watchers.source import ChangeSource, Interrupt, OpenSource, RawChange

_MOST_SOURCES = 48  # inotify grants 128 instances to all programs of a user
_MOST_YOUNG = 8
_RETIRE_AFTER_S = 0.25
_SETTLED_AFTER_S = 2.0
_IDLE_AFTER_S = 5.0


@dataclass(slots=True, eq=False)
class Watch:
    """One open source. `cookies` are those that have passed it."""

    source: ChangeSource
    folders: Mapping[str, int]
    opened_s: float
    is_base: bool
    cookies: set[str] = field(default_factory=set)
    retire_at: float | None = None


class WatchSet:
    """`folders` maps every watched folder to its inode, relative to the plan's root."""

    def __init__(self, open_source: OpenSource) -> None:
        self._open_source = open_source
        self._plan: WatchPlan | None = None
        self._watches: list[Watch] = []
        self._has_stale = False
        self._covered_s = 0.0
        self.folders: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._watches)

    @property
    def is_crowded(self) -> bool:
        """Sources come faster than old ones can be retired: start over."""
        return len(self._watches) > _MOST_SOURCES

    def replace(self, plan: WatchPlan) -> None:
        """Watch `plan` by one new source; what the old ones had not told is dropped. Raises
        SourceError, and then keeps the old ones."""
        opened = self._open(plan, plan.folders, is_base=True)
        self.close()
        self._plan = plan
        self._watches = [opened]
        self.folders = dict(plan.folders)
        self._has_stale = False

    def cover(self, found: Mapping[str, int]) -> bool:
        """Watch those of the folders `found` that are not watched yet, or are no longer the same
        folder; whether there were any. Raises SourceError."""
        missing = {folder: inode for folder, inode in found.items() if self.folders.get(folder) != inode}
        if not missing or self._plan is None:
            return False
        self._watches.append(self._open(self._plan, missing, is_base=False))
        self.folders.update(missing)
        self._covered_s = time.monotonic()
        return True

    def drop(self, is_gone: Callable[[str], bool]) -> None:
        """Forget folders. Their watches, where still alive, go when sources are joined."""
        kept = {folder: inode for folder, inode in self.folders.items() if not is_gone(folder)}
        self._has_stale |= len(kept) != len(self.folders)
        self.folders = kept

    def poll(
        self, step_ms: int, longest_ms: int, interrupt: Interrupt
    ) -> Iterator[tuple[Watch, Collection[RawChange]]]:
        """Events of each source that has some. Waits up to `longest_ms` while there is one source;
        with several, each is looked at once and the caller waits."""
        if len(self._watches) == 1:
            only = self._watches[0]
            found = only.source.poll(step_ms, longest_ms, interrupt)
            if found:
                yield only, found
            return
        now = time.monotonic()
        for watch in list(self._watches):
            if watch not in self._watches:  # replaced because of what another one told
                return
            found = watch.source.poll(1, 1, interrupt)
            if found:
                yield watch, found
            elif watch.retire_at is not None and now >= watch.retire_at:
                self._watches.remove(watch)
                watch.source.close()

    def passed_by(self, cookie: str, written_s: float) -> bool:
        """Whether a cookie has come back through every source that was open when it was written
        (a later one holds nothing from before it)."""
        return any(cookie in watch.cookies for watch in self._watches) and all(
            cookie in watch.cookies for watch in self._watches if watch.opened_s <= written_s
        )

    def forget_cookies(self, cookies: Collection[str]) -> None:
        for watch in self._watches:
            watch.cookies.difference_update(cookies)

    def tidy(self, last_event_s: float) -> None:
        """Join small sources once folders stop appearing: each costs idle time. Raises SourceError."""
        young = [watch for watch in self._watches if not watch.is_base and watch.retire_at is None]
        if self._plan is None or not (young or self._has_stale):
            return
        now = time.monotonic()
        is_settled = now - self._covered_s > _SETTLED_AFTER_S
        if not is_settled and len(young) <= _MOST_YOUNG:
            return
        names = {folder for watch in young for folder in watch.folders if folder in self.folders}
        joins_all = is_settled and (
            now - last_event_s > _IDLE_AFTER_S or len(names) > max(64, len(self.folders) // 4)
        )
        if joins_all:
            joined = self._open(self._plan, dict(self.folders), is_base=True)
            self._has_stale = False
        elif len(young) > 1:
            joined = self._open(self._plan, {name: self.folders[name] for name in names}, is_base=False)
        else:
            return
        for watch in self._watches if joins_all else young:
            if watch.retire_at is None:
                watch.retire_at = now + _RETIRE_AFTER_S  # polled until then: no gap
        self._watches.append(joined)

    def close(self) -> None:
        watches, self._watches = self._watches, []
        for watch in watches:
            watch.source.close()

    def _open(self, plan: WatchPlan, folders: Mapping[str, int], *, is_base: bool) -> Watch:
        source = self._open_source(plan.absolute(folders))
        return Watch(source, folders, time.monotonic(), is_base)
