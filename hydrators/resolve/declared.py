"""Edges that attributes and manifests declare: feature gates, derives, dependencies between crates.

A pure function of one file's facts, of the names of crates, and of the definitions under the keys that are
asked for: `feature crate/name`, `crate name`, the modules that the file hangs on, and what the name of a
derive means. No body is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hydrators.cfg import ALWAYS, Cfg, all_of, conditions, gates, parse, split_cfg_attr
from hydrators.resolve.declarations import lines_above
from hydrators.resolve.definitions import module_of
from hydrators.resolve.scope import Scope
from store.model import EdgeKind, FileFacts, NodeFacts, NodeKind, Reference, ReferenceKind

_CRATE, _FEATURE = NodeKind.CRATE.value, NodeKind.FEATURE.value
_EXTERN_CRATE = NodeKind.EXTERN_CRATE.value
_TRAIT = NodeKind.TRAIT.value
_DERIVING = frozenset((NodeKind.STRUCT.value, NodeKind.ENUM.value, NodeKind.UNION.value))
_IMPORT, _PATH = ReferenceKind.IMPORT.value, ReferenceKind.PATH.value
_GATED, _IMPLEMENTS, _DEPENDS = (
    EdgeKind.FEATURE_GATED_BY.value,
    EdgeKind.IMPLEMENTS.value,
    EdgeKind.DEPENDS.value,
)

MANIFEST_KINDS = frozenset((_CRATE, _FEATURE))
"""Nodes of manifests: what they refer to are no paths of Rust, and all their edges are made here."""

_PARTS = frozenset((NodeKind.USE.value, _EXTERN_CRATE, NodeKind.MACRO_CALL.value, NodeKind.VARIANT.value))
"""Kinds that get no inherited gates, only their own: every sixth edge would be theirs."""
_INHERITED = "-inherited"

_DERIVE = re.compile(r"\s*derive\s*\((.*)\)\s*", re.DOTALL)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PATHS = re.compile(r"(?:::\s*)?(?:r#)?\w+(?:\s*::\s*(?:r#)?\w+)*")
_EXTERN = re.compile(r"\bextern\s+crate\s+(\w+)")

_BUILT_IN = frozenset(("Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"))
"""Derives of the prelude. A trait of the project that is called the same is not what they implement."""
_STANDARD = frozenset(("core", "std", "alloc"))

_WEIGHT_DERIVE = 0.9
_WEIGHT_DERIVE_BESIDE = 0.6
"""Of a trait that stands beside the type: its macro comes from elsewhere, and may be another one's."""


class DeclaredEdge(NamedTuple):
    """An edge out of the node that was asked about. `sites` are ordinals of its references."""

    kind: str
    target: str
    weight: float
    rule: str
    sites: tuple[int, ...] = ()


class _Gating(NamedTuple):
    """When a node is there; the (feature, weight, rule) that follow for it and for what is inside it."""

    predicate: Cfg
    own: tuple[tuple[str, float, str], ...]
    inside: tuple[tuple[str, float, str], ...]


