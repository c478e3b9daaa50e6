"""One function per budget: drives the service and its limit, and returns rows.

The service is driven through the command line, its socket and `indexer.oneshot`; the store is opened
directly only where "the same query in process" is the limit, after the daemon has let go of it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import limits
from bench.report import Row, median, percentile
from bench.service import ISG, Service, clean_environment, folder_bytes, tree_rss_bytes
from bench.trees import Tree, rust_files

_COLD_INDEX = Path(__file__).resolve().parent / "cold_index.py"
_MIB = 1024.0 * 1024.0
SEED = 20240229


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is measured."""

    cold_rounds: int = 3
    saves: int = 40
    queries: int = 400
    idle_s: float = 20.0
    settle_s: float = 65.0  # just above the default of the setting watch_active_s
    starts: int = 20


# ------------------------------------------------------------------------ cold index and restart


def measure_index(tree: Tree, scratch: Path, effort: Effort) -> list[Row]:
    """Cold index against bare parsing, in turns; then a second run on what the first one left."""
    files = list(rust_files(tree.root))
    processes = os.cpu_count() or 1
    bare: list[float] = []
    cold: list[float] = []
    peaks: list[float] = []
    phases: dict[str, list[float]] = {"scan_s": [], "index_s": [], "resolve_s": []}
    store = scratch / "unused"
    for turn in range(effort.cold_rounds):
        bare.append(limits.bare_parse_s(files, processes))
        store = scratch / f"cold-{tree.name}-{turn}" / "store"
        answer, peak = _index_once(tree.root, store)
        cold.append(float(answer["seconds"]))
        peaks.append(peak / _MIB)
        for phase, seconds in phases.items():
            seconds.append(float(answer["outcome"][phase]))
    judged = tree.name == "full"
    source_mib = sum(path.stat().st_size for path in files) / _MIB
    size = f"{tree.files:,} files, {tree.lines:,} lines"
    rows = [
        Row(
            "cold index",
            tree.name,
            median(cold),
            "s",
            limit=median(bare),
            budget=2.5 if judged else None,
            budget_is_ratio=True,
            note=f"{size}; " + ", ".join(f"{phase} {median(times):.2f}" for phase, times in phases.items()),
            samples=tuple(cold),
        ),
        Row("peak memory of a cold index", tree.name, max(peaks), "MiB"),
        Row(
            "store size",
            tree.name,
            folder_bytes(store.parent) / _MIB,
            "MiB",
            limit=source_mib,
        ),
    ]
    walk = [limits.walk_and_stat_s(tree.root) for _ in range(9)]
    again = [_index_once(tree.root, store)[0] for _ in range(effort.cold_rounds)]
    scans = [float(answer["outcome"]["scan_s"]) for answer in again]
    reads = max(int(answer["outcome"]["read_files"]) for answer in again)
    rows.append(
        Row(
            "restart, unchanged tree",
            tree.name,
            1e3 * median(scans),
            "ms",
            limit=1e3 * median(walk),
            budget=3.0 if judged else None,
            budget_is_ratio=True,
            samples=tuple(1e3 * scan for scan in scans),
        )
    )
    rows.append(Row("files read by a restart", tree.name, reads, "files", budget=0))
    return rows


def _index_once(root: Path, store: Path) -> tuple[dict[str, Any], int]:
    """What cold_index.py printed, and the peak resident bytes of its process tree."""
    peak = 0
    process = subprocess.Popen(
        [sys.executable, "-P", _COLD_INDEX, root, store],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    while True:
        try:
            output, _ = process.communicate(timeout=0.05)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, tree_rss_bytes(process.pid))
    if process.returncode != 0:
        raise RuntimeError(f"indexing {root} failed with exit code {process.returncode}; see above")
    answer: dict[str, Any] = json.loads(output)
    return answer, peak


# ------------------------------------------------------------------------ queries


