"""Answers about nodes: finds what the request names, asks the store, shapes rows."""

from __future__ import annotations

import os.path
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from indexer import results
from indexer.classification import classification_of, test_files
from indexer.description import describe_node
from indexer.finding import Criteria, find, find_named
from indexer.fleet import Seat
from indexer.methods import FILTERS, AtParams, FindParams, ListParams, NodeParams
from indexer.protocol import ErrorCode, RpcError
from indexer.results_stages import Provenance, SummaryRow
from indexer.semantic import Hindrance, hindrance
from indexer.served import ServedWorkspace
from indexer.service import Call, Handle, freshness
from store import queries
from store.compiler import CompilerWord, external_node
from store.database import Database
from store.diagnostics import SeenDiagnostic, recent_diagnostics
from store.hydration import hydrated_by
from store.meaning import get_meanings
from store.model import NodeFacts, NodeMeaning, NodeSpan
from store.node_names import MINOR_KINDS
from store.nodes import FoundNode, NodeBrief, NodeSummary, signature_of

CANDIDATES_MAX = 20
FindNamed = Callable[[Database, str, int], list[FoundNode]]
_COUNTED_MAX = 1_000  # diagnostics of one node
_PLACE = re.compile(r"(.+\.(?:rs|toml)):(\d{1,9})(?:-(\d{1,9})|:\d{1,9})?:?")
"""`file.rs:12`, `file.rs:12-15` as answers show it, or `file.rs:12:5` as compilers do."""


async def list_nodes(call: Call, params: ListParams) -> results.NodeList:
    seat, workspace = await call.service.open_workspace(params)
    file, nodes = await nodes_of_file(seat, workspace, params.file, params.cwd)
    page = nodes[params.offset : params.offset + params.limit]
    return {
        "file": file,
        "nodes": await _rows(workspace, [FoundNode(facts, file, span) for facts, span in page]),
        "total": len(nodes),
        **freshness(seat, workspace),
    }


async def get_node(call: Call, params: NodeParams) -> results.NodeDetail:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await resolve_node(seat, workspace, params.node, params.cwd)
    found = await workspace.read(_read_detail, node_id)
    if found is None:
        raise vanished(node_id)
    summary, node, line, description, missing, is_hydrated = found
    hydration = workspace.hydration
    if summary.compiler.state == "pending" and hydration is not None:
        hydration.ask_first(summary.file_path)
    seen = await workspace.read(recent_diagnostics, node_id=node_id, limit=_COUNTED_MAX)
    return {
        "node": node,
        "summary": line,
        "text": summary.text,
        "attributes": list(summary.facts.attributes),
        "description": description,
        "description_missing": missing,
        "compiler": _compiler_row(
            summary.compiler, is_hydrated, hindrance(call.service, seat, workspace), seen
        ),
        "confidence": summary.confidence,
        "parent": None if summary.parent is None else brief_row(summary.parent),
        "children": [brief_row(child) for child in summary.children],
        "outgoing_count": summary.outgoing_count,
        "incoming_count": summary.incoming_count,
        **freshness(seat, workspace),
    }


async def find_nodes(call: Call, params: FindParams) -> results.NodesFound:
    seat, workspace = await call.service.open_workspace(params)
    if params.name is not None and all(getattr(params, name) is None for name in FILTERS):
        found = await workspace.read(find_named, params.name, params.limit + 1)
        more = len(found) > params.limit
    else:
        found, more = [], False
        for under in folders_in(seat, params.under, params.cwd):
            if not found:
                found, more = await workspace.read(find, _criteria(params, under), params.limit)
    return {
        "nodes": await _rows(workspace, found[: params.limit]),
        "truncated": more,
        **freshness(seat, workspace),
    }


async def nodes_at(call: Call, params: AtParams) -> results.NodesAt:
    seat, workspace = await call.service.open_workspace(params)
    file, around = await _nodes_around(seat, workspace, params.file, params.line, params.cwd)
    return {
        "file": file,
        "line": params.line,
        "nodes": await _rows(workspace, [FoundNode(facts, file, span) for facts, span in around]),
        **freshness(seat, workspace),
    }


