from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from indexer.metrics import RING_SIZE, Metrics, quantile

TIMES = st.lists(st.floats(0, 1e6), min_size=1, max_size=50)


@given(TIMES, st.floats(0.01, 1.0))
def test_a_quantile_is_the_smallest_value_that_covers_its_share(values: list[float], q: float) -> None:
    ordered = sorted(values)
    found = quantile(ordered, q)
    assert found in ordered
    assert sum(value <= found for value in ordered) >= math.ceil(q * len(ordered))
    assert sum(value < found for value in ordered) < math.ceil(q * len(ordered))


def test_counters_and_timings_show_up_and_old_timings_fall_out() -> None:
    metrics = Metrics()
    metrics.count("files", 3)
    metrics.count("files")
    for _ in range(RING_SIZE):
        metrics.observe("save", 9.0)
    for _ in range(RING_SIZE):
        metrics.observe("save", 0.001)
    said = metrics.snapshot()
    assert said["counters"] == {"files": 4}
    timing = said["timings"]["save"]
    total_ms = timing.pop("total_ms")
    assert timing == {"count": 2 * RING_SIZE, "p50_ms": 1.0, "p95_ms": 1.0, "max_ms": 1.0}
    assert round(total_ms) == RING_SIZE * 9_001


def test_foreign_names_cannot_grow_the_process() -> None:
    metrics = Metrics()
    for number in range(5_000):
        metrics.count(f"name {number}")
        metrics.observe(f"name {number}", 1.0)
    said = metrics.snapshot()
    assert len(said["counters"]) < 1000
    assert len(said["timings"]) < 1000
