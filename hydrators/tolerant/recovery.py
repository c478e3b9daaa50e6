"""Items of a broken file by its layout: indentation tells where an item starts when brackets lie.

One lost brace makes a parser swallow or spill every item after it. Here the text is cut at the lines
that look like the start of an item at the container's own indentation, each piece is parsed by
itself, and only the piece that is broken suffers. Pieces that do not parse keep what their first
lines say. A pure function of the bytes, like everything in this package.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node, Tree

from hydrators.tolerant import grammar, tokens
from hydrators.tolerant.items import (
    MAX_DEPTH,
    Item,
    Memo,
    PlacedItem,
    Unit,
    meaning_hash,
    place_items,
    sort_attributes,
)
from hydrators.tolerant.references import own_references
from store.model import NodeKind, Reference

_START = re.compile(
    rb"(?:pub|fn|struct|enum|union|trait|impl|type|const|static|mod|use|extern|macro_rules|macro|unsafe|async"
    rb"|default|auto|safe|crate)\b|[A-Za-z_][\w:]*!\s*[({\[]|[A-Za-z_]\w*!\s*$"
)
_LEAD = re.compile(rb"///(?!/)|/\*\*(?![*/])|#\s*\[")
_CLOSE = re.compile(rb"[}\])]+\s*[;,]?\s*(?://.*)?$")
_QUALIFIERS = (
    rb"(?:pub(?:\s*\([^)]*\))?\s+)?"
    rb"(?:(?:default|async|const|unsafe|safe|auto|extern(?:\s*\"[^\"]*\")?)\s+)*"
)
_NAMED = re.compile(
    _QUALIFIERS + rb"(fn|struct|enum|union|trait|type|const|static|mod|macro_rules\s*!|macro)\s+(?:mut\s+)?(?:r#)?"
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*)"
)
_CONTAINER = re.compile(_QUALIFIERS + rb"(?:impl\b|trait\b|mod\b|extern\b(?!\s+crate)(?!.*\bfn\b))")
_KIND_OF_WORD = {
    b"fn": NodeKind.FUNCTION,
    b"struct": NodeKind.STRUCT,
    b"enum": NodeKind.ENUM,
    b"union": NodeKind.UNION,
    b"trait": NodeKind.TRAIT,
    b"type": NodeKind.TYPE_ALIAS,
    b"const": NodeKind.CONST,
    b"static": NodeKind.STATIC,
    b"mod": NodeKind.MODULE,
    b"macro": NodeKind.MACRO,
}
_RECEIVER = re.compile(rb"\(\s*(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b")
_MEMBER_PREFIX, _MEMBER_SUFFIX = b"impl X{", b"}"


class _Line(NamedTuple):
    start: int
    end: int
    indent: bytes
    text: bytes  # without indentation and line end


class _Segment(NamedTuple):
    start: int
    end: int  # without trailing blank and comment lines


def items_of_broken(source: bytes, tree: Tree, memo: Memo | None) -> tuple[PlacedItem, ...]:
    """The items of a file whose plain parse has errors: by layout, or by the plain parse where the
    layout finds clearly fewer whole items (text on one line, unusual indentation). Not by the larger
    number alone: a function that swallowed its neighbours has as many whole items as before."""
    plain = place_items(Unit(source, memo), tree.root_node.children, 0, 0)
    lines = _Lines(source, tree)
    by_layout = tuple(_region(lines, memo, lines.between(0, len(source)), b"", 0, 0, False))
    return by_layout if 10 * _count_whole(by_layout) >= 9 * _count_whole(plain) else plain


def _count_whole(placed: tuple[PlacedItem, ...]) -> int:
    whole = 0
    stack = list(placed)
    while stack:
        item = stack.pop().item
        whole += item.parse_error_count == 0
        stack.extend(item.children)
    return whole


class _Lines:
    """The file's lines, with those inside raw strings and block comments marked as text."""

    def __init__(self, source: bytes, tree: Tree) -> None:
        self.source = source
        self.lines: list[_Line] = []
        at = 0
        for raw in source.splitlines(keepends=True):
            body = raw.rstrip()
            text = body.lstrip(b" \t")
            self.lines.append(_Line(at, at + len(raw), body[: len(body) - len(text)], text))
            at += len(raw)
        self.starts = [line.start for line in self.lines]
        self.inside_text: set[int] = set()
        for node in grammar.raw_text_nodes(tree.root_node):
            first = bisect_right(self.starts, node.start_byte)
            last = bisect_right(self.starts, max(node.start_byte, node.end_byte - 1))
            self.inside_text.update(self.starts[first:last])

    def between(self, start: int, end: int) -> list[_Line]:
        return self.lines[bisect_right(self.starts, start - 1) : bisect_right(self.starts, end - 1)]


def _region(
    lines: _Lines, memo: Memo | None, region: list[_Line], indent: bytes, base: int, depth: int, members: bool
) -> Iterator[PlacedItem]:
    """Items of the lines of one container (or file) whose slice starts at byte `base`."""
    source = lines.source
    for segment in _segments(lines, region, indent):
        prefix, suffix = (_MEMBER_PREFIX, _MEMBER_SUFFIX) if members else (b"", b"")
        text = prefix + source[segment.start : segment.end] + suffix
        root = grammar.parse(text).root_node
        if not root.has_error:
            children = root.children
            if members:
                body = root.children[0].child_by_field_name("body")
                children = body.children if body is not None else []
            placed = place_items(Unit(text, memo), children, len(prefix), depth)
        else:
            item = _broken_item(lines, memo, segment, root, text, len(prefix), indent, depth)
            placed = () if item is None else (PlacedItem(0, 0, item),)
        for offset, _, item in placed:
            at = segment.start + offset
            yield PlacedItem(at - base, source.count(b"\n", base, at), item)


