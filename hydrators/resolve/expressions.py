"""The type of an expression, by its kind: literals, fields, operators, blocks; calls are in `calls`.

Each function answers for one kind of node, and asks the body for the types of the parts. What the text does
not tell is UNKNOWN.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node

from hydrators.resolve.body_tree import is_comment
from hydrators.resolve.calls import call_type, constructed, macro_type
from hydrators.resolve.signatures import type_path
from hydrators.resolve.types import (
    BOOL,
    FLOATS,
    FOREIGN,
    INTEGERS,
    NEVER,
    OPTION,
    POINTERS,
    RESULT,
    STR,
    STRING,
    UNIT,
    UNKNOWN,
    VEC,
    Ty,
    part_of,
    substitute,
)
from hydrators.tolerant import grammar
from store.model import NodeKind

if TYPE_CHECKING:
    from hydrators.resolve.bodies import Body

_FUNCTIONS = frozenset((NodeKind.FUNCTION.value, NodeKind.METHOD.value))
_CONSTANTS = frozenset((NodeKind.CONST.value, NodeKind.STATIC.value, NodeKind.ASSOCIATED_CONST.value))
_NAMED = frozenset((NodeKind.STRUCT.value, NodeKind.VARIANT.value))

_COMPARISONS = frozenset(("==", "!=", "<", ">", "<=", ">=", "&&", "||"))
_NOT_A_VALUE = frozenset(("mutable_specifier", "line_comment", "block_comment"))
_NO_VALUE_LAST = (frozenset(grammar.ITEM_KINDS) - {"macro_invocation"}) | {
    "let_declaration",
    "empty_statement",
}
_FUTURE = Ty("std::future::Future")
_INDEX = Ty("std::ops::Index")
_OPERATORS = {
    sign: Ty(f"std::ops::{name}")
    for sign, name in zip(
        ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"),
        ("Add", "Sub", "Mul", "Div", "Rem", "BitAnd", "BitOr", "BitXor", "Shl", "Shr"),
        strict=True,
    )
}
_SUFFIX = re.compile(r"(u8|u16|u32|u64|u128|usize|i8|i16|i32|i64|i128|isize|f32|f64)$")
_VEC_BEFORE = 8  # bytes in which `vec!` is looked for before its brackets


def _identifier(body: Body, node: Node) -> Ty:
    ty = body.local(body.tree.text(node), node.start_byte)
    return ty if ty is not None else _value(body, node)


def _value(body: Body, node: Node) -> Ty:
    """Type of what a path names."""
    signatures = body.members.signatures
    for candidate in body.path(node):
        d = candidate.definition
        env = {**candidate.env, "?Self": candidate.self_type}
        if d.kind in _FUNCTIONS:
            callable_ = signatures.callable(d)
            if callable_ is None:
                return UNKNOWN
            return Ty("fn", (body.normal(substitute(callable_.result, env)),))
        if d.kind in _CONSTANTS:
            return body.normal(substitute(signatures.value_type(d), env))
        if d.kind in _NAMED:
            return Ty(type_path(d))
    return FOREIGN if body.is_foreign(node) else UNKNOWN


def _self(body: Body, _node: Node) -> Ty:
    return body.context.place.self_type


def _field(body: Body, node: Node) -> Ty:
    value = node.child_by_field_name("value")
    name = body.tree.field_name(node)
    if value is None or not name:
        return UNKNOWN
    return body.members.field(body.type_of(value), name, body.context.bounds)


def _inner(body: Body, node: Node) -> Ty:
    """Of `(x)` and `&x`."""
    children = [c for c in node.named_children if c.type not in _NOT_A_VALUE]
    return body.type_of(children[-1]) if children else UNKNOWN


def _unary(body: Body, node: Node) -> Ty:
    if not node.named_child_count:
        return UNKNOWN
    inner = node.named_children[0]
    ty = body.type_of(inner)
    if not body.tree.starts_with(node, b"*"):
        return ty
    if ty.head in POINTERS or ty.head == "*":
        return ty.args[0] if ty.args else UNKNOWN
    if _reference_count(body, inner) == 0:
        steps = body.derefs(ty)
        next(steps)
        return next(steps, ty)
    return ty


def _reference_count(body: Body, node: Node) -> int | None:
    """How many references a value is behind, where an annotation says so."""
    if node.type == "unary_expression" and node.named_child_count:
        count = _reference_count(body, node.named_children[0])
        return None if count is None else max(0, count - 1)
    if node.type == "parenthesized_expression" and node.named_child_count:
        return _reference_count(body, node.named_children[0])
    if node.type == "identifier":
        binding = body.bindings.at(body.tree.text(node), node.start_byte)
        annotation = binding.annotation if binding is not None else None
        if binding is not None and annotation is not None and binding.pattern.type == "identifier":
            text = body.tree.text(annotation)
            return len(text) - len(text.lstrip("&"))
    return None


def _try(body: Body, node: Node) -> Ty:
    step = UNKNOWN
    for step in body.derefs(_first_part(body, node)):
        if step.head == OPTION or step.head == RESULT:
            return step.args[0] if step.args else UNKNOWN
    return part_of(step)


def _await(body: Body, node: Node) -> Ty:
    """A function's result is taken for what its future gives: `async` is not part of its type here."""
    ty = _first_part(body, node)
    for step in body.derefs(ty):
        found = body.normal(Ty("::Output", (step, _FUTURE)))
        if found.head not in ("::Output", "_"):
            return found
    return ty


