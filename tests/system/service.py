"""A real daemon in a process of its own, under an ISG_HOME of its own, for tests of the whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from indexer.paths import resolve_paths
from indexer.rpc_client import Client, DaemonDown

START_TIMEOUT_S = 30.0


class ServiceProcess:
    """Start with `with`; `kill` and `start` again as often as a test wants. Leaves nothing running."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = {**os.environ, "ISG_HOME": str(home), **environment}
        self.paths = resolve_paths({"ISG_HOME": str(home)})
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        log = open(self.home / "stderr.txt", "ab")  # noqa: SIM115 - the process keeps it
        command = [str(Path(sys.executable).with_name("isg")), "up", "--foreground"]
        self.process = subprocess.Popen(command, env=self.environment, cwd=self.home, stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                self.call("daemon.ping")
                return
            except (DaemonDown, OSError):
                assert self.process.poll() is None, (self.home / "stderr.txt").read_text()
                assert time.monotonic() < deadline, "the daemon did not answer"
                time.sleep(0.02)  # polling a process from outside: there is no event to wait for

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise

    def call(self, method: str, **params: Any) -> Any:
        with Client(self.paths.socket, params.get("timeout_s", 55.0) + 5.0) as client:
            return client.call(method, params)

    def add(self, root: Path, *, trusted: bool | None = None) -> str:
        added = self.call("workspace.add", path=str(root), trusted=trusted)
        workspace: str = added["workspace"]["id"]
        return workspace

    def settle(self, root: Path, timeout_s: float = 60.0, stage: str = "edges") -> dict[str, Any]:
        """Wait until everything on disk is in the store and every reference is resolved; for "semantic" until
        rust-analyzer has been asked about all of it, too."""
        answer: dict[str, Any] = self.call("wait", workspace=str(root), stage=stage, timeout_s=timeout_s)
        return answer

    def status(self, root: Path) -> dict[str, Any]:
        row: dict[str, Any] = self.call("status", workspace=str(root))["workspaces"][0]
        return row
