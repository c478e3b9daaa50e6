"""A toy language of items that call each other by name: small facts with the shape of real ones.

A file is a list of items; its facts, and the edges that its references resolve to, are pure functions,
so that a store kept up to date step by step can be compared with one built at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from hypothesis import strategies as st

from store import model, queries, writes
from store.bulk import ingest_packed_edges, ingest_packed_files, pack_edges, pack_file
from store.database import Database
from store.model import (
    AMBIGUOUS,
    Definition,
    Edge,
    FileFacts,
    FileRecord,
    FileStat,
    FileUpdate,
    NodeFacts,
    NodeSpan,
    Reference,
    ResolvedFile,
    is_capped,
)

NAMES = ["alpha", "beta", "gamma", "délta"]
PATHS = ["a.rs", "a.rs-b.rs", "src/b.rs", "src/b.rs.rs", "src/ü.rs", "z/deep/c.rs"]


@dataclass(frozen=True)
class Item:
    """One item; `inside` puts it into the nearest item before it. The same name may come twice. An item
    that is not `exact` leads its callers on to the items of the next name as well."""

    name: str
    body: int
    calls: tuple[str, ...]
    inside: bool
    exact: bool = True
    cfg: str = ""


@dataclass(frozen=True)
class File:
    items: tuple[Item, ...]
    mtime_ns: int
    crate: str = "toy"


Tree = Mapping[str, File]

items = st.builds(
    Item,
    name=st.sampled_from(NAMES),
    body=st.integers(0, 2),
    calls=st.lists(st.sampled_from(NAMES), max_size=4).map(tuple),
    inside=st.booleans(),
    exact=st.booleans(),
    cfg=st.sampled_from(["", "", "unix"]),
)
files = st.builds(
    File,
    items=st.lists(items, max_size=5).map(tuple),
    mtime_ns=st.sampled_from([0, 5, 2**63 + 11]),
    crate=st.sampled_from(["toy", "toy", "other"]),
)
trees = st.dictionaries(st.sampled_from(PATHS), files, max_size=5)


def digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def facts_of(path: str, file: File) -> FileFacts:
    """The facts of a toy file: one line of text an item, nested items inside their parent's span."""
    stem = path.rpartition("/")[2].removesuffix(".rs")
    nodes: list[NodeFacts] = []
    spans: list[NodeSpan] = []
    references: dict[str, tuple[Reference, ...]] = {}
    definitions: list[Definition] = []
    seen: dict[str, int] = {}
    lines: list[bytes] = []
    parent = ""
    for item in file.items:
        nth = seen[item.name] = seen.get(item.name, 0) + 1
        node_id = f"{path}-{stem}-{item.name}" + (f"-{nth}" if nth > 1 else "")
        own_parent = parent if item.inside else ""
        line = f"{item.name} {item.body} {' '.join(item.calls)}\n".encode()
        start = sum(map(len, lines))
        lines.append(line)
        nodes.append(
            NodeFacts(
                id=node_id,
                kind="function",
                name=item.name,
                qualified_name=item.name,
                parent_id=own_parent,
                isgl_level=2 if own_parent else 1,
                module="",
                owner="",
                visibility="pub",
                signature_ts=f"fn {item.name}()",
                signature_syn=f"fn {item.name}(_)" if item.exact else "",
                cfg=item.cfg,
                attributes=("inline", "must_use") if item.exact else (),
                is_test=item.body == 2,
                parse_error_count=item.body,
                recovered=False,
                hash=digest(item),
                signature_hash=digest(item.name, item.exact),
                meaning_hash=digest(item.name, item.body, item.exact),
            )
        )
        spans.append(NodeSpan(node_id, start, start + len(line), len(lines), len(lines)))
        if own_parent:
            at = next(i for i, span in enumerate(spans) if span.id == own_parent)
            spans[at] = spans[at]._replace(end_byte=start + len(line), end_line=len(lines))
        else:
            parent = node_id
        if item.calls:
            references[node_id] = tuple(
                Reference(name, f"self::{name}", "call", i * 2, i * 2 + 1)
                for i, name in enumerate(item.calls)
            )
        signature = nodes[-1].signature_syn or nodes[-1].signature_ts
        for key in (item.name, f".{item.name}"):
            definitions.append(
                Definition(
                    key, node_id, "function", path, f"{file.crate}::m", "", "pub", signature, "", item.cfg
                )
            )
    text = b"".join(lines) + b"\xff\x00"
    return FileFacts(
        record=FileRecord(
            path=path,
            state="indexed" if file.items else "skipped",
            reason="" if file.items else "empty",
            notes=("not_utf8",),
            hash=digest(file.items),
            stat=FileStat(len(text), file.mtime_ns, file.mtime_ns, 2**64 - 1),
            lines=len(lines),
            parse_error_count=0,
            crate=file.crate,
            module_path="m",
        ),
        nodes=tuple(nodes),
        spans=tuple(spans),
        references=references,
        definitions=tuple(definitions),
        text=text,
    )


