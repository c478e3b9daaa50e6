"""What a change of the text makes doubtful of what rust-analyzer has said, and what has to be asked for that.

An answer is void once the node's own text is another or something that it leads to has gone; it is doubted,
and serves on, when what it leads to looks other from outside or resolution finds other targets. What else may
change an answer is told by look-up keys: files that depend on one whose definitions change are pending.
Knows nothing of the answers (see `store.hydration`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from store.database import Run
from store.diff import FileDiff
from store.edge_writes import read_packed_edges
from store.model import (
    Definition,
    EdgeKind,
    FileFacts,
    FileRecord,
    FileUpdate,
    NodeFacts,
    NodeKind,
    Reference,
    hydration_key,
    whole_module,
)
from store.rows import Row, unpack_edges, unpack_sources
from store.schema import ALL_NODES, META_TEXT_CLOCK, Rank
from store.transaction import Transaction

_TOLD_BY_NAME = frozenset(
    {
        NodeKind.FUNCTION,
        NodeKind.METHOD,
        NodeKind.CONST,
        NodeKind.STATIC,
        NodeKind.ASSOCIATED_CONST,
    }
)
"""What hangs on these mentions their name; a trait, an import or a type changes more than that."""

_SEEN_WHOLE = frozenset(
    {NodeKind.MACRO, NodeKind.MACRO_CALL, NodeKind.CONST, NodeKind.STATIC, NodeKind.ASSOCIATED_CONST}
)
_SHAPES = frozenset(
    {
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.VARIANT,
        NodeKind.UNION,
        NodeKind.TYPE_ALIAS,
        NodeKind.ASSOCIATED_TYPE,
        NodeKind.TRAIT,
    }
)
"""What types are made of: whoever holds one is another with it, though nobody names it."""
_MOST_SHAPES = (
    500  # that are followed; behind so many stands the whole workspace, and only who names it is asked
)

_SOURCES = "?[dst_id, segment, sources] := dst_id in $k, *edge_rev{dst_id, segment, sources}"
_PLACES = (
    "?[path, crate, module] := *files{path, crate, module_path: module, state: 'indexed'},"
    " ends_with(path, '.rs')"
)
_KINDS = "?[id, kind] := id in $k, *isg_nodes{id, kind}"
_LEADING = "?[id, file_path, edges] := id in $k, *ra_nodes{id, file_path, edges}, edges != ''"
_VOID = (
    "{k[id] <- $void ?[id, key, edges] := k[id], *ra_nodes{id}, key = '', edges = ''"
    " :update ra_nodes {id, key, edges}}"
)
_DOUBT = (
    "{k[id] <- $doubted ?[id, doubted] := k[id], *ra_nodes{id}, doubted = $clock"
    " :update ra_nodes {id, doubted}}"
    "{k[id] <- $doubted ?[rank, file_path, name, clock] := k[id], *ra_nodes{id, file_path},"
    " rank = $dependent, name = '', clock = $clock :put ra_pending {rank, file_path, name => clock}}"
)
# What was found out before the keys of a file are known may be outdated, and nobody could tell.
_RENEW = (
    "{k[file_path] <- $resolved ?[rank, file_path, name, clock] := k[file_path], rank in [0, 1, 2],"
    " *ra_pending{rank, file_path, name}, clock = $clock :put ra_pending {rank, file_path, name => clock}}"
)
_PENDING_BY_KEY = (
    "{k[key, name] <- $doubtful_keys ?[rank, file_path, name, clock] := k[key, name],"
    " *ref_keys{key, file_paths}, file_path in file_paths, ends_with(file_path, '.rs'),"
    " *ra_files{file_path, reason}, reason == '',"
    " rank = $dependent, clock = $clock :put ra_pending {rank, file_path, name => clock}}"
)
_FORGET = (
    "{k[file_path] <- $unasked ?[rank, file_path, name] := k[file_path], rank in [0, 1, 2],"
    " *ra_pending{rank, file_path, name} :rm ra_pending {rank, file_path, name}}"
)


class Doubts(NamedTuple):
    """Ids: `gone` are nodes that are no more; `void` (with their paths, those of `gone` included) have no
    answer that holds; `doubted` one that has to be asked for again. `named`: as `names_by_key`, of what looks
    otherwise from outside. Paths: those of `_find_relinked`."""

    gone: Collection[str]
    void: Mapping[str, str]
    doubted: Collection[str]
    named: Collection[tuple[str, str]]
    relinked: Collection[str]


def is_asked_about(record: FileRecord) -> bool:
    """Whether rust-analyzer can know the file: Rust, and indexed."""
    return record.state == "indexed" and record.path.endswith(".rs")


def find_doubts(read: Run, updates: Sequence[FileUpdate], diffs: Sequence[FileDiff]) -> Doubts:
    """What becomes of the answers by these updates, as far as nodes tell it."""
    gone: list[str] = []
    resigned: set[str] = set()
    inside: set[str] = set()  # what lies in a node with another signature: an impl with other bounds
    shapes: set[str] = set()
    void: dict[str, str] = {}
    for update, diff in zip(updates, diffs, strict=True):
        if diff.change is None:
            continue
        gone += diff.change.removed
        void.update(dict.fromkeys(diff.change.removed, diff.path))
        if update.old is not None and update.new is not None:
            before = {node.id: node for node in update.old.nodes}
            now = {node.id: node for node in update.new.nodes}
            changed = set(diff.change.changed)
            for node in update.new.nodes:
                was = before.get(node.id)
                if was is None:
                    continue
                parent, its_parent = before.get(was.parent_id), now.get(node.parent_id)
                if node.parent_id in inside or _signed(parent) != _signed(its_parent):
                    inside.add(node.id)
                if node.id not in changed:
                    continue
                if _outside(was) != _outside(node):
                    resigned.add(node.id)
                    if node.kind in _SHAPES:
                        shapes.add(node.id)
                        shapes.add(node.parent_id)
                if hydration_key(was) != hydration_key(node) or was.cfg != node.cfg:  # also of the whole file
                    void[node.id] = diff.path
            for id_ in _mentioning_others(update.old, update.new):
                void[id_] = diff.path
            for id_ in before.keys() ^ now.keys():  # variants of an enum, members of a trait
                shapes.add((before.get(id_) or now[id_]).parent_id)
    named: set[tuple[str, str]] = set()
    for update in updates:
        if resigned and update.new is not None:
            told_by = {node.id: _told_by(node) for node in update.new.nodes if node.id in resigned}
            for one in update.new.definitions:
                if one.id in told_by:
                    named.update((key, told_by[one.id]) for key in _keys_of(one.key))
    for update in updates:
        if _is_repaired(update) and update.new is not None:  # what was asked meanwhile may have missed it
            resigned.update(node.id for node in update.new.nodes)
    lost = set(gone)
    leading = (_sources_of(read, [*gone, *resigned]) | _through_types(read, shapes)) - void.keys()
    if leading and lost:
        for id_, path, edges in read(_LEADING, {"k": list(leading)}):
            if any(edge.dst_id in lost for edge in unpack_edges(id_, edges)):
                void[id_] = path
    relinked = _find_relinked(read, updates, diffs)
    return Doubts(gone, void, leading | inside, named, relinked)


def _through_types(read: Run, shapes: Collection[str]) -> set[str]:
    """Whoever may hold a value of one of these types, or of one that is made of them: the functions that
    mention such a type, and those that call them. Of an impl among them, its type counts."""
    kinds = dict(read(_KINDS, {"k": list(shapes)})) if shapes else {}
    impls = [id_ for id_, kind in kinds.items() if kind == NodeKind.IMPL]
    types = {id_ for id_, kind in kinds.items() if kind in _SHAPES}
    for id_, packed in read_packed_edges(read, impls).items():
        types.update(edge.dst_id for edge in unpack_edges(id_, packed) if edge.kind == EdgeKind.USES)
    seen = set(types)
    holders: set[str] = set()
    frontier = types
    while frontier and len(seen) < _MOST_SHAPES:
        mentioning = _sources_of(read, frontier)
        kinds = dict(read(_KINDS, {"k": list(mentioning)})) if mentioning else {}
        holders |= {id_ for id_ in mentioning if kinds.get(id_) not in _SHAPES}
        frontier = {id_ for id_ in mentioning if kinds.get(id_) in _SHAPES} - seen
        seen |= frontier
    return holders | _sources_of(read, holders) if holders else holders


def _sources_of(read: Run, targets: Collection[str]) -> set[str]:
    rows = read(_SOURCES, {"k": list(targets)}) if targets else []
    return {source for _, _, packed in rows for _, sources in unpack_sources(packed) for source in sources}


def _is_repaired(update: FileUpdate) -> bool:
    """Whether a file parses again: until now a compiler may not have seen all that is in it."""
    old, new = update.old, update.new
    return bool(old and new and old.record.parse_error_count and not new.record.parse_error_count)


def _signed(node: NodeFacts | None) -> str:
    """What a node's children see of it. A macro gets all of its call, or none."""
    if node is None:
        return ""
    return node.meaning_hash if node.kind == NodeKind.MACRO_CALL else node.signature_hash


