"""Fault: `mkdir -p a/b/c` and a write inside make one event, for `a` alone."""

from __future__ import annotations

import os
from pathlib import Path

from tests.watchers.mirror import mirrored, on_asyncio, tree_of

pytestmark = on_asyncio


async def test_a_file_in_nested_new_folders_is_seen_and_so_is_its_next_save(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as mirror:
        os.makedirs(tmp_path / "a" / "b" / "c")
        file = tmp_path / "a" / "b" / "c" / "x.rs"
        file.write_text("one")
        assert await mirror.settled() == {"a/b/c/x.rs": b"one"}
        file.write_text("two")
        assert await mirror.settled() == {"a/b/c/x.rs": b"two"}
        assert mirror.rescans() == ["start"]


async def test_hundreds_of_new_folders_one_after_the_other_are_all_seen(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as mirror:
        for number in range(300):
            folder = tmp_path / f"m{number}" / "src"
            folder.mkdir(parents=True)
            (folder / "lib.rs").write_text(str(number))
        assert await mirror.settled() == tree_of(tmp_path)
        assert len(mirror.files) == 300
        for number in range(300):
            (tmp_path / f"m{number}" / "src" / "lib.rs").write_text(f"again {number}")
        assert await mirror.settled() == tree_of(tmp_path)


async def test_a_folder_removed_and_made_again_is_watched_again(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as mirror:
        for text in ("one", "two", "three"):
            (tmp_path / "a").mkdir()
            (tmp_path / "a" / "x.rs").write_text(text)
            assert await mirror.settled() == {"a/x.rs": text.encode()}
            (tmp_path / "a" / "x.rs").write_text(text + "!")
            assert await mirror.settled() == {"a/x.rs": text.encode() + b"!"}
            (tmp_path / "a" / "x.rs").unlink()
            (tmp_path / "a").rmdir()
        assert await mirror.settled() == {}
