"""Fault: editors save by a temporary file and a rename, or by moving the old file away first."""

from __future__ import annotations

import os
from pathlib import Path

from tests.watchers.mirror import mirrored, on_asyncio

pytestmark = on_asyncio


async def test_a_rename_over_the_file_is_one_touched_path(tmp_path: Path) -> None:
    file = tmp_path / "lib.rs"
    file.write_text("one")
    async with mirrored(tmp_path) as mirror:
        (tmp_path / "lib.rs.tmp123").write_text("two")
        os.replace(tmp_path / "lib.rs.tmp123", file)
        assert await mirror.settled() == {"lib.rs": b"two"}
        assert mirror.seen_paths() == {"lib.rs"}
        assert mirror.rescans() == ["start"]


async def test_vims_way_with_a_backup_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "lib.rs"
    file.write_text("one")
    async with mirrored(tmp_path) as mirror:
        for text in ("two", "three"):
            (tmp_path / "4913").touch()
            (tmp_path / "4913").unlink()
            file.rename(tmp_path / "lib.rs~")
            file.write_text(text)
            (tmp_path / "lib.rs~").unlink()
            assert await mirror.settled() == {"lib.rs": text.encode()}


async def test_a_save_that_keeps_the_old_times_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "lib.rs"
    file.write_text("one")
    before = os.stat(file)
    async with mirrored(tmp_path) as mirror:
        file.write_text("two")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert await mirror.settled() == {"lib.rs": b"two"}
