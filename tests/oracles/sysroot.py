"""A copy of the library sources that rust-analyzer understands offline: links, with pruned manifests beside them.

Pointed at the bare sources it loses the links core ← alloc ← std, because `cargo metadata` wants dev-dependencies
that are not there; then methods of iterators, maps and boxes do not resolve, silently.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

from tests.oracles.corpora import library_sources
from tests.oracles.tools import cache_dir, find, run, say

_DROPPED = ("dev-dependencies", "build-dependencies", "workspace", "test", "bench", "example", "lints")
_AS_THEY_ARE = ("stdarch", "portable-simd", "backtrace")  # sources that other crates include, no crates to us


def shadow_sysroot() -> Path:
    """The folder to give as `cargo.sysrootSrc` and RUST_SRC_PATH, made if need be. Raises ToolMissing."""
    library = library_sources()
    shadow = cache_dir() / f"sysroot-{library.parent.name}"
    if (shadow / "ready").exists():
        return shadow
    say("shadow of the library sources")
    shutil.rmtree(shadow, ignore_errors=True)
    shadow.mkdir()
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
    command = [find("cargo"), "metadata", "--offline", "--format-version", "1"]
    run(command, cwd=shadow / "sysroot", env={"RUSTC_BOOTSTRAP": "1"})
    (shadow / "ready").touch()
    return shadow


def _link(source: Path, target: Path) -> None:
    target.mkdir()
    for entry in source.iterdir():
        if entry.name == "Cargo.toml":
            (target / entry.name).write_text(_pruned(entry.read_text("utf-8")), encoding="utf-8")
        elif entry.name not in ("Cargo.lock", "target"):
            (target / entry.name).symlink_to(entry)


def _pruned(manifest: str) -> str:
    """The manifest without what only tests, benches and build scripts need, and without features that name it."""
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
