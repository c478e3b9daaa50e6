"""What nodes mean: one line and the key of a vector each, which files wait for theirs, and what a generation
model has said.

What is pending is stored, so that it survives a restart: structural commits mark files (see
`store.meaning_marks`), `replace_meanings` clears the marks. Knows neither how lines are made nor what vectors
hold (see `store.vectors`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

from store.commits import advance, read_meta
from store.database import Database, Run
from store.dump import dump_meaning as dump_meaning
from store.meaning_marks import in_thousandths
from store.model import Commit, FileChange, MeantFile, NodeMeaning, StoredSummary, SummaryKey
from store.rows import Row, unpack_span_ids
from store.schema import META_CLOCK, META_MEANT_BY, Rank
from store.transaction import COLUMNS, Transaction
from store.vector_models import (
    Linked,
    StoredModel,
    change_links,
    clear_relation,
    drop_model,
    find_wanted,
    read_models,
    serve_if_complete,
)

INSUFFICIENT = "rule_based_insufficient"
"""The provenance of lines that a generation model may better."""

_NODES_AT_ONCE = 500  # in one transaction: 20 ms

_SWEEP = (
    "{?[rank, file_path, clock] := *files{path: file_path, state: 'indexed', node_count}, node_count > 0,"
    " rank = $sweep, clock = $clock :put meaning_pending {rank, file_path => clock}}"
)
_FIRST_PENDING = "?[rank, path] := *meaning_pending{rank, file_path: path}"
_HASHES = "k[path] <- $k ?[path, hash] := k[path], *files{path, hash}"
_SPANS = "k[path] <- $k ?[path, spans] := k[path], *file_spans{file_path: path, spans}"
_COUNTED = "k[path] <- $k ?[path, counts] := k[path], *meant_files{file_path: path, counts}"
_MARKS = (
    "k[path, as_of] <- $k ?[path, rank] := k[path, as_of], rank in [0, 1, 2],"
    " *meaning_pending{rank, file_path: path, clock}, clock <= as_of"
)
_DONE = (
    "{k[file_path, as_of] <- $done ?[rank, file_path] := k[file_path, as_of], rank in [0, 1, 2],"
    " *meaning_pending{rank, file_path, clock}, clock <= as_of :rm meaning_pending {rank, file_path}}"
)
_MEANT = f"k[id] <- $k ?[{COLUMNS['meanings']}] := k[id], *meanings{{{COLUMNS['meanings']}}}"
_SUMMARY_KEY = "meaning_hash, model_id, prompt_hash, params_hash"
_SUMMARIES = (
    f"k[{_SUMMARY_KEY}] <- $k ?[{COLUMNS['summaries']}] := k[{_SUMMARY_KEY}],"
    f" *summaries{{{COLUMNS['summaries']}}}"
)
_INSUFFICIENT = (
    "?[confidence, id, path] := *meaning_insufficient{confidence, id}, %s, *isg_nodes{id, file_path: path}"
)


class PendingMeaning(NamedTuple):
    """A file whose nodes may mean something else than is stored, and whose bytes have `hash` in the store.
    `clock` is the store's as of which this is so: what is made of it is `as_of` that clock. `rank`: the most
    urgent reason (`Rank.SAVED`, `Rank.SWEEP`)."""

    path: str
    hash: str
    rank: int
    clock: int


class MeaningCounts(NamedTuple):
    """`nodes` of `files` have a meaning, `lines` of them a line, by where it comes from. `vectors` are those
    of the wanted model, `missing_vectors` its keys without one, but for the `refused_vectors` that were given
    up."""

    pending_files: int
    files: int
    nodes: int
    lines: int
    by_provenance: dict[str, int]
    vectors: int
    missing_vectors: int
    refused_vectors: int


class Insufficient(NamedTuple):
    """A node whose line is not good enough by rules. `cursor` goes to `insufficient(after=…)`."""

    id: str
    path: str
    confidence: float
    cursor: tuple[int, str]


# ------------------------------------------------------------------ whether meanings are kept at all


def meant_by(db: Database) -> str | None:
    """The tag by which the store keeps meanings; None while it keeps none."""
    rows = db.query("?[value] := *meta{key: $key, value}", {"key": META_MEANT_BY})
    return rows[0][0] if rows else None


def begin_meaning(db: Database, tag: str) -> bool:
    """The store keeps meanings from now on, as `tag` (recipes and models; not "") makes them. With another
    tag than before every file becomes pending, while what is stored goes on serving. Returns whether it was
    another."""
    with db.writing() as (read, transact):
        meta = read_meta(read)
        if meta.get(META_MEANT_BY) == tag:
            return False
        clock = int(meta[META_CLOCK]) + 1  # what was made as of the clock before clears no mark
        tx = Transaction()
        tx.put("meta", [[META_MEANT_BY, tag]])
        tx.add(_SWEEP, sweep=Rank.SWEEP.value, clock=clock)
        advance(tx, meta, clock, ())
        tx.run(transact)
        serve_if_complete(read, transact, {META_MEANT_BY: tag})
        return True


def end_meaning(db: Database) -> Commit:
    """All meanings and vectors go; what a generation model has said stays. In steps that a save can wait for:
    what is interrupted keeps no meanings, and goes on from there when it is called again."""
    with db.writing() as (read, transact):
        meta = read_meta(read)
        told = [path for (path,) in read("?[path] := *meant_files{file_path: path}")]
        changes = tuple([FileChange(path, (), (), ()) for path in told])
        clock = int(meta[META_CLOCK]) + bool(changes)
        tx = Transaction()
        tx.add("{?[key] <- $own_meta :rm meta {key}}", own_meta=[[META_MEANT_BY]])
        advance(tx, meta, clock, changes)
        tx.run(transact)
    with db.reading() as run:
        models = read_models(run)
    for model in models:
        drop_model(db, model)
    for name, keys in (
        ("meanings", "id"),
        ("meaning_insufficient", "confidence, id"),
        ("meaning_pending", "rank, file_path"),
        ("vector_orphans", "number, embed_key"),
        ("meant_files", "file_path"),
    ):
        clear_relation(db, name, keys)
    return Commit(clock, changes)


# ------------------------------------------------------------------ what has to be made


def pending_meanings(db: Database, limit: int = 1_000) -> list[PendingMeaning]:
    """Files whose meanings have to be made, the most urgent first and by path within a rank. Costs about as
    much as it returns, however many are pending."""
    with db.reading() as run:
        clock = int(read_meta(run)[META_CLOCK])
        ranks: dict[str, int] = {}
        for rank, path in run(f"{_FIRST_PENDING} :limit {int(limit)}"):
            ranks.setdefault(path, rank)
        hashes = dict(run(_HASHES, {"k": [[path] for path in ranks]}))
    return [PendingMeaning(path, hashes[path], rank, clock) for path, rank in ranks.items()]


def pending_meaning_count(db: Database) -> int:
    """How many files are pending; looks at all of them."""
    with db.reading() as run:
        return _count(run, "?[count_unique(path)] := *meaning_pending{file_path: path}")


def insufficient(
    db: Database, limit: int = 100, *, after: tuple[int, str] | None = None
) -> list[Insufficient]:
    """Nodes of provenance "rule_based_insufficient", the least confident first. Costs about as much as it
    returns."""
    first, last_id = after or (0, "")
    rows: list[Row] = []
    with db.reading() as run:
        if after is not None:
            rows = _read_insufficient(run, "confidence == $n, id > $id", limit, n=first, id=last_id)
            first += 1
        if len(rows) < limit:
            rows += _read_insufficient(run, "confidence >= $n", limit - len(rows), n=first)
    return [Insufficient(id_, path, n / 1_000, (n, id_)) for n, id_, path in rows]


def _read_insufficient(run: Run, which: str, limit: int, **params: object) -> list[Row]:
    return run(f"{_INSUFFICIENT % which} :limit {int(limit)}", params)


# ------------------------------------------------------------------ meanings


def known_meanings(db: Database, path: str) -> dict[str, NodeMeaning]:
    """The stored meanings of a file's nodes by id."""
    with db.reading() as run:
        ids = [id_ for _, spans in run(_SPANS, {"k": [[path]]}) for id_ in unpack_span_ids(spans)]
        return _read_meanings(run, ids)


