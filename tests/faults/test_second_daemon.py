from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.rpc_socket import AlreadyRunning, bind_socket, hold_lock, lock_holder
from tests.indexer.service_bench import Bench, running_daemon


def test_a_second_daemon_is_refused_by_name_and_the_first_goes_on(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"), running_daemon(tmp_path / "home"):
        pass
    assert bench.call("daemon.ping")


def test_a_live_socket_is_not_taken_over_even_if_the_lock_is_free(bench: Bench, tmp_path: Path) -> None:
    inode = bench.paths.socket.stat().st_ino
    with pytest.raises(AlreadyRunning):
        bind_socket(bench.paths.socket)
    assert bench.paths.socket.stat().st_ino == inode
    assert bench.call("daemon.ping")


def test_the_lock_tells_who_holds_it_and_is_free_afterwards(tmp_path: Path) -> None:
    lock = tmp_path / "state" / "daemon.lock"
    assert lock_holder(lock) is None
    with hold_lock(lock):
        assert lock_holder(lock) == os.getpid()
    assert lock_holder(lock) is None
