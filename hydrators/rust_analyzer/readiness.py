"""When a server's answers mean something: what it says of itself, a probe that a method of std resolves, and
what follows of both.

"Quiescent" alone is not ready: with a broken manifest the server is quiescent and unhealthy, without any it
is quiescent at once and knows nothing, and without proper library sources it resolves half of what it
should, silently.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types

from hydrators.rust_analyzer.circumstances import first_line
from hydrators.rust_analyzer.client import Server, ServerRefused
from hydrators.rust_analyzer.model import State

_PROBED_FILES = 4
_PROBE = "\nfn isg_probe() -> usize {{ [0u8].to_vec().iter().map(|byte| byte).count() }}\n"
_METHODS = ("to_vec", "iter", "map", "count")


class Status(NamedTuple):
    """The last `experimental/serverStatus`. `health` is "ok", "warning" or "error"."""

    health: str = ""
    quiescent: bool = False
    message: str = ""


class Verdict(NamedTuple):
    """What a server is good for. `reason` and `cure` are sentences for people, "" when all is well."""

    state: State  # ready, partial or broken
    reason: str = ""
    cure: str = ""


def judge(status: Status, resolves: bool, lack: str, left_out: str) -> Verdict:
    """Of a server that has nothing more to load. `resolves` says whether methods of std do, `lack` what its
    library sources lack, `left_out` which packages it was not given."""
    if status.health == "error":
        cure = "see the manifests that it names; cargo metadata says more"
        return Verdict(State.BROKEN, status.message or "unhealthy", cure)
    if status.health == "warning":
        cure = "cargo fetch, or correct the dependency that it names"
        return Verdict(State.PARTIAL, first_line(status.message) or "not quite healthy", cure)
    if not resolves:
        cure = "rustup component add rust-src (Debian: rust-src)"
        return Verdict(State.PARTIAL, lack or "methods of the standard library do not resolve", cure)
    return Verdict(State.READY, left_out)


class Readiness:
    """Listens to one server. `changed` is set whenever there is something new; `rounds` counts how often it
    came to rest."""

    def __init__(self) -> None:
        self.status = Status()
        self.rounds = 0
        self.progress = ""
        self.changed = asyncio.Event()
        self._titles: dict[str, str] = {}

    def on_status(self, params: Any) -> None:
        was = self.status
        self.status = Status(
            str(getattr(params, "health", "")),
            bool(getattr(params, "quiescent", False)),
            str(getattr(params, "message", None) or ""),
        )
        if self.status.quiescent and not was.quiescent:
            self.rounds += 1
        self.changed.set()

    def on_progress(self, params: Any) -> None:
        """What it is busy with, for people."""
        token, value = str(params.token), params.value
        said = value if isinstance(value, dict) else getattr(value, "__dict__", {})
        kind = said.get("kind")
        if kind == "begin":
            self._titles[token] = str(said.get("title", ""))
        elif kind == "end":
            self._titles.pop(token, None)
        title = next(reversed(self._titles.values()), "")
        detail = said.get("message") if kind == "report" and self._titles.get(token) == title else ""
        progress = f"{title} {detail or ''}".strip()
        if progress != self.progress:
            self.progress = progress
            self.changed.set()


async def std_resolves(server: Server, roots: Sequence[Path], timeout_s: float) -> bool:
    """Whether methods that need core, alloc and the links between them resolve, in one of the crates at
    least.

    A function is added to a copy of a crate's root file that exists in the server's memory only, for a
    moment.
    """
    for root in roots[:_PROBED_FILES]:
        try:
            text = root.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        document = types.TextDocumentIdentifier(uri=root.as_uri())
        probed = text + _PROBE.format()
        line = text.count("\n") + 1
        written = probed.split("\n")[line]
        server.notify(
            types.TEXT_DOCUMENT_DID_OPEN,
            types.DidOpenTextDocumentParams(types.TextDocumentItem(document.uri, "rust", 1, probed)),
        )
        try:
            found = [
                await _resolves(
                    server, document, types.Position(line, written.index(f".{name}") + 1), timeout_s
                )
                for name in _METHODS
            ]
        finally:
            server.notify(types.TEXT_DOCUMENT_DID_CLOSE, types.DidCloseTextDocumentParams(document))
        if all(found):
            return True
    return not roots  # nothing to be told by


async def _resolves(
    server: Server, document: types.TextDocumentIdentifier, at: types.Position, timeout_s: float
) -> bool:
    for _ in range(20):
        try:
            return bool(
                await server.request(
                    types.TEXT_DOCUMENT_DEFINITION, types.DefinitionParams(document, at), timeout_s
                )
            )
        except ServerRefused as refused:
            if refused.code not in (-32801, -32802):
                return False
        await asyncio.sleep(0.05)
    return False
