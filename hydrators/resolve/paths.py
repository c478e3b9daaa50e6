"""What a path names at a place, as far as its types: `a::name`, `Type::<T>::name`, `<T as Trait>::name`.

Goes from the path's beginning, that `Scope` knows, to an item of the type it ends in. Knows no bodies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hydrators.resolve.lowering import Place, projected
from hydrators.resolve.members import MAX_CANDIDATES, Candidate, Members
from hydrators.resolve.scope import Found
from hydrators.resolve.types import PRIMITIVES, UNKNOWN, Bounds, Syntax, Ty, read_type
from store.model import NodeKind

_STRUCT, _VARIANT = NodeKind.STRUCT.value, NodeKind.VARIANT.value
_TRAIT, _ALIAS = NodeKind.TRAIT.value, NodeKind.TYPE_ALIAS.value


class Context(NamedTuple):
    """Where a path or body stands: what its names mean and what its parameters are bounded by."""

    place: Place
    bounds: Bounds


def path_candidates(members: Members, text: str, context: Context, space: str = "value") -> list[Candidate]:
    """What a path names; `space` is "value" or "type"."""
    place, bounds = context
    syntax = read_type(text)
    if syntax.kind == "qpath":
        return _of_qualified(members, syntax, context)
    if syntax.kind != "path":
        return []
    segments = syntax.name.split("::")
    head = segments[0]
    if len(segments) > 1 and (head == "Self" or head in place.parameters):
        base = members.lowering.lower(read_type(head), place)
        return _of_type(members, base, segments[1:], bounds)
    if len(segments) == 2 and head in PRIMITIVES:
        of_primitive = _of_type(members, Ty(head), segments[1:], bounds)
        if of_primitive:
            return of_primitive
    if segments == ["Self"]:
        found = members.signatures.nominal(place.self_type.head)
        return [Candidate(d, {}, place.self_type, "self-type") for d in found if d.kind == _STRUCT]
    resolved = members.scope.resolve(segments, place.module, space)
    if resolved is None and len(segments) == 1 and space == "type":
        resolved = members.scope.resolve(segments, place.module, "value")
    if resolved is None or not resolved.definitions:
        return []
    rest = resolved.rest
    if not rest:
        return _of_item(members, syntax, resolved, place, space)
    if resolved.definitions[0].kind == _TRAIT:
        return members.of_trait(resolved.path, rest[0], UNKNOWN) if len(rest) == 1 else []
    count = len(segments) - len(rest)
    prefix = syntax._replace(name="::".join(segments[:count]), generic=syntax.generic[:count])
    return _of_type(members, members.lowering.lower(prefix, place), rest, bounds)


def _of_qualified(members: Members, syntax: Syntax, context: Context) -> list[Candidate]:
    """What `<T>::name` and `<T as Trait>::name` name."""
    place, bounds = context
    base = members.projections.normal(members.lowering.lower(syntax.parts[0], place), bounds)
    name = syntax.name
    if "::" in name:
        return []
    if len(syntax.parts) == 1:
        return members.associated(base, name, bounds)
    trait = members.lowering.lower_bound(syntax.parts[1], place)
    if trait is None or trait.head[0] == "!":
        return []
    return members.of_trait_for(base, trait.head, name)


def _of_item(members: Members, syntax: Syntax, resolved: Found, place: Place, space: str) -> list[Candidate]:
    """A path that names an item of a module or a variant, with the generic arguments that it is given."""
    kind = resolved.definitions[0].kind
    self_type = UNKNOWN
    given = _generic_arguments(members, syntax, place)
    if given and kind == _VARIANT:
        self_type = Ty(resolved.path.rpartition("::")[0], given)
    elif given and kind == _STRUCT:
        self_type = Ty(resolved.path, given)
    if kind == _ALIAS and space == "type":
        base = members.lowering.lower(syntax, place)
        found = members.signatures.nominal(base.head)
        return [Candidate(d, {}, base, resolved.rule) for d in found]
    definitions = resolved.definitions[: MAX_CANDIDATES + 1]
    return [Candidate(d, {}, self_type, resolved.rule) for d in definitions]


def _generic_arguments(members: Members, syntax: Syntax, place: Place) -> tuple[Ty, ...]:
    for arguments in reversed(syntax.generic):
        if arguments:
            return tuple([members.lowering.lower(a, place) for a in arguments])
    return ()


def _of_type(members: Members, base: Ty, names: Sequence[str], bounds: Bounds) -> list[Candidate]:
    """What `base::A::name` names: through associated types to a variant or an item of a type."""
    for name in names[:-1]:
        base = members.projections.normal(projected(base, [name]), bounds)
    name = names[-1]
    base = members.projections.normal(base, bounds)
    if "::" in base.head and base.head[0] not in "!:":
        variants = [d for d in members.scope.get(f"{base.head}::{name}") if d.kind == _VARIANT]
        if variants:
            return [Candidate(d, {}, base, "variant") for d in variants]
    return members.associated(base, name, bounds)
