"""rust-analyzer's facts in the store: whether it is hydrated at all, what has to be asked, and the answers.

What is pending is stored, so that it survives a restart: structural commits mark files (see `store.doubt`),
`replace_hydration` clears the marks. Nothing here knows how answers are come by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from store.answers import replace_hydration as replace_hydration
from store.answers import replace_hydrations as replace_hydrations
from store.commits import advance, read_meta
from store.compiler import external_node as external_node
from store.compiler import hydrated_nodes as hydrated_nodes
from store.compiler import hydration_counts as hydration_counts
from store.database import Database, Rows, Run
from store.diagnostics import diagnostics_state as diagnostics_state
from store.diagnostics import recent_diagnostics as recent_diagnostics
from store.dump import dump_hydration as dump_hydration
from store.edge_writes import diff_plans, invert, put_edges
from store.edges import EdgePlan
from store.model import Commit, Edge, FileChange
from store.overlay import read_heuristic
from store.rows import Row, unpack_edges, unpack_span_ids
from store.schema import ALL_NODES, META_CLOCK, META_HYDRATED_BY, META_TEXT_CLOCK, Rank
from store.transaction import PUT, Transaction

_ENDING = ""
"""In place of the tag while `end_hydration` is at work: whoever begins anew finds another tag."""
_END_FILES = 32  # in one transaction, so that a save does not wait for all of them

_SWEEP = (
    "{?[rank, file_path, name, clock] := *files{path: file_path, state: 'indexed'},"
    " ends_with(file_path, '.rs'), rank = $sweep, name = $all, clock = $clock"
    " :put ra_pending {rank, file_path, name => clock}}"
)
_FIRST_PENDING = "?[rank, path, name] := *ra_pending{rank, file_path: path, name}, not *stale_files{path}"
_MARKS = (
    "k[path] <- $k ?[path, rank, name] := k[path], rank in [0, 1, 2],"
    " *ra_pending{rank, file_path: path, name}"
)
_HASHES = "k[path] <- $k ?[path, hash] := k[path], *files{path, hash}"
_SPANS = "k[path] <- $k ?[spans] := k[path], *file_spans{file_path: path, spans}"
_ANSWERED = "?[id, path] := id in $k, *ra_nodes{id, file_path: path}"
_DIAGNOSED = "?[path] := *diagnostics{file_path: path}"
_WHOLE = {
    "ra_files": "file_path",
    "ra_pending": "rank, file_path, name",
    "external_nodes": "id",
    "diagnostics": "file_path",
}


class PendingFile(NamedTuple):
    """A file to ask about, whose bytes have `hash` in the store.

    In any case those nodes are to be asked about whose answer, in `hydrated_nodes`, is absent or has another
    key than the node. With `all_nodes` all others too; else those others that mention one of `names`, in
    their references or as their own name. `rank` is the most urgent (see `Rank`). `clock` is the store's as
    of which this is so: marks of later commits are not among these, so that an answer that was asked for by
    them must not say that it is of a later clock.
    """

    path: str
    hash: str
    rank: int
    clock: int
    all_nodes: bool
    names: frozenset[str]


# ------------------------------------------------------------------ whether it is hydrated at all


def hydrated_by(db: Database) -> str | None:
    """The tag that the store is hydrated by; None while it is not hydrated."""
    rows = db.query("?[value] := *meta{key: $key, value}", {"key": META_HYDRATED_BY})
    return rows[0][0] if rows else None


def begin_hydration(db: Database, tag: str) -> bool:
    """The store is hydrated by `tag` from now on: whatever answers depend on as a whole, such as the server's
    version; not "". With another tag than before every file becomes pending, while what is stored goes on
    serving. Returns whether it was another."""
    with db.writing() as (read, transact):
        meta = read_meta(read)
        if meta.get(META_HYDRATED_BY) == tag:
            return False
        tx = Transaction()
        tx.put("meta", [[META_HYDRATED_BY, tag]])
        _sweep(tx, meta)
        tx.run(transact)
        return True


def continue_hydration(db: Database, tag: str) -> None:
    """As `begin_hydration`, but what is stored holds: only the next other tag makes it pending."""
    with db.writing() as (read, transact):
        if read_meta(read).get(META_HYDRATED_BY):
            transact(PUT["meta"], {"rows": [[META_HYDRATED_BY, tag]]})


def _sweep(tx: Transaction, meta: Mapping[str, str]) -> None:
    tx.add(_SWEEP, sweep=Rank.SWEEP.value, all=ALL_NODES, clock=int(meta[META_CLOCK]))


def end_hydration(db: Database) -> Commit:
    """The workspace is not trusted (any more): all that rust-analyzer has said goes, and the edges of
    resolution come back."""
    changes: list[FileChange] = []
    with db.reading() as run:
        clock = int(read_meta(run)[META_CLOCK])
    while (commit := end_some_hydration(db)) is not None:
        clock = commit.clock
        changes += commit.changes
    return Commit(clock, tuple(changes))


def end_some_hydration(db: Database) -> Commit | None:
    """A step of `end_hydration`, short enough that a save can wait for it; None when nothing is left to do. A
    store left in between is sound, and goes on from there, or has all its files pending when it is hydrated
    again."""
    with db.writing() as (read, transact):
        meta = read_meta(read)
        if META_HYDRATED_BY not in meta:
            return None
        if meta[META_HYDRATED_BY] != _ENDING:
            transact(PUT["meta"], {"rows": [[META_HYDRATED_BY, _ENDING]]})
        tx = Transaction()
        paths = read(f"?[path] := *ra_files{{file_path: path}} :limit {_END_FILES}")
        if paths:
            ids = [id_ for (spans,) in read(_SPANS, {"k": paths}) for id_ in unpack_span_ids(spans)]
            changes = _forget_answers(tx, read, dict(read(_ANSWERED, {"k": ids})))
            tx.remove("ra_files", paths)
        else:
            changes = [FileChange(path, (), (), ()) for (path,) in read(_DIAGNOSED)]
            for relation, keys in _WHOLE.items():
                tx.add(f"{{?[{keys}] := *{relation}{{{keys}}} :rm {relation} {{{keys}}}}}")
            tx.add("{?[key] <- $own_meta :rm meta {key}}", own_meta=[[META_HYDRATED_BY], [META_TEXT_CLOCK]])
        return Commit(_finish(tx, read, transact, changes), tuple(changes))


def _finish(tx: Transaction, read: Run, transact: Run, changes: list[FileChange]) -> int:
    meta = read_meta(read)
    clock = int(meta[META_CLOCK]) + bool(changes)
    advance(tx, meta, clock, changes)
    tx.run(transact)
    return clock


def _forget_answers(tx: Transaction, read: Run, paths: Mapping[str, str]) -> list[FileChange]:
    """Remove the answers of these nodes (id → path) and bring their edges back to those of resolution."""
    kept = read_heuristic(read, paths.keys())
    wanted: dict[str, dict[str, list[Edge]]] = {}
    for source, packed in kept.items():
        wanted.setdefault(paths[source], {})[source] = unpack_edges(source, packed)
    diff = diff_plans(read, [EdgePlan(path, its.keys(), its) for path, its in wanted.items()])
    put_edges(tx, diff, invert(read, diff))
    tx.remove("ra_nodes", [[id_] for id_ in paths])
    tx.remove("heuristic_edges", [[id_] for id_ in kept])
    return [FileChange(path, (), (), ()) for path in sorted(set(paths.values()))]


# ------------------------------------------------------------------ what has to be asked


def pending_files(db: Database, limit: int = 1_000) -> list[PendingFile]:
    """Files to ask about, out of the first `limit` marks: the most urgent first, and by path within a rank.
    Files whose references wait for resolution are not among them: until then nobody could tell what the
    answers hang on. Costs about as much as it returns, however many are pending."""
    with db.reading() as run:
        clock = int(read_meta(run)[META_CLOCK])
        first: Rows = run(f"{_FIRST_PENDING} :limit {int(limit)}")
        order = list(dict.fromkeys(path for _, path, _ in first))
        keys = [[path] for path in order]
        hashes = dict(run(_HASHES, {"k": keys}))
        marks: dict[str, list[Row]] = {}
        for path, *mark in run(_MARKS, {"k": keys}):
            marks.setdefault(path, []).append(mark)
    return [
        PendingFile(
            path,
            hashes[path],
            min(rank for rank, _ in marks[path]),
            clock,
            any(name == ALL_NODES for _, name in marks[path]),
            frozenset(name for _, name in marks[path] if name not in ("", ALL_NODES)),
        )
        for path in order
    ]


def pending_count(db: Database) -> int:
    """How many files are pending; looks at all of them."""
    rows = db.query("?[count_unique(path)] := *ra_pending{rank, file_path: path, name}")
    return int(rows[0][0]) if rows else 0