async def nodes_of_file(
    seat: Seat, workspace: ServedWorkspace, file: str, cwd: str | None
) -> tuple[str, list[tuple[NodeFacts, NodeSpan]]]:
    """(path in the workspace, its nodes). Raises RpcError NOT_FOUND with the reason."""
    candidates = paths_in(seat.entry.root, file, cwd)
    for path in candidates:
        nodes = await workspace.read(queries.list_nodes_by_file, path)
        if nodes:
            return path, nodes
    for path in candidates:
        facts = await workspace.read(queries.load_file_facts, path)
        if facts is not None and facts.record.state != "skipped":
            return path, []
        if facts is not None:
            raise RpcError(
                ErrorCode.NOT_FOUND,
                f"{path} was skipped: {facts.record.reason}",
                "isg status --skipped lists them",
            )
    raise RpcError(
        ErrorCode.NOT_FOUND,
        f"{file} is not in the index of {seat.entry.id}",
        "check the path and what .gitignore says; a file just saved is there after `isg status --wait`",
    )


async def _nodes_around(
    seat: Seat, workspace: ServedWorkspace, file: str, line: int, cwd: str | None
) -> tuple[str, list[tuple[NodeFacts, NodeSpan]]]:
    """(path in the workspace, the nodes around the line, innermost first). Raises RpcError NOT_FOUND."""
    for path in paths_in(seat.entry.root, file, cwd):
        around = await workspace.read(queries.nodes_at, path, line)
        if around:
            return path, around
    return (await nodes_of_file(seat, workspace, file, cwd))[0], []


def paths_in(root: Path, file: str, cwd: str | None) -> list[str]:
    """What `file` may mean inside the workspace: relative to the working directory, then to the root."""
    bases = [root] if cwd is None else [Path(cwd), root]
    paths: list[str] = []
    for base in bases:
        whole = Path(os.path.normpath(base / file))
        if whole.is_relative_to(root) and whole != root and str(whole.relative_to(root)) not in paths:
            paths.append(whole.relative_to(root).as_posix())
    return paths


def folders_in(seat: Seat, under: str | None, cwd: str | None) -> list[str]:
    """What `under` may mean, as `paths_in`; "" is the whole tree. Raises RpcError NOT_FOUND."""
    if under is None:
        return [""]
    root = seat.entry.root
    paths = paths_in(root, under, cwd)
    bases = [root] if cwd is None else [Path(cwd), root]
    if any(Path(os.path.normpath(base / under)) == root for base in bases):
        paths.append("")
    if not paths:
        raise RpcError(ErrorCode.NOT_FOUND, f"{under} is not inside {root}", "name a folder of the workspace")
    return paths


def _criteria(params: FindParams, under: str) -> Criteria:
    return Criteria(
        name=params.name or "",
        kinds=tuple(params.kinds or ()),
        visibility=params.visibility or "",
        qualifiers=tuple(params.qualifiers or ()),
        derives=tuple(params.derives or ()),
        attributes=tuple(params.attributes or ()),
        feature=params.feature or "",
        under=under,
        classification=params.classification or "",
        documented=params.documented,
    )


def _read_detail(
    db: Database, node_id: str
) -> tuple[NodeSummary, results.NodeRow, SummaryRow | None, results.DescriptionRow | None, str, bool] | None:
    summary = queries.get_node_summary(db, node_id)
    if summary is None:
        return None
    row = node_rows(db, [FoundNode(summary.facts, summary.file_path, summary.span)])[0]
    line = summary_row(get_meanings(db, [node_id]).get(node_id))
    return summary, row, line, *describe_node(summary.facts, summary.text), hydrated_by(db) is not None


async def _rows(workspace: ServedWorkspace, nodes: Sequence[FoundNode]) -> list[results.NodeRow]:
    return await workspace.read(node_rows, nodes)


def node_rows(db: Database, nodes: Sequence[FoundNode]) -> list[results.NodeRow]:
    tests = test_files(db, {node.file_path for node in nodes})
    return [_row(node.facts, node.file_path, node.span, node.file_path in tests) for node in nodes]


