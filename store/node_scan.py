"""Reads of many nodes: page by page through all of them, those that a feature gates, their places and slices.

Pages are ranges of ids with about as many nodes each. What only the packed facts tell is looked for inside
the engine, as text: making records of 183,000 nodes would take four times as long as the scan.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from store.database import Database
from store.graph import read_sources
from store.model import EdgeKind, NodeFacts
from store.nodes import FoundNode, read_nodes, read_spans
from store.rows import PackedSpans, node_from_row

PAGE_NODES = 8_000
"""About 25 ms: as long as a save may have to wait for one page."""

_LAST = "\U0010ffff"
_COLUMNS = "id, file_path, kind, facts"


class Placed(NamedTuple):
    """A node and its file."""

    file_path: str
    facts: NodeFacts


def page_bounds(db: Database, under: str = "", page_nodes: int = PAGE_NODES) -> list[tuple[str, str]]:
    """Ranges of ids, (after, up to): together all nodes, or those in a file or folder and a few more."""
    rows = db.query("?[path, node_count] := *files{path, node_count}")
    if under:
        rows = [row for row in rows if row[0] == under or row[0].startswith(f"{under}/")]
        if not rows:
            return []
    bounds: list[tuple[str, str]] = []
    after, nodes = under, 0
    for path, count in sorted(rows):
        if nodes and nodes + count > page_nodes:
            bounds.append((after, path))
            after, nodes = path, 0
        nodes += count
    return [*bounds, (after, under + _LAST)]


def nodes_between(
    db: Database, after: str, upto: str, kinds: Collection[str], needles: Sequence[str]
) -> list[Placed]:
    """The nodes of a range by id: of one of the kinds, if any; with all needles in their packed facts."""
    conditions = ", kind in $kinds" if kinds else ""
    conditions += "".join(f", str_includes(facts, $needle{n})" for n in range(len(needles)))
    rows = db.query(
        f"?[{_COLUMNS}] := *isg_nodes{{{_COLUMNS}}}, id > $after, id <= $upto{conditions}",
        {
            "after": after,
            "upto": upto,
            "kinds": list(kinds),
            **{f"needle{n}": needle for n, needle in enumerate(needles)},
        },
    )
    return [Placed(path, node_from_row(id_, kind, facts)) for id_, path, kind, facts in rows]


def gated_nodes(db: Database, features: Collection[str]) -> list[Placed]:
    """The nodes that hang on any of these features (ids), by id."""
    with db.reading() as run:
        nodes = read_nodes(run, read_sources(run, list(features), EdgeKind.FEATURE_GATED_BY))
    return [Placed(*nodes[id_]) for id_ in sorted(nodes)]


def read_places(db: Database, paths: Collection[str]) -> dict[str, tuple[str, str]]:
    """path -> (crate, module path) of the files that are in the store."""
    rows = db.query(
        "?[path, crate, module_path] := path in $paths, *files{path, crate, module_path}",
        {"paths": list(paths)},
    )
    return {path: (crate, module_path) for path, crate, module_path in rows}


def read_slices(db: Database, nodes: Sequence[Placed]) -> dict[str, bytes]:
    """id -> slice of those nodes that are still there."""
    found: dict[str, bytes] = {}
    by_path: dict[str, list[str]] = {}
    for node in nodes:
        by_path.setdefault(node.file_path, []).append(node.facts.id)
    for path, ids in by_path.items():
        with db.reading() as run:
            texts = run("?[text] := *file_text{file_path: $path, text}", {"path": path})
            spans = {span.id: span for span in read_spans(run, path).all()}
        for id_ in ids:
            if texts and id_ in spans:
                found[id_] = bytes(texts[0][0][spans[id_].start_byte : spans[id_].end_byte])
    return found


def with_spans(db: Database, nodes: Sequence[Placed]) -> list[FoundNode]:
    """The nodes with their places; without those that have gone since."""
    spans: dict[str, PackedSpans] = {}
    found = []
    with db.reading() as run:
        for path, facts in nodes:
            if path not in spans:
                spans[path] = read_spans(run, path)
            try:
                found.append(FoundNode(facts, path, spans[path].one(facts.id)))
            except ValueError:
                continue
    return found
