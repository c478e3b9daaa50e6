"""Reads one file of a workspace as it is now: its bytes with the stat they belong to, or why not."""

from __future__ import annotations

import os
import stat as stat_module
import time
from dataclasses import dataclass
from pathlib import Path

from hydrators.tolerant import too_large
from store.model import FileStat

# A write this young could be followed by another one in the same tick of the file system's clock.
_RACY_NS = 20_000_000
_INODE_MASK = (1 << 63) - 1  # as in watchers.scan, which these stats are compared with


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that exists. `reason` says why its bytes were not read; then `data` is empty."""

    path: str
    stat: FileStat
    data: bytes
    reason: str = ""


def read_source(root: Path, path: str, size_cap_bytes: int) -> SourceFile | None:
    """The file at workspace-relative `path`; None if there is none, or none but behind a link: a scan does
    not follow links either. Never raises because of the file."""
    full = root / path
    if _is_behind_link(os.fspath(root), path):
        return None
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer.
        descriptor = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _unreadable(full, path, error)
    try:
        found = os.fstat(descriptor)
        stat = file_stat(found, time.time_ns())
        if stat_module.S_ISDIR(found.st_mode):
            return None
        if not stat_module.S_ISREG(found.st_mode):
            return SourceFile(path, stat, b"", "not a regular file")
        if found.st_size > size_cap_bytes:
            return SourceFile(path, stat, b"", too_large(size_cap_bytes))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return SourceFile(path, stat, file.read(size_cap_bytes + 1))
    except OSError as error:
        return _unreadable(full, path, error)
    finally:
        os.close(descriptor)


def _is_behind_link(root: str, path: str) -> bool:
    folder = root
    for name in path.split("/")[:-1]:
        folder = f"{folder}/{name}"
        try:
            if stat_module.S_ISLNK(os.lstat(folder).st_mode):
                return True
        except OSError:
            return False  # opening it will say the same
    return False


def file_stat(found: os.stat_result, now_ns: int) -> FileStat:
    """What a scan compares; the change time is 0 where a later write could hide behind an equal one."""
    racy = now_ns - max(found.st_ctime_ns, found.st_mtime_ns) < _RACY_NS
    inode = found.st_ino & _INODE_MASK
    return FileStat(found.st_size, found.st_mtime_ns, 0 if racy else found.st_ctime_ns, inode)


def _unreadable(full: Path, path: str, error: OSError) -> SourceFile | None:
    try:
        found = os.lstat(full)
    except OSError:
        return None
    stat = file_stat(found, time.time_ns())
    if stat_module.S_ISLNK(found.st_mode):
        return SourceFile(path, stat, b"", "a symbolic link: links are not followed")
    if not stat_module.S_ISREG(found.st_mode):
        return SourceFile(path, stat, b"", "not a regular file")
    # No change time: what hindered us may pass without a trace on the file, so each scan tries again.
    return SourceFile(path, stat._replace(ctime_ns=0), b"", f"cannot be read: {error.strerror}")