async def resolve_node(
    seat: Seat, workspace: ServedWorkspace, node: str, cwd: str | None, find: FindNamed = find_named
) -> str:
    """The id that an id, a name or a place means. Raises RpcError NOT_FOUND or AMBIGUOUS."""
    if await workspace.read(queries.node_exists, node):
        return node
    if place := _PLACE.fullmatch(node):
        lines = int(place[2]), int(place[3] or 0)
        file, around = await _nodes_around(seat, workspace, place[1], lines[0], cwd)
        if not around:
            raise RpcError(
                ErrorCode.NOT_FOUND,
                f"no node lies at {file}:{place[2]}",
                f"isg nodes {file} shows what is where",
            )
        exactly = [facts.id for facts, span in around if (span.start_line, span.end_line) == lines]
        return exactly[0] if exactly else around[0][0].id
    found = await workspace.read(find, node, CANDIDATES_MAX + 1)
    if len(found) > 1:
        named = [one for one in found if one.facts.kind not in MINOR_KINDS]
        found = named if len(named) == 1 else found
    if len(found) == 1:
        return found[0].facts.id
    if not found and await workspace.read(external_node, node) is not None:
        raise RpcError(
            ErrorCode.NOT_FOUND,
            f"{node} is outside of {seat.entry.id}: only the edges that lead to it are known",
            f"isg callers {node}",
        )
    if not found:
        raise RpcError(
            ErrorCode.NOT_FOUND,
            f"{seat.entry.id} has no node called {node}",
            "names are as in `new` or `Parser::new`; `isg nodes FILE` lists those of a file",
        )
    raise RpcError(
        ErrorCode.AMBIGUOUS,
        f"{len(found)}{'' if len(found) <= CANDIDATES_MAX else ' or more'} nodes are called {node}",
        "name one by its id or its place, as above",
        candidates=await _rows(workspace, found[:CANDIDATES_MAX]),
    )


def _compiler_row(
    word: CompilerWord, is_hydrated: bool, what: Hindrance, seen: Sequence[SeenDiagnostic]
) -> results.CompilerRow:
    state = "off" if what.is_off else word.state
    if state == "never" and not is_hydrated and not what.reason:
        state = "pending"  # nobody has been asked about anything yet
    return {
        "state": cast(results.CompilerState, state),
        "signature": word.signature,
        "reason": word.reason or what.reason,
        "do": what.do,
        "is_valid": word.is_valid,
        "diagnostics": dict(Counter(one.diagnostic.severity for one in seen)),
    }


def _row(facts: NodeFacts, file: str, span: NodeSpan, is_test_file: bool) -> results.NodeRow:
    return {
        "id": facts.id,
        "kind": str(facts.kind),
        "name": facts.name,
        "qualified_name": facts.qualified_name,
        "file": file,
        "start_line": span.start_line,
        "end_line": span.end_line,
        "level": facts.isgl_level,
        "parent_id": facts.parent_id,
        "visibility": facts.visibility,
        "signature": signature_of(facts),
        "signature_is_exact": bool(facts.signature_syn),
        "cfg": facts.cfg,
        "classification": classification_of(is_test_file, facts.is_test),
        "parse_errors": facts.parse_error_count,
        "recovered": facts.recovered,
        "hash": facts.hash,
    }


def summary_row(known: NodeMeaning | None) -> SummaryRow | None:
    """The line of a node, None if it has none."""
    if known is None or not known.one_line:
        return None
    return {
        "one_line": known.one_line,
        "provenance": cast(Provenance, known.provenance),
        "confidence": known.confidence,
    }


def brief_row(brief: NodeBrief) -> results.NodeBriefRow:
    return {
        "id": brief.id,
        "kind": str(brief.kind),
        "name": brief.name,
        "qualified_name": brief.qualified_name,
        "file": brief.file_path,
        "package": "" if brief.file_path else brief.id.partition("::")[0],
        "signature": brief.signature,
    }


def vanished(node_id: str) -> RpcError:
    return RpcError(ErrorCode.NOT_FOUND, f"{node_id} has just gone", "ask again")


NODE_ANSWERS: dict[str, Handle] = {
    "nodes.list": list_nodes,
    "nodes.get": get_node,
    "nodes.find": find_nodes,
    "nodes.at": nodes_at,
}
