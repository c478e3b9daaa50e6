"""The RPC methods: their names, parameters and results, in one table.

What validates a call also documents it: `rpc.discover` and docs/methods.md are made from here.
Knows nothing of how a method is answered (see `indexer.answers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from indexer import __version__, results, results_compiler, results_meaning, results_models

Kind = Literal["CONTAINS", "CALLS", "IMPLEMENTS", "USES", "DEPENDS", "REQUIRES_BOUND", "FEATURE_GATED_BY"]
Direction = Literal["out", "in", "both"]
NodeKindName = Literal[
    "function",
    "method",
    "struct",
    "enum",
    "variant",
    "union",
    "trait",
    "trait_alias",
    "impl",
    "type_alias",
    "associated_type",
    "associated_const",
    "const",
    "static",
    "module",
    "extern_block",
    "extern_crate",
    "use",
    "macro",
    "macro_call",
    "crate",
    "feature",
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
FILTERS = (
    "kinds",
    "visibility",
    "qualifiers",
    "derives",
    "attributes",
    "feature",
    "under",
    "classification",
    "documented",
)
"""Parameters of `nodes.find` beside a name."""


class Params(BaseModel):
    """Base of all parameters: an unknown member is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParams(Params):
    """A method without parameters."""


class Where(Params):
    """Which workspace: an id or a path in it; else the one around `cwd`; else the only one."""

    workspace: str | None = Field(
        None, max_length=4096, description="Id of a workspace, or a path inside it."
    )
    cwd: str | None = Field(None, max_length=4096, description="The caller's working directory, absolute.")


class StatusParams(Where):
    workspace: str | None = Field(None, max_length=4096, description="Only this one (id or path); else all.")
    health: bool = Field(False, description="Also take the pulse of every part.")


class AddParams(Params):
    path: str = Field(min_length=1, max_length=4096, description="The workspace's root, absolute.")
    trusted: bool | None = Field(
        None,
        description="May tools run this workspace's code (build scripts, macros)? None: as it was, else no.",
    )


class RemoveParams(Where):
    keep_store: bool = Field(False, description="Leave the index on disk, for adding it again later.")


class WaitParams(Where):
    stage: Literal["structural", "edges", "semantic", "summarised", "embedded"] = Field(
        "edges",
        description="structural: nodes and references of all that was saved before; edges: its edges, too;"
        " semantic: also whatever rust-analyzer can say now, in a trusted workspace.",
    )
    timeout_s: float | None = Field(None, gt=0, le=3600, description="Default: the setting wait_timeout_s.")


class FileParams(Where):
    file: str = Field(
        min_length=1, max_length=4096, description="Relative to cwd or to the root, or absolute."
    )


class ListParams(FileParams):
    limit: int = Field(2000, ge=1, le=20_000)
    offset: int = Field(0, ge=0)


class AtParams(FileParams):
    line: int = Field(ge=1, le=2**31, description="1-based.")


class NodeParams(Where):
    node: str = Field(
        min_length=1, max_length=8192, description="An id, a name (`new`, `Parser::new`), or `file.rs:line`."
    )


class FindParams(Where):
    """All that is given has to hold; there has to be something."""

    name: str | None = Field(
        None, min_length=1, max_length=8192, description="An id or a name (`new`, `Parser::new`)."
    )
    kinds: list[NodeKindName] | None = Field(None, description="One of these kinds.")
    visibility: Literal["pub", "restricted", "private"] | None = Field(
        None, description="restricted: `pub(crate)`, `pub(in …)` and the like."
    )
    qualifiers: list[Literal["async", "unsafe", "const", "extern"]] | None = None
    derives: list[Name] | None = Field(None, description="As written, or its last part; in a cfg_attr, too.")
    attributes: list[Name] | None = Field(None, description="Names, as for `derives`: `must_use`, `serde`.")
    feature: Name | None = Field(
        None, description="Gated by it, also through what is around: `net`, or `my_crate/net`."
    )
    under: str | None = Field(
        None, min_length=1, max_length=4096, description="A folder or file, as `file` elsewhere."
    )
    classification: results.Classification | None = None
    documented: bool | None = None
    limit: int = Field(50, ge=1, le=5000)

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if all(getattr(self, name) is None for name in ("name", *FILTERS)):
            raise ValueError("a name or a filter is needed")
        return self


