from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from indexer.config import Settings
from indexer.fleet import Fleet
from indexer.llama import SharedLlama
from indexer.metrics import Metrics
from indexer.paths import resolve_paths
from indexer.protocol import ErrorCode, RpcError
from indexer.registry import Entry, Registry
from indexer.served import OpenWorkspace, ServedWorkspace
from tests.indexer.service_bench import FakeWorkspace, lay_out_sources


def fleet_of(tmp_path: Path, open_workspace: OpenWorkspace) -> Fleet:
    paths = resolve_paths({"ISG_HOME": str(tmp_path / "home")})
    settings, metrics = Settings(), Metrics()
    llama = SharedLlama(settings, paths, metrics)
    return Fleet(Registry.load(paths.registry_file), paths, settings, metrics, llama, open_workspace)


def test_a_workspace_that_cannot_be_opened_is_said_and_tried_again_and_costs_the_others_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.fleet.FIRST_RETRY_S", 0.01)
    good, bad = lay_out_sources(tmp_path / "good"), lay_out_sources(tmp_path / "bad")
    mended = asyncio.Event()

    async def open_workspace(
        entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama
    ) -> ServedWorkspace:
        if entry.root == bad and not mended.is_set():
            raise OSError("its disk is gone")
        return FakeWorkspace(entry)

    async def scenario() -> None:
        async with asyncio.timeout(20), fleet_of(tmp_path, open_workspace) as fleet:
            broken, _ = await fleet.add(str(bad), None)
            with pytest.raises(RpcError, match="its disk is gone") as raised:
                await fleet.opened(broken)
            assert raised.value.code == ErrorCode.NOT_READY
            assert broken.row()["state"] == "failed"
            healthy, _ = await fleet.add(str(good), None)
            assert (await fleet.opened(healthy)).status()["state"] == "ready"
            mended.set()
            while broken.row()["state"] != "ready":
                await asyncio.sleep(0)
            assert broken.row()["reason"] == ""

    asyncio.run(scenario())


def test_closing_the_fleet_does_not_wait_for_the_next_attempt_to_open(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")

    async def open_workspace(
        entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama
    ) -> ServedWorkspace:
        raise OSError("never")

    async def scenario() -> None:
        async with asyncio.timeout(0.9):  # the first retry would come after a second
            async with fleet_of(tmp_path, open_workspace) as fleet:
                seat, _ = await fleet.add(str(root), None)
                await seat.changed.wait()

    asyncio.run(scenario())


def test_a_request_waits_for_a_workspace_that_is_being_opened_but_not_for_ever(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")
    go_on = asyncio.Event()

    async def open_workspace(
        entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama
    ) -> ServedWorkspace:
        await go_on.wait()
        return FakeWorkspace(entry)

    async def scenario() -> None:
        async with asyncio.timeout(20), fleet_of(tmp_path, open_workspace) as fleet:
            seat, _ = await fleet.add(str(root), None)
            with pytest.raises(RpcError, match="still being opened"):
                await fleet.opened(seat, timeout_s=0.01)
            waiting = asyncio.create_task(fleet.opened(seat))
            await asyncio.sleep(0)
            go_on.set()
            assert (await waiting).status()["state"] == "ready"

    asyncio.run(scenario())


def test_when_the_work_on_a_closed_workspace_fails_it_is_open_again_all_the_same(tmp_path: Path) -> None:
    root = lay_out_sources(tmp_path / "toy")

    async def open_workspace(
        entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama
    ) -> ServedWorkspace:
        return FakeWorkspace(entry)

    async def fail() -> None:
        raise OSError("no space left")

    async def scenario() -> None:
        async with asyncio.timeout(20), fleet_of(tmp_path, open_workspace) as fleet:
            seat, _ = await fleet.add(str(root), None)
            await fleet.opened(seat)
            with pytest.raises(OSError, match="no space"):
                await fleet.while_closed(seat, fail)
            again = fleet.find(seat.entry.id, None)
            assert (await fleet.opened(again)).status()["state"] == "ready"

    asyncio.run(scenario())
