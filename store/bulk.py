"""The first index of a tree, as fast as the engine takes it: rows are packed where files are parsed, in
other processes, and are only written here. Ends in what `store.writes` would have made of the same facts.

`pack_file` and `pack_edges` are pure and open no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from store.commits import read_meta
from store.database import Database
from store.diff import diff_update
from store.doubt import mark_new_files
from store.edges import Inversion, by_source, links_of
from store.meaning_marks import mark_unmeant
from store.model import (
    AMBIGUITY_CAP,
    AMBIGUOUS,
    Definition,
    FileFacts,
    FileRecord,
    FileUpdate,
    ResolvedFile,
    is_capped,
)
from store.node_names import Named, name_rows
from store.rows import Row, definitions_from_rows, file_row, pack_edges_of, pack_keys, stored_key
from store.schema import META_CHANGES_FLOOR, META_CLOCK, META_HYDRATED_BY, META_MEANT_BY, META_RESOLVED
from store.transaction import Transaction


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
    """All rows of the edges that start in some files, and of the look-up keys that they depend on."""

    paths: list[str]
    edges: list[Row]
    reverse: list[Row]
    segments: list[Row]
    file_keys: list[Row]
    ref_keys: list[Row]


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


def pack_edges(files: Sequence[ResolvedFile]) -> PackedEdges:
    """The rows of all edges that start in these files, which are a segment of their own."""
    paths = [file.path for file in files]
    segment = f"/{paths[0]}" if paths else ""  # no path begins so, and no other batch holds that one
    inversion = Inversion()
    edges: list[Row] = []
    ref_keys: dict[str, list[str]] = {}
    for file in files:
        edges += [[source, pack_edges_of(group)] for source, group in by_source(file.edges).items()]
        inversion.add(segment, links_of(file.edges))
        for key in file.keys:
            ref_keys.setdefault(key, []).append(file.path)
    return PackedEdges(
        paths,
        edges,
        inversion.rows()[0],
        [[file.path, segment] for file in files if file.edges],
        [[file.path, pack_keys(file.keys)] for file in files if file.keys],
        [[key, its[0] if len(its) == 1 else segment, its] for key, its in ref_keys.items()],
    )


class PackedDefinitions:
    """The definitions of many packed files by key, unpacked when they are asked for."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._packed: dict[str, dict[str, list[Row]]] = {}  # by name and scope
        for row in rows:
            self._packed.setdefault(row[0], {}).setdefault(row[1], []).append(row)
        self._known: dict[str, tuple[Definition, ...]] = {}

    def get(self, key: str) -> tuple[Definition, ...]:
        """Its definitions by (file path, id); AMBIGUOUS for a capped key that has too many."""
        found = self._known.get(key)
        if found is None:
            name, scope = stored_key(key)
            scopes = self._packed.get(name, {})
            rows = scopes.get(scope, ()) if scope else chain.from_iterable(scopes.values())
            found = tuple(definitions_from_rows(key, [row[1:] for row in sorted(rows)]))
            if len(found) > AMBIGUITY_CAP and is_capped(key):
                found = AMBIGUOUS
            self._known[key] = found
        return found


def ingest_packed_files(db: Database, files: Sequence[PackedFile]) -> int:
    """Write files that the store does not hold, in one transaction; returns the clock. They are stale
    until `ingest_packed_edges`. Nothing is logged: readers of older clocks start afresh."""
    with db.writing() as (read, transact):
        meta = read_meta(read)
        clock = int(meta[META_CLOCK]) + 1
        tx = Transaction()
        if META_HYDRATED_BY in meta:  # by an earlier life: all its files were gone
            mark_new_files(tx, [f.record for f in files], clock)
        if META_MEANT_BY in meta:
            mark_unmeant(tx, [f.record.path for f in files if f.nodes], clock)
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


def ingest_packed_edges(db: Database, files: PackedEdges) -> int:
    """Write the edges of files that have none yet, with their keys, in one transaction, and clear their
    stale marks."""
    with db.writing() as (read, transact):
        clock = int(read_meta(read)[META_CLOCK]) + 1
        tx = Transaction()
        tx.put("isg_edges", files.edges)
        tx.put("edge_rev", files.reverse)
        tx.put("edge_segments", files.segments)
        tx.put("file_keys", files.file_keys)
        tx.put("ref_keys", files.ref_keys)
        tx.remove("stale_files", [[path] for path in files.paths])
        tx.put(
            "meta",
            [[META_CLOCK, str(clock)], [META_CHANGES_FLOOR, str(clock)], [META_RESOLVED, "1"]],
        )
        tx.run(transact)
        return clock
