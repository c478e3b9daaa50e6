"""The clock of the daemon: work that comes round again, on apscheduler, with the defaults that it lacks.

A laptop that slept must not skip a job because it is late, nor run it once for every time missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler


@contextmanager
def running_every(interval_s: int, jitter_s: int, work: Callable[[], None]) -> Iterator[None]:
    """Calls `work` in the event loop about every `interval_s` while the body runs; 0 means never."""
    if interval_s == 0:
        yield
        return
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_job(_as_coroutine(work), "interval", seconds=interval_s, jitter=jitter_s or None)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _as_coroutine(work: Callable[[], None]) -> Callable[[], object]:
    async def run() -> None:  # apscheduler runs plain functions in a thread, coroutines in the loop
        work()

    return run
