from __future__ import annotations

import pytest

from hydrators.rust_analyzer.signatures import name_of, read_hover


def hover(*blocks: str, docs: str = "Says more.\n\n```rust\nlet not = code;\n```") -> str:
    return "".join(f"\n```rust\n{block}\n```\n" for block in blocks) + f"\n---\n\n{docs}"


def signature(*blocks: str) -> str:
    shown = read_hover(hover(*blocks))
    assert shown is not None
    return shown.signature


def test_the_head_of_the_impl_and_its_bounds_are_no_part_of_a_method() -> None:
    block = "impl<T, A> Vec<T, A>\npub const fn len(&self) -> usize\nwhere\n    // Bounds from impl:\n    A: Allocator,"
    shown = read_hover(hover("alloc::vec::Vec", block))
    assert shown == ("alloc::vec::Vec", "pub const fn len(&self) -> usize", True)


def test_bounds_of_its_own_stay() -> None:
    block = "pub trait Iterator\npub fn collect<B>(self) -> B\nwhere\n    B: FromIterator<Self::Item>,\n    Self: Sized,"
    assert (
        signature("core::iter", block)
        == "pub fn collect<B>(self) -> B where B: FromIterator<Self::Item>, Self: Sized"
    )


def test_an_impl_of_one_line_is_no_head() -> None:
    assert signature("toy", "impl Iterator for Words") == "impl Iterator for Words"
    assert signature("toy", "pub trait Shape {\n    fn area(&self) -> f64;\n}").startswith(
        "pub trait Shape {"
    )


def test_what_shows_no_code_is_nothing() -> None:
    assert read_hover("A sentence.") is None
    assert read_hover("") is None


def test_code_in_the_docs_is_not_the_signature() -> None:
    assert signature("extern crate std") == "extern crate std"


@pytest.mark.parametrize(
    ("container", "shown", "kind", "name"),
    [
        ("core::mem", "pub const fn replace<T>(dest: &mut T, src: T) -> T", "function", "replace"),
        ("core::str", "pub fn find<P>(&self, pat: P) -> Option<usize>", "method", "find"),
        ("core::cell", "pub fn borrow(self: &Self) -> Ref<'_, T>", "method", "borrow"),
        ("toy", 'pub(crate) unsafe extern "C" fn raw(at: *const u8)', "function", "raw"),
        ("toy", "pub async fn later()", "function", "later"),
        ("alloc::vec", "pub struct Vec<T> { buf: RawVec<T>, }", "struct", "Vec"),
        ("core::option", "pub enum Option<T> { None, Some(T), }", "enum", "Option"),
        ("core::option::Option", "Some(T)", "variant", "Some"),
        ("core::cmp::Ordering", "Less = -1", "variant", "Less"),
        ("core::marker", "pub unsafe auto trait Send", "trait", "Send"),
        ("core::mem", "pub union MaybeUninit<T> { uninit: (), }", "union", "MaybeUninit"),
        ("std::io", "pub type Result<T> = Result<T, Error>", "type_alias", "Result"),
        ("core::f64::consts", "pub const PI: f64 = 3.14159265358979323846264338327950288f64", "const", "PI"),
        ("toy", "pub static mut COUNT: usize = 0", "static", "COUNT"),
        ("core", "pub mod mem", "module", "mem"),
        ("", "extern crate std", "extern_crate", "std"),
        ("core::macros", "macro_rules! assert_eq", "macro", "assert_eq"),
        ("core::macros::builtin", "macro derive", "macro", "derive"),
        ("quill_derive", "proc_macro named", "macro", "named"),
        ("toy", "pub fn r#type() -> u8", "function", "type"),
        ("toy::Point", "pub x: f64", "", "x"),
        ("", "let mut word: &str", "", ""),
    ],
)
def test_a_signature_tells_kind_and_name(container: str, shown: str, kind: str, name: str) -> None:
    read = read_hover(hover(container, shown) if container else hover(shown))
    assert read is not None
    assert name_of(read) == (kind, name)


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ("fn fmt(&self)", "method"),
        ("type Output = Self", "associated_type"),
        ("const SIZE: usize = 4", "associated_const"),
    ],
)
def test_what_stands_below_an_impl_is_associated(shown: str, kind: str) -> None:
    read = read_hover(hover("toy::Point", f"impl Shape for Point\n{shown}"))
    assert read is not None
    assert name_of(read).kind == kind


def test_a_trait_with_bounds_on_lines_of_their_own_is_itself_what_is_shown() -> None:
    shown = read_hover(
        "```rust\ncore::convert\n```\n\n```rust\npub trait From<T>\nwhere\n    Self: Sized,\n```\n"
    )
    assert shown is not None and not shown.is_associated
    assert (shown.container, shown.signature) == ("core::convert", "pub trait From<T> where Self: Sized")