class Declared:
    """The declared edges of one file's nodes."""

    def __init__(
        self,
        scope: Scope,
        crates: Mapping[str, Mapping[str, str]],
        facts: FileFacts,
        modules: Mapping[str, tuple[str, str]],
    ) -> None:
        """`crates` is that of the `World`, `modules` what `modules_of_nodes` says of the file."""
        record = facts.record
        self._scope = scope
        self._crates = crates
        self._crate = record.crate
        self._package = record.crate.partition("#")[0]
        self._facts = facts
        self._root = module_of(record)
        self._modules = modules
        self._file_gating = self._gating_of_file()
        self._gated = self._gate_nodes()

    def of(self, node: NodeFacts) -> list[DeclaredEdge]:
        """The edges of one node of the file."""
        kind = node.kind
        if kind in MANIFEST_KINDS:
            return list(self._of_manifest(node))
        found: list[DeclaredEdge] = []
        if self._root:
            self._gating_of_file()  # each node hangs on its keys
            gates = self._gated.get(node.id, self._file_gating).own
            if gates:
                found += self._gates(gates, kind in _PARTS)
        if node.attributes and kind in _DERIVING:
            found += self._derives(node)
        elif kind == _EXTERN_CRATE:
            found += self._extern_crate(node)
        return found

    # ------------------------------------------------------------------ features

    def _gating_of_file(self) -> _Gating:
        scope, root = self._scope, self._root
        return scope.remember(("gating", root), lambda: _gating(ALWAYS, _module_predicate(scope, root)))

    def _gate_nodes(self) -> dict[str, _Gating]:
        """Gatings of the nodes that do not have the file's, and of what is inside them."""
        found: dict[str, _Gating] = {}
        for node in self._facts.nodes:
            around = found.get(node.parent_id)
            if node.cfg or (node.attributes and any("cfg_attr" in text for text in node.attributes)):
                outer = self._file_gating if around is None else around
                own = conditions(node.cfg, node.attributes)
                if own != ALWAYS:
                    found[node.id] = _gating(own, outer.predicate)
                    continue
            if around is not None:
                found[node.id] = around if around.own is around.inside else around._replace(own=around.inside)
        return found

    def _gates(self, gates: Sequence[tuple[str, float, str]], is_part: bool) -> Iterator[DeclaredEdge]:
        for feature, weight, rule in gates:
            if is_part and rule.endswith(_INHERITED):
                continue
            for target in self._ids(f"feature {self._package}/{feature}", _FEATURE):
                yield DeclaredEdge(_GATED, target, weight, rule)

    # ------------------------------------------------------------------ derives

    def _derives(self, node: NodeFacts) -> Iterator[DeclaredEdge]:
        for path in _derived(node.attributes):
            segments = path.split("::")
            found = self._scope.resolve(segments, self._modules[node.id][0], "type")
            if found is None or found.rest or found.path[0] == "!":
                continue
            if path in _BUILT_IN and found.path.partition("::")[0] not in _STANDARD:
                continue
            traits = [d for d in found.definitions if d.kind == _TRAIT and d.file_path]
            weight = _WEIGHT_DERIVE_BESIDE if found.rule == "module" else _WEIGHT_DERIVE
            for d in traits:
                yield DeclaredEdge(_IMPLEMENTS, d.id, round(weight / len(traits), 3), "derive")

    # ------------------------------------------------------------------ crates

    def _extern_crate(self, node: NodeFacts) -> Iterator[DeclaredEdge]:
        named = _EXTERN.search(node.signature_syn or node.signature_ts)
        if named is not None:
            yield from self._depends([self._crate], named[1], "extern-crate", ())

    def _of_manifest(self, node: NodeFacts) -> Iterator[DeclaredEdge]:
        """A package depends on packages, a feature on what it turns on."""
        references = self._facts.references.get(node.id, ())
        is_crate = node.kind == _CRATE
        sees = [self._package, f"{self._package}#build"]
        sites: dict[tuple[str, str], list[int]] = {}
        for ordinal, reference in enumerate(references):
            if reference.kind == _IMPORT:
                for edge in self._depends(sees, reference.name, "", ()):
                    sites.setdefault((edge.target, "manifest" if is_crate else "feature"), []).append(ordinal)
            elif reference.kind == _PATH:
                for target in self._turned_on(sees, reference):
                    sites.setdefault((target, "feature"), []).append(ordinal)
        for (target, rule), ordinals in sites.items():
            if target != node.id:
                yield DeclaredEdge(_DEPENDS, target, 1.0, rule, tuple(ordinals))

    def _turned_on(self, sees: Sequence[str], reference: Reference) -> Iterator[str]:
        dependency, _, feature = reference.path_text.rpartition("/")
        owners = self._meant(sees, dependency) if dependency else [self._package]
        for owner in owners:
            yield from self._ids(f"feature {owner}/{feature}", _FEATURE)

    def _depends(
        self, sees: Sequence[str], name: str, rule: str, sites: tuple[int, ...]
    ) -> Iterator[DeclaredEdge]:
        for crate in self._meant(sees, name):
            for target in self._ids(f"crate {crate}", _CRATE):
                yield DeclaredEdge(_DEPENDS, target, 1.0, rule, sites)

    def _meant(self, sees: Sequence[str], name: str) -> list[str]:
        """The crates of the workspace, this package's excepted, that these crates know by a name."""
        found = {crate: None for one in sees if (crate := self._crates.get(one, {}).get(name))}
        return [crate for crate in found if crate != self._package]

    def _ids(self, key: str, kind: str) -> list[str]:
        return [d.id for d in self._scope.get(key) if d.kind == kind]


def _module_predicate(scope: Scope, module: str) -> Cfg:
    """When a file is compiled, by the `mod` declarations that it hangs on. Of several declarations of one
    module, each is a way."""
    predicates: list[Cfg] = []
    for lines in lines_above(scope.get, module):
        ways = dict.fromkeys(parse(d.cfg) if d.cfg else ALWAYS for d in lines)
        if ways and ALWAYS not in ways:
            predicates.append(Cfg("any", operands=tuple(ways)) if len(ways) > 1 else next(iter(ways)))
    return all_of(predicates)


def _gating(own: Cfg, around: Cfg) -> _Gating:
    predicate = around if own == ALWAYS else all_of((around, own))
    direct = {gate[:2] for gate in gates(own)}
    found = []
    inside = []
    for gate in gates(predicate):
        is_own = gate[:2] in direct
        found.append((gate.feature, gate.weight, _rule(gate.is_negated, is_own)))
        inside.append((gate.feature, gate.weight, _rule(gate.is_negated, False)))
    if not direct:
        return _Gating(predicate, tuple(inside), tuple(inside))
    return _Gating(predicate, tuple(found), tuple(inside))


def _rule(is_negated: bool, is_own: bool) -> str:
    return ("cfg-not" if is_negated else "cfg") + ("" if is_own else _INHERITED)


def _derived(attributes: Sequence[str]) -> Iterator[str]:
    """Paths of all derives, those that a `cfg_attr` adds included."""
    for attribute in attributes:
        if "derive" not in attribute:
            continue
        texts = [attribute, *(one.text for one in split_cfg_attr(attribute))]
        for text in texts:
            if match := _DERIVE.fullmatch(text):
                for path in _PATHS.findall(_COMMENT.sub("", match[1])):
                    yield re.sub(r"\s|r#", "", path)
