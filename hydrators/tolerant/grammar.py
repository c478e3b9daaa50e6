"""The tree-sitter grammar for Rust: the parser, the node kinds that are items, and the queries.

Knows nothing of facts; the only module that names grammar rules as strings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

import tree_sitter_rust
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from store.model import NodeKind

LANGUAGE = Language(tree_sitter_rust.language())

ITEM_KINDS: dict[str, NodeKind] = {
    "function_item": NodeKind.FUNCTION,
    "function_signature_item": NodeKind.FUNCTION,
    "struct_item": NodeKind.STRUCT,
    "enum_item": NodeKind.ENUM,
    "enum_variant": NodeKind.VARIANT,
    "union_item": NodeKind.UNION,
    "trait_item": NodeKind.TRAIT,
    "impl_item": NodeKind.IMPL,
    "type_item": NodeKind.TYPE_ALIAS,
    "associated_type": NodeKind.ASSOCIATED_TYPE,
    "const_item": NodeKind.CONST,
    "static_item": NodeKind.STATIC,
    "mod_item": NodeKind.MODULE,
    "foreign_mod_item": NodeKind.EXTERN_BLOCK,
    "extern_crate_declaration": NodeKind.EXTERN_CRATE,
    "use_declaration": NodeKind.USE,
    "macro_definition": NodeKind.MACRO,
    "macro_invocation": NodeKind.MACRO_CALL,
}

# Kinds whose body is a list of items, each a node of its own.
CONTAINER_KINDS = frozenset(
    {NodeKind.TRAIT, NodeKind.IMPL, NodeKind.MODULE, NodeKind.EXTERN_BLOCK, NodeKind.ENUM}
)

# Matched wherever they stand: a pattern with a parent, `(block (function_item))`, is tried on under
# every open block, which is quadratic in the nesting.
_NESTED = " ".join(f"({kind})" for kind in ITEM_KINDS if kind not in {"enum_variant", "macro_invocation"})

# One pass finds every reference of an item, the items nested in its blocks, and what only looks like
# references (@aside). Type mentions inside bounds are matched twice and told apart by their position.
_REFERENCES = f"""
(call_expression function: (identifier) @call)
(call_expression function: (scoped_identifier) @path_call)
(call_expression function: (generic_function function: (identifier) @call))
(call_expression function: (generic_function function: (scoped_identifier) @path_call))
(call_expression function: (field_expression field: (field_identifier) @method))
(call_expression function: (generic_function function: (field_expression field: (field_identifier) @method)))
(macro_invocation macro: (_) @macro)
(type_identifier) @type
(trait_bounds (type_identifier) @bound)
(trait_bounds (generic_type type: (type_identifier) @bound))
(trait_bounds (scoped_type_identifier name: (type_identifier) @bound))
(trait_bounds (generic_type type: (scoped_type_identifier name: (type_identifier) @bound)))
(type_parameter name: (type_identifier) @parameter)
(token_tree (identifier) @token . (token_tree))
(token_tree [(primitive_type) "default" "union"] @token_member . (token_tree))
(token_tree (identifier) @token_macro . "!" . (token_tree))
(token_tree "::" . (identifier) @token_path)
(token_tree (identifier) @token_generic . "::" . "<")
(scoped_identifier) @path
(generic_function function: (identifier) @generic)
(arguments (identifier) @value)
(field_initializer value: (identifier) @value)
(array_expression (identifier) @value)
(tuple_expression (identifier) @value)
(let_declaration pattern: (_) @binding)
(parameter pattern: (_) @binding)
(closure_parameters) @binding
(for_expression pattern: (_) @binding)
(match_pattern) @binding
(let_condition pattern: (_) @binding)
(const_parameter name: (_) @binding)
[(attribute_item) (inner_attribute_item) (visibility_modifier (_))] @aside
[{_NESTED}] @item
"""
_REFERENCE_QUERY = Query(LANGUAGE, _REFERENCES)
_RAW_TEXT_QUERY = Query(LANGUAGE, "[(raw_string_literal) (block_comment)] @raw")


_SMALL_BYTES = 32 * 1024  # parsed in a few milliseconds whatever it holds
_CHUNK_BYTES = 64 * 1024
OVERFLOWING_LEVELS = 1_500
"""rust-analyzer 1.96 overflows its stack at some 5,000 nested blocks, which are twice as many levels here."""
_DEEP_LEVELS = 128  # the longest chains of calls in real code have 50 levels
_ALL_LEVELS = 0xFFFFFFFF


class ParseTimeout(TimeoutError):
    """A file took longer to parse than it may."""


class _Tools(threading.local):
    """A parser and cursors for each thread: none of them may be used by two at once."""

    def __init__(self) -> None:
        self.parser = Parser(LANGUAGE)
        self.references = QueryCursor(_REFERENCE_QUERY)
        self.raw_text = QueryCursor(_RAW_TEXT_QUERY)
        self.deadlines_s: tuple[float, float] | None = None  # of the wall clock, of the thread's CPU time


_tools = _Tools()


@contextmanager
def time_limit(limit_s: float | None) -> Iterator[None]:
    """All parses and queries of this thread inside the body together take at most `limit_s` of its CPU time,
    or raise ParseTimeout, as `check_time` does. A busy machine or a stopped process must not make a good file
    look like a bad one.

    An unclosed raw string of 400 KB takes seconds: tree-sitter-rust 0.24 looks for its end again and again.
    """
    if limit_s is not None:
        _tools.deadlines_s = time.monotonic() + limit_s, time.thread_time() + limit_s
    try:
        yield
    finally:
        _tools.deadlines_s = None


def check_time() -> None:
    """Raises ParseTimeout inside `time_limit` once the time is over. (A query cannot be stopped under way:
    py-tree-sitter 0.26 crashes if it is given a progress callback.)"""
    deadlines_s = _tools.deadlines_s
    if deadlines_s is not None and time.monotonic() > deadlines_s[0] and time.thread_time() > deadlines_s[1]:
        raise ParseTimeout("reading took too long")


def parse(data: bytes, old_tree: Tree | None = None) -> Tree:
    """Parse `data`; with `old_tree`, already edited to match it, only what changed.

    Raises ParseTimeout inside `time_limit`.
    """
    parser, deadlines_s = _tools.parser, _tools.deadlines_s
    if deadlines_s is not None:
        check_time()
    if deadlines_s is None or len(data) <= _SMALL_BYTES:
        return parser.parse(data) if old_tree is None else parser.parse(data, old_tree)
    options: dict[str, Any] = {} if old_tree is None else {"old_tree": old_tree}
    wall_s, cpu_s = deadlines_s
    wall_time, cpu_time = time.monotonic, time.thread_time
    try:
        return parser.parse(
            lambda at, _point: data[at : at + _CHUNK_BYTES] if at else data,
            encoding="utf8",
            # Asked a hundred thousand times: the wall clock, which is never behind, costs a third.
            progress_callback=lambda _at, _failed: wall_time() > wall_s and cpu_time() > cpu_s,
            **options,
        )
    except ValueError as error:  # that is how py-tree-sitter 0.26 says "cancelled"
        parser.reset()
        raise ParseTimeout("parsing took too long") from error


def is_deep(node: Node, levels: int = _DEEP_LEVELS) -> bool:
    """Whether something stands `levels` below `node`, by default far deeper than in real code; certain from
    twice as deep on.

    Every n-th node is looked at: below one at level n of something at level 2n stand n nodes in a row.
    """
    cursor = node.walk()
    for index in range(levels, node.descendant_count, levels):
        cursor.goto_descendant(index)
        if cursor.depth >= levels:
            return True
    return False


def reference_captures(node: Node, start: int, end: int, *, is_deep: bool = False) -> dict[str, list[Node]]:
    """Captures of the reference query inside `node`, cut to the bytes from `start` to `end`.

    A pattern that waits for a child waits through all that stands below the children before it, so that a
    query costs its nodes times their depth. A deep tree is cut into slices of some levels, with one query
    for each.
    Raises ParseTimeout inside `time_limit`.
    """
    check_time()
    cursor = _tools.references
    cursor.set_byte_range(start, end)
    if not is_deep:
        return cursor.captures(node)
    captures: dict[str, list[Node]] = {}
    pending = [node]
    cursor.set_max_start_depth(_DEEP_LEVELS)
    try:
        while pending:
            check_time()
            root = pending.pop()
            for name, nodes in cursor.captures(root).items():
                captures.setdefault(name, []).extend(nodes)
            pending.extend(_at_level(root, _DEEP_LEVELS + 1, end))
    finally:
        cursor.set_max_start_depth(_ALL_LEVELS)
    return captures


def _at_level(root: Node, level: int, end: int) -> Iterator[Node]:
    """What begins before byte `end`, `level` levels below `root`."""
    cursor = root.walk()
    while True:
        if cursor.depth == level:
            node = cursor.node
            if node is not None and node.start_byte < end:
                yield node
        elif cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def with_ancestors(root: Node, wanted: Container[int]) -> Iterator[tuple[Node, list[Node]]]:
    """Each node below `root` whose id is among `wanted`, and what it stands in, from `root` on.

    In one walk, where `Node.parent` looks for its way down from the top each time. The list is changed by the
    next step."""
    cursor = root.walk()
    ancestors: list[Node] = []
    while True:
        node = cursor.node
        if node is not None and node.id in wanted:
            yield node, ancestors
        if node is not None and cursor.goto_first_child():
            ancestors.append(node)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            ancestors.pop()


def count_errors(node: Node) -> int:
    """Number of ERROR and MISSING nodes at or below `node`. Enters only what has errors."""
    count = 0
    stack = [node]
    while stack:
        node = stack.pop()
        count += node.is_error or node.is_missing
        if node.has_error:
            stack.extend(node.children)
    return count


def raw_text_nodes(root: Node) -> list[Node]:
    """Raw strings and block comments: text whose lines only look like code."""
    return _tools.raw_text.captures(root).get("raw", [])
