"""Sync cookies: files whose event proves that every earlier event has been seen.

Owns their names, their making and their removal. Does not know who waits for them.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

_PREFIX = "isg-cookie-"
_numbers = itertools.count(1)


def new_cookie_name(cookie_dir: str) -> str:
    """A name never used before by this process; hidden unless it lies in a git folder."""
    dot = "" if os.path.isfile(os.path.join(cookie_dir, "HEAD")) else "."
    return f"{dot}{_PREFIX}{os.getpid()}-{next(_numbers)}"


def is_cookie_name(name: str) -> bool:
    return name.startswith((_PREFIX, "." + _PREFIX))


def write_cookie(cookie_dir: str, name: str) -> None:
    """Make the empty file. Raises OSError (a read-only or missing folder)."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
    os.close(os.open(os.path.join(cookie_dir, name), flags, 0o600))


def remove_cookie(cookie_dir: str, name: str) -> None:
    Path(cookie_dir, name).unlink(missing_ok=True)


def remove_orphans(cookie_dir: str) -> None:
    """Remove cookies that a killed process has left behind."""
    try:
        names = os.listdir(cookie_dir)
    except OSError:
        return
    for name in filter(is_cookie_name, names):
        owner = name.lstrip(".").removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not _is_alive(int(owner)):
            try:
                remove_cookie(cookie_dir, name)
            except OSError:
                continue  # not ours to remove


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
