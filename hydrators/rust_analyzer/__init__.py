"""The compiler's word on a workspace: rust-analyzer, driven by a process of its own (`worker.py`) on behalf
of the daemon (`process.py`)."""

from hydrators.rust_analyzer.findings import Outline, missing_in_outline, read_answer, targets_of
from hydrators.rust_analyzer.model import (
    FileAnswer,
    FileQuestion,
    Position,
    Refusal,
    Refused,
    ServerDiagnostic,
    SessionOptions,
    SessionState,
    State,
    Symbol,
    Target,
)
from hydrators.rust_analyzer.plan import Lines, Plan, asks_nothing, plan_file
from hydrators.rust_analyzer.process import Compiler

__all__ = [
    "Compiler",
    "FileAnswer",
    "FileQuestion",
    "Lines",
    "Outline",
    "Plan",
    "Position",
    "Refusal",
    "Refused",
    "ServerDiagnostic",
    "SessionOptions",
    "SessionState",
    "State",
    "Symbol",
    "Target",
    "asks_nothing",
    "missing_in_outline",
    "plan_file",
    "read_answer",
    "targets_of",
]
