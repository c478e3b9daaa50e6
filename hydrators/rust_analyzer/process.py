"""The daemon's side: a `Compiler` is rust-analyzer for one workspace, kept by a worker process that is
started when first needed.

Owns the worker's life and the pipes to it; decodes answers and nothing else. Whatever the server does, the
daemon pays for one line of JSON an answer.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from hydrators.rust_analyzer import wire
from hydrators.rust_analyzer.model import (
    FileAnswer,
    FileQuestion,
    HoverAnswer,
    Position,
    Refusal,
    Refused,
    ServerDiagnostic,
    SessionOptions,
    SessionState,
    State,
    Symbol,
    Target,
)

_BACK_OFF_S = (0.5, 2.0, 10.0, 60.0)
_STOP_S = 10.0
_ERROR_TAIL_BYTES = 4_000
_START_S = 60.0

T = TypeVar("T")


class Compiler:
    """rust-analyzer for one workspace. `state` is the last that the worker told; `on_state` is called with
    each new one."""

    def __init__(
        self, root: Path, cache: Path, options: SessionOptions, on_state: Callable[[SessionState], None]
    ) -> None:
        self._root = root
        self._cache = cache
        self._options = options
        self._on_state = on_state
        self.state = SessionState(State.STOPPED)
        self._buffers: dict[str, str] = {}  # open ones: a worker that follows another must not forget them
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._needed = asyncio.Event()
        self._running = asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        self._life = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        assert self._life is not None
        self._life.cancel()
        with suppress(asyncio.CancelledError):
            await self._life

    def want(self) -> None:
        """Have the session started if it is stopped."""
        self._needed.set()
        if self._process is not None:
            self._write({"do": "want", "id": 0})

    def foretell(self, paths: Collection[str]) -> None:
        """Files on disk are others now, as `sync` will tell once they are indexed: the server takes them in
        meanwhile. Does nothing while no worker runs."""
        self._write({"do": "foretell", "id": next(self._numbers), "with": [list(paths)]})

    async def sync(self, changed: Mapping[str, str], gone: Collection[str]) -> frozenset[str]:
        """Tell which files are others now (path → hash of the text) and wait until the server has read
        them. Returns those whose text on disk is yet another. Does nothing while no worker runs. Raises
        Refused."""
        if self._process is None:
            return frozenset()
        return frozenset(await self._request("sync", [dict(changed), list(gone)]))

    async def ask(self, question: FileQuestion) -> FileAnswer:
        """Raises Refused."""
        return wire.read(FileAnswer, await self._request("ask", [question]))

    async def open_buffer(self, path: str, text: str) -> None:
        """Show `text` as the content of a file, which need not exist, until `close_buffer`; again with
        another text. Waits for the server to be ready. Raises Refused.

        What is asked in the background is refused meanwhile. Diagnostics then tell of names and types that do
        not resolve too, not all of them real: for a baseline, open the text on disk first.
        """
        await self._request("open_buffer", [path, text])
        self._buffers[path] = text

    async def close_buffer(self, path: str) -> None:
        """Returns once the server has the text on disk again."""
        self._buffers.pop(path, None)
        if self._process is not None:
            await self._request("close_buffer", [path])

    async def diagnostics(self, path: str) -> tuple[ServerDiagnostic, ...]:
        return wire.read(tuple[ServerDiagnostic, ...], await self._request("diagnostics", [path]))

    async def symbols(self, path: str) -> tuple[Symbol, ...]:
        return wire.read(tuple[Symbol, ...], await self._request("symbols", [path]))

    async def hover(self, path: str, at: Position) -> HoverAnswer:
        return wire.read(HoverAnswer, await self._request("hover", [path, at]))

    async def definition(self, path: str, at: Position) -> tuple[Target, ...]:
        return wire.read(tuple[Target, ...], await self._request("definition", [path, at]))

    async def expand_macro(self, path: str, at: Position) -> tuple[str, str] | None:
        """Name and expansion of the macro call at a position, None where there is none."""
        found = await self._request("expand_macro", [path, at])
        return None if found is None else (found[0], found[1])

    # ------------------------------------------------------------ the worker

    async def _request(self, do: str, arguments: list[Any]) -> Any:
        if self._closing:
            raise Refused(Refusal.NOT_READY, "the service is stopping")
        self._needed.set()
        if self._process is None:
            not_yet = "rust-analyzer is not running yet"
            if do == "ask":
                raise Refused(Refusal.NOT_READY, self.state.reason or not_yet)
            try:
                async with asyncio.timeout(_START_S):
                    await self._running.wait()
            except TimeoutError:
                raise Refused(Refusal.NOT_READY, self.state.reason or not_yet) from None
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._write({"do": do, "id": number, "with": arguments})
            return await answer
        except asyncio.CancelledError:
            self._write({"do": "cancel", "id": number})
            raise
        finally:
            self._waiting.pop(number, None)

    def _write(self, message: dict[str, Any]) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(wire.encode(message))

    async def _run(self) -> None:
        """Until cancelled: wait for a need, keep a worker, see why it ended."""
        failures = 0
        while True:
            await self._needed.wait()
            self._needed.clear()
            began = asyncio.get_running_loop().time()
            try:
                why = await self._keep()
            except OSError as error:  # it does not even start
                why = str(error)
            if why is None:
                failures = 0
                continue
            failures = 0 if asyncio.get_running_loop().time() - began > 60 else failures + 1
            self._say(
                self.state._replace(
                    state=State.STARTING if failures < len(_BACK_OFF_S) else State.BROKEN,
                    reason=f"the process that speaks with rust-analyzer ended: {why}",
                    cure="",
                    progress="",
                    pid=0,
                    rss_bytes=0,
                    restarts=self.state.restarts + 1,
                )
            )
            await asyncio.sleep(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
            self._needed.set()

    async def _keep(self) -> str | None:
        """One worker, from its start to its end. Returns None if it was idle, or what it said last before it
        died. Raises OSError if it does not start."""
        self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a workspace must not be able to shadow our modules
            "-m",
            "hydrators.rust_analyzer.worker",
            stdin=asyncio.subprocess.PIPE,  # held open: the process ends itself when we do
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._cache,
            limit=wire.LINE_LIMIT_BYTES,
            start_new_session=True,
        )
        assert process.stdout is not None and process.stderr is not None and process.stdin is not None
        errors = asyncio.create_task(_tail(process.stderr))
        begin = {
            "root": os.fspath(self._root),
            "cache": os.fspath(self._cache),
            "options": self._options,
            "state": self.state,  # restarts and generations go on rising
            "buffers": self._buffers,
        }
        process.stdin.write(wire.encode(begin) + wire.encode({"do": "want", "id": 0}))
        self._process = process
        self._running.set()
        is_idle = False
        try:
            while line := await process.stdout.readline():
                message = wire.decode(line)
                if "state" in message:
                    state = wire.read(SessionState, message["state"])
                    self._say(state)
                    if state.state == State.STOPPED and not self._waiting:
                        self._needed.clear()
                        is_idle = True
                        break  # idle: its memory goes back to the system
                elif (answer := self._waiting.get(message["id"])) is not None and not answer.done():
                    _settle(answer, message)
        except ValueError:
            pass  # no line of ours: the worker is beyond help
        finally:
            self._process = None
            self._running.clear()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Refused(Refusal.CRASHED, "the worker process ended"))
            await asyncio.shield(self._end(process))
        words = (await errors).decode("utf-8", "replace").strip()[-300:]
        return None if is_idle else words or f"code {process.returncode}"

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """A worker ends with its input, and its server with it; otherwise both are killed."""
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_S):
                await process.wait()
        except TimeoutError:
            pass
        for group in (process.pid, self.state.pid):
            if group:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, signal.SIGKILL)
        await process.wait()

    def _say(self, state: SessionState) -> None:
        self.state = state
        self._on_state(state)


def _settle(answer: asyncio.Future[Any], message: dict[str, Any]) -> None:
    if "refused" in message:
        kind, words = message["refused"]
        answer.set_exception(Refused(Refusal(kind), words))
    elif "error" in message:
        answer.set_exception(Refused(Refusal.FAILED, message["error"]))
    else:
        answer.set_result(message["result"])


async def _tail(stream: asyncio.StreamReader) -> bytes:
    tail = b""
    while chunk := await stream.read(65_536):
        tail = (tail + chunk)[-_ERROR_TAIL_BYTES:]
    return tail
