"""Which plain names are variables of an item: bound by let, parameters, closures, loops and patterns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from tree_sitter import Node

from hydrators.tolerant import grammar

_NAME = re.compile(rb"[a-z_\x80-\xff][\w\x80-\xff]*(?![\w\x80-\xff]|\s*(?:::|\())")
_CONDITIONS = ("if_expression", "while_expression", "match_arm")

_Span = tuple[int, int]
_Reach = tuple[list[int], list[int]]
"""Where scopes begin, in order; and up to where all those reach that begin there or before."""


class Bindings:
    """The patterns of one item, looked into only for the names that are asked for."""

    def __init__(
        self, source: bytes, patterns: Sequence[Node], wanted: Iterable[bytes], deep: Node | None
    ) -> None:
        """`deep`: the item, if its tree is so deep that no node may be asked for its parent."""
        self._patterns: dict[bytes, list[Node]] = {}
        self._reaches: dict[bytes, _Reach] = {}
        self._deep = deep
        self._deep_scopes: dict[int, _Span] | None = None
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
        reach = self._reaches.get(name)
        if reach is None:
            reach = self._reaches[name] = self._reach(self._patterns[name])
        starts, ends = reach
        index = bisect_right(starts, at) - 1
        return index >= 0 and at < ends[index]

    def _reach(self, patterns: list[Node]) -> _Reach:
        if self._deep is None:
            scopes = sorted([_scope(_climb(pattern)) for pattern in patterns])
        else:
            scopes = sorted([self._scopes_below(self._deep)[pattern.id] for pattern in patterns])
        ends = list(accumulate([end for _, end in scopes], max))
        return [start for start, _ in scopes], ends

    def _scopes_below(self, deep: Node) -> dict[int, _Span]:
        """The scopes of all patterns by their ids."""
        if self._deep_scopes is None:
            wanted = {pattern.id for patterns in self._patterns.values() for pattern in patterns}
            self._deep_scopes = {
                node.id: _scope(reversed(ancestors))
                for node, ancestors in grammar.with_ancestors(deep, wanted)
            }
        return self._deep_scopes


def _climb(node: Node) -> Iterator[Node]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _scope(ancestors: Iterator[Node]) -> _Span:
    """Bytes in which the variables of a pattern that stands in `ancestors` can be named."""
    parent = next(ancestors, None)
    if parent is None:
        return 0, 0
    kind = parent.type
    if kind == "let_declaration":
        block = next(ancestors, None)
        return parent.end_byte, block.end_byte if block is not None else parent.end_byte
    if kind == "for_expression":
        body = parent.child_by_field_name("body")
        return (body.start_byte, body.end_byte) if body is not None else (0, 0)
    if kind == "let_condition":
        outer = next((node for node in ancestors if node.type in _CONDITIONS), None)
        return parent.end_byte, outer.end_byte if outer is not None else parent.end_byte
    if kind in ("parameter", "const_parameter"):
        next(ancestors, None)
        whole = next(ancestors, None)
        return (whole.start_byte, whole.end_byte) if whole is not None else (0, 0)
    return parent.start_byte, parent.end_byte