class DiagnosticsParams(Where):
    """Of a file, or of a node and all inside it; else of the whole workspace."""

    file: str | None = Field(None, min_length=1, max_length=4096, description="As `file` elsewhere.")
    node: str | None = Field(None, min_length=1, max_length=8192, description="As `node` elsewhere.")
    severities: list[Literal["error", "warning", "information", "hint"]] | None = Field(
        None, description="Only these; else all."
    )
    limit: int = Field(100, ge=1, le=5_000)

    @model_validator(mode="after")
    def _is_of_one_thing(self) -> Self:
        if self.file is not None and self.node is not None:
            raise ValueError("either a file or a node")
        return self


class SearchParams(Where):
    """What a text says, or what is like a node."""

    text: str | None = Field(
        None, min_length=1, max_length=2_000, description="What the code does, in words."
    )
    node: str | None = Field(None, min_length=1, max_length=8192, description="As `node` elsewhere.")
    kinds: list[NodeKindName] | None = Field(None, description="One of these kinds.")
    crates: list[Name] | None = Field(None, description="In one of these crates.")
    under: str | None = Field(
        None, min_length=1, max_length=4096, description="A folder or file, as `file` elsewhere."
    )
    classification: results.Classification | None = None
    limit: int = Field(10, ge=1, le=200)

    @model_validator(mode="after")
    def _asks_for_one_thing(self) -> Self:
        if (self.text is None) == (self.node is None):
            raise ValueError("either a text or a node")
        return self


class SummariesParams(Where):
    """Of a node, or of a file; else of the whole workspace, page by page."""

    file: str | None = Field(None, min_length=1, max_length=4096, description="As `file` elsewhere.")
    node: str | None = Field(None, min_length=1, max_length=8192, description="As `node` elsewhere.")
    after: str | None = Field(None, max_length=4096, description="From behind this file on.")
    limit: int = Field(2_000, ge=1, le=20_000, description="Files are whole: there may be some more.")


class OverlayFile(Params):
    """A candidate: what a file is to hold."""

    path: str = Field(min_length=1, max_length=4096, description="As `file` elsewhere; need not exist.")
    text: str = Field(max_length=4_000_000)


class OverlayOpenParams(Where):
    files: list[OverlayFile] = Field(
        min_length=1, max_length=64, description="Shown together; one that is open gets the new text."
    )


class OverlayCloseParams(Where):
    files: list[Name] | None = Field(None, max_length=1024, description="Only these; else all.")


class OverlayPlaceParams(FileParams):
    line: int = Field(ge=1, le=2**31, description="1-based, in the text that is open.")
    column: int = Field(ge=0, le=2**31, description="0-based, in bytes.")


class EdgeParams(NodeParams):
    limit: int = Field(200, ge=1, le=10_000)


class NeighborParams(EdgeParams):
    kinds: list[Kind] | None = Field(None, description="Only these kinds of edges; else all.")
    direction: Direction = "both"


class TwoHopParams(NeighborParams):
    limit: int = Field(100, ge=1, le=2_000, description="Nodes; more are cut off and `truncated` says so.")


class PathParams(Where):
    start: str = Field(min_length=1, max_length=8192, description="As `node` elsewhere.")
    goal: str = Field(min_length=1, max_length=8192, description="As `node` elsewhere.")
    max_hops: int = Field(6, ge=1, le=20)


class ChangesParams(Where):
    since: int | None = Field(None, ge=0, le=2**62, description="A clock; else the last few commits.")
    limit: int = Field(1000, ge=1, le=10_000)


class SnapshotParams(Where):
    path: str = Field(min_length=1, max_length=4096, description="Absolute; written or read by the daemon.")


class WriteParams(SnapshotParams):
    overwrite: bool = Field(False, description="Replace a file that is there already.")


class ModelParams(Params):
    name: str = Field(
        min_length=1, max_length=4096, description="A name of `models.list`, or the absolute path of a GGUF."
    )


