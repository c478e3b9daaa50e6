"""How records become rows and rows become records: the packed columns in both directions.

Owns the layout inside packed columns; `store.schema` documents it. Reads and writes no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson

from store.model import (
    Definition,
    Edge,
    FileFacts,
    FileRecord,
    FileStat,
    NodeFacts,
    NodeSpan,
    Reference,
)

Row = list[Any]

_NO_REFERENCES: dict[str, tuple[Reference, ...]] = {}


def _pack(value: Any) -> str:
    return orjson.dumps(value).decode()


def node_row(node: NodeFacts, path: str) -> Row:
    """A row of `isg_nodes`. Slices of the record are plain tuples, which orjson takes at full speed."""
    return [node[0], path, node[1], node[16], node[18], orjson.dumps((*node[2:16], node[17])).decode()]


def node_from_row(node_id: str, kind: str, hash_: str, meaning_hash: str, facts: str) -> NodeFacts:
    """The record behind `node_row`."""
    f = orjson.loads(facts)
    f[10] = tuple(f[10])
    return NodeFacts._make((node_id, kind, *f[:14], hash_, f[14], meaning_hash))


def file_row(record: FileRecord, node_count: int, clock: int) -> Row:
    """A row of `files`."""
    stat = record.stat
    return [
        record.path,
        record.state,
        record.reason,
        list(record.notes),
        record.hash,
        stat.size_bytes,
        str(stat.mtime_ns),
        str(stat.ctime_ns),
        str(stat.inode),
        record.lines,
        record.parse_error_count,
        node_count,
        record.crate,
        record.module_path,
        clock,
    ]


def record_from_row(row: Sequence[Any]) -> FileRecord:
    """The record behind `file_row`."""
    path, state, reason, notes, hash_, size, mtime, ctime, inode, lines, errors, _, crate, module_path, _ = (
        row
    )
    stat = FileStat(size, int(mtime), int(ctime), int(inode))
    return FileRecord(path, state, reason, tuple(notes), hash_, stat, lines, errors, crate, module_path)


def pack_spans(spans: Sequence[NodeSpan]) -> str:
    """The packed column of `file_spans`."""
    return _pack(list(zip(*spans, strict=True)))


def unpack_spans(packed: str) -> list[NodeSpan]:
    """The spans behind `pack_spans`, in source order."""
    return PackedSpans(packed).all()


class PackedSpans:
    """The spans of one file, unpacked as far as a question needs: a large file has thousands."""

    def __init__(self, packed: str) -> None:
        columns = orjson.loads(packed) or [[], [], [], [], []]
        self._ids, self._start_bytes, self._end_bytes, self._start_lines, self._end_lines = columns

    def all(self) -> list[NodeSpan]:
        return list(
            map(
                NodeSpan._make,
                zip(
                    self._ids,
                    self._start_bytes,
                    self._end_bytes,
                    self._start_lines,
                    self._end_lines,
                    strict=True,
                ),
            )
        )

    def one(self, node_id: str) -> NodeSpan:
        return self._at(self._ids.index(node_id))

    def around_line(self, line: int) -> list[NodeSpan]:
        """Those that enclose the 1-based line, in source order."""
        lines = zip(self._start_lines, self._end_lines, strict=True)
        return [self._at(i) for i, (first, last) in enumerate(lines) if first <= line <= last]

    def inside(self, node_id: str) -> list[str]:
        """Ids of the nodes within a node, at any depth, in source order: they follow it directly."""
        at = self._ids.index(node_id)
        end = at + 1
        while end < len(self._ids) and self._start_bytes[end] < self._end_bytes[at]:
            end += 1
        found: list[str] = self._ids[at + 1 : end]
        return found

    def _at(self, i: int) -> NodeSpan:
        return NodeSpan(
            self._ids[i],
            self._start_bytes[i],
            self._end_bytes[i],
            self._start_lines[i],
            self._end_lines[i],
        )


def brief_columns(facts: str) -> tuple[str, str, str]:
    """(name, qualified name, signature) out of the packed column of `isg_nodes`; the exact signature if
    there is one."""
    f = orjson.loads(facts)
    return f[0], f[1], f[8] or f[7]


def unpack_span_ids(packed: str) -> list[str]:
    """Only the ids, in source order."""
    columns = orjson.loads(packed)
    return columns[0] if columns else []


def pack_references(facts: FileFacts) -> str:
    """The packed column of `file_refs`; nodes are written as ordinals to save their long ids."""
    ordinal = {node.id: i for i, node in enumerate(facts.nodes)}
    counted = [(ordinal.get(id_, id_), len(refs)) for id_, refs in facts.references.items()]
    every = list(chain.from_iterable(facts.references.values()))
    # Column by column: orjson takes neither named tuples nor, at any speed, many short lists.
    columns = [list(map(itemgetter(i), every)) for i in range(5)]
    return _pack([[of for of, _ in counted], [n for _, n in counted], *columns])


def pack_names(facts: FileFacts) -> str:
    """The packed column of `file_names`; nodes are written as ordinals, the file's path not at all."""
    ordinal = {node.id: i for i, node in enumerate(facts.nodes)}
    keys, ids, kinds, _, *rest = (
        zip(*facts.definitions, strict=True) if facts.definitions else [()] * len(Definition._fields)
    )
    return _pack([keys, [ordinal.get(id_, id_) for id_ in ids], kinds, *rest])


