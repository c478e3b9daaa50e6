"""Health is the list of pings: each service brings its own, and this runs them all with a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

PING_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Ping:
    """A named check; `check` returns a short detail, or raises with the reason."""

    name: str
    check: Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Pulse:
    """What one ping found."""

    name: str
    ok: bool
    detail: str
    took_ms: float


async def take_pulses(pings: Iterable[Ping], timeout_s: float = PING_TIMEOUT_S) -> list[Pulse]:
    """Runs all pings at once; none can hold up or break the others."""
    return list(await asyncio.gather(*(_take(ping, timeout_s) for ping in pings)))


async def _take(ping: Ping, timeout_s: float) -> Pulse:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_s):
            detail, ok = await ping.check(), True
    except TimeoutError:
        detail, ok = f"no answer within {timeout_s:g} s", False
    except Exception as error:  # a guard: whatever is wrong with a service is what health reports
        detail, ok = f"{type(error).__name__}: {error}", False
    return Pulse(ping.name, ok, detail, round((time.perf_counter() - started) * 1e3, 2))
