"""Answers about the daemon, its workspaces, waiting and subscriptions.

Each function takes the call and its validated parameters; what it may raise is RpcError.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import aclosing, suppress
from dataclasses import asdict
from typing import Any, cast

from loguru import logger

from indexer import __version__, results
from indexer.answers_graph import GRAPH_ANSWERS
from indexer.answers_hydration import HYDRATION_ANSWERS
from indexer.answers_meaning import MEANING_ANSWERS
from indexer.answers_models import MODEL_ANSWERS
from indexer.answers_nodes import NODE_ANSWERS
from indexer.answers_overlay import OVERLAY_ANSWERS
from indexer.answers_snapshot import SNAPSHOT_ANSWERS
from indexer.fleet import Seat
from indexer.health import take_pulses
from indexer.memory import resident_bytes
from indexer.methods import (
    AddParams,
    NoParams,
    RemoveParams,
    StatusParams,
    UnsubscribeParams,
    WaitParams,
    Where,
    describe_methods,
)
from indexer.protocol import PROTOCOL_VERSION, ErrorCode, RpcError
from indexer.results_stages import LlamaStatus
from indexer.semantic import hindrance
from indexer.served import ServedWorkspace
from indexer.service import Call, Handle, Service, freshness

_subscription_ids = itertools.count(1)


async def ping(call: Call, params: NoParams) -> results.Pong:
    service = call.service
    return {
        "pid": service.pid,
        "version": __version__,
        "protocol": PROTOCOL_VERSION,
        "uptime_s": round(time.monotonic() - service.started, 3),
        "workspaces": len(service.fleet),
    }


async def shutdown(call: Call, params: NoParams) -> results.Stopping:
    logger.info("asked to stop")
    # after this answer has been put on its way, and not before
    asyncio.get_running_loop().call_soon(call.service.stop.set)
    return {"pid": call.service.pid, "stopping": True}


async def status(call: Call, params: StatusParams) -> results.Status:
    service = call.service
    if params.workspace is not None:
        seats = [service.fleet.find(params.workspace, params.cwd)]
    else:
        seats = service.fleet.seats()
    pulses = await take_pulses(service.pings) if params.health else []
    return {
        "daemon": {
            "pid": service.pid,
            "version": __version__,
            "uptime_s": round(time.monotonic() - service.started, 3),
            "rss_bytes": resident_bytes(),
            "connections": service.connection_count(),
            "llama": cast(LlamaStatus, service.llama.status()),
            "warnings": [*service.warnings, *service.llama.warnings()],
            "health": [cast(results.PulseRow, asdict(pulse)) for pulse in pulses],
        },
        "workspaces": [_status_of(service, seat) for seat in seats],
    }


def _status_of(service: Service, seat: Seat) -> results.WorkspaceStatus:
    row = seat.status()
    if seat.workspace is not None and row.get("hydration") is None:
        what = hindrance(service, seat, seat.workspace)
        row["hydration_missing"] = {"reason": what.reason, "do": what.do}
    return row


async def wait(call: Call, params: WaitParams) -> results.Waited:
    seat, workspace = await call.service.open_workspace(params)
    timeout_s = params.timeout_s or call.service.settings.wait_timeout_s
    started = time.monotonic()
    try:
        await workspace.wait(params.stage, timeout_s)
    except TimeoutError:
        pending = ", ".join(
            f"{name} {n}" for name, n in workspace.freshness().get("pending", {}).items() if n
        )
        held = call.service.llama.why_waiting() if params.stage == "embedded" else ""
        raise RpcError(
            ErrorCode.TIMEOUT,
            f"{seat.entry.id} has not caught up within {timeout_s:g} s (pending: {pending or 'a scan'})"
            + (f"; vectors wait: {held}" if held else ""),
            "wait longer (`isg status --wait --timeout SECONDS`), or see `isg status`",
        ) from None
    return {
        "stage": params.stage,
        "waited_s": round(time.monotonic() - started, 4),
        **freshness(seat, workspace),
    }


async def add(call: Call, params: AddParams) -> results.Added:
    seat, added = await call.service.fleet.add(params.path, params.trusted)
    return {"workspace": seat.row(), "added": added}


async def remove(call: Call, params: RemoveParams) -> results.Removed:
    seat = call.service.fleet.find(params.workspace, params.cwd)
    store_removed = await call.service.fleet.remove(seat, keep_store=params.keep_store)
    return {"workspace": seat.entry.id, "root": str(seat.entry.root), "store_removed": store_removed}


async def list_workspaces(call: Call, params: NoParams) -> results.WorkspaceList:
    return {"workspaces": [seat.row() for seat in call.service.fleet.seats()]}


async def pause(call: Call, params: Where) -> results.Acknowledged:
    return await _set_paused(call, params, True)


async def resume(call: Call, params: Where) -> results.Acknowledged:
    return await _set_paused(call, params, False)


async def reindex(call: Call, params: Where) -> results.Acknowledged:
    seat, workspace = await call.service.open_workspace(params)
    before = _acknowledge(seat, workspace)
    await workspace.reindex()
    return {**_acknowledge(seat, workspace), "instance": before["instance"]}


async def subscribe(call: Call, params: Where) -> results.Subscribed:
    seat, workspace = await call.service.open_workspace(params)
    connection = call.connection
    if len(connection.subscriptions) >= 16:
        raise RpcError(
            ErrorCode.BUSY, "this connection has 16 subscriptions already", "unsubscribe from some"
        )
    number = next(_subscription_ids)
    begun = asyncio.Event()

    async def pump() -> None:
        try:
            async with aclosing(cast(Any, workspace.subscribe())) as commits:
                begun.set()
                async for commit in commits:
                    await connection.notify(
                        "commit", {"subscription": number, "workspace": seat.entry.id, **commit}
                    )
        except ConnectionError:
            return
        finally:
            connection.subscriptions.pop(number, None)
        with suppress(ConnectionError):
            await connection.notify(
                "subscription.ended", {"subscription": number, "workspace": seat.entry.id}
            )

    connection.subscriptions[number] = connection.spawn(pump())
    await begun.wait()
    return {"subscription": number, **freshness(seat, workspace)}


async def unsubscribe(call: Call, params: UnsubscribeParams) -> results.Unsubscribed:
    task = call.connection.subscriptions.pop(params.subscription, None)
    if task is not None:
        task.cancel()
    return {"subscription": params.subscription, "was_active": task is not None}


async def metrics(call: Call, params: NoParams) -> results.MetricsAnswer:
    return cast(results.MetricsAnswer, call.service.metrics.snapshot())


async def discover(call: Call, params: NoParams) -> results.OpenRpc:
    return cast(results.OpenRpc, describe_methods())


async def _set_paused(call: Call, params: Where, paused: bool) -> results.Acknowledged:
    seat = call.service.fleet.find(params.workspace, params.cwd)
    await call.service.fleet.set_paused(seat, paused)
    return _acknowledge(seat, await call.service.fleet.opened(seat))


def _acknowledge(seat: Seat, workspace: ServedWorkspace) -> results.Acknowledged:
    said = workspace.status()
    return {
        "state": str(said.get("state", "")),
        "instance": str(said.get("instance", "")),
        **freshness(seat, workspace),
    }


ANSWERS: dict[str, Handle] = {
    "daemon.ping": ping,
    "daemon.shutdown": shutdown,
    "status": status,
    "wait": wait,
    "workspace.add": add,
    "workspace.remove": remove,
    "workspace.list": list_workspaces,
    "workspace.pause": pause,
    "workspace.resume": resume,
    "workspace.reindex": reindex,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "metrics": metrics,
    "rpc.discover": discover,
    **NODE_ANSWERS,
    **HYDRATION_ANSWERS,
    **MEANING_ANSWERS,
    **MODEL_ANSWERS,
    **GRAPH_ANSWERS,
    **OVERLAY_ANSWERS,
    **SNAPSHOT_ANSWERS,
}
