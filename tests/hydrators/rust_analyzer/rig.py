"""A compiler under test: a workspace on disk, rust-analyzer for it, and an event loop in a thread of its
own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from hydrators.rust_analyzer.disk import hash_of
from hydrators.rust_analyzer.model import (
    FileAnswer,
    FileQuestion,
    Position,
    Refusal,
    Refused,
    SessionOptions,
    SessionState,
    State,
    Target,
)
from hydrators.rust_analyzer.process import Compiler

ANSWERING = (State.READY, State.PARTIAL)
T = TypeVar("T")


class Rig:
    """`states` are all that were told, in order."""

    def __init__(self, root: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.root = root
        self.states: list[SessionState] = []
        self.compiler: Compiler
        self._loop = loop
        self._told = threading.Condition()

    def hear(self, state: SessionState) -> None:
        with self._told:
            self.states.append(state)
            self._told.notify_all()

    def call(self, asked: Coroutine[Any, Any, T], timeout_s: float = 60) -> T:
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(timeout_s)

    def until(self, holds: Callable[[SessionState], bool], timeout_s: float = 60) -> SessionState:
        """The first state for which something holds, beginning with the present one."""
        with self._told:
            seen = max(0, len(self.states) - 1)
            assert self._told.wait_for(lambda: any(map(holds, self.states[seen:])), timeout_s), self.states[
                -8:
            ]
            return next(filter(holds, self.states[seen:]))

    def start(self) -> SessionState:
        self._loop.call_soon_threadsafe(self.compiler.want)
        return self.until(lambda state: state.state in ANSWERING)

    @property
    def state(self) -> SessionState:
        return self.states[-1]

    def text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def write(self, path: str, text: str | bytes) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)

    def at(self, path: str, text: str, word: str = "") -> Position:
        """Where `word` stands in the first occurrence of `text`."""
        return place(self.text(path), text, word)

    def question(self, path: str, **asked: Any) -> FileQuestion:
        given = {"hovers": (), "definitions": (), **asked}
        return FileQuestion(path, hash_of((self.root / path).read_bytes()), **given)

    def ask(self, path: str, **asked: Any) -> FileAnswer:
        return self.call(self.compiler.ask(self.question(path, **asked)))

    def refusal(self, asked: Awaitable[Any]) -> Refused:
        """How a request is refused."""

        async def refused() -> Refused:
            try:
                await asked
            except Refused as refused:
                return refused
            raise AssertionError("answered")

        return self.call(refused())

    def ask_until(self, path: str, timeout_s: float = 60, **asked: Any) -> FileAnswer:
        """The answer, asked again whenever the session's state changes, as the service does it."""

        async def again() -> FileAnswer:
            async with asyncio.timeout(timeout_s):
                while True:
                    try:
                        return await self.compiler.ask(self.question(path, **asked))
                    except Refused as refused:
                        if refused.kind not in (Refusal.NOT_READY, Refusal.CRASHED, Refusal.MOVED_ON):
                            raise
                        told = len(self.states)
                        while len(self.states) == told and refused.kind is Refusal.NOT_READY:
                            await asyncio.sleep(0.02)

        return self.call(again(), timeout_s + 5)

    def definition(self, path: str, text: str, word: str = "") -> tuple[Target, ...]:
        return self.ask(path, definitions=(self.at(path, text, word),)).definitions[0]

    def named(self, target: Target) -> str:
        """The text of a target's name."""
        lines = self.text(target.path).encode().split(b"\n")
        start, end = target.name
        assert start.line == end.line
        return lines[start.line][start.column : end.column].decode()


def place(text: str, found: str, word: str = "") -> Position:
    at = text.index(found) + (found.index(word) if word else 0)
    before = text[:at].encode()
    return Position(before.count(b"\n"), len(before) - before.rfind(b"\n") - 1)


@contextmanager
def running(root: Path, cache: Path, options: SessionOptions | None = None) -> Iterator[Rig]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="compiler under test")
    thread.start()
    rig = Rig(root, loop)

    async def enter() -> None:
        rig.compiler = Compiler(root, cache, options or SessionOptions(), rig.hear)
        await rig.compiler.__aenter__()

    try:
        rig.call(enter())
        try:
            yield rig
        finally:
            rig.call(rig.compiler.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
