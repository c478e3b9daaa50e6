"""Fault: the system grants no more watches, at the start or later on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from watchfiles._rust_notify import RustNotify

from tests.watchers.mirror import mirrored, on_asyncio, tree_of
from watchers.source import ChangeSource, WatchLimitReached, open_notify
from watchers.tracker import TrackerLimits
from watchers.watcher import WatchSettings

pytestmark = on_asyncio

QUICK = WatchSettings(limits=TrackerLimits(poll_every_s=0.05, retry_watching_s=0.3))
LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")


class Quota:
    """Opens real sources as long as they watch no more than `most` folders."""

    def __init__(self, most: int) -> None:
        self.most = most

    def open(self, folders: Sequence[str]) -> ChangeSource:
        if len(folders) > self.most:
            raise WatchLimitReached("OS file watch limit reached: raise fs.inotify.max_user_watches")
        return open_notify(folders)


async def test_without_watches_changes_are_found_by_polling(tmp_path: Path) -> None:
    (tmp_path / "a.rs").write_text("one")
    async with mirrored(tmp_path, QUICK, Quota(0).open) as mirror:
        health = mirror.watcher.health()
        assert health["mode"] == "polling"
        assert "max_user_watches" in str(health["warning"])
        (tmp_path / "a.rs").write_text("two")
        await mirror.until(lambda: mirror.files == {"a.rs": b"two"})
        (tmp_path / "b.rs").write_text("new")
        assert await mirror.settled() == tree_of(tmp_path)


async def test_watches_are_tried_again_and_the_warning_goes(tmp_path: Path) -> None:
    quota = Quota(0)
    async with mirrored(tmp_path, QUICK, quota.open) as mirror:
        quota.most = 1_000
        await mirror.until(lambda: mirror.watcher.health()["mode"] == "watching")
        assert mirror.watcher.health()["warning"] is None
        (tmp_path / "a.rs").write_text("seen")
        assert await mirror.settled() == {"a.rs": b"seen"}


async def test_a_limit_reached_later_on_loses_nothing(tmp_path: Path) -> None:
    quota = Quota(3)
    async with mirrored(tmp_path, QUICK, quota.open) as mirror:
        assert mirror.watcher.health()["mode"] == "watching"
        for number in range(8):
            (tmp_path / f"m{number}").mkdir()
            (tmp_path / f"m{number}" / "lib.rs").write_text("x")
        await mirror.until(lambda: mirror.watcher.health()["mode"] == "polling")
        (tmp_path / "m5" / "lib.rs").write_text("y")
        assert await mirror.settled() == tree_of(tmp_path)


@pytest.fixture
def lowered_limit(tmp_path: Path) -> Iterator[list[str]]:
    """Fifty folders and a limit of one watch; for the shortest time, the limit is the machine's."""
    if not os.access(LIMIT, os.W_OK):
        pytest.skip("needs the right to lower fs.inotify.max_user_watches")
    folders = [tmp_path / str(number) for number in range(50)]
    for folder in folders:
        folder.mkdir()
    before = LIMIT.read_text()
    try:
        LIMIT.write_text("1")
        yield [str(folder) for folder in folders]
    finally:
        LIMIT.write_text(before)


async def test_the_systems_own_limit_is_recognised(lowered_limit: list[str]) -> None:
    with pytest.raises(WatchLimitReached, match="max_user_watches"):
        open_notify(lowered_limit)


async def test_trap_watchfiles_hides_the_limit_when_told_to_ignore_permissions(
    lowered_limit: list[str],
) -> None:
    """Why `open_notify` leaves out unreadable folders by itself."""
    RustNotify(lowered_limit, False, False, 0, False, True).close()


async def test_too_few_file_descriptors_are_recognised(tmp_path: Path) -> None:
    code = (
        "import resource, os, sys\n"
        "from watchers.source import WatchLimitReached, open_notify\n"
        "used = max(int(n) for n in os.listdir('/dev/fd'))\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (used + 1, used + 1))\n"
        "try:\n"
        "    open_notify([sys.argv[1]])\n"
        "except WatchLimitReached:\n"
        "    print('recognised')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout == "recognised\n", ran.stderr
