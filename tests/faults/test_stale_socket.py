from __future__ import annotations

import socket
from pathlib import Path

import pytest

from indexer.paths import resolve_paths
from tests.indexer.service_bench import running_daemon


def test_a_socket_that_nobody_answers_at_is_replaced(tmp_path: Path) -> None:
    paths = resolve_paths({"ISG_HOME": str(tmp_path / "home")})
    paths.socket.parent.mkdir(parents=True, mode=0o700)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(paths.socket))
    assert paths.socket.is_socket()
    with running_daemon(tmp_path / "home") as bench:
        assert bench.call("daemon.ping")


def test_something_else_in_its_place_is_not_removed(tmp_path: Path) -> None:
    paths = resolve_paths({"ISG_HOME": str(tmp_path / "home")})
    paths.socket.parent.mkdir(parents=True, mode=0o700)
    paths.socket.write_text("a file of the user's")
    with pytest.raises(FileExistsError, match="move it away"), running_daemon(tmp_path / "home"):
        pass
    assert paths.socket.read_text() == "a file of the user's"
