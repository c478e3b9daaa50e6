"""isg changes: what was committed to the index, and what is being committed."""

from __future__ import annotations

import json as json_format
import sys
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import daemon, where
from indexer.cli.options import JsonOption, WorkspaceOption

NAMES_SHOWN = 6
RECENT_SHOWN = 30


def changes(
    since: Annotated[
        int | None,
        typer.Option("--since", min=0, metavar="CLOCK", help="After this clock. Default: the last commits."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on as changes are committed, until Ctrl-C.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=10_000, help="About so many rows.")
    ] = 1000,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show which interfaces were added, changed and removed."""
    output.use_json(json)
    params: dict[str, Any] = where(workspace)
    with daemon() as client:
        if follow:  # before the question: nothing may fall between the two
            client.call("subscribe", params)
        asked = {**params, "limit": limit} if since is None else {**params, "limit": limit, "since": since}
        answer = client.call("changes.since", asked)
        if json:
            output.print_json(answer)
        else:
            _show(answer, since)
        if follow:
            _follow(client, answer["next_clock"], json)


def _show(answer: dict[str, Any], since: int | None) -> None:
    if answer["fresh_instance"] and since is not None:
        output.note(f"the log does not reach back to clock {since}: everything may have changed")
    rows = answer["changes"]
    if since is None and len(rows) > RECENT_SHOWN:
        rows = rows[-RECENT_SHOWN:]
        output.note(f"the last {RECENT_SHOWN}; isg changes --since CLOCK shows more")
    output.show(*(_line(row) for row in rows))
    if not answer["changes"]:
        output.note("nothing has changed" + ("" if since is None else f" since clock {since}"))
    if answer["more"]:
        output.note(f"there is more: isg changes --since {answer['next_clock']}")
    else:
        output.note(f"the clock is {answer['next_clock']}")


def _follow(client: Any, seen_clock: int, json: bool) -> None:
    try:
        for message in client.notifications():
            params = message["params"]
            if message["method"] == "subscription.ended":
                output.note("the workspace was closed")
                return
            if message["method"] != "commit" or params["clock"] <= seen_clock:
                continue
            if json:
                sys.stdout.write(json_format.dumps(params) + "\n")
                sys.stdout.flush()
                continue
            for change in params["changes"]:
                output.show(_line({"clock": params["clock"], **change}))
    except KeyboardInterrupt:
        return


def _line(row: dict[str, Any]) -> Any:
    line = output.paint(f"{row['clock']:>8}  ", "dim")
    line.append(output.clean(row["path"]), style="bold not dim")
    for names, sign, style in (
        (row["added"], "+", "green"),
        (row["changed"], "~", "yellow"),
        (row["removed"], "-", "red"),
    ):
        for name in names[:NAMES_SHOWN]:
            line.append(f" {sign}{output.clean(_short(name, row['path']))}", style=f"{style} not dim")
        if len(names) > NAMES_SHOWN:
            line.append(f" {sign}{len(names) - NAMES_SHOWN:,} more", style=f"{style} not dim")
    if not (row["added"] or row["changed"] or row["removed"]):
        line.append(" positions or edges only", style="dim")
    return line


def _short(node_id: str, path: str) -> str:
    """An id without the path that the line shows already; ids are never taken apart for more than looks."""
    return node_id.removeprefix(f"{path}-")


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Questions")(changes)
