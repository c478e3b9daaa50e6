"""The watcher of one workspace: what may have changed, batch by batch, and a way to wait for it.

Wires ignore rules, tracker and debounce to asyncio. Says which paths to look at and when a scan is
needed; reads no file and knows nothing of what is stored.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType

from watchers.cookie import remove_cookie, write_cookie
from watchers.debounce import Debounce, Pace, Pending
from watchers.ignore import IgnoreRules
from watchers.scan import WorkspaceMissing
from watchers.source import OpenSource, open_notify
from watchers.tracker import STOPPED_BY_REQUEST, Notice, Tracker, TrackerLimits


class WatchStopped(RuntimeError):
    """The watch has ended and tells nothing any more; open a new Watcher."""


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """Everything that a workspace may want to tune, in one record."""

    pace: Pace = field(default_factory=Pace)
    limits: TrackerLimits = field(default_factory=TrackerLimits)
    cookie_timeout_s: float = 2.0  # a cookie that takes longer was lost: scan instead


@dataclass(frozen=True, slots=True)
class Batch:
    """What may have changed, to be looked at now and acknowledged by `done()` once it is dealt with.

    paths:        files of interest, relative to the workspace; they may no longer exist
    rescan:       why a scan is needed, None if it is not
    subtrees:     with `rescan`, the only folders it must cover; empty means the whole workspace
    head_changed: git's HEAD was rewritten (a switch of branches, a detached checkout)
    cookies:      sync cookies that came back right behind these changes
    is_storm:     many files at once: treat them as bulk work
    sequence:     counts up from 1
    """

    paths: frozenset[str]
    rescan: str | None
    subtrees: frozenset[str]
    head_changed: bool
    cookies: tuple[str, ...]
    is_storm: bool
    sequence: int
    _acknowledge: Callable[[int], None] = field(repr=False, compare=False)

    def done(self) -> None:
        """The changes are dealt with. If they could not be, call `Watcher.request_scan` first."""
        self._acknowledge(self.sequence)


class Watcher:
    """Async context manager and iterator of `Batch`.

    Once entered, the watches stand: a change after that is told. The first batch asks for a scan
    ("start"). Batches not fetched yet are merged, so a slow consumer costs no memory.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        rules: IgnoreRules,
        settings: WatchSettings | None = None,
        open_source: OpenSource = open_notify,
    ) -> None:
        self.root = os.path.realpath(root)
        self._settings = settings or WatchSettings()
        self._debounce = Debounce(self._settings.pace)
        self._tracker = Tracker(self.root, rules, self._settings.limits, open_source, self._hear)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()  # something new for the iterator
        self._progress = asyncio.Event()  # something new for those who wait in sync()
        self._sequence = 0
        self._outstanding: set[int] = set()
        self._answers: dict[str, int] = {}  # cookie -> sequence of the last batch before it
        self._answered_ticket = 0
        self._ticket_sequence = 0
        self._awaited: set[str] = set()
        self._stopped: str | None = None

    async def __aenter__(self) -> Watcher:
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._tracker.start)
        except BaseException:
            self._tracker.ask_to_stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._tracker.stop)

    def __aiter__(self) -> AsyncIterator[Batch]:
        return self

    async def __anext__(self) -> Batch:
        """The next batch when it is due; ends with the watcher. Raises WatchStopped if the watch has
        broken down for good."""
        while True:
            now_s = time.monotonic()
            pending = self._debounce.take(now_s)
            if pending is not None:
                return self._hand_out(pending)
            ready_at = self._debounce.ready_at()
            if self._stopped is not None and ready_at is None:
                if self._stopped == STOPPED_BY_REQUEST:
                    raise StopAsyncIteration
                raise WatchStopped(self._stopped)
            self._changed.clear()
            if ready_at is None:
                await self._changed.wait()
            else:
                await self._sleep_until(ready_at, now_s)

    async def _sleep_until(self, ready_at: float, now_s: float) -> None:
        assert self._loop is not None
        timer = self._loop.call_later(max(0.0, ready_at - now_s), self._changed.set)
        try:
            await self._changed.wait()
        finally:
            timer.cancel()

    def _hand_out(self, pending: Pending) -> Batch:
        self._sequence += 1
        self._outstanding.add(self._sequence)
        return Batch(
            pending.paths,
            pending.rescan,
            pending.subtrees,
            pending.head_changed,
            pending.cookies,
            pending.is_storm,
            self._sequence,
            self._acknowledged,
        )

    def acknowledge(self, batch: Batch) -> None:
        """The same as `batch.done()`."""
        batch.done()

    def _acknowledged(self, sequence: int) -> None:
        self._outstanding.discard(sequence)
        self._progress.set()

    async def sync(self, timeout_s: float) -> None:
        """Returns once everything that happened on disk before the call has been handed out and
        acknowledged. Where events cannot vouch for that, a scan is asked for and awaited instead.

        Raises TimeoutError, WorkspaceMissing while the root is gone, WatchStopped.
        """
        async with asyncio.timeout(timeout_s):
            sequence = await self._cookie_round_trip()
            if sequence is None:
                sequence = await self._scan_round_trip()
            await self._until(lambda: self._is_dealt_with(sequence))

    def _is_dealt_with(self, sequence: int) -> bool:
        was_handed_out = self._sequence >= sequence
        return was_handed_out and not any(number <= sequence for number in self._outstanding)

    async def _cookie_round_trip(self) -> int | None:
        """The sequence up to which batches must be acknowledged; None if no cookie came back."""
        self._require_life()
        cookie = self._tracker.expect_cookie()
        if cookie is None:
            return None
        folder, name = cookie
        self._awaited.add(name)
        try:
            await asyncio.to_thread(write_cookie, folder, name)
            async with asyncio.timeout(self._settings.cookie_timeout_s):
                await self._until(lambda: name in self._answers)
            return self._answers[name]
        except WorkspaceMissing:
            raise
        except OSError:  # the folder is read-only, or a TimeoutError: the event was lost
            return None
        finally:
            self._awaited.discard(name)
            self._answers.pop(name, None)
            self._tracker.forget_cookie(name)
            await asyncio.shield(asyncio.to_thread(_remove_quietly, folder, name))

    async def _scan_round_trip(self) -> int:
        self._require_life()
        ticket = self._tracker.request_scan("someone waits and events cannot be trusted", suspect=True)
        await self._until(lambda: self._answered_ticket >= ticket)
        return self._ticket_sequence

    async def _until(self, is_true: Callable[[], bool]) -> None:
        while not is_true():
            self._require_life()
            event = self._progress
            await event.wait()
            if event is self._progress:  # the first to wake makes room for the next round
                self._progress = asyncio.Event()

    def _require_life(self) -> None:
        if self._stopped is not None or (self._loop is not None and not self._tracker.is_alive):
            raise WatchStopped(self._stopped or "the watch thread is dead")
        if self._tracker.mode == "root missing":
            raise WorkspaceMissing(
                f"the workspace folder {self.root} is gone: restore or remove the workspace"
            )

    def request_scan(self, reason: str) -> None:
        """Have a batch with `rescan` handed out; folders that nobody watches are taken in first."""
        self._tracker.request_scan(reason, suspect=False)

    def expect_activity(self) -> None:
        """Tell that someone is at work: changes are heard of sooner for the next two minutes."""
        self._tracker.expect_activity()

    def health(self) -> dict[str, object]:
        """JSON-ready: mode ("watching", "polling", "root missing", "failing", "stopped"), warning
        (text or None), watched_folders, sources, last_event_age_s, rescans_asked,
        last_rescan_reason, is_alive, unacknowledged_batches."""
        return {**self._tracker.health(), "unacknowledged_batches": len(self._outstanding)}

    # ---- from the tracker's thread

    def _hear(self, notice: Notice) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._take_in, notice)
        except RuntimeError:  # the loop is closed: nobody is left to tell
            return

    def _take_in(self, notice: Notice) -> None:
        now_s = time.monotonic()
        debounce = self._debounce
        debounce.add_paths(notice.touched, now_s)
        debounce.add_subtrees(notice.subtrees, "folders came, went or changed their rules", now_s)
        if notice.rescan is not None:
            debounce.add_rescan(notice.rescan, now_s)
        if notice.head_changed:
            debounce.note_head(now_s)
        if notice.ended is not None:
            self._stopped = notice.ended
        if notice.cookies or notice.ticket:
            self._answer(notice)
        self._changed.set()
        self._progress.set()

    def _answer(self, notice: Notice) -> None:
        debounce = self._debounce
        last = self._sequence + (1 if debounce.ready_at() is not None else 0)
        for name in notice.cookies:
            debounce.flush(name)
            if name in self._awaited:
                self._answers[name] = last
        if notice.ticket:
            debounce.flush()
            self._answered_ticket = max(self._answered_ticket, notice.ticket)
            self._ticket_sequence = last


def _remove_quietly(folder: str, name: str) -> None:
    try:
        remove_cookie(folder, name)
    except OSError:
        return  # the folder went with it, or is read-only
