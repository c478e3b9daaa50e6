"""What the daemon and its workspaces are doing, for people: once or live.

Loads neither typer nor pydantic: plain `isg status` has to answer at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.cli import output
from indexer.cli.asking import daemon, where
from indexer.cli.rows import BUSY_STATES, STATE_STYLES, Phases, count_findings, describe_meaning

if TYPE_CHECKING:
    from rich.console import RenderableType

WATCH_S = 0.5
SKIPPED_SHOWN = 5


class WaitFor(NamedTuple):
    """Until which stage everything has to be in, and how long that may take."""

    stage: str
    timeout_s: float


def show_status(
    *,
    workspace: str | None = None,
    watch: bool = False,
    wait: WaitFor | None = None,
    skipped_shown: int = SKIPPED_SHOWN,
    json: bool = False,
) -> None:
    """Prints the status once, or live until Ctrl-C; with `wait` after everything saved is in."""
    output.use_json(json)
    params = where(workspace)
    with daemon() as client:
        if wait is not None:
            for row in client.call("status", params)["workspaces"]:
                asked = {"workspace": row["id"], "stage": wait.stage, "timeout_s": wait.timeout_s}
                client.call("wait", asked, wait.timeout_s + 5)
        if watch:
            _watch(client, params, json)
            return
        answer = client.call("status", {**params, "health": True})
    if json:
        output.print_json(answer)
        return
    output.show(*_render(answer, skipped_shown, Phases()))
    if not answer["workspaces"]:
        output.note("no workspaces yet\nnext: isg add PATH")


def _watch(client: Any, params: dict[str, Any], json: bool) -> None:
    try:
        if json:  # one document a line, for as long as someone reads
            while True:
                output.print_json(client.call("status", params))
                time.sleep(WATCH_S)
        from rich.console import Group
        from rich.live import Live

        phases = Phases()
        with Live(console=output.console(), auto_refresh=False, transient=False) as live:
            while True:
                live.update(
                    Group(*_render(client.call("status", params), SKIPPED_SHOWN, phases)), refresh=True
                )
                time.sleep(WATCH_S)
    except KeyboardInterrupt:
        return


def _render(answer: dict[str, Any], skipped_shown: int, phases: Phases) -> list[RenderableType]:
    said = answer["daemon"]
    parts: list[RenderableType] = [
        output.paint(
            f"daemon {said['version']}  pid {said['pid']}  up {output.duration(said['uptime_s'])}  "
            f"{output.size(said['rss_bytes'])} memory",
            "dim",
        )
    ]
    for pulse in said["health"]:
        if not pulse["ok"]:
            parts.append(output.paint(f"  ! {pulse['name']}: {pulse['detail']}", "yellow"))
    if (held := said["llama"]["held_back"]) or said["llama"]["paused"]:
        parts.append(output.paint(f"  ! no summaries and vectors for now: {held or 'paused'}", "dim"))
    for warning in said["warnings"]:
        parts.append(output.paint(f"  ! {warning}", "yellow"))
    for row in answer["workspaces"]:
        parts += _render_workspace(row, skipped_shown, phases.describe(row))
    return parts


def _describe_compiler(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What rust-analyzer does in a workspace, what it found, and what it needs."""
    said = row.get("hydration")
    if said is None:
        missing = row["hydration_missing"]
        reason = "not trusted" if not row["trusted"] else missing["reason"]
        return [("compiler", f"not asked: {reason} ({missing['do']})")]
    words = [said["version"] or "rust-analyzer", said["state"]]
    state = " ".join(words) + (f" ({said['progress']})" if said["progress"] else "")
    if known := said.get("hydrated_files"):
        state += f", {output.plural(known, 'file')} done"
    if pending := said["files"]["pending"]:
        state += f", {pending:,} to go"
    if alone := said.get("left_alone_files"):
        state += f", {alone:,} left alone"
    if said["rss_bytes"]:
        state += f", {output.size(said['rss_bytes'])} memory"
    described = [("compiler", state)]
    if said["reason"] and not any(said["reason"] in warning for warning in row.get("warnings", ())):
        described.append(("", said["reason"] + (f" → {said['cure']}" if said["cure"] else "")))
    if said["quarantined"]:
        files = ", ".join(said["quarantined"])
        described.append(("", f"left alone until they change, for it died over them: {files}"))
    described.append(("findings", count_findings(said.get("diagnostics") or {})))
    return described


def _render_workspace(row: dict[str, Any], skipped_shown: int, phase: str) -> list[RenderableType]:
    head = output.paint(f"\n{row['id']}  ", "bold")
    head.append(row["state"], style=STATE_STYLES.get(row["state"], ""))
    busy = row["state"] in BUSY_STATES
    progress = row.get("progress") or {}
    if busy and phase != row["state"]:
        head.append(f"  {phase}")
        if total := progress.get("total"):
            head.append(f": {progress.get('done', 0):,} of {total:,} files")
    if row["trusted"]:
        head.append("  trusted", style="dim")
    rows: list[tuple[str, str]] = [("root", row["root"])]
    if row["reason"]:
        rows.append(("reason", row["reason"]))
    counts = row.get("counts") or {}
    if any(counts.values()) or (counts and not busy):
        rows.append(("holds", ", ".join(f"{number:,} {name}" for name, number in counts.items())))
    pending = {name: n for name, n in (row.get("pending") or {}).items() if n}
    if "pending" in row:
        none = "the whole tree" if busy else "nothing"
        rows.append(("pending", ", ".join(f"{n:,} {name}" for name, n in pending.items()) or none))
    if row.get("clock") or ("clock" in row and not busy):
        age = row.get("last_commit_age_s")
        rows.append(
            (
                "clock",
                f"{row['clock']}" + ("" if age is None else f", last commit {output.duration(age)} ago"),
            )
        )
    if row.get("store_bytes"):
        rows.append(("store", output.size(row["store_bytes"])))
    if row.get("hydration") or "hydration_missing" in row:
        rows += _describe_compiler(row)
    if row.get("meaning"):
        rows += describe_meaning(row["meaning"])
    parts: list[RenderableType] = [head, *output.facts(rows, width=8)]
    parts += [output.paint(f"  ! {warning}", "yellow") for warning in row.get("warnings", ())]
    skipped = row.get("skipped") or []
    if skipped:
        parts.append(output.paint(f"  {output.plural(len(skipped), 'file')} skipped:", "yellow"))
        parts += [output.paint(f"    {item['path']}: {item['reason']}") for item in skipped[:skipped_shown]]
        if len(skipped) > skipped_shown:
            parts.append(
                output.paint(f"    and {len(skipped) - skipped_shown:,} more (isg status --skipped)", "dim")
            )
    return parts
