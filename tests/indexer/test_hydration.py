"""When a workspace is hydrated and when not, and what the structural stages have of it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hydrators.rust_analyzer import State
from indexer.config import Settings
from indexer.llama import SharedLlama
from indexer.metrics import Metrics
from indexer.paths import resolve_paths
from indexer.registry import Entry
from indexer.workspace import Workspace
from store import hydration, queries
from store.model import Edge

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]
DEADLINE_S = 90.0
needs_rust_analyzer = pytest.mark.skipif(
    shutil.which("rust-analyzer") is None or shutil.which("cargo") is None,
    reason="rust-analyzer and cargo are not installed (Debian: rust-web-analyzer, cargo)",
)
LIB = """\
pub trait Speak { fn speak(&self) -> String; }
pub struct Dog;
impl Speak for Dog { fn speak(&self) -> String { "wau".to_owned() } }
fn pick() -> impl Speak { Dog }
pub fn talk() -> usize { pick().speak().len() }
"""


def lay_out(root: Path) -> Path:
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n')
    (root / "src/lib.rs").write_text(LIB)
    return root


@asynccontextmanager
async def opened(
    root: Path, home: Path, settings: Settings | None = None, *, trusted: bool = True
) -> AsyncIterator[tuple[Workspace, Metrics]]:
    entry = Entry("toy", root, trusted=trusted)
    metrics = Metrics()
    settings = settings or Settings()
    llama = SharedLlama(settings, resolve_paths({"ISG_HOME": str(home)}), metrics)
    async with (
        asyncio.timeout(DEADLINE_S),
        Workspace(entry, home / "toy/db", home / "cache/toy", settings, metrics, llama) as workspace,
    ):
        await workspace.wait("semantic", DEADLINE_S)
        yield workspace, metrics


async def calls(workspace: Workspace, name: str) -> list[Edge]:
    (found,) = await workspace.read(queries.find_nodes, name)
    edges = await workspace.read(queries.edges_from, found.facts.id, ["CALLS"])
    return sorted(edge for edge, _ in edges)


@needs_rust_analyzer
async def test_a_trusted_workspace_has_the_compilers_edges_and_signatures(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as (workspace, metrics):
        found = await calls(workspace, "talk")
        assert {edge.provenance for edge in found} == {"ra"}
        assert len(found) == 3
        assert all(any(edge.dst_id.endswith(name) for edge in found) for name in ("pick", "speak", "len"))
        (node,) = await workspace.read(queries.find_nodes, "talk")
        summary = await workspace.read(queries.get_node_summary, node.facts.id)
        assert summary is not None and summary.confidence == 1.0
        assert summary.compiler.signature == "pub fn talk() -> usize"
        assert workspace.freshness()["pending"]["semantic"] == 0

        asked = metrics.counter("hydration.nodes")
        (root / "src/lib.rs").write_text(LIB.replace("Dog }\n", "Dog } // a dog\n"))
        await workspace.wait("semantic", DEADLINE_S)
        assert metrics.counter("hydration.nodes") == asked  # a comment
        (root / "src/lib.rs").write_text(LIB.replace('"wau"', '"wuff"'))
        await workspace.wait("semantic", DEADLINE_S)
        assert metrics.counter("hydration.nodes") == asked + 1  # a body
    assert not (root / "target").exists()


@needs_rust_analyzer
async def test_what_was_asked_survives_a_restart_and_goes_when_the_trust_goes(tmp_path: Path) -> None:
    root, home = lay_out(tmp_path / "toy"), tmp_path / "home"
    async with opened(root, home) as (workspace, _):
        hydrated = await calls(workspace, "talk")
    async with opened(root, home) as (workspace, metrics):
        assert await calls(workspace, "talk") == hydrated
        assert metrics.counter("hydration.nodes") == 0
        assert workspace.hydration is not None
        assert workspace.hydration.compiler.state.state == State.STOPPED  # nothing to ask
    async with opened(root, home, trusted=False) as (workspace, _):
        while await workspace.read(hydration.hydrated_by) is not None:
            await asyncio.sleep(0.01)
        assert {edge.provenance for edge in await calls(workspace, "talk")} == {"heuristic"}
        assert workspace.hydration is None


@needs_rust_analyzer
async def test_a_server_that_is_killed_comes_back_and_what_changed_meanwhile_is_asked(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as (workspace, _):
        assert workspace.hydration is not None
        pid = workspace.hydration.compiler.state.pid
        import psutil

        psutil.Process(pid).kill()
        (root / "src/lib.rs").write_text(LIB + "pub fn late() -> usize { talk() }\n")
        await workspace.wait("semantic", DEADLINE_S)
        (edge,) = await calls(workspace, "late")
        assert edge.provenance == "ra"
        assert workspace.hydration.compiler.state.pid not in (0, pid)


@needs_rust_analyzer
async def test_a_module_whose_file_goes_is_missed_by_whoever_declares_it(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    (root / "src/lib.rs").write_text(LIB + "mod inner;\n")
    (root / "src/inner").mkdir()
    (root / "src/inner.rs").write_text("mod deep;\n")
    (root / "src/inner/deep.rs").write_text("pub fn below() -> usize { crate::talk() }\n")

    async def codes(path: str) -> set[str]:
        found = await workspace.read(hydration.recent_diagnostics, path=path, limit=100)
        return {one.diagnostic.code for one in found}

    async with opened(root, tmp_path / "home") as (workspace, _):
        assert await codes("src/lib.rs") == await codes("src/inner/deep.rs") == set()
        (root / "src/inner.rs").unlink()
        await workspace.wait("semantic", DEADLINE_S)
        assert await codes("src/lib.rs") == {"E0583"}
        assert await codes("src/inner/deep.rs") == {"unlinked-file"}
        (root / "src/inner.rs").write_text("mod deep;\n")
        await workspace.wait("semantic", DEADLINE_S)
        assert await codes("src/lib.rs") == await codes("src/inner/deep.rs") == set()
        (root / "src/lib.rs").write_text(LIB)
        await workspace.wait("semantic", DEADLINE_S)
        assert await codes("src/inner/deep.rs") == {"unlinked-file"}


async def test_without_a_server_the_structural_stages_go_on_and_the_reason_is_told(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    settings = Settings(rust_analyzer=str(tmp_path / "no-such-server"))
    async with opened(root, tmp_path / "home", settings) as (workspace, _):
        (root / "src/lib.rs").write_text(LIB + "pub fn late() -> usize { talk() }\n")
        await workspace.wait("semantic", DEADLINE_S)
        (edge,) = await calls(workspace, "late")
        assert edge.provenance == "heuristic"
        assert workspace.hydration is not None
        status = workspace.hydration.status()
        assert status["state"] == "absent" and status["reason"] and status["cure"]
        assert any("rust-analyzer is absent" in warning for warning in workspace.freshness()["warnings"])


async def test_a_workspace_that_is_not_trusted_runs_nothing(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    for number, settings in enumerate([Settings(), Settings(rust_analyzer="off")]):
        async with opened(root, tmp_path / f"home{number}", settings, trusted=number == 1) as (workspace, _):
            assert workspace.hydration is None
            assert "semantic" not in workspace.freshness()["pending"]
            assert not (tmp_path / f"home{number}/cache").exists()
