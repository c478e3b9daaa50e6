"""What the arguments of a call bind a callee's parameters to, and what a callee gives to a closure.

Works one way, from arguments to parameters: nothing is inferred from how a result is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from hydrators.resolve.body_tree import arguments_of, without_turbofish
from hydrators.resolve.members import Candidate
from hydrators.resolve.signatures import Callable
from hydrators.resolve.types import (
    POINTERS,
    UNIT,
    UNKNOWN,
    Bounds,
    Env,
    Ty,
    has_parameter,
    is_foreign,
    part_of,
    substitute,
    unify,
)
from store.model import NodeKind

if TYPE_CHECKING:
    from hydrators.resolve.bodies import Body

_CONSTRUCTED = frozenset((NodeKind.STRUCT.value, NodeKind.VARIANT.value))
_WRAPPERS = frozenset(("Box::new", "Arc::new", "Rc::new", "Some", "Ok"))
"""Calls through which a closure goes on to the call around them."""
_AROUND = frozenset(("parenthesized_expression", "reference_expression"))


def infer(body: Body, callee: Callable, arguments: Sequence[Node], env: Env, *, with_closures: bool) -> None:
    """Bind the parameters of a callee by its arguments; closures last, for they need the others."""
    closures: list[tuple[Ty, Node]] = []
    for wanted, argument in zip(callee.parameters, arguments, strict=False):
        function = _function_bound(wanted, callee.bounds)
        if function is not None:
            closures.append((function, argument))
        elif has_parameter(wanted):
            ty = body.type_of(argument)
            unify(wanted, ty, env)
            if wanted.head in callee.bounds:
                _infer_bound(body, callee.bounds[wanted.head], ty, env)
    if with_closures:
        for function, argument in closures:
            if function.args and has_parameter(function.args[0]):
                _infer_result(body, function.args[0], argument, env)


def _infer_result(body: Body, wanted: Ty, function: Node, env: Env) -> None:
    """What a closure, or a function that is passed by name, returns."""
    if function.type != "closure_expression":
        unify(wanted, called(body, body.type_of(function)), env)
        return
    inside = function.child_by_field_name("body")
    if inside is not None:
        declared = function.child_by_field_name("return_type")
        unify(wanted, body.lower(declared) if declared is not None else body.type_of(inside), env)


def _infer_bound(body: Body, traits: Sequence[Ty], ty: Ty, env: Env) -> None:
    """`I: IntoIterator<Item = T>` binds T by what the argument's Item is."""
    for trait in traits:
        for a in trait.args:
            if a.head[0] == "=" and has_parameter(a):
                found = body.normal(Ty(f"::{a.head[1:]}", (ty,)))
                if found.head[:2] != "::":
                    unify(a.args[0], found, env)


def _function_bound(wanted: Ty, bounds: Bounds) -> Ty | None:
    """Ty(…, (result, *parameters)) if an argument of this type can be a closure."""
    if wanted.head == "fn":
        return wanted
    if wanted.head in POINTERS and wanted.args:
        return _function_bound(wanted.args[0], bounds)
    traits = wanted.args if wanted.head in ("impl", "dyn") else bounds.get(wanted.head, ())
    for trait in traits:
        if trait.head == "Fn":
            return trait
    return None


def called(body: Body, ty: Ty) -> Ty:
    """What calling a value of type `ty` gives."""
    step = ty
    for step in body.derefs(ty):
        if step.head == "fn":
            return step.args[0] if step.args else UNKNOWN
        for bound in body.members.bounds_of(step, body.context.bounds):
            if bound.head == "Fn":
                return bound.args[0] if bound.args else UNIT
    return part_of(step)


def closure_parameters(body: Body, closure: Node) -> Sequence[Ty]:
    """Parameter types of a closure, from the call that it is an argument of."""
    arguments = closure.parent
    while arguments is not None and arguments.type in _AROUND:
        arguments = arguments.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    callee = without_turbofish(function) if function is not None else None
    if call is None or callee is None or call.type != "call_expression":
        return ()
    is_method = callee.type == "field_expression"
    if is_method:
        receiver = callee.child_by_field_name("value")
        if receiver is None:
            return ()
        ty, name = body.type_of(receiver), body.tree.field_name(callee)
        candidates, _ = body.members.methods(ty, name, body.context.bounds)
        if not candidates and is_foreign(ty):
            parameters = closure.child_by_field_name("parameters")
            return [part_of(ty)] * (parameters.named_child_count if parameters is not None else 0)
    else:
        text = body.tree.text(callee)
        if text in _WRAPPERS:
            return closure_parameters(body, call)
        candidates = body.path(callee)
    given = arguments_of(call)
    at = next((i for i, a in enumerate(given) if a.start_byte <= closure.start_byte < a.end_byte), -1)
    for candidate in candidates:
        found = _given_to(body, candidate, given, at, is_method=is_method)
        if found is not None:
            return found
    return ()


def _given_to(
    body: Body, candidate: Candidate, arguments: Sequence[Node], at: int, *, is_method: bool
) -> Sequence[Ty] | None:
    """What a callee calls the function with that is its argument at `at`; None if it takes none there."""
    d = candidate.definition
    if d.kind in _CONSTRUCTED:
        wanted = body.members.signatures.shape(d).fields.get(str(at), UNKNOWN)
        bound = _function_bound(wanted, {})
        return bound.args[1:] if bound is not None else ()
    callee = body.members.signatures.callable(d)
    if callee is None:
        return None
    if not is_method and callee.has_receiver:
        at, arguments = at - 1, arguments[1:]
    if not 0 <= at < len(callee.parameters):
        return None
    bound = _function_bound(callee.parameters[at], callee.bounds)
    if bound is None:
        return None
    env: Env = {**candidate.env, "?Self": candidate.self_type}
    infer(body, callee, arguments, env, with_closures=False)
    return [body.normal(substitute(p, env)) for p in bound.args[1:]]
