"""The server's side of the socket: connections, framing, limits, and who may talk.

Knows nothing of the methods: each request is handed to one function. A slow, greedy or malformed
client costs itself its connection, and the others nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import orjson
from loguru import logger

from indexer.config import Settings
from indexer.metrics import Metrics
from indexer.protocol import (
    MAX_LINE_BYTES,
    ErrorCode,
    Json,
    RpcError,
    decode,
    encode,
    failure,
    request,
    success,
)
from indexer.rpc_client import peer_uid
from indexer.rpc_socket import BACKLOG, bind_socket, unlink_own

READ_CHUNK_BYTES = 64 * 1024
DRAIN_TIMEOUT_S = 5.0  # at the end: for answers in hand

Answer = Callable[["Connection", str, Any], Awaitable[Any]]


def _encode(message: Json) -> bytes:
    """Like `protocol.encode`, several times as fast: answers can be long, and the loop waits for them."""
    try:
        return orjson.dumps(message) + b"\n"
    except TypeError:  # a text that UTF-8 cannot hold, such as half a surrogate pair sent by a client
        return encode(message)


class Held(Protocol):
    """Something that is kept for a client and has to be let go when it leaves."""

    async def release(self, owner: Connection) -> None: ...


class Connection:
    """One client. `tasks` holds whatever runs on its behalf and dies with it (such as subscriptions), `held`
    what it has elsewhere (such as overlays), by the names that those give it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: Settings
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._settings = settings
        self._buffer = bytearray()
        self._sending = asyncio.Lock()
        self.slots = asyncio.Semaphore(settings.rpc_requests_per_connection)
        self.tasks: set[asyncio.Task[None]] = set()
        self.subscriptions: dict[int, asyncio.Task[None]] = {}
        self.held: dict[str, Held] = {}

    async def read_line(self) -> bytes | None:
        """The next line without its newline; None at the end of the stream.

        Raises RpcError TOO_LARGE or TIMEOUT, after which the connection is of no use.
        """
        searched = 0
        deadline: float | None = None
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > MAX_LINE_BYTES:
                raise RpcError(
                    ErrorCode.TOO_LARGE,
                    f"a line has more than {MAX_LINE_BYTES:,} bytes",
                    "send smaller requests; the connection is closed",
                )
            if self._buffer and deadline is None:
                deadline = time.monotonic() + self._settings.rpc_line_timeout_s
            try:
                async with asyncio.timeout(
                    None if deadline is None else max(0.0, deadline - time.monotonic())
                ):
                    chunk = await self._reader.read(READ_CHUNK_BYTES)
            except TimeoutError:
                raise RpcError(
                    ErrorCode.TIMEOUT,
                    f"a line was begun and not ended within {self._settings.rpc_line_timeout_s:g} s",
                    "end each request with a newline; the connection is closed",
                ) from None
            if not chunk:
                return None
            self._buffer += chunk
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    async def send(self, message: Json) -> None:
        """Writes one line. A client that does not take it in time is cut off (ConnectionError)."""
        line = _encode(message)
        if len(line) > MAX_LINE_BYTES:
            line = encode(
                failure(
                    message.get("id"),
                    RpcError(
                        ErrorCode.TOO_LARGE,
                        f"the answer has {len(line):,} bytes",
                        f"ask for less with `limit`; an answer has at most {MAX_LINE_BYTES:,} bytes",
                    ),
                )
            )
        async with self._sending:
            if self._writer.is_closing():
                raise ConnectionResetError("the client has gone")
            self._writer.write(line)
            try:
                async with asyncio.timeout(self._settings.rpc_write_timeout_s):
                    await self._writer.drain()
            except TimeoutError:
                self.abort()
                raise ConnectionResetError("the client does not read its answers") from None

    async def notify(self, method: str, params: Json) -> None:
        await self.send(request(None, method, params))

    def abort(self) -> None:
        """Drops the connection at once, with whatever was still to be sent."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Ends what runs for this client, then the connection."""
        for task in list(self.tasks):
            task.cancel()
        if self.tasks:
            await asyncio.wait(self.tasks)
        self._writer.close()
        while self.held:
            try:
                await self.held.popitem()[1].release(self)
            except Exception:  # a guard: the client has gone, and the rest must be let go all the same
                logger.opt(exception=True).error("something that was held for a client was not let go")
        with suppress(ConnectionError, TimeoutError, OSError):
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()

    def spawn(self, work: Any) -> asyncio.Task[None]:
        """Runs a coroutine for as long as the connection lives."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


class Server:
    """The listening server; made by `serving`."""

    def __init__(self, answer: Answer, settings: Settings, metrics: Metrics) -> None:
        self._answer = answer
        self._settings = settings
        self._metrics = metrics
        self.connections: set[Connection] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._guests: set[asyncio.Task[Any]] = set()  # one for each connection, refused ones included
        self._closing = False

    async def on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self._settings)
        task = asyncio.current_task()
        assert task is not None
        self._guests.add(task)
        task.add_done_callback(self._guests.discard)
        try:
            refusal = self._refusal(writer)
            if refusal is None:
                self.connections.add(connection)
                self._metrics.count("rpc.connections")
                await self._read_requests(connection)
            else:
                self._metrics.count("rpc.refused")
                await connection.send(failure(None, refusal))
        except ConnectionError:
            pass
        except Exception:  # a guard: whatever goes wrong with one connection ends here
            self._metrics.count("rpc.connection_failures")
            logger.opt(exception=True).error("a connection failed")
        finally:
            self.connections.discard(connection)
            await connection.close()

    async def refuse(self) -> None:
        """Takes no more requests. A connection that is half accepted when its listener closes would leak
        (asyncio of Python 3.11): the listener may be closed once this returns."""
        self._closing = True
        for _ in range(5):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Lets the answers in hand go out, and closes all connections."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=DRAIN_TIMEOUT_S)
        await asyncio.gather(*(connection.close() for connection in list(self.connections)))
        if self._guests:
            await asyncio.wait(self._guests, timeout=DRAIN_TIMEOUT_S)

    def _refusal(self, writer: asyncio.StreamWriter) -> RpcError | None:
        peer: socket.socket = writer.get_extra_info("socket")
        if peer_uid(peer) != os.getuid():
            return RpcError(
                ErrorCode.INVALID_REQUEST, "this daemon serves another user", "start your own: isg up"
            )
        if self._closing:
            return _stopping()
        if len(self.connections) >= self._settings.rpc_max_connections:
            return RpcError(
                ErrorCode.BUSY,
                f"there are {len(self.connections)} connections already",
                "close some, or raise the setting rpc_max_connections",
            )
        return None

    async def _read_requests(self, connection: Connection) -> None:
        while True:
            try:
                line = await connection.read_line()
            except RpcError as error:  # the stream is out of step: say so, then close
                self._metrics.count("rpc.bad_lines")
                await connection.send(failure(None, error))
                return
            if line is None:
                # The client may have closed only its sending half: it still gets its answers.
                if connection.tasks - set(connection.subscriptions.values()):
                    await asyncio.wait(connection.tasks - set(connection.subscriptions.values()))
                return
            if not line.strip():
                continue
            await connection.slots.acquire()
            task = connection.spawn(self._serve(connection, line))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _serve(self, connection: Connection, line: bytes) -> None:
        started = time.perf_counter()
        method, id_, wants_reply = "invalid", None, True
        try:  # the slot is given back after the answer is sent: unread answers must not pile up
            try:
                message = decode(line)
                wants_reply = "id" in message or not isinstance(message.get("method"), str)
                id_ = _id_of(message)
                method = _method_of(message)
                if self._closing:
                    raise _stopping()
                reply = success(id_, await self._answer(connection, method, message.get("params")))
            except RpcError as error:
                self._metrics.count("rpc.errors")
                if error.code == ErrorCode.METHOD_NOT_FOUND:
                    method = "unknown"  # a foreign name must not become a metric
                reply = failure(id_, error)
            except Exception as error:  # a guard: a fault in one request is that request's answer
                self._metrics.count("rpc.failures")
                logger.opt(exception=True).error("{} failed", method)
                what = f"{type(error).__name__}: {error}"
                reply = failure(id_, RpcError(ErrorCode.INTERNAL, what, "isg logs shows the traceback"))
            self._metrics.observe(f"rpc.{method}", time.perf_counter() - started)
            if wants_reply:
                with suppress(ConnectionError):
                    await connection.send(reply)
        finally:
            connection.slots.release()


@asynccontextmanager
async def serving(path: Path, answer: Answer, settings: Settings, metrics: Metrics) -> AsyncIterator[Server]:
    """Listens at `path` for as long as the body runs. The caller holds the daemon's lock."""
    server = Server(answer, settings, metrics)
    listening, inode = bind_socket(path)
    try:
        listener = await asyncio.start_unix_server(
            server.on_connect, sock=listening, limit=READ_CHUNK_BYTES, backlog=BACKLOG
        )
    except BaseException:
        listening.close()
        raise
    try:
        yield server
    finally:
        unlink_own(path, inode)
        await server.refuse()
        listener.close()
        await server.finish()


def _id_of(message: Json) -> str | int | None:
    id_ = message.get("id")
    if isinstance(id_, bool) or not isinstance(id_, str | int | None):
        raise RpcError(ErrorCode.INVALID_REQUEST, "`id` is a string or an integer", "number your requests")
    return id_


def _method_of(message: Json) -> str:
    method = message.get("method")
    if message.get("jsonrpc") != "2.0" or not isinstance(method, str):
        raise RpcError(
            ErrorCode.INVALID_REQUEST,
            'a request has "jsonrpc":"2.0" and a "method"',
            'send {"jsonrpc":"2.0","id":1,"method":"daemon.ping"}',
        )
    return method


def _stopping() -> RpcError:
    return RpcError(ErrorCode.SHUTTING_DOWN, "the daemon is stopping", "isg up starts it again")
