"""Edges of a file as digests per source node, so that a save reads only the edges it changes.

Pure: knows neither the database nor what an edge means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

import orjson

from store.model import Edge
from store.rows import Row, edge_row

Digests = dict[str, str]


@dataclass(frozen=True, slots=True)
class EdgePlan:
    """What has to happen to one file's edges. `suspects` are the sources whose stored edges must be
    read before `diff_edges` can tell the rows; `digests` is what is stored of the file afterwards."""

    path: str
    suspects: tuple[str, ...]
    wanted: dict[str, list[Edge]]  # of the suspects only
    digests: Digests


@dataclass(frozen=True, slots=True)
class EdgeDiff:
    """Rows of `isg_edges` and `edge_rev`. A removal names the key columns."""

    put: list[Row]
    remove: list[Row]
    put_reverse: list[Row]
    remove_reverse: list[Row]


def plan_edges(path: str, edges: Iterable[Edge], stored: Digests) -> EdgePlan:
    """Compare all edges that start in a file with the digests stored of it."""
    digests: Digests = {}
    wanted: dict[str, list[Edge]] = {}
    for source, same_source in groupby(sorted(edges), key=itemgetter(0)):
        group = list(same_source)
        digest = blake2b(orjson.dumps([edge[1:] for edge in group]), digest_size=8).hexdigest()
        digests[source] = digest
        if stored.get(source) != digest:
            wanted[source] = group
    gone = [source for source in stored if source not in digests]
    return EdgePlan(path, (*wanted, *gone), wanted, digests)


def plan_some_edges(path: str, edges: Iterable[Edge], stored: Digests, sources: Collection[str]) -> EdgePlan:
    """As `plan_edges`, but only the edges of these sources can differ from what is stored."""
    plan = plan_edges(
        path,
        [edge for edge in edges if edge[0] in sources],
        {source: stored[source] for source in sources if source in stored},
    )
    kept = {source: digest for source, digest in stored.items() if source not in sources}
    return EdgePlan(path, plan.suspects, plan.wanted, kept | plan.digests)


def plan_removal(path: str, removed: Iterable[str], stored: Digests) -> EdgePlan:
    """Drop the edges of nodes that are gone; all others stay as they are."""
    return plan_some_edges(path, (), stored, frozenset(removed))


def diff_edges(wanted: Iterable[Edge], stored: Iterable[Row]) -> EdgeDiff:
    """Rows that turn `stored` into `wanted`, both of the same source nodes."""
    before = {tuple(row[:3]): row for row in stored}
    put: list[Row] = []
    put_reverse: list[Row] = []
    for edge in wanted:
        row = edge_row(edge)
        was = before.pop((row[0], row[1], row[2]), None)
        if was is None:
            put_reverse.append([row[2], row[1], row[0]])
        if was != row:
            put.append(row)
    return EdgeDiff(put, [list(key) for key in before], put_reverse, [[k[2], k[1], k[0]] for k in before])