def get_meanings(db: Database, ids: Iterable[str]) -> dict[str, NodeMeaning]:
    """The stored meanings of these nodes by id; those that have none are absent."""
    with db.reading() as run:
        return _read_meanings(run, ids)


def _read_meanings(run: Run, ids: Iterable[str]) -> dict[str, NodeMeaning]:
    rows = run(_MEANT, {"k": [[id_] for id_ in ids]})
    return {row[0]: NodeMeaning._make(row[:6]) for row in rows}


def replace_meanings(db: Database, files: Sequence[MeantFile]) -> Commit:
    """Make these the meanings of the files' nodes, by difference, and clear the files' marks up to `as_of`. A
    file whose stored bytes are others by now is left out, and stays pending; all are where the store keeps no
    meanings. The changes name the nodes whose line is another; without any the clock is as before.

    About 35 µs for a new meaning, 9 µs for one as stored. One transaction, or a few where the files have very
    many nodes, so that a save does not wait for all of them.
    """
    with db.reading() as run:
        clock = int(read_meta(run)[META_CLOCK])
        spans = dict(run(_SPANS, {"k": [[file.path] for file in files]}))
    parts = _parts([(file, unpack_span_ids(spans[file.path])) for file in files if file.path in spans])
    changes: list[FileChange] = []
    for part in parts:
        with db.writing() as (read, transact):
            clock = _replace_part(read, transact, part, changes)
    return Commit(clock, tuple(changes))


