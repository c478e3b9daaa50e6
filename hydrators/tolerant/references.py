"""The names that one item's own text mentions, unresolved, with their byte spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter

from tree_sitter import Node

from hydrators.tolerant import grammar
from hydrators.tolerant.bindings import Bindings
from hydrators.tolerant.newer import DECLARED_MACRO
from hydrators.tolerant.paths import LOOK_BACK_BYTES, WORD, closing_angle, normal_path, path_start
from store.model import NodeKind, Reference, ReferenceKind

POSITION = itemgetter(3, 4, 2)  # start, end, kind

# Plain strings and names: looking a member up in its class costs more than making the reference.
_BOUND = ReferenceKind.BOUND.value
_CALL = ReferenceKind.CALL.value
_MACRO_CALL = ReferenceKind.MACRO_CALL.value
_METHOD_CALL = ReferenceKind.METHOD_CALL.value
_PATH = ReferenceKind.PATH.value
_SELF_TYPE = ReferenceKind.SELF_TYPE.value
_TRAIT_IMPL = ReferenceKind.TRAIT_IMPL.value
_TYPE = ReferenceKind.TYPE.value
_VALUE = ReferenceKind.VALUE.value
_CONST_ITEM = NodeKind.CONST
_IMPL_ITEM = NodeKind.IMPL
_DECLARE_TYPES = frozenset(
    (
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.TYPE_ALIAS,
        NodeKind.ASSOCIATED_TYPE,
    )
)
_BOUND_BEHIND_EQUALS = frozenset((NodeKind.TRAIT_ALIAS, NodeKind.ASSOCIATED_TYPE))

_START = itemgetter(0)
_LONG_BYTES = 1_000  # a shorter text has no depth that costs
_TYPE_FOLLOWS = re.compile(rb"\s*::\s*[^\s<]")

# Half the time of calling the class, which is a function in Python.
_new = tuple.__new__

_OF_TYPES = frozenset(("item", "type", "bound", "parameter", "binding", "aside"))
"""All that the text of an item without expressions and paths is captured as."""
_NONE: tuple[Node, ...] = ()
_NOWHERE: set[int] = set()
_Span = tuple[int, int]


def own_references(
    source: bytes, node: Node, kind: NodeKind, base: int, end: int, *, is_covered: bool = False
) -> tuple[list[Reference], list[Node]]:
    """References of `node` between its start and `end`, in source order, and the items nested in it.

    Spans are relative to `base`. A type is kept once a path per item: its first mention.
    """
    if kind is _CONST_ITEM and (known := _of_plain_constant(source, node, base)) is not None:
        return known, []
    first = node.start_byte
    is_deep = end - first > _LONG_BYTES and grammar.is_deep(node)
    captures = grammar.reference_captures(node, first, end, is_deep=is_deep)
    if not captures:
        return [], []
    get = captures.get
    nested = [item for item in get("item", _NONE) if item.start_byte != first]  # the node itself may be one
    if captures.keys() <= _OF_TYPES:
        types = _type_references(source, node, kind, captures, base) if "type" in captures else []
        if len(types) > 1:
            types.sort(key=POSITION)
        return types, nested
    found: list[Reference] = []
    plain = [call.byte_range for call in get("call", _NONE)]
    callees: set[int] = {start for start, _ in plain}  # where what is called begins
    for call in get("path_call", _NONE):
        callees.add(call.start_byte)
        found.append(_path_reference(source, call, _CALL, base))
    for method in get("method", _NONE):
        found.append(_method_reference(source, method.start_byte, method.end_byte, base))
    for macro in get("macro", _NONE):
        start = macro.start_byte
        if is_covered and source[start : start + 1] in b"mp" and DECLARED_MACRO.match(source, start):
            if start != first and macro.parent is not None:
                nested.append(macro.parent)
            continue
        callees.add(start)
        found.append(_path_reference(source, macro, _MACRO_CALL, base))
    if "type" in captures:
        found += _type_references(source, node, kind, captures, base)
    # Spans of attributes and of `pub(in a::b)`: what they name is no value.
    aside = []
    if "aside" in captures:
        aside = sorted([one.byte_range for one in captures["aside"]])
    if (
        "token" in captures
        or "token_macro" in captures
        or "token_path" in captures
        or "token_generic" in captures
        or "token_member" in captures
    ):
        plain += _token_references(source, captures, aside, base, found)
    if "path" in captures:
        _paths(source, captures["path"], callees, aside, base, found)
    for generic in get("generic", _NONE):
        if generic.start_byte not in callees:
            found.append(_path_reference(source, generic, _PATH, base))
    values = [value.byte_range for value in get("value", _NONE)]
    if plain or values:
        called = [source[start:stop] for start, stop in plain]
        passed = [source[start:stop] for start, stop in values]
        bindings = Bindings(source, get("binding", _NONE), called + passed, node if is_deep else None)
        for (start, stop), name in zip(plain, called, strict=True):
            if not (name in bindings and bindings.reach(name, start)):
                text = name.decode("utf-8", "replace")
                found.append(_new(Reference, (text, text, _CALL, start - base, stop - base)))
        for (start, stop), name in zip(values, passed, strict=True):
            if name not in bindings and name != b"None":
                text = name.decode("utf-8", "replace")
                found.append(_new(Reference, (text, text, _VALUE, start - base, stop - base)))
    if len(found) > 1:
        found.sort(key=POSITION)
    return found, nested


def _of_plain_constant(source: bytes, node: Node, base: int) -> list[Reference] | None:
    """References of `const A: u8 = 3;`, the most frequent item where there are bindings
    to C; None for other constants."""
    type_node, value = node.child_by_field_name("type"), node.child_by_field_name("value")
    if type_node is None or value is None or value.type not in _LITERALS or node.has_error:
        return None
    if type_node.type == "primitive_type":
        return []
    if type_node.type != "type_identifier":
        return None
    start, end = type_node.byte_range
    raw = source[start:end]
    if raw in _BUILT_IN_TYPES:
        return []
    name = raw.decode("utf-8", "replace")
    return [_new(Reference, (name, name, _TYPE, start - base, end - base))]


_LITERALS = frozenset(
    ("integer_literal", "float_literal", "boolean_literal", "char_literal", "string_literal")
)


def _is_aside(aside: list[_Span], at: int) -> bool:
    """Whether byte `at` is in one of the spans, which are in order and apart from each other."""
    index = bisect_right(aside, at, key=_START) - 1
    return index >= 0 and at < aside[index][1]


def _paths(
    source: bytes, nodes: list[Node], callees: set[int], aside: list[_Span], base: int, found: list[Reference]
) -> None:
    """The outermost paths that are neither called nor part of an attribute. Inner ones begin where they
    do, or stand in their generic arguments."""
    longest: dict[int, int] = {}
    for node in nodes:
        start = node.start_byte
        if start not in callees:
            end = node.end_byte
            if end > longest.get(start, 0):
                longest[start] = end
    reach = -1
    for start in sorted(longest):
        end = longest[start]
        if end <= reach or (aside and _is_aside(aside, start)):
            continue
        reach = end
        if source[end : end + 1] in b": \n" and _TYPE_FOLLOWS.match(source, end):
            continue  # the beginning of a type's path
        path = normal_path(source[start:end].decode("utf-8", "replace"))
        found.append(_new(Reference, (path.rpartition("::")[2], path, _PATH, start - base, end - base)))


def _token_references(
    source: bytes, captures: dict[str, list[Node]], aside: list[_Span], base: int, found: list[Reference]
) -> list[_Span]:
    """Adds what the arguments of macros mention; returns the plain names that are called there."""
    plain: list[_Span] = []
    done: set[int] = set()  # ends of the names that are called, or name a macro
    for token in captures.get("token_macro", ()):
        start, stop = token.byte_range
        done.add(stop)
        if source[stop : stop + 8].lstrip()[:1] == b"!" and not (aside and _is_aside(aside, start)):
            found.append(_token_path(source, start, stop, _MACRO_CALL, base))
    calls = [
        token.byte_range
        for token in captures.get("token", ())
        if source[stop := token.end_byte] == 40 or source[stop : stop + 8].lstrip()[:1] == b"("
    ]
    for token in captures.get(
        "token_member", ()
    ):  # elsewhere a type, or a keyword: `x.char()`, `X::default()`
        start, stop = token.byte_range
        if source[stop : stop + 8].lstrip()[:1] == b"(" and (
            source[max(0, start - 4) : start].rstrip().endswith((b".", b"::"))
        ):
            calls.append((start, stop))
    for token in captures.get("token_generic", ()):
        stop = token.end_byte
        close = closing_angle(source, stop) if source[stop : stop + 8].split(b"<")[0].strip() == b"::" else -1
        if close > 0:
            done.add(stop)
            after = source[close : close + 8].lstrip()
            if after.startswith(b"("):
                calls.append((token.start_byte, stop))
            elif not after.startswith(b"::"):
                found.append(_token_path(source, token.start_byte, stop, _PATH, base))
    for start, stop in calls:
        before = source[max(0, start - 4) : start].rstrip()
        done.add(stop)
        if aside and _is_aside(aside, start):
            continue
        if before.endswith(b"."):
            found.append(_method_reference(source, start, stop, base))
        elif before.endswith(b"::"):
            found.append(_token_path(source, start, stop, _CALL, base))
        elif not before.endswith((b"$", b"fn", b"${")):
            plain.append((start, stop))
    for token in captures.get("token_path", ()):
        start, stop = token.byte_range
        if stop in done or source[stop : stop + 8].lstrip().startswith(b"::"):
            continue
        if not source[max(0, start - 8) : start].rstrip().endswith(b"::"):
            continue  # between angle brackets: a query's anchor passes over punctuation
        if not (aside and _is_aside(aside, start)):
            found.append(_token_path(source, start, stop, _PATH, base))
    return plain


def _path_reference(source: bytes, node: Node, kind: str, base: int) -> Reference:
    start, end = node.start_byte, node.end_byte
    text = source[start:end].decode("utf-8", "replace")
    if "::" not in text:
        return _new(Reference, (text, text, kind, start - base, end - base))
    path = normal_path(text)
    return _new(Reference, (path.rpartition("::")[2], path, kind, start - base, end - base))


def _token_path(source: bytes, start: int, end: int, kind: str, base: int) -> Reference:
    name = source[start:end].decode("utf-8", "replace")
    at = path_start(source, start)
    path = name if at == start else normal_path(source[at:end].decode("utf-8", "replace"))
    return _new(Reference, (name, path, kind, at - base, end - base))


def _method_reference(source: bytes, start: int, end: int, base: int) -> Reference:
    """`path_text` is "receiver.name" where the receiver is one plain variable, else ".name"."""
    name = source[start:end].decode("utf-8", "replace")
    if source[start - 2 : start] == b").":
        return _new(Reference, (name, f".{name}", _METHOD_CALL, start - base, end - base))
    before = source[max(0, start - LOOK_BACK_BYTES) : start].rstrip()[:-1].rstrip()
    rest = before.rstrip(WORD)
    receiver = before[len(rest) :].decode("utf-8", "replace")
    if rest.endswith((b".", b"?", b"::")):
        receiver = ""  # the last link of a longer chain, not a variable
    return _new(Reference, (name, f"{receiver}.{name}", _METHOD_CALL, start - base, end - base))


_BUILT_IN_TYPES = frozenset(
    b"Self bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128".split()
)


def _type_references(
    source: bytes, node: Node, kind: NodeKind, captures: dict[str, list[Node]], base: int
) -> list[Reference]:
    parameters = {source[n.start_byte : n.end_byte] for n in captures.get("parameter", _NONE)}
    bounds = {n.start_byte for n in captures["bound"]} if "bound" in captures else _NOWHERE
    if kind in _BOUND_BEHIND_EQUALS:
        bounds = _bounds_of(source, node, kind, [n.start_byte for n in captures["type"]], bounds)
    is_plain = kind is not _IMPL_ITEM
    trait = None if is_plain else node.child_by_field_name("trait")
    self_type = None if is_plain else node.child_by_field_name("type")
    declared = node.child_by_field_name("name") if kind in _DECLARE_TYPES else None
    declared_at = declared.start_byte if declared is not None else -1
    out: list[Reference] = []
    seen: set[tuple[str, str]] = set()
    mentioned: set[bytes] = set()  # plain names that were kept as types
    # Captures come in no particular order (tree-sitter 0.26 collects them in a set).
    for start, end in sorted([mention.byte_range for mention in captures["type"]]):
        raw = source[start:end]
        qualified = source[start - 2 : start] == b"::"
        if is_plain and not qualified and raw in mentioned and start not in bounds:
            continue
        if start == declared_at or (not qualified and (raw in _BUILT_IN_TYPES or raw in parameters)):
            continue
        name = raw.decode("utf-8", "replace")
        path, at = name, start
        if qualified:
            at = path_start(source, start)
            path = normal_path(source[at:end].decode("utf-8", "replace"))
        if is_plain:
            reference_kind = _BOUND if start in bounds else _TYPE
        elif (
            trait is not None and trait.start_byte <= start < trait.end_byte and _is_head(source, trait, end)
        ):
            reference_kind = _TRAIT_IMPL
        elif (
            self_type is not None
            and self_type.start_byte <= start < self_type.end_byte
            and (_is_head(source, self_type, end))
        ):
            reference_kind = _SELF_TYPE
        else:
            reference_kind = _BOUND if start in bounds else _TYPE
        if (path, reference_kind) in seen:
            continue
        seen.add((path, reference_kind))
        if reference_kind == _TYPE and not qualified:
            mentioned.add(raw)
        out.append(_new(Reference, (name, path, reference_kind, at - base, end - base)))
    return out


def _bounds_of(source: bytes, node: Node, kind: NodeKind, mentions: list[int], bounds: set[int]) -> set[int]:
    """What stands for a bound behind the "=" of a trait alias; what does not behind the one of a type."""
    depth = 0
    equals = -1
    outer: set[int] = set()
    starts = set(mentions)
    for at in range(node.start_byte, node.end_byte):
        byte = source[at]
        if byte in b"<([":
            depth += 1
        elif byte in b")]" or (byte == 0x3E and source[at - 1] not in b"-="):
            depth -= 1
        elif depth == 0:
            if byte == 0x3D and equals < 0:
                equals = at
            elif equals >= 0 and at in starts:
                outer.add(at)
            elif byte == 0x77 and equals >= 0 and source.startswith((b"where ", b"where\n"), at):
                break  # there the grammar tells what is a bound
    if equals < 0:
        return bounds
    if kind is NodeKind.TRAIT_ALIAS:
        return bounds | outer
    return {start for start in bounds if start < equals}


def _is_head(source: bytes, node: Node, end: int) -> bool:
    """Whether a type name ending at `end` is the outermost one of `node`, not a generic argument."""
    return b"<" not in source[node.start_byte : end]
