"""From a file's bytes to its facts, in this process or in a pool of worker processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from hydrators.tolerant import Document, extract_facts, skipped_facts
from hydrators.tolerant.tokens import digest
from indexer.crates import Place, is_manifest
from indexer.source_files import SourceFile, read_source
from store.model import FileFacts, FileRecord

_BATCH_FILES = 48
_BATCHES_AHEAD = 2  # a worker: one at work and one waiting, so that memory stays bounded


class ParseTask(NamedTuple):
    """One file to be read and parsed."""

    path: str
    place: Place


def facts_of_source(
    source: SourceFile, place: Place, size_cap_bytes: int, document: Document | None = None
) -> FileFacts:
    """The facts of a file that was read, whatever it holds."""
    crate, module_path = place
    if source.reason:
        return skipped_facts(source.path, source.stat, crate, module_path, source.reason)
    if is_manifest(source.path):
        return _manifest_facts(source, place)
    return extract_facts(
        source.path,
        source.data,
        source.stat,
        crate,
        module_path,
        document=document,
        size_cap_bytes=size_cap_bytes,
    )


def _manifest_facts(source: SourceFile, place: Place) -> FileFacts:
    record = FileRecord(
        source.path,
        "indexed",
        "",
        ("manifest",),
        digest(source.data),
        source.stat,
        source.data.count(b"\n"),
        0,
        *place,
    )
    return FileFacts(record, (), (), {}, (), (), source.data)


class ParsePool:
    """Worker processes that read and parse. Spawned, never forked: RocksDB's threads do not survive a
    fork. A worker that dies costs its batch an in-process parse, not the run."""

    def __init__(self, root: Path, size_cap_bytes: int, workers: int = 0) -> None:
        self._root = os.fspath(root)
        self._size_cap_bytes = size_cap_bytes
        self.workers = workers or os.cpu_count() or 1
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(self.workers, context, initializer=_prepare_worker)
        for _ in range(self.workers):  # start them now, while the caller still walks the tree
            self._executor.submit(os.getpid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def parse(self, tasks: Sequence[ParseTask]) -> Iterator[list[FileFacts]]:
        """Facts of the files that exist, batch by batch, in no particular order."""
        assert self._executor is not None, "use the pool as a context manager"
        batches = [tasks[at : at + _BATCH_FILES] for at in range(0, len(tasks), _BATCH_FILES)]
        batches.reverse()
        running: dict[Future[list[FileFacts]], Sequence[ParseTask]] = {}
        while batches or running:
            while batches and len(running) < self.workers * _BATCHES_AHEAD:
                batch = batches.pop()
                running[self._executor.submit(parse_files, self._root, batch, self._size_cap_bytes)] = batch
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                del running[future]
                yield future.result()


def _prepare_worker() -> None:
    gc.disable()  # facts hold no cycles, and a worker is short-lived


def parse_files(root: str, tasks: Sequence[ParseTask], size_cap_bytes: int) -> list[FileFacts]:
    """Read and parse some files; those that are gone are left out."""
    folder = Path(root)
    found = []
    for path, place in tasks:
        source = read_source(folder, path, size_cap_bytes)
        if source is not None:
            found.append(facts_of_source(source, place, size_cap_bytes))
    return found
