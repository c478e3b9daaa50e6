"""Diagnostics as data: stored by file, shown by place, and whether "none" means none.

Knows nothing of who finds them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

import orjson

from store.database import Database
from store.model import Diagnostic
from store.rows import PackedSpans

DiagnosticsState = Literal["known", "pending", "unknown", "left alone"]

_ALL = "?[path, clock, items] := *diagnostics{file_path: path, clock, items}"
_OF_FILE = "?[path, clock, items] := path = $path, *diagnostics{file_path: path, clock, items}"
_HASHES = (
    "k[path] <- $k ?[path, seen, hash] := k[path], *ra_files{file_path: path, diagnosed_hash: seen},"
    " *files{path, hash}"
)
_INSIDE = "?[path, spans] := *isg_nodes{id: $id, file_path: path}, *file_spans{file_path: path, spans}"
_STATE = (
    "?[hash, asked, diagnosed, reason] := *files{path: $path, hash},"
    " *ra_files{file_path: $path, hash: asked, diagnosed_hash: diagnosed, reason}"
)
_MARKS = "?[rank, name] := rank in [0, 1, 2], *ra_pending{rank, file_path: $path, name}"


class SeenDiagnostic(NamedTuple):
    """A diagnostic with its file, the hash of the bytes that it was seen on, whether these are the stored
    ones, and the clock of the commit that brought it."""

    path: str
    hash: str
    is_current: bool
    clock: int
    diagnostic: Diagnostic


def pack_diagnostics(found: Iterable[Diagnostic]) -> str:
    """The packed column of `diagnostics`; "" for none."""
    items = sorted({tuple(one) for one in found}, key=_place)
    return orjson.dumps(items).decode() if items else ""


def _place(item: tuple[object, ...]) -> tuple[object, ...]:
    return item[4:8] + item


def recent_diagnostics(
    db: Database,
    *,
    path: str | None = None,
    node_id: str | None = None,
    severities: Collection[str] | None = None,
    limit: int = 100,
) -> list[SeenDiagnostic]:
    """Those of a file, of a node and all inside it, or of the whole workspace; only of these severities, if
    given. Newest commit first, then by path and place."""
    inside: frozenset[str] | None = None
    with db.reading() as run:
        if node_id is not None:
            rows = run(_INSIDE, {"id": node_id})
            if not rows or path not in (None, rows[0][0]):
                return []
            path = rows[0][0]
            inside = frozenset([node_id, *PackedSpans(rows[0][1]).inside(node_id)])
        rows = run(_ALL) if path is None else run(_OF_FILE, {"path": path})
        hashes = {
            path: (seen, hash_) for path, seen, hash_ in run(_HASHES, {"k": [[row[0]] for row in rows]})
        }
    found: list[SeenDiagnostic] = []
    for its_path, clock, packed in sorted(rows, key=lambda row: (-row[1], row[0])):
        seen, stored = hashes[its_path]
        for item in orjson.loads(packed):
            one = Diagnostic._make(item)
            if severities is not None and one.severity not in severities:
                continue
            if inside is None or one.node_id in inside:
                found.append(SeenDiagnostic(its_path, seen, seen == stored, clock, one))
        if len(found) >= limit:
            break
    return found[:limit]


def diagnostics_state(db: Database, path: str) -> tuple[DiagnosticsState, str]:
    """What it means if a file has no diagnostics: "known", there are none; "pending", it will be asked about
    again; "unknown", it was never asked about; "left alone", with the reason why."""
    with db.reading() as run:
        rows = run(_STATE, {"path": path})
        marks = run(_MARKS, {"path": path})
    if not rows:
        return "unknown", ""
    hash_, asked, diagnosed, reason = rows[0]
    if reason and asked == hash_:
        return "left alone", reason
    if marks or asked != hash_:
        return "pending", ""
    return ("known", "") if diagnosed else ("unknown", "")
