"""Where git keeps what a workspace needs to see: HEAD, the exclude file, a place for cookies.

Reads the layout of `.git` (a folder, or a file in a linked worktree or a submodule). Never runs git
and never looks above the workspace root: an enclosing repository says nothing about this workspace.
"""

from __future__ import annotations

import os
from typing import NamedTuple


class GitPlaces(NamedTuple):
    """Absolute paths. `head_dir` holds HEAD and index; `exclude_file` may be absent on disk."""

    head_dir: str
    exclude_file: str


def locate_git(root: str) -> GitPlaces | None:
    """The git places of the workspace at `root`, or None when it has no usable `.git`."""
    dot_git = os.path.join(root, ".git")
    head_dir = dot_git if os.path.isdir(dot_git) else _target_of_gitfile(dot_git, root)
    if head_dir is None or not os.path.isfile(os.path.join(head_dir, "HEAD")):
        return None
    common_dir = _first_line(os.path.join(head_dir, "commondir"))
    shared = head_dir if common_dir is None else os.path.normpath(os.path.join(head_dir, common_dir))
    return GitPlaces(head_dir, os.path.join(shared, "info", "exclude"))


def _target_of_gitfile(dot_git: str, root: str) -> str | None:
    line = _first_line(dot_git)
    if line is None or not line.startswith("gitdir:"):
        return None
    target = os.path.normpath(os.path.join(root, line.removeprefix("gitdir:").strip()))
    return target if os.path.isdir(target) else None


def _first_line(path: str) -> str | None:
    try:
        if not os.path.isfile(path):  # opening a FIFO would wait for its writer
            return None
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(4096).strip()
    except OSError:
        return None
