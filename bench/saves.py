"""Lone saves against a bare loop: how long until an answer holds them, and what else they changed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import limits
from bench.measures import SEED, Effort
from bench.report import Row, percentile
from bench.service import Service
from bench.trees import PROBE_PATH, Tree, rust_files
from indexer.rpc_client import Client

SAVE_GAP_S = 0.25  # long enough that each save is a lone one


@dataclass(frozen=True, slots=True)
class EditTarget:
    """A function in a file of this `text`. `body` is the byte behind its first brace, `end` its last one."""

    path: Path
    node: str
    text: bytes
    body: int
    end: int

    def with_marker(self, marker: str) -> bytes:
        """The file with a comment before the function's last brace."""
        return self.text[: self.end] + f"/* {marker} */".encode() + self.text[self.end :]

    def with_statement(self, number: int) -> bytes:
        """The file with one more statement at the start of the function: a compiler sees a difference. The
        length does not depend on the number."""
        statement = f"let _ = {number:06}u64.count_ones();".encode()
        return self.text[: self.body] + statement + self.text[self.body :]


def pick_target(client: Client, workspace: str, root: Path, file: str) -> EditTarget | None:
    """The function in the middle of `file`."""
    listed = client.call("nodes.list", {"workspace": workspace, "file": str(root / file), "limit": 20_000})
    text = (root / file).read_bytes()
    functions = [node for node in listed["nodes"] if node["kind"] == "function" and node["level"] == 1]
    for node in functions[len(functions) // 2 :]:
        detail = client.call("nodes.get", {"workspace": workspace, "node": node["id"]})
        body = detail["text"].encode()
        if body.rstrip().endswith(b"}") and b"{\n" in body and text.count(body) == 1:
            start = text.index(body)
            first, last = start + body.index(b"{\n") + 1, start + body.rindex(b"}")
            return EditTarget(root / file, node["id"], text, first, last)
    return None


@contextmanager
def restored(path: Path) -> Iterator[None]:
    original = path.read_bytes()
    try:
        yield
    finally:
        path.write_bytes(original)


def measure_saves(service: Service, workspace: str, tree: Tree, scratch: Path, effort: Effort) -> list[Row]:
    """Lone saves of the probe and of a real long file, and what one edit changed."""
    rows: list[Row] = []
    with service.client() as client:
        probe = pick_target(client, workspace, tree.root, PROBE_PATH)
        if probe is None:
            raise RuntimeError(f"the service does not know the functions of {PROBE_PATH}")
        rows += _measure_one_edit(service, client, workspace, tree, probe)
        served = time_saves(service, client, workspace, probe, effort.saves)
        bare = _time_bare_saves(tree.root, probe, scratch, effort.saves)
        rows += save_rows("lone save", tree, served, bare, "the same 4,774-line file in every tree")
        long_file = next(iter(longest_files(tree, 5_000)), "")
        real = pick_target(client, workspace, tree.root, long_file) if long_file else None
        if real is not None:
            lines = real.path.read_bytes().count(b"\n")
            served = time_saves(service, client, workspace, real, effort.saves // 2)
            bare = _time_bare_saves(tree.root, real, scratch, effort.saves // 2)
            rows += save_rows("lone save, own file", tree, served, bare, f"{long_file}, {lines:,} lines")
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


def save_rows(what: str, tree: Tree, served: Sequence[float], bare: Sequence[float], note: str) -> list[Row]:
    """p50 and p95 of saves against their limit, in the budget of a lone save."""
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


def longest_files(tree: Tree, most_lines: int) -> list[str]:
    """Files of at most so many lines, but for the probe, the longest first."""
    counted = [
        (path.read_bytes().count(b"\n"), path.relative_to(tree.root).as_posix())
        for path in rust_files(tree.root)
    ]
    fitting = [pair for pair in counted if pair[0] <= most_lines and pair[1] != PROBE_PATH]
    return [path for _, path in sorted(fitting, reverse=True)]


def time_saves(
    service: Service,
    client: Client,
    workspace: str,
    target: EditTarget,
    count: int,
    go_on: Callable[[], bool] = lambda: True,
) -> list[float]:
    """Seconds from the return of each write until an answer over the socket holds it. Fewer than `count` if
    `go_on` says no."""
    pause = random.Random(SEED)
    times: list[float] = []
    asked = {"workspace": workspace, "node": target.node}
    with restored(target.path), service.client() as events:
        events.call("subscribe", {"workspace": workspace})
        for ordinal in range(count + 3):
            marker = f"save {ordinal:06}"
            time.sleep(SAVE_GAP_S + 0.05 * pause.random())
            target.path.write_bytes(target.with_marker(marker))
            written = time.perf_counter()
            for _ in events.notifications(timeout_s=20):
                if marker in client.call("nodes.get", asked)["text"]:
                    break
            times.append(time.perf_counter() - written)
            if not go_on():
                break
    service.wait_ready(client, workspace)
    return times[3:]  # the first ones open the file


def _time_bare_saves(root: Path, target: EditTarget, scratch: Path, count: int) -> list[float]:
    pause = random.Random(SEED)
    times: list[float] = []
    store = scratch / f"bare-{time.monotonic_ns()}"
    with restored(target.path), limits.BareSaveLoop(root, target.path, store) as loop:
        for ordinal in range(count + 3):
            time.sleep(SAVE_GAP_S + 0.05 * pause.random())
            times.append(loop.edit_s(target.with_marker(f"save {ordinal:06}")))
    return times[3:]


def _measure_one_edit(
    service: Service, client: Client, workspace: str, tree: Tree, target: EditTarget
) -> list[Row]:
    """How many nodes the change log names after one body edit: counted, not timed."""
    clock = client.call("status", {"workspace": workspace})["workspaces"][0]["clock"]
    with restored(target.path):
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
