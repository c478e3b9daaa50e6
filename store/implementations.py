"""Who implements what: impl blocks and derives, seen from a trait, from a type or from the impl itself.

An impl block is a node between a type and a trait: its edge IMPLEMENTS leads to the trait, and of its edges
USES the one whose site is the header's self type leads to the type. A derive has no node: the type's own edge
IMPLEMENTS leads to the trait. A negative impl is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from store.database import Database, Run
from store.graph import read_edges, read_sources, read_stored_edges
from store.model import Edge, EdgeKind, NodeKind, Reference, ReferenceKind
from store.nodes import NodeBrief, read_briefs
from store.rows import unpack_references, unpack_span_ids

_TRAITS = (NodeKind.TRAIT, NodeKind.TRAIT_ALIAS)
_EDGES_MAX = 20_000
_NEGATIVE = re.compile(r"[\s>]![\w:<]")

_IMPLS = "?[id] := id in $ids, *isg_nodes{id, kind}, kind in $impl"


class Implementation(NamedTuple):
    """One way in which a type implements a trait. Ends that are not in the workspace, or not known, are None;
    `impl` is None for a derive. `trait_text` is the trait as the header writes it, or its name."""

    trait_text: str
    trait: NodeBrief | None
    type: NodeBrief | None
    impl: NodeBrief | None
    weight: float
    rule: str


class _Header(NamedTuple):
    """What an impl block's references say: its trait as written, "" for none; ordinals of its self type."""

    trait_text: str
    self_sites: frozenset[int]


class _Way(NamedTuple):
    trait: Edge | None
    type: Edge | None
    impl: str
    trait_text: str


def implementations(db: Database, node_id: str, limit: int = 1_000) -> list[Implementation]:
    """Those that a trait, a type or an impl block has part in: derives last, by file; at most `limit`. Of
    derives only those whose trait is a node."""
    with db.reading() as run:
        node = read_briefs(run, [node_id]).get(node_id)
        return [] if node is None else _read(run, _ways(run, node), limit)


def implementations_of_blocks(db: Database, blocks: Sequence[str], limit: int) -> list[Implementation]:
    """Those that these impl blocks (ids) are, by file; at most `limit`."""
    with db.reading() as run:
        to_types = read_edges(run, blocks, [EdgeKind.USES.value], "out", _EDGES_MAX)
        return _read(run, _ways_of_blocks(run, blocks, to_types), limit)


def _read(run: Run, ways: Iterable[_Way], limit: int) -> list[Implementation]:
    kept = sorted(ways, key=lambda way: (way.impl == "", way.impl, _ends(way)))[:limit]
    briefs = read_briefs(run, {id_ for way in kept for id_ in (way.impl, *_ends(way)) if id_})
    found = []
    for way in kept:
        edge = way.trait or way.type
        trait_id, type_id = _ends(way)
        trait = briefs.get(trait_id)
        found.append(
            Implementation(
                way.trait_text or (trait.name if trait else ""),
                trait,
                briefs.get(type_id),
                briefs.get(way.impl),
                edge.weight if edge else 0.0,
                edge.rule if edge else "",
            )
        )
    return found


def _ways(run: Run, node: NodeBrief) -> Iterator[_Way]:
    if node.kind in _TRAITS:
        return _ways_of_trait(run, node)
    if node.kind == NodeKind.IMPL:
        to_types = read_edges(run, [node.id], [EdgeKind.USES.value], "out", _EDGES_MAX)
        return _ways_of_blocks(run, [node.id], to_types)
    users = read_sources(run, [node.id], EdgeKind.USES)
    blocks = [id_ for (id_,) in run(_IMPLS, {"ids": users, "impl": [NodeKind.IMPL.value]})]
    to_types = [edge for edge in read_stored_edges(run, blocks) if edge[1:3] == (EdgeKind.USES, node.id)]
    return _ways_of_blocks(run, blocks, to_types, node.id)


def _ways_of_trait(run: Run, trait: NodeBrief) -> Iterator[_Way]:
    edges = read_edges(run, [trait.id], [EdgeKind.IMPLEMENTS.value], "in", _EDGES_MAX)
    sources = read_briefs(run, [edge.src_id for edge in edges])
    headers = _headers(run, sources.values())
    to_types = read_edges(run, list(headers), [EdgeKind.USES.value], "out", _EDGES_MAX)
    types = _self_types(to_types, headers)
    for edge in edges:
        source, header = sources.get(edge.src_id), headers.get(edge.src_id)
        if header is not None:
            for type_ in types.get(edge.src_id) or [None]:
                yield _Way(edge, type_, edge.src_id, header.trait_text)
        elif source is not None and source.kind != NodeKind.IMPL:
            yield _Way(edge, None, "", "")


def _ways_of_blocks(
    run: Run, blocks: Sequence[str], to_types: Sequence[Edge], type_id: str = ""
) -> Iterator[_Way]:
    """With a type only the blocks of that type, and its own derives."""
    headers = _headers(run, read_briefs(run, blocks).values())
    types = _self_types(to_types, headers)
    sources = list(headers)
    if type_id:
        headers = {block: header for block, header in headers.items() if block in types}
        sources = [type_id, *headers]
    traits: dict[str, list[Edge | None]] = {}
    for edge in read_edges(run, sources, [EdgeKind.IMPLEMENTS.value], "out", _EDGES_MAX):
        traits.setdefault(edge.src_id, []).append(edge)
    for block, header in headers.items():
        for trait in traits.get(block) or [None]:
            if header.trait_text:
                for type_ in types.get(block) or [None]:
                    yield _Way(trait, type_, block, header.trait_text)
    for trait in traits.get(type_id, ()):
        yield _Way(trait, None, "", "")


def _ends(way: _Way) -> tuple[str, str]:
    """(id of the trait, id of the type), "" where there is none."""
    trait = way.trait.dst_id if way.trait else ""
    if way.impl:
        return trait, way.type.dst_id if way.type else ""
    return trait, way.trait.src_id if way.trait else ""


def _self_types(edges: Collection[Edge], headers: dict[str, _Header]) -> dict[str, list[Edge | None]]:
    """Impl block → its edges to what may be its self type."""
    found: dict[str, list[Edge | None]] = {}
    for edge in edges:
        header = headers.get(edge.src_id)
        if header is not None and not header.self_sites.isdisjoint(edge.sites):
            found.setdefault(edge.src_id, []).append(edge)
    return found


def _headers(run: Run, nodes: Iterable[NodeBrief]) -> dict[str, _Header]:
    """Impl block → header, of those among the nodes that are impl blocks, negative ones excepted."""
    blocks = {
        node.id: node.file_path
        for node in nodes
        if node.kind == NodeKind.IMPL and not _NEGATIVE.search(node.signature)
    }
    rows = run(
        "?[path, spans, refs] := path in $paths, *file_spans{file_path: path, spans},"
        " *file_refs{file_path: path, refs}",
        {"paths": sorted(set(blocks.values()))},
    )
    references = {path: unpack_references(refs, unpack_span_ids(spans)) for path, spans, refs in rows}
    return {id_: _header(references.get(path, {}).get(id_, ())) for id_, path in blocks.items()}


def _header(references: Collection[Reference]) -> _Header:
    trait = next((one.path_text for one in references if one.kind == ReferenceKind.TRAIT_IMPL), "")
    sites = frozenset(n for n, one in enumerate(references) if one.kind == ReferenceKind.SELF_TYPE)
    return _Header(trait, sites)
