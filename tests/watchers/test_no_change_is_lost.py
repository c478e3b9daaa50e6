"""The property that all of this is for: after any script of edits, the mirror equals the tree."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.watchers.mirror import mirrored, tree_of

folders = st.sampled_from(["", "a", "a/b", "a/b/c", "d", "d/e", "ignored", "target/debug", ".hidden"])
files = st.builds(
    lambda folder, name: f"{folder}/{name}".lstrip("/"), folders, st.sampled_from(["x.rs", "y.rs"])
)
rules = st.sampled_from(["", "ignored/\n", "x.rs\n", "b/\n!x.rs\n", "*\n!*/\n!y.rs\n"])
steps = st.one_of(
    st.tuples(st.just("write"), files, st.text("ab", max_size=3)),
    st.tuples(st.just("write"), files, st.text("ab", max_size=3)),
    st.tuples(st.just("save"), files, st.text("ab", max_size=3)),
    st.tuples(st.just("remove"), files | folders, st.just("")),
    st.tuples(st.just("move"), files | folders, files | folders),
    st.tuples(st.just("move out and in"), folders, folders),
    st.tuples(st.just("rules"), folders, rules),
    st.tuples(st.just("tag"), folders, st.sampled_from(["yes", "no"])),
    st.tuples(st.just("manifest"), folders, st.just("")),
    st.tuples(st.just("link"), files, files | folders),
    st.tuples(st.just("switch"), st.just(""), st.text("ab", max_size=3)),
    st.tuples(st.just("sync"), st.just(""), st.just("")),
)


def perform(root: Path, kind: str, first: str, second: str) -> None:
    one, two = root / first, root / second
    if kind in ("write", "save", "link"):
        one.parent.mkdir(parents=True, exist_ok=True)
    if kind == "write":
        one.write_text(second)
    elif kind == "save":
        one.with_name("." + one.name + ".tmp").write_text(second)
        one.with_name("." + one.name + ".tmp").rename(one)
    elif kind == "remove" and first:
        shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    elif kind == "move" and first and second:
        two.parent.mkdir(parents=True, exist_ok=True)
        one.rename(two)
    elif kind == "move out and in" and first and second:
        outside = root.parent / "outside"
        one.rename(outside)
        (outside / "y.rs").write_text("changed outside")
        two.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(two, ignore_errors=True)
        outside.rename(two)
    elif kind == "rules":
        (one / ".gitignore").write_text(second) if second else (one / ".gitignore").unlink()
    elif kind == "tag":
        text = "Signature: 8a477f597d28d172789f06886806bc55" if second == "yes" else "none"
        (one / "CACHEDIR.TAG").write_text(text)
    elif kind == "manifest":
        (one / "Cargo.toml").write_text("[package]\n")
    elif kind == "link":
        one.symlink_to(two)
    elif kind == "switch":
        (root / ".git" / "HEAD").write_text(second)


async def follow(root: Path, script: list[tuple[str, str, str]]) -> None:
    async with mirrored(root) as mirror:
        for kind, first, second in script:
            if kind == "sync":
                assert await mirror.settled() == tree_of(root)
                continue
            try:
                perform(root, kind, first, second)
            except OSError:
                continue  # a script may ask for what is impossible
        assert await mirror.settled() == tree_of(root)


@settings(
    max_examples=int(os.environ.get("ISG_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(steps, max_size=14))
def test_after_any_script_of_edits_the_mirror_equals_the_tree(
    tmp_path_factory: pytest.TempPathFactory, script: list[tuple[str, str, str]]
) -> None:
    base = tmp_path_factory.mktemp("script")
    root = base / "w"
    for folder in ("a/b/c", "d", "ignored", ".git"):
        (root / folder).mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (root / "a" / "b" / "x.rs").write_text("x")
    (root / "ignored" / "x.rs").write_text("x")
    try:
        asyncio.run(follow(root, script))
    finally:
        shutil.rmtree(base, ignore_errors=True)
