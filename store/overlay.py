"""rust-analyzer's edges over those of resolution: how the two become the edges of one source.

Where rust-analyzer says what a site (an ordinal of the source's references) means, what resolution has found
for the site does not count; all else stays. A source whose edges are merged keeps those of resolution in
`heuristic_edges`, so that the merge can be repeated and undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from store.database import Run
from store.edges import EdgePlan, links_of
from store.model import Edge
from store.rows import Row, pack_edges_of, unpack_edges
from store.transaction import Transaction

_HEURISTIC = "?[src_id, edges] := src_id in $k, *heuristic_edges{src_id, edges}"
_RESOLVED = "?[id, edges] := id in $k, *ra_nodes{id, edges}"


def merge_edges(heuristic: Iterable[Edge], resolved: Iterable[Edge]) -> list[Edge]:
    """The edges of one source, sorted, out of those of resolution and those of rust-analyzer. An edge that
    both lead to is rust-analyzer's, at the sites of both. Pure."""
    said = list(resolved)
    sites = frozenset(site for edge in said for site in edge.sites)
    merged: dict[tuple[str, str], Edge] = {}
    for edge in heuristic:
        left = tuple([site for site in edge.sites if site not in sites])
        if left or not edge.sites:
            merged[edge.kind, edge.dst_id] = edge._replace(sites=left)
    for edge in said:
        if not edge.dst_id:
            continue
        known = merged.get((edge.kind, edge.dst_id))
        if known is not None:
            edge = edge._replace(sites=tuple(sorted({*known.sites, *edge.sites})))
        merged[edge.kind, edge.dst_id] = edge
    return sorted(merged.values())


def read_heuristic(read: Run, sources: Collection[str]) -> dict[str, str]:
    """source -> the packed edges of resolution, of those whose stored edges are merged."""
    return dict(read(_HEURISTIC, {"k": list(sources)})) if sources else {}


def read_resolved(read: Run, sources: Collection[str]) -> dict[str, str]:
    """source -> the packed edges of rust-analyzer, "" for none; sources without a row are absent."""
    return dict(read(_RESOLVED, {"k": list(sources)})) if sources else {}


class Overlaid(NamedTuple):
    """Plans of what the stored edges shall be, the rows of `heuristic_edges` that change, and the merged
    sources that resolution has found other links for."""

    plans: list[EdgePlan]
    put: list[Row]
    remove: list[Row]
    moved: set[str]

    def write(self, tx: Transaction) -> None:
        tx.remove("heuristic_edges", self.remove)
        tx.put("heuristic_edges", self.put)


def overlay(read: Run, plans: Sequence[EdgePlan], void: Mapping[str, str]) -> Overlaid:
    """Lay what is stored of rust-analyzer's edges over plans of resolution's. `void` are the sources, with
    their paths, whose answers do not hold any more, nodes that go included: those of resolution come back."""
    sources = {source for plan in plans for source in plan.sources}
    kept = read_heuristic(read, sources | void.keys())
    if not kept:
        return Overlaid(list(plans), [], [], set())
    found = Overlaid([], [], [[source] for source in kept if source in void], set())
    packed = {
        source: pack_edges_of(plan.wanted.get(source, ()))
        for plan in plans
        for source in plan.sources
        if source in kept and source not in void
    }
    changed = {source for source, edges in packed.items() if edges != kept[source]}
    resolved = read_resolved(read, changed)
    by_path: dict[str, EdgePlan] = {}
    for plan in plans:
        wanted = dict(plan.wanted)
        for source in changed.intersection(plan.sources):
            heuristic = plan.wanted.get(source, [])
            wanted[source] = merge_edges(heuristic, unpack_edges(source, resolved[source]))
            found.put.append([source, packed[source]])
            if set(links_of(heuristic)) != set(links_of(unpack_edges(source, kept[source]))):
                found.moved.add(source)
        still = {source for source in plan.sources if source not in packed or source in changed}
        by_path[plan.path] = EdgePlan(plan.path, still, wanted)
    for source in void.keys() & kept.keys() - sources:
        plan = by_path.get(void[source], EdgePlan(void[source], (), {}))
        wanted = {**plan.wanted, source: unpack_edges(source, kept[source])}
        by_path[plan.path] = EdgePlan(plan.path, {*plan.sources, source}, wanted)
    found.plans.extend(by_path.values())
    return found
