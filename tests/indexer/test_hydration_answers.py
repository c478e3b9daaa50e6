"""What is answered with rust-analyzer's word, and what where there is none: over the socket, with a daemon
and a rust-analyzer of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from indexer.answers_hydration import EXPANSION_MAX_BYTES, interfaces_in, shortened
from indexer.methods import METHODS
from indexer.protocol import ErrorCode, RpcError
from tests.indexer.conftest import Hydrated
from tests.system.service import ServiceProcess

CLEAN = "crates/syntax/src/span.rs"
EDITED = "crates/syntax/src/intern.rs"
WRONG = 'pub fn len(&self) -> usize {\n        let wrong: u32 = "text";\n'


def ask(service: ServiceProcess, method: str, **params: Any) -> Any:
    """The answer, after it has been held against the method's own result type."""
    answer = service.call(method, **params)
    TypeAdapter(METHODS[method].result).validate_python(answer, extra="forbid", strict=True)
    return answer


def refused(service: ServiceProcess, method: str, **params: Any) -> RpcError:
    with pytest.raises(RpcError) as raised:
        service.call(method, **params)
    assert raised.value.do, f"{raised.value} does not say what to do"
    return raised.value


@contextmanager
def edited(hydrated: Hydrated, path: str, old: str, new: str) -> Iterator[None]:
    place = hydrated.root / path
    before = place.read_text()
    assert old in before
    try:
        place.write_text(before.replace(old, new, 1))
        hydrated.service.settle(hydrated.root, stage="semantic")
        yield
    finally:
        place.write_text(before)
        hydrated.service.settle(hydrated.root, stage="semantic")


# ------------------------------------------------------------------ nodes and edges


def test_a_node_has_the_compilers_signature_and_all_confidence(hydrated: Hydrated) -> None:
    answer = ask(hydrated.service, "nodes.get", node="Interner::intern")
    assert answer["compiler"] == {
        "state": "hydrated",
        "signature": "pub fn intern(&mut self, text: &str) -> Symbol",
        "reason": "",
        "do": "",
        "is_valid": True,
        "diagnostics": {},
    }
    assert answer["confidence"] == 1.0


def test_a_node_that_is_configured_out_says_so(hydrated: Hydrated) -> None:
    said = ask(hydrated.service, "nodes.get", node="crates/vm/src/ffi.rs:25")["compiler"]
    assert said["state"] == "hydrated"
    assert said["signature"] == ""
    assert "crate" in said["reason"]


def test_neighbours_outside_the_workspace_come_last_and_say_of_which_package_they_are(
    hydrated: Hydrated,
) -> None:
    rows = ask(hydrated.service, "graph.callees", node="Interner::intern")["neighbors"]
    assert {row["edge"]["provenance"] for row in rows} == {"ra"}
    outside = [row["node"] for row in rows if not row["node"]["file"]]
    assert rows[-len(outside) :] == [row for row in rows if not row["node"]["file"]]
    assert all(row["node"]["package"] == "" for row in rows if row["node"]["file"])
    (push,) = [node for node in outside if node["qualified_name"] == "alloc::vec::Vec::push"]
    assert push["package"].startswith("alloc@1.")
    assert push["signature"] == "pub fn push(&mut self, value: T)"
    callers = ask(hydrated.service, "graph.callers", node=push["id"])
    assert callers["node"] == push
    assert "Interner::intern" in {row["node"]["qualified_name"] for row in callers["neighbors"]}
    assert "isg callers" in refused(hydrated.service, "nodes.get", node=push["id"]).do


def test_traits_outside_the_workspace_are_found_by_name_and_by_id(hydrated: Hydrated) -> None:
    answer = ask(hydrated.service, "graph.implementations", node="Iterator")
    assert answer["node"] is None
    assert "Lexer" in {row["type"]["qualified_name"] for row in answer["implementations"]}
    (id_,) = {row["trait"]["id"] for row in answer["implementations"]}
    assert (
        ask(hydrated.service, "graph.implementations", node=id_)["implementations"]
        == (answer["implementations"])
    )


# ------------------------------------------------------------------ diagnostics