def _outside(node: NodeFacts) -> tuple[object, ...]:
    """What whoever leads to a node sees of it. Attributes derive traits, and macros rewrite signatures; of a
    macro, what it makes is seen, of a constant its value."""
    body = node.meaning_hash if node.kind in _SEEN_WHOLE else ""
    return node.signature_hash, node.attributes, node.cfg, node.visibility, body


def _mentioning_others(old: FileFacts, new: FileFacts) -> list[str]:
    """Nodes whose references are others in another order: an answer's sites are ordinals of them."""
    before, after = old.references, new.references
    if before == after:
        return []
    return [
        id_
        for id_ in before.keys() | after.keys()
        if (was := before.get(id_, ())) != (now := after.get(id_, ())) and _mentions(was) != _mentions(now)
    ]


def _mentions(references: Iterable[Reference]) -> list[tuple[str, ...]]:
    return [reference[:3] for reference in references]


def _find_relinked(read: Run, updates: Sequence[FileUpdate], diffs: Sequence[FileDiff]) -> list[str]:
    """Files that these updates may tie into their crate or take out of it: those below a module that is
    declared otherwise now, or whose file comes or goes; and those that may declare such a file."""
    declared: set[tuple[str, ...]] = set()
    files: set[tuple[str, str]] = set()
    for update, diff in zip(updates, diffs, strict=True):
        if diff.change is None:
            continue
        declared.update(one[:2] for one in _modules(update.old) ^ _modules(update.new))
        if (update.old is None or update.new is None) and update.path.endswith(".rs"):
            record = (update.new or update.old).record  # type: ignore[union-attr]  # one of them is there
            if record.module_path:
                files.add((record.crate, record.module_path))
    if not declared and not files:
        return []
    declaring = {(crate, module.rpartition("::")[0]) for crate, module in files}
    changed = {update.path for update in updates}
    found: list[str] = []
    for path, crate, module in read(_PLACES):
        around = [(crate, part) for part in _around(module)]
        is_relinked = (crate, module) in declaring or not (
            declared.isdisjoint(around) and files.isdisjoint(around[:-1])
        )
        if is_relinked and path not in changed:
            found.append(path)
    return found


