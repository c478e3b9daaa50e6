"""The vocabulary of the Interface Signature Graph: the frozen records that every part speaks in.

Owns no behaviour beyond small derivations of its own fields, and imports nothing of the project.
Bulk records are NamedTuples: they cross process borders by the hundred thousand, where a frozen
dataclass costs five times as much to make and to pickle.

Lines are 1-based and inclusive; bytes are 0-based and half-open; hashes are the first 16 bytes of
blake3 as 32 hex digits; paths are relative to the workspace root with forward slashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class NodeKind(StrEnum):
    """Every kind of interface that becomes a node."""

    FUNCTION = "function"
    METHOD = "method"
    STRUCT = "struct"
    ENUM = "enum"
    VARIANT = "variant"
    UNION = "union"
    TRAIT = "trait"
    TRAIT_ALIAS = "trait_alias"
    IMPL = "impl"
    TYPE_ALIAS = "type_alias"
    ASSOCIATED_TYPE = "associated_type"
    ASSOCIATED_CONST = "associated_const"
    CONST = "const"
    STATIC = "static"
    MODULE = "module"
    EXTERN_BLOCK = "extern_block"
    EXTERN_CRATE = "extern_crate"
    USE = "use"
    MACRO = "macro"
    MACRO_CALL = "macro_call"
    CRATE = "crate"  # a package of a manifest
    FEATURE = "feature"  # a feature of a manifest


class EdgeKind(StrEnum):
    """Every kind of relation. CONTAINS is derived from `parent_id` and never stored."""

    CONTAINS = "CONTAINS"
    CALLS = "CALLS"
    IMPLEMENTS = "IMPLEMENTS"
    USES = "USES"
    DEPENDS = "DEPENDS"
    REQUIRES_BOUND = "REQUIRES_BOUND"
    FEATURE_GATED_BY = "FEATURE_GATED_BY"


class ReferenceKind(StrEnum):
    """How a node's text mentions a name."""

    CALL = "call"  # a::b(…)
    METHOD_CALL = "method"  # x.b(…)
    MACRO_CALL = "macro"  # b!(…)
    TYPE = "type"  # a mention of a type
    BOUND = "bound"  # a trait in a bound, a where-clause or a supertrait list
    TRAIT_IMPL = "trait_impl"  # the trait of `impl Trait for Type`
    SELF_TYPE = "self_type"  # the type of an impl header
    IMPORT = "import"  # one leaf of a use tree; name is the alias, path_text the full path
    PATH = "path"  # a::B as a value or a pattern, not called
    VALUE = "value"  # a plain name as an argument, which no local binding explains: map(parse)


class NodeFacts(NamedTuple):
    """One interface, as its file's bytes alone describe it. Spans are kept apart (`NodeSpan`)."""

    id: str
    kind: str
    name: str
    qualified_name: str
    parent_id: str  # "" directly below the file
    isgl_level: int
    module: str  # path of the inline modules around it inside the file, "" for none
    owner: str  # bare name of the type or trait that an associated item belongs to, "" for none
    visibility: str  # "", "pub", "pub(crate)", …
    signature_ts: str  # as written, on one line; there is one even in half-written code
    signature_syn: str  # canonical and exact; "" unless the item's own subtree parses cleanly
    cfg: str  # its own #[cfg] predicates, joined by " & "; "" for none
    attributes: tuple[str, ...]  # own attributes without doc and cfg, text between the brackets
    is_test: bool
    parse_error_count: int
    recovered: bool  # found by recovery in a broken file, not by the plain parse
    hash: str
    signature_hash: str
    meaning_hash: str


class NodeSpan(NamedTuple):
    """Where a node's slice (docs and attributes included) lies in its file."""

    id: str
    start_byte: int
    end_byte: int
    start_line: int
    end_line: int


class Reference(NamedTuple):
    """One mention of a name in a node's own text (not in the nodes inside it).

    `start_byte` is relative to the start of the node's slice, so that moving a node moves nothing.
    """

    name: str
    path_text: str
    kind: str
    start_byte: int
    end_byte: int