class PlanParams(Params):
    names: list[Name] | None = Field(
        None, max_length=16, description="As `name` elsewhere; else those that the settings name."
    )


class UnsubscribeParams(Params):
    subscription: int


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `result` is a TypedDict class."""

    name: str
    summary: str
    params: type[Params]
    result: type[Any]


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("daemon.ping", "Is it alive, which process, which version?", NoParams, results.Pong),
        Method(
            "daemon.shutdown", "Stop after the requests in hand are answered.", NoParams, results.Stopping
        ),
        Method("status", "What the daemon and its workspaces are doing.", StatusParams, results.Status),
        Method("wait", "Return once everything saved before this call is in.", WaitParams, results.Waited),
        Method("workspace.add", "Watch and index a directory tree.", AddParams, results.Added),
        Method("workspace.remove", "Forget a workspace; its files stay.", RemoveParams, results.Removed),
        Method("workspace.list", "The workspaces.", NoParams, results.WorkspaceList),
        Method("workspace.pause", "Stop following changes.", Where, results.Acknowledged),
        Method(
            "workspace.resume",
            "Follow changes again, those in between included.",
            Where,
            results.Acknowledged,
        ),
        Method("workspace.reindex", "Read every file anew.", Where, results.Acknowledged),
        Method("nodes.list", "The nodes of a file, in source order.", ListParams, results.NodeList),
        Method(
            "nodes.get", "One node: what it is, its text and surroundings.", NodeParams, results.NodeDetail
        ),
        Method("nodes.find", "Nodes by name and by what they are.", FindParams, results.NodesFound),
        Method("nodes.at", "The nodes around a line, innermost first.", AtParams, results.NodesAt),
        Method(
            "nodes.expand",
            "What a macro call between items expands to, and the items in it.",
            NodeParams,
            results_compiler.Expansion,
        ),
        Method(
            "diagnostics.recent",
            "What rust-analyzer finds wrong in a file, a node or everywhere, newest first.",
            DiagnosticsParams,
            results_compiler.DiagnosticList,
        ),
        Method(
            "search",
            "Nodes by what they do: the nearest to a text, or to another node, by their vectors.",
            SearchParams,
            results_meaning.SearchAnswer,
        ),
        Method(
            "nodes.summaries",
            "What nodes do, one line each.",
            SummariesParams,
            results_meaning.SummaryList,
        ),
        Method(
            "queue.status",
            "What is done and to be done about summaries and vectors, and with which models.",
            NoParams,
            results_meaning.QueueStatus,
        ),
        Method(
            "queue.pause",
            "Make no summaries and vectors but for questions.",
            NoParams,
            results_meaning.QueueStatus,
        ),
        Method("queue.resume", "Make them again.", NoParams, results_meaning.QueueStatus),
        Method("graph.callers", "Who calls this node.", EdgeParams, results.Neighbors),
        Method("graph.callees", "Whom this node calls.", EdgeParams, results.Neighbors),
        Method(
            "graph.implementations",
            "What implements a trait, or which traits a type has: impl blocks and derives.",
            EdgeParams,
            results.Implementations,
        ),
        Method("graph.neighbors", "All edges at this node.", NeighborParams, results.Neighbors),
        Method("graph.two_hop", "Everything at most two edges away.", TwoHopParams, results.TwoHop),
        Method("graph.path", "One shortest path between two nodes.", PathParams, results.PathFound),
        Method(
            "overlay.open_buffer",
            "Have rust-analyzer take candidate texts for files; nothing is written, and the buffers are this"
            " connection's until it ends.",
            OverlayOpenParams,
            results_compiler.OverlayOpened,
        ),
        Method(
            "overlay.close_buffer",
            "Go back to what is on disk.",
            OverlayCloseParams,
            results_compiler.OverlayClosed,
        ),
        Method(
            "overlay.get_diagnostics",
            "Which diagnostics of a file the open buffers bring and take away.",
            FileParams,
            results_compiler.OverlayDiagnostics,
        ),
        Method(
            "overlay.get_document_symbols",
            "The outline of a file as its buffer has it.",
            FileParams,
            results_compiler.OverlaySymbols,
        ),
        Method(
            "overlay.hover_signature",
            "The signature of what is at a place, as rust-analyzer sees it.",
            OverlayPlaceParams,
            results_compiler.OverlayHover,
        ),
        Method(
            "overlay.go_to_definition",
            "Where what is at a place is defined.",
            OverlayPlaceParams,
            results_compiler.OverlayTargets,
        ),
        Method(
            "overlay.expand_macro",
            "What the macro call at a place expands to.",
            OverlayPlaceParams,
            results_compiler.OverlayExpansion,
        ),
        Method(
            "models.list",
            "The models that are known or here.",
            NoParams,
            results_models.ModelList,
        ),
        Method(
            "models.ensure",
            "Have a model here: fetch and check it. Tells progress by notifications `models.progress`.",
            ModelParams,
            results_models.ModelEnsured,
        ),
        Method(
            "models.verify",
            "Run a model on fixed inputs, and compare with what is recorded.",
            ModelParams,
            results_models.ModelVerified,
        ),
        Method("models.remove", "Remove a model from disk.", ModelParams, results_models.ModelRemoved),
        Method(
            "models.plan",
            "How many sessions of the models this machine has room for.",
            PlanParams,
            results_models.ModelPlan,
        ),
        Method(
            "models.reload",
            "Look again for the models that the settings name.",
            NoParams,
            results_models.ModelsReloaded,
        ),
        Method("changes.since", "What was committed after a clock.", ChangesParams, results.ChangeList),
        Method("snapshot.export", "Write the index to a JSON file.", WriteParams, results.SnapshotDone),
        Method(
            "snapshot.import", "Replace the index by a JSON file's.", SnapshotParams, results.SnapshotDone
        ),
        Method(
            "snapshot.backup",
            "Copy the store to a file of its own format.",
            WriteParams,
            results.SnapshotDone,
        ),
        Method(
            "subscribe",
            "Notifications `commit` of this workspace, on this connection.",
            Where,
            results.Subscribed,
        ),
        Method("unsubscribe", "End a subscription.", UnsubscribeParams, results.Unsubscribed),
        Method("metrics", "Counters and timings of the daemon.", NoParams, results.MetricsAnswer),
        Method("rpc.discover", "This description, as OpenRPC.", NoParams, results.OpenRpc),
    )
}


def describe_methods() -> dict[str, Any]:
    """The OpenRPC document of all methods."""
    definitions: dict[str, Any] = {}
    methods = []
    for method in METHODS.values():
        schema = _schema(method.params, definitions)
        required = set(schema.get("required", ()))
        methods.append(
            {
                "name": method.name,
                "summary": method.summary,
                "paramStructure": "by-name",
                "params": [
                    {"name": name, "required": name in required, "schema": prop}
                    for name, prop in schema.get("properties", {}).items()
                ],
                "result": {"name": method.result.__name__, "schema": _schema(method.result, definitions)},
            }
        )
    return {
        "openrpc": "1.3.2",
        "info": {"title": "isg", "version": __version__, "description": "JSON-RPC 2.0, one object per line"},
        "methods": methods,
        "components": {"schemas": definitions},
    }


def document_methods() -> str:
    """docs/methods.md, from the table."""
    lines = [
        "# Methods",
        "",
        "JSON-RPC 2.0 over the daemon's Unix socket, one object per line of at most 8 MiB. Parameters are",
        "named. An error says what to do in `error.data.do`. Every answer about a workspace also holds",
        "`workspace`, `clock`, `fresh_instance`, `pending` and `warnings`. `rpc.discover` returns all this",
        "with full schemas.",
        "",
        "| method | parameters | what it does |",
        "| --- | --- | --- |",
    ]
    for method in METHODS.values():
        names = [
            f"**{name}**" if field.is_required() else name
            for name, field in method.params.model_fields.items()
        ]
        lines.append(f"| `{method.name}` | {', '.join(names) or '–'} | {method.summary} |")
    lines += ["", "Bold parameters are required.", ""]
    return "\n".join(lines)


def _schema(type_: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = TypeAdapter(type_).json_schema(ref_template="#/components/schemas/{model}")
    definitions.update(schema.pop("$defs", {}))
    return schema
