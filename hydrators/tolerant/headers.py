"""Headers that rustc takes and the grammar (tree-sitter-rust 0.24) does not: `-> Vec::<u8>`, `fn f<T:>()`,
`where T:,`, `Box<dyn 'a + Tr>`, `struct S<>;`. They are laid over by text of the same length, like all newer
syntax.

Only a header that the exact grammar takes is touched, so that nothing passes for right that is not Rust.
"""

from __future__ import annotations

import re

from hydrators.exact import parse_signature

# Guards against hostile text: nothing here may take longer than in proportion to the file.
_REACH_BYTES = 20_000  # how far the end of a header is looked for; the fields of a struct are part of it
_MAX_FAILURES = 20

_WORD = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_HEADER = re.compile(
    rb"(?:^|[{};\]])[ \t]*((?:pub(?:\s*\([^()]*\))?\s+)?"
    rb"(?:(?:(?:default|async|const|unsafe|safe|auto|extern(?:\s*\"[^\"\n]*\")?)\s+){0,6}"
    rb"(?:(?:fn|struct|enum|union|trait|type)\s+(?:r#)?" + _WORD + rb"|impl\b)"
    rb"|(?:const|static)\s+(?:mut\s+)?(?:r#)?" + _WORD + rb"\s*:))",
    re.MULTILINE,
)
_EDGE = re.compile(rb'[()\[\]{};]|[=!<>]=|=>|=|//[^\n]*|"(?:[^"\\]|\\.)*"?', re.DOTALL)
_DEPTH = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}

_ODD = re.compile(
    rb"::\s*[<(]|\bdyn\s+['?]|[:+]\s*(?:[,>=){]|where\b|\Z)|<\s*>|\bwhere\s*\Z|(?:\bwhere|,)\s+dyn\b"
)
_TURBOFISH = re.compile(rb"(;[^;\]{}]*\])|::(?=\s*[<(])")  # not in the length of an array
_PARTS = re.compile(
    rb"(?<=\bdyn)\s+'\w+\s*\+"  # a lifetime first
    rb"|(?<=\bdyn )\s*\?"
    rb"|\bfor\s*<\s*>"
    rb"|(?<=[\w\x80-\xff])\s*<\s*>"
    rb"|\+(?=\s*(?:[,>={;)]|where\b|\Z))"
)
_NO_BOUNDS = re.compile(rb":(?=\s*(?:[,>=]|where\b|\Z))")
_WHERE = re.compile(rb"\bwhere\b")
_PIECE = re.compile(rb"[-=]>|[()\[\]{}<>,]|\Z")
_STEP = {**_DEPTH, b"<": 1, b">": -1}
_BLANK = re.compile(rb"\S")


def cover_headers(text: bytes) -> bytes:
    """`text` with such headers laid over."""
    out: bytearray | None = None
    done = failures = 0
    for match in _HEADER.finditer(text):
        start = match.start(1)
        if start < done:
            continue
        end = _end(text, match)
        if end < 0:
            failures += 1
            if failures > _MAX_FAILURES:
                break
            continue
        done = end
        header = text[start:end]
        if _ODD.search(header) is not None:
            covered = _cover(header)
            if covered != header and parse_signature(header.decode("utf-8", "replace")) is not None:
                out = bytearray(text) if out is None else out
                out[start:end] = covered
    return text if out is None else bytes(out)


def _end(text: bytes, head: re.Match[bytes]) -> int:
    """Before the body, the semicolon or the value of an item; behind the fields of a struct or enum.
    -1 if that is not near."""
    depth = 0
    has_fields = _FIELDED.search(head[1]) is not None
    has_value = head[1].endswith(b":")
    for match in _EDGE.finditer(text, head.end(), head.end() + _REACH_BYTES):
        edge = match[0]
        if depth == 0 and (edge == b";" or (edge == b"{" and not has_fields) or (edge == b"=" and has_value)):
            return match.start()
        depth += _DEPTH.get(edge, 0)
        if depth == 0 and edge == b"}":
            return match.end()
        if depth < 0:
            return -1
    return -1


_FIELDED = re.compile(rb"\b(?:struct|enum|union)\s")


def _cover(header: bytes) -> bytes:
    header = _PARTS.sub(_blank, _TURBOFISH.sub(lambda match: match[1] or b"  ", header))
    where = _WHERE.search(header)
    at = where.start() if where is not None else len(header)
    before = _NO_BOUNDS.sub(b" ", header[:at])
    return before if where is None else before + _cover_where(header[at:])


def _cover_where(clause: bytes) -> bytes:
    """`where T:, U: A` without the predicates that ask for nothing, and without the `dyn` of a subject."""
    out = bytearray(clause)
    begin = len(b"where")
    start, depth = begin, 0
    is_empty = True
    for match in _PIECE.finditer(clause, start):
        piece = match[0]
        if depth == 0 and piece in (b",", b"{", b""):
            end = match.start()
            predicate = clause[start:end].strip()
            if predicate.endswith(b":"):
                behind = end + (piece == b",")
                out[start:behind] = _BLANK.sub(b" ", clause[start:behind])
            elif predicate:
                is_empty = False
                subject = _DYN.match(clause, start)
                if subject is not None:
                    out[start : subject.end()] = b" " * (subject.end() - start)
            if piece == b"{":
                break
            start = match.end()
        depth += _STEP.get(piece, 0)
    if is_empty:
        out[:begin] = b" " * begin
    return bytes(out)


_DYN = re.compile(rb"\s+dyn(?=\s)")


def _blank(match: re.Match[bytes]) -> bytes:
    return _BLANK.sub(b" ", match[0])
