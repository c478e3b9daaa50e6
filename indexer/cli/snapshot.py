"""isg snapshot export, import, backup: a whole index as a file."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, where
from indexer.cli.options import JsonOption, WorkspaceOption

TIMEOUT_S = 3600.0
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]

group = typer.Typer(
    name="snapshot", help="Save and load a whole index.", no_args_is_help=True, pretty_exceptions_enable=False
)


@group.command("export")
def export(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Where to write the JSON; `-` for standard output.")
    ],
    force: ForceOption = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Write the index as JSON: for other tools, or to load it elsewhere."""
    output.use_json(json)
    if file == "-":
        with tempfile.TemporaryDirectory(prefix="isg-") as place:
            target = os.path.join(place, "snapshot.json")
            ask("snapshot.export", TIMEOUT_S, path=target, **where(workspace))
            with open(target, "rb") as written:
                shutil.copyfileobj(written, sys.stdout.buffer)
        return
    _report(
        ask("snapshot.export", TIMEOUT_S, path=_absolute(file), overwrite=force, **where(workspace)), json
    )


@group.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file made by `isg snapshot export`.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Replace the index by an exported one. What differs from your files is then read anew."""
    output.use_json(json)
    answer = ask("snapshot.import", TIMEOUT_S, path=_absolute(str(file)), **where(workspace))
    if json:
        output.print_json(answer)
    else:
        output.note(f"{answer['workspace']} now has the index of {answer['path']}\nnext: isg status --wait")


@group.command("backup")
def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write the copy.")],
    force: ForceOption = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Copy the store as it is, in the database's own format."""
    output.use_json(json)
    _report(
        ask("snapshot.backup", TIMEOUT_S, path=_absolute(file), overwrite=force, **where(workspace)), json
    )


def _report(answer: dict[str, Any], json: bool) -> None:
    if json:
        output.print_json(answer)
    else:
        output.note(f"wrote {answer['path']} ({output.size(answer['size_bytes'])}, clock {answer['clock']})")


def _absolute(file: str) -> str:
    return os.path.abspath(os.path.expanduser(file))


def register(app: typer.Typer) -> None:
    app.add_typer(group, rich_help_panel="Maintenance")
