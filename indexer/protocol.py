"""The wire format: JSON-RPC 2.0, one UTF-8 object per line, and the error codes.

Standard library only, because every client loads it. Knows nothing of sockets or of methods.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any

MAX_LINE_BYTES = 8 * 1024 * 1024  # of a request and of an answer, newline included
PROTOCOL_VERSION = 1

Json = dict[str, Any]


class ErrorCode(IntEnum):
    """Codes of typed errors. The first five are JSON-RPC's own; the others are ours."""

    PARSE = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL = -32603
    WORKSPACE_UNKNOWN = -32001
    NOT_FOUND = -32002
    AMBIGUOUS = -32003
    TIMEOUT = -32004
    TOO_LARGE = -32005
    BUSY = -32006
    STORE = -32007
    CONFLICT = -32008
    SHUTTING_DOWN = -32009
    NOT_READY = -32010


class RpcError(RuntimeError):
    """A typed error of the protocol: what happened (`message`), and what to do about it (`do`).

    `details` are further members of the wire's `error.data`, for programs.
    """

    def __init__(self, code: ErrorCode | int, message: str, do: str = "", **details: Any) -> None:
        super().__init__(message)
        self.code = int(code)
        self.message = message
        self.do = do
        self.details = details

    def to_json(self) -> Json:
        """The wire's `error` member: {code, message, data: {do, …}}."""
        return {"code": self.code, "message": self.message, "data": {"do": self.do, **self.details}}

    @classmethod
    def from_json(cls, error: Any) -> RpcError:
        """The inverse of `to_json`, lenient about what a foreign server may send."""
        if not isinstance(error, dict):
            return cls(ErrorCode.INTERNAL, f"the daemon sent a malformed error: {error!r}")
        data = error.get("data")
        details = {str(key): value for key, value in data.items()} if isinstance(data, dict) else {}
        do = str(details.pop("do", ""))
        for reserved in ("self", "code", "message"):
            details.pop(reserved, None)
        return cls(int(error.get("code", ErrorCode.INTERNAL)), str(error.get("message", "")), do, **details)


def encode(message: Json) -> bytes:
    """One line. ASCII-only JSON, so that no text whatever can break the framing."""
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> Json:
    """The object of one line. Raises RpcError PARSE or INVALID_REQUEST, never anything else."""
    try:
        message = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RpcError(
            ErrorCode.PARSE, f"the line is not valid UTF-8 (byte {error.start})", "send UTF-8 JSON"
        ) from None
    except RecursionError:
        raise RpcError(ErrorCode.PARSE, "the JSON is nested too deeply", "send flat parameters") from None
    except ValueError as error:  # also integers of more than 4,300 digits
        raise RpcError(
            ErrorCode.PARSE, f"the line is not valid JSON: {error}", "send one JSON object per line"
        ) from None
    if isinstance(message, list):
        raise RpcError(ErrorCode.INVALID_REQUEST, "batches are not supported", "send one request per line")
    if not isinstance(message, dict):
        raise RpcError(
            ErrorCode.INVALID_REQUEST,
            f"a request is a JSON object, not {type(message).__name__}",
            'send {"jsonrpc":"2.0","id":1,"method":"daemon.ping"}',
        )
    return message


def request(id_: int | str | None, method: str, params: Json) -> Json:
    """A request, or a notification when `id_` is None."""
    message: Json = {"jsonrpc": "2.0", "method": method, "params": params}
    if id_ is not None:
        message["id"] = id_
    return message


def success(id_: Any, result: Any) -> Json:
    return {"jsonrpc": "2.0", "id": id_, "result": result}


def failure(id_: Any, error: RpcError) -> Json:
    return {"jsonrpc": "2.0", "id": id_, "error": error.to_json()}
