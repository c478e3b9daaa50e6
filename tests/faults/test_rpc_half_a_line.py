from __future__ import annotations

from pathlib import Path

from indexer.protocol import ErrorCode
from tests.indexer.service_bench import read_line, running_daemon


def test_a_line_that_is_never_ended_is_given_up_and_an_idle_connection_is_not(tmp_path: Path) -> None:
    with running_daemon(tmp_path / "home", rpc_line_timeout_s=0.05) as bench, bench.client() as idle:
        with bench.raw() as connection:
            connection.sendall(b'{"jsonrpc":')
            assert read_line(connection)["error"]["code"] == ErrorCode.TIMEOUT
            assert connection.recv(1) == b""
        assert idle.call("daemon.ping")