def unpack_references(packed: str, ids: Sequence[str]) -> dict[str, tuple[Reference, ...]]:
    """The references behind `pack_references`; `ids` are the file's node ids in source order."""
    if not packed:
        return _NO_REFERENCES.copy()
    nodes, counts, *columns = orjson.loads(packed)
    references = map(Reference._make, zip(*columns, strict=True))
    return {
        _id_of(node, ids): tuple(next(references) for _ in range(count))
        for node, count in zip(nodes, counts, strict=True)
    }


def unpack_definitions(packed: str, ids: Sequence[str], path: str) -> tuple[Definition, ...]:
    """The definitions behind `pack_names`, in the order of ingestion."""
    return tuple(
        Definition(key, _id_of(node, ids), kind, path, *rest)
        for key, node, kind, *rest in zip(*orjson.loads(packed), strict=True)
    )


def pack_keys(keys: Sequence[str]) -> str:
    """The packed column of `file_keys`."""
    return _pack(keys)


def unpack_keys(packed: str) -> tuple[str, ...]:
    """The look-up keys that a file's edges depend on, sorted."""
    return tuple(orjson.loads(packed))


def _id_of(node: int | str, ids: Sequence[str]) -> str:
    return node if isinstance(node, str) else ids[node]


def group_definitions(definitions: Iterable[Definition]) -> dict[str, str]:
    """key -> the packed column of `name_defs` for one file: its definitions under that key, by id."""
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for key, id_, kind, _, *rest in definitions:
        grouped.setdefault(key, []).append((id_, kind, *rest))
    for entries in grouped.values():
        if len(entries) > 1:
            entries[:] = sorted(set(entries))
    return {key: orjson.dumps(entries).decode() for key, entries in grouped.items()}


def definitions_from_row(key: str, path: str, packed: str) -> list[Definition]:
    """The definitions behind one row of `name_defs`, by id."""
    return [Definition(key, id_, kind, path, *rest) for id_, kind, *rest in orjson.loads(packed)]


def edge_row(edge: Edge) -> Row:
    """A row of `isg_edges`."""
    return [*edge[:6], ",".join(map(str, edge.sites))]


def edge_from_row(row: Sequence[Any]) -> Edge:
    """The record behind `edge_row`."""
    src, kind, dst, weight, provenance, rule, sites = row
    return Edge(src, kind, dst, weight, provenance, rule, tuple(map(int, sites.split(","))) if sites else ())
