"""Resolution is a pure function of the definitions under the keys that it names: incremental == fresh."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hydrators.resolve import Resolution, foreign_keys
from indexer.definitions import changed_sources
from store.model import AMBIGUOUS, Edge, FileFacts, whole_module
from tests.hydrators.resolve.generated_workspace import Edit, make_edit
from tests.hydrators.resolve.small_workspace import Definitions, Workspace, workspace

EDITS = st.integers(0, 2**32 - 1).map(lambda seed: make_edit(random.Random(seed)))
"""By seed, not choice by choice: those that hypothesis makes for itself are mostly of the first of all options."""

property_settings = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def changed_keys(old: Workspace, new: Workspace) -> frozenset[str]:
    """Every key whose definitions differ, as resolution is told them, and the `module::+` of each."""
    before, after = Definitions(old.files.values()), Definitions(new.files.values())
    keys = {d.key for side in (old, new) for facts in side.files.values() for d in facts.definitions}
    changed = {key for key in keys if before.get(key) != after.get(key)}
    for key in keys:  # two answers that are both AMBIGUOUS are the same answer
        if before.get(key) is AMBIGUOUS and after.get(key) is AMBIGUOUS:
            changed.discard(key)
    return frozenset(changed | {whole_module(key) for key in changed if "::" in key})


def tracked(tree: Workspace) -> dict[str, Resolution]:
    resolver = tree.resolver()
    return {path: resolver.resolve(facts, track=True) for path, facts in tree.files.items()}


def differing(old: Resolution, new: Resolution) -> frozenset[str]:
    """Ids of the nodes whose edges differ."""
    return frozenset(edge.src_id for edge in {*old.edges} ^ {*new.edges})


def check_edit(edit: Edit) -> None:
    """No file and no node that resolves differently after the edit goes unnoticed by its former keys."""
    old, new = edit.workspaces()
    before, after = tracked(old), tracked(new)
    changed = changed_keys(old, new)
    for path, facts in old.files.items():
        if path == edit.file.path:
            continue
        nodes = differing(before[path], after[path])
        if nodes:
            assert changed & {*foreign_keys(facts, before[path].asked)}, f"{path} is stale unnoticed:\n{edit}"
        for node in nodes:
            assert changed & before[path].asked.get(node, frozenset()), f"{node} is stale unnoticed:\n{edit}"
    path = edit.file.path
    was, is_now = old.files.get(path), new.files.get(path)
    if was is not None and is_now is not None:
        assert edited(was, is_now, before[path], new) == after[path].edges, (
            f"{path} is patched wrongly:\n{edit}"
        )


def edited(was: FileFacts, is_now: FileFacts, before: Resolution, new: Workspace) -> tuple[Edge, ...]:
    """The edges of an edited file of which only those nodes are resolved anew that can differ."""
    anew = changed_sources(was, is_now, before.asked)
    if anew is None:
        return new.resolver().resolve(is_now).edges
    ids = {node.id for node in is_now.nodes} - anew
    kept = [edge for edge in before.edges if edge.src_id in ids]
    part = new.resolver().resolve(is_now, anew)
    return tuple(sorted([*kept, *part.edges], key=lambda edge: edge[:3]))


@property_settings
@given(EDITS)
def test_an_edit_leaves_no_file_stale_that_its_keys_do_not_tell_of(edit: Edit) -> None:
    check_edit(edit)


@settings(property_settings, max_examples=20)
@given(EDITS, st.randoms(use_true_random=False))
def test_what_was_asked_before_does_not_change_an_answer(edit: Edit, choice: random.Random) -> None:
    tree, _ = edit.workspaces()
    resolver = tree.resolver()
    paths = list(tree.files)
    choice.shuffle(paths)
    for path in paths:
        facts = tree.files[path]
        shared, alone = resolver.resolve(facts), tree.resolver().resolve(facts)
        assert shared.edges == alone.edges, f"{path}, among {paths}:\n{edit}"
        assert foreign_keys(facts, shared.asked) == foreign_keys(facts, alone.asked), f"{path}:\n{edit}"


def test_the_generated_edits_change_what_other_files_mean() -> None:
    """The property would hold of workspaces in which nothing is bound."""
    differ = rules = 0
    for seed in range(12):
        old, new = make_edit(random.Random(seed)).workspaces()
        before, after = old.resolved(), new.resolved()
        rules += len({edge.rule for resolution in before.values() for edge in resolution.edges})
        differ += sum(before[path].edges != after[path].edges for path in before if path in after)
    assert differ >= 12
    assert rules >= 12 * 8


def keys(text: str, path: str = "src/lib.rs") -> Mapping[str, frozenset[str]]:
    tree = workspace(text)
    facts = tree.files[path]
    asked = tree.resolver().resolve(facts, track=True).asked
    return {"": frozenset(foreign_keys(facts, asked)), **asked}


def test_keys_of_own_modules_are_told_as_one() -> None:
    found = keys("mod n { fn f() { g(); h(); } } fn k() { a(); b(); }")[""]
    assert {"demo::+", "demo::n::+"} <= found
    assert not [key for key in found if key.startswith("demo::") and key not in ("demo::+", "demo::n::+")]


def test_what_is_looked_for_and_not_found_is_told() -> None:
    found = keys(
        """