def measure_queries(service: Service, workspace: str, tree: Tree, effort: Effort) -> list[Row]:
    """Node look-up, nodes at a line and two hops over the socket. Stops and restarts the daemon."""
    chance = random.Random(SEED)
    files = sorted(path.relative_to(tree.root).as_posix() for path in rust_files(tree.root))
    nodes: list[dict[str, Any]] = []
    with service.client() as client:
        for file in chance.choices(files, k=40):
            params = {"workspace": workspace, "file": str(tree.root / file), "limit": 200}
            nodes += client.call("nodes.list", params)["nodes"]
        picked = chance.choices(nodes, k=effort.queries)
        asked: dict[str, Callable[[dict[str, Any]], Any]] = {
            "node look-up": lambda node: client.call(
                "nodes.get", {"workspace": workspace, "node": node["id"]}
            ),
            "nodes at a line": lambda node: client.call(
                "nodes.at",
                {"workspace": workspace, "file": str(tree.root / node["file"]), "line": node["end_line"]},
            ),
            "two-hop": lambda node: client.call(
                "graph.two_hop", {"workspace": workspace, "node": node["id"]}
            ),
        }
        served = {what: _time_each(ask, picked) for what, ask in asked.items()}
    service.stop()
    in_process = _time_in_process(service.paths.store_dir(workspace), picked)
    service.start()
    return [
        Row(
            f"{what} over the socket, p95",
            tree.name,
            1e3 * percentile(served[what], 0.95),
            "ms",
            limit=1e3 * percentile(in_process[what], 0.95),
            budget=5.0,
            note=f"p50 {1e3 * percentile(served[what], 0.5):.2f} ms; the limit is the query in process",
        )
        for what in asked
    ]


def _time_in_process(store_dir: Path, picked: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    from store import queries
    from store.database import Database

    [current] = store_dir.rglob("CURRENT")  # what RocksDB names its manifest pointer
    with Database(_store_path(current)) as db:
        return {
            "node look-up": _time_each(lambda node: queries.get_node_summary(db, node["id"]), picked),
            "nodes at a line": _time_each(
                lambda node: queries.nodes_at(db, node["file"], node["end_line"]), picked
            ),
            "two-hop": _time_each(lambda node: queries.isg_two_hop(db, node["id"]), picked),
        }


def _store_path(current: Path) -> Path:
    """CozoDB keeps RocksDB's files in a folder `data` inside the path that it was given."""
    return current.parent.parent if current.parent.name == "data" else current.parent


def _time_each(ask: Callable[[dict[str, Any]], Any], picked: Sequence[dict[str, Any]]) -> list[float]:
    for node in picked[:20]:
        ask(node)
    times = []
    for node in picked:
        started = time.perf_counter()
        ask(node)
        times.append(time.perf_counter() - started)
    return times


# ------------------------------------------------------------------------ idle and status


def measure_idle(service: Service, tree: Tree, effort: Effort) -> list[Row]:
    """CPU share and resident memory of a daemon to which nothing happens, once it has settled."""
    process = service.process()
    time.sleep(effort.settle_s)
    before, started = process.cpu_times(), time.perf_counter()
    time.sleep(effort.idle_s)
    after, lasted = process.cpu_times(), time.perf_counter() - started
    busy = (after.user + after.system) - (before.user + before.system)
    judged = tree.name == "500k"
    return [
        Row("idle daemon, CPU", tree.name, 100 * busy / lasted, "% of a core", budget=0.5),
        Row(
            "idle daemon, memory",
            tree.name,
            process.memory_info().rss / _MIB,
            "MiB",
            budget=200 if judged or tree.lines < 500_000 else None,
        ),
    ]


def measure_status(service: Service, tree: Tree, effort: Effort) -> list[Row]:
    """Wall time of `isg status`, interpreter start included."""
    times: list[float] = []
    bare: list[float] = []
    for _ in range(effort.starts):
        bare.append(limits.bare_interpreter_s())
        started = time.perf_counter()
        subprocess.run(
            [ISG, "status", "--json"],
            env=service.environment,
            cwd=tree.root,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=30,
        )
        times.append(time.perf_counter() - started)
    return [
        Row(
            "isg status, p95",
            tree.name,
            1e3 * percentile(times, 0.95),
            "ms",
            limit=1e3 * median(bare),
            budget=150,
            note=f"p50 {1e3 * median(times):.0f} ms; the limit is a bare interpreter",
        )
    ]


def measure_daemon_restart(service: Service, workspace: str, tree: Tree) -> list[Row]:
    """From the start of the process to an answer that is known to be fresh."""
    service.stop()
    started = time.perf_counter()
    service.start()
    with service.client() as client:
        service.wait_ready(client, workspace)
    took = time.perf_counter() - started
    return [
        Row("daemon start → fresh answer", tree.name, 1e3 * took, "ms", note="interpreter start included")
    ]
