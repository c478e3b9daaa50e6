"""The Rust code that the oracles look at: published crates as whole packages, the fixtures, the library sources.

Owns the list and its split. The crates of DEVELOPMENT may be looked at while name resolution is tuned; those of
HELD_OUT may not, so that their figures say how it does on code that nobody had in mind.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.oracles.tools import ROOT, ToolMissing, cache_dir, find, run, say

DEVELOPMENT = {
    "semver": "1.0.28",  # small, unsafe, hand-written parser
    "regex-syntax": "0.8.11",  # large enums, visitors, tables
    "toml_edit": "0.22.27",  # parser combinators, many re-exports
    "globset": "0.4.21",  # a facade over another crate
    "petgraph": "0.7.1",  # generics and traits throughout
    "indexmap": "2.14.2",  # a collection: nearly every method is named as in std
    "serde_json": "1.0.154",  # trait-driven, macros
    "syn": "2.0.119",  # macro-made items
}
HELD_OUT = {
    "clap_builder": "4.6.7",  # builders, much state
    "url": "2.5.8",  # a parser with a state machine
    "ignore": "0.4.34",  # files, threads, closures
    "hashbrown": "0.15.5",  # unsafe generics with the names of std
    "rayon-core": "1.13.0",  # concurrency, function values
}
COMPILER = {
    "sqlparser": "0.63.0",  # one parser of 10,000 lines, enums with hundreds of variants
    "tokio": "1.54.1",  # 148,000 lines: async, items inside macro calls, much that is configured out
}
"""Only looked at after rust-analyzer has spoken, beside smaller ones of the other groups."""
_BY_DEFAULT = {"tokio": '"full", "test-util"'}
"""Features that are made default ones. A crate that leaves nearly everything out by itself is developed in a
workspace where others turn it on."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A tree with a Cargo.toml at its root. `group` is "development", "held out", "compiler" or "fixture"."""

    name: str
    group: str
    root: Path

    @property
    def key(self) -> str:
        """Names the tree in the cache."""
        return self.root.name if self.group != "fixture" else f"fixture-{self.name}"


def crate(name: str) -> Corpus:
    """A published crate, fetched if need be. Raises ToolMissing, and StopIteration for a name not listed."""
    listed = {"development": DEVELOPMENT, "held out": HELD_OUT, "compiler": COMPILER}
    group, number = next((group, its[name]) for group, its in listed.items() if name in its)
    root = cache_dir() / "crates" / f"{name}-{number}"
    if not (root / "fetched").exists():
        _fetch(name, number, root)
    return Corpus(name, group, root)


def fixture(name: str) -> Corpus:
    """`workspace` or `shapes` of fixtures/, copied, so that no tool writes into the repository."""
    source = ROOT / "fixtures" / name
    if not (source / "Cargo.toml").exists():
        raise ToolMissing(f"fixtures/{name} has no Cargo.toml")
    root = cache_dir() / "fixtures" / name
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(source, root, ignore=shutil.ignore_patterns("target"))
    return Corpus(name, "fixture", root)


def names(group: str) -> list[str]:
    """The corpora of a group; for "all" those that facts before rust-analyzer are judged on."""
    groups = {
        "development": list(DEVELOPMENT),
        "held out": list(HELD_OUT),
        "fixture": ["workspace", "shapes"],
    }
    if group == "compiler":
        return ["workspace", "semver", "regex-syntax", *COMPILER]
    return groups[group] if group != "all" else [name for found in groups.values() for name in found]


def load(name: str) -> Corpus:
    """The corpus of a name, whatever it is. Raises ToolMissing."""
    return fixture(name) if name in names("fixture") else crate(name)


def library_sources() -> Path:
    """The `library` folder of the Rust sources: ISG_BENCH_TREE, Debian's rust-web-src, or rustup's rust-src."""
    candidates = [Path(os.environ["ISG_BENCH_TREE"])] if os.environ.get("ISG_BENCH_TREE") else []
    candidates += sorted(Path("/usr/src").glob("rustc-*/library"), reverse=True)
    if rustc := shutil.which("rustc"):
        sysroot = subprocess.run([rustc, "--print", "sysroot"], capture_output=True, text=True, timeout=60)
        candidates.append(Path(sysroot.stdout.strip()) / "lib/rustlib/src/rust/library")
    for folder in candidates:
        if (folder / "core/src/lib.rs").is_file():
            return folder
    raise ToolMissing("no Rust library sources: install rust-web-src (Debian) or rust-src (rustup)")


def _fetch(name: str, number: str, root: Path) -> None:
    """Copies the package out of cargo's own store, and fetches what it depends on, its tests included."""
    say(f"cargo fetch {name} {number}")
    cargo = find("cargo")
    manifest = cache_dir() / "manifests" / f"{name}-{number}" / "Cargo.toml"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.with_name("lib.rs").touch()
    manifest.write_text(
        '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
        f'[dependencies]\n{name} = "={number}"\n[workspace]\n',
        encoding="utf-8",
    )
    described = run([cargo, "metadata", "--format-version", "1"], cwd=manifest.parent)
    packages = json.loads(described)["packages"]
    source = next(
        Path(package["manifest_path"]).parent
        for package in packages
        if package["name"] == name and package["version"] == number
    )
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(
        source, root, ignore=shutil.ignore_patterns("target", ".cargo-ok", ".cargo_vcs_info.json")
    )
    if features := _BY_DEFAULT.get(name):
        own = (root / "Cargo.toml").read_text("utf-8")
        assert "\ndefault = []\n" in own, name
        changed = own.replace("\ndefault = []\n", f"\ndefault = [{features}]\n")
        (root / "Cargo.toml").write_text(changed, encoding="utf-8")
    run([cargo, "fetch"], cwd=root)
    (root / "fetched").touch()