def test_a_file_without_diagnostics_is_known_to_have_none(hydrated: Hydrated) -> None:
    answer = ask(hydrated.service, "diagnostics.recent", file=CLEAN)
    assert answer["diagnostics"] == []
    assert (answer["state"], answer["files_pending"], answer["reason"]) == ("known", 0, "")


def test_a_saved_error_is_found_by_file_by_node_and_by_severity_and_goes_with_its_cause(
    hydrated: Hydrated,
) -> None:
    with edited(hydrated, EDITED, "pub fn len(&self) -> usize {\n", WRONG):
        (found,) = ask(hydrated.service, "diagnostics.recent", file=EDITED)["diagnostics"]
        assert (found["severity"], found["code"], found["source"]) == ("error", "E0308", "rust-analyzer")
        line = (hydrated.root / EDITED).read_text().split("\n")[found["start_line"] - 1]
        assert line[found["start_column"] : found["end_column"]] == '"text"'
        assert found["is_current"] is True
        assert found["node_id"].endswith("Interner::len")
        for params in (
            {"node": "Interner::len"},
            {"node": found["node_id"]},
            {"node": f"{EDITED}:{found['start_line']}"},
            {"severities": ["error"]},
        ):
            assert ask(hydrated.service, "diagnostics.recent", **params)["diagnostics"] == [found]
        assert ask(hydrated.service, "diagnostics.recent", node="Interner::get")["diagnostics"] == []
        everywhere = ask(hydrated.service, "diagnostics.recent", limit=1)
        assert (everywhere["diagnostics"], everywhere["truncated"]) == ([found], True)
        assert ask(hydrated.service, "nodes.get", node="Interner::len")["compiler"]["diagnostics"] == {
            "error": 1
        }
        assert hydrated.service.status(hydrated.root)["hydration"]["diagnostics"]["error"] == 1
    assert ask(hydrated.service, "diagnostics.recent", severities=["error"])["diagnostics"] == []


def test_a_file_that_is_not_there_has_no_diagnostics_to_ask_for(hydrated: Hydrated) -> None:
    assert refused(hydrated.service, "diagnostics.recent", file="src/none.rs").code == ErrorCode.NOT_FOUND
    both = refused(hydrated.service, "diagnostics.recent", file=CLEAN, node="Span")
    assert both.code == ErrorCode.INVALID_PARAMS


# ------------------------------------------------------------------ expansions


def test_a_macro_call_expands_to_items(hydrated: Hydrated) -> None:
    answer = ask(hydrated.service, "nodes.expand", node="crates/derive/tests/lookup.rs:5")
    assert answer["macro_expansion_notes"] == {"macro": "lookup", "is_truncated": False, "reason": ""}
    (made,) = answer["interfaces"]
    assert (made["kind"], made["item_kind"], made["name"]) == ("macro_interface", "function", "roman")
    assert made["signature"] == "pub(crate) fn roman(text: &str) -> ::core::option::Option<u32>"
    lines = answer["text"].split("\n")[made["start_line"] - 1 : made["end_line"]]
    assert "roman" in lines[0]
    assert ask(hydrated.service, "nodes.find", name="roman")["nodes"] == []


def test_a_node_inside_a_macro_call_expands_the_call_and_so_does_its_printed_name(hydrated: Hydrated) -> None:
    inside = ask(hydrated.service, "nodes.expand", node="crates/vm/src/natives/math.rs:17")
    assert inside["node"]["kind"] == "macro_call"
    assert {"sqrt", "TABLE"} <= {row["name"] for row in inside["interfaces"]}
    named = ask(hydrated.service, "nodes.expand", node="arithmetic!")
    assert named["node"]["file"] == "crates/vm/src/value.rs"
    assert named["interfaces"]


def test_a_macro_call_that_is_configured_out_says_why_it_has_no_expansion(hydrated: Hydrated) -> None:
    answer = ask(hydrated.service, "nodes.expand", node="crates/measure/src/units.rs:26")
    assert (answer["text"], answer["interfaces"]) == ("", [])
    assert 'feature = "imperial" is disabled' in answer["macro_expansion_notes"]["reason"]


def test_what_is_no_macro_call_is_not_expanded(hydrated: Hydrated) -> None:
    error = refused(hydrated.service, "nodes.expand", node="Interner::intern")
    assert error.code == ErrorCode.NOT_FOUND
    assert "macro_call" in error.do


