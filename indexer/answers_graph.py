"""Answers about edges and changes: asks the store about a node, shapes rows."""

from __future__ import annotations

from indexer import results
from indexer.answers_nodes import brief_of_found, brief_row, resolve_node, vanished
from indexer.methods import ChangesParams, EdgeParams, NeighborParams, PathParams, TwoHopParams
from indexer.service import Call, Handle, freshness
from store import queries
from store.graph import Direction
from store.implementations import implementations as read_implementations
from store.model import Edge

RECENT_CLOCKS = 20


async def callers(call: Call, params: EdgeParams) -> results.Neighbors:
    return await _neighbors(call, params, ["CALLS"], "in")


async def callees(call: Call, params: EdgeParams) -> results.Neighbors:
    return await _neighbors(call, params, ["CALLS"], "out")


async def implementations(call: Call, params: EdgeParams) -> results.Implementations:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await resolve_node(seat, workspace, params.node, params.cwd)
    node = await workspace.read(queries.get_node, node_id)
    if node is None:
        raise vanished(node_id)
    found = await workspace.read(read_implementations, node_id, params.limit + 1)
    return {
        "node": brief_of_found(node),
        "implementations": [
            {
                "trait_text": one.trait_text,
                "trait": one.trait and brief_row(one.trait),
                "type": one.type and brief_row(one.type),
                "impl": one.impl and brief_row(one.impl),
                "weight": one.weight,
                "rule": one.rule,
            }
            for one in found[: params.limit]
        ],
        "truncated": len(found) > params.limit,
        **freshness(seat, workspace),
    }


async def neighbors(call: Call, params: NeighborParams) -> results.Neighbors:
    kinds = None if params.kinds is None else [str(kind) for kind in params.kinds]
    return await _neighbors(call, params, kinds, params.direction)


async def two_hop(call: Call, params: TwoHopParams) -> results.TwoHop:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await resolve_node(seat, workspace, params.node, params.cwd)
    found = await workspace.read(queries.isg_two_hop, node_id, params.kinds, params.direction, params.limit)
    return {
        "nodes": [{"node": brief_row(brief), "hops": hops} for brief, hops in found.nodes],
        "edges": [_edge(edge) for edge in found.edges],
        "truncated": found.truncated,
        **freshness(seat, workspace),
    }


async def find_path(call: Call, params: PathParams) -> results.PathFound:
    seat, workspace = await call.service.open_workspace(params)
    start = await resolve_node(seat, workspace, params.start, params.cwd)
    goal = await resolve_node(seat, workspace, params.goal, params.cwd)
    found = await workspace.read(queries.explain_connectivity, start, goal, params.max_hops)
    return {
        "nodes": [brief_row(brief) for brief in found.nodes],
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
    node_id = await resolve_node(seat, workspace, params.node, params.cwd)
    node = await workspace.read(queries.get_node, node_id)
    if node is None:
        raise vanished(node_id)
    rows: list[results.NeighborRow] = []
    truncated = False
    for side, ask in (("in", queries.edges_to), ("out", queries.edges_from)):
        if direction not in (side, "both"):
            continue
        found = await workspace.read(ask, node_id, kinds, params.limit + 1)
        truncated = truncated or len(found) > params.limit
        rows += [
            {"direction": side, "edge": _edge(edge), "node": brief_row(brief)}
            for edge, brief in found[: params.limit]
        ]
    return {
        "node": brief_of_found(node),
        "neighbors": rows,
        "truncated": truncated,
        **freshness(seat, workspace),
    }


def _edge(edge: Edge) -> results.EdgeRow:
    return {
        "src_id": edge.src_id,
        "kind": str(edge.kind),
        "dst_id": edge.dst_id,
        "weight": edge.weight,
        "provenance": edge.provenance,
        "rule": edge.rule,
    }


GRAPH_ANSWERS: dict[str, Handle] = {
    "graph.callers": callers,
    "graph.callees": callees,
    "graph.implementations": implementations,
    "graph.neighbors": neighbors,
    "graph.two_hop": two_hop,
    "graph.path": find_path,
    "changes.since": changes_since,
}
