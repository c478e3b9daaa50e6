"""Declared edges in a store: what an edit of a manifest makes stale, and finding nodes by their feature."""

from __future__ import annotations

from collections.abc import Iterable

from hydrators.manifest import manifest_facts
from hydrators.resolve import foreign_keys
from hydrators.resolve.declared import Declared
from hydrators.resolve.definitions import modules_of_nodes
from hydrators.resolve.scope import Scope, World
from indexer.definitions import StoredDefinitions
from indexer.finding import Criteria, find
from store import queries
from store.database import Database
from store.migrations import open_database
from store.model import Edge, FileFacts, FileUpdate, ResolvedFile
from store.writes import ingest_file_batch, replace_edges_for_files
from tests.hydrators.rust_text import NO_STAT, facts_of

MANIFEST = b'[package]\nname = "zoo"\n\n[features]\nnet = []\n'
WORLD = World({"zoo": {"zoo": "zoo"}})


def manifest(data: bytes = MANIFEST) -> FileFacts:
    return manifest_facts("Cargo.toml", data, NO_STAT, "zoo", "")


def ingest(db: Database, files: Iterable[FileFacts], old: FileFacts | None = None) -> None:
    ingest_file_batch(db, [FileUpdate(facts.record.path, old, facts) for facts in files])


def resolve_stale(db: Database) -> list[str]:
    """Resolve every stale file's declared edges; their paths."""
    paths = queries.stale_paths(db)
    resolved = []
    for path in paths:
        facts = queries.load_file_facts(db, path)
        assert facts is not None
        scope = Scope(StoredDefinitions(db), WORLD, {})
        declared = Declared(scope, WORLD.crates, facts, modules_of_nodes(facts.record, facts.nodes, {}))
        edges = [
            Edge(node.id, edge.kind, edge.target, edge.weight, "heuristic", edge.rule, edge.sites)
            for node in facts.nodes
            for edge in declared.of(node)
        ]
        keys = foreign_keys(facts, {"": scope.asked()})
        resolved.append(ResolvedFile(path, tuple(sorted(edges)), facts.record.hash, keys))
    replace_edges_for_files(db, resolved)
    return paths


def gated(db: Database, feature: str) -> set[str]:
    return {one.facts.qualified_name for one in find(db, Criteria(feature=feature), 100)[0]}


def test_an_edit_of_features_makes_stale_what_names_them_and_nothing_else() -> None:
    with open_database(None, "mem") as db:
        by_net = facts_of('#[cfg(feature = "net")]\nstruct N;\n', "src/n.rs", "zoo", "n")
        by_tls = facts_of('#[cfg(feature = "tls")]\nmod t { pub fn f() {} }\n', "src/t.rs", "zoo", "t")
        free = facts_of("struct F;\n", "src/f.rs", "zoo", "f")
        ingest(db, [manifest(), by_net, by_tls, free])
        assert len(resolve_stale(db)) == 4
        assert gated(db, "net") == {"N"}
        assert gated(db, "tls") == set()
        ingest(db, [manifest(MANIFEST + b"tls = []\n")], manifest())
        assert "src/t.rs" in queries.stale_paths(db)
        assert not {"src/n.rs", "src/f.rs"} & set(queries.stale_paths(db))
        resolve_stale(db)
        assert gated(db, "tls") == gated(db, "zoo/tls") == {"t", "t::f"}
        assert gated(db, "other/tls") == set()


def test_an_edit_of_a_mod_declaration_makes_stale_the_files_below_it() -> None:
    with open_database(None, "mem") as db:
        root = facts_of("mod a;\nmod b;\n", "src/lib.rs", "zoo", "")
        below = facts_of("fn f() {}\n", "src/a/deep.rs", "zoo", "a::deep")
        ingest(db, [manifest(), root, facts_of("mod deep;\n", "src/a.rs", "zoo", "a"), below])
        resolve_stale(db)
        assert gated(db, "net") == set()
        gating = facts_of('#[cfg(feature = "net")]\nmod a;\nmod b;\n', "src/lib.rs", "zoo", "")
        ingest(db, [gating], root)
        resolve_stale(db)
        assert gated(db, "net") == {"a", "deep", "f"}
