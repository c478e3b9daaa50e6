"""The life of the daemon, from start to end: lock, log, workspaces, socket, serve, close in reverse.

Each part registers its own end on one stack, so that a half-started daemon unwinds itself.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from loguru import logger

from indexer import __version__
from indexer.answers import ANSWERS
from indexer.config import Settings, SettingsError, load_settings
from indexer.fleet import Fleet
from indexer.health import Ping
from indexer.llama import SharedLlama
from indexer.logs import close_log, open_log
from indexer.metrics import Metrics
from indexer.paths import Paths, make_private_dir, resolve_paths
from indexer.registry import Entry, Registry, RegistryError
from indexer.rpc_server import serving
from indexer.rpc_socket import AlreadyRunning, hold_lock
from indexer.schedule import running_every
from indexer.served import OpenWorkspace, ServedWorkspace
from indexer.service import Service, answer_with

if TYPE_CHECKING:
    from types import FrameType

FILES_WANTED = 65_536
LOOP_LAG_LIMIT_S = 0.5
HOME_CHECK_S = 5.0


async def serve(
    paths: Paths,
    settings: Settings,
    open_workspace: OpenWorkspace,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Runs the daemon until `stop` is set; calls `on_ready` once it answers. The caller holds the lock and
    has opened the log.

    Raises RegistryError, AlreadyRunning and OSError while starting; after that, nothing.
    """
    metrics = Metrics()
    lock_inode = os.stat(paths.lock_file).st_ino
    make_private_dir(paths.data_dir)
    async with AsyncExitStack() as stack:
        # startup
        registry = Registry.load(paths.registry_file)
        llama = await stack.enter_async_context(SharedLlama(settings, paths, metrics))
        fleet = Fleet(registry, paths, settings, metrics, llama, open_workspace)
        await stack.enter_async_context(fleet)
        service = Service(fleet, llama, paths, settings, metrics, stop)
        if registry.warning:
            logger.warning(registry.warning)
            service.warnings.append(registry.warning)
        answer = answer_with(service, ANSWERS)
        server = await stack.enter_async_context(serving(paths.socket, answer, settings, metrics))
        service.connection_count = lambda: len(server.connections)
        service.pings += _pings(service)
        stack.enter_context(
            running_every(
                settings.reconcile_interval_s,
                settings.reconcile_jitter_s,
                lambda: fleet.request_scans("the regular comparison"),
            )
        )
        logger.info(
            "isg {} serves {} workspaces at {} (pid {})", __version__, len(fleet), paths.socket, os.getpid()
        )
        on_ready()
        # main loop: the event loop itself
        await _stopped_or_homeless(paths, lock_inode, stop)
        # shutdown: the stack unwinds
        logger.info("stopping")
    logger.info("stopped")


async def _stopped_or_homeless(paths: Paths, lock_inode: int, stop: asyncio.Event) -> None:
    """Returns when `stop` is set, or when the lock file is gone: then nobody can find this daemon any more,
    and another one may be started beside it."""
    while not stop.is_set():
        try:
            async with asyncio.timeout(HOME_CHECK_S):
                await stop.wait()
        except TimeoutError:
            try:
                found = os.stat(paths.lock_file)
            except OSError:
                found = None
            if found is None or found.st_ino != lock_inode:
                logger.warning("{} has been removed: nobody can reach this daemon, stopping", paths.lock_file)
                stop.set()


def main(*, foreground: bool = False) -> int:
    """The daemon's process; returns its exit code. First signal: stop gracefully; second: at once."""
    paths = resolve_paths()
    os.umask(0o077)
    try:
        settings = load_settings(paths)
        with hold_lock(paths.lock_file):
            open_log(paths.log_file, settings, to_stderr=foreground)
            try:
                _raise_file_limit()
                asyncio.run(_until_stopped(paths, settings))
            finally:
                close_log()
    except AlreadyRunning as error:
        sys.stderr.write(f"isg: {error}\n")
        return 6
    except (SettingsError, RegistryError, OSError) as error:
        sys.stderr.write(f"isg: the daemon cannot start: {error}\n")
        return 1
    return 0


async def _until_stopped(paths: Paths, settings: Settings) -> None:
    """Serves until a signal or a request to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():  # the second time: at once
            os._exit(128 + number)
        loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, on_signal)
    try:
        await serve(paths, settings, _open_workspace, stop)
    except Exception:
        logger.opt(exception=True).error("the daemon could not go on")
        raise


async def _open_workspace(
    entry: Entry, settings: Settings, metrics: Metrics, llama: SharedLlama
) -> ServedWorkspace:
    # Imported late: the socket answers before the parser and the database are loaded.
    from indexer.workspace import open_workspace

    return await open_workspace(entry, settings, metrics, llama)


def _pings(service: Service) -> list[Ping]:
    async def loop_lag() -> str:
        started = asyncio.get_running_loop().time()
        await asyncio.sleep(0)
        lag_s = asyncio.get_running_loop().time() - started
        if lag_s > LOOP_LAG_LIMIT_S:
            raise RuntimeError(f"the event loop lags by {lag_s:.2f} s")
        return f"lag {lag_s * 1e3:.2f} ms"

    async def workspaces() -> str:
        failed = [f"{seat.entry.id}: {seat.reason}" for seat in service.fleet.seats() if seat.reason]
        if failed:
            raise RuntimeError("; ".join(failed))
        return f"{len(service.fleet)} open or opening"

    return [Ping("event loop", loop_lag), Ping("workspaces", workspaces)]


def _raise_file_limit() -> None:
    """One file descriptor a connection, and many for each store: the usual 1,024 are few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if sys.platform == "darwin":
        wanted = min(wanted, 10_240)  # the kernel refuses more, whatever the hard limit says
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