//- /src/lib.rs
fn f() { crate::missing::go(); }
//- /src/user.rs
use crate::absent::name;
fn f(x: name) { x.rare(); crate::T::make(); }
""",
        "src/user.rs",
    )[""]
    assert {"demo::absent", ".rare", "demo::T", "demo::user::+"} <= found


def test_keys_are_told_for_each_node() -> None:
    found = keys("fn a() { b(); }\nfn c(x: X) { x.rare(); }\n")
    assert ".rare" in found["src/lib.rs-lib-c"]
    assert ".rare" not in found["src/lib.rs-lib-a"]
    assert "demo::b" in found["src/lib.rs-lib-a"]


def test_only_the_asked_for_nodes_are_resolved() -> None:
    tree = workspace("fn a() { b(); }\nfn b() { a(); }\n")
    facts = tree.files["src/lib.rs"]
    found = tree.resolver().resolve(facts, {"src/lib.rs-lib-b"}, track=True)
    assert {edge.src_id for edge in found.edges} == {*found.asked} == {"src/lib.rs-lib-b"}


def test_an_alias_behind_aliases_is_the_same_whoever_asks_first() -> None:
    tree = workspace(
        """
//- /src/lib.rs
mod a;
mod z;
pub struct S;
impl S { pub fn go(&self) {} }
impl Q { fn go(&self) {} }
pub type A = B;
pub type B = C;
pub type C = D;
pub type D = [S];
//- /src/a.rs
fn f(x: crate::A) { x[0].go() }
//- /src/z.rs
fn f(x: crate::D) { x[0].go() }
"""
    )
    for paths in (["src/a.rs", "src/z.rs"], ["src/z.rs", "src/a.rs"]):
        resolver = tree.resolver()
        found = {path: resolver.resolve(tree.files[path]).edges for path in paths}
        rules = {path: {e.rule for e in edges if e.kind == "CALLS"} for path, edges in found.items()}
        assert rules["src/z.rs"] == {"inherent"}, paths


GLOBS = "".join(f"use crate::g{i}::*; " for i in range(6))
STALE = [
    ("an associated function comes", "fn f() { crate::S::make(); }", "", "impl crate::S { pub fn make() {} }"),
    ("an impl comes", "use crate::P; fn f(s: crate::S) { s.go(); }", "", "impl crate::P for crate::S {}"),
    ("a blanket impl comes", "use crate::P; fn f(s: crate::S) { s.go(); }", "", "impl<T> crate::P for T {}"),
    ("a name behind one glob comes", "use crate::g1::*; fn f() { late(); }", "", "pub fn late() {}"),
    ("a name behind many globs comes", f"{GLOBS} fn f() {{ late(); }}", "", "pub fn late() {}"),
    ("a glob of a glob comes", "use crate::g1::*; fn f() { other(); }", "", "pub use crate::g2::*;"),
    ("a macro comes", "fn f() { m!(); }", "", "macro_rules! m { () => {} }"),
    ("a Deref comes", "fn f(w: crate::W) { w.own(); }", "", "impl std::ops::Deref for crate::W { type Target = crate::T; }"),
    ("an alias turns", "fn f(a: crate::g1::A) { a.own(); }", "pub type A = crate::W;", "pub type A = crate::T;"),
    ("a name becomes private", "use crate::g1::*; fn f() { late(); }", "pub fn late() {}", "fn late() {}"),
    ("a result turns", "fn f() { crate::g1::of().own(); }", "pub fn of() -> crate::W { W }", "pub fn of() -> crate::T { T }"),
]  # fmt: skip


@pytest.mark.parametrize("user, before, after", [case[1:] for case in STALE], ids=[case[0] for case in STALE])
def test_every_way_to_become_stale_is_told(user: str, before: str, after: str) -> None:
    lib = """
//- /src/lib.rs
mod user; mod g0; mod g1; mod g2; mod g3; mod g4; mod g5;
pub struct S; pub struct W; pub struct T;
pub trait P { fn go(&self) {} }
impl T { pub fn own(&self) {} }
//- /src/g2.rs
pub fn other() {}
"""
    rest = "".join(f"//- /src/g{i}.rs\n" for i in (0, 3, 4, 5))
    old, new = (
        workspace(f"{lib}{rest}//- /src/user.rs\n{user}\n//- /src/g1.rs\n{text}\n")
        for text in (before, after)
    )
    path = "src/user.rs"
    was, is_now = tracked(old)[path], tracked(new)[path]
    assert was.edges != is_now.edges, "the edit changes nothing"
    assert changed_keys(old, new) & {*foreign_keys(old.files[path], was.asked)}
    for node in differing(was, is_now):
        assert changed_keys(old, new) & was.asked[node]
