"""What every answer can reach: the fleet, the measurements, the clock of the process, the way to stop it.

Also turns a request into a call: finds the method, validates its parameters, maps the store's errors.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from indexer.config import Settings
from indexer.fleet import Fleet, Seat
from indexer.health import Ping
from indexer.llama import SharedLlama
from indexer.methods import METHODS, Params, Where
from indexer.metrics import Metrics
from indexer.paths import Paths
from indexer.protocol import ErrorCode, RpcError
from indexer.results import Freshness
from indexer.rpc_server import Connection
from indexer.served import NotReady, ServedWorkspace
from store.database import StoreError


@dataclass(slots=True)
class Service:
    """The daemon as its methods see it. `stop` is set to end the process."""

    fleet: Fleet
    llama: SharedLlama
    paths: Paths
    settings: Settings
    metrics: Metrics
    stop: asyncio.Event
    pings: list[Ping] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    connection_count: Callable[[], int] = lambda: 0
    started: float = field(default_factory=time.monotonic)
    pid: int = field(default_factory=os.getpid)

    async def models_changed(self) -> None:
        """Models have come or gone on disk."""
        await self.llama.look_for_models()

    async def open_workspace(self, where: Where) -> tuple[Seat, ServedWorkspace]:
        """The workspace that the request means, open. Raises RpcError."""
        seat = self.fleet.find(where.workspace, where.cwd)
        return seat, await self.fleet.opened(seat)


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way: the service, and the connection that it came over."""

    service: Service
    connection: Connection


Handle = Callable[[Call, Any], Awaitable[Any]]


def freshness(seat: Seat, workspace: ServedWorkspace) -> Freshness:
    """The members that every answer about a workspace carries."""
    said = workspace.freshness()
    return {
        "workspace": seat.entry.id,
        "clock": int(said.get("clock", 0)),
        "fresh_instance": bool(said.get("fresh_instance", False)),
        "pending": dict(said.get("pending", {})),
        "warnings": list(said.get("warnings", [])),
    }


def answer_with(
    service: Service, handles: dict[str, Handle]
) -> Callable[[Connection, str, Any], Awaitable[Any]]:
    """The function that a server calls for each request."""

    async def answer(connection: Connection, name: str, raw: Any) -> Any:
        method = METHODS.get(name)
        if method is None:
            raise _no_method(name)
        params = _validate(name, method.params, raw)
        try:
            return await handles[name](Call(service, connection), params)
        except NotReady as error:
            raise RpcError(ErrorCode.NOT_READY, str(error), "isg status --wait waits for it") from error
        except StoreError as error:
            raise RpcError(ErrorCode.STORE, str(error), "isg status shows the state of the store") from error
        except TimeoutError as error:
            raise RpcError(
                ErrorCode.TIMEOUT, str(error) or f"{name} took too long", "ask again later"
            ) from error

    return answer


def _validate(name: str, type_: type[Params], raw: Any) -> Params:
    if isinstance(raw, list):
        raise RpcError(ErrorCode.INVALID_PARAMS, "parameters are named, not positional", 'send "params":{…}')
    try:
        return type_.model_validate({} if raw is None else raw)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, problem['loc'])) or 'params'}: {problem['msg'].lower()}"
            for problem in error.errors(include_url=False, include_context=False, include_input=False)[:5]
        ]
        allowed = ", ".join(type_.model_fields) or "none"
        raise RpcError(
            ErrorCode.INVALID_PARAMS,
            f"{name}: {'; '.join(problems)}",
            f"its parameters are: {allowed}; rpc.discover describes them",
        ) from None


def _no_method(name: str) -> RpcError:
    import difflib

    near = difflib.get_close_matches(name[:100], METHODS, 1)
    do = f"did you mean {near[0]}?" if near else "rpc.discover lists the methods"
    return RpcError(ErrorCode.METHOD_NOT_FOUND, f"there is no method {name[:100]!r}", do)
