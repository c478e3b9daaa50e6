"""What types have: fields, methods, associated functions and constants, own ones and those of traits.

Chooses among definitions by types alone; which of them a call fits is for `hydrators.resolve.calls`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hydrators.exact import parse_signature
from hydrators.resolve.definitions import live
from hydrators.resolve.impls import Impls, is_for, owner_of_type
from hydrators.resolve.lowering import Lowering
from hydrators.resolve.projections import Projections
from hydrators.resolve.scope import Scope
from hydrators.resolve.signatures import Container, Signatures
from hydrators.resolve.traits import Traits
from hydrators.resolve.types import (
    FLOATS,
    FOREIGN,
    INTEGERS,
    UNKNOWN,
    Bounds,
    Env,
    Ty,
    has_rigid,
    is_foreign,
    part_of,
    substitute,
)
from store.model import Definition, NodeKind

_METHOD = frozenset((NodeKind.METHOD.value,))
_VALUES = frozenset((NodeKind.METHOD.value, NodeKind.FUNCTION.value, NodeKind.ASSOCIATED_CONST.value))
_NO_BOUNDS: Bounds = {}
MAX_CANDIDATES = 64
"""Among more than these nothing is chosen, so that a name that is defined a thousand times and called a
thousand times costs no million comparisons. One more is kept, to tell."""


class Candidate(NamedTuple):
    """A definition that a call can mean, the bindings of its container's parameters, and the rule."""

    definition: Definition
    env: Env
    self_type: Ty
    rule: str


