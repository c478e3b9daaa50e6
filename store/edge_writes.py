"""Edges into the store: what differs from the stored rows of `isg_edges`, and what follows for `edge_rev`.

Knows nothing of where edges come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from store.database import Run
from store.edges import EdgeDiff, EdgePlan, Inversion, diff_edges
from store.transaction import Transaction

_EDGES_OF = "?[src_id, edges] := src_id in $k, *isg_edges{src_id, edges}"
_SEGMENTS = "k[path] <- $k ?[path, segment] := k[path], *edge_segments{file_path: path, segment}"
_SOURCES = (
    "k[dst, segment] <- $k"
    " ?[dst, segment, sources] := k[dst, segment], *edge_rev{dst_id: dst, segment, sources}"
)


def read_packed_edges(read: Run, sources: Sequence[str]) -> dict[str, str]:
    """source -> its row of `isg_edges`."""
    return dict(read(_EDGES_OF, {"k": list(sources)})) if sources else {}


def diff_plans(read: Run, plans: Sequence[EdgePlan], *, is_new: bool = False) -> EdgeDiff:
    """What the plans change; with `is_new` nothing is stored of their sources yet."""
    sources = [source for plan in plans for source in plan.sources]
    return diff_edges(plans, {} if is_new else read_packed_edges(read, sources))


def invert(read: Run, diff: EdgeDiff, *, is_new: bool = False) -> Inversion:
    """The rows of `edge_rev` after the links that were gained and lost."""
    inversion = Inversion()
    paths = list(diff.gained)
    segments = dict(read(_SEGMENTS, {"k": [[path] for path in paths]})) if paths and not is_new else {}
    if not is_new:
        touched = {
            (link[0], segments.get(path, path))
            for links in (diff.gained, diff.lost)
            for path, its_links in links.items()
            for link in its_links
        }
        inversion.learn(read(_SOURCES, {"k": [[*key] for key in touched]}) if touched else [])
    for path, links in diff.lost.items():
        inversion.drop(segments.get(path, path), links)
    for path, links in diff.gained.items():
        inversion.add(segments.get(path, path), links)
    return inversion


def put_edges(tx: Transaction, diff: EdgeDiff, inversion: Inversion) -> None:
    """The rows of both relations."""
    tx.remove("isg_edges", diff.remove)
    tx.put("isg_edges", diff.put)
    put, remove = inversion.rows()
    tx.remove("edge_rev", remove)
    tx.put("edge_rev", put)
