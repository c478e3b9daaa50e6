"""What people and programs see: data on standard output, all else on standard error.

Colours and live progress only on a terminal; `--json` prints the daemon's answer as it came.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from indexer.cli.exits import Refusal, exit_of
from indexer.protocol import RpcError
from indexer.rpc_client import AnswerTimeout, DaemonDown

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

WIDE = 4000  # columns where nobody's terminal limits them: a pipe must not fold or cut
_CONTROL = {
    code: "\N{REPLACEMENT CHARACTER}" for code in [*range(32), *range(127, 160)] if code not in (9, 10)
}

_as_json = False


def use_json(flag: bool) -> None:
    """Remembers for the error report that this command was asked for JSON."""
    global _as_json
    _as_json = flag


def print_json(value: Any) -> None:
    """One JSON document; indented on a terminal, on one line in a pipe."""
    indent = 2 if sys.stdout.isatty() else None
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


def show(*renderables: RenderableType) -> None:
    """Prints to standard output, for people."""
    out = console()
    if sys.stdout.isatty():
        for renderable in renderables:
            out.print(renderable)
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
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()
) -> RenderableType:
    """A table without frames. Cells are texts, painted or plain; columns in `right` hold numbers."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else paint(cell) for cell in row))
    return made


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
        return error.message, error.do, {"code": error.code, **error.details}
    if isinstance(error, DaemonDown):
        return str(error), "start it: isg up", {}
    if isinstance(error, AnswerTimeout):
        return str(error), "try again; `isg logs` shows what it is doing", {}
    if isinstance(error, ValueError | OSError | RuntimeError):  # ours: written for people, with what to do
        return str(error), "", {}
    return f"{type(error).__name__}: {error}", "this is a fault in isg: please report it with `isg logs`", {}


def _coloured(stream: Any) -> bool:
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ
