"""What differs between two generations of a file's facts, as rows to write and rows to remove.

Pure: knows neither the database nor edges (see `store.edges`).
"""

from __future__ import annotations

from dataclasses import dataclass

from store.model import FileChange, FileFacts, FileUpdate
from store.node_names import Named, diff_names, names_of
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
    spans: str | None
    references: str | None
    names: str | None
    text: bytes | None
    put_node_names: list[Named]  # all of the file in the buckets that have gained one
    remove_name_buckets: list[int]
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
        put_defs=[[*key, path, packed] for key, packed in grouped.items()],
        remove_defs=[],
        spans=pack_spans(new.spans),
        references=pack_references(new),
        names=pack_names(new),
        text=new.text,
        put_node_names=names_of(new.nodes),
        remove_name_buckets=[],
        changed_keys=frozenset([definition[0] for definition in new.definitions]),
        is_stat_only=False,
    )


def _diff_removed(path: str, old: FileFacts) -> FileDiff:
    return FileDiff(
        path=path,
        change=FileChange(path, (), (), tuple([node.id for node in old.nodes])),
        put_nodes=[],
        put_defs=[],
        remove_defs=[[*key, path] for key in group_definitions(old.definitions)],
        spans=None,
        references=None,
        names=None,
        text=None,
        put_node_names=[],
        remove_name_buckets=diff_names(old.nodes, ())[1],
        changed_keys=frozenset([definition[0] for definition in old.definitions]),
        is_stat_only=False,
    )


def _diff_changed(path: str, old: FileFacts, new: FileFacts) -> FileDiff:
    before = {node[0]: node for node in old.nodes}
    added: list[str] = []
    changed: list[str] = []
    put_nodes: list[Row] = []
    is_renamed = False
    for node in new.nodes:
        stored = before.pop(node[0], None)
        if stored == node:
            continue
        put_nodes.append(node_row(node, path))
        is_renamed = is_renamed or stored is None or stored[1:3] != node[1:3]  # kind and name
        (added if stored is None else changed).append(node[0])

    put_names, empty_buckets = diff_names(old.nodes, new.nodes) if is_renamed or before else ([], [])

    old_defs, new_defs = {}, {}
    if old.definitions != new.definitions:
        old_defs, new_defs = group_definitions(old.definitions), group_definitions(new.definitions)
    put_defs = [[*key, path, packed] for key, packed in new_defs.items() if old_defs.get(key) != packed]
    remove_defs = [[*key, path] for key in old_defs.keys() - new_defs.keys()]

    same_ids = [node[0] for node in old.nodes] == [node[0] for node in new.nodes]
    same_references = same_ids and old.references == new.references
    same_names = same_ids and old.definitions == new.definitions
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
        spans=spans,
        references=None if same_references else pack_references(new),
        names=None if same_names else pack_names(new),
        text=text,
        put_node_names=put_names,
        remove_name_buckets=empty_buckets,
        changed_keys=frozenset([d[0] for d in set(old.definitions) ^ set(new.definitions)]),
        is_stat_only=is_same and is_same_record,
    )
