from __future__ import annotations

import json
import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from indexer.protocol import ErrorCode, RpcError, encode, request
from indexer.rpc_client import AnswerTimeout, Client, DaemonDown
from indexer.rpc_client import peer_uid as peer_uid_of
from tests.indexer.service_bench import Bench, read_line, running_daemon, send_line


def test_the_socket_is_for_its_user_only(bench: Bench) -> None:
    found = bench.paths.socket.stat()
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert stat.S_IMODE(bench.paths.socket.parent.stat().st_mode) == 0o700
    with bench.raw() as connection:
        assert peer_uid_of(connection) == os.getuid()


def test_a_peer_of_another_user_is_refused_with_a_typed_error(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.rpc_server.peer_uid", lambda connection: os.getuid() + 1)
    with bench.raw() as connection:
        error = read_line(connection)["error"]
        assert error["code"] == ErrorCode.INVALID_REQUEST
        assert connection.recv(1) == b""


def test_a_client_does_not_talk_to_another_users_socket(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.rpc_client.peer_uid", lambda connection: os.getuid() + 1)
    with pytest.raises(DaemonDown, match="not yours"):
        bench.client()


def test_requests_of_one_connection_run_side_by_side_and_answers_carry_their_ids(toy: Bench) -> None:
    toy.workspaces[0].never_ready = True
    with toy.raw() as connection:
        connection.sendall(
            encode(request("slow", "wait", {"timeout_s": 20})) + encode(request(2, "daemon.ping", {}))
        )
        assert read_line(connection)["id"] == 2
        assert toy.loop is not None
        toy.loop.call_soon_threadsafe(toy.workspaces[0].blocked.set)
        assert read_line(connection)["id"] == "slow"


def test_many_requests_in_one_packet_are_all_answered(toy: Bench) -> None:
    with toy.raw() as connection:
        lines = b"".join(encode(request(n, "nodes.find", {"name": "greet"})) for n in range(500))
        threading.Thread(target=connection.sendall, args=(lines,)).start()
        stream = connection.makefile("rb")
        assert {json.loads(stream.readline())["id"] for _ in range(500)} == set(range(500))


def test_a_line_may_come_byte_by_byte_and_blank_lines_are_nothing(bench: Bench) -> None:
    with bench.raw() as connection:
        for byte in b"\n \n" + encode(request(1, "daemon.ping", {})):
            connection.sendall(bytes([byte]))
        assert read_line(connection)["id"] == 1


def test_a_client_that_closed_its_sending_half_still_gets_its_answers(toy: Bench) -> None:
    with toy.raw() as connection:
        connection.sendall(encode(request(1, "nodes.list", {"file": "src/lib.rs"})))
        connection.shutdown(socket.SHUT_WR)
        assert read_line(connection)["id"] == 1
        assert connection.recv(1) == b""


def test_a_notification_gets_no_answer(bench: Bench) -> None:
    with bench.raw() as connection:
        connection.sendall(
            encode(request(None, "no.such.method", {})) + encode(request(1, "daemon.ping", {}))
        )
        assert read_line(connection)["id"] == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{}", ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"1.0","id":1,"method":"daemon.ping"}', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":{},"method":"daemon.ping"}', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":true,"method":"daemon.ping"}', ErrorCode.INVALID_REQUEST),
        (b'[{"jsonrpc":"2.0","id":1,"method":"daemon.ping"}]', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":"deamon.ping"}', ErrorCode.METHOD_NOT_FOUND),
        (b'{"jsonrpc":"2.0","id":1,"method":"wait","params":[1]}', ErrorCode.INVALID_PARAMS),
        (b"null", ErrorCode.INVALID_REQUEST),
        (b"GET / HTTP/1.1", ErrorCode.PARSE),
    ],
)
def test_a_malformed_request_is_a_typed_error_and_the_connection_lives_on(
    bench: Bench, line: bytes, code: ErrorCode
) -> None:
    with bench.raw() as connection:
        error = send_line(connection, line)["error"]
        assert error["code"] == code
        assert error["data"]["do"]
        assert send_line(connection, encode(request(5, "daemon.ping", {})).strip())["id"] == 5


def test_a_misspelt_method_is_answered_with_the_near_one(bench: Bench) -> None:
    with bench.raw() as connection:
        error = send_line(connection, b'{"jsonrpc":"2.0","id":1,"method":"deamon.ping"}')["error"]
        assert "daemon.ping" in error["data"]["do"]


def test_a_fault_in_a_method_is_that_requests_answer_and_nothing_more(
    toy: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toy.workspaces[0], "read", None)
    with toy.raw() as connection:
        line = encode(request(1, "nodes.find", {"name": "x"})).strip()
        assert send_line(connection, line)["error"]["code"] == ErrorCode.INTERNAL
        assert send_line(connection, encode(request(2, "daemon.ping", {})).strip())["id"] == 2
    assert toy.call("metrics")["counters"]["rpc.failures"] == 1


def test_an_answer_that_is_too_long_is_an_error_that_names_the_limit(
    toy: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.rpc_server.MAX_LINE_BYTES", 600)
    with toy.raw() as connection:
        line = encode(request(1, "nodes.list", {"file": "src/lib.rs"})).strip()
        error = send_line(connection, line)["error"]
        assert error["code"] == ErrorCode.TOO_LARGE
        assert "limit" in error["data"]["do"]


def test_at_shutdown_the_answer_comes_and_the_socket_goes(tmp_path: Path) -> None:
    with running_daemon(tmp_path / "home") as bench, bench.client() as client:
        assert client.call("daemon.shutdown")["stopping"] is True
        with pytest.raises((DaemonDown, RpcError)):  # it may still say that it is stopping
            while True:
                client.call("daemon.ping")
    assert not bench.paths.socket.exists()


def test_a_request_that_is_being_answered_at_shutdown_does_not_hold_it_up(
    tmp_path: Path, crate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.rpc_server.DRAIN_TIMEOUT_S", 0.1)
    with running_daemon(tmp_path / "home") as bench:
        bench.call("workspace.add", path=str(crate))
        bench.call("wait")
        bench.workspaces[0].never_ready = True
        with bench.raw() as waiting:
            waiting.sendall(encode(request(1, "wait", {"timeout_s": 600})))
            bench.call("daemon.shutdown")
            assert waiting.recv(1) == b""


def test_a_daemon_whose_home_was_removed_stops_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.daemon.HOME_CHECK_S", 0.02)
    with running_daemon(tmp_path / "home") as bench, bench.client() as client:
        bench.paths.lock_file.unlink()
        with pytest.raises((DaemonDown, RpcError)):  # as above
            while True:
                client.call("daemon.ping")


def test_a_client_says_that_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(DaemonDown, match=r"no\.sock"):
        Client(tmp_path / "no.sock")


def test_a_client_does_not_wait_for_ever(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "s"))
        silent.listen()
        with Client(tmp_path / "s", timeout_s=0.05) as client, pytest.raises(AnswerTimeout):
            client.call("daemon.ping")


def test_a_client_says_that_the_daemon_went_away(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dying:
        dying.bind(str(tmp_path / "s"))
        dying.listen()
        with Client(tmp_path / "s") as client:
            dying.accept()[0].close()
            with pytest.raises(DaemonDown):
                client.call("daemon.ping")
