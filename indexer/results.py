"""The shapes of what the methods return: typed dictionaries, so that answers cost no conversion.

Lines are 1-based and inclusive; paths are relative to the workspace's root unless a field says otherwise.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict  # pydantic reads typing's own only from Python 3.12

from indexer.results_stages import LlamaStatus, MeaningStatus, SummaryRow

Classification = Literal["TEST_IMPLEMENTATION", "CODE_IMPLEMENTATION"]
CompilerState = Literal["hydrated", "pending", "never", "off"]


class Freshness(TypedDict):
    """In every answer about a workspace: how far the answer can be trusted."""

    workspace: str
    clock: int
    fresh_instance: bool
    pending: dict[str, int]
    warnings: list[str]


class Pong(TypedDict):
    pid: int
    version: str
    protocol: int
    uptime_s: float
    workspaces: int


class Stopping(TypedDict):
    pid: int
    stopping: bool


class WorkspaceRow(TypedDict):
    """`root` is absolute. `state` is what the workspace says, or "opening", "failed" (see `reason`)."""

    id: str
    root: str
    trusted: bool
    paused: bool
    state: str
    reason: str


class Added(TypedDict):
    workspace: WorkspaceRow
    added: bool  # False: it was there already (its trust may have been changed)


class Removed(TypedDict):
    workspace: str
    root: str
    store_removed: bool


class WorkspaceList(TypedDict):
    workspaces: list[WorkspaceRow]


class HydrationFiles(TypedDict):
    """Files that rust-analyzer was asked about since it was last up to date; `total` is both together."""

    pending: int
    done: int
    total: int


class HydrationStatus(TypedDict):
    """How rust-analyzer fares in a trusted workspace. `state` is "absent", "stopped" (it starts by itself),
    "starting", "ready", "partial" or "broken"; `reason` and `cure` say what is wrong and what to do. The
    optional members are what the store holds of it; `diagnostics` counts them by severity."""

    state: str
    reason: str
    cure: str
    version: str
    progress: str
    pid: int
    rss_bytes: int
    restarts: int
    generation: int
    quarantined: list[str]
    files: HydrationFiles
    hydrated_files: NotRequired[int]
    pending_files: NotRequired[int]
    left_alone_files: NotRequired[int]
    diagnostics: NotRequired[dict[str, int]]
    nodes_with_signature: NotRequired[int]


class Missing(TypedDict):
    """Why there is nothing, and what to do."""

    reason: str
    do: str


class WorkspaceStatus(TypedDict):
    """A row of `status`. The optional members are those of an open workspace. `hydration` is null where
    rust-analyzer is not asked; then `hydration_missing` says why."""

    id: str
    root: str
    trusted: bool
    paused: bool
    state: str
    reason: str
    progress: NotRequired[dict[str, int]]
    counts: NotRequired[dict[str, int]]
    pending: NotRequired[dict[str, int]]
    clock: NotRequired[int]
    instance: NotRequired[str]
    fresh_instance: NotRequired[bool]
    warnings: NotRequired[list[str]]
    skipped: NotRequired[list[dict[str, str]]]
    watcher: NotRequired[dict[str, Any]]
    store_bytes: NotRequired[int]
    last_commit_age_s: NotRequired[float | None]
    hydration: NotRequired[HydrationStatus | None]
    hydration_missing: NotRequired[Missing]
    meaning: NotRequired[MeaningStatus | None]


class PulseRow(TypedDict):
    name: str
    ok: bool
    detail: str
    took_ms: float


class DaemonStatus(TypedDict):
    pid: int
    version: str
    uptime_s: float
    rss_bytes: int
    connections: int
    llama: LlamaStatus
    warnings: list[str]
    health: list[PulseRow]


class Status(TypedDict):
    daemon: DaemonStatus
    workspaces: list[WorkspaceStatus]


class Waited(Freshness):
    stage: str
    waited_s: float


class NodeRow(TypedDict):
    id: str
    kind: str
    name: str
    qualified_name: str
    file: str
    start_line: int
    end_line: int
    level: int
    parent_id: str
    visibility: str
    signature: str
    signature_is_exact: bool  # canonical, of an item that parses cleanly; else as it is written
    cfg: str
    classification: Classification
    parse_errors: int
    recovered: bool
    hash: str


class NodeBriefRow(TypedDict):
    """A definition outside the workspace has the `file` "", and in `package` what it is part of, in cargo's
    spelling: `core@1.95.0`. Elsewhere `package` is ""."""

    id: str
    kind: str
    name: str
    qualified_name: str
    file: str
    package: str
    signature: str


class NodeList(Freshness):
    file: str
    nodes: list[NodeRow]
    total: int


class NodesFound(Freshness):
    nodes: list[NodeRow]
    truncated: bool


class NodesAt(Freshness):
    file: str
    line: int
    nodes: list[NodeRow]  # innermost first


class GenericRow(TypedDict):
    """`kind` is "lifetime", "type" or "const"; `type` is that of a const parameter."""

    kind: str
    name: str
    type: str
    bounds: list[str]
    default: str


class WhereRow(TypedDict):
    subject: str
    bounds: list[str]


class ParameterRow(TypedDict):
    pattern: str
    type: str


class FieldRow(TypedDict):
    """`name` is "0", "1" … in a tuple."""

    name: str
    type: str
    visibility: str
    attributes: list[str]


class VariantRow(TypedDict):
    """`style` is "unit", "tuple" or "struct"."""

    name: str
    style: str
    fields: list[FieldRow]
    discriminant: str
    attributes: list[str]


class MemberRow(TypedDict):
    kind: str
    name: str
    signature: str


class FacetRow(TypedDict):
    """One thing that is true of a node, e.g. "must_use", "serde", "derive", with what is said of it."""

    facet: str
    value: str


class DescriptionRow(TypedDict):
    """What a node's own text says, exactly; texts are in one spacing. "" and [] stand for what is not there;
    `abi` is null without `extern`."""

    qualifiers: list[str]
    abi: str | None
    generics: list[GenericRow]
    where: list[WhereRow]
    receiver: str
    parameters: list[ParameterRow]
    is_variadic: bool
    return_type: str
    trait: str
    self_type: str
    is_negative: bool
    supertraits: list[str]
    bounds: list[str]
    style: str
    fields: list[FieldRow]
    variants: list[VariantRow]
    type: str
    value: str
    members: list[MemberRow]
    derives: list[str]
    cfg: list[str]
    docs: str
    facets: list[FacetRow]


class CompilerRow(TypedDict):
    """rust-analyzer's word on a node. `state` is "hydrated"; "pending", when it will be asked (again);
    "never" or "off", when it will not. `reason` says why there is no signature, `do` what helps.
    `is_valid`: the signature is of the node's present text. `diagnostics` counts those in the node by
    severity."""

    state: CompilerState
    signature: str
    reason: str
    do: str
    is_valid: bool
    diagnostics: dict[str, int]


class NodeDetail(Freshness):
    """Without a `description`, `description_missing` says why."""

    node: NodeRow
    summary: SummaryRow | None
    text: str
    attributes: list[str]
    description: DescriptionRow | None
    description_missing: str
    compiler: CompilerRow
    confidence: float
    parent: NodeBriefRow | None
    children: list[NodeBriefRow]
    outgoing_count: int
    incoming_count: int


class EdgeRow(TypedDict):
    """`provenance` is "ra" (rust-analyzer resolved it) or "heuristic"."""

    src_id: str
    kind: str
    dst_id: str
    weight: float
    provenance: str
    rule: str


class NeighborRow(TypedDict):
    """`direction` is seen from the node that was asked about: "out" leads away from it."""

    direction: str
    edge: EdgeRow
    node: NodeBriefRow


class Neighbors(Freshness):
    node: NodeBriefRow
    neighbors: list[NeighborRow]
    truncated: bool


class ImplementationRow(TypedDict):
    """`trait` and `type` are null where they are not in the workspace, or not known; `impl` is null for a
    derive. `trait_text` is the trait as it is written."""

    trait_text: str
    trait: NodeBriefRow | None
    type: NodeBriefRow | None
    impl: NodeBriefRow | None
    weight: float
    rule: str


class Implementations(Freshness):
    """`node` is null where a trait was asked for that is not in the workspace."""

    node: NodeBriefRow | None
    implementations: list[ImplementationRow]
    truncated: bool


class HopRow(TypedDict):
    node: NodeBriefRow
    hops: int


class TwoHop(Freshness):
    nodes: list[HopRow]
    edges: list[EdgeRow]
    truncated: bool


class PathFound(Freshness):
    """One shortest path: nodes in order and the edge between each two. Empty: see `reason`."""

    nodes: list[NodeBriefRow]
    edges: list[EdgeRow]
    reason: str


class ChangeRow(TypedDict):
    clock: int
    path: str
    added: list[str]
    changed: list[str]
    removed: list[str]


class ChangeList(Freshness):
    """`next_clock` is where the next call goes on; `fresh_instance`: read everything anew."""

    next_clock: int
    changes: list[ChangeRow]
    more: bool


class Acknowledged(Freshness):
    """`instance` names the store as it was when the answer was made."""

    state: str
    instance: str


class SnapshotDone(Freshness):
    """`path` is absolute."""

    path: str
    size_bytes: int


class Subscribed(Freshness):
    subscription: int


class Unsubscribed(TypedDict):
    subscription: int
    was_active: bool


class MetricsAnswer(TypedDict):
    counters: dict[str, int]
    timings: dict[str, dict[str, float]]


class OpenRpc(TypedDict):
    openrpc: str
    info: dict[str, Any]
    methods: list[dict[str, Any]]
    components: dict[str, Any]
