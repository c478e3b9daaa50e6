"""How states, nodes and edges look in a terminal."""

from __future__ import annotations

from typing import Any

STATE_STYLES = {
    "ready": "green",
    "scanning": "cyan",
    "indexing": "cyan",
    "opening": "cyan",
    "paused": "yellow",
    "degraded": "yellow",
    "failed": "red",
}

BUSY_STATES = frozenset({"opening", "scanning", "indexing"})


def place(row: dict[str, Any]) -> str:
    """`file.rs:12`, or the file alone where no line is known."""
    return f"{row['file']}:{row['start_line']}" if "start_line" in row else str(row["file"])


def fresh_note(answer: dict[str, Any]) -> str:
    """What a reader has to know about an answer's freshness; "" when all is well."""
    pending = sum(int(n) for n in answer.get("pending", {}).values())
    notes = [f"warning: {warning}" for warning in answer.get("warnings", ())]
    if pending:
        notes.insert(0, f"not complete yet: {pending:,} pending (isg status --wait)")
    return "\n".join(notes)
