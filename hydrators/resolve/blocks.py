"""Blocks of bodies that hold items or imports: each is a module without a name, nested as the blocks are.

Looks at braces only, and at none in bodies without such items. Knows nothing of what the items mean.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import NamedTuple

from store.model import NodeFacts, NodeKind, NodeSpan

_START = itemgetter(0)
_MAX_DEPTH = (
    32  # blocks with items nested deeper than any that a person writes are one with those around them
)
_FUNCTIONS = frozenset((NodeKind.FUNCTION.value, NodeKind.METHOD.value))
BODIES = _FUNCTIONS | {NodeKind.CONST.value, NodeKind.STATIC.value, NodeKind.ASSOCIATED_CONST.value}
"""Kinds of nodes that have a body."""

# What begins and does not end reaches to the end of the text, so that nothing is looked at twice.
_BRACES = re.compile(
    rb"""[{}]|//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:[^"\\]|\\.)*(?:"|\\?\Z)|r(\#*)"(?:.*?"\1|.*\Z)"""
    rb"""|'(?:\\.[^'\n]*|[^\\'])'""",
    re.DOTALL,
)


class Block(NamedTuple):
    """A block by its bytes in the slice of its node. `name` is its path below the module around the node;
    `outer` is the index of the one around it, -1 if there is none."""

    start: int
    end: int
    name: str
    outer: int


class Blocks(NamedTuple):
    """Those of one body, outer ones first, and which one each item or import stands in, by node id."""

    all: tuple[Block, ...]
    around: Mapping[str, Block]

    def at(self, byte: int) -> str:
        """Name of the innermost block around a byte; "" outside of all."""
        index = bisect_right(self.all, byte, key=_START) - 1
        while index >= 0:
            block = self.all[index]
            if byte < block.end:
                return block.name
            index = block.outer
        return ""


def blocks_of_nodes(nodes: Sequence[NodeFacts], spans: Sequence[NodeSpan], text: bytes) -> dict[str, Blocks]:
    """The blocks of the bodies with items among a file's nodes, by node id."""
    parents = {node.parent_id for node in nodes}
    inside: dict[str, list[NodeSpan]] = {
        node.id: [] for node in nodes if node.kind in BODIES and node.id in parents
    }
    if not inside:
        return {}
    bodies: list[tuple[NodeFacts, NodeSpan]] = []
    for node, span in zip(nodes, spans, strict=True):
        if node.parent_id in inside:
            inside[node.parent_id].append(span)
        if node.id in inside:
            bodies.append((node, span))
    return {node.id: _blocks(node, span, inside[node.id], text) for node, span in bodies}


def _blocks(body: NodeFacts, span: NodeSpan, items: Sequence[NodeSpan], text: bytes) -> Blocks:
    pairs = _pairs_around(text, span, items, is_function=body.kind in _FUNCTIONS)
    found: list[Block] = []
    index_of: dict[tuple[int, int], int] = {}
    open_: list[int] = []
    for index, (start, negative_end) in enumerate(sorted({(start, -end) for start, end in pairs})):
        end = -negative_end
        while open_ and found[open_[-1]].end <= start - span.start_byte:
            open_.pop()
        outer = open_[-1] if open_ else -1
        name = f"{{{blake2b(f'{body.id} {index}'.encode(), digest_size=4).hexdigest()}}}"
        if open_:
            around = found[outer].name
            name = f"{around}::{name}" if len(open_) < _MAX_DEPTH else around
        found.append(Block(start - span.start_byte, end - span.start_byte, name, outer))
        index_of[start, end] = index
        open_.append(index)
    places = {item.id: found[index_of[pair]] for item, pair in zip(items, pairs, strict=True)}
    return Blocks(tuple(found), places)


def _pairs_around(
    text: bytes, span: NodeSpan, items: Sequence[NodeSpan], *, is_function: bool
) -> list[tuple[int, int]]:
    """The innermost pair of braces around each item, as the bytes that it encloses; all of the body where
    there is none."""
    begin, end = span.start_byte, span.end_byte
    open_: list[int] = []
    innermost: list[int] = []  # for each item the brace before it; -1: none
    closed: dict[int, int] = {-1: end}
    at = begin
    for item in items:
        _follow(text, at, item.start_byte, open_, closed)
        innermost.append(open_[-1] if open_ else -1)
        at = item.end_byte
    wanted = {brace for brace in innermost if brace not in closed}
    if is_function and open_:
        wanted.discard(open_[0])  # the outermost is the function's own: nothing comes behind it
    if wanted:
        _follow(text, at, end, open_, closed)
    return [(max(brace, begin), closed.get(brace, end)) for brace in innermost]


def _follow(text: bytes, start: int, end: int, open_: list[int], closed: dict[int, int]) -> None:
    """Open and close the braces in a stretch of the text."""
    for match in _BRACES.finditer(text, start, end):
        byte = text[match.start()]
        if byte == 0x7B:
            open_.append(match.start())
        elif byte == 0x7D and open_:
            closed[open_.pop()] = match.end()
