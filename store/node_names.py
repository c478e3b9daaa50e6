"""Nodes by name: which nodes have one, their rows in `node_names`, and finding by name or path.

Rows are only ever added to or dropped whole, so that they may name nodes that have gone: who reads them asks
the nodes themselves. Knows nothing of look-up keys, which are the resolver's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

import orjson

from store.database import Database, Run
from store.model import NodeFacts, NodeKind
from store.nodes import FoundNode, read_found, read_spans
from store.rows import PackedSpans, Row, node_from_row

BUCKETS = 256
"""Names share their rows: one row a name and commit would make a first index dearer by five times as much."""

Named = tuple[str, str]
"""A node's name and its id."""

_NAMELESS = frozenset(
    kind.value
    for kind in (
        NodeKind.USE,
        NodeKind.IMPL,
        NodeKind.MACRO_CALL,
        NodeKind.EXTERN_BLOCK,
        NodeKind.EXTERN_CRATE,
    )
)
MINOR_KINDS = frozenset(
    kind.value
    for kind in (
        NodeKind.VARIANT,
        NodeKind.ASSOCIATED_TYPE,
        NodeKind.ASSOCIATED_CONST,
        NodeKind.CRATE,
        NodeKind.FEATURE,
    )
)
"""Kinds that are rarely meant by a name that something else has as well: they are found last."""

_CHUNK = 64

_BY_BUCKET = "?[segment, names] := *node_names{bucket: $bucket, segment, names}"
_CANDIDATES = (
    "?[id, file_path, kind, facts, crate, module_path] := id in $ids,"
    " *isg_nodes{id, file_path, kind, facts}, *files{path: file_path, crate, module_path}"
)


def bucket_of(name: str) -> int:
    """Which rows a name is in: 0 up to BUCKETS."""
    return crc32(name.encode()) % BUCKETS


def names_of(nodes: Iterable[NodeFacts]) -> list[Named]:
    """The nodes that can be found by name."""
    return [(node[2], node[0]) for node in nodes if node[1] not in _NAMELESS]


def diff_names(old: Iterable[NodeFacts], new: Iterable[NodeFacts]) -> tuple[list[Named], list[int]]:
    """What one file's own rows have to say now: every name in a bucket that has gained one, and the buckets
    that have lost their last one. A bucket that has only lost some stays as it is."""
    before, after = names_of(old), names_of(new)
    known = set(before)
    gained = {bucket_of(named[0]) for named in after if named not in known}
    lost = {bucket_of(named[0]) for named in known.difference(after)}
    if not gained and not lost:
        return [], []
    buckets = [bucket_of(name) for name, _ in after]
    kept = [named for named, bucket in zip(after, buckets, strict=True) if bucket in gained]
    return kept, sorted(lost.difference(buckets))


def name_rows(names: Iterable[Named], segment: str) -> list[Row]:
    """Rows of `node_names` for all of these names; one name of one node may be in several rows."""
    by_bucket: dict[int, tuple[list[str], list[str]]] = {}
    for name, id_ in names:
        bucket = crc32(name.encode()) % BUCKETS
        columns = by_bucket.get(bucket)
        if columns is None:
            columns = by_bucket[bucket] = [], []
        columns[0].append(name)
        columns[1].append(id_)
    return [[bucket, segment, orjson.dumps(columns).decode()] for bucket, columns in by_bucket.items()]


def live_names(rows: Iterable[Row], nodes: Iterable[Named]) -> list[list[str]]:
    """[name, id] of every node that can be found through `rows`, sorted; `nodes` are all that exist."""
    live = set(nodes)
    return sorted(
        {named: list(named) for _, _, names in rows for named in _unpack(names) if named in live}.values()
    )


def find_nodes(db: Database, name: str, limit: int = 50) -> list[FoundNode]:
    """The node of that exact id; else those called `name`, by id, MINOR_KINDS last.

    A name may be that of a macro alone (`name!`), of a method or associated function alone (`.name`), or a
    path: `Type::name`, `module::name`, `a_crate::module::Type::name` or its last part; if no node has that
    path, those whose path holds all of its segments in that order (an item named by way of a re-export).
    """
    with db.reading() as run:
        exact = read_found(run, name)
        if exact is not None:
            return [exact]
        *qualifiers, last = _segments(name)
        bare = last.removesuffix("!").removeprefix(".")
        ids = sorted(
            {
                id_
                for _, names in run(_BY_BUCKET, {"bucket": bucket_of(bare)})
                for found, id_ in _unpack(names)
                if found == bare
            }
        )
        exactly: list[tuple[str, NodeFacts]] = []
        minor: list[tuple[str, NodeFacts]] = []
        loosely: list[tuple[str, NodeFacts]] = []
        step = max(limit, _CHUNK)
        for at in range(0, len(ids), step):
            if len(exactly) >= limit:
                break
            for id_, file_path, kind, packed, crate, module_path in run(
                _CANDIDATES, {"ids": ids[at : at + step]}
            ):
                facts = node_from_row(id_, kind, packed)
                if facts.name != bare or not _is_meant(facts, last):
                    continue
                path = _path_around(facts, crate, module_path)
                if facts.qualified_name == name or path[len(path) - len(qualifiers) :] == qualifiers:
                    (minor if kind in MINOR_KINDS else exactly).append((file_path, facts))
                elif _holds_in_order(path, qualifiers):
                    loosely.append((file_path, facts))
        return _with_spans(run, ([*exactly, *minor] or loosely)[:limit])


def _segments(name: str) -> list[str]:
    """The parts of a path as it is asked for; a qualified name such as `<A as b::C>::d` ends in its last."""
    head, _, last = name.rpartition("::")
    parts = [part for part in head.split("::") if part and part not in ("crate", "self", "super")]
    return [*(part.replace("-", "_") for part in parts), last]


def _is_meant(facts: NodeFacts, spelled: str) -> bool:
    if spelled[-1:] == "!":
        return facts.kind == NodeKind.MACRO
    if spelled[:1] == ".":
        return bool(facts.owner) and facts.kind in (NodeKind.METHOD, NodeKind.FUNCTION)
    return True


def _path_around(facts: NodeFacts, crate: str, module_path: str) -> list[str]:
    """The absolute path of what a node lies in, crate first; an impl counts as its type."""
    around = [crate.replace("-", "_"), *module_path.split("::")]
    if "<" in facts.qualified_name:
        around += [*facts.module.split("::"), facts.owner]
    else:
        around += facts.qualified_name.split("::")[:-1]
    return [part for part in around if part]


def _holds_in_order(path: Sequence[str], parts: Sequence[str]) -> bool:
    left = iter(path)
    return all(part in left for part in parts)


def _with_spans(run: Run, nodes: Iterable[tuple[str, NodeFacts]]) -> list[FoundNode]:
    spans: dict[str, PackedSpans] = {}
    found = []
    for path, facts in nodes:
        if path not in spans:
            spans[path] = read_spans(run, path)
        found.append(FoundNode(facts, path, spans[path].one(facts.id)))
    return found


def _unpack(names: str) -> Iterable[Named]:
    return zip(*orjson.loads(names), strict=True)
