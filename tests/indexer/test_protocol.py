from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.protocol import ErrorCode, RpcError, decode, encode, failure, request, success

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), ANY_JSON))
def test_an_object_survives_the_wire_on_one_line(message: dict[str, Any]) -> None:
    line = encode(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == message


@given(st.binary(max_size=200))
def test_whatever_bytes_come_only_a_typed_error_is_raised(line: bytes) -> None:
    try:
        assert isinstance(decode(line), dict)
    except RpcError as error:
        assert error.code in (ErrorCode.PARSE, ErrorCode.INVALID_REQUEST)
        assert error.do


@pytest.mark.parametrize(
    "line", [b"[" * 200_000, b'{"a":' * 200_000, b"9" * 10_000, b"\xff\xfe", b"[1]", b"7", b""]
)
def test_a_hostile_line_is_a_typed_error_that_says_what_to_do(line: bytes) -> None:
    with pytest.raises(RpcError) as raised:
        decode(line)
    assert raised.value.do


def test_an_error_survives_the_wire_with_what_to_do() -> None:
    error = RpcError(ErrorCode.AMBIGUOUS, "two are called so", "name one", candidates=["a", "b"])
    body = json.loads(encode(failure(7, error)))
    assert body["error"]["data"] == {"do": "name one", "candidates": ["a", "b"]}
    again = RpcError.from_json(body["error"])
    assert (again.code, again.message, again.do, again.details) == (
        error.code,
        error.message,
        error.do,
        error.details,
    )


@given(ANY_JSON)
def test_a_foreign_error_of_any_shape_is_an_error_object(error: Any) -> None:
    assert isinstance(RpcError.from_json(error), RpcError)


def test_a_notification_has_no_id_and_an_answer_has_its_requests() -> None:
    assert "id" not in request(None, "commit", {})
    assert request(3, "status", {})["id"] == success(3, None)["id"] == 3
