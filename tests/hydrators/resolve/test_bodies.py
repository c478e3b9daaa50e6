"""What expressions are: receivers through patterns, closures, chains, casts, literals, macros."""

from __future__ import annotations

import time

import pytest

from tests.hydrators.resolve.small_workspace import check, edges_of

OWN = """
use std::collections::{BTreeMap, HashMap};
struct S { inner: T, list: Vec<T>, maybe: Option<T>, pair: (T, U), call: Box<dyn Fn(u8) -> T> }
struct T;
struct U;
struct New(T);
struct Gen<X> { value: X }
enum E { Tuple(T, U), Named { t: T, u: U }, Unit }
impl S {
    fn new() -> S { loop {} }
    fn t(&self) -> T { T }
    fn list(&self) -> &[T] { loop {} }
    fn maybe(&self) -> Option<&T> { None }
    fn result(&self) -> Result<T, U> { loop {} }
    fn with(self, n: u8) -> Self { self }
    fn build(self) -> T { T }
    async fn later(&self) -> T { T }
    fn each<R>(&self, f: impl Fn(&T) -> R) -> R { loop {} }
}
impl T { fn t_only(&self) -> U { U } fn same(&self) {} }
impl U { fn u_only(&self) -> T { T } fn same(&self) {} }
impl<X> Gen<X> { fn new(value: X) -> Gen<X> { loop {} } fn get(&self) -> &X { loop {} } }
fn make_t() -> T { T }
fn id<X>(x: X) -> X { x }
fn try_t() -> Result<T, U> { loop {} }
const CONST: T = T;
static STATIC: T = T;
"""


def check_body(body: str, parameters: str = "s: S, t: T, u: U, e: E") -> None:
    check(f"{OWN}\nfn f({parameters}) {{\n{body}\n}}\n")


@pytest.mark.parametrize(
    "line",
    [
        "t.same();",
        "(&t).same();",
        "(*&t).same();",
        "(t).same();",
        "{ t }.same();",
        "s.inner.same();",
        "s.list[0].same();",
        "s.pair.0.same();",
        "s.t().same();",
        "(s.call)(1).same();",
        "make_t().same();",
        "crate::make_t().same();",
        "id(t).same();",
        "id::<T>(loop {}).same();",
        "T.same();",
        "T {}.same();",
        "New(t).0.same();",
        "New { 0: t }.0.same();",
        "S { ..s }.inner.same();",
        "Gen { value: t }.value.same();",
        "Gen::new(t).get().same();",
        "Gen::<T>::new(t).get().same();",
        "CONST.same();",
        "STATIC.same();",
        "(t, u).0.same();",
        "[t][0].same();",
        "vec![make_t()][0].same();",
        "(t as T).same();",
        "if true { t } else { return }.same();",
        "match 1 { 1 => t, _ => panic!() }.same();",
        "unsafe { t }.same();",
        "Box::new(t).same();",
        "std::rc::Rc::new(t).clone().same();",
        "Some(t).unwrap().same();",
        "s.maybe().unwrap().same();",
        "s.maybe.as_ref().unwrap().same();",
        "s.result().unwrap().same();",
        "s.result().ok().unwrap().same();",
        "s.maybe().cloned().unwrap_or(T).same();",
        "s.list.iter().next().unwrap().same();",
        "s.list.first().unwrap().same();",
        "s.list().last().unwrap().same();",
        "s.with(1).with(2).build().same();",
        "S::new().with(1).build().same();",
        "s.later().await.same();",
        "async { t }.await.same();",
        "s.each(|x| make_t()).same();",
        "dbg!(t).same();",
        'println!("{}", t.same());',
        "assert_eq!(t.same(), ());",
        "vec![t.same()];",
        "u.u_only().same();",
        "t.t_only().u_only().same();",
    ],
)
def test_receivers_of_every_form(line: str) -> None:
    check_body(f"{line}   //~ TARGETS".replace("TARGETS", ", ".join(called_in(line))))


