"""The canonical text: one spacing, equal for what formatting may change, different for all else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.exact import canonical
from hydrators.exact.lexer import lex

# Each is its own canonical text.
HEADERS = (
    "fn f()",
    "pub fn f<'a, T: Clone>(x: &'a T, n: [u8; 4]) -> Result<T, E> where T: 'a",
    "pub(crate) const unsafe extern \"C\" fn f(x: *const u8, y: *mut [T], ...) -> !",
    "pub(in a::b) async fn f(&'a mut self, mut x: u8, (a, b): (A, B), [c, ..]: [u8; 3])",
    "fn f(self: Pin<&mut Self>) -> impl Iterator<Item = &'a u8> + use<'a, T> + ?Sized",
    "fn f(x: &&str, y: &&mut T, g: &dyn for<'a> Fn(&'a u8, B) -> C) -> Box<dyn Any + 'static>",
    "fn f<T>(x: (T,), y: ((A, B),), z: Vec<(T,)>) -> ()",
    "fn f<const N: usize = { M + 1 }, const B: bool = true>(x: Foo<-1, { N >= 2 && N < 8 }, 'c'>)",
    "fn f(x: [u8; 1 << 3], y: [u8; A - B * 2], z: [u8; { 4 }])",
    "fn f(x: <T as Tr<U>>::X, y: <[T]>::Y, z: ::std::vec::Vec<u8>)",
    "fn f(x: m!(a b), y: !, z: fn(u8) -> u8, w: unsafe extern \"C\" fn(x: u8, ...))",
    "fn f(#[a(b = 1)] x: u8, #[c] &self)",
    "fn r#type(r#fn: r#Box<u8>)",
    "fn f<F>(f: F) where F: for<'a> FnMut(&'a u8) -> u8 + Send, for<'b> &'b T: Add<&'b T, Output = T>",
    "impl<T> (T,)",
    "impl<'a, T: ?Sized + 'a> Tr<(T,)> for &'a mut [T; 3] where T: Fn(u8) -> u8",
    "unsafe impl<#[may_dangle] T> Drop for X<T>",
    "impl !Send for X",
    "impl<T> const Tr for [T]",
    "impl<T: [const] Tr + ~const Eq> Tr for *const T",
    "impl<const N: usize> A<{ N }> for B<-1>",
    "trait A<T = Vec<u8>>: B + for<'a> C<'a> where Self: Sized",
    "pub unsafe auto trait A",
    "trait A = B + Send",
    "struct S",
    "struct S<T>(pub T, (u8,)) where T: A",
    "pub struct S<T> where T: A { pub(crate) a: u8, #[serde(rename = \"x,\\\" y\")] b: Vec<Vec<u8>> }",
    "union U { a: u8, b: ManuallyDrop<T> }",
    "type A<T>: B + 'a where Self: 'a",
    "type A<T = Vec<u8>> = <T as B>::C",
    "const X: [&'static str; 2]",
    "static mut X: Option<fn()>",
    "use a::{b, c::{d as e, f}, *}",
    "use {a, b::c}",
    "pub use ::a::b as _",
    "extern crate alloc as a",
    "extern \"C-unwind\"",
    "macro_rules! m",
    "A = 1 << 3 | 4",
    "A = -1",
    "B(u8, #[x] &'a T)",
    "C { a: r#\"raw \" text\"#, b: b'x' } = 'c' as u8 + 1",
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_what_is_in_the_one_spacing_stays(header: str) -> None:
    assert canonical(header.encode()) == header


def _pieces(header: str) -> list[str]:
    return lex(header)


_SPACES = (
    " ",
    "\n",
    "\t",
    "\r\n",
    "  \n  ",
    " // note )\n",
    '/* a /* b */ " */',
    "/** doc */",
    "\n/// doc, {\n",
)


@settings(max_examples=300)
@given(st.sampled_from(HEADERS), st.data())
def test_white_space_and_comments_change_nothing(header: str, data: st.DataObject) -> None:
    tokens = _pieces(header)
    gaps = data.draw(st.lists(st.sampled_from(_SPACES), min_size=len(tokens), max_size=len(tokens)))
    text = "".join(token + gap for token, gap in zip(tokens, gaps, strict=True))
    assert canonical(text.encode()) == header


@settings(max_examples=300)
@given(st.sampled_from([h for h in HEADERS if ">" in h or ")" in h or "}" in h]), st.data())
def test_a_trailing_comma_changes_nothing(header: str, data: st.DataObject) -> None:
    tokens = _pieces(header)
    lists = _lists_with_two_members(tokens)
    if not lists:
        return
    at = data.draw(st.sampled_from(lists))
    text = " ".join([*tokens[:at], ",\n", *tokens[at:]])
    assert canonical(text.encode()) == header


def _lists_with_two_members(tokens: list[str]) -> list[int]:
    """Where brackets close that hold a comma of their own, so that one more is no tuple of one."""
    closes: list[int] = []
    stack: list[tuple[str, bool]] = []
    for at, token in enumerate(tokens):
        if token in ("(", "[", "{", "<"):
            stack.append((token, False))
        elif token in (")", "]", "}", ">"):
            _, has_comma = stack.pop() if stack else ("", False)
            if has_comma and tokens[at - 1] != ",":
                closes.append(at)
        elif token == "," and stack:
            stack[-1] = (stack[-1][0], True)
    return closes


@settings(max_examples=400)
@given(st.sampled_from(HEADERS), st.data())
def test_another_word_makes_another_text(header: str, data: st.DataObject) -> None:
    tokens = _pieces(header)
    words = [at for at, token in enumerate(tokens) if token.isidentifier()]
    at = data.draw(st.sampled_from(words))
    how = data.draw(st.sampled_from(["rename", "raw", "double", "reference"]))
    new = {
        "rename": f"{tokens[at]}x",
        "raw": f"r#{tokens[at]}",
        "double": f"{tokens[at]} q",
        "reference": f"& {tokens[at]}",
    }
    assert canonical(" ".join([*tokens[:at], new[how], *tokens[at + 1 :]]).encode()) != header


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fn f(x: (T,))", "fn f(x: (T))"),
        ("impl<T> A for (Foo<A, B>,)", "impl<T> A for (Foo<A, B>)"),
        ("fn f(x: &T)", "fn f(x: T)"),
        ("fn f(x: 'a')", "fn f(x: 'a)"),
        ('fn f(x: A<"a b">)', 'fn f(x: A<"a  b">)'),
        ('fn f(x: A<"/* a */">)', 'fn f(x: A<"">)'),
        ('fn f(x: A<r"\\">)', 'fn f(x: A<r"">)'),
        ("fn f(x: A<{ a & &b }>)", "fn f(x: A<{ a && b }>)"),
        ("fn f(x: A<1>)", "fn f(x: A<-1>)"),
        ("A = 1 << 3", "A = 1 < 3"),
        ("use a::b", "use a::{b}"),
        ('extern "C"', 'extern "system"'),
    ],
)
def test_what_means_another_thing_reads_differently(one: str, other: str) -> None:
    assert canonical(one.encode()) != canonical(other.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fn f<A: B<C<D>>>(x:&&'a T,)->Vec<Vec<u8> >", "fn f<A: B<C<D>>>(x: &&'a T) -> Vec<Vec<u8>>"),
        ("type A<T=Vec<u8>>=u8;", "type A<T = Vec<u8>> = u8"),
        ("type A<T:B<C>=u8>=u8", "type A<T: B<C> = u8> = u8"),
        ("fn f(x:fn(u8,)->u8,)->fn(A,B,)", "fn f(x: fn(u8) -> u8) -> fn(A, B)"),
        ("impl<T,> A<(T,),> for B where T:C,", "impl<T> A<(T,)> for B where T: C"),
        ("struct A<T>\nwhere\n    T: B,\n{\n    a: T,\n}", "struct A<T> where T: B { a: T }"),
        ("struct A { /// doc\n a: u8, // x\n}", "struct A { a: u8 }"),
        ("type A<T> where T: B, = C;", "type A<T> where T: B = C"),
        ('fn f(x: A<r####"a"###b"####>)', 'fn f(x: A<r####"a"###b"####>)'),
        ("fn f(/* a /* b /* c /* d */ */ */ */)", "fn f()"),
        ("", ""),
        ("  \n ", ""),
    ],
)
def test_one_spacing_for(text: str, expected: str) -> None:
    assert canonical(text.encode()) == expected


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text("(){}[]<>,;:=&|!'\"#r/*\\-. ax1\n", max_size=80).map(str.encode))
def test_any_bytes_have_a_text_that_stays(data: bytes) -> None:
    assert isinstance(canonical(data), str)
