"""One item's own facts, relative to the start of its slice, and the items inside it: trees to `Item`s."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tree_sitter import Node

from hydrators.exact import canonical
from hydrators.tolerant import grammar, macros, newer, tokens
from hydrators.tolerant.attributes import (
    attribute_text,
    inner_attributes,
    is_test_branch,
    sort_attributes,
)
from hydrators.tolerant.memo import Item, Memo, PlacedItem
from hydrators.tolerant.names import has_receiver, imports_of, names_of, signature_end, visibility_of
from hydrators.tolerant.references import POSITION, own_references
from store.model import NodeKind, Reference

# Plain names: looking a member up in its class costs more than all that is done with it.
_EXTERN_CRATE = NodeKind.EXTERN_CRATE
_FUNCTION = NodeKind.FUNCTION
_MACRO = NodeKind.MACRO
_MACRO_CALL = NodeKind.MACRO_CALL
_METHOD = NodeKind.METHOD
_MODULE = NodeKind.MODULE
_STRUCT = NodeKind.STRUCT
_TRAIT = NodeKind.TRAIT
_TRAIT_ALIAS = NodeKind.TRAIT_ALIAS
_TYPE_ALIAS = NodeKind.TYPE_ALIAS
_USE = NodeKind.USE
_VARIANT = NodeKind.VARIANT
_new = tuple.__new__  # half the time of calling the class, which is a function in Python

# Items nested deeper stay part of their ancestor: a guard against hostile nesting, far above real code.
MAX_DEPTH = 64
_MAX_SIGNATURE_CHARS = 2000
_MAX_EXACT_CHARS = 16_000  # the fields of a struct are part of it


_FLAGS = re.compile(rb"(?:pub\b(?:\s*\([^()]*\))?\s+)?struct\b")


class Unit(NamedTuple):
    """One parsed text: a file, a segment that recovery parses by itself, or the inside of a macro call."""

    source: bytes
    memo: Memo | None
    is_covered: bool = False  # the tree is of the text that covers syntax newer than the grammar
    reading: macros.Reading | None = None  # inside a macro call: how it was read
    calls: int = 0  # macro calls around


def place_items(unit: Unit, children: Iterable[Node], base: int, depth: int) -> tuple[PlacedItem, ...]:
    """The items among `children` of a file or of a container's body whose slice starts at `base`.

    Documentation and attributes before an item belong to its slice. ERROR nodes are looked into.
    """
    placed: list[PlacedItem] = []
    source = unit.source
    line, counted = 0, base
    for start, node, attributes in _slices(source, children):
        item = build_item(unit, node, start, attributes, depth)
        if item is None:
            continue
        line += source.count(b"\n", counted, start)
        placed.append(_new(PlacedItem, (start - base, line, item)))
        line += item.newlines
        counted = start + item.length_bytes
    return tuple(placed)


def _slices(source: bytes, children: Iterable[Node]) -> Iterator[tuple[int, Node, list[Node]]]:
    start = -1
    attributes: list[Node] = []
    item_kinds = grammar.ITEM_KINDS
    pending = list(children)
    pending.reverse()
    while pending:
        node = pending.pop()
        kind = node.type
        if kind == "line_comment" or kind == "block_comment":
            if start < 0 and is_outer_doc(source, node.start_byte):
                start = node.start_byte
            continue
        if kind in item_kinds:
            yield (node.start_byte if start < 0 else start), node, attributes
        elif kind == "attribute_item":
            start = node.start_byte if start < 0 else start
            attributes.append(node)
            continue
        elif (
            kind == "expression_statement"
            and node.child_count
            and node.children[0].type == "macro_invocation"
        ):
            yield (node.start_byte if start < 0 else start), node, attributes
        elif kind == "ERROR":
            pending.extend(reversed(node.children))
            continue
        elif kind == "visibility_modifier":  # before a macro call in item position
            continue
        start, attributes = -1, []


def is_outer_doc(source: bytes, start: int) -> bool:
    """Whether the comment at `start` documents the item after it."""
    head = source[start : start + 4]
    if head.startswith(b"///"):
        return head != b"////"
    return head.startswith(b"/**") and head not in (b"/***", b"/**/")


def build_item(unit: Unit, node: Node, start: int, attribute_nodes: list[Node], depth: int) -> Item | None:
    """The item at `node` whose slice begins at byte `start`; None if it has no name at all."""
    source, memo, is_covered, reading, _ = unit
    end = node.end_byte
    if end > len(source):  # behind the last item of a macro call stands a ";" that is not in its text
        end = len(source)
    data = source[start:end]
    key = b"\0" + data if is_covered else data
    has_error = node.has_error
    if memo is not None and not has_error and (known := memo.get(key)) is not None:
        return known
    attributes = [attribute_text(source, attribute) for attribute in attribute_nodes]
    node_type = node.type
    if node_type == "expression_statement":
        node = node.children[0]
        node_type = node.type
    kind = grammar.ITEM_KINDS[node_type]
    body = node.child_by_field_name("body")
    declared = None
    if is_covered:
        kind, declared = _covered_kind(source, node, kind)
    if declared is not None:
        name = qualified = scope = declared[1].decode("utf-8", "replace")
        owner = ""
    else:
        name, qualified, scope, owner = names_of(source, node, kind)
    if not name:
        return None

    children: tuple[PlacedItem, ...] = ()
    references: list[Reference] = []
    own_end = end
    if body is not None and kind in grammar.CONTAINER_KINDS and depth < MAX_DEPTH:
        own_end = body.start_byte
        inner = body.children
        children = place_items(unit, inner, start, depth + 1)
        if kind is _MODULE:
            attributes = attributes + inner_attributes(source, inner)
    if kind is _USE:
        references = imports_of(source, node, start)
    elif kind is _MACRO_CALL:
        children, references = _inside_call(unit, node, start, depth)
    elif not (kind is _MODULE or kind is _EXTERN_CRATE or (kind is _VARIANT and node.child_count == 1)):
        references, nested = own_references(source, node, kind, start, own_end, is_covered=is_covered)
        if reading is not None and reading.laid is not reading.source:
            references = [r for r in references if _is_as_laid(reading, start + r.start_byte, 1)]
        if nested and depth < MAX_DEPTH:
            children = _place_nested(unit, nested, start, depth + 1)
            starts = [child.offset for child in children]
            references = [r for r in references if _at(children, starts, r.start_byte) is None]
    plain, cfg, is_test = sort_attributes(tuple(attributes)) if attributes else _NO_ATTRIBUTES
    text = source if reading is None else reading.plain
    if declared is not None and kind is _MACRO:
        signature_bytes = text[node.start_byte : declared.end()]
    else:
        signature_bytes = text[node.start_byte : signature_end(source, node, kind, body)]
    if kind is _MACRO_CALL:
        signature_bytes = tokens.meaning(signature_bytes[:200]).replace(b"\0", b" ")[:80]
        exact = ""
        signature_hash = tokens.digest(tokens.signature_tokens(signature_bytes))
        signature = tokens.collapse(signature_bytes)[:_MAX_SIGNATURE_CHARS]
    else:
        signature, exact, signature_hash = _signature(signature_bytes)
        if len(exact) > _MAX_EXACT_CHARS or (has_error and not _is_whole_header(node, body, kind)):
            exact = ""
    recovered = False
    if reading is not None and not (exact and _is_as_laid(reading, node.start_byte, len(signature_bytes))):
        recovered = kind is not _MACRO_CALL
        exact = ""
        if kind is _TRAIT and _FLAGS.match(source, node.start_byte):
            kind = _STRUCT
    if kind is _FUNCTION and has_receiver(node):
        kind = _METHOD
    facts = (
        kind,
        name,
        qualified,
        scope,
        owner,
        visibility_of(source, node, is_covered),
        signature,
        exact,
        cfg,
        plain,
        is_test,
        grammar.count_errors(node) if has_error else 0,
        recovered,
        tokens.digest(data),
        signature_hash,
        meaning_hash(data, children),
        end - start,
        data.count(b"\n"),
        tuple(references),
        children,
    )
    item = _new(Item, facts)
    # What an error makes of a text depends on its neighbours: only whole items are remembered.
    if memo is not None and not has_error:
        memo.put(key, item)
    return item


_NO_ATTRIBUTES: tuple[tuple[str, ...], str, bool] = (), "", False


@lru_cache(maxsize=4096)  # every fifth header was there before
def _signature(header: bytes) -> tuple[str, str, str]:
    """(as written, on one line; canonical; hash of that). The hash is of the header whether or not the body
    parses, so that a half-written body is no other signature."""
    exact = canonical(header)
    return tokens.collapse(header)[:_MAX_SIGNATURE_CHARS], exact, tokens.digest(exact.encode())


def _is_as_laid(reading: macros.Reading, start: int, length: int) -> bool:
    """Whether a header is plain Rust, with nothing in it that only a macro takes."""
    end = start + length
    return reading.laid is reading.source or reading.laid[start:end] == reading.source[start:end]


def _inside_call(
    unit: Unit, call: Node, base: int, depth: int
) -> tuple[tuple[PlacedItem, ...], list[Reference]]:
    """The items inside a macro call in item position, and the references that are the call's own."""
    source = unit.source
    placed: list[PlacedItem] = []
    readings: list[tuple[int, macros.Reading]] = []
    is_whole = True
    line, counted = 0, base
    if depth < MAX_DEPTH and unit.calls < macros.MAX_DEPTH:
        for start, end, cfg in macros.regions(source, call):
            reading = macros.read(source[start:end])
            if reading is None:
                is_whole = is_whole and not source[start:end].strip()
                continue
            readings.append((start, reading))
            is_whole = is_whole and reading.is_whole
            inner = Unit(reading.source, None, reading.is_covered, reading, unit.calls + 1)
            line += source.count(b"\n", counted, start)
            counted = start
            for offset, below, item in place_items(inner, reading.children, 0, depth + 1):
                found = _under(item, cfg) if cfg else item
                placed.append(PlacedItem(start - base + offset, line + below, found))
    end = call.children[-1].start_byte if placed and is_whole else call.end_byte
    references, _ = own_references(source, call, _MACRO_CALL, base, end, is_covered=unit.is_covered)
    if not placed or is_whole:
        return tuple(placed), references
    return _share_out(references, placed, [(start - base, reading) for start, reading in readings])