def called_in(line: str) -> list[str]:
    """Own functions that a line of the test above calls, `same` being T's."""
    paths = {
        ".same(": "T::same",
        ".t()": "S::t",
        ".list()": "S::list",
        ".maybe()": "S::maybe",
        ".result()": "S::result",
        ".with(": "S::with",
        ".build(": "S::build",
        ".later(": "S::later",
        ".each(": "S::each",
        ".get(": "Gen::get",
        "Gen::new": "Gen::new",
        "Gen::<T>::new": "Gen::new",
        "S::new": "S::new",
        "make_t()": "make_t",
        "id(": "id",
        "id::": "id",
        "New(": "New",
        ".t_only(": "T::t_only",
        ".u_only(": "U::u_only",
    }
    return list(dict.fromkeys(path for text, path in paths.items() if text in line))


@pytest.mark.parametrize(
    "statement",
    [
        "let x = t;",
        "let x: T = loop {};",
        "let mut x = t;",
        "let ref x = t;",
        "let &x = &t;",
        "let (x, _) = (t, u);",
        "let (_, x) = (u, t);",
        "let (.., x) = (u, u, t);",
        "let (x, ..) = (t, u, u);",
        "let ((x, _), _) = ((t, u), u);",
        "let [x, ..] = [t];",
        "let [.., x] = &s.list[..] else { return };",
        "let S { inner: x, .. } = s;",
        "let S { pair: (x, _), .. } = &s;",
        "let New(x) = loop {};",
        "let Some(x) = s.maybe else { return };",
        "let Some(x) = s.maybe() else { return };",
        "let Ok(x) = s.result() else { return };",
        "let E::Tuple(x, _) = e else { return };",
        "let E::Named { t: x, .. } = e else { return };",
        "let E::Named { u: _, t: x } = &e else { return };",
        "let x = if true { t } else { T };",
        "let x = { let y = t; y };",
        "let x = match e { E::Tuple(y, _) => y, E::Named { t, .. } => t, E::Unit => T };",
        "let y = u; let x = t; let y = x; let x = y;",
        "let x = u; let x = x.u_only();",
        "let Gen { value: x } = Gen { value: t };",
        "let x = s.list.into_iter().map(|y| y).next().unwrap();",
        "let list: Vec<_> = s.list.iter().collect(); let x = list[0];",
        "let list = s.list.iter().collect::<Vec<_>>(); let x = list[0];",
        "let list: Result<Vec<_>, U> = s.list.iter().map(|y| Ok(y)).collect(); let x = list.unwrap()[0];",
        "let map: HashMap<u8, T> = HashMap::new(); let x = &map[&1];",
        "let map: HashMap<u8, T> = HashMap::new(); let x = map.get(&1).unwrap();",
        "let map: BTreeMap<u8, Vec<T>> = loop {}; let x = &map[&1][0];",
        "let make = make_t; let x = make();",
        "let make = || make_t(); let x = make();",
        "let make: fn() -> T = make_t; let x = make();",
        "let x = s.maybe.unwrap_or_else(|| T);",
        "let x = s.maybe.map(|y| y).unwrap();",
        "let x = Some(u).map(|y| y.u_only()).unwrap();",
        "let x = s.result().map_err(|y| y).unwrap();",
        "let x = s.list.iter().find(|y| true).unwrap();",
        "let x = s.list.iter().filter_map(|y| Some(y)).next().unwrap();",
        "let x = s.list.iter().zip(0..).next().unwrap().0;",
        "let x = s.list.iter().enumerate().next().unwrap().1;",
        "let x = s.list.iter().rev().skip(1).peekable().next().unwrap();",
        "let x = s.list.pop().unwrap();",
        "let x = s.list.iter().max_by_key(|y| 1).unwrap();",
        "let x = std::mem::take(&mut s.inner);",
    ],
)
def test_names_from_every_form_of_a_let(statement: str) -> None:
    check_body(f"{statement}\nx.same();   //~ T::same")