def test_a_very_long_expansion_is_cut_between_lines() -> None:
    line = "pub fn made() {}\n"
    text = line * (EXPANSION_MAX_BYTES // len(line) + 1)
    assert shortened(line) == line
    assert shortened(text) == text[: -len(line)]
    assert len(shortened("ä" * EXPANSION_MAX_BYTES).encode()) <= EXPANSION_MAX_BYTES


def test_the_items_of_an_expansion_are_told_even_if_it_is_damaged() -> None:
    found = interfaces_in("pub struct A;\nimpl A { fn a(&self) {} }\nfn b() { let = }\nfn c() {}\n")
    assert {"A", "A::a", "b", "c"} <= {row["qualified_name"] for row in found}


# ------------------------------------------------------------------ states


def test_status_tells_of_the_compiler(hydrated: Hydrated) -> None:
    status = ask(hydrated.service, "status")
    said = status["workspaces"][0]["hydration"]
    assert said["state"] in ("ready", "stopped")
    assert said["version"].startswith("rust-analyzer 1.")
    assert said["files"]["pending"] == 0
    assert said["hydrated_files"] > 80
    assert said["nodes_with_signature"] > 800


def test_without_trust_every_question_to_the_compiler_says_how_to_give_it(
    tmp_path: Path, crate: Path
) -> None:
    with ServiceProcess(tmp_path / "home") as service:
        service.add(crate)
        service.settle(crate, stage="semantic")
        answer = ask(service, "diagnostics.recent")
        assert (answer["state"], answer["diagnostics"]) == ("off", [])
        assert answer["do"] == f"isg add --trust {crate}"
        said = ask(service, "nodes.get", node="greet")
        assert said["compiler"]["state"] == "off"
        assert said["confidence"] == 0.8
        row = ask(service, "status")["workspaces"][0]
        assert row["hydration"] is None
        assert row["hydration_missing"]["do"] == f"isg add --trust {crate}"
        place = {"file": "src/lib.rs", "line": 1, "column": 0}
        for method, params in (
            ("nodes.expand", {"node": "greet"}),
            ("overlay.open_buffer", {"files": [{"path": "src/lib.rs", "text": ""}]}),
            ("overlay.close_buffer", {}),
            ("overlay.get_diagnostics", {"file": "src/lib.rs"}),
            ("overlay.get_document_symbols", {"file": "src/lib.rs"}),
            ("overlay.hover_signature", place),
            ("overlay.go_to_definition", place),
            ("overlay.expand_macro", place),
        ):
            error = refused(service, method, **params)
            assert (error.code, error.do) == (ErrorCode.NOT_READY, f"isg add --trust {crate}"), method


def test_where_it_is_switched_off_answers_name_the_setting(tmp_path: Path, crate: Path) -> None:
    with ServiceProcess(tmp_path / "home", ISG_RUST_ANALYZER="off") as service:
        service.add(crate, trusted=True)
        service.settle(crate, stage="semantic")
        assert "rust_analyzer" in ask(service, "diagnostics.recent")["reason"]
        assert "isg config show" in refused(service, "nodes.expand", node="greet").do


def test_without_a_rust_analyzer_nothing_is_known_and_the_cure_is_told(tmp_path: Path, crate: Path) -> None:
    absent = tmp_path / "nowhere" / "rust-analyzer"
    with ServiceProcess(tmp_path / "home", ISG_RUST_ANALYZER=str(absent)) as service:
        service.add(crate, trusted=True)
        service.settle(crate, stage="semantic")
        answer = ask(service, "diagnostics.recent")
        assert answer["state"] == "unknown"
        assert "absent" in answer["reason"]
        assert answer["do"]
        of_file = ask(service, "diagnostics.recent", file="src/lib.rs")
        assert of_file["state"] in ("pending", "unknown")
        assert of_file["diagnostics"] == []
        error = refused(service, "overlay.get_diagnostics", file="src/lib.rs")
        assert error.code == ErrorCode.NOT_READY
        assert "absent" in str(error)
        said = ask(service, "nodes.get", node="greet")["compiler"]
        assert said["state"] == "never"
        assert "absent" in said["reason"]
