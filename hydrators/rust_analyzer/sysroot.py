"""Library sources that rust-analyzer understands offline.

It reads them by `cargo metadata`, which wants packages that are not there: the bare sources then lose the
links core ← alloc ← std, and methods of iterators, maps and boxes do not resolve, silently. Where sources
bring a `vendor` folder (Debian), a shadow is made of them: links, with pruned manifests beside them that
name the vendored packages. Where their packages are in cargo's own store (rustup, once fetched) they are
fit as they are. Otherwise the shadow has no manifest at its top, and rust-analyzer stitches the crates
together by itself, which is nearly complete. Knows no session; writes nothing but the folder it is given.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

_RECIPE = "1"  # raise it when the way a shadow is made changes
_TIMEOUT_S = 120.0
_DROPPED = ("dev-dependencies", "build-dependencies", "workspace", "test", "bench", "example", "lints")
_AS_THEY_ARE = ("stdarch", "portable-simd", "backtrace")  # sources that other crates include, no crates to us


class Sources(NamedTuple):
    """`folder` goes to the server as it is, "" when there are no sources; what the server finds below it
    lies below `original`, and belongs to the release `release`. `lack` says what is incomplete, "" if
    nothing is."""

    folder: str
    original: str = ""
    release: str = ""
    lack: str = ""


def prepare_sources(libraries: Sequence[Path], release: str, cargo: str, cache: Path) -> Sources:
    """What to give as `cargo.sysrootSrc` and RUST_SRC_PATH, made in `cache` if need be; blocks while cargo
    runs.

    `libraries` are the toolchain's own sources (of `release`) and then others; complete ones of another
    release are worth more than incomplete ones. Raises OSError if the cache cannot be written.
    """
    for library in libraries:
        if not (library / "vendor").is_dir():
            if _has_metadata(library, cargo):
                return Sources(str(library), str(library), _release_of(library, release))
        elif ((shadow := _shadow(library, cargo, cache)) / "Cargo.toml").exists():
            return Sources(str(shadow), str(library), _release_of(library, release))
    if not libraries:
        return Sources("", lack="there are no library sources")
    shadow = _shadow(libraries[0], cargo, cache)
    lack = "packages that the library sources use are not there"
    return Sources(str(shadow), str(libraries[0]), _release_of(libraries[0], release), lack)


def _release_of(library: Path, release: str) -> str:
    """The release of the sources: Debian's folder is named after it, rustup's belongs to its rustc."""
    named = re.fullmatch(r"rustc-(\d+\.\d+\.\d+.*)", library.parent.name)
    return named[1] if named else release


def _shadow(library: Path, cargo: str, cache: Path) -> Path:
    """The folder with the shadow of these sources. Made under another name, so that there is all of it or
    nothing."""
    stamp = (library / "core" / "Cargo.toml").stat()
    identity = f"{_RECIPE} {library} {stamp.st_mtime_ns} {stamp.st_ino}"
    name = f"sysroot-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
    shadow = cache / name
    if not shadow.exists():
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=cache))
        try:
            _make_shadow(library, made, cargo)
            made.rename(shadow)
        except OSError:
            if not shadow.exists():  # else another process was faster
                raise
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return shadow


def _make_shadow(library: Path, shadow: Path, cargo: str) -> None:
    if (library / "vendor").is_dir():
        try:
            _make_workspace(library, shadow)
        except (tomllib.TOMLDecodeError, KeyError):  # sources laid out in a way that we do not know
            pass
        else:
            if _has_metadata(shadow, cargo):
                return
        for entry in list(shadow.iterdir()):
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    for entry in library.iterdir():
        if entry.is_dir() and entry.name != "vendor":
            (shadow / entry.name).mkdir()
            for inner in entry.iterdir():
                if inner.name not in ("Cargo.toml", "Cargo.lock", "target"):
                    (shadow / entry.name / inner.name).symlink_to(inner)


def _has_metadata(library: Path, cargo: str) -> bool:
    """Whether cargo, offline, understands the sources. Leaves no lock file in sources that are not ours."""
    try:
        done = subprocess.run(
            [cargo, "metadata", "--offline", "--locked", "--format-version", "1"]
            if (library / "Cargo.lock").exists()
            else [cargo, "metadata", "--offline", "--format-version", "1"],
            cwd=library / "sysroot",
            env={**os.environ, "RUSTC_BOOTSTRAP": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _make_workspace(library: Path, shadow: Path) -> None:
    patches: dict[str, Any] = {}
    for entry in sorted(library.iterdir()):
        if entry.name == "vendor":
            (shadow / "vendor").mkdir()
            for package in sorted(entry.iterdir()):
                _link(package, shadow / "vendor" / package.name)
                name = tomllib.loads((package / "Cargo.toml").read_text("utf-8"))["package"]["name"]
                key = re.sub(r"[^A-Za-z0-9_-]", "-", package.name)
                patches[key] = {"path": f"vendor/{package.name}", "package": name}
        elif entry.name == "compiler-builtins":
            (shadow / entry.name).mkdir()
            for package in sorted(entry.iterdir()):
                if (package / "Cargo.toml").exists():
                    _link(package, shadow / entry.name / package.name)
        elif entry.is_dir() and entry.name in _AS_THEY_ARE:
            (shadow / entry.name).symlink_to(entry)
        elif entry.is_dir():
            _link(entry, shadow / entry.name)
    for name in ("core", "alloc", "std"):
        patches[f"rustc-std-workspace-{name}"] = {"path": f"rustc-std-workspace-{name}"}
    workspace = {"resolver": "1", "members": ["std", "sysroot"]}
    manifest = _toml({"workspace": workspace, "patch": {"crates-io": patches}})
    (shadow / "Cargo.toml").write_text(manifest, encoding="utf-8")


def _link(source: Path, target: Path) -> None:
    target.mkdir()
    for entry in source.iterdir():
        if entry.name == "Cargo.toml":
            (target / entry.name).write_text(_pruned(entry.read_text("utf-8")), encoding="utf-8")
        elif entry.name not in ("Cargo.lock", "target"):
            (target / entry.name).symlink_to(entry)


def _pruned(manifest: str) -> str:
    """The manifest without what only tests, benches and build scripts need, and without features that name
    it."""
    table = {key: value for key, value in tomllib.loads(manifest).items() if key not in _DROPPED}
    known = set(table.get("dependencies", {}))
    for target in table.get("target", {}).values():
        target.pop("dev-dependencies", None)
        known |= set(target.get("dependencies", {}))
    features = table.get("features", {})
    for name, values in features.items():
        features[name] = [value for value in values if _is_known(value, known)]
    return _toml(table)


def _is_known(feature: str, dependencies: set[str]) -> bool:
    if feature.startswith("dep:"):
        return feature.removeprefix("dep:") in dependencies
    name, slash, _ = feature.partition("/")
    return not slash or name.removesuffix("?") in dependencies


def _toml(table: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {_inline(value)}\n" for key, value in table.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)