@pytest.mark.parametrize(
    "head",
    [
        "for x in s.list",
        "for x in &s.list",
        "for x in &mut s.list",
        "for x in s.list.iter()",
        "for x in s.list()",
        "for x in [t]",
        "for (_, x) in s.list.iter().enumerate()",
        "for (x, _) in s.list.iter().zip(0..3)",
        "for x in s.maybe.iter()",
        "for x in s.list.iter().filter(|y| true)",
        "for x in s.list.drain(..)",
        "if let Some(x) = s.maybe",
        "if let Some(x) = &s.maybe",
        "if let Some(x) = s.maybe()",
        "if let Ok(x) | Err(x) = loop {} as Result<T, T>",
        "if let E::Tuple(x, _) = e",
        "if let x @ T = t",
        "if true && let Some(x) = s.maybe",
        "if let E::Named { t: x, .. } = &e",
        "while let Some(x) = s.list.pop()",
        "while let Some(x) = s.list.iter().next()",
    ],
)
def test_names_from_loops_and_conditions(head: str) -> None:
    check_body(f"let x = u;\n{head} {{\nx.same();   //~ T::same\n}}\nx.same();    //~ U::same")


@pytest.mark.parametrize(
    "matched, pattern",
    [
        ("e", "E::Tuple(x, _)"),
        ("e", "E::Named { t: x, .. }"),
        ("&e", "E::Named { t: x, u } if true"),
        ("s.maybe", "Some(x)"),
        ("s.maybe()", "Some(ref x)"),
        ("s.result()", "Ok(x)"),
        ("(t, u)", "(x, _)"),
        ("t", "x"),
        ("&s.list[..]", "[x, ..]"),
        ("Some((u, t))", "Some((_, x))"),
        ("s", "S { inner: x, .. }"),
    ],
)
def test_names_from_the_arms_of_a_match(matched: str, pattern: str) -> None:
    check_body(f"match {matched} {{\n{pattern} => x.same(),   //~ T::same\n_ => {{}}\n}}")


def test_shorthand_fields_bind_their_names() -> None:
    check_body(
        """
let S { inner, list, .. } = s;
inner.same();                    //~ T::same
list[0].same();                  //~ T::same
if let E::Named { t: u, u: t } = e { u.same(); }   //~ T::same
t.same();                        //~ T::same
"""
    )


@pytest.mark.parametrize(
    "line",
    [
        "s.list.iter().map(|x| x.same());",
        "s.list.iter().map(|x: &T| x.same());",
        "s.list.iter().for_each(|x| { x.same(); });",
        "s.list.iter().filter(|&x| { x.same(); true });",
        "s.list.iter().enumerate().map(|(_, x)| x.same());",
        "s.list.iter().fold(u, |_, x| { x.same(); u });",
        "s.list.iter().any(move |x| { x.same(); true });",
        "s.list.sort_by(|x, _| { x.same(); loop {} });",
        "s.list.retain(|x| { x.same(); true });",
        "s.maybe.map(|x| x.same());",
        "s.maybe.as_ref().and_then(|x| { x.same(); None });",
        "try_t().map(|x| x.same());",
        "try_t().and_then(|x| { x.same(); Ok(1) });",
        "s.maybe.map_or(1, |x| { x.same(); 2 });",
        "s.list.iter().map(|x| (1, x)).map(|(_, x)| x.same());",
        "s.list.iter().flat_map(|y| vec![y]).map(|x| x.same());",
        "s.list.iter().map(|y| Gen { value: y }).map(|x| x.value.same());",
        "let show = |x: T| x.same();",
        "std::thread::spawn(move || t.same());",
    ],
)
def test_parameters_of_closures(line: str) -> None:
    line = line.replace("try_t()", "s.maybe.ok_or(u)")
    check_body(f"{line}   //~ T::same")


