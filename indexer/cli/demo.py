"""isg demo: see `indexer.demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL = "Daemon"


def demo(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="Your own workspace. Default: one that comes with isg.")
    ] = None,
) -> None:
    """Show the service follow an edit, on a scratch copy of a workspace."""
    from indexer.demo import run_demo

    run_demo(workspace)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(demo)
