"""Fault: the event of a sync cookie was lost, and with it who knows what else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from tests.watchers.mirror import mirrored, on_asyncio, tree_of
from watchers.source import Interrupt, RawChange, open_notify
from watchers.watcher import WatchSettings

pytestmark = on_asyncio


class ForgetfulSource:
    """A real source that loses every event while `is_deaf`."""

    is_deaf = False

    def __init__(self, folders: Sequence[str]) -> None:
        self._real = open_notify(folders)

    def poll(self, step_ms: int, timeout_ms: int, interrupt: Interrupt) -> Collection[RawChange]:
        found = self._real.poll(step_ms, timeout_ms, interrupt)
        return () if ForgetfulSource.is_deaf else found

    def close(self) -> None:
        self._real.close()


async def test_a_scan_vouches_for_what_events_did_not_tell(tmp_path: Path) -> None:
    settings = WatchSettings(cookie_timeout_s=0.2)
    async with mirrored(tmp_path, settings, ForgetfulSource) as mirror:
        ForgetfulSource.is_deaf = True
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "x.rs").write_text("unheard")
        assert await mirror.settled() == {"a/x.rs": b"unheard"}
        ForgetfulSource.is_deaf = False
        (tmp_path / "a" / "x.rs").write_text("heard")
        assert await mirror.settled() == tree_of(tmp_path)
        assert len(mirror.rescans()) == 2
