"""Which edges there are: kinds, rules, weights, sites, and what is never bound."""

from __future__ import annotations

import pytest

from tests.hydrators.resolve.small_workspace import check, edges_of, workspace


def test_every_kind_of_edge() -> None:
    assert edges_of(
        """
//- /src/lib.rs
mod m;
use m::Show;
struct S { t: T }
struct T;
impl Show for S {}
impl std::fmt::Debug for S {}
fn f<X: Show>(t: T) -> S { g(K, h) }
fn g(n: u8, f: fn()) -> S { S { t: T } }
fn h() {}
const K: u8 = 1;
//- /src/m.rs
pub trait Show {}
"""
    ) == [
        ("S", "USES", "T", 0.95, "module"),
        ("f", "CALLS", "g", 0.95, "module"),
        ("f", "CALLS", "h", 0.95, "module"),
        ("f", "REQUIRES_BOUND", "m::Show", 0.95, "import"),
        ("f", "USES", "K", 0.95, "module"),
        ("f", "USES", "S", 0.95, "module"),
        ("f", "USES", "T", 0.95, "module"),
        ("g", "USES", "S", 0.95, "module"),
        ("g", "USES", "T", 0.95, "module"),
        ("impl Show for S", "IMPLEMENTS", "m::Show", 0.95, "import"),
        ("impl Show for S", "USES", "S", 0.95, "module"),
        ("impl std::fmt::Debug for S", "USES", "S", 0.95, "module"),
        ("use m::Show", "DEPENDS", "m::Show", 0.95, "module"),
    ]


@pytest.mark.parametrize(
    "text, rule, weight",
    [
        ("fn f() { g() } fn g() {}", "module", 0.95),
        ("fn f() { crate::g() } fn g() {}", "path", 0.95),
        ("use m::g; fn f() { g() } mod m { pub fn g() {} }", "import", 0.95),
        ("use m::*; fn f() { g() } mod m { pub fn g() {} }", "glob", 0.9),
        ("fn f() { S::g() } struct S; impl S { fn g() {} }", "inherent", 0.95),
        ("fn f(s: S) { s.g() } struct S; impl S { fn g(&self) {} }", "inherent", 0.95),
        (
            "fn f(s: S) { s.g() } struct S; impl P for S { fn g(&self) {} } trait P { fn g(&self); }",
            "trait-impl",
            0.9,
        ),
        ("fn f(s: S) { s.g() } struct S; impl P for S {} trait P { fn g(&self) {} }", "default", 0.9),
        ("fn f(s: impl P) { s.g() } trait P { fn g(&self) {} }", "bound", 0.9),
        ("fn f(s: &dyn P) { s.g() } trait P { fn g(&self) {} }", "dyn", 0.9),
        (
            "fn f(s: S) { s.g() } struct S; impl<T> P for T { fn g(&self) {} } trait P { fn g(&self); }",
            "blanket",
            0.8,
        ),
        ("fn f(s: S) -> E { E::A(1) } enum E { A(u8) }", "path", 0.95),
        ("fn f() { m!() } macro_rules! m { () => {} }", "macro-name", 0.9),
        ("fn f() { unknown().g() } struct S; impl S { fn g(&self) {} }", "method-name", 0.6),
    ],
)
def test_rules_and_their_weights(text: str, rule: str, weight: float) -> None:
    calls = [(r, w) for source, kind, _, w, r in edges_of(text) if (source, kind) == ("f", "CALLS")]
    if rule == "path" and "E::A" in text:
        assert calls[0][1] == weight
    else:
        assert calls == [(rule, weight)]


def test_several_candidates_share_less_than_a_half() -> None:
    text = """
impl A { fn rare(&self) {} }
impl B { fn rare(&self) {} }
struct A;
struct B;
fn f() { unknown().rare() }
"""
    calls = [(target, weight) for source, kind, target, weight, _ in edges_of(text) if kind == "CALLS"]
    assert [target for target, _ in calls] == ["A::rare", "B::rare"]
    assert sum(weight for _, weight in calls) < 0.5
    many = "".join(f"struct S{i}; impl S{i} {{ fn rare(&self) {{}} }}\n" for i in range(9))
    assert [e for e in edges_of(many + "fn f() { unknown().rare() }") if e[1] == "CALLS"] == []