def tree_facts(tree: Tree) -> dict[str, FileFacts]:
    return {path: facts_of(path, file) for path, file in tree.items()}


class Resolved(NamedTuple):
    edges: tuple[Edge, ...]
    keys: tuple[str, ...]


def resolve(facts: FileFacts, definitions: Callable[[str], Sequence[Definition]]) -> Resolved:
    """An edge to every definition of a called name, or only to those that are not exact where the name is
    ambiguous; and to those of the next name. Which keys it asks for hangs on what it finds."""
    edges: dict[tuple[str, str, str], list[int]] = {}
    keys: set[str] = set()

    def ask(key: str) -> Sequence[Definition]:
        keys.add(key)
        return seen(key, definitions(key))

    for node_id, references in facts.references.items():
        for ordinal, reference in enumerate(references):
            found = ask(f".{reference.name}")
            if found is AMBIGUOUS:
                found = [d for d in ask(reference.name) if not is_exact(d)]
            elif found and not is_exact(found[0]):
                following = NAMES[(NAMES.index(reference.name) + 1) % len(NAMES)]
                found = [*found, *ask(f".{following}")]
            for definition in found:
                sites = edges.setdefault((node_id, definition.id, definition.cfg), [])
                if ordinal not in sites:
                    sites.append(ordinal)
    return Resolved(
        tuple(
            Edge(src, "CALLS", dst, 0.25 if cfg else 0.5, "heuristic", facts.record.crate, tuple(sites))
            for (src, dst, cfg), sites in edges.items()
        ),
        tuple(sorted(keys)),
    )


def is_exact(definition: Definition) -> bool:
    return definition.text.endswith("(_)")


def seen(key: str, found: Sequence[Definition]) -> Sequence[Definition]:
    """What resolution is shown of the definitions under a key."""
    return AMBIGUOUS if len(found) > model.AMBIGUITY_CAP and is_capped(key) else found


def all_definitions(tree: Mapping[str, FileFacts]) -> dict[str, list[Definition]]:
    found: dict[str, list[Definition]] = {}
    for path in sorted(tree):
        for definition in sorted(tree[path].definitions):
            found.setdefault(definition.key, []).append(definition)
    return found


def all_resolved(tree: Mapping[str, FileFacts]) -> dict[str, Resolved]:
    known = all_definitions(tree)
    return {path: resolve(facts, lambda key: known.get(key, [])) for path, facts in tree.items()}


def all_edges(tree: Mapping[str, FileFacts]) -> dict[str, tuple[Edge, ...]]:
    return {path: resolved.edges for path, resolved in all_resolved(tree).items()}


def updates_between(old: Mapping[str, FileFacts], new: Mapping[str, FileFacts]) -> list[FileUpdate]:
    return [FileUpdate(path, old.get(path), new.get(path)) for path in sorted(old.keys() | new.keys())]


def resolve_stale(db: Database) -> None:
    """What the pipeline does until nothing is pending."""
    while paths := queries.stale_paths(db, 2):
        as_of = queries.clock(db)
        resolved = []
        for path in paths:
            facts = queries.load_file_facts(db, path)
            assert facts is not None, f"{path} is stale and not in the store"
            edges, keys = resolve(facts, lambda key: queries.definitions(db, [key]).get(key, ()))
            resolved.append(ResolvedFile(path, edges, facts.record.hash, keys))
        writes.replace_edges_for_files(db, resolved, as_of=as_of)


def fill(db: Database, tree: Tree) -> dict[str, FileFacts]:
    """Ingest a whole tree into an empty store and resolve it."""
    facts = tree_facts(tree)
    if facts:
        writes.ingest_file_batch(db, updates_between({}, facts), log_changes=False)
        resolve_stale(db)
    return facts


def fill_packed(db: Database, tree: Tree, batch_files: int = 3) -> dict[str, FileFacts]:
    """As `fill`, by the way of a first index: files and their edges packed, batch by batch."""
    facts = tree_facts(tree)
    resolved = [ResolvedFile(path, one.edges, "", one.keys) for path, one in all_resolved(facts).items()]
    if facts:
        ingest_packed_files(db, [pack_file(one) for one in facts.values()])
    for at in range(0, len(resolved), batch_files):
        ingest_packed_edges(db, pack_edges(resolved[at : at + batch_files]))
    return facts
