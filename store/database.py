"""One open CozoDB: the only code that touches pycozo.

Owns the process lock, the readers-writer lock, the guard against native panics, and the rule that one
transaction is one `run()`. Knows nothing of the schema. Every rule here answers a measured fault of
cozo_embedded 0.7.6, reproduced in tests/store/test_cozo_traps.py.
"""

from __future__ import annotations

import os

os.environ.setdefault("RAYON_NUM_THREADS", "8")  # before the native import: a smaller pool starves itself

import fcntl
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Protocol, Self

from pycozo.client import Client

Rows = list[list[Any]]
Engine = Literal["rocksdb", "mem"]

_FILLING = """\
[Version]
  rocksdb_version=8.8.1
  options_file_version=1.1
[DBOptions]
[CFOptions "default"]
  compression=kLZ4Compression
  bottommost_compression=kZSTD
  level0_file_num_compaction_trigger=16
[TableOptions/BlockBasedTable "default"]
"""
"""How RocksDB is told, in a file beside its own, that a store is about to be filled: what is written is put
in order when the store is next opened, in the background, and not again and again on the way."""
_FATAL = ("kIOError", "kCorruption", "IO error", "Corruption", "Cannot find compound key", "No space left")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class StoreError(RuntimeError):
    """A request to the store failed; the store itself is sound and unchanged."""


class StaleFacts(StoreError):
    """The facts given as `old` are not those stored: load them again and repeat the update."""


class StoreBroken(StoreError):
    """The store cannot go on: close it and open it again; if that fails too, rebuild it."""


class StoreLocked(StoreError):
    """Another process, or another `Database` of this one, has the store open."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of this program."""


class Run(Protocol):
    """Runs one script with its parameters; values never enter the script's text."""

    def __call__(self, script: str, params: dict[str, Any] | None = None) -> Rows: ...


class Database:
    """An open store. Safe to share between threads: any number of readers, or one writer.

    `path` is a directory for "rocksdb" and ignored by "mem". Raises StoreLocked when the store is open
    elsewhere and StoreBroken when it cannot be opened.
    """

    def __init__(self, path: Path | None, engine: Engine = "rocksdb") -> None:
        self.path = path if engine == "rocksdb" else None
        self.engine: Engine = engine
        self.broken: str | None = None
        self._pid = os.getpid()
        self._gate = _ReadersWriterLock()
        self._lock_file = None if self.path is None else _lock(self.path)
        self._client: Client | None = None
        try:
            self._client = self._guard_open()
        except BaseException:
            if self._lock_file is not None:
                self._lock_file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, script: str, params: dict[str, Any] | None = None) -> Rows:
        """Rows of one read-only script."""
        with self._gate.read():
            return self._run(script, params, immutable=True)

    def transact(self, script: str, params: dict[str, Any] | None = None) -> Rows:
        """Run one chained `{…}{…}` script as one transaction: all of it happens, or none."""
        with self._gate.write():
            return self._run(script, params, immutable=False)

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """Several read-only scripts that see one generation. Not re-entrant: use only the given run."""
        with self._gate.read():
            yield lambda script, params=None: self._run(script, params, immutable=True)

    @contextmanager
    def writing(self) -> Iterator[tuple[Run, Run]]:
        """(read, transact) with every reader and writer kept out in between. Not re-entrant."""
        with self._gate.write():
            yield (
                lambda script, params=None: self._run(script, params, immutable=True),
                lambda script, params=None: self._run(script, params, immutable=False),
            )

    def backup(self, path: Path) -> None:
        """Write the whole store to a new SQLite file at `path`."""
        with self._gate.write():
            client = self._alive()
            _guard(self, lambda: client.backup(os.fspath(path)))

    def restore(self, path: Path) -> None:
        """Fill this empty store from such a file. Close it afterwards: it can hold no new relation."""
        with self._gate.write():
            client = self._alive()
            _guard(self, lambda: client.restore(os.fspath(path)))

    def close(self) -> None:
        """Close the store and give up its lock; a second call does nothing."""
        with self._gate.write():
            client, self._client = self._client, None
            try:
                if client is not None and os.getpid() == self._pid:
                    client.close()
            finally:
                if self._lock_file is not None:
                    self._lock_file.close()
                    self._lock_file = None

    def _guard_open(self) -> Client:
        location = "" if self.path is None else os.fspath(self.path)
        if self.path is not None and self.path.is_dir():
            (self.path / "options").unlink(missing_ok=True)
        elif self.path is not None and not self.path.exists():
            self.path.mkdir(parents=True)
            (self.path / "options").write_text(_FILLING)
        try:
            return _guard(self, lambda: Client(self.engine, location, dataframe=False))
        except StoreBroken:
            raise
        except StoreError as error:
            raise StoreBroken(f"cannot open the store at {location or 'memory'}: {error}") from None

    def _alive(self) -> Client:
        if os.getpid() != self._pid:
            raise StoreBroken("the store was opened before a fork: open it in the process that uses it")
        if self.broken is not None:
            raise StoreBroken(f"the store failed before ({self.broken}): close it and open it again")
        if self._client is None:
            raise StoreBroken("the store is closed: open it again")
        return self._client

    def _run(self, script: str, params: dict[str, Any] | None, *, immutable: bool) -> Rows:
        client = self._alive()
        result = _guard(self, lambda: client.run(script, params or {}, immutable))
        rows: Rows = result["rows"]
        return rows


