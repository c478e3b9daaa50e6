"""How commands reach the daemon, and say where they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from indexer.paths import resolve_paths
from indexer.rpc_client import Client


@contextmanager
def daemon() -> Iterator[Client]:
    """A connection to the daemon. Raises DaemonDown."""
    with Client(resolve_paths().socket) as client:
        yield client


def ask(method: str, timeout_s: float | None = None, **params: Any) -> Any:
    """One answer. Parameters that are None are left out."""
    with daemon() as client:
        return client.call(method, given(params), timeout_s)


def given(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters that are not None."""
    return {name: value for name, value in params.items() if value is not None}


def where(workspace: str | None) -> dict[str, Any]:
    """The parameters that tell the daemon which workspace is meant."""
    return given({"workspace": workspace, "cwd": cwd()})


def cwd() -> str | None:
    """The working directory, None if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        return None
