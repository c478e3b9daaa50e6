"""Every change of a store: each function here is one transaction, or none when nothing differs.

Owns which files a change of definitions makes stale. Knows nothing of Rust nor of how names resolve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from store.commits import advance, read_meta
from store.database import Database, Run, StaleFacts, StoreBroken, StoreError
from store.diff import FileDiff, diff_update
from store.doubt import find_doubts, write_doubts, write_resolved
from store.edge_writes import diff_plans, invert, put_edges
from store.edges import EdgePlan, plan_edges, plan_some_edges
from store.meaning_marks import mark_meanings
from store.model import (
    AMBIGUITY_CAP,
    Commit,
    FileChange,
    FileFacts,
    FileRecord,
    FileUpdate,
    ResolvedFile,
    is_capped,
    whole_module,
)
from store.names import read_file_keys, rows_by_key
from store.node_names import name_rows
from store.overlay import overlay
from store.rows import Row, file_row, pack_keys, unpack_span_ids
from store.schema import META_CHANGES_FLOOR, META_CLOCK, META_HYDRATED_BY, META_MEANT_BY, META_RESOLVED
from store.transaction import COLUMNS, PUT, Transaction

_INSERT_FILES = f"{{?[{COLUMNS['files']}] <- $new_files :insert files {{{COLUMNS['files']}}}}}"
# `not *files{path, hash}` would look at every file: `hash` is no key.
_ENSURE_FILES = (
    "{k[path, hash] <- $old_files ?[path] := k[path, hash], *files{path, hash: stored}, stored != hash"
    " ?[path] := k[path, _], not *files{path} :assert none}"
)
_STAT = "path, size_bytes, mtime_ns, ctime_ns, inode"
_UPDATE_STAT = f"{{?[{_STAT}] <- $stats :update files {{{_STAT}}}}}"
_HASHES = "k[path] <- $k ?[path, hash] := k[path], *files{path, hash}"
_STALE_BY_KEY = (
    "{k[key] <- $stale_keys ?[path, clock] := k[key], *ref_keys{key, file_paths}, path in file_paths,"
    " *files{path}, clock = $clock :put stale_files {path => clock}}"
)
_SPANS = "k[path] <- $k ?[path, spans] := k[path], *file_spans{file_path: path, spans}"


def ingest_file_batch(
    db: Database, updates: Sequence[FileUpdate], *, log_changes: bool = True, invalidate: bool = True
) -> Commit:
    """Bring the store from each update's `old` facts to its `new` ones, all in one transaction.

    Only rows that differ are written. With `edges` given they become all edges of the file, and `keys` all
    that they depend on; without, the file becomes stale. So does every other file whose keys, as stored or
    as given, hold one whose definitions change (unless the key is capped, and ambiguous before and after).
    `log_changes=False` is for the first index of a tree: nothing is logged, and readers of older clocks
    are told to start afresh. `invalidate=False` is for edges that already take every other file into
    account, as in a snapshot: no other file becomes stale. At most one update per path. Raises StaleFacts
    if an `old` is not what is stored.
    """
    with db.writing() as (read, transact):
        return _ingest(read, transact, updates, log_changes=log_changes, invalidate=invalidate)


def _ingest(
    read: Run, transact: Run, updates: Sequence[FileUpdate], *, log_changes: bool, invalidate: bool
) -> Commit:
    meta = read_meta(read)
    clock = int(meta[META_CLOCK])
    diffs = [diff_update(update) for update in updates]
    changes = tuple(diff.change for diff in diffs if diff.change is not None)
    is_new = all(update.old is None for update in updates)
    plans = _plan_edges(updates, diffs)
    doubts = overlaid = None
    if META_HYDRATED_BY in meta:
        doubts = find_doubts(read, updates, diffs)
        overlaid = overlay(read, plans, doubts.void)
        plans = overlaid.plans
    edge_diff = diff_plans(read, plans, is_new=is_new)
    inversion = invert(read, edge_diff, is_new=is_new)
    key_diff = _diff_keys(
        read,
        {u.path: u.keys for u in updates if u.edges is not None and u.new is not None},
        [u.path for u in updates if u.new is None],
        is_new=is_new,
    )
    if changes or edge_diff.gained:
        clock += 1

    tx = Transaction()
    _put_files(tx, updates, diffs, clock)
    _put_diffs(tx, diffs)
    put_edges(tx, edge_diff, inversion)
    _put_keys(tx, key_diff)
    # Before the first edges are written every file is stale by itself: nothing to look up.
    keys = _keys_to_resolve(read, updates, diffs) if invalidate and META_RESOLVED in meta else {}
    _mark_stale(tx, updates, diffs, keys, clock)
    if doubts is not None and overlaid is not None:
        overlaid.write(tx)
        moved = overlaid.moved | edge_diff.sources()
        write_doubts(tx, updates, diffs, doubts, moved, keys, clock)
    if META_MEANT_BY in meta:
        mark_meanings(tx, read, updates, diffs, clock)
    logged = {change.path for change in changes}
    changes += tuple(FileChange(path, (), (), ()) for path in edge_diff.gained if path not in logged)
    has_edges = any(update.edges is not None for update in updates)
    advance(tx, meta, clock, changes, log_changes=log_changes, has_edges=has_edges)
    try:
        tx.run(transact)
    except StoreBroken:
        raise
    except StoreError as error:
        if "assertion_failure" in str(error) or "assert_none_failure" in str(error):
            raise StaleFacts(f"the store holds other facts than the update starts from: {error}") from None
        raise
    return Commit(clock, changes)


def replace_edges_for_files(
    db: Database, files: Sequence[ResolvedFile], *, as_of: int | None = None, log_changes: bool = True
) -> Commit:
    """Make these the edges of the files and the keys that they depend on, by difference, and clear their
    stale marks.

    A file whose stored hash is another by now is left alone. So are all files when the store has moved on
    from the clock `as_of` at which the resolution began (default: it has not): what it has asked for is not
    in the store yet, so that no later change of it can have made the file stale.
    """
    with db.writing() as (read, transact):
        meta = read_meta(read)
        clock = int(meta[META_CLOCK])
        if as_of is not None and as_of != clock:
            return Commit(clock, ())
        paths = [file.path for file in files]
        hashes = dict(_pairs(read, _HASHES, paths))
        current = [file for file in files if hashes.get(file.path) == file.file_hash]
        nodes = _read_node_ids(read, [file.path for file in current])
        plans = [plan_edges(file.path, file.edges, nodes.get(file.path, ())) for file in current]
        overlaid = overlay(read, plans, {}) if META_HYDRATED_BY in meta else None
        edge_diff = diff_plans(read, plans if overlaid is None else overlaid.plans)
        inversion = invert(read, edge_diff)
        key_diff = _diff_keys(read, {file.path: file.keys for file in current}, (), is_new=False)
        changes = tuple(FileChange(path, (), (), ()) for path in edge_diff.gained)
        tx = Transaction()
        if changes:
            clock += 1
        if overlaid is not None:
            overlaid.write(tx)
            moved = overlaid.moved | edge_diff.sources()
            write_resolved(tx, nodes, moved, clock)
        tx.remove("stale_files", [[file.path] for file in current])
        put_edges(tx, edge_diff, inversion)
        _put_keys(tx, key_diff)
        advance(tx, meta, clock, changes, log_changes=log_changes, has_edges=bool(current))
        tx.run(transact)
        return Commit(clock, changes)


def update_stats(db: Database, records: Sequence[FileRecord]) -> None:
    """Store the stats of files whose bytes are as they were. Readers see no change: the clock stays."""
    if records:
        db.transact(_UPDATE_STAT, {"stats": [_stat_row(record) for record in records]})


def mark_stale(db: Database, paths: Iterable[str]) -> None:
    """Have the references of these files resolved anew."""
    with db.writing() as (read, transact):
        tx = Transaction()
        clock = int(read_meta(read)[META_CLOCK])
        tx.put("stale_files", [[path, clock] for path in paths])
        tx.run(transact)


def set_stale(db: Database, paths: Iterable[str]) -> None:
    """Make exactly these the files that wait for resolution."""
    with db.writing() as (read, transact):
        clock = int(read_meta(read)[META_CLOCK])
        tx = Transaction()
        tx.add("{?[path] := *stale_files{path} :rm stale_files {path}}")
        tx.put("stale_files", [[path, clock] for path in paths])
        tx.run(transact)


def begin_clock_after(db: Database, clock: int) -> None:
    """Have the clock of a store that takes another one's place go on behind the other's, so that whoever
    asks for the changes since one of its clocks is told to start afresh."""
    with db.writing() as (read, transact):
        begun = max(clock, int(read_meta(read)[META_CLOCK])) + 1
        transact(PUT["meta"], {"rows": [[META_CLOCK, str(begun)], [META_CHANGES_FLOOR, str(begun)]]})


def set_meta(db: Database, key: str, value: str) -> None:
    """Store one value under a key of the caller's; the store's own keys are in `store.schema`."""
    db.transact(PUT["meta"], {"rows": [[key, value]]})


def _put_files(tx: Transaction, updates: Sequence[FileUpdate], diffs: Sequence[FileDiff], clock: int) -> None:
    expected: list[Row] = []
    inserted: list[Row] = []
    replaced: list[Row] = []
    touched: list[Row] = []
    for update, diff in zip(updates, diffs, strict=True):
        if update.old is not None:
            expected.append([update.path, update.old.record.hash])
        if update.new is None:
            continue
        row = file_row(update.new.record, len(update.new.nodes), clock)
        if update.old is None:
            inserted.append(row)
        elif not diff.is_stat_only:
            replaced.append(row)
        elif update.old.record != update.new.record:
            touched.append(_stat_row(update.new.record))
    if expected:
        tx.add(_ENSURE_FILES, old_files=expected)
    if inserted:
        tx.add(_INSERT_FILES, new_files=inserted)
    if touched:
        tx.add(_UPDATE_STAT, stats=touched)
    tx.put("files", replaced)
    gone = [[u.path] for u in updates if u.new is None]
    for relation in ("files", "file_spans", "file_refs", "file_names", "file_text", "edge_segments"):
        tx.remove(relation, gone)


def _stat_row(record: FileRecord) -> Row:
    stat = record.stat
    return [record.path, stat.size_bytes, str(stat.mtime_ns), str(stat.ctime_ns), str(stat.inode)]


def _put_diffs(tx: Transaction, diffs: Sequence[FileDiff]) -> None:
    tx.remove("isg_nodes", [[id_] for d in diffs if d.change for id_ in d.change.removed])
    tx.put("isg_nodes", _joined(d.put_nodes for d in diffs))
    tx.put("file_spans", [[d.path, d.spans] for d in diffs if d.spans is not None])
    tx.put("file_refs", [[d.path, d.references] for d in diffs if d.references is not None])
    tx.put("file_names", [[d.path, d.names] for d in diffs if d.names is not None])
    tx.put("file_text", [[d.path, d.text] for d in diffs if d.text is not None])
    tx.remove("name_defs", _joined(d.remove_defs for d in diffs))
    tx.put("name_defs", _joined(d.put_defs for d in diffs))
    tx.remove("node_names", [[bucket, d.path] for d in diffs for bucket in d.remove_name_buckets])
    tx.put("node_names", _joined(name_rows(d.put_node_names, d.path) for d in diffs))


@dataclass(frozen=True, slots=True)
class _KeyDiff:
    """What has to happen to the keys of some files: rows of `file_keys`, and who gains and loses which."""

    put: list[Row]
    remove: list[Row]
    gained: list[tuple[str, Collection[str]]]
    lost: list[tuple[str, Collection[str]]]


def _diff_keys(
    read: Run, keys: Mapping[str, Sequence[str]], gone: Sequence[str], *, is_new: bool
) -> _KeyDiff:
    stored = {} if is_new else read_file_keys(read, [*keys, *gone])
    diff = _KeyDiff([], [[path] for path in gone if path in stored], [], [])
    diff.lost.extend((path, stored[path]) for path in gone if path in stored)
    for path, wanted in keys.items():
        was = stored.get(path, ())
        if was == wanted:
            continue
        if wanted:
            diff.put.append([path, pack_keys(wanted)])
        else:
            diff.remove.append([path])
        before, after = set(was), set(wanted)
        diff.gained.append((path, after - before))
        diff.lost.append((path, before - after))
    return diff


def _put_keys(tx: Transaction, diff: _KeyDiff) -> None:
    tx.remove("file_keys", diff.remove)
    tx.put("file_keys", diff.put)
    tx.remove("ref_keys", [[key, path] for path, keys in diff.lost for key in keys])
    tx.put("ref_keys", [[key, path, [path]] for path, keys in diff.gained for key in keys])


def _joined(parts: Iterable[list[Any]]) -> list[Any]:
    return list(chain.from_iterable(parts))


def _plan_edges(updates: Sequence[FileUpdate], diffs: Sequence[FileDiff]) -> list[EdgePlan]:
    plans = []
    for update, diff in zip(updates, diffs, strict=True):
        removed = diff.change.removed if diff.change is not None else ()
        if update.edges is None or update.new is None:
            plans.append(plan_some_edges(update.path, (), removed))
        elif update.edge_sources is not None:
            plans.append(plan_some_edges(update.path, update.edges, update.edge_sources.union(removed)))
        else:
            known = {node[0] for node in update.old.nodes} if update.old is not None else ()
            plans.append(plan_edges(update.path, update.edges, known))
    return plans


def _read_node_ids(read: Run, paths: Sequence[str]) -> dict[str, list[str]]:
    return {path: unpack_span_ids(spans) for path, spans in _pairs(read, _SPANS, paths)}


def _pairs(read: Run, script: str, keys: Sequence[str]) -> list[list[str]]:
    return read(script, {"k": [[key] for key in keys]}) if keys else []


def _mark_stale(
    tx: Transaction,
    updates: Sequence[FileUpdate],
    diffs: Sequence[FileDiff],
    keys: dict[str, set[str]],
    clock: int,
) -> None:
    stale = {
        u.path
        for u, d in zip(updates, diffs, strict=True)
        if (u.edges is None or u.is_partial) and not d.is_stat_only
    }
    fresh = {u.path for u in updates if u.edges is not None}
    if keys:
        tx.add(_STALE_BY_KEY, stale_keys=[[key] for key in keys], clock=clock)
        for update in updates:  # a file with its edges given is stale only through *another* file's keys
            if any(keys.get(key, set()) - {update.path} for key in update.keys):
                stale.add(update.path)
    gone = {u.path for u in updates if u.new is None}
    tx.remove("stale_files", [[path] for path in sorted((fresh | gone) - (stale - gone))])
    tx.put("stale_files", [[path, clock] for path in sorted(stale - gone)])


def _keys_to_resolve(
    read: Run, updates: Sequence[FileUpdate], diffs: Sequence[FileDiff]
) -> dict[str, set[str]]:
    """key -> the files of this batch that change its definitions; without the capped keys that are
    ambiguous before and after: resolution is told the same of them in either state."""
    by_key: dict[str, set[str]] = {}
    for diff in diffs:
        for key in diff.changed_keys:
            by_key.setdefault(key, set()).add(diff.path)
            if "::" in key:
                by_key.setdefault(whole_module(key), set()).add(diff.path)
    capped = [key for key in by_key if is_capped(key)]
    if not capped:
        return by_key
    paths = {update.path for update in updates}
    old_counts = _definition_counts((u.old for u in updates), capped)
    new_counts = _definition_counts((u.new for u in updates), capped)
    # Every row holds at least one definition, so that this many rows decide either way.
    rows = rows_by_key(read, capped, AMBIGUITY_CAP + 1 + len(paths))
    for key in capped:
        others = sum(len(orjson.loads(defs)) for _, path, defs in rows.get(key, ()) if path not in paths)
        if others + min(old_counts[key], new_counts[key]) > AMBIGUITY_CAP:
            del by_key[key]
    return by_key


def _definition_counts(generation: Iterable[FileFacts | None], keys: Iterable[str]) -> Counter[str]:
    wanted = frozenset(keys)
    # As many as there are in the rows: equal ones are stored once.
    return Counter(
        d[0]
        for facts in generation
        if facts
        for d in {definition for definition in facts.definitions if definition[0] in wanted}
    )
