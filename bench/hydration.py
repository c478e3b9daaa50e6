"""Hydration against rust-analyzer itself: a sweep of a whole tree, lone saves, and saves while a sweep is on.

Limits are the same program asked in the barest way: `rust-analyzer scip` for a sweep, the sum of its own
answer times for a save. The trees are such as rust-analyzer can load; what cargo builds for
them is there already.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.bare_server import question_after_edit, time_bare_answers
from bench.measures import Effort
from bench.report import Row, median, percentile
from bench.saves import SAVE_GAP_S, EditTarget, longest_files, pick_target, restored, time_saves
from bench.service import Service, clean_environment, tree_rss_bytes
from bench.trees import FIXTURE, Tree, make_tree
from indexer.rpc_client import Client

TREES = ("fixture", "tokio")
_SWEEP_S = 600.0
_SAMPLE_S = 0.2
_WARM_UP = 5  # saves, until the server has read what it had not needed before
_MIB = 1024.0 * 1024.0


def make_hydrated_trees(names: list[str], scratch: Path) -> tuple[list[Tree], list[str]]:
    """Scratch copies of the trees, and why others are missing. `tokio` is fetched once."""
    from tests.oracles import corpora
    from tests.oracles.tools import ToolMissing

    if shutil.which("rust-analyzer") is None or shutil.which("cargo") is None:
        return [], ["hydration: no rust-analyzer and cargo here"]
    made: list[Tree] = []
    missing: list[str] = []
    folder = scratch / "hydrated"
    folder.mkdir()
    for name in names:
        try:
            source = FIXTURE if name == "fixture" else corpora.load(name).root
        except ToolMissing as error:
            missing.append(f"hydration of {name}: {error}")
        else:
            made.append(make_tree(name, source, folder, with_probe=False))
    return made, missing


def measure_hydration(tree: Tree, scratch: Path, effort: Effort) -> list[Row]:
    """All rows of one tree."""
    cache = scratch / f"hydrated-{tree.name}" / "cache"
    cache.mkdir(parents=True)
    _sweep(tree, cache, "first")  # cargo builds what is needed
    _scip(tree, cache)
    swept: list[float] = []
    peaks: list[float] = []
    bare: list[float] = []
    bare_peaks: list[float] = []
    for turn in range(effort.cold_rounds):
        seconds, peak = _scip(tree, cache)
        bare.append(seconds)
        bare_peaks.append(peak / _MIB)
        seconds, peak = _sweep(tree, cache, f"sweep-{turn}")
        swept.append(seconds)
        peaks.append(peak / _MIB)
    size = f"{tree.files:,} files, {tree.lines:,} lines"
    rows = [
        Row(
            "cold sweep",
            tree.name,
            median(swept),
            "s",
            limit=median(bare),
            budget=1.5,
            budget_is_ratio=True,
            note=f"{size}; from `add` on, first index and start included; the limit is `rust-analyzer scip`",
            samples=tuple(swept),
        ),
        Row("peak memory of a cold sweep", tree.name, max(peaks), "MiB", limit=max(bare_peaks)),
    ]
    rows += _measure_saves_during_a_sweep(tree, cache, effort)
    return rows + _measure_hydrated_saves(tree, cache, effort)


# ------------------------------------------------------------------------ sweeps


def _sweep(tree: Tree, cache: Path, name: str) -> tuple[float, int]:
    """Seconds from `add` until everything has been asked about, and the peak of daemon, worker and server."""
    with _service(cache, name) as service, _peak_of(service.process().pid) as peak:
        started = time.perf_counter()
        workspace = service.add(tree.root, trusted=True)
        with service.client() as client:
            _settle(client, workspace)
            seconds = time.perf_counter() - started
            _assert_hydrated(client, workspace)
    return seconds, peak[0]


def _scip(tree: Tree, cache: Path) -> tuple[float, int]:
    """The same for `rust-analyzer scip`, with the library sources that the service has prepared."""
    [sources] = cache.glob("**/sysroot-*")
    target = cache.parent / "scip-target"
    configuration = cache.parent / "scip.json"
    cargo = {"sysrootSrc": str(sources), "targetDir": str(target)}
    configuration.write_text(json.dumps({"cargo": cargo}), encoding="utf-8")
    command = ["rust-analyzer", "scip", ".", "--output", str(cache.parent / "index.scip")]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--config-path", str(configuration)],
        cwd=tree.root,
        env={**clean_environment(), "CARGO_NET_OFFLINE": "true", "RUST_SRC_PATH": str(sources)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with _peak_of(process.pid) as peak:
        code = process.wait(_SWEEP_S)
    seconds = time.perf_counter() - started
    if code != 0:
        raise RuntimeError(f"rust-analyzer scip failed in {tree.root} with exit code {code}")
    return seconds, peak[0]


@contextmanager
def _service(cache: Path, name: str) -> Iterator[Service]:
    """A daemon with nothing but the cache of those before it, so that cargo has nothing to build."""
    home = cache.parent / name
    home.mkdir()
    os.symlink(cache, home / "cache")
    with Service(home) as service:
        yield service


@contextmanager
def _peak_of(pid: int) -> Iterator[list[int]]:
    """Samples the memory of a process and its descendants; the one element is the peak in bytes."""
    peak = [0]
    over = threading.Event()

    def sample() -> None:
        while not over.wait(_SAMPLE_S):
            peak[0] = max(peak[0], tree_rss_bytes(pid))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield peak
    finally:
        over.set()
        sampler.join()


# ------------------------------------------------------------------------ saves


def _measure_saves_during_a_sweep(tree: Tree, cache: Path, effort: Effort) -> list[Row]:
    """Lone saves until an answer holds them, for as long as the server is being asked about everything."""
    with _service(cache, "saves-during-a-sweep") as service:
        workspace = service.add(tree.root, trusted=True)
        with service.client() as client:
            target = _target(client, workspace, tree, is_hydrated=False)
            while _hydration(client, workspace)["files"]["done"] == 0:
                time.sleep(0.05)

            def goes_on() -> bool:
                return int(_hydration(client, workspace)["files"]["pending"]) > 1

            times = time_saves(service, client, workspace, target, effort.saves, goes_on)
    if not times:
        raise RuntimeError(f"the sweep of {tree.name} is over before anything could be saved")
    return [
        Row(
            f"lone save during a cold sweep → answer, {name}",
            tree.name,
            1e3 * percentile(times, share),
            "ms",
            budget=budget,
            note=f"{len(times)} saves of {target.path.name}" if name == "p50" else "",
            samples=tuple(1e3 * one for one in times) if name == "p50" else (),
        )
        for name, share, budget in (("p50", 0.5, 35.0), ("p95", 0.95, 60.0))
    ]


def _measure_hydrated_saves(tree: Tree, cache: Path, effort: Effort) -> list[Row]:
    """From the return of a write that changes a body until everything that follows has been asked; and the
    bare server with the same questions."""
    served: list[float] = []
    with ExitStack() as after:
        with _service(cache, "hydrated-saves") as service, service.client() as client:
            workspace = service.add(tree.root, trusted=True)
            _settle(client, workspace)
            target = _target(client, workspace, tree, is_hydrated=True)
            after.enter_context(restored(target.path))
            texts = [target.with_statement(ordinal) for ordinal in range(effort.saves + _WARM_UP)]
            for text in texts:
                time.sleep(SAVE_GAP_S)
                target.path.write_bytes(text)
                written = time.perf_counter()
                _settle(client, workspace)
                served.append(time.perf_counter() - written)
        edited = target.path.relative_to(tree.root).as_posix()
        question = question_after_edit(service.paths.database(workspace), edited, target.node)
        built = service.paths.rust_analyzer_dir(workspace)
        bare = time_bare_answers(tree.root, built, question, texts, SAVE_GAP_S)
    served, bare = served[_WARM_UP:], bare[_WARM_UP:]
    return [
        Row(
            f"lone save → hydrated, warm, {name}",
            tree.name,
            1e3 * percentile(served, share),
            "ms",
            limit=1e3 * percentile(bare, share),
            budget=2.0,
            budget_is_ratio=True,
            note="the limit is rust-analyzer alone: told at once, asked the same" if name == "p50" else "",
            samples=tuple(1e3 * one for one in served) if name == "p50" else (),
        )
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]


def _target(client: Client, workspace: str, tree: Tree, *, is_hydrated: bool) -> EditTarget:
    """A function in the middle of the longest file up to 5,000 lines that has one; if `is_hydrated`, one that
    rust-analyzer knows, for much may be configured out."""
    for file in longest_files(tree, 5_000):
        target = pick_target(client, workspace, tree.root, file)
        if target is None:
            continue
        node = client.call("nodes.get", {"workspace": workspace, "node": target.node})
        if not is_hydrated or node["compiler"]["signature"]:
            return target
    raise RuntimeError(f"{tree.name} has no function to edit")


def _settle(client: Client, workspace: str) -> None:
    params = {"workspace": workspace, "stage": "semantic", "timeout_s": _SWEEP_S}
    client.call("wait", params, timeout_s=_SWEEP_S + 5)


def _hydration(client: Client, workspace: str) -> dict[str, Any]:
    status = client.call("status", {"workspace": workspace})["workspaces"][0]
    found: dict[str, Any] = status["hydration"]
    return found


def _assert_hydrated(client: Client, workspace: str) -> None:
    hydration = _hydration(client, workspace)
    if hydration["state"] != "ready" or hydration["files"]["pending"]:
        raise RuntimeError(f"{workspace} is not hydrated: {hydration}")