class Members:
    """Answers for one generation of definitions, and holds those who answer for the rest of its types."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.lowering = Lowering(scope)
        self.signatures = Signatures(scope, self.lowering)
        self._traits = Traits(scope, self.lowering, self.signatures)
        self._impls = Impls(scope, self.signatures, self._traits)
        self.projections = Projections(scope, self.signatures, self._traits, self._impls)

    # ------------------------------------------------------------------ fields and methods of a value

    def field(self, ty: Ty, name: str, bounds: Bounds) -> Ty:
        """Type of `value.name`, through dereferencing."""
        step = ty
        for step in self.projections.derefs(ty, bounds):
            if step.head == "()" and name.isdigit():
                return step.args[int(name)] if int(name) < len(step.args) else UNKNOWN
            if "::" in step.head and step.head[:2] != "::" and step.head[0] != "!":
                for d in self.signatures.nominal(step.head):
                    shape = self.signatures.shape(d)
                    if name in shape.fields:
                        env = dict(zip(shape.parameters, step.args, strict=False))
                        return self.projections.normal(substitute(shape.fields[name], env), bounds)
        return part_of(step)

    def methods(self, ty: Ty, name: str, bounds: Bounds) -> tuple[list[Candidate], bool]:
        """What `value.name(…)` can mean, and whether the type is known well enough to say so."""
        is_known = True
        for step in self.projections.derefs(ty, bounds):
            if step.head == "_":
                return [], False
            found = self.associated(step, name, bounds, _METHOD)
            if found:
                return found, True
            if step.head[:2] == "::" or step.head[0] == "?":
                is_known = False
        return [], is_known

    def by_value(self, ty: Ty, name: str, bounds: Bounds) -> list[Candidate]:
        """Methods of traits that take the value itself: on a value they come before what borrows it."""
        if not self.scope.get(f"~{name}"):
            return []
        found = self._of_traits(ty, [owner_of_type(ty)], name, _METHOD)
        if not found:
            found = self._of_blankets(ty, name, bounds, _METHOD)
        return [c for c in found if _takes_value(c.definition)]

    def bounds_of(self, ty: Ty, bounds: Bounds) -> tuple[Ty, ...]:
        """The traits that a parameter, `impl`, `dyn` or projection is known to have."""
        return self._traits.bounds_of(ty, bounds)

    def of_foreign(self, name: str) -> list[Candidate]:
        """Methods that a value of some type of another crate can have: those of impls for such types."""
        return self.scope.remember(("of-foreign", name), lambda: self._find_of_foreign(name))

    def _find_of_foreign(self, name: str) -> list[Candidate]:
        found = []
        for d in self.scope.get(f".{name}"):
            container = self.signatures.container(d.container, d.module)
            if container is not None and is_foreign(container.self_type):
                found.append(Candidate(d, {}, FOREIGN, "method-name"))
        return found

    # ------------------------------------------------------------------ items of a type or trait

    def associated(
        self, ty: Ty, name: str, bounds: Bounds, kinds: frozenset[str] = _VALUES
    ) -> list[Candidate]:
        """What `Type::name` means: own items, those of traits that the type has, defaults, blanket impls."""
        head = ty.head
        if head[0] in "'?" or head in ("impl", "dyn") or head[:2] == "::":
            found = self._of_bounds(ty, name, bounds, kinds)
            if found or head != "dyn":
                return found or self._of_blankets(ty, name, bounds, kinds)
        if head == "_":
            return []
        if ty == FOREIGN:
            return self._of_blankets(ty, name, bounds, kinds)
        remember = self.scope.remember
        found = remember(("associated", ty, name, kinds), lambda: self._of_type(ty, name, kinds))
        if found or any(map(has_rigid, ty.args)):
            return found or self._of_blankets(ty, name, bounds, kinds)
        question = ("blanket", ty, name, kinds)
        return remember(question, lambda: self._of_blankets(ty, name, _NO_BOUNDS, kinds))

    def of_trait_for(self, ty: Ty, path: str, name: str) -> list[Candidate]:
        """What `<Type as Trait>::name` means: the impl's item, or else what the trait declares."""
        question = ("of-trait-for", ty, path, name)
        return self.scope.remember(question, lambda: self._find_of_trait_for(ty, path, name))

    def _find_of_trait_for(self, ty: Ty, path: str, name: str) -> list[Candidate]:
        found = []
        for d in self.scope.get(f"{owner_of_type(ty)}::{name}"):
            container = self.signatures.container(d.container, d.module)
            if container is None or container.trait is None or container.trait.head != path:
                continue
            env: Env = {}
            if is_for(container, ty, d, env):
                found.append(Candidate(d, {**env, "?Self": ty}, ty, "trait-impl"))
        if found:
            return self._live(found)[: MAX_CANDIDATES + 1]
        return self._declared(Ty(path), name, ty, _VALUES, "trait-path")

    def of_trait(self, path: str, name: str, self_type: Ty) -> list[Candidate]:
        """What `Trait::name` means."""
        return self._declared(Ty(path), name, self_type, _VALUES, "trait-path")

    def _of_type(self, ty: Ty, name: str, kinds: frozenset[str]) -> list[Candidate]:
        """The items of impls for a type; only where they have none of the name, the defaults of traits."""
        inherent: list[Candidate] = []
        of_traits: list[Candidate] = []
        owners = [owner_of_type(ty)]
        if ty.head in INTEGERS:
            owners.append("Integer")
        elif ty.head in FLOATS:
            owners.append("Float")
        elif ty.head == "*":
            owners.append("Pointer")
        for owner in owners:
            for d in self.scope.get(f"{owner}::{name}"):
                if d.kind not in kinds:
                    continue
                container = self.signatures.container(d.container, d.module)
                if container is None or container.is_trait:
                    continue
                env: Env = {}
                if not is_for(container, ty, d, env):
                    continue
                env["?Self"] = ty
                if container.trait is None:
                    inherent.append(Candidate(d, env, ty, "inherent"))
                else:
                    of_traits.append(Candidate(d, env, ty, "trait-impl"))
        if inherent:
            return self._live(inherent)[: MAX_CANDIDATES + 1]
        if of_traits:
            found = self._live(of_traits)
            if kinds is _METHOD:
                found += self._other_defaults(found, ty, owners, name)
            return found[: MAX_CANDIDATES + 1]
        return self._of_traits(ty, owners, name, kinds)

    def _other_defaults(
        self, found: list[Candidate], ty: Ty, owners: Sequence[str], name: str
    ) -> list[Candidate]:
        """Beside methods of impls, the workspace's defaults of other traits: the traits in scope decide."""
        declared = {(d.module, d.owner) for d in self.scope.get(f"~{name}") if d.file_path}
        for c in found:
            container = self.signatures.container(c.definition.container, c.definition.module)
            if container is not None and container.trait is not None:
                module, _, trait = container.trait.head.rpartition("::")
                declared.discard((module, trait))
        if not declared:
            return []
        return [
            c
            for c in self._of_traits(ty, owners, name, _METHOD)
            if (c.definition.module, c.definition.owner) in declared
        ]

    def _live(self, candidates: list[Candidate]) -> list[Candidate]:
        if len(candidates) < 2:
            return candidates
        kept = live([c.definition for c in candidates])
        return [c for c in candidates if c.definition in kept] if len(kept) < len(candidates) else candidates

    def _of_traits(self, ty: Ty, owners: Sequence[str], name: str, kinds: frozenset[str]) -> list[Candidate]:
        """What a type has from the defaults of its traits."""
        defaults: list[Candidate] = []
        seen: set[str] = set()
        traits = {d.owner for d in self.scope.get(f"~{name}") if d.kind in kinds}
        for owner in owners if traits else ():
            for d in self.scope.get(f"impl {owner}"):
                for trait_name in traits if len(traits) <= MAX_CANDIDATES else ("",):
                    if trait_name in d.text:
                        break
                else:  # the loop and not `any`: most impls end here
                    continue
                container = self.signatures.container(d.text, d.module)
                if container is None or container.trait is None or container.trait.head[0] == "!":
                    continue
                env: Env = {}
                if not is_for(container, ty, d, env):
                    continue
                trait = substitute(container.trait, env)
                for candidate in self._declared(trait, name, ty, kinds, "default"):
                    if candidate.definition.id not in seen:
                        seen.add(candidate.definition.id)
                        defaults.append(candidate)
                        if len(defaults) > MAX_CANDIDATES:
                            return defaults
        return defaults

    def _of_bounds(self, ty: Ty, name: str, bounds: Bounds, kinds: frozenset[str]) -> list[Candidate]:
        """The items of the first trait that a bound or one of its supertraits brings."""
        rule = "dyn" if ty.head == "dyn" else "bound"
        for trait in self._traits.all_bounds_of(ty, bounds):
            found = self._declared(trait, name, ty, kinds, rule)
            if found:
                return found
        return []

    def _declared(
        self, trait: Ty, name: str, self_type: Ty, kinds: frozenset[str], rule: str
    ) -> list[Candidate]:
        items = [d for d in self._traits.items(trait, name) if d.kind in kinds]
        if not items:
            return []
        env = self._traits.env(trait, self_type)
        return [Candidate(d, env, self_type, rule) for d in items]

    # ------------------------------------------------------------------ impls for all types

    def _of_blankets(self, ty: Ty, name: str, bounds: Bounds, kinds: frozenset[str]) -> list[Candidate]:
        found: list[Candidate] = []
        for d in self.scope.get(f"*::{name}"):
            if d.kind in kinds:
                container = self.signatures.container(d.container, d.module)
                if container is None or container.is_trait or container.self_type.head[0] != "?":
                    continue
                env: Env = {container.self_type.head: ty, "?Self": ty}
                if self._impls.holds(container, env, bounds):
                    found.append(Candidate(d, env, ty, "blanket"))
                    if len(found) > MAX_CANDIDATES:
                        break
        if found:
            return found
        question = ("blanket-defaults", name, kinds)
        for container, definitions in self.scope.remember(question, lambda: self._defaults(name, kinds)):
            if self._impls.holds(container, {container.self_type.head: ty}, bounds):
                found += [Candidate(d, {"?Self": ty}, ty, "blanket") for d in definitions]
                if len(found) > MAX_CANDIDATES:
                    break
        return found

    def _defaults(
        self, name: str, kinds: frozenset[str]
    ) -> tuple[tuple[Container, tuple[Definition, ...]], ...]:
        """Blanket impls of traits that declare an item of this name, with the item."""
        found: list[tuple[Container, tuple[Definition, ...]]] = []
        for head, containers in self._impls.blankets().items():
            items = tuple([d for d in self._traits.items(Ty(head), name) if d.kind in kinds])
            if items:
                found += [(container, items) for container in containers]
        return tuple(found)


def _takes_value(d: Definition) -> bool:
    signature = parse_signature(d.text)
    return signature is not None and signature.receiver in ("self", "mut self")
