"""Type expressions read from text; unification and substitution."""

from __future__ import annotations

import pytest

from hydrators.resolve.types import (
    UNKNOWN,
    Env,
    Syntax,
    Ty,
    has_parameter,
    is_open,
    read_bounds,
    read_type,
    substitute,
    unify,
)


def spelt(syntax: Syntax) -> str:
    """A type in one spelling that shows its structure."""
    parts = [spelt(part) for part in syntax.parts]
    if syntax.kind == "path":
        names = syntax.name.split("::")
        generic = ["" if not g else f"<{', '.join(map(spelt, g))}>" for g in syntax.generic]
        return "::".join(n + g for n, g in zip(names, generic, strict=True))
    name = f" {syntax.name}" if syntax.name else ""
    return f"({' '.join([syntax.kind + name, *parts])})"


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("T", "T"),
        ("a::b::T", "a::b::T"),
        ("::a::T", "::a::T"),
        ("crate::T", "crate::T"),
        ("Vec<T>", "Vec<T>"),
        ("Vec::<T>", "Vec<T>"),
        ("HashMap<K, Vec<V>>", "HashMap<K, Vec<V>>"),
        ("a::S<T>::Out", "a::S<T>::Out"),
        ("S<'a, T>", "S<T>"),
        ("S<T, 3>", "S<T, (infer)>"),
        ("S<{ N + 1 }, T>", "S<(infer), T>"),
        ("S<-1, T>", "S<(infer), T>"),
        ("S<'a>", "S"),
        ("r#type", "type"),
        ("größe::Maß", "größe::Maß"),
        ("&T", "(ref T)"),
        ("&'a mut T", "(ref T)"),
        ("&&T", "(ref (ref T))"),
        ("*const T", "(ptr T)"),
        ("*mut *const T", "(ptr (ptr T))"),
        ("()", "(tuple)"),
        ("(T,)", "(tuple T)"),
        ("(A, B)", "(tuple A B)"),
        ("(T)", "T"),
        ("[T]", "(slice T)"),
        ("[T; 3]", "(array T)"),
        ("[T; N * { 2 }]", "(array T)"),
        ("&[&str]", "(ref (slice (ref str)))"),
        ("!", "(never)"),
        ("_", "(infer)"),
        ("fn()", "(fn (tuple))"),
        ("fn(A, B) -> C", "(fn C A B)"),
        ("fn(a: A, mut_b: B) -> C", "(fn C A B)"),
        ('unsafe extern "C" fn(A) -> B', "(fn B A)"),
        ("for<'a> fn(&'a A) -> &'a B", "(fn (ref B) (ref A))"),
        ("dyn A", "(dyn A)"),
        ("dyn A + Send + 'static", "(dyn A Send)"),
        ("dyn for<'a> A<'a>", "(dyn A)"),
        ("&'a (dyn A + 'a)", "(ref (dyn A))"),
        ("impl A + ?Sized + use<'a>", "(impl A)"),
        ("impl Fn(A) -> B", "(impl Fn<(fn B A)>)"),
        ("Box<dyn FnMut(A, B)>", "Box<(dyn FnMut<(fn (tuple) A B)>)>"),
        ("impl Iterator<Item = T>", "(impl Iterator<(binding Item T)>)"),
        ("impl Iterator<Item: Show>", "(impl Iterator<(binding Item (impl Show))>)"),
        ("<T as a::Trait>::Out", "(qpath Out T a::Trait)"),
        ("<T as Trait<U>>::Out", "(qpath Out T Trait<U>)"),
        ("<T>::Out::In", "(qpath Out::In T)"),
        ("Self::Out", "Self::Out"),
        ("m!(x)", "(infer)"),
        ("", "(infer)"),
    ],
)
def test_every_form_of_a_type_is_read(text: str, wanted: str) -> None:
    assert spelt(read_type(text)) == wanted


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("A", ["A"]),
        ("A + B<C> + 'a + ?Sized", ["A", "B<C>"]),
        ("'a", []),
        ("?Sized", []),
        ("for<'a> Fn(&'a A) -> B", ["Fn<(fn B (ref A))>"]),
        ("~const A", ["A"]),
        ("const A", ["A"]),
        ("[const] A", ["A"]),
        ("(A) + B", ["A", "B"]),
        ("a::B<Out = C>", ["a::B<(binding Out C)>"]),
    ],
)
def test_bounds_are_read(text: str, wanted: list[str]) -> None:
    assert [spelt(bound) for bound in read_bounds(text)] == wanted


