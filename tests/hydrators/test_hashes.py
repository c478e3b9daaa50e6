"""Hashes: what changes them and what does not."""

import pytest

from tests.hydrators.rust_text import facts_of, node

BASE = 'fn f(a: u8, b: u8) -> u8 {\n    // plain\n    g(a, "x  y");\n    a + b\n}'


@pytest.mark.parametrize(
    "same",
    [
        'fn f(a: u8, b: u8) -> u8 { g(a, "x  y"); a + b }',
        'fn f(\n    a: u8,\n    b: u8,\n) -> u8 {\n    g(\n        a,\n        "x  y",\n    );\n    a+b\n}',
        'fn f(a: u8, b: u8) -> u8 {\n    /* other /* nested */ */ g(a, "x  y"); // more\n    a + b\n}',
    ],
)
def test_meaning_is_blind_to_white_space_and_plain_comments(same: str) -> None:
    one, other = node(facts_of(BASE), "f"), node(facts_of(same), "f")
    assert one.meaning_hash == other.meaning_hash
    assert one.signature_hash == other.signature_hash
    assert one.hash != other.hash


def test_meaning_knows_raw_strings_with_many_hashes() -> None:
    one, other = (facts_of(f'fn f() {{ g(r####"a "### b"####){space};{space}h() }}') for space in ("", "  "))
    assert node(one, "f").meaning_hash == node(other, "f").meaning_hash


@pytest.mark.parametrize(
    "different",
    [
        BASE.replace("a + b", "a - b"),
        BASE.replace("x  y", "x y"),
        BASE.replace("g(a", "g(b"),
        "/// doc\n" + BASE,
        BASE.replace("// plain", "//! doc"),
        BASE.replace("a + b", "ab"),
    ],
)
def test_meaning_sees_tokens_strings_and_docs(different: str) -> None:
    assert node(facts_of(BASE), "f").meaning_hash != node(facts_of(different), "f").meaning_hash


def test_a_body_edit_leaves_the_signature_hash() -> None:
    one, other = node(facts_of(BASE), "f"), node(facts_of(BASE.replace("a + b", "b")), "f")
    assert one.signature_hash == other.signature_hash
    assert one.meaning_hash != other.meaning_hash


@pytest.mark.parametrize("same", ["fn f( a:u8, b:u8 )->u8 {}", "fn f(a: u8, /* x */ b: u8,) -> u8 {}"])
def test_the_signature_hash_is_blind_to_spacing(same: str) -> None:
    assert node(facts_of(same), "f").signature_hash == node(facts_of(BASE), "f").signature_hash


def test_a_changed_method_changes_its_impl_and_not_its_neighbour() -> None:
    one = facts_of("impl A { fn x(&self) { 1 } fn y(&self) { 2 } }")
    other = facts_of("impl A { fn x(&self) { 3 } fn y(&self) { 2 } }")
    assert node(one, "impl A").hash != node(other, "impl A").hash
    assert node(one, "impl A").meaning_hash != node(other, "impl A").meaning_hash
    assert node(one, "A::y") == node(other, "A::y")
