"""Starting and stopping the daemon's process from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from indexer.cli.exits import Exit, Refusal
from indexer.paths import Paths, make_private_dir
from indexer.rpc_client import AnswerTimeout, Client, DaemonDown

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 30.0
POLL_S = 0.02


def ping(paths: Paths, timeout_s: float = 5.0) -> dict[str, Any] | None:
    """The daemon's pong, None if none is running. Raises AnswerTimeout if it runs and is stuck."""
    try:
        with Client(paths.socket, timeout_s) as client:
            pong: dict[str, Any] = client.call("daemon.ping")
            return pong
    except DaemonDown:
        return None


def daemon_command(*, foreground: bool) -> list[str]:
    """What runs the daemon, with this interpreter and this package, wherever it is started.

    `-P` keeps the working directory off the import path: a workspace may hold a `store/` of its own. The
    package's place is added at the end, for a checkout that is not installed.
    """
    place = str(Path(__file__).resolve().parents[2])
    program = (
        f"import sys; sys.path.append({place!r}); from indexer.daemon import main; "
        f"sys.exit(main(foreground={foreground}))"
    )
    return [sys.executable, "-P", "-c", program]


def become_daemon() -> NoReturn:
    """Turns this process into the daemon: same pid, as service managers want it."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = daemon_command(foreground=True)
    os.chdir("/")
    os.execv(command[0], command)


def start_detached(paths: Paths) -> dict[str, Any]:
    """Starts the daemon in a session of its own and waits until it answers; its pong.

    Raises Refusal with what the daemon said, if it ended, or with what to do, if it stays silent.
    """
    make_private_dir(paths.state_dir)
    # the last start's output only: this file must not grow for ever
    descriptor = os.open(paths.startup_log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as log:
        process = subprocess.Popen(
            daemon_command(foreground=False),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            close_fds=True,
        )
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with suppress(AnswerTimeout):
            pong = ping(paths)
            if pong is not None:
                return pong
        if process.poll() is not None:
            said = paths.startup_log_file.read_text(errors="replace").strip().splitlines()
            if process.returncode == Exit.CONFLICT and (pong := ping(paths)) is not None:
                return pong  # another `isg up` was faster
            reason = said[-1].removeprefix("isg: ") if said else f"it ended with code {process.returncode}"
            raise Refusal(
                f"the daemon did not start: {reason}", f"more is in {paths.startup_log_file} and `isg logs`"
            )
        time.sleep(POLL_S)
    raise Refusal(
        f"the daemon (pid {process.pid}) started, but does not answer after {START_TIMEOUT_S:g} s",
        "isg logs shows what it is doing; isg down --force ends it",
        Exit.TIMEOUT,
    )


def await_daemon(paths: Paths) -> dict[str, Any]:
    """The pong of a daemon that somebody else is starting. Raises Refusal TIMEOUT."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with suppress(AnswerTimeout):
            pong = ping(paths)
            if pong is not None:
                return pong
        time.sleep(POLL_S)
    raise Refusal(
        f"the service is installed, but nothing answers after {START_TIMEOUT_S:g} s",
        f"isg logs and {paths.startup_log_file} show why; isg up starts it by hand",
        Exit.TIMEOUT,
    )


def stop(paths: Paths, *, force: bool) -> int | None:
    """Stops the daemon and waits until it is gone; its pid, None if none was running.

    Raises Refusal if it does not go, unless `force`, which kills it.
    """
    pid = _lock_holder(paths.lock_file)
    if pid is None:
        return None
    with suppress(DaemonDown, AnswerTimeout), Client(paths.socket, 1.0 if force else 5.0) as client:
        client.call("daemon.shutdown")
    if _is_free(paths.lock_file, 2.0 if force else STOP_TIMEOUT_S):
        return pid
    if not force or pid == 0:
        raise Refusal(
            f"the daemon (pid {pid or 'unknown'}) has not stopped after {STOP_TIMEOUT_S:g} s",
            "isg down --force kills it; the index survives that",
            Exit.TIMEOUT,
        )
    os.kill(pid, signal.SIGKILL)
    if not _is_free(paths.lock_file, 5.0):
        raise Refusal(f"the process {pid} cannot be killed", "is its disk hanging?")
    return pid


def _is_free(lock_file: Path, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while _lock_holder(lock_file) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def _lock_holder(lock_file: Path) -> int | None:
    from indexer.rpc_socket import lock_holder

    return lock_holder(lock_file)
