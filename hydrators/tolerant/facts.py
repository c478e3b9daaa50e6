"""From a file's items to its `FileFacts`: ids, spans, levels, owners and look-up keys.

Everything that depends on where an item stands in its file happens here and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from hydrators.resolve.definitions import definitions_of
from hydrators.tolerant import tokens
from hydrators.tolerant.attributes import file_conditions
from hydrators.tolerant.document import Document, items_of
from hydrators.tolerant.grammar import ParseTimeout, time_limit
from hydrators.tolerant.items import MAX_DEPTH
from hydrators.tolerant.memo import Item, PlacedItem
from store.model import FileFacts, FileRecord, FileStat, NodeFacts, NodeKind, NodeSpan, Reference

# Raised whenever the same bytes would give other facts: stores of another version are rebuilt.
EXTRACTOR_VERSION = "4"

DEFAULT_SIZE_CAP_BYTES = 4 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_BINARY_SAMPLE_BYTES = 8192
_NEWLINE = 0x0A

# Plain names: looking a member up in its class costs more than all that is done with it. For the same
# reason bulk records are made by `tuple.__new__`, without the function that a class like them has.
_ASSOCIATED_CONST = NodeKind.ASSOCIATED_CONST
_CONST = NodeKind.CONST
_IMPL = NodeKind.IMPL
_MACRO_CALL = NodeKind.MACRO_CALL
_MODULE = NodeKind.MODULE
_new = tuple.__new__

_IN_ASSOCIATION = {_CONST: _ASSOCIATED_CONST, NodeKind.TYPE_ALIAS: NodeKind.ASSOCIATED_TYPE}
_ASSOCIATIONS = frozenset((_IMPL, NodeKind.TRAIT))


class _Place(NamedTuple):
    """Where the walk stands: what the enclosing items give to the ones inside them."""

    parent: Item | None
    parent_index: int
    qualified: str  # qualified name of the parent with a trailing "::", or ""
    module: str
    level: int
    depth: int  # of nesting, through modules too
    is_test: bool
    seed: str  # signatures and cfgs of all ancestors: tells twins' children apart
    start_byte: int
    start_line: int


class _Draft(NamedTuple):
    item: Item
    kind: NodeKind
    qualified: str
    place: _Place
    start_byte: int
    start_line: int


NOTE_OVERFLOWS = "overflows"
"""The note of a file that is nested too deep for recursive tools."""
LIMIT_REASONS = ("larger than the size cap", "took longer than")
"""How the reasons begin that other limits might make void."""


def too_large(size_cap_bytes: int) -> str:
    """The reason of a file that is skipped for its size."""
    return f"larger than the size cap of {size_cap_bytes} bytes"


def too_slow(time_limit_s: float) -> str:
    """The reason of a file that is skipped for the time it takes to parse."""
    return f"took longer than {time_limit_s:g} s to parse"


def skip_reason(data: bytes, size_cap_bytes: int = DEFAULT_SIZE_CAP_BYTES) -> str:
    """Why a file is recorded but not parsed; "" if it is parsed."""
    if len(data) > size_cap_bytes:
        return too_large(size_cap_bytes)
    if b"\0" in data[:_BINARY_SAMPLE_BYTES]:
        return "binary: NUL bytes"
    return ""


def skipped_facts(
    path: str, stat: FileStat, crate: str, module_path: str, reason: str, file_hash: str = ""
) -> FileFacts:
    """The facts of a file that is recorded and left unparsed."""
    record = FileRecord(path, "skipped", reason, (), file_hash, stat, 0, 0, crate, module_path)
    return FileFacts(record, (), (), {}, (), b"")


def extract_facts(
    path: str,
    data: bytes,
    stat: FileStat,
    crate: str = "",
    module_path: str = "",
    *,
    document: Document | None = None,
    size_cap_bytes: int = DEFAULT_SIZE_CAP_BYTES,
    time_limit_s: float | None = None,
) -> FileFacts:
    """All facts of one file's bytes. With `document`, its last version makes the work smaller and
    never the result different. A file that takes longer than `time_limit_s` to read is skipped."""
    file_hash = tokens.digest(data)
    if reason := skip_reason(data, size_cap_bytes):
        return skipped_facts(path, stat, crate, module_path, reason, file_hash)
    try:
        with time_limit(time_limit_s):
            items = items_of(data) if document is None else document.update(data)
    except ParseTimeout:
        reason = too_slow(time_limit_s or 0.0)
        return skipped_facts(path, stat, crate, module_path, reason, file_hash)
    file_cfg, file_is_test = file_conditions(data)
    drafts = _drafts(items.placed)
    ids = _identities(path, drafts)
    nodes: list[NodeFacts] = []
    spans: list[NodeSpan] = []
    references: dict[str, tuple[Reference, ...]] = {}
    for (item, kind, qualified, place, start, start_line), node_id in zip(drafts, ids, strict=True):
        parent, parent_index, _, module, level, _, in_test, _, _, _ = place
        node = (
            node_id,
            kind._value_,
            item.name,
            qualified,
            ids[parent_index] if parent_index >= 0 else "",
            level,
            module,
            parent.owner if parent is not None else "",
            item.visibility,
            item.signature,
            item.signature_syn,
            item.cfg if not file_cfg or parent is not None else _both(file_cfg, item.cfg),
            item.attributes,
            file_is_test or in_test or item.is_test,
            item.parse_error_count,
            item.recovered,
            item.hash,
            item.signature_hash,
            item.meaning_hash,
        )
        nodes.append(_new(NodeFacts, node))
        end = start + item.length_bytes
        ends_line = end > start and data[end - 1] == _NEWLINE
        span = (node_id, start, end, start_line, start_line + item.newlines - ends_line)
        spans.append(_new(NodeSpan, span))
        if item.references:
            references[node_id] = item.references
    record = FileRecord(
        path,
        "indexed",
        "",
        _notes(
            data, is_capped=any(draft.place.depth >= MAX_DEPTH for draft in drafts), overflows=items.overflows
        ),
        file_hash,
        stat,
        data.count(b"\n") + (1 if data and not data.endswith(b"\n") else 0),
        items.error_count,
        crate,
        module_path,
    )
    definitions = definitions_of(record, nodes, spans, references, data)
    return FileFacts(record, tuple(nodes), tuple(spans), references, definitions, data)


def _both(outer: str, inner: str) -> str:
    return f"{outer} & {inner}" if inner else outer


def _drafts(placed: tuple[PlacedItem, ...]) -> list[_Draft]:
    drafts: list[_Draft] = []
    top = _Place(None, -1, "", "", 1, 0, False, "", 0, 1)
    stack = [(top, placed_item) for placed_item in reversed(placed)]
    while stack:
        place, (offset, line, item) = stack.pop()
        parent = place.parent
        kind = item.kind
        if parent is not None and parent.kind in _ASSOCIATIONS:
            kind = _IN_ASSOCIATION.get(kind, kind)
        elif kind is _CONST and parent is not None and parent.owner:  # of bitflags! { struct … }
            kind = _ASSOCIATED_CONST
        start, start_line = place.start_byte + offset, place.start_line + line
        index = len(drafts)
        drafts.append(_new(_Draft, (item, kind, place.qualified + item.qualified, place, start, start_line)))
        if item.children:
            is_module = kind is _MODULE
            is_call = kind is _MACRO_CALL  # its items are what they would be in its place
            module = place.module
            # The signature of a call is the beginning of its text, which says nothing of what is in it.
            below_seed = f"{place.seed}\0{item.name}\0{item.cfg}" if is_call else _seed(place, item)
            if is_module:
                module = f"{module}::{item.name}" if module else item.name
            below = _Place(
                parent if is_call else item,
                index,
                f"{place.qualified}{item.scope}::" if item.scope else place.qualified,
                module,
                1 if is_module else place.level + (not is_call),
                place.depth + 1,
                place.is_test or item.is_test,
                below_seed,
                start,
                start_line,
            )
            stack.extend((below, child) for child in reversed(item.children))
    return drafts


def _seed(place: _Place, item: Item) -> str:
    return f"{place.seed}\0{item.signature_hash}\0{item.cfg}"


def _identities(path: str, drafts: list[_Draft]) -> list[str]:
    """ISGL1 keys. A disambiguator comes from the item's own signature and cfg and its ancestors', never
    from its position; an item with a cfg and an inherent impl block always carry one, so that a twin
    added later renames nothing."""
    stem = path.rpartition("/")[2].removesuffix(".rs")
    prefix = f"{path}-{stem}-"
    counts = Counter([draft.qualified for draft in drafts])
    ids: list[str] = []
    taken: set[str] = set()
    twins: dict[str, int] = {}
    for item, kind, qualified, place, _, _ in drafts:
        node_id = prefix + qualified
        if counts[qualified] > 1 or item.cfg or (kind is _IMPL and item.scope == item.name):
            seed = _seed(place, item)
            if kind is _IMPL and item.children:
                seed += "\0" + item.children[0].item.name
            node_id = f"{node_id}-{tokens.digest(seed.encode())[:8]}"
        candidate = node_id
        while candidate in taken:
            twin = twins[node_id] = twins.get(node_id, 1) + 1
            candidate = f"{node_id}~{twin}"
        taken.add(candidate)
        ids.append(candidate)
    return ids


def _notes(data: bytes, *, is_capped: bool, overflows: bool) -> tuple[str, ...]:
    notes = ["nesting_capped"] if is_capped else []
    if overflows:
        notes.append(NOTE_OVERFLOWS)
    if not data:
        notes.append("empty")
    if data.startswith(_BOM):
        notes.append("bom")
    if b"\r\n" in data:
        notes.append("crlf")
    if b"<<<<<<< " in data and b"\n<<<<<<< " in data and b"\n>>>>>>> " in data:
        notes.append("merge_conflict")
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            notes.append("not_utf8")
    return tuple(notes)
