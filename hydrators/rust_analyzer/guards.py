"""Which files are fit to be shown to rust-analyzer: what overflows its stack, or costs it seconds and
gigabytes, is not."""

from __future__ import annotations

import itertools
import re

from hydrators.tolerant import overflows

MAX_BYTES = 4_000_000
MAX_LINE_BYTES = 200_000
MAX_DEPTH = 800  # it dies at about 5,000 nested blocks, chained calls or types; people write fewer than 100
_OPENING, _CLOSING = b"([{", b")]}"
_STEPS = dict.fromkeys(_OPENING, 1) | dict.fromkeys(_CLOSING, -1)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _OPENING + _CLOSING)
_SEPARATOR = re.compile(rb"[;,{}]")
# What is not closed takes the rest: looking for its end again and again would be quadratic.
_TEXT = re.compile(rb'//[^\n]*|/\*(?:.*?\*/|.*)|"(?:[^"\\]|\\.)*"?', re.DOTALL)


def why_unfit(data: bytes) -> str:
    """A sentence that says why a file must not be asked about; "" if it may be."""
    if len(data) > MAX_BYTES:
        return f"larger than {MAX_BYTES // 1_000_000} MB"
    if data.startswith(b"\xef\xbb\xbf"):
        return "begins with a byte order mark, which rust-analyzer takes for an error"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    if len(data) > MAX_LINE_BYTES and max(map(len, data.split(b"\n"))) > MAX_LINE_BYTES:
        return f"has a line of more than {MAX_LINE_BYTES // 1_000} kB"
    if is_deep(data):
        return "nested too deeply for rust-analyzer's stack"
    return ""


def is_deep(data: bytes) -> bool:
    """Whether something nests deeper than anybody writes: brackets, or what chains without them."""
    if len(data) < 2 * MAX_DEPTH:
        return False
    brackets = data.translate(None, _NO_BRACKETS)
    if max(itertools.accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH:
        return True
    # What has no separator in it may be one expression or type, which only a parser can tell.
    pieces = (_TEXT.sub(b"", piece) for piece in _SEPARATOR.split(data) if len(piece) > 2 * MAX_DEPTH)
    return any(len(piece) > 2 * MAX_DEPTH for piece in pieces) and overflows(data)