@pytest.mark.parametrize(
    "text",
    ["<", "Vec<", "(", "[T", "&", "fn(", "dyn", "<T as", "a::", "S<T", "impl", ")", "'", '"', "S<'a", "for<"],
)
def test_broken_text_is_no_exception(text: str) -> None:
    read_type(text)
    read_bounds(text)


@pytest.mark.parametrize(
    "opening, closing", [("Vec<", ">"), ("(", ",)"), ("&", ""), ("[", "]"), ("fn(", ")")]
)
def test_nesting_without_end_is_unknown(opening: str, closing: str) -> None:
    depth = 5_000
    assert read_type(opening * depth + "T" + closing * depth).kind in ("infer", "ref")


def ty(text: str) -> Ty:
    """`a::S<?T, u8>` as a type; heads as they are spelt."""
    syntax = read_type(text.replace("?", "q_"))

    def lower(one: Syntax) -> Ty:
        if one.kind == "infer":
            return UNKNOWN
        if one.kind == "tuple":
            return Ty("()", tuple(map(lower, one.parts)))
        generic = one.generic[-1] if one.generic else ()
        return Ty(one.name.replace("q_", "?"), tuple(map(lower, generic)))

    return lower(syntax)


@pytest.mark.parametrize(
    "pattern, other, wanted",
    [
        ("S", "S", {}),
        ("S", "T", None),
        ("a::S", "b::S", None),
        ("S<?T>", "S<u8>", {"?T": "u8"}),
        ("S<?T, ?U>", "S<u8, T<u8>>", {"?T": "u8", "?U": "T<u8>"}),
        ("S<?T, ?T>", "S<u8, u8>", {"?T": "u8"}),
        ("S<?T, ?T>", "S<u8, u16>", None),
        ("S<u8>", "S<u16>", None),
        ("S<u8>", "S<_>", {}),
        ("S<?T>", "_", {}),
        ("S<?T, ?T>", "S<_, u8>", {"?T": "u8"}),
        ("(?A, ?B)", "(u8, S)", {"?A": "u8", "?B": "S"}),
        ("(?A, ?B)", "(u8, S, S)", None),
        ("?T", "S<u8>", {"?T": "S<u8>"}),
    ],
)
def test_unification(pattern: str, other: str, wanted: dict[str, str] | None) -> None:
    env: Env = {}
    fits = unify(ty(pattern), ty(other), env)
    assert fits == (wanted is not None)
    if wanted is not None:
        assert env == {name: ty(text) for name, text in wanted.items()}


def test_what_is_not_bound_becomes_unknown() -> None:
    env = {"?T": ty("S<u8>")}
    assert substitute(ty("Vec<?T>"), env) == ty("Vec<S<u8>>")
    assert substitute(ty("M<?T, ?U>"), env) == ty("M<S<u8>, _>")
    assert substitute(ty("?T"), env) == ty("S<u8>")
    assert substitute(ty("Vec<u8>"), env) == ty("Vec<u8>")


def test_open_types_and_parameters_are_told() -> None:
    assert [is_open(ty(text)) for text in ("S", "S<_>", "S<V<?T>>", "_")] == [False, True, True, True]
    assert [has_parameter(ty(text)) for text in ("S", "S<_>", "S<V<?T>>", "?T")] == [False, False, True, True]
