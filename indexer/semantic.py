"""Whether rust-analyzer can be asked in a workspace, why not and what to do, in the words of answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from hydrators.rust_analyzer import Refusal, Refused, State
from indexer.fleet import Seat
from indexer.hydration import Hydration
from indexer.overlays import OverlayBusy, OverlayLapsed
from indexer.protocol import ErrorCode, RpcError
from indexer.served import ServedWorkspace
from indexer.service import Service

ANSWER_S = 60.0  # rust-analyzer may have to be started first
_USELESS = frozenset({State.ABSENT, State.BROKEN})


class Hindrance(NamedTuple):
    """Why rust-analyzer is not asked, or has no answer; `is_off`: it is not even tried. Both texts are "" if
    nothing is in the way."""

    reason: str
    do: str
    is_off: bool


def hindrance(service: Service, seat: Seat, workspace: ServedWorkspace) -> Hindrance:
    """What is in the way of asking rust-analyzer in this workspace."""
    if not seat.entry.trusted:
        reason = f"{seat.entry.id} is not trusted, so rust-analyzer does not run in it"
        return Hindrance(reason, f"isg add --trust {seat.entry.root}", True)
    if service.settings.rust_analyzer == "off":
        reason = "rust-analyzer is switched off by the setting rust_analyzer"
        return Hindrance(reason, "isg config show tells where that is set", True)
    if workspace.hydration is None:
        return Hindrance("rust-analyzer is about to be asked", "if that stays so: isg logs", False)
    state = workspace.hydration.compiler.state
    if state.state in _USELESS:
        return Hindrance(f"rust-analyzer is {state.state}: {state.reason}", state.cure, False)
    return Hindrance("", "", False)


def needed_hydration(service: Service, seat: Seat, workspace: ServedWorkspace) -> Hydration:
    """The semantic stage of a workspace. Raises RpcError NOT_READY where there is none, or none that can
    answer."""
    what = hindrance(service, seat, workspace)
    if workspace.hydration is None or what.reason:
        raise RpcError(ErrorCode.NOT_READY, what.reason, what.do)
    return workspace.hydration


@asynccontextmanager
async def answering(workspace: ServedWorkspace) -> AsyncIterator[None]:
    """A question to rust-analyzer that somebody waits for: what may go wrong with it is raised as
    RpcError."""
    try:
        async with asyncio.timeout(ANSWER_S):
            yield
    except Refused as refused:
        raise _refusal(refused) from None
    except OverlayLapsed as error:
        raise lapsed(str(error)) from None
    except OverlayBusy as busy:
        raise RpcError(ErrorCode.BUSY, str(busy), "ask again when they are closed") from None
    except TimeoutError:
        said = {} if workspace.hydration is None else workspace.hydration.status()
        doing = said.get("progress") or said.get("state") or "not running"
        raise RpcError(
            ErrorCode.TIMEOUT,
            f"rust-analyzer has not answered within {ANSWER_S:g} s ({doing})",
            "ask again; isg status shows how it fares",
        ) from None


def lapsed(message: str) -> RpcError:
    """A connection's buffers are open no more."""
    return RpcError(ErrorCode.CONFLICT, message, "open them again: overlay.open_buffer")


def _refusal(refused: Refused) -> RpcError:
    """A refusal of the process that speaks with rust-analyzer, as clients see it."""
    message = str(refused)
    if refused.kind == Refusal.REFUSED:
        return RpcError(ErrorCode.INVALID_PARAMS, message, "rust-analyzer is not shown such a text")
    if refused.kind == Refusal.TIMED_OUT:
        return RpcError(ErrorCode.TIMEOUT, message, "ask again")
    if refused.kind == Refusal.FAILED:
        return RpcError(
            ErrorCode.NOT_FOUND, f"rust-analyzer: {message}", "check the file and the place in it"
        )
    return RpcError(ErrorCode.NOT_READY, message, "ask again; isg status shows how rust-analyzer fares")
