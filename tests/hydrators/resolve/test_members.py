"""What types have: whose method a call means, through impls, traits, bounds, blankets, Deref."""

from __future__ import annotations

import time

import pytest

from tests.hydrators.resolve.small_workspace import check, edges_of, workspace


def test_an_inherent_method_comes_before_that_of_a_trait() -> None:
    check(
        """
struct S;
trait P { fn go(&self); fn only(&self) {} fn both(&self) {} }
impl P for S { fn go(&self) {} fn both(&self) {} }
impl S { fn go(&self) {} }
fn f(s: S) {
    s.go();         //~ S::go [inherent]
    s.both();       //~ <S as P>::both [trait-impl]
    s.only();       //~ P::only [default]
    <S as P>::go(&s);  //~ <S as P>::go [trait-impl]
    <S as P>::only(&s); //~ P::only
    S::both(&s);    //~ <S as P>::both
    S::only(&s);    //~ P::only
    s.none();       //~
}
"""
    )


def test_a_method_by_its_traits_path_is_the_traits() -> None:
    check(
        """
struct S;
trait P { fn go(&self); }
impl P for S { fn go(&self) {} }
impl S { fn go(&self) {} }
fn f(s: S) {
    P::go(&s);      //~ <S as P>::go
}
"""
    )


def test_supertraits_and_bounds_wherever_they_stand() -> None:
    check(
        """
trait Base { fn base(&self); }
trait Mid: Base { fn mid(&self); }
trait Top: Mid where Self: Side { fn top(&self) { self.base(); self.mid(); self.side(); } }  //~ Base::base, Mid::mid, Side::side
trait Side { fn side(&self); }
fn list<T: Top>(x: T, y: &T) { x.base(); y.top(); }            //~ Base::base, Top::top
fn clause<T>(x: T) where T: Mid { x.base(); x.mid(); }         //~ Base::base, Mid::mid
fn object(x: &dyn Top, y: Box<dyn Mid + Send>) { x.base(); y.mid(); }   //~ Base::base, Mid::mid
fn argument(x: impl Top, y: &mut impl Mid) { x.side(); y.base(); }      //~ Side::side, Base::base
fn none<T>(x: T) where T: Send { x.special(); }                 //~
struct W<T>(T);
impl<T: Mid> W<T> { fn m(&self) { self.0.base(); } }            //~ Base::base
impl<T> W<T> where T: Side { fn n(&self) { self.0.side(); } }   //~ Side::side
fn path<T: Top>(x: T) { T::base(&x); }                          //~ Base::base
"""
    )


def test_blanket_impls_hold_for_what_their_bounds_allow() -> None:
    check(
        """
trait Name { fn name(&self); }
trait Loud { fn shout(&self); fn whisper(&self) {} }
trait Free { fn free(&self); }
impl<T: Name> Loud for T { fn shout(&self) { self.name(); } }     //~ Name::name
impl<T> Free for T { fn free(&self) {} }
struct Yes;
struct No;
impl Name for Yes { fn name(&self) {} }
fn f(y: Yes, n: No) {
    y.shout();      //~ <T as Loud>::shout [blanket]
    y.whisper();    //~ Loud::whisper
    n.shout();      //~
    n.free();       //~ <T as Free>::free
    y.free();       //~ <T as Free>::free
}
"""
    )


def test_associated_types_and_projections_are_followed() -> None:
    check(
        """
trait Make { type Out: Show; fn make(&self) -> Self::Out; const ZERO: A; }
trait Show { fn show(&self); }
struct A;
struct B;
impl A { fn of_a(&self) {} }
impl Make for A { type Out = B; fn make(&self) -> Self::Out { B } const ZERO: A = A; }
impl Show for B { fn show(&self) {} }
impl B { fn of_b(&self) {} }
fn f(a: A, o: <A as Make>::Out) {
    a.make().of_b();    //~ <A as Make>::make, B::of_b
    o.show();           //~ <B as Show>::show
    A::ZERO.of_a();     //~ A::of_a
}
fn g<T: Make>(t: T) { t.make().show(); }                     //~ Make::make, Show::show
fn h<T: Make<Out = B>>(t: T) { t.make().of_b(); }            //~ Make::make, B::of_b
fn i<T>(t: T) where T: Make, T::Out: Extra { t.make().extra(); }  //~ Make::make, Extra::extra
trait Extra { fn extra(&self); }
"""
    )


def test_deref_chains() -> None:
    check(
        """
use std::ops::Deref;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
struct Outer;
struct Middle { field: Inner }
struct Inner;
impl Deref for Outer { type Target = Middle; fn deref(&self) -> &Middle { loop {} } }
impl std::ops::Deref for Middle { type Target = Inner; fn deref(&self) -> &Inner { loop {} } }
impl Inner { fn go(&self) {} }
impl Middle { fn own(&self) {} }
fn f(o: Outer, r: Rc<Outer>, b: Box<dyn Fn() -> Inner>, m: Arc<Mutex<Outer>>) {
    o.go();                       //~ Inner::go
    o.own();                      //~ Middle::own
    o.field.go();                 //~ Inner::go
    r.go();                       //~ Inner::go
    b().go();                     //~ Inner::go
    m.lock().unwrap().go();       //~ Inner::go
    (*o).own();                   //~ Middle::own
    r.clone().own();              //~ Middle::own
}
"""
    )


