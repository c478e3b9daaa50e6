"""What a session finds around it: memory, files that are dangerous to read, and words for what is wrong.

Looks and tells; decides nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from hydrators.rust_analyzer.disk import read_bytes
from hydrators.rust_analyzer.guards import is_deep
from hydrators.rust_analyzer.projects import Projects


def deep_files(root: Path) -> list[str]:
    """Files that overflow the server's stack when it reads them, relative to the root."""
    found: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "target"]
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(".rs") and (data := read_bytes(path)) is not None and is_deep(data):
                found.append(os.path.relpath(path, root))
    return found


def memory_of(pid: int) -> int:
    """Resident bytes of a process and its children, 0 if it is gone."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:
            continue
    return total


def no_project(root: Path, projects: Projects) -> tuple[str, str]:
    if not projects.broken:
        return "there is no Cargo.toml in this workspace", "rust-analyzer needs one; `cargo init` makes it"
    manifest, words = projects.broken[0]
    return f"{_relative(manifest, root)}: {words}", "correct the manifest"


def left_out(root: Path, projects: Projects) -> str:
    said = [f"{_relative(manifest, root)} is left out: {words}" for manifest, words in projects.broken[:3]]
    if projects.left_out:
        said.append(f"{projects.left_out} more manifests are left out: too many workspaces in one tree")
    return "; ".join(said)


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(path, root)


def first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[:4])[:500]


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
