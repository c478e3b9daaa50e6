"""Answers about edges, implementations and changes: asks the store about a node, shapes rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer import results
from indexer.answers_nodes import brief_row, resolve_node, vanished
from indexer.finding import derives_of
from indexer.fleet import Seat
from indexer.methods import ChangesParams, EdgeParams, NeighborParams, PathParams, TwoHopParams
from indexer.protocol import RpcError
from indexer.served import ServedWorkspace
from indexer.service import Call, Handle, freshness
from store import queries
from store.compiler import external_node
from store.database import Database
from store.graph import Direction
from store.implementations import Implementation, implementations_of_blocks
from store.implementations import implementations as read_implementations
from store.model import Edge, NodeFacts, NodeKind
from store.node_scan import nodes_between, page_bounds
from store.nodes import NodeBrief, brief_of, brief_of_external

RECENT_CLOCKS = 20
_DERIVING = (NodeKind.STRUCT, NodeKind.ENUM, NodeKind.UNION)
_ENDS = frozenset((NodeKind.TRAIT, NodeKind.TRAIT_ALIAS, NodeKind.IMPL, NodeKind.TYPE_ALIAS, *_DERIVING))
"""What an implementation has to do with; a variant `Debug` does not hide the trait of that name."""
_DERIVE_WEIGHT = 0.9
"""As of a derive whose trait is a node: what the macro of that name makes is not read."""
_PAGE_MAX = 20_000
_TRAIT_PATH = re.compile(r"[\w:]+")


async def callers(call: Call, params: EdgeParams) -> results.Neighbors:
    return await _neighbors(call, params, ["CALLS"], "in")


async def callees(call: Call, params: EdgeParams) -> results.Neighbors:
    return await _neighbors(call, params, ["CALLS"], "out")


async def implementations(call: Call, params: EdgeParams) -> results.Implementations:
    seat, workspace = await call.service.open_workspace(params)
    limit = params.limit
    refusal: RpcError | None = None
    node: results.NodeBriefRow | None = None
    found: Sequence[Implementation] = ()
    external = await workspace.read(external_node, params.node)
    name = params.node if external is None else external.path
    try:
        node_id = await resolve_node(seat, workspace, params.node, params.cwd)
    except RpcError as error:
        if any(row["kind"] in _ENDS for row in error.details.get("candidates", ())):
            raise
        refusal = error
    else:
        read = await workspace.read(_implementations, node_id, limit + 1)
        if read is None:
            raise vanished(node_id)
        node, found = brief_row(read[0]), read[1]
    if (node is None or node["kind"] not in _ENDS) and _TRAIT_PATH.fullmatch(name):
        outside = await workspace.read(_implementations_outside, name, limit + 1)
        node, found = (None, outside) if outside else (node, found)
    if refusal is not None and not found:
        raise refusal
    return {
        "node": node,
        "implementations": [
            {
                "trait_text": one.trait_text,
                "trait": one.trait and brief_row(one.trait),
                "type": one.type and brief_row(one.type),
                "impl": one.impl and brief_row(one.impl),
                "weight": one.weight,
                "rule": one.rule,
            }
            for one in found[:limit]
        ],
        "truncated": len(found) > limit,
        **freshness(seat, workspace),
    }


def _implementations(
    db: Database, node_id: str, limit: int
) -> tuple[NodeBrief, Sequence[Implementation]] | None:
    """A node and what it has part in; of a type also the derives whose traits are no nodes."""
    node = queries.get_node(db, node_id)
    if node is None:
        return None
    found = read_implementations(db, node_id, limit)
    brief = brief_of(node.file_path, node.facts)
    if node.facts.kind in _DERIVING:
        known = {one.trait.name for one in found if one.trait and one.impl is None}
        found += [
            _derive(path, brief) for path in _derives(node.facts) if path.rpartition("::")[2] not in known
        ]
    return brief, found[:limit]


def _implementations_outside(db: Database, trait: str, limit: int) -> Sequence[Implementation]:
    """Those of a trait that is no node, by the names in headers and derives: `Iterator`, `fmt::Display`."""
    blocks: list[Implementation] = []
    derives: list[Implementation] = []
    for after, upto in page_bounds(db):
        page = nodes_between(db, after, upto, (NodeKind.IMPL, *_DERIVING), [trait.rpartition("::")[2]])
        impls = [one.facts.id for one in page if one.facts.kind == NodeKind.IMPL]
        blocks += [
            one
            for one in implementations_of_blocks(db, impls, _PAGE_MAX)
            if _is_outside(one.trait) and _is_meant(one, trait)
        ]
        derives += [
            _derive(path, brief_of(one.file_path, one.facts))
            for one in page
            if one.facts.kind != NodeKind.IMPL
            for path in _derives(one.facts)
            if _is_same(path, trait)
        ]
        if len(blocks) >= limit:
            break
    return [*blocks, *derives][:limit]


def _derives(facts: NodeFacts) -> Iterable[str]:
    return dict.fromkeys(derives_of(facts))


def _derive(path: str, type_: NodeBrief) -> Implementation:
    return Implementation(path, None, type_, None, _DERIVE_WEIGHT, "derive")


def _is_outside(trait: NodeBrief | None) -> bool:
    return trait is None or not trait.file_path


def _is_meant(one: Implementation, trait: str) -> bool:
    """Whether it implements the trait of this path, as it is written or as rust-analyzer resolved it."""
    return _is_same(one.trait_text, trait) or (
        one.trait is not None and _is_same(one.trait.qualified_name, trait)
    )


def _is_same(one: str, other: str) -> bool:
    """Whether two paths may mean the same: they are equal as far as both are written."""
    ours, theirs = one.split("::"), other.split("::")
    kept = min(len(ours), len(theirs))
    return ours[-kept:] == theirs[-kept:]


async def neighbors(call: Call, params: NeighborParams) -> results.Neighbors:
    kinds = None if params.kinds is None else [str(kind) for kind in params.kinds]
    return await _neighbors(call, params, kinds, params.direction)


async def two_hop(call: Call, params: TwoHopParams) -> results.TwoHop:
    seat, workspace = await call.service.open_workspace(params)
    node = await _end(seat, workspace, params.node, params.cwd)
    found = await workspace.read(queries.isg_two_hop, node.id, params.kinds, params.direction, params.limit)
    return {
        "nodes": [{"node": brief_row(brief), "hops": hops} for brief, hops in found.nodes],
        "edges": [_edge(edge) for edge in found.edges],
        "truncated": found.truncated,
        **freshness(seat, workspace),
    }


async def find_path(call: Call, params: PathParams) -> results.PathFound:
    seat, workspace = await call.service.open_workspace(params)
    start = await _end(seat, workspace, params.start, params.cwd)
    goal = await _end(seat, workspace, params.goal, params.cwd)
    found = await workspace.read(queries.explain_connectivity, start.id, goal.id, params.max_hops)
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
    node = await _end(seat, workspace, params.node, params.cwd)
    rows: list[results.NeighborRow] = []
    truncated = False
    for side, ask in (("in", queries.edges_to), ("out", queries.edges_from)):
        if direction not in (side, "both"):
            continue
        found = await workspace.read(ask, node.id, kinds, params.limit + 1)
        truncated = truncated or len(found) > params.limit
        rows += [
            {"direction": side, "edge": _edge(edge), "node": brief_row(brief)}
            for edge, brief in found[: params.limit]
        ]
    rows.sort(
        key=lambda row: (row["direction"] == "out", not row["node"]["file"])
    )  # the workspace's own first
    return {
        "node": brief_row(node),
        "neighbors": rows,
        "truncated": truncated,
        **freshness(seat, workspace),
    }


async def _end(seat: Seat, workspace: ServedWorkspace, node: str, cwd: str | None) -> NodeBrief:
    """What an edge may start or end at: a node, or by its id a definition outside the workspace. Raises
    RpcError."""
    external = await workspace.read(external_node, node)
    if external is not None:
        return brief_of_external(external)
    node_id = await resolve_node(seat, workspace, node, cwd)
    found = await workspace.read(queries.get_node, node_id)
    if found is None:
        raise vanished(node_id)
    return brief_of(found.file_path, found.facts)


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
