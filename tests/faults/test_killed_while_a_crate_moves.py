"""Fault: the daemon dies between the commits of a change that moves a whole crate."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.oneshot import compare
from indexer.pipeline import Pipeline
from store import queries, writes
from store.migrations import open_database
from tests.indexer.edit_scripts import lay_out
from tests.indexer.test_pipeline import fresh_dump, indexed_paths, pipeline_on, settle
from watchers.ignore import IgnoreRules
from watchers.scan import scan


class Killed(Exception):
    pass


def reconcile(pipeline: Pipeline, root: Path) -> None:
    difference = compare(pipeline, scan(root, IgnoreRules(root)))
    pipeline.apply(difference.to_read, gone=difference.gone)


@pytest.mark.parametrize("step", ["renamed", "removed"])
@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_restart_moves_the_files_that_had_not_moved_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, dies_at: int
) -> None:
    lay_out(tmp_path)
    for number in range(300):
        (tmp_path / f"src/m{number:03}.rs").write_text(f"pub fn f{number}() {{ demo::f{number + 1}() }}\n")
    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, tmp_path)
        pipeline.apply(indexed_paths(tmp_path))
        settle(pipeline)
        if step == "renamed":
            (tmp_path / "Cargo.toml").write_text('[package]\nname = "renamed"\n')
        else:
            (tmp_path / "Cargo.toml").unlink()
        commits = 0
        ingest = writes.ingest_file_batch

        def die_sometime(*args: object, **kwargs: object) -> object:
            nonlocal commits
            commits += 1
            if commits == dies_at:
                raise Killed
            return ingest(*args, **kwargs)  # type: ignore[arg-type]

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(writes, "ingest_file_batch", die_sometime)
            reconcile(pipeline, tmp_path)
        pipeline = pipeline_on(db, tmp_path)
        reconcile(pipeline, tmp_path)
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(tmp_path)
