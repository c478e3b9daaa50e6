"""One watched workspace: its store, its watcher and its pipeline, from open to close.

Reads like the life of a workspace: first index → open → watch → apply what changed → close. Owns the one
thread that writes. Knows nothing of sockets or of other workspaces.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from loguru import logger

from indexer.config import Settings
from indexer.first_index import FirstIndexFailed, build_index
from indexer.hydration import Hydration, hydration_options, is_lock
from indexer.llama import SharedLlama
from indexer.meaning import Meaning
from indexer.metrics import Metrics
from indexer.oneshot import compare, file_limits, is_below, is_indexed, open_index
from indexer.paths import resolve_paths
from indexer.pipeline import Pipeline
from indexer.registry import Entry
from indexer.served import NotReady
from indexer.stage import Access
from store import hydration, queries, writes
from store.database import Database, StoreBroken, StoreError
from store.migrations import open_database
from store.model import Commit
from store.recovery import is_fault_of_machine
from store.snapshot import carry_over
from watchers.debounce import Pace
from watchers.ignore import IgnoreRules
from watchers.scan import ScanResult, WorkspaceMissing, scan
from watchers.tracker import TrackerLimits
from watchers.watcher import Batch, Watcher, WatchSettings, WatchStopped

P = ParamSpec("P")
T = TypeVar("T")

STAGES = ("structural", "edges", "semantic", "summarised", "embedded")
_IDLE_CHECK_S = 1.0
_RESOLVE_FILES = 16  # a chunk short enough that a save does not wait for it
_SUBSCRIBER_BACKLOG = 1_000
_FIRST_RETRY_S, _LAST_RETRY_S = 1.0, 60.0
_RETRY_S = 0.5
_BREAKAGE_MEMORY_S = 300.0
_REBUILD_AGAIN_S = 3_600.0
_MOST_SKIPPED_SHOWN = 200
_SERVING = ("ready", "paused")


async def open_workspace(entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama) -> Workspace:
    """The workspace of a registry entry, not yet entered."""
    paths = resolve_paths()
    store, cache = paths.database(entry.id), paths.rust_analyzer_dir(entry.id)
    return Workspace(entry, store, cache, settings, metrics, llama)


class Workspace:
    """An async context manager; see `indexer.served.ServedWorkspace` for what each method promises."""

    def __init__(
        self,
        entry: Entry,
        store: Path,
        cache: Path,
        settings: Settings,
        metrics: Metrics,
        llama: SharedLlama,
    ) -> None:
        self.id = entry.id
        self.root = entry.root
        self.trusted = entry.trusted
        self._store = store
        self._cache = cache
        self._settings = settings
        self._metrics = metrics
        self._llama = llama
        self._writer = ThreadPoolExecutor(1, thread_name_prefix=f"writer {entry.id}")
        self._readers = ThreadPoolExecutor(4, thread_name_prefix=f"reader {entry.id}")
        self._db: Database | None = None
        self._pipeline: Pipeline | None = None
        self._watcher: Watcher | None = None
        self.hydration: Hydration | None = None  # of a trusted workspace, while it is followed
        self.meaning: Meaning | None = None  # while it is followed
        self._stage_broke: StoreBroken | None = None
        self._stage_problems: dict[str, str] = {}  # why a stage ended last, while it is not begun anew
        self._life: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._reindex_wanted = False
        self._paused = entry.paused
        self._state = "opening"
        self._progress = {"done": 0, "total": 0}
        self._problem = ""
        self._rebuilt_because = ""
        self._breakages: list[float] = []  # when the store broke, of late
        self._distrusted_s: float | None = None
        self._distrust = ""  # why the store is not to be opened again as it is
        self._clock = 0
        self._instance = ""
        self._stale = 0
        self._waiting_paths = 0
        self._node_count = 0
        self._store_bytes = 0
        self._edge_count = self._reference_count = 0  # as of _counts_clock
        self._counts_clock = -1
        self._counted_s = 0.0
        self._counting_took_s = 0.0
        self._unscanned: dict[str, str] = {}  # what the last scans could not enter, with the reason
        self._last_commit_s: float | None = None
        self._subscribers: set[asyncio.Queue[dict[str, Any] | None]] = set()

    async def __aenter__(self) -> Self:
        self._life = asyncio.create_task(self._live(), name=f"life of {self.id}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait([self._life])
        self._end_subscriptions()
        self._writer.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------------ life

    async def _live(self) -> None:
        """Runs until cancelled. A store that breaks is closed and opened again, after a while."""
        retry_s = _FIRST_RETRY_S
        while True:
            opened_s = time.monotonic()
            try:
                await self._serve()
                retry_s = _FIRST_RETRY_S
                continue  # asked to build anew
            except (StoreBroken, ValueError, LookupError) as error:  # the latter: rows that nobody wrote so
                self._problem = str(error) if isinstance(error, StoreBroken) else repr(error)
                logger.opt(exception=True).error("{}: {}", self.id, self._problem)
                self._note_breakage()
            except (StoreError, FirstIndexFailed, WorkspaceMissing, OSError) as error:
                self._problem = str(error)
            except Exception as error:  # a guard: one broken workspace must not cost the daemon
                self._problem = f"{type(error).__name__}: {error}"
                logger.opt(exception=True).error("{}: {}", self.id, self._problem)
            self._metrics.count("workspace.restarts")
            logger.warning("{} is degraded: {}", self.id, self._problem)
            await self._enter("degraded")
            if time.monotonic() - opened_s > _LAST_RETRY_S:
                retry_s = _FIRST_RETRY_S
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, _LAST_RETRY_S)

    def _note_breakage(self) -> None:
        """A store that breaks again soon after it was opened anew is damaged where opening does not look.
        Setting it aside does not cure everything, so that it is tried only so often."""
        now = time.monotonic()
        self._breakages = [*(at for at in self._breakages if now - at < _BREAKAGE_MEMORY_S), now]
        is_cure_due = self._distrusted_s is None or now - self._distrusted_s > _REBUILD_AGAIN_S
        if len(self._breakages) > 1 and is_cure_due and not is_fault_of_machine(self._problem):
            self._distrust, self._distrusted_s, self._breakages = self._problem, now, []

    async def _serve(self) -> None:
        stages = [
            asyncio.create_task(self._keep_up("hydration", self._hydrate), name=f"hydration of {self.id}"),
            asyncio.create_task(self._keep_up("meaning", self._mean), name=f"meaning of {self.id}"),
        ]
        try:
            await self._build_if_absent()
            await self._open()
            async with Watcher(self.root, self._ignore_rules(), self._watch_settings()) as watcher:
                self._watcher = watcher
                await self._follow(watcher)
        finally:
            self._watcher = None
            for stage in stages:
                stage.cancel()
            await asyncio.shield(self._close(stages))

    async def _build_if_absent(self) -> None:
        """The first index comes from a process of its own; a rebuild replaces the old one when it is
        ready, and until then the old one is what a restart would find."""
        if self._store.exists() and not self._reindex_wanted:
            return
        fresh = self._store.with_name("db.next")
        await self._enter("indexing")
        await asyncio.to_thread(shutil.rmtree, fresh, ignore_errors=True)

        def report(phase: str, done: int, total: int) -> None:
            self._progress = {"done": done, "total": total}
            self._state = "scanning" if phase == "scan" else "indexing"

        outcome = await build_index(self.root, fresh, report)
        logger.info("{}: first index of {} files in {} s", self.id, outcome["files"], outcome["total_s"])
        if self._store.exists():
            await asyncio.to_thread(_carry_over, fresh, self._store)
            await asyncio.to_thread(shutil.rmtree, self._store)
        fresh.rename(self._store)
        self._reindex_wanted = False

    async def _open(self) -> None:
        db, reason = await self._write(open_index, self._store, self._distrust)
        self._db, self._distrust = db, ""
        self._rebuilt_because = reason or self._rebuilt_because
        self._pipeline = await self._write(
            lambda: Pipeline(db, self.root, file_limits(self._settings), self._settings.parse_workers)
        )
        instance = await self._write(queries.instance_id, db)
        if self._instance not in ("", instance):
            await self._write(writes.begin_clock_after, db, self._clock)
        self._instance = instance
        self._clock = await self._write(queries.clock, db)
        self._stale = await self._write(queries.stale_count, db)

    async def _close(self, stages: Collection[asyncio.Task[None]]) -> None:
        await asyncio.wait(stages)  # they read and write
        self._pipeline = None
        self._stage_broke = None
        db, self._db = self._db, None
        if db is not None:
            await self._write(db.close)

    async def _follow(self, watcher: Watcher) -> None:
        """Apply batches as they come; between them, resolve what they left stale."""
        batches = aiter(watcher)
        upcoming = asyncio.ensure_future(anext(batches))
        try:
            while not self._reindex_wanted:
                if self._stage_broke is not None:
                    raise self._stage_broke
                if not upcoming.done() and self._stale and not self._paused:
                    await self._resolve_some()
                    continue
                done, _ = await asyncio.wait([upcoming], timeout=_IDLE_CHECK_S)
                if not done:
                    await self._count_if_due()
                    continue
                batch = upcoming.result()
                self._waiting_paths = len(batch.paths)
                try:
                    await self._apply_batch(batch)
                except WorkspaceMissing as error:
                    await self._bridge_absence(watcher, str(error))
                else:
                    await self._become_ready(batch)
                finally:
                    self._waiting_paths = 0
                batch.done()
                async with self._changed:
                    self._changed.notify_all()
                upcoming = asyncio.ensure_future(anext(batches))
        finally:
            upcoming.cancel()
            await asyncio.wait([upcoming])  # unlike `await upcoming`, raises nothing but our own end
            if not upcoming.cancelled():
                upcoming.exception()

    async def _keep_up(self, name: str, stage: Callable[[], Awaitable[None]]) -> None:
        """A stage, for as long as the tree is followed. Its faults cost the structural stages nothing, but
        for those of the store."""
        retry_s = _FIRST_RETRY_S
        while True:
            try:
                await stage()
                return
            except StoreBroken as error:
                self._stage_broke = error
                return
            except Exception as error:  # a guard: see above
                logger.opt(exception=True).error("{}: {} failed: {}", self.id, name, type(error).__name__)
                self._stage_problems[name] = f"{type(error).__name__}: {error}"
                self._metrics.count(f"{name}.restarts")
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, _LAST_RETRY_S)

    async def _hydrate(self) -> None:
        if not self._is_hydrated():
            await self._following()
            await self._forget_hydration()
            return
        is_first = not self._store.exists()
        if not is_first:  # known files decide how the server is to be started
            await self._following()
        records = {} if self._pipeline is None else self._pipeline.records
        options = hydration_options(self._settings, records)
        self._stage_problems.pop("hydration", None)
        self.hydration = Hydration(self.root, self._cache, options, self._access(), self._metrics)
        await self._publish([])  # there is something to wait for
        try:
            await self.hydration.run(self._following, is_first=is_first)
        finally:
            self.hydration = None

    async def _mean(self) -> None:
        self._stage_problems.pop("meaning", None)
        self.meaning = Meaning(self._access(), self._llama, self._settings.summary_threshold, self._metrics)
        await self._publish([])
        try:
            await self.meaning.run(self._following)
        finally:
            self.meaning = None

    def _access(self) -> Access:
        return Access(
            read=self.read_in_background,
            write=lambda work, *args: self._write(work, self._open_db(), *args),
            publish=self._publish,
            records=lambda: {} if self._pipeline is None else self._pipeline.records,
            until_idle=self._until_idle,
            is_paused=lambda: self._paused,
        )

    async def _following(self) -> int:
        """The clock, once the tree is followed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._state in _SERVING)
        return self._clock

    async def _forget_hydration(self) -> None:
        db = self._open_db()
        while (commit := await self._write(hydration.end_some_hydration, db)) is not None:
            await self._publish([commit] if commit.changes else [])

    def _is_hydrated(self) -> bool:
        return self.trusted and self._settings.rust_analyzer != "off"

    async def _until_idle(self) -> None:
        """Return when no save is being taken in and no edges are being resolved."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: not self._waiting_paths and (not self._stale or self._paused)
            )

    async def _become_ready(self, batch: Batch) -> None:
        """The first batch compares the whole tree, and so does the one after the root came back."""
        compared_all = batch.rescan is not None and not batch.subtrees
        if self._state in ("ready", "paused") or self._reindex_wanted or not compared_all:
            return
        self._problem = ""
        await self._count()
        await self._enter("paused" if self._paused else "ready")
        if self._pipeline is not None:
            await self._write(self._pipeline.prepare)

    async def _bridge_absence(self, watcher: Watcher, problem: str) -> None:
        """The root is not there: answer from the store as it is until the tree can be compared again."""
        if problem != self._problem:
            logger.warning("{} is degraded: {}", self.id, problem)
        self._problem = problem
        await self._enter("degraded")
        await asyncio.sleep(_RETRY_S)
        if watcher.health()["mode"] != "root missing":  # else the watcher itself asks, once the root is back
            watcher.request_scan("the workspace folder was missing")

    async def _apply_batch(self, batch: Batch) -> None:
        if self._paused:
            return  # resuming asks for a scan of everything
        if batch.head_changed and batch.rescan is None:
            await self._reconcile("git moved HEAD", "")  # a checkout is where events are lost
        paths = [path for path in batch.paths if is_indexed(path)]
        if self.hydration is not None:
            for path in filter(is_lock, batch.paths):
                self.hydration.notice_lock(path)
            self.hydration.foretell(paths)
        if batch.rescan is not None:
            for subtree in sorted(batch.subtrees) or [""]:
                found = await self._reconcile(batch.rescan, subtree)
                # What was told by rules that no longer hold must not come back: the scan knows better.
                there = found.files.keys() | found.skipped.keys()
                paths = [p for p in paths if p in there or p == subtree or not is_below(p, subtree)]
        if paths:
            await self._apply(paths)

    async def _reconcile(self, reason: str, subtree: str) -> ScanResult:
        """Compare the tree with the records, apply what differs, and return what was found."""
        assert self._pipeline is not None
        pipeline = self._pipeline
        with self._metrics.timed("reconcile"):
            found = await self._write(scan, self.root, self._ignore_rules(), subtree)
            difference = await self._write(compare, pipeline, found)
        logger.info("{}: compared with the tree ({}): {} paths differ", self.id, reason, len(difference))
        self._note_unscanned(found.skipped, subtree)
        if difference:
            await self._apply(difference.to_read, difference.gone)
        self._stale = await self._write(queries.stale_count, self._open_db())
        return found

    async def _apply(self, paths: Iterable[str], gone: Iterable[str] = ()) -> None:
        assert self._pipeline is not None
        wanted = list(paths)

        def report(phase: str, done: int, total: int) -> None:
            self._progress = {"done": done, "total": total}

        with self._metrics.timed("apply"):
            commits = await self._write(self._pipeline.apply, wanted, report, gone=gone)
        self._metrics.count("paths.applied", len(wanted))
        db = self._open_db()
        self._stale, clock = await self._write(lambda: (queries.stale_count(db), queries.clock(db)))
        await self._publish(commits)
        self._clock = clock  # the commits of a first index are not told one by one

    async def _resolve_some(self) -> None:
        assert self._pipeline is not None
        with self._metrics.timed("resolve"):
            commit = await self._write(self._pipeline.resolve_stale, _RESOLVE_FILES)
        self._stale = await self._write(queries.stale_count, self._open_db())
        await self._publish([commit] if commit is not None and commit.changes else [])

    async def _publish(self, commits: Iterable[Commit]) -> None:
        commits = list(commits)
        if self.hydration is not None:
            self.hydration.notice(commits)  # also of none: what waited for resolution may go on
        if self.meaning is not None:
            self.meaning.notice(commits)
        for commit in commits:
            self._clock = max(self._clock, commit.clock)  # stages commit beside the writer
            self._last_commit_s = time.monotonic()
            self._metrics.count("commits")
            self._node_count += sum(len(c.added) - len(c.removed) for c in commit.changes)
            note = {
                "clock": commit.clock,
                "changes": [
                    {"path": c.path, "added": c.added, "changed": c.changed, "removed": c.removed}
                    for c in commit.changes
                ],
            }
            for queue in list(self._subscribers):
                try:
                    queue.put_nowait(note)
                except asyncio.QueueFull:  # a reader this slow starts again with changes.since
                    self._drop_subscriber(queue)
        async with self._changed:
            self._changed.notify_all()

    async def _enter(self, state: str) -> None:
        self._state = state
        async with self._changed:
            self._changed.notify_all()

    # ------------------------------------------------------------------ what the service asks

    async def read(
        self, query: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query of the store in a reader thread. Raises NotReady before the first index."""
        self._open_db()
        if self._watcher is not None:
            self._watcher.expect_activity()  # who asks is likely to save next
        return await self.read_in_background(query, *args, **kwargs)

    async def read_in_background(
        self, query: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `read`, for work that nobody waits for."""
        db = self._open_db()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: query(db, *args, **kwargs))

    async def wait(self, stage: str, timeout_s: float) -> None:
        """Return once everything that happened on disk before the call is in the store; for "edges",
        also every reference resolved; for "semantic", also all asked of rust-analyzer that it can answer
        now; for "summarised" and "embedded", also a line, or line and vector, for every node that gets one.
        Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not await self._is_in_step(timeout_s):
                pass
            if stage != "structural":
                async with self._changed:
                    await self._changed.wait_for(lambda: self._stale == 0 or self._paused)
            if stage == "semantic" and self._is_hydrated() and not self._paused:
                async with self._changed:
                    await self._changed.wait_for(lambda: self.hydration is not None or self._paused)
                if self.hydration is not None:
                    await self.hydration.wait_settled()
            if stage in ("summarised", "embedded") and not self._paused:
                async with self._changed:
                    await self._changed.wait_for(lambda: self.meaning is not None or self._paused)
                if self.meaning is not None:
                    await self.meaning.wait_settled(embedded=stage == "embedded")

    async def _is_in_step(self, timeout_s: float) -> bool:
        """Wait until the store has what is on disk now; False if that has to begin again. Raises NotReady
        while there is no workspace folder."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._watcher is not None and self._state in _SERVING)
        watcher = self._watcher
        if self._paused or watcher is None:
            return watcher is not None
        try:
            await watcher.sync(timeout_s)
        except WatchStopped:
            await asyncio.sleep(_RETRY_S)  # it is being set up again
            return False
        except WorkspaceMissing as error:
            if not await asyncio.to_thread(self.root.is_dir):
                raise NotReady(str(error)) from error
            await asyncio.sleep(_RETRY_S)  # it is back, and about to be noticed
            return False
        return self._watcher is watcher and self._state in _SERVING

    async def reindex(self) -> None:
        """Build the index anew; the workspace answers "indexing" until that is done."""
        self._reindex_wanted = True
        await self._enter("indexing")

    def pause(self) -> None:
        """Leave the store as it is; what happens on disk meanwhile is looked for on resume."""
        self._paused = True
        if self._state == "ready":
            self._state = "paused"
        if self.meaning is not None:
            self.meaning.look_again()

    def resume(self) -> None:
        self._paused = False
        if self._state == "paused":
            self._state = "ready"
        self.request_scan("resumed")
        if self.meaning is not None:
            self.meaning.look_again()

    def request_scan(self, reason: str) -> None:
        if self._watcher is not None:
            self._watcher.request_scan(reason)

    async def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_SUBSCRIBER_BACKLOG)
        self._subscribers.add(queue)
        try:
            while (note := await queue.get()) is not None:
                yield note
        finally:
            self._subscribers.discard(queue)

    def freshness(self) -> dict[str, Any]:
        return {
            "clock": self._clock,
            "fresh_instance": False,
            "pending": {
                "structural": self._waiting_paths,
                "edges": self._stale,
                **({} if self.hydration is None else {"semantic": self.hydration.pending}),
                **({} if self.meaning is None else self.meaning.pending),
            },
            "warnings": self._warnings(),
        }

    def status(self) -> dict[str, Any]:
        skipped = self._pipeline.skipped if self._pipeline is not None else {}
        age = None if self._last_commit_s is None else round(time.monotonic() - self._last_commit_s, 3)
        return {
            "state": self._state,
            "progress": dict(self._progress),
            "counts": {
                "files": len(self._pipeline.records) if self._pipeline is not None else 0,
                "nodes": self._node_count,
                "edges": self._edge_count,
                "references": self._reference_count,
            },
            "instance": self._instance,
            "skipped": [
                {"path": path, "reason": reason}
                for path, reason in sorted({**self._unscanned, **skipped}.items())[:_MOST_SKIPPED_SHOWN]
            ],
            "watcher": self._watcher.health() if self._watcher is not None else {},
            "store_bytes": self._store_bytes,
            "last_commit_age_s": age,
            "hydration": None if self.hydration is None else self.hydration.status(),
            "meaning": None if self.meaning is None else self.meaning.status(),
            **self.freshness(),
        }

    # ------------------------------------------------------------------ inside

    def _open_db(self) -> Database:
        if self._db is None:
            done, total = self._progress["done"], self._progress["total"]
            how_far = f", {done} of {total} files" if total else ""
            reason = f" ({self._problem})" if self._problem else ""
            raise NotReady(
                f"{self.id} is {self._state}{how_far}{reason}: ask again when `isg status` says ready"
            )
        return self._db

    async def _write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: work(*args, **kwargs))

    def _warnings(self) -> list[str]:
        warnings = []
        if self._problem:
            warnings.append(self._problem)
        if self._rebuilt_because:
            warnings.append(f"the index was rebuilt: {self._rebuilt_because}")
        if self._paused:
            warnings.append("paused: answers are as of the pause; `isg resume` goes on")
        if self._pipeline is not None:
            broken = sorted(self._pipeline.broken_manifests)
            warnings += [f"{path} is not valid TOML: its crate is unknown" for path in broken]
        if self._watcher is not None:
            warning = self._watcher.health().get("warning")
            warnings += [str(warning)] if warning else []
        if self.hydration is not None:
            warnings += self.hydration.warnings()
        if problem := self._stage_problems.get("hydration"):
            warnings.append(f"rust-analyzer is not asked for a while, after a fault: {problem}")
        if problem := self._stage_problems.get("meaning"):
            warnings.append(f"no summaries and vectors are made for a while, after a fault: {problem}")
        return warnings

    def _note_unscanned(self, found: Mapping[str, str], subtree: str) -> None:
        """Remember what a scan of `subtree` could not enter, and why."""
        prefix = f"{subtree}/" if subtree else ""
        kept = {path: why for path, why in self._unscanned.items() if not path.startswith(prefix)}
        self._unscanned = {**kept, **found}

    async def _count_if_due(self) -> None:
        """Counting reads the whole store: it may take a hundredth of the time, and no more."""
        since_s = time.monotonic() - self._counted_s
        if self._counts_clock != self._clock and since_s > 100 * self._counting_took_s:
            await self._count()

    async def _count(self) -> None:
        started, at = time.monotonic(), self._clock
        counts = await self.read(queries.counts)
        if at == self._clock:
            self._node_count = counts.nodes
        self._edge_count, self._reference_count = counts.edges, counts.references
        self._store_bytes = await asyncio.to_thread(_size_of, self._store)
        self._counts_clock, self._counted_s = at, time.monotonic()
        self._counting_took_s = self._counted_s - started

    def _ignore_rules(self) -> IgnoreRules:
        return IgnoreRules(self.root, self._settings.ignore)

    def _watch_settings(self) -> WatchSettings:
        settings = self._settings
        return WatchSettings(
            Pace(
                quiet_s=settings.debounce_quiet_ms / 1e3,
                storm_paths=settings.storm_paths,
                storm_quiet_s=settings.storm_quiet_ms / 1e3,
                storm_cap_s=settings.storm_cap_ms / 1e3,
            ),
            TrackerLimits(active_for_s=settings.watch_active_s),
        )

    def _drop_subscriber(self, queue: asyncio.Queue[dict[str, Any] | None]) -> None:
        self._subscribers.discard(queue)
        with suppress(asyncio.QueueEmpty):
            queue.get_nowait()
        queue.put_nowait(None)

    def _end_subscriptions(self) -> None:
        for queue in list(self._subscribers):
            self._drop_subscriber(queue)


def _size_of(folder: Path) -> int:
    total = 0
    with suppress(OSError):
        for path in folder.rglob("*"):
            with suppress(OSError):
                total += path.stat().st_size
    return total


def _carry_over(fresh: Path, old: Path) -> None:
    """What hangs on content alone survives a rebuild, if the old store can be read."""
    with suppress(StoreError), open_database(old) as before, open_database(fresh) as db:
        carry_over(db, before)
