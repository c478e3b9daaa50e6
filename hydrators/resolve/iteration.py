"""What a loop over a value yields, and what type collecting such items makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from hydrators.resolve.body_tree import without_turbofish
from hydrators.resolve.types import OPTION, RESULT, UNKNOWN, Ty, part_of

if TYPE_CHECKING:
    from hydrators.resolve.bodies import Body


def item_of(body: Body, ty: Ty) -> Ty:
    """What a `for` loop over a value of type `ty` yields."""
    step = ty
    for step in body.derefs(ty):
        if step.head == "_":
            return UNKNOWN
        if step.head in ("[]", "[;]"):
            return step.args[0] if step.args else UNKNOWN
        found = body.normal(Ty("::Item", (step,)))
        if found.head not in ("::Item", "_"):
            return found
    return part_of(step)


def filled(body: Body, ty: Ty, value: Node) -> Ty:
    """An annotation with holes, `Vec<_>`, filled from the value, or from what is collected into it."""
    source = value
    if source.type == "try_expression" and source.named_child_count:
        source = source.named_children[0]
    function = source.child_by_field_name("function") if source.type == "call_expression" else None
    callee = without_turbofish(function) if function is not None else None
    if callee is not None and callee.type == "field_expression":
        receiver = callee.child_by_field_name("value")
        if receiver is not None and body.tree.field_name(callee) == "collect":
            return collected(ty, item_of(body, body.type_of(receiver)))
    found = body.type_of(source)
    return found if found.head == ty.head else ty


def collected(ty: Ty, item: Ty) -> Ty:
    """A collection's type with holes, `Vec<_>`, `Result<HashMap<_, _>, E>`, filled from its items'."""
    if ty.head in (RESULT, OPTION) and ty.args:
        if item.head == ty.head:
            inner = collected(ty.args[0], item.args[0] if item.args else UNKNOWN)
            return Ty(ty.head, (inner, *item.args[1:]))
        return Ty(ty.head, (collected(ty.args[0], UNKNOWN), *ty.args[1:]))
    if len(ty.args) == 1 and ty.args[0] == UNKNOWN:
        return Ty(ty.head, (item,))
    if len(ty.args) >= 2 and item.head == "()" and len(item.args) == 2:
        pairs = zip(ty.args, item.args, strict=False)
        return Ty(ty.head, tuple([i if a == UNKNOWN else a for a, i in pairs]))
    return ty
