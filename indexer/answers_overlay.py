"""Answers about candidate texts: what rust-analyzer says of files as they would be, with nothing written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple, TypeVar

from hydrators.rust_analyzer import Compiler, Outline, Position, ServerDiagnostic, Target
from hydrators.rust_analyzer.findings import external_node
from indexer import results_compiler
from indexer.answers_hydration import shortened
from indexer.answers_nodes import brief_row, paths_in
from indexer.fleet import Seat
from indexer.methods import FileParams, OverlayCloseParams, OverlayOpenParams, OverlayPlaceParams, Where
from indexer.overlays import Overlays
from indexer.protocol import ErrorCode, RpcError
from indexer.semantic import answering, lapsed, needed_hydration
from indexer.served import ServedWorkspace
from indexer.service import Call, Handle, freshness
from store import queries
from store.database import Database
from store.nodes import NodeBrief, brief_of, brief_of_external

T = TypeVar("T")


class _Asked(NamedTuple):
    seat: Seat
    workspace: ServedWorkspace
    overlays: Overlays


async def open_buffer(call: Call, params: OverlayOpenParams) -> results_compiler.OverlayOpened:
    async with _asking(call, params) as asked:
        texts: dict[str, str] = {}
        for file in params.files:
            texts[_path(asked.seat, file.path, params.cwd)] = _utf8(file.text, file.path)
        call.connection.held[asked.seat.entry.id] = asked.overlays
        is_open = await asked.overlays.open(call.connection, texts)
        new = [path for path in is_open if not await asyncio.to_thread((asked.seat.entry.root / path).exists)]
        return {"open": list(is_open), "new": new, **freshness(asked.seat, asked.workspace)}


async def close_buffer(call: Call, params: OverlayCloseParams) -> results_compiler.OverlayClosed:
    async with _asking(call, params) as asked:
        paths = (
            None if params.files is None else [_path(asked.seat, file, params.cwd) for file in params.files]
        )
        closed = await asked.overlays.close(call.connection, paths)
        return {"closed": list(closed), **freshness(asked.seat, asked.workspace)}


async def get_diagnostics(call: Call, params: FileParams) -> results_compiler.OverlayDiagnostics:
    async with _asking(call, params) as asked:
        path = _path(asked.seat, params.file, params.cwd)
        clock = freshness(asked.seat, asked.workspace)["clock"]
        found = await asked.overlays.compare(call.connection, path, clock)
        return {
            "file": path,
            "appeared": [_finding(one, text) for one, text in found.appeared],
            "disappeared": [_finding(one, text) for one, text in found.disappeared],
            "baseline_count": found.baseline_count,
            "candidate_count": found.candidate_count,
            **freshness(asked.seat, asked.workspace),
        }


async def get_document_symbols(call: Call, params: FileParams) -> results_compiler.OverlaySymbols:
    async with _asking(call, params) as asked:
        path = _path(asked.seat, params.file, params.cwd)
        found = await asked.overlays.ask(call.connection, lambda compiler: compiler.symbols(path))
        return {
            "file": path,
            "symbols": [
                {
                    "name": one.name,
                    "kind": one.kind,
                    "detail": one.detail,
                    "container": one.container,
                    "start_line": one.whole.start.line + 1,
                    "end_line": one.whole.end.line + 1,
                    "line": one.name_range.start.line + 1,
                    "column": one.name_range.start.column,
                }
                for one in found
            ],
            **freshness(asked.seat, asked.workspace),
        }


async def hover_signature(call: Call, params: OverlayPlaceParams) -> results_compiler.OverlayHover:
    async with _asking(call, params) as asked:
        found = await _at(call, asked, params, Compiler.hover)
        return {
            "signature": found.signature,
            "reason": found.reason,
            **freshness(asked.seat, asked.workspace),
        }


async def go_to_definition(call: Call, params: OverlayPlaceParams) -> results_compiler.OverlayTargets:
    async with _asking(call, params) as asked:
        found = await _at(call, asked, params, Compiler.definition)
        return {
            "targets": [await _target(asked, target) for target in found],
            **freshness(asked.seat, asked.workspace),
        }


async def expand_macro(call: Call, params: OverlayPlaceParams) -> results_compiler.OverlayExpansion:
    async with _asking(call, params) as asked:
        found = await _at(call, asked, params, Compiler.expand_macro)
        macro, text = found or ("", "")
        return {
            "macro": macro,
            "text": shortened(text),
            "is_truncated": shortened(text) != text,
            **freshness(asked.seat, asked.workspace),
        }


@asynccontextmanager
async def _asking(call: Call, where: Where) -> AsyncIterator[_Asked]:
    """What a question needs, with all that may go wrong on the way as RpcError."""
    seat, workspace = await call.service.open_workspace(where)
    overlays = needed_hydration(call.service, seat, workspace).overlays
    held = call.connection.held.get(seat.entry.id)
    if held is not None and held is not overlays:
        del call.connection.held[seat.entry.id]
        raise lapsed("its buffers went when the workspace was opened anew")
    async with answering(workspace):
        yield _Asked(seat, workspace, overlays)


async def _at(
    call: Call,
    asked: _Asked,
    params: OverlayPlaceParams,
    question: Callable[[Compiler, str, Position], Awaitable[T]],
) -> T:
    path = _path(asked.seat, params.file, params.cwd)
    at = Position(params.line - 1, params.column)
    return await asked.overlays.ask(call.connection, lambda compiler: question(compiler, path, at))


def _path(seat: Seat, file: str, cwd: str | None) -> str:
    """The file that is meant: one that exists or, of a new one, where it would be. Raises RpcError
    NOT_FOUND."""
    named = [] if "\0" in file else paths_in(seat.entry.root, file, cwd)
    paths = [path for path in named if path.endswith(".rs")]
    if not paths:
        raise RpcError(
            ErrorCode.NOT_FOUND,
            f"{file} is not a .rs file inside {seat.entry.root}",
            "name a file of the workspace",
        )
    return next((path for path in paths if (seat.entry.root / path).exists()), paths[0])


def _utf8(text: str, path: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RpcError(
            ErrorCode.INVALID_PARAMS, f"the text for {path} is not Unicode", "send no lone surrogates"
        ) from None
    return text


def _finding(one: ServerDiagnostic, text: str) -> results_compiler.FindingRow:
    start, end = one.range
    return {
        "severity": one.severity,
        "code": one.code,
        "message": one.message,
        "start_line": start.line + 1,
        "start_column": start.column,
        "end_line": end.line + 1,
        "end_column": end.column,
        "source": one.source,
        "text": text,
    }


async def _target(asked: _Asked, target: Target) -> results_compiler.TargetRow:
    if target.external is not None:
        node = brief_row(brief_of_external(external_node(target.external)))
        return {"file": "", "start_line": 0, "end_line": 0, "line": 0, "column": 0, "node": node}
    is_open = target.path in asked.overlays.paths
    brief = None if is_open else await asked.workspace.read(_read_meant, target)
    return {
        "file": target.path,
        "start_line": target.whole.start.line + 1,
        "end_line": target.whole.end.line + 1,
        "line": target.name.start.line + 1,
        "column": target.name.start.column,
        "node": None if brief is None else brief_row(brief),
    }


def _read_meant(db: Database, target: Target) -> NodeBrief | None:
    """The node that a definition is."""
    file = queries.load_file_facts(db, target.path)
    if file is None:
        return None
    meant = Outline(file).meant(target.whole, target.name)
    nodes = {node.id: node for node in file.nodes}
    return None if meant is None else brief_of(target.path, nodes[meant.id])


OVERLAY_ANSWERS: dict[str, Handle] = {
    "overlay.open_buffer": open_buffer,
    "overlay.close_buffer": close_buffer,
    "overlay.get_diagnostics": get_diagnostics,
    "overlay.get_document_symbols": get_document_symbols,
    "overlay.hover_signature": hover_signature,
    "overlay.go_to_definition": go_to_definition,
    "overlay.expand_macro": expand_macro,
}