def _under(item: Item, cfg: str) -> Item:
    """`item` in a branch that is taken where the predicate holds."""
    in_test = is_test_branch(cfg)
    return item._replace(cfg=f"{cfg} & {item.cfg}" if item.cfg else cfg, is_test=item.is_test or in_test)


def _at(placed: Sequence[PlacedItem], starts: list[int], at: int) -> int | None:
    """Index of the item whose slice holds byte `at`; None for a byte between them."""
    index = bisect_right(starts, at) - 1
    return index if index >= 0 and at < starts[index] + placed[index].item.length_bytes else None


def _share_out(
    references: list[Reference], placed: list[PlacedItem], readings: list[tuple[int, macros.Reading]]
) -> tuple[tuple[PlacedItem, ...], list[Reference]]:
    """What a whole macro call mentions: to its items goes what they could not find because it was laid
    over; the call keeps what stands outside of them."""
    starts = [child.offset for child in placed]
    own: list[Reference] = []
    more: dict[int, list[Reference]] = {}
    for reference in references:
        at = reference.start_byte
        index = _at(placed, starts, at)
        if index is None:
            own.append(reference)
        elif any(
            start <= at < start + len(reading.source)
            and reading.laid[at - start] != reading.source[at - start]
            for start, reading in readings
        ):
            shift = starts[index]
            more.setdefault(index, []).append(
                reference._replace(start_byte=at - shift, end_byte=reference.end_byte - shift)
            )
    for index, added in more.items():
        offset, line, item = placed[index]
        together = sorted((*item.references, *added), key=POSITION)
        placed[index] = PlacedItem(offset, line, item._replace(references=tuple(together)))
    return tuple(placed), own


