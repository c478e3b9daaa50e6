"""Exact search: the vectors of one model as a matrix in memory, made from the store when it is first used.

A vector of d float32 is kept as d bytes and a scale, so that 60,000 of 384 take 25 MB and are compared in 5
ms; which are nearest is then decided by the stored vectors, of those that may be. The only importer of numpy,
and that only when something is searched for. Knows nothing of nodes.
"""

from __future__ import annotations

import importlib
import mmap
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from store.database import Database, Run
from store.schema import vector_relations
from store.vector_models import bucketed

BUCKETS = 256

_BLOCK_ROWS = 1_024  # compared at once: what is unpacked of them stays in the processor's cache
_FIRST_KEYS = 96  # in the first portion; twice as many in each later one
_ROUNDING = 1e-5  # of sums of float32


class Portion(NamedTuple):
    """Keys, and what no cosine of a later portion is above."""

    keys: list[str]
    rest: float


def _numpy() -> Any:
    # Two threads of OpenBLAS that wait for each other on a busy machine take 50 times as long as one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return importlib.import_module("numpy")


def normalised(query: bytes, dimension: int) -> bytes:
    """The query with length 1. ValueError if it has another dimension, no length, or is not finite."""
    np = _numpy()
    if len(query) != 4 * dimension:
        raise ValueError(f"a query of {len(query)} bytes, and vectors of {dimension} numbers")
    vector = np.frombuffer(query, "<f4").astype(np.float64)
    length = float(np.linalg.norm(vector))
    if not 0.0 < length < float("inf"):
        raise ValueError("a query that is zero or not finite is near nothing")
    normal: bytes = (vector / length).astype("<f4").tobytes()
    return normal


def compare(query: bytes, vectors: Sequence[bytes]) -> list[float]:
    """The cosine of a normalised query to each of some vectors."""
    np = _numpy()
    if not vectors:
        return []
    matrix = np.frombuffer(b"".join(vectors), "<f4").reshape(len(vectors), -1).astype(np.float64)
    lengths = np.linalg.norm(matrix, axis=1)
    found: list[float] = (matrix @ np.frombuffer(query, "<f4").astype(np.float64) / lengths).tolist()
    return found


def read_vectors(read: Run, number: int, keys: Iterable[str]) -> dict[str, bytes]:
    """The stored vectors under these keys."""
    name = vector_relations(number).vectors
    rows = read(
        f"k[bucket, embed_key] <- $k ?[embed_key, vector] := k[bucket, embed_key],"
        f" *{name}{{bucket, embed_key, vector}}",
        {"k": bucketed(keys)},
    )
    return {row[0]: row[1] for row in rows}


class ExactIndex:
    """All vectors of one model of a store. Safe to share between threads; whoever changes the store's vectors
    tells (`note`). Takes no memory before the first search, nor after `release`."""

    def __init__(self, db: Database, number: int, dimension: int) -> None:
        self._db = db
        self._number = number
        self._dimension = dimension
        self._lock = threading.Lock()  # never taken by whoever holds the store's
        self._news: deque[str] = deque()
        self._matrix: _Matrix | None = None
        self._used_s = 0.0

    @property
    def nbytes(self) -> int:
        """The memory that it takes."""
        matrix = self._matrix
        return matrix.nbytes if matrix is not None else 0

    def note(self, keys: Iterable[str]) -> None:
        """The vectors under these keys are others than before, or gone."""
        if self._matrix is not None:
            self._news.extend(keys)

    def release(self, unused_for_s: float = 0.0) -> int:
        """Give the memory back, if no search was made for so long; returns its bytes."""
        with self._lock:
            freed = self.nbytes
            if not freed or time.monotonic() - self._used_s < unused_for_s:
                return 0
            self._matrix = None
            self._news.clear()
            return freed

    def nearest(self, query: bytes) -> tuple[int, Iterator[Portion]]:
        """How many vectors there are, and their keys, those first that may be the nearest. `query` is
        normalised."""
        with self._lock:
            matrix = self._loaded()
            self._used_s = time.monotonic()
            return matrix.rows, matrix.nearest(query)

    def _loaded(self) -> _Matrix:
        if self._matrix is not None and self._matrix.is_mostly_gone:
            self._matrix = None
        if self._matrix is None:
            matrix = _Matrix(self._dimension)
            self._matrix = matrix  # from now on news are collected
            try:
                name = vector_relations(self._number).vectors
                script = f"?[embed_key, vector] := *{name}{{bucket: $bucket, embed_key, vector}}"
                for bucket in range(BUCKETS):
                    matrix.append(self._db.query(script, {"bucket": bucket}))
            except BaseException:
                self._matrix = None
                raise
        if self._news:
            keys = [self._news.popleft() for _ in range(len(self._news))]
            self._matrix.remove(keys)
            with self._db.reading() as run:
                found = read_vectors(run, self._number, keys)
            self._matrix.append([[key, vector] for key, vector in found.items()])
        return self._matrix


