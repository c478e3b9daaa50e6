"""The vocabulary between the service and the process that speaks with rust-analyzer.

Frozen records that turn into JSON and back. Lines are 0-based and columns 0-based bytes of UTF-8, as the
language server protocol has them once that encoding is agreed on; a file is named by its path relative to
the workspace's root.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What a session is good for now."""

    ABSENT = "absent"  # no rust-analyzer, or none that runs: see reason and cure
    STOPPED = "stopped"  # not needed now: starts by itself with the next request
    STARTING = "starting"  # the process runs and loads the workspace
    READY = "ready"  # quiescent, healthy, metadata whole, and a method of std resolves
    PARTIAL = (
        "partial"  # answers, but something is missing (dependencies, std, a manifest): answers are marked
    )
    BROKEN = (
        "broken"  # knows nothing of this workspace (manifest broken, no manifest at all), or keeps crashing
    )


class SessionState(NamedTuple):
    """What a session says of itself. `reason` and `cure` are sentences for people, "" when all is well."""

    state: str
    reason: str = ""
    cure: str = ""
    version: str = ""  # of rust-analyzer, "" while unknown
    progress: str = ""  # what it is busy with, in its own words
    pid: int = 0  # of rust-analyzer, 0 when it does not run
    rss_bytes: int = 0
    restarts: int = 0
    generation: int = 0  # rises with every start and with every change of what the server knows as a whole
    # (manifests, dependencies, sysroot): answers of another generation may differ for any file
    quarantined: tuple[str, ...] = ()  # files that it crashed on twice


class SessionOptions(NamedTuple):
    """`rust_analyzer` is the server's path, "" to have it looked for. `stubs` are files that are never
    shown to the server: an empty text stands for them. Above `memory_cap_bytes`, its children included, it
    is started anew; unused for `idle_stop_s` it is stopped. `in_flight` bounds the requests of one
    question."""

    rust_analyzer: str = ""
    stubs: tuple[str, ...] = ()
    memory_cap_bytes: int = 4 << 30
    idle_stop_s: float = 900.0
    in_flight: int = 12
    request_timeout_s: float = 30.0
    start_timeout_s: float = 300.0


class Position(NamedTuple):
    line: int
    column: int


class Range(NamedTuple):
    start: Position
    end: Position


class ExternalItem(NamedTuple):
    """A definition outside the workspace. `crate` and `version` as its package says ("core", "1.95.0");
    `path` is what it is called ("core::option::Option::map"), "" if that cannot be told; `kind` one of
    `store.model.NodeKind`'s values; `signature` as rust-analyzer shows it."""

    crate: str
    version: str
    path: str
    kind: str
    signature: str


class Target(NamedTuple):
    """Where a definition lies: inside the workspace by path and ranges (`whole` with
    docs and attributes, `name` the token), outside of it as `external`, with path ""."""

    path: str
    whole: Range
    name: Range
    external: ExternalItem | None = None


class HoverAnswer(NamedTuple):
    """`signature` as rust-analyzer shows it, on one line; "" with the reason why there is none."""

    signature: str
    reason: str = ""


class ServerDiagnostic(NamedTuple):
    """`severity` is "error", "warning", "information" or "hint"; `code` is "" if it has none."""

    severity: str
    code: str
    message: str
    range: Range
    source: str


class Symbol(NamedTuple):
    """One line of the outline that the server makes of a file."""

    name: str
    kind: str  # the protocol's name of the kind, lower case: "function", "struct", "object" …
    detail: str
    whole: Range
    name_range: Range
    container: str  # names of what it is in, joined by "::", "" at the top


class FileQuestion(NamedTuple):
    """What to ask about one file. Answers come in the same order. `hash` is that of the text (blake3, as in
    `store.model`): answers are given only while the server's text of the file is exactly this one."""

    path: str
    hash: str
    hovers: tuple[Position, ...]
    definitions: tuple[Position, ...]
    wants_diagnostics: bool = True
    wants_outline: bool = True


class FileAnswer(NamedTuple):
    """`definitions` hold all targets of each question (none: it cannot be resolved; of an item of the
    workspace that a macro makes, its name in the macro's text and then the macro's call). `server_s` is the
    sum of the server's own answer times, as waited for one by one or overlapping (wall time with at least one
    request in flight). `requests` counts what was asked, by method."""

    path: str
    hash: str
    generation: int
    is_partial: bool  # the session was PARTIAL
    hovers: tuple[HoverAnswer, ...]
    definitions: tuple[tuple[Target, ...], ...]
    diagnostics: tuple[ServerDiagnostic, ...] | None
    outline: tuple[Symbol, ...] | None
    server_s: float
    requests: dict[str, int]


class Refusal(StrEnum):
    """Why there is no answer about a file."""

    NOT_READY = "not_ready"  # see the session's state; ask again when it changes
    MOVED_ON = "moved_on"  # the text on disk is another by now: a newer question will follow
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"  # the server died over it; asked again, it may be quarantined
    QUARANTINED = "quarantined"
    REFUSED = "refused"  # the file is not fit to be asked about; the message says why
    FAILED = "failed"  # the server answered with an error; the message is its own


class Refused(RuntimeError):
    """There is no answer. The message is for people."""

    def __init__(self, kind: Refusal, message: str) -> None:
        super().__init__(message)
        self.kind = kind
