"""What the command line shows of rust-analyzer's word, and of its absence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.cli.compiler import Severity
from indexer.cli.exits import Exit
from indexer.cli.rows import Phases, fresh_note
from indexer.cli.workspaces import Stage
from indexer.methods import METHODS
from indexer.workspace import STAGES
from tests.indexer.conftest import Hydrated, Said
from tests.indexer.service_bench import Bench
from tests.indexer.test_hydration_answers import EDITED, WRONG, edited
from tests.system.service import ServiceProcess


@pytest.fixture
def quill(
    hydrated: Hydrated, isg: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """The command line, in a trusted and settled workspace."""
    monkeypatch.setenv("ISG_HOME", str(hydrated.service.home))
    monkeypatch.chdir(hydrated.root)
    return isg


def test_the_values_of_options_are_those_that_the_daemon_knows() -> None:
    described = METHODS["diagnostics.recent"].params.model_json_schema()["properties"]["severities"]
    assert [str(one) for one in Severity] == described["anyOf"][0]["items"]["enum"]
    assert tuple(str(one) for one in Stage) == STAGES


def test_edges_show_who_resolved_them_and_where_they_lead(quill: Callable[..., Said]) -> None:
    lines = quill("callees", "Interner::intern").out.splitlines()
    assert lines[0].split()[:3] == ["WEIGHT", "PROVENANCE", "RULE"]
    assert lines[1].split()[:5] == ["1.00", "ra", "definition", "struct", "Symbol"]
    (push,) = [line.split() for line in lines if "::vec::Vec::push" in line]
    assert push[3:6] == ["method", push[4], "(outside)"]
    assert "Interner::intern" in quill("callers", push[4]).out


def test_a_node_is_shown_with_the_compilers_signature(quill: Callable[..., Said]) -> None:
    said = quill("show", "Interner::intern", "--no-text").out
    assert "compiler   pub fn intern(&mut self, text: &str) -> Symbol" in said
    assert "confidence 1\n" in said
    assert "compiler   no signature: " in quill("show", "crates/vm/src/ffi.rs:25").out


def test_status_shows_how_the_compiler_fares(quill: Callable[..., Said], hydrated: Hydrated) -> None:
    said = quill("status", "--wait", "--stage", "semantic")
    assert said.code == Exit.OK
    assert "compiler rust-analyzer 1." in said.out
    assert "files done" in said.out
    assert "hints (isg diagnostics)" in said.out


def test_diagnostics_are_listed_and_none_is_told_from_not_known(
    quill: Callable[..., Said], hydrated: Hydrated
) -> None:
    none = quill("diagnostics", "crates/syntax/src/span.rs")
    assert (none.code, none.out, none.err) == (Exit.OK, "", "rust-analyzer finds nothing wrong\n")
    assert "nothing like that" in quill("diagnostics", "-s", "error").err
    with edited(hydrated, EDITED, "pub fn len(&self) -> usize {\n", WRONG):
        for asked in (EDITED, "Interner::len"):
            (head, row) = quill("diagnostics", asked).out.splitlines()
            assert head.split() == ["PLACE", "SEVERITY", "CODE", "MESSAGE"]
            assert row.split()[1:3] == ["error", "E0308"]
            assert row.startswith(f"{EDITED}:47:26 ")
        assert "findings   1 error (isg diagnostics)" in quill("show", "Interner::len").out
        assert "there are more" in quill("diagnostics", "--limit", 1).err
        assert quill("diagnostics", "--limit", 1, "--json").json["state"] == "known"


def test_a_macro_call_is_expanded(quill: Callable[..., Said]) -> None:
    said = quill("expand", "crates/derive/tests/lookup.rs:5")
    assert said.code == Exit.OK
    assert "holds      function roman" in said.out
    assert "fn roman(text: &str)" in said.out
    assert "fn roman" not in quill("expand", "crates/derive/tests/lookup.rs:5", "--no-text").out
    assert "missing    code is inactive" in quill("expand", "crates/measure/src/units.rs:26").out
    several = quill("expand", "lookup!")
    assert several.code == Exit.CONFLICT
    assert several.err.count("macro_call ") == 2


def test_without_trust_the_way_to_it_is_shown(toy: Bench, isg: Callable[..., Said], crate: Path) -> None:
    for arguments in (["diagnostics"], ["diagnostics", "src/lib.rs"], ["expand", "greet"]):
        said = isg(*arguments)
        assert (said.code, said.out) == (Exit.NOT_READY, "")
        assert f"isg add --trust {crate}" in said.err
    as_json = isg("diagnostics", "--json")
    assert as_json.code == Exit.NOT_READY
    assert as_json.json["state"] == "off"
    assert f"not trusted (isg add --trust {crate})" in isg("status").out
    assert "compiler   not asked" in isg("show", "greet").out


def test_an_absent_rust_analyzer_is_said_with_its_cure_and_nothing_waits_for_it(
    tmp_path: Path, crate: Path, isg: Callable[..., Said]
) -> None:
    with ServiceProcess(tmp_path / "home", ISG_RUST_ANALYZER=str(tmp_path / "none")) as service:
        added = isg("add", crate, "--trust")
        assert added.code == Exit.OK
        assert "runs its build scripts and proc macros" in added.err
        assert "ready: 4 files" in added.err
        status = isg("status", "--wait", "--stage", "semantic")
        assert status.code == Exit.OK
        (row,) = service.call("status")["workspaces"]
        cure = row["hydration"]["cure"]
        assert cure
        assert "! rust-analyzer is absent: " in status.out
        asked = isg("diagnostics", "src/lib.rs")
        assert asked.code == Exit.OK
        assert "still to be asked about" in asked.err
        assert cure in asked.err


def test_what_rust_analyzer_has_still_to_say_is_not_taken_for_a_missing_edge() -> None:
    row = {"id": "toy", "state": "ready", "pending": {"structural": 0, "edges": 0, "semantic": 3}}
    assert Phases().describe(row) == "ready"
    assert (
        fresh_note(row)
        == "rust-analyzer is still to say more of 3 files (isg status --wait --stage semantic)"
    )
    assert "2 pending" in fresh_note({"pending": {"structural": 1, "edges": 1, "semantic": 0}})
