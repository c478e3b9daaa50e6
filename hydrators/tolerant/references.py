"""The names that one item's own text mentions, unresolved, with their byte spans."""

from __future__ import annotations

from operator import itemgetter

from tree_sitter import Node

from hydrators.tolerant import grammar
from store.model import NodeKind, Reference, ReferenceKind

_WORD = bytes(b for b in range(256) if b >= 128 or chr(b).isalnum() or b == 95)
_LOOK_BACK_BYTES = 200
_POSITION = itemgetter(3, 4, 2)  # start, end, kind

# Plain strings: looking a member's value up costs more than making the reference.
_BOUND = ReferenceKind.BOUND.value
_CALL = ReferenceKind.CALL.value
_MACRO_CALL = ReferenceKind.MACRO_CALL.value
_METHOD_CALL = ReferenceKind.METHOD_CALL.value
_SELF_TYPE = ReferenceKind.SELF_TYPE.value
_TRAIT_IMPL = ReferenceKind.TRAIT_IMPL.value
_TYPE = ReferenceKind.TYPE.value

_BUILT_IN_TYPES = frozenset(
    b"Self bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128".split()
)


def own_references(
    source: bytes, node: Node, kind: NodeKind, base: int, end: int
) -> tuple[list[Reference], list[Node]]:
    """References of `node` between its start and `end`, in source order, and the items nested in it.

    Spans are relative to `base`. A type is kept once a path per item: its first mention.
    """
    captures = grammar.reference_captures(node, node.start_byte, end)
    if not captures:
        return [], []
    found: list[Reference] = []
    for call in captures.get("call", ()):
        start, stop = call.start_byte, call.end_byte
        name = source[start:stop].decode("utf-8", "replace")
        found.append(Reference(name, name, _CALL, start - base, stop - base))
    for call in captures.get("path_call", ()):
        found.append(_path_reference(source, call, _CALL, base))
    for method in captures.get("method", ()):
        found.append(_method_reference(source, method.start_byte, method.end_byte, base))
    for macro in captures.get("macro", ()):
        found.append(_path_reference(source, macro, _MACRO_CALL, base))
    if "type" in captures:
        found += _type_references(source, node, kind, captures, base)
    macro_tokens = {token.start_byte for token in captures.get("token_macro", ())}
    for token in captures.get("token", ()):
        start, stop = token.start_byte, token.end_byte
        if start in macro_tokens or source[stop : stop + 8].lstrip()[:1] != b"(":
            continue
        before = source[max(0, start - 4) : start].rstrip()
        if before.endswith(b"."):
            found.append(_method_reference(source, start, stop, base))
        elif not before.endswith((b"$", b"fn")):
            found.append(_token_path(source, start, stop, _CALL, base))
    for token in captures.get("token_macro", ()):
        found.append(_token_path(source, token.start_byte, token.end_byte, _MACRO_CALL, base))
    found.sort(key=_POSITION)
    # The node itself is among them when it is an item.
    return found, [item for item in captures.get("item", ()) if item.start_byte != node.start_byte]


def _path_reference(source: bytes, node: Node, kind: str, base: int) -> Reference:
    start, end = node.start_byte, node.end_byte
    text = source[start:end].decode("utf-8", "replace")
    if node.type == "identifier":
        return Reference(text, text, kind, start - base, end - base)
    path = "".join(text.split())
    return Reference(path.rpartition("::")[2], path, kind, start - base, end - base)


def _path_start(source: bytes, start: int) -> int:
    """Where the path that ends in the name at `start` begins: looks back over `segment ::` pairs."""
    floor = max(0, start - _LOOK_BACK_BYTES)
    before = source[floor:start]
    while True:
        rest = before.rstrip()
        if not rest.endswith(b"::"):
            return start
        rest = rest[:-2].rstrip()
        segment = rest.rstrip(_WORD)
        if len(segment) == len(rest):
            return start
        before = segment
        start = floor + len(segment)


def _token_path(source: bytes, start: int, end: int, kind: str, base: int) -> Reference:
    name = source[start:end].decode("utf-8", "replace")
    at = _path_start(source, start)
    path = name if at == start else b"".join(source[at:end].split()).decode("utf-8", "replace")
    return Reference(name, path, kind, at - base, end - base)


def _method_reference(source: bytes, start: int, end: int, base: int) -> Reference:
    """`path_text` is "receiver.name" where the receiver is one plain variable, else ".name"."""
    name = source[start:end].decode("utf-8", "replace")
    before = source[max(0, start - _LOOK_BACK_BYTES) : start].rstrip()[:-1].rstrip()
    rest = before.rstrip(_WORD)
    receiver = before[len(rest) :].decode("utf-8", "replace")
    if rest.endswith((b".", b"?", b"::")):
        receiver = ""  # the last link of a longer chain, not a variable
    return Reference(name, f"{receiver}.{name}", _METHOD_CALL, start - base, end - base)


def _type_references(
    source: bytes, node: Node, kind: NodeKind, captures: dict[str, list[Node]], base: int
) -> list[Reference]:
    parameters = {source[n.start_byte : n.end_byte] for n in captures.get("parameter", ())}
    bounds = {n.start_byte for n in captures.get("bound", ())}
    trait = node.child_by_field_name("trait") if kind is NodeKind.IMPL else None
    self_type = node.child_by_field_name("type") if kind is NodeKind.IMPL else None
    declared = node.child_by_field_name("name")
    declared_at = declared.start_byte if declared is not None else -1
    out: list[Reference] = []
    seen: set[tuple[str, str]] = set()
    # Captures come in no particular order (tree-sitter 0.26 collects them in a set).
    for start, end in sorted([(mention.start_byte, mention.end_byte) for mention in captures["type"]]):
        raw = source[start:end]
        qualified = source[start - 2 : start] == b"::"
        if start == declared_at or (not qualified and (raw in _BUILT_IN_TYPES or raw in parameters)):
            continue
        name = raw.decode("utf-8", "replace")
        path, at = name, start
        if qualified:
            at = _path_start(source, start)
            path = b"".join(source[at:end].split()).decode("utf-8", "replace")
        if trait is not None and trait.start_byte <= start < trait.end_byte and _is_head(source, trait, end):
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
        out.append(Reference(name, path, reference_kind, at - base, end - base))
    return out


def _is_head(source: bytes, node: Node, end: int) -> bool:
    """Whether a type name ending at `end` is the outermost one of `node`, not a generic argument."""
    return b"<" not in source[node.start_byte : end]
