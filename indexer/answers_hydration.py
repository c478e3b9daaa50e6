"""Answers with rust-analyzer's word: diagnostics as they are stored, and what macro calls expand to, asked
now."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from hydrators.rust_analyzer import Compiler, Lines, Position, Refusal, Refused
from hydrators.tolerant import extract_facts
from indexer import results_compiler
from indexer.answers_nodes import brief_row, nodes_of_file, resolve_node, vanished
from indexer.finding import find_expandable
from indexer.methods import DiagnosticsParams, NodeParams
from indexer.protocol import ErrorCode, RpcError
from indexer.semantic import Hindrance, answering, hindrance, needed_hydration
from indexer.service import Call, Handle, freshness
from store import queries
from store.database import Database
from store.diagnostics import DiagnosticsState, SeenDiagnostic, diagnostics_state, recent_diagnostics
from store.hydration import hydrated_by, hydration_counts
from store.model import FileStat, NodeKind, ReferenceKind
from store.nodes import NodeBrief, brief_of, signature_of

EXPANSION_MAX_BYTES = 400_000
_PARSE_S = 2.0
_UNKNOWN_STAT = FileStat(0, 0, 0, 0)


async def list_diagnostics(call: Call, params: DiagnosticsParams) -> results_compiler.DiagnosticList:
    seat, workspace = await call.service.open_workspace(params)
    what = hindrance(call.service, seat, workspace)
    node_id = path = None
    if params.file is not None:
        path, _ = await nodes_of_file(seat, workspace, params.file, params.cwd)
    elif params.node is not None:
        node_id = await resolve_node(seat, workspace, params.node, params.cwd)
        found = await workspace.read(queries.get_node, node_id)
        if found is None:
            raise vanished(node_id)
        path = found.file_path
    files = workspace.status().get("counts", {}).get("files", 0)
    known = await workspace.read(_read_known, path, node_id, params.severities, params.limit + 1, what, files)
    if path is not None and known.state in ("pending", "unknown") and workspace.hydration is not None:
        workspace.hydration.ask_first(path)
    return {
        "diagnostics": [_row(one) for one in known.diagnostics[: params.limit]],
        "truncated": len(known.diagnostics) > params.limit,
        "state": "off" if what.is_off else known.state,
        "reason": known.reason or what.reason,
        "do": what.do,
        "files_pending": known.files_pending,
        "files_left_alone": known.files_left_alone,
        **freshness(seat, workspace),
    }


class _Known(NamedTuple):
    diagnostics: list[SeenDiagnostic]
    state: DiagnosticsState
    reason: str
    files_pending: int
    files_left_alone: int


def _read_known(
    db: Database,
    path: str | None,
    node_id: str | None,
    severities: Collection[str] | None,
    limit: int,
    what: Hindrance,
    files: int,
) -> _Known:
    """`files` is how many there are in all."""
    found = recent_diagnostics(
        db, path=None if node_id else path, node_id=node_id, severities=severities, limit=limit
    )
    if path is not None:
        state, reason = diagnostics_state(db, path)
        return _Known(found, state, reason, int(state in ("pending", "unknown")), int(state == "left alone"))
    counts = hydration_counts(db)
    if hydrated_by(db) is None:
        return _Known(found, "unknown", "", files, 0)
    is_whole = not counts.pending_files and not what.reason
    return _Known(
        found, "known" if is_whole else "pending", "", counts.pending_files, counts.left_alone_files
    )


def _row(seen: SeenDiagnostic) -> results_compiler.DiagnosticRow:
    one = seen.diagnostic
    return {
        "file": seen.path,
        "node_id": one.node_id,
        "severity": one.severity,
        "code": one.code,
        "message": one.message,
        "start_line": one.start_line,
        "start_column": one.start_column,
        "end_line": one.end_line,
        "end_column": one.end_column,
        "source": one.source,
        "hash": seen.hash,
        "is_current": seen.is_current,
        "clock": seen.clock,
    }


class _MacroCall(NamedTuple):
    brief: NodeBrief
    macro: str
    at: Position
    hash: str  # of the file's text


async def expand(call: Call, params: NodeParams) -> results_compiler.Expansion:
    seat, workspace = await call.service.open_workspace(params)
    node_id = await resolve_node(seat, workspace, params.node, params.cwd, find_expandable)
    hydration = needed_hydration(call.service, seat, workspace)
    found = await workspace.read(_read_macro_call, node_id)
    if found is None:
        raise vanished(node_id)
    path = found.brief.file_path

    async def ask(compiler: Compiler) -> tuple[str, str] | None:
        if await compiler.sync({path: found.hash}, ()):  # the place is one of the text with this hash
            raise Refused(Refusal.MOVED_ON, f"{path} is being edited: ask again")
        return await compiler.expand_macro(path, found.at)

    async with answering(workspace):
        expanded = await hydration.overlays.ask_disk(call.connection, ask)
    text, reason = "", ""
    if expanded is not None:
        text = expanded[1]
    else:
        reason = await workspace.read(_why_unexpanded, path, found.at.line + 1)
    return {
        "node": brief_row(found.brief),
        "text": shortened(text),
        "interfaces": interfaces_in(text),
        "macro_expansion_notes": {
            "macro": found.macro,
            "is_truncated": shortened(text) != text,
            "reason": reason,
        },
        **freshness(seat, workspace),
    }


def _why_unexpanded(db: Database, path: str, line: int) -> str:
    for seen in recent_diagnostics(db, path=path, severities=("hint", "information"), limit=1_000):
        one = seen.diagnostic
        if one.code == "unlinked-file" or (
            one.code == "inactive-code" and one.start_line <= line <= one.end_line
        ):
            return one.message.partition(". ")[0]
    return "rust-analyzer knows no such macro here"


def shortened(text: str) -> str:
    """At most EXPANSION_MAX_BYTES of it, in whole lines."""
    data = text.encode()
    if len(data) <= EXPANSION_MAX_BYTES:
        return text
    return data[: data.rfind(b"\n", 0, EXPANSION_MAX_BYTES) + 1 or EXPANSION_MAX_BYTES].decode(
        errors="ignore"
    )


def _read_macro_call(db: Database, node_id: str) -> _MacroCall | None:
    """The call that a node is, or that it is written in. Raises RpcError NOT_FOUND if it is none."""
    asked = found = queries.get_node(db, node_id)
    while found is not None and found.facts.kind != NodeKind.MACRO_CALL:
        parent_id = found.facts.parent_id
        found = queries.get_node(db, parent_id) if parent_id else None
    if asked is None:
        return None
    if found is None:
        raise RpcError(
            ErrorCode.NOT_FOUND,
            f"{asked.facts.qualified_name} is a {asked.facts.kind}, and not in a macro call",
            "isg nodes --kind macro_call lists what can be expanded",
        )
    file = queries.load_file_facts(db, found.file_path)
    if file is None:
        return None
    calls = [
        one
        for one in file.references.get(found.facts.id, ())
        if one.kind == ReferenceKind.MACRO_CALL and one.name == found.facts.name.rpartition("::")[2]
    ]
    if not calls:
        return None
    first = calls[0]
    at = found.span.start_byte + first.end_byte - len(first.name.encode())
    brief = brief_of(found.file_path, found.facts)
    return _MacroCall(brief, first.path_text, Lines(file.text).position(at), file.record.hash)


def interfaces_in(text: str) -> list[results_compiler.InterfaceRow]:
    """The items of an expansion."""
    facts = extract_facts("expansion.rs", text.encode(), _UNKNOWN_STAT, time_limit_s=_PARSE_S)
    return [
        {
            "kind": "macro_interface",
            "item_kind": str(node.kind),
            "name": node.name,
            "qualified_name": node.qualified_name,
            "visibility": node.visibility,
            "signature": signature_of(node),
            "start_line": span.start_line,
            "end_line": span.end_line,
        }
        for node, span in zip(facts.nodes, facts.spans, strict=True)
    ]


HYDRATION_ANSWERS: dict[str, Handle] = {
    "diagnostics.recent": list_diagnostics,
    "nodes.expand": expand,
}
