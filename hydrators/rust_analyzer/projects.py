"""Which Cargo workspaces and packages lie below a root, as cargo itself says; knows nothing of
rust-analyzer.

rust-analyzer looks for a manifest at the root and one folder deeper, and upwards too. A tree may hold
several workspaces, and a manifest that cargo refuses must not hide the others.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_TIMEOUT_S = 60.0
_LIMIT = 12  # each is loaded, and may run build scripts, by itself
_LOOKED_AT = 400


class Projects(NamedTuple):
    """`manifests` are those of the workspaces (or of packages in none); `roots` the roots of their crates,
    smallest first; `broken` those that cargo refuses, with its words; `left_out` counts what is beyond the
    limit."""

    manifests: tuple[Path, ...]
    roots: tuple[Path, ...]
    broken: tuple[tuple[Path, str], ...]
    left_out: int


def find_projects(root: Path, cargo: str, env: dict[str, str]) -> Projects:
    """Asks cargo about each manifest that no workspace found so far covers; blocks."""
    covered: set[Path] = set()
    manifests: dict[Path, None] = {}
    roots: dict[Path, int] = {}
    broken: list[tuple[Path, str]] = []
    left_out = 0
    for manifest in _manifests(root):
        if manifest in covered:
            continue
        if len(manifests) >= _LIMIT or len(broken) >= _LIMIT:
            left_out += 1
            continue
        said, error = _metadata(manifest, cargo, env)
        if said is None:
            broken.append((manifest, error))
            continue
        top = Path(said["workspace_root"]) / "Cargo.toml"
        manifests[top] = None
        covered.add(top)
        for package in said["packages"]:
            covered.add(Path(package["manifest_path"]))
            for target in package["targets"]:
                path = Path(target["src_path"])
                if path.is_relative_to(root) and "custom-build" not in target["kind"] and path.is_file():
                    roots[path] = path.stat().st_size
    return Projects(
        tuple(manifests), tuple(sorted(roots, key=lambda path: roots[path])), tuple(broken), left_out
    )


def _manifests(root: Path) -> Iterator[Path]:
    """Nearest first; build output, hidden folders and links are passed over."""
    level = [root]
    looked_at = 0
    while level:
        below: list[Path] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if entry.name == "Cargo.toml" and looked_at < _LOOKED_AT:
                    looked_at += 1
                    yield Path(entry.path)
                elif (
                    entry.is_dir(follow_symlinks=False)
                    and not entry.name.startswith(".")
                    and entry.name not in ("target", "node_modules")
                ):
                    below.append(Path(entry.path))
        level = below


def _metadata(manifest: Path, cargo: str, env: dict[str, str]) -> tuple[dict[str, Any] | None, str]:
    command = [
        cargo,
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
        "--manifest-path",
        os.fspath(manifest),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=manifest.parent,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    if done.returncode != 0:
        words = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        return None, " ".join(words[:12])[:600]
    said = json.loads(done.stdout)
    return said, ""
