"""A change source without the kernel's help: it compares listings. The fake of the seam."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Sequence
from contextlib import suppress

from watchers.source import ADDED, DELETED, MODIFIED, Interrupt, RawChange


class StatSource:
    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = folders
        self._seen = self._look()

    def _look(self) -> dict[str, tuple[int, ...]]:
        seen: dict[str, tuple[int, ...]] = {}
        for folder in self._folders:
            with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # gone between the listing and here
                        s = entry.stat(follow_symlinks=False)
                        times = (0, 0) if stat.S_ISDIR(s.st_mode) else (s.st_ctime_ns, s.st_size)
                        seen[entry.path] = (s.st_ino, s.st_mode, *times)
        return seen

    def poll(self, step_ms: int, timeout_ms: int, interrupt: Interrupt) -> list[RawChange]:
        end_s = time.monotonic() + timeout_ms / 1000
        while not interrupt.is_set():
            before, self._seen = self._seen, self._look()
            # Folders are listed one after the other: a look may hold a cookie and lack what was made
            # before it. Two looks that agree hold everything that happened before the first one ended.
            while self._seen != before and (again := self._look()) != self._seen:
                self._seen = again
            changes = [(DELETED, path) for path in before if path not in self._seen]
            for path, state in self._seen.items():
                if path not in before or before[path][0] != state[0]:
                    changes.append((ADDED, path))
                elif before[path] != state:
                    changes.append((MODIFIED, path))
            if changes or time.monotonic() > end_s:
                return changes
            time.sleep(step_ms / 1000)
        return []

    def close(self) -> None:
        self._folders = ()


def open_stat_source(folders: Sequence[str]) -> StatSource:
    return StatSource(folders)
