from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.protocol import encode, request
from tests.indexer.service_bench import Bench, lay_out_sources, running_daemon


def test_a_client_that_never_reads_is_dropped_and_costs_the_others_nothing(tmp_path: Path) -> None:
    crate = lay_out_sources(tmp_path / "toy")
    with running_daemon(tmp_path / "home", rpc_write_timeout_s=0.2) as bench, bench.client() as neighbour:
        neighbour.call("workspace.add", {"path": str(crate)})
        neighbour.call("wait")
        with bench.raw() as greedy:
            greedy.setblocking(False)
            line = encode(request(1, "rpc.discover", {}))
            slowest_s = 0.0
            with pytest.raises(OSError):  # a broken pipe or a reset, as the kernel likes
                while True:
                    with suppress(BlockingIOError):
                        greedy.send(line)
                    started = time.perf_counter()
                    neighbour.call("nodes.find", {"name": "greet"})
                    slowest_s = max(slowest_s, time.perf_counter() - started)
        assert slowest_s < 1.0


def test_a_client_that_stops_reading_is_not_read_from_either(toy: Bench) -> None:
    """What it has sent and nobody answered stays in its own buffers, not in the daemon's memory."""
    before = toy.call("status")["daemon"]["rss_bytes"]
    with toy.raw() as greedy:
        greedy.setblocking(False)
        lines = encode(request(1, "rpc.discover", {})) * 1000
        sent = 0
        for _ in range(2000):
            try:
                sent += greedy.send(lines)
            except BlockingIOError:
                break
        else:
            pytest.fail(f"the daemon took {sent:,} bytes of requests without an answer being read")
        assert toy.call("status")["daemon"]["rss_bytes"] - before < 64_000_000
