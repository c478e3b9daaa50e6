"""A file that is being edited: its last tree and items, so that a save costs what changed."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Tree

from hydrators.tolerant import grammar
from hydrators.tolerant.items import Memo, PlacedItem, Unit, place_items
from hydrators.tolerant.recovery import items_of_broken


def items_of(source: bytes) -> tuple[tuple[PlacedItem, ...], int]:
    """(top-level items, number of parse errors) of a file, from scratch."""
    return _items(source, grammar.parse(source), None)


def _items(source: bytes, tree: Tree, memo: Memo | None) -> tuple[tuple[PlacedItem, ...], int]:
    root = tree.root_node
    if root.has_error:
        return items_of_broken(source, tree, memo), grammar.count_errors(root)
    return place_items(Unit(source, memo), root.children, 0, 0), 0


class Document:
    """Holds one file's last bytes, tree and items. `update` equals `items_of` on the same bytes.

    An incremental parse is trusted only while it is free of errors: how tree-sitter recovers from an
    error depends on the tree it started from.
    """

    def __init__(self) -> None:
        self._source = b""
        self._tree: Tree | None = None
        self._memo = Memo()

    def update(self, source: bytes) -> tuple[tuple[PlacedItem, ...], int]:
        """(top-level items, number of parse errors) of the file's new bytes."""
        old, self._tree = self._tree, None  # whatever stops the work here, no half-edited tree is left behind
        tree = self._reparse(source, old)
        self._memo.generation()
        result = _items(source, tree, self._memo)
        self._source, self._tree = source, tree
        return result

    def _reparse(self, source: bytes, old: Tree | None) -> Tree:
        if old is None or old.root_node.has_error:
            return grammar.parse(source)
        start, old_end, new_end = changed_range(self._source, source)
        old.edit(
            start_byte=start,
            old_end_byte=old_end,
            new_end_byte=new_end,
            start_point=_point(source, start),
            old_end_point=_point(self._source, old_end),
            new_end_point=_point(source, new_end),
        )
        tree = grammar.parse(source, old)
        return grammar.parse(source) if tree.root_node.has_error else tree


def changed_range(old: bytes, new: bytes) -> tuple[int, int, int]:
    """(start, end in `old`, end in `new`) of the smallest single edit that makes `new` of `old`."""
    limit = min(len(old), len(new))
    start = _common(limit, lambda n: old[:n] == new[:n])
    rest = limit - start
    tail = _common(rest, lambda n: n == 0 or old[-n:] == new[-n:])
    return start, len(old) - tail, len(new) - tail


def _common(limit: int, equal: Callable[[int], bool]) -> int:
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if equal(middle) else (low, middle - 1)
    return low


def _point(source: bytes, at: int) -> tuple[int, int]:
    return source.count(b"\n", 0, at), at - (source.rfind(b"\n", 0, at) + 1)