def test_sites_are_the_ordinals_of_the_references() -> None:
    tree = workspace("fn f() { g(); h(); g(); }\nfn g() {}\nfn h() {}\n")
    names = tree.names()
    assert {names[e.dst_id]: e.sites for e in tree.edges()} == {"g": (0, 2), "h": (1,)}


def test_edges_are_sorted_and_heuristic() -> None:
    edges = workspace("fn f() { h(); g(); f(); }\nfn g() {}\nfn h() {}\n").edges()
    assert edges == sorted(edges, key=lambda edge: edge[:3])
    assert len(edges) == 3, "a function that calls itself does"
    assert {edge.provenance for edge in edges} == {"heuristic"}


@pytest.mark.parametrize("call", ["iter", "push", "len", "clone", "map", "get", "insert", "join", "next"])
def test_a_method_named_like_one_of_std_is_never_likely_for_an_unknown_receiver(call: str) -> None:
    text = f"""
struct S;
impl S {{ fn {call}(&self) {{}} }}
fn f(v: Vec<u8>) {{ v.{call}(); }}
fn g() {{ unknown().{call}(); }}
"""
    found = edges_of(text)
    assert [e for e in found if e[0] == "f" and e[1] == "CALLS" and e[3] >= 0.5] == []
    assert [e for e in found if e[0] == "g" and e[1] == "CALLS" and e[3] >= 0.5] == []


def test_what_a_derive_makes_is_bound_to_nothing() -> None:
    check(
        """
#[derive(Clone, Default, PartialEq)]
struct S;
struct T;
impl Clone for T { fn clone(&self) -> T { T } }
impl Default for T { fn default() -> T { T } }
fn f(s: S, t: T) {
    s.clone();          //~
    S::default();       //~
    t.clone();          //~ <T as Clone>::clone
    T::default();       //~ <T as Default>::default
}
"""
    )


def test_imports_depend_on_what_they_name() -> None:
    check(
        """
//- /src/lib.rs deps:core_io
mod m;
use m::one;                          //~ depends:m::one
use m::{two as deux, self};          //~ depends:m::two, depends:m
use m::*;                            //~ depends:m
use core_io::open;                   //~ depends:core_io::imp::open
use std::fmt::Debug;                 //~
pub use crate::m::Kind::A;           //~ depends:m::Kind::A
//- /src/m.rs
pub fn one() {}
pub fn two() {}
pub enum Kind { A }
//- /core/src/lib.rs crate:core_io
mod imp;
pub use imp::open;
//- /core/src/imp.rs crate:core_io
pub fn open() {}
"""
    )


def test_bounds_are_required_wherever_they_stand() -> None:
    check(
        """
trait P {}
trait Q {}
fn a<T: P>(x: T) {}                       //~ bound:P
fn b<T>(x: T) where T: P + Q {}           //~ bound:P, bound:Q
struct S<T: P>(T);                        //~ bound:P
trait R: P {}                             //~ bound:P
impl<T: P> Q for S<T> {}                  //~ bound:P, implements:Q
fn c<T: Clone>(x: T) { d() }              //~ d
fn d() {}
"""
    )


def test_a_type_parameter_hides_a_type() -> None:
    check(
        """
struct T;
impl T { fn go(&self) {} }
fn f<T>(x: T) -> T { x.go(); T::go(&x) }      //~
struct W<T>(T);
impl<T> W<T> { fn m(&self, x: T) { x.go(); } }   //~
"""
    )


def test_functions_and_methods_as_values_are_calls() -> None:
    check(
        """
struct S;
impl S { fn go(&self) {} fn make(x: u8) -> S { S } }
enum E { A(u8), B }
const K: u8 = 1;
static G: u8 = 2;
fn helper(x: u8) {}
fn f(v: Vec<u8>) {
    v.iter().map(helper);          //~ helper
    v.iter().map(S::make);         //~ S::make
    v.iter().map(E::A);            //~ uses:E::A
    take(E::B);                    //~ take, uses:E::B
    take(K);                       //~ take, uses:K
    take(crate::G);                //~ take, uses:G
}
fn hidden() {
    let helper = 1;
    take(helper);                  //~ take
}
fn take<T>(x: T) {}
"""
    )
