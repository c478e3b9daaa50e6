"""The shapes of what the later stages say of nodes and of themselves: lines, vectors, models at work."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

Provenance = Literal["rule_based", "llm_assisted", "rule_based_insufficient"]


class SummaryRow(TypedDict):
    """One line about a node: a hint, never authority. `confidence` is in 0..1."""

    one_line: str
    provenance: Provenance
    confidence: float


class RecallRow(TypedDict):
    """How much of what exact search finds the index finds, when it was last measured."""

    recall: float
    sampled: int
    vectors: int
    k: int


class MeaningStatus(TypedDict):
    """Of a workspace. The counts are absent until they have been counted. `oldest_s`: for how long vectors
    have been missing; `eta_s`: until none is, at the present rate."""

    pending_files: NotRequired[int]
    files: NotRequired[int]
    nodes: NotRequired[int]
    lines: NotRequired[int]
    by_provenance: NotRequired[dict[str, int]]
    vectors: NotRequired[int]
    missing_vectors: NotRequired[int]
    refused_vectors: NotRequired[int]
    model: str
    oldest_s: float | None
    eta_s: int | None
    recall: RecallRow | None


class ModelInUse(TypedDict):
    """`name` is the setting's; `reason` says why there is none, and `do` what to do."""

    name: str
    path: str
    id: str
    reason: str
    do: str


class LlamaStatus(TypedDict):
    """The child that runs the models, for all workspaces. `held_back` says why work that nobody waits for is
    left alone for now."""

    state: str
    reason: str
    cure: str
    pid: int
    rss_bytes: int
    restarts: int
    quarantined: int
    embedding_model: ModelInUse
    summary_model: ModelInUse
    paused: bool
    held_back: str
    rate_per_s: float
    calls_today: int
    tokens_today: int
    plan: dict[str, Any]
