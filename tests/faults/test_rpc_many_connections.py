from __future__ import annotations

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from indexer.protocol import ErrorCode, encode, request
from tests.indexer.service_bench import Bench, read_line, running_daemon

CONNECTIONS = 2000


@pytest.fixture
def many_files() -> Iterator[None]:
    """Both ends of each connection are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this process may open only {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_two_thousand_connections_cost_a_neighbour_nothing(many_files: None, toy: Bench) -> None:
    with ExitStack() as stack, toy.client() as neighbour:
        crowd: list[socket.socket] = [stack.enter_context(toy.raw()) for _ in range(CONNECTIONS)]
        for connection in crowd:
            connection.sendall(encode(request(1, "daemon.ping", {})))
        assert all(read_line(connection)["id"] == 1 for connection in crowd)
        times = []
        for _ in range(50):
            started = time.perf_counter()
            neighbour.call("nodes.find", {"name": "greet"})
            times.append(time.perf_counter() - started)
        assert sorted(times)[25] < 0.1
        assert neighbour.call("status")["daemon"]["connections"] == CONNECTIONS + 1
    with toy.client() as after:
        while after.call("status")["daemon"]["connections"] > 1:
            pass


def test_more_than_allowed_are_refused_with_a_typed_error(tmp_path: Path) -> None:
    with running_daemon(tmp_path / "home", rpc_max_connections=3) as bench, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(bench.client()).call("daemon.ping")
        with bench.raw() as refused:
            error = read_line(refused)["error"]
            assert error["code"] == ErrorCode.BUSY
            assert "rpc_max_connections" in error["data"]["do"]
