"""How records become rows and rows become records: the packed columns in both directions.

Owns the layout inside packed columns; `store.schema` documents it. Reads and writes no database.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
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
    return [node[0], path, node[1], orjson.dumps(node[2:]).decode()]


def node_from_row(node_id: str, kind: str, facts: str) -> NodeFacts:
    """The record behind `node_row`."""
    f = orjson.loads(facts)
    f[10] = tuple(f[10])
    return NodeFacts._make((node_id, kind, *f))


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


def stored_key(key: str) -> tuple[str, str]:
    """(name, scope) of the rows of `name_defs` that tell what is under a look-up key (see `store.schema`);
    a key without a scope is told by the rows of its name in every scope."""
    scope, _, last = key.rpartition("::")
    return (f"{scope.partition('::')[0]}*{last}", scope) if scope else (key, "")


def group_definitions(definitions: Iterable[Definition]) -> dict[tuple[str, str], str]:
    """(name, scope) -> the packed column of `name_defs` for one file: its definitions there, by id."""
    grouped: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    bare: dict[tuple[str, ...], bool] = {}  # whether a row of some scope tells it
    scoped: list[tuple[str, str, Definition]] = []
    for definition in definitions:
        key, id_, kind, _, module, owner, visibility, text, container, cfg = definition
        name, scope = stored_key(key)
        if scope:
            scoped.append((name, scope, definition))
        elif owner or text or container:
            grouped.setdefault((name, ""), []).append((id_, kind, *definition[4:]))
        else:
            bare[name, id_, kind, module, visibility, cfg] = False
    for name, scope, (_, id_, kind, _, *rest) in scoped:
        module, _, visibility, _, _, cfg = rest
        entry: tuple[Any, ...] = (id_, kind, *rest)
        mark = name, id_, kind, module, visibility, cfg
        if mark in bare:
            bare[mark] = True
            entry += (1,)
        grouped.setdefault((name, scope), []).append(entry)
    for (name, id_, kind, module, visibility, cfg), is_told in bare.items():
        if not is_told:
            grouped.setdefault((name, ""), []).append((id_, kind, module, "", visibility, "", "", cfg))
    for entries in grouped.values():
        if len(entries) > 1:
            entries[:] = sorted(set(entries))
    return {key: orjson.dumps(entries).decode() for key, entries in grouped.items()}


def definitions_from_rows(key: str, rows: Iterable[Sequence[str]]) -> list[Definition]:
    """The definitions under a key, by (file path, id), out of rows (scope, file path, packed definitions) of
    its stored key, which are sorted."""
    found: list[Definition] = []
    is_mixed = False
    is_scoped = "::" in key
    for scope, path, packed in rows:
        if scope and not is_scoped:
            is_mixed = True
            found += [
                Definition(key, id_, kind, path, module, "", visibility, "", "", cfg)
                for id_, kind, module, _, visibility, _, _, cfg, *bare in orjson.loads(packed)
                if bare
            ]
        else:
            found += [Definition(key, d[0], d[1], path, *d[2:8]) for d in orjson.loads(packed)]
    if is_mixed:  # the scopes of one file are in any order, and two of them may tell the same
        found.sort(key=itemgetter(3, 1, 2, 4, 5, 6, 7, 8, 9))
        found = [one for at, one in enumerate(found) if not at or one != found[at - 1]]
    return found


NO_EDGES = "[]"
"""Packed edges of a source that has none; in `isg_edges` it has no row."""


def pack_edges_of(edges: Iterable[Edge]) -> str:
    """The packed column of `isg_edges` for the edges of one source, in this order. Slices of the records are
    plain tuples, which orjson takes at full speed."""
    return _pack([edge[1:] for edge in edges])


def unpack_edges(source: str, packed: str) -> list[Edge]:
    """The records behind `pack_edges_of`."""
    return [
        Edge(source, kind, target, weight, provenance, rule, tuple(sites))
        for kind, target, weight, provenance, rule, sites in orjson.loads(packed)
    ]


def unpack_some_edges(source: str, packed: str, wanted: Container[tuple[str, str, str]]) -> list[Edge]:
    """As `unpack_edges`, but only those whose (source, kind, target) are wanted."""
    return [
        Edge(source, kind, target, weight, provenance, rule, tuple(sites))
        for kind, target, weight, provenance, rule, sites in orjson.loads(packed)
        if (source, kind, target) in wanted
    ]


def pack_sources(sources: Mapping[str, Iterable[str]]) -> str:
    """The packed column of `edge_rev` for the sources of one target by kind."""
    return _pack([(kind, sorted(sources[kind])) for kind in sorted(sources)])


def unpack_sources(packed: str) -> list[tuple[str, list[str]]]:
    """(kind, sources) of one row of `edge_rev`, sorted."""
    found: list[tuple[str, list[str]]] = orjson.loads(packed)
    return found


def count_sources(packed: str) -> int:
    """How many edges one row of `edge_rev` stands for."""
    return sum(len(sources) for _, sources in unpack_sources(packed))
