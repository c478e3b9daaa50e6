"""Fault: the kernel's event queue runs over while the process stands still, without a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, tree_of
from watchers.tracker import TrackerLimits
from watchers.watcher import WatchSettings

FILES = 20_000
REPOSITORY = Path(__file__).parents[2]

FOLLOWER = """
import asyncio, sys
from pathlib import Path
from tests.watchers.mirror import mirrored

async def main():
    async with mirrored(Path(sys.argv[1])) as mirror:
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            files = await mirror.settled()
            print(len(files), sum(text == b"new" for text in files.values()), sep="|", flush=True)

asyncio.run(main())
"""


@pytest.fixture
def follower(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", FOLLOWER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(timeout=30)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def answer(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("settle\n")
    process.stdin.flush()
    return process.stdout.readline().strip().split("|")


def test_twenty_thousand_files_made_while_stopped_are_all_there(
    tmp_path: Path, follower: subprocess.Popen[str]
) -> None:
    (tmp_path / "before").mkdir()
    assert answer(follower)[0] == "0"
    os.kill(follower.pid, signal.SIGSTOP)
    for number in range(FILES):
        folder = tmp_path / f"d{number // 500}"
        if number % 500 == 0:
            folder.mkdir()
        (folder / f"f{number}.rs").write_text("new")
    os.kill(follower.pid, signal.SIGCONT)
    assert answer(follower)[:2] == [str(FILES), str(FILES)]
    (tmp_path / "d39" / "f19999.rs").write_text("the watches stand again")
    assert answer(follower)[:2] == [str(FILES), str(FILES - 1)]


def test_a_queue_full_of_changes_to_known_folders_loses_none(
    tmp_path: Path, follower: subprocess.Popen[str]
) -> None:
    names = [tmp_path / f"f{number}.rs" for number in range(6_000)]
    for name in names:
        name.write_text("old")
    assert answer(follower)[:2] == ["6000", "0"]
    os.kill(follower.pid, signal.SIGSTOP)
    for _ in range(2):
        for name in names:
            name.write_text("new")
    os.kill(follower.pid, signal.SIGCONT)
    assert answer(follower)[:2] == ["6000", "6000"]


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_burst_of_events_is_distrusted(tmp_path: Path) -> None:
    async with mirrored(tmp_path, WatchSettings(limits=TrackerLimits(burst_events=5))) as mirror:
        for number in range(200):
            (tmp_path / f"f{number}.rs").write_text("x")
        assert await mirror.settled() == tree_of(tmp_path)
        assert any("at once" in reason for reason in mirror.rescans())
        (tmp_path / "f7.rs").write_text("y")
        assert await mirror.settled() == tree_of(tmp_path)
