"""The shapes of answers that only rust-analyzer can give: diagnostics, expansions, candidates.

As in `indexer.results`, lines are 1-based and inclusive, paths are relative to the root; columns are 0-based
bytes.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from indexer.results import Freshness, NodeBriefRow


class InterfaceRow(TypedDict):
    """An item that a macro call expands to, seen by its text alone: it is no node. Lines are those of the
    expansion; `item_kind` is one of the kinds of nodes."""

    kind: Literal["macro_interface"]
    item_kind: str
    name: str
    qualified_name: str
    visibility: str
    signature: str
    start_line: int
    end_line: int


class MacroNotes(TypedDict):
    """`macro` is its name. Without an expansion `reason` says why; `is_truncated`: `text` is not all of
    it."""

    macro: str
    is_truncated: bool
    reason: str


class Expansion(Freshness):
    """`text` is what rust-analyzer makes of the call, all macros inside it expanded, too."""

    node: NodeBriefRow
    text: str
    interfaces: list[InterfaceRow]
    macro_expansion_notes: MacroNotes


class DiagnosticRow(TypedDict):
    """`severity` is "error", "warning", "information" or "hint"; columns are 0-based bytes. `node_id` is
    the innermost node around its start, or "". `is_current`: it was seen on the bytes that are in the index
    now."""

    file: str
    node_id: str
    severity: str
    code: str
    message: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    source: str
    hash: str
    is_current: bool
    clock: int


class DiagnosticList(Freshness):
    """Newest commit first. What it means if there is none: `state` is "known", there is none; "pending", it
    will be asked (again) about; "unknown", it was not asked about; "left alone", with a reason in the file's
    own text; "off", nobody is asked in this workspace. It is that of the one file if one was asked for, else
    of all files together, of which `files_pending` and `files_left_alone` are not known."""

    diagnostics: list[DiagnosticRow]
    truncated: bool
    state: Literal["known", "pending", "unknown", "left alone", "off"]
    reason: str
    do: str
    files_pending: int
    files_left_alone: int


class OverlayOpened(Freshness):
    """`open` are all files that this connection has buffers for, `new` those of them that are not on disk."""

    open: list[str]
    new: list[str]


class OverlayClosed(Freshness):
    closed: list[str]


class FindingRow(TypedDict):
    """A diagnostic of a text that is not in the index; `text` is that of its first line."""

    severity: str
    code: str
    message: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    source: str
    text: str


class OverlayDiagnostics(Freshness):
    """What the buffers that are open change in the diagnostics of one file. Those that stay are only counted.
    `disappeared` have the places that they have on disk."""

    file: str
    appeared: list[FindingRow]
    disappeared: list[FindingRow]
    baseline_count: int
    candidate_count: int


class SymbolRow(TypedDict):
    """`kind` is the language server protocol's, in lower case; `line` and `column` are those of the name."""

    name: str
    kind: str
    detail: str
    container: str
    start_line: int
    end_line: int
    line: int
    column: int


class OverlaySymbols(Freshness):
    file: str
    symbols: list[SymbolRow]


class OverlayHover(Freshness):
    """`signature` is on one line; without one `reason` says why."""

    signature: str
    reason: str


class TargetRow(TypedDict):
    """Where a definition lies; `line` and `column` are those of its name. `node` is null where it is none,
    and in a file with an open buffer. Outside of the workspace `file` is "" and the lines are 0."""

    file: str
    start_line: int
    end_line: int
    line: int
    column: int
    node: NodeBriefRow | None


class OverlayTargets(Freshness):
    targets: list[TargetRow]


class OverlayExpansion(Freshness):
    """`macro` is "" where there is no macro call."""

    macro: str
    text: str
    is_truncated: bool
