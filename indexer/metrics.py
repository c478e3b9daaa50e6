"""Counters and timings of this process, kept in memory.

Timings keep the last 1,024 observations of each name: enough for a p95, bounded for ever.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

RING_SIZE = 1024
MAX_NAMES = 512  # a name made from foreign input must not grow the process


class Metrics:
    """Thread-safe. Names are dotted: `rpc.nodes.get`, `ingest.files`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[str, int] = {}
        self._rings: dict[str, deque[float]] = {}
        self._seen: dict[str, int] = {}
        self._totals: dict[str, float] = {}

    def count(self, name: str, by: int = 1) -> None:
        with self._lock:
            if name in self._counters or len(self._counters) < MAX_NAMES:
                self._counters[name] = self._counters.get(name, 0) + by

    def observe(self, name: str, seconds: float) -> None:
        with self._lock:
            ring = self._rings.get(name)
            if ring is None:
                if len(self._rings) >= MAX_NAMES:
                    return
                ring = self._rings[name] = deque(maxlen=RING_SIZE)
            ring.append(seconds)
            self._seen[name] = self._seen.get(name, 0) + 1
            self._totals[name] = self._totals.get(name, 0.0) + seconds

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Observes how long the body took, also when it raises."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.observe(name, time.perf_counter() - started)

    def counter(self, name: str) -> int:
        with self._lock:
            return self._counters.get(name, 0)

    def snapshot(self) -> dict[str, Any]:
        """{counters: {name: n}, timings: {name: {count, total_ms, p50_ms, p95_ms, max_ms}}}; count and total
        are of all time, the quantiles are of the last 1,024."""
        with self._lock:
            counters, totals = dict(sorted(self._counters.items())), dict(self._totals)
            rings = {name: (self._seen[name], sorted(ring)) for name, ring in sorted(self._rings.items())}
        timings = {
            name: {
                "count": seen,
                "total_ms": round(totals[name] * 1e3, 3),
                "p50_ms": round(quantile(values, 0.50) * 1e3, 3),
                "p95_ms": round(quantile(values, 0.95) * 1e3, 3),
                "max_ms": round(values[-1] * 1e3, 3),
            }
            for name, (seen, values) in rings.items()
        }
        return {"counters": counters, "timings": timings}


def quantile(ascending: list[float], q: float) -> float:
    """The nearest-rank quantile of a sorted, non-empty list."""
    return ascending[max(0, math.ceil(q * len(ascending)) - 1)]
