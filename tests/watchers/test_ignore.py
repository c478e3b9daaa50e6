"""The ignore rules: git's own verdicts, and what is ignored whatever git says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchers.ignore import IgnoreRules
from watchers.scan import scan

TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# made by cargo\n"


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def kept(root: Path, rules: IgnoreRules | None = None) -> set[str]:
    return {path for path in scan(root, rules or IgnoreRules(root)).files if path.endswith(".rs")}


def test_the_nearest_gitignore_wins_and_may_take_back(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*_gen.rs\n/out/\n",
            "a_gen.rs": "",
            "deep/b_gen.rs": "",
            "deep/er/.gitignore": "!c_gen.rs\n",
            "deep/er/c_gen.rs": "",
            "deep/er/d_gen.rs": "",
            "out/e.rs": "",
            "deep/out/f.rs": "",
        },
    )
    assert kept(tmp_path) == {"deep/er/c_gen.rs", "deep/out/f.rs"}


def test_the_exclude_file_ranks_below_every_gitignore(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "ref: x",
            ".git/info/exclude": "*.rs\n",
            "a.rs": "",
            "sub/.gitignore": "!b.rs\n",
            "sub/b.rs": "",
        },
    )
    assert kept(tmp_path) == {"sub/b.rs"}


def test_patterns_of_the_settings_rank_above_every_gitignore(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "!a.rs\nb.rs\n", "a.rs": "", "b.rs": "", "c.rs": ""})
    assert kept(tmp_path, IgnoreRules(tmp_path, ["a.rs", "!b.rs"])) == {"b.rs", "c.rs"}


def test_hidden_folders_and_tagged_caches_are_ignored(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".hidden/a.rs": "",
            "cache/CACHEDIR.TAG": TAG,
            "cache/deep/b.rs": "",
            "no_cache/CACHEDIR.TAG": "something else",
            "no_cache/c.rs": "",
        },
    )
    rules = IgnoreRules(tmp_path)
    assert kept(tmp_path) == {"no_cache/c.rs"}
    assert rules.is_ignored("cache/deep/b.rs", False) == "cache folder (CACHEDIR.TAG)"
    assert rules.is_ignored(".hidden/a.rs", False) == "hidden folder"


def test_a_tag_in_the_root_itself_does_not_hide_the_workspace(tmp_path: Path) -> None:
    write(tmp_path, {"CACHEDIR.TAG": TAG, "a.rs": ""})
    assert kept(tmp_path) == {"a.rs"}


def test_cargo_output_is_ignored_but_a_module_folder_named_target_is_source(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "Cargo.toml": "",
            "target/debug/a.rs": "",
            "member/Cargo.toml": "",
            "member/target/b.rs": "",
            "member/src/target/mod.rs": "",
        },
    )
    assert kept(tmp_path) == {"member/src/target/mod.rs"}
    rules = IgnoreRules(tmp_path)
    assert rules.is_ignored("member/target", True) == "build output of cargo"
    assert rules.is_ignored("member/src/target", True) is None


def test_what_editors_and_systems_leave_behind_is_ignored(tmp_path: Path) -> None:
    write(tmp_path, {".#a.rs": "", "._a.rs": "", "a.rs": ""})
    assert kept(tmp_path) == {"a.rs"}


def test_ignore_files_that_are_hostile_change_nothing(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.rs": "", "binary/a.rs": "", "fifo/a.rs": "", "link/a.rs": "", "slow/" + "a" * 200 + ".rs": ""},
    )
    (tmp_path / "binary" / ".gitignore").write_bytes(bytes(range(256)) + b"\n!\n[\n\\\n")
    os.mkfifo(tmp_path / "fifo" / ".gitignore")
    (tmp_path / "outside").write_text("*.rs\n")
    (tmp_path / "link" / ".gitignore").symlink_to("../outside")  # git does not follow it either
    (tmp_path / "slow" / ".gitignore").write_text("*a" * 40 + "b\n")
    assert len(kept(tmp_path)) == 5
    rules = IgnoreRules(tmp_path)
    assert all(rules.is_ignored(f"{folder}/a.rs", False) is None for folder in ("binary", "fifo", "link"))


def test_forgetting_a_folder_reads_its_rules_anew(tmp_path: Path) -> None:
    write(tmp_path, {"sub/.gitignore": "a.rs\n", "sub/a.rs": ""})
    rules = IgnoreRules(tmp_path)
    assert rules.is_ignored("sub/a.rs", False) == "ignored by sub/.gitignore"
    write(tmp_path, {"sub/.gitignore": "b.rs\n"})
    rules.forget("sub")
    assert rules.is_ignored("sub/a.rs", False) is None


def test_a_scan_notices_a_changed_ignore_file_by_itself(tmp_path: Path) -> None:
    write(tmp_path, {"sub/.gitignore": "a.rs\n", "sub/a.rs": "", "sub/deep/a.rs": ""})
    rules = IgnoreRules(tmp_path)
    assert kept(tmp_path, rules) == set()
    (tmp_path / "sub" / ".gitignore").unlink()
    assert kept(tmp_path, rules) == {"sub/a.rs", "sub/deep/a.rs"}
    assert rules.is_ignored("sub/deep/a.rs", False) is None


names = st.sampled_from(["a", "b", "ab", "a.rs", "b.rs", "x y.rs", "été.rs"])
paths = st.lists(names, min_size=1, max_size=4).map(
    lambda parts: (
        "/".join(part.removesuffix(".rs") for part in parts[:-1]) + "/" * (len(parts) > 1) + parts[-1]
    )
)
pieces = st.sampled_from(["a", "b", "ab", "*", "**", "?", "[ab]", "*.rs", "a*", "x y.rs", "é*", "[!a]"])
patterns = st.builds(
    lambda negated, rooted, parts, folder: "!" * negated + "/" * rooted + "/".join(parts) + "/" * folder,
    st.booleans(),
    st.booleans(),
    st.lists(pieces, min_size=1, max_size=3),
    st.booleans(),
)
ignore_file = st.lists(patterns, max_size=4).map("\n".join)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the judge of this test")
@settings(max_examples=60, deadline=None)
@given(st.sets(paths, min_size=1, max_size=8), ignore_file, ignore_file)
def test_git_gives_the_same_verdicts(
    tmp_path_factory: pytest.TempPathFactory, files: set[str], at_root: str, in_a: str
) -> None:
    root = tmp_path_factory.mktemp("w")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    folders = {path.rpartition("/")[0] for path in files}
    for path in files:
        if any(folder == path or folder.startswith(path + "/") for folder in folders):
            continue  # a name cannot be a file and a folder
        write(root, {path: "x"})
    write(
        root,
        {".gitignore": at_root, "a/.gitignore": in_a} if (root / "a").is_dir() else {".gitignore": at_root},
    )
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    assert kept(root) == {path for path in listed.split("\0") if path.endswith(".rs")}
    shutil.rmtree(root)