def test_a_closure_given_to_an_own_function_is_typed_by_its_bound() -> None:
    check_body("s.each(|x| x.same());    //~ S::each, T::same")
    check(
        """
struct T;
impl T { fn go(&self) {} }
fn a<F>(f: F) where F: Fn(T, u8) {}
fn b<F: FnMut(&T)>(f: F) {}
fn c(f: Box<dyn FnOnce(T)>) {}
fn d(f: &mut dyn FnMut(T)) {}
fn e(f: fn(T)) {}
struct Holder { f: Box<dyn Fn(T)> }
fn t() {
    a(|x, n| x.go());                 //~ a, T::go
    b(|x| x.go());                    //~ b, T::go
    c(Box::new(|x| x.go()));          //~ c, T::go
    d(&mut |x| x.go());               //~ d, T::go
    e(|x| x.go());                    //~ e, T::go
}
"""
    )


def test_errors_are_passed_on_by_question_marks() -> None:
    check(
        """
struct T;
struct U;
impl T { fn next_one(&self) -> Option<U> { None } }
impl U { fn last(&self) {} }
fn get() -> Result<T, ()> { loop {} }
fn f() -> Result<(), ()> { get()?.next_one().unwrap().last(); Ok(()) }   //~ get, T::next_one, U::last
fn g(t: T) -> Option<()> { t.next_one()?.last(); None }                 //~ T::next_one, U::last
async fn h() -> Result<T, ()> { get() }                                 //~ get
async fn i() -> Option<()> { h().await.ok()?.next_one()?.last(); None }  //~ h, T::next_one, U::last
"""
    )


def test_shadowed_names_mean_the_nearest() -> None:
    check_body(
        """
let x = t;
{
    let x = u;
    x.same();          //~ U::same
}
x.same();              //~ T::same
let g = |x: U| {
    x.same()           //~ U::same
};
x.same();              //~ T::same
let make_t = || U;
make_t().same();       //~ U::same
fn inner(x: U) {
    x.same();          //~ U::same
}
"""
    )


def test_self_in_methods_traits_and_impls_of_traits() -> None:
    check(
        """
struct S { t: T }
struct T;
impl T { fn go(&self) {} }
impl S {
    const K: T = T;
    fn a(&self) { self.b(); Self::c(); self.t.go(); Self::K.go(); Self::c().b(); }   //~ S::b, S::c, T::go
    fn b(self: &Self) {}
    fn c() -> Self { S { t: T } }
}
trait P { fn p(&self) { self.q(); Self::r(); } fn q(&self); fn r(); }   //~ P::q, P::r
impl P for S { fn q(&self) { self.a(); self.p(); } fn r() { Self::c(); } }   //~ S::a, P::p, S::c
"""
    )


def test_an_own_iterator_has_the_adapters_and_its_item() -> None:
    check(
        """
struct Walk;
struct Step;
impl Step { fn go(&self) {} }
impl Iterator for Walk { type Item = Step; fn next(&mut self) -> Option<Step> { None } }
fn f(mut w: Walk) {
    for s in w { s.go(); }                           //~ Step::go
    w.next().unwrap().go();                          //~ <Walk as Iterator>::next, Step::go
    w.map(|s| s.go()).count();                       //~ Step::go
    w.filter(|s| true).next().unwrap().go();         //~ Step::go
    w.by_ref().take(2).for_each(|s| s.go());         //~ Step::go
}
"""
    )


def test_operators_and_indexes_of_own_types() -> None:
    check(
        """
use std::ops::{Add, Index};
struct V;
struct W;
impl Add for V { type Output = W; fn add(self, o: V) -> W { W } }
impl Index<usize> for V { type Output = W; fn index(&self, i: usize) -> &W { loop {} } }
impl W { fn go(&self) {} }
impl V { fn go(&self) {} }
fn f(a: V, b: V) {
    (a + b).go();      //~ W::go
    a[0].go();         //~ W::go
}
"""
    )


