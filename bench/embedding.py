"""The queue that makes vectors against llama.cpp alone, and lone saves while a backlog is embedded.

The limit gets the texts that the service has embedded, in its batches and order, with as many threads.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.measures import Effort
from bench.report import Row, median
from bench.saves import pick_target, save_rows, time_saves
from bench.service import Service, clean_environment
from bench.trees import PROBE_PATH, Tree
from hydrators.embed import embed_text
from hydrators.models.error import ModelError
from hydrators.models.obtain import ensure
from indexer.rpc_client import Client
from store import meaning, queries
from store.migrations import open_database

TREES = ("fixture", "180k")
_BARE = Path(__file__).resolve().parent / "bare_llama.py"
_TEXTS_AT_ONCE = 64  # as the service asks its child
_MICRO_BATCH_TOKENS = 256
_EMBED_S = 1_800.0
# A bench keeps the machine busy: a backlog that gives way to it would not be measured.
_UNDETERRED = {"ISG_BACKLOG_MOST_LOAD": "1000", "ISG_BACKLOG_WHILE_BUILDING": "true"}
_AT_ONCE = {**_UNDETERRED, "ISG_BACKLOG_DUTY_PERCENT": "100"}
_SLOWER_AT_MOST = round(1 / 0.9, 2)


def find_model(scratch: Path) -> tuple[Path | None, str]:
    """The default embedding model, fetched into `scratch`; or why there is none."""
    folder = scratch / "models"
    folder.mkdir(mode=0o700)
    try:
        return ensure(folder, "minilm", lambda phase, done, total: None).model.path, ""
    except ModelError as error:
        return None, f"embedding: {error}"


def measure_embedding(tree: Tree, model: Path, scratch: Path, effort: Effort) -> list[Row]:
    """Of the fixture how fast its vectors are made; of a larger tree how long saves take meanwhile."""
    if tree.name == "fixture":
        return _measure_throughput(tree, model, scratch, effort)
    return _measure_saves_meanwhile(tree, model, scratch, effort)


def _measure_throughput(tree: Tree, model: Path, scratch: Path, effort: Effort) -> list[Row]:
    whole: list[float] = []
    bare: list[float] = []
    batches: list[list[str]] = []
    for turn in range(effort.cold_rounds):
        with _service(scratch / f"embed-{turn}", model, _AT_ONCE) as service, service.client() as client:
            seconds, threads = _embed_all(service, client, tree, scratch / f"small-{turn}")
            workspace = service.add(tree.root)
            service.stop()
            batches = _embedded_batches(service.paths.database(workspace))
        whole.append(seconds)
        bare.append(_bare_s(model, batches, threads))
    texts = sum(map(len, batches))
    return [
        Row(
            "embedding a backlog, the whole queue",
            tree.name,
            median(whole),
            "s",
            limit=median(bare),
            budget=_SLOWER_AT_MOST,
            budget_is_ratio=True,
            note=f"{texts:,} texts, {texts / median(whole):.0f} a second; the limit is llama.cpp alone with"
            f" the same batches and as many threads ({threads}), {texts / median(bare):.0f} a second",
            samples=tuple(whole),
        )
    ]


def _embed_all(service: Service, client: Client, tree: Tree, small: Path) -> tuple[float, int]:
    """Seconds from the word to go until every node has its vector; and how many threads made them. Before,
    the model is loaded and lines are made."""
    _settle(client, service.add(_make_small_tree(small)), "embedded")
    client.call("queue.pause")
    workspace = service.add(tree.root)
    _settle(client, workspace, "summarised")
    started = time.perf_counter()
    status = client.call("queue.resume")
    _settle(client, workspace, "embedded")
    seconds = time.perf_counter() - started
    missing = _meaning(client, workspace)["missing_vectors"]
    if missing:
        raise RuntimeError(f"{missing} nodes of {tree.name} have no vector: {status['llama']}")
    return seconds, int(status["llama"]["plan"]["threads"])


def _embedded_batches(store: Path) -> list[list[str]]:
    """The texts of a settled store in the order in which their vectors were asked for."""
    texts: dict[str, str] = {}
    with open_database(store) as db:
        for record in queries.load_file_records(db):
            facts = queries.load_file_facts(db, record.path)
            if facts is not None:
                known = meaning.known_meanings(db, record.path)
                for node in facts.nodes:
                    if node.id in known and known[node.id].embed_key:
                        texts[known[node.id].embed_key] = embed_text(node, known[node.id].one_line)
    ordered = [texts[key] for key in sorted(texts)]
    return [ordered[at : at + _TEXTS_AT_ONCE] for at in range(0, len(ordered), _TEXTS_AT_ONCE)]


def _bare_s(model: Path, batches: list[list[str]], threads: int) -> float:
    done = subprocess.run(
        [sys.executable, "-P", _BARE, model, str(threads), str(_MICRO_BATCH_TOKENS)],
        env=clean_environment(),
        input=json.dumps(batches).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=_EMBED_S,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer["texts"] != sum(map(len, batches)):
        raise RuntimeError(f"llama.cpp made {answer['texts']} vectors of {sum(map(len, batches))} texts")
    return float(answer["seconds"])


def _measure_saves_meanwhile(tree: Tree, model: Path, scratch: Path, effort: Effort) -> list[Row]:
    """Lone saves until an answer holds them, for as long as the backlog goes on at its own pace."""
    with _service(scratch / "embed-saves", model, _UNDETERRED) as service, service.client() as client:
        workspace = service.add(tree.root)
        target = pick_target(client, workspace, tree.root, PROBE_PATH)
        if target is None:
            raise RuntimeError(f"the service does not know the functions of {PROBE_PATH}")
        _until_vectors_come(client, workspace)
        before = _vectors(client, workspace)

        def goes_on() -> bool:
            return bool(_meaning(client, workspace)["missing_vectors"])

        started = time.perf_counter()
        times = time_saves(service, client, workspace, target, effort.saves, goes_on)
        lasted = time.perf_counter() - started
        made = _vectors(client, workspace) - before
        client.call("queue.pause")
        alone = time_saves(service, client, workspace, target, effort.saves)
    if not times or not made:
        raise RuntimeError(
            f"the backlog of {tree.name} is over before anything could be saved, or stood still"
        )
    note = f"{len(times)} saves, {made / lasted:.0f} vectors a second meanwhile; the limit: the queue paused"
    return save_rows("lone save while a backlog is embedded", tree, times, alone, note)


def _until_vectors_come(client: Client, workspace: str) -> None:
    deadline = time.monotonic() + _EMBED_S
    while not _vectors(client, workspace):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no vectors after {_EMBED_S:.0f} s: {client.call('queue.status')}")
        time.sleep(0.2)


def _vectors(client: Client, workspace: str) -> int:
    return int(_meaning(client, workspace).get("vectors", 0))


def _meaning(client: Client, workspace: str) -> dict[str, Any]:
    found: dict[str, Any] = client.call("queue.status")["workspaces"][workspace]
    return found


def _settle(client: Client, workspace: str, stage: str) -> None:
    params = {"workspace": workspace, "stage": stage, "timeout_s": _EMBED_S}
    client.call("wait", params, timeout_s=_EMBED_S + 5)


@contextmanager
def _service(home: Path, model: Path, settings: dict[str, str]) -> Iterator[Service]:
    service = Service(home)
    service.environment |= {**settings, "ISG_EMBEDDING_MODEL": str(model)}
    with service:
        yield service


def _make_small_tree(root: Path) -> Path:
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n')
    (root / "src/lib.rs").write_text("pub fn ring(times: u8) -> u8 {\n    times\n}\n")
    return root
