"""rust-analyzer's references in terms of our nodes: the ground that calls and implementations are judged on.

A definition is the node of ours that has its name where rust-analyzer says the name stands; the source of a
reference is the innermost node around it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from store.model import NodeKind
from tests.oracles.ours import OurFile, Ours
from tests.oracles.scip import Index, Occurrence, Place
from tests.oracles.tokens import form_of, is_name

_FUNCTIONS = frozenset({NodeKind.FUNCTION, NodeKind.METHOD})
MADE_BY_MACRO = "made by a macro"
ELSEWHERE = "std or another crate"
NOT_CALLING = frozenset({NodeKind.USE, NodeKind.EXTERN_CRATE})


@dataclass(frozen=True, slots=True)
class Expectation:
    """A reference of rust-analyzer. `targets`: more than one where it gives several definitions one symbol."""

    file: OurFile
    start: int
    end: int
    source: str
    targets: tuple[str, ...]
    form: str


class Oracle:
    """One index over one tree. `references`: identifiers (operators are none) outside `use` that mean a node of ours."""

    def __init__(self, ours: Ours, index: Index) -> None:
        self.ours = ours
        self.index = index
        self.without_node: Counter[str] = (
            Counter()
        )  # functions and macros of the tree that are no node of ours
        self.ambiguous = 0
        self.references: list[Expectation] = []
        self._at: dict[str, dict[int, list[Occurrence]]] = {}
        self._seen: set[str] = set()
        for path, occurrences in index.occurrences.items():
            at = self._at[path] = defaultdict(list)
            for one in occurrences:
                at[one.start].append(one)
            if path in ours.files:
                self._read(ours.files[path], occurrences)

    def has_seen(self, node_id: str) -> bool:
        """Whether rust-analyzer knows any name inside a node; not if it is configured out."""
        return node_id in self._seen

    def at(self, path: str, byte: int) -> list[Occurrence]:
        """What rust-analyzer knows of the token that starts at a byte."""
        return self._at.get(path, {}).get(byte, [])

    def targets(self, path: str, one: Occurrence) -> list[str]:
        """Our nodes whose name the occurrence means; empty if it is external, local or made by a macro."""
        if one.symbol.startswith("local "):
            return []  # a variable may be named as the function that it is in
        places = self.index.definitions.get(one.symbol, [])
        if one.body is not None:  # the definition is in this file, and this is where
            places = [(place, body) for place, body in places if place.path == path and body == one.body]
        elif len(places) > 1:
            places = [(place, body) for place, body in places if place.path != path] or places
        found = [self._node_named_at(place, one.symbol) for place, _ in places]
        return [node for node in dict.fromkeys(found) if node is not None]

    def meaning(self, path: str, one: Occurrence) -> str:
        """What an occurrence means, for people."""
        if targets := self.targets(path, one):
            return describe(self.ours, targets[0])
        if one.symbol.startswith("local "):
            return "a local variable"
        return MADE_BY_MACRO if self.index.is_local(one.symbol) else ELSEWHERE

    def _node_named_at(self, place: Place, symbol: str) -> str | None:
        file = self.ours.files.get(place.path)
        if file is None:
            return None
        at = file.innermost(place.start)
        name = file.text[place.start : place.end].decode("utf-8", "replace")
        if at < 0 or file.nodes[at].name.removeprefix("r#") != name.removeprefix("r#"):
            return None
        kind = file.nodes[at].kind
        if (kind in _FUNCTIONS) != symbol.endswith(").") or (kind == NodeKind.MACRO) != symbol.endswith("!"):
            return None  # a field or a parameter that is named as the node it is in
        return file.nodes[at].id

    def _read(self, file: OurFile, occurrences: list[Occurrence]) -> None:
        for one in occurrences:
            at = file.innermost(one.start)
            if at < 0 or (one.start == 0 and one.end == len(file.text)):  # the file's own module
                continue
            node = file.nodes[at]
            self._seen.add(node.id)
            if one.is_definition or node.kind in NOT_CALLING or not is_name(file.text[one.start : one.end]):
                continue
            targets = tuple(self.targets(file.path, one))
            if targets:
                self.ambiguous += len(targets) > 1
                form = form_of(file.text, one.start, one.end)
                self.references.append(Expectation(file, one.start, one.end, node.id, targets, form))
            elif one.symbol.endswith((").", "!")) and self.index.is_local(one.symbol):
                named = one.symbol in self.index.definitions
                self.without_node["no node of that name there" if named else MADE_BY_MACRO] += 1


def describe(ours: Ours, node_id: str) -> str:
    """A node's kind, and of a function whose it is."""
    node = ours.node(node_id)
    if node.kind not in _FUNCTIONS or node.parent_id not in ours.where:
        return node.kind
    parent = ours.node(node.parent_id)
    if parent.kind == NodeKind.TRAIT:
        return "function of a trait"
    if parent.kind == NodeKind.IMPL:
        return "function of a trait impl" if parent.name.startswith("<") else "inherent function"
    return node.kind
