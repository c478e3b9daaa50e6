"""isg diagnostics, isg expand: what rust-analyzer says, in trusted workspaces."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, where
from indexer.cli.exits import Exit, Refusal
from indexer.cli.options import JsonOption, LimitOption, NodeArgument, WorkspaceOption
from indexer.cli.rows import fresh_note, source_text, title

PANEL = "Questions"
_FILE = re.compile(r".+\.rs")
_STYLES = {"error": "red", "warning": "yellow", "information": "blue", "hint": "dim"}
_EXPAND_S = 90.0  # rust-analyzer may have to be started first


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


def diagnostics(
    of: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|NODE]", help="A .rs file, a name, `file.rs:line`, or an id. Default: everything."
        ),
    ] = None,
    severity: Annotated[
        list[Severity] | None, typer.Option("--severity", "-s", help="Only such; may be repeated.")
    ] = None,
    limit: LimitOption = 100,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List what rust-analyzer finds wrong, newest first; in trusted workspaces."""
    output.use_json(json)
    params: dict[str, Any] = {"limit": limit, **where(workspace)}
    if of is not None:
        params["file" if _FILE.fullmatch(of) else "node"] = of
    if severity:
        params["severities"] = [str(one) for one in severity]
    answer = ask("diagnostics.recent", **params)
    if json:
        output.print_json(answer)
        if answer["state"] == "off":
            raise typer.Exit(int(Exit.NOT_READY))
        return
    if answer["state"] == "off":
        raise Refusal(answer["reason"], answer["do"], Exit.NOT_READY)
    rows = answer["diagnostics"]
    if rows:
        output.show(output.table(["PLACE", "SEVERITY", "CODE", "MESSAGE"], map(_cells, rows)))
    output.note_unless_empty("\n".join(_remarks(answer, "like that" if severity else "")))


def _cells(row: dict[str, Any]) -> list[object]:
    message = row["message"] if row["is_current"] else f"{row['message']} (seen before the last edit)"
    return [
        output.paint(f"{row['file']}:{row['start_line']}:{row['start_column'] + 1}", "dim"),
        output.paint(row["severity"], _STYLES.get(row["severity"], "")),
        row["code"],
        message,
    ]


def _remarks(answer: dict[str, Any], like: str) -> list[str]:
    """Whether "none" means none."""
    remarks = []
    state = answer["state"]
    if answer["truncated"]:
        remarks.append("there are more: ask with a higher --limit")
    if state == "known" and not answer["diagnostics"]:
        remarks.append(f"rust-analyzer finds nothing {like or 'wrong'}")
    elif state == "left alone":
        remarks.append(f"rust-analyzer is not shown this file: {answer['reason']}")
    elif state in ("pending", "unknown"):
        waits = answer["files_pending"]
        files = "this file is" if waits == 1 else f"{waits:,} files are"
        remarks.append(f"not all is known yet: {files} still to be asked about")
        if not answer["reason"]:
            remarks.append("next: isg status --wait --stage semantic")
    if state == "known" and (alone := answer["files_left_alone"]):
        remarks.append(f"{output.plural(alone, 'file')} left alone, with the reason in isg diagnostics FILE")
    remarks += [f"warning: {warning}" for warning in answer["warnings"]]
    return remarks


def expand(
    node: NodeArgument,
    text: Annotated[bool, typer.Option("--text/--no-text", help="With the text that it makes.")] = True,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show what a macro call between items expands to; in trusted workspaces."""
    output.use_json(json)
    answer = ask("nodes.expand", timeout_s=_EXPAND_S, node=node, **where(workspace))
    notes = answer["macro_expansion_notes"]
    if json:
        output.print_json(answer)
        return
    items = [f"{one['item_kind']} {one['qualified_name']}" for one in answer["interfaces"]]
    facts = [
        ("at", answer["node"]["file"]),
        ("macro", notes["macro"]),
        ("missing", notes["reason"]),
        ("holds", ", ".join(items)),
    ]
    output.show(title(answer["node"]), *output.facts(facts))
    if text and answer["text"]:
        output.show("", source_text(answer["text"], 1))
    if notes["is_truncated"]:
        output.note("the text is cut: it is very long")
    output.note_unless_empty(fresh_note(answer))


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(diagnostics)
    app.command(rich_help_panel=PANEL)(expand)
