"""A daemon of its own under a scratch ISG_HOME, and what a client does with it.

Knows the command line and the RPC methods; nothing of what lies behind them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from indexer.paths import resolve_paths
from indexer.rpc_client import AnswerTimeout, Client, DaemonDown

ISG = Path(sys.executable).with_name("isg")
_START_S = 30.0
_INDEX_S = 900.0


class Service:
    """`with Service(home) as service`: runs from enter to exit; `restart` in between."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**clean_environment(), "ISG_HOME": str(home)}
        self.paths = resolve_paths(self.environment)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> float:
        """Seconds until the daemon answered a ping. Raises RuntimeError with its last words if it did not."""
        self.home.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        with open(self.home / "bench-daemon.log", "ab") as log:
            self._process = subprocess.Popen(
                [ISG, "up", "--foreground"],
                env=self.environment,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        while time.perf_counter() - started < _START_S:
            if self._process.poll() is not None:
                break
            try:
                with self.client() as client:
                    client.call("daemon.ping")
                return time.perf_counter() - started
            except (DaemonDown, AnswerTimeout):
                time.sleep(0.002)
        words = (self.home / "bench-daemon.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the daemon did not start within {_START_S:.0f} s; it said:\n{words}")

    def stop(self) -> None:
        """Asks for a graceful end, and insists after 20 s."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        self._process = None

    def client(self) -> Client:
        return Client(self.paths.socket)

    def process(self) -> psutil.Process:
        """The daemon itself, without its children."""
        assert self._process is not None, "the daemon is not running"
        return psutil.Process(self._process.pid)

    def add(self, root: Path, *, trusted: bool = False) -> str:
        """Adds a workspace and waits until it is indexed, not until it is hydrated; its id."""
        with self.client() as client:
            added = client.call("workspace.add", {"path": str(root), "trusted": trusted})
            workspace = str(added["workspace"]["id"])
            self.wait_ready(client, workspace)
        return workspace

    def wait_ready(self, client: Client, workspace: str) -> None:
        """Returns once every file is in, its edges too, and the workspace says that it is ready."""
        client.call(
            "wait", {"workspace": workspace, "stage": "edges", "timeout_s": _INDEX_S}, timeout_s=_INDEX_S + 5
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            status = client.call("status", {"workspace": workspace})["workspaces"][0]
            pending = status["pending"]
            if status["state"] == "ready" and not (pending["structural"] or pending["edges"]):
                return
            time.sleep(0.02)
        raise TimeoutError(
            f"{workspace} is not ready after `wait`: {status['state']}, {status.get('pending')}"
        )


def clean_environment() -> dict[str, str]:
    """Ours without the settings of whoever runs the bench."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ISG_")}


def tree_rss_bytes(pid: int) -> int:
    """Resident bytes of a process and its descendants; pages that they share count more than once."""
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended while being read: what was counted so far stands
    return total


def folder_bytes(folder: Path) -> int:
    """Bytes on disk of everything below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
