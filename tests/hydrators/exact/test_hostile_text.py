"""Text made to hurt: deep nesting, and what a careless lexer reads again and again."""

from __future__ import annotations

import time

import pytest

from hydrators.exact import canonical, describe, parse_signature, verdict

DEPTH = 50_000
# Linear work takes a fraction of a second even on a loaded machine; quadratic work takes minutes.
LIMIT_S = 10.0

HOSTILE = {
    "parentheses": "fn f(x: " + "(" * DEPTH + ")" * DEPTH + ") {}",
    "open parentheses": "fn f(x: " + "(" * DEPTH,
    "slices": "type A = " + "[" * DEPTH + "u8" + "]" * DEPTH + ";",
    "angle brackets": "fn f() -> " + "A<" * DEPTH + "u8" + ">" * DEPTH,
    "open angle brackets": "fn f() -> " + "A<" * DEPTH,
    "qualified paths": "impl " + "<" * DEPTH + "T" + " as B>::C" * DEPTH,
    "references": "fn f(x: " + "&" * DEPTH + "T)",
    "pointers": "fn f(x: " + "*const " * DEPTH + "T)",
    "results": "fn f() " + "-> fn() " * DEPTH,
    "bounds": "fn f<T: " + "(" * DEPTH + "A" + ")" * DEPTH + ">()",
    "binders": "fn f<T: " + "for<'a: " * DEPTH + ">()",
    "higher-ranked": "fn f(x: " + "for<'a> " * DEPTH + "A)",
    "unsafe binders": "fn f(x: " + "unsafe<'a> " * DEPTH + "A)",
    "impls": "fn f(x: " + "impl A<X = " * DEPTH,
    "constants": "fn f<const N: " + "[u8; {" * DEPTH,
    "patterns": "fn f(" + "&(" * DEPTH + "x" + ")" * DEPTH + ": u8)",
    "pattern fields": "fn f(" + "A { a: " * DEPTH,
    "pattern references": "fn f(" + "&" * DEPTH + "x: u8)",
    "at patterns": "fn f(" + "x @ " * DEPTH + "x: u8)",
    "use trees": "use " + "a::{" * DEPTH + "}" * DEPTH + ";",
    "braces": "fn f() " + "{" * DEPTH + "}" * DEPTH,
    "attributes": "#[" * DEPTH,
    "comments": "/*" * DEPTH,
    "closed comments": "/*" * DEPTH + "*/" * DEPTH + " fn f() {}",
    "stars": "/" + "*" * DEPTH,
    "raw strings": 'fn f() { r#"' + 'r#"' * DEPTH,
    "long raw strings": 'fn f() { r#####"' * DEPTH,
    "escapes": 'fn f() { "' + '\\"' * DEPTH,
    "quotes": "'" * DEPTH,
    "hashes": "r" + "#" * DEPTH,
    "white space": "fn f()" + " " * DEPTH + "\n" * DEPTH,
    "digits": "1" * DEPTH + "e",
    "commas": "fn f(" + "(A,)," * DEPTH + ")",
    "trailing commas": "(" * DEPTH + "A" + ",)" * DEPTH,
    "lists": "fn f() -> " + "A<u8," * DEPTH + ">" * DEPTH,
    "where": "fn f() where " + "T: A, " * DEPTH + "{}",
    "generic commas": "impl<T>(" * DEPTH,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    data = text.encode()
    start = time.thread_time()
    assert isinstance(canonical(data), str)
    parse_signature(text)
    describe(data)
    verdict(data)
    assert time.thread_time() - start < LIMIT_S
