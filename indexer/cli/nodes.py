"""isg nodes, isg show: what a file holds, and one interface in full."""

from __future__ import annotations

import re
import sys
import textwrap
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, where
from indexer.cli.options import JsonOption, LimitOption, NodeArgument, WorkspaceOption
from indexer.cli.rows import fresh_note, lines_of, place, title

PANEL = "Questions"
PAGE_ROWS = 5000
_FILE_AND_LINE = re.compile(r"(.+\.rs):(\d{1,9})")


def nodes(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE[:LINE]|NAME", help="A .rs file, a line in it, or a name to look for."),
    ],
    find: Annotated[
        bool, typer.Option("--find", help="Take the argument as a name, whatever it looks like.")
    ] = False,
    limit: LimitOption = PAGE_ROWS,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List the interfaces of a file, those around a line, or those of a name."""
    output.use_json(json)
    place_asked = _FILE_AND_LINE.fullmatch(file)
    if find or not (place_asked or file.endswith(".rs")):
        answer = ask("nodes.find", name=file, limit=min(limit, 1000), **where(workspace))
    elif place_asked:
        answer = ask("nodes.at", file=place_asked[1], line=int(place_asked[2]), **where(workspace))
    else:
        answer = ask("nodes.list", file=file, limit=min(limit, 20_000), **where(workspace))
    if json:
        output.print_json(answer)
        return
    rows = answer["nodes"]
    if rows:
        output.show(
            output.table(
                ["LINES" if "file" in answer else "PLACE", "KIND", "NAME", "SIGNATURE"],
                [_cells(row, "file" in answer) for row in rows],
            )
        )
    else:
        output.note(_nothing(file, answer))
    if answer.get("total", 0) > len(rows):
        output.note(f"the first {len(rows):,} of {answer['total']:,}: ask for more with --limit")
    output.note_unless_empty(fresh_note(answer))


def show(
    node: NodeArgument,
    text: Annotated[bool, typer.Option("--text/--no-text", help="With its source text.")] = True,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show one interface: signature, place, text, and what is around it."""
    output.use_json(json)
    answer = ask("nodes.get", node=node, **where(workspace))
    if json:
        output.print_json(answer)
        return
    row = answer["node"]
    output.show(title(row), *_facts(answer))
    if text:
        output.show("", _source(answer["text"], row["start_line"]))
    output.note_unless_empty(fresh_note(answer))


def _nothing(asked: str, answer: dict[str, Any]) -> str:
    if "file" not in answer:
        return f"no node is called {asked}\nnext: isg nodes FILE.rs lists what a file holds"
    if _FILE_AND_LINE.fullmatch(asked):
        return f"nothing is around {asked}\nnext: isg nodes {answer['file']}"
    return f"{answer['file']} holds no interfaces"


def _cells(row: dict[str, Any], one_file: bool) -> list[object]:
    lines = lines_of(row) if one_file else place(row)
    name = output.paint(
        "  " * (row["level"] - 1) + row["name"] if one_file else row["qualified_name"], "bold"
    )
    if row["parse_errors"]:
        name.append(" (broken)", style="red")
    signature = " ".join(row["signature"].split())
    return [output.paint(lines, "dim"), output.paint(row["kind"], "cyan"), name, signature]


def _facts(answer: dict[str, Any]) -> list[Any]:
    row = answer["node"]
    facts = [
        ("id", row["id"]),
        ("at", f"{row['file']}:{lines_of(row)}"),
        ("signature", " ".join(row["signature"].split())),
        ("visibility", row["visibility"]),
        ("cfg", row["cfg"]),
        ("attributes", ", ".join(answer["attributes"])),
        ("inside", answer["parent"]["id"] if answer["parent"] else ""),
        ("holds", ", ".join(f"{child['kind']} {child['name']}" for child in answer["children"])),
        ("edges", f"{answer['incoming_count']} in, {answer['outgoing_count']} out (isg neighbors)"),
        ("confidence", f"{answer['confidence']:g}"),
    ]
    if row["parse_errors"]:
        facts.append(
            (
                "broken",
                f"{output.plural(row['parse_errors'], 'parse error')}: the rest of the file is unharmed",
            )
        )
    return [
        output.paint(f"  {name:<10} ", "dim").append(output.clean(value), style="default not dim")
        for name, value in facts
        if value
    ]


def _source(text: str, first_line: int) -> Any:
    if not sys.stdout.isatty():
        return output.paint(text)
    from rich.syntax import Syntax

    return Syntax(
        _outdented(output.clean(text)),
        "rust",
        line_numbers=True,
        start_line=first_line,
        background_color="default",
        word_wrap=True,
    )


def _outdented(text: str) -> str:
    """As if it stood at the margin: a slice begins after the indentation of its first line."""
    first, newline, rest = text.partition("\n")
    return first + newline + textwrap.dedent(rest)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(nodes)
    app.command(rich_help_panel=PANEL)(show)
