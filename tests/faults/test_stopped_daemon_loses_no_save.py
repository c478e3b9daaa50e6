"""Fault: the daemon is stopped (SIGSTOP) while far more files are made than the kernel queues events."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.system.service import ServiceProcess

FILES = 20_000


def test_twenty_thousand_files_made_while_it_was_stopped_are_all_there(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "many"\nversion = "0.1.0"\n')
    (root / "src/lib.rs").write_text("pub fn first() {}\n")
    with ServiceProcess(tmp_path / "home") as service:
        service.add(root)
        service.settle(root)
        assert service.process is not None
        service.process.send_signal(signal.SIGSTOP)
        for number in range(FILES):
            if number % 1000 == 0:
                (root / f"src/d{number // 1000}").mkdir()
            (root / f"src/d{number // 1000}/f{number}.rs").write_text(f"pub fn f{number}() {{}}\n")
        service.process.send_signal(signal.SIGCONT)
        service.settle(root, timeout_s=100)
        files = service.call("status")["workspaces"][0]["counts"]["files"]
        last = service.call("nodes.find", workspace=str(root), name=f"f{FILES - 1}")["nodes"]
        assert (files, len(last)) == (FILES + 2, 1)
