"""What people and programs see: data on standard output, all else on standard error.

Colours and live progress only on a terminal; `--json` prints the daemon's answer as it came.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from indexer.cli.exits import Refusal, exit_of
from indexer.protocol import ErrorCode, RpcError
from indexer.rpc_client import AnswerTimeout, DaemonDown

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress, Task
    from rich.text import Text

WIDE = 4000  # columns where nobody's terminal limits them: a pipe must not fold or cut
_LEAST_CELL = 12  # columns: less of a signature tells nothing
_CONTROL = {
    code: "\N{REPLACEMENT CHARACTER}" for code in [*range(32), *range(127, 160)] if code not in (9, 10)
}

_as_json = False


def use_json(flag: bool) -> None:
    """Remembers for the error report that this command was asked for JSON."""
    global _as_json
    _as_json = flag


def print_json(value: Any, *, on_one_line: bool = False) -> None:
    """One JSON document; indented on a terminal, on one line in a pipe, or always so: one of many."""
    indent = 2 if sys.stdout.isatty() and not on_one_line else None
    sys.stdout.write(
        json.dumps(value, indent=indent, ensure_ascii=sys.stdout.encoding.lower() != "utf-8") + "\n"
    )
    sys.stdout.flush()


def console(*, stderr: bool = False) -> Console:
    """A rich console. It honours NO_COLOR and has no colours in a pipe."""
    from rich.console import Console

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not terminal,
        width=None if terminal else WIDE,
    )


def columns() -> int:
    """The width of the terminal, 0 where there is none."""
    return console().width if sys.stdout.isatty() else 0


def show(*renderables: RenderableType) -> None:
    """Prints to standard output, for people."""
    from rich.console import Group
    from rich.text import Text

    out = console()
    if sys.stdout.isatty():
        for renderable in renderables:  # the terminal folds texts itself: then a long id is copied as one
            out.print(renderable, soft_wrap=isinstance(renderable, Text | Group))
        return
    with out.capture() as captured:
        for renderable in renderables:
            out.print(renderable)
    # rich fills every row up to the width of its column: noise for whoever reads a pipe
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def note(message: str) -> None:
    """A remark for people, on standard error; silent with --json."""
    if not _as_json:
        sys.stderr.write(f"{clean(message)}\n")
        sys.stderr.flush()


def note_unless_empty(message: str) -> None:
    """`note`, if there is anything to say."""
    if message:
        note(message)


def paint(value: object, style: str = "") -> Text:
    """A text in one style; never read as markup, and free of control characters."""
    from rich.text import Text

    return Text(clean(str(value)), style=style)


def table(
    titles: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[str] = (),
    wrap: bool = False,
) -> RenderableType:
    """A table without frames. Cells are texts, painted or plain; columns in `right` hold numbers.

    On a terminal the last column takes what room is left: it is cut, or with `wrap` folded. The others are
    whole always, so that names and places can be copied.
    """
    from rich.cells import cell_len
    from rich.console import Group
    from rich.text import Text

    cells = [[_one_line(cell if isinstance(cell, Text) else paint(cell)) for cell in row] for row in rows]
    lines = [[paint(title, "bold") for title in titles], *cells]
    widths = [max(cell_len(line[at].plain) for line in lines) for at in range(len(titles) - 1)]
    room = columns()
    if room:  # one long name must not push every other row aside
        widths = [min(width, max(12, room * 2 // 5)) for width in widths]
    made = []
    for line in lines:
        row = Text(no_wrap=True, overflow="ignore")
        for cell, title, width in zip(line, titles, widths, strict=False):
            gap = " " * (width - cell_len(cell.plain))
            row.append_text(Text(gap) + cell if title in right else cell + Text(gap)).append("  ")
        made.append(row.append_text(_last_cell(line[-1], room - row.cell_len, wrap) if room else line[-1]))
    return Group(*made)


def facts(named: Iterable[tuple[str, str]], width: int = 10) -> list[Text]:
    """One line for each name that has a value."""
    return [
        paint(f"  {name:<{width}} ", "dim").append(clean(value), style="default not dim")
        for name, value in named
        if value
    ]


def _one_line(cell: Text) -> Text:
    cell.plain = " ".join(cell.plain.splitlines())
    return cell


def _last_cell(cell: Text, room: int, wrap: bool) -> Text:
    """What fits beside the other columns: cut with an ellipsis, or folded under itself."""
    from rich.text import Text

    if not wrap:
        cell.truncate(room, overflow="ellipsis")
        return cell if room >= _LEAST_CELL else Text()
    if room < _LEAST_CELL:
        return cell
    indent = " " * (columns() - room)
    return Text(f"\n{indent}").join(cell.wrap(console(), room))


def progress_bar(unit: str = "") -> Progress:
    """A live line on standard error: what is going on, how far, how long; gone when it ends."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
    from rich.text import Text

    began = time.monotonic()

    class Elapsed(ProgressColumn):
        """Rich's own stands still once the first phase is full."""

        def render(self, task: Task) -> Text:
            return Text(duration(time.monotonic() - began), style="progress.elapsed")

    return Progress(
        TextColumn("{task.description:<17}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        Elapsed(),
        console=console(stderr=True),
        transient=True,
    )


def clean(text: str) -> str:
    """Without control characters: names and code come from files, and must not drive the terminal."""
    return text.translate(_CONTROL)


def plural(count: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """A time span for people: `0.4 s`, `3 min 5 s`, `2 h 7 min`, `3 d 4 h`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    whole = int(seconds)
    for size, unit, inner_size, inner in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // inner_size} {inner}"
    return f"{whole} s"


def size(count: float) -> str:
    """Bytes for people: `812 B`, `3.4 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def report_and_exit(error: Exception) -> NoReturn:
    """Says what happened and what to do next, and ends the process with the fitting code."""
    if isinstance(error, BrokenPipeError):  # the reader (such as `head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)
    code = exit_of(error)
    message, do, details = _explain(error)
    if _as_json:
        body = {"error": {"message": message, "do": do, "exit": int(code), **details}}
        sys.stderr.write(json.dumps(body) + "\n")
    else:
        red, bold, plain = ("\x1b[31m", "\x1b[1m", "\x1b[0m") if _coloured(sys.stderr) else ("", "", "")
        sys.stderr.write(f"{red}error:{plain} {clean(message)}\n")
        for row in details.get("candidates", ()):
            sys.stderr.write(
                f"  {clean(row['kind']):<10} {clean(row['id'])}  ({clean(row['file'])}:{row['start_line']})\n"
            )
        if do:
            sys.stderr.write(f"{bold}→{plain} {clean(do)}\n")
    raise SystemExit(int(code))


def _explain(error: Exception) -> tuple[str, str, dict[str, Any]]:
    """(what happened, what to do, details for programs)."""
    if isinstance(error, Refusal):
        return str(error), error.do, {}
    if isinstance(error, RpcError):
        message, do = error.message, error.do
        if (
            error.code == ErrorCode.INVALID_PARAMS and not _as_json
        ):  # the method's name tells a person nothing
            message = message.partition(": ")[2] or message
            do = f"isg {' '.join(sys.argv[1:2])} --help explains the arguments"
        return message, do, {"code": error.code, **error.details}
    if isinstance(error, DaemonDown):
        return str(error), "start it: isg up", {}
    if isinstance(error, AnswerTimeout):
        return str(error), "try again; `isg logs` shows what it is doing", {}
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return (
            f"{os.fsdecode(error.filename)}: {error.strerror}",
            "check the path, and ISG_HOME if it is set",
            {},
        )
    if isinstance(error, ValueError | OSError | RuntimeError):  # ours: written for people, with what to do
        return str(error), "", {}
    return f"{type(error).__name__}: {error}", "this is a fault in isg: please report it with `isg logs`", {}


def _coloured(stream: Any) -> bool:
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ
