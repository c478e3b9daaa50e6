"""One question about a file becomes its answer: fence, diagnostics, outline, hovers, definitions.

Owns the order, the width and the repetitions; knows nothing of how the server is kept alive.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from hydrators.rust_analyzer.client import Server, ServerRefused
from hydrators.rust_analyzer.disk import hash_of, read_bytes
from hydrators.rust_analyzer.externals import LEADING_ON, Externals
from hydrators.rust_analyzer.guards import why_unfit
from hydrators.rust_analyzer.model import (
    FileAnswer,
    FileQuestion,
    HoverAnswer,
    Position,
    Range,
    Refusal,
    Refused,
    ServerDiagnostic,
    Symbol,
    Target,
)
from hydrators.rust_analyzer.signatures import Shown, read_hover
from hydrators.rust_analyzer.sysroot import Sources

_VIEW_TEXT = "rust-analyzer/viewFileText"
_AGAIN = (-32801, -32802)  # content modified, cancelled by the server: the answer was overtaken by an edit
_FENCE_S = 5.0
# Between repetitions; the last one goes on. The server takes in what is on disk 5 to 15 ms after it was told.
_PAUSES_S = (0.0, *(0.002,) * 15, 0.005, 0.01, 0.02, 0.05)
_SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}
_NOTHING_SHOWN = "rust-analyzer knows no item here: a macro makes it, or its text does not parse"

_NOWHERE = Range(Position(0, 0), Position(0, 0))
_WORD = re.compile(rb"\w+")

T = TypeVar("T")
R = TypeVar("R")


class Settings(NamedTuple):
    """`in_flight` bounds the requests that one question has open."""

    root: Path
    sources: Sources
    in_flight: int
    timeout_s: float


class Asker:
    """Asks one server. `generation` and `is_partial` mark the answers that are made from now on."""

    def __init__(self, server: Server, settings: Settings) -> None:
        self.server = server
        self._root = os.fspath(settings.root)
        self._prefix = self._root.rstrip("/") + "/"
        self._settings = settings
        self._externals = Externals(self._root, settings.sources, self._external_hover)
        self._external_hovers = 0
        self.generation = 0
        self.is_partial = False

    # ------------------------------------------------------------ the text that the server has

    def uri(self, path: str) -> str:
        return Path(self._prefix + path).as_uri()

    async def text_of(self, path: str) -> str | None:
        """The server's text of a file, None if it has none. Raises as `Server.request`."""
        try:
            text: str = await self._repeat(_VIEW_TEXT, types.TextDocumentIdentifier(uri=self.uri(path)))
        except ServerRefused as refused:
            if "not found" in refused.args[0] or "file" in refused.args[0]:
                return None
            raise
        return text

    def announce(self, paths: Sequence[str]) -> None:
        """Tell the server that files are others now, appeared or went. It reads them when it gets to it."""
        changes = [
            types.FileEvent(
                uri=self.uri(path),
                type=types.FileChangeType.Changed
                if os.path.exists(self._prefix + path)
                else types.FileChangeType.Deleted,
            )
            for path in paths
        ]
        self.server.notify(
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES, types.DidChangeWatchedFilesParams(changes=changes)
        )

    async def fence(self, path: str, wanted: str | None, *, waits_for_unknown: bool = True) -> bool:
        """Whether the server's text of a file is, before long, the one wanted (None: it has the file no
        more)."""
        deadline = asyncio.get_running_loop().time() + _FENCE_S
        announced = False
        for pause in _pauses():
            text = await self.text_of(path)
            if text == wanted:
                return True
            if text is None and not waits_for_unknown:
                return False
            if not announced:
                self.announce([path])
                announced = True
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(pause)
        return False

    # ------------------------------------------------------------ one question

    async def ask(self, question: FileQuestion) -> FileAnswer:
        """Raises Refused, and what `Server.request` raises."""
        data = self._read(question)
        if unfit := why_unfit(data):
            raise Refused(Refusal.REFUSED, unfit)
        text = data.decode().replace("\r\n", "\n")  # as the server keeps it
        requests: Counter[str] = Counter()
        busy_s = self.server.busy_s
        generation, is_partial = self.generation, self.is_partial
        if not await self.fence(question.path, text):
            self._read(question)
            if await self.text_of(question.path) is None:
                raise Refused(Refusal.REFUSED, "belongs to no package that rust-analyzer has loaded")
            raise Refused(Refusal.TIMED_OUT, "rust-analyzer did not read the file in time")
        lines = text.encode().split(b"\n")
        external_hovers = self._external_hovers
        document = types.TextDocumentIdentifier(uri=self.uri(question.path))
        diagnostics = await self._diagnostics(document, requests) if question.wants_diagnostics else None
        outline = await self._outline(document, requests) if question.wants_outline else None

        async def hover(at: Position) -> HoverAnswer:
            return await self._hover(document, at, diagnostics or ())

        async def definition(at: Position) -> tuple[Target, ...]:
            return await self._definition(document, at, _word(lines, at))

        hovers = await self._each(question.hovers, hover)
        definitions = await self._each(question.definitions, definition)
        requests["hover"] += len(question.hovers)
        requests["definition"] += len(question.definitions)
        requests["external hover"] += self._external_hovers - external_hovers
        if await self.text_of(question.path) != text:
            raise Refused(Refusal.MOVED_ON, "edited while it was asked about")
        return FileAnswer(
            question.path,
            question.hash,
            generation,
            is_partial,
            hovers,
            definitions,
            diagnostics,
            outline,
            self.server.busy_s - busy_s,
            {name: count for name, count in requests.items() if count},
        )

    def _read(self, question: FileQuestion) -> bytes:
        """The bytes on disk, if they are those that were asked about."""
        data = read_bytes(self._prefix + question.path)
        if data is None or hash_of(data) != question.hash:
            raise Refused(Refusal.MOVED_ON, "the text on disk is another by now")
        return data

    async def _each(self, positions: Sequence[T], ask: Callable[[T], Awaitable[R]]) -> tuple[R, ...]:
        answers: list[Any] = [None] * len(positions)
        rest = iter(enumerate(positions))

        async def run() -> None:
            for index, position in rest:
                answers[index] = await ask(position)

        runners = [asyncio.ensure_future(run()) for _ in range(min(len(positions), self._settings.in_flight))]
        try:
            await asyncio.gather(*runners)
        finally:
            for runner in runners:
                runner.cancel()
        return tuple(answers)

    # ------------------------------------------------------------ single requests

    async def diagnostics(self, path: str) -> tuple[ServerDiagnostic, ...]:
        return await self._diagnostics(types.TextDocumentIdentifier(uri=self.uri(path)), Counter())

    async def symbols(self, path: str) -> tuple[Symbol, ...]:
        return await self._outline(types.TextDocumentIdentifier(uri=self.uri(path)), Counter())

    async def hover(self, path: str, at: Position) -> HoverAnswer:
        return await self._hover(types.TextDocumentIdentifier(uri=self.uri(path)), at, ())

    async def definition(self, path: str, at: Position) -> tuple[Target, ...]:
        lines = (await self.text_of(path) or "").encode().split(b"\n")
        return await self._definition(types.TextDocumentIdentifier(uri=self.uri(path)), at, _word(lines, at))

    async def expand_macro(self, path: str, at: Position) -> tuple[str, str] | None:
        document = types.TextDocumentIdentifier(uri=self.uri(path))
        found = await self._repeat(
            "rust-analyzer/expandMacro", types.HoverParams(text_document=document, position=_there(at))
        )
        return None if found is None else (str(found.name), str(found.expansion))

    async def _diagnostics(
        self, document: types.TextDocumentIdentifier, requests: Counter[str]
    ) -> tuple[ServerDiagnostic, ...]:
        requests["diagnostic"] += 1
        report = await self._repeat(
            types.TEXT_DOCUMENT_DIAGNOSTIC, types.DocumentDiagnosticParams(text_document=document)
        )
        return tuple(
            ServerDiagnostic(
                _SEVERITIES.get(int(item.severity or 1), "error"),
                "" if item.code is None else str(item.code),
                item.message,
                _range(item.range),
                item.source or "",
            )
            for item in getattr(report, "items", ())
        )

    async def _outline(
        self, document: types.TextDocumentIdentifier, requests: Counter[str]
    ) -> tuple[Symbol, ...]:
        requests["documentSymbol"] += 1
        found = await self._repeat(
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(text_document=document)
        )
        outline: list[Symbol] = []
        waiting = [(symbol, "") for symbol in reversed(found or ())]
        while waiting:
            symbol, container = waiting.pop()
            kind = types.SymbolKind(symbol.kind).name
            outline.append(
                Symbol(
                    symbol.name,
                    kind.lower(),
                    symbol.detail or "",
                    _range(symbol.range),
                    _range(symbol.selection_range),
                    container,
                )
            )
            inside = f"{container}::{symbol.name}" if container else symbol.name
            waiting += [(child, inside) for child in reversed(symbol.children or ())]
        return tuple(outline)

    async def _hover(
        self, document: types.TextDocumentIdentifier, at: Position, diagnostics: Sequence[ServerDiagnostic]
    ) -> HoverAnswer:
        found = await self._repeat(
            types.TEXT_DOCUMENT_HOVER, types.HoverParams(text_document=document, position=_there(at))
        )
        shown = read_hover(found.contents.value) if found is not None else None
        if shown is not None and shown.signature:
            return HoverAnswer(shown.signature)
        for item in diagnostics:
            if item.code == "inactive-code" and item.range.start <= at < item.range.end:
                return HoverAnswer("", item.message)
            if item.code == "unlinked-file":
                return HoverAnswer("", "the file is no part of a crate that rust-analyzer has loaded")
        return HoverAnswer("", _NOTHING_SHOWN)

    async def _definition(
        self, document: types.TextDocumentIdentifier, at: Position, word: str
    ) -> tuple[Target, ...]:
        found = await self._repeat(
            types.TEXT_DOCUMENT_DEFINITION,
            types.DefinitionParams(text_document=document, position=_there(at)),
        )
        site = (_path(document.uri), at)
        targets: list[Target] = []
        for link in found or ():
            whole, name = _range(link.target_range), _range(link.target_selection_range)
            path = _path(link.target_uri)
            if path.startswith(self._prefix):
                targets.append(Target(path[len(self._prefix) :], whole, name))
            else:
                external = await self._externals.defined_at((path, name.start), site, word)
                targets.append(Target("", whole, name, external))
        if word in LEADING_ON:
            item = await self._externals.led_on_from(site)
            if item is not None and not any(one.external == item for one in targets):
                targets.append(Target("", _NOWHERE, _NOWHERE, item))
        return tuple(targets)

    async def _external_hover(self, path: str, at: Position) -> Shown | None:
        self._external_hovers += 1
        document = types.TextDocumentIdentifier(uri=Path(path).as_uri())
        found = await self._repeat(types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, _there(at)))
        return read_hover(found.contents.value) if found is not None else None

    async def _repeat(self, method: str, params: Any) -> Any:
        """The result, asked for again while the server says that an edit overtook it."""
        deadline = asyncio.get_running_loop().time() + self._settings.timeout_s
        for pause in _pauses():
            try:
                return await self.server.request(method, params, self._settings.timeout_s)
            except ServerRefused as refused:
                if refused.code not in _AGAIN or asyncio.get_running_loop().time() > deadline:
                    raise
            await asyncio.sleep(pause)


@lru_cache(4_096)
def _path(uri: str) -> str:
    return unquote(urlsplit(uri).path)


def _word(lines: Sequence[bytes], at: Position) -> str:
    found = _WORD.match(lines[at.line], at.column) if at.line < len(lines) else None
    return "" if found is None else found[0].decode()


def _pauses() -> Any:
    yield from _PAUSES_S
    while True:
        yield _PAUSES_S[-1]


def _there(at: Position) -> types.Position:
    return types.Position(line=at.line, character=at.column)


def _range(there: types.Range) -> Range:
    start, end = there.start, there.end
    return Range(Position(start.line, start.character), Position(end.line, end.character))