class Definition(NamedTuple):
    """What name resolution sees of a node under one of its look-up keys (see `store.schema`). When any of
    it changes, the files that depend on the key are resolved anew."""

    key: str
    id: str
    kind: str
    file_path: str
    module: str  # absolute, crate first: "quill_core::parse::inner"
    owner: str
    visibility: str
    text: str  # the node's signature, the exact one if there is one; of an import the full path as written
    container: str  # signature of the impl, trait or enum around an associated item or variant, or ""
    cfg: str = ""  # its own #[cfg] predicates and those around it in the file, joined by " & "


class FileStat(NamedTuple):
    """What a scan compares. A file whose change time is too young to be told from a later write
    in the same clock tick is stored with ctime_ns 0, so that the next scan reads it again."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class FileRecord(NamedTuple):
    """A file of the workspace. `state` is "indexed" or "skipped"; `reason` says why it is skipped."""

    path: str
    state: str
    reason: str
    notes: tuple[str, ...]  # "bom", "crlf", "not_utf8", "merge_conflict", "empty",
    # "nesting_capped", "overflows", "manifest", "invalid_toml"
    hash: str
    stat: FileStat
    lines: int
    parse_error_count: int
    crate: str
    module_path: str


class FileFacts(NamedTuple):
    """Everything that one file's bytes say. `references` maps a node id to its references in order."""

    record: FileRecord
    nodes: tuple[NodeFacts, ...]  # in source order, parents before children
    spans: tuple[NodeSpan, ...]  # same order as nodes
    references: dict[str, tuple[Reference, ...]]
    definitions: tuple[Definition, ...]
    text: bytes


class Edge(NamedTuple):
    """A directed relation; `sites` are ordinals of the source node's references, sorted."""

    src_id: str
    kind: str
    dst_id: str
    weight: float  # 0..1
    provenance: str  # "heuristic" or "ra"
    rule: str
    sites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileUpdate:
    """One file's move from `old` to `new` facts; None means absent. `edges` replaces all edges
    whose source is a node of the file, and `keys` the look-up keys that they depend on; None leaves
    both to a later resolution (the file is then marked stale in the same transaction). `edge_sources`,
    if given, promises that the edges of all other surviving nodes are those stored: it spares a save the
    comparison of the whole file. With `is_partial` that is not certain, and the file becomes stale all the
    same."""

    path: str
    old: FileFacts | None
    new: FileFacts | None
    edges: tuple[Edge, ...] | None = None
    edge_sources: frozenset[str] | None = None
    keys: tuple[str, ...] = ()
    is_partial: bool = False


AMBIGUITY_CAP = 32
"""A capped look-up key with more definitions than this names nothing."""


def is_capped(key: str) -> bool:
    """Whether the key becomes ambiguous with more than AMBIGUITY_CAP definitions: `.name`, the methods of
    that name whoever owns them. All other keys answer with every definition."""
    return key[:1] == "."


def whole_module(key: str) -> str:
    """The key that a file may have in place of all keys `module::name` of one module (or owner): it becomes
    stale with any of them."""
    return f"{key.rpartition('::')[0]}::+"


class _Ambiguous(tuple[Definition, ...]):
    """Empty, and yet not the answer that there are none."""

    __slots__ = ()


AMBIGUOUS: tuple[Definition, ...] = _Ambiguous()
"""The answer to a capped key with more than AMBIGUITY_CAP definitions, told by identity (`is`). It is the
same whatever they are, so that edges cannot depend on which: such a key makes no file stale."""


class FileChange(NamedTuple):
    """Ids of the nodes that one commit added, changed and removed in one file. All three empty: only
    what surrounds the nodes changed (their positions, or their edges)."""

    path: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class Commit(NamedTuple):
    """What one write did. `clock` is the store's clock after it; `changes` is empty, and the clock as
    before, when nothing that readers see has changed."""

    clock: int
    changes: tuple[FileChange, ...]


