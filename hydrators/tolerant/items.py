"""One item's own facts, relative to the start of its slice, and the items inside it.

An `Item` is a pure function of its slice's bytes: it knows neither its file nor its place, which is
what lets an edited file reuse every item whose bytes did not change (`Memo`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from blake3 import blake3
from tree_sitter import Node

from hydrators.tolerant import grammar, tokens
from hydrators.tolerant.imports import use_leaves
from hydrators.tolerant.references import own_references
from store.model import NodeKind, Reference, ReferenceKind

# Items nested deeper stay part of their ancestor: a guard against hostile nesting, far above real code.
MAX_DEPTH = 64
_MAX_NAME_CHARS = 96
_MAX_SIGNATURE_CHARS = 2000

_CFG = re.compile(r"^cfg\s*\((.*)\)$", re.DOTALL)
_CFG_TEST = re.compile(r"\btest\b")
_CFG_NOT_TEST = re.compile(r"\bnot\s*\(\s*test\b")
_TEST_ATTRIBUTE = re.compile(r"^(?:\w+\s*::\s*)*(?:test|bench|rstest|test_case|proptest|quickcheck)\b")


class Item(NamedTuple):
    """Facts of one item. Offsets in bytes and lines count from the start of its slice."""

    kind: NodeKind
    name: str
    qualified: str  # its own part of a qualified name
    scope: str  # what it puts before its children's names
    owner: str  # bare type or trait name that its associated items belong to
    visibility: str
    signature: str
    cfg: str
    attributes: tuple[str, ...]
    is_test: bool
    parse_error_count: int
    recovered: bool
    hash: str
    signature_hash: str
    meaning_hash: str
    length_bytes: int
    newlines: int
    references: tuple[Reference, ...]
    children: tuple[PlacedItem, ...]


class PlacedItem(NamedTuple):
    """An item inside a container: byte and line offset from the container's slice start."""

    offset: int
    line: int
    item: Item


SegmentKey = tuple[bytes, bytes, bool]  # text, indentation, whether it stands in an impl or trait


class Memo:
    """Items by their slice's bytes, kept from one version of a file to the next.

    Holds exactly the items of the last version: `generation` moves what was used and drops the rest.
    """

    def __init__(self) -> None:
        self._old: dict[bytes, Item] = {}
        self._new: dict[bytes, Item] = {}
        self.segments: dict[SegmentKey, tuple[PlacedItem, ...]] = {}
        self._new_segments: dict[SegmentKey, tuple[PlacedItem, ...]] = {}

    def keep_segment(self, key: SegmentKey, placed: tuple[PlacedItem, ...]) -> tuple[PlacedItem, ...]:
        """Remember what recovery found in a piece of text (see `hydrators.tolerant.recovery`)."""
        self._new_segments[key] = placed
        return placed

    def get(self, data: bytes) -> Item | None:
        item = self._new.get(data) or self._old.get(data)
        if item is not None:
            self._new[data] = item
        return item

    def put(self, data: bytes, item: Item) -> None:
        self._new[data] = item

    def generation(self) -> None:
        self._old, self._new = self._new, {}
        self.segments, self._new_segments = self._new_segments, {}


class Unit(NamedTuple):
    """One parsed text: a file, or a segment that recovery parses by itself."""

    source: bytes
    memo: Memo | None


def place_items(unit: Unit, children: Iterable[Node], base: int, depth: int) -> tuple[PlacedItem, ...]:
    """The items among `children` of a file or of a container's body whose slice starts at `base`.

    Documentation and attributes before an item belong to its slice. ERROR nodes are looked into.
    """
    placed: list[PlacedItem] = []
    line, counted = 0, base
    for start, node, attributes in _slices(unit.source, children):
        item = build_item(unit, node, start, attributes, depth)
        if item is None:
            continue
        line += unit.source.count(b"\n", counted, start)
        counted = start
        placed.append(PlacedItem(start - base, line, item))
    return tuple(placed)


def _slices(source: bytes, children: Iterable[Node]) -> Iterator[tuple[int, Node, list[Node]]]:
    start = -1
    attributes: list[Node] = []
    pending = list(children)
    pending.reverse()
    while pending:
        node = pending.pop()
        kind = node.type
        if kind in grammar.ITEM_KINDS:
            yield (node.start_byte if start < 0 else start), node, attributes
        elif kind == "attribute_item":
            start = node.start_byte if start < 0 else start
            attributes.append(node)
            continue
        elif kind == "line_comment" or kind == "block_comment":
            if start < 0 and is_outer_doc(source, node.start_byte):
                start = node.start_byte
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


def attribute_text(source: bytes, node: Node) -> str:
    """The text between the brackets of an attribute, on one line."""
    text = tokens.collapse(source[node.start_byte : node.end_byte])
    return text.removeprefix("#").strip().removeprefix("[").removesuffix("]").strip()


