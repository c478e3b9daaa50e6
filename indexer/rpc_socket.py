"""Taking and giving back the one socket of the daemon: lock, directory, modes, stale sockets, peers.

Knows nothing of what is spoken over it.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.paths import make_private_dir

BACKLOG = 1024


class AlreadyRunning(RuntimeError):
    """Another daemon of this user holds the lock; `pid` is 0 if it is not known."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"a daemon is already running (pid {pid or 'unknown'}): use it, or stop it with `isg down`"
        )
        self.pid = pid


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Holds the daemon's lock; the kernel drops it when the process dies, however it dies.

    Raises AlreadyRunning. The file stays: removing it would let two processes hold two locks.
    """
    make_private_dir(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_read_pid(descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def lock_holder(path: Path) -> int | None:
    """The pid of the daemon that holds the lock, 0 if it is held by nobody knows whom, None if free."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_pid(descriptor)
    finally:
        os.close(descriptor)
    return None


def bind_socket(path: Path) -> tuple[socket.socket, int]:
    """(listening socket at `path`, its inode): mode 0600 in a 0700 directory. The caller holds the lock.

    A socket that nobody answers at is left over from a killed daemon and is replaced. Raises
    AlreadyRunning if somebody answers, FileExistsError if there is something else than a socket.
    """
    make_private_dir(path.parent)
    if path.exists() or path.is_symlink():
        if not path.is_socket():
            raise FileExistsError(f"{path} is not a socket: move it away")
        _refuse_live(path)
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        previous = os.umask(0o177)  # the socket must never be reachable by others, not even before a chmod
        try:
            listening.bind(str(path))
        finally:
            os.umask(previous)
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening, path.lstat().st_ino


def unlink_own(path: Path, listening_inode: int) -> None:
    """Removes the socket file if it is still the one that was bound."""
    with suppress(FileNotFoundError):
        if path.lstat().st_ino == listening_inode:
            path.unlink()


def _refuse_live(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return
        except TimeoutError:
            pass
    raise AlreadyRunning(0)


def _read_pid(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else 0
