"""Heuristic resolution: what it binds, and what it leaves alone."""

from __future__ import annotations

from hydrators.resolve import changed_sources, keys_of_nodes, resolve_file
from store.model import Definition, FileFacts
from tests.hydrators.rust_text import facts_of


def resolve(files: dict[str, str]) -> set[tuple[str, str, str, str]]:
    """Edges as (source, kind, target, rule), by qualified name. A path is `crate/module.rs`."""
    facts: dict[str, FileFacts] = {}
    for path, text in files.items():
        crate, _, module = path.removesuffix(".rs").partition("/")
        module = module.replace("/", "::")
        facts[path] = facts_of(text, path, crate, "" if module == "lib" else module)
    definitions: dict[str, list[Definition]] = {}
    for one in facts.values():
        for definition in one.definitions:
            definitions.setdefault(definition.key, []).append(definition)
    places = {path: (one.record.crate, one.record.module_path) for path, one in facts.items()}
    crates = frozenset(crate for crate, _ in places.values())
    names = {n.id: n.qualified_name for one in facts.values() for n in one.nodes}
    return {
        (names[e.src_id], e.kind, names[e.dst_id], e.rule)
        for one in facts.values()
        for e in resolve_file(one, definitions, places, crates)
    }


def test_functions_and_types_of_the_same_module_are_bound() -> None:
    assert resolve({"a/lib.rs": "fn f(x: T) { g() }\nfn g() {}\nstruct T;\n"}) == {
        ("f", "CALLS", "g", "same-module"),
        ("f", "USES", "T", "same-module"),
    }


def test_a_name_of_another_module_is_not_in_scope_without_an_import() -> None:
    assert resolve({"a/lib.rs": "fn f() { g() }", "a/other.rs": "pub fn g() {}"}) == set()


def test_imports_aliases_globs_and_paths_lead_to_the_definition() -> None:
    edges = resolve(
        {
            "a/lib.rs": "use crate::m::{one, two as deux};\nuse crate::n::*;\n"
            "fn f() { one(); deux(); three(); crate::m::one(); self::m::two(); b::four(); }",
            "a/m.rs": "pub fn one() {}\npub fn two() { super::f() }",
            "a/n.rs": "pub fn three() {}",
            "b/lib.rs": "pub fn four() {}",
        }
    )
    assert {(target, rule) for source, _, target, rule in edges if source == "f"} == {
        ("one", "path"),
        ("two", "path"),
        ("three", "glob"),
        ("four", "path"),
    }
    assert ("two", "CALLS", "f", "path") in edges


def test_a_re_export_is_followed_when_its_crate_has_one_candidate() -> None:
    edges = resolve(
        {
            "a/lib.rs": "use b::Thing;\nfn f(x: Thing) {}",
            "b/inner.rs": "pub struct Thing;",
            "b/lib.rs": "pub use inner::Thing;",
        }
    )
    assert edges == {("f", "USES", "Thing", "re-export")}


def test_self_reaches_the_methods_of_its_own_type() -> None:
    edges = resolve(
        {
            "a/lib.rs": "struct S;\nimpl S { fn a(&self) { self.b(); Self::c() } fn b(&self) {} fn c() {} }\nimpl Q { fn b(&self) {} }"
        }
    )
    calls = {(s, t, r) for s, k, t, r in edges if k == "CALLS"}
    assert calls == {("S::a", "S::b", "self-method"), ("S::a", "S::c", "self-path")}


def test_std_methods_on_unknown_receivers_are_never_bound_by_name() -> None:
    edges = resolve(
        {
            "a/lib.rs": "struct S;\nimpl S { fn iter(&self) {} fn push(&self) {} }\nfn f(v: Vec<u8>) { v.iter(); v.push(1) }"
        }
    )
    assert not [e for e in edges if e[1] == "CALLS"]


def test_a_rare_method_name_is_bound_with_half_the_weight() -> None:
    edges = resolve(
        {"a/lib.rs": "struct S;\nimpl S { fn frobnicate(&self) {} }\nfn f(x: S) { x.frobnicate() }"}
    )
    assert ("f", "CALLS", "S::frobnicate", "method-name") in edges


def test_impl_headers_make_implements_edges_to_workspace_traits() -> None:
    edges = resolve(
        {"a/lib.rs": "trait Draw {}\nstruct S;\nimpl Draw for S {}\nimpl std::fmt::Debug for S {}"}
    )
    assert {e for e in edges if e[1] == "IMPLEMENTS"} == {
        ("impl Draw for S", "IMPLEMENTS", "Draw", "same-module")
    }


def test_paths_into_foreign_crates_stay_unresolved() -> None:
    edges = resolve(
        {"a/lib.rs": "fn f() { std::mem::swap(); other::swap() }", "a/mem.rs": "pub fn swap() {}"}
    )
    assert edges == set()


def test_generic_calls_and_turbofish_lose_their_arguments() -> None:
    edges = resolve(
        {
            "a/lib.rs": "struct S;\nimpl S { fn make<T>() {} }\nfn f() { S::make::<Vec<u8>>(); g::<u8>() }\nfn g<T>() {}"
        }
    )
    assert {t for s, k, t, _ in edges if s == "f" and k == "CALLS"} == {"S::make", "g"}


def test_only_sources_whose_inputs_changed_are_resolved_anew() -> None:
    old = facts_of("fn a() { b() }\nfn b() {}\nfn c() { d() }\n")
    assert changed_sources(old, facts_of("fn a() { b(); }\nfn b() {}\nfn c() { d() }\n")) == {
        "src/a.rs-a-a"
    } or (changed_sources(old, facts_of("fn a() { b(); }\nfn b() {}\nfn c() { d() }\n")) == set())
    renamed = facts_of("fn a() { b() }\nfn bb() {}\nfn c() { d() }\n")
    assert changed_sources(old, renamed) == {"src/a.rs-a-a", "src/a.rs-a-bb"}
    assert changed_sources(old, facts_of("use x::b;\nfn a() { b() }\nfn b() {}\nfn c() { d() }\n")) is None
    assert keys_of_nodes(old, {"src/a.rs-a-c"}) == ("d",)
