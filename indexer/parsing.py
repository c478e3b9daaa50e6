"""From a file's bytes to its facts, in this process or in a pool of worker processes."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from hydrators.manifest import manifest_facts
from hydrators.resolve import Resolver, World, foreign_keys
from hydrators.tolerant import Document, extract_facts, skipped_facts
from hydrators.tolerant.tokens import digest
from indexer.crates import Place, is_manifest
from indexer.source_files import SourceFile, read_source
from store.bulk import PackedDefinitions, PackedEdges, PackedFile, pack_edges, pack_file
from store.model import FileFacts, ResolvedFile
from store.rows import Row

T = TypeVar("T")

_BATCH_FILES = 48
_RESOLVE_FILES = 96
_BATCHES_AHEAD = 2  # a worker: one at work and one waiting, so that memory stays bounded


class FileLimits(NamedTuple):
    """What one file may cost: larger or slower ones are recorded and skipped."""

    max_bytes: int
    parse_timeout_s: float


class ParseTask(NamedTuple):
    """One file to be read and parsed."""

    path: str
    place: Place


def facts_of_source(
    source: SourceFile, place: Place, limits: FileLimits, document: Document | None = None
) -> FileFacts:
    """The facts of a file that was read, whatever it holds."""
    crate, module_path = place
    if source.reason:
        return skipped_facts(source.path, source.stat, crate, module_path, source.reason)
    if is_manifest(source.path):
        return manifest_facts(source.path, source.data, source.stat, crate, module_path)
    try:
        return extract_facts(
            source.path,
            source.data,
            source.stat,
            crate,
            module_path,
            document=document,
            size_cap_bytes=limits.max_bytes,
            time_limit_s=limits.parse_timeout_s,
        )
    except Exception as error:  # the guard of this job: a bug met in one file must not cost all the others
        from loguru import logger  # late: the workers of a first index start faster without it

        logger.opt(exception=True).error("{} could not be parsed", source.path)
        reason = f"a fault of isg in parsing it: {type(error).__name__}: {error}"[:200]
        return skipped_facts(source.path, source.stat, crate, module_path, reason, digest(source.data))


class ParsePool:
    """Worker processes that read, parse and, for a first index, resolve. Spawned, never forked:
    RocksDB's threads do not survive a fork. Each is an executor of its own, because what a worker
    has parsed it keeps for `resolve`: sending it back and forth would cost more than parsing it."""

    def __init__(self, root: Path, limits: FileLimits, workers: int = 0) -> None:
        self._root = os.fspath(root)
        self._limits = limits
        self._workers = workers or os.cpu_count() or 1
        self._executors: list[ProcessPoolExecutor] = []
        self._learning: list[Future[None]] = []

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        self._executors = [
            ProcessPoolExecutor(1, context, initializer=_prepare_worker) for _ in range(self._workers)
        ]
        for executor in self._executors:  # start them now, while the caller still prepares
            executor.submit(os.getpid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for executor in self._executors:
            executor.shutdown(wait=True, cancel_futures=True)

    def parse(self, tasks: Sequence[ParseTask]) -> Iterator[list[FileFacts]]:
        """Facts of the files that exist, batch by batch, in no particular order."""
        yield from self._spread(_parse_files, [(b, self._limits) for b in _batches(tasks)])

    def pack(self, tasks: Sequence[ParseTask]) -> Iterator[list[PackedFile]]:
        """Like `parse`, but as rows; the workers remember the files for `resolve`."""
        yield from self._spread(_pack_files, [(b, self._limits) for b in _batches(tasks)])

    def learn(self, definitions: Sequence[Row], world: World) -> None:
        """Have the workers take in the rows of all definitions, while the caller goes on."""
        shared = pickle.dumps((definitions, world), pickle.HIGHEST_PROTOCOL)
        self._learning = [executor.submit(_learn_definitions, shared) for executor in self._executors]

    def resolve(self) -> Iterator[PackedEdges]:
        """Edges of all files that were packed, batch by batch, against what was learnt."""
        running: dict[Future[PackedEdges], ProcessPoolExecutor] = {}
        for executor in self._executors:
            for _ in range(_BATCHES_AHEAD):
                running[executor.submit(_resolve_some)] = executor
        for learnt in self._learning:
            learnt.result()
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                executor = running.pop(future)
                edges = future.result()
                if edges.paths:
                    running[executor.submit(_resolve_some)] = executor
                    yield edges

    def _spread(self, work: Callable[..., T], batches: Sequence[tuple[Any, ...]]) -> Iterator[T]:
        """Results of `work(root, *batch)`, each worker kept busy and never far ahead of the caller.

        Neighbours go to one worker while that keeps all busy: when it resolves them, what it has found out of
        their crate serves the next one.
        """
        workers = range(len(self._executors))
        share = -(-len(batches) // len(workers))
        left = [deque(batches[share * number : share * (number + 1)]) for number in workers]
        running: dict[Future[T], int] = {}
        free = [number for number in workers for _ in range(_BATCHES_AHEAD)]
        while running or any(left):
            while free and any(left):
                number = free.pop()
                batch = left[number].popleft() if left[number] else max(left, key=len).pop()
                running[self._executors[number].submit(work, self._root, *batch)] = number
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                free.append(running.pop(future))
                yield future.result()


def _batches(tasks: Sequence[ParseTask]) -> list[Sequence[ParseTask]]:
    return [tasks[at : at + _BATCH_FILES] for at in range(0, len(tasks), _BATCH_FILES)]


# ---------------------------------------------------------------- inside a worker

_held: list[FileFacts] = []
_resolver: Resolver | None = None


def _prepare_worker() -> None:
    gc.disable()  # facts hold no cycles, and a worker is short-lived
    atexit.register(os._exit, 0)  # what it has learnt is not taken apart piece by piece: seconds, at the end


def _parse_files(root: str, tasks: Sequence[ParseTask], limits: FileLimits) -> list[FileFacts]:
    folder = Path(root)
    found = []
    for path, place in tasks:
        source = read_source(folder, path, limits.max_bytes)
        if source is not None:
            found.append(facts_of_source(source, place, limits))
    return found


def _pack_files(root: str, tasks: Sequence[ParseTask], limits: FileLimits) -> list[PackedFile]:
    found = _parse_files(root, tasks, limits)
    _held.extend(found)
    return [pack_file(facts) for facts in found]


def _learn_definitions(shared: bytes) -> None:
    global _resolver
    rows, world = pickle.loads(shared)  # made by the process that started this one
    _resolver = Resolver(PackedDefinitions(rows), world)


def _resolve_some() -> PackedEdges:
    """Edges of the next files that this worker holds; empty when there are none left."""
    assert _resolver is not None
    batch, _held[:_RESOLVE_FILES] = _held[:_RESOLVE_FILES], []
    resolved = []
    for facts in batch:
        found = _resolver.resolve(facts)
        keys = foreign_keys(facts, found.asked)
        resolved.append(ResolvedFile(facts.record.path, found.edges, facts.record.hash, keys))
    return pack_edges(resolved)
