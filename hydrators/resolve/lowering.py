"""From a type as written to the type that it is: names looked up, aliases expanded, bounds read as traits.

Asks `Scope` what a name means at a place. Knows nothing of what a type has (see `hydrators.resolve.members`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hydrators.exact import Signature, parse_signature
from hydrators.resolve.scope import Scope
from hydrators.resolve.types import (
    PRIMITIVES,
    UNIT,
    UNKNOWN,
    Syntax,
    Ty,
    read_bounds,
    read_type,
    substitute,
)
from store.model import Definition, NodeKind

_ALIAS, _VARIANT = NodeKind.TYPE_ALIAS.value, NodeKind.VARIANT.value
_TRAITS = frozenset((NodeKind.TRAIT.value, NodeKind.TRAIT_ALIAS.value))
_NOMINAL = frozenset((NodeKind.STRUCT.value, NodeKind.ENUM.value, NodeKind.UNION.value))

_MAX_LOWERED = 24
_ALIAS_DEPTH = 3  # what an alias costs of it: a circle of aliases ends after eight
_FN_TRAITS = frozenset(("Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"))
_WRAPPED = {"slice": "[]", "array": "[;]", "ptr": "*"}


class Place(NamedTuple):
    """Where a type is written: what its names mean. The module may be that of a body."""

    module: str
    parameters: Mapping[str, Ty]
    self_type: Ty


class Lowering:
    """Lowers what is written against one generation of definitions."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def lower(self, syntax: Syntax, place: Place, depth: int = 0) -> Ty:
        """The type that `syntax` is at a place."""
        kind = syntax.kind
        if depth > _MAX_LOWERED:
            return UNKNOWN
        if kind == "path":
            return self._lower_path(syntax, place, depth)
        if kind == "ref":
            return self.lower(syntax.parts[0], place, depth + 1)
        if kind == "tuple":
            if not syntax.parts:
                return UNIT
            return Ty("()", tuple([self.lower(p, place, depth + 1) for p in syntax.parts]))
        if kind in _WRAPPED:
            return Ty(_WRAPPED[kind], (self.lower(syntax.parts[0], place, depth + 1),))
        if kind == "fn":
            return Ty("fn", tuple([self.lower(p, place, depth + 1) for p in syntax.parts]))
        if kind in ("dyn", "impl"):
            bounds = [self.lower_bound(p, place, depth + 1) for p in syntax.parts]
            return Ty(kind, tuple([b for b in bounds if b is not None]))
        if kind == "qpath":
            return self._lower_qualified(syntax, place, depth)
        if kind == "never":
            return Ty("!")
        return UNKNOWN

    def _lower_qualified(self, syntax: Syntax, place: Place, depth: int) -> Ty:
        base = self.lower(syntax.parts[0], place, depth + 1)
        arguments: tuple[Ty, ...] = (base,)
        if len(syntax.parts) > 1:
            trait = self.lower_bound(syntax.parts[1], place, depth + 1)
            arguments = (base, trait) if trait is not None else (base,)
        for name in syntax.name.split("::"):
            arguments = (Ty(f"::{name}", arguments),)
        return arguments[0]

    def _lower_path(self, syntax: Syntax, place: Place, depth: int) -> Ty:
        name = syntax.name
        if "::" not in name:
            known = place.parameters.get(name)
            if known is not None:
                return known
            if name == "Self":
                return place.self_type
            if name in PRIMITIVES:
                return Ty(name)
            segments = [name]
        else:
            segments = name.split("::")
            head = place.parameters.get(segments[0])
            if head is None and segments[0] == "Self":
                head = place.self_type
            if head is not None:
                return projected(head, segments[1:])
        found = self._scope.resolve(segments, place.module, "type")
        if found is None:
            return UNKNOWN
        path, definitions = found.path, found.definitions
        if path[0] == "!":
            return Ty(path, self._arguments(syntax, place, depth))
        if not definitions:
            return UNKNOWN
        first = definitions[0]
        kind = first.kind
        if kind in _NOMINAL:
            base = Ty(path, self._arguments(syntax, place, depth))
        elif kind == _ALIAS:
            base = self._expand(first, self._arguments(syntax, place, depth), depth)
        elif kind == _VARIANT:
            base = Ty(path.rpartition("::")[0], self._arguments(syntax, place, depth))
        elif kind in _TRAITS:
            base = Ty("dyn", (Ty(path, self._arguments(syntax, place, depth)),))
        else:
            return UNKNOWN
        return projected(base, found.rest)

    def _arguments(self, syntax: Syntax, place: Place, depth: int) -> tuple[Ty, ...]:
        """What the last segment with generic arguments is given."""
        for arguments in reversed(syntax.generic):
            if arguments:
                return tuple(
                    [
                        Ty(f"={a.name}", (self.lower(a.parts[0], place, depth + 1),))
                        if a.kind == "binding"
                        else self.lower(a, place, depth + 1)
                        for a in arguments
                    ]
                )
        return ()

    def lower_bound(self, syntax: Syntax, place: Place, depth: int = 0) -> Ty | None:
        """A trait as a type whose head is the trait's path; `Fn(A) -> R` becomes Ty("Fn", (R, A))."""
        if syntax.kind != "path" or depth > _MAX_LOWERED:
            return None
        last = syntax.name.rpartition("::")[2]
        if last in _FN_TRAITS and syntax.generic:
            arguments = syntax.generic[-1]
            if arguments and arguments[0].kind == "fn":
                return Ty("Fn", self.lower(arguments[0], place, depth + 1).args)
        found = self._scope.resolve(syntax.name.split("::"), place.module, "type")
        if found is None or found.rest:
            return None
        if found.path[0] != "!" and not any(d.kind in _TRAITS for d in found.definitions):
            return None
        return Ty(found.path, self._arguments(syntax, place, depth))

    def lower_bounds(self, text: str, place: Place) -> list[Ty]:
        """The traits in `A + B<C>`, without those that are not found."""
        return [b for s in read_bounds(text) if (b := self.lower_bound(s, place)) is not None]

    def _expand(self, alias: Definition, arguments: tuple[Ty, ...], depth: int) -> Ty:
        if depth:  # near the limit the answer hangs on who asks: it is not to be remembered
            parameters, target = self._alias(alias, depth)
        else:
            parameters, target = self._scope.remember(("alias", alias), lambda: self._alias(alias, 0))
        env = dict(zip(parameters, arguments, strict=False))
        return substitute(target, env) if parameters else target

    def _alias(self, alias: Definition, depth: int) -> tuple[tuple[str, ...], Ty]:
        """An alias' parameters and what it stands for."""
        signature = parse_signature(alias.text)
        if signature is None or not signature.type or depth > _MAX_LOWERED:
            return (), UNKNOWN
        parameters = parameters_of(signature)
        place = Place(alias.module, named(parameters), UNKNOWN)
        return parameters, self.lower(read_type(signature.type), place, depth + _ALIAS_DEPTH)


def projected(base: Ty, names: Sequence[str]) -> Ty:
    """`base::A::B`, not followed."""
    for name in names:
        base = Ty(f"::{name}", (base,))
    return base


def parameters_of(signature: Signature) -> tuple[str, ...]:
    """The type and const parameters of a signature, in order, each as "?T"."""
    return tuple([f"?{g.name}" for g in signature.generics if g.kind != "lifetime"])


def named(parameters: Sequence[str]) -> dict[str, Ty]:
    """What the names of parameters "?T" mean in the item that declares them."""
    return {p[1:]: Ty(p) for p in parameters}
