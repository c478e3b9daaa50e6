"""A consumer of the watcher that keeps a copy of every file of interest, by nothing but batches.

If the copy equals the tree after `sync`, no change was lost: that is what most watcher tests ask.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from watchers.ignore import IgnoreRules
from watchers.scan import FileStat, ScanResult, WorkspaceMissing, diff_scan, scan
from watchers.source import OpenSource, open_notify
from watchers.watcher import Batch, Watcher, WatchSettings

DEADLINE_S = 20.0

on_asyncio = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]


def tree_of(root: Path, rules: IgnoreRules | None = None) -> dict[str, bytes]:
    """The files of interest that are on disk right now."""
    found = scan(root, rules or IgnoreRules(root))
    return {path: (root / path).read_bytes() for path in found.files}


class Mirror:
    """`files` is the copy, `batches` all that was handed out."""

    def __init__(self, root: Path, rules: IgnoreRules, watcher: Watcher) -> None:
        self.root = root
        self.watcher = watcher
        self.rules = rules
        self.files: dict[str, bytes] = {}
        self.batches: list[Batch] = []
        self._stats: dict[str, FileStat] = {}
        self._news = asyncio.Event()

    async def follow(self) -> None:
        async for batch in self.watcher:
            self.batches.append(batch)
            self._take_in(batch)
            batch.done()
            self._news.set()

    async def settled(self) -> dict[str, bytes]:
        """The copy once everything that happened before this call is in it."""
        await self.watcher.sync(DEADLINE_S)
        return self.files

    async def until(self, is_true: Any) -> None:
        """Wait, batch by batch, until `is_true()` holds."""
        async with asyncio.timeout(DEADLINE_S):
            while not is_true():
                self._news.clear()
                await self._news.wait()

    def seen_paths(self) -> set[str]:
        return {path for batch in self.batches for path in batch.paths}

    def rescans(self) -> list[str]:
        return [batch.rescan for batch in self.batches if batch.rescan is not None]

    def _take_in(self, batch: Batch) -> None:
        for path in batch.paths:
            self._look_at(path)
        if batch.rescan is None:
            return
        try:
            results = [scan(self.root, self.rules, subtree) for subtree in batch.subtrees or {""}]
        except WorkspaceMissing:
            return
        for result in results:
            self._reconcile(result)

    def _reconcile(self, result: ScanResult) -> None:
        changed, removed = diff_scan(self._stats, result)
        for path in (*changed, *removed):
            self._look_at(path)
        for path in removed:
            self._forget(path)

    def _look_at(self, path: str) -> None:
        full = self.root / path
        try:
            found = os.lstat(full)
            if not stat.S_ISREG(found.st_mode) or self.rules.is_ignored(path, False):
                self._forget(path)
                return
            content = full.read_bytes()
        except OSError:
            self._forget(path)
            return
        self.files[path] = content
        self._stats[path] = FileStat(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def _forget(self, path: str) -> None:
        self.files.pop(path, None)
        self._stats.pop(path, None)


@asynccontextmanager
async def mirrored(
    root: Path, settings: WatchSettings | None = None, open_source: OpenSource = open_notify
) -> AsyncIterator[Mirror]:
    """A watcher on `root` with a mirror behind it that has taken in the tree as it is."""
    rules = IgnoreRules(root)
    async with Watcher(root, rules, settings, open_source) as watcher:
        mirror = Mirror(root, rules, watcher)
        following = asyncio.create_task(mirror.follow())
        try:
            if root.is_dir():
                await mirror.settled()
            yield mirror
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
