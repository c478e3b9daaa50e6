"""A compiler for the toy language: what it says of a node is a pure function of the whole tree, so that a store
that was hydrated step by step can be compared with one that was hydrated at once."""

from __future__ import annotations

from collections.abc import Mapping

from store import hydration, queries
from store.database import Database, Rows
from store.hydration import PendingFile
from store.model import (
    Diagnostic,
    Edge,
    ExternalNode,
    FileFacts,
    HydratedFile,
    HydratedNode,
    NodeFacts,
    hydration_key,
)
from tests.store.toy_workspace import NAMES, all_definitions, is_exact

TAG = "rust-analyzer 1"
RELATIONS = {
    "ra_nodes": "id",
    "ra_files": "file_path",
    "ra_pending": "file_path",
    "heuristic_edges": "src_id",
    "external_nodes": "id",
    "diagnostics": "file_path",
}

LOCAL, UNKNOWN = NAMES[2], NAMES[3]
"""What these names mean is a local variable, and nothing that the compiler knows, where nothing defines them in
the caller's file."""


def external(name: str) -> ExternalNode:
    return ExternalNode(f"std@1.0::{name}", "std", "1.0", f"std::{name}", "function", f"fn {name}()")


def word_on(node: NodeFacts, tree: Mapping[str, FileFacts], path: str) -> HydratedNode:
    """Each call leads to the first definition in the caller's own file, else to the first anywhere, else out of the
    workspace. The signature tells whether the targets are exact."""
    known = all_definitions(tree)
    sites: dict[str, list[int]] = {}
    said = ""
    for ordinal, reference in enumerate(tree[path].references.get(node.id, ())):
        found = known.get(reference.name, [])
        own = [one for one in found if one.file_path == path]
        if own or (found and reference.name != UNKNOWN):
            target = (own or found)[0]
            said += "!" if is_exact(target) else "?"
            sites.setdefault(target.id, []).append(ordinal)
        elif reference.name == LOCAL:
            sites.setdefault("", []).append(ordinal)
        elif reference.name != UNKNOWN:
            sites.setdefault(external(reference.name).id, []).append(ordinal)
    return HydratedNode(
        node.id,
        hydration_key(node),
        node.signature_hash,
        "" if node.is_test else f"{node.name}: {said}",
        "a test" if node.is_test else "",
        tuple(Edge(node.id, "CALLS", dst, 1.0, "ra", "definition", tuple(s)) for dst, s in sites.items()),
    )


def nodes_to_ask(db: Database, file: PendingFile, facts: FileFacts) -> list[NodeFacts]:
    stored = hydration.hydrated_nodes(db, file.path)
    return [
        node
        for node in facts.nodes
        if file.all_nodes
        or node.id not in stored
        or stored[node.id].key != hydration_key(node)
        or node.name in file.names
        or any(reference.name in file.names for reference in facts.references.get(node.id, ()))
    ]


def answer(db: Database, file: PendingFile, tree: Mapping[str, FileFacts], as_of: int) -> HydratedFile:
    """What a daemon would store of a pending file of the tree."""
    facts = tree[file.path]
    nodes = nodes_to_ask(db, file, facts)
    lines = {span.id: span.start_line for span in facts.spans}
    return HydratedFile(
        file.path,
        file.hash,
        as_of,
        tuple(word_on(node, tree, file.path) for node in nodes),
        tuple(
            Diagnostic(node.id, "error", "E1", "body", lines[node.id], 0, lines[node.id], 1, "toy")
            for node in facts.nodes
            if node.parse_error_count
        ),
        tuple(map(external, NAMES)),
    )


def hydrate(db: Database, tree: Mapping[str, FileFacts], limit: int = 1_000) -> list[str]:
    """Ask about everything that is pending; returns the nodes that were asked about."""
    asked: list[str] = []
    while pending := hydration.pending_files(db, limit):
        as_of = queries.clock(db)
        for file in pending:
            found = answer(db, file, tree, as_of)
            asked += [node.id for node in found.nodes]
            assert hydration.replace_hydration(db, found) is not None
    return asked


def raw(db: Database) -> tuple[Rows, Rows, Rows]:
    """Every row of edges, segments included."""
    return (
        db.query("?[src, edges] := *isg_edges{src_id: src, edges}"),
        db.query("?[target, segment, sources] := *edge_rev{dst_id: target, segment, sources}"),
        db.query("?[path, segment] := *edge_segments{file_path: path, segment}"),
    )


def rows_left(db: Database) -> dict[str, int]:
    return {name: len(db.query(f"?[{key}] := *{name}{{{key}}}")) for name, key in RELATIONS.items()}
