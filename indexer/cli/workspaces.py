"""isg add, remove, list, pause, resume, reindex: the workspaces and what is done with them."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, daemon, where
from indexer.cli.exits import Exit, Refusal
from indexer.cli.options import JsonOption, WorkspaceOption
from indexer.cli.progress import follow_until_ready
from indexer.cli.rows import STATE_STYLES

PANEL = "Workspaces"
WaitOption = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Show progress until the index is complete.")
]


class Stage(StrEnum):
    """How far a workspace may be waited for."""

    STRUCTURAL = "structural"
    EDGES = "edges"
    SEMANTIC = "semantic"
    SUMMARISED = "summarised"
    EMBEDDED = "embedded"


def add(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The workspace's root.")] = Path("."),
    trust: Annotated[
        bool | None,
        typer.Option(
            "--trust/--no-trust",
            help="May rust-analyzer run in it? It executes the workspace's build scripts and proc macros."
            " Default: as before, else no.",
            show_default=False,
        ),
    ] = None,
    wait: WaitOption = True,
    json: JsonOption = False,
) -> None:
    """Index a Rust workspace and keep the index fresh from now on."""
    output.use_json(json)
    target = os.path.abspath(path.expanduser())
    with daemon() as client:
        params: dict[str, Any] = {"path": target} if trust is None else {"path": target, "trusted": trust}
        answer = client.call("workspace.add", params, timeout_s=60)
        row = answer["workspace"]
        said = "added" if answer["added"] else "already there:"
        trusted = ", trusted: rust-analyzer runs its build scripts and proc macros" if row["trusted"] else ""
        output.note(f"{said} {row['id']} ({row['root']}{trusted})")
        if wait:
            answer["status"] = follow_until_ready(client, row["id"], quiet=json)
    if json:
        output.print_json(answer)
    else:
        if row["trusted"] and wait:
            output.note("rust-analyzer goes on in the background: isg status --watch")
        output.note("next: isg status, isg nodes FILE, isg show NAME")


def remove(
    workspace: Annotated[
        str | None, typer.Argument(metavar="ID|PATH", help="Default: the one you are in.")
    ] = None,
    keep_store: Annotated[bool, typer.Option("--keep-store", help="Leave its index on disk.")] = False,
    json: JsonOption = False,
) -> None:
    """Forget a workspace and delete its index. Your files stay as they are."""
    output.use_json(json)
    with daemon() as client:
        wanted = where(workspace)
        if workspace is not None:  # a wrong name must not mean the workspace that one happens to be in
            wanted["workspace"] = _root_or_id(workspace, client.call("workspace.list")["workspaces"])
        answer = client.call("workspace.remove", {"keep_store": keep_store, **wanted}, timeout_s=120)
    if json:
        output.print_json(answer)
        return
    gone = " and its index" if answer["store_removed"] else ""
    output.note(f"removed {answer['workspace']}{gone}; {answer['root']} is untouched")


def _root_or_id(asked: str, rows: list[dict[str, Any]]) -> str:
    """The id of the workspace that has this id or root. Raises Refusal NOT_FOUND."""
    root = os.path.realpath(os.path.expanduser(asked))
    for row in rows:
        if asked == row["id"] or root == row["root"]:
            return str(row["id"])
    known = ", ".join(f"{row['id']} ({row['root']})" for row in rows[:10])
    raise Refusal(
        f"no workspace has the id or the root {asked}",
        f"there are: {known}" if known else "there are none",
        Exit.NOT_FOUND,
    )


def list_(json: JsonOption = False) -> None:
    """List the workspaces."""
    output.use_json(json)
    answer = ask("workspace.list")
    if json:
        output.print_json(answer)
        return
    if not answer["workspaces"]:
        output.note("no workspaces yet\nnext: isg add PATH")
        return
    output.show(
        output.table(
            ["ID", "STATE", "TRUSTED", "ROOT"],
            [
                [
                    output.paint(row["id"], "bold"),
                    output.paint(row["state"], STATE_STYLES.get(row["state"], "")),
                    "yes" if row["trusted"] else "no",
                    row["root"],
                ]
                for row in answer["workspaces"]
            ],
        )
    )


def status(
    workspace: Annotated[
        str | None, typer.Argument(metavar="ID|PATH", help="Only this one. Default: all.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and show it live until Ctrl-C.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="First wait until everything saved before now is in the index.")
    ] = False,
    stage: Annotated[
        Stage,
        typer.Option(
            "--stage", help="For --wait: until files are read, edges resolved, or rust-analyzer asked, too."
        ),
    ] = Stage.EDGES,
    timeout_s: Annotated[
        float, typer.Option("--timeout", min=0.1, max=3600, help="For --wait, in seconds.")
    ] = 60.0,
    skipped: Annotated[bool, typer.Option("--skipped", help="List every skipped file.")] = False,
    json: JsonOption = False,
) -> None:
    """Show what the daemon and the workspaces are doing."""
    from indexer.cli.status import SKIPPED_SHOWN, WaitFor, show_status

    show_status(
        workspace=workspace,
        watch=watch,
        wait=WaitFor(stage.value, timeout_s) if wait else None,
        skipped_shown=sys.maxsize if skipped else SKIPPED_SHOWN,
        json=json,
    )


def pause(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Stop following a workspace's changes, until `isg resume`. Questions are still answered."""
    _acknowledge("workspace.pause", workspace, json, "paused {}: its answers grow old until isg resume")


def resume(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Follow a workspace again; what changed in between is caught up."""
    _acknowledge("workspace.resume", workspace, json, "following {} again")


def reindex(workspace: WorkspaceOption = None, wait: WaitOption = True, json: JsonOption = False) -> None:
    """Read every file of a workspace anew, whatever the index says."""
    output.use_json(json)
    with daemon() as client:
        answer = client.call("workspace.reindex", where(workspace), timeout_s=600)
        if wait:
            answer["status"] = follow_until_ready(
                client, answer["workspace"], quiet=json, unlike=answer["instance"]
            )
    if json:
        output.print_json(answer)
    elif not wait:
        output.note(f"reading {answer['workspace']} anew in the background\nnext: isg status --watch")


def _acknowledge(method: str, workspace: str | None, json: bool, message: str) -> None:
    output.use_json(json)
    answer = ask(method, **where(workspace))
    if json:
        output.print_json(answer)
    else:
        output.note(message.format(answer["workspace"]))


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(add)
    app.command(rich_help_panel=PANEL)(remove)
    app.command("list", rich_help_panel=PANEL)(list_)
    for command in (status, pause, resume, reindex):
        app.command(rich_help_panel=PANEL)(command)
