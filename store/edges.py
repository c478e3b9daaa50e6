"""Edges as rows: packed by source, and inverted by target and segment.

A segment is what shares the inverted rows of its targets: one file, or a batch of files of a first index.
Pure: knows neither the database nor what an edge means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from store.model import Edge
from store.rows import Row, pack_edges_of, pack_sources, unpack_edges, unpack_sources

Link = tuple[str, str, str]
"""(target, kind, source) of an edge."""


class EdgePlan(NamedTuple):
    """Which edges of a file may differ from those stored: all that start in `sources`. `wanted` are theirs by
    source, sorted."""

    path: str
    sources: Collection[str]
    wanted: dict[str, list[Edge]]


@dataclass(frozen=True, slots=True)
class EdgeDiff:
    """Rows of `isg_edges` to write and keys to remove; by the path of each file whose edges differ, what its
    sources have gained and lost."""

    put: list[Row]
    remove: list[Row]
    gained: dict[str, list[Link]]
    lost: dict[str, list[Link]]

    def sources(self) -> set[str]:
        """Those that lead to other nodes than before."""
        sides = (self.gained, self.lost)
        return {link[2] for links in sides for its in links.values() for link in its}


def links_of(edges: Iterable[Edge]) -> list[Link]:
    """Each edge as seen from its target."""
    return [(edge[2], edge[1], edge[0]) for edge in edges]


def by_source(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    """The edges of each source, sorted."""
    return {source: list(group) for source, group in groupby(sorted(edges), key=itemgetter(0))}


def plan_edges(path: str, edges: Iterable[Edge], known: Collection[str]) -> EdgePlan:
    """These become all edges that start in a file; `known` are its nodes that may have edges in the store."""
    wanted = by_source(edges)
    return EdgePlan(path, wanted.keys() | known, wanted)


def plan_some_edges(path: str, edges: Iterable[Edge], sources: Collection[str]) -> EdgePlan:
    """As `plan_edges`, but only the edges of these sources can differ from what is stored."""
    return EdgePlan(path, sources, by_source(edge for edge in edges if edge[0] in sources))


def diff_edges(plans: Iterable[EdgePlan], stored: Mapping[str, str]) -> EdgeDiff:
    """What turns `stored`, the packed edges of all sources of the plans, into what is wanted."""
    diff = EdgeDiff([], [], {}, {})
    for plan in plans:
        gained: list[Link] = []
        lost: list[Link] = []
        is_same = True
        for source in plan.sources:
            wanted, was = plan.wanted.get(source, ()), stored.get(source, "")
            packed = pack_edges_of(wanted) if wanted else ""
            if packed == was:
                continue
            is_same = False
            if packed:
                diff.put.append([source, packed])
            else:
                diff.remove.append([source])
            before = set(links_of(unpack_edges(source, was))) if was else set()
            after = set(links_of(wanted))
            gained += after - before
            lost += before - after
        if not is_same:
            diff.gained[plan.path], diff.lost[plan.path] = gained, lost
    return diff


class Inversion:
    """Rows of `edge_rev` that change together."""

    def __init__(self) -> None:
        self._sources: dict[tuple[str, str], dict[str, set[str]]] = {}

    def learn(self, rows: Iterable[Row]) -> None:
        """What is stored of them."""
        for target, segment, packed in rows:
            self._sources[target, segment] = {kind: set(found) for kind, found in unpack_sources(packed)}

    def add(self, segment: str, links: Iterable[Link]) -> None:
        for target, kind, source in links:
            self._sources.setdefault((target, segment), {}).setdefault(kind, set()).add(source)

    def drop(self, segment: str, links: Iterable[Link]) -> None:
        for target, kind, source in links:
            by_kind = self._sources.get((target, segment), {})
            sources = by_kind.get(kind, set())
            sources.discard(source)
            if not sources:
                by_kind.pop(kind, None)

    def rows(self) -> tuple[list[Row], list[Row]]:
        """Rows to write, and keys of those to remove."""
        put = [[*key, pack_sources(by_kind)] for key, by_kind in self._sources.items() if by_kind]
        return put, [[*key] for key, by_kind in self._sources.items() if not by_kind]
