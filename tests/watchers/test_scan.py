"""The scan: what it lists, what it skips and why, and what it costs."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.ignore import IgnoreRules
from watchers.scan import FileStat, ScanResult, WorkspaceMissing, diff_scan, scan


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x")


def scan_all(root: Path, subtree: str = "") -> ScanResult:
    return scan(root, IgnoreRules(root), subtree)


def test_only_files_of_interest_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "a.rs", "Cargo.toml", "Cargo.lock", "README.md", "d/b.rs", "d/c.rss", "e/f.txt")
    write(tmp_path, ".gitignore")
    result = scan_all(tmp_path)
    assert set(result.files) == {"a.rs", "Cargo.toml", "Cargo.lock", ".gitignore", "d/b.rs"}
    assert set(result.directories) == {"", "d", "e"}
    assert result.skipped == {}


def test_the_stat_is_that_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, "a.rs")
    found = os.stat(tmp_path / "a.rs")
    assert scan_all(tmp_path).files["a.rs"] == (
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        found.st_ino,
    )


def test_a_subtree_can_be_scanned_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.rs", "d/b.rs", "d/e/c.rs", "de/f.rs", "target/x.rs")
    assert set(scan_all(tmp_path, "d").files) == {"d/b.rs", "d/e/c.rs"}
    assert scan_all(tmp_path, "absent/at/all").files == {}
    assert scan_all(tmp_path, "a.rs").files == {}
    assert scan_all(tmp_path, "target").files == {}


def test_a_subtree_reached_through_a_link_is_not_part_of_the_tree(tmp_path: Path) -> None:
    write(tmp_path, "d/e/c.rs")
    (tmp_path / "link").symlink_to("d")
    assert scan_all(tmp_path, "link").files == {}
    assert scan_all(tmp_path, "link/e").files == {}


def test_a_missing_root_is_an_error_and_not_an_empty_tree(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMissing, match="not there"):
        scan_all(tmp_path / "never")


def test_a_folder_with_the_name_of_a_source_file_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "odd.rs/a.rs")
    result = scan_all(tmp_path)
    assert set(result.files) == {"odd.rs/a.rs"}
    assert set(result.directories) == {"", "odd.rs"}


def test_a_tree_deeper_than_the_recursion_limit_is_walked(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(1_500):  # one path of it all would still fit into PATH_MAX
            os.mkdir("d", dir_fd=here)
            deeper = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
        os.close(os.open("a.rs", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        result = scan_all(tmp_path)
        assert set(result.files) == {"d/" * 1_500 + "a.rs"}
        assert IgnoreRules(tmp_path).is_ignored("d/" * 1_500 + "a.rs", False) is None
    finally:
        os.close(here)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


stats = st.builds(FileStat, *[st.integers(0, 3)] * 4)
trees = st.dictionaries(st.sampled_from(["a.rs", "d/b.rs", "d/e/c.rs", "de/f.rs"]), stats)


@given(trees, trees, st.sampled_from(["", "d", "d/e", "nowhere"]))
def test_applying_a_difference_gives_the_scanned_state(
    previous: dict[str, FileStat], now: dict[str, FileStat], subtree: str
) -> None:
    prefix = subtree + "/" if subtree else ""
    seen = {path: found for path, found in now.items() if path.startswith(prefix)}
    changed, removed = diff_scan(previous, ScanResult(files=seen, subtree=subtree))
    assert not set(changed) & set(removed)
    assert all(previous.get(path) != seen[path] for path in changed)
    state = {path: found for path, found in previous.items() if path not in removed}
    state.update((path, seen[path]) for path in changed)
    outside = {path: found for path, found in previous.items() if not path.startswith(prefix)}
    assert state == {**outside, **seen}


def library_of_rust() -> Path:
    """The large tree: ISG_BENCH_TREE, or where Debian's rust-web-src has put it."""
    named = os.environ.get("ISG_BENCH_TREE")
    if named:
        return Path(named)
    try:
        listed = subprocess.run(["dpkg", "-L", "rust-web-src"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("neither ISG_BENCH_TREE nor rust-web-src is there")
    return Path(next(line for line in listed.stdout.splitlines() if line.endswith("/library")))


@pytest.mark.large_tree
def test_scanning_and_comparing_costs_at_most_three_bare_walks() -> None:
    root = library_of_rust()
    rules = IgnoreRules(root)
    before = scan(root, rules).files
    ratios = []
    for _ in range(5):
        began_s = time.perf_counter()
        for folder, _, names in os.walk(root):
            for name in names:
                if name.endswith(".rs"):
                    os.stat(os.path.join(folder, name))
        bare_s = time.perf_counter() - began_s
        began_s = time.perf_counter()
        assert diff_scan(before, scan(root, rules)) == ([], [])
        ratios.append((time.perf_counter() - began_s) / bare_s)
    assert min(ratios) <= 3.0  # measured: 1.1
