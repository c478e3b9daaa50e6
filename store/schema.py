"""The relations of a store, column by column, and how look-up keys are spelled.

Owns the text of every `:create`. Knows nothing of how rows are made (see `store.rows`).

Rows cost far more than bytes here (about 4 µs each, plus 0.8 µs a column, measured on RocksDB), so that
whatever no query joins on is packed: per node in `isg_nodes.facts`, per file in the `file_*` relations.

Look-up keys are made by name resolution, and the store only matches them. It knows of two kinds apart: a key
that begins with "." (the methods of a name, whoever owns them) may be ambiguous (`store.model.is_capped`),
and `module::+` among a file's keys stands for every key `module::name` (`store.model.whole_module`).
"""

from __future__ import annotations

from enum import IntEnum

SCHEMA_REVISION = 2
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
    # What rust-analyzer says (see `store.hydration`). Of a node, once it was asked about; `key` is its
    # `hydration_key` then, and "" once the answer holds no more: its text has changed, or something that it
    # leads to has gone. `doubted` is the clock of a later commit elsewhere that may change the answer, 0
    # for none. edges: as in `isg_edges`, "" if there is none.
    "ra_nodes": (
        "{id: String => file_path: String, key: String, signature_hash: String, signature: String,"
        " reason: String, edges: String, doubted: Int}"
    ),
    # A file that was asked about when its bytes had `hash`; its diagnostics are those of `diagnosed_hash`,
    # and so many of its nodes had a signature then. facts: [is_partial]
    "ra_files": (
        "{file_path: String => hash: String, diagnosed_hash: String, reason: String, signed_nodes: Int,"
        " facts: String}"
    ),
    # What has to be asked, most urgent first: see `Rank`. `name`: "" for what the nodes' own
    # rows say, ALL_NODES, or those that mention the name.
    "ra_pending": "{rank: Int, file_path: String, name: String => clock: Int}",
    # The edges that resolution has found for a source whose row in `isg_edges` is merged with those of
    # rust-analyzer; no row for any other.
    "heuristic_edges": "{src_id: String => edges: String}",
    # facts: [crate, version, path, kind, signature]. Some may be there that nothing refers to any more.
    "external_nodes": "{id: String => facts: String}",
    # items: [[node_id, severity, code, message, start_line, start_column, end_line, end_column, source], …]
    # in order of their places. No row if there is none. `clock` is that of the commit that wrote it.
    "diagnostics": "{file_path: String => clock: Int, items: String}",
}

ADDED_IN_2 = ("ra_nodes", "ra_files", "ra_pending", "heuristic_edges", "external_nodes", "diagnostics")
"""Relations that a store of revision 1 does not have."""

META_SCHEMA_REVISION = "schema_revision"
META_CLOCK = "clock"
META_INSTANCE_ID = "instance_id"
META_CHANGES_FLOOR = "changes_floor"
META_RESOLVED = "resolved"
"""Absent until the first edges are written: before that, every file is stale anyway."""
META_HYDRATED_BY = "hydrated_by"
"""Which rust-analyzer the store is hydrated by; absent while it is not hydrated at all."""
META_TEXT_CLOCK = "text_clock"
"""The clock of the last commit to a hydrated store that brought other text."""

OWN_META = frozenset(
    {
        META_SCHEMA_REVISION,
        META_CLOCK,
        META_INSTANCE_ID,
        META_CHANGES_FLOOR,
        META_RESOLVED,
        META_HYDRATED_BY,
        META_TEXT_CLOCK,
    }
)
"""Keys of `meta` that belong to one store and do not travel with a snapshot."""


class Rank(IntEnum):
    """How urgent it is to ask rust-analyzer about a file."""

    SAVED = 0  # its own text is new
    DEPENDENT = 1  # something that it leads to has changed
    SWEEP = 2  # everything has to be asked


ALL_NODES = "*"
"""In place of a name in `ra_pending`: every node of the file is in doubt."""


def create_script(name: str) -> str:
    """The block that creates one relation."""
    return f"{{:create {name} {RELATIONS[name]}}}"
