"""What can go wrong with models: one class, told apart by its kind."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why a model cannot be had."""

    UNKNOWN = "unknown"  # no such name, no such file
    ABSENT = "absent"  # a known model that is not here
    UNFIT = "unfit"  # a file that is no whole GGUF model
    OFFLINE = "offline"  # where it comes from is not reached, or refuses
    CUT = "cut"  # the connection ended in the middle, again and again
    WRONG_HASH = "wrong_hash"
    DISK = "disk"  # full, or not to be written
    NOT_OURS = "not_ours"  # a file of the user's own is not removed
    NOT_RUNNING = "not_running"  # the library that runs models is missing, or refuses this one


class ModelError(RuntimeError):
    """A model cannot be had: what happened, and what to do next."""

    def __init__(self, kind: Trouble, message: str, do: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.do = do
