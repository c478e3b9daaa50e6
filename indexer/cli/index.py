"""isg index: bring one index up to date and end, without a daemon.

The one command that does the work itself.
"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indexer.cli import output
from indexer.cli.exits import Exit, Refusal
from indexer.cli.options import JsonOption
from indexer.paths import Paths, resolve_paths
from indexer.registry import Registry, RegistryError, make_entry
from indexer.rpc_client import Client, DaemonDown

SAY_EVERY_S = 5.0
PHASES = {"scan": "looking for files", "parse": "reading files", "resolve": "resolving edges"}


def index(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The workspace's root.")] = Path("."),
    store: Annotated[
        Path | None,
        typer.Option("--store", help="Where the index is kept. Default: where the daemon keeps it."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Index a workspace once, without a daemon."""
    output.use_json(json)
    from indexer import oneshot
    from indexer.config import load_settings

    paths = resolve_paths()
    try:
        entry = Registry.load(paths.registry_file).at(path.expanduser().resolve())
        entry = entry or make_entry(path, trusted=False)
    except RegistryError as error:
        raise Refusal(str(error), exit_=Exit.NOT_FOUND) from None
    if store is None and (keeper := _keeper(paths, entry.root)):
        raise Refusal(
            f"the daemon keeps the index of {entry.root} fresh already",
            f"isg reindex -w {keeper} reads everything anew; --store PATH makes an index of your own",
            Exit.CONFLICT,
        )
    target = paths.database(entry.id) if store is None else store.expanduser().absolute()
    with _Report(quiet=json) as report:
        outcome = oneshot.run(entry.root, target, load_settings(paths), report.say)
    if json:
        output.print_json(asdict(outcome))
        return
    if outcome.rebuilt_because:
        output.note(f"the index was begun anew: {outcome.rebuilt_because}")
    skipped = f", {output.plural(outcome.skipped, 'file')} skipped" if outcome.skipped else ""
    output.note(
        f"{output.plural(outcome.files, 'file')}, {output.plural(outcome.nodes, 'node')}, "
        f"{output.plural(outcome.references, 'reference')}, {output.plural(outcome.edges, 'edge')}{skipped}\n"
        f"{output.plural(outcome.changed_files, 'file')} indexed anew in {output.duration(outcome.total_s)}; "
        f"the index is in {outcome.store}"
    )


def _keeper(paths: Paths, root: Path) -> str:
    """The id under which a running daemon has this workspace, "" if it has not."""
    try:
        with Client(paths.socket) as client:
            rows = client.call("workspace.list")["workspaces"]
    except DaemonDown:
        return ""
    return next((str(row["id"]) for row in rows if row["root"] == str(root)), "")


class _Report:
    """Progress of the run: a live bar on a terminal, a line now and then elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = time.monotonic()
        self._phase = ""
        self._progress = None
        if not quiet and sys.stderr.isatty():
            self._progress = output.progress_bar()
            self._task = self._progress.add_task("opening", total=None)

    def __enter__(self) -> _Report:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def say(self, phase: str, done: int, total: int) -> None:
        what = PHASES.get(phase, phase)
        if self._progress is not None:
            self._progress.update(self._task, description=what, completed=done, total=total or None)
        elif not self._quiet and time.monotonic() - self._said > SAY_EVERY_S:
            self._said = time.monotonic()
            output.note(f"{what}: {done:,} of {total:,}" if total else what)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Workspaces")(index)
