"""Answers that move a whole index in or out: JSON snapshots and backups. The daemon reads and writes
the files, because only it may open the store."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from loguru import logger

from indexer import results
from indexer.methods import SnapshotParams, WriteParams
from indexer.protocol import ErrorCode, RpcError
from indexer.service import Call, Handle, freshness
from store import snapshot
from store.database import Database, StoreError


async def export(call: Call, params: WriteParams) -> results.SnapshotDone:
    def write(db: Database, part: Path) -> None:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            snapshot.export_snapshot(db, file)

    return await _write(call, params, write)


async def backup(call: Call, params: WriteParams) -> results.SnapshotDone:
    def write(db: Database, part: Path) -> None:
        snapshot.backup(db, part)
        part.chmod(0o600)

    return await _write(call, params, write)


async def import_(call: Call, params: SnapshotParams) -> results.SnapshotDone:
    """Builds the new store beside the old one; the old one goes only when the new one is whole."""
    source = _absolute(params.path)
    seat = call.service.fleet.find(params.workspace, params.cwd)
    store = call.service.fleet.database(seat)
    fresh = store.with_name(f"{store.name}.importing")

    def build() -> int:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(source, "rb") as file:
                snapshot.import_snapshot(fresh, file)
                return file.tell()
        except OSError as error:
            raise RpcError(
                ErrorCode.CONFLICT, f"{source} cannot be read: {error.strerror or error}", "check the path"
            ) from None
        except (StoreError, ValueError) as error:
            shutil.rmtree(fresh, ignore_errors=True)
            raise RpcError(
                ErrorCode.CONFLICT,
                f"{source} is no snapshot: {error}",
                "give a file made by isg snapshot export",
            ) from None

    async def swap() -> None:
        await asyncio.to_thread(_swap, store, fresh)

    size_bytes = await asyncio.to_thread(build)
    seat = await call.service.fleet.while_closed(seat, swap)
    workspace = await call.service.fleet.opened(seat)
    logger.info("{} now has the index of {}", seat.entry.id, source)
    return {"path": str(source), "size_bytes": size_bytes, **freshness(seat, workspace)}


async def _write(
    call: Call, params: WriteParams, write: Callable[[Database, Path], None]
) -> results.SnapshotDone:
    """Writes beside the target and renames, so that a half-written file never has its name."""
    seat, workspace = await call.service.open_workspace(params)
    target = _absolute(params.path)
    if target.exists() and not params.overwrite:
        raise RpcError(
            ErrorCode.CONFLICT, f"{target} exists", "choose another name, or overwrite it (--force)"
        )
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        await workspace.read(write, part)
        os.replace(part, target)
    except OSError as error:
        raise RpcError(
            ErrorCode.CONFLICT,
            f"{target} cannot be written: {error.strerror or error}",
            "choose another place",
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return {"path": str(target), "size_bytes": target.stat().st_size, **freshness(seat, workspace)}


def _absolute(path: str) -> Path:
    if not os.path.isabs(path) or "\0" in path:
        raise RpcError(ErrorCode.INVALID_PARAMS, f"{path!r} is not an absolute path", "send an absolute path")
    return Path(path)


def _swap(store: Path, fresh: Path) -> None:
    old = store.with_name(f"{store.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if store.exists():
        os.replace(store, old)
    os.replace(fresh, store)
    shutil.rmtree(old, ignore_errors=True)


SNAPSHOT_ANSWERS: dict[str, Handle] = {
    "snapshot.export": export,
    "snapshot.import": import_,
    "snapshot.backup": backup,
}
