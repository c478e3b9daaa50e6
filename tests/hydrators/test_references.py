"""References: what an item's own text mentions, by kind and path."""

import pytest

from hydrators.tolerant.imports import use_leaves
from hydrators.tolerant.paths import normal_path
from tests.hydrators.rust_text import facts_of, node, references_of


def test_calls_methods_macros_and_types_of_a_function() -> None:
    facts = facts_of(
        "fn f<T: Foo>(x: &T, y: impl Bar<u8>) -> Vec<a::B> {\n"
        '    foo::<u8>(1); x.go::<u8>(); a::b::c(); self.x.y(); Self::z(); log!("{}", q(1));\n}'
    )
    assert references_of(facts, "f") == [
        ("bound", "Foo"),
        ("type", "Bar"),
        ("type", "Vec"),
        ("type", "a::B"),
        ("call", "foo"),
        ("method", "x.go"),
        ("call", "a::b::c"),
        ("method", ".y"),
        ("call", "Self::z"),
        ("macro", "log"),
        ("call", "q"),
    ]


def test_calls_inside_macro_arguments_are_seen() -> None:
    facts = facts_of("fn f() { vec![a(1), b.c(2), D::e(3), g!(x), h :: i ( 4 )]; }")
    assert references_of(facts, "f") == [
        ("macro", "vec"),
        ("call", "a"),
        ("method", "b.c"),
        ("call", "D::e"),
        ("macro", "g"),
        ("call", "h::i"),
    ]


def test_what_attributes_inside_a_body_name_is_no_reference() -> None:
    facts = facts_of("fn f() { #[allow(clippy::a)] if x { #[b::c(d::e)] let y = 1; } }")
    assert references_of(facts, "f") == []


def test_paths_that_are_not_called_are_values_and_patterns() -> None:
    facts = facts_of(
        "fn f(x: E) -> [u8; Self::LEN] {\n"
        "    match x { E::A => a::B, E::C(_) | m::E::D { .. } => Self::MAX }\n"
        "    go(Self::helper, Vec::<u8>::new, <T as  b::Tr> :: make); id::<u8>; A::B.run(); a::m!(); use c::d;\n}"
    )
    paths = [path for kind, path in references_of(facts, "f") if kind == "path"]
    assert paths == [
        "Self::LEN",
        "E::A",
        "a::B",
        "E::C",
        "Self::MAX",
        "Self::helper",
        "Vec::<u8>::new",
        "<T as b::Tr>::make",
        "id",
        "A::B",
    ]
    assert ("type", "m::E::D") in references_of(facts, "f")


def test_plain_names_are_values_unless_a_binding_explains_them() -> None:
    facts = facts_of(
        "fn f<const N: usize>(a: u8, (b, c): P, xs: X) -> S {\n"
        "    xs.map(parse); go(a, b, c, N, None, LIMIT); let d = 1; go(d); for e in xs { go(e) }\n"
        "    if let Some(g) = h() { go(g) } xs.map(|i| go(i)); match a { j => go(j) } [k, d];\n"
        "    S { l: build, m, n: d }\n}"
    )
    assert [path for kind, path in references_of(facts, "f") if kind == "value"] == [
        "parse",
        "LIMIT",
        "k",
        "build",
    ]


def test_a_variable_that_is_called_is_no_function() -> None:
    facts = facts_of(
        "fn f(given: impl Fn(u8)) {\n"
        "    given(1); let config = config(); late(); { let late = || 1; late() } late();\n"
        "    let twice = |inner: fn()| { inner(); twice() }; twice(); inner();\n"
        "    match x { Some(run) => run(), None => run() } if let Some(go) = y { go() }\n"
        "    assert!(given(2) && other(3));\n}"
    )
    assert [path for kind, path in references_of(facts, "f") if kind == "call"] == [
        "config",
        "late",
        "late",
        "twice",
        "inner",
        "run",
        "other",
    ]


def test_macro_arguments_name_paths_and_turbofish_calls() -> None:
    facts = facts_of(
        "fn f() { assert_eq!(a.b::<T>(), C::d(x)); matches!(k, K::A | K::B(..));\n"
        "    vec![<T as Tr>::g(1), Vec::<u8>::new(), h::<u8>(2), a::b::<C>::D, n!(q::R)];\n"
        '    format!("{} {inline}", x.y(), z = Self::W); $crate::p::s!(1); }'
    )
    assert references_of(facts, "f") == [
        ("macro", "assert_eq"),
        ("method", "a.b"),
        ("call", "C::d"),
        ("macro", "matches"),
        ("path", "K::A"),
        ("call", "K::B"),
        ("macro", "vec"),
        ("call", "<T as Tr>::g"),
        ("call", "Vec::<u8>::new"),
        ("call", "h"),
        ("path", "a::b::<C>::D"),
        ("macro", "n"),
        ("path", "q::R"),
        ("macro", "format"),
        ("method", "x.y"),
        ("path", "Self::W"),
        ("macro", "$crate::p::s"),
    ]


