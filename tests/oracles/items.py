"""Compares our items and their extent with rust-analyzer's parser, file by file.

Two items are one if kind, name and last byte agree; then their first bytes are compared (plain comments before an
item, which rust-analyzer counts in, aside). `use`, `extern crate` and macro calls are no items to rust-analyzer,
whose symbols do not look inside macro calls either: our items there are counted apart (`calls` judges them).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from store.model import NodeKind
from tests.oracles.ours import OurFile, Ours
from tests.oracles.symbols import Symbol

_KINDS = {
    "Function": "fn",
    "Method": "fn",
    "Struct": "struct",
    "Union": "union",
    "Enum": "enum",
    "Variant": "variant",
    "Trait": "trait",
    "Module": "module",
    "Macro": "macro",
    "TypeAlias": "type",
    "Const": "const",
    "Static": "static",
    "Impl": "impl",
    "ExternBlock": "extern block",
}
_OUR_KINDS = {
    NodeKind.FUNCTION: "fn",
    NodeKind.METHOD: "fn",
    NodeKind.STRUCT: "struct",
    NodeKind.UNION: "union",
    NodeKind.ENUM: "enum",
    NodeKind.VARIANT: "variant",
    NodeKind.TRAIT: "trait",
    NodeKind.TRAIT_ALIAS: "trait",
    NodeKind.MODULE: "module",
    NodeKind.MACRO: "macro",
    NodeKind.TYPE_ALIAS: "type",
    NodeKind.ASSOCIATED_TYPE: "type",
    NodeKind.CONST: "const",
    NodeKind.ASSOCIATED_CONST: "const",
    NodeKind.STATIC: "static",
    NodeKind.IMPL: "impl",
    NodeKind.EXTERN_BLOCK: "extern block",
}
_IN_MACRO_CALL = "inside a macro call: not compared"
_NAMELESS = ("impl", "extern block")
_PLAIN = re.compile(
    rb"(?:\s+|////[^\n]*|//(?![/!])[^\n]*|/\*(?![*!])(?:[^*]|\*(?!/))*\*/|/\*\*\*(?:[^*]|\*(?!/))*\*/)+"
)

Key = tuple[str, str, int]  # kind, name, last byte


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that only one side has, or whose first byte differs. `line` is 1-based."""

    sort: str
    path: str
    line: int
    kind: str
    name: str


@dataclass(slots=True)
class ItemOutcome:
    """`theirs` and `ours` count items; `common` those in both, `exact` those with the same first byte too."""

    files: int = 0
    lines: int = 0
    theirs: int = 0
    ours: int = 0
    common: int = 0
    exact: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def found(self) -> float:
        """Share of rust-analyzer's items that we have."""
        return self.common / self.theirs if self.theirs else 1.0

    @property
    def confirmed(self) -> float:
        """Share of our items that rust-analyzer has."""
        return self.common / self.ours if self.ours else 1.0


def compare(ours: Ours, symbols: dict[str, list[Symbol] | None]) -> ItemOutcome:
    """All files of a tree that both sides have read."""
    outcome = ItemOutcome()
    outcome.classes.update(f"whole file skipped by us ({reason})" for reason in ours.skipped.values())
    for path, file in sorted(ours.files.items()):
        theirs = symbols.get(path)
        if theirs is None:
            outcome.classes["rust-analyzer failed on the file"] += 1
            continue
        outcome.files += 1
        outcome.lines += file.text.count(b"\n")
        inside = file.in_macro_calls()
        if hidden := sum(1 for _ in _ours(file)) - sum(1 for _ in _ours(file, inside)):
            outcome.classes[_IN_MACRO_CALL] += hidden
        _compare_file(outcome, file, dict(_theirs(file.text, theirs)), dict(_ours(file, inside)))
    return outcome


def _compare_file(outcome: ItemOutcome, file: OurFile, theirs: dict[Key, int], ours: dict[Key, int]) -> None:
    outcome.theirs += len(theirs)
    outcome.ours += len(ours)
    named_ours = {key[:2] for key in ours}
    named_theirs = {key[:2] for key in theirs}
    for key, start in theirs.items():
        if key not in ours:
            other_end = key[0] not in _NAMELESS and key[:2] in named_ours
            _note(
                outcome,
                file,
                "only rust-analyzer: ends elsewhere" if other_end else "only rust-analyzer",
                key,
                start,
            )
            continue
        outcome.common += 1
        if start == ours[key]:
            outcome.exact += 1
        else:
            _note(outcome, file, "starts elsewhere", key, ours[key])
    for key, start in ours.items():
        if key not in theirs:
            other_end = key[0] not in _NAMELESS and key[:2] in named_theirs
            _note(outcome, file, "only ours: ends elsewhere" if other_end else "only ours", key, start)


def _note(outcome: ItemOutcome, file: OurFile, sort: str, key: Key, start: int) -> None:
    outcome.classes[sort] += 1
    outcome.differences.append(Difference(sort, file.path, file.line(start), key[0], key[1]))


def _theirs(text: bytes, symbols: list[Symbol]) -> Iterator[tuple[Key, int]]:
    for symbol in symbols:
        kind = _KINDS.get(symbol.kind)
        if kind is None:
            continue
        name = (
            "" if kind in _NAMELESS else text[symbol.name_start : symbol.name_end].decode("utf-8", "replace")
        )
        plain = _PLAIN.match(text, symbol.start, symbol.end)
        yield (kind, name.removeprefix("r#"), symbol.end), plain.end() if plain else symbol.start


def _ours(file: OurFile, without: Container[str] = ()) -> Iterator[tuple[Key, int]]:
    for node, span in zip(file.nodes, file.spans, strict=True):
        kind = _OUR_KINDS.get(NodeKind(node.kind))
        if (
            kind is None or node.id in without or node.name == "_"
        ):  # `const _` has no name to rust-analyzer, and no symbol
            continue
        name = "" if kind in _NAMELESS else node.name.removeprefix("r#")
        yield (kind, name, span.end_byte), span.start_byte
