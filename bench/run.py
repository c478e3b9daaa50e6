"""`make bench`: measures every budget that exists, prints one table and stores it as JSON.

python -P bench/run.py [--only PART] [--tree NAME]… [--quick] [--publish]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import embedding, hydration
from bench.measures import (
    Effort,
    measure_daemon_restart,
    measure_idle,
    measure_index,
    measure_queries,
    measure_status,
)
from bench.report import Row, describe_machine, print_table, write_json, write_markdown
from bench.saves import compare_sizes, measure_saves
from bench.service import Service
from bench.trees import Tree, make_trees

TREES = ("fixture", "180k", "500k", "full")
_PAGE = Path(__file__).resolve().parent.parent / "docs" / "bench.md"
_QUICK = Effort(cold_rounds=1, saves=10, queries=50, idle_s=5.0, settle_s=62.0, starts=5)


def measure_tree(tree: Tree, scratch: Path, effort: Effort) -> list[Row]:
    """All rows of one tree; of "500k", which is there for the budget on memory, only size and rest."""
    _say(f"{tree.name}: cold index and restart")
    rows = measure_index(tree, scratch, effort)
    with Service(scratch / f"home-{tree.name}") as service:
        _say(f"{tree.name}: daemon")
        workspace = service.add(tree.root)
        if tree.name != "500k":
            rows += measure_status(service, tree, effort)
            _say(f"{tree.name}: saves")
            rows += measure_saves(service, workspace, tree, scratch, effort)
        _say(f"{tree.name}: idle")
        rows += measure_idle(service, tree, effort)
        _say(f"{tree.name}: restart")
        rows += measure_daemon_restart(service, workspace, tree)
        if tree.name != "500k":
            _say(f"{tree.name}: queries")
            rows += measure_queries(service, workspace, tree, effort)
    return rows


def measure_structure(wanted: Sequence[str], scratch: Path, effort: Effort, rows: list[Row]) -> list[str]:
    """Adds to `rows`; returns why trees are missing. So do the other parts."""
    trees, missing = make_trees([name for name in TREES if name in wanted], scratch)
    for tree in trees:
        rows += measure_tree(tree, scratch, effort)
    return missing


def measure_hydration(wanted: Sequence[str], scratch: Path, effort: Effort, rows: list[Row]) -> list[str]:
    names = [name for name in hydration.TREES if name in wanted]
    trees, missing = hydration.make_hydrated_trees(names, scratch)
    for tree in trees:
        _say(f"{tree.name}: hydration")
        rows += hydration.measure_hydration(tree, scratch, effort)
    return missing


def measure_embedding(wanted: Sequence[str], scratch: Path, effort: Effort, rows: list[Row]) -> list[str]:
    names = [name for name in embedding.TREES if name in wanted]
    if not names:
        return []
    folder = scratch / "vectors"
    folder.mkdir()
    model, why = embedding.find_model(folder)
    if model is None:
        return [why]
    trees, missing = make_trees(names, folder)
    for tree in trees:
        _say(f"{tree.name}: embedding")
        rows += embedding.measure_embedding(tree, model, folder, effort)
    return missing


_PARTS = {"structure": measure_structure, "hydration": measure_hydration, "embedding": measure_embedding}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    trees_of_all = sorted({*TREES, *hydration.TREES, *embedding.TREES})
    parser.add_argument("--tree", action="append", choices=trees_of_all, help="only this tree (repeat it)")
    parser.add_argument("--only", choices=tuple(_PARTS), help="only this part")
    parser.add_argument("--quick", action="store_true", help="few samples: does the bench itself work?")
    parser.add_argument(
        "--publish", action="store_true", help="write the tables of what was measured into docs/bench.md"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a budget is exceeded")
    options = parser.parse_args()
    machine = describe_machine()
    measured: dict[str, list[Row]] = {}
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="isg-bench-") as folder:
        scratch = Path(folder)
        effort = _QUICK if options.quick else Effort()
        for part, measure in _PARTS.items():
            if options.only in (None, part):
                rows = measured[part] = []
                missing += measure(options.tree or trees_of_all, scratch, effort, rows)
                rows += compare_sizes(rows)
                rows.sort(key=lambda row: row.what)  # stable: the trees of one row stay in order of size
                write_json(_all(measured), machine, missing)  # a run that is broken off keeps what it has
    rows = _all(measured)
    print_table(rows, machine)
    for reason in missing:
        print(f"not measured: {reason}")
    print(f"written: {write_json(rows, machine, missing)}")
    if options.publish:
        for part, some in measured.items():
            write_markdown(part, some, machine, _PAGE)
        print(f"written: {_PAGE}")
    return 1 if options.strict and any(row.verdict == "over" for row in rows) else 0


def _all(measured: dict[str, list[Row]]) -> list[Row]:
    return [row for rows in measured.values() for row in rows]


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