def test_operators_give_the_output_of_their_trait_for_their_operand() -> None:
    check(
        """
use std::ops::{Add, Index, Mul, Neg};
struct V;
struct Sum;
struct Scaled;
struct Dot;
struct At;
impl Index<u8> for V { type Output = At; fn index(&self, i: u8) -> &At { loop {} } }
impl Add for V { type Output = Sum; fn add(self, o: V) -> Sum { Sum } }
impl Mul<f64> for V { type Output = Scaled; fn mul(self, o: f64) -> Scaled { Scaled } }
impl Mul<V> for V { type Output = Dot; fn mul(self, o: V) -> Dot { Dot } }
impl Sum { fn go(&self) {} }
impl Scaled { fn go(&self) {} }
impl Dot { fn go(&self) {} }
impl At { fn go(&self) {} }
fn f(a: V, b: V, n: f64) {
    (a + b).go();       //~ Sum::go
    (a * b).go();       //~ Dot::go
    (a * n).go();       //~ Scaled::go
    (&a * 2.5).go();    //~ Scaled::go
    a[0].go();          //~ At::go
}
"""
    )


def test_a_cell_behind_a_pointer_is_borrowed_and_not_the_pointer() -> None:
    check(
        """
use std::{cell::RefCell, rc::Rc, sync::Arc};
struct Q;
impl Q { fn go(&self) {} }
fn f(q: Rc<RefCell<Q>>, c: &RefCell<Q>, a: Arc<RefCell<Q>>) {
    q.borrow().go();            //~ Q::go
    q.borrow_mut().go();        //~ Q::go
    q.clone().borrow().go();    //~ Q::go
    c.borrow().go();            //~ Q::go
    a.borrow().go();            //~ Q::go
}
"""
    )


OUTSIDE = """
use other::{Bar, make};
struct S;
impl S { fn unique(&self) {} fn same(self) -> S { S } }
trait Ours { fn made(&self); }
impl Ours for other::Thing { fn made(&self) {} }
"""


@pytest.mark.parametrize(
    "line",
    [
        "x.unique();",
        "list[0].unique();",
        "Bar::new().unique();",
        "other::Bar::new().unique();",
        "other::make().unique();",
        "make().unique();",
        "let y = other::make(); y.unique();",
        "make().more().unique();",
        "make().same().unique();",
        "make()?.unique();",
        "make().await.unique();",
        "make().field.unique();",
        "make()[0].unique();",
        "(*make()).unique();",
        "for y in make() { y.unique(); }",
        "make().each(|y| y.unique());",
        "let (a, b) = make(); b.unique();",
        "if let Some(a) = make() { a.unique(); }",
        "if let Bar::A(a) = make() { a.unique(); }",
        "let other::Pair { a, .. } = make(); a.unique();",
        "if let Some(a) = make().first() { a.unique(); }",
        "other::CONSTANT.unique();",
        "std::unheard_of::make().unique();",
        "let v = vec![1]; v.unheard_of().unique();",
        "String::unheard_of().unique();",
    ],
)
def test_what_another_crate_gives_has_no_method_of_ours(line: str) -> None:
    check(f"{OUTSIDE}\nfn f(x: other::Thing, list: Vec<other::Thing>) {{ {line} }}   //~\n")


@pytest.mark.parametrize(
    "line, target",
    [
        ("other::id(s).unique();", "S::unique"),
        ("other::parse::<S>().unique();", "S::unique"),
        ("arena.first().unique();", "S::unique"),
        ("make().with(s).first().unique();", "S::unique"),
        ("other::call(|| S).unique();", "S::unique"),
        ("make().made();", "<other::Thing as Ours>::made"),
    ],
)
def test_what_another_crate_gives_may_be_what_it_was_given(line: str, target: str) -> None:
    check(f"{OUTSIDE}\nfn f(s: S, arena: other::Arena<S>) {{ {line} }}   //~ {target} [method-name]\n")


def test_what_is_not_known_is_not_guessed_from_a_local() -> None:
    check(
        """
struct S;
impl S { fn len(&self) {} fn push(&self) {} }
fn f(v: external::Thing, n: &dyn std::fmt::Debug) { v.len(); n.push(); }
fn g(s: &str) { for part in s.split(',') { part.len(); } }          //~
fn h(s: String) { let t = s + "x"; t.len(); t.trim().len(); }       //~
fn i() { let v = vec![1, 2]; v.len(); v.iter().map(|x| x.push()); }  //~
fn j(x: Option<Vec<u8>>) { if let Some(v) = x { v.len(); } }        //~
"""
    )


