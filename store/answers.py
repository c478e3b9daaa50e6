"""rust-analyzer's answers about files into the store: its word on nodes, its edges, its diagnostics.

One transaction each, by difference. Knows nothing of what makes an answer doubtful (see `store.doubt`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from store.commits import advance, read_meta
from store.database import Database, Run
from store.diagnostics import pack_diagnostics
from store.edge_writes import invert, put_edges, read_packed_edges
from store.edges import EdgePlan, diff_edges
from store.model import Commit, Edge, FileChange, HydratedFile, HydratedNode, hydration_key
from store.nodes import read_nodes
from store.overlay import merge_edges, read_heuristic
from store.rows import Row, pack_edges_of, unpack_edges, unpack_span_ids
from store.schema import META_CLOCK, META_HYDRATED_BY, META_TEXT_CLOCK, Rank
from store.transaction import Transaction

_CURRENT = (
    "k[path, hash, as_of] <- $k"
    " newer[path] := k[path, _, as_of], *ra_pending{rank: 0, file_path: path, name: '', clock}, clock > as_of"
    " ?[path] := k[path, hash, _], *files{path, hash: stored}, stored == hash,"
    " not *stale_files{path}, not newer[path]"
)
_SPANS = "k[path] <- $k ?[path, spans] := k[path], *file_spans{file_path: path, spans}"
_FILES = (
    "k[path] <- $k ?[path, diagnosed, reason] := k[path],"
    " *ra_files{file_path: path, diagnosed_hash: diagnosed, reason}"
)
_ITEMS = "k[path] <- $k ?[path, items] := k[path], *diagnostics{file_path: path, items}"
_SAID = "?[id, signature, reason, doubted] := id in $k, *ra_nodes{id, signature, reason, doubted}"
_SIGNED = (
    "?[path, count(id)] := id in $k,"
    " *ra_nodes{id, file_path: path, key, signature}, key != '', signature != ''"
)
_TEXT_CLOCKS = "?[id, clock] := id in $k, *isg_nodes{id, file_path: path}, *files{path, clock}"
_EXTERNALS = "?[id, facts] := id in $k, *external_nodes{id, facts}"
_DONE = (
    "{k[file_path, as_of] <- $done ?[rank, file_path, name] := k[file_path, as_of], rank in [0, 1, 2],"
    " *ra_pending{rank, file_path, name, clock}, clock <= as_of :rm ra_pending {rank, file_path, name}}"
)


def replace_hydration(db: Database, file: HydratedFile) -> Commit | None:
    """`replace_hydrations` of one file; None if it was left out."""
    commit, refused = replace_hydrations(db, [file])
    return None if refused else commit


def replace_hydrations(db: Database, files: Sequence[HydratedFile]) -> tuple[Commit, tuple[str, ...]]:
    """Store what was found out about files, each at most once, in one transaction; returns also the paths
    that were left out: the store holds other bytes of them by now, or their references are not resolved or
    were so after `as_of` only (what had changed by then, nobody could tell), or it is not hydrated any more.

    Clears the marks of what made the files pending up to `as_of`. An answer that leads to something which
    has changed since is stored, and asked for again: nothing had told yet that it hangs on that. Answers for
    nodes that the file does not have, or with another key than the node's, are dropped. The commit is empty,
    with the clock as before, when no reader can tell.
    """
    with db.writing() as (read, transact):
        meta = read_meta(read)
        clock = int(meta[META_CLOCK])
        keys = [[file.path, file.file_hash, file.as_of] for file in files]
        fit = {path for (path,) in (read(_CURRENT, {"k": keys}) if meta.get(META_HYDRATED_BY) else [])}
        refused = tuple([file.path for file in files if file.path not in fit])
        current = [file for file in files if file.path in fit]
        if not current:
            return Commit(clock, ()), refused
        stored = _read_stored(read, current)
        text_clock = int(meta.get(META_TEXT_CLOCK, 0))
        outdated = _outdated(read, [file for file in current if file.as_of < text_clock])
        tx = Transaction()
        told = _put_nodes(tx, read, current, stored, dict.fromkeys(outdated, text_clock))
        told.update(_put_files(tx, current, stored, clock + 1))
        changes = [FileChange(path, (), (), ()) for path in sorted(told)]  # the nodes' texts are as they were
        tx.put("external_nodes", _new_externals(read, current))
        tx.add(_DONE, done=[[file.path, file.as_of] for file in current])
        paths = {file.path for file in current if any(node.id in outdated for node in file.nodes)}
        tx.put("ra_pending", [[Rank.DEPENDENT.value, path, "", text_clock] for path in paths])
        if changes:
            clock += 1
        advance(tx, meta, clock, changes)
        tx.run(transact)
        return Commit(clock, tuple(changes)), refused


class _Said(NamedTuple):
    signature: str
    reason: str
    doubted: int


class _Stored(NamedTuple):
    """What is stored of files and of those of their nodes that the answers are about. `asked` are these by
    path, with their answers; None where there is none any more. `edges` are the rows of `isg_edges`."""

    asked: dict[str, dict[str, HydratedNode | None]]
    said: dict[str, _Said]
    edges: dict[str, str]
    heuristic: dict[str, str]
    files: dict[str, tuple[str, str]]  # hash of its diagnostics, and why it was left alone
    items: dict[str, str]
    signed: dict[str, int]  # how many others of its nodes have a signature


def _read_stored(read: Run, files: Sequence[HydratedFile]) -> _Stored:
    keys = [[file.path] for file in files]
    every = {path: unpack_span_ids(spans) for path, spans in read(_SPANS, {"k": keys})}
    asked: dict[str, dict[str, HydratedNode | None]] = {}
    nodes = read_nodes(read, [node.id for file in files for node in file.nodes])
    for file in files:
        if file.reason:
            asked[file.path] = dict.fromkeys(every[file.path])
            continue
        asked[file.path] = {}
        for node in file.nodes:
            path, facts = nodes.get(node.id, ("", None))
            if path == file.path and facts is not None and hydration_key(facts) == node.key:
                asked[file.path][node.id] = node
    ids = [id_ for its in asked.values() for id_ in its]
    others = [id_ for path, its in asked.items() for id_ in every[path] if id_ not in its]
    rows = read(_SIGNED, {"k": others}) if others else []
    return _Stored(
        asked,
        {id_: _Said(*said) for id_, *said in (read(_SAID, {"k": ids}) if ids else [])},
        read_packed_edges(read, ids),
        read_heuristic(read, ids),
        {path: (hash_, reason) for path, hash_, reason in read(_FILES, {"k": keys})},
        dict(read(_ITEMS, {"k": keys})),
        {row[0]: row[1] for row in rows},
    )


def _outdated(read: Run, files: Sequence[HydratedFile]) -> set[str]:
    """The nodes of these files whose answers lead to nodes that are gone, or in files that have changed since
    they were asked for."""
    targets = {edge.dst_id for file in files for node in file.nodes for edge in node.edges}
    rows = read(_TEXT_CLOCKS, {"k": list(targets)}) if targets else []
    clocks = {row[0]: row[1] for row in rows}
    found: set[str] = set()
    for file in files:
        known = {"", *(one.id for one in file.externals)}
        for node in file.nodes:
            its = {edge.dst_id for edge in node.edges} - known
            if any(clocks.get(target, file.as_of + 1) > file.as_of for target in its):
                found.add(node.id)
    return found


def _put_nodes(
    tx: Transaction,
    read: Run,
    files: Iterable[HydratedFile],
    stored: _Stored,
    outdated: Mapping[str, int],
) -> set[str]:
    """Answers and edges; returns the files in which a reader can tell. `outdated` are nodes that have to be
    asked about again, by the clock since when."""
    plans: list[EdgePlan] = []
    told: set[str] = set()
    forgotten: list[Row] = []
    answers: list[Row] = []
    kept: list[Row] = []
    unkept: list[Row] = []
    for file in files:
        wanted: dict[str, list[Edge]] = {}
        for id_, node in stored.asked[file.path].items():
            was = stored.said.get(id_)
            packed = stored.heuristic.get(id_)
            merged = stored.edges.get(id_, "[]")
            heuristic = unpack_edges(id_, merged if packed is None else packed)
            if node is not None and node.edges:
                wanted[id_] = merge_edges(heuristic, node.edges)
                if packed is None:
                    kept.append([id_, merged])
            elif packed is not None:
                wanted[id_] = heuristic
                unkept.append([id_])
            if node is not None:
                doubted = was.doubted if was is not None and was.doubted > file.as_of else 0
                doubted = max(doubted, outdated.get(id_, 0))
                answers.append(_answer_row(node, file, doubted))
            elif was is not None:
                forgotten.append([id_])
            if _said(node) != (was and was[:2]):
                told.add(file.path)
        plans.append(EdgePlan(file.path, wanted.keys(), wanted))
    diff = diff_edges(plans, stored.edges)
    put_edges(tx, diff, invert(read, diff))
    tx.remove("heuristic_edges", unkept)
    tx.put("heuristic_edges", kept)
    tx.remove("ra_nodes", forgotten)
    tx.put("ra_nodes", answers)
    return told.union(diff.gained)


def _said(node: HydratedNode | None) -> tuple[str, str] | None:
    return None if node is None else (node.signature, node.reason)


def _answer_row(node: HydratedNode, file: HydratedFile, doubted: int) -> Row:
    id_, key, signature_hash, signature, reason, edges = node
    packed = pack_edges_of(sorted(edges)) if edges else ""
    return [id_, file.path, key, signature_hash, signature, reason, packed, doubted]


def _put_files(tx: Transaction, files: Iterable[HydratedFile], stored: _Stored, clock: int) -> Iterator[str]:
    """What is said of files as a whole; yields those in which a reader can tell."""
    rows: list[Row] = []
    put: list[Row] = []
    remove: list[Row] = []
    for file in files:
        path = file.path
        diagnosed, reason = stored.files.get(path, ("", ""))
        packed = stored.items.get(path, "")
        found = () if file.reason else file.diagnostics
        if found is not None:
            packed = pack_diagnostics(found)
            diagnosed = "" if file.reason else file.file_hash
        if packed != stored.items.get(path, ""):
            yield path
            if packed:
                put.append([path, clock, packed])
            else:
                remove.append([path])
        if file.reason != reason:
            yield path
        facts = orjson.dumps([file.is_partial]).decode()
        signed = stored.signed.get(path, 0)
        signed += sum(node is not None and node.signature != "" for node in stored.asked[path].values())
        rows.append([path, file.file_hash, diagnosed, file.reason, signed, facts])
    tx.put("ra_files", rows)
    tx.remove("diagnostics", remove)
    tx.put("diagnostics", put)


def _new_externals(read: Run, files: Iterable[HydratedFile]) -> list[Row]:
    """Of items with one id (what a macro makes for every type of number), the least is told of: so it is the
    same in whatever order they come."""
    rows: dict[str, str] = {}
    for file in files:
        for one in file.externals:
            facts = orjson.dumps(one[1:]).decode()
            rows[one.id] = min(facts, rows.get(one.id, facts))
    known = dict(read(_EXTERNALS, {"k": list(rows)})) if rows else {}
    return [[id_, facts] for id_, facts in rows.items() if id_ not in known or facts < known[id_]]
