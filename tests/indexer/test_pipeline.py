"""The writer of a store: incremental equals fresh, and only what changed is written."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from indexer.oneshot import compare
from indexer.parsing import FileLimits
from indexer.pipeline import Pipeline
from store import queries
from store.database import Database
from store.migrations import open_database
from tests.indexer.edit_scripts import Script, lay_out, perform, scripts
from watchers.ignore import IgnoreRules
from watchers.scan import scan

LIMITS = FileLimits(max_bytes=1 << 20, parse_timeout_s=10.0)


def indexed_paths(root: Path) -> set[str]:
    return {
        p.relative_to(root).as_posix()
        for p in root.rglob("*")
        if (p.suffix == ".rs" or p.name == "Cargo.toml") and not p.is_dir()
    }


def settle(pipeline: Pipeline) -> None:
    while pipeline.resolve_stale() is not None:
        pass


def fresh_dump(root: Path) -> dict[str, list[Any]]:
    with open_database(None, "mem") as db:
        pipeline = Pipeline(db, root, LIMITS)
        pipeline.apply(indexed_paths(root))
        settle(pipeline)
        return queries.dump(db)


def pipeline_on(db: Database, root: Path) -> Pipeline:
    return Pipeline(db, root, LIMITS)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts)
def test_after_any_edit_script_the_store_equals_a_fresh_index(script: Script) -> None:
    with tempfile.TemporaryDirectory() as folder, open_database(None, "mem") as db:
        root = Path(folder) / "ws"
        root.mkdir()
        lay_out(root)
        pipeline = pipeline_on(db, root)
        pipeline.apply(indexed_paths(root))
        settle(pipeline)
        for number, (action, a, b) in enumerate(script):
            before = indexed_paths(root)
            perform(root, action, a, b)
            pipeline.apply(before | indexed_paths(root))
            if number % 3 == 0:
                settle(pipeline)
            if number % 5 == 4:
                pipeline = pipeline_on(db, root)  # a restart forgets everything but the store
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(root)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "ws"
    root.mkdir()
    lay_out(root)
    return root


def test_a_body_edit_changes_its_node_and_those_around_it_only(workspace: Path) -> None:
    with open_database(None, "mem") as db:
        (workspace / "src/lib.rs").write_text(
            "pub fn a() { b() }\npub fn b() {}\nmod inner { pub fn c() { 1; } pub fn d() {} }\n"
        )
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)
        text = (workspace / "src/lib.rs").read_text()
        (workspace / "src/lib.rs").write_text("// moved\n" + text.replace("1;", "2;"))
        (commit,) = pipeline.apply(["src/lib.rs"])
        (change,) = commit.changes
        assert change.changed == ("src/lib.rs-lib-inner", "src/lib.rs-lib-inner::c")
        assert (change.added, change.removed) == ((), ())


def test_saving_the_same_bytes_commits_nothing(workspace: Path) -> None:
    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)
        clock = queries.clock(db)
        (workspace / "src/lib.rs").write_bytes((workspace / "src/lib.rs").read_bytes())
        assert pipeline.apply(["src/lib.rs"]) == []
        assert queries.clock(db) == clock


def test_a_lone_save_shows_its_edges_in_the_same_commit(workspace: Path) -> None:
    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)
        (workspace / "src/eval.rs").write_text("fn caller() { callee() }\nfn callee() {}\n")
        pipeline.apply(["src/eval.rs"])
        found = queries.edges_from(db, "src/eval.rs-eval-caller")
        assert [edge.dst_id for edge, *_ in found] == ["src/eval.rs-eval-callee"]


def test_a_definition_that_appears_elsewhere_binds_the_references_that_wait_for_it(workspace: Path) -> None:
    with open_database(None, "mem") as db:
        (workspace / "src/eval.rs").write_text("use crate::late::arrive;\nfn caller() { arrive() }\n")
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)
        assert queries.edges_from(db, "src/eval.rs-eval-caller") == []
        (workspace / "src/late.rs").write_text("pub fn arrive() {}\n")
        pipeline.apply(["src/late.rs"])
        settle(pipeline)
        found = queries.edges_from(db, "src/eval.rs-eval-caller")
        assert [(edge.dst_id, edge.rule) for edge, *_ in found] == [("src/late.rs-late-arrive", "import")]
        (workspace / "src/late.rs").unlink()
        pipeline.apply(["src/late.rs"])
        settle(pipeline)
        assert queries.edges_from(db, "src/eval.rs-eval-caller") == []


def test_a_first_index_by_worker_processes_holds_what_piecemeal_indexing_holds(workspace: Path) -> None:
    for number in range(120):
        text = f"use crate::m{number + 1}::f{number + 1};\npub fn f{number}() {{ f{number + 1}(); g() }}\nfn g() {{}}\n"
        (workspace / f"src/m{number}.rs").write_text(text + "fn broken( {\n" * (number % 7 == 0))
    paths = sorted(indexed_paths(workspace))
    with open_database(None, "mem") as at_once, open_database(None, "mem") as piecemeal:
        pipeline = pipeline_on(at_once, workspace)
        pipeline.apply(paths)
        assert pipeline.resolve_stale() is None
        pipeline = pipeline_on(piecemeal, workspace)
        for at in range(0, len(paths), 40):
            pipeline.apply(paths[at : at + 40])
            settle(pipeline)
        assert queries.dump(at_once) == queries.dump(piecemeal)


def test_a_storm_of_changed_files_holds_what_a_fresh_index_holds(workspace: Path) -> None:
    for number in range(120):
        (workspace / f"src/m{number}.rs").write_text(f"pub fn f{number}() {{ super::m{number + 1}::f(1) }}\n")
    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        for number in range(120):
            (workspace / f"src/m{number}.rs").write_text(f"pub fn f() {{ crate::m{number + 1}::f(2) }}\n")
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(workspace)


def test_other_limits_are_applied_to_files_that_stand_still(workspace: Path) -> None:
    (workspace / "src/lib.rs").write_text("pub fn a() {}\n" * 100)
    with open_database(None, "mem") as db:
        for max_bytes, state in ((1 << 20, "indexed"), (500, "skipped"), (1 << 20, "indexed")):
            pipeline = Pipeline(db, workspace, LIMITS._replace(max_bytes=max_bytes))
            for _ in range(2):
                pipeline.apply(compare(pipeline, scan(workspace, IgnoreRules(workspace))).to_read)
            assert pipeline.records["src/lib.rs"].state == state
            assert pipeline.judged_by_other_limits() == []
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(workspace)


def test_a_crate_that_appears_gives_paths_that_begin_with_its_name_another_meaning(workspace: Path) -> None:
    (workspace / "tests").mkdir()
    (workspace / "tests/common.rs").write_text("pub mod sub { pub fn helper() {} }\n")
    (workspace / "src/lib.rs").write_text("fn caller() { common::helper() }\n")
    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)
        (workspace / "common/src").mkdir(parents=True)
        (workspace / "common/Cargo.toml").write_text('[package]\nname = "common"\n')
        (workspace / "common/src/lib.rs").write_text("pub fn other() {}\n")
        pipeline.apply(["common/Cargo.toml", "common/src/lib.rs"])
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(workspace)


def test_a_path_attribute_that_comes_changes_and_goes_moves_what_its_file_means(workspace: Path) -> None:
    (workspace / "src/lib.rs").write_text("mod a;\nmod b;\nfn who() {}\n")
    (workspace / "src/named.rs").write_text("use super::*;\nfn caller() { who() }\nmod below;\n")
    (workspace / "src/below.rs").write_text("fn caller() { super::super::who() }\n")

    def write(a: str, b: str) -> None:
        (workspace / "src/a.rs").write_text(f"{a}fn who() {{}}\n")
        (workspace / "src/b.rs").write_text(f"{b}fn who() {{}}\n")

    attribute = '#[path = "named.rs"]\nmod named;\n'
    with open_database(None, "mem") as db:
        write("", "")
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        settle(pipeline)

        def called(caller: str) -> list[str]:
            return [edge.dst_id for edge, *_ in queries.edges_from(db, caller) if edge.kind == "CALLS"]

        for a, b, wanted in (
            ("", attribute, ["src/b.rs-b-who"]),
            (attribute, attribute, ["src/a.rs-a-who"]),
            (
                attribute.replace("#[", "#[cfg_attr(windows, ").replace("]", ")]"),
                attribute,
                ["src/b.rs-b-who"],
            ),
            ("", "", ["src/lib.rs-lib-who"]),
            (attribute, "", ["src/a.rs-a-who"]),
        ):
            write(a, b)
            pipeline.apply(["src/a.rs", "src/b.rs"])
            settle(pipeline)
            assert called("src/named.rs-named-caller") == wanted
            if a or b:
                assert called("src/below.rs-below-caller") == wanted
            assert queries.dump(db) == fresh_dump(workspace)


def test_many_deleted_files_leave_in_pieces(workspace: Path) -> None:
    with open_database(None, "mem") as db:
        for number in range(500):
            (workspace / f"src/m{number}.rs").write_text(f"pub fn f{number}() {{}}\n")
        pipeline = pipeline_on(db, workspace)
        pipeline.apply(indexed_paths(workspace))
        gone = [f"src/m{number}.rs" for number in range(500)]
        for path in gone:
            (workspace / path).unlink()
        assert max(len(commit.changes) for commit in pipeline.apply(gone)) < 300
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(workspace)


def test_large_files_that_were_edited_do_not_stay_open_all_at_once(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.pipeline._OPEN_BYTES", 5_000)
    with open_database(None, "mem") as db:
        pipeline = pipeline_on(db, workspace)
        for number in range(6):
            (workspace / f"src/m{number}.rs").write_text(f"pub fn f{number}() {{}}\n" * 100)
        pipeline.apply(indexed_paths(workspace))
        assert 0 < sum(len(file.facts.text) for file in pipeline._open.values()) <= 5_000
        settle(pipeline)
        (workspace / "src/m0.rs").write_text("pub fn g() {}\n")
        pipeline.apply(["src/m0.rs"])
        settle(pipeline)
        assert queries.dump(db) == fresh_dump(workspace)
