"""Texts that a server shows instead of those on disk: candidates, and empty ones for files that it must not
read.

Knows no session. A server that follows another is shown all of them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from hydrators.rust_analyzer.client import Server


class Overlays:
    """By path relative to a root. `show` and `hide` tell a server, if there is one; `show_all` a new one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shown: dict[str, tuple[int, str]] = {}  # path → version, text

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, path: str) -> bool:
        return path in self._shown

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown)

    def show(self, path: str, text: str, server: Server | None) -> None:
        version = self._shown[path][0] + 1 if path in self._shown else 1
        self._shown[path] = (version, text)
        if server is None:
            return
        if version == 1:
            self._open(path, server)
            return
        document = types.VersionedTextDocumentIdentifier(version, self._uri(path))
        change = types.TextDocumentContentChangeWholeDocument(text)
        server.notify(types.TEXT_DOCUMENT_DID_CHANGE, types.DidChangeTextDocumentParams(document, [change]))

    def hide(self, path: str, server: Server | None) -> None:
        del self._shown[path]
        if server is not None:
            document = types.TextDocumentIdentifier(self._uri(path))
            server.notify(types.TEXT_DOCUMENT_DID_CLOSE, types.DidCloseTextDocumentParams(document))

    def show_all(self, server: Server) -> None:
        for path in self._shown:
            self._open(path, server)

    def _open(self, path: str, server: Server) -> None:
        version, text = self._shown[path]
        item = types.TextDocumentItem(self._uri(path), "rust", version, text)
        server.notify(types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))

    def _uri(self, path: str) -> str:
        return (self._root / path).as_uri()
