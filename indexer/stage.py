"""What a background stage of a workspace reaches of it: its store, its files, and when it has to wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple

from store.model import Commit, FileRecord


class Access(NamedTuple):
    """`write` is the one writer thread; `until_idle` returns when no save is being taken in and no edges are
    being resolved: those go first."""

    read: Callable[..., Awaitable[Any]]
    write: Callable[..., Awaitable[Any]]
    publish: Callable[[Iterable[Commit]], Awaitable[None]]
    records: Callable[[], Mapping[str, FileRecord]]
    until_idle: Callable[[], Awaitable[None]]
    is_paused: Callable[[], bool]
