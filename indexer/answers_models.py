"""Answers about models. What takes long is done by a process of its own (`indexer.models`), which ends when
whoever asked has gone; the daemon itself only looks."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from hydrators.models import local
from indexer import models, results_models
from indexer.methods import ModelParams, NoParams, PlanParams
from indexer.models import ModelError, Trouble
from indexer.protocol import ErrorCode, RpcError
from indexer.service import Call, Handle

_ERROR_TAIL_BYTES = 4_000
_HEARTBEAT_S = 1.0  # progress is told again, for only then a client is missed
_CODES = {
    Trouble.UNKNOWN: ErrorCode.NOT_FOUND,
    Trouble.ABSENT: ErrorCode.NOT_FOUND,
    Trouble.NOT_OURS: ErrorCode.CONFLICT,
    Trouble.DISK: ErrorCode.CONFLICT,
    Trouble.UNFIT: ErrorCode.CONFLICT,
}


async def list_(call: Call, params: NoParams) -> results_models.ModelList:
    return await asyncio.to_thread(models.list_models, _folder(call), call.service.settings)


async def ensure(call: Call, params: ModelParams) -> results_models.ModelEnsured:
    done = cast(results_models.ModelEnsured, await _run(call, "ensure", params.name))
    await call.service.models_changed()
    return done


async def verify(call: Call, params: ModelParams) -> results_models.ModelVerified:
    return cast(results_models.ModelVerified, await _run(call, "verify", params.name))


async def remove(call: Call, params: ModelParams) -> results_models.ModelRemoved:
    try:
        removed = await asyncio.to_thread(models.remove, _folder(call), _place(params.name))
    except ModelError as error:
        raise _refusal(error.kind, str(error), error.do) from None
    await call.service.models_changed()
    return removed


async def plan(call: Call, params: PlanParams) -> results_models.ModelPlan:
    names = [_place(name) for name in params.names or ()]
    try:
        return await asyncio.to_thread(models.plan, _folder(call), call.service.settings, names)
    except ModelError as error:
        raise _refusal(error.kind, str(error), error.do) from None


async def reload(call: Call, params: NoParams) -> results_models.ModelsReloaded:
    await call.service.models_changed()
    return {"reloaded": True}


async def _run(call: Call, command: str, name: str) -> Any:
    """The outcome of `indexer.models`; its progress goes to the client as notifications `models.progress`."""
    name = _place(name)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        *("-m", "indexer.models", command, str(_folder(call)), name),
        stdin=asyncio.subprocess.PIPE,  # held open: the process ends itself when we do
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=_folder(call).parent,
        start_new_session=True,  # whatever it starts ends with it
    )
    assert process.stdout is not None and process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    last: dict[str, Any] = {}
    try:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_HEARTBEAT_S):
                    line = await process.stdout.readline()
                if not line:
                    break
                last = json.loads(line)
            if "phase" in last:
                await call.connection.notify("models.progress", {"model": name, **last})
        code = await process.wait()
    except ConnectionError:
        raise RpcError(
            ErrorCode.NOT_READY, "the client has gone", "ask again: it goes on from there"
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        tail = (await errors)[-_ERROR_TAIL_BYTES:].decode("utf-8", "replace").strip()
    if "outcome" in last:
        return last["outcome"]
    if "trouble" in last:
        raise _refusal(Trouble(last["trouble"]), last["error"], last["do"])
    raise RuntimeError(tail or f"the process for models ended with code {code}")


def _folder(call: Call) -> Path:
    return call.service.paths.models_dir


def _place(name: str) -> str:
    """The name, or the path if it is absolute: what is relative is so to a folder that is not known here."""
    if local.is_path(name) and not name.startswith((os.sep, "~")):
        raise RpcError(ErrorCode.INVALID_PARAMS, f"{name!r} is a relative path", "send an absolute one")
    return name


def _refusal(trouble: Trouble, message: str, do: str) -> RpcError:
    return RpcError(_CODES.get(trouble, ErrorCode.NOT_READY), message, do, trouble=str(trouble))


MODEL_ANSWERS: dict[str, Handle] = {
    "models.list": list_,
    "models.ensure": ensure,
    "models.verify": verify,
    "models.remove": remove,
    "models.plan": plan,
    "models.reload": reload,
}
