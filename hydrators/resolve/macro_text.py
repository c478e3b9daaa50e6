"""Macro calls read as the expressions that their arguments mostly are: what stands in a macro is seen too.

Without them, all that `assert!(…)`, `vec![…]` or `write!(…)` hold would be tokens without a meaning.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from hydrators.tolerant import grammar, newer

_MACRO = re.compile(rb"\b([A-Za-z_]\w*)!(?=\s*[(\[])(\s*\[)?")
_MAX_SPOILT = 8
_MAX_ROUNDS = 4
_MAX_PARENTS = 3


def mask_macros(data: bytes) -> bytes:
    """`name!(a, b)` as `name (a, b)` and `vec![a]` as `    [a]`: byte for byte as long."""

    def blank(match: re.Match[bytes]) -> bytes:
        if match[2] is not None:
            return b" " * (len(match[1]) + 1) + match[2]
        return match[1] + b" "

    return _MACRO.sub(blank, data)


def parse_with_arguments(data: bytes) -> Node:
    """The syntax tree of a slice, with the arguments of its macros read as expressions where they can be."""
    masked = mask_macros(data)
    root = newer.parse(masked).tree.root_node
    if not root.has_error or masked == data:
        return root
    plain = newer.parse(data).tree.root_node
    if plain.has_error and grammar.count_errors(root) > grammar.count_errors(plain) + _MAX_SPOILT:
        return plain
    for _ in range(_MAX_ROUNDS):
        spoilt = [match for match in _MACRO.finditer(data) if _is_spoilt(root, match, masked)]
        if not spoilt:
            break
        mended = bytearray(masked)
        for match in spoilt:
            mended[match.start() : match.end()] = data[match.start() : match.end()]
        masked = bytes(mended)
        root = newer.parse(masked).tree.root_node
        if not root.has_error:
            return root
    return root if plain.has_error else plain


def _is_spoilt(root: Node, match: re.Match[bytes], masked: bytes) -> bool:
    """Whether the arguments of a macro that is masked are no expressions: there is an error at them."""
    if masked[match.start() : match.end()] == match[0]:
        return False
    node = root.descendant_for_byte_range(match.end(), match.end() + 1)
    for _ in range(_MAX_PARENTS):
        if node is None or node.has_error or node.is_error:
            return True
        node = node.parent
    return False