def test_extension_traits_on_types_of_the_standard_library() -> None:
    check(
        """
trait TextExt { fn shout(&self); }
impl TextExt for str { fn shout(&self) {} }
trait ListExt<T> { fn second(&self) -> &T; fn len(&self) {} }
impl<T> ListExt<T> for Vec<T> { fn second(&self) -> &T { loop {} } }
trait Odd { fn odd(&self); }
impl Odd for u8 { fn odd(&self) {} }
impl Odd for S { fn odd(&self) {} }
trait Each: Iterator { fn each(self); }
impl<I: Iterator> Each for I { fn each(self) {} }
struct S;
impl S { fn own(&self) {} }
fn f(text: String, list: Vec<S>, n: u8, m: u16) {
    text.shout();               //~ <str as TextExt>::shout
    "x".shout();                //~ <str as TextExt>::shout
    list.second().own();        //~ <Vec<T> as ListExt<T>>::second, S::own
    list.len();                 //~
    n.odd();                    //~ <u8 as Odd>::odd
    m.odd();                    //~
    list[0].odd();              //~ <S as Odd>::odd
    list.iter().each();         //~ <I as Each>::each
    list.into_iter().map(|s| s.own()).each();   //~ S::own, <I as Each>::each
    text.len();                 //~
}
"""
    )


def test_two_types_of_one_name_in_two_modules() -> None:
    check(
        """
//- /src/lib.rs
mod a { pub struct S; impl S { pub fn new() -> S { S } pub fn go(&self) {} } }
mod b { pub struct S; impl S { pub fn new() -> S { S } pub fn go(&self) {} pub fn only_b(&self) {} } }
fn f(x: a::S, y: b::S) { x.go(); }              //~ a::S::go
fn g(x: a::S, y: b::S) { y.go(); }              //~ b::S::go
fn h() { a::S::new().go(); }                    //~ a::S::new, a::S::go
fn i(x: a::S) { x.only_b(); }                   //~
mod c { use super::b::S; fn f() { let s = S::new(); s.go(); } }   //~ b::S::new, b::S::go
"""
    )


def test_impls_of_one_type_for_several_arguments() -> None:
    check(
        """
struct W<T>(T);
struct A;
struct B;
impl W<A> { fn go(&self) {} fn a(&self) {} }
impl W<B> { fn go(&self) {} }
fn f(x: W<A>) { x.go(); x.a(); }      //~ W::go, W::a
fn g(x: W<B>) { x.a(); }              //~
"""
    )
    targets = [
        target
        for source, kind, target, *_ in edges_of(
            """
struct W<T>(T);
impl Go for W<u8> { fn go(&self) {} }
impl Go for W<u16> { fn go(&self) {} }
trait Go { fn go(&self); }
fn f(x: W<u16>) { x.go(); }
"""
        )
        if (source, kind) == ("f", "CALLS")
    ]
    assert targets == ["<W<u16> as Go>::go"]


def test_conversions_are_told_by_their_argument() -> None:
    check(
        """
struct S;
struct A;
struct B;
impl From<A> for S { fn from(a: A) -> S { S } }
impl S { fn go(&self) {} }
fn f(a: A) { S::from(a).go(); }     //~ <S as From<A>>::from, S::go
fn g() { String::from("x"); Box::from(1); }   //~
"""
    )


def test_methods_of_numbers_are_found_and_only_those() -> None:
    check(
        """
struct S;
impl S { fn max(&self, x: S) {} fn pow(&self, n: u32) -> S { S } fn abs(&self) {} }
fn f(a: u8, b: f64, s: S) {
    a.pow(2).max(3);       //~
    b.abs().max(1.0);      //~
    (a as i64).abs();      //~
    s.pow(2).max(s);       //~ S::pow, S::max
    1.max(2);              //~
}
"""
    )


@pytest.mark.parametrize(
    "receiver",
    [
        "String",
        "&str",
        "Vec<S>",
        "Option<S>",
        "&[S]",
        "[S; 2]",
        "HashMap<S, S>",
        "Box<Vec<S>>",
        "(S, S)",
        "u8",
    ],
)
def test_a_method_that_the_receivers_known_type_lacks_is_nobodys(receiver: str) -> None:
    check(
        f"""
use std::collections::HashMap;
struct S;
impl S {{ fn special(&self) {{}} fn len(&self) {{}} fn iter(&self) {{}} }}
fn f(x: {receiver}) {{ x.special(); x.len(); x.iter(); }}     //~
"""
    )