def _first_part(body: Body, node: Node) -> Ty:
    return body.type_of(node.named_children[0]) if node.named_child_count else UNKNOWN


def _literal(body: Body, node: Node) -> Ty:
    """`Name { a: 1 }`; its generic arguments are found by its fields."""
    name = node.child_by_field_name("name")
    ty = body.lower(name) if name is not None else UNKNOWN
    if name is None or ty.head == "dyn":
        return UNKNOWN
    if not ty.args and "::" in ty.head:
        values = _field_values(body, node)
        for d in body.members.signatures.nominal(ty.head):
            return constructed(body, d, ty, values)
    return ty


def _field_values(body: Body, node: Node) -> dict[str, Node]:
    inside = node.child_by_field_name("body")
    found: dict[str, Node] = {}
    for child in inside.named_children if inside is not None else ():
        if child.type == "field_initializer":
            field, value = child.child_by_field_name("field"), child.child_by_field_name("value")
            if field is not None and value is not None:
                found[body.tree.text(field)] = value
        elif child.type == "shorthand_field_initializer" and child.named_child_count:
            found[body.tree.text(child)] = child.named_children[0]
    return found


def _string(body: Body, node: Node) -> Ty:
    return Ty("[;]", (Ty("u8"),)) if body.tree.starts_with(node, b"b") else STR


def _char(body: Body, node: Node) -> Ty:
    return Ty("u8") if body.tree.starts_with(node, b"b") else Ty("char")


def _integer(body: Body, node: Node) -> Ty:
    match = _SUFFIX.search(body.tree.text(node))
    return Ty(match[1]) if match else Ty("i32")


def _float(body: Body, node: Node) -> Ty:
    match = _SUFFIX.search(body.tree.text(node))
    return Ty(match[1]) if match else Ty("f64")


def _tuple(body: Body, node: Node) -> Ty:
    return Ty("()", tuple([body.type_of(c) for c in node.named_children]))


def _array(body: Body, node: Node) -> Ty:
    elements = [c for c in node.named_children if c.type != "attribute_item"]
    element = body.type_of(elements[0]) if elements else UNKNOWN
    before = body.tree.data[max(0, node.start_byte - _VEC_BEFORE) : node.start_byte].rstrip()
    return Ty(VEC if before.endswith(b"vec!") else "[;]", (element,))


def _index(body: Body, node: Node) -> Ty:
    children = node.named_children
    if len(children) < 2:
        return UNKNOWN
    is_range = children[1].type == "range_expression"
    step = UNKNOWN
    for step in body.derefs(body.type_of(children[0])):
        head = step.head
        if head in ("[]", "[;]", VEC) or head.endswith("::VecDeque"):
            if is_range:
                return Ty("[]", step.args)
            return step.args[0] if step.args else UNKNOWN
        if head in ("str", STRING.head):
            return STR
        if head.endswith(("::HashMap", "::BTreeMap")) and head.startswith("std::"):
            return step.args[1] if len(step.args) > 1 else UNKNOWN
        if "::" in head:
            found = body.normal(Ty("::Output", (step, _INDEX)))
            if found.head not in ("::Output", "_"):
                return found
    return part_of(step)


def _cast(body: Body, node: Node) -> Ty:
    target = node.child_by_field_name("type")
    return body.lower(target) if target is not None else UNKNOWN


