"""The items that rust-analyzer's parser finds in a file, with byte ranges: `rust-analyzer symbols`.

The command reads one file from standard input and knows nothing else, so this judges syntax only: no macros are
expanded, nothing is configured out. It is the source of the language server's documentSymbol, in bytes.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import orjson

from tests.oracles.tools import cache_dir, find, say, version

_LINE = re.compile(
    r'StructureNode \{ parent: (?:None|Some\(\d+\)), label: "((?:[^"\\]|\\.)*)", '
    r"navigation_range: (\d+)\.\.(\d+), node_range: (\d+)\.\.(\d+), kind: (\w+)(?:\((\w+)\))?"
)
_PARALLEL = 2
_TIMEOUT_S = 120


class Symbol(NamedTuple):
    """`kind` is rust-analyzer's word; ranges in bytes, half-open; the item's includes docs and comments before it."""

    kind: str
    name_start: int
    name_end: int
    start: int
    end: int


def symbols(texts: Mapping[str, bytes]) -> dict[str, list[Symbol] | None]:
    """path → items in source order (locals, fields and regions too); None where rust-analyzer failed.

    Recorded in the cache, because a large tree takes minutes. Raises ToolMissing.
    """
    program = find("rust-analyzer")
    digest = hashlib.sha256(version("rust-analyzer").encode())
    for path, text in sorted(texts.items()):
        digest.update(f"{path} {len(text)} ".encode())
        digest.update(text)
    recorded = cache_dir() / "symbols" / f"{digest.hexdigest()[:16]}.json"
    if recorded.exists():
        known = orjson.loads(recorded.read_bytes())
        return {
            path: [Symbol(*one) for one in found] if found is not None else None
            for path, found in known.items()
        }
    say(f"rust-analyzer symbols, {len(texts)} files")
    with ThreadPoolExecutor(_PARALLEL) as pool:
        answers = pool.map(lambda text: _symbols(program, text), texts.values())
        found = dict(zip(texts, answers, strict=True))
    recorded.parent.mkdir(exist_ok=True)
    plain = {
        path: [list(one) for one in items] if items is not None else None for path, items in found.items()
    }
    recorded.write_bytes(orjson.dumps(plain))
    return found


def _symbols(program: str, text: bytes) -> list[Symbol] | None:
    try:
        done = subprocess.run([program, "symbols"], input=text, capture_output=True, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    output = done.stdout.decode("utf-8", "replace")
    return [
        Symbol(inner or outer, int(name_start), int(name_end), int(start), int(end))
        for _, name_start, name_end, start, end, outer, inner in _LINE.findall(output)
    ]
