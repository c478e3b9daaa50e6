"""From a server's answer about a file to what is stored of it: signatures, edges, diagnostics by node.

Pure: where a definition lies becomes a node by the outlines of the files that it is given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hydrators.rust_analyzer.externals import LEADING_ON
from hydrators.rust_analyzer.model import ExternalItem, FileAnswer, Range, ServerDiagnostic, Target
from hydrators.rust_analyzer.plan import SIGNED, Lines, Plan, name_offset
from store.model import (
    Diagnostic,
    Edge,
    EdgeKind,
    ExternalNode,
    FileFacts,
    HydratedFile,
    HydratedNode,
    NodeKind,
    ReferenceKind,
    hydration_key,
)

RULE_DEFINITION = "definition"
RULE_MADE_BY_MACRO = "made-by-macro"
RULE_LED_ON = "led-on"
"""What a function of `externals.LEADING_ON`, which is called, ends in."""
UNNAMED = "it has no name that could be asked about"
_FUNCTIONS = frozenset({NodeKind.FUNCTION.value, NodeKind.METHOD.value})
_MACRO_CALL = NodeKind.MACRO_CALL.value
_NOT_MEANT = frozenset({NodeKind.IMPL.value, NodeKind.USE.value, NodeKind.EXTERN_BLOCK.value})
_VALUES = frozenset({ReferenceKind.PATH.value, ReferenceKind.VALUE.value})


class _Placed(NamedTuple):
    id: str
    kind: str
    name: str
    start: int  # bytes, half-open
    end: int


class Outline:
    """Where the nodes of one file lie."""

    def __init__(self, facts: FileFacts) -> None:
        self.lines = Lines(facts.text)
        self._nodes = [
            _Placed(node.id, node.kind, node.name, span.start_byte, span.end_byte)
            for node, span in zip(facts.nodes, facts.spans, strict=True)
        ]
        self._starts = [node.start for node in self._nodes]
        self._by_end: dict[int, list[_Placed]] = {}
        # Where an item is broken, the server may see its end elsewhere.
        self._broken: dict[int, _Placed] = {}
        for node, placed in zip(facts.nodes, self._nodes, strict=True):
            self._by_end.setdefault(placed.end, []).append(placed)
            if (node.parse_error_count or node.recovered) and node.kind in SIGNED:
                at = name_offset(node, facts.text[placed.start : placed.end])
                if at is not None:
                    self._broken[placed.start + at] = placed

    def __len__(self) -> int:
        return len(self._nodes)

    def innermost(self, offset: int) -> _Placed | None:
        """The innermost node around a byte."""
        for at in range(bisect_right(self._starts, offset) - 1, -1, -1):
            if offset < self._nodes[at].end:
                return self._nodes[at]
        return None

    def meant(self, whole: Range, name: Range) -> _Placed | None:
        """The node that a definition is, or the macro call that makes it; None for what is no node, such as a
        variable, or a method that a derive makes."""
        named_at = self.lines.offset(name.start)
        for node in reversed(self._by_end.get(self.lines.offset(whole.end), ())):
            if node.start <= named_at < node.end:
                return node
        if (broken := self._broken.get(named_at)) is not None:
            return broken
        around = self.innermost(named_at)
        return around if around is not None and around.kind == _MACRO_CALL else None


class Finding(NamedTuple):
    """What one site means: these targets, all of them possible; without one, nothing that is a node."""

    targets: tuple[tuple[str, str, str], ...]  # id, kind, rule


def targets_of(answer: FileAnswer) -> set[str]:
    """Paths of the files whose outlines are needed to read the answer."""
    return {target.path for targets in answer.definitions for target in targets if target.external is None}


def read_answer(
    facts: FileFacts, plan: Plan, answer: FileAnswer, outlines: Mapping[str, Outline], as_of: int
) -> HydratedFile:
    """What the store is told. Targets in files without an outline are left unresolved."""
    signatures = dict(zip(plan.hovers, answer.hovers, strict=True))
    sites: dict[str, dict[int, Finding]] = {}
    externals: dict[str, ExternalNode] = {}
    for (node_id, ordinal), targets in zip(plan.sites, answer.definitions, strict=True):
        name = facts.references[node_id][ordinal].name
        finding = _finding(name, targets, outlines, externals)
        if finding is not None:
            sites.setdefault(node_id, {})[ordinal] = finding
    nodes = []
    for node in plan.nodes:
        hover = signatures.get(node.id)
        signature, reason = (hover.signature, hover.reason) if hover else ("", "")
        if hover is None and node.kind in SIGNED:
            reason = UNNAMED
        references = facts.references.get(node.id, ())
        kinds = [one.kind for one in references]
        edges = _edges(node.id, kinds, sites.get(node.id, {}))
        key = hydration_key(node)
        nodes.append(HydratedNode(node.id, key, node.signature_hash, signature, reason, edges))
    found = answer.diagnostics
    return HydratedFile(
        path=facts.record.path,
        file_hash=facts.record.hash,
        as_of=as_of,
        nodes=tuple(nodes),
        diagnostics=None if found is None else _diagnostics(facts, found),
        externals=tuple(sorted(externals.values())),
        is_partial=answer.is_partial,
    )


def missing_in_outline(plan: Plan, answer: FileAnswer) -> int:
    """How many of the items that were asked about are not in the server's outline of the file: those that
    macros make, or else it has another text than we."""
    if answer.outline is None:
        return 0
    named = {symbol.name_range.start for symbol in answer.outline}
    return sum(at not in named for at in plan.question.hovers)


def _finding(
    name: str,
    targets: Sequence[Target],
    outlines: Mapping[str, Outline],
    externals: dict[str, ExternalNode],
) -> Finding | None:
    """None: the server cannot tell, or tells of a file that is not known.

    Several targets are all that stands behind a token that a macro has a part in: the macro, the item that it
    makes, what else it has put there. Those count that are called as the token is. Or they are a function
    that leads on, and where it leads: both.
    """
    leads_on = any(one.external is not None and one.external.path == LEADING_ON.get(name) for one in targets)
    found: dict[str, tuple[str, str, str]] = {}
    named: set[str] = set()
    is_told = is_self = False
    for target in targets:
        if target.external is not None and not target.external.path:
            continue  # what a macro makes of which nobody can say what it is called
        if target.external is not None:
            external = external_node(target.external)
            externals[external.id] = external
            found[external.id] = (external.id, external.kind, RULE_DEFINITION)
            if external.path.rpartition("::")[2] == name:
                named.add(external.id)
        elif (outline := outlines.get(target.path)) is not None:
            is_told = True
            meant = outline.meant(target.whole, target.name)
            if meant is not None and meant.kind in _NOT_MEANT:
                is_self = True  # `Self(…)`: what it constructs is told by the text
            elif meant is not None:
                rule = RULE_MADE_BY_MACRO if meant.kind == _MACRO_CALL else RULE_DEFINITION
                found[meant.id] = (meant.id, meant.kind, rule)
                if meant.name == name:
                    named.add(meant.id)
    if leads_on:
        both = [one for one in found.values() if one[1] != NodeKind.MACRO]
        return Finding(tuple([(*one[:2], one[2] if one[0] in named else RULE_LED_ON) for one in both]))
    if len(found) > 1 or is_self:
        if not named:
            return None
        return Finding(tuple([one for id_, one in found.items() if id_ in named]))
    return Finding(tuple(found.values())) if found or is_told else None


def external_node(item: ExternalItem) -> ExternalNode:
    """The node of a definition outside the workspace."""
    within = item.path.removeprefix(f"{item.crate}::") + ("!" if item.kind == NodeKind.MACRO else "")
    node_id = f"{item.crate}@{item.version}::{within}"
    return ExternalNode(node_id, item.crate, item.version, item.path, item.kind, item.signature)


def _edges(node_id: str, kinds: Sequence[str], sites: Mapping[int, Finding]) -> tuple[Edge, ...]:
    """Edges of one node. A site that means no node is an edge to "": it only takes the place of guesses."""
    found: dict[tuple[str, str], tuple[float, str, list[int]]] = {}
    for ordinal, finding in sites.items():
        for target, kind, rule in finding.targets or (("", "", RULE_DEFINITION),):
            named = sum(one[2] != RULE_LED_ON for one in finding.targets)
            weight = round(1.0 / max(named, 1), 3)
            key = _edge_kind(kinds[ordinal], kind), target
            before = found.setdefault(key, (weight, rule, []))
            if weight > before[0]:
                found[key] = (weight, rule, before[2])
            found[key][2].append(ordinal)
    return tuple(
        sorted(
            Edge(node_id, kind, target, weight, "ra", rule, tuple(ordinals))
            for (kind, target), (weight, rule, ordinals) in found.items()
        )
    )


def _edge_kind(reference: str, target: str) -> str:
    if reference == ReferenceKind.TRAIT_IMPL:
        return EdgeKind.IMPLEMENTS.value
    if reference in _VALUES and target not in _FUNCTIONS:
        return EdgeKind.USES.value
    return EdgeKind.CALLS.value


def _diagnostics(facts: FileFacts, found: Sequence[ServerDiagnostic]) -> tuple[Diagnostic, ...]:
    if not found:
        return ()
    outline = Outline(facts)
    placed = []
    for one in found:
        around = outline.innermost(outline.lines.offset(one.range.start))
        start, end = one.range
        placed.append(
            Diagnostic(
                around.id if around is not None else "",
                one.severity,
                one.code,
                one.message,
                start.line + 1,
                start.column,
                end.line + 1,
                end.column,
                one.source,
            )
        )
    return tuple(sorted(placed, key=lambda d: (d.start_line, d.start_column, d.code, d.message)))
