"""The options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
WorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="ID|PATH",
        help="Which workspace. Default: the one you are in, or the only one.",
    ),
]
NodeArgument = Annotated[
    str, typer.Argument(metavar="NODE", help="A name (`new`, `Parser::new`), `file.rs:line`, or an id.")
]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many rows.")]
