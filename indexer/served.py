"""What the daemon needs of a workspace: the seam between the service around it and the work in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

from indexer.config import Settings
from indexer.hydration import Hydration
from indexer.llama import SharedLlama
from indexer.meaning import Meaning
from indexer.metrics import Metrics
from indexer.registry import Entry
from store.database import Database, StoreError

P = ParamSpec("P")
T = TypeVar("T")


class ServedWorkspace(Protocol):
    """An open workspace. `status` and `freshness` answer at once, from memory. `hydration` is None where
    rust-analyzer is not asked: the workspace is not trusted, it is switched off, or it is not that far
    yet. `meaning` is None only in the latter case."""

    hydration: Hydration | None
    meaning: Meaning | None

    def status(self) -> dict[str, Any]: ...

    def freshness(self) -> dict[str, Any]: ...

    async def wait(self, stage: str, timeout_s: float) -> None:
        """Returns once everything saved before is in; raises TimeoutError."""

    async def reindex(self) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def request_scan(self, reason: str) -> None:
        """Asks for a comparison of the tree with the index, soon."""

    async def read(
        self, query: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a query of the store in a thread."""

    def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        """Commits from now on: {clock, changes: [{path, added, changed, removed}]}."""

    async def __aenter__(self) -> Self:
        """Opens the store and starts to watch. Entered and left in one task of its own."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Stops watching and closes the store."""


class NotReady(StoreError):
    """The workspace has no index to answer from yet; the message says how far it is."""


OpenWorkspace = Callable[[Entry, Settings, Metrics, SharedLlama], Awaitable[ServedWorkspace]]
