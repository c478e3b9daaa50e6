"""The life of one workspace: what it answers while things go wrong around it, and when `wait` returns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from indexer.config import Settings
from indexer.llama import SharedLlama
from indexer.metrics import Metrics
from indexer.paths import resolve_paths
from indexer.registry import Entry
from indexer.workspace import Workspace
from store import queries
from tests.indexer.service_bench import lay_out_sources

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]
DEADLINE_S = 30.0


@asynccontextmanager
async def opened(root: Path, home: Path) -> AsyncIterator[Workspace]:
    entry, settings, metrics = Entry("toy", root), Settings(), Metrics()
    llama = SharedLlama(settings, resolve_paths({"ISG_HOME": str(home)}), metrics)
    async with (
        asyncio.timeout(3 * DEADLINE_S),
        Workspace(entry, home / "toy" / "db", home / "cache", settings, metrics, llama) as workspace,
    ):
        await workspace.wait("edges", DEADLINE_S)
        yield workspace


async def names(workspace: Workspace, name: str) -> int:
    return len(await workspace.read(queries.find_nodes, name))


async def test_while_the_root_is_away_the_store_answers_and_afterwards_it_goes_on_at_once(
    tmp_path: Path,
) -> None:
    root = lay_out_sources(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as workspace:
        root.rename(tmp_path / "away")
        workspace.request_scan("the test knows")
        while workspace.status()["state"] != "degraded":
            await asyncio.sleep(0.01)
        assert "is not there" in " ".join(workspace.status()["warnings"])
        assert await names(workspace, "greet") == 1
        (tmp_path / "away/src/late.rs").write_text("pub fn late() {}\n")
        (tmp_path / "away").rename(root)
        await workspace.wait("edges", 5.0)
        assert await names(workspace, "late") == 1
        assert workspace.status()["warnings"] == []


async def test_what_happened_during_a_pause_is_in_once_a_wait_after_it_returns(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as workspace:
        workspace.pause()
        (root / "src/late.rs").write_text("pub fn late() {}\n")
        await workspace.wait("edges", DEADLINE_S)
        assert await names(workspace, "late") == 0
        workspace.resume()
        await workspace.wait("edges", DEADLINE_S)
        assert await names(workspace, "late") == 1


async def test_a_paused_workspace_lets_nobody_wait_for_edges_that_are_not_resolved(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as workspace:
        workspace.pause()
        workspace._stale = 3  # left over by a storm that the pause cut short
        await workspace.wait("edges", 5.0)


async def test_a_file_saved_at_the_moment_in_which_its_folder_becomes_ignored_stays_out(
    tmp_path: Path,
) -> None:
    root = lay_out_sources(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as workspace:
        for _ in range(5):  # both are in one poll of the watcher, which knows the old rules only
            (root / ".gitignore").write_text("src/\n")
            (root / "src/other.rs").write_text("pub fn other() {}\n")
            await workspace.wait("edges", DEADLINE_S)
            assert await names(workspace, "other") == 0
            (root / ".gitignore").unlink()
            await workspace.wait("edges", DEADLINE_S)
            assert await names(workspace, "other") == 1


async def test_a_folder_that_becomes_a_file_and_back_is_followed(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")
    path = root / "src/both.rs"
    async with opened(root, tmp_path / "home") as workspace:
        for _ in range(3):
            path.mkdir()
            (path / "inner.rs").write_text("pub fn in_folder() {}\n")
            await workspace.wait("edges", DEADLINE_S)
            assert (await names(workspace, "in_folder"), await names(workspace, "in_file")) == (1, 0)
            (path / "inner.rs").unlink()
            path.rmdir()
            path.write_text("pub fn in_file() {}\n")
            await workspace.wait("edges", DEADLINE_S)
            assert (await names(workspace, "in_folder"), await names(workspace, "in_file")) == (0, 1)
            path.unlink()


async def test_many_files_in_an_empty_workspace_raise_its_clock(tmp_path: Path) -> None:
    root = tmp_path / "empty"
    root.mkdir()
    async with opened(root, tmp_path / "home") as workspace:
        before = workspace.freshness()["clock"]
        for number in range(150):
            (root / f"m{number}.rs").write_text(f"pub fn f{number}() {{}}\n")
        await workspace.wait("edges", DEADLINE_S)
        assert workspace.freshness()["clock"] == await workspace.read(queries.clock) > before


async def test_after_a_reindex_readers_of_an_older_clock_are_told_to_start_afresh(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as workspace:
        for number in range(5):
            (root / "src/other.rs").write_text(f"pub fn other{number}() {{}}\n")
            await workspace.wait("edges", DEADLINE_S)
        seen, instance = workspace.freshness()["clock"], workspace.status()["instance"]
        await workspace.reindex()
        await workspace.wait("edges", DEADLINE_S)
        assert workspace.status()["instance"] != instance
        assert workspace.freshness()["clock"] > seen
        assert (await workspace.read(queries.changes_since, seen)).fresh_instance


async def test_an_exception_of_the_life_does_not_outlive_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = lay_out_sources(tmp_path / "toy")
    async with opened(root, tmp_path / "home") as workspace:

        async def fail(*_: object) -> None:
            raise KeyError("a bug")

        monkeypatch.setattr(workspace, "_apply_batch", fail)
        workspace.request_scan("now")
        while workspace.status()["state"] != "degraded":
            await asyncio.sleep(0.01)
        monkeypatch.undo()
        await workspace.wait("edges", DEADLINE_S)  # opened anew
        assert await names(workspace, "greet") == 1
