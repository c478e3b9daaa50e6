"""What traits declare and demand: their items, supertraits, the bounds of parameters and associated types.

Works on declarations alone; which types implement a trait is for `hydrators.resolve.impls`.
"""

from __future__ import annotations

from collections.abc import Sequence

from hydrators.exact import parse_signature
from hydrators.resolve.lowering import Lowering, Place, named, parameters_of
from hydrators.resolve.scope import Scope
from hydrators.resolve.signatures import Signatures
from hydrators.resolve.types import UNKNOWN, Bounds, Env, Ty, bound_key, has_parameter, substitute
from store.model import Definition, NodeKind

_TRAIT, _TRAIT_ALIAS = NodeKind.TRAIT.value, NodeKind.TRAIT_ALIAS.value
_SELF = Ty("?Self")
_MAX_TRAITS = 40


class Traits:
    """Answers for one generation of definitions."""

    def __init__(self, scope: Scope, lowering: Lowering, signatures: Signatures) -> None:
        self._scope = scope
        self._lowering = lowering
        self._signatures = signatures

    def items(self, trait: Ty, name: str) -> list[Definition]:
        """What a trait declares under a name."""
        path = trait.head
        if path == "Fn" or path[0] == "!":
            return []
        return self._scope.remember(("declared", name), lambda: self._declared(name)).get(path, [])

    def _declared(self, name: str) -> dict[str, list[Definition]]:
        """What traits declare under a name, by the path of the trait."""
        found: dict[str, list[Definition]] = {}
        for d in self._scope.get(f"~{name}"):
            found.setdefault(f"{d.module}::{d.owner}", []).append(d)
        return found

    def env(self, trait: Ty, self_type: Ty) -> Env:
        """What the trait's own parameters are in `self_type: Trait<A, B>`."""
        env: Env = {"?Self": self_type}
        for d in self._scope.get(trait.head):
            if d.kind == _TRAIT:
                container = self._signatures.container(d.text, d.module)
                if container is not None:
                    plain = [a for a in trait.args if a.head[0] != "="]
                    env.update(zip(container.parameters, plain, strict=False))
        return env

    def bounds_of(self, ty: Ty, bounds: Bounds) -> tuple[Ty, ...]:
        """The traits that a parameter, `impl`, `dyn` or projection is known to have."""
        if ty.head in ("impl", "dyn"):
            return ty.args
        key = bound_key(ty)
        found = bounds.get(key, ()) if key else ()
        if ty.head[:2] == "::":
            found = (*found, *self._declared_bounds(ty, bounds))
        return found

    def all_bounds_of(self, ty: Ty, bounds: Bounds) -> list[Ty]:
        """As `bounds_of`, with all supertraits."""
        return self._with_supertraits(self.bounds_of(ty, bounds))

    def _declared_bounds(self, ty: Ty, bounds: Bounds) -> tuple[Ty, ...]:
        """What a trait demands of its associated type."""
        base, name = ty.args[0], ty.head[2:]
        traits = ty.args[1:] or self.bounds_of(base, bounds)
        for trait in self._with_supertraits(traits):
            for d in self.items(trait, name):
                signature = parse_signature(d.text)
                container = self._signatures.container(d.container, d.module)
                if signature is None or container is None:
                    continue
                place = Place(d.module, named(container.parameters), _SELF)
                lowered = self._lower_all(signature.bounds, place)
                env = self.env(trait, base)
                return tuple([substitute(b, env) for b in lowered])
        return ()

    def _with_supertraits(self, traits: Sequence[Ty]) -> list[Ty]:
        found, seen = list(traits), {t.head for t in traits}
        for trait in found:  # grows meanwhile
            if len(found) > _MAX_TRAITS:
                break
            for parent in self._supertraits(trait):
                if parent.head not in seen:
                    seen.add(parent.head)
                    found.append(parent)
        return found

    def _supertraits(self, trait: Ty) -> tuple[Ty, ...]:
        """The traits that a trait demands of its implementors."""
        if trait.head == "Fn" or trait.head[0] == "!":
            return ()
        path = trait.head
        parents = self._scope.remember(("supertraits", path), lambda: self._find_supertraits(path))
        if not parents or not any(has_parameter(p) for p in parents):
            return parents
        env = self.env(trait, UNKNOWN)
        return tuple([substitute(p, env) for p in parents])

    def _find_supertraits(self, path: str) -> tuple[Ty, ...]:
        for d in self._scope.get(path):
            if d.kind in (_TRAIT, _TRAIT_ALIAS):
                signature = parse_signature(d.text)
                if signature is None:
                    return ()
                texts = [*signature.supertraits, *signature.bounds]
                texts += [b for w in signature.where if w.subject == "Self" for b in w.bounds]
                place = Place(d.module, named(parameters_of(signature)), _SELF)
                return tuple(self._lower_all(texts, place))
        return ()

    def _lower_all(self, texts: Sequence[str], place: Place) -> list[Ty]:
        return [b for text in texts for b in self._lowering.lower_bounds(text, place)]
