"""Typed headers: what each part of every kind of header is, in every edition's syntax."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.exact import (
    Field,
    GenericParam,
    Parameter,
    Signature,
    Variant,
    WherePredicate,
    canonical,
    parse_signature,
)


def lifetime(name: str, *bounds: str) -> GenericParam:
    return GenericParam("lifetime", name, bounds, "", "")


def generic(name: str, *bounds: str, default: str = "") -> GenericParam:
    return GenericParam("type", name, bounds, default, "")


def function(name: str = "f", **parts: Any) -> Signature:
    return Signature("function", name, **parts)


def takes(*types: str, **parts: Any) -> Signature:
    """`fn f(x: …, x: …)`"""
    return function(parameters=tuple(Parameter("x", text) for text in types), **parts)


def returns(text: str) -> Signature:
    return function(return_type=text)


SIGNATURES: tuple[tuple[str, Signature], ...] = (
    # functions
    ("fn f ( ) ;", function()),
    ("fn f() { g({ 1 }) }", function()),
    (
        "pub fn f<'a: 'b + 'c, T: Clone + 'a, U = u8>(x: &'a T) -> R<T> where T: A<U> + ?Sized, 'a: 'b, {}",
        function(
            visibility="pub",
            generics=(lifetime("'a", "'b", "'c"), generic("T", "Clone", "'a"), generic("U", default="u8")),
            where=(WherePredicate("T", ("A<U>", "?Sized")), WherePredicate("'a", ("'b",))),
            parameters=(Parameter("x", "&'a T"),),
            return_type="R<T>",
        ),
    ),
    (
        "fn f<const N: usize = { 3 + 1 }, const B: bool = true, const C: i8 = -1>()",
        function(
            generics=(
                GenericParam("const", "N", (), "{ 3 + 1 }", "usize"),
                GenericParam("const", "B", (), "true", "bool"),
                GenericParam("const", "C", (), "-1", "i8"),
            )
        ),
    ),
    (
        'pub(in a :: b) default const async unsafe extern "C-unwind" fn f()',
        function(
            visibility="pub(in a::b)",
            qualifiers=("default", "const", "async", "unsafe", 'extern "C-unwind"'),
        ),
    ),
    ("extern fn f()", function(qualifiers=("extern",))),
    ('extern r"C" fn f()', function(qualifiers=('extern r"C"',))),
    ("safe fn f()", function(qualifiers=("safe",))),
    ("async gen fn f()", function(qualifiers=("async", "gen"))),
    (
        "fn f(x: *const u8, ...)",
        function(parameters=(Parameter("x", "*const u8"), Parameter("", "...")), is_variadic=True),
    ),
    ("fn f(mut args: ...)", function(parameters=(Parameter("mut args", "..."),), is_variadic=True)),
    ("fn f(u8, &str, [T; 2]);", function(parameters=tuple(Parameter("", t) for t in ("u8", "&str", "[T; 2]")))),
    (
        "fn f(&[a, ..]: &[u8; 2], P { x, y: (_, 1..=2) }: P, Q(ref mut z): Q, w @ (A | B): E, _: u8)",
        function(
            parameters=(
                Parameter("&[a, ..]", "&[u8; 2]"),
                Parameter("P { x, y: (_, 1..=2) }", "P"),
                Parameter("Q(ref mut z)", "Q"),
                Parameter("w @ (A | B)", "E"),
                Parameter("_", "u8"),
            )
        ),
    ),
    ("fn f<#[a] T>(#[cfg(x)] x: u8) where #[cfg(y)] T: A", takes("u8", generics=(generic("T"),), where=(WherePredicate("T", ("A",)),))),
    ("#[a] #[b(c)] /// d\n fn f()", function()),
    # receivers
    *(
        (f"fn f({receiver}, x: u8)", Signature("method", "f", receiver=receiver, parameters=(Parameter("x", "u8"),)))
        for receiver in (
            "self", "mut self", "&self", "&mut self", "&'a self", "&'a mut self", "self: Box<Self>",
            "mut self: Pin<&mut Self>", "self: &Arc<Self>", "&pin mut self", "&pin const self",
        )
    ),
    ("fn f(#[a] &self,)", Signature("method", "f", receiver="&self")),
    # types
    *(
        (f"fn f(x: {text})", takes(text))
        for text in (
            "u8", "()", "(T,)", "(A, B)", "!", "_", "&'a mut T", "&&T", "*const *mut T", "[T]", "[T; N * 2]", "[[u8; 2]; 3]",
            "::std::io::Result<()>", "crate::a::B", "<T as Tr<U>>::X<V>", "<Self>::Y", "T::X", "Vec::<u8>", "m!(a, b)", "a::m![]",
            "dyn A", "dyn A + 'a", "&(dyn A + Send)", "dyn for<'a> Fn(&'a u8) -> B + Send", "impl A<Item = B> + use<'a, T>",
            "impl A<Item: B + 'a, N = 3, M = { X + 1 }>", "fn()", "fn(u8, _: &str) -> !", "unsafe extern \"C\" fn(*const u8, ...)",
            "for<'a> fn(&'a u8) -> &'a u8", "for<'a> Tr<'a>", "A + B", "'a + Tr", "Fn(A, B) -> C", "impl Fn(A) -> B + Copy",
            "impl async Fn(u8) -> u8", "impl AsyncFn(&str)", "impl [const] Tr", "impl ~const Tr + ?Sized", "impl const Tr",
            "unsafe<'a> &'a T", "Foo<'static, -1, 'c', \"s\", true, { N }>", "Foo<{ A >= 1 && B }>", "dyn", "dyn ::X", "dyn <T>",
            "impl Tr<method(..): Send>", "T::method(..)", "Box<dyn Fn() -> Box<dyn Fn()>>", "&'a (dyn A + 'b)", "r#Box<u8>",
            "impl for<'a> [const] Tr<'a>", "&pin mut T",
        )
    ),
    *(
        (f"fn f() -> {text} {{}}", returns(text))
        for text in ("u8", "!", "impl A + 'a", "[u8; { 1 }]", "A<{ 1 }>", "dyn A + B", "<A as B>::C", "fn() -> u8", "m! { a }")
    ),
    # a name that is a keyword elsewhere
    ("fn async(union: auto, default: dyn)", function("async", parameters=(Parameter("union", "auto"), Parameter("default", "dyn")))),
    ("fn r#fn(safe: safe)", function("r#fn", parameters=(Parameter("safe", "safe"),))),
    ("const default: auto = 1;", Signature("const", "default", type="auto", value="1")),
    # impls
    ("impl A {}", Signature("impl", self_type="A")),
    ("impl<'a, T> A<T> for &'a [T]", Signature("impl", generics=(lifetime("'a"), generic("T")), trait="A<T>", self_type="&'a [T]")),
    ("impl<T> (T,) where T: A", Signature("impl", generics=(generic("T"),), self_type="(T,)", where=(WherePredicate("T", ("A",)),))),
    ("unsafe impl !Send for X {}", Signature("impl", qualifiers=("unsafe",), trait="Send", self_type="X", is_negative=True)),
    ("default impl A for X {}", Signature("impl", qualifiers=("default",), trait="A", self_type="X")),
    ("impl const A for X {}", Signature("impl", qualifiers=("const",), trait="A", self_type="X")),
    ("const unsafe impl A for X {}", Signature("impl", qualifiers=("const", "unsafe"), trait="A", self_type="X")),
    ("impl <T as A>::B {}", Signature("impl", self_type="<T as A>::B")),
    ("impl<> ! {}", Signature("impl", self_type="!")),
    ("impl A for ! {}", Signature("impl", trait="A", self_type="!")),
    ("impl dyn A + Send {}", Signature("impl", self_type="dyn A + Send")),
    ("impl<T> A for T where for<'a> &'a T: B<'a> + for<'b> C<'b>, [T; 2]: D", Signature(
        "impl", generics=(generic("T"),), trait="A", self_type="T",
        where=(WherePredicate("for<'a> &'a T", ("B<'a>", "for<'b> C<'b>")), WherePredicate("[T; 2]", ("D",))))),
    # traits
    ("pub unsafe auto trait A {}", Signature("trait", "A", "pub", ("unsafe", "auto"))),
    ("pub const trait A {}", Signature("trait", "A", "pub", ("const",))),
    ("pub impl(crate) trait A {}", Signature("trait", "A", "pub", ("impl (crate)",))),
    ("trait A<T = Self>: B<T> + 'static + ?Sized where T: C", Signature(
        "trait", "A", generics=(generic("T", default="Self"),), supertraits=("B<T>", "'static", "?Sized"), where=(WherePredicate("T", ("C",)),))),
    ("trait A: {}", Signature("trait", "A")),
    ("trait A<T> = B<T> + Send where T: C;", Signature(
        "trait_alias", "A", generics=(generic("T"),), supertraits=("B<T>", "Send"), where=(WherePredicate("T", ("C",)),))),
    # types
    ("type A<T> = Vec<T>;", Signature("type_alias", "A", generics=(generic("T"),), type="Vec<T>")),
    ("type A<'a>: B + 'a where Self: 'a;", Signature(
        "type_alias", "A", generics=(lifetime("'a"),), bounds=("B", "'a"), where=(WherePredicate("Self", ("'a",)),))),
    ("type A<T=Vec<u8>>=u8;", Signature("type_alias", "A", generics=(generic("T", default="Vec<u8>"),), type="u8")),
    ("default type A = B where C: D;", Signature(
        "type_alias", "A", qualifiers=("default",), type="B", where=(WherePredicate("C", ("D",)),))),
    ("type const N: usize = 3;", Signature("const", "N", qualifiers=("type",), type="usize", value="3")),
    # structs and enums
    ("struct A;", Signature("struct", "A", style="unit")),
    ("struct A<T>(pub T, #[a] (u8,)) where T: B;", Signature(
        "struct", "A", generics=(generic("T"),), where=(WherePredicate("T", ("B",)),), style="tuple",
        fields=(Field("0", "T", "pub", ()), Field("1", "(u8,)", "", ("a",))))),
    ("pub struct A { pub(super) a: u8, #[b(c = 1)] #[d] r#e: Vec<Vec<u8>>, unsafe f: T = 3 + 4, }", Signature(
        "struct", "A", "pub", style="struct", fields=(
            Field("a", "u8", "pub(super)", ()), Field("r#e", "Vec<Vec<u8>>", "", ("b(c = 1)", "d")), Field("f", "T", "", ())))),
    ("struct A(pub (u8, u8), pub(crate) u8);", Signature(
        "struct", "A", style="tuple", fields=(Field("0", "(u8, u8)", "pub", ()), Field("1", "u8", "pub(crate)", ())))),
    ("union A { a: u8 }", Signature("union", "A", style="struct", fields=(Field("a", "u8", "", ()),))),
    ("enum A<T> where T: B", Signature("enum", "A", generics=(generic("T"),), where=(WherePredicate("T", ("B",)),))),
    ("enum A { #[x] B, C(u8) = 1 << 2, D { d: u8 }, }", Signature("enum", "A", variants=(
        Variant("B", (), "unit", "", ("x",)),
        Variant("C", (Field("0", "u8", "", ()),), "tuple", "1 << 2", ()),
        Variant("D", (Field("d", "u8", "", ()),), "struct", "", ()),
    ))),
    ("A", Signature("variant", "A", style="unit")),
    ("A(T) = -1", Signature("variant", "A", style="tuple", value="-1", fields=(Field("0", "T", "", ()),))),
    ("#[x] union { a: u8 }", Signature("variant", "union", style="struct", fields=(Field("a", "u8", "", ()),))),
    # constants
    ("pub const A: &'static [u8]", Signature("const", "A", "pub", type="&'static [u8]")),
    ("const _: () = { let x = 1; };", Signature("const", "_", type="()", value="{ let x = 1; }")),
    ("const F: fn(u8, u8) = |a, b| c;", Signature("const", "F", type="fn(u8, u8)", value="| a, b | c")),
    ("static mut A: u8 = 1 + 2;", Signature("static", "A", qualifiers=("mut",), type="u8", value="1 + 2")),
    ("pub unsafe static A: u8;", Signature("static", "A", "pub", ("unsafe",), type="u8")),
    # the rest
    ("pub mod a { fn b() {} }", Signature("module", "a", "pub")),
    ("unsafe mod a;", Signature("module", "a", qualifiers=("unsafe",))),
    ("pub use a::{self, b as _, c::*, r#d,};", Signature("use", "", "pub", type="a::{self, b as _, c::*, r#d}")),
    ("use ::a;", Signature("use", type="::a")),
    ("use {a, b};", Signature("use", type="{a, b}")),
    ("extern crate self as a;", Signature("extern_crate", "self", value="a")),
    ('unsafe extern "C" { fn f(); }', Signature("extern_block", qualifiers=("unsafe", 'extern "C"'))),
    ("extern {}", Signature("extern_block", qualifiers=("extern",))),
    ("macro_rules! a { () => {} }", Signature("macro", "a")),
    ("pub macro a($x:expr) { $x }", Signature("macro", "a", "pub")),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SIGNATURES, ids=[text for text, _ in SIGNATURES])
def test_a_header_is_read_as(text: str, expected: Signature) -> None:
    assert parse_signature(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "fn", "fn f", "fn f(", "fn f)", "fn f(x: )", "fn f(x: u8 y: u8)", "fn f() -> {}", "fn f() {} fn g() {}", "fn f() { ( }",
        "fn 3()", "fn fn()", "fn f(x: &)", "fn f(x: *T)", "fn f(x: [u8;])", "fn f(x: Vec<u8)", "fn f(x: A::)", "fn f(1 2: u8)",
        "async const fn f()", "unsafe unsafe fn f()", "const const X: u8", "async struct A;", "pub A", "struct A { b }",
        "struct A { a: u8 };", "union A(u8);", "impl !A {}", "impl A for {}", "trait A where {", "const X = 1;", "static: u8",
        "use a::;", "use a::{b;", "use 1;", "mod a::b;", "foo!{ a }", "foo!(a);", "a::b! { c }", "#[x]", "#[] fn f()", "let x = 1;",
        'fn f(x: "', "fn f() { 'ab' }", "fn f() /* x", 'fn f() { r#"x" }', "fn f(&self: T)", "macro_rules a", "enum A { B C }", "\\",
        "type A = ;", "where", "crate use a;",
    ],
)  # fmt: skip
def test_what_is_no_header_is_none(text: str) -> None:
    assert parse_signature(text) is None


@pytest.mark.parametrize("text", [text for text, _ in SIGNATURES])
def test_the_canonical_text_is_read_like_the_source(text: str) -> None:
    once = canonical(text.encode())
    assert parse_signature(once) == parse_signature(text)
    assert canonical(once.encode()) == once


_PIECES = st.sampled_from(
    [
        "fn",
        "impl",
        "for",
        "dyn",
        "pub",
        "struct",
        "enum",
        "trait",
        "where",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        ":",
        "::",
        "&",
        "&&",
        "->",
        "=",
        ">=",
        "+",
        "?",
        "!",
        "#",
        "'a",
        "'c'",
        "T",
        "x",
        "3",
        '"s"',
        'r#"q"#',
        "*",
        "const",
        "mut",
        ".",
        "..",
        "|",
        "/",
        "/*",
        "*/",
        "//",
    ]
)


@settings(max_examples=500)
@given(st.lists(_PIECES, max_size=40).map(" ".join) | st.text(max_size=100))
def test_no_text_raises(text: str) -> None:
    parse_signature(text)
