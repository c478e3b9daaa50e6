"""Reads of files, names, staleness and the change log. Each sees one generation of the store.

Graph questions are in `store.graph`, nodes and their slices in `store.nodes`; both are re-exported here,
so that callers need one name. Knows nothing of how the answers are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import orjson

from store.database import Database, Rows, Run, StoreBroken
from store.dump import dump as dump
from store.dump import dump_hydration as dump_hydration
from store.graph import edges_from as edges_from
from store.graph import edges_to as edges_to
from store.graph import explain_connectivity as explain_connectivity
from store.graph import isg_two_hop as isg_two_hop
from store.model import AMBIGUITY_CAP, Definition, FileChange, FileFacts, FileRecord, is_capped
from store.names import read_file_keys, rows_by_key
from store.node_names import find_nodes as find_nodes
from store.nodes import get_node as get_node
from store.nodes import get_node_summary as get_node_summary
from store.nodes import list_nodes_by_file as list_nodes_by_file
from store.nodes import node_exists as node_exists
from store.nodes import nodes_at as nodes_at
from store.nodes import read_nodes
from store.rows import (
    count_sources,
    definitions_from_rows,
    record_from_row,
    unpack_definitions,
    unpack_keys,
    unpack_references,
    unpack_spans,
)
from store.schema import META_CHANGES_FLOOR, META_CLOCK, META_INSTANCE_ID

_FILE_COLUMNS = (
    "path, state, reason, notes, hash, size_bytes, mtime_ns, ctime_ns, inode, lines,"
    " parse_error_count, node_count, crate, module_path, clock"
)


class Changes(NamedTuple):
    """What happened after a clock. `entries` are (clock, change), oldest first; whole clocks only.
    `clock` is where the next call goes on. `fresh_instance`: the log does not reach back that far (or
    the clock is another store's), so that the caller has to read everything anew; entries are empty.
    `more`: the limit cut the answer."""

    clock: int
    fresh_instance: bool
    entries: tuple[tuple[int, FileChange], ...]
    more: bool


class Counts(NamedTuple):
    """Rows of a store, for `status`."""

    files: int
    skipped_files: int
    nodes: int
    references: int
    edges: int
    stale_files: int


def get_meta(db: Database, key: str) -> str | None:
    """One value of `meta`, or None."""
    rows = db.query("?[value] := *meta{key: $key, value}", {"key": key})
    return rows[0][0] if rows else None


def clock(db: Database) -> int:
    """The clock of the newest commit; 0 for an empty store."""
    return int(get_meta(db, META_CLOCK) or 0)


def instance_id(db: Database) -> str:
    """Names this store: another value means that everything known from before is void."""
    return get_meta(db, META_INSTANCE_ID) or ""


def load_file_facts(db: Database, path: str) -> FileFacts | None:
    """A file's facts exactly as they were ingested, or None if the file is not in the store."""
    with db.reading() as run:
        return read_file_facts(run, path)


def read_file_facts(run: Run, path: str) -> FileFacts | None:
    """`load_file_facts` as part of a longer reading."""
    files = run(f"?[{_FILE_COLUMNS}] := path = $p, *files{{{_FILE_COLUMNS}}}", {"p": path})
    if not files:
        return None
    packed = run(
        "?[spans, refs, defs, text] := *file_spans{file_path: $p, spans},"
        " *file_refs{file_path: $p, refs}, *file_names{file_path: $p, defs},"
        " *file_text{file_path: $p, text}",
        {"p": path},
    )
    if len(packed) != 1:
        raise StoreBroken(f"the store has lost rows of {path}: it has to be rebuilt")
    ((spans, refs, defs, text),) = packed
    all_spans = unpack_spans(spans)
    ids = [span.id for span in all_spans]
    nodes = read_nodes(run, ids)
    if len(nodes) != len(ids):
        raise StoreBroken(f"the store has lost nodes of {path}: it has to be rebuilt")
    return FileFacts(
        record=record_from_row(files[0]),
        nodes=tuple([nodes[id_][1] for id_ in ids]),
        spans=tuple(all_spans),
        references=unpack_references(refs, ids),
        definitions=unpack_definitions(defs, ids, path),
        text=text,
    )


def load_file_records(db: Database) -> list[FileRecord]:
    """The record of every file, by path: what a scan compares the tree with."""
    rows = db.query(f"?[{_FILE_COLUMNS}] := *files{{{_FILE_COLUMNS}}}")
    return [record_from_row(row) for row in rows]


def list_files(db: Database, *, state: str | None = None, limit: int = 1_000_000) -> list[FileRecord]:
    """Records by path, of one state ("indexed" or "skipped") or of all."""
    records = load_file_records(db)
    return [record for record in records if state is None or record.state == state][:limit]


def definitions(
    db: Database, keys: Collection[str], *, without: Collection[str] = ()
) -> dict[str, tuple[Definition, ...]]:
    """key -> its definitions by (file path, id); unknown keys are absent. Of a capped key there are at most
    AMBIGUITY_CAP + 1. Definitions in the files `without` do not count."""
    if not keys:
        return {}
    with db.reading() as run:
        found = rows_by_key(run, keys, AMBIGUITY_CAP + 1 + len(without))
    answer: dict[str, tuple[Definition, ...]] = {}
    for key, rows in found.items():
        every = definitions_from_rows(key, [row for row in rows if row[1] not in without])
        if every:
            answer[key] = tuple(every[: AMBIGUITY_CAP + 1] if is_capped(key) else every)
    return answer


def packed_definitions(db: Database) -> Rows:
    """Every row of definitions, for `store.bulk.PackedDefinitions`: about 1 s for 200,000."""
    return db.query("?[name, scope, file_path, defs] := *name_defs{name, scope, file_path, defs}")


def file_keys(db: Database, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """path -> the look-up keys that the file's edges depend on; files without any are absent, as are
    those that were never resolved."""
    with db.reading() as run:
        return read_file_keys(run, paths)


def file_text(db: Database, path: str) -> bytes | None:
    """The bytes of a file as they were indexed, or None if it is not in the store."""
    rows = db.query("?[text] := *file_text{file_path: $p, text}", {"p": path})
    return rows[0][0] if rows else None


def file_texts(db: Database, paths: Iterable[str]) -> dict[str, bytes]:
    """path -> bytes as indexed; files that are not in the store, or were skipped, are absent."""
    rows = db.query(
        "k[path] <- $k ?[path, text] := k[path], *files{path, state}, state == 'indexed',"
        " *file_text{file_path: path, text}",
        {"k": _column(paths)},
    )
    texts: dict[str, bytes] = {}
    for path, text in rows:
        texts[path] = text
    return texts


def is_stale(db: Database, path: str) -> bool:
    """Whether the file's references wait for resolution."""
    return bool(db.query("?[path] := path = $p, *stale_files{path}", {"p": path}))


def files_mentioning(db: Database, keys: Iterable[str]) -> list[str]:
    """Paths of the files whose edges depend on any of the look-up keys, sorted."""
    wanted = set(keys)
    if not wanted:
        return []
    rows = db.query(
        "k[key] <- $k ?[path, keys] := k[key], *ref_keys{key, file_paths}, path in file_paths,"
        " *file_keys{file_path: path, keys}",
        {"k": _column(sorted(wanted))},
    )
    return [path for path, packed in rows if not wanted.isdisjoint(unpack_keys(packed))]


def stale_paths(db: Database, limit: int = 1_000_000) -> list[str]:
    """Files whose references have to be resolved anew, by path."""
    rows = db.query(f"?[path] := *stale_files{{path}} :order path :limit {int(limit)}")
    return [path for (path,) in rows]


def stale_count(db: Database) -> int:
    """How many files wait for resolution."""
    return _count(db.query("?[count(path)] := *stale_files{path}"))


def changes_floor(db: Database) -> int:
    """The oldest clock from which the change log still tells everything."""
    return int(get_meta(db, META_CHANGES_FLOOR) or 0)


def changes_since(db: Database, since: int, limit: int = 10_000) -> Changes:
    """What happened after clock `since`; about `limit` entries, but never part of a clock."""
    with db.reading() as run:
        meta = dict(run("?[key, value] := *meta{key, value}"))
        now, floor = int(meta[META_CLOCK]), int(meta[META_CHANGES_FLOOR])
        if since > now or since < floor:
            return Changes(now, True, (), False)
        entries: list[tuple[int, FileChange]] = []
        upto = since
        while upto < now and len(entries) < limit:
            start, upto = upto, min(upto + max(1, limit - len(entries)), now)
            rows = run(
                "?[clock, path, log] := clock in int_range($from, $to), *changes{clock, path, log}",
                {"from": start + 1, "to": upto + 1},
            )
            entries.extend((at, FileChange(path, *map(tuple, orjson.loads(log)))) for at, path, log in rows)
    if len(entries) > limit:
        last = entries[limit - 1][0]
        entries, upto = [entry for entry in entries if entry[0] <= last], last
    return Changes(upto, False, tuple(entries), upto < now)


def counts(db: Database) -> Counts:
    """Sizes of the store. Counting edges and references unpacks them all: about 1 µs each."""
    with db.reading() as run:
        files = run("?[state, count(path), sum(node_count)] := *files{path, state, node_count}")
        rows = run("?[target, segment, sources] := *edge_rev{dst_id: target, segment, sources}")
        edges = sum(count_sources(sources) for _, _, sources in rows)
        stale = _count(run("?[count(path)] := *stale_files{path}"))
        references = _count_references(run)
    return Counts(
        files=sum(row[1] for row in files),
        skipped_files=sum(row[1] for row in files if row[0] == "skipped"),
        nodes=int(sum(row[2] for row in files)),
        references=references,
        edges=edges,
        stale_files=stale,
    )


def _count_references(run: Run) -> int:
    rows = run("?[path, refs] := *file_refs{file_path: path, refs}")
    return sum(sum(orjson.loads(refs)[1]) for _, refs in rows)


def _count(rows: Rows) -> int:
    return int(rows[0][0]) if rows else 0


def _column(values: Iterable[str]) -> Rows:
    return [[value] for value in values]