class _Part(NamedTuple):
    """Some of a file's nodes. `is_last`: behind all others."""

    file: MeantFile
    ids: Sequence[str]
    is_last: bool


def _parts(files: Iterable[tuple[MeantFile, list[str]]]) -> list[list[_Part]]:
    parts: list[list[_Part]] = [[]]
    room = _NODES_AT_ONCE
    for file, ids in files:
        at = 0
        while at < len(ids) or not at:
            if not room:
                parts.append([])
                room = _NODES_AT_ONCE
            end = min(len(ids), at + room)
            parts[-1].append(_Part(file, ids[at:end], end == len(ids)))
            room -= end - at
            at = end or 1
    return [part for part in parts if part]


def _replace_part(read: Run, transact: Run, parts: Sequence[_Part], changes: list[FileChange]) -> int:
    """One transaction; returns the clock."""
    meta = read_meta(read)
    clock = int(meta[META_CLOCK])
    hashes = dict(read(_HASHES, {"k": [[part.file.path] for part in parts]}))
    current = [part for part in parts if hashes.get(part.file.path) == part.file.file_hash]
    if not current or META_MEANT_BY not in meta:
        return clock
    as_of = [[part.file.path, part.file.as_of] for part in current]
    ranks: dict[str, int] = {}
    for path, rank in read(_MARKS, {"k": as_of}):
        ranks[path] = min(rank, ranks.get(path, rank))
    stored = {row[0]: row for row in read(_MEANT, {"k": [[id_] for part in current for id_ in part.ids]})}
    diff = _Diff(find_wanted(read_models(read)))
    told: list[FileChange] = []
    for part in current:
        ids = diff.add(part, stored, ranks.get(part.file.path, Rank.SWEEP.value))
        if ids:
            told.append(FileChange(part.file.path, (), tuple(ids), ()))
    if told:
        clock += 1
    tx = Transaction()
    diff.write(tx, read)
    done = [part.file for part in current if part.is_last]
    if done:
        _put_counts(tx, read, done)
        tx.add(_DONE, done=[[file.path, file.as_of] for file in done])
    advance(tx, meta, clock, told)
    tx.run(transact)
    serve_if_complete(read, transact, meta)
    changes += told
    return clock


