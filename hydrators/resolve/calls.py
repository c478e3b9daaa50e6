"""What a call gives: which candidate its arguments fit, and the result with the callee's parameters bound.

Which items a name can mean is for `members` and `paths`; what arguments bind is for `inference`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from hydrators.exact import parse_signature
from hydrators.resolve.body_tree import arguments_of
from hydrators.resolve.inference import called, infer
from hydrators.resolve.iteration import collected, item_of
from hydrators.resolve.members import MAX_CANDIDATES, Candidate
from hydrators.resolve.signatures import type_path
from hydrators.resolve.types import (
    BOOL,
    FOREIGN,
    NEVER,
    PRIMITIVES,
    RESULT,
    STR,
    STRING,
    UNIT,
    UNKNOWN,
    Env,
    Ty,
    has_parameter,
    is_foreign,
    may_hold_own,
    substitute,
    unify,
)
from store.model import Definition, NodeKind

if TYPE_CHECKING:
    from hydrators.resolve.bodies import Body

_CONSTRUCTED = frozenset((NodeKind.STRUCT.value, NodeKind.VARIANT.value))
_SAME = frozenset(["clone", "to_owned", "borrow", "borrow_mut", "as_ref", "as_mut", "by_ref"])
"""Methods that, where they are not found, give what they are called on."""
_MACROS = {
    "format": STRING,
    "println": UNIT,
    "print": UNIT,
    "eprintln": UNIT,
    "assert": UNIT,
    "assert_eq": UNIT,
    "assert_ne": UNIT,
    "matches": BOOL,
    "panic": NEVER,
    "todo": NEVER,
    "unreachable": NEVER,
    "unimplemented": NEVER,
    "concat": STR,
    "stringify": STR,
    "include_str": STR,
    "env": STR,
    "line": Ty("u32"),
}
_WRITTEN = Ty(RESULT, (UNIT, Ty("std::fmt::Error")))


def call_type(body: Body, node: Node) -> Ty:
    """The type of a call expression."""
    callee = node.child_by_field_name("function")
    if callee is None:
        return UNKNOWN
    turbofish: Sequence[Ty] = ()
    if callee.type == "generic_function":
        inner, given = callee.child_by_field_name("function"), callee.child_by_field_name("type_arguments")
        if inner is None:
            return UNKNOWN
        callee = inner
        if given is not None:
            turbofish = [body.lower(a) for a in given.named_children if a.type != "lifetime"]
    if callee.type == "field_expression":
        receiver = callee.child_by_field_name("value")
        if receiver is None:
            return UNKNOWN
        return _method_type(body, node, body.type_of(receiver), body.tree.field_name(callee), turbofish)
    text = body.tree.text(callee)
    if body.tree.data[callee.end_byte : callee.end_byte + 1] == b"!":
        return _masked_macro_type(body, text, node)
    if callee.type == "identifier":
        local = body.local(text, callee.start_byte)
        if local is not None:
            return called(body, local)
    if callee.type in ("identifier", "scoped_identifier"):
        candidates = narrowed(body, body.path(callee), node)
        if candidates:
            return _result(body, candidates[0], node, turbofish, is_method=False)
        if text.endswith("::default"):  # derived, or found by no name: it gives the type itself
            return body.lower(callee, text.removesuffix("::default"))
        return _made_by_foreign(body, node, turbofish) if body.is_foreign(callee) else UNKNOWN
    return called(body, body.type_of(callee))


def macro_type(path: str) -> Ty:
    """What a macro of the standard library gives, by its name."""
    return _MACROS.get(path.rpartition("::")[2], UNKNOWN)


def _masked_macro_type(body: Body, path: str, node: Node) -> Ty:
    name = path.rpartition("::")[2]
    if name == "dbg":
        arguments = arguments_of(node)
        return body.type_of(arguments[0]) if arguments else UNIT
    return _WRITTEN if name in ("write", "writeln") else macro_type(name)


def _method_type(body: Body, node: Node, receiver: Ty, name: str, turbofish: Sequence[Ty]) -> Ty:
    candidates, _ = body.members.methods(receiver, name, body.context.bounds)
    if candidates:
        candidate = narrowed(body, candidates, node)[0]
        ty = _result(body, candidate, node, turbofish, is_method=True)
        if name == "collect" and turbofish:
            return collected(turbofish[0], item_of(body, receiver))
        return ty
    if name in _SAME:
        return receiver
    if name == "to_string":
        return STRING
    given = (*turbofish, *receiver.args)
    return _made_by_foreign(body, node, given) if _has_foreign_methods(body, receiver) else UNKNOWN


def _has_foreign_methods(body: Body, ty: Ty) -> bool:
    """Whether a method that is not known to the workspace is one of another crate or of the standard
    library."""
    head = ty.head
    return is_foreign(ty) or (body.members.scope.has_standard and (head in PRIMITIVES or head[:5] == "std::"))


def _made_by_foreign(body: Body, call: Node, given: Sequence[Ty]) -> Ty:
    """What a function of another crate gives: it knows no type of ours that it is not `given`."""
    if any(map(may_hold_own, given)):
        return UNKNOWN
    for argument in arguments_of(call):
        ty = body.type_of(argument)
        if ty != UNKNOWN and may_hold_own(ty):
            return UNKNOWN
    return FOREIGN


def narrowed(body: Body, candidates: list[Candidate], call: Node | None) -> list[Candidate]:
    """Of several, those whose parameters the arguments fit; all of them if that decides nothing."""
    if call is None or not 1 < len(candidates) <= MAX_CANDIDATES:
        return candidates
    arguments = [body.type_of(a) for a in arguments_of(call)]
    fitting = []
    for candidate in candidates:
        callable_ = body.members.signatures.callable(candidate.definition)
        if callable_ is None:
            return candidates
        offset = len(arguments) - len(callable_.parameters)
        if offset not in (0, 1):  # 1: the receiver is an argument of its own
            continue
        env = {**candidate.env, "?Self": candidate.self_type}
        if all(
            unify(body.normal(substitute(parameter, env)), argument, {})
            for parameter, argument in zip(callable_.parameters, arguments[offset:], strict=False)
        ):
            fitting.append(candidate)
    return fitting or candidates


def preferred(body: Body, candidates: list[Candidate], receiver: Node | None) -> list[Candidate]:
    """Of a method that borrows its receiver and one of a trait that takes it: the latter, on a value that
    a call has just made."""
    if receiver is None or receiver.type != "call_expression":
        return candidates
    d = candidates[0].definition
    signature = parse_signature(d.text)
    if signature is None or not signature.receiver.startswith("&"):
        return candidates
    name = d.key.rpartition("::")[2]
    taking = body.members.by_value(candidates[0].self_type, name, body.context.bounds)
    callee = receiver.child_by_field_name("function")
    if not taking or callee is None or callee.type != "scoped_identifier":
        return candidates
    made_by = body.path(callee)
    made = parse_signature(made_by[0].definition.text) if made_by else None
    return taking if made is not None and made.return_type[:1] not in ("&", "") else candidates


def _result(body: Body, candidate: Candidate, call: Node, turbofish: Sequence[Ty], *, is_method: bool) -> Ty:
    """What calling a candidate gives."""
    d = candidate.definition
    if d.kind in _CONSTRUCTED:
        values = {str(i): a for i, a in enumerate(arguments_of(call))}
        return constructed(body, d, candidate.self_type, values)
    callable_ = body.members.signatures.callable(d)
    if callable_ is None:
        return UNKNOWN
    env: Env = {**candidate.env, "?Self": candidate.self_type}
    env.update(zip(callable_.generics, turbofish, strict=False))
    if has_parameter(callable_.result):
        arguments = arguments_of(call)
        if not is_method and callable_.has_receiver and arguments:
            if candidate.self_type == UNKNOWN or candidate.rule == "trait-path":
                env["?Self"] = body.type_of(arguments[0])
            arguments = arguments[1:]
        infer(body, callable_, arguments, env, with_closures=True)
    return body.normal(substitute(callable_.result, env))


def constructed(body: Body, d: Definition, known: Ty, values: Mapping[str, Node]) -> Ty:
    """The type of a struct or variant made of field values; its parameters as `known` and they tell."""
    head = type_path(d)
    shape = body.members.signatures.shape(d)
    if not shape.parameters:
        return Ty(head)
    env: Env = {}
    if known.head == head:
        env.update((p, a) for p, a in zip(shape.parameters, known.args, strict=False) if a != UNKNOWN)
    for field, value in values.items():
        wanted = shape.fields.get(field)
        if wanted is not None and has_parameter(wanted):
            unify(wanted, body.type_of(value), env)
    return Ty(head, tuple([env.get(p, UNKNOWN) for p in shape.parameters]))
