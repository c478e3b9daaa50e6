"""Texts on disk, as they are compared with what was asked about and with what the server has."""

from __future__ import annotations

import os

from blake3 import blake3


def read_bytes(path: str) -> bytes | None:
    """None if there is no such regular file."""
    try:
        if not os.path.isfile(path):  # a pipe would be waited for
            return None
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):  # the latter: NUL in a path
        return None


def hash_of(data: bytes) -> str:
    """As `store.model` says: the first 16 bytes of blake3."""
    return blake3(data).digest(16).hex()
