"""One item's text as a syntax tree: its field accesses and calls by their place, and what opens scopes.

Knows nothing of types, nor of names beyond their text.
"""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node, Query, QueryCursor

from hydrators.resolve.macro_text import parse_with_arguments
from hydrators.tolerant import grammar

_MARKS = Query(
    grammar.LANGUAGE,
    """
(let_declaration) @let
(parameter) @parameter
(closure_expression) @closure
(for_expression) @for
(match_arm) @arm
(match_expression) @match
(let_condition) @condition
(if_expression) @if
(while_expression) @while
(block) @block
(function_item) @function
(field_expression) @field
(call_expression) @call
""",
)
_MAX_BODY_BYTES = 256 * 1024
"""Larger ones are tables and generated code: what is in them stays unknown."""


class Mark(NamedTuple):
    """A node that binds names or that ends the scope of some. `sort` is its name in the query."""

    start: int
    negative_end: int  # so that of two that start together the outer one is first
    sort: str
    node: Node


class BodyTree:
    """The tree of one item. Bytes are counted from the item's own start."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._captures = _captures(data) if len(data) <= _MAX_BODY_BYTES else {}
        self._fields = {node.end_byte: node for node in self._captures.get("field", ())}
        self._calls: dict[int, Node] | None = None

    @property
    def marks(self) -> list[Mark]:
        """What binds names and what ends their scopes, in source order."""
        marks = [
            Mark(node.start_byte, -node.end_byte, sort, node)
            for sort, nodes in self._captures.items()
            if sort not in ("field", "call")
            for node in nodes
        ]
        marks.sort(key=lambda mark: mark[:3])
        return marks

    def text(self, node: Node) -> str:
        """A node as written."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def name(self, node: Node) -> str:
        """An identifier without `r#`."""
        return self.text(node).removeprefix("r#")

    def field_name(self, field_expression: Node) -> str:
        """The name behind the dot."""
        field = field_expression.child_by_field_name("field")
        return self.name(field) if field is not None else ""

    def starts_with(self, node: Node, sign: bytes) -> bool:
        """Whether a node's text starts with a byte."""
        return self.data[node.start_byte : node.start_byte + 1] == sign

    def receiver(self, name_end: int) -> Node | None:
        """The expression before the `.name` that ends at a byte."""
        field = self._fields.get(name_end)
        return field.child_by_field_name("value") if field is not None else None

    def call_at(self, callee_end: int) -> Node | None:
        """The call whose callee ends at a byte, its turbofish included."""
        if self._calls is None:
            self._calls = {
                function.end_byte: node
                for node in self._captures.get("call", ())
                if (function := node.child_by_field_name("function")) is not None
            }
        return self._calls.get(callee_end)


def _captures(data: bytes) -> dict[str, list[Node]]:
    return QueryCursor(_MARKS).captures(parse_with_arguments(data))


def parts(node: Node) -> list[Node]:
    """The children that are no punctuation; `_` is one, though the grammar gives it no name."""
    return [child for child in node.children if child.is_named or child.type == "_"]


def is_comment(node: Node) -> bool:
    """Whether a node is a comment: these stand anywhere between others."""
    return node.type.endswith("comment")


def arguments_of(call: Node) -> list[Node]:
    """The arguments of a call, in order."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None:
        return []
    return [c for c in arguments.named_children if not is_comment(c) and c.type != "attribute_item"]


def without_turbofish(callee: Node) -> Node | None:
    """`f` of `f::<T>`."""
    return callee.child_by_field_name("function") if callee.type == "generic_function" else callee
