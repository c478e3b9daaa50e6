"""What to ask about a changed file, and where in its text: a pure function of its facts and of what is known.

Knows neither the server nor the store. Offsets are bytes; lines and columns are those of the protocol.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import NamedTuple

from hydrators.exact.lexer import scan
from hydrators.rust_analyzer.model import FileQuestion, Position
from store.model import (
    FileFacts,
    HydratedNode,
    NodeFacts,
    NodeKind,
    ReferenceKind,
    hydration_key,
)

_KEYWORDS = {
    NodeKind.FUNCTION: "fn",
    NodeKind.METHOD: "fn",
    NodeKind.STRUCT: "struct",
    NodeKind.ENUM: "enum",
    NodeKind.UNION: "union",
    NodeKind.TRAIT: "trait",
    NodeKind.TRAIT_ALIAS: "trait",
    NodeKind.TYPE_ALIAS: "type",
    NodeKind.ASSOCIATED_TYPE: "type",
    NodeKind.ASSOCIATED_CONST: "const",
    NodeKind.CONST: "const",
    NodeKind.STATIC: "static",
    NodeKind.MODULE: "mod",
}
SIGNED = frozenset({*_KEYWORDS, NodeKind.VARIANT, NodeKind.MACRO})
"""Kinds of nodes of which rust-analyzer shows a signature."""
_SITES = frozenset(
    {
        ReferenceKind.CALL,
        ReferenceKind.METHOD_CALL,
        ReferenceKind.MACRO_CALL,
        ReferenceKind.PATH,
        ReferenceKind.VALUE,
        ReferenceKind.TRAIT_IMPL,
    }
)
_NOT_ASKED = frozenset({NodeKind.CRATE, NodeKind.FEATURE, NodeKind.USE, NodeKind.EXTERN_CRATE})
_WORD = re.compile(r"(?:r#)?[^\W\d]\w*")


class Plan(NamedTuple):
    """A question and what its answers are about. `nodes` are all that get a new word, also those of which
    nothing is asked. `hovers` are ids in the order of the question; `sites` (node id, ordinal of the
    reference)."""

    question: FileQuestion
    nodes: tuple[NodeFacts, ...]
    hovers: tuple[str, ...]
    sites: tuple[tuple[str, int], ...]


def plan_file(
    facts: FileFacts,
    known: Mapping[str, HydratedNode],
    names: Collection[str],
    *,
    all_nodes: bool,
    has_diagnostics: bool,
) -> Plan:
    """What to ask of a file.

    `known` are the answers that hold, by node; nodes without one, or whose key is another by now, are asked
    about, and with `all_nodes` all others too. `names` are those of functions that are others now, here or
    elsewhere: nodes that mention one, or are called so, are asked about again. Where only comments moved,
    nothing is asked, unless the file `has_diagnostics`, whose lines have to be found anew.
    """
    text = facts.text
    lines = Lines(text)
    spans = {span.id: span for span in facts.spans}
    doubtful = frozenset(names)
    nodes: list[NodeFacts] = []
    hovers: list[tuple[str, Position]] = []
    sites: list[tuple[tuple[str, int], Position]] = []
    for node in facts.nodes:
        if node.kind in _NOT_ASKED:
            continue
        references = facts.references.get(node.id, ())
        before = known.get(node.id)
        if not (
            all_nodes
            or before is None
            or before.key != hydration_key(node)
            or (doubtful and (node.name in doubtful or any(one.name in doubtful for one in references)))
        ):
            continue
        nodes.append(node)
        start = spans[node.id].start_byte
        if node.kind in SIGNED:
            at = name_offset(node, text[start : spans[node.id].end_byte])
            if at is not None:
                hovers.append((node.id, lines.position(start + at)))
        for ordinal, one in enumerate(references):
            if one.kind in _SITES and not (one.kind == ReferenceKind.TRAIT_IMPL and _is_negative(node)):
                token = start + one.end_byte - len(one.name.encode())
                sites.append(((node.id, ordinal), lines.position(token)))
    # What does not parse may stand outside all nodes.
    asks = bool(nodes or all_nodes or doubtful or has_diagnostics or facts.record.parse_error_count)
    question = FileQuestion(
        path=facts.record.path,
        hash=facts.record.hash,
        hovers=tuple([at for _, at in hovers]),
        definitions=tuple([at for _, at in sites]),
        wants_diagnostics=asks,
        wants_outline=all_nodes,
    )
    return Plan(question, tuple(nodes), tuple([id_ for id_, _ in hovers]), tuple([site for site, _ in sites]))


def _is_negative(node: NodeFacts) -> bool:
    """Whether it is an `impl !Trait for Type`, which implements nothing."""
    return "impl !" in node.qualified_name


def asks_nothing(question: FileQuestion) -> bool:
    """Whether the answer is known without asking."""
    return not (
        question.hovers or question.definitions or question.wants_diagnostics or question.wants_outline
    )


class Lines:
    """Positions in a text, both ways."""

    def __init__(self, text: bytes) -> None:
        starts = [0]
        at = text.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find(b"\n", at + 1)
        self._starts = starts
        self._end = len(text)

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset) - 1
        return Position(line, offset - self._starts[line])

    def offset(self, at: Position) -> int:
        """The byte at a position; the end of the text for one behind it."""
        return self._starts[at.line] + at.column if at.line < len(self._starts) else self._end


def name_offset(node: NodeFacts, slice_: bytes) -> int | None:
    """Where a node's name stands in its slice; None if it has none (`const _`) or cannot be found."""
    text = slice_.decode("utf-8", "surrogateescape")
    name = node.name.removeprefix("r#")
    if name == "_":
        return None
    before = ""
    keyword = _KEYWORDS.get(NodeKind(node.kind), "")
    is_macro = node.kind == NodeKind.MACRO
    for token, end in scan(text, _behind_attributes(text)):
        if token.removeprefix("r#") == name and (
            not keyword or before == keyword or (before == "mut" and keyword == "static")
        ):
            if is_macro and before not in ("!", "macro"):
                before = token
                continue
            return len(text[: end - len(token)].encode("utf-8", "surrogateescape"))
        if not keyword and not is_macro and _WORD.fullmatch(token):
            return None  # a variant begins with its name
        before = token
    return None


def _behind_attributes(text: str) -> int:
    """Where an item begins behind its docs and attributes."""
    at = depth = 0
    for token, end in scan(text, 0):
        start = end - len(token)
        if depth == 0:
            if token not in ("#", "!", "["):
                return start
            if token == "#":
                at = start
        if token in ("[", "(", "{"):
            depth += 1
        elif token in ("]", ")", "}"):
            depth -= 1
    return at
