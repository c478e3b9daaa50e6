"""isg search, isg summarise, isg queue: what code does, in words, and the work that finds it out."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, given, where
from indexer.cli.exits import Exit, Refusal
from indexer.cli.nodes import NodeKind
from indexer.cli.options import JsonOption, LimitOption, WorkspaceOption
from indexer.cli.rows import describe_meaning, describe_model, fresh_note, place

PANEL = "Questions"
_FILE = re.compile(r".+\.(?:rs|toml)")
_SEARCH_S = 60.0  # the models may have to be loaded first


def search(
    text: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]...", help="What the code does, in your words.")
    ] = None,
    like: Annotated[
        str | None, typer.Option("--like", metavar="NODE", help="What is like this node, instead.")
    ] = None,
    kind: Annotated[
        list[NodeKind] | None, typer.Option("--kind", "-k", help="Only such nodes; may be repeated.")
    ] = None,
    crate: Annotated[
        list[str] | None, typer.Option("--crate", metavar="NAME", help="Only in it; may be repeated.")
    ] = None,
    under: Annotated[
        str | None, typer.Option("--under", metavar="PATH", help="Only in this folder or file.")
    ] = None,
    test: Annotated[bool | None, typer.Option("--test/--code", help="Only test code, or all else.")] = None,
    limit: LimitOption = 10,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Find interfaces by what they do."""
    output.use_json(json)
    words = " ".join(text or ()).strip()
    if bool(words) == bool(like):
        raise Refusal(
            "say what to look for: words, or a node with --like",
            'isg search "turn a date into text", isg search --like Parser::new',
            Exit.USAGE,
        )
    params = given(
        {
            "text": words or None,
            "node": like,
            "kinds": [str(one) for one in kind] if kind else None,
            "crates": crate or None,
            "under": under,
            "classification": None
            if test is None
            else "TEST_IMPLEMENTATION"
            if test
            else "CODE_IMPLEMENTATION",
        }
    )
    answer = ask("search", timeout_s=_SEARCH_S, limit=limit, **params, **where(workspace))
    if json:
        output.print_json(answer)
        return
    if answer["found"]:
        output.show(found_table(answer["found"]))
    output.note_unless_empty("\n".join(_remarks(answer)))


def found_table(found: list[dict[str, Any]]) -> Any:
    """What a search has found, the nearest first."""
    return output.table(["", "NODE", "PLACE", "WHAT IT DOES"], map(_cells, found))


def _cells(row: dict[str, Any]) -> list[object]:
    node, line = row["node"], row["summary"]
    said = "" if line is None else line["one_line"]
    if line is not None and line["provenance"] == "rule_based_insufficient":
        said = output.paint(said, "dim")
    return [
        output.paint(f"{row['similarity']:.2f}", "dim"),
        f"{node['kind'].replace('_', ' ')} {node['qualified_name']}",
        output.paint(place(node), "dim"),
        said,
    ]


def _remarks(answer: dict[str, Any]) -> list[str]:
    remarks = []
    if not answer["found"]:
        remarks.append("nothing that has a vector fits")
    if missing := answer["vectors_missing"]:
        remarks.append(f"{missing:,} vectors are still to be made: isg status --wait --stage embedded")
    if answer["is_old"]:
        remarks.append(f"found by the vectors of {answer['model']}, which is being replaced")
    if fresh := fresh_note(answer):
        remarks.append(fresh)
    return remarks


def summarise(
    of: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|NODE]", help="A .rs file, a name, `file.rs:line`, or an id. Default: everything."
        ),
    ] = None,
    limit: LimitOption = 1_000_000,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Say in one line each what interfaces do; with --json one object a line."""
    output.use_json(json)
    params: dict[str, Any] = where(workspace)
    if of is not None:
        params["file" if _FILE.fullmatch(of) else "node"] = of
    shown, pending, is_more = 0, 0, True
    while is_more and shown < limit:
        answer = ask("nodes.summaries", **params)
        rows = answer["summaries"][: limit - shown]
        shown, pending = shown + len(rows), answer["files_pending"]
        is_more = answer["after"] is not None
        params["after"] = answer["after"]
        if json:
            for row in rows:
                output.print_json(row, on_one_line=True)
        elif rows:
            output.show(output.table(["", "BY", "NODE", "WHAT IT DOES"], map(_summary_cells, rows)))
    if json:
        return
    remarks = [] if shown else ["nothing is said of it"]
    if pending:
        remarks.append(
            f"{output.plural(pending, 'file')} still to be read: isg status --wait --stage summarised"
        )
    output.note_unless_empty("\n".join(remarks))


def _summary_cells(row: dict[str, Any]) -> list[object]:
    by = {"rule_based": "rules", "rule_based_insufficient": "rules, unsure", "llm_assisted": "model"}
    return [
        output.paint(f"{row['confidence']:.2f}", "dim"),
        output.paint(by.get(row["provenance"], row["provenance"]), "dim"),
        f"{row['kind'].replace('_', ' ')} {row['qualified_name']}",
        row["one_line"],
    ]


class QueueDo(StrEnum):
    STATUS = "status"
    PAUSE = "pause"
    RESUME = "resume"


def queue(
    do: Annotated[
        QueueDo, typer.Argument(help="pause: nothing is made but for questions; resume: go on.")
    ] = QueueDo.STATUS,
    json: JsonOption = False,
) -> None:
    """Show, pause or resume the work on summaries and vectors."""
    output.use_json(json)
    answer = ask(f"queue.{do}")
    if json:
        output.print_json(answer)
        return
    said = answer["llama"]
    state = "paused" if said["paused"] else said["state"]
    if said["held_back"]:
        state += f", the backlog waits: {said['held_back']}"
    facts = [
        ("models", state),
        ("", said["reason"]),
        ("embedding", describe_model(said["embedding_model"])),
        ("summaries", describe_model(said["summary_model"])),
        ("rate", f"{said['rate_per_s']:g} texts a second" if said["rate_per_s"] else ""),
        ("today", f"{said['calls_today']:,} calls, {said['tokens_today']:,} tokens"),
    ]
    output.show(*output.facts(facts))
    for name, row in answer["workspaces"].items():
        output.show("", output.paint(name, "bold"), *output.facts(describe_meaning(row)))


def register(app: typer.Typer) -> None:
    app.command("search", rich_help_panel=PANEL)(search)
    app.command("summarise", rich_help_panel=PANEL)(summarise)
    app.command("queue", rich_help_panel="Service")(queue)