def _covered_kind(source: bytes, node: Node, kind: NodeKind) -> tuple[NodeKind, re.Match[bytes] | None]:
    """The kind of an item that may stand under a cover (see `hydrators.tolerant.newer`), and the match that
    holds its name if that is not where the grammar expects it."""
    if kind is _MACRO_CALL:
        match = newer.DECLARED_MACRO.match(source, node.start_byte)
        return (_MACRO, match) if match is not None else (kind, None)
    if kind is _TYPE_ALIAS:
        match = newer.TRAIT_ALIAS.search(source, node.start_byte, node.end_byte)
        visibility = node.children[0]
        start = node.start_byte
        if visibility.type == "visibility_modifier":
            start = visibility.end_byte
        if match is not None and source[start : match.start()].strip() in (b"", b"const"):
            return _TRAIT_ALIAS, match
    return kind, None


def _is_whole_header(node: Node, body: Node | None, kind: NodeKind) -> bool:
    """Whether the errors below a container are in its body only. Other items are whole or not."""
    if kind not in grammar.CONTAINER_KINDS or body is None:
        return False
    return not any(child.has_error for child in node.children if child.id != body.id)


def _place_nested(unit: Unit, nested: list[Node], base: int, depth: int) -> tuple[PlacedItem, ...]:
    placed: list[PlacedItem] = []
    line, counted = 0, base
    reach = -1
    for node in sorted(nested, key=lambda n: n.start_byte):
        if node.start_byte < reach:
            continue  # inside the one before, which finds it itself
        reach = node.end_byte
        start, attributes = _leading(unit.source, node)
        item = build_item(unit, node, start, attributes, depth)
        if item is not None:
            line += unit.source.count(b"\n", counted, start)
            counted = start
            placed.append(PlacedItem(start - base, line, item))
    return tuple(placed)


def _leading(source: bytes, node: Node) -> tuple[int, list[Node]]:
    start = node.start_byte
    attributes: list[Node] = []
    sibling = node.prev_sibling
    while sibling is not None:
        if sibling.type == "attribute_item":
            attributes.append(sibling)
            start = sibling.start_byte
        elif sibling.type in ("line_comment", "block_comment"):
            if is_outer_doc(source, sibling.start_byte):
                start = sibling.start_byte
        else:
            break
        sibling = sibling.prev_sibling
    return start, attributes[::-1]


def meaning_hash(data: bytes, children: tuple[PlacedItem, ...]) -> str:
    """Merkle-style, so that one changed child costs its own tokens and not the whole container's."""
    if not children:
        return tokens.digest(tokens.meaning(data))
    parts: list[bytes] = []
    at = 0
    for offset, _, item in children:
        gap = data[at:offset]
        parts += (b"\0" if gap.isspace() else tokens.meaning(gap), item.meaning_hash.encode())
        at = offset + item.length_bytes
    parts.append(tokens.meaning(data[at:]))
    return tokens.digest(b"".join(parts))
