"""The seam to the file system's events: a change source watches a fixed list of folders.

Owns watchfiles and the reading of its errors. Knows nothing of ignore rules, plans or quiet times;
each folder is watched by itself, never recursively, so that what is ignored costs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from watchers.scan import is_readable

ADDED, MODIFIED, DELETED = 1, 2, 3

# (ADDED, MODIFIED or DELETED; absolute path). The verb is a hint: an atomic save says ADDED, and a
# file deleted and made anew says both, in no order. Look at the file.
RawChange = tuple[int, str]


class SourceError(RuntimeError):
    """The source has failed and must be replaced; what it had seen and not told is lost."""


class UndecodableName(SourceError):
    """A file whose name is not UTF-8 was touched. watchfiles 1.3 then refuses all further work
    (tests/faults/test_non_utf8_names.py reproduces it)."""


class WatchLimitReached(SourceError):
    """The system grants no more watches. Raise fs.inotify.max_user_watches or max_user_instances."""


class Interrupt(Protocol):
    """Asked once per step; a true answer ends a poll early, and what it had seen may be lost:
    watchfiles 1.3 drops it (tests/watchers/test_source.py reproduces that)."""

    def is_set(self) -> bool: ...


class ChangeSource(Protocol):
    """Watches the folders that it was opened with, from then on until `close`."""

    def poll(self, step_ms: int, timeout_ms: int, interrupt: Interrupt) -> Collection[RawChange]:
        """Changes since the last poll; waits up to `timeout_ms` for the first one, looking every
        `step_ms`. Empty after the timeout or an interrupt. Raises SourceError."""
        ...

    def close(self) -> None: ...


OpenSource = Callable[[Sequence[str]], ChangeSource]


class NotifySource:
    """watchfiles' RustNotify (inotify on Linux, FSEvents on macOS) as a change source."""

    def __init__(self, notify: RustNotify) -> None:
        self._notify = notify

    def poll(self, step_ms: int, timeout_ms: int, interrupt: Interrupt) -> Collection[RawChange]:
        try:
            # debounce 0: it returns as soon as one step brings nothing new.
            found = self._notify.watch(0, step_ms, max(1, timeout_ms), interrupt)
        except WatchfilesRustInternalError as error:
            raise _as_source_error(error) from error
        return () if isinstance(found, str) else found

    def close(self) -> None:
        self._notify.close()


def open_notify(folders: Sequence[str]) -> ChangeSource:
    """Watch `folders` (absolute paths), each by itself; those that have vanished or may not be
    read are left out.

    Raises WatchLimitReached or SourceError. Holds the GIL for about 20 µs per folder.
    """
    present = list(folders)
    for _ in range(20):
        try:
            # The last argument, ignore_permission_denied, stays off: watchfiles 1.3 then also
            # keeps silent about a reached watch limit (tests/faults/test_watch_limit.py).
            return NotifySource(RustNotify(present, False, False, 0, False, False))
        except (FileNotFoundError, PermissionError):
            present = [folder for folder in present if os.path.isdir(folder) and is_readable(folder)]
        except (OSError, WatchfilesRustInternalError) as error:
            raise _as_source_error(error) from error
    raise SourceError("folders vanish faster than they can be watched")


def _as_source_error(error: Exception) -> SourceError:
    text = str(error)  # watchfiles gives neither errno nor a class of its own
    if text.startswith("Unable to decode path"):
        return UndecodableName(text)
    if "limit reached" in text or "Too many open files" in text or "No space left" in text:
        return WatchLimitReached(
            f"{text.split(' about ')[0]}: raise fs.inotify.max_user_watches or max_user_instances"
        )
    return SourceError(text)