def _modules(facts: FileFacts | None) -> set[tuple[str, str, str, tuple[str, ...]]]:
    """(crate, path, cfg, attributes) of the modules that a file declares."""
    if facts is None:
        return set()
    record = facts.record
    return {
        (
            record.crate,
            "::".join(filter(None, (record.module_path, node.module, node.name))),
            node.cfg,
            node.attributes,
        )
        for node in facts.nodes
        if node.kind == NodeKind.MODULE
    }


def _around(module: str) -> list[str]:
    """A module and all around it, but the root of the crate."""
    segments = module.split("::") if module else []
    return ["::".join(segments[:length]) for length in range(1, len(segments) + 1)]


def names_by_key(updates: Sequence[FileUpdate], keys: Collection[str]) -> set[tuple[str, str]]:
    """(key, name) for the definitions under these keys that the updates change; ALL_NODES in place of a name
    that does not tell which nodes they matter to. One with another id and nothing else is no other: an impl
    block is called by what is in it, and who leads to it is told by that."""
    found: set[tuple[str, str]] = set()
    for update in updates if keys else ():
        old, new = update.old, update.new
        before, after = _definitions(old), _definitions(new)
        moved = [before.get(key) or after[key] for key in before.keys() ^ after.keys()]
        names = {node.id: _told_by(node) for facts in (old, new) if facts for node in facts.nodes}
        for definition in moved:
            name = names.get(definition.id, ALL_NODES)
            for key in _keys_of(definition.key):
                if key in keys:
                    found.add((key, name))
    return found


