"""Fault: a folder moved into the tree reports itself and nothing of what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio, tree_of

pytestmark = on_asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "w").mkdir()
    for number in range(30):
        folder = tmp_path / "outside" / f"m{number}" / "src"
        folder.mkdir(parents=True)
        (folder / "lib.rs").write_text(str(number))
    return tmp_path / "w"


async def test_everything_in_it_is_seen_and_watched(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root.parent / "outside").rename(root / "crates")
        assert await mirror.settled() == tree_of(root)
        assert len(mirror.files) == 30
        (root / "crates" / "m7" / "src" / "lib.rs").write_text("changed")
        assert await mirror.settled() == tree_of(root)


async def test_moved_out_again_everything_in_it_is_gone(root: Path) -> None:
    async with mirrored(root) as mirror:
        (root.parent / "outside").rename(root / "crates")
        await mirror.settled()
        (root / "crates").rename(root.parent / "outside")
        assert await mirror.settled() == {}


async def test_one_moved_onto_the_place_of_another_replaces_its_files(root: Path) -> None:
    (root / "crates" / "old").mkdir(parents=True)
    (root / "crates" / "old" / "lib.rs").write_text("old")
    async with mirrored(root) as mirror:
        (root / "crates").rename(root.parent / "away")
        (root.parent / "outside").rename(root / "crates")
        assert await mirror.settled() == tree_of(root)
        assert "crates/old/lib.rs" not in mirror.files
        assert len(mirror.files) == 30