class _Matrix:
    """Rows in blocks: a byte for each number, the scale of a row, how far the row is from the vector that it
    stands for, and its key as two integers. A row that is gone has the scale NaN."""

    def __init__(self, dimension: int) -> None:
        self._np = _numpy()
        self._dimension = dimension
        self._blocks: list[Any] = []
        self._keys = self._np.zeros((0, 2), "<u8")
        self._scales = self._np.zeros(0, "<f4")
        self._errors = self._np.zeros(0, "<f4")
        self._taken = 0
        self.rows = 0

    @property
    def nbytes(self) -> int:
        own = (self._keys, self._scales, self._errors, *self._blocks)
        return int(sum(array.nbytes for array in own))

    @property
    def is_mostly_gone(self) -> bool:
        return self._taken > 2 * self.rows + _BLOCK_ROWS

    def append(self, rows: Sequence[Sequence[Any]]) -> None:
        """[key, vector] of keys that are not there."""
        np = self._np
        for at in range(0, len(rows), _BLOCK_ROWS):
            part = rows[at : at + _BLOCK_ROWS]
            vectors = np.frombuffer(b"".join([row[1] for row in part]), "<f4")
            vectors = vectors.reshape(len(part), self._dimension)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            vectors = vectors / np.where(lengths > 0, lengths, 1)
            scales = np.maximum(np.abs(vectors).max(axis=1), np.float32(1e-12)) / np.float32(127)
            packed = np.rint(vectors / scales[:, None]).astype(np.int8)
            errors = np.linalg.norm(vectors - packed * scales[:, None], axis=1)
            keys = np.frombuffer(bytes.fromhex("".join([row[0] for row in part])), "<u8").reshape(-1, 2)
            self._extend(keys, packed, scales, errors)

    def _extend(self, keys: Any, packed: Any, scales: Any, errors: Any) -> None:
        np, start, end = self._np, self._taken, self._taken + len(keys)
        room = len(self._blocks) * _BLOCK_ROWS
        while room < end:
            # Mapped, so that it goes back to the system when it is released.
            mapped = mmap.mmap(-1, _BLOCK_ROWS * self._dimension)
            self._blocks.append(np.frombuffer(mapped, np.int8).reshape(_BLOCK_ROWS, self._dimension))
            room += _BLOCK_ROWS
        if len(self._keys) < end:
            more = max(end, len(self._keys) + len(self._keys) // 4) - len(self._keys)
            self._keys = np.concatenate((self._keys, np.zeros((more, 2), "<u8")))
            self._scales = np.concatenate((self._scales, np.full(more, np.nan, "<f4")))
            self._errors = np.concatenate((self._errors, np.zeros(more, "<f4")))
        self._keys[start:end], self._scales[start:end], self._errors[start:end] = keys, scales, errors
        for row in range(start, end, _BLOCK_ROWS):
            self._fill(row, packed[row - start :])
        for row in range(start - start % _BLOCK_ROWS + _BLOCK_ROWS, end, _BLOCK_ROWS):
            self._fill(row, packed[row - start :])
        self._taken = end
        self.rows += len(keys)

    def _fill(self, row: int, packed: Any) -> None:
        inside = row % _BLOCK_ROWS
        count = min(_BLOCK_ROWS - inside, len(packed))
        self._blocks[row // _BLOCK_ROWS][inside : inside + count] = packed[:count]

    def remove(self, keys: Sequence[str]) -> None:
        """Those of them that are there."""
        np = self._np
        gone = np.frombuffer(bytes.fromhex("".join(keys)), "<u8").reshape(-1, 2)
        first = np.flatnonzero(np.isin(self._keys[: self._taken, 0], gone[:, 0]))
        wanted = {tuple(key) for key in gone.tolist()}
        hit = [row for row in first.tolist() if tuple(self._keys[row].tolist()) in wanted]
        alive = [row for row in hit if not np.isnan(self._scales[row])]
        self._scales[alive] = np.nan
        self.rows -= len(alive)

    def nearest(self, query: bytes) -> Iterator[Portion]:
        np = self._np
        wanted = np.frombuffer(query, "<f4")
        found = np.empty(self._taken, "<f4")
        buffer = np.empty((_BLOCK_ROWS, self._dimension), "<f4")
        for number, block in enumerate(self._blocks):
            start = number * _BLOCK_ROWS
            count = min(_BLOCK_ROWS, self._taken - start)
            if count > 0:
                buffer[:count] = block[:count]
                np.dot(buffer[:count], wanted, out=found[start : start + count])
        # By Cauchy and Schwarz no cosine is off by more than the length of what the bytes leave out.
        found *= self._scales[: self._taken]
        found += self._errors[: self._taken] + np.float32(_ROUNDING)
        alive = np.flatnonzero(~np.isnan(found))
        return _portions(np, found[alive], self._keys[alive])


def _portions(np: Any, bounds: Any, keys: Any) -> Iterator[Portion]:
    """Keys by what their cosines are not above."""
    count = _FIRST_KEYS
    while len(bounds):
        here, rest = slice(None), slice(0, 0)
        if count < len(bounds):
            cut = np.argpartition(-bounds, count - 1)
            here, rest = cut[:count], cut[count:]
        highest = float(bounds[rest].max()) if len(bounds[rest]) else float("-inf")
        yield Portion([row.tobytes().hex() for row in keys[here]], highest)
        bounds, keys = bounds[rest], keys[rest]
        count *= 2


# ------------------------------------------------------------------ which there are

_indexes: WeakKeyDictionary[Database, dict[int, ExactIndex]] = WeakKeyDictionary()
_making = threading.Lock()


def exact_index(db: Database, number: int, dimension: int) -> ExactIndex:
    """The one of this model of the store."""
    with _making:
        its = _indexes.setdefault(db, {})
        if number not in its:
            its[number] = ExactIndex(db, number, dimension)
        return its[number]


def note_vectors(db: Database, number: int, keys: Iterable[str]) -> None:
    """The vectors under these keys are others than before, or gone. To be told by whoever writes them, when
    they are written."""
    for index in _of_model(db, number):
        index.note(keys)


def release_exact(db: Database, unused_for_s: float = 0.0) -> int:
    """Give back the memory of exact search if it was not used for so long; returns how many bytes."""
    with _making:
        its = list(_indexes.get(db, {}).values())
    return sum(index.release(unused_for_s) for index in its)


def exact_bytes(db: Database) -> int:
    """The memory that exact search takes now."""
    with _making:
        return sum(index.nbytes for index in _indexes.get(db, {}).values())


def _of_model(db: Database, number: int) -> list[ExactIndex]:
    with _making:
        index = _indexes.get(db, {}).get(number)
    return [] if index is None else [index]
