"""One child process from its start to its end: pipes, memory, last words. Knows nothing of what is asked."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import Any, Self

import psutil

from hydrators.llama import wire

_ERROR_TAIL_BYTES = 4_000
_LAST_WORDS_S = 2.0
_SIGILL_CURE = "llama-cpp-python was built for another processor: install it anew on this machine"


class Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        self._process = process
        self._input = process.stdin
        self._output = process.stdout
        self._errors = asyncio.create_task(_tail(process.stderr))
        self.was_killed = False  # by us

    @classmethod
    async def start(cls) -> Self:
        """Raises OSError."""
        environment = os.environ | {
            "OMP_WAIT_POLICY": "passive",  # threads that wait and spin burn thrice the work on a busy machine
            "GGML_NO_BACKTRACE": "1",  # an abort starts a debugger otherwise
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the folder it is started in must not be able to shadow our modules
            "-m",
            "hydrators.llama.worker",
            stdin=asyncio.subprocess.PIPE,  # held open: the child ends when it closes, and so when we end
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        if not self._input.is_closing():
            self._input.write(wire.pack(head, body))

    async def receive(self) -> wire.Frame | None:
        """None at its end. Raises ValueError if it says something else than frames."""
        return await wire.receive(self._output)

    def rss_bytes(self) -> int:
        """Its resident memory, 0 once it is gone."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def kill(self) -> None:
        if self._process.returncode is None:
            self.was_killed = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kill it: it holds nothing that would be lost, and a hanging one does not end otherwise."""
        self.kill()
        self._input.close()
        await self._process.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                await asyncio.shield(self._errors)
        self._errors.cancel()
        with suppress(asyncio.CancelledError):
            await self._errors

    async def last_words(self) -> tuple[str, str]:
        """Why it ended by itself, and what can be done; after it did, before `end`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                await self._process.wait()
                await asyncio.shield(self._errors)
        code = self._process.returncode
        said = self._errors.result() if self._errors.done() else b""
        lines = said.decode("utf-8", "replace").strip().splitlines()
        words = f": {lines[-1][:200]}" if lines else ""
        if code is None:
            return f"it closed its output{words}", ""
        if code < 0:
            cure = _SIGILL_CURE if -code == signal.SIGILL else ""
            return f"ended by {_name(-code)}{words}", cure
        return f"ended with code {code}{words}", ""

    @property
    def was_killed_by_others(self) -> bool:
        """Whether somebody else, or the system short of memory, killed it."""
        return not self.was_killed and self._process.returncode in (-signal.SIGKILL, -signal.SIGTERM)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


async def _tail(stream: asyncio.StreamReader) -> bytes:
    tail = b""
    while chunk := await stream.read(65_536):
        tail = (tail + chunk)[-_ERROR_TAIL_BYTES:]
    return tail
