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
from typing import NamedTuple

SCHEMA_REVISION = 3
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
    # What nodes mean (see `store.meaning`). `model`: the number of the model whose relations link
    # the node to `embed_key`, 0 for none.
    "meanings": (
        "{id: String => input_key: String, embed_key: String, one_line: String, provenance: String,"
        " confidence: Float, model: Int}"
    ),
    # Of files whose nodes have meanings, for `status`. counts: [nodes, {provenance: lines}]
    "meant_files": "{file_path: String => counts: String}",
    # What has to be made, most urgent first: see `Rank`.
    "meaning_pending": "{rank: Int, file_path: String => clock: Int}",
    # Nodes whose line by rules is not good enough, by confidence in thousandths.
    "meaning_insufficient": "{confidence: Int, id: String}",
    "summaries": (
        "{meaning_hash: String, model_id: String, prompt_hash: String, params_hash: String =>"
        " one_line: String, provenance: String, confidence: Float, created_at: Float, error: String,"
        " tries: Int}"
    ),
    # Models that there are vectors of; each has relations of its own (`vector_relations`). At most one is
    # wanted, and one serves. `indexed` vectors are in the HNSW index, -1: there is none. `unused_since`: in
    # seconds since the epoch, 0 while it is wanted or serves or nobody has looked.
    "vector_models": (
        "{number: Int => model_id: String, dimension: Int, vectors: Int, indexed: Int, is_wanted: Bool,"
        " is_serving: Bool, unused_since: Float}"
    ),
    # Vectors that no node refers to, as seen by `collect_vectors`, since when.
    "vector_orphans": "{number: Int, embed_key: String => since: Float}",
}

ADDED_IN_2 = ("ra_nodes", "ra_files", "ra_pending", "heuristic_edges", "external_nodes", "diagnostics")
"""Relations that a store of revision 1 does not have."""
ADDED_IN_3 = (
    "meanings",
    "meant_files",
    "meaning_pending",
    "meaning_insufficient",
    "summaries",
    "vector_models",
    "vector_orphans",
)
"""Those that one of revision 2 does not have."""

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
META_MEANT_BY = "meant_by"
"""The tag by which meanings are made; absent while the store keeps none, "" until it is told anew."""

OWN_META = frozenset(
    {
        META_SCHEMA_REVISION,
        META_CLOCK,
        META_INSTANCE_ID,
        META_CHANGES_FLOOR,
        META_RESOLVED,
        META_HYDRATED_BY,
        META_TEXT_CLOCK,
        META_MEANT_BY,
    }
)
"""Keys of `meta` that belong to one store and do not travel with a snapshot."""


class Rank(IntEnum):
    """How urgent it is to ask rust-analyzer about a file, or to make its meanings or a vector."""

    SAVED = 0  # its own text is new
    DEPENDENT = 1  # something that it leads to has changed
    SWEEP = 2  # everything has to be asked
    REFUSED = 3  # a vector that cannot be had


ALL_NODES = "*"
"""In place of a name in `ra_pending`: every node of the file is in doubt."""


def create_script(name: str) -> str:
    """The block that creates one relation."""
    return f"{{:create {name} {RELATIONS[name]}}}"


class VectorRelations(NamedTuple):
    """The names of one model's relations. `bucket` is the first byte of the key: so all vectors can be gone
    through in short steps."""

    vectors: str  # {bucket: Int, embed_key: String => vector: Bytes}; little-endian float32
    links: str  # {embed_key: String, id: String}: the nodes that a vector is of
    missing: (
        str  # {rank: Int, embed_key: String => id: String, reason: String}: one of its nodes; why refused
    )
    # The two below are there once the model has so many vectors that an index is worth it. The index is over
    # copies: putting one in takes more than 2 ms, which who stores a vector must not wait for.
    near: str  # {embed_key: String => vector: <F32; dimension>}, with an HNSW index `nearest`
    unindexed: str  # {embed_key: String}


def vector_relations(number: int) -> VectorRelations:
    """The relations of the model with this number."""
    n = int(number)
    return VectorRelations(
        f"vectors_{n}", f"vector_links_{n}", f"vectors_missing_{n}", f"near_{n}", f"unindexed_{n}"
    )


def create_vector_relations(number: int) -> str:
    """The blocks that create what every model has."""
    names = vector_relations(number)
    return (
        f"{{:create {names.vectors} {{bucket: Int, embed_key: String => vector: Bytes}}}}"
        f"{{:create {names.links} {{embed_key: String, id: String}}}}"
        f"{{:create {names.missing} {{rank: Int, embed_key: String => id: String, reason: String}}}}"
    )


def create_near_relations(number: int, dimension: int) -> tuple[str, str]:
    """Two scripts, to be run one after the other: the relations of the index, and the index."""
    names = vector_relations(number)
    relations = (
        f"{{:create {names.near} {{embed_key: String => vector: <F32; {int(dimension)}>}}}}"
        f"{{:create {names.unindexed} {{embed_key: String}}}}"
    )
    index = (
        f"::hnsw create {names.near}:nearest {{dim: {int(dimension)}, m: 16, ef_construction: 100,"
        " dtype: F32, fields: [vector], distance: Cosine,"
        " extend_candidates: false, keep_pruned_connections: false}"
    )
    return relations, index
