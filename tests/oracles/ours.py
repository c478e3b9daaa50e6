"""What this project says of a tree: one index in a temporary store, read whole.

The only module of the oracles that knows the store and the shape of its records.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from indexer import oneshot
from indexer.config import Settings
from store import queries
from store.database import Database
from store.graph import read_edges
from store.model import Edge, EdgeKind, NodeFacts, NodeKind, NodeSpan, Reference

_KINDS = tuple(kind for kind in EdgeKind if kind != EdgeKind.CONTAINS)
_NO_LIMIT = 1 << 31


@dataclass(frozen=True, slots=True)
class OurFile:
    """One file. `nodes` and `spans` are parallel, parents before children."""

    path: str
    text: bytes
    nodes: tuple[NodeFacts, ...]
    spans: tuple[NodeSpan, ...]
    references: dict[str, tuple[Reference, ...]]
    _starts: list[int]
    _parents: list[int]

    def innermost(self, byte: int) -> int:
        """Position in `nodes` of the smallest node around a byte, or -1."""
        at = bisect_right(self._starts, byte) - 1
        while at >= 0 and self.spans[at].end_byte <= byte:
            at = self._parents[at]
        return at

    def in_macro_calls(self) -> set[str]:
        """Ids of the macro calls, and of the nodes inside them: text that no tool reads as items by itself."""
        found: set[str] = set()
        for node in self.nodes:
            if node.kind == NodeKind.MACRO_CALL or node.parent_id in found:
                found.add(node.id)
        return found

    def line(self, byte: int) -> int:
        """1-based."""
        return self.text.count(b"\n", 0, byte) + 1


@dataclass(frozen=True, slots=True)
class Ours:
    """files: by path, only those that were parsed. skipped: path → why. where: node id → (file, position in its nodes)."""

    files: dict[str, OurFile]
    where: dict[str, tuple[OurFile, int]]
    edges: list[Edge]
    skipped: dict[str, str]

    def node(self, node_id: str) -> NodeFacts:
        file, at = self.where[node_id]
        return file.nodes[at]

    def span(self, node_id: str) -> NodeSpan:
        file, at = self.where[node_id]
        return file.spans[at]


def index(root: Path, *, edges: bool = True) -> Ours:
    """Indexes `root` as it is now, from scratch."""
    with tempfile.TemporaryDirectory(prefix="isg-accuracy-") as folder:
        store = Path(folder) / "store"
        oneshot.run(root, store, Settings())
        database, _ = oneshot.open_index(store)
        with database:
            return read(database, edges=edges)


def read(database: Database, *, edges: bool) -> Ours:
    """All of a settled store."""
    files: dict[str, OurFile] = {}
    where: dict[str, tuple[OurFile, int]] = {}
    found: list[Edge] = []
    skipped: dict[str, str] = {}
    for record in queries.load_file_records(database):
        if not record.path.endswith(".rs"):
            continue
        if record.state != "indexed":
            skipped[record.path] = record.reason
            continue
        facts = queries.load_file_facts(database, record.path)
        assert facts is not None, record.path
        spans = facts.spans
        starts = [span.start_byte for span in spans]
        assert starts == sorted(starts), record.path
        file = OurFile(record.path, facts.text, facts.nodes, spans, facts.references, starts, _parents(spans))
        files[record.path] = file
        where.update((node.id, (file, at)) for at, node in enumerate(facts.nodes))
        if edges:
            with database.reading() as run:
                found += read_edges(run, [node.id for node in facts.nodes], _KINDS, "out", _NO_LIMIT)
    return Ours(files, where, found, skipped)


def _parents(spans: tuple[NodeSpan, ...]) -> list[int]:
    """For each span the position of the smallest one around it, or -1."""
    parents: list[int] = []
    open_: list[int] = []
    for at, span in enumerate(spans):
        while open_ and spans[open_[-1]].end_byte <= span.start_byte:
            open_.pop()
        parents.append(open_[-1] if open_ else -1)
        open_.append(at)
    return parents
