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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import limits
from bench.report import Row, median, percentile
from bench.service import ISG, Service, clean_environment, folder_bytes, tree_rss_bytes
from bench.trees import PROBE_PATH, Tree, rust_files
from indexer.rpc_client import Client

_COLD_INDEX = Path(__file__).resolve().parent / "cold_index.py"
_MIB = 1024.0 * 1024.0
_SAVE_GAP_S = 0.25  # long enough that each save is a lone one
_SEED = 20240229


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is measured."""

    cold_rounds: int = 3
    saves: int = 40
    queries: int = 400
    idle_s: float = 15.0
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
    reads = max(int(answer["outcome"]["changed_paths"]) for answer in again)
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


# ------------------------------------------------------------------------ saves


@dataclass(frozen=True, slots=True)
class _EditTarget:
    """A function in a file, so that a comment can be put before its last brace."""

    path: Path
    node: str
    head: bytes
    tail: bytes

    def with_marker(self, marker: str) -> bytes:
        return self.head + f"/* {marker} */".encode() + self.tail


def _pick_target(client: Client, workspace: str, root: Path, file: str) -> _EditTarget | None:
    """The function in the middle of `file`."""
    listed = client.call("nodes.list", {"workspace": workspace, "file": str(root / file), "limit": 20_000})
    text = (root / file).read_bytes()
    functions = [node for node in listed["nodes"] if node["kind"] == "function" and node["level"] == 1]
    for node in functions[len(functions) // 2 :]:
        detail = client.call("nodes.get", {"workspace": workspace, "node": node["id"]})
        body = detail["text"].encode()
        if body.rstrip().endswith(b"}") and text.count(body) == 1:
            cut = text.index(body) + body.rindex(b"}")
            return _EditTarget(root / file, node["id"], text[:cut], text[cut:])
    return None


@contextmanager
def _restored(path: Path) -> Iterator[None]:
    original = path.read_bytes()
    try:
        yield
    finally:
        path.write_bytes(original)


def measure_saves(service: Service, workspace: str, tree: Tree, scratch: Path, effort: Effort) -> list[Row]:
    """Lone saves of the probe and of a real long file, and what one edit changed."""
    rows: list[Row] = []
    with service.client() as client:
        probe = _pick_target(client, workspace, tree.root, PROBE_PATH)
        if probe is None:
            raise RuntimeError(f"the service does not know the functions of {PROBE_PATH}")
        rows += _measure_one_edit(service, client, workspace, tree, probe)
        served = _time_saves(service, client, workspace, probe, effort.saves)
        bare = _time_bare_saves(tree.root, probe, scratch, effort.saves)
        rows += _save_rows("lone save", tree, served, bare, "the same 4,774-line file in every tree")
        long_file = _longest_file(tree, 5_000)
        real = _pick_target(client, workspace, tree.root, long_file) if long_file else None
        if real is not None:
            lines = real.path.read_bytes().count(b"\n")
            served = _time_saves(service, client, workspace, real, effort.saves // 2)
            bare = _time_bare_saves(tree.root, real, scratch, effort.saves // 2)
            rows += _save_rows("lone save, own file", tree, served, bare, f"{long_file}, {lines:,} lines")
        rows.append(_measure_wait(client, workspace, tree, effort.saves))
    return rows


def _measure_wait(client: Client, workspace: str, tree: Tree, count: int) -> Row:
    """How long `wait` takes when there is nothing to wait for: the round trip of a cookie."""
    times = []
    for _ in range(count):
        time.sleep(0.05)
        started = time.perf_counter()
        client.call("wait", {"workspace": workspace, "stage": "edges"})
        times.append(time.perf_counter() - started)
    return Row("wait, nothing pending, p95", tree.name, 1e3 * percentile(times, 0.95), "ms")


def _save_rows(what: str, tree: Tree, served: Sequence[float], bare: Sequence[float], note: str) -> list[Row]:
    return [
        Row(
            f"{what} → answer, {name}",
            tree.name,
            1e3 * percentile(served, share),
            "ms",
            limit=1e3 * percentile(bare, share),
            budget=budget,
            note=note if name == "p50" else "",
            samples=tuple(1e3 * value for value in served) if name == "p50" else (),
        )
        for name, share, budget in (("p50", 0.5, 35.0), ("p95", 0.95, 60.0))
    ]


def _longest_file(tree: Tree, most_lines: int) -> str:
    counted = [
        (path.read_bytes().count(b"\n"), path.relative_to(tree.root).as_posix())
        for path in rust_files(tree.root)
    ]
    fitting = [pair for pair in counted if pair[0] <= most_lines and pair[1] != PROBE_PATH]
    return max(fitting)[1] if fitting else ""


def _time_saves(
    service: Service, client: Client, workspace: str, target: _EditTarget, count: int
) -> list[float]:
    """Seconds from the return of each write until an answer over the socket holds it."""
    pause = random.Random(_SEED)
    times: list[float] = []
    asked = {"workspace": workspace, "node": target.node}
    with _restored(target.path), service.client() as events:
        events.call("subscribe", {"workspace": workspace})
        for ordinal in range(count + 3):
            marker = f"save {ordinal:06}"
            time.sleep(_SAVE_GAP_S + 0.05 * pause.random())
            target.path.write_bytes(target.with_marker(marker))
            written = time.perf_counter()
            for _ in events.notifications(timeout_s=20):
                if marker in client.call("nodes.get", asked)["text"]:
                    break
            times.append(time.perf_counter() - written)
    service.wait_ready(client, workspace)
    return times[3:]  # the first ones open the file


def _time_bare_saves(root: Path, target: _EditTarget, scratch: Path, count: int) -> list[float]:
    pause = random.Random(_SEED)
    times: list[float] = []
    store = scratch / f"bare-{time.monotonic_ns()}"
    with _restored(target.path), limits.BareSaveLoop(root, target.path, store) as loop:
        for ordinal in range(count + 3):
            time.sleep(_SAVE_GAP_S + 0.05 * pause.random())
            times.append(loop.edit_s(target.with_marker(f"save {ordinal:06}")))
    return times[3:]


def _measure_one_edit(
    service: Service, client: Client, workspace: str, tree: Tree, target: _EditTarget
) -> list[Row]:
    """How many nodes the change log names after one body edit: counted, not timed."""
    clock = client.call("status", {"workspace": workspace})["workspaces"][0]["clock"]
    with _restored(target.path):
        target.path.write_bytes(target.with_marker("one edit"))
        service.wait_ready(client, workspace)
        log = client.call("changes.since", {"workspace": workspace, "since": clock})
    service.wait_ready(client, workspace)
    touched = sum(len(row[verb]) for row in log["changes"] for verb in ("added", "changed", "removed"))
    only_it = [row["changed"] for row in log["changes"]] == [[target.node]]
    note = "" if only_it else f"expected exactly {target.node}"
    return [Row("nodes changed by one body edit", tree.name, touched, "nodes", limit=1, budget=1, note=note)]


def compare_sizes(rows: Sequence[Row]) -> list[Row]:
    """Whether the time of a save grows with the tree: the full tree against the fixture."""
    p50 = {row.tree: row.measured for row in rows if row.what == "lone save → answer, p50"}
    if not {"fixture", "full"} <= p50.keys():
        return []
    return [
        Row(
            "lone save p50, growth with the tree",
            "full",
            p50["full"],
            "ms",
            limit=p50["fixture"],
            budget=1.3,
            budget_is_ratio=True,
            note="the limit is the same save in the fixture",
        )
    ]


# ------------------------------------------------------------------------ queries


def measure_queries(service: Service, workspace: str, tree: Tree, effort: Effort) -> list[Row]:
    """Node look-up, nodes at a line and two hops over the socket. Stops and restarts the daemon."""
    chance = random.Random(_SEED)
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
            "two-hop": _time_each(lambda node: queries.isg_two_hop(db, node["id"], limit=200), picked),
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


def measure_idle(service: Service, tree: Tree, effort: Effort, state: str) -> list[Row]:
    """CPU share and resident memory of a daemon to which nothing happens."""
    process = service.process()
    time.sleep(3)
    before, started = process.cpu_times(), time.perf_counter()
    time.sleep(effort.idle_s)
    after, lasted = process.cpu_times(), time.perf_counter() - started
    busy = (after.user + after.system) - (before.user + before.system)
    judged = tree.name == "500k"
    return [
        Row(f"idle daemon {state}, CPU", tree.name, 100 * busy / lasted, "% of a core", budget=0.5),
        Row(
            f"idle daemon {state}, memory",
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
