"""isg changes: what was committed to the index, and what is being committed."""

from __future__ import annotations

import json as json_format
import sys
from itertools import groupby
from pathlib import PurePosixPath
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import daemon, where
from indexer.cli.options import JsonOption, WorkspaceOption

NAMES_SHOWN = 6
RECENT_SHOWN = 30
ROWS_ASKED = 1000
_ONLY = "positions or edges only"
LIKE_SHOWN = 3  # rows of one commit that say nothing but that a file was touched


def changes(
    since: Annotated[
        int | None,
        typer.Option("--since", min=0, metavar="CLOCK", help="After this clock. Default: the last commits."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on as changes are committed, until Ctrl-C.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            min=1,
            max=10_000,
            help="About so many rows; a commit is never cut. Default: 1000 after a clock, else the last 30.",
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show which interfaces were added, changed and removed."""
    output.use_json(json)
    params: dict[str, Any] = where(workspace)
    with daemon() as client:
        if follow:  # before the question: nothing may fall between the two
            client.call("subscribe", params)
        asked = {**params, "limit": limit or ROWS_ASKED} | ({} if since is None else {"since": since})
        answer = client.call("changes.since", asked)
        if not json and since is None:
            while answer["more"]:  # the last few commits, however many files they hold
                later = client.call("changes.since", {**asked, "since": answer["next_clock"]})
                answer = {**later, "changes": [*answer["changes"], *later["changes"]]}
        if json:
            output.print_json(answer)
        else:
            _show(answer, since, limit or RECENT_SHOWN)
        if follow:
            _follow(client, answer["next_clock"], json)


def _show(answer: dict[str, Any], since: int | None, recent: int) -> None:
    if answer["fresh_instance"]:
        now = answer["next_clock"]
        if since is not None and since > now:
            why = f"clock {since} is of another index: the clock is {now}"
        else:
            reach = "over the last commits" if since is None else f"to clock {since}"
            why = f"the log does not reach back {reach}"
        output.note(f"{why}; everything may have changed\nnext: isg changes --since {now}, from now on")
        return
    lines = _lines(answer["changes"])
    if since is None and len(lines) > recent:
        lines = lines[-recent:]
        output.note(f"the last {recent}: isg changes -n NUMBER, or --since CLOCK, shows more")
    output.show(*lines)
    if not answer["changes"]:
        output.note("nothing has changed " + ("lately" if since is None else f"since clock {since}"))
    if answer["more"]:
        output.note(f"there is more: isg changes --since {answer['next_clock']}")
    else:
        output.note(f"the clock is {answer['next_clock']}")


def _lines(rows: list[dict[str, Any]]) -> list[Any]:
    """One line for each file; one for all of a commit in which no interface changed, if they are many."""
    lines: list[Any] = []
    for (clock, named), group in groupby(rows, lambda row: (row["clock"], _names_any(row))):
        same = list(group)
        if named or len(same) <= LIKE_SHOWN:
            lines += [_line(row) for row in same]
        else:
            files = output.plural(len(same), "file")
            lines.append(output.paint(f"{clock:>8}  {files}: {_ONLY}", "dim"))
    return lines


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


def _names_any(row: dict[str, Any]) -> bool:
    return bool(row["added"] or row["changed"] or row["removed"])


def _line(row: dict[str, Any]) -> Any:
    line = output.paint(f"{row['clock']:>8}  ", "dim")
    line.append(output.clean(row["path"]), style="bold not dim")
    if not _names_any(row):
        return line.append(f" {_ONLY}", style="dim")
    signs = (("added", "+", "green"), ("changed", "~", "yellow"), ("removed", "-", "red"))
    asked = sum(bool(row[part]) for part, _, _ in signs)
    width = output.columns()
    room = (width - line.cell_len) // asked if width else None
    for part, sign, style in signs:
        names = [output.clean(_short(name, row["path"])) for name in row[part]]
        shown = _fitting(names, room)
        for name in shown:
            line.append(f" {sign}{name}", style=f"{style} not dim")
        if len(names) > len(shown):
            line.append(f" {sign}{len(names) - len(shown):,} more", style=f"{style} not dim")
    return line


def _fitting(names: list[str], room: int | None) -> list[str]:
    """The first few names: at least one, and no more than fit into `room` columns."""
    shown: list[str] = []
    taken = len(f" +{len(names):,} more")
    for name in names[:NAMES_SHOWN]:
        taken += len(name) + 2
        if shown and room is not None and taken > room:
            break
        shown.append(name)
    return shown


def _short(node_id: str, path: str) -> str:
    """An id without the path and file stem that the line shows already; taken apart for looks only."""
    return node_id.removeprefix(f"{path}-{PurePosixPath(path).stem}-")


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Questions")(changes)
