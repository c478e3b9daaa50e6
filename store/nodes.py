"""Reads of nodes: by id, by file, by line; and the slice of text that a node is.

Knows edges only by their number (see `store.graph`), and names not at all (see `store.node_names`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from store.compiler import CompilerWord, read_externals, read_word
from store.database import Database, Run
from store.model import ExternalNode, NodeFacts, NodeSpan
from store.rows import PackedSpans, brief_columns, count_sources, node_from_row, unpack_edges

_NODES = "?[id, file_path, kind, facts] := id in $ids, *isg_nodes{id, file_path, kind, facts}"


class NodeBrief(NamedTuple):
    """What is said of a node in passing. `signature` is the exact one if there is one. A definition outside
    the workspace has no file: `file_path` is "", and `qualified_name` begins with its crate."""

    id: str
    kind: str
    name: str
    qualified_name: str
    file_path: str
    signature: str


class FoundNode(NamedTuple):
    """A node with its place."""

    facts: NodeFacts
    file_path: str
    span: NodeSpan


class NodeSummary(NamedTuple):
    """A node with its place, its text and its surroundings. `confidence` is in 0..1 (see
    `confidence_of`); `text` is the slice with docs and attributes; `edge_counts` leave CONTAINS out."""

    facts: NodeFacts
    file_path: str
    span: NodeSpan
    text: str
    confidence: float
    parent: NodeBrief | None
    children: tuple[NodeBrief, ...]
    outgoing_count: int
    incoming_count: int
    compiler: CompilerWord


def read_nodes(run: Run, ids: Collection[str]) -> dict[str, tuple[str, NodeFacts]]:
    """id -> (file path, facts) of those that exist."""
    if not ids:
        return {}
    rows = run(_NODES, {"ids": list(ids)})
    return {id_: (path, node_from_row(id_, kind, facts)) for id_, path, kind, facts in rows}


def read_briefs(run: Run, ids: Collection[str]) -> dict[str, NodeBrief]:
    """id -> brief of those that exist, those outside the workspace included."""
    if not ids:
        return {}
    rows = run(_NODES, {"ids": list(ids)})
    briefs = {id_: brief_from_row(id_, path, kind, facts) for id_, path, kind, facts in rows}
    outside = [id_ for id_ in ids if id_ not in briefs] if len(briefs) < len(ids) else ()
    briefs.update((id_, brief_of_external(node)) for id_, node in read_externals(run, outside).items())
    return briefs


def read_spans(run: Run, path: str) -> PackedSpans:
    """The spans of a file's nodes; none if the file is not in the store."""
    rows = run("?[spans] := *file_spans{file_path: $path, spans}", {"path": path})
    return PackedSpans(rows[0][0] if rows else "[]")


def read_children(run: Run, node_id: str, file_path: str) -> list[NodeBrief]:
    """The nodes directly inside a node, in source order."""
    inside = read_spans(run, file_path).inside(node_id)
    nodes = read_nodes(run, inside)
    return [brief_of(file_path, nodes[id_][1]) for id_ in inside if nodes[id_][1].parent_id == node_id]


def get_node(db: Database, node_id: str) -> FoundNode | None:
    """A node's facts and place, or None."""
    with db.reading() as run:
        return read_found(run, node_id)


def node_exists(db: Database, node_id: str) -> bool:
    """Whether this is the id of a node."""
    return bool(db.query("?[id] := id = $id, *isg_nodes{id}", {"id": node_id}))


def get_node_summary(db: Database, node_id: str) -> NodeSummary | None:
    """All that the store says of one node, or None."""
    with db.reading() as run:
        found = read_found(run, node_id)
        if found is None:
            return None
        facts, path, span = found
        text = run("?[text] := *file_text{file_path: $path, text}", {"path": path})[0][0]
        outgoing = run("?[edges] := *isg_edges{src_id: $id, edges}", {"id": node_id})
        incoming = run("?[segment, sources] := *edge_rev{dst_id: $id, segment, sources}", {"id": node_id})
        word = read_word(run, facts, path)
        return NodeSummary(
            facts=facts,
            file_path=path,
            span=span,
            text=bytes(text[span.start_byte : span.end_byte]).decode(errors="replace"),
            confidence=confidence_of(facts, word),
            parent=read_briefs(run, [facts.parent_id]).get(facts.parent_id) if facts.parent_id else None,
            children=tuple(read_children(run, node_id, path)),
            outgoing_count=sum(len(unpack_edges(node_id, edges)) for (edges,) in outgoing),
            incoming_count=sum(count_sources(sources) for _, sources in incoming),
            compiler=word,
        )


def confidence_of(facts: NodeFacts, word: CompilerWord) -> float:
    """1.0, less 0.4 with parse errors in its own subtree, less 0.2 without an exact signature, less 0.2
    without rust-analyzer's of its present text."""
    missing = (0.0 if facts.signature_syn else 0.2) + (0.0 if word.is_valid and word.signature else 0.2)
    return round(1.0 - missing - (0.4 if facts.parse_error_count else 0.0), 3)


def list_nodes_by_file(db: Database, path: str) -> list[tuple[NodeFacts, NodeSpan]]:
    """A file's nodes in source order; empty if the file is not in the store."""
    with db.reading() as run:
        spans = read_spans(run, path).all()
        nodes = read_nodes(run, [span.id for span in spans])
        return [(nodes[span.id][1], span) for span in spans]


def nodes_at(db: Database, path: str, line: int) -> list[tuple[NodeFacts, NodeSpan]]:
    """The nodes that enclose the 1-based line, innermost first."""
    with db.reading() as run:
        around = read_spans(run, path).around_line(line)
        nodes = read_nodes(run, [span.id for span in around])
        around.sort(key=lambda span: (span.end_byte - span.start_byte, -span.start_byte))
        return [(nodes[span.id][1], span) for span in around]


def read_found(run: Run, node_id: str) -> FoundNode | None:
    """`get_node` as part of a longer reading."""
    found = read_nodes(run, [node_id]).get(node_id)
    if found is None:
        return None
    path, facts = found
    return FoundNode(facts, path, read_spans(run, path).one(node_id))


def brief_from_row(node_id: str, file_path: str, kind: str, facts: str) -> NodeBrief:
    """A brief without unpacking into a whole record: two hops need hundreds."""
    name, qualified_name, signature = brief_columns(facts)
    return NodeBrief(node_id, kind, name, qualified_name, file_path, signature)


def brief_of_external(node: ExternalNode) -> NodeBrief:
    """A brief of a definition outside the workspace."""
    return NodeBrief(node.id, node.kind, node.path.rpartition("::")[2], node.path, "", node.signature)


def signature_of(facts: NodeFacts) -> str:
    """What people see as a node's signature: the exact one if there is one, else the one as written."""
    return facts.signature_syn or facts.signature_ts


def brief_of(path: str, facts: NodeFacts) -> NodeBrief:
    """A brief of the node of these facts in the file at `path`."""
    signature = signature_of(facts)
    return NodeBrief(facts.id, facts.kind, facts.name, facts.qualified_name, path, signature)
