"""References: what an item's own text mentions, by kind and path."""

from hydrators.tolerant.imports import use_leaves
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
