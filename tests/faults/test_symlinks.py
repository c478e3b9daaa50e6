"""Fault: links that loop, leave the tree, dangle, or show a file a second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio
from watchers.ignore import IgnoreRules
from watchers.scan import scan

pytestmark = on_asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "w"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "x.rs").write_text("x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.rs").write_text("not ours")
    (root / "a" / "b" / "loop").symlink_to("../../a")
    (root / "a" / "self.rs").symlink_to("self.rs")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "twice.rs").symlink_to("a/x.rs")
    (root / "dangling.rs").symlink_to("nowhere")
    return root


async def test_none_is_followed_and_each_is_skipped_with_the_reason(root: Path) -> None:
    result = scan(root, IgnoreRules(root))
    assert set(result.files) == {"a/x.rs"}
    assert set(result.directories) == {"", "a", "a/b"}
    assert result.skipped == dict.fromkeys(
        ["a/b/loop", "a/self.rs", "out", "twice.rs", "dangling.rs"], "symbolic link: not followed"
    )


async def test_what_changes_behind_a_link_out_of_the_tree_is_not_told(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root.parent / "outside" / "secret.rs").write_text("changed")
        (root / "a" / "x.rs").write_text("y")
        assert await mirror.settled() == {"a/x.rs": b"y"}
        assert mirror.seen_paths() == {"a/x.rs"}


async def test_a_folder_replaced_by_a_link_is_gone(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / "a").rename(root.parent / "a")
        (root / "a").symlink_to(root.parent / "a")
        assert await mirror.settled() == {}


async def test_a_root_that_is_itself_a_link_is_watched(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    async with mirrored(link) as mirror:
        (root / "a" / "x.rs").write_text("y")
        assert await mirror.settled() == {"a/x.rs": b"y"}