def _binary(body: Body, node: Node) -> Ty:
    operator, left = node.child_by_field_name("operator"), node.child_by_field_name("left")
    if operator is None or left is None:
        return UNKNOWN
    if body.tree.text(operator) in _COMPARISONS:
        return BOOL
    ty = body.type_of(left)
    if ty.head in INTEGERS or ty.head in FLOATS or ty.head == "_":
        if left.type in ("integer_literal", "float_literal"):
            right = node.child_by_field_name("right")
            return body.type_of(right) if right is not None else ty
        return ty
    trait = _OPERATORS.get(body.tree.text(operator))
    if trait is None:
        return ty
    right = node.child_by_field_name("right")
    operand = body.type_of(right) if right is not None else UNKNOWN
    output = body.normal(Ty("::Output", (ty, Ty(trait.head, (operand,)))))
    return output if output.head not in ("::Output", "_") else ty


def _range(body: Body, node: Node) -> Ty:
    return Ty("std::ops::Range", (_first_part(body, node),))


def _block(body: Body, node: Node) -> Ty:
    children = [c for c in node.named_children if not is_comment(c)]
    if not children:
        return UNIT
    last = children[-1]
    if last.type == "expression_statement":
        if body.tree.data[last.end_byte - 1 : last.end_byte] == b";":
            return UNIT
        return body.type_of(last.named_children[0]) if last.named_child_count else UNIT
    return UNIT if last.type in _NO_VALUE_LAST else body.type_of(last)


def _marked_block(body: Body, node: Node) -> Ty:
    """Of `unsafe { … }`, `async { … }` and the like."""
    block = next((c for c in node.named_children if c.type == "block"), None)
    return body.type_of(block) if block is not None else UNKNOWN


def _if(body: Body, node: Node) -> Ty:
    for part in ("consequence", "alternative"):
        branch = node.child_by_field_name(part)
        if branch is not None:
            if branch.type == "else_clause" and branch.named_child_count:
                branch = branch.named_children[0]
            ty = body.type_of(branch)
            if ty.head not in ("_", "!") and ty != UNIT:
                return ty
    return UNKNOWN


def _match(body: Body, node: Node) -> Ty:
    arms = node.child_by_field_name("body")
    for arm in arms.named_children if arms is not None else ():
        value = arm.child_by_field_name("value") if arm.type == "match_arm" else None
        if value is not None:
            ty = body.type_of(value)
            if ty.head not in ("_", "!"):
                return ty
    return UNKNOWN


def _closure(body: Body, node: Node) -> Ty:
    result, inside = node.child_by_field_name("return_type"), node.child_by_field_name("body")
    if result is not None:
        return Ty("fn", (body.lower(result),))
    return Ty("fn", (body.type_of(inside) if inside is not None else UNKNOWN,))


def _macro(body: Body, node: Node) -> Ty:
    macro = node.child_by_field_name("macro")
    return macro_type(body.tree.text(macro)) if macro is not None else UNKNOWN


def _always(ty: Ty) -> Callable[[Body, Node], Ty]:
    return lambda _body, _node: ty


EXPRESSIONS: Mapping[str, Callable[[Body, Node], Ty]] = {
    "identifier": _identifier,
    "self": _self,
    "field_expression": _field,
    "call_expression": call_type,
    "parenthesized_expression": _inner,
    "reference_expression": _inner,
    "unary_expression": _unary,
    "try_expression": _try,
    "await_expression": _await,
    "scoped_identifier": _value,
    "generic_function": _value,
    "struct_expression": _literal,
    "string_literal": _string,
    "raw_string_literal": _string,
    "integer_literal": _integer,
    "float_literal": _float,
    "boolean_literal": _always(BOOL),
    "char_literal": _char,
    "tuple_expression": _tuple,
    "unit_expression": _always(UNIT),
    "array_expression": _array,
    "index_expression": _index,
    "type_cast_expression": _cast,
    "binary_expression": _binary,
    "range_expression": _range,
    "block": _block,
    "unsafe_block": _marked_block,
    "async_block": _marked_block,
    "const_block": _marked_block,
    "try_block": _marked_block,
    "if_expression": _if,
    "match_expression": _match,
    "closure_expression": _closure,
    "return_expression": _always(NEVER),
    "break_expression": _always(NEVER),
    "continue_expression": _always(NEVER),
    "assignment_expression": _always(UNIT),
    "compound_assignment_expr": _always(UNIT),
    "for_expression": _always(UNIT),
    "while_expression": _always(UNIT),
    "macro_invocation": _macro,
}
"""Kind of node → the type of such a node in a body."""