def build_item(unit: Unit, node: Node, start: int, attribute_nodes: list[Node], depth: int) -> Item | None:
    """The item at `node` whose slice begins at byte `start`; None if it has no name at all."""
    source = unit.source
    end = node.end_byte
    data = source[start:end]
    if unit.memo is not None and not node.has_error and (known := unit.memo.get(data)) is not None:
        return known
    attributes = [attribute_text(source, attribute) for attribute in attribute_nodes]
    if node.type == "expression_statement":
        node = node.children[0]
    kind = grammar.ITEM_KINDS[node.type]
    body = node.child_by_field_name("body")
    name, qualified, scope, owner = _names(source, node, kind)
    if not name:
        return None

    children: tuple[PlacedItem, ...] = ()
    references: list[Reference] = []
    own_end = end
    if depth < MAX_DEPTH and kind in grammar.CONTAINER_KINDS and body is not None:
        own_end = body.start_byte
        inner = body.children
        children = place_items(unit, inner, start, depth + 1)
        if kind is NodeKind.MODULE:
            attributes = attributes + _inner_attributes(source, inner)
    if kind is NodeKind.USE:
        references = _imports(source, node, start)
    elif not (kind is NodeKind.MODULE or kind is NodeKind.EXTERN_CRATE):
        references, nested = own_references(source, node, kind, start, own_end)
        if nested and depth < MAX_DEPTH:
            children = _place_nested(unit, nested, start, depth + 1)
            references = [
                r
                for r in references
                if not any(c.offset <= r.start_byte < c.offset + c.item.length_bytes for c in children)
            ]

    plain, cfg, is_test = sort_attributes(attributes)
    signature_bytes = source[node.start_byte : _signature_end(source, node, kind, body)]
    if kind is NodeKind.MACRO_CALL:
        signature_bytes = tokens.meaning(signature_bytes[:200]).replace(b"\0", b" ")[:80]
    if kind is NodeKind.FUNCTION and _has_receiver(node):
        kind = NodeKind.METHOD
    item = Item(
        kind=kind,
        name=name,
        qualified=qualified,
        scope=scope,
        owner=owner,
        visibility=_visibility(source, node),
        signature=tokens.collapse(signature_bytes)[:_MAX_SIGNATURE_CHARS],
        cfg=cfg,
        attributes=plain,
        is_test=is_test,
        parse_error_count=grammar.count_errors(node) if node.has_error else 0,
        recovered=False,
        hash=blake3(data).hexdigest(length=tokens.HASH_BYTES),
        signature_hash=tokens.digest(tokens.signature_tokens(signature_bytes)),
        meaning_hash=meaning_hash(data, children),
        length_bytes=end - start,
        newlines=data.count(b"\n"),
        references=tuple(references),
        children=children,
    )
    # What an error makes of a text depends on its neighbours: only whole items are remembered.
    if unit.memo is not None and not node.has_error:
        unit.memo.put(data, item)
    return item


def sort_attributes(attributes: list[str]) -> tuple[tuple[str, ...], str, bool]:
    """(attributes without cfg and doc, cfg predicates joined by " & ", whether it is test code)."""
    plain: list[str] = []
    predicates: list[str] = []
    is_test = False
    for text in attributes:
        if match := _CFG.match(text):
            predicate = match[1].strip()
            predicates.append(predicate)
            is_test |= bool(_CFG_TEST.search(predicate)) and not _CFG_NOT_TEST.search(predicate)
        elif not text.startswith("doc"):
            plain.append(text)
            is_test |= bool(_TEST_ATTRIBUTE.match(text))
    return tuple(plain), " & ".join(predicates), is_test


def _place_nested(unit: Unit, nested: list[Node], base: int, depth: int) -> tuple[PlacedItem, ...]:
    placed: list[PlacedItem] = []
    reach = -1
    for node in sorted(nested, key=lambda n: n.start_byte):
        if node.start_byte < reach:
            continue  # inside the one before, which finds it itself
        reach = node.end_byte
        start, attributes = _leading(unit.source, node)
        item = build_item(unit, node, start, attributes, depth)
        if item is not None:
            placed.append(PlacedItem(start - base, unit.source.count(b"\n", base, start), item))
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


def _inner_attributes(source: bytes, nodes: list[Node]) -> list[str]:
    return [
        tokens.collapse(source[n.start_byte : n.end_byte]).removeprefix("#![").removesuffix("]").strip()
        for n in nodes
        if n.type == "inner_attribute_item"
    ]


