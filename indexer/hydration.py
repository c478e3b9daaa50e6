"""The semantic stage of one workspace: what rust-analyzer is asked about, in which order, and when.

What remains to be asked is a query of the store, so that it survives restarts. Knows nothing of the protocol
(`hydrators.rust_analyzer`) nor of how answers are merged (`store.hydration`).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from blake3 import blake3
from loguru import logger

from hydrators.rust_analyzer import (
    Compiler,
    FileAnswer,
    Outline,
    Plan,
    Refusal,
    Refused,
    SessionOptions,
    SessionState,
    State,
    asks_nothing,
    missing_in_outline,
    plan_file,
    read_answer,
    targets_of,
)
from hydrators.tolerant import NOTE_OVERFLOWS
from indexer.config import Settings
from indexer.crates import is_manifest
from indexer.metrics import Metrics
from indexer.overlays import Overlays
from indexer.stage import Access
from store import hydration, queries
from store.database import Database
from store.hydration import PendingFile
from store.model import Commit, FileFacts, FileRecord, HydratedFile

_IN_FLIGHT = 2  # files: one is answered while the next is prepared; with three, saves take longer
_ATTEMPTS = 3
_RETRY_S = 2.0
_CLOCKS_DIFFER_NS = 2_000_000_000
_OUTLINED_NODES_KEPT = 30_000  # about 10 MB
_WAVE_MARKS = 500  # of the store's marks that are read at once
_ALL_FILES = 1_000_000
_RECIPE = "2"  # raise it when other questions are asked, or answers are read in another way
_USEFUL = frozenset({State.READY, State.PARTIAL})
_USELESS = frozenset({State.ABSENT, State.BROKEN})
_NOT_ITS_FAULT = frozenset({Refusal.NOT_READY, Refusal.MOVED_ON})
_FINAL = frozenset({Refusal.QUARANTINED, Refusal.REFUSED})


def is_lock(path: str) -> bool:
    """Whether it says which dependencies there are, and is no file of the index."""
    return path.rpartition("/")[2] == "Cargo.lock"


def hydration_options(settings: Settings, records: Mapping[str, FileRecord]) -> SessionOptions:
    """How a session is to be, for a workspace with these files."""
    return SessionOptions(
        rust_analyzer=settings.rust_analyzer,
        stubs=tuple(sorted(path for path, record in records.items() if NOTE_OVERFLOWS in record.notes)),
        memory_cap_bytes=settings.rust_analyzer_memory_mib << 20,
        idle_stop_s=settings.rust_analyzer_idle_s,
        in_flight=settings.rust_analyzer_requests,
    )


class _Prepared(NamedTuple):
    facts: FileFacts
    plan: Plan


class Hydration:
    """Runs while its workspace is open (`run`). Everything here belongs to the event loop's thread."""

    def __init__(
        self, root: Path, cache: Path, options: SessionOptions, access: Access, metrics: Metrics
    ) -> None:
        self._root = root
        self._access = access
        self._metrics = metrics
        self._wake = asyncio.Event()
        self._settled = asyncio.Condition()
        self._hashes: dict[str, str] = {}  # what the server has been told of, or has read by itself
        self._touched: dict[str, None] = {}
        self._noticed_clock = self._told_clock = self._seen_clock = 0
        self._asked_for: set[str] = set()
        self._own_clocks: set[int] = set()  # of commits that are being published
        self._not_before: dict[str, float] = {}
        self._closed_until = 0.0
        self._attempts: dict[tuple[str, str], int] = {}
        self._queue: list[PendingFile] = []
        self._is_outdated = True  # the queue, compared with the store
        self._is_looking = False
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._outlines: OrderedDict[tuple[str, str], Outline] = OrderedDict()
        self._pending = 0
        self._done = self._looked_at_done = 0
        self._counts: dict[str, Any] = {}
        self._counted_done = -1
        self._counted_s = self._counting_took_s = 0.0
        self._tag = ""
        self._world = "unknown"
        self._is_world_outdated = True
        self._era = 0  # rises whenever everything becomes pending
        self.compiler = Compiler(root, cache, options, self._on_state)
        self.overlays = Overlays(self.compiler, root)

    # ------------------------------------------------------------------ life

    async def run(self, following: Callable[[], Awaitable[int]], *, is_first: bool) -> None:
        """Ask until cancelled. `following` returns the store's clock once the tree is followed: what happened
        before, the server reads from disk. With `is_first`, nothing is indexed yet: it starts meanwhile."""
        started_ns = time.time_ns()
        try:
            async with self.compiler:
                if is_first:
                    self.compiler.want()
                self._noticed_clock = self._told_clock = await following()
                for path, record in self._access.records().items():
                    if record.stat.mtime_ns < started_ns - _CLOCKS_DIFFER_NS:
                        self._hashes[path] = record.hash
                    else:  # it may have been read before it was written
                        self._touched[path] = None
                self._tag = await self._access.read(hydration.hydrated_by) or ""
                while True:
                    await self._turn()
        finally:
            for task in self._asking.values():
                task.cancel()
            await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _turn(self) -> None:
        self._wake.clear()
        await self._begin()
        await asyncio.gather(self._tell(), self._look())
        while len(self._asking) < _IN_FLIGHT and (following := self._take()) is not None:
            path = following.path
            self._asking[path] = asyncio.create_task(self._hydrate(following), name=f"hydrate {path}")
        if not self._asking:
            if not self._counts:
                await self._count_if_due()
            async with self._settled:
                self._settled.notify_all()
            await self._count_if_due()
        waits = [asyncio.ensure_future(self._wake.wait()), *self._asking.values()]
        try:
            done, _ = await asyncio.wait(waits, timeout=_RETRY_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waits[0].cancel()
            with suppress(asyncio.CancelledError):
                await waits[0]
        if not done:  # whatever was committed until now has been noticed
            self._noticed_clock = max(self._noticed_clock, self._seen_clock)
            self._seen_clock = await self._access.read(queries.clock)
        for path, task in list(self._asking.items()):
            if task.done():
                del self._asking[path]
                task.result()
        if not self._queue and not self._asking and (self._pending or self._done > self._looked_at_done):
            self._is_outdated = True

    async def _begin(self) -> None:
        """With another server, other manifests or another way of asking than the stored answers are from,
        everything has to be asked again."""
        if self._is_world_outdated:
            self._is_world_outdated = False
            manifests = [path for path in self._access.records() if is_manifest(path)]
            self._world = await asyncio.to_thread(_digest_of_world, self._root, manifests)
        state = self.compiler.state
        if state.state == State.STOPPED and self._world not in self._tag:
            self.compiler.want()  # what the store knows is of other manifests, or nothing
        if state.state not in _USEFUL or not state.version:
            return
        whole = f"{state.version}, asked {_RECIPE}, in {self._world}"
        tag = f"{whole}, in part" if state.state == State.PARTIAL else whole
        if tag != self._tag and self._tag == whole:  # the server lacks something for now: it asks no worse
            await self._access.write(hydration.continue_hydration, tag)
            self._tag = tag
        elif tag != self._tag:
            self._era, self._done = self._era + 1, 0
            await self._access.write(hydration.begin_hydration, tag)
            self._tag, self._is_outdated = tag, True

    async def _tell(self) -> None:
        """Have the server know what has been committed so far."""
        if not self._touched:
            self._told_clock = self._noticed_clock
            return
        upto, self._touched, touched = self._noticed_clock, {}, self._touched
        records = self._access.records()
        changed = dict.fromkeys(filter(is_lock, touched), "")  # not in the index
        gone: list[str] = []
        for path in touched.keys() - changed.keys():
            record = records.get(path)
            if record is None:
                if self._hashes.pop(path, None) is not None:
                    gone.append(path)
            elif self._hashes.get(path) != record.hash:
                changed[path] = self._hashes[path] = record.hash
        if changed or gone:
            if any(is_manifest(path) or is_lock(path) for path in (*changed, *gone)):
                self._is_world_outdated = True
                await self._begin()
            try:
                with self._metrics.timed("hydration.sync"):
                    await self.compiler.sync(changed, gone)
            except Refused:  # between two lives: told again, for who knows what the next one has read
                for path in changed:
                    self._hashes.pop(path, None)
                self._hashes.update(dict.fromkeys(gone, ""))
                self._touched = {**touched, **self._touched}
                return
        self._told_clock = max(self._told_clock, upto)

    async def _look(self) -> None:
        """Compare the queue with the store, if that may have changed."""
        if not self._is_outdated:
            return
        self._is_outdated, self._is_looking = False, True
        limit = _ALL_FILES if self._asked_for else _WAVE_MARKS
        pending = await self._access.read(hydration.pending_files, limit)
        self._queue = [one for one in pending if one.path not in self._asking]
        self._asked_for.intersection_update(one.path for one in pending)
        self._order()
        count = await self._access.read(hydration.pending_count)
        self._looked_at_done = self._done
        self._pending = count
        self._is_looking = False

    def _order(self) -> None:
        """What somebody asks for goes first, else the order is the store's; the next one is the last."""
        self._queue.sort(
            key=lambda file: (file.path not in self._asked_for, file.rank, file.path), reverse=True
        )

    async def _count_if_due(self) -> None:
        """Counting reads all answers: it may take a hundredth of the time, and no more."""
        since_s = time.monotonic() - self._counted_s
        if self._counted_done != self._done and since_s > 100 * self._counting_took_s:
            started, self._counted_done = time.monotonic(), self._done
            self._counts = (await self._access.read(hydration.hydration_counts))._asdict()
            self._counted_s = time.monotonic()
            self._counting_took_s = self._counted_s - started

    def _take(self) -> PendingFile | None:
        """The next file to ask about; None while there is none, or nobody to ask."""
        if self._touched or not self._queue or self._access.is_paused():
            return None
        state = self.compiler.state.state
        if state not in _USEFUL:
            self.compiler.want()  # of one that is absent or broken: look again, when it is time to
            return None
        now = time.monotonic()
        if now < self._closed_until:
            return None
        for at in range(len(self._queue) - 1, -1, -1):
            if self._not_before.get(self._queue[at].path, 0.0) <= now:
                self._not_before.pop(self._queue[at].path, None)
                return self._queue.pop(at)
        return None

    # ------------------------------------------------------------------ one file

    async def _hydrate(self, file: PendingFile) -> None:
        as_of, era = min(self._told_clock, file.clock), self._era
        try:
            hydrated = await self._ask(file, as_of)
        except Refused as refusal:
            hydrated = await self._refused(file, as_of, refusal)
        if hydrated is None:
            return
        await self._access.until_idle()
        if era != self._era:  # asked before everything became pending
            self._is_outdated = True
            return
        with self._metrics.timed("hydration.store"):
            commit = await self._access.write(hydration.replace_hydration, hydrated)
        if commit is None:  # the file is another by now: it is still pending
            self._is_outdated = True
            return
        self._metrics.count("hydration.files")
        self._asked_for.discard(file.path)
        self._attempts.pop((file.path, file.hash), None)
        self._pending -= 1
        self._done += 1
        if commit.changes:
            self._own_clocks.add(commit.clock)
            await self._access.publish([commit])
            self._own_clocks.discard(commit.clock)

    async def _ask(self, file: PendingFile, as_of: int) -> HydratedFile | None:
        prepared = await self._access.read(_prepare, file)
        if prepared is None:
            self._is_outdated = True
            return None
        facts, plan = prepared
        if asks_nothing(plan.question):
            is_partial = self.compiler.state.state == State.PARTIAL
            answer = FileAnswer(file.path, file.hash, 0, is_partial, (), (), None, None, 0.0, {})
        else:
            with self._metrics.timed("hydration.ask"):
                answer = await self.compiler.ask(plan.question)
            if answer.generation != self.compiler.state.generation:  # of another server, or other manifests
                self._is_outdated = True
                return None
            self._metrics.observe("hydration.server", answer.server_s)
            self._metrics.count("hydration.not_in_outline", missing_in_outline(plan, answer))
            for method, count in answer.requests.items():
                self._metrics.count(f"hydration.requests.{method}", count)
            self._metrics.count("hydration.nodes", len(plan.nodes))
        outlines = await self._outlines_of(targets_of(answer))
        hydrated: HydratedFile = await self._access.read(
            lambda _: read_answer(facts, plan, answer, outlines, as_of)
        )
        return hydrated

    async def _refused(self, file: PendingFile, as_of: int, refusal: Refused) -> HydratedFile | None:
        """What is stored of a file of which there is no answer: nothing, if asking again may help."""
        attempts = self._attempts.get((file.path, file.hash), 0)
        if refusal.kind == Refusal.NOT_READY:  # to all files: a buffer is open, or it starts anew
            self._closed_until = time.monotonic() + _RETRY_S
        if refusal.kind in _NOT_ITS_FAULT or (refusal.kind not in _FINAL and attempts + 1 < _ATTEMPTS):
            self._attempts[file.path, file.hash] = attempts + (refusal.kind not in _NOT_ITS_FAULT)
            self._not_before[file.path] = time.monotonic() + _RETRY_S
            self._is_outdated = True
            return None
        logger.warning("rust-analyzer leaves {} alone: {}", file.path, refusal)
        self._metrics.count("hydration.refused")
        return HydratedFile(file.path, file.hash, as_of, (), None, reason=str(refusal))

    async def _outlines_of(self, paths: Collection[str]) -> dict[str, Outline]:
        """Where the nodes of these files lie, as of now."""
        records = self._access.records()
        found: dict[str, Outline] = {}
        missing: list[str] = []
        for path in paths:
            record = records.get(path)
            if record is None:
                continue
            outline = self._outlines.get((path, record.hash))
            if outline is None:
                missing.append(path)
            else:
                found[path] = outline
                self._outlines.move_to_end((path, record.hash))
        for path in missing:
            hash_, outline = await self._access.read(_outline, path)
            if outline is not None:
                found[path] = self._outlines[path, hash_] = outline
        while sum(map(len, self._outlines.values())) > _OUTLINED_NODES_KEPT:
            self._outlines.popitem(last=False)
        return found

    # ------------------------------------------------------------------ what the workspace tells and asks

    def notice(self, commits: Sequence[Commit]) -> None:
        """Commits have been made: files are others, or resolution has found other edges; or, without any
        commit, that they are as they were, for which the files were waiting."""
        records = self._access.records()
        self._is_outdated = self._is_outdated or not commits
        for commit in commits:
            self._noticed_clock = max(self._noticed_clock, commit.clock)
            if commit.clock in self._own_clocks:
                continue
            self._is_outdated = True
            for change in commit.changes:
                record = records.get(change.path)
                if self._hashes.get(change.path) != (record and record.hash):
                    self._touched[change.path] = None
        if self._is_outdated:
            self._wake.set()

    def foretell(self, paths: Sequence[str]) -> None:
        """These files are about to be indexed. The server reads them at the same time, if it is idle: else it
        would only slow their indexing."""
        sources = [path for path in paths if path.endswith(".rs")]
        if sources and not self._asking:
            self.compiler.foretell(sources)

    def notice_lock(self, path: str) -> None:
        """A Cargo.lock is another now."""
        self._touched[path] = None
        self._wake.set()

    def ask_first(self, path: str) -> None:
        """Somebody asks about this file: it goes before all others."""
        if path not in self._asked_for:
            self._asked_for.add(path)
            self._is_outdated = True
            self._wake.set()

    @property
    def pending(self) -> int:
        """Files that wait to be asked about, those that have just been saved included."""
        return self._pending + len(self._touched)

    async def wait_settled(self) -> None:
        """Return when nothing is left to ask that could be answered now."""
        async with self._settled:
            await self._settled.wait_for(self._is_settled)

    def _is_settled(self) -> bool:
        if self.compiler.state.state in _USELESS or self._access.is_paused():
            return not self._asking
        is_begun = not self._is_world_outdated and self._world in self._tag
        return is_begun and not (
            self._touched or self._is_outdated or self._is_looking or self._asking or self._pending
        )

    def status(self) -> dict[str, Any]:
        """See `indexer.results.HydrationStatus`."""
        state = self.compiler.state
        return {
            **state._asdict(),
            "state": str(state.state),
            "quarantined": list(state.quarantined),
            "files": {"pending": self._pending, "done": self._done, "total": self._done + self._pending},
            **self._counts,
        }

    def warnings(self) -> list[str]:
        state = self.compiler.state
        if state.state in (*_USELESS, State.PARTIAL) and state.reason:
            cure = f": {state.cure}" if state.cure else ""
            return [f"rust-analyzer is {state.state}: {state.reason}{cure}"]
        return []

    def _on_state(self, state: SessionState) -> None:
        self._not_before.clear()
        self._closed_until = 0.0
        self._is_outdated = True
        self._wake.set()


_WORLD = ("Cargo.lock", "rust-toolchain", "rust-toolchain.toml", ".cargo/config.toml")


def _digest_of_world(root: Path, manifests: Collection[str]) -> str:
    """Names what all answers hang on beside the texts: manifests, locked dependencies, the toolchain."""
    digest = blake3()
    for folder in sorted({(root / path).parent for path in manifests} | {root}):
        for name in ("Cargo.toml", *_WORLD):
            with suppress(OSError):
                data = (folder / name).read_bytes()
                digest.update(f"{folder.relative_to(root)}/{name} {len(data)} ".encode())
                digest.update(data)
    return digest.hexdigest()[:16]


def _prepare(db: Database, file: PendingFile) -> _Prepared | None:
    facts = queries.load_file_facts(db, file.path)
    if facts is None or facts.record.hash != file.hash:
        return None
    known = hydration.hydrated_nodes(db, file.path)
    has_diagnostics = bool(hydration.recent_diagnostics(db, path=file.path, limit=1))
    plan = plan_file(facts, known, file.names, all_nodes=file.all_nodes, has_diagnostics=has_diagnostics)
    return _Prepared(facts, plan)


def _outline(db: Database, path: str) -> tuple[str, Outline | None]:
    facts = queries.load_file_facts(db, path)
    if facts is None:
        return "", None
    return facts.record.hash, Outline(facts)
