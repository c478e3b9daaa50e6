"""Just enough of Rust's tokens to read the text around a name, independently of the parser under test."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    rb"""
      (?P<space>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
    | (?P<string>b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\\n]|\\.[^'\n]*)'|b?r(?P<hash>\#*)".*?"(?P=hash))
    | (?P<lifetime>'[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)
    | (?P<name>(?:r\#)?[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)
    | (?P<other>->|=>|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = frozenset({b"<", b"(", b"["}), frozenset({b">", b")", b"]"})
_NAME = re.compile(rb"(?:r#)?[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*\Z")
_KEYWORDS = frozenset(b"self Self super crate await as move yield return match for in if while loop".split())


class ImplHeader(NamedTuple):
    """Spans of names of `impl Trait for Type` outside all brackets, in order, last of each path last."""

    trait: tuple[tuple[int, int], ...]  # empty for an inherent impl
    self_type: tuple[tuple[int, int], ...]  # empty for a reference to a slice, a tuple …
    negative: bool


def is_name(token: bytes) -> bool:
    """Whether a token is an identifier that can name an item (no operator, no keyword)."""
    return _NAME.match(token) is not None and token not in _KEYWORDS


def form_of(text: bytes, start: int, end: int) -> str:
    """How a name is mentioned, by the characters around it: method, macro, call, path or value."""
    before = text[max(0, start - 200) : start].rstrip()
    after = text[end : end + 200].lstrip()
    if before.endswith(b".") and not before.endswith(b".."):
        return "method"
    if after.startswith(b"!") and not after.startswith(b"!="):
        return "macro"
    if after.startswith((b"(", b"::<")):
        return "call"
    return "path" if before.endswith(b"::") else "value"


def impl_header(text: bytes, start: int, end: int) -> ImplHeader | None:
    """The header of the impl block in text[start:end] (docs and attributes may stand before it)."""
    before: list[tuple[int, int]] = []
    after: list[tuple[int, int]] = []
    names, depth, inside, is_for, negative = before, 0, False, False, False
    for token in _TOKEN.finditer(text, start, end):
        word = token[0]
        if token["space"] is not None:
            continue
        if word in _OPENING:
            if is_for and not after and word == b"<":  # `for<'a> Fn(…)`: no `impl … for`
                names, is_for = before, False
            depth += 1
        elif word in _CLOSING:
            depth -= 1
        elif depth == 0 and word in (b"{", b";", b"where"):
            break
        elif depth == 0 and word == b"impl":
            inside = True
        elif depth == 0 and inside and word == b"for":
            names, is_for = after, True
        elif depth == 0 and inside and word == b"!" and names is before:
            negative = True
        elif depth == 0 and inside and token["name"] is not None and is_name(word):
            names.append((token.start(), token.end()))
    if not inside:
        return None
    return (
        ImplHeader(tuple(before), tuple(after), negative) if is_for else ImplHeader((), tuple(before), False)
    )


def words(text: bytes) -> list[bytes]:
    """The tokens of a text, one character of punctuation at a time, without trailing commas and space."""
    found: list[bytes] = []
    for token in _TOKEN.finditer(text):
        if token["space"] is not None:
            continue
        # `(T,)` is a tuple and `(T)` is not, but no signature may mean the other: both have one spelling here.
        if found and found[-1] == b"," and token[0] in (b")", b"]", b"}", b">", b"{", b";", b"="):
            found.pop()
        found.append(token[0])
    if found and found[-1] == b",":
        found.pop()
    return found
