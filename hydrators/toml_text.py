"""A TOML text as values and as places, whole or half-written.

`tomllib` gives no positions, refuses a text for one mistake, and does not know the inline tables over several
lines that cargo reads since TOML 1.1. Knows nothing of what the keys mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

Path = tuple[str, ...]

_BOM = b"\xef\xbb\xbf"
_MAX_TABLE_LINES = 16  # more lines than an inline table has that was not forgotten
_MAX_SALVAGED_BYTES = 1024 * 1024  # a broken text is read no further
_MAX_PATH = 8  # keys nested deeper have no span of their own: a guard against hostile headers

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEYS = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_ONE_KEY = re.compile(_KEY)
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_KEYS})[ \t]*\]\]?[ \t]*(?:#[^\n]*)?\r?(?=\n|\Z)")
_OPEN_HEADER = re.compile(
    rf"(\[\[?)[ \t]*({_KEYS})[ \t]*\]?[ \t]*\r?(?=\n|\Z)"
)  # its bracket is still to come
_ASSIGNMENT = re.compile(rf"({_KEYS})[ \t]*=")
_NEW_STATEMENT = re.compile(
    rf"[ \t]*(?:\[\[?[ \t]*{_KEYS}[ \t]*\]\]?[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)|({_KEYS})[ \t]*=)"
)
_TELLING = re.compile(r"""["'#\n\[\]{}]""")
_STRING = r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'"""
_STRING_AT = re.compile(_STRING)
_ON_ONE_LINE = re.compile(rf"({_STRING})|#[^\n]*|[ \t\r\n]+")
_LAST_COMMA = re.compile(rf"({_STRING})|,[ ]*(?=\}})")

# tomllib's time grows with the square of a dotted key's parts: 100 kB of them take three seconds.
_ENDLESS_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){64}""", re.ASCII)


class Span(NamedTuple):
    """Bytes of a file, half-open."""

    start_byte: int
    end_byte: int


class TomlText(NamedTuple):
    """`content` is all that could be read; `is_valid` says whether that is everything. `spans` has the first
    statement of every key path of up to eight keys, and for a path that a header names, its whole table."""

    content: dict[str, Any]
    is_valid: bool
    spans: dict[Path, Span]

    def span(self, path: Path) -> Span:
        """Where the value at `path` stands, or the nearest thing around it that has a place."""
        while path:
            found = self.spans.get(path)
            if found is not None:
                return found
            path = path[:-1]
        return Span(0, 0)


class _Statement(NamedTuple):
    """A header, an assignment, or (neither) a line that says nothing."""

    header: str  # "[", "[[" or ""
    keys: str
    span: Span


def read_toml(data: bytes) -> TomlText:
    """Values and positions of `data`; whatever it holds, no exception."""
    content, is_valid = read_values(data)
    spans: dict[Path, Span] = {}
    table: Path = ()
    text = _text(data if is_valid else data[:_MAX_SALVAGED_BYTES])
    for statement in _statements(text, is_valid=is_valid):
        if not statement.keys:
            continue
        path = _path(statement.keys)
        if statement.header:
            table = path
        else:
            path = table + path
            if table and table in spans:
                spans[table] = Span(spans[table].start_byte, statement.span.end_byte)
        for length in range(1, min(len(path), _MAX_PATH) + 1):
            spans.setdefault(path[:length], statement.span)
    return TomlText(content, is_valid, spans)


def read_values(data: bytes) -> tuple[dict[str, Any], bool]:
    """(what could be read, whether that is everything), without positions."""
    try:
        return _loads(data.removeprefix(_BOM).decode()), True
    except (ValueError, RecursionError):
        return _salvage(data)


def _loads(text: str) -> dict[str, Any]:
    if _ENDLESS_KEY.search(text):
        raise tomllib.TOMLDecodeError("a key of more than 64 parts")
    return tomllib.loads(text)


def _text(data: bytes) -> str:
    """One character for each byte, so that positions are byte offsets; TOML's syntax is all ASCII."""
    text = data.decode("latin-1")
    return "   " + text[3:] if data.startswith(_BOM) else text


def _path(keys: str) -> Path:
    return tuple(_plain(key.encode("latin-1").decode(errors="replace")) for key in _ONE_KEY.findall(keys))


def _plain(key: str) -> str:
    if "\\" in key and key[0] == '"':
        return next(iter(_value(f"{key} = 0".encode()) or {key[1:-1]: 0}))
    return key[1:-1] if key[0] in "\"'" else key


