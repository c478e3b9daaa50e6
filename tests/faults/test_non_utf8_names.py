"""Fault: a file name that is not UTF-8 makes watchfiles drop what it holds and refuse all work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio, tree_of
from watchers.ignore import IgnoreRules
from watchers.scan import scan

pytestmark = [
    *on_asyncio,
    pytest.mark.skipif(sys.platform == "darwin", reason="the file system refuses names that are not UTF-8"),
]


def bad(root: Path, name: bytes = b"\xff.rs") -> bytes:
    return os.path.join(os.fsencode(root), name)


async def test_neighbours_touched_with_it_are_not_lost(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as mirror:
        (tmp_path / "before.rs").write_text("1")
        with open(bad(tmp_path), "w"):
            pass
        (tmp_path / "after.rs").write_text("2")
        assert await mirror.settled() == tree_of(tmp_path)
        assert set(mirror.files) == {"before.rs", "after.rs"}
        (tmp_path / "later.rs").write_text("3")
        assert await mirror.settled() == tree_of(tmp_path)
        assert set(mirror.files) == {"before.rs", "after.rs", "later.rs"}


async def test_one_that_is_written_all_the_time_does_not_blind_the_watch(tmp_path: Path) -> None:
    async with mirrored(tmp_path) as mirror:
        for number in range(8):
            with open(bad(tmp_path), "w") as file:
                file.write(str(number))
            (tmp_path / "good.rs").write_text(str(number))
            assert await mirror.settled() == {"good.rs": str(number).encode()}


async def test_a_folder_with_such_a_name_is_no_obstacle(tmp_path: Path) -> None:
    os.mkdir(bad(tmp_path, b"\xfe"))
    with open(bad(tmp_path, b"\xfe/x.rs"), "w"):
        pass
    async with mirrored(tmp_path) as mirror:
        (tmp_path / "good.rs").write_text("x")
        assert await mirror.settled() == {"good.rs": b"x"}


async def test_it_is_skipped_with_a_name_that_can_be_shown(tmp_path: Path) -> None:
    with open(bad(tmp_path), "w"):
        pass
    os.mkdir(bad(tmp_path, b"dir\xfe"))
    (tmp_path / "good.rs").write_text("x")
    result = scan(tmp_path, IgnoreRules(tmp_path))
    assert set(result.files) == {"good.rs"}
    assert result.skipped == {"\\xff.rs": "the name is not UTF-8", "dir\\xfe": "the name is not UTF-8"}