def _keys_of(key: str) -> tuple[str, ...]:
    return (key, whole_module(key)) if "::" in key else (key,)


def _definitions(facts: FileFacts | None) -> dict[Definition, Definition]:
    """Definitions by what they are but for their id."""
    return {one._replace(id=""): one for one in facts.definitions} if facts is not None else {}


def _told_by(node: NodeFacts) -> str:
    return node.name if node.kind in _TOLD_BY_NAME else ALL_NODES


def write_doubts(
    tx: Transaction,
    updates: Sequence[FileUpdate],
    diffs: Sequence[FileDiff],
    doubts: Doubts,
    moved: Collection[str],
    keys: Collection[str],
    clock: int,
) -> None:
    """The rows that follow for a commit at `clock`. `moved` are sources that lead elsewhere now by what
    resolution says, `keys` those whose definitions change for whoever depends on them."""
    tx.remove("ra_nodes", [[id_] for id_ in doubts.gone])
    lost = set(doubts.gone)
    void = [[id_] for id_ in doubts.void if id_ not in lost]
    if void:
        tx.add(_VOID, void=void)
    _doubt(tx, {*doubts.doubted, *(source for source in moved if source not in doubts.void)}, clock)
    named = names_by_key(updates, keys).union(doubts.named)
    if named:
        rows = [[*one] for one in sorted(named)]
        tx.add(_PENDING_BY_KEY, doubtful_keys=rows, clock=clock, dependent=Rank.DEPENDENT.value)
    unasked = [[u.path] for u in updates if u.new is None or not is_asked_about(u.new.record)]
    if unasked:
        tx.add(_FORGET, unasked=unasked)
        tx.remove("ra_files", unasked)
        tx.remove("diagnostics", unasked)
    pending: list[Row] = []
    for update, diff in zip(updates, diffs, strict=True):
        if update.new is None or diff.is_stat_only or not is_asked_about(update.new.record):
            continue
        pending.append([Rank.SAVED.value, update.path, "", clock])
        if _is_repaired(update) or (update.old is not None and _place(update.old) != _place(update.new)):
            pending.append([Rank.DEPENDENT.value, update.path, ALL_NODES, clock])
    pending += [[Rank.DEPENDENT.value, path, ALL_NODES, clock] for path in doubts.relinked]
    tx.put("ra_pending", pending)
    tx.put("meta", [[META_TEXT_CLOCK, str(clock)]])


def mark_new_files(tx: Transaction, records: Iterable[FileRecord], clock: int) -> None:
    """Files that the store did not hold are pending."""
    tx.put("ra_pending", [[Rank.SAVED.value, r.path, "", clock] for r in records if is_asked_about(r)])


def write_resolved(tx: Transaction, paths: Iterable[str], moved: Collection[str], clock: int) -> None:
    """The rows that follow once the references of these files are resolved anew, and `moved` are sources
    that lead elsewhere now. What is pending of them is so from now on: so long their keys are known."""
    _doubt(tx, moved, clock)
    tx.add(_RENEW, resolved=[[path] for path in paths], clock=clock)


def _doubt(tx: Transaction, ids: Collection[str], clock: int) -> None:
    if ids:
        tx.add(_DOUBT, doubted=[[id_] for id_ in ids], clock=clock, dependent=Rank.DEPENDENT.value)


def _place(facts: FileFacts) -> tuple[str, str]:
    return facts.record.crate, facts.record.module_path
