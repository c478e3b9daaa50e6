"""The client's side of the socket: blocking, standard library only, quick to load.

Knows the wire format, not the methods. Every wait has a deadline.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from indexer.protocol import MAX_LINE_BYTES, ErrorCode, Json, RpcError, decode, encode, request

DEFAULT_TIMEOUT_S = 30.0
BUSY_RETRY_S = 0.01


class DaemonDown(ConnectionError):
    """Nobody answers at the socket, or the daemon went away in the middle of an answer."""


class AnswerTimeout(TimeoutError):
    """The daemon lives, but did not answer in time."""


class Client:
    """One connection. Requests are answered in turn; notifications are kept for `notifications()`.

    Not for several threads at once. Raises DaemonDown, AnswerTimeout and RpcError.
    """

    def __init__(self, socket_path: Path, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._next_id = 0
        self._buffer = bytearray()
        self._searched = 0
        self._notifications: list[Json] = []
        self._socket = _connect(socket_path, timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def call(self, method: str, params: Json | None = None, timeout_s: float | None = None) -> Any:
        """The result of one request. `timeout_s` bounds the whole of it."""
        self._next_id += 1
        line = encode(request(self._next_id, method, params or {}))
        if len(line) > MAX_LINE_BYTES:
            raise RpcError(
                ErrorCode.TOO_LARGE,
                f"the request has {len(line):,} bytes",
                f"send at most {MAX_LINE_BYTES:,}",
            )
        deadline = time.monotonic() + (self._timeout_s if timeout_s is None else timeout_s)
        self._send(line, deadline)
        while True:
            message = self._read_message(deadline)
            if message.get("id") == self._next_id and "method" not in message:
                break
            if "method" in message:
                self._notifications.append(message)
            elif message.get("id") is None and "error" in message:  # about the connection as a whole
                raise RpcError.from_json(message["error"])
        if "error" in message:
            raise RpcError.from_json(message["error"])
        return message.get("result")

    def notifications(self, timeout_s: float | None = None) -> Iterator[Json]:
        """Notifications as they come, for ever; AnswerTimeout if `timeout_s` passes without one."""
        while True:
            while self._notifications:
                yield self._notifications.pop(0)
            deadline = None if timeout_s is None else time.monotonic() + timeout_s
            message = self._read_message(deadline)
            if "method" in message:
                yield message
            elif "error" in message:
                raise RpcError.from_json(message["error"])

    def _send(self, line: bytes, deadline: float) -> None:
        try:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            self._socket.sendall(line)
        except TimeoutError:
            raise AnswerTimeout("the daemon does not take the request: it is busy or stopped") from None
        except OSError as error:
            # A refusal (too many connections, an oversized line) may wait in the receive buffer.
            if not self._buffer:
                self._receive_refusal()
            if not self._buffer:
                raise DaemonDown(f"the daemon closed the connection ({error.strerror})") from None

    def _receive_refusal(self) -> None:
        try:
            self._socket.settimeout(0.1)
            self._buffer += self._socket.recv(65536)
        except OSError:
            return

    def _read_message(self, deadline: float | None) -> Json:
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if len(self._buffer) > MAX_LINE_BYTES:
                raise DaemonDown("the daemon sent a line that is too long: is it of another version?")
            try:
                if deadline is None:
                    self._socket.settimeout(None)
                else:
                    self._socket.settimeout(max(0.001, deadline - time.monotonic()))
                chunk = self._socket.recv(262144)
            except TimeoutError:
                raise AnswerTimeout("the daemon did not answer in time") from None
            except OSError as error:
                raise DaemonDown(f"the daemon closed the connection ({error.strerror})") from None
            if not chunk:
                raise DaemonDown("the daemon went away before it had answered")
            self._buffer += chunk
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return decode(line)


def peer_uid(connection: socket.socket) -> int:
    """The user id at the other end of a Unix socket, as the kernel knows it."""
    if sys.platform == "darwin":
        # struct xucred of LOCAL_PEERCRED: version, uid, group count, groups
        credentials = connection.getsockopt(0, 1, struct.calcsize("IIh16I"))
        return int(struct.unpack_from("II", credentials)[1])
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


def _connect(path: Path, timeout_s: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout_s)
    deadline = time.monotonic() + timeout_s
    try:
        while True:
            try:
                connection.connect(str(path))
                break
            except BlockingIOError:  # Linux says so, instead of waiting, while the daemon's queue is full
                if time.monotonic() > deadline:
                    raise TimeoutError from None
                time.sleep(BUSY_RETRY_S)
    except TimeoutError:
        connection.close()
        raise AnswerTimeout("the daemon does not take connections: it is busy or stopped") from None
    except OSError as error:
        connection.close()
        raise DaemonDown(f"no daemon answers at {path} ({error.strerror})") from None
    if peer_uid(connection) != os.getuid():
        connection.close()
        raise DaemonDown(f"the process at {path} is not yours: refusing to talk to it")
    return connection
