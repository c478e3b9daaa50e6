"""The settings that a server has: told at its start, and again when it asks for them.

Knows what they are from `options.py`. A strict server finds unresolved names too, and false ones where
metadata is incomplete: against a baseline only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from lsprotocol import types

from hydrators.rust_analyzer.client import Server


class Configuration:
    """Of one server. `made` says what the settings are, strict or not."""

    def __init__(self, made: Callable[[bool], dict[str, Any]], *, is_strict: bool) -> None:
        self._made = made
        self._asked_for = asyncio.Event()
        self.is_strict = is_strict

    @property
    def settings(self) -> dict[str, Any]:
        return self._made(self.is_strict)

    def on_asked(self, asked: types.ConfigurationParams) -> list[dict[str, Any]]:
        """The answer to `workspace/configuration`."""
        self._asked_for.set()
        return [self.settings for _ in asked.items]

    async def be_strict(self, is_strict: bool, server: Server, timeout_s: float) -> None:
        """It asks for its settings when told that they are others; what is asked after that sees them.
        Raises ServerGone and TimeoutError."""
        self.is_strict = is_strict
        self._asked_for.clear()
        server.notify(
            types.WORKSPACE_DID_CHANGE_CONFIGURATION, types.DidChangeConfigurationParams(settings=None)
        )
        async with asyncio.timeout(timeout_s):
            await self._asked_for.wait()
