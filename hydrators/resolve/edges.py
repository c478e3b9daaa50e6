"""From one file's references to its edges: who calls, uses, implements, requires and depends on what.

A pure function of the file's facts and of the definitions under the keys that it asks for. What a reference
means is for `items`, what attributes and manifests declare for `declared`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from hydrators.resolve.declared import MANIFEST_KINDS, Declared, DeclaredEdge
from hydrators.resolve.definitions import join, module_of, named_module
from hydrators.resolve.items import File, Item
from hydrators.resolve.macro_names import MacroNames
from hydrators.resolve.members import Members
from hydrators.resolve.scope import Definitions, Scope, World
from hydrators.resolve.standard import standard_definitions
from store.model import Edge, EdgeKind, FileFacts, NodeFacts, Reference, whole_module

_CALLS = EdgeKind.CALLS.value
_MANY_NAMES = 4


class Resolution(NamedTuple):
    """Edges of a file, and the look-up keys that they hang on."""

    edges: tuple[Edge, ...]  # sorted
    asked: dict[str, frozenset[str]]  # node id → every key its edges depend on, if tracked; else "" → all


class Resolver:
    """Resolves files against one generation of definitions."""

    def __init__(self, definitions: Definitions, world: World) -> None:
        self.scope = Scope(definitions, world, standard_definitions())
        self.members = Members(self.scope)
        self.macros = MacroNames(self.scope)
        self.crates = world.crates

    def forget(self, keys: Collection[str]) -> None:
        """The definitions under these keys are others now."""
        self.scope.forget(keys)

    def resolve(
        self, facts: FileFacts, only: Collection[str] | None = None, *, track: bool = False
    ) -> Resolution:
        """Edges out of the file's nodes (those in `only`, if given)."""
        scope = self.scope
        asked: dict[str, frozenset[str]] = {}
        scope.begin_file()
        edges: list[Edge] = []
        file = File(self.members, self.macros, facts)
        declared = Declared(scope, self.crates, facts, file.modules)
        scope.begin()  # what that asked for, each node asks for again
        for node in facts.nodes:
            if only is not None and node.id not in only:
                continue
            if track:
                scope.begin()
            edges += _edges(file, node, facts.references.get(node.id, ()), declared.of(node))
            if track:
                asked[node.id] = scope.asked()
        if not track:
            asked[""] = scope.asked()
        edges.sort()
        return Resolution(tuple(edges), asked)


def foreign_keys(facts: FileFacts, asked: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """What is stored of the keys that a file's edges depend on, sorted.

    One key `module::+` stands for all keys of a module (or type) where there are many, and for those of the
    file's own modules, because hardly another file can define a name there: ten times fewer rows for the
    first index, at the price of some files that are resolved anew for nothing.
    """
    base = module_of(facts.record)
    own = {base, *(join(base, node.module) for node in facts.nodes if node.module)}
    by_module: dict[str, list[str]] = {}
    keys: list[str] = []
    for key in frozenset().union(*asked.values()):
        module = key.rpartition("::")[0]
        if module and key[-1] != "!":
            by_module.setdefault(module, []).append(key)
        else:
            keys.append(key)
    for module, names in by_module.items():
        if len(names) > _MANY_NAMES or named_module(module) in own:
            keys.append(whole_module(names[0]))
        else:
            keys += names
    return tuple(sorted(keys))


def _edges(
    file: File, node: NodeFacts, references: Sequence[Reference], declared: Sequence[DeclaredEdge]
) -> list[Edge]:
    found: dict[tuple[str, str], tuple[float, str, list[int]]] = {}
    for kind, target, weight, rule, sites in declared:
        if (kind, target) not in found or weight > found[kind, target][0]:
            found[kind, target] = (weight, rule, list(sites))
    node_id = node.id
    if references and node.kind not in MANIFEST_KINDS:
        item = Item(file, node)
        for ordinal, reference in enumerate(references):
            kind, targets = item.targets(reference)
            for target, weight, rule in targets:
                if target == node_id and kind != _CALLS:
                    continue
                entry = found.get((kind, target))
                if entry is None:
                    found[kind, target] = (weight, rule, [ordinal])
                else:
                    entry[2].append(ordinal)
                    if weight > entry[0]:
                        found[kind, target] = (weight, rule, entry[2])
    return [
        Edge(node_id, kind, target, weight, "heuristic", rule, tuple(sites))
        for (kind, target), (weight, rule, sites) in found.items()
    ]
