from __future__ import annotations

import pytest

from indexer.protocol import ErrorCode
from tests.indexer.service_bench import Bench, send_line

LINES = {
    "deep lists": b'{"jsonrpc":"2.0","id":1,"method":"wait","params":' + b"[" * 500_000,
    "deep objects": b'{"a":' * 500_000,
    "invalid UTF-8": b'{"jsonrpc":"2.0","id":1,"method":"\xff\xfe"}',
    "half a surrogate": b'{"jsonrpc":"2.0","id":1,"method":"\\ud800"}',
    "a number of 100,000 digits": b'{"jsonrpc":"2.0","id":' + b"9" * 100_000 + b"}",
    "not a number": b'{"jsonrpc":"2.0","id":NaN,"method":"daemon.ping"}',
    "NUL bytes": b"\x00" * 1000,
    "a NUL in a path": b'{"jsonrpc":"2.0","id":1,"method":"workspace.add","params":{"path":"/tmp/\\u0000"}}',
    "a surrogate in a name": b'{"jsonrpc":"2.0","id":1,"method":"nodes.find","params":{"name":"\\udcff"}}',
    "a surrogate in a file": b'{"jsonrpc":"2.0","id":1,"method":"nodes.list","params":{"file":"\\udcff.rs"}}',
    "a NUL in a workspace": b'{"jsonrpc":"2.0","id":1,"method":"wait","params":{"workspace":"\\u0000"}}',
    "a home that is none": b'{"jsonrpc":"2.0","id":1,"method":"wait","params":{"workspace":"~nobody-x/"}}',
    "a huge integer": b'{"jsonrpc":"2.0","id":1,"method":"changes.since","params":{"since":'
    + b"9" * 4000
    + b"}}",
}


@pytest.mark.parametrize("name", LINES)
def test_hostile_json_is_a_typed_error_and_the_connection_lives_on(toy: Bench, name: str) -> None:
    with toy.raw() as connection:
        error = send_line(connection, LINES[name])["error"]
        assert error["code"] != ErrorCode.INTERNAL, error
        assert error["data"]["do"], error
        ping = b'{"jsonrpc":"2.0","id":2,"method":"daemon.ping"}'
        assert send_line(connection, ping)["result"]["pid"]
