"""isg models: which there are, have one here, run it, remove it, plan for it.

Does the work itself, daemon or not, so that proxies and mirrors of the user's own shell hold; a daemon that
runs is told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.exits import Exit, Refusal
from indexer.cli.options import JsonOption
from indexer.paths import resolve_paths
from indexer.protocol import RpcError
from indexer.rpc_client import AnswerTimeout, Client, DaemonDown

if TYPE_CHECKING:
    from indexer.config import Settings

SAY_EVERY_S = 5.0
PHASES = {
    "waiting": "waiting for another isg that does the same",
    "connecting": "asking for it",
    "downloading": "downloading",
    "converting": "converting",
    "checking": "checking",
    "running": "running it",
}
_STYLES = {"installed": "green", "partial": "yellow", "damaged": "red"}
_EXITS = {
    "unknown": Exit.NOT_FOUND,
    "absent": Exit.NOT_FOUND,
    "not_ours": Exit.CONFLICT,
    "not_running": Exit.NOT_READY,
}
_TEXT_COLUMNS = 34
_RELOAD_S = 20.0

group = typer.Typer(
    name="models",
    help="The models that make vectors and summaries.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
ModelArgument = Annotated[
    str, typer.Argument(metavar="NAME|PATH", help="A name of `isg models list`, or a GGUF file.")
]


@group.command("list")
def list_(json: JsonOption = False) -> None:
    """List the models that are known, and those that are here."""
    output.use_json(json)
    from indexer import models

    paths = resolve_paths()
    answer = models.list_models(paths.models_dir, _settings())
    if json:
        output.print_json(answer)
        return
    used = {answer["summary_model"]: "summaries", answer["embedding_model"]: "vectors"}
    titles = ["NAME", "ROLE", "STATE", "USED FOR", "SIZE", "MEMORY", "LICENCE", "MODEL"]
    rows = [_cells(row, used.get(row["name"], "")) for row in answer["models"]]
    output.show(output.table(titles, rows, right=["SIZE", "MEMORY"]))
    for row in answer["models"]:
        if row["reason"]:
            output.note(f"{row['name']}: {row['reason']}")
    if not any(row["state"] == "installed" and row["role"] == "embed" for row in answer["models"]):
        output.note("no model that makes vectors is here; next: isg models ensure minilm")


@group.command("ensure")
def ensure(name: ModelArgument, json: JsonOption = False) -> None:
    """Have a model here: download and check it, if it is not."""
    output.use_json(json)
    done = obtain(name, quiet=json)
    told = _tell_daemon()
    if json:
        output.print_json(done)
        return
    row = done["model"]
    was = "was here already" if done["was_here"] else "is here now"
    output.note(f"{row['name']} {was}: {output.size(row['size_bytes'])} in {row['path']}")
    output.note(_use(row, told=told))


def obtain(name: str, *, quiet: bool) -> Any:
    """Has a model here and shows progress unless `quiet`; what `isg models ensure --json` prints. Raises
    Refusal."""
    from indexer import models

    with _refusing(), _Report(quiet=quiet) as report:
        try:
            return models.ensure(resolve_paths().models_dir, name, report.say)
        except KeyboardInterrupt:
            raise Refusal(f"{name} is not here yet", "the same command takes it up again") from None


@group.command("verify")
def verify(name: ModelArgument, json: JsonOption = False) -> None:
    """Run a model on fixed inputs, and compare with what is recorded."""
    output.use_json(json)
    from indexer import models

    with _refusing(), _Report(quiet=json) as report:
        said = models.verify(resolve_paths().models_dir, name, report.say)
    lines = said["lines"]
    wrong = sum(line["matches"] is False for line in lines)
    if json:
        output.print_json(said)
    else:
        rows = [(_shorten(line["text"]), line["said"], _mark(line["matches"])) for line in lines]
        output.show(output.table(["INPUT", "SAID", "AS RECORDED"], rows))
    where = {"isg": "with isg", "earlier": "at an earlier run"}.get(said["recorded"], "")
    if said["is_good"]:
        file = "the file is the one that was obtained; " if said["is_intact"] else ""
        how = f"all {len(lines)} lines are as recorded {where}" if where else "what it says is recorded now"
        output.note(f"{said['model']['name']} answers: {file}{how}")
        return
    if said["is_intact"] is False:
        what, do = "its file has been changed", f"isg models remove {name}, then isg models ensure {name}"
    else:
        what = f"{wrong} of {len(lines)} lines are not as recorded {where}"
        do = "llama.cpp computes otherwise here: please report it, with what is above"
    if json:
        raise typer.Exit(int(Exit.ERROR))
    raise Refusal(f"{said['model']['name']} is not what it was: {what}", do)


@group.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A model that is here.")],
    json: JsonOption = False,
) -> None:
    """Remove a model from disk, or what an interrupted download has left."""
    output.use_json(json)
    from indexer import models

    with _refusing():
        done = models.remove(resolve_paths().models_dir, name)
    _tell_daemon()
    if json:
        output.print_json(done)
    else:
        output.note(f"removed {name}: {output.size(done['freed_bytes'])} are free again")


@group.command("plan")
def plan(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME|PATH]...", help="For these models. Default: those of the settings."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show how many sessions of the models this machine has room for, and why."""
    output.use_json(json)
    from indexer import models

    with _refusing():
        answer = models.plan(resolve_paths().models_dir, _settings(), names or ())
    if json:
        output.print_json(answer)
        return
    rows = [
        [
            row["name"],
            row["role"],
            output.paint(row["state"], _STYLES.get(row["state"], "dim")),
            output.size(row["weights_bytes"]),
            output.size(row["kv_bytes_per_session"]),
            output.size(row["overhead_bytes"]),
        ]
        for row in answer["models"]
    ]
    if rows:
        titles = ["NAME", "ROLE", "STATE", "WEIGHTS", "CONTEXT", "REST"]
        output.show(output.table(titles, rows, right=titles[3:]), "")
    size, cores = output.size, output.plural(answer["cores"], "core")
    low = "low-memory mode, " if answer["low_memory"] else ""
    facts = [
        ("memory", f"{low}{size(answer['free_bytes'])} of {size(answer['total_bytes'])} free"),
        ("cores", f"{cores}, load {answer['load']:.2f}"),
        ("power", "on battery" if answer["on_battery"] else ""),
        ("building", "a build is running" if answer["is_building"] else ""),
        ("session", size(answer["session_bytes"]) if rows else ""),
        (
            "plan",
            f"{output.plural(answer['sessions'], 'session')} of {output.plural(answer['threads'], 'thread')}",
        ),
        ("because", "; ".join(answer["reasons"])),
    ]
    output.show(*output.facts(facts))


