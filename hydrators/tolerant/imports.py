"""Use trees as flat lists of leaves. Works on text, so that half-written trees give what they can."""

from __future__ import annotations

import re

_LEX = re.compile(r"//[^\n]*|/\*.*?\*/|(r#\w+|\w+|::|[{},*])", re.DOTALL)


def use_leaves(text: str) -> list[tuple[str, str]]:
    """`a::{b as c, d::*}` → [("c", "a::b"), ("*", "a::d::*")]: (name in scope, full path).

    `self` leaves name the module itself; `as _` gives the name "_". Tolerates unclosed braces.
    """
    leaves: list[tuple[str, str]] = []
    prefixes: list[list[str]] = []
    path: list[str] = []
    alias: str | None = None
    after_as = False

    def leaf() -> None:
        nonlocal path, alias, after_as
        base = prefixes[-1] if prefixes else []
        if len(path) > len(base):
            full = path[:-1] if path[-1] == "self" and len(path) > 1 else path
            leaves.append((alias or full[-1], "::".join(full)))
        path, alias, after_as = list(base), None, False

    for token in _LEX.findall(text):
        if not token or token == "::":
            continue
        if token == "{":
            prefixes.append(list(path))
        elif token == "}":
            leaf()
            if prefixes:
                prefixes.pop()
            path = list(prefixes[-1]) if prefixes else []
        elif token == ",":
            leaf()
        elif token == "as":
            after_as = True
        elif after_as:
            alias, after_as = token, False
        else:
            path.append(token)
    leaf()
    return leaves
