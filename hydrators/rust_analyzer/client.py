"""One rust-analyzer process and the connection to it, on pygls' client.

Owns the process group, the framing and the waiting: every request has a timeout that is followed by
`$/cancelRequest`, and none outlives the process. Knows nothing of Rust, of readiness or of restarts; an
instance cannot be started again.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.client import JsonRPCClient
from pygls.exceptions import JsonRpcException
from pygls.protocol import JsonRPCProtocol

_STDERR_TAIL_BYTES = 8_000
_LINE_LIMIT_BYTES = 1 << 20  # of a header line; bodies have their length
_STOP_S = 3.0
_LAST_WORDS_S = 0.5

# pygls logs every message, source text included, and what it cannot read with its traceback.
logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)


class ServerGone(ConnectionError):
    """The process ended, or stopped speaking the protocol, before it answered."""


class ServerRefused(RuntimeError):
    """The server answered with an error. `code` is the protocol's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Protocol(JsonRPCProtocol):
    """pygls' own language server protocol would answer a server's `exit` by ending our process: only its
    types are used."""

    def get_message_type(self, method: str) -> Any:
        return types.METHOD_TO_TYPES.get(method, (None,))[0]

    def get_result_type(self, method: str) -> Any:
        return types.METHOD_TO_TYPES.get(method, (None, None))[1]

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except (
            JsonRpcException
        ) as error:  # an answer of a shape that is none: its request need not wait for the timeout
            waiting = self._request_futures.pop(data.get("id", ""), None) if "method" not in data else None
            if waiting is not None:
                waiting.set_exception(error)
            raise

    def handle_message(self, message: Any) -> None:
        """pygls tells answers from requests by runtime protocols: a sixth of all the time that an answer
        takes."""
        if hasattr(message, "method") or hasattr(message, "error"):
            super().handle_message(message)
        else:
            self._handle_response(message.id, message.result)

    def forget(self, number: int) -> None:
        """An answer to this request, should it come, is dropped."""
        self._request_futures.pop(number, None)
        self._result_types.pop(number, None)


