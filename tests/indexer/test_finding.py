"""What a node is: its exact description, test or code, and finding nodes by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.finding import attribute_names, derives_of, qualifiers_of, visibility_of
from indexer.protocol import ErrorCode, RpcError
from store.model import NodeKind
from tests.hydrators.rust_text import facts_of, node
from tests.indexer.service_bench import Bench, running_daemon
from tests.indexer.test_rpc_methods import ask

SOURCES = {
    "Cargo.toml": '[package]\nname = "zoo"\nversion = "0.1.0"\n\n[features]\nnet = []\ntls = []\n',
    "src/lib.rs": (
        "/// Holds animals.\n///\n/// Many.\n#[derive(Debug, Clone)]\n#[non_exhaustive]\n"
        '#[cfg_attr(feature = "serde", derive(serde::Serialize))]\n'
        "pub struct Cage<'a, T: Clone + 'a = u8, const N: usize = 3>\nwhere\n    T: Send,\n{\n"
        "    pub door: &'a T,\n    rooms: [u8; N],\n}\n\n"
        "pub enum Animal {\n    Cat = 1,\n    Dog(u8),\n    Bird { wings: u8 },\n}\n\n"
        "impl Animal {\n    #[must_use]\n    pub(crate) const fn legs(&self, mut extra: u8) -> u8 {\n"
        "        4 + extra\n    }\n}\n\n"
        "/// Loads.\npub async unsafe fn load() {}\n\nfn quiet() {}\n\n"
        'pub extern "C" fn call() {}\n\n'
        '#[cfg(feature = "net")]\npub mod net {\n    //! Talks.\n    pub fn dial() {}\n}\n\n'
        "#[cfg(test)]\nmod checks;\n\nmod sums;\n\n#[cfg(test)]\nmod inline {\n    #[test]\n    fn works() {}\n}\n"
    ),
    "src/checks.rs": "pub fn helper() {}\n\nmod deeper;\n",
    "src/checks/deeper.rs": "pub fn deep_helper() {}\n",
    "src/sums.rs": (
        'pub fn sum() {}\n\n#[cfg(test)]\n#[path = "sums_tests.rs"]\nmod tests;\n\n'
        '#[path = "plain.rs"]\nmod other;\n'
    ),
    "src/sums_tests.rs": "fn sums_helper() {}\n\nmod beside;\n",
    "src/beside.rs": "fn beside_helper() {}\n",
    "src/plain.rs": "fn plain() {}\n",
    "tests/end.rs": "fn end_to_end() {}\n",
    "examples/show.rs": "fn shown() {}\n",
    "src/broken.rs": "pub fn torn( {\n",
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("finding")
    for name, text in SOURCES.items():
        (folder / "zoo" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "zoo" / name).write_text(text)
    with running_daemon(folder / "home") as bench:
        bench.call("workspace.add", path=str(folder / "zoo"))
        bench.call("wait", stage="edges")
        yield bench


def names(bench: Bench, **filters: Any) -> set[str]:
    return {row["qualified_name"] for row in ask(bench, "nodes.find", **filters)["nodes"]}


# ---------------------------------------------------------------------------- descriptions


def test_a_type_is_described_with_generics_bounds_fields_and_attributes(zoo: Bench) -> None:
    found = ask(zoo, "nodes.get", node="Cage")["description"]
    assert found["generics"] == [
        {"kind": "lifetime", "name": "'a", "type": "", "bounds": [], "default": ""},
        {"kind": "type", "name": "T", "type": "", "bounds": ["Clone", "'a"], "default": "u8"},
        {"kind": "const", "name": "N", "type": "usize", "bounds": [], "default": "3"},
    ]
    assert found["where"] == [{"subject": "T", "bounds": ["Send"]}]
    assert [(field["visibility"], field["name"], field["type"]) for field in found["fields"]] == [
        ("pub", "door", "&'a T"),
        ("", "rooms", "[u8; N]"),
    ]
    assert found["derives"] == ["Debug", "Clone", "serde::Serialize"]
    assert found["docs"].split() == ["Holds", "animals.", "Many."]
    assert {"facet": "non_exhaustive", "value": ""} in found["facets"]


def test_a_function_is_described_with_receiver_parameters_and_qualifiers(zoo: Bench) -> None:
    found = ask(zoo, "nodes.get", node="Animal::legs")["description"]
    assert (found["qualifiers"], found["receiver"], found["return_type"]) == (["const"], "&self", "u8")
    assert found["parameters"] == [{"pattern": "mut extra", "type": "u8"}]
    assert ask(zoo, "nodes.get", node="call")["description"]["abi"] == "C"
    assert ask(zoo, "nodes.get", node="load")["description"]["abi"] is None


def test_an_enum_is_described_with_variants_and_discriminants(zoo: Bench) -> None:
    variants = ask(zoo, "nodes.get", node="Animal")["description"]["variants"]
    assert [(one["name"], one["style"], one["discriminant"]) for one in variants] == [
        ("Cat", "unit", "1"),
        ("Dog", "tuple", ""),
        ("Bird", "struct", ""),
    ]


@pytest.mark.parametrize(
    ("name", "reason"), [("torn", "does not parse"), ("net", "manifest"), ("zoo", "manifest")]
)
def test_without_an_exact_description_the_reason_is_given(zoo: Bench, name: str, reason: str) -> None:
    kinds = None if name == "torn" else ["crate", "feature"]
    row = ask(zoo, "nodes.find", name=name, **({"kinds": kinds} if kinds else {}))["nodes"][0]
    found = ask(zoo, "nodes.get", node=row["id"])
    assert found["description"] is None
    assert reason in found["description_missing"]


# ---------------------------------------------------------------------------- test or code


def test_test_code_is_known_by_its_marks_its_target_and_the_modules_above_its_file(zoo: Bench) -> None:
    assert names(zoo, classification="TEST_IMPLEMENTATION", kinds=["function"]) == {
        "helper",
        "deep_helper",
        "end_to_end",
        "inline::works",
        "sums_helper",
        "beside_helper",
    }
    code = names(zoo, classification="CODE_IMPLEMENTATION", kinds=["function"])
    assert {"load", "quiet", "shown", "net::dial", "sum", "plain"} <= code
    assert not code & {"helper", "deep_helper", "end_to_end", "inline::works"}
    (row,) = ask(zoo, "nodes.find", name="deep_helper")["nodes"]
    assert row["classification"] == "TEST_IMPLEMENTATION"
    assert ask(zoo, "nodes.get", node="end_to_end")["node"]["classification"] == "TEST_IMPLEMENTATION"


# ---------------------------------------------------------------------------- finding


def test_nodes_are_found_by_what_they_are(zoo: Bench) -> None:
    assert names(zoo, qualifiers=["async", "unsafe"]) == {"load"}
    assert names(zoo, qualifiers=["const"]) == {"Animal::legs"}
    assert names(zoo, qualifiers=["extern"]) == {"call"}
    assert names(zoo, derives=["Serialize", "Clone"]) == {"Cage"}
    assert names(zoo, derives=["Serial"]) == set()
    assert names(zoo, attributes=["must_use"]) == {"Animal::legs"}
    assert names(zoo, visibility="restricted") == {"Animal::legs"}
    assert names(zoo, kinds=["struct", "enum"]) == {"Cage", "Animal"}
    assert names(zoo, under="tests", kinds=["function"]) == {"end_to_end"}
    assert names(zoo, under="src/checks.rs", kinds=["function"]) == {"helper"}
    assert names(zoo, name="load", visibility="pub") == {"load"}
    assert names(zoo, name="load", visibility="private") == set()


def test_nodes_are_found_by_their_docs(zoo: Bench) -> None:
    documented = names(zoo, documented=True)
    assert documented == {"Cage", "load", "net"}
    missing = names(zoo, documented=False, visibility="pub", classification="CODE_IMPLEMENTATION")
    assert {"Animal", "call", "net::dial"} <= missing
    assert not missing & documented


def test_a_limit_is_kept_and_more_is_said(zoo: Bench) -> None:
    answer = ask(zoo, "nodes.find", kinds=["function"], limit=2)
    assert len(answer["nodes"]) == 2
    assert answer["truncated"] is True
    assert ask(zoo, "nodes.find", name="load", limit=1)["truncated"] is False


def test_a_question_without_a_name_or_filter_is_refused(zoo: Bench) -> None:
    for params in ({}, {"kinds": ["klass"]}, {"visibility": "public"}):
        with pytest.raises(RpcError) as raised:
            zoo.call("nodes.find", **params)
        assert raised.value.code == ErrorCode.INVALID_PARAMS
    with pytest.raises(RpcError) as raised:
        zoo.call("nodes.find", under="../elsewhere")
    assert raised.value.code == ErrorCode.NOT_FOUND


# ---------------------------------------------------------------------------- from facts alone


def test_qualifiers_are_read_from_the_header_alone() -> None:
    facts = facts_of(
        'pub(in a::b) default const unsafe extern "C" fn f() {}\nconst fn_async: u8 = 1;\n'
        "fn g(x: unsafe fn()) {}\nunsafe impl Send for S {}\n"
    )
    assert qualifiers_of(node(facts, "f")) >= {"const", "unsafe", "extern"}
    assert qualifiers_of(node(facts, "fn_async")) == set()
    assert qualifiers_of(node(facts, "g")) == set()
    assert qualifiers_of(node(facts, "impl Send for S")) == {"unsafe"}


def test_derives_and_attributes_of_a_cfg_attr_count() -> None:
    facts = facts_of(
        '#[derive(a::B , C)]\n#[cfg_attr(x, derive(D), serde(rename = "y"))]\n#[tokio :: main]\n'
        "#[unsafe(no_mangle)]\nstruct S;\n"
    )
    assert derives_of(node(facts, "S")) == ["a::B", "C", "D"]
    assert {"serde", "tokio::main", "no_mangle"} <= set(attribute_names(node(facts, "S")))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", "private"),
        ("pub", "pub"),
        ("pub(crate)", "restricted"),
        ("pub(in a::b)", "restricted"),
        ("pub(self)", "private"),
    ],
)
def test_a_visibility_is_one_of_three(written: str, meant: str) -> None:
    assert visibility_of(written) == meant


# ---------------------------------------------------------------------------- levels


def test_levels_count_from_the_file_and_from_inline_modules() -> None:
    """Level 1 is directly below a file or an inline module, 2 inside a level-1 item, 3 one deeper."""
    facts = facts_of(
        "mod m {\n    mod n {\n        struct S;\n        impl S {\n            fn a() { fn b() { fn c() {} } }\n"
        "        }\n        trait T { fn t(); type A; }\n        enum E { V }\n    }\n    fn f() {}\n}\n"
        "fn g() { struct Local; }\nmod file;\n"
    )
    levels = {one.qualified_name: one.isgl_level for one in facts.nodes}
    assert {name for name, level in levels.items() if level == 1} == {
        *("m", "m::n", "m::n::S", "m::n::impl S", "m::n::T", "m::n::E", "m::f", "g", "file"),
    }
    assert {name for name, level in levels.items() if level == 2} == {
        *("m::n::S::a", "m::n::T::t", "m::n::T::A", "m::n::E::V", "g::Local"),
    }
    assert levels["m::n::S::a::b"] == 3
    assert levels["m::n::S::a::b::c"] == 4
    assert {one.kind for one in facts.nodes} <= {str(kind) for kind in NodeKind}


def test_a_moved_file_is_classified_anew(tmp_path: Path) -> None:
    root = tmp_path / "one"
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "one"\n')
    (root / "src/lib.rs").write_text("mod checks;\n")
    (root / "src/checks.rs").write_text("fn helper() {}\n")
    with running_daemon(tmp_path / "home") as bench:
        bench.call("workspace.add", path=str(root))
        assert bench.call("nodes.get", node="helper")["node"]["classification"] == "CODE_IMPLEMENTATION"
        (root / "src/lib.rs").write_text("#[cfg(all(test, unix))]\nmod checks;\n")
        bench.call("workspace.reindex")
        assert bench.call("nodes.get", node="helper")["node"]["classification"] == "TEST_IMPLEMENTATION"
