"""isg nodes, isg show: what a file holds, and one interface in full."""

from __future__ import annotations

import difflib
import os.path
import re
import textwrap
from enum import StrEnum
from typing import Annotated, Any

import typer

from indexer.cli import output
from indexer.cli.asking import ask, given, where
from indexer.cli.exits import Exit, Refusal
from indexer.cli.options import JsonOption, LimitOption, NodeArgument, WorkspaceOption
from indexer.cli.rows import count_findings, fresh_note, lines_of, place, source_text, title

PANEL = "Questions"
PAGE_ROWS = 5000
_IN_SIGNATURE = frozenset(
    (
        *("visibility", "async", "unsafe", "safe", "const", "default", "abi", "generic", "bound", "where"),
        *("receiver", "return", "variadic", "negative", "cfg"),
    )
)
_FILE = re.compile(r".+\.(?:rs|toml)")
_FILE_AND_LINE = re.compile(r"(.+\.(?:rs|toml)):(\d{1,9})(?:[-:]\d{1,9})?:?")
_FOUND_MAX = 5_000  # nodes that one answer to "nodes.find" may hold


class NodeKind(StrEnum):
    """Kinds of nodes."""

    FUNCTION = "function"
    METHOD = "method"
    STRUCT = "struct"
    ENUM = "enum"
    VARIANT = "variant"
    UNION = "union"
    TRAIT = "trait"
    TRAIT_ALIAS = "trait_alias"
    IMPL = "impl"
    TYPE_ALIAS = "type_alias"
    ASSOCIATED_TYPE = "associated_type"
    ASSOCIATED_CONST = "associated_const"
    CONST = "const"
    STATIC = "static"
    MODULE = "module"
    EXTERN_BLOCK = "extern_block"
    EXTERN_CRATE = "extern_crate"
    USE = "use"
    MACRO = "macro"
    MACRO_CALL = "macro_call"
    CRATE = "crate"
    FEATURE = "feature"


_KEYWORDS = {
    "fn": (NodeKind.FUNCTION, NodeKind.METHOD),
    "mod": (NodeKind.MODULE,),
    "type": (NodeKind.TYPE_ALIAS, NodeKind.ASSOCIATED_TYPE),
    "macro_rules": (NodeKind.MACRO,),
}
"""What Rust itself calls some kinds."""


class Visibility(StrEnum):
    PUB = "pub"
    RESTRICTED = "restricted"
    PRIVATE = "private"


class Qualifier(StrEnum):
    ASYNC = "async"
    UNSAFE = "unsafe"
    CONST = "const"
    EXTERN = "extern"


