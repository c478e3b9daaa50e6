"""Fault: a file can still be read at its path, and is no part of the workspace any more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.oneshot import compare
from indexer.parsing import FileLimits
from indexer.pipeline import Pipeline
from store import queries
from store.database import Database
from store.migrations import open_database
from tests.watchers.mirror import mirrored
from watchers.ignore import IgnoreRules
from watchers.scan import WorkspaceMissing, scan

LIMITS = FileLimits(1 << 20, 10.0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "w"
    for folder in ("src", "gen"):
        (root / folder).mkdir(parents=True)
        (root / folder / "a.rs").write_text(f"pub fn {folder}() {{}}\n")
    (root / "Cargo.toml").write_text('[package]\nname = "w"\n')
    return root


@pytest.fixture
def db() -> Iterator[Database]:
    with open_database(None, "mem") as db:
        yield db


def reconcile(pipeline: Pipeline, root: Path) -> set[str]:
    difference = compare(pipeline, scan(root, IgnoreRules(root)))
    pipeline.apply(difference.to_read, gone=difference.gone)
    while pipeline.resolve_stale() is not None:
        pass
    return set(pipeline.records)


def test_a_file_that_is_ignored_from_now_on_leaves_the_index(db: Database, root: Path) -> None:
    pipeline = Pipeline(db, root, LIMITS)
    assert reconcile(pipeline, root) == {"Cargo.toml", "src/a.rs", "gen/a.rs"}
    (root / ".gitignore").write_text("gen/\n")
    assert reconcile(pipeline, root) == {"Cargo.toml", "src/a.rs"}
    assert queries.list_nodes_by_file(db, "gen/a.rs") == []
    (root / ".gitignore").write_text("Cargo.toml\n")
    assert reconcile(pipeline, root) == {"src/a.rs", "gen/a.rs"}
    assert pipeline.records["src/a.rs"].crate == ""  # the ignored manifest names no crate


def test_a_folder_replaced_by_a_link_to_it_leaves_the_index(db: Database, root: Path) -> None:
    pipeline = Pipeline(db, root, LIMITS)
    reconcile(pipeline, root)
    (root / "gen").rename(root.parent / "elsewhere")
    (root / "gen").symlink_to(root.parent / "elsewhere")
    assert reconcile(pipeline, root) == {"Cargo.toml", "src/a.rs"}
    # A watch lives as long as its folder, and goes on telling of it under the old name.
    (root.parent / "elsewhere/a.rs").write_text("pub fn outside() {}\n")
    pipeline.apply(["gen/a.rs"])
    assert set(pipeline.records) == {"Cargo.toml", "src/a.rs"}


def test_files_of_a_root_that_went_away_amid_the_work_are_not_taken_for_deleted(
    db: Database, root: Path
) -> None:
    pipeline = Pipeline(db, root, LIMITS)
    known = reconcile(pipeline, root)
    root.rename(root.parent / "away")
    for path in ("src/a.rs", "Cargo.toml"):
        with pytest.raises(WorkspaceMissing):
            pipeline.apply([path])
    (root.parent / "away").rename(root)
    assert reconcile(pipeline, root) == known
    assert pipeline.crates.place("src/a.rs").crate == "w"


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_file_that_becomes_a_folder_is_told_to_have_changed(root: Path) -> None:
    async with mirrored(root) as mirror:
        os.unlink(root / "src/a.rs")
        (root / "src/a.rs").mkdir()
        (root / "src/a.rs" / "inner.rs").write_text("inner")
        files = await mirror.settled()
        assert "src/a.rs" not in files and files["src/a.rs/inner.rs"] == b"inner"
