"""isg demo: the command of `indexer.demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.cli import output


def demo(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="Your own tree instead of the bundled one; only read.")
    ] = None,
) -> None:
    """See it work: a real workspace, one edit of a scratch copy, and the answer changing."""
    from indexer.demo import run_demo

    output.use_json(False)
    run_demo(workspace)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Maintenance")(demo)
