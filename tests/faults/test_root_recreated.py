"""Fault: the workspace folder is removed, replaced or renamed; the old watch is deaf and looks alive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio, tree_of
from watchers.scan import WorkspaceMissing
from watchers.tracker import TrackerLimits
from watchers.watcher import WatchSettings

pytestmark = on_asyncio

QUICK = WatchSettings(limits=TrackerLimits(root_check_s=0.05))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "w" / "src").mkdir(parents=True)
    (tmp_path / "w" / "src" / "lib.rs").write_text("old")
    return tmp_path / "w"


async def test_a_root_removed_and_made_again_is_watched_again(root: Path) -> None:
    async with mirrored(root, QUICK) as mirror:
        shutil.rmtree(root)
        await mirror.until(lambda: mirror.watcher.health()["mode"] == "root missing")
        assert "gone" in str(mirror.watcher.health()["warning"])
        (root / "src").mkdir(parents=True)
        (root / "src" / "lib.rs").write_text("new")
        await mirror.until(lambda: mirror.files == {"src/lib.rs": b"new"})
        (root / "src" / "lib.rs").write_text("newer")
        assert await mirror.settled() == {"src/lib.rs": b"newer"}
        assert mirror.watcher.health()["mode"] == "watching"
        assert mirror.watcher.health()["warning"] is None


async def test_another_folder_in_its_place_is_noticed_without_an_event(root: Path) -> None:
    other = root.parent / "other"
    other.mkdir()
    (other / "main.rs").write_text("other")
    async with mirrored(root, QUICK) as mirror:
        root.rename(root.parent / "away")
        other.rename(root)
        await mirror.until(lambda: mirror.files == {"main.rs": b"other"})
        assert await mirror.settled() == tree_of(root)


async def test_waiting_on_a_missing_root_is_an_error_that_names_it(root: Path) -> None:
    async with mirrored(root, QUICK) as mirror:
        root.rename(root.parent / "away")
        await mirror.until(lambda: mirror.watcher.health()["mode"] == "root missing")
        with pytest.raises(WorkspaceMissing, match=str(root)):
            await mirror.settled()
        (root.parent / "away").rename(root)
        await mirror.until(lambda: mirror.watcher.health()["mode"] == "watching")
        assert await mirror.settled() == {"src/lib.rs": b"old"}


async def test_a_root_that_is_missing_from_the_start_is_waited_for(tmp_path: Path) -> None:
    root = tmp_path / "later"
    async with mirrored(root, QUICK) as mirror:
        await mirror.until(lambda: bool(mirror.rescans()))
        root.mkdir()
        (root / "a.rs").write_text("a")
        await mirror.until(lambda: mirror.files == {"a.rs": b"a"})