CIRCLES = [
    "const A: X = B.go(); const B: X = A.go(); fn f() { A.go(); }",
    "type A = B; type B = A; fn f(a: A) { a.go(); }",
    "type A = Vec<A>; fn f(a: A) { a[0].go(); }",
    "trait P: Q {} trait Q: P {} fn f(x: impl P) { x.go(); }",
    "impl<T: P> Q for T {} impl<T: Q> P for T {} trait P {} trait Q {} fn f(x: S) { x.go(); }",
    (
        "impl std::ops::Deref for S { type Target = T; } impl std::ops::Deref for T { type Target = S; }"
        " struct T; fn f(x: S) { x.none(); }"
    ),
    "impl Iterator for S { type Item = <S as Iterator>::Item; } fn f(s: S) { for x in s { x.go(); } }",
    (
        "impl P for S { type Out = <T as P>::Out; } impl P for T { type Out = <S as P>::Out; }"
        " trait P { type Out; } struct T; fn f(x: <S as P>::Out) { x.go(); }"
    ),
    (
        "struct W<X>(X); impl<X> P for W<X> { type Out = <W<W<X>> as P>::Out; } trait P { type Out; }"
        " fn f(x: <W<u8> as P>::Out) { x.go(); }"
    ),
    "fn f() { let x = x.go(); let y = z; let z = y; x.go(); z.go(); }",
    "fn f() { let g = |x| g(x); g(1).go(); }",
    "use self::a::*; mod a { pub use super::b::*; } mod b { pub use super::a::*; } fn f() { go(); }",
]


@pytest.mark.parametrize("text", CIRCLES)
def test_circles_end(text: str) -> None:
    edges_of(text + " struct S; impl S { fn go(&self) {} }")


def test_a_chain_of_a_thousand_calls_is_followed_to_its_end() -> None:
    text = f"struct S; impl S {{ fn go(&self) -> S {{ S }} }} fn f(s: S) {{ s{'.go()' * 1000}; }}"
    edges = [edge for edge in edges_of(text) if edge[:2] == ("f", "CALLS")]
    assert edges == [("f", "CALLS", "S::go", 0.95, "inherent")]


@pytest.mark.parametrize(
    "opening, closing",
    [("(", ")"), ("{", "}"), ("s.go(", ")"), ("-", ""), ("&", ""), ("if a {} else {", "}")],
)
def test_deep_nesting_ends(opening: str, closing: str) -> None:
    text = f"struct S; impl S {{ fn go(&self) {{}} }} fn f(s: S) {{ {opening * 800}s.go(){closing * 800} }}"
    assert any(edge[:3] == ("f", "CALLS", "S::go") for edge in edges_of(text))


@pytest.mark.parametrize("sign", ["&", "*const ", "&mut "])
def test_a_type_of_a_thousand_signs_is_no_exception(sign: str) -> None:
    edges_of(f"struct S; impl S {{ fn go(&self) {{}} }} fn f(s: {sign * 1000}S) {{ s.go(); }}")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "fn f(s: W<u8>) { s" + ".wrap()" * 24 + "; } impl<T> W<T> { fn wrap(self) -> W<(W<T>, W<T>)> { x } }",
        "fn f(v: Vec<S>) { v.into_iter()" + ".map(|a| (a, a))" * 24 + ".count(); }",
        "fn f(x0: S) { " + "".join(f"let x{i + 1} = (x{i}, x{i}); " for i in range(24)) + "x24.go(); }",
    ],
    ids=["results", "closures", "tuples"],
)
def test_types_that_double_with_each_step_do_not_take_twice_the_time(text: str) -> None:
    started = time.process_time()
    edges_of(text + " struct S; impl S { fn go(&self) {} } struct W<T>(T);")
    assert time.process_time() - started < 10, "2^24 of anything takes longer"
