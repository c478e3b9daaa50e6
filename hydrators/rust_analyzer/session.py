"""What is asked of one workspace's rust-analyzer, by whom and when: background questions a few at a time,
never while a candidate text is open; every way in which a server may fail becomes a refusal.

Answers come from `asking.py`; whether a server runs at all is `life.py`'s.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from hydrators.rust_analyzer.asking import Asker
from hydrators.rust_analyzer.circumstances import first_line
from hydrators.rust_analyzer.client import ServerGone, ServerRefused
from hydrators.rust_analyzer.disk import hash_of, read_bytes
from hydrators.rust_analyzer.guards import is_deep, why_unfit
from hydrators.rust_analyzer.life import Life
from hydrators.rust_analyzer.model import FileAnswer, FileQuestion, Refusal, Refused

_FENCED_FILES = 200
_AT_ONCE = 2  # background questions: small files alone leave the server idle in between
_TURNS = 4
_PAUSED = "paused while a buffer is open"
_KEPT_AWAY = "kept away from rust-analyzer, which would not survive it"
_MANIFESTS = ("Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml")

T = TypeVar("T")


class Session:
    """Everything may be called at any time, while the life runs."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._turns = asyncio.Condition()
        self._asking = 0  # background questions
        self._opening = 0  # buffers
        self._foretold: dict[str, str | None] = {}  # hashes of what the server has been told to read

    async def sync(self, changed: Mapping[str, str], gone: Collection[str]) -> frozenset[str]:
        """See `process.Compiler.sync`."""
        life = self._life
        paths = [*changed, *gone]
        for path in paths:
            life.mishaps.clear(path)  # another text may do no harm
        if any(os.path.basename(path) in _MANIFESTS for path in paths):
            life.manifests_changed()
        self._judge_depth(path for path in changed if path.endswith(".rs"))
        asker = life.asker
        if asker is None or asker.server.is_gone:
            return frozenset()
        shown = self._shown(paths)
        known, self._foretold = self._foretold, {}
        asker.announce([path for path in shown if path not in known or known[path] != changed.get(path)])
        if not life.is_answering:
            return frozenset()
        moved_on: set[str] = set()
        deadline = time.monotonic() + life.options.request_timeout_s
        for index, path in enumerate(shown):
            data = read_bytes(os.path.join(life.root, path))
            if (None if data is None else hash_of(data)) != changed.get(path):
                moved_on.add(path)
                continue
            if index >= len(shown) - _FENCED_FILES and time.monotonic() < deadline:
                # They are read in the order of their announcement: the last ones stand for all before.
                await self._fence(asker, path, data)
        return frozenset(moved_on)

    async def foretell(self, paths: Collection[str]) -> None:
        """See `process.Compiler.foretell`."""
        self._judge_depth(paths)
        asker = self._life.asker
        if asker is not None and not asker.server.is_gone:
            shown = self._shown(paths)
            for path in shown:  # before it reads them, so that it has at least this text
                data = read_bytes(os.path.join(self._life.root, path))
                self._foretold[path] = None if data is None else hash_of(data)
            asker.announce(shown)

    def _shown(self, paths: Iterable[str]) -> list[str]:
        """Those whose text on disk is what the server is to see."""
        life = self._life
        return [
            path
            for path in paths
            if path.endswith(".rs") and path not in life.stubs and path not in life.buffers
        ]

    def _judge_depth(self, paths: Iterable[str]) -> None:
        """Keep away what would end the server, before it hears of it, and show what does so no more."""
        life = self._life
        server = None if life.asker is None or life.asker.server.is_gone else life.asker.server
        for path in paths:
            data = read_bytes(os.path.join(life.root, path))
            if data is None or path in life.buffers:
                continue
            if is_deep(data) and path not in life.stubs:
                life.stubs.show(path, "", server)
            elif path in life.stubs and not is_deep(data):
                life.stubs.hide(path, server)

    # ------------------------------------------------------------ questions

    async def ask(self, question: FileQuestion) -> FileAnswer:
        """Raises Refused."""
        life = self._life
        life.want()
        if question.path in life.stubs:
            raise Refused(Refusal.REFUSED, _KEPT_AWAY)
        if life.mishaps.is_quarantined(question.path):
            raise Refused(Refusal.QUARANTINED, "rust-analyzer died, or did not answer, twice over it")
        async with self._turn() as asker:
            try:
                answer = await self._settled(asker, question)
            except Refused as refused:
                if refused.kind in (Refusal.CRASHED, Refusal.TIMED_OUT):
                    life.mishaps.suspect(question.path, asker.server.pid)
                raise
        life.mishaps.clear(question.path)
        return answer

    async def overlaid(self, asked: Callable[[Asker], Awaitable[T]]) -> T:
        """One request for a person, with buffers as they are. Raises Refused."""
        asker = await self._life.until_ready()
        return await self._answer(asked(asker))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Asker]:
        """Background questions, a few at a time, and one at a time while a death is not explained. They
        never see a buffer's text."""
        life = self._life
        async with self._turns:
            await self._turns.wait_for(lambda: self._asking < (1 if life.mishaps.has_suspects else _AT_ONCE))
            asker = life.asker
            if asker is None or asker.server.is_gone or not life.is_answering:
                why = life.state.reason or f"rust-analyzer is {life.state.state}"
                raise Refused(Refusal.NOT_READY, why)
            if life.buffers or self._opening:
                raise Refused(Refusal.NOT_READY, _PAUSED)
            self._asking += 1
        try:
            yield asker
        finally:
            async with self._turns:
                self._asking -= 1
                self._turns.notify_all()

    async def _settled(self, asker: Asker, question: FileQuestion) -> FileAnswer:
        """An answer during which the server loaded nothing else."""
        life = self._life
        for _ in range(_TURNS):
            rounds = life.readiness.rounds
            answer = await self._answer(asker.ask(question))
            if not life.is_answering:
                raise Refused(Refusal.NOT_READY, "rust-analyzer loads something")
            if life.readiness.rounds == rounds:
                return answer
        raise Refused(Refusal.TIMED_OUT, "rust-analyzer does not come to rest")

    async def _answer(self, answering: Awaitable[T]) -> T:
        """The answer, with every way in which a server may fail turned into a refusal."""
        life = self._life
        with life.in_use():
            try:
                answer = await answering
                life.mishaps.answered()
                return answer
            except ServerGone as error:
                raise Refused(Refusal.CRASHED, str(error)) from None
            except TimeoutError:
                if life.mishaps.timed_out():
                    life.kill()
                raise Refused(Refusal.TIMED_OUT, "rust-analyzer did not answer in time") from None
            except ServerRefused as error:
                raise Refused(Refusal.FAILED, first_line(str(error))) from None

    async def _fence(self, asker: Asker, path: str, data: bytes | None) -> None:
        """Wait until the server has these bytes of a file. One of no package, or none that it reads, is not
        waited for: asking about it will tell."""
        try:
            if data is None:
                await asker.fence(path, None)
            elif not why_unfit(data):
                await asker.fence(path, data.decode().replace("\r\n", "\n"), waits_for_unknown=False)
        except (ServerGone, ServerRefused, TimeoutError):
            return

    # ------------------------------------------------------------ buffers

    async def open_buffer(self, path: str, text: str) -> None:
        """See `process.Compiler.open_buffer`."""
        life = self._life
        if unfit := why_unfit(text.encode("utf-8", "surrogatepass")):
            raise Refused(Refusal.REFUSED, unfit)
        if path in life.stubs:
            raise Refused(Refusal.REFUSED, _KEPT_AWAY)
        await life.until_ready()
        async with self._turns:
            self._opening += 1  # from here on nothing is asked in the background
            life.say(life.state._replace(progress=_PAUSED))
            try:
                await self._turns.wait_for(lambda: self._asking == 0)
                await life.be_strict(True)
                life.buffers.show(path, text, life.live())
            except ServerGone as error:
                raise Refused(Refusal.CRASHED, str(error)) from None
            finally:
                try:
                    if not life.buffers:  # it came to nothing
                        await self._be_lenient()
                finally:
                    self._opening -= 1
                    self._resume()

    async def close_buffer(self, path: str) -> None:
        """Returns once the server has the text on disk again."""
        life = self._life
        if path not in life.buffers:
            return
        asker = life.asker if life.asker is not None and not life.asker.server.is_gone else None
        self._opening += 1  # nothing is asked in the background before the server has forgotten it
        try:
            life.buffers.hide(path, None if asker is None else asker.server)
            if asker is not None:
                await self._fence(asker, path, read_bytes(os.path.join(life.root, path)))
            if not life.buffers:
                await self._be_lenient()
        finally:
            self._opening -= 1
            self._resume()

    async def _be_lenient(self) -> None:
        with suppress(ServerGone, TimeoutError, Refused):  # the next server never saw a buffer
            await self._life.be_strict(False)

    def _resume(self) -> None:
        """Whoever was refused because of a buffer may ask again."""
        life = self._life
        if not life.buffers and not self._opening and life.state.progress == _PAUSED:
            life.say(life.state._replace(progress=""))