class _Diff:
    """The rows by which the meanings of some nodes differ from those stored."""

    def __init__(self, wanted: StoredModel | None) -> None:
        self._wanted = wanted
        self._number = wanted.number if wanted is not None else 0
        self._put: list[Row] = []
        self._removed: list[Row] = []
        self._lost: list[Linked] = []
        self._gained: list[tuple[str, str, int]] = []
        self._doubtful: set[tuple[int, str]] = set()
        self._trusted: set[tuple[int, str]] = set()

    def add(self, part: _Part, stored: dict[str, Row], rank: int) -> list[str]:
        """Take in some nodes of a file; returns those whose line is another."""
        wanted = {one.id: one for one in part.file.meanings}
        told: list[str] = []
        for id_ in part.ids:
            row, was = None, stored.get(id_)
            one = wanted.get(id_)
            if one is not None:
                row = [*one[:5], float(one.confidence), self._number if one.embed_key else 0]
            if row == was:
                continue
            if row is not None:
                self._put.append(row)
            else:
                self._removed.append([id_])
            if (row[3] if row else "") != (was[3] if was else ""):
                told.append(id_)
            self._relink(id_, was, row, rank)
            self._doubtful |= _doubtful(row)
            self._trusted |= _doubtful(was)
        return told

    def _relink(self, id_: str, was: Row | None, row: Row | None, rank: int) -> None:
        before, now = (was[2], was[6]) if was else ("", 0), (row[2], row[6]) if row else ("", 0)
        if before == now:
            return
        # A link in another model's relations stays: that one may answer until the wanted one is complete.
        if before[1] == self._number or not now[1]:
            self._lost.append(Linked(id_, *before))
        if now[1]:
            self._gained.append((id_, now[0], rank))

    def write(self, tx: Transaction, read: Run) -> None:
        tx.remove("meanings", self._removed)
        tx.put("meanings", self._put)
        tx.remove("meaning_insufficient", [[*one] for one in self._trusted - self._doubtful])
        tx.put("meaning_insufficient", [[*one] for one in self._doubtful - self._trusted])
        change_links(tx, read, self._wanted, self._lost, self._gained)


def _put_counts(tx: Transaction, read: Run, files: Sequence[MeantFile]) -> None:
    stored = dict(read(_COUNTED, {"k": [[file.path] for file in files]}))
    for file in files:
        lines = Counter(one.provenance for one in file.meanings if one.one_line)
        counts = orjson.dumps([len(file.meanings), dict(sorted(lines.items()))]).decode()
        if not file.meanings:
            tx.remove("meant_files", [[file.path]])
        elif counts != stored.get(file.path):
            tx.put("meant_files", [[file.path, counts]])


def _doubtful(row: Row | None) -> set[tuple[int, str]]:
    return {(in_thousandths(row[5]), row[0])} if row is not None and row[4] == INSUFFICIENT else set()


# ------------------------------------------------------------------ what a generation model has said


def get_summaries(db: Database, keys: Iterable[SummaryKey]) -> dict[SummaryKey, StoredSummary]:
    """What was said under these keys; unknown ones are absent."""
    rows = db.query(_SUMMARIES, {"k": [[*key] for key in keys]})
    found = [StoredSummary(SummaryKey(*row[:4]), *row[4:]) for row in rows]
    return {summary.key: summary for summary in found}


def upsert_summaries(db: Database, rows: Sequence[StoredSummary]) -> None:
    """Store what was said, or that it failed. The clock stays."""
    for at in range(0, len(rows), _NODES_AT_ONCE):
        tx = Transaction()
        some = rows[at : at + _NODES_AT_ONCE]
        tx.put("summaries", [[*row.key, *row[1:3], float(row[3]), float(row[4]), *row[5:]] for row in some])
        tx.run(db.transact)


# ------------------------------------------------------------------ for status


def meaning_counts(db: Database) -> MeaningCounts:
    """Sizes for `status`; looks at every file, and at every key without a vector (0.4 µs each)."""
    with db.reading() as run:
        pending = _count(run, "?[count_unique(path)] := *meaning_pending{file_path: path}")
        rows = run("?[path, counts] := *meant_files{file_path: path, counts}")
        wanted = find_wanted(read_models(run))
        marks: dict[int, int] = {}
        if wanted is not None:
            for rank, count in run(f"?[rank, count(key)] := *{wanted.names.missing}{{rank, embed_key: key}}"):
                marks[rank] = count
    counts = [orjson.loads(packed) for _, packed in rows]
    by_provenance = sum((Counter(lines) for _, lines in counts), Counter[str]())
    return MeaningCounts(
        pending_files=pending,
        files=len(counts),
        nodes=sum(nodes for nodes, _ in counts),
        lines=by_provenance.total(),
        by_provenance=dict(by_provenance),
        vectors=wanted.vectors if wanted is not None else 0,
        missing_vectors=sum(count for rank, count in marks.items() if rank != Rank.REFUSED),
        refused_vectors=marks.get(Rank.REFUSED.value, 0),
    )


def _count(run: Run, script: str) -> int:
    rows = run(script)
    return int(rows[0][0]) if rows else 0
