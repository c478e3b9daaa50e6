"""The relations of a store, column by column, and how look-up keys are spelled.

Owns the text of every `:create`. Knows nothing of how rows are made (see `store.rows`).

Rows cost far more than bytes here (about 4 µs each, plus 0.8 µs a column, measured on RocksDB), so that
whatever no query joins on is packed: per node in `isg_nodes.facts`, per file in the `file_*` relations.

Look-up keys are made by name resolution, and the store only matches them. It knows of two kinds apart: a key
that begins with "." (the methods of a name, whoever owns them) may be ambiguous (`store.model.is_capped`),
and `module::+` among a file's keys stands for every key `module::name` (`store.model.whole_module`).
"""

from __future__ import annotations

SCHEMA_REVISION = 1
"""Raise it together with a new function in `store.migrations`."""

CHANGES_KEPT_CLOCKS = 10_000
"""How many commits the change log remembers; older readers are told to start afresh."""

RELATIONS: dict[str, str] = {
    "meta": "{key: String => value: String}",
    "files": (
        "{path: String => state: String, reason: String, notes: [String], hash: String, size_bytes: Int,"
        # times and inode as decimal text: CozoDB silently clamps integers from 2^63 on
        " mtime_ns: String, ctime_ns: String, inode: String,"
        " lines: Int, parse_error_count: Int, node_count: Int, crate: String, module_path: String,"
        " clock: Int}"
    ),
    # facts: [name, qualified_name, parent_id, isgl_level, module, owner, visibility, signature_ts,
    #         signature_syn, cfg, attributes, is_test, parse_error_count, recovered, hash, signature_hash,
    #         meaning_hash]
    "isg_nodes": "{id: String => file_path: String, kind: String, facts: String}",
    # spans: [[id…], [start_byte…], [end_byte…], [start_line…], [end_line…]], in source order
    "file_spans": "{file_path: String => spans: String}",
    # refs: [[node…], [how many…], [name…], [path_text…], [kind…], [start_byte…], [end_byte…]]
    # where a node is its ordinal in the file's spans
    "file_refs": "{file_path: String => refs: String}",
    # defs: [[key…], [node…], [kind…], [module…], [owner…], [visibility…], [text…], [container…], [cfg…]]
    "file_names": "{file_path: String => defs: String}",
    # keys: every look-up key that the file's edges depend on, sorted; no row if there is none
    "file_keys": "{file_path: String => keys: String}",
    "file_text": "{file_path: String => text: Bytes}",
    # defs: [[id, kind, module, owner, visibility, text, container, cfg], …] of this file under the key
    # `scope::name`, stored as (`a*name`, `scope`) where `a` is the first segment of the scope; a key without
    # "::" has no scope. A ninth element, 1: the same item, less owner, text and container, is under the key
    # `a*name` too. So most items that can be imported by a glob are one row instead of two.
    "name_defs": "{name: String, scope: String, file_path: String => defs: String}",
    # The inversion of `file_keys`. Every file that has a key is in one of the key's rows, but not the other
    # way round: a path may stay behind after its file has lost the key. `segment` is a path, or for a batch
    # of a first index "/" and the path of one of its files.
    # One row a key and batch instead of one a key and file makes the first index a tenth cheaper.
    "ref_keys": "{key: String, segment: String => file_paths: [String]}",
    # names: [[name…], [id…]], by the bucket of the name (see `store.node_names`). Every node that can be
    # found by name is in a row of its name's bucket, but not the other way round. `segment` is the path of
    # the one file that a row is about, or "/" and the clock of a commit of many files.
    "node_names": "{bucket: Int, segment: String => names: String}",
    # edges: [[kind, dst_id, weight, provenance, rule, [site…]], …], sorted; a site is an ordinal of the
    # source's references. No row if there is none.
    "isg_edges": "{src_id: String => edges: String}",
    # Its inversion. sources: [[kind, [src_id…]], …], sorted; a row for each segment of files (see below).
    "edge_rev": "{dst_id: String, segment: String => sources: String}",
    # A file's segment, where that is not its own path: files of one batch of a first index share "/" and the
    # path of one of them. One row a target and batch instead of one a target and file.
    "edge_segments": "{file_path: String => segment: String}",
    # log: [[added…], [changed…], [removed…]]
    "changes": "{clock: Int, path: String => log: String}",
    "stale_files": "{path: String => clock: Int}",
}

META_SCHEMA_REVISION = "schema_revision"
META_CLOCK = "clock"
META_INSTANCE_ID = "instance_id"
META_CHANGES_FLOOR = "changes_floor"
META_RESOLVED = "resolved"
"""Absent until the first edges are written: before that, every file is stale anyway."""


OWN_META = frozenset({META_SCHEMA_REVISION, META_CLOCK, META_INSTANCE_ID, META_CHANGES_FLOOR, META_RESOLVED})
"""Keys of `meta` that belong to one store and do not travel with a snapshot."""


def create_script(name: str) -> str:
    """The block that creates one relation."""
    return f"{{:create {name} {RELATIONS[name]}}}"
