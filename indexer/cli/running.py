"""isg up, down, logs, version: the daemon's process."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer import __version__
from indexer.cli import launch, output
from indexer.cli.exits import Exit, Refusal
from indexer.cli.options import JsonOption
from indexer.paths import resolve_paths

PANEL = "Daemon"


def up(
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay in this terminal (or under a service manager).")
    ] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Also start it at every login (launchd or systemd).")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Start the daemon, and wait until it answers."""
    output.use_json(json)
    paths = resolve_paths()
    if foreground:
        if launch.ping(paths) is not None:
            raise Refusal("a daemon is already running", "stop it first: isg down", Exit.CONFLICT)
        launch.become_daemon()
    if install:
        from indexer.cli.service import install_service

        install_service(paths)
        running, pong = None, launch.await_daemon(paths)
    else:
        running = launch.ping(paths)
        pong = running or launch.start_detached(paths)
    if json:
        output.print_json({**pong, "started": running is None, "socket": str(paths.socket)})
        return
    verb = "started" if running is None else "already running"
    output.note(
        f"isg {pong['version']} {verb} (pid {pong['pid']}), {output.plural(pong['workspaces'], 'workspace')}"
    )
    output.note("next: isg status" if pong["workspaces"] else "next: isg add PATH")


def down(
    force: Annotated[bool, typer.Option("--force", help="Kill it if it does not stop by itself.")] = False,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Also no longer start it at login.")] = False,
    json: JsonOption = False,
) -> None:
    """Stop the daemon, and wait until it is gone. The index stays."""
    output.use_json(json)
    paths = resolve_paths()
    if uninstall:
        from indexer.cli.service import uninstall_service

        uninstall_service(paths)
    pid = launch.stop(paths, force=force)
    if json:
        output.print_json({"stopped": pid is not None, "pid": pid})
    elif pid is None:
        output.note("no daemon was running")
    else:
        output.note(f"stopped (pid {pid})")


def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many lines.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as the log grows.")] = False,
    json: JsonOption = False,
) -> None:
    """Show the daemon's log."""
    from indexer.cli.logs import show_log

    output.use_json(json)
    show_log(resolve_paths().log_file, lines, follow=follow, as_json=json)


def version(json: JsonOption = False) -> None:
    """Show the versions of this command and of the running daemon."""
    output.use_json(json)
    pong = launch.ping(resolve_paths())
    running = None if pong is None else pong["version"]
    if json:
        output.print_json({"version": __version__, "daemon": running})
        return
    print_line = f"isg {__version__}"
    if running is not None and running != __version__:
        output.note(f"the running daemon is {running}: restart it with isg down && isg up")
    output.show(output.paint(print_line))


def register(app: typer.Typer) -> None:
    for command in (up, down, logs, version):
        app.command(rich_help_panel=PANEL)(command)