class Server:
    """A running server. `busy_s` is the time in which at least one request was in flight; `unreadable`
    counts messages that made no sense."""

    def __init__(self) -> None:
        self._client = _Client(self)
        self._protocol: _Protocol = self._client.protocol  # type: ignore[assignment]  # pygls names the base class
        self._numbers = itertools.count(1)
        self._in_flight: set[asyncio.Future[Any]] = set()
        self._busy_since = 0.0
        self._tail: deque[bytes] = deque()
        self._tasks: list[asyncio.Task[None]] = []
        self._gone = asyncio.Event()
        self.busy_s = 0.0
        self.unreadable = 0
        self.pid = 0

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        listeners: Mapping[str, Callable[[Any], Any]],
    ) -> Server:
        """Start the process as leader of a group of its own. `listeners` are called with the parameters of
        the requests and notifications that they name; what they return answers a request. Raises OSError if
        the program does not start."""
        server = cls()
        for method, listener in listeners.items():
            server._client.feature(method)(_plain(listener))
        await server._client.start_io(
            command[0], *command[1:], cwd=cwd, env=dict(env), start_new_session=True, limit=_LINE_LIMIT_BYTES
        )
        process = server._client._server
        assert process is not None and process.stderr is not None
        server.pid = process.pid
        reading = server._client._async_tasks[0]
        server._tasks = [
            asyncio.create_task(server._drain(process.stderr)),
            asyncio.create_task(server._watch(process, reading)),
        ]
        return server

    @property
    def is_gone(self) -> bool:
        return self._gone.is_set()

    async def last_words(self) -> str:
        """The end of what it wrote to standard error."""
        await asyncio.wait(self._tasks[:1], timeout=_LAST_WORDS_S)  # what it started may hold it open
        return b"".join(self._tail)[-_STDERR_TAIL_BYTES:].decode("utf-8", "replace").strip()

    async def wait_gone(self) -> None:
        await self._gone.wait()

    async def request(self, method: str, params: Any, timeout_s: float) -> Any:
        """The result. Raises ServerRefused, ServerGone and TimeoutError; cancelled or timed out, the server
        is told."""
        if self.is_gone:
            raise ServerGone("rust-analyzer has ended")
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._begin(answer)
        try:
            # Everything happens in one thread: the concurrent future of pygls resolves where we wait.
            asked = self._protocol.send_request(method, params, msg_id=number)
            asked.add_done_callback(lambda done: _settle(answer, done))
            async with asyncio.timeout(timeout_s):
                return await answer
        except JsonRpcException as refused:
            raise ServerRefused(refused.code, refused.message) from None
        except (TimeoutError, asyncio.CancelledError):
            if not self.is_gone:
                self.notify(types.CANCEL_REQUEST, types.CancelParams(id=number))
            raise
        except (BrokenPipeError, ConnectionError):
            raise ServerGone("rust-analyzer has ended") from None
        finally:
            self._protocol.forget(number)
            self._end(answer)

    def notify(self, method: str, params: Any) -> None:
        """Raises ServerGone."""
        if self.is_gone:
            raise ServerGone("rust-analyzer has ended")
        try:
            self._protocol.notify(method, params)
        except ConnectionError:
            raise ServerGone("rust-analyzer has ended") from None

    async def stop(self) -> None:
        """Ask it to end, then see to it, with all that it started."""
        with suppress(ServerGone, ServerRefused, TimeoutError):
            await self.request(types.SHUTDOWN, None, _STOP_S)
            self.notify(types.EXIT, None)
            async with asyncio.timeout(_STOP_S):
                await self._gone.wait()
        self.kill()
        await self._gone.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def kill(self) -> None:
        """End it and what it started (cargo may outlive it) at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _begin(self, answer: asyncio.Future[Any]) -> None:
        if not self._in_flight:
            self._busy_since = time.monotonic()
        self._in_flight.add(answer)

    def _end(self, answer: asyncio.Future[Any]) -> None:
        self._in_flight.discard(answer)
        if not self._in_flight:
            self.busy_s += time.monotonic() - self._busy_since

    async def _drain(self, stderr: asyncio.StreamReader) -> None:
        size = 0
        while chunk := await stderr.read(65_536):
            self._tail.append(chunk)
            size += len(chunk)
            while size - len(self._tail[0]) > _STDERR_TAIL_BYTES:
                size -= len(self._tail.popleft())

    async def _watch(self, process: asyncio.subprocess.Process, reading: asyncio.Task[Any]) -> None:
        """A process that ended, closed its output or broke the framing is gone, whichever shows first."""
        ended = asyncio.create_task(process.wait())
        await asyncio.wait((ended, reading), return_when=asyncio.FIRST_COMPLETED)
        self._gone.set()
        self.kill()
        for answer in list(self._in_flight):
            if not answer.done():
                answer.set_exception(ServerGone("rust-analyzer ended before it answered"))
        await ended
        self._client._stop_event.set()
        reading.cancel()
        await asyncio.gather(*self._client._async_tasks, return_exceptions=True)


class _Client(JsonRPCClient):
    def __init__(self, server: Server) -> None:
        super().__init__(protocol_cls=_Protocol)
        self._owner = server

    def report_server_error(self, error: Exception, source: Any) -> None:
        self._owner.unreadable += 1


def _plain(listener: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """pygls marks the functions that it is given, which it cannot do to methods."""
    return lambda params: listener(params)


def _settle(answer: asyncio.Future[Any], done: Any) -> None:
    if answer.done() or done.cancelled():
        return
    if (error := done.exception()) is not None:
        gone = ServerGone("rust-analyzer ended before it answered")  # what pygls says with a RuntimeError
        answer.set_exception(error if isinstance(error, JsonRpcException) else gone)
    else:
        answer.set_result(done.result())
