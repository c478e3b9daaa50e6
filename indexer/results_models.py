"""The shapes of answers about models. See `indexer.results`. Sizes are bytes."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class ModelRow(TypedDict):
    """A model that is known or here. `state` is "installed", "partial" (an interrupted download, of which
    `partial_bytes` are here), "available", or "damaged" (see `reason`). `size_bytes` is that of the file,
    `memory_bytes` what running it takes with one session. Of a model that is not here, `path`, `model_id` and
    `sha256` are ""."""

    name: str
    title: str
    role: Literal["embed", "generate"]
    state: Literal["installed", "partial", "available", "damaged"]
    reason: str
    path: str
    size_bytes: int
    partial_bytes: int
    memory_bytes: int
    licence: str
    source: str
    context_tokens: int
    dimension: int
    model_id: str
    sha256: str


class ModelList(TypedDict):
    """`embedding_model` and `summary_model` are what the settings name: a name or a path, "" for none."""

    folder: str
    embedding_model: str
    summary_model: str
    models: list[ModelRow]


class ModelEnsured(TypedDict):
    """`was_here`: nothing had to be fetched."""

    model: ModelRow
    was_here: bool


class VerifiedLine(TypedDict):
    """`said` is text, or the first dimensions of a vector; `matches` is null where nothing was recorded."""

    text: str
    said: str
    matches: bool | None


class ModelVerified(TypedDict):
    """`is_intact`: the file is the one that was obtained; null for one that came by hand. `recorded`: the
    lines are known from "isg" itself, from an "earlier" run, or only since "now"."""

    model: ModelRow
    sha256: str
    is_intact: bool | None
    recorded: Literal["isg", "earlier", "now"]
    lines: list[VerifiedLine]
    is_good: bool


class ModelRemoved(TypedDict):
    name: str
    freed_bytes: int


class EstimateRow(TypedDict):
    """What a model takes in memory: its weights, what a session remembers of its text, and the rest. By the
    file if it is "installed", else by what is known of it."""

    name: str
    role: Literal["embed", "generate"]
    state: Literal["installed", "available"]
    weights_bytes: int
    kv_bytes_per_session: int
    overhead_bytes: int


class ModelPlan(TypedDict):
    """How many `sessions`, of how many `threads` each, this machine has room for, and what bounds them. A
    session has all the models and takes `session_bytes`. `load` is that of all cores together."""

    sessions: int
    threads: int
    low_memory: bool
    reasons: list[str]
    session_bytes: int
    free_bytes: int
    total_bytes: int
    cores: int
    load: float
    on_battery: bool
    is_building: bool
    models: list[EstimateRow]


class ModelsReloaded(TypedDict):
    reloaded: bool
