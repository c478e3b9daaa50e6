"""Fault: the store opens, and what is behind one of its blocks is gone."""

from __future__ import annotations

import random
from pathlib import Path

from store.migrations import open_database
from tests.system.service import ServiceProcess

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def test_a_store_that_breaks_again_once_reopened_is_set_aside_and_rebuilt(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    noise = random.Random(1)
    for number in range(60):
        filler = "".join(noise.choices(LETTERS, k=30_000))  # does not compress: many blocks
        (root / f"m{number}.rs").write_text(f"pub fn old{number}() {{}}\n// {filler}\n")
    with ServiceProcess(tmp_path / "home") as service:
        workspace = service.add(root)
        service.settle(root)
        service.stop()
        store = service.paths.store_dir(workspace) / "db"
        open_database(store).close()  # replays the log into data files
        table = max(store.rglob("*.sst"), key=lambda path: path.stat().st_size)
        data = bytearray(table.read_bytes())
        for at in range(len(data) // 8, len(data) * 7 // 8, 4_096):
            data[at : at + 64] = b"\xa5" * 64
        table.write_bytes(data)
        service.start()
        for number in range(60):
            (root / f"m{number}.rs").write_text(f"pub fn new{number}() {{}}\n")
        service.settle(root)
        found = service.call("nodes.find", workspace=str(root), name="new59")["nodes"]
        warnings = service.call("status")["workspaces"][0]["warnings"]
    assert len(found) == 1
    assert any("rebuilt" in warning for warning in warnings)
