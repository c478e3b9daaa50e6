"""How states, nodes and edges look in a terminal."""

from __future__ import annotations

import sys
from typing import Any

from indexer.cli import output

STATE_STYLES = {
    "ready": "green",
    "scanning": "cyan",
    "indexing": "cyan",
    "opening": "cyan",
    "paused": "yellow",
    "degraded": "yellow",
    "failed": "red",
}

_SEVERITIES = ("error", "warning", "information", "hint")
_USELESS = ("rust-analyzer is absent", "rust-analyzer is broken")  # waiting does not help
_WORDS = {"opening": "opening", "scanning": "looking for files", "indexing": "reading files"}
BUSY_STATES = frozenset(_WORDS)


class Phases:
    """What a workspace is at, in words.

    An index is read once for definitions and once for edges, each time counted from the first file: a count
    that falls means the second, so that progress is never seen to go backwards.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}
        self._resolving: set[str] = set()

    def describe(self, status: dict[str, Any]) -> str:
        """For one row of `status`, the last one of the same workspace in mind."""
        progress = status.get("progress") or {}
        done, total = progress.get("done", 0), progress.get("total", 0)
        seen_done, seen_total = self._seen.get(status["id"], (0, 0))
        self._seen[status["id"]] = (done, total)
        if status["state"] != "indexing" or total != seen_total:
            self._resolving.discard(status["id"])
        elif done < seen_done:
            self._resolving.add(status["id"])
        if status["state"] not in BUSY_STATES:
            return "resolving edges" if unresolved(status) else str(status["state"])
        if status["id"] not in self._resolving:
            return _WORDS[status["state"]]
        return "resolving edges" if done < total else "finishing"


def title(node: dict[str, Any]) -> Any:
    """`method Parser::new`; of a `use` or an `impl`, whose names hold the kind, the name alone."""
    kind, name = node["kind"], output.clean(node["id"] if node.get("package") else node["qualified_name"])
    line = output.paint("" if f"::{kind} " in f"::{name}" else f"{kind} ", "cyan")
    return line.append(name, style="bold not cyan")


def place(row: dict[str, Any]) -> str:
    """`file.rs:12`, or the file alone where no line is known."""
    return f"{row['file']}:{row['start_line']}" if "start_line" in row else str(row["file"])


def lines_of(row: dict[str, Any]) -> str:
    """`12-15`, or `12` for a single line."""
    start, end = row["start_line"], row["end_line"]
    return f"{start}" if start == end else f"{start}-{end}"


def source_text(text: str, first_line: int) -> Any:
    """Rust for people: in colours and with line numbers on a terminal."""
    if not sys.stdout.isatty():
        return output.paint(text)
    from rich.syntax import Syntax

    return Syntax(
        text,
        "rust",
        line_numbers=True,
        start_line=first_line,
        background_color="default",
        word_wrap=True,
    )


def count_findings(by_severity: dict[str, int]) -> str:
    """`1 error, 2 warnings (isg diagnostics)`; "" for none."""
    named = [output.plural(by_severity[name], name) for name in _SEVERITIES if by_severity.get(name)]
    return f"{', '.join(named)} (isg diagnostics)" if named else ""


def unresolved(row: dict[str, Any]) -> int:
    """How much of the structural stages is pending; rust-analyzer goes on for long after them."""
    return sum(int(n) for stage, n in (row.get("pending") or {}).items() if stage != "semantic")


def fresh_note(answer: dict[str, Any]) -> str:
    """What a reader has to know about an answer's freshness; "" when all is well."""
    notes = []
    warnings = answer.get("warnings", ())
    if pending := unresolved(answer):
        notes.append(f"not complete yet: {pending:,} pending (isg status --wait)")
    asked = answer.get("pending", {}).get("semantic")
    if asked and not any(warning.startswith(_USELESS) for warning in warnings):
        files = output.plural(asked, "file")
        notes.append(f"rust-analyzer is still to say more of {files} (isg status --wait --stage semantic)")
    return "\n".join([*notes, *(f"warning: {warning}" for warning in warnings)])


def describe_model(model: dict[str, Any]) -> str:
    """In words: which, or why none."""
    if model["reason"]:
        return f"{model['name']}: {model['reason']}" + (f" → {model['do']}" if model["do"] else "")
    return str(model["name"])


def describe_meaning(row: dict[str, Any]) -> list[tuple[str, str]]:
    """How far a workspace's lines and vectors have got."""
    lines = f"{row.get('lines', 0):,} lines"
    if by := row.get("by_provenance"):
        lines += (
            f" ({by.get('rule_based_insufficient', 0):,} unsure, {by.get('llm_assisted', 0):,} by a model)"
        )
    if pending := row.get("pending_files"):
        lines += f", {output.plural(pending, 'file')} to go"
    facts = [("lines", lines)]
    if row["model"]:
        vectors = f"{row.get('vectors', 0):,}"
        if missing := row.get("missing_vectors"):
            vectors += f", {missing:,} to go"
            if row["eta_s"] is not None:
                vectors += f", about {output.duration(row['eta_s'])}"
        if refused := row.get("refused_vectors"):
            vectors += f", {refused:,} could not be made"
        if recall := row["recall"]:
            vectors += f", the index finds {recall['recall']:.1%} of what it should"
        facts.append(("vectors", vectors))
    return facts
