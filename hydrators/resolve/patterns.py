"""The names in a pattern, and their types where the type of the value that it is matched against is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from hydrators.resolve.body_tree import BodyTree, is_comment, parts
from hydrators.resolve.iteration import item_of
from hydrators.resolve.signatures import type_path
from hydrators.resolve.types import UNKNOWN, Ty, part_of, substitute
from store.model import NodeKind

if TYPE_CHECKING:
    from hydrators.resolve.bodies import Body

_SHAPED = frozenset((NodeKind.STRUCT.value, NodeKind.VARIANT.value))
_MAX_DEPTH = 32

_NAMES = frozenset(("identifier", "shorthand_field_identifier"))
_OTHERS = frozenset(("scoped_identifier", "scoped_type_identifier", "type_identifier", "field_identifier"))
_SAME_TYPE = frozenset(
    (
        "mut_pattern",
        "ref_pattern",
        "reference_pattern",
        "parenthesized_pattern",
        "or_pattern",
        "captured_pattern",
    )
)
"""Patterns whose parts are matched against the value itself; references are transparent."""


def names_in(pattern: Node, tree: BodyTree) -> list[str]:
    """The names that a pattern binds. One in upper case is a constant or a variant."""
    if pattern.type == "identifier":
        return [tree.text(pattern)]
    found: list[str] = []
    stack = [pattern]
    while stack:
        node = stack.pop()
        kind = node.type
        if kind in _NAMES:
            name = tree.text(node)
            if not name[:1].isupper():
                found.append(name)
        elif kind in _OTHERS:
            continue
        elif kind == "match_pattern":  # without its guard
            stack += node.children[:1]
        elif node.child_count:
            stack += node.named_children
    return found


def spread(body: Body, pattern: Node, ty: Ty, found: dict[str, Ty], depth: int = 0) -> None:
    """Adds the types of the names in a pattern that is matched against a value of type `ty`."""
    kind = pattern.type
    if depth > _MAX_DEPTH:
        return
    if kind in _NAMES:
        found.setdefault(body.tree.text(pattern), ty)
    elif kind in _SAME_TYPE:
        for child in pattern.named_children:
            spread(body, child, ty, found, depth + 1)
    elif kind == "tuple_pattern":
        _spread_elements(body, parts(pattern), _elements(body, ty), found, depth, part_of(ty))
    elif kind == "slice_pattern":
        element = item_of(body, ty)
        for child in pattern.named_children:
            inner = ty if child.type == "captured_pattern" else element  # `rest @ ..`
            spread(body, child, inner, found, depth + 1)
    elif kind == "tuple_struct_pattern":
        head = pattern.child_by_field_name("type")
        fields = _fields_of(body, head, ty)
        patterns = [c for c in parts(pattern) if head is None or c.start_byte != head.start_byte]
        types = [fields.get(str(i), UNKNOWN) for i in range(len(fields))]
        _spread_elements(body, patterns, types, found, depth, part_of(ty))
    elif kind == "struct_pattern":
        fields = _fields_of(body, pattern.child_by_field_name("type"), ty)
        for child in pattern.named_children:
            name = child.child_by_field_name("name") if child.type == "field_pattern" else None
            if name is not None:
                field = fields.get(body.tree.name(name), part_of(ty))
                inner_pattern = child.child_by_field_name("pattern")
                bound = inner_pattern if inner_pattern is not None else name
                spread(body, bound, field, found, depth + 1)
    elif pattern.named_child_count and (
        kind in ("match_pattern", "box_pattern") or pattern.named_child_count == 1
    ):
        spread(body, pattern.named_children[0], ty, found, depth + 1)


def _spread_elements(
    body: Body, patterns: Sequence[Node], types: Sequence[Ty], found: dict[str, Ty], depth: int, other: Ty
) -> None:
    """Elements before `..` from the left, those behind it from the right; `other` is what the rest are."""
    patterns = [p for p in patterns if not is_comment(p)]
    dots = next((i for i, p in enumerate(patterns) if p.type == "remaining_field_pattern"), len(patterns))
    for i, child in enumerate(patterns):
        if child.type != "remaining_field_pattern":
            at = i if i < dots else len(types) - (len(patterns) - i)
            spread(body, child, types[at] if 0 <= at < len(types) else other, found, depth + 1)


def _elements(body: Body, ty: Ty) -> Sequence[Ty]:
    for step in body.derefs(ty):
        if step.head == "()":
            return step.args
    return ()


def _fields_of(body: Body, head: Node | None, ty: Ty) -> Mapping[str, Ty]:
    """Fields of the struct or variant that a pattern names, for a value of type `ty`."""
    if head is None:
        return {}
    for candidate in body.path(head, "type"):
        d = candidate.definition
        if d.kind not in _SHAPED:
            continue
        shape = body.members.signatures.shape(d)
        path = type_path(d)
        arguments = next((step.args for step in body.derefs(ty) if step.head == path), ())
        env = dict.fromkeys(shape.parameters, part_of(ty))
        env.update(zip(shape.parameters, arguments, strict=False))
        return {name: body.normal(substitute(field, env)) for name, field in shape.fields.items()}
    return {}
