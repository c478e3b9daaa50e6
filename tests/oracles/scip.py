"""What rust-analyzer knows of a tree: its SCIP index, decoded and recorded in the cache.

Owns the run and the reading of symbols; knows nothing of this project's own facts. Positions become byte
offsets into the files as they lie in the tree.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

from tests.oracles.corpora import Corpus
from tests.oracles.sysroot import shadow_sysroot
from tests.oracles.tools import build, cache_dir, find, run, say, version

_RECIPE = "1"  # raise it when the way the index is made changes


class Place(NamedTuple):
    """A span in a file: bytes, half-open."""

    path: str
    start: int
    end: int


class Occurrence(NamedTuple):
    """A token that means `symbol`. `body` is the whole definition it means, known only if that is in the same file."""

    start: int
    end: int
    symbol: str
    is_definition: bool
    body: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Index:
    """occurrences: path → in source order. definitions: symbol → where its name stands; several when rust-analyzer
    gives one symbol to several definitions. packages: those of the tree itself."""

    occurrences: dict[str, list[Occurrence]]
    definitions: dict[str, list[tuple[Place, tuple[int, int] | None]]]
    packages: frozenset[str]

    def is_local(self, symbol: str) -> bool:
        """Whether a symbol belongs to the tree (macro-made ones too, which have no definition)."""
        return package(symbol) in self.packages


def package(symbol: str) -> str:
    """ "name version" of a symbol's package; "" for a local variable."""
    if symbol.startswith("local "):
        return ""
    _, _, name, number, _ = symbol.split(" ", 4)
    return f"{name} {number}"


def index(corpus: Corpus, features: str = "all") -> Index:
    """The index of a corpus, from the cache if its files and the tools are as they were. `features` are "all" or
    "default". Raises ToolMissing."""
    key = corpus.key if features == "all" else f"{corpus.key}-{features}"
    recorded = cache_dir() / "scip" / f"{key}-{_fingerprint(corpus)}.jsonl"
    if not recorded.exists():
        recorded.parent.mkdir(exist_ok=True)
        for old in recorded.parent.glob(f"{key}-????????????.*"):
            old.unlink()
        _make(corpus, recorded, features)
    return _read(corpus, recorded)


def _fingerprint(corpus: Corpus) -> str:
    digest = hashlib.sha256(f"{_RECIPE} {version('rust-analyzer')} {version('cargo')}".encode())
    for path in _inputs(corpus.root):
        digest.update(path.relative_to(corpus.root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _inputs(root: Path) -> list[Path]:
    found = [*root.rglob("*.rs"), *root.rglob("Cargo.toml")]
    return sorted(path for path in found if "target" not in path.relative_to(root).parts)


def _make(corpus: Corpus, recorded: Path, features: str) -> None:
    decoder = build("scip-lines")
    shadow = str(shadow_sysroot())
    environment = {"CARGO_NET_OFFLINE": "true", "RUST_SRC_PATH": shadow}
    cargo: dict[str, object] = {
        "sysrootSrc": shadow,
        "targetDir": str(cache_dir() / "target" / corpus.key),
        "extraEnv": environment,
    }
    if features == "all":
        cargo["features"] = "all"
    settings = {"cargo": cargo}
    configuration, binary = recorded.with_suffix(".config"), recorded.with_suffix(".scip")
    configuration.write_text(json.dumps(settings), encoding="utf-8")
    say(f"rust-analyzer scip {corpus.name}")
    run(
        [find("rust-analyzer"), "scip", ".", "--output", str(binary), "--config-path", str(configuration)],
        cwd=corpus.root,
        env=environment,
    )
    lines = run([str(decoder), str(binary)])
    partial = recorded.with_suffix(".partial")
    partial.write_text(lines, encoding="utf-8")
    os.replace(partial, recorded)
    binary.unlink()
    configuration.unlink()


def _read(corpus: Corpus, recorded: Path) -> Index:
    occurrences: dict[str, list[Occurrence]] = {}
    definitions: dict[str, list[tuple[Place, tuple[int, int] | None]]] = {}
    for line in recorded.read_bytes().splitlines():
        document = orjson.loads(line)
        path = document["path"]
        symbols = [_unique(path, symbol) for symbol in document["symbols"]]
        starts = _line_starts((corpus.root / path).read_bytes())
        found = occurrences[path] = []
        for span, symbol, role, enclosing in document["occurrences"]:
            start, end = _bytes(starts, span)
            body = _bytes(starts, enclosing) if enclosing else None
            found.append(Occurrence(start, end, symbols[symbol], bool(role), body))
            if role:
                definitions.setdefault(symbols[symbol], []).append((Place(path, start, end), body))
        found.sort(key=lambda one: (one.start, one.end))
    packages = frozenset(map(package, definitions)) - {""}
    return Index(occurrences, definitions, packages)


def _unique(path: str, symbol: str) -> str:
    """Local symbols are numbered in each file anew."""
    return f"{symbol} in {path}" if symbol.startswith("local ") else symbol


def _line_starts(text: bytes) -> list[int]:
    return list(_starts(text))


def _starts(text: bytes) -> Iterator[int]:
    at = 0
    yield 0
    while (at := text.find(b"\n", at) + 1) > 0:
        yield at


def _bytes(starts: list[int], span: list[int]) -> tuple[int, int]:
    """SCIP's [line, column, column] or [line, column, line, column], both 0-based, columns in UTF-8 bytes."""
    line, column, *rest = span
    end_line, end_column = (line, rest[0]) if len(rest) == 1 else rest
    return starts[line] + column, starts[end_line] + end_column
