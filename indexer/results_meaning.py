"""The shapes of answers about summaries and vectors. See `indexer.results`."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from indexer.results import Freshness, NodeRow
from indexer.results_stages import LlamaStatus, MeaningStatus, SummaryRow


class NodeSummaryRow(SummaryRow):
    id: str
    kind: str
    qualified_name: str
    file: str


class SummaryList(Freshness):
    """`after` is what to ask for next, null if that is all. `files_pending` files wait for their lines."""

    summaries: list[NodeSummaryRow]
    after: str | None
    files_pending: int


class FoundRow(TypedDict):
    """`similarity` is the cosine of the two vectors, -1..1."""

    node: NodeRow
    summary: SummaryRow | None
    similarity: float


class SearchAnswer(Freshness):
    """The nearest nodes. `method` is how they were found: "hnsw" (approximately, by the index) or "exact".
    `is_old`: by the vectors of a model that is being replaced. `vectors_missing` nodes have none yet."""

    found: list[FoundRow]
    model: str
    is_old: bool
    method: Literal["hnsw", "exact"]
    vectors_missing: int


class QueueStatus(TypedDict):
    llama: LlamaStatus
    workspaces: dict[str, MeaningStatus]
