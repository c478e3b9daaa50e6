"""A first index of a workspace, made by a process of its own: started, listened to, and ended with us."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

_ERROR_TAIL_BYTES = 4_000


class FirstIndexFailed(RuntimeError):
    """The process ended without an index; the message holds what it said."""


async def build_index(root: Path, store: Path, report: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Index `root` into `store` and return the outcome (see `indexer.oneshot.Outcome`).

    Cancelled, it ends the process and its workers. Raises FirstIndexFailed.
    """
    store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # a workspace must not be able to shadow our modules
        "-m",
        "indexer.oneshot",
        os.fspath(root),
        os.fspath(store),
        stdin=asyncio.subprocess.PIPE,  # held open: the process ends itself when we do
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=store.parent,
        start_new_session=True,  # its worker processes end with it
    )
    assert process.stdout is not None and process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    outcome: dict[str, Any] | None = None
    problem = ""
    try:
        async for line in process.stdout:
            message = json.loads(line)
            if "phase" in message:
                report(message["phase"], message["done"], message["total"])
            outcome = message.get("outcome", outcome)
            problem = message.get("error", problem)
        code = await process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        tail = (await errors)[-_ERROR_TAIL_BYTES:].decode("utf-8", "replace").strip()
    if outcome is None:
        raise FirstIndexFailed(problem or tail or f"the indexing process ended with code {code}")
    return outcome
