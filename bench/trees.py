"""The Rust trees that benches run on: the bundled fixture and parts of one large tree.

Owns where they come from and their scratch copies; knows nothing of the service. Sources are only read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "workspace"
PROBE_PATH = "isg_bench_probe/src/lib.rs"
PROBE_LINES = 4_750
# A part of a large tree is made of several folders, so that no single one decides what it is like.
LARGEST_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Tree:
    """A scratch copy of a tree, with the probe file in it. `lines` and `files` count its *.rs files."""

    name: str
    root: Path
    files: int
    lines: int


def find_large_tree() -> Path | None:
    """ISG_BENCH_TREE, else the `library` folder that Debian's rust-web-src installs, else None."""
    if named := os.environ.get("ISG_BENCH_TREE"):
        return Path(named).resolve()
    try:
        listing = subprocess.run(
            ["dpkg", "-L", "rust-web-src"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    folders = [Path(line) for line in listing.splitlines() if line.endswith("/library")]
    return next((folder for folder in folders if folder.is_dir()), None)


def rust_files(root: Path) -> Iterator[Path]:
    """Every regular *.rs file below `root` outside hidden folders and target/, in no order."""
    pending = [str(root)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith(".") and entry.name != "target":
                        pending.append(entry.path)
                elif entry.name.endswith(".rs") and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def count_lines(paths: Iterator[Path]) -> tuple[int, int]:
    """(files, lines). Reading every file also brings it into the page cache, for all that follows."""
    files = lines = 0
    for path in paths:
        files += 1
        lines += path.read_bytes().count(b"\n")
    return files, lines


def pick_folders(sizes: dict[str, int], target_lines: int) -> list[str]:
    """Top-level folders that make about `target_lines` together: largest first, while they fit."""
    picked: list[str] = []
    total = 0
    for name, lines in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        if lines <= LARGEST_SHARE * target_lines and total + lines <= 1.02 * target_lines:
            picked.append(name)
            total += lines
    return picked


def probe_text() -> str:
    """A Rust file of PROBE_LINES lines that is the same in every tree, its names found nowhere else.

    Saves of this one file tell whether the time of a save grows with the tree around it.
    """
    parts = ["//! Written by the bench; every tree gets the same file.\n"]
    lines = 1
    ordinal = 0
    while lines < PROBE_LINES:
        part = _PROBE_UNIT.replace("@", f"{ordinal:04}").replace("~", f"{max(0, ordinal - 1):04}")
        parts.append(part)
        lines += part.count("\n")
        ordinal += 1
    return "".join(parts)


# About as many lines of documentation to lines of code as in the Rust library.
_PROBE_UNIT = """
/// What probe number @ carries from one step to the next.
///
/// A probe is small on purpose: it stands for the many items of a long file, and its methods
/// call what the probe before it offers, so that the file has edges inside as well.
///
/// # Examples
///
/// ```
/// let probe = Probe@::default();
/// assert_eq!(probe.fold_@(0), 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Probe@ {
    values: Vec<u64>,
    label: String,
}

impl Probe@ {
    /// Folds the values, and asks the probe before it when the sum is a multiple of seven.
    ///
    /// The sum wraps: overflow is no error here, and nothing depends on the order of values
    /// beyond what multiplication by an odd constant makes of it.
    pub fn fold_@(&self, seed: u64) -> u64 {
        let step = self.values.iter().fold(seed, |sum, value| sum.wrapping_mul(31).wrapping_add(*value));
        if step % 7 == 0 { probe_entry_~(step) } else { step.rotate_left(3) }
    }
}

/// Makes probe number @ with a label of its own and folds it once.
///
/// The seed takes part twice, as a value and in the label, so that no optimiser of a reader's
/// mind drops either of them.
pub fn probe_entry_@(seed: u64) -> u64 {
    let probe = Probe@ { values: vec![seed, 1, 2], label: format!("probe {seed}") };
    probe.fold_@(seed).wrapping_add(probe.label.len() as u64)
}
"""


def make_tree(
    name: str, source: Path, scratch: Path, folders: list[str] | None = None, *, with_probe: bool = True
) -> Tree:
    """Copies `source` (or some of its top-level folders) to `scratch/name`, and adds the probe file."""
    root = scratch / name
    ignore = shutil.ignore_patterns("target", ".git")
    if folders is None:
        shutil.copytree(source, root, symlinks=True, ignore=ignore)
    else:
        root.mkdir(parents=True)
        for folder in folders:
            shutil.copytree(source / folder, root / folder, symlinks=True, ignore=ignore)
    if with_probe:
        _add_probe(root)
    if shutil.which("git"):  # as in life: cookies go into .git, HEAD is watched
        subprocess.run(["git", "init", "-q", str(root)], check=True, timeout=30)
    files, lines = count_lines(rust_files(root))
    return Tree(name, root, files, lines)


def _add_probe(root: Path) -> None:
    probe = root / PROBE_PATH
    probe.parent.mkdir(parents=True)
    probe.write_text(probe_text(), encoding="utf-8")
    (probe.parent.parent / "Cargo.toml").write_text(
        '[package]\nname = "isg-bench-probe"\nversion = "0.0.0"\nedition = "2021"\n', encoding="utf-8"
    )


def make_trees(names: list[str], scratch: Path) -> tuple[list[Tree], list[str]]:
    """The trees asked for among "fixture", "180k", "500k" and "full", and why others are missing."""
    made: list[Tree] = []
    missing: list[str] = []
    large = find_large_tree()
    sizes: dict[str, int] = {}
    for name in names:
        if name == "fixture":
            made.append(make_tree(name, FIXTURE, scratch))
        elif large is None:
            missing.append(f"{name}: no large tree here; install rust-web-src or set ISG_BENCH_TREE")
        elif name == "full":
            made.append(make_tree(name, large, scratch))
        else:
            sizes = sizes or {
                child.name: count_lines(rust_files(child))[1]
                for child in large.iterdir()
                if child.is_dir() and not child.is_symlink()
            }
            folders = pick_folders(sizes, int(name.removesuffix("k")) * 1000)
            if folders:
                made.append(make_tree(name, large, scratch, folders))
            else:
                missing.append(f"{name}: no folders of {large} make about so many lines")
    return made, missing