def _settings() -> Settings:
    from indexer.config import load_settings

    return load_settings(resolve_paths())


def _cells(row: Any, use: str) -> list[object]:
    state = row["state"]
    if state == "partial":
        state = f"{output.size(row['partial_bytes'])} here"
    return [
        row["name"],
        row["role"],
        output.paint(state, _STYLES.get(row["state"], "dim")),
        use,
        output.size(row["size_bytes"]) if row["size_bytes"] else "",
        output.size(row["memory_bytes"]) if row["memory_bytes"] else "",
        row["licence"],
        row["title"] or row["source"],
    ]


def _use(row: Any, *, told: bool) -> str:
    """What comes next."""
    settings = _settings()
    if row["name"] in (settings.embedding_model, settings.summary_model):
        return "the daemon uses it from now on" if told else "the daemon uses it when it runs: isg up"
    setting = "embedding_model" if row["role"] == "embed" else "summary_model"
    line = f'{setting} = "{row["name"]}"'
    return f"to use it: {line} in isg.toml (isg config show tells where), then isg down, isg up"


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT_COLUMNS else f"{line[: _TEXT_COLUMNS - 1]}…"


def _mark(matches: bool | None) -> object:
    if matches is None:
        return output.paint("–", "dim")
    return output.paint("yes", "green") if matches else output.paint("no", "red")


def _tell_daemon() -> bool:
    """Whether a daemon runs that looks for models now."""
    try:
        with Client(resolve_paths().socket, _RELOAD_S) as client:
            client.call("models.reload")
    except (DaemonDown, AnswerTimeout, RpcError):
        return False
    return True


@contextmanager
def _refusing() -> Iterator[None]:
    """Turns what is wrong with a model into a message and an exit code."""
    from indexer.models import ModelError

    try:
        yield
    except ModelError as error:
        raise Refusal(str(error), error.do, _EXITS.get(error.kind, Exit.ERROR)) from None


class _Report:
    """Progress: a live bar on a terminal, a line now and then elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = time.monotonic()
        self._progress = None
        if not quiet and sys.stderr.isatty():
            self._progress = output.progress_bar("MB")
            self._progress.add_task("", total=None)

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
            task = self._progress.tasks[0]
            task.total = total // 1_000_000 if total else None  # `update` takes None for "as before"
            self._progress.update(task.id, description=what, completed=done // 1_000_000)
        elif not self._quiet and time.monotonic() - self._said > SAY_EVERY_S:
            self._said = time.monotonic()
            output.note(f"{what}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB" if total else what)


def register(app: typer.Typer) -> None:
    app.add_typer(group, rich_help_panel="Maintenance")
