"""Answers about what nodes mean: search by what they do, their lines, and the queue that makes both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from hydrators.llama.model import Refused
from indexer import results_meaning, results_stages
from indexer.answers_nodes import folders_in, node_rows, nodes_of_file, resolve_node, summary_row
from indexer.methods import NoParams, SearchParams, SummariesParams
from indexer.protocol import ErrorCode, RpcError
from indexer.served import ServedWorkspace
from indexer.service import Call, Handle, Service, freshness
from store import meaning, queries, vectors
from store.database import Database
from store.vectors import Filters, Nearest


async def search(call: Call, params: SearchParams) -> results_meaning.SearchAnswer:
    seat, workspace = await call.service.open_workspace(params)
    if call.service.llama.is_off:
        raise _nothing_yet(call.service, "")
    exclude: frozenset[str] = frozenset()
    model: str | None = None
    if params.node is not None:
        node_id = await resolve_node(seat, workspace, params.node, params.cwd)
        known = await workspace.read(vectors.vector_of_node, node_id)
        if known is None:
            raise _nothing_yet(call.service, f"{node_id} has no vector yet")
        model, query = known
        exclude = frozenset([node_id])
    else:
        assert params.text is not None
        model, query = await _embed(call.service, workspace, params.text)
    filters = Filters(
        kinds=frozenset(params.kinds or ()),
        crates=frozenset(params.crates or ()),
        exclude=exclude,
        tests=None if params.classification is None else params.classification == "TEST_IMPLEMENTATION",
    )

    def look(db: Database) -> Nearest:
        for under in folders_in(seat, params.under, params.cwd):  # the first reading that holds something
            found = vectors.ann_top_k(db, query, params.limit, filters._replace(under=under), model_id=model)
            if found.neighbours:
                break
        return found

    try:
        nearest = await workspace.read(look)
    except LookupError:
        raise _nothing_yet(call.service, "there are no vectors yet") from None
    found = await _rows(workspace, nearest)
    counts = workspace.meaning.status() if workspace.meaning is not None else {}
    return {
        "found": found,
        "model": nearest.model_id,
        "is_old": nearest.is_old,
        "method": nearest.method,
        "vectors_missing": int(counts.get("missing_vectors", 0)),
        **freshness(seat, workspace),
    }


async def _embed(service: Service, workspace: ServedWorkspace, text: str) -> tuple[str, bytes]:
    """(model, vector) of a text, by the model whose vectors answer, or else by the one that is filled in."""
    serving = await workspace.read(vectors.serving_model)
    wanted = service.llama.state.model_id
    for model in dict.fromkeys([serving.model_id if serving is not None else wanted, wanted]):
        try:
            return model, await service.llama.embed_query(text, model)
        except LookupError:
            continue
        except Refused as refused:
            raise _nothing_yet(service, str(refused)) from None
    raise _nothing_yet(service, "no model is here whose vectors the store has")


def _nothing_yet(service: Service, reason: str) -> RpcError:
    wanted = service.llama.embedding
    return RpcError(
        ErrorCode.NOT_READY,
        wanted.reason or reason,
        wanted.do or "isg status --wait --stage embedded",
    )


async def _rows(workspace: ServedWorkspace, nearest: Nearest) -> list[results_meaning.FoundRow]:
    def read(db: Database) -> list[results_meaning.FoundRow]:
        ids = [one.id for one in nearest.neighbours]
        lines = meaning.get_meanings(db, ids)
        nodes = [(one, queries.get_node(db, one.id)) for one in nearest.neighbours]
        there = [(one, node) for one, node in nodes if node is not None]
        rows = node_rows(db, [node for _, node in there])
        return [
            {"node": row, "summary": summary_row(lines.get(one.id)), "similarity": round(one.similarity, 4)}
            for (one, _), row in zip(there, rows, strict=True)
        ]

    return await workspace.read(read)


async def list_summaries(call: Call, params: SummariesParams) -> results_meaning.SummaryList:
    seat, workspace = await call.service.open_workspace(params)
    only: str | None = None
    if params.node is not None:
        only = await resolve_node(seat, workspace, params.node, params.cwd)
        found = await workspace.read(queries.get_node, only)
        paths = [] if found is None else [found.file_path]
    elif params.file is not None:
        path, _ = await nodes_of_file(seat, workspace, params.file, params.cwd)
        paths = [path]
    else:
        files = await workspace.read(queries.list_files, state="indexed")
        paths = sorted(file.path for file in files if file.path > (params.after or ""))
    rows, after = await workspace.read(_read_summaries, paths, only, params.limit)
    return {
        "summaries": rows,
        "after": after,
        "files_pending": await workspace.read(meaning.pending_meaning_count),
        **freshness(seat, workspace),
    }


def _read_summaries(
    db: Database, paths: Sequence[str], only: str | None, limit: int
) -> tuple[list[results_meaning.NodeSummaryRow], str | None]:
    """Of whole files, in their order; and the last of them if there are more."""
    rows: list[results_meaning.NodeSummaryRow] = []
    for path in paths:
        lines = meaning.known_meanings(db, path)
        if not lines:
            continue
        for facts, _ in queries.list_nodes_by_file(db, path):
            line = summary_row(lines.get(facts.id))
            if line is not None and only in (None, facts.id):
                kind = str(facts.kind)
                name = facts.qualified_name
                rows.append({"id": facts.id, "kind": kind, "qualified_name": name, "file": path, **line})
        if len(rows) >= limit and path != paths[-1]:
            return rows, path
    return rows, None


async def queue_status(call: Call, params: NoParams) -> results_meaning.QueueStatus:
    return _queue(call.service)


async def pause_queue(call: Call, params: NoParams) -> results_meaning.QueueStatus:
    call.service.llama.pause()
    return _queue(call.service)


async def resume_queue(call: Call, params: NoParams) -> results_meaning.QueueStatus:
    call.service.llama.resume()
    return _queue(call.service)


def _queue(service: Service) -> results_meaning.QueueStatus:
    seats = [seat for seat in service.fleet.seats() if seat.workspace is not None]
    return {
        "llama": cast(results_stages.LlamaStatus, service.llama.status()),
        "workspaces": {
            seat.entry.id: cast(results_stages.MeaningStatus, seat.workspace.meaning.status())
            for seat in seats
            if seat.workspace is not None and seat.workspace.meaning is not None
        },
    }


MEANING_ANSWERS: dict[str, Handle] = {
    "search": search,
    "nodes.summaries": list_summaries,
    "queue.status": queue_status,
    "queue.pause": pause_queue,
    "queue.resume": resume_queue,
}