def _segments(lines: _Lines, region: list[_Line], indent: bytes) -> Iterator[_Segment]:
    start = -1
    end = 0
    has_item = closed = False
    for line in region:
        text = line.text
        if not text:
            continue
        comment = text.startswith(b"//") and not _LEAD.match(text)
        if line.indent == indent and line.start not in lines.inside_text:
            lead = bool(_LEAD.match(text))
            begins = bool(_START.match(text))
            if start >= 0 and ((has_item and (lead or begins)) or closed):
                yield _Segment(start, end)
                start, has_item = -1, False
            closed = False
            if start < 0 and comment:
                continue
            has_item |= begins
            closed = has_item and bool(_CLOSE.match(text))
        if start < 0:
            start = line.start + len(line.indent)
        if not comment:
            end = line.start + len(line.indent) + len(text)
    if start >= 0:
        yield _Segment(start, max(start, end))


def _broken_item(
    lines: _Lines,
    memo: Memo | None,
    segment: _Segment,
    root: Node,
    text: bytes,
    prefix: int,
    indent: bytes,
    depth: int,
) -> Item | None:
    """What the first lines of an unparsable segment still say, with the items inside a container."""
    source = lines.source
    data = source[segment.start : segment.end]
    region = lines.between(segment.start, segment.end)
    attributes: list[str] = []
    at = 0
    while at < len(region) and (
        region[at].text.startswith((b"//", b"#", b"/*", b"*")) or not _START.match(region[at].text)
    ):
        line = region[at].text
        if line.startswith(b"#[") and line.endswith(b"]"):
            attributes.append(tokens.collapse(line[2:-1]))
        at += 1
    if at == len(region):
        return None
    head_line = region[at]
    children: tuple[PlacedItem, ...] = ()
    head_end = _head_end(region, at, indent)
    head = source[head_line.start + len(head_line.indent) : head_end]
    container = bool(_CONTAINER.match(head_line.text)) and depth < MAX_DEPTH
    if container:
        body = [
            line
            for line in region
            if line.start >= head_end and line.start >= head_line.end and not (
                line.indent == indent and line.text.startswith(b"}")
            )
        ]
        inner = next((line.indent for line in body if line.text), indent)
        if len(inner) > len(indent):
            children = tuple(_region(lines, memo, body, inner, segment.start, depth + 1, not _is_module(head)))
    shell = _shell(head)
    named = _NAMED.match(head_line.text)
    if shell is None and named is None:
        return None
    plain, cfg, is_test = sort_attributes(attributes)
    references: list[Reference] = []
    if container:
        references = list(shell.references) if shell is not None else []
    else:
        found, _ = own_references(text, root, NodeKind.FUNCTION, prefix, len(text))
        references = found
    name = named[2].decode("utf-8", "replace") if named else ""
    kind = _KIND_OF_WORD.get(named[1].split()[0], NodeKind.MACRO) if named else NodeKind.IMPL
    if kind is NodeKind.FUNCTION and _RECEIVER.search(head):
        kind = NodeKind.METHOD
    signature = tokens.collapse(head).rstrip("{; ")
    errors = max(1, grammar.count_errors(root))
    return Item(
        kind=shell.kind if shell else kind,
        name=shell.name if shell else name,
        qualified=shell.qualified if shell else name,
        scope=shell.scope if shell else name,
        owner=shell.owner if shell else (name if kind in (NodeKind.TRAIT, NodeKind.ENUM) else ""),
        visibility=shell.visibility if shell else "",
        signature=shell.signature if shell else signature[:400],
        cfg=cfg,
        attributes=plain,
        is_test=is_test,
        parse_error_count=errors,
        recovered=True,
        hash=tokens.digest(data),
        signature_hash=shell.signature_hash if shell else tokens.digest(tokens.signature_tokens(head)),
        meaning_hash=meaning_hash(data, children),
        length_bytes=len(data),
        newlines=data.count(b"\n"),
        references=tuple(references),
        children=children,
    )


def _head_end(region: list[_Line], at: int, indent: bytes) -> int:
    """Byte where the header of the item on line `at` ends: behind its opening brace, at the first
    deeper line that starts an item, or at the end of its line."""
    for line in region[at:]:
        if line.text.endswith(b"{") and line.indent == indent:
            return line.start + len(line.indent) + len(line.text)
        if line is not region[at] and len(line.indent) > len(indent) and (
            _START.match(line.text) or _LEAD.match(line.text)
        ):
            return line.start
        if line.text.endswith((b";", b"}")) and line.indent == indent:
            break
    return region[at].start + len(region[at].indent) + len(region[at].text)


def _is_module(head: bytes) -> bool:
    return re.match(_QUALIFIERS + rb"mod\b", head) is not None


def _shell(head: bytes) -> Item | None:
    """The item that the header alone would be with an empty body, if that parses."""
    text = head.rstrip().rstrip(b"{").rstrip()
    for end in (b" {}", b";", b""):
        candidate = text + end
        root = grammar.parse(candidate).root_node
        if not root.has_error:
            placed = place_items(Unit(candidate, None), root.children, 0, 0)
            if len(placed) == 1:
                return placed[0].item
    return None
