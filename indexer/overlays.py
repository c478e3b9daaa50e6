"""Candidate texts over a workspace's files: who has opened which, and what a candidate changes.

rust-analyzer knows one world only: what one owner opens, every question would see. So texts belong to one
owner at a time, others wait, and whoever falls silent loses them. Knows neither the protocol of the socket
nor that of the server.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from loguru import logger

from hydrators.rust_analyzer import Compiler, Refused, ServerDiagnostic
from indexer.source_files import read_source

T = TypeVar("T")

TURN_S = 20.0  # a question waits so long for those of others
SILENCE_S = 120.0  # of an owner, after which its texts are closed: the background waits for them
_DISK_MAX_BYTES = 4_000_000


class OverlayBusy(TimeoutError):
    """Another owner's texts are open."""


class OverlayLapsed(RuntimeError):
    """The owner's texts have been closed, because it was silent for long."""


Finding = tuple[ServerDiagnostic, str]
"""A diagnostic, and the text of the line that it begins on."""


class Compared(NamedTuple):
    """What a candidate changes in a file's diagnostics; counts are of all that there are before and after."""

    appeared: tuple[Finding, ...]
    disappeared: tuple[Finding, ...]  # with the places that they have on disk
    baseline_count: int
    candidate_count: int


class _Baseline(NamedTuple):
    """The diagnostics of a file without candidates; `stamp` tells of which state of the world."""

    stamp: Hashable
    text: str
    diagnostics: tuple[ServerDiagnostic, ...]


