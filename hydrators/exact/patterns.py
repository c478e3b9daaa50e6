"""The grammar of patterns in parameters: where one ends in a list of tokens. Same rules as `types`."""

from __future__ import annotations

from hydrators.exact.types import (
    MAX_NESTING,
    Tokens,
    Unparsable,
    attributes_end,
    group_end,
    is_literal,
    is_name,
    path_end,
    qualified_end,
)

_RANGES = ("..", "..=", "...")
_ENDS = (",", ")", "]", "}", ":", "|", "=", "")


def pattern_end(t: Tokens, i: int, deep: int = 0) -> int:
    """Behind the pattern at `i`, alternatives included. Raises Unparsable if there is none."""
    if deep > MAX_NESTING:
        raise Unparsable
    if t[i] == "|":
        i += 1
    while True:
        i = _single_end(t, i, deep)
        if t[i] != "|":
            return i
        i += 1


def _single_end(t: Tokens, i: int, deep: int) -> int:
    token = t[i]
    if token == "_" and t[i + 1] not in ("::", "!"):
        return i + 1
    if token == "&":
        i += 2 if t[i + 1] == "mut" else 1
        return _single_end(t, i, deep + 1) if deep < MAX_NESTING else _fail()
    if token == "(" or token == "[":
        return _list_end(t, i + 1, ")" if token == "(" else "]", deep + 1)
    if token in _RANGES:
        return i + 1 if t[i + 1] in _ENDS else _bound_end(t, i + 1)
    if token == "!":
        return i + 1
    if token == "const" and t[i + 1] == "{":
        return group_end(t, i + 1)
    if token == "box" and t[i + 1] not in _ENDS and t[i + 1] not in ("@", "(", "{", "::"):
        return _single_end(t, i + 1, deep + 1) if deep < MAX_NESTING else _fail()
    start = i
    while t[i] == "mut" or t[i] == "ref":
        i += 1
    if t[i] == "self":
        return i + 1
    if i > start or (is_name(t[i]) and t[i + 1] == "@"):
        if i - start > 3 or not is_name(t[i]):
            raise Unparsable
        return pattern_end(t, i + 2, deep + 1) if t[i + 1] == "@" else i + 1
    i = _bound_end(t, i)
    if t[i] == "(":
        return _list_end(t, i + 1, ")", deep + 1)
    if t[i] == "{":
        return _fields_end(t, i + 1, deep + 1)
    if t[i] == "!" and t[i + 1] in ("(", "[", "{"):
        return group_end(t, i + 1)
    if t[i] in _RANGES:
        return i + 1 if t[i + 1] in _ENDS else _bound_end(t, i + 1)
    return i


def _fail() -> int:
    raise Unparsable


def _bound_end(t: Tokens, i: int) -> int:
    """A literal or a path."""
    if t[i] == "-" and is_literal(t[i + 1]):
        return i + 2
    if is_literal(t[i]):
        return i + 1
    return qualified_end(t, i, 0) if t[i] == "<" else path_end(t, i, 0, is_pattern=True)


def _list_end(t: Tokens, i: int, close: str, deep: int) -> int:
    while t[i] != close:
        i = pattern_end(t, attributes_end(t, i), deep)
        if t[i] == ",":
            i += 1
        elif t[i] != close:
            raise Unparsable
    return i + 1


def _fields_end(t: Tokens, i: int, deep: int) -> int:
    while t[i] != "}":
        i = attributes_end(t, i)
        if t[i] == "..":
            i += 1
        elif t[i + 1] == ":" and (is_name(t[i]) or t[i].isdigit()):
            i = pattern_end(t, i + 2, deep)
        else:
            while t[i] in ("ref", "mut", "box"):
                i += 1
            if not is_name(t[i]):
                raise Unparsable
            i += 1
        if t[i] == ",":
            i += 1
        elif t[i] != "}":
            raise Unparsable
    return i + 1