def _statements(text: str, *, is_valid: bool) -> Iterator[_Statement]:
    at, end = 0, len(text)
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if at >= end:
            return
        if (header := _HEADER.match(text, at)) or (not is_valid and (header := _OPEN_HEADER.match(text, at))):
            yield _Statement(header[1], header[2], Span(at, header.end()))
            at = header.end()
        elif assignment := _ASSIGNMENT.match(text, at):
            stop = _value_end(text, assignment.end(), is_valid=is_valid)
            yield _Statement("", assignment[1], Span(at, stop))
            at = stop
        else:
            stop = text.find("\n", at)
            stop = end if stop < 0 else stop
            yield _Statement("", "", Span(at, stop))
            at = stop


def _value_end(text: str, at: int, *, is_valid: bool) -> int:
    """Where the value that starts at `at` ends: at the first line end outside its brackets.

    In a broken text a bracket may never be closed. An array then ends where a line looks like the next
    statement; an inline table, whose own lines look like that too, only if it meets a header, the end of the
    text or many lines before it is closed.
    """
    opened: list[str] = []
    cut, lines = -1, 0
    while found := _TELLING.search(text, at):
        at = found.start()
        sign = text[at]
        if sign == "\n":
            if not opened:
                return at
            if not is_valid and (following := _NEW_STATEMENT.match(text, at + 1)):
                cut = at if cut < 0 else cut
                lines += 1
                if not following[1] or "{" not in opened or lines > _MAX_TABLE_LINES:
                    return cut
            at += 1
        elif sign in "[{":
            opened.append(sign)
            at += 1
        elif sign in "]}":
            if opened:
                opened.pop()
            at += 1
        elif sign == "#":
            stop = text.find("\n", at)
            at = len(text) if stop < 0 else stop
        else:
            at = _string_end(text, at, sign)
    return cut if opened and cut >= 0 else len(text)


def _string_end(text: str, at: int, quote: str) -> int:
    fence = quote * 3
    if text.startswith(fence, at):
        stop = text.find(fence, at + 3)
        while stop > 0 and quote == '"' and _is_escaped(text, stop):
            stop = text.find(fence, stop + 1)
        if stop > 0:
            while text.startswith(fence, stop + 1):  # up to two quotes may stand before the closing three
                stop += 1
            return stop + 3
    elif closed := _STRING_AT.match(text, at):
        return closed.end()
    stop = text.find("\n", at)
    return len(text) if stop < 0 else stop


def _is_escaped(text: str, at: int) -> bool:
    before = at
    while text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _salvage(data: bytes) -> tuple[dict[str, Any], bool]:
    """Every statement that can be read by itself. Of two values for one key the first counts."""
    content: dict[str, Any] = {}
    table: dict[str, Any] | None = content
    headers: set[Path] = set()
    is_whole = len(data) <= _MAX_SALVAGED_BYTES
    data = data[:_MAX_SALVAGED_BYTES]
    for header, keys, span in _statements(_text(data), is_valid=False):
        if header:
            path = _path(keys)
            is_closed = data[span.start_byte : span.end_byte].count(b"]") >= len(header)
            is_whole = is_whole and is_closed and (header == "[[" or path not in headers)
            headers.add(path)
            table = _open(content, path, is_array=header == "[[")
            continue
        values = _value(data[span.start_byte : span.end_byte]) if keys else None
        if values is None or table is None or not _merge(table, values):
            is_whole = False
    return content, is_whole


def _value(statement: bytes) -> dict[str, Any] | None:
    try:
        text = statement.decode()
        try:
            return _loads(text)
        except tomllib.TOMLDecodeError:
            if "{" not in text or "\n" not in text or '"""' in text or "'''" in text:
                return None
            flat = _ON_ONE_LINE.sub(lambda found: found[1] or " ", text)
            return _loads(_LAST_COMMA.sub(lambda found: found[1] or "", flat))
    except (ValueError, RecursionError):
        return None


def _open(content: dict[str, Any], path: Path, *, is_array: bool) -> dict[str, Any] | None:
    """The table that a header opens, made where it is missing; None where something else stands."""
    table = content
    for key in path[:-1] if is_array else path:
        inner = table.setdefault(key, {})
        if isinstance(inner, list) and inner:
            inner = inner[-1]
        if not isinstance(inner, dict):
            return None
        table = inner
    if not is_array:
        return table
    entries = table.setdefault(path[-1], [])
    if not isinstance(entries, list):
        return None
    entries.append({})
    last: dict[str, Any] = entries[-1]
    return last


def _merge(into: dict[str, Any], values: dict[str, Any]) -> bool:
    """Put the keys that are new into a table; False if some were there already."""
    is_new = True
    pending = [(into, values)]
    while pending:
        old, new = pending.pop()
        for key, value in new.items():
            if key not in old:
                old[key] = value
            elif isinstance(old[key], dict) and isinstance(value, dict):
                pending.append((old[key], value))
            else:
                is_new = False
    return is_new
