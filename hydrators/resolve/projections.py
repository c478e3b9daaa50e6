"""Associated types followed to what they are, and what a type dereferences to.

Asks `Impls` which impls are for a type. Knows no methods.
"""

from __future__ import annotations

from collections.abc import Iterator

from hydrators.resolve.impls import Impls, is_for, owner_of_type
from hydrators.resolve.scope import Scope
from hydrators.resolve.signatures import Signatures
from hydrators.resolve.traits import Traits
from hydrators.resolve.types import (
    FLOATS,
    INTEGERS,
    PRIMITIVES,
    UNIT,
    UNKNOWN,
    Bounds,
    Env,
    Ty,
    substitute,
    unify,
)
from store.model import NodeKind

_ASSOCIATED_TYPE = NodeKind.ASSOCIATED_TYPE.value
_MAX_DEREFS = 8
_MAX_DEPTH = 8
_MAX_OTHERS = 64  # impls of one trait for one type, none of them for the operand at hand
_ANY, _DEREF = Ty(""), Ty("std::ops::Deref")
_ENDS = PRIMITIVES | {"_", "()", "[]", "fn"}
"""What dereferences to nothing."""


class Projections:
    """Answers for one generation of definitions."""

    def __init__(self, scope: Scope, signatures: Signatures, traits: Traits, impls: Impls) -> None:
        self._scope = scope
        self._signatures = signatures
        self._traits = traits
        self._impls = impls

    def derefs(self, ty: Ty, bounds: Bounds) -> Iterator[Ty]:
        """The type and all that it dereferences to."""
        for _ in range(_MAX_DEREFS):
            ty = self.normal(ty, bounds)
            yield ty
            head = ty.head
            target: Ty | None
            if head in _ENDS or head[0] == "!":
                return
            if head == "[;]":
                target = Ty("[]", ty.args)
            elif "::" in head and head[:2] != "::":
                target = self._associated_type(ty, "Target", _DEREF, bounds, 0)
            elif head[0] == "'" or head in ("impl", "dyn"):
                target = self._bound_target(ty, bounds)
            else:
                return
            if target is None or target == ty or target.head == "_":
                return
            ty = target

    def _bound_target(self, ty: Ty, bounds: Bounds) -> Ty | None:
        for bound in self._traits.bounds_of(ty, bounds):
            if bound.head.endswith(("::Deref", "::DerefMut")):
                for a in bound.args:
                    if a.head == "=Target":
                        return a.args[0]
        return None

    def normal(self, ty: Ty, bounds: Bounds, depth: int = 0) -> Ty:
        """`ty` with its projections followed as far as they can be."""
        head, args = ty
        if not args or depth > _MAX_DEPTH:
            return ty
        if head[:2] == "::":
            base = self.normal(args[0], bounds, depth + 1)
            trait = args[1] if len(args) > 1 else _ANY
            found = self._project(base, head[2:], trait, bounds, depth)
            return found if found is not None else Ty(head, (base, *args[1:]))
        for a in args:
            if a.args:
                return Ty(head, tuple([self.normal(a, bounds, depth + 1) for a in args]))
        return ty

    def _project(self, base: Ty, name: str, trait: Ty, bounds: Bounds, depth: int) -> Ty | None:
        head = base.head
        if head == "_":
            return UNKNOWN
        if head[0] in "'?" or head in ("impl", "dyn") or head[:2] == "::":
            for bound in self._traits.all_bounds_of(base, bounds):
                for a in bound.args:
                    if a.head == f"={name}":
                        return self.normal(a.args[0], bounds, depth + 1)
                if bound.head == "Fn" and name == "Output":
                    return bound.args[0] if bound.args else UNIT
            if head[0] == "'" or head[:2] == "::":
                return self._first(f"*::{name}", base, trait, bounds, depth)
            return None
        return self._associated_type(base, name, trait, bounds, depth)

    def _associated_type(self, base: Ty, name: str, trait: Ty, bounds: Bounds, depth: int) -> Ty | None:
        """`<base as trait>::name`, of any trait if that is ""."""
        if depth > _MAX_DEPTH:
            return None
        found = self._first(f"{owner_of_type(base)}::{name}", base, trait, bounds, depth)
        if found is not None:
            return found
        if base.head in INTEGERS or base.head in FLOATS:
            return base if name == "Output" else None
        return self._first(f"*::{name}", base, trait, bounds, depth)

    def _first(self, key: str, base: Ty, trait: Ty, bounds: Bounds, depth: int) -> Ty | None:
        """By the first impl for `base` that has an associated type under the key."""
        others = 0
        for d in self._scope.get(key):
            if d.kind != _ASSOCIATED_TYPE:
                continue
            container = self._signatures.container(d.container, d.module)
            if container is None or container.is_trait or container.trait is None:
                continue
            own = container.trait
            if trait.head and own.head != trait.head and not _is_deref(own.head, trait.head):
                continue
            env: Env = {}
            if not is_for(container, base, d, env) or not self._impls.holds(container, env, bounds, depth):
                continue
            if not trait.args or unify((own.args or (base,))[0], trait.args[0], env):
                target = self._signatures.associated_type(d, container)
                return self.normal(substitute(target, {**env, "?Self": base}), bounds, depth + 1)
            others += 1
            if others > _MAX_OTHERS:
                break
        return None


def _is_deref(left: str, right: str) -> bool:
    """Whether both are called Deref: in the standard library's own sources it has another path."""
    return "Deref" in right and left.rpartition("::")[2] == right.rpartition("::")[2]