def nodes(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE[:LINE]|NAME]",
            help="A .rs file or Cargo.toml, a line in it, or a name to look for.",
        ),
    ] = None,
    find: Annotated[
        bool, typer.Option("--find", help="Take the argument as a name, whatever it looks like.")
    ] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", "-k", metavar="KIND", help=f"Only such nodes: {', '.join(NodeKind)}; may be repeated."
        ),
    ] = None,
    visibility: Annotated[
        Visibility | None, typer.Option("--visibility", help="restricted: pub(crate) and the like.")
    ] = None,
    qualifier: Annotated[
        list[Qualifier] | None, typer.Option("--qualifier", help="Only with it; may be repeated.")
    ] = None,
    derive: Annotated[
        list[str] | None, typer.Option("--derive", metavar="TRAIT", help="Only what derives it.")
    ] = None,
    attribute: Annotated[
        list[str] | None, typer.Option("--attribute", metavar="NAME", help="Only what has it.")
    ] = None,
    feature: Annotated[
        str | None,
        typer.Option("--feature", metavar="NAME", help="Only what is gated by it, directly or from around."),
    ] = None,
    under: Annotated[
        str | None, typer.Option("--under", metavar="PATH", help="Only in this folder or file.")
    ] = None,
    test: Annotated[bool | None, typer.Option("--test/--code", help="Only test code, or all else.")] = None,
    documented: Annotated[
        bool | None, typer.Option("--documented/--undocumented", help="Only with docs, or without.")
    ] = None,
    limit: LimitOption = PAGE_ROWS,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List the interfaces of a file, those around a line, or those of a name or of a kind."""
    output.use_json(json)
    filters: dict[str, Any] = {
        "kinds": _kinds(kind) if kind else None,
        "visibility": visibility,
        "qualifiers": qualifier,
        "derives": derive,
        "attributes": attribute,
        "feature": feature,
        "under": under,
        "classification": None if test is None else "TEST_IMPLEMENTATION" if test else "CODE_IMPLEMENTATION",
        "documented": documented,
    }
    filters = given(filters)
    if not file and not filters:
        raise Refusal(
            "say which nodes: a file, a name or a filter",
            "isg nodes src/lib.rs, isg nodes Parser::new, isg nodes --kind trait; more: isg nodes --help",
            Exit.USAGE,
        )
    answer = _ask(file, find, dict(filters), limit, workspace)
    if json:
        output.print_json(answer)
    else:
        _show_nodes(file, bool(filters), answer, limit)
    if not answer["nodes"] and _is_name(file, find):
        raise typer.Exit(int(Exit.NOT_FOUND))


def _kinds(asked: list[str]) -> list[str]:
    """Names of kinds; `fn` and the like stand for those that Rust calls so. Raises Refusal."""
    found: list[str] = []
    for one in asked:
        name = one.lower().replace("-", "_")
        if name in _KEYWORDS:
            found += _KEYWORDS[name]
        elif name in set(NodeKind):
            found.append(name)
        else:
            near = difflib.get_close_matches(name, NodeKind, 1)
            raise Refusal(
                f"there is no kind {one}" + (f": did you mean {near[0]}?" if near else ""),
                f"kinds are {', '.join(NodeKind)}",
                Exit.USAGE,
            )
    return found


def _is_name(asked: str | None, find: bool) -> bool:
    return bool(asked) and (
        find or not (_FILE.fullmatch(asked or "") or _FILE_AND_LINE.fullmatch(asked or ""))
    )


def _show_nodes(file: str | None, is_filtered: bool, answer: dict[str, Any], limit: int) -> None:
    rows = answer["nodes"]
    if rows:
        output.show(
            output.table(
                ["LINES" if "file" in answer else "PLACE", "KIND", "NAME", "SIGNATURE"],
                [_cells(row, "file" in answer) for row in rows],
            )
        )
    else:
        output.note(_nothing(file, is_filtered, answer))
    if answer.get("total", 0) > len(rows):
        output.note(f"the first {len(rows):,} of {answer['total']:,}: ask for more with --limit")
    if answer.get("truncated"):
        further = "ask for more with --limit" if limit < _FOUND_MAX else "narrow it down, as with --under"
        output.note(f"the first {len(rows):,}: {further}")
    output.note_unless_empty(fresh_note(answer))


def _ask(
    asked: str | None, find: bool, filters: dict[str, Any], limit: int, workspace: str | None
) -> dict[str, Any]:
    place = None if asked is None or find else _FILE_AND_LINE.fullmatch(asked)
    is_file = asked is not None and not find and _FILE.fullmatch(asked) is not None
    answer: dict[str, Any]
    if place and not filters:
        answer = ask("nodes.at", file=place[1], line=int(place[2]), **where(workspace))
    elif is_file and not filters:
        answer = ask("nodes.list", file=asked, limit=min(limit, 20_000), **where(workspace))
    else:
        if is_file:
            filters["under"] = asked
        elif place:
            raise Refusal(
                f"filters do not go together with a line: {asked}", f"isg nodes {place[1]}", Exit.USAGE
            )
        elif asked is not None:
            filters["name"] = asked
        answer = ask("nodes.find", limit=min(limit, _FOUND_MAX), **filters, **where(workspace))
    return answer


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
        output.show("", source_text(_outdented(output.clean(answer["text"])), row["start_line"]))
    output.note_unless_empty(fresh_note(answer))


def _nothing(asked: str | None, is_filtered: bool, answer: dict[str, Any]) -> str:
    if not asked or (_FILE.fullmatch(asked) and "file" not in answer):
        return "no node is like that"
    if is_filtered:
        return f"no node called {asked} is like that\nnext: isg nodes {asked} lists all of that name"
    if "file" not in answer:
        if os.path.isdir(asked):
            return f"no node is called {asked}\nnext: isg nodes --under {asked} lists what a folder holds"
        return f"no node is called {asked}\nnext: isg nodes FILE lists what a file holds"
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
        ("does", _line(answer["summary"])),
        ("signature", " ".join(row["signature"].split())),
        ("compiler", _compiler(answer["compiler"])),
        ("visibility", row["visibility"]),
        ("test code", "yes" if row["classification"] == "TEST_IMPLEMENTATION" else ""),
        *_described(answer),
        ("cfg", row["cfg"]),
        ("attributes", "" if answer["description"] else ", ".join(answer["attributes"])),
        ("inside", answer["parent"]["id"] if answer["parent"] else ""),
        ("holds", ", ".join(f"{child['kind']} {child['name']}" for child in answer["children"])),
        ("edges", f"{answer['incoming_count']} in, {answer['outgoing_count']} out (isg neighbors)"),
        ("findings", count_findings(answer["compiler"]["diagnostics"])),
        ("confidence", f"{answer['confidence']:g}"),
    ]
    if row["parse_errors"]:
        facts.append(
            (
                "broken",
                f"{output.plural(row['parse_errors'], 'parse error')}: the rest of the file is unharmed",
            )
        )
    return output.facts(facts)


def _line(summary: dict[str, Any] | None) -> str:
    """The one line about a node, and how far it can be trusted where that is not far."""
    if summary is None:
        return ""
    unsure = summary["provenance"] == "rule_based_insufficient"
    return f"{summary['one_line']} (unsure)" if unsure else str(summary["one_line"])


def _compiler(found: dict[str, Any]) -> str:
    """What rust-analyzer says of a node."""
    signature, reason, do = found["signature"], found["reason"], found["do"]
    if found["state"] == "hydrated":
        return signature or f"no signature: {reason}" * bool(reason)
    if found["state"] == "pending":
        said = f"{signature} (it is asked again)" if signature else "not asked yet"
        return f"{said}: {reason}" if reason else said
    if not reason:
        return ""
    return f"not asked: {reason} ({do})" if do else f"not asked: {reason}"


def _described(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """The exact description, one line a thing; what the signature says already is left out."""
    found = answer["description"]
    if found is None:
        return [("not exact", answer["description_missing"])]
    lines = [("docs", _first_paragraph(found["docs"]))]
    lines += [("qualifiers", " ".join(_qualifiers(found)))]
    lines += [("generic", _generic(one)) for one in found["generics"]]
    lines += [("where", f"{one['subject']}: {' + '.join(one['bounds'])}") for one in found["where"]]
    lines += [("field", _field(field)) for field in found["fields"]]
    lines += [("variant", _variant(variant)) for variant in found["variants"]]
    lines += [("value", found["value"])]
    lines += [
        (one["facet"].replace("_", "-"), one["value"] or "yes")
        for one in found["facets"]
        if one["facet"] not in _IN_SIGNATURE
    ]
    return lines


def _first_paragraph(docs: str) -> str:
    return " ".join(re.split(r"\n\s*\n", docs.strip(), maxsplit=1)[0].split())


def _qualifiers(found: dict[str, Any]) -> list[str]:
    return [*found["qualifiers"], *([] if found["abi"] is None else [f'extern "{found["abi"]}"'])]


def _generic(one: dict[str, Any]) -> str:
    """`'a`, `T: Send + 'a = u8`, `const N: usize`."""
    of = one["type"] or " + ".join(one["bounds"])
    name = f"const {one['name']}" if one["kind"] == "const" else one["name"]
    default = f" = {one['default']}" if one["default"] else ""
    return f"{name}: {of}{default}" if of else f"{name}{default}"


def _field(field: dict[str, Any]) -> str:
    return f"{field['visibility']} {field['name']}: {field['type']}".lstrip()


def _variant(variant: dict[str, Any]) -> str:
    fields = variant["fields"]
    inside = {
        "unit": "",
        "tuple": f"({', '.join(field['type'] for field in fields)})",
        "struct": f" {{ {', '.join(map(_field, fields))} }}",
    }[variant["style"]]
    value = f" = {variant['discriminant']}" if variant["discriminant"] else ""
    return f"{variant['name']}{inside}{value}"


def _outdented(text: str) -> str:
    """As if it stood at the margin: a slice begins after the indentation of its first line."""
    first, newline, rest = text.partition("\n")
    return first + newline + textwrap.dedent(rest)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(nodes)
    app.command(rich_help_panel=PANEL)(show)