def test_qualified_paths_keep_their_type_and_trait() -> None:
    facts = facts_of(
        "fn f(x: <T as a::Tr>::Item) { <T as Tr>::f(x); <[u8]>::len(x); T::default(); <&T as A>::C; }"
    )
    assert references_of(facts, "f") == [
        ("type", "<T as a::Tr>::Item"),
        ("type", "T"),
        ("type", "a::Tr"),
        ("call", "<T as Tr>::f"),
        ("type", "Tr"),
        ("call", "<[u8]>::len"),
        ("call", "T::default"),
        ("path", "<&T as A>::C"),
        ("type", "A"),
    ]


def test_what_attributes_and_visibilities_name_is_no_value() -> None:
    facts = facts_of(
        "pub struct S {\n    #[serde(rename(x), with = a::b)]\n    pub(in c::d) x: u8,\n}\n"
        "fn f() { #[cfg(all(unix, not(z)))] go(); }\n"
    )
    assert facts.references.get(node(facts, "S").id, ()) == ()
    assert references_of(facts, "f") == [("call", "go")]


def test_an_absolute_path_ends_where_generics_and_arrows_begin() -> None:
    facts = facts_of(
        "impl<T> ::a::Tr for S<T> where <T as ::b::C>::D: ::e::F, { fn f() -> ::g::H { } type I = J<T>::K; }"
    )
    assert references_of(facts, "impl ::a::Tr for S<T>") == [
        ("trait_impl", "a::Tr"),
        ("self_type", "S"),
        ("type", "<T as ::b::C>::D"),
        ("type", "b::C"),
        ("bound", "e::F"),
    ]
    assert references_of(facts, "<S<T> as ::a::Tr>::f") == [("type", "g::H")]
    assert references_of(facts, "<S<T> as ::a::Tr>::I") == [("type", "J"), ("type", "J<T>::K"), ("type", "T")]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("a :: b", "a::b"),
        ("< T as a :: Tr > :: f", "<T as a::Tr>::f"),
        ("<Vec<T>as ::a::Tr>::f", "<Vec<T> as ::a::Tr>::f"),
        ("<dyn  Tr\n + Send>::f", "<dyn Tr+Send>::f"),
        ("Vec :: < u8 > :: new", "Vec::<u8>::new"),
        ("<basic as class>::f", "<basic as class>::f"),
    ],
)
def test_a_path_has_one_spelling(written: str, normal: str) -> None:
    assert normal_path(written) == normal


def test_a_nested_function_keeps_its_own_references() -> None:
    facts = facts_of("fn outer() { a(); fn inner() { b(); } c(); }")
    assert references_of(facts, "outer") == [("call", "a"), ("call", "c")]
    assert references_of(facts, "outer::inner") == [("call", "b")]


def test_impl_headers_name_trait_and_type() -> None:
    facts = facts_of("impl<T: Q> fmt::Display for Boxed<T> where T: R { }")
    assert references_of(facts, "impl fmt::Display for Boxed<T>") == [
        ("bound", "Q"),
        ("trait_impl", "fmt::Display"),
        ("self_type", "Boxed"),
        ("bound", "R"),
    ]


def test_spans_are_relative_to_the_slice() -> None:
    text = "/// docs\nfn f() { go(); }"
    for prefix in ("", "\n\nfn before() {}\n"):
        facts = facts_of(prefix + text)
        (call,) = facts.references[node(facts, "f").id]
        assert text[call.start_byte : call.end_byte] == "go"


def test_use_trees_are_flattened() -> None:
    assert use_leaves("a::{self, b as c, d::{e, f::*}, g as _}") == [
        ("a", "a"),
        ("c", "a::b"),
        ("e", "a::d::e"),
        ("*", "a::d::f::*"),
        ("_", "a::g"),
    ]
    assert use_leaves("::std::r#mod::x") == [("x", "std::r#mod::x")]
    assert use_leaves("a::{b, c::{d") == [("b", "a::b"), ("d", "a::c::d")]


def test_a_constant_mentions_its_type_whether_or_not_its_value_is_a_literal() -> None:
    facts = facts_of(
        'pub(in a::b) const A: Int = 3;\nconst B: u8 = 3;\nconst C: Self = "";\nconst D: p::Int = 3;\n'
        "const E: Int = g();\nconst F: [Int; 2] = 3;\nextern { static S: Int; }"
    )
    assert references_of(facts, "A") == [("type", "Int")]
    assert references_of(facts, "B") == references_of(facts, "C") == []
    assert references_of(facts, "D") == [("type", "p::Int")]
    assert references_of(facts, "E") == [("type", "Int"), ("call", "g")]
    assert references_of(facts, "F") == [("type", "Int")]


def test_methods_that_are_named_as_types_or_keywords_are_called_inside_macros_too() -> None:
    text = "fn f(&self) { assert_eq!(self.char(), X::<f32>::default(), u8(1), self.bool.x, b.union()); }"
    assert references_of(facts_of(text), "f") == [
        ("macro", "assert_eq"),
        ("method", "self.char"),
        ("call", "X::<f32>::default"),
        ("method", "b.union"),
    ]
