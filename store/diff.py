"""What differs between two generations of a file's facts, as rows to write and rows to remove.

Pure: knows neither the database nor edges (see `store.edges`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from store.model import FileChange, FileFacts, FileUpdate
from store.rows import Row, group_definitions, node_row, pack_names, pack_references, pack_spans


@dataclass(frozen=True, slots=True)
class FileDiff:
    """Rows by relation. None for a packed column means: as stored. `change` is None when nothing but
    the file's own record differs."""

    path: str
    change: FileChange | None
    put_nodes: list[Row]
    put_defs: list[Row]
    remove_defs: list[Row]
    added_ref_keys: Collection[str]
    removed_ref_keys: Collection[str]
    spans: str | None
    references: str | None
    names: tuple[str, str] | None
    text: bytes | None
    changed_keys: frozenset[str]  # keys whose definitions in this file are others than before
    is_stat_only: bool


def diff_update(update: FileUpdate) -> FileDiff:
    """The rows that bring the store from `update.old` to `update.new`. One of them must not be None."""
    if update.new is None:
        assert update.old is not None, "an update from nothing to nothing"
        return _diff_removed(update.path, update.old)
    if update.old is None:
        return _diff_added(update.path, update.new)
    return _diff_changed(update.path, update.old, update.new)


def _diff_added(path: str, new: FileFacts) -> FileDiff:
    grouped = group_definitions(new.definitions)
    return FileDiff(
        path=path,
        change=FileChange(path, tuple([node[0] for node in new.nodes]), (), ()),
        put_nodes=[node_row(node, path) for node in new.nodes],
        put_defs=[[key, path, packed] for key, packed in grouped.items()],
        remove_defs=[],
        added_ref_keys=new.reference_keys,
        removed_ref_keys=(),
        spans=pack_spans(new.spans),
        references=pack_references(new),
        names=pack_names(new),
        text=new.text,
        changed_keys=frozenset(grouped),
        is_stat_only=False,
    )


def _diff_removed(path: str, old: FileFacts) -> FileDiff:
    keys = {definition.key for definition in old.definitions}
    return FileDiff(
        path=path,
        change=FileChange(path, (), (), tuple([node.id for node in old.nodes])),
        put_nodes=[],
        put_defs=[],
        remove_defs=[[key, path] for key in sorted(keys)],
        added_ref_keys=(),
        removed_ref_keys=old.reference_keys,
        spans=None,
        references=None,
        names=None,
        text=None,
        changed_keys=frozenset(keys),
        is_stat_only=False,
    )


def _diff_changed(path: str, old: FileFacts, new: FileFacts) -> FileDiff:
    before = {node[0]: node for node in old.nodes}
    added: list[str] = []
    changed: list[str] = []
    put_nodes: list[Row] = []
    for node in new.nodes:
        stored = before.pop(node[0], None)
        if stored == node:
            continue
        put_nodes.append(node_row(node, path))
        (added if stored is None else changed).append(node[0])

    old_defs, new_defs = {}, {}
    moved_house = (old.record.crate, old.record.module_path) != (new.record.crate, new.record.module_path)
    if old.definitions != new.definitions or moved_house:
        old_defs, new_defs = group_definitions(old.definitions), group_definitions(new.definitions)
    put_defs = [[key, path, packed] for key, packed in new_defs.items() if old_defs.get(key) != packed]
    remove_defs = [[key, path] for key in old_defs.keys() - new_defs.keys()]
    # A file that moves to another crate or module gives all its names another meaning.
    changed_keys = (
        old_defs.keys() | new_defs.keys() if moved_house else {row[0] for row in (*put_defs, *remove_defs)}
    )

    same_ids = [node[0] for node in old.nodes] == [node[0] for node in new.nodes]
    same_keys = old.reference_keys == new.reference_keys
    same_references = same_ids and old.references == new.references
    same_names = same_ids and same_keys and old.definitions == new.definitions
    old_keys, new_keys = (set(), set()) if same_keys else (set(old.reference_keys), set(new.reference_keys))
    spans = None if old.spans == new.spans else pack_spans(new.spans)
    text = None if old.text == new.text else new.text
    is_same = same_references and same_names and spans is None and text is None and not put_nodes
    is_same_record = old.record._replace(stat=new.record.stat) == new.record
    return FileDiff(
        path=path,
        change=None
        if is_same and is_same_record
        else FileChange(path, tuple(added), tuple(changed), tuple(before)),
        put_nodes=put_nodes,
        put_defs=put_defs,
        remove_defs=remove_defs,
        added_ref_keys=new_keys - old_keys,
        removed_ref_keys=old_keys - new_keys,
        spans=spans,
        references=None if same_references else pack_references(new),
        names=None if same_names else pack_names(new),
        text=text,
        changed_keys=frozenset(changed_keys),
        is_stat_only=is_same and is_same_record,
    )
