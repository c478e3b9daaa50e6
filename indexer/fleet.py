"""The open workspaces: one task each, which opens it, keeps it open, and reopens it when it breaks.

Owns the registry's life in the daemon. Knows nothing of sockets, and of a workspace only
`indexer.served`.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from loguru import logger

from indexer.config import Settings
from indexer.llama import SharedLlama
from indexer.metrics import Metrics
from indexer.paths import Paths
from indexer.protocol import ErrorCode, RpcError
from indexer.registry import Entry, Registry, RegistryError, make_entry
from indexer.results import WorkspaceRow, WorkspaceStatus
from indexer.served import OpenWorkspace, ServedWorkspace

OPEN_TIMEOUT_S = 20.0  # how long a request waits for a workspace that is being opened
FIRST_RETRY_S, LAST_RETRY_S = 1.0, 60.0
STEADY_S = 300.0  # a workspace that lived this long starts again at the first retry


@dataclass(slots=True)
class Seat:
    """One workspace's place: what is known of it whether or not it is open."""

    entry: Entry
    workspace: ServedWorkspace | None = None
    reason: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)  # set when it is open or has failed
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    def row(self) -> WorkspaceRow:
        state = "failed" if self.reason else "opening"
        if self.workspace is not None:
            state = str(self.workspace.status().get("state", "ready"))
        entry = self.entry
        return {
            "id": entry.id,
            "root": str(entry.root),
            "trusted": entry.trusted,
            "paused": entry.paused,
            "state": state,
            "reason": self.reason,
        }

    def status(self) -> WorkspaceStatus:
        said: Any = self.workspace.status() if self.workspace is not None else {}
        return cast(WorkspaceStatus, {**said, **self.row()})


