"""Whole slices: documentation, attributes, derives, members, and whether they are accepted at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.exact import Description, describe, verdict

STRUCT = b"""
/// The first line.
//// not this one
///   Indented by two more.
///
#[doc = "By \\"attribute\\".\\nTwo lines."]
#[derive(Debug, Clone,)]
/** A block
 *  with stars
 */
#[cfg(all(unix, feature = "x"))] // plain
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[deprecated(since = "1.0", note = "use B")] #[must_use = "why"] #[non_exhaustive] #[repr(C, u8)]
#[serde(default)] #[unsafe(no_mangle)] #[inline] #[doc(hidden)]
pub struct A<T: Clone>(pub T) where T: Copy;
"""


def described(data: bytes) -> Description:
    description = describe(data)
    assert description is not None
    return description


def test_documentation_is_joined_from_comments_and_attributes() -> None:
    assert described(STRUCT).docs.split("\n") == [
        "The first line.",
        "  Indented by two more.",
        "",
        'By "attribute".',
        "Two lines.",
        "A block",
        " with stars",
    ]


def test_attributes_are_told_apart() -> None:
    description = described(STRUCT)
    assert description.canonical == "pub struct A<T: Clone>(pub T) where T: Copy"
    assert description.derives == ("Debug", "Clone", "serde::Serialize")
    assert description.cfg == ('all(unix, feature = "x")',)
    assert description.attributes[2].startswith('cfg_attr(feature = "serde", derive(serde::Serialize)')
    facets = description.facets
    for facet in (
        ("visibility", "pub"),
        ("generic", "T"),
        ("bound", "T: Clone"),
        ("where", "T: Copy"),
        ("derive", "Clone"),
        ("cfg", 'all(unix, feature = "x")'),
        ("deprecated", 'since = "1.0", note = "use B"'),
        ("must_use", '"why"'),
        ("non_exhaustive", ""),
        ("repr", "C, u8"),
        ("serde", "default"),
        ("attribute", "no_mangle"),
        ("attribute", "doc(hidden)"),
        ("inline", ""),
    ):
        assert facet in facets


def test_a_function_tells_its_qualifiers() -> None:
    description = described(b'pub const unsafe extern "C" fn f(&self, ...) -> u8 { 1 }')
    assert set(description.facets) >= {
        ("const", ""),
        ("unsafe", ""),
        ("abi", "C"),
        ("receiver", "&self"),
        ("return", "u8"),
        ("variadic", ""),
    }


def test_inner_docs_and_attributes_belong_to_a_module() -> None:
    description = described(
        b"/// outer\nmod a {\n    //! inner\n    #![allow(x)]\n    /*! more */\n    fn f() {}\n}"
    )
    assert description.docs == "outer\ninner\nmore"
    assert description.attributes == ("allow(x)",)
    assert [tuple(member) for member in description.members] == [("function", "f", "fn f()")]


def test_members_of_a_container_are_listed() -> None:
    description = described(b"""impl<T> A<{ N }> for B {
        const X: fn(u8, u8) = |a, b| { a >= b; };
        type Y<'a> = &'a T where T: 'a;
        m! { x }
        m!(y);
        /// doc
        #[inline] pub(crate) fn f(&self, x: A<{ 1 }>) -> [u8; { 2 }] { if a < b && c >> 3 > 4 { '{' } else { "}" } }
        async fn g() {}
    }""")
    assert [tuple(member) for member in description.members] == [
        ("const", "X", "const X: fn(u8, u8)"),
        ("type_alias", "Y", "type Y<'a> = &'a T where T: 'a"),
        ("method", "f", "pub(crate) fn f(&self, x: A<{ 1 }>) -> [u8; { 2 }]"),
        ("function", "g", "async fn g()"),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"pub const A: u8 = 1 + 2;", "pub const A: u8"),
        (b"enum A<T> { B(T) }", "enum A<T>"),
        (b"B { x: u8 } = 3,", "B { x: u8 } = 3"),
        (b"macro_rules! a { () => {} }", "macro_rules! a"),
        (b"union A { a: u8 }", "union A { a: u8 }"),
        (b"#!/usr/bin/env run-cargo-script\nfn main() {}", "fn main()"),
        ("fn größe(ñ: Ü) {}".encode(), "fn größe(ñ: Ü)"),
        (b"fn f(\r\n    x: u8,\r\n) {}", "fn f(x: u8)"),
    ],
)
def test_the_canonical_text_leaves_out_bodies_and_values(data: bytes, text: str) -> None:
    assert described(data).canonical == text


@pytest.mark.parametrize(
    "data", [b"foo! { a }", b"/// x\nfoo!(a);", b"a::b![];", b'fn f() { g("}", \'{\', r#"("#) /* ) */ }']
)
def test_an_item_that_closes_is_accepted(data: bytes) -> None:
    assert verdict(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"fn f() { ( }",
        b"fn f() }",
        b'fn f() { "x }',
        b"fn f(] {}",
        b"foo! { ( }",
        b"x + 1",
        b"fn f() {} }",
    ],
)
def test_an_item_that_does_not_close_is_refused(data: bytes) -> None:
    assert not verdict(data)
    assert describe(data) is None


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text("(){}[]<>,;:=&|!'\"#r/*\\-. ax1\nfn", max_size=80).map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    describe(data)
    verdict(data)
