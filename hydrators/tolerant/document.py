"""A file that is being edited: its last tree and items, so that a save costs what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hydrators.tolerant import grammar, newer
from hydrators.tolerant.items import Unit, place_items
from hydrators.tolerant.memo import Memo, PlacedItem
from hydrators.tolerant.newer import Parsed
from hydrators.tolerant.recovery import items_of_broken


class Items(NamedTuple):
    """The top-level items of a file. `overflows`: what stands in it is nested so deep that tools which
    descend it recursively, compilers among them, run out of stack."""

    placed: tuple[PlacedItem, ...]
    error_count: int
    overflows: bool


def items_of(source: bytes) -> Items:
    """The items of a file, from scratch."""
    return _items(source, newer.parse(source), None)


def overflows(source: bytes) -> bool:
    """As `Items.overflows`, for a text of which nothing else is wanted."""
    return grammar.is_deep(grammar.parse(source).root_node, grammar.OVERFLOWING_LEVELS)


def _items(source: bytes, parsed: Parsed, memo: Memo | None) -> Items:
    root = parsed.tree.root_node
    is_deep = grammar.is_deep(root, grammar.OVERFLOWING_LEVELS)
    if root.has_error:
        return Items(items_of_broken(source, parsed, memo), grammar.count_errors(root), is_deep)
    unit = Unit(source, memo, parsed.text is not source)
    return Items(place_items(unit, root.children, 0, 0), 0, is_deep)


class Document:
    """Holds one file's last bytes, tree and items. `update` equals `items_of` on the same bytes.

    An incremental parse is trusted only while it is free of errors: how tree-sitter recovers from an
    error depends on the tree it started from.
    """

    def __init__(self) -> None:
        self._last: Parsed | None = None
        self._memo = Memo()

    def update(self, source: bytes) -> Items:
        """The items of the file's new bytes."""
        last, self._last = (
            self._last,
            None,
        )  # whatever stops the work here, no half-edited tree is left behind
        parsed = _reparse(source, last)
        self._memo.generation()
        result = _items(source, parsed, self._memo)
        # Only a tree of the text itself: another text is parsed only where the plain parse fails.
        self._last = parsed if parsed.text is source and not parsed.tree.root_node.has_error else None
        return result


def _reparse(source: bytes, last: Parsed | None) -> Parsed:
    if last is None:
        return newer.parse(source)
    old_source, old = last.text, last.tree
    start, old_end, new_end = changed_range(old_source, source)
    old.edit(
        start_byte=start,
        old_end_byte=old_end,
        new_end_byte=new_end,
        start_point=_point(source, start),
        old_end_point=_point(old_source, old_end),
        new_end_point=_point(source, new_end),
    )
    tree = grammar.parse(source, old)
    return newer.parse(source) if tree.root_node.has_error else Parsed(tree, source)


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
