"""What stands inside a macro call in item position, read as items: `cfg_rt! { … }`, `cfg_if! { … }`.

Nobody knows what a macro does with its input. Input that reads as items is nearly always passed on as
items, so it is taken for that, and only if next to nothing else is in it. What the usual macros add to
Rust is laid over by text of the same length. A pure function of the bytes; knows no items, only trees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from hydrators.tolerant import grammar, newer, tokens

# A call inside a call is parsed once more: a guard against hostile nesting, above real code.
MAX_DEPTH = 4
_MIN_BYTES = 6  # `use a;`
_REACH_BYTES = 2_000  # how far the end of parameters is looked for

_ITEM = re.compile(
    rb"\b(?:fn|struct|enum|union|trait|mod|type|const|static|use|macro_rules!)\s+[\w:{\#(]|\bimpl\b\s*[\w<:(!]"
)
_BESIDE_ITEMS = frozenset(
    ("attribute_item", "inner_attribute_item", "line_comment", "block_comment", "empty_statement", ";")
)
_CFG = re.compile(rb"\[\s*cfg\s*\((.*)\)\s*,?\s*\]\Z", re.DOTALL)


class Region(NamedTuple):
    """Bytes of the file that may hold items, and the condition under which they are there."""

    start: int
    end: int
    cfg: str


class Reading(NamedTuple):
    """The inside of a region as items. Offsets count from the region's start.

    `plain` is `source` without what macros put between the words of an item; `laid` is what was parsed.
    """

    source: bytes
    plain: bytes
    laid: bytes
    children: list[Node]
    is_covered: bool  # by newer.cover
    is_whole: bool  # there is nothing but items, and they are written as in Rust


def regions(source: bytes, call: Node) -> list[Region]:
    """Where items may stand inside a macro call: between its brackets, or in the branches of `if #[cfg(…)]`
    and of `cfg_select!`. None if nothing looks like an item."""
    body = call.child(call.child_count - 1)
    start, end = body.start_byte + 1, body.end_byte - 1
    if body.type != "token_tree" or end - start < _MIN_BYTES or _ITEM.search(source, start, end) is None:
        return []
    macro = call.child(0)
    if body.child(1).type == "if":
        return list(_branches(source, body.children))
    if source[macro.start_byte : macro.end_byte].endswith(b"cfg_select"):
        return list(_arms(source, body.children[1:]))
    return [Region(start, end, "")]


def _branches(source: bytes, nodes: list[Node]) -> Iterator[Region]:
    before: list[str] = []
    own = ""
    for node in nodes:
        if node.type != "token_tree":
            continue
        text = source[node.start_byte : node.end_byte]
        if text[:1] == b"[":
            match = _CFG.match(text)
            own = tokens.collapse(match[1]).strip() if match is not None else ""
        elif text[:1] == b"{" and (own or before):
            yield Region(node.start_byte + 1, node.end_byte - 1, _condition(own, before))
            before.append(own)
            own = ""


def _arms(source: bytes, nodes: list[Node]) -> Iterator[Region]:
    before: list[str] = []
    start = nodes[0].start_byte
    own = ""
    for node in nodes:
        kind = node.type
        if kind == "=>":
            own = tokens.collapse(source[start : node.start_byte]).strip()
        elif own and kind == "token_tree" and source[node.start_byte : node.start_byte + 1] == b"{":
            own = "" if own == "_" else own
            yield Region(node.start_byte + 1, node.end_byte - 1, _condition(own, before))
            before.append(own)
            own = ""
            start = node.end_byte
        elif kind == "," and not own:
            start = node.end_byte


def _condition(own: str, before: list[str]) -> str:
    """A branch is taken where its own predicate holds and none before it does."""
    parts = [own] if own else []
    if before:
        parts.append(f"not({before[0]})" if len(before) == 1 else f"not(any({', '.join(before)}))")
    return " & ".join(parts)


def read(source: bytes) -> Reading | None:
    """`source`, the text of a region, as items; None if it is not mostly that."""
    plain = laid = source
    is_covered = False
    tree = grammar.parse(source)
    root = tree.root_node
    if root.has_error or b"static ref " in source:
        whole = source
        plain, laid = _lay_over(source)
        end = laid.rstrip()
        if not end.endswith((b"}", b";")):
            source, plain, laid = source[: len(end)], plain[: len(end)], end
        text = laid if len(laid) > len(end) else laid + b";"
        parsed = newer.parse(text, tree if text == whole else None)
        root = parsed.tree.root_node
        is_covered = parsed.text is not text
    children: list[Node] = []
    clean = junk = 0
    for child in root.children:
        kind = child.type
        if kind == "ERROR":
            junk += child.end_byte - child.start_byte
            continue
        children.append(child)
        if kind in _BESIDE_ITEMS or _is_call(child):
            continue
        if kind not in grammar.ITEM_KINDS:
            return None  # a statement or an expression: this is a body
        if child.has_error:
            junk += child.end_byte - child.start_byte
        else:
            clean += child.end_byte - child.start_byte
    if not clean or junk > clean:
        return None
    return Reading(source, plain, laid, children, is_covered, not junk and laid == source)


def _is_call(node: Node) -> bool:
    kind = node.type
    return kind == "macro_invocation" or (
        kind == "expression_statement" and node.children[0].type == "macro_invocation"
    )


def _lay_over(source: bytes) -> tuple[bytes, bytes]:
    """`source` without the marks of macros, and that with what else macros add to items made plain Rust."""
    plain = source
    if b"@" in source or b"#" in source or b"] {" in source:
        plain = _MARK.sub(_blank, plain)
    if b"static ref " in source:
        plain = plain.replace(b"static ref ", b"static     ")
    if b"{const}" in source or b"{unsafe}" in source:
        plain = _BRACED.sub(rb" \1 ", plain)
    flags = list(_FLAGS.finditer(plain))
    parameters = list(_DRAWN.finditer(plain)) if b" in " in plain else []
    if not (flags or parameters):
        return plain, plain
    laid = bytearray(plain)
    bare = bytearray(plain)
    for match in flags:
        blank = b" " * (match.end(3) - match.start(3))
        laid[match.start(3) : match.end(3)] = bare[match.start(3) : match.end(3)] = blank
        laid[match.start(1) : match.end(1)] = match[1].replace(b"struct", b"trait ")
    for match in parameters:
        _lay_over_drawn(laid, plain, match.end() - 1)
    if not flags:
        return plain, bytes(laid)
    begin = flags[0].start()
    return bytes(bare), bytes(laid[:begin]) + _UNTYPED.sub(_typed, bytes(laid[begin:]))


def _blank(match: re.Match[bytes]) -> bytes:
    return _BLANK.sub(b" ", match[0])


_BLANK = re.compile(rb"\S")
_MARK = re.compile(
    rb"@section\s+\w+|(?<=\s)@[a-z_]\w*(?=[ \t]*\n)|(?<=\s)#[a-z_]\w*(?=\s)"
    rb"|(?<=[\w>] )\[[A-Z]\w*\](?= \{)"
)
_BRACED = re.compile(rb"\{(const|unsafe)\}(?= )")
_FLAGS = re.compile(rb"\b(struct|impl)(\s+\w+)(\s*:\s*[\w:]+)(?=\s*\{)")
"""`struct Flags: u32 { const A = 1; }` becomes a trait, in which constants may stand."""
_UNTYPED = re.compile(rb"(\bconst\s+)(\w+)(\s+=\s)")


def _typed(match: re.Match[bytes]) -> bytes:
    name = b"U" if match[2] == b"_" else match[2]
    return match[1] + name + b":_".ljust(len(match[3]) - 1) + b"="


_DRAWN = re.compile(rb"\bfn\s+\w+\s*\((?=[^{};]{0,400}?\sin\s)")
"""`fn holds(x in 0..9, y: u8)`: parameters that are drawn from what stands behind `in`."""
_IN = re.compile(rb"\s+in\s")
_BRACKET = re.compile(rb'[()\[\]{},]|//[^\n]*|"(?:[^"\\]|\\.)*"', re.DOTALL)
_STEP = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}


def _lay_over_drawn(laid: bytearray, text: bytes, opening: int) -> None:
    depth = 0
    start = opening + 1
    for token in _BRACKET.finditer(text, opening, opening + _REACH_BYTES):
        depth += _STEP.get(token[0], 0)
        if depth == 0 or (depth == 1 and token[0] == b","):
            end = token.start()
            match = _IN.search(text, start, end)
            if match is not None:
                at = match.start()
                laid[at:end] = b":_" + _BLANK.sub(b" ", text[at + 2 : end])
            start = token.end()
        if depth == 0:
            return
