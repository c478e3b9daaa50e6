"""What calls and implements what: which of our edges and which of rust-analyzer's references belong together."""

from __future__ import annotations

from collections.abc import Callable

from store.model import Edge, EdgeKind, NodeKind, ReferenceKind
from tests.oracles.comparison import Outcome, compare, strongest
from tests.oracles.oracle import NOT_CALLING, Expectation, Oracle
from tests.oracles.tokens import impl_header

_MENTIONS = frozenset({EdgeKind.CALLS, EdgeKind.USES})
_FUNCTIONS = frozenset({NodeKind.FUNCTION, NodeKind.METHOD})
_MACROS = frozenset({NodeKind.MACRO})
_CONSTRUCTORS = frozenset({NodeKind.STRUCT, NodeKind.VARIANT})


def functions(oracle: Oracle) -> Outcome:
    """Calls of functions and methods, and mentions of them as values."""
    return _compare(oracle, _FUNCTIONS, _MENTIONS)


def macros(oracle: Oracle) -> Outcome:
    """Uses of macros of the tree itself."""
    return _compare(oracle, _MACROS, _MENTIONS)


def constructors(oracle: Oracle) -> Outcome:
    """Calls of tuple structs and variants. Precision only: rust-analyzer does not tell a call from a pattern."""
    outcome = _compare(oracle, _CONSTRUCTORS, frozenset({EdgeKind.CALLS}))
    return Outcome(
        bound=outcome.bound,
        all=outcome.all,
        by_rule=outcome.by_rule,
        by_reference=outcome.by_reference,
        wrong_because=outcome.wrong_because,
        silent_because=outcome.silent_because,
        wrong=outcome.wrong,
        silent=outcome.silent,
    )


def implementations(oracle: Oracle) -> Outcome:
    """`impl Trait for Type`: from the impl to a trait of the tree. Negative impls are left out."""
    references: list[Expectation] = []
    negative: set[str] = set()
    for file in oracle.ours.files.values():
        for node, span in zip(file.nodes, file.spans, strict=True):
            if node.kind != NodeKind.IMPL:
                continue
            header = impl_header(file.text, span.start_byte, span.end_byte)
            if header is None or not header.trait:
                continue
            if header.negative:
                negative.add(node.id)
                continue
            start, end = header.trait[-1]
            for one in oracle.at(file.path, start):
                if targets := oracle.targets(file.path, one):
                    references.append(Expectation(file, start, end, node.id, tuple(targets), "trait"))
                    break
    edges = [
        edge
        for edge in oracle.ours.edges
        if edge.kind == EdgeKind.IMPLEMENTS
        and edge.dst_id in oracle.ours.where
        and oracle.ours.node(edge.src_id).kind == NodeKind.IMPL
        and edge.src_id not in negative
    ]
    return compare(oracle, strongest(edges), references)


def knowledge(oracle: Oracle) -> tuple[int, int]:
    """(how many of the names that we take for calls rust-analyzer knows, how many there are): without the sources of
    std at hand it would know few, and most of our mistakes would pass as silent."""
    known = asked = 0
    for file in oracle.ours.files.values():
        for node, span in zip(file.nodes, file.spans, strict=True):
            if node.kind == NodeKind.MACRO or not oracle.has_seen(node.id):
                continue
            for one in file.references.get(node.id, ()):
                if one.kind in (ReferenceKind.CALL, ReferenceKind.METHOD_CALL):
                    asked += 1
                    known += bool(
                        oracle.at(file.path, span.start_byte + one.end_byte - len(one.name.encode()))
                    )
    return known, asked


GROUPS: dict[str, Callable[[Oracle], Outcome]] = {
    "functions": functions,
    "macros": macros,
    "constructors": constructors,
    "implementations": implementations,
}


def _compare(oracle: Oracle, kinds: frozenset[NodeKind], edge_kinds: frozenset[EdgeKind]) -> Outcome:
    ours = oracle.ours

    def counts(edge: Edge) -> bool:
        return (
            edge.kind in edge_kinds
            and edge.dst_id in ours.where
            and ours.node(edge.dst_id).kind in kinds
            and ours.node(edge.src_id).kind not in NOT_CALLING
        )

    references = [one for one in oracle.references if ours.node(one.targets[0]).kind in kinds]
    return compare(oracle, strongest(filter(counts, ours.edges)), references)
