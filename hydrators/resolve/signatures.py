"""What the signatures of definitions say, as types: impl headers, functions, fields, constants.

Each is read once for a generation of definitions. Knows nothing of which impls a type has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hydrators.exact import Signature, parse_signature
from hydrators.resolve.lowering import Lowering, Place, named, parameters_of
from hydrators.resolve.scope import Scope
from hydrators.resolve.types import UNIT, UNKNOWN, Bounds, Ty, bound_key, read_bounds, read_type
from store.model import Definition, NodeKind

_TRAIT, _IMPL, _VARIANT = NodeKind.TRAIT.value, NodeKind.IMPL.value, NodeKind.VARIANT.value
_NOMINAL = frozenset((NodeKind.STRUCT.value, NodeKind.ENUM.value, NodeKind.UNION.value))

NUMBERS = frozenset(("std::primitive::Integer", "std::primitive::Float"))
"""What the standard library's declarations call all integers and all floats, to declare their items once."""


class Container(NamedTuple):
    """An impl or trait as seen from its items. `self_type` is "?Self" in a trait; `trait` is None for an
    inherent impl."""

    is_trait: bool
    trait: Ty | None
    self_type: Ty
    bounds: Bounds
    parameters: tuple[str, ...]


class Callable(NamedTuple):
    """A function's types, with "?T" for its own and its container's parameters."""

    has_receiver: bool
    parameters: tuple[Ty, ...]  # without the receiver
    result: Ty
    bounds: Bounds
    generics: tuple[str, ...]  # own type and const parameters, in order: for turbofish


class Shape(NamedTuple):
    """A struct's, union's or variant's fields by name, and its owner's parameters."""

    parameters: tuple[str, ...]
    fields: Mapping[str, Ty]


class Signatures:
    """Answers for one generation of definitions."""

    def __init__(self, scope: Scope, lowering: Lowering) -> None:
        self._scope = scope
        self._lowering = lowering

    def nominal(self, path: str) -> tuple[Definition, ...]:
        """The struct, enum or union at an absolute path."""
        return tuple([d for d in self._scope.get(path) if d.kind in _NOMINAL])

    def container(self, text: str, module: str) -> Container | None:
        """The impl or trait with this header in this module; None if it cannot be read or is negative."""
        return self._scope.remember(("container", text, module), lambda: self._container(text, module))

    def _container(self, text: str, module: str) -> Container | None:
        signature = parse_signature(text)
        if signature is None or signature.is_negative:
            return None
        parameters = parameters_of(signature)
        lowering = self._lowering
        trait: Ty | None = None
        if signature.kind == _TRAIT:
            self_type = Ty("?Self")
            place = Place(module, named(parameters), self_type)
            trait = Ty(f"{module}::{signature.name}", tuple(map(Ty, parameters)))
        elif signature.kind == _IMPL:
            place = Place(module, named(parameters), UNKNOWN)
            self_type = lowering.lower(read_type(signature.self_type), place)
            if self_type.head in NUMBERS:
                self_type = Ty("?Self")
            place = place._replace(self_type=self_type)
            if signature.trait:
                bounds = read_bounds(signature.trait)
                trait = lowering.lower_bound(bounds[0], place) if bounds else None
                trait = trait or Ty("!" + signature.trait)
        else:
            return None
        is_trait = signature.kind == _TRAIT
        return Container(is_trait, trait, self_type, self.bounds(signature, place), parameters)

    def bounds(self, signature: Signature, place: Place) -> Bounds:
        """Bounds of a signature's type parameters, from the list and the where-clause."""
        found: dict[str, tuple[Ty, ...]] = {}
        for parameter in signature.generics:
            if parameter.kind == "type" and parameter.bounds:
                ty = place.parameters.get(parameter.name)
                if ty is not None:
                    self._add_bounds(found, ty, parameter.bounds, place)
        for predicate in signature.where:
            subject = predicate.subject
            if subject.startswith("for<"):
                subject = subject.partition(">")[2]
            ty = self._lowering.lower(read_type(subject), place)
            self._add_bounds(found, ty, predicate.bounds, place)
        return found

    def _add_bounds(
        self, found: dict[str, tuple[Ty, ...]], ty: Ty, texts: Sequence[str], place: Place
    ) -> None:
        key = bound_key(ty)
        if key:
            lowered = [b for text in texts for b in self._lowering.lower_bounds(text, place)]
            found[key] = (*found.get(key, ()), *lowered)

    def callable(self, d: Definition) -> Callable | None:
        """The types of a function or method; None if its signature cannot be read."""
        return self._scope.remember(("callable", d), lambda: self._callable(d))

    def _callable(self, d: Definition) -> Callable | None:
        signature = parse_signature(d.text)
        if signature is None:
            return None
        own = parameters_of(signature)
        parameters = named(own)
        self_type = UNKNOWN
        bounds: Bounds = {}
        container = self.container(d.container, d.module) if d.container else None
        if container is not None:
            parameters |= named(container.parameters)
            self_type, bounds = container.self_type, container.bounds
        place = Place(d.module, parameters, self_type)
        lower = self._lowering.lower
        result = lower(read_type(signature.return_type), place) if signature.return_type else UNIT
        types = tuple([lower(read_type(p.type), place) for p in signature.parameters])
        own_bounds = self.bounds(signature, place)
        return Callable(bool(signature.receiver), types, result, {**bounds, **own_bounds}, own)

    def shape(self, d: Definition) -> Shape:
        """Fields of a struct, union or variant."""
        return self._scope.remember(("shape", d), lambda: self._shape(d))

    def _shape(self, d: Definition) -> Shape:
        signature = parse_signature(d.text)
        owner = parse_signature(d.container) if d.container and d.kind == _VARIANT else signature
        if signature is None:
            return Shape((), {})
        parameters = parameters_of(owner) if owner is not None else ()
        place = Place(d.module, named(parameters), Ty(type_path(d), tuple(map(Ty, parameters))))
        lower = self._lowering.lower
        return Shape(parameters, {f.name: lower(read_type(f.type), place) for f in signature.fields})

    def value_type(self, d: Definition) -> Ty:
        """Type of a const, a static or an associated const."""
        return self._scope.remember(("value", d), lambda: self._value_type(d))

    def _value_type(self, d: Definition) -> Ty:
        signature = parse_signature(d.text)
        if signature is None or not signature.type:
            return UNKNOWN
        place = Place(d.module, {}, UNKNOWN)
        container = self.container(d.container, d.module) if d.container else None
        if container is not None:
            place = Place(d.module, named(container.parameters), container.self_type)
        return self._lowering.lower(read_type(signature.type), place)

    def associated_type(self, d: Definition, container: Container) -> Ty:
        """What an impl makes an associated type, with its parameters as "?T"."""
        return self._scope.remember(("associated-type", d), lambda: self._associated_type(d, container))

    def _associated_type(self, d: Definition, container: Container) -> Ty:
        signature = parse_signature(d.text)
        if signature is None or not signature.type:
            return UNKNOWN
        place = Place(d.module, named(container.parameters), container.self_type)
        return self._lowering.lower(read_type(signature.type), place)


def type_path(d: Definition) -> str:
    """Absolute path of a type; of a variant, its enum's."""
    return f"{d.module}::{d.owner}" if d.kind == _VARIANT else d.key
