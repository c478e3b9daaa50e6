"""Fault: a renamed folder reports two names and none of its children; its old watches lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio, tree_of

pytestmark = on_asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("a", "a/b", "a/b/c", "z"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.rs").write_text(folder)
    return tmp_path


async def test_files_follow_the_name_of_their_folder(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / "a").rename(root / "new")
        assert await mirror.settled() == tree_of(root)
        assert set(mirror.files) == {"new/x.rs", "new/b/x.rs", "new/b/c/x.rs", "z/x.rs"}


async def test_saves_below_the_new_name_are_seen(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / "a").rename(root / "new")
        (root / "new" / "b" / "c" / "x.rs").write_text("at once")
        assert await mirror.settled() == tree_of(root)
        (root / "new" / "b" / "c" / "x.rs").write_text("later")
        assert await mirror.settled() == tree_of(root)


async def test_two_folders_that_swap_names_are_told_apart(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / "a").rename(root / "tmp")
        (root / "z").rename(root / "a")
        (root / "tmp").rename(root / "z")
        assert await mirror.settled() == tree_of(root)
        (root / "z" / "b" / "x.rs").write_text("after the swap")
        (root / "a" / "x.rs").write_text("after the swap")
        assert await mirror.settled() == tree_of(root)


async def test_a_folder_renamed_to_a_hidden_name_is_gone_and_comes_back(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root / "a").rename(root / ".a")
        assert await mirror.settled() == {"z/x.rs": b"z"}
        (root / ".a").rename(root / "a")
        assert await mirror.settled() == tree_of(root)
