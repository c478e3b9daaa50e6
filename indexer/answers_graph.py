"""Answers about nodes, edges and changes: finds what the request names, asks the store, shapes rows."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable
from pathlib import Path

from indexer import results
from indexer.fleet import Seat
from indexer.methods import (
    AtParams,
    ChangesParams,
    EdgeParams,
    FindParams,
    ListParams,
    NeighborParams,
    NodeParams,
    PathParams,
    TwoHopParams,
)
from indexer.protocol import ErrorCode, RpcError
from indexer.served import ServedWorkspace
from indexer.service import Call, Handle, freshness
from store import queries
from store.graph import Direction
from store.model import Edge, NodeFacts, NodeSpan
from store.nodes import FoundNode, NodeBrief

RECENT_CLOCKS = 20
CANDIDATES_MAX = 20
_FILE_AND_LINE = re.compile(r"(.+\.rs):(\d{1,9})")


async def list_nodes(call: Call, params: ListParams) -> results.NodeList:
    seat, workspace = await call.service.open_workspace(params)
    file, nodes = await _nodes_of_file(seat, workspace, params.file, params.cwd)
    page = nodes[params.offset : params.offset + params.limit]
    return {
        "file": file,
        "nodes": [_row(facts, file, span) for facts, span in page],
        "total": len(nodes),
        **freshness(seat, workspace),
    }


async def get_node(call: Call, params: NodeParams) -> results.NodeDetail:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await _resolve(seat, workspace, params.node, params.cwd)
    summary = await workspace.read(queries.get_node_summary, node_id)
    if summary is None:
        raise _vanished(node_id)
    return {
        "node": _row(summary.facts, summary.file_path, summary.span),
        "text": summary.text,
        "attributes": list(summary.facts.attributes),
        "confidence": summary.confidence,
        "parent": None if summary.parent is None else _brief(summary.parent),
        "children": [_brief(child) for child in summary.children],
        "outgoing_count": summary.outgoing_count,
        "incoming_count": summary.incoming_count,
        **freshness(seat, workspace),
    }


async def find_nodes(call: Call, params: FindParams) -> results.NodesFound:
    seat, workspace = await call.service.open_workspace(params)
    found = await _find(workspace, params.name, params.limit)
    return {
        "nodes": [_row(node.facts, node.file_path, node.span) for node in found],
        **freshness(seat, workspace),
    }


async def nodes_at(call: Call, params: AtParams) -> results.NodesAt:
    seat, workspace = await call.service.open_workspace(params)
    file, around = await _nodes_around(seat, workspace, params.file, params.line, params.cwd)
    return {
        "file": file,
        "line": params.line,
        "nodes": [_row(facts, file, span) for facts, span in around],
        **freshness(seat, workspace),
    }


async def callers(call: Call, params: EdgeParams) -> results.Neighbors:
    return await _neighbors(call, params, ["CALLS"], "in")


async def callees(call: Call, params: EdgeParams) -> results.Neighbors:
    return await _neighbors(call, params, ["CALLS"], "out")


async def neighbors(call: Call, params: NeighborParams) -> results.Neighbors:
    kinds = None if params.kinds is None else [str(kind) for kind in params.kinds]
    return await _neighbors(call, params, kinds, params.direction)


async def two_hop(call: Call, params: TwoHopParams) -> results.TwoHop:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await _resolve(seat, workspace, params.node, params.cwd)
    found = await workspace.read(queries.isg_two_hop, node_id, params.kinds, params.direction, params.limit)
    return {
        "nodes": [{"node": _brief(brief), "hops": hops} for brief, hops in found.nodes],
        "edges": [_edge(edge) for edge in found.edges],
        "truncated": found.truncated,
        **freshness(seat, workspace),
    }


async def find_path(call: Call, params: PathParams) -> results.PathFound:
    seat, workspace = await call.service.open_workspace(params)
    start = await _resolve(seat, workspace, params.start, params.cwd)
    goal = await _resolve(seat, workspace, params.goal, params.cwd)
    found = await workspace.read(queries.explain_connectivity, start, goal, params.max_hops)
    return {
        "nodes": [_brief(brief) for brief in found.nodes],
        "edges": [_edge(edge) for edge in found.path],
        "reason": found.reason,
        **freshness(seat, workspace),
    }


async def changes_since(call: Call, params: ChangesParams) -> results.ChangeList:
    seat, workspace = await call.service.open_workspace(params)
    since = params.since
    if since is None:
        floor = await workspace.read(queries.changes_floor)
        since = max(floor, freshness(seat, workspace)["clock"] - RECENT_CLOCKS)
    changes = await workspace.read(queries.changes_since, since, params.limit)
    fresh = freshness(seat, workspace)
    fresh["fresh_instance"] = fresh["fresh_instance"] or changes.fresh_instance
    return {
        "next_clock": changes.clock,
        "changes": [
            {
                "clock": clock,
                "path": change.path,
                "added": list(change.added),
                "changed": list(change.changed),
                "removed": list(change.removed),
            }
            for clock, change in changes.entries
        ],
        "more": changes.more,
        **fresh,
    }


async def _neighbors(
    call: Call, params: EdgeParams, kinds: list[str] | None, direction: Direction
) -> results.Neighbors:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await _resolve(seat, workspace, params.node, params.cwd)
    node = await workspace.read(queries.get_node, node_id)
    if node is None:
        raise _vanished(node_id)
    rows: list[results.NeighborRow] = []
    truncated = False
    for side, ask in (("in", queries.edges_to), ("out", queries.edges_from)):
        if direction not in (side, "both"):
            continue
        found = await workspace.read(ask, node_id, kinds, params.limit + 1)
        truncated = truncated or len(found) > params.limit
        rows += [
            {"direction": side, "edge": _edge(edge), "node": _brief(brief)}
            for edge, brief in found[: params.limit]
        ]
    return {
        "node": _brief_of(node),
        "neighbors": rows,
        "truncated": truncated,
        **freshness(seat, workspace),
    }


async def _nodes_of_file(
    seat: Seat, workspace: ServedWorkspace, file: str, cwd: str | None
) -> tuple[str, list[tuple[NodeFacts, NodeSpan]]]:
    """(path in the workspace, its nodes). Raises RpcError NOT_FOUND with the reason."""
    candidates = _paths_in(seat.entry.root, file, cwd)
    for path in candidates:
        nodes = await workspace.read(queries.list_nodes_by_file, path)
        if nodes:
            return path, nodes
    for path in candidates:
        facts = await workspace.read(queries.load_file_facts, path)
        if facts is not None and facts.record.state != "skipped":
            return path, []
        if facts is not None:
            raise RpcError(
                ErrorCode.NOT_FOUND, f"{path} was skipped: {facts.record.reason}", "isg status lists them"
            )
    raise RpcError(
        ErrorCode.NOT_FOUND,
        f"{file} is not in the index of {seat.entry.id}",
        "check the path and what .gitignore says; a file just saved is there after `isg status --wait`",
    )


async def _nodes_around(
    seat: Seat, workspace: ServedWorkspace, file: str, line: int, cwd: str | None
) -> tuple[str, list[tuple[NodeFacts, NodeSpan]]]:
    """(path in the workspace, the nodes around the line, innermost first). Raises RpcError NOT_FOUND."""
    for path in _paths_in(seat.entry.root, file, cwd):
        around = await workspace.read(queries.nodes_at, path, line)
        if around:
            return path, around
    return (await _nodes_of_file(seat, workspace, file, cwd))[0], []


def _paths_in(root: Path, file: str, cwd: str | None) -> list[str]:
    """What `file` may mean inside the workspace: relative to the working directory, then to the root."""
    bases = [root] if cwd is None else [Path(cwd), root]
    paths: list[str] = []
    for base in bases:
        whole = Path(os.path.normpath(base / file))
        if whole.is_relative_to(root) and whole != root and str(whole.relative_to(root)) not in paths:
            paths.append(whole.relative_to(root).as_posix())
    return paths


async def _resolve(seat: Seat, workspace: ServedWorkspace, node: str, cwd: str | None) -> str:
    """The id that an id, a name or `file:line` means. Raises RpcError NOT_FOUND or AMBIGUOUS."""
    place = _FILE_AND_LINE.fullmatch(node)
    if place is not None:
        file, around = await _nodes_around(seat, workspace, place[1], int(place[2]), cwd)
        if not around:
            raise RpcError(ErrorCode.NOT_FOUND, f"no node lies at {file}:{place[2]}", f"isg nodes {file}")
        return around[0][0].id
    if await workspace.read(queries.node_exists, node):
        return node
    found = await _find(workspace, node, CANDIDATES_MAX + 1)
    if len(found) > 1:
        named = [one for one in found if one.facts.kind not in ("use", "extern_crate", "impl")]
        found = named if len(named) == 1 else found
    if len(found) == 1:
        return found[0].facts.id
    if not found:
        raise RpcError(
            ErrorCode.NOT_FOUND,
            f"{seat.entry.id} has no node called {node}",
            "names are as in `new` or `Parser::new`; `isg nodes FILE` lists a file's",
        )
    raise RpcError(
        ErrorCode.AMBIGUOUS,
        f"{len(found)}{'' if len(found) <= CANDIDATES_MAX else ' or more'} nodes are called {node}",
        "name one by its id, or by file.rs:line",
        candidates=[_row(one.facts, one.file_path, one.span) for one in found[:CANDIDATES_MAX]],
    )


async def _find(workspace: ServedWorkspace, name: str, limit: int) -> list[FoundNode]:
    """By id or by name; of a longer path `a::b::Type::name` the last two segments count, then the last."""
    found = await workspace.read(queries.find_nodes, name, limit)
    segments = name.split("::")
    for kept in (2, 1):
        if not found and len(segments) > kept:
            near = await workspace.read(queries.find_nodes, "::".join(segments[-kept:]), 1000)
            found = [node for node in near if _is_below(node, segments[:-kept])][:limit]
    return found


def _is_below(node: FoundNode, qualifiers: Iterable[str]) -> bool:
    place = re.split(r"[/.:<> -]+", f"{node.file_path}:{node.facts.module}:{node.facts.qualified_name}")
    return all(part in place or part in ("crate", "self", "super") for part in qualifiers)


def _row(facts: NodeFacts, file: str, span: NodeSpan) -> results.NodeRow:
    return {
        "id": facts.id,
        "kind": str(facts.kind),
        "name": facts.name,
        "qualified_name": facts.qualified_name,
        "file": file,
        "start_line": span.start_line,
        "end_line": span.end_line,
        "level": facts.isgl_level,
        "parent_id": facts.parent_id,
        "visibility": facts.visibility,
        "signature": facts.signature_ts,
        "cfg": facts.cfg,
        "is_test": facts.is_test,
        "parse_errors": facts.parse_error_count,
        "recovered": facts.recovered,
        "hash": facts.hash,
    }


def _brief(brief: NodeBrief) -> results.NodeBriefRow:
    return {
        "id": brief.id,
        "kind": str(brief.kind),
        "name": brief.name,
        "qualified_name": brief.qualified_name,
        "file": brief.file_path,
        "signature": brief.signature_ts,
    }


def _brief_of(node: FoundNode) -> results.NodeBriefRow:
    facts = node.facts
    return _brief(
        NodeBrief(facts.id, facts.kind, facts.name, facts.qualified_name, node.file_path, facts.signature_ts)
    )


def _edge(edge: Edge) -> results.EdgeRow:
    return {
        "src_id": edge.src_id,
        "kind": str(edge.kind),
        "dst_id": edge.dst_id,
        "weight": edge.weight,
        "provenance": edge.provenance,
        "rule": edge.rule,
    }


def _vanished(node_id: str) -> RpcError:
    return RpcError(ErrorCode.NOT_FOUND, f"{node_id} has just gone", "ask again")


GRAPH_ANSWERS: dict[str, Handle] = {
    "nodes.list": list_nodes,
    "nodes.get": get_node,
    "nodes.find": find_nodes,
    "nodes.at": nodes_at,
    "graph.callers": callers,
    "graph.callees": callees,
    "graph.neighbors": neighbors,
    "graph.two_hop": two_hop,
    "graph.path": find_path,
    "changes.since": changes_since,
}
