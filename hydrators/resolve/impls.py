"""Which impls are for a type, those for all types included, and so which traits it implements.

Matches headers only; what an impl's items are to a type is for `projections` and `members`.
"""

from __future__ import annotations

from collections.abc import Mapping

from hydrators.resolve.scope import Scope
from hydrators.resolve.signatures import Container, Signatures
from hydrators.resolve.traits import Traits
from hydrators.resolve.types import UNKNOWN, Bounds, Env, Ty, unify
from store.model import Definition

_MAX_CONDITIONS = 4
_ASSUMED = frozenset(
    (
        "Sized",
        "Send",
        "Sync",
        "Unpin",
        "Debug",
        "Clone",
        "Copy",
        "PartialEq",
        "Eq",
        "Hash",
        "PartialOrd",
        "Ord",
        "Default",
        "Any",
        "UnwindSafe",
        "RefUnwindSafe",
    )
)
"""Traits that are so often derived, or automatic, that their absence says nothing."""


class Impls:
    """Answers for one generation of definitions."""

    def __init__(self, scope: Scope, signatures: Signatures, traits: Traits) -> None:
        self._scope = scope
        self._signatures = signatures
        self._traits = traits

    def implements(self, ty: Ty, trait: Ty, bounds: Bounds, depth: int = 0) -> bool:
        """Whether a type is known, or can be taken, to implement a trait."""
        head = ty.head
        if trait.head == "Fn":
            return head in ("fn", "_")
        if head == "_" or depth > _MAX_CONDITIONS or trait.head[0] == "!":
            return False
        if head[0] in "'?" or head in ("impl", "dyn") or head[:2] == "::":
            if any(b.head == trait.head for b in self._traits.all_bounds_of(ty, bounds)):
                return True
        elif head[0] != "!" and self._has_own(ty, trait.head):
            return True
        for container in self.blankets().get(trait.head, ()):
            if self.holds(container, {container.self_type.head: ty}, bounds, depth + 1):
                return True
        return trait.head.startswith("std::") and trait.head.rpartition("::")[2] in _ASSUMED

    def _has_own(self, ty: Ty, trait: str) -> bool:
        """Whether there is an impl of the trait for this type by its name."""
        name = trait.rpartition("::")[2]
        for d in self._scope.get(f"impl {owner_of_type(ty)}"):
            if name not in d.text:
                continue
            container = self._signatures.container(d.text, d.module)
            if container is None or container.trait is None or container.trait.head != trait:
                continue
            if is_for(container, ty, d, {}):
                return True
        return False

    def holds(self, container: Container, env: Env, bounds: Bounds, depth: int = 0) -> bool:
        """Whether an impl for a bare parameter, bound in `env`, demands nothing that its type lacks."""
        head = container.self_type.head
        if head[0] != "?" or head == "?Self":
            return True
        ty = env.get(head, UNKNOWN)
        return all(self.implements(ty, b, bounds, depth + 1) for b in container.bounds.get(head, ()))

    def blankets(self) -> Mapping[str, tuple[Container, ...]]:
        """Impls for a bare parameter, by the path of their trait."""
        return self._scope.remember(("blankets",), self._find_blankets)

    def _find_blankets(self) -> Mapping[str, tuple[Container, ...]]:
        found: dict[str, tuple[Container, ...]] = {}
        for d in self._scope.get("impl *"):
            container = self._signatures.container(d.text, d.module)
            if container is not None and container.trait is not None and container.self_type.head[0] == "?":
                head = container.trait.head
                found[head] = (*found.get(head, ()), container)
        return found


def is_for(container: Container, ty: Ty, d: Definition, env: Env) -> bool:
    """Whether an impl, known by its header or item `d`, is one for `ty`; binds its parameters in `env`."""
    self_type = container.self_type
    if self_type.head == "_":  # for a type inside a body, or made by a macro
        module, _, name = ty.head.rpartition("::")
        return module == d.module and name == d.owner
    return unify(self_type, ty, env)


def owner_of_type(ty: Ty) -> str:
    """The owner under which a type's impls are keyed."""
    head = ty.head
    if "::" in head:
        return head.rpartition("::")[2]
    if head in ("dyn", "impl"):
        return ty.args[0].head.rpartition("::")[2] if ty.args else "*"
    return "*ptr" if head == "*" else head
