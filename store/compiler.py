"""What rust-analyzer has said of nodes, as it is stored and as answers show it.

Reads only. How answers get here is for `store.answers`, what makes them doubtful for `store.doubt`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

import orjson

from store.database import Database, Run
from store.model import ExternalNode, HydratedNode, NodeFacts
from store.rows import unpack_edges, unpack_references, unpack_span_ids
from store.schema import ALL_NODES

_OF_NODES = (
    "?[id, key, signature_hash, signature, reason, edges, doubted] := id in $k,"
    " *ra_nodes{id, key, signature_hash, signature, reason, edges, doubted}"
)
_SPANS = "?[spans] := *file_spans{file_path: $path, spans}"
_REFERENCES = "?[refs] := *file_refs{file_path: $path, refs}"
_FILE = "?[reason, facts] := *ra_files{file_path: $path, reason, facts}"
_MARKS = "?[name, rank] := rank in [0, 1, 2], *ra_pending{rank, file_path: $path, name}"
_EXTERNALS = "?[id, facts] := id in $k, *external_nodes{id, facts}"


class CompilerWord(NamedTuple):
    """What is known of a node from rust-analyzer. `state`: "hydrated"; "pending", when it will be asked about
    (again), until when an older signature may be there; "never", with the reason why not if there is one.
    `reason` says why there is no signature. `is_valid`: the signature is of the node's present text.
    `is_partial`: something was missing when its file was asked about, such as dependencies."""

    state: str
    signature: str
    reason: str
    is_valid: bool
    is_partial: bool = False


class HydrationCounts(NamedTuple):
    """Files by state, diagnostics by severity, and how many nodes had a signature when their files were last
    asked about."""

    hydrated_files: int
    pending_files: int
    left_alone_files: int
    diagnostics: dict[str, int]
    nodes_with_signature: int


def hydrated_nodes(db: Database, path: str) -> dict[str, HydratedNode]:
    """id → what is stored of those of a file's nodes that were asked about. `key` is "" where it has to be
    asked for again whatever the node's is; the edges are those that serve until then."""
    with db.reading() as run:
        rows = run(_SPANS, {"path": path})
        return read_answers(run, unpack_span_ids(rows[0][0])) if rows else {}


def read_answers(run: Run, ids: Collection[str]) -> dict[str, HydratedNode]:
    """`hydrated_nodes` of these nodes, as part of a longer reading."""
    rows = run(_OF_NODES, {"k": list(ids)}) if ids else []
    return {
        id_: HydratedNode(
            id_,
            "" if doubted else key,
            signature_hash,
            signature,
            reason,
            tuple(unpack_edges(id_, edges)) if edges else (),
        )
        for id_, key, signature_hash, signature, reason, edges, doubted in rows
    }


def read_word(run: Run, facts: NodeFacts, path: str) -> CompilerWord:
    """What is known of one node."""
    rows = run(_OF_NODES, {"k": [facts.id]})
    marks = {name for name, _ in run(_MARKS, {"path": path})}
    ((file_reason, packed),) = run(_FILE, {"path": path}) or [["", "[false]"]]
    is_partial, *_ = orjson.loads(packed)
    if not rows:
        state = "pending" if marks else "never"
        return CompilerWord(state, "", file_reason, False, is_partial)
    _, key, _, signature, reason, _, doubted = rows[0]
    is_pending = not key or doubted or ALL_NODES in marks
    if not is_pending and marks - {""}:
        is_pending = not marks.isdisjoint(_mentions(run, facts, path))
    state = "pending" if is_pending else "hydrated"
    return CompilerWord(state, signature, reason, bool(key), is_partial)


def _mentions(run: Run, facts: NodeFacts, path: str) -> set[str]:
    ids = unpack_span_ids(run(_SPANS, {"path": path})[0][0])
    references = unpack_references(run(_REFERENCES, {"path": path})[0][0], ids)
    return {facts.name, *(reference.name for reference in references.get(facts.id, ()))}


def external_node(db: Database, node_id: str) -> ExternalNode | None:
    """A definition outside the workspace by its id, or None."""
    with db.reading() as run:
        return read_externals(run, [node_id]).get(node_id)


def read_externals(run: Run, ids: Collection[str]) -> dict[str, ExternalNode]:
    """id → definition outside the workspace, of those that are known."""
    rows = run(_EXTERNALS, {"k": list(ids)}) if ids else []
    return {id_: ExternalNode(id_, *orjson.loads(facts)) for id_, facts in rows}


def hydration_counts(db: Database) -> HydrationCounts:
    """Looks at every file: about 1 µs each."""
    with db.reading() as run:
        pending = {path for (path,) in run("?[path] := *ra_pending{rank, file_path: path, name}")}
        files = run("?[path, reason, signed] := *ra_files{file_path: path, reason, signed_nodes: signed}")
        severities: Counter[str] = Counter()
        for _, items in run("?[path, items] := *diagnostics{file_path: path, items}"):
            severities.update(item[1] for item in orjson.loads(items))
    return HydrationCounts(
        sum(not reason and path not in pending for path, reason, _ in files),
        len(pending),
        sum(reason != "" for _, reason, _ in files),
        dict(sorted(severities.items())),
        sum(signed for _, _, signed in files),
    )