def _guard(database: Database, call: Any) -> Any:
    """Run a native call; turn whatever it throws into a StoreError or, if fatal, a StoreBroken."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a Rust panic arrives as a BaseException
        text = _message(error)
        if type(error).__name__ == "PanicException" or any(mark in text for mark in _FATAL):
            database.broken = text
            raise StoreBroken(f"{text}. Close the store and open it again") from None
        raise StoreError(text) from None


def _message(error: BaseException) -> str:
    # str(QueryException) raises by itself when its response is a plain string.
    response = getattr(error, "resp", None)
    if response is None:
        response = error.args[0] if error.args else repr(error)
    if isinstance(response, dict):
        text = response.get("display") or response.get("message") or ""
        return f"{response.get('code')}: {_ANSI.sub('', text)}".strip()
    return str(response)


def _lock(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock_path = path.with_name(path.name + ".lock")
    file = open(lock_path, "ab")  # noqa: SIM115 - held open for as long as the store is
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StoreLocked(
            f"the store at {path} is open in another process: stop that one (isg down) or use it instead"
        ) from None
    return file


class _ReadersWriterLock:
    """Many readers or one writer, in turns: a waiting writer keeps new readers out, and the readers that
    waited for a writer go before the next one, so that neither a busy index nor busy clients starve.

    RocksDB reads inside CozoDB have no snapshot: without this a join sees two generations of one commit.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self._readers_waiting = 0
        self._readers_due = 0  # readers that go before the next writer
        self._writing = False
        self._writers_waiting = 0

    @contextmanager
    def read(self) -> Iterator[None]:
        with self._changed:
            self._readers_waiting += 1
            try:
                while self._writing or (self._writers_waiting and not self._readers_due):
                    self._changed.wait()
                self._readers_due = max(0, self._readers_due - 1)
                self._readers += 1
            finally:  # also when an interrupt ends the wait: no writer may wait for a reader that left
                self._readers_waiting -= 1
                if self._readers_due > self._readers_waiting:
                    self._readers_due = self._readers_waiting
                    self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                if not self._readers:
                    self._changed.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self._changed:
            self._writers_waiting += 1
            try:
                while self._writing or self._readers or self._readers_due:
                    self._changed.wait()
            finally:
                self._writers_waiting -= 1
            self._writing = True
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._readers_due = self._readers_waiting
                self._changed.notify_all()
