"""Reads of edges: neighbours, two hops, and how two nodes hang together.

CONTAINS is derived from the nodes' parents; all other kinds are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, TypeVar

from store.compiler import read_externals
from store.database import Database, Run, StoreBroken
from store.model import Edge, EdgeKind
from store.nodes import NodeBrief, read_briefs, read_children, read_nodes
from store.overlay import read_heuristic
from store.rows import Row, unpack_edges, unpack_some_edges, unpack_sources

T = TypeVar("T")

Direction = Literal["out", "in", "both"]

_STORED_KINDS = tuple(kind for kind in EdgeKind if kind is not EdgeKind.CONTAINS)
_EXPLORED_NODES_MAX = 20_000
_EDGES_PER_NODE = 2  # that a walk reads for each node that it may return

_FROM = "?[src_id, edges] := src_id in $ids, *isg_edges{src_id, edges}"
_TO = "?[dst_id, segment, sources] := dst_id in $ids, *edge_rev{dst_id, segment, sources}"

_Link = tuple[str, str, str]  # source, kind, target


class Neighborhood(NamedTuple):
    """Nodes within two hops: (brief, hops), nearest first; the edges among them that led there."""

    nodes: tuple[tuple[NodeBrief, int], ...]
    edges: tuple[Edge, ...]
    truncated: bool


class Connection(NamedTuple):
    """How two nodes hang together: the edges of one shortest path in order, each followed with or
    against its direction; or none, and the reason."""

    path: tuple[Edge, ...]
    nodes: tuple[NodeBrief, ...]
    reason: str


def edges_from(
    db: Database, node_id: str, kinds: Collection[str] | None = None, limit: int = 1_000
) -> list[tuple[Edge, NodeBrief]]:
    """Edges that start at the node, each with the node it leads to; CONTAINS leads to its children."""
    with db.reading() as run:
        edges = read_edges(run, [node_id], kinds, "out", limit)
        return _with_briefs(run, edges, [edge.dst_id for edge in edges])


def edges_to(
    db: Database, node_id: str, kinds: Collection[str] | None = None, limit: int = 1_000
) -> list[tuple[Edge, NodeBrief]]:
    """Edges that end at the node, each with the node it comes from; CONTAINS comes from its parent."""
    with db.reading() as run:
        edges = read_edges(run, [node_id], kinds, "in", limit)
        return _with_briefs(run, edges, [edge.src_id for edge in edges])


def isg_two_hop(
    db: Database,
    node_id: str,
    kinds: Collection[str] | None = None,
    direction: Direction = "both",
    limit: int = 100,
) -> Neighborhood:
    """Everything at most two edges away, up to `limit` nodes. Without `kinds`: all but CONTAINS. What lies
    outside the workspace is an end: all that calls `Option::map` is not near to each other."""
    wanted = _STORED_KINDS if kinds is None else kinds
    most_edges = _EDGES_PER_NODE * limit + 1
    with db.reading() as run:
        hops = {node_id: 0}
        links: dict[_Link, Edge | None] = {}
        frontier = [node_id]
        truncated = False
        for hop in (1, 2):
            if len(hops) > limit:  # full after the first: a second would find no node that fits
                truncated = True
                break
            if hop > 1:
                outside = read_externals(run, frontier)
                frontier = [id_ for id_ in frontier if id_ not in outside]
            found = _read_links(run, frontier, wanted, direction, most_edges)
            frontier = []
            for link, edge in found.items():
                for end in (link[0], link[2]):
                    if end in hops:
                        continue
                    if len(hops) > limit:
                        truncated = True
                        continue
                    hops[end] = hop
                    frontier.append(end)
                if link[0] in hops and link[2] in hops:
                    links[link] = edge
            truncated = truncated or len(found) >= most_edges
        briefs = read_briefs(run, list(hops))
        edges = _complete(run, links)
    return Neighborhood(
        tuple([(briefs[id_], hop) for id_, hop in hops.items() if id_ in briefs]),
        tuple([edge for edge in edges if edge.src_id in briefs and edge.dst_id in briefs]),
        truncated,
    )


def explain_connectivity(db: Database, start: str, goal: str, max_hops: int = 6) -> Connection:
    """One shortest path between two nodes over edges of all kinds, followed in either direction, but not
    through what lies outside the workspace."""
    with db.reading() as run:
        ends = read_briefs(run, [start, goal])
        for end in (start, goal):
            if end not in ends:
                return Connection((), (), f"no node has the id {end}")
        path, reason = _shortest_path(run, start, goal, max_hops)
        ids = [start]
        for edge in path:
            ids.append(edge.dst_id if edge.src_id == ids[-1] else edge.src_id)
        briefs = read_briefs(run, ids)
        return Connection(tuple(path), tuple([briefs[id_] for id_ in ids]) if path else (), reason)


def _shortest_path(run: Run, start: str, goal: str, max_hops: int) -> tuple[list[Edge], str]:
    if start == goal:
        return [], "they are the same node"
    # From both ends, the smaller frontier first: a popular type has thousands of neighbours.
    came: tuple[dict[str, Edge | None], dict[str, Edge | None]] = ({start: None}, {goal: None})
    frontiers = [[start], [goal]]
    for _ in range(max_hops):
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        seen, other = came[side], came[1 - side]
        found: list[str] = []
        edges = read_edges(run, frontiers[side], None, "both", _EXPLORED_NODES_MAX)
        outside = read_externals(run, {edge.dst_id for edge in edges} - {start, goal})
        for edge in edges:
            here, there = (edge.src_id, edge.dst_id) if edge.src_id in seen else (edge.dst_id, edge.src_id)
            if there in seen or here not in seen or there in outside:
                continue
            seen[there] = edge
            found.append(there)
        meeting = sorted(node for node in found if node in other)
        if meeting:
            return [*reversed(_trail(came[0], meeting[0])), *_trail(came[1], meeting[0])], ""
        if not found:
            return [], "no edges lead from one to the other"
        if len(came[0]) + len(came[1]) > _EXPLORED_NODES_MAX:
            return [], f"more than {_EXPLORED_NODES_MAX} nodes lie around them: no path found among these"
        frontiers[side] = found
    return [], f"no path of at most {max_hops} hops"


def _trail(came: dict[str, Edge | None], node: str) -> list[Edge]:
    trail: list[Edge] = []
    while (edge := came[node]) is not None:
        trail.append(edge)
        node = edge.src_id if edge.dst_id == node else edge.dst_id
    return trail


def read_stored_edges(run: Run, ids: Sequence[str]) -> list[Edge]:
    """All stored edges that start at any of the nodes, in order of their keys."""
    rows = run(_FROM, {"ids": list(ids)}) if ids else []
    return [edge for source, packed in rows for edge in unpack_edges(source, packed)]


def read_sources(run: Run, ids: Sequence[str], kind: str) -> list[str]:
    """The nodes with an edge of the kind to any of these, sorted."""
    rows = run(_TO, {"ids": list(ids)}) if ids else []
    return sorted(
        {source for _, _, packed in rows for k, its in unpack_sources(packed) if k == kind for source in its}
    )


def read_heuristic_edges(run: Run, ids: Sequence[str]) -> list[Edge]:
    """As `read_stored_edges`, but as resolution has found them."""
    rows = {**dict(run(_FROM, {"ids": list(ids)})), **read_heuristic(run, ids)} if ids else {}
    return [edge for source in sorted(rows) for edge in unpack_edges(source, rows[source])]


def read_edges(
    run: Run, ids: Sequence[str], kinds: Collection[str] | None, direction: Direction, limit: int
) -> list[Edge]:
    """Edges at any of the nodes, at most `limit` a direction, plus the derived CONTAINS."""
    return _complete(run, _read_links(run, ids, kinds, direction, limit)) if ids else []


def _read_links(
    run: Run, ids: Sequence[str], kinds: Collection[str] | None, direction: Direction, limit: int
) -> dict[_Link, Edge | None]:
    """As `read_edges`; None for an edge of which only its ends are known yet, for only its source's row says
    more."""
    links: dict[_Link, Edge | None] = {}
    stored = frozenset(str(kind) for kind in _STORED_KINDS if kinds is None or kind in kinds)
    params = {"ids": list(ids)}

    def edges_of(row: Row) -> Iterator[Edge]:
        return (edge for edge in unpack_edges(*row) if edge[1] in stored)

    def links_of(row: Row) -> Iterator[_Link]:
        target, _, packed = row
        return (
            (source, kind, target) for kind, its in unpack_sources(packed) if kind in stored for source in its
        )

    if stored and direction != "in":
        links.update((edge[:3], edge) for edge in _first(run, _FROM, params, limit, edges_of))
    if stored and direction != "out":
        for link in sorted(_first(run, _TO, params, limit, links_of)):
            links.setdefault(link)
    if kinds is None or EdgeKind.CONTAINS in kinds:
        links.update((edge[:3], edge) for edge in _contains(run, ids, direction))
    return links


def _first(
    run: Run, script: str, params: dict[str, Any], limit: int, unpack: Callable[[Row], Iterator[T]]
) -> list[T]:
    """What `unpack` finds in rows, up to `limit`: a popular type has thousands that nobody wants to see."""
    most = limit
    while True:
        rows = run(f"{script} :limit {int(most)}", params)
        found = list(islice(chain.from_iterable(map(unpack, rows)), limit))
        if len(found) == limit or len(rows) < most:
            return found
        most *= 4


def _complete(run: Run, links: dict[_Link, Edge | None]) -> list[Edge]:
    """The edges, with what their sources' rows say of those of which only the ends are known."""
    sources = list({link[0] for link, edge in links.items() if edge is None})
    rows = run(_FROM, {"ids": sources}) if sources else []
    known = {edge[:3]: edge for source, packed in rows for edge in unpack_some_edges(source, packed, links)}
    try:
        return [edge or known[link] for link, edge in links.items()]
    except KeyError as error:
        raise StoreBroken(f"the store has lost the edge {error}: it has to be rebuilt") from None


def _contains(run: Run, ids: Sequence[str], direction: Direction) -> list[Edge]:
    nodes = read_nodes(run, ids)
    edges: list[Edge] = []
    if direction != "out":
        edges += [
            _contains_edge(facts.parent_id, id_) for id_, (_, facts) in nodes.items() if facts.parent_id
        ]
    if direction != "in":
        for id_, (path, _) in nodes.items():
            edges += [_contains_edge(id_, child.id) for child in read_children(run, id_, path)]
    return edges


def _contains_edge(parent: str, child: str) -> Edge:
    return Edge(parent, EdgeKind.CONTAINS, child, 1.0, "heuristic", "parent", ())


def _with_briefs(run: Run, edges: Sequence[Edge], others: Sequence[str]) -> list[tuple[Edge, NodeBrief]]:
    # An edge into a node that has just gone dangles until its file is resolved anew: it is not shown.
    briefs = read_briefs(run, others)
    return [(edge, briefs[other]) for edge, other in zip(edges, others, strict=True) if other in briefs]
