"""What a server's answer becomes: edges at the sites that it can tell, signatures, diagnostics by node."""

from __future__ import annotations

from hydrators.rust_analyzer.findings import Outline, read_answer, targets_of
from hydrators.rust_analyzer.model import (
    ExternalItem,
    FileAnswer,
    HoverAnswer,
    Position,
    Range,
    ServerDiagnostic,
    Target,
)
from hydrators.rust_analyzer.plan import Lines, plan_file
from store.model import Diagnostic, HydratedFile
from tests.hydrators.rust_text import facts_of

CODE = """\
fn caller(list: &[u8]) {
    let local = |n: u8| n;
    target(local(1));
    list.len();
    made();
    unknown();
    map(target, Kind::Word);
    "".parse();
}
fn target(n: u8) -> u8 { n }
fn from_str() {}
make! { made }
enum Kind { Word }
"""
LEN = ExternalItem("core", "1.96.0", "core::slice::len", "method", "pub const fn len(&self) -> usize")


def range_of(text: str, piece: str, inside: str = "") -> Range:
    start = text.index(piece)
    if inside:
        start += piece.index(inside)
        piece = inside
    lines = Lines(text.encode())
    return Range(lines.position(start), lines.position(start + len(piece)))


def target(piece: str, name: str) -> Target:
    return Target("src/a.rs", range_of(CODE, piece), range_of(CODE, piece, name))


ELSEWHERE = Target("", Range(Position(0, 0), Position(0, 0)), Range(Position(0, 0), Position(0, 0)), LEN)
MEANT = {
    "target": (target("fn target(n: u8) -> u8 { n }", "target"),),
    "len": (ELSEWHERE,),
    "made": (target("made }", "made"),),
    "unknown": (),
    "map": (target("local", "local"),),
    "Word": (Target("src/a.rs", range_of(CODE, "{ Word }", "Word"), range_of(CODE, "{ Word }", "Word")),),
    "make": (),
    "parse": (
        target("fn from_str() {}", "from_str"),
        ELSEWHERE._replace(external=LEN._replace(path="core::str::parse")),
    ),
}


def read(diagnostics: tuple[ServerDiagnostic, ...] = ()) -> HydratedFile:
    facts = facts_of(CODE)
    plan = plan_file(facts, {}, (), all_nodes=True, has_diagnostics=False)
    answer = FileAnswer(
        path="src/a.rs",
        hash=facts.record.hash,
        generation=1,
        is_partial=False,
        hovers=tuple(HoverAnswer(f"hover {n}") for n in range(len(plan.hovers))),
        definitions=tuple(MEANT[facts.references[node][at].name] for node, at in plan.sites),
        diagnostics=diagnostics,
        outline=(),
        server_s=0.0,
        requests={},
    )
    assert targets_of(answer) == {"src/a.rs"}
    return read_answer(facts, plan, answer, {"src/a.rs": Outline(facts)}, as_of=7)


def test_each_site_leads_to_the_node_that_is_defined_where_the_server_says() -> None:
    found = read()
    facts = facts_of(CODE)
    names = {node.id: node.qualified_name for node in facts.nodes}
    references = next(iter(facts.references.values()))
    told = {
        (edge.kind, names.get(edge.dst_id, edge.dst_id), edge.rule): [
            references[at].name for at in edge.sites
        ]
        for edge in found.nodes[0].edges
    }
    macro_call = next(node.qualified_name for node in facts.nodes if node.kind == "macro_call")
    assert told == {
        ("CALLS", "target", "definition"): ["target", "target"],
        ("CALLS", "", "definition"): ["map"],  # known to be no node: no guess may stand there
        ("CALLS", "core@1.96.0::slice::len", "definition"): ["len"],
        ("CALLS", macro_call, "made-by-macro"): ["made"],
        ("USES", "Kind::Word", "definition"): ["Word"],
        ("CALLS", "core@1.96.0::str::parse", "definition"): ["parse"],
        ("CALLS", "from_str", "led-on"): ["parse"],  # it ends in that: both are called
    }
    assert {edge.weight for edge in found.nodes[0].edges} == {1.0}
    assert [external.path for external in found.externals] == ["core::slice::len", "core::str::parse"]
    assert {edge.provenance for node in found.nodes for edge in node.edges} == {"ra"}


def test_signatures_come_with_the_hash_that_they_hang_on() -> None:
    found = read()
    assert [node.signature for node in found.nodes if node.signature] == [f"hover {n}" for n in range(5)]
    assert all(node.key for node in found.nodes)
    assert found.as_of == 7


def test_diagnostics_belong_to_the_innermost_node_and_count_lines_from_one() -> None:
    facts = facts_of(CODE)
    one = ServerDiagnostic("error", "E0425", "no such value", range_of(CODE, "unknown"), "rust-analyzer")
    assert read((one,)).diagnostics == (
        Diagnostic(facts.nodes[0].id, "error", "E0425", "no such value", 6, 4, 6, 11, "rust-analyzer"),
    )


def test_of_several_things_behind_a_token_of_a_macro_those_count_that_are_called_so() -> None:
    other = LEN._replace(path="core::result::Result::expect_len")
    MEANT["len"] = (ELSEWHERE, ELSEWHERE._replace(external=other), target("make! { made }", "make"))
    try:
        found = read()
    finally:
        MEANT["len"] = (ELSEWHERE,)
    called = [edge.dst_id for edge in found.nodes[0].edges if "len" in edge.dst_id]
    assert called == ["core@1.96.0::slice::len"]
