"""Frames on the pipes between the daemon and its child: a head of JSON, and bytes as they are (texts,
vectors).

A frame is the lengths of head and body (4 bytes each, little-endian), then the two. A pipe that says
anything else is beyond help.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO, NamedTuple

_LENGTHS = struct.Struct("<II")
_HEAD_LIMIT_BYTES = 1 << 20
_BODY_LIMIT_BYTES = 64 << 20


class Frame(NamedTuple):
    head: dict[str, Any]
    body: bytes = b""


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """A frame's bytes. Strings in the head may hold lone surrogates; they arrive as they were."""
    text = json.dumps(head, separators=(",", ":")).encode("ascii")
    return _LENGTHS.pack(len(text), len(body)) + text + body


def read(pipe: BinaryIO) -> Frame | None:
    """The next frame, None at the end of the input. Raises ValueError for what is no frame."""
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, body = _checked(lengths)
    rest = pipe.read(head + body)
    return _frame(rest, head) if len(rest) == head + body else None


async def receive(pipe: asyncio.StreamReader) -> Frame | None:
    """As `read`."""
    try:
        head, body = _checked(await pipe.readexactly(_LENGTHS.size))
        return _frame(await pipe.readexactly(head + body), head)
    except asyncio.IncompleteReadError:
        return None


def _checked(lengths: bytes) -> tuple[int, int]:
    head, body = _LENGTHS.unpack(lengths)
    if head > _HEAD_LIMIT_BYTES or body > _BODY_LIMIT_BYTES:
        raise ValueError("not a frame")
    return head, body


def _frame(rest: bytes, head: int) -> Frame:
    said = json.loads(rest[:head])
    if not isinstance(said, dict):
        raise ValueError("a frame's head is an object")
    return Frame(said, rest[head:])
