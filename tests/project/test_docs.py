"""The pages of docs/ say what the code does, and name only files that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.parsing import FileLimits
from indexer.pipeline import Pipeline
from store.graph import read_edges
from store.migrations import open_database
from store.model import EdgeKind
from store.node_scan import nodes_between, page_bounds

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_generated_pages_are_up_to_date() -> None:
    script = ROOT / "scripts" / "write_docs.py"
    done = subprocess.run(
        [sys.executable, "-P", str(script), "--check"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "README.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:indexer|watchers|hydrators|store|tests|bench|docs|fixtures|launchd|scripts)/[^`\s]*)`", text
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_module_is_on_the_code_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [
        path.relative_to(ROOT).as_posix()
        for package in ("indexer", "watchers", "hydrators", "store", "bench", "scripts", "launchd")
        for path in (ROOT / package).rglob("*.*")
        if path.suffix in (".py", ".sh", ".plist", ".service") and path.name != "__init__.py"
    ]
    assert [module for module in modules if Path(module).name not in text] == []


def test_every_rule_of_an_edge_is_explained() -> None:
    root = ROOT / "fixtures" / "shapes"
    paths = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    with open_database(root, "mem") as db:
        pipeline = Pipeline(db, root, FileLimits(1_000_000, 10.0))
        pipeline.apply(paths)
        while pipeline.resolve_stale() is not None:
            pass
        ids = [one.facts.id for bounds in page_bounds(db) for one in nodes_between(db, *bounds, (), ())]
        with db.reading() as run:
            edges = read_edges(run, ids, [str(kind) for kind in EdgeKind], "out", 1_000_000)
    rules = {edge.rule for edge in edges}
    assert len(rules) > 20
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert {rule for rule in rules if f"`{rule}`" not in page} == set()
