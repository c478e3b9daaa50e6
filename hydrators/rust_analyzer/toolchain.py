"""Where rust-analyzer, cargo, rustc and the library sources are, each proven by running it.

Knows nothing of sessions. Everything is run in the workspace's root, where rustup reads which toolchain is
wanted.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TIMEOUT_S = 30.0
_PLACES = ("~/.cargo/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin")
# A service started by launchd or systemd has little on its PATH.
_SOURCES = ("/usr/lib/rustlib/src/rust/library",)


class Toolchain(NamedTuple):
    """`version` is rust-analyzer's own line, `release` that of rustc ("1.95.0"). `libraries` are folders of
    library sources, that of the toolchain itself first. `path` is the PATH for children."""

    rust_analyzer: str
    version: str
    cargo: str
    rustc: str
    release: str
    libraries: tuple[Path, ...]
    path: str


class ToolchainAbsent(RuntimeError):
    """A program is missing or does not run. The message says which; `cure` says what to do."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.cure = cure


def find_toolchain(rust_analyzer: str, root: Path) -> Toolchain:
    """All that a session needs; blocks while it runs a few programs. `rust_analyzer` names the server, ""
    to look for it. Raises ToolchainAbsent."""
    path = os.pathsep.join(_search_path())
    server, version = _find_server(rust_analyzer, root, path)
    cargo = _find_program("cargo", root, path)
    rustc = _find_program("rustc", root, path)
    said = _run([rustc, "--version", "--verbose"], root)
    release = re.search(r"^release: (\S+)$", said or "", re.MULTILINE)
    if release is None:
        raise ToolchainAbsent(
            f"{rustc} does not run", "install Rust (https://rustup.rs, or Debian's rustc and cargo)"
        )
    sysroot = (_run([rustc, "--print", "sysroot"], root) or "").strip()
    return Toolchain(
        server,
        version,
        cargo,
        rustc,
        release[1],
        _libraries(sysroot),
        os.pathsep.join(dict.fromkeys([os.path.dirname(cargo), *path.split(os.pathsep)])),
    )


def _search_path() -> Iterator[str]:
    seen = dict.fromkeys(os.environ.get("PATH", "").split(os.pathsep))
    for place in _PLACES:
        seen.setdefault(os.path.expanduser(place))
    return (place for place in seen if os.path.isabs(place))  # "." would be the workspace


def _find_server(wanted: str, root: Path, path: str) -> tuple[str, str]:
    """Path and version of a server that runs. What lies on PATH may be rustup's proxy for a component that
    is not installed."""
    tried = ""
    for candidate in [wanted] if wanted else _servers(root, path):
        said = _run([candidate, "--version"], root)
        if said is not None and said.startswith("rust-analyzer"):
            return candidate, said.strip().splitlines()[0]
        tried = tried or candidate
    if wanted:
        raise ToolchainAbsent(
            f"{wanted} does not run as a rust-analyzer",
            "correct the setting, or leave it empty to have one looked for",
        )
    has_rustup = shutil.which("rustup", path=path) is not None
    cure = (
        "rustup component add rust-analyzer"
        if has_rustup
        else "install rust-analyzer (rustup component, Debian package)"
    )
    if tried:
        raise ToolchainAbsent(
            f"{tried} is there but does not run (rustup's proxy without its component?)", cure
        )
    raise ToolchainAbsent("rust-analyzer is not installed", cure)


def _servers(root: Path, path: str) -> Iterator[str]:
    if (rustup := shutil.which("rustup", path=path)) and (
        said := _run([rustup, "which", "rust-analyzer"], root)
    ):
        yield said.strip()
    for folder in path.split(os.pathsep):
        if found := shutil.which("rust-analyzer", path=folder):
            yield found


def _find_program(name: str, root: Path, path: str) -> str:
    if (rustup := shutil.which("rustup", path=path)) and (said := _run([rustup, "which", name], root)):
        return said.strip()
    found = shutil.which(name, path=path)
    if found is None:
        raise ToolchainAbsent(
            f"{name} is not installed", "install Rust (https://rustup.rs, or Debian's rustc and cargo)"
        )
    return found


def _libraries(sysroot: str) -> tuple[Path, ...]:
    candidates = [Path(sysroot, "lib/rustlib/src/rust/library")] if sysroot else []
    candidates += map(Path, _SOURCES)
    candidates += sorted(Path("/usr/src").glob("rustc-*/library"), reverse=True)
    found = (folder.resolve() for folder in candidates if (folder / "core/src/lib.rs").is_file())
    return tuple(dict.fromkeys(found))


def _run(command: list[str], root: Path) -> str | None:
    """Standard output of a command that succeeded in time."""
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "RUSTUP_AUTO_INSTALL": "0"},  # asking must not download a toolchain
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
