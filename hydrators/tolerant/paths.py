"""Paths in Rust text: where the one that ends in a name begins, and its one spelling."""

from __future__ import annotations

import re

LOOK_BACK_BYTES = 200
WORD = bytes(b for b in range(256) if b >= 128 or chr(b).isalnum() or b == 95)

_SPACE = re.compile(r"(?<!\w) | (?!\w)")
_AS = re.compile(r"(?<=[\w>)\]])\s*\bas\b\s*(?=[\w:<&(\[*!'])")


def normal_path(text: str) -> str:
    """`text` with white space only where words would run together: `a :: b` is `a::b`, and
    `< T as a::Trait > :: f` is `<T as a::Trait>::f`."""
    if "<" not in text:
        return "".join(text.split())
    if not (" " in text or "\n" in text):
        return text
    return _AS.sub(" as ", _SPACE.sub("", " ".join(text.split())))


def path_start(source: bytes, start: int) -> int:
    """Where the path that ends in the name at `start` begins: looks back over `segment ::`,
    `segment ::<…> ::` and a leading `<T as Trait> ::`."""
    floor = max(0, start - LOOK_BACK_BYTES)
    before = source[floor:start]
    while True:
        rest = before.rstrip()
        if not rest.endswith(b"::"):
            return start
        rest = rest[:-2].rstrip()
        if rest.endswith(b">"):
            opening = _opening_angle(rest)
            if opening < 0:
                return start
            head = rest[:opening].rstrip()
            if head.endswith(b"::"):
                rest = head[:-2].rstrip()
            else:
                word = head[len(head.rstrip(WORD)) :]
                if word in _TAKE_PARAMETERS:
                    return start  # `impl<T> ::a::b`
                if not word or word in _BEFORE_TYPES:
                    return floor + opening  # `<T as Trait>::…`
                rest = head
        segment = rest.rstrip(WORD)
        if len(segment) == len(rest) or rest[len(segment) :] in _NO_SEGMENTS:
            return start
        before = segment
        start = floor + len(segment)
        if before.endswith(b"$"):  # `$crate`, or a variable of a macro
            before, start = before[:-1], start - 1


_TAKE_PARAMETERS = frozenset((b"impl", b"for"))
_BEFORE_TYPES = frozenset(
    b"as break const dyn else if in let match move mut ref return where while yield".split()
)
_NO_SEGMENTS = _TAKE_PARAMETERS | _BEFORE_TYPES


def _opening_angle(text: bytes) -> int:
    """Where the `<` stands that the `>` at the end of `text` closes; -1 if not in it."""
    depth = 0
    at = len(text) - 1
    if text[at - 1 : at] in (b"-", b"="):
        return -1
    while at >= 0:
        byte = text[at]
        if byte == 0x3E:
            if at == 0 or text[at - 1] not in b"-=":
                depth += 1
        elif byte == 0x3C:
            depth -= 1
            if depth == 0:
                return at
        elif byte in b";{}":
            return -1
        at -= 1
    return -1


def closing_angle(source: bytes, at: int) -> int:
    """Behind the `>` that closes the `<` at or behind `at`; -1 if it is not near."""
    depth = 0
    for behind in range(at, min(len(source), at + LOOK_BACK_BYTES)):
        byte = source[behind]
        if byte == 0x3C:
            depth += 1
        elif byte == 0x3E and source[behind - 1] not in b"-=":
            depth -= 1
            if depth == 0:
                return behind + 1
        elif byte in b";{}":
            return -1
    return -1
