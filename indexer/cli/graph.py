"""isg callers, callees, impls, neighbors, path: how interfaces hang together."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, where
from indexer.cli.exits import Exit
from indexer.cli.options import JsonOption, LimitOption, NodeArgument, WorkspaceOption
from indexer.cli.rows import fresh_note, title

PANEL = "Questions"


class Kind(StrEnum):
    """Kinds of edges, as the command line spells them."""

    CONTAINS = "contains"
    CALLS = "calls"
    IMPLEMENTS = "implements"
    USES = "uses"
    DEPENDS = "depends"
    REQUIRES_BOUND = "requires-bound"
    FEATURE_GATED_BY = "feature-gated-by"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    BOTH = "both"


def callers(
    node: NodeArgument, limit: LimitOption = 200, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """List who calls an interface."""
    _show_neighbors(
        "graph.callers", json, "nobody is known to call {}", node=node, limit=limit, **where(workspace)
    )


def callees(
    node: NodeArgument, limit: LimitOption = 200, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """List what an interface calls."""
    _show_neighbors(
        "graph.callees", json, "{} is not known to call anything", node=node, limit=limit, **where(workspace)
    )


def impls(
    node: NodeArgument, limit: LimitOption = 200, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """List what implements a trait, or which traits a type has: impl blocks and derives."""
    output.use_json(json)
    answer = ask("graph.implementations", node=node, limit=limit, **where(workspace))
    if json:
        output.print_json(answer)
        return
    found = answer["implementations"]
    if found:
        output.show(output.table(["TRAIT", "TYPE", "BY", "FILE"], [_implementation(one) for one in found]))
    else:
        output.note(f"{answer['node']['qualified_name']} is not known to implement or to be implemented")
    _remark(answer)


def neighbors(
    node: NodeArgument,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            "--kind",
            "-k",
            metavar="KIND",
            help=f"Only such edges: {', '.join(Kind)}; may be repeated.",
        ),
    ] = None,
    direction: Annotated[
        Direction, typer.Option("--direction", "-d", help="Edges that come in, go out, or both.")
    ] = (Direction.BOTH),
    two_hop: Annotated[bool, typer.Option("--two-hop", help="Everything at most two edges away.")] = False,
    limit: LimitOption = 100,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List all that an interface is connected with."""
    params: dict[str, Any] = {"node": node, "limit": limit, "direction": direction.value, **where(workspace)}
    if kind:
        params["kinds"] = [one.name for one in kind]
    if not two_hop:
        _show_neighbors("graph.neighbors", json, "{} has no edges", **params)
        return
    output.use_json(json)
    answer = ask("graph.two_hop", **params)
    if json:
        output.print_json(answer)
        return
    rows = [[f"{row['hops']}", *_brief_cells(row["node"])] for row in answer["nodes"]]
    output.show(output.table(["HOPS", "KIND", "NAME", "FILE", "SIGNATURE"], rows, right=["HOPS"]))
    _remark(answer)


def path(
    start: Annotated[str, typer.Argument(metavar="FROM", help="A node: a name, `file.rs:line`, or an id.")],
    goal: Annotated[str, typer.Argument(metavar="TO", help="Another one.")],
    max_hops: Annotated[
        int, typer.Option("--max-hops", min=1, max=20, help="The longest path that is of use.")
    ] = 6,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show how two interfaces are connected: one shortest path."""
    output.use_json(json)
    answer = ask("graph.path", start=start, goal=goal, max_hops=max_hops, **where(workspace))
    if json:
        output.print_json(answer)
    elif not answer["edges"]:
        output.note(_unconnected(answer["reason"], max_hops))
    else:
        output.show(*_steps(answer))
        _remark(answer)
    if not answer["edges"] and "same node" not in answer["reason"]:
        raise typer.Exit(int(Exit.NOT_FOUND))


def _unconnected(reason: str, max_hops: int) -> str:
    if "same node" in reason:
        return reason
    further = f"\nnext: --max-hops {min(20, max_hops * 2)} looks further" if max_hops < 20 else ""
    return f"not connected: {reason}{further}"


def _show_neighbors(method: str, json: bool, none: str, **params: Any) -> None:
    output.use_json(json)
    answer = ask(method, **params)
    if json:
        output.print_json(answer)
        return
    if not answer["neighbors"]:
        output.note(none.format(answer["node"]["qualified_name"]))
    elif method == "graph.neighbors":
        rows = [
            [_arrow(row), *_edge_cells(row["edge"]), *_brief_cells(row["node"])]
            for row in answer["neighbors"]
        ]
        output.show(
            output.table(["EDGE", "WEIGHT", "PROVENANCE", "RULE", "KIND", "NAME", "FILE", "SIGNATURE"], rows)
        )
    else:
        rows = [[*_edge_cells(row["edge"]), *_brief_cells(row["node"])] for row in answer["neighbors"]]
        output.show(output.table(["WEIGHT", "PROVENANCE", "RULE", "KIND", "NAME", "FILE", "SIGNATURE"], rows))
    _remark(answer)


def _arrow(row: dict[str, Any]) -> Any:
    arrow = "→" if row["direction"] == "out" else "←"
    return output.paint(f"{arrow} {row['edge']['kind']}", "green" if row["direction"] == "out" else "blue")


def _edge_cells(edge: dict[str, Any]) -> list[object]:
    return [
        output.paint(f"{edge['weight']:.2f}", "dim"),
        output.paint(edge["provenance"], "" if edge["provenance"] == "ra" else "dim"),
        output.paint(edge["rule"], "dim"),
    ]


def _brief_cells(node: dict[str, Any]) -> list[object]:
    signature = " ".join(node["signature"].split())
    return [
        output.paint(node["kind"], "cyan"),
        output.paint(node["id"] if node["package"] else node["qualified_name"], "bold"),
        output.paint(node["file"] or "(outside)", "dim"),
        signature,
    ]


def _implementation(row: dict[str, Any]) -> list[object]:
    by = row["impl"] or row["type"] or row["trait"]
    trait, type_ = row["trait"], row["type"]
    return [
        output.paint(trait["qualified_name"] if trait and trait["file"] else row["trait_text"], "cyan"),
        output.paint(type_["qualified_name"] if type_ else "", "bold"),
        " ".join(row["impl"]["signature"].split()) if row["impl"] else "derive",
        output.paint(by["file"] if by else "", "dim"),
    ]


def _steps(answer: dict[str, Any]) -> list[Any]:
    lines = []
    for position, node in enumerate(answer["nodes"]):
        line = title(node)
        line.append(f"  {output.clean(node['file'] or '(outside)')}", style="dim not cyan")
        lines.append(line)
        if position < len(answer["edges"]):
            edge = answer["edges"][position]
            forward = edge["src_id"] == node["id"]
            lines.append(
                output.paint(f"  {'↓' if forward else '↑'} {edge['kind']}", "green" if forward else "blue")
            )
    return lines


def _remark(answer: dict[str, Any]) -> None:
    if answer.get("truncated"):
        output.note("there are more: ask with a higher --limit")
    output.note_unless_empty(fresh_note(answer))


def register(app: typer.Typer) -> None:
    for command in (callers, callees, impls, neighbors, path):
        app.command(rich_help_panel=PANEL)(command)
