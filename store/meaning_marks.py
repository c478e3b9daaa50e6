"""What a change of the text leaves of what nodes mean, in the same commit: meanings of nodes that have gone
go, and files whose nodes may mean something else are marked.

Knows nothing of how meanings are made (see `store.meaning`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from store.database import Run
from store.diff import FileDiff
from store.model import FileUpdate, NodeFacts
from store.rows import Row
from store.schema import Rank
from store.transaction import Transaction
from store.vector_models import Linked, change_links

_SAVED_FILES = 20  # as many as the watcher takes for a save and not for a storm
_HASH = NodeFacts._fields.index("hash")
_OF_GONE = (
    "k[id] <- $k ?[id, embed_key, model, confidence] := k[id], *meanings{id, embed_key, model, confidence}"
)
_CLEAR = (
    "{k[file_path] <- $meant_gone ?[rank, file_path] := k[file_path], rank in [0, 1, 2],"
    " *meaning_pending{rank, file_path} :rm meaning_pending {rank, file_path}}"
)


def mark_meanings(
    tx: Transaction, read: Run, updates: Sequence[FileUpdate], diffs: Sequence[FileDiff], clock: int
) -> None:
    """The rows that follow for a commit at `clock` of a store that keeps meanings. What hung on the keys of
    nodes that have gone stays: marks and vectors that nobody needs are left out by whoever reads them."""
    gone = [[id_] for diff in diffs if diff.change for id_ in diff.change.removed]
    if gone:
        forget_meanings(tx, read, gone)
    rank = Rank.SAVED if len(updates) <= _SAVED_FILES else Rank.SWEEP  # more at once is a checkout, no save
    bare: list[Row] = []
    marked: list[Row] = []
    for update, diff in zip(updates, diffs, strict=True):
        if diff.change is None:
            continue
        if update.new is None or not update.new.nodes:
            bare.append([update.path])
        elif diff.change.added or diff.change.removed or _means_other(update, diff.change.changed):
            marked.append([rank.value, update.path, clock])
    if bare:
        tx.add(_CLEAR, meant_gone=bare)
        tx.remove("meant_files", bare)
    tx.put("meaning_pending", marked)


def mark_unmeant(tx: Transaction, paths: Iterable[str], clock: int) -> None:
    """Files that the store did not hold are pending."""
    tx.put("meaning_pending", [[Rank.SWEEP.value, path, clock] for path in paths])


def forget_meanings(tx: Transaction, read: Run, ids: Sequence[Row]) -> None:
    """Remove the rows of these nodes: [[id], …]."""
    rows = read(_OF_GONE, {"k": list(ids)})
    change_links(tx, read, None, [Linked(*row[:3]) for row in rows], ())
    tx.remove("meanings", [[row[0]] for row in rows])
    tx.remove("meaning_insufficient", [[in_thousandths(row[3]), row[0]] for row in rows])


def in_thousandths(confidence: float) -> int:
    """How a confidence is spelled in a key."""
    return round(confidence * 1_000)


def _means_other(update: FileUpdate, changed: Sequence[str]) -> bool:
    """Whether any of these nodes is another but for white space and plain comments."""
    if not changed or update.old is None or update.new is None:
        return False
    wanted = set(changed)
    before = {node[0]: node for node in update.old.nodes if node[0] in wanted}
    return any(_blind(node) != _blind(before[node[0]]) for node in update.new.nodes if node[0] in wanted)


def _blind(node: NodeFacts) -> tuple[object, ...]:
    return node[:_HASH] + node[_HASH + 1 :]