class Overlays:
    """The candidates of one workspace."""

    def __init__(
        self, compiler: Compiler, root: Path, silence_s: float = SILENCE_S, turn_s: float = TURN_S
    ) -> None:
        self._compiler = compiler
        self._root = root
        self._silence_s = silence_s
        self._turn_s = turn_s
        self._texts: dict[str, str] = {}
        self._server_pid = 0  # of the one that shows the texts; 0: perhaps not all of them
        self._owner: Hashable | None = None
        self._is_busy = False
        self._turns = asyncio.Condition()
        self._baselines: dict[str, _Baseline] = {}
        self._lapsed: set[Hashable] = set()
        self._silence: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    # ------------------------------------------------------------------ what owners do

    async def open(self, owner: Hashable, texts: Mapping[str, str]) -> tuple[str, ...]:
        """Show these texts in place of what is on disk: all of them or, if one is refused, none. Returns
        the paths that are open now. Raises Refused and OverlayBusy."""
        async with self._turn(owner, opens=True):
            await self._show_again()
            before, self._texts = self._texts, {**self._texts, **texts}
            try:
                for path, text in texts.items():
                    await self._compiler.open_buffer(path, text)
            except BaseException:
                self._texts = before
                self._server_pid = 0
                for path in texts.keys() - before.keys():
                    await self._close(path)
                raise
            self._server_pid = self._compiler.state.pid
            return tuple(self._texts)

    async def close(self, owner: Hashable, paths: Sequence[str] | None = None) -> tuple[str, ...]:
        """Show what is on disk again: of these files, or of all. Returns the paths that were open."""
        async with self._turn(owner):
            return await self._close_all(paths)

    async def release(self, owner: Hashable) -> None:
        """The owner has gone."""
        self._lapsed.discard(owner)
        if self._owner == owner:
            with suppress(OverlayBusy):
                await self.close(owner)

    async def ask(self, owner: Hashable, question: Callable[[Compiler], Awaitable[T]]) -> T:
        """One question, with the owner's texts as they are, or with what is on disk if it has opened none.
        Raises Refused, OverlayBusy and OverlayLapsed."""
        async with self._turn(owner):
            await self._show_again()
            return await question(self._compiler)

    async def ask_disk(self, owner: Hashable, question: Callable[[Compiler], Awaitable[T]]) -> T:
        """One question about what is on disk. Raises as `ask`; OverlayBusy if the owner itself has texts
        open."""
        async with self._turn(owner):
            if self._texts:
                raise OverlayBusy("this connection itself has buffers open over this workspace")
            return await question(self._compiler)

    async def compare(self, owner: Hashable, path: str, clock: int) -> Compared:
        """The diagnostics of a file without any candidate against those with all. `clock` is the store's:
        while it stands, what is on disk has not changed. Raises as `ask`."""
        async with self._turn(owner):
            await self._show_again()
            baseline = await self._baseline(path, (clock, self._compiler.state.generation))
            found = sorted(await self._compiler.diagnostics(path), key=lambda one: one.range)
            text = self._texts.get(path, baseline.text)
            appeared, disappeared = difference(baseline.diagnostics, baseline.text, found, text)
            return Compared(appeared, disappeared, len(baseline.diagnostics), len(found))

    @property
    def paths(self) -> tuple[str, ...]:
        """What is open."""
        return tuple(self._texts)

    # ------------------------------------------------------------------ turns

    @asynccontextmanager
    async def _turn(self, owner: Hashable, *, opens: bool = False) -> AsyncIterator[None]:
        self._raise_if_lapsed(owner, opens=opens)
        try:
            async with asyncio.timeout(self._turn_s), self._turns:
                await self._turns.wait_for(lambda: not self._is_busy and self._owner in (None, owner))
                self._raise_if_lapsed(owner, opens=opens)  # while it waited
                self._is_busy = True
        except TimeoutError:
            raise OverlayBusy("another connection has buffers open over this workspace") from None
        self._owner = owner
        if self._silence is not None:
            self._silence.cancel()
        try:
            yield
        finally:
            self._is_busy = False
            if self._texts:
                loop = asyncio.get_running_loop()
                self._silence = loop.call_later(self._silence_s, self._fall_silent, owner)
            else:
                self._owner = self._silence = None
                self._baselines.clear()
            async with self._turns:
                self._turns.notify_all()

    def _raise_if_lapsed(self, owner: Hashable, *, opens: bool) -> None:
        if owner in self._lapsed:
            self._lapsed.discard(owner)
            if not opens:
                raise OverlayLapsed(f"its buffers were closed after {self._silence_s:g} s of silence")

    def _fall_silent(self, owner: Hashable) -> None:
        if self._owner == owner and not self._is_busy:
            self._ending = asyncio.get_running_loop().create_task(self._expire(owner))

    async def _expire(self, owner: Hashable) -> None:
        logger.info("an overlay is closed: nothing was asked for {:g} s", self._silence_s)
        with suppress(OverlayBusy):
            async with self._turn(owner):
                await self._close_all()
                self._lapsed.add(owner)  # before the turn of a question that waits for it

    # ------------------------------------------------------------------ the server's side

    async def _close_all(self, paths: Sequence[str] | None = None) -> tuple[str, ...]:
        closed = tuple(path for path in self._texts if paths is None or path in paths)
        for path in closed:
            del self._texts[path]
            await self._close(path)
        return closed

    async def _close(self, path: str) -> None:
        with suppress(Refused):  # a server that has gone shows nothing any more
            await self._compiler.close_buffer(path)

    async def _show_again(self) -> None:
        """A server that was started anew has not seen the texts."""
        if self._texts and self._compiler.state.pid != self._server_pid:
            for path, text in self._texts.items():
                await self._close(path)
                await self._compiler.open_buffer(path, text)
            self._server_pid = self._compiler.state.pid

    async def _baseline(self, path: str, stamp: Hashable) -> _Baseline:
        known = self._baselines.get(path)
        if known is not None and known.stamp == stamp:
            return known
        text = await self._read_disk(path)
        found: tuple[ServerDiagnostic, ...] = ()
        if text is not None:
            shown_by, self._server_pid = self._server_pid, 0  # until all is shown again
            # First of all: while any buffer is open, the server looks for more than it does without.
            await self._compiler.open_buffer(path, text)
            for each in self._texts.keys() - {path}:
                without = await self._read_disk(each)
                if without is None:
                    await self._close(each)
                else:
                    await self._compiler.open_buffer(each, without)
            found = await self._compiler.diagnostics(path)
            for each, candidate in self._texts.items():
                await self._compiler.open_buffer(each, candidate)
            if path not in self._texts:
                await self._close(path)
            self._server_pid = shown_by
        self._baselines[path] = _Baseline(stamp, text or "", found)
        return self._baselines[path]

    async def _read_disk(self, path: str) -> str | None:
        """A file's text; None if there is none, or none that rust-analyzer could be shown."""
        source = await asyncio.to_thread(read_source, self._root, path, _DISK_MAX_BYTES)
        if source is None or source.reason:
            return None
        try:
            return source.data.decode()
        except UnicodeDecodeError:
            return None


def difference(
    before: Sequence[ServerDiagnostic], before_text: str, after: Sequence[ServerDiagnostic], after_text: str
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """(those that are new, those that have gone), told apart by what they say and by the text of their line:
    lines move. Pure."""
    earlier = _with_lines(before, before_text)
    later = _with_lines(after, after_text)
    return _beyond(later, earlier), _beyond(earlier, later)


def _with_lines(diagnostics: Sequence[ServerDiagnostic], text: str) -> list[Finding]:
    lines = text.split("\n")
    return [
        (one, lines[one.range.start.line].strip() if one.range.start.line < len(lines) else "")
        for one in diagnostics
    ]


def _beyond(these: Sequence[Finding], those: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those of the first that have no counterpart in the second."""
    left = Counter(_told_by(one) for one in those)
    found = []
    for one in these:
        if left[_told_by(one)]:
            left[_told_by(one)] -= 1
        else:
            found.append(one)
    return tuple(found)


def _told_by(finding: Finding) -> tuple[str, ...]:
    diagnostic, line = finding
    return diagnostic.severity, diagnostic.code, diagnostic.message, line
