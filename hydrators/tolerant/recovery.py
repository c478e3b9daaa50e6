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
from functools import lru_cache
from typing import NamedTuple

from tree_sitter import Node

from hydrators.exact import canonical
from hydrators.tolerant import grammar, newer, tokens
from hydrators.tolerant.attributes import sort_attributes
from hydrators.tolerant.items import MAX_DEPTH, Unit, meaning_hash, place_items
from hydrators.tolerant.memo import Item, Memo, PlacedItem
from hydrators.tolerant.newer import Parsed
from hydrators.tolerant.references import own_references
from store.model import NodeKind, Reference

_START = re.compile(
    rb"(?:pub|fn|struct|enum|union|trait|impl|type|const|static|mod|use|extern|macro_rules|macro|unsafe|async"
    rb"|default|auto|safe|gen|final|crate)\b|[A-Za-z_][\w:]*!\s*[({\[]|[A-Za-z_]\w*!\s*$"
)
_LEAD = re.compile(rb"///(?!/)|/\*\*(?![*/])|#\s*\[")
_CLOSE = re.compile(rb"[}\])]+\s*[;,]?\s*(?://.*)?$")
_QUALIFIERS = (
    rb"(?:pub(?:\s*\([^)]*\))?\s+)?"
    rb"(?:(?:default|async|const|unsafe|safe|auto|gen|final|extern(?:\s*\"[^\"]*\")?)\s+)*"
)
_NAMED = re.compile(
    _QUALIFIERS
    + rb"(fn|struct|enum|union|trait|type|const|static|mod|macro_rules\s*!|macro)\s+(?:mut\s+)?(?:r#)?"
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
_FIRST_INDENT = re.compile(rb"\s*?^([ \t]*)[^\s]", re.MULTILINE)
_MEMBER_PREFIX, _MEMBER_SUFFIX = b"impl X{", b"}"


class _Line(NamedTuple):
    start: int  # of its text, behind the indentation
    text: bytes  # without indentation and trailing white space


class _Segment(NamedTuple):
    start: int
    end: int  # without trailing blank and comment lines


class _Text(NamedTuple):
    """The file, and the byte ranges of its raw strings and block comments of several lines, whose
    lines only look like code."""

    source: bytes
    covered: bytes  # what is parsed: the source, or the text that covers newer syntax in it
    memo: Memo | None
    quoted: list[tuple[int, int]]

    def lines(self, start: int, end: int, indent: bytes) -> Iterator[_Line]:
        """Lines of that part of the file at exactly `indent`, outside of quoted text."""
        for match in _lines_at(indent).finditer(self.source, start, end):
            at = match.start(1)
            near = bisect_right(self.quoted, (at, len(self.source))) - 1
            if near < 0 or not self.quoted[near][0] < at < self.quoted[near][1]:
                yield _Line(at, match[1].rstrip())


@lru_cache(maxsize=256)
def _lines_at(indent: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"^" + re.escape(indent) + rb"([^\s][^\n]*)", re.MULTILINE)


def items_of_broken(source: bytes, parsed: Parsed, memo: Memo | None) -> tuple[PlacedItem, ...]:
    """The items of a file whose plain parse has errors: by layout, or by the plain parse where the
    layout finds clearly fewer whole items (text on one line, unusual indentation). Of the plain parse
    only those count that stand deeper than what they are in: a function that swallowed its neighbours
    has as many whole items as before."""
    root = parsed.tree.root_node
    plain = place_items(Unit(source, memo, parsed.text is not source), root.children, 0, 0)
    quoted = sorted(
        (node.start_byte, node.end_byte)
        for node in (
            grammar.raw_text_nodes(root) if b'r"' in source or b"r#" in source or b"/*" in source else ()
        )
        if node.start_point[0] != node.end_point[0]
    )
    text = _Text(source, parsed.text, memo, quoted)
    by_layout = tuple(_region(text, 0, len(source), b"", 0, 0, False))
    found = _count_whole(source, by_layout)
    usual = _count_whole(source, plain)
    trusted = 10 * found.whole >= 9 * usual.well_placed and 2 * found.whole >= usual.whole
    return by_layout if trusted else plain


class _Count(NamedTuple):
    whole: int  # items without parse errors
    well_placed: int  # those whose indentation agrees with their place


def _count_whole(source: bytes, placed: tuple[PlacedItem, ...]) -> _Count:
    whole = well_placed = 0
    stack = [(0, -1, placed_item) for placed_item in placed]
    while stack:
        base, outer, (offset, _, item) = stack.pop()
        start = base + offset
        column = start - (source.rfind(b"\n", 0, start) + 1)
        is_first = not source[start - column : start].strip()
        if item.parse_error_count == 0:
            whole += 1
            expected = column == 0 if outer < 0 else column > outer
            well_placed += expected or not is_first
        inner = column if is_first else max(outer, 0)
        stack.extend((start, inner, child) for child in item.children)
    return _Count(whole, well_placed)


def _region(
    text: _Text, start: int, end: int, indent: bytes, base: int, depth: int, members: bool
) -> Iterator[PlacedItem]:
    """Items between two bytes of the file at one indentation, in a container (or file) whose slice
    starts at byte `base`."""
    counted, line = base, 0
    for segment in _segments(text, start, end, indent):
        for offset, _, item in _segment_items(text, segment, indent, depth, members):
            at = segment.start + offset
            line += text.source.count(b"\n", counted, at)
            counted = at
            yield PlacedItem(at - base, line, item)


def _segments(text: _Text, start: int, end: int, indent: bytes) -> Iterator[_Segment]:
    begun = -1
    has_item = closed = False
    for line in text.lines(start, end, indent):
        lead = bool(_LEAD.match(line.text))
        begins = bool(_START.match(line.text))
        if begun >= 0 and ((has_item and (lead or begins)) or closed):
            yield _Segment(begun, _end_of_code(text.source, begun, line.start))
            begun, has_item = -1, False
        closed = False
        if begun < 0:
            if line.text.startswith(b"//") and not lead:
                continue
            begun = line.start
        has_item |= begins
        closed = has_item and bool(_CLOSE.match(line.text))
    if begun >= 0:
        yield _Segment(begun, _end_of_code(text.source, begun, end))


def _end_of_code(source: bytes, start: int, end: int) -> int:
    """`end` without blank lines and plain comment lines before it."""
    while True:
        end = start + len(source[start:end].rstrip())
        line = source.rfind(b"\n", start, end) + 1
        if line <= start or not source[line:end].lstrip().startswith(b"//"):
            return end
        end = line


def _segment_items(
    text: _Text, segment: _Segment, indent: bytes, depth: int, members: bool
) -> tuple[PlacedItem, ...]:
    data = text.source[segment.start : segment.end]
    covered = text.covered[segment.start : segment.end]
    key = (data, covered, indent, members)
    if text.memo is not None and (known := text.memo.segments.get(key)) is not None:
        return text.memo.keep_segment(key, known)
    prefix, suffix = (_MEMBER_PREFIX, _MEMBER_SUFFIX) if members else (b"", b"")
    unit = prefix + data + suffix
    root = grammar.parse(prefix + covered + suffix).root_node
    if not root.has_error:
        children = root.children
        if members:
            body = root.children[0].child_by_field_name("body")
            children = body.children if body is not None else []
        is_covered = text.covered is not text.source
        placed = place_items(Unit(unit, text.memo, is_covered), children, len(prefix), depth)
    else:
        head = _head(data, indent)
        if head is None:
            placed = ()
        elif _CONTAINER.match(head.line) and depth < MAX_DEPTH:
            # Not remembered: what is quoted text inside it depends on the whole file.
            item = _broken_container(text, segment, head, indent, depth, root)
            return () if item is None else (PlacedItem(0, 0, item),)
        else:
            is_covered = text.covered is not text.source
            leaf = _broken_leaf(data, head, unit, root, len(prefix), is_covered)
            placed = () if leaf is None else (PlacedItem(0, 0, leaf),)
    return placed if text.memo is None else text.memo.keep_segment(key, placed)


class _Head(NamedTuple):
    """The start of a broken item: its attributes, its first line, its header, and where that ends
    (in bytes of the segment)."""

    attributes: list[str]
    line: bytes
    text: bytes
    end: int


def _head(data: bytes, indent: bytes) -> _Head | None:
    attributes: list[str] = []
    at = 0
    while at < len(data):
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        raw = data[at:stop].rstrip()
        line = raw.lstrip()
        if _START.match(line) and not line.startswith((b"//", b"#", b"/*", b"*")):
            begins = at + len(raw) - len(line)
            end = _head_end(data, begins, stop, indent)
            return _Head(attributes, line, data[begins:end], end)
        if line.startswith(b"#[") and line.endswith(b"]"):
            attributes.append(tokens.collapse(line[2:-1]))
        at = stop + 1
    return None


def _head_end(data: bytes, begins: int, stop: int, indent: bytes) -> int:
    """Byte where the header of the item on the line from `begins` to `stop` ends: behind its opening
    brace, at the first deeper line that starts an item, or at the end of its line."""
    at, first = begins, True
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        raw = data[at:end].rstrip()
        line = raw.lstrip(b" \t")
        own = indent if first else raw[: len(raw) - len(line)]
        if line.endswith(b"{") and own == indent:
            return at + len(raw)
        if not first and len(own) > len(indent) and (_START.match(line) or _LEAD.match(line)):
            return at - 1
        if line.endswith((b";", b"}")) and own == indent:
            break
        at, first = end + 1, False
    return stop


def _broken_container(
    text: _Text, segment: _Segment, head: _Head, indent: bytes, depth: int, root: Node
) -> Item | None:
    """A container whose text does not parse: its header, and the items of its body by layout."""
    source = text.source
    body_start = source.find(b"\n", segment.start + head.end) + 1
    body_end = segment.end
    last = source.rfind(b"\n", segment.start, segment.end) + 1
    if last > body_start > 0 and source[last:body_end].startswith(indent + b"}"):
        body_end = last
    children: tuple[PlacedItem, ...] = ()
    if 0 < body_start < body_end:
        inner = _FIRST_INDENT.match(source, body_start, body_end)
        if inner is not None and len(inner[1]) > len(indent):
            is_module = re.match(_QUALIFIERS + rb"mod\b", head.text) is not None
            children = tuple(
                _region(text, body_start, body_end, inner[1], segment.start, depth + 1, not is_module)
            )
    errors = sum(child.item.parse_error_count for child in children)
    shell = _shell(head.text)
    return _assemble(
        source[segment.start : segment.end],
        head,
        shell,
        children,
        shell.references if shell is not None else (),
        max(1, errors),
    )


def _broken_leaf(
    data: bytes, head: _Head, unit: bytes, root: Node, prefix: int, is_covered: bool
) -> Item | None:
    """An item whose text does not parse: what its header says, and the references that were found."""
    references, _ = own_references(unit, root, NodeKind.FUNCTION, prefix, len(unit), is_covered=is_covered)
    own = tuple([r for r in references if r.start_byte >= 0])  # not of what stands before it for the parser
    return _assemble(data, head, _shell(head.text), (), own, grammar.count_errors(root))


def _assemble(
    data: bytes,
    head: _Head,
    shell: Item | None,
    children: tuple[PlacedItem, ...],
    references: tuple[Reference, ...],
    errors: int,
) -> Item | None:
    known = shell or _named_item(head)
    if known is None:
        return None
    plain, cfg, is_test = sort_attributes(tuple(head.attributes))
    return known._replace(
        signature_syn=known.signature_syn if known.kind in grammar.CONTAINER_KINDS else "",
        cfg=cfg,
        attributes=plain,
        is_test=is_test,
        parse_error_count=max(1, errors),
        recovered=True,
        hash=tokens.digest(data),
        meaning_hash=meaning_hash(data, children),
        length_bytes=len(data),
        newlines=data.count(b"\n"),
        references=references,
        children=children,
    )


def _named_item(head: _Head) -> Item | None:
    """What a header that does not parse says of its item: kind, name and text. Its slice is the caller's."""
    named = _NAMED.match(head.line)
    if named is None:
        return None
    name = named[2].decode("utf-8", "replace")
    kind = _KIND_OF_WORD.get(named[1].split()[0], NodeKind.MACRO)
    if kind is NodeKind.FUNCTION and _RECEIVER.search(head.text):
        kind = NodeKind.METHOD
    return Item(
        kind=kind,
        name=name,
        qualified=name,
        scope=name,
        owner=name if kind in (NodeKind.TRAIT, NodeKind.ENUM) else "",
        visibility="",
        signature=tokens.collapse(head.text).rstrip("{; ")[:400],
        signature_syn="",
        cfg="",
        attributes=(),
        is_test=False,
        parse_error_count=0,
        recovered=True,
        hash="",
        signature_hash=tokens.digest(canonical(head.text.rstrip().rstrip(b"{")).encode()),
        meaning_hash="",
        length_bytes=0,
        newlines=0,
        references=(),
        children=(),
    )


def _shell(head: bytes) -> Item | None:
    """The item that the header alone would be with an empty body, if that parses."""
    text = head.rstrip().rstrip(b"{").rstrip()
    for end in (b" {}", b";", b""):
        candidate = text + end
        tree, covered = newer.parse(candidate)
        root = tree.root_node
        if not root.has_error:
            placed = place_items(Unit(candidate, None, covered is not candidate), root.children, 0, 0)
            if len(placed) == 1:
                return placed[0].item
    return None
