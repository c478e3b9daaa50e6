"""Fault: FIFOs, sockets and unreadable things where source files are expected."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.watchers.mirror import mirrored, on_asyncio
from watchers.ignore import IgnoreRules
from watchers.scan import scan

pytestmark = on_asyncio
NOBODY = 65534


async def test_a_fifo_and_a_socket_are_skipped_and_stop_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.rs")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.rs"))
        result = scan(tmp_path, IgnoreRules(tmp_path))
    assert result.files == {}
    assert result.skipped == {"pipe.rs": "not a regular file", "s.rs": "not a regular file"}


async def test_a_file_that_becomes_a_fifo_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a.rs").write_text("x")
    async with mirrored(tmp_path) as mirror:
        (tmp_path / "a.rs").unlink()
        os.mkfifo(tmp_path / "a.rs")
        (tmp_path / "b.rs").write_text("x")
        assert await mirror.settled() == {"b.rs": b"x"}


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of a user without privileges, who runs the test."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o700)
        if os.getuid() == 0:
            os.seteuid(0)
            os.setegid(0)
        shutil.rmtree(folder)


async def test_what_cannot_be_read_is_skipped_with_the_reason(unprivileged: Path) -> None:
    (unprivileged / "a.rs").write_text("x")
    (unprivileged / "a.rs").chmod(0)
    (unprivileged / "closed").mkdir()
    (unprivileged / "closed" / "b.rs").write_text("x")
    (unprivileged / "closed").chmod(0)
    (unprivileged / "c.rs").write_text("x")
    result = scan(unprivileged, IgnoreRules(unprivileged))
    assert set(result.files) == {"c.rs"}
    assert result.skipped == {
        "a.rs": "unreadable: permission denied",
        "closed": "unreadable folder: Permission denied",
    }


async def test_a_folder_that_is_closed_and_opened_again_goes_and_comes(unprivileged: Path) -> None:
    folder = unprivileged / "sub"
    folder.mkdir()
    (folder / "b.rs").write_text("x")
    async with mirrored(unprivileged) as mirror:
        assert await mirror.settled() == {"sub/b.rs": b"x"}
        folder.chmod(0)
        assert await mirror.settled() == {}
        folder.chmod(0o700)
        (folder / "b.rs").write_text("y")
        assert await mirror.settled() == {"sub/b.rs": b"y"}
        (folder / "b.rs").write_text("z")
        assert await mirror.settled() == {"sub/b.rs": b"z"}
