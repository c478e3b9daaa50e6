from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from indexer.protocol import MAX_LINE_BYTES, ErrorCode, RpcError
from tests.indexer.service_bench import Bench, read_line


def test_an_oversized_line_is_refused_and_costs_only_its_sender(toy: Bench) -> None:
    def send(line: bytes) -> None:
        with suppress(OSError):
            connection.sendall(line)

    with toy.raw() as connection, toy.client() as neighbour:
        sender = threading.Thread(target=send, args=(b"x" * (MAX_LINE_BYTES + 500_000),))
        sender.start()
        error = read_line(connection)["error"]
        assert error["code"] == ErrorCode.TOO_LARGE
        assert error["data"]["do"]
        assert neighbour.call("nodes.find", {"name": "greet"})["nodes"]
    sender.join(20)
    assert not sender.is_alive()


def test_our_own_client_does_not_even_send_one(toy: Bench) -> None:
    with toy.client() as client:
        with pytest.raises(RpcError) as raised:
            client.call("nodes.find", {"name": "x" * MAX_LINE_BYTES})
        assert raised.value.code == ErrorCode.TOO_LARGE
        assert client.call("daemon.ping")


def test_the_longest_allowed_line_is_read_quickly_and_answered(toy: Bench) -> None:
    with toy.client() as client:
        with pytest.raises(RpcError) as raised:  # long names are refused by their method, not by the wire
            client.call("nodes.find", {"name": "x" * (MAX_LINE_BYTES - 200)})
        assert raised.value.code == ErrorCode.INVALID_PARAMS
        assert len(str(raised.value)) < 1000
