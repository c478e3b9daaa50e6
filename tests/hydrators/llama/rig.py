"""Models under test: a `Llama`, and an event loop for it in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from hydrators.llama.model import Generated, LlamaOptions, LlamaState, Prompt, Refused, State
from hydrators.llama.process import Llama

T = TypeVar("T")
Vector = np.ndarray[Any, np.dtype[np.float32]]


class Rig:
    """`states` are all that were told, in order. `when_ready` is called with a child's pid before anything is
    asked of it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.states: list[LlamaState] = []
        self.when_ready: Callable[[int], None] = lambda pid: None
        self.llama: Llama
        self._loop = loop
        self._told = threading.Condition()

    def hear(self, state: LlamaState) -> None:
        if state.state == State.READY:
            self.when_ready(state.pid)
        with self._told:
            self.states.append(state)
            self._told.notify_all()

    def begin(self, asked: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(asked, self._loop)

    def call(self, asked: Coroutine[Any, Any, T], timeout_s: float = 60) -> T:
        return self.begin(asked).result(timeout_s)

    def embed(self, *texts: str, is_urgent: bool = False) -> list[bytes | Refused]:
        return self.call(self.llama.embed(texts, is_urgent=is_urgent))

    def vectors(self, *texts: str) -> list[Vector]:
        return as_vectors(self.embed(*texts))

    def generate(self, text: str, **settings: Any) -> Generated:
        return self.call(self.llama.generate(Prompt(text, **settings)))

    def refusal(self, text: str, **settings: Any) -> Refused:
        """How a prompt is refused."""
        try:
            said = self.generate(text, **settings)
        except Refused as refused:
            return refused
        raise AssertionError(said)

    def until(self, holds: Callable[[LlamaState], bool], timeout_s: float = 60) -> LlamaState:
        """The first state for which something holds, beginning with the present one."""
        with self._told:
            seen = max(0, len(self.states) - 1)
            assert self._told.wait_for(lambda: any(map(holds, self.states[seen:])), timeout_s), self.states
            return next(filter(holds, self.states[seen:]))

    def start(self) -> int:
        """Returns the child's pid."""
        self.embed("start")
        return self.until(lambda state: state.state == State.READY).pid

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.state.pid, number)

    @property
    def state(self) -> LlamaState:
        return self.llama.state


def as_vectors(answers: Sequence[bytes | Refused]) -> list[Vector]:
    vectors = []
    for answer in answers:
        assert isinstance(answer, bytes), answer
        vectors.append(np.frombuffer(answer, "<f4"))
    return vectors


@contextmanager
def running(embedding: Path | str = "", generation: Path | str = "", **options: Any) -> Iterator[Rig]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="models under test")
    thread.start()
    rig = Rig(loop)

    async def enter() -> None:
        given = LlamaOptions(embedding_model=str(embedding), generation_model=str(generation), **options)
        rig.llama = Llama(given, rig.hear)
        await rig.llama.__aenter__()

    try:
        rig.call(enter())
        try:
            yield rig
        finally:
            rig.call(rig.llama.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
