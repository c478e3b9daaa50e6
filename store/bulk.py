"""The first index of a tree, as fast as the engine takes it: rows are packed where files are parsed, in
other processes, and are only written here. Ends in what `store.writes` would have made of the same facts.

`pack_file` and `pack_edges` are pure and open no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import orjson

from store.database import Database
from store.diff import diff_update
from store.edges import diff_edges, plan_edges
from store.model import (
    AMBIGUITY_CAP,
    AMBIGUOUS,
    Definition,
    Edge,
    FileFacts,
    FileRecord,
    FileUpdate,
    is_capped,
)
from store.node_names import Named, name_rows
from store.rows import Row, definitions_from_row, file_row, pack_keys
from store.schema import META_CHANGES_FLOOR, META_CLOCK, META_RESOLVED
from store.transaction import Transaction
from store.writes import read_meta, ref_key_rows


class PackedFile(NamedTuple):
    """All rows of a file that is new to the store, but for its edges."""

    record: FileRecord
    node_count: int
    nodes: list[Row]
    spans: str
    references: str
    names: str
    text: bytes
    name_defs: list[Row]
    node_names: list[Named]


class PackedEdges(NamedTuple):
    """All rows of the edges that start in one file, and the look-up keys that they depend on."""

    path: str
    edges: list[Row]
    reverse: list[Row]
    digests: str  # "" if there are no edges
    keys: Sequence[str]


def pack_file(facts: FileFacts) -> PackedFile:
    """The rows of `facts`, as plain lists and strings: cheap to send to another process."""
    diff = diff_update(FileUpdate(facts.record.path, None, facts))
    assert diff.spans is not None and diff.references is not None
    assert diff.names is not None and diff.text is not None
    return PackedFile(
        facts.record,
        len(facts.nodes),
        diff.put_nodes,
        diff.spans,
        diff.references,
        diff.names,
        diff.text,
        diff.put_defs,
        diff.put_node_names,
    )


def pack_edges(path: str, edges: Iterable[Edge], keys: Sequence[str]) -> PackedEdges:
    """The rows of all edges that start in the file at `path`, which depend on `keys` (sorted, unique)."""
    plan = plan_edges(path, edges, {})
    diff = diff_edges(chain.from_iterable(plan.wanted.values()), ())
    digests = orjson.dumps(plan.digests, option=orjson.OPT_SORT_KEYS).decode() if plan.digests else ""
    return PackedEdges(path, diff.put, diff.put_reverse, digests, keys)


class PackedDefinitions:
    """The definitions of many packed files by key, unpacked when they are asked for."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._packed: dict[str, list[Row]] = {}
        for row in rows:
            self._packed.setdefault(row[0], []).append(row)
        self._known: dict[str, tuple[Definition, ...]] = {}

    def get(self, key: str) -> tuple[Definition, ...]:
        """Its definitions by (file path, id); AMBIGUOUS for a capped key that has too many."""
        found = self._known.get(key)
        if found is None:
            rows = sorted(self._packed.get(key, ()))
            found = tuple(chain.from_iterable(definitions_from_row(*row) for row in rows))
            if len(found) > AMBIGUITY_CAP and is_capped(key):
                found = AMBIGUOUS
            self._known[key] = found
        return found


def ingest_packed_files(db: Database, files: Sequence[PackedFile]) -> int:
    """Write files that the store does not hold, in one transaction; returns the clock. They are stale
    until `ingest_packed_edges`. Nothing is logged: readers of older clocks start afresh."""
    with db.writing() as (read, transact):
        clock = int(read_meta(read)[META_CLOCK]) + 1
        tx = Transaction()
        tx.put("files", [file_row(f.record, f.node_count, clock) for f in files])
        tx.put("isg_nodes", list(chain.from_iterable(f.nodes for f in files)))
        tx.put("file_spans", [[f.record.path, f.spans] for f in files])
        tx.put("file_refs", [[f.record.path, f.references] for f in files])
        tx.put("file_names", [[f.record.path, f.names] for f in files])
        tx.put("file_text", [[f.record.path, f.text] for f in files])
        tx.put("name_defs", list(chain.from_iterable(f.name_defs for f in files)))
        tx.put("node_names", name_rows(chain.from_iterable(f.node_names for f in files), f"/{clock}"))
        tx.put("stale_files", [[f.record.path, clock] for f in files])
        tx.put("meta", [[META_CLOCK, str(clock)], [META_CHANGES_FLOOR, str(clock)]])
        tx.run(transact)
        return clock


def ingest_packed_edges(db: Database, files: Sequence[PackedEdges]) -> int:
    """Write the edges of files that have none yet, with their keys, in one transaction, and clear their
    stale marks."""
    with db.writing() as (read, transact):
        clock = int(read_meta(read)[META_CLOCK]) + 1
        tx = Transaction()
        tx.put("isg_edges", list(chain.from_iterable(f.edges for f in files)))
        tx.put("edge_rev", list(chain.from_iterable(f.reverse for f in files)))
        tx.put("file_edges", [[f.path, f.digests] for f in files if f.digests])
        tx.put("file_keys", [[f.path, pack_keys(f.keys)] for f in files if f.keys])
        tx.put("ref_keys", ref_key_rows([(f.path, f.keys) for f in files]))
        tx.remove("stale_files", [[f.path] for f in files])
        tx.put(
            "meta",
            [[META_CLOCK, str(clock)], [META_CHANGES_FLOOR, str(clock)], [META_RESOLVED, "1"]],
        )
        tx.run(transact)
        return clock
