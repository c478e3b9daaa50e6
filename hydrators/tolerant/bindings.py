"""Which plain names are variables of an item: bound by let, parameters, closures, loops and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tree_sitter import Node

_NAME = re.compile(rb"[a-z_\x80-\xff][\w\x80-\xff]*(?![\w\x80-\xff]|\s*(?:::|\())")
_CONDITIONS = ("if_expression", "while_expression", "match_arm")


class Bindings:
    """The patterns of one item, looked into only for the names that are asked for."""

    def __init__(self, source: bytes, patterns: Sequence[Node], wanted: Iterable[bytes]) -> None:
        self._patterns: dict[bytes, list[Node]] = {}
        self._scopes: dict[bytes, list[tuple[int, int]]] = {}
        names = set(wanted)
        if not names:
            return
        for pattern in patterns:
            text = source[pattern.start_byte : pattern.end_byte]
            if text in names:
                self._patterns.setdefault(text, []).append(pattern)
            elif len(text) > 1:
                for name in names.intersection(_NAME.findall(text)):
                    self._patterns.setdefault(name, []).append(pattern)

    def __contains__(self, name: bytes) -> bool:
        """Whether the name is bound anywhere in the item."""
        return name in self._patterns

    def reach(self, name: bytes, at: int) -> bool:
        """Whether a variable of that name is in scope at byte `at`."""
        if name not in self._patterns:
            return False
        scopes = self._scopes.get(name)
        if scopes is None:
            scopes = self._scopes[name] = [_scope(pattern) for pattern in self._patterns[name]]
        return any(start <= at < end for start, end in scopes)


def _scope(pattern: Node) -> tuple[int, int]:
    """Bytes in which the variables of a pattern can be named."""
    parent = pattern.parent
    if parent is None:
        return 0, 0
    kind = parent.type
    if kind == "let_declaration":
        block = parent.parent
        return parent.end_byte, block.end_byte if block is not None else parent.end_byte
    if kind == "for_expression":
        body = parent.child_by_field_name("body")
        return (body.start_byte, body.end_byte) if body is not None else (0, 0)
    if kind == "let_condition":
        outer: Node | None = parent
        while outer is not None and outer.type not in _CONDITIONS:
            outer = outer.parent
        return parent.end_byte, outer.end_byte if outer is not None else parent.end_byte
    if kind in ("parameter", "const_parameter"):
        list_of_them = parent.parent
        whole = list_of_them.parent if list_of_them is not None else None
        return (whole.start_byte, whole.end_byte) if whole is not None else (0, 0)
    return parent.start_byte, parent.end_byte
