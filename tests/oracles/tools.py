"""The programs that the oracles are made of: where they are, their versions, and the cache they share.

Knows no oracle. Everything fetched or built lies in one cache folder outside the repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_HERE = Path(__file__).resolve().parent
_TIMEOUT_S = 1_800


class ToolMissing(RuntimeError):
    """A program or source tree that an oracle needs is absent, or failed; the message says which and how to get it."""


def cache_dir() -> Path:
    """The folder for crates, builds and recorded answers, in the user's cache."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isg-accuracy"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def say(what: str) -> None:
    """One line of progress on standard error."""
    print(f"accuracy: {what}", file=sys.stderr, flush=True)


def find(program: str) -> str:
    """Where a program is. Raises ToolMissing."""
    found = shutil.which(program)
    if found is None:
        raise ToolMissing(
            f"{program} is not installed (cargo and rustc: rustup or Debian; rust-analyzer: too)"
        )
    return found


@cache
def version(program: str) -> str:
    """The first line of `program --version`."""
    return run([find(program), "--version"]).strip().splitlines()[0]


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> str:
    """Standard output of a command that must succeed. Raises ToolMissing with the end of its standard error."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        input=stdin,
        timeout=_TIMEOUT_S,
    )
    if done.returncode != 0:
        tail = done.stderr.decode("utf-8", "replace").strip().splitlines()[-8:]
        shown = " ".join([Path(command[0]).name, *command[1:3]])
        raise ToolMissing(f"`{shown} …` failed: " + " / ".join(tail))
    return done.stdout.decode("utf-8", "replace")


@cache
def build(name: str) -> Path:
    """The executable of the cargo program in tests/oracles/<name with _>, built if need be."""
    target = cache_dir() / "build"
    folder = _HERE / name.replace("-", "_")
    say(f"cargo build {name}")
    run(
        [find("cargo"), "build", "--release", "--locked", "--quiet"],
        cwd=folder,
        env={"CARGO_TARGET_DIR": str(target)},
    )
    return target / "release" / name