class ResolvedFile(NamedTuple):
    """All edges that start in a file, as resolved from its facts of `file_hash`, and the look-up keys that
    they depend on: sorted, unique."""

    path: str
    edges: tuple[Edge, ...]
    file_hash: str
    keys: tuple[str, ...] = ()


# ------------------------------------------------------------------ what rust-analyzer says

_HEADS = frozenset(
    (
        NodeKind.IMPL,
        NodeKind.TRAIT,
        NodeKind.MODULE,
        NodeKind.EXTERN_BLOCK,
        NodeKind.ENUM,
    )
)


def hydration_key(node: NodeFacts) -> str:
    """What rust-analyzer's word on a node hangs on, as far as its own text goes: white space and plain
    comments change nothing, and of a node that only holds others, such as an impl, its head counts."""
    return node.signature_hash if node.kind in _HEADS else node.meaning_hash


class HydratedNode(NamedTuple):
    """rust-analyzer's word on a node, while the node's `hydration_key` is `key`. `signature` is "" with a
    `reason`. `edges` are those that it has resolved, provenance "ra"; they may lead to external nodes. One
    with the `dst_id` "" says that its sites lead to no node, such as a call of a closure: it makes no edge,
    and heuristic ones there are wrong."""

    id: str
    key: str
    signature_hash: str
    signature: str
    reason: str
    edges: tuple[Edge, ...]


class ExternalNode(NamedTuple):
    """A definition outside the workspace. `id` is `<crate>@<version>::<path within the crate>`."""

    id: str
    crate: str
    version: str
    path: str
    kind: str
    signature: str


class Diagnostic(NamedTuple):
    """Lines are 1-based, columns 0-based bytes. `node_id` is the innermost node around its start, "" for
    none."""

    node_id: str
    severity: str  # "error", "warning", "information", "hint"
    code: str
    message: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    source: str


class HydratedFile(NamedTuple):
    """What was found out about the file whose bytes have `file_hash`, as asked at the store's clock `as_of`.
    `nodes` are those that were asked about; what is stored of the others stays. `diagnostics` None: as
    stored. With `reason` the file was left alone, for something in its bytes: nothing is stored of its nodes,
    and it is not asked about again before its bytes change."""

    path: str
    file_hash: str
    as_of: int
    nodes: tuple[HydratedNode, ...]
    diagnostics: tuple[Diagnostic, ...] | None
    externals: tuple[ExternalNode, ...] = ()
    reason: str = ""
    is_partial: bool = False


# ------------------------------------------------------------------ what nodes mean


class NodeMeaning(NamedTuple):
    """What a node does, in one line, and the key of its vector. `input_key` is a hash of all that both were
    made of: while it is the same, nothing has to be done. `embed_key` "": it gets no vector. `one_line` "":
    nothing is said of it. `provenance`: "rule_based", "llm_assisted", "rule_based_insufficient" or another
    word for where the line comes from. `confidence` is in 0..1."""

    id: str
    input_key: str
    embed_key: str
    one_line: str
    provenance: str
    confidence: float


class MeantFile(NamedTuple):
    """The meanings of all nodes of a file that have one, made from its bytes of `file_hash`, as pending at
    the store's clock `as_of`."""

    path: str
    file_hash: str
    as_of: int
    meanings: tuple[NodeMeaning, ...]


class SummaryKey(NamedTuple):
    """What a generated line hangs on: not where the node stands, so that it survives moves and branches."""

    meaning_hash: str
    model_id: str
    prompt_hash: str
    params_hash: str


class StoredSummary(NamedTuple):
    """What a generation model said under `key`. With an `error` there is no line; `tries` counts how often it
    was asked. `created_at` is in seconds since the epoch."""

    key: SummaryKey
    one_line: str
    provenance: str
    confidence: float
    created_at: float
    error: str = ""
    tries: int = 1
