"""Fault: the daemon is killed while the process that it started for a first index is at work."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from tests.system.service import ServiceProcess


def indexing_processes(store: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(store) in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_the_indexing_process_ends_and_the_next_daemon_starts_over(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    (root / "src").mkdir(parents=True)
    for number in range(1500):
        (root / f"src/m{number}.rs").write_text(f"pub fn f{number}() {{ f{number + 1}() }}\n" * 40)
    with ServiceProcess(tmp_path / "home") as service:
        workspace = service.add(root)
        store = service.paths.store_dir(workspace)
        deadline = time.monotonic() + 20
        while not indexing_processes(store):
            assert time.monotonic() < deadline, "no first index was started"
        family = [*indexing_processes(store)]
        family += [child for process in family for child in process.children(recursive=True)]
        service.kill()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
        service.start()
        service.settle(root)
        assert service.call("status")["workspaces"][0]["counts"]["files"] == 1500
