"""The command line: a thin client of the daemon, made for people, with `--json` for programs.

Only the module of the command that was asked for is loaded, so that `isg status` answers at once.
Knows neither the store nor the parsers; `isg index` alone goes around the daemon.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from indexer import __version__

if TYPE_CHECKING:
    import typer

# command -> the module that registers it, in the order in which help shows them
COMMANDS = {
    "up": "running",
    "down": "running",
    "logs": "running",
    "add": "workspaces",
    "remove": "workspaces",
    "list": "workspaces",
    "status": "workspaces",
    "pause": "workspaces",
    "resume": "workspaces",
    "reindex": "workspaces",
    "nodes": "nodes",
    "show": "nodes",
    "callers": "graph",
    "callees": "graph",
    "impls": "graph",
    "neighbors": "graph",
    "path": "graph",
    "diagnostics": "compiler",
    "expand": "compiler",
    "search": "meaning",
    "summarise": "meaning",
    "changes": "changes",
    "index": "index",
    "snapshot": "snapshot",
    "queue": "meaning",
    "models": "models",
    "config": "config",
    "demo": "demo",
    "version": "running",
}


def main() -> None:
    """The console script `isg`."""
    from indexer.cli.output import report_and_exit

    arguments = sys.argv[1:]
    try:
        if arguments in (["status"], ["status", "--json"]):  # typer and pydantic alone take 100 ms to load
            from indexer.cli.status import show_status

            show_status(json=len(arguments) > 1)
        else:
            make_app(arguments)(prog_name="isg")
    except Exception as error:  # the guard of this process: a message and an exit code, no traceback
        report_and_exit(error)


def make_app(arguments: list[str]) -> typer.Typer:
    """The application with the asked command, or with all of them (help, completion, a wrong name)."""
    import typer

    from indexer.cli.exits import describe_exits

    app = typer.Typer(
        name="isg",
        help="Keeps an index of the interfaces in Rust workspaces perpetually fresh, and answers from it.",
        epilog=describe_exits(),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    version = typer.Option(
        False, "--version", callback=_say_version, is_eager=True, help="Show the version, and exit."
    )

    @app.callback()  # also keeps typer from making a lone command the application itself
    def isg(version: bool = version) -> None:
        """Keeps an index of the interfaces in Rust workspaces perpetually fresh, and answers from it."""

    asked = arguments[0] if arguments else ""
    modules = [COMMANDS[asked]] if asked in COMMANDS else list(dict.fromkeys(COMMANDS.values()))
    for module in modules:
        importlib.import_module(f"indexer.cli.{module}").register(app)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"isg {__version__}\n")
        raise SystemExit(0)