class Fleet:
    """All workspaces of the registry. `async with` opens them in the background and closes them."""

    def __init__(
        self,
        registry: Registry,
        paths: Paths,
        settings: Settings,
        metrics: Metrics,
        llama: SharedLlama,
        open_workspace: OpenWorkspace,
    ) -> None:
        self.registry = registry
        self._paths = paths
        self._settings = settings
        self._metrics = metrics
        self._llama = llama
        self._open_workspace = open_workspace
        self._seats: dict[str, Seat] = {}
        self._order = asyncio.Lock()  # one change of the list at a time

    async def __aenter__(self) -> Self:
        for entry in self.registry.entries():
            self._take_seat(entry)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(self._vacate(seat) for seat in list(self._seats.values())))

    def __len__(self) -> int:
        return len(self._seats)

    def seats(self) -> list[Seat]:
        return list(self._seats.values())

    def database(self, seat: Seat) -> Path:
        """Where the workspace's database is (or will be)."""
        return self._paths.database(seat.entry.id)

    def find(self, workspace: str | None, cwd: str | None) -> Seat:
        """The seat that a request means. Raises RpcError WORKSPACE_UNKNOWN."""
        if workspace is not None:
            if workspace in self._seats:
                return self._seats[workspace]
            path = Path(cwd or "/", workspace).expanduser()
            # A mistyped id must not be taken for a path below the current directory.
            is_path = workspace.startswith(("/", ".", "~")) or path.exists()
            entry = self.registry.around(_real(path)) if is_path else None
            if entry is None:
                raise self._unknown(f"no workspace is called {workspace} or holds that path")
            return self._seats[entry.id]
        if cwd is not None and (entry := self.registry.around(_real(Path(cwd)))) is not None:
            return self._seats[entry.id]
        if len(self._seats) == 1:
            return next(iter(self._seats.values()))
        if not self._seats:
            raise RpcError(ErrorCode.WORKSPACE_UNKNOWN, "there is no workspace yet", "isg add PATH")
        raise self._unknown("there are several workspaces, and the current directory is in none of them")

    async def opened(self, seat: Seat, timeout_s: float = OPEN_TIMEOUT_S) -> ServedWorkspace:
        """The seat's workspace, waiting while it is being opened. Raises RpcError NOT_READY."""
        try:
            async with asyncio.timeout(timeout_s):
                await seat.changed.wait()
        except TimeoutError:
            raise RpcError(
                ErrorCode.NOT_READY,
                f"{seat.entry.id} is still being opened",
                "ask again; `isg status` shows it",
            ) from None
        if seat.workspace is None:
            raise RpcError(
                ErrorCode.NOT_READY,
                f"{seat.entry.id} could not be opened: {seat.reason or 'it is being closed'}",
                "it is tried again by itself; `isg logs` shows more",
            )
        return seat.workspace

    async def add(self, path: str, trusted: bool | None) -> tuple[Seat, bool]:
        """Adds the directory, or changes the trust of one that is there. Raises RpcError CONFLICT."""
        async with self._order:
            try:
                entry = make_entry(
                    Path(path), trusted=bool(trusted), taken=[entry.id for entry in self.registry.entries()]
                )
            except RegistryError as error:
                what, _, do = str(error).partition(": ")
                raise RpcError(ErrorCode.CONFLICT, what, do) from None
            known = self.registry.at(entry.root)
            if known is None:
                self.registry.put(entry)
                logger.info("added {} at {} (trusted: {})", entry.id, entry.root, entry.trusted)
                return self._take_seat(entry), True
            seat = self._seats[known.id]
            if trusted is not None and trusted != known.trusted:
                await self._vacate(seat)
                seat = self._take_seat(self.registry.update(known.id, trusted=trusted))
                logger.info("trust of {} is now {}", known.id, trusted)
            return seat, False

    async def remove(self, seat: Seat, *, keep_store: bool) -> bool:
        """Forgets the workspace; True if its store was removed from disk."""
        async with self._order:
            await self._vacate(seat)
            self.registry.remove(seat.entry.id)
            self._seats.pop(seat.entry.id, None)
            store = self._paths.store_dir(seat.entry.id)
            if not keep_store and store.exists():
                await asyncio.to_thread(shutil.rmtree, store, ignore_errors=True)
            built = self._paths.rust_analyzer_dir(seat.entry.id)
            await asyncio.to_thread(shutil.rmtree, built, ignore_errors=True)
            logger.info("removed {}", seat.entry.id)
            return not keep_store and not store.exists()

    async def set_paused(self, seat: Seat, paused: bool) -> None:
        workspace = await self.opened(seat)
        if paused:
            workspace.pause()
        else:
            workspace.resume()
        seat.entry = self.registry.update(seat.entry.id, paused=paused)

    async def while_closed(self, seat: Seat, work: Callable[[], Awaitable[None]]) -> Seat:
        """Closes the workspace, does `work` on its files, and opens it again whatever happened."""
        async with self._order:
            await self._vacate(seat)
            try:
                await work()
            finally:
                fresh = self._take_seat(seat.entry)
            return fresh

    def request_scans(self, reason: str) -> None:
        """Asks every open workspace to compare its tree with its index."""
        for seat in self._seats.values():
            if seat.workspace is not None and not seat.entry.paused:
                seat.workspace.request_scan(reason)

    def _take_seat(self, entry: Entry) -> Seat:
        seat = self._seats[entry.id] = Seat(entry)
        seat.task = asyncio.create_task(self._keep_open(seat), name=f"workspace {entry.id}")
        return seat

    async def _vacate(self, seat: Seat) -> None:
        seat.leaving.set()
        if seat.task is not None:
            await asyncio.wait([seat.task])

    async def _keep_open(self, seat: Seat) -> None:
        retry_s = FIRST_RETRY_S
        while not seat.leaving.is_set():
            started = time.monotonic()
            try:
                await self._live(seat)
            except Exception as error:  # a guard: one broken workspace must not cost the others
                seat.reason = f"{type(error).__name__}: {_flat(error)}"
                self._metrics.count("workspace.failures")
                logger.opt(exception=True).error("{} failed: {}", seat.entry.id, seat.reason)
                if time.monotonic() - started > STEADY_S:
                    retry_s = FIRST_RETRY_S
            finally:
                seat.workspace = None
                seat.changed.set()
            try:
                async with asyncio.timeout(retry_s):
                    await seat.leaving.wait()
            except TimeoutError:
                retry_s = min(retry_s * 2, LAST_RETRY_S)

    async def _live(self, seat: Seat) -> None:
        opening = self._open_workspace(seat.entry, self._settings, self._metrics, self._llama)
        async with await opening as workspace:
            if seat.entry.paused:
                workspace.pause()
            seat.workspace, seat.reason = workspace, ""
            seat.changed.set()
            await seat.leaving.wait()
            seat.workspace = None

    def _unknown(self, message: str) -> RpcError:
        known = [f"{seat.entry.id} ({seat.entry.root})" for seat in self._seats.values()]
        do = f"name one with -w: {', '.join(known[:10])}" if known else "isg add PATH"
        return RpcError(ErrorCode.WORKSPACE_UNKNOWN, message, do)


def _flat(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_flat(inner) for inner in error.exceptions)
    return str(error)


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path
