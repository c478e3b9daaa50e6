"""Progress for people while a workspace is read: a live bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any

from indexer.cli import output
from indexer.cli.exits import Exit, Refusal
from indexer.cli.rows import BUSY_STATES, Phases, unresolved
from indexer.rpc_client import Client

POLL_S = 0.1
BEGIN_S = 3.0
SAY_EVERY_S = 5.0  # where there is no terminal to redraw


def follow_until_ready(
    client: Client, workspace: str, *, quiet: bool, timeout_s: float | None = None, unlike: str | None = None
) -> dict[str, Any]:
    """Polls until the workspace has caught up, showing how far it is; its last status.

    `unlike` is the instance of an index that is about to be replaced: for a moment its workspace still says
    that it is ready. Raises Refusal TIMEOUT, and NOT_READY when it cannot be opened. Ctrl-C stops the
    watching only.
    """
    started = time.monotonic()
    phases = Phases()
    bar = None if quiet or not sys.stderr.isatty() else _Bar()
    said = started
    begun = unlike is None
    try:
        while True:
            status: dict[str, Any] = client.call("status", {"workspace": workspace})["workspaces"][0]
            waiting = unresolved(status)
            if status["state"] == "failed":
                raise Refusal(
                    f"{workspace} could not be opened: {status['reason']}",
                    "isg logs shows more",
                    Exit.NOT_READY,
                )
            busy = status["state"] in BUSY_STATES
            begun = begun or busy or status.get("instance") != unlike
            begun = begun or time.monotonic() - started > BEGIN_S
            if begun and not busy and (not waiting or status["state"] == "paused"):
                break
            if timeout_s is not None and time.monotonic() - started > timeout_s:
                raise Refusal(
                    f"{workspace} has not caught up within {output.duration(timeout_s)}",
                    "it goes on by itself: isg status --watch",
                    Exit.TIMEOUT,
                )
            phase = phases.describe(status)
            if bar is not None:
                bar.update(phase, status)
            elif not quiet and time.monotonic() - said > SAY_EVERY_S:
                said = time.monotonic()
                progress = status.get("progress") or {}
                total = progress.get("total", 0)
                output.note(f"{phase}: {progress.get('done', 0):,} of {total:,} files" if total else phase)
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        output.note("indexing goes on in the background: isg status --watch")
        raise SystemExit(int(Exit.OK)) from None
    finally:
        if bar is not None:
            bar.close()
    counts = status.get("counts", {})
    if not quiet and not counts.get("files"):
        output.note(
            f"{status['state']}: there is no Rust file below {status['root']} yet, or git ignores all"
        )
    elif not quiet:
        took = output.duration(time.monotonic() - started)
        output.note(
            f"{status['state']}: {output.plural(counts.get('files', 0), 'file')}, "
            f"{output.plural(counts.get('nodes', 0), 'node')}, "
            f"{output.plural(counts.get('edges', 0), 'edge')} (waited {took})"
        )
    return status


class _Bar:
    """One live line: what is going on, how far, how long."""

    def __init__(self) -> None:
        self._progress = output.progress_bar("files")
        self._task = self._progress.add_task("opening", total=None)
        self._progress.start()

    def update(self, phase: str, status: dict[str, Any]) -> None:
        progress = status.get("progress") or {}
        total = progress.get("total") or None
        self._progress.update(self._task, description=phase, completed=progress.get("done", 0), total=total)

    def close(self) -> None:
        self._progress.stop()