def _names(source: bytes, node: Node, kind: NodeKind) -> tuple[str, str, str, str]:
    """(name, own part of the qualified name, scope given to children, owner of associated items)."""
    if kind is NodeKind.IMPL:
        return _impl_names(source, node)
    if kind is NodeKind.USE:
        argument = node.child_by_field_name("argument")
        text = _text(source, argument) if argument is not None else ""
        return (text[:_MAX_NAME_CHARS], _limited(f"use {text}"), "", "") if text else ("", "", "", "")
    if kind is NodeKind.EXTERN_BLOCK:
        body = node.child_by_field_name("body")
        abi = tokens.collapse(
            source[node.start_byte : body.start_byte if body is not None else node.end_byte]
        )
        return abi, abi, "", ""
    field = node.child_by_field_name("macro" if kind is NodeKind.MACRO_CALL else "name")
    name = _text(source, field) if field is not None else ""
    if not name:
        return "", "", "", ""
    if kind is NodeKind.MACRO_CALL:
        return name, f"{name}!", "", ""
    name = name.removeprefix("r#")
    return name, name, name, name if kind in (NodeKind.TRAIT, NodeKind.ENUM) else ""


def _impl_names(source: bytes, node: Node) -> tuple[str, str, str, str]:
    self_type = node.child_by_field_name("type")
    if self_type is None:
        return "", "", "", ""
    text = _text(source, self_type)
    bare = bare_type_name(source, self_type)
    trait = node.child_by_field_name("trait")
    if trait is None:
        return bare, _limited(f"impl {text}"), bare, bare
    negative = "!" if b"!" in source[node.start_byte : trait.start_byte] else ""
    trait_text = negative + _text(source, trait)
    return bare, _limited(f"impl {trait_text} for {text}"), _limited(f"<{text} as {trait_text}>"), bare


def bare_type_name(source: bytes, node: Node) -> str:
    """`&'a fmt::Foo<T>` → `Foo`; other shapes (tuples, slices …) keep their text."""
    for _ in range(16):
        if node.type in ("reference_type", "generic_type", "pointer_type"):
            inner = node.child_by_field_name("type")
        elif node.type == "scoped_type_identifier":
            inner = node.child_by_field_name("name")
        else:
            break
        if inner is None:
            break
        node = inner
    return _limited(_text(source, node))


def _text(source: bytes, node: Node) -> str:
    """A short text with white space only where two words would run together."""
    if node.child_count == 0:
        return source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    parts = tokens.signature_tokens(source[node.start_byte : node.end_byte]).split(b"\0")
    out = b""
    for part in parts:
        if out and ((_is_word(out[-1]) and _is_word(part[0] if part else 0)) or out.endswith(b",")):
            out += b" "
        out += part
    return out.decode("utf-8", "replace")


def _is_word(byte: int) -> bool:
    return byte == 95 or byte >= 128 or chr(byte).isalnum()


def _limited(text: str) -> str:
    if len(text) <= _MAX_NAME_CHARS:
        return text
    return f"{text[: _MAX_NAME_CHARS - 9]}~{tokens.digest(text.encode())[:8]}"


def _signature_end(source: bytes, node: Node, kind: NodeKind, body: Node | None) -> int:
    end = node.end_byte
    if kind in (NodeKind.CONST, NodeKind.STATIC):
        value = node.child_by_field_name("value")
        if value is not None:
            end = source.rindex(b"=", node.start_byte, value.start_byte)
    elif kind is NodeKind.MACRO:
        name = node.child_by_field_name("name")
        end = name.end_byte if name is not None else end
    elif body is not None and kind not in (NodeKind.STRUCT, NodeKind.UNION, NodeKind.VARIANT):
        end = body.start_byte
    return end - 1 if source[end - 1 : end] == b";" else end


def _has_receiver(node: Node) -> bool:
    parameters = node.child_by_field_name("parameters")
    if parameters is None or parameters.named_child_count == 0:
        return False
    for child in parameters.named_children:
        if child.type == "self_parameter":
            return True
        if child.type == "parameter":
            pattern = child.child_by_field_name("pattern")
            return pattern is not None and pattern.type == "self"
    return False


def _visibility(source: bytes, node: Node) -> str:
    if node.child_count and (first := node.child(0)).type == "visibility_modifier":
        return tokens.collapse(source[first.start_byte : first.end_byte])
    return ""


def _imports(source: bytes, node: Node, base: int) -> list[Reference]:
    argument = node.child_by_field_name("argument")
    if argument is None:
        return []
    start, end = argument.start_byte, argument.end_byte
    text = source[start:end].decode("utf-8", "replace")
    return [
        Reference(name, path, ReferenceKind.IMPORT.value, start - base, end - base)
        for name, path in use_leaves(text)
    ]


def meaning_hash(data: bytes, children: tuple[PlacedItem, ...]) -> str:
    """Merkle-style, so that one changed child costs its own tokens and not the whole container's."""
    if not children:
        return tokens.digest(tokens.meaning(data))
    parts: list[bytes] = []
    at = 0
    for offset, _, item in children:
        parts += (tokens.meaning(data[at:offset]), item.meaning_hash.encode())
        at = offset + item.length_bytes
    parts.append(tokens.meaning(data[at:]))
    return tokens.digest(b"".join(parts))