def test_of_a_method_and_anothers_default_the_one_of_the_trait_in_scope_is_called() -> None:
    check(
        """
//- /src/lib.rs
pub trait A { fn m(&self) {} }
pub trait B { fn m(&self) {} }
pub struct Z;
impl A for Z {}
impl B for Z { fn m(&self) {} }
mod a { use super::{A, Z}; fn f(z: Z) { z.m(); } }                  //~ A::m
mod b { use super::{B, Z}; fn f(z: Z) { z.m(); } }                  //~ <Z as B>::m
mod a_unnamed { use super::A as _; fn f(z: super::Z) { z.m(); } }   //~ A::m
mod b_unnamed { use super::B as _; fn f(z: super::Z) { z.m(); } }   //~ <Z as B>::m
mod blocks {
    fn f(z: super::Z) {
        { use super::A; z.m(); }                                    //~ A::m
        { use super::B as _; { z.m(); } }                           //~ <Z as B>::m
    }
}
"""
    )


def test_a_trait_imported_as_underscore_is_in_scope() -> None:
    check(
        """
pub trait A { fn m(&self); }
pub trait B { fn m(&self); }
pub struct Z;
impl A for Z { fn m(&self) {} }
impl B for Z { fn m(&self) {} }
mod a { use super::A as _; fn f(z: super::Z) { z.m(); } }    //~ <Z as A>::m [trait-impl]
mod b { use super::B as _; fn f(z: super::Z) { z.m(); } }    //~ <Z as B>::m [trait-impl]
"""
    )


def test_a_negative_impl_gives_no_methods() -> None:
    check(
        """
trait A { fn m(&self) {} }
trait B { fn m(&self) {} fn own(&self) {} }
struct Z;
impl A for Z { fn m(&self) {} }
impl !B for Z {}
fn f(z: Z) {
    z.m();       //~ <Z as A>::m
    z.own();     //~
}
"""
    )


def test_a_derived_default_is_of_its_type() -> None:
    check(
        """
mod m { #[derive(Default)] pub struct D<T> { t: T } impl<T> D<T> { pub fn go(&self) {} } }
#[derive(Default)]
struct E;
impl E { fn go(&self) {} fn new() -> E { Self::default().same() } fn same(self) -> E { self } }   //~ E::same
fn f() {
    m::D::<u8>::default().go();          //~ m::D::go
    E::default().go();                   //~ E::go
    <E as Default>::default().go();      //~ E::go
    let e = E::default(); e.go();        //~ E::go
}
"""
    )


def test_a_trait_whose_name_means_another_here_is_not_called() -> None:
    check(
        """
//- /src/lib.rs
mod a { pub trait P { fn go(&self); } impl P for super::S { fn go(&self) {} } }
mod b { pub trait P { fn go(&self); } impl P for super::S { fn go(&self) {} } }
pub struct S;
mod user { use crate::{b::P, S}; fn f(s: S) { s.go(); } }     //~ b::<super::S as P>::go
mod other { use crate::{a::P, S}; fn f(s: S) { s.go(); } }    //~ a::<super::S as P>::go
"""
    )


def _conversions(count: int) -> str:
    impls = [
        f"struct S{i}; impl From<S{i}> for E {{ fn from(s: S{i}) -> E {{ E }} }}\n" for i in range(count)
    ]
    calls = [f"fn f{i}() {{ E::from(S{i}); }}\n" for i in range(count)]
    return "".join(["struct E;\n", *impls, *calls])


def test_one_of_sixty_conversions_is_told_by_its_argument() -> None:
    calls = [(source, target) for source, kind, target, *_ in edges_of(_conversions(60)) if kind == "CALLS"]
    assert len(calls) == 60
    assert ("f7", "<E as From<S7>>::from") in calls


_MANY = 1500
_CROWDS = {
    "functions": "fn a() -> S { S }\n" * _MANY
    + "struct S; impl S { fn go(&self) {} } fn f() {"
    + "a().go();" * _MANY
    + "}",
    "conversions": _conversions(_MANY),
    "defaults of traits": "struct S;"
    + "".join(f"trait T{i} {{ fn m(&self) {{}} }} impl T{i} for S {{}}\n" for i in range(_MANY))
    + "fn f(s: S) {"
    + "s.m();" * _MANY
    + "}",
    "impls for all types": "struct S;"
    + "".join(
        f"trait T{i} {{ fn m(&self); }} impl<T> T{i} for T {{ fn m(&self) {{}} }}\n" for i in range(_MANY)
    )
    + "fn f(s: S) {"
    + "s.m();" * _MANY
    + "}",
    "operators": "struct E;"
    + "".join(
        f"struct S{i}; impl std::ops::Add<S{i}> for E {{ type Output = S{i}; fn add(self, o: S{i}) {{}} }}\n"
        for i in range(_MANY)
    )
    + "fn f() {"
    + "".join(f"(E + S{i}).go();" for i in range(_MANY))
    + "}"
    + "impl S1 { fn go(&self) {} }",
}


@pytest.mark.parametrize("crowd", _CROWDS)
def test_time_grows_no_faster_than_the_text_where_one_name_has_a_thousand_meanings(crowd: str) -> None:
    tree = workspace(_CROWDS[crowd])
    check("fn f() {}   //~")  # the standard library is read by now

    def cost_s() -> float:
        started = time.process_time()
        tree.edges()
        return time.process_time() - started

    # Whatever else the machine does, one try of some shows it.
    assert any(cost_s() < 2 for _ in range(4)), "pairs of definitions and calls take longer"
