"""A daemon inside the test's process: the real server, registry and store, on a small fake workspace.

The fake has a real store in memory and really indexes its tree once; it only does not watch.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from indexer.config import Settings
from indexer.daemon import serve
from indexer.hydration import Hydration
from indexer.llama import SharedLlama
from indexer.meaning import Meaning
from indexer.metrics import Metrics
from indexer.parsing import FileLimits
from indexer.paths import Paths, resolve_paths
from indexer.pipeline import Pipeline
from indexer.registry import Entry
from indexer.rpc_client import Client
from indexer.rpc_socket import hold_lock
from indexer.served import ServedWorkspace
from store import queries
from store.database import Database
from store.migrations import open_database

P = ParamSpec("P")
T = TypeVar("T")
DEADLINE_S = 20.0

SOURCES = {
    "Cargo.toml": '[package]\nname = "toy"\nversion = "0.1.0"\n',
    "src/lib.rs": (
        "pub mod parse;\n\n/// Says hello.\npub fn greet() -> String {\n    parse::render(1)\n}\n\n"
        "pub fn twice() -> String {\n    greet() + &greet()\n}\n"
    ),
    "src/parse.rs": (
        "pub struct Parser;\n\nimpl Parser {\n    pub fn new() -> Self {\n        Parser\n    }\n}\n\n"
        "pub fn render(n: usize) -> String {\n    n.to_string()\n}\n"
    ),
    "src/other.rs": "pub struct Lexer;\nimpl Lexer {\n    pub fn new() -> Self {\n        Lexer\n    }\n}\n"
    "pub fn shout() -> String {\n    crate::parse::render(2)\n}\n",
}


def lay_out_sources(root: Path) -> Path:
    """A small crate at `root`, which need not exist."""
    for name, text in SOURCES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


class FakeWorkspace:
    """Indexes its tree when it is entered and again on `reindex`; `never_ready` makes `wait` time out."""

    hydration: Hydration | None = None  # it hydrates nothing
    meaning: Meaning | None = None

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.scans: list[str] = []
        self.never_ready = False
        self.blocked = asyncio.Event()  # `wait("structural")` waits for it while `never_ready`
        self.paused = False
        self._subscribers: set[asyncio.Queue[dict[str, Any]]] = set()

    async def __aenter__(self) -> Self:
        self.db = open_database(self.entry.root, "mem")
        await self.reindex()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()

    async def reindex(self) -> None:
        pipeline = Pipeline(self.db, self.entry.root, FileLimits(1_000_000, 10.0))
        root = self.entry.root
        commits = pipeline.apply(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
        while pipeline.resolve_stale() is not None:
            pass
        for commit in commits:
            for queue in self._subscribers:
                queue.put_nowait({"clock": commit.clock, "changes": [c._asdict() for c in commit.changes]})

    def status(self) -> dict[str, Any]:
        counts = queries.counts(self.db)
        return {
            "state": "paused" if self.paused else "ready",
            "progress": {"done": counts.files, "total": counts.files},
            "counts": {"files": counts.files, "nodes": counts.nodes, "edges": counts.edges},
            "skipped": [{"path": "src/pipe", "reason": "not a regular file"}],
            "store_bytes": 0,
            "last_commit_age_s": 1.0,
            **self.freshness(),
        }

    def freshness(self) -> dict[str, Any]:
        return {
            "clock": queries.clock(self.db),
            "fresh_instance": False,
            "pending": {"structural": 0, "edges": 3 if self.never_ready else 0},
            "warnings": [],
        }

    async def wait(self, stage: str, timeout_s: float) -> None:
        if self.never_ready:
            async with asyncio.timeout(timeout_s):
                await self.blocked.wait()

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def request_scan(self, reason: str) -> None:
        self.scans.append(reason)

    async def read(
        self, query: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await asyncio.to_thread(query, self.db, *args, **kwargs)

    async def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._subscribers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._subscribers.discard(queue)


@dataclass(slots=True)
class Bench:
    """A running daemon: where it is, and what it opened."""

    paths: Paths
    workspaces: list[FakeWorkspace] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def client(self, timeout_s: float = DEADLINE_S) -> Client:
        return Client(self.paths.socket, timeout_s)

    def call(self, method: str, **params: Any) -> Any:
        with self.client() as client:
            return client.call(method, params)

    def raw(self) -> socket.socket:
        """A bare connection, for what no client would send."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(str(self.paths.socket))  # without a timeout: it waits while the queue is full
        connection.settimeout(DEADLINE_S)
        return connection


def send_line(connection: socket.socket, line: bytes) -> dict[str, Any]:
    """The answer to one raw line."""
    connection.sendall(line + b"\n")
    return read_line(connection)


def read_line(connection: socket.socket) -> dict[str, Any]:
    data = bytearray()
    while not data.endswith(b"\n"):
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError(f"closed after {bytes(data[:200])!r}")
        data += chunk
    message: dict[str, Any] = json.loads(data)
    return message


@contextmanager
def running_daemon(home: Path, **settings: Any) -> Iterator[Bench]:
    """Serves under `home` in a thread until the body ends; raises what the daemon raised."""
    bench = Bench(resolve_paths({"ISG_HOME": str(home)}))
    up = threading.Event()
    failed: list[BaseException] = []
    stop: list[asyncio.Event] = []

    async def open_fake(
        entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama
    ) -> ServedWorkspace:
        workspace = FakeWorkspace(entry)
        bench.workspaces.append(workspace)
        return workspace

    async def run() -> None:
        stop.append(asyncio.Event())
        bench.loop = asyncio.get_running_loop()
        await serve(bench.paths, Settings(**settings), open_fake, stop[0], up.set)

    def live() -> None:
        try:
            with hold_lock(bench.paths.lock_file):
                asyncio.run(run())
        except BaseException as error:
            failed.append(error)
        finally:
            up.set()

    thread = threading.Thread(target=live)
    thread.start()
    try:
        assert up.wait(DEADLINE_S)
        if not failed:
            yield bench
    finally:
        if stop and bench.loop is not None:
            with suppress(RuntimeError):  # its loop is closed already
                bench.loop.call_soon_threadsafe(stop[0].set)
        thread.join(DEADLINE_S)
    assert not thread.is_alive(), "the daemon does not stop"
    if failed:
        raise failed[0]
