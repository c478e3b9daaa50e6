from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import queries, writes
from store.bulk import ingest_packed_files, pack_file
from store.database import Database
from store.migrations import open_database
from store.model import FileFacts, FileUpdate, NodeSpan
from store.node_names import bucket_of
from tests.store.toy_workspace import (
    NAMES,
    File,
    Item,
    facts_of,
    fill,
    fill_packed,
    resolve_stale,
    tree_facts,
    trees,
    updates_between,
)

# kind, qualified name, owner
PARSER = [
    ("module", "inner", ""),
    ("struct", "Parser", ""),
    ("impl", "Parser", "Parser"),
    ("method", "Parser::next", "Parser"),
    ("method", "<Parser as Iterator>::next", "Parser"),
    ("associated_type", "<Parser as Iterator>::Item", "Parser"),
    ("struct", "inner::Item", ""),
    ("function", "inner::next", ""),
    ("function", "inner::next::local", ""),
    ("macro", "next", ""),
    ("enum", "Token", ""),
    ("variant", "Token::Item", "Token"),
    ("use", "Token", ""),
    ("macro_call", "next", ""),
]


def file_of(path: str, crate: str, module_path: str, items: list[tuple[str, str, str]]) -> FileFacts:
    """The facts of a file that holds nodes of these kinds, qualified names and owners."""
    facts = facts_of(path, File((Item("alpha", 0, (), False),), 1))
    nodes = []
    for i, (kind, qualified, owner) in enumerate(items):
        nodes.append(
            facts.nodes[0]._replace(
                id=f"{path}-{kind}-{qualified}-{i}",
                kind=kind,
                name=qualified.rpartition("::")[2],
                qualified_name=qualified,
                module="inner" if qualified.startswith("inner::") else "",
                owner=owner,
            )
        )
    return facts._replace(
        record=facts.record._replace(crate=crate, module_path=module_path),
        nodes=tuple(nodes),
        spans=tuple(NodeSpan(node.id, 0, 1, 1, 1) for node in nodes),
        definitions=(),
    )


@pytest.fixture
def parsers(db: Database) -> Database:
    files = [
        file_of("core/parse.rs", "quill-core", "parse", PARSER),
        file_of("cli/main.rs", "quill", "", [("struct", "Parser", ""), ("method", "Parser::next", "Parser")]),
    ]
    writes.ingest_file_batch(db, [FileUpdate(facts.record.path, None, facts) for facts in files])
    return db


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Parser", ["main Parser", "parse Parser"]),
        ("Parser::next", ["main Parser::next", "parse <Parser as Iterator>::next", "parse Parser::next"]),
        ("<Parser as Iterator>::next", ["parse <Parser as Iterator>::next"]),
        ("quill_core::parse::Parser", ["parse Parser"]),
        ("quill-core::parse::Parser", ["parse Parser"]),
        ("crate::parse::Parser", ["parse Parser"]),
        ("quill::Parser::next", ["main Parser::next"]),
        ("inner::next", ["parse inner::next"]),
        ("quill_core::parse::inner::next", ["parse inner::next"]),
        ("quill_core::inner::next", ["parse inner::next"]),  # by way of a re-export
        ("local", ["parse inner::next::local"]),
        ("next!", ["parse next"]),
        ("quill_core::next!", ["parse next"]),
        (".next", ["main Parser::next", "parse <Parser as Iterator>::next", "parse Parser::next"]),
        ("Token::Item", ["parse Token::Item"]),
        ("Token", ["parse Token"]),
        ("Item", ["parse inner::Item", "parse <Parser as Iterator>::Item", "parse Token::Item"]),
        ("parse::quill_core::Parser", []),
        ("Lexer::next", []),
        ("nex", []),
        ("", []),
    ],
)
def test_a_node_is_found_by_its_name_and_by_every_path_to_it(
    parsers: Database, name: str, found: list[str]
) -> None:
    nodes = queries.find_nodes(parsers, name)
    assert [f"{Path(node.file_path).stem} {node.facts.qualified_name}" for node in nodes] == found


def test_what_is_rarely_meant_by_a_name_is_cut_first(parsers: Database) -> None:
    many = [("associated_type", f"<T{i} as Iterator>::Item", f"T{i}") for i in range(300)]
    facts = file_of("a/types.rs", "quill", "types", many)
    writes.ingest_file_batch(parsers, [FileUpdate(facts.record.path, None, facts)])
    assert [n.facts.kind for n in queries.find_nodes(parsers, "Item", 2)] == ["struct", "associated_type"]
    assert len(queries.find_nodes(parsers, "Item", 1000)) == 303


@settings(max_examples=80, deadline=None)
@given(st.lists(trees, max_size=6))
def test_after_any_edits_exactly_the_nodes_of_a_name_are_found(steps: list[dict[str, File]]) -> None:
    with open_database(None, "mem") as db:
        old: dict[str, FileFacts] = {}
        for tree in steps:
            new = tree_facts(tree)
            for update in updates_between(old, new):
                writes.ingest_file_batch(db, [update])
            old = new
        nodes = [node for facts in old.values() for node in facts.nodes]
        for name in NAMES:
            found = [node.facts.id for node in queries.find_nodes(db, name)]
            assert found == sorted(node.id for node in nodes if node.name == name)


@settings(max_examples=40, deadline=None)
@given(trees, trees)
def test_a_packed_first_index_ends_in_the_same_store(tree: dict[str, File], later: dict[str, File]) -> None:
    with open_database(None, "mem") as db, open_database(None, "mem") as plain:
        facts = fill_packed(db, tree)
        fill(plain, tree)
        assert queries.dump(db) == queries.dump(plain)
        for store in (db, plain):
            if updates := updates_between(facts, tree_facts(later)):
                writes.ingest_file_batch(store, updates)
                resolve_stale(store)
        assert queries.dump(db) == queries.dump(plain)


def test_a_file_that_is_saved_five_hundred_times_leaves_no_rows_behind(db: Database) -> None:
    first = file_of("a.rs", "quill", "", [("function", f"kept{i}", "") for i in range(20)])
    ingest_packed_files(db, [pack_file(first)])
    size = count_rows(db)
    old = first
    for i in range(500):
        changing = [("function", f"new{i + n}", "") for n in range(3)]
        kept = [("function", f"kept{n}", "") for n in range(20) if (i + n) % 7]
        new = file_of("a.rs", "quill", "", [*changing, *kept])
        writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new)])
        old = new
        names = {node.name for node in new.nodes}
        assert count_rows(db) <= size + len({bucket_of(name) for name in names})
    assert ids_in_rows(db) <= len(first.nodes) + 23
    assert [n.facts.id for n in queries.find_nodes(db, "new501")] == [old.nodes[2].id]
    assert queries.find_nodes(db, "new499")[0].facts.id == old.nodes[0].id
    assert queries.find_nodes(db, "new498") == []
    writes.ingest_file_batch(db, [FileUpdate("a.rs", old, None)])
    assert count_rows(db) == size
    assert queries.dump(db)["node_names"] == []


def test_a_node_that_is_called_something_else_under_its_id_is_found_by_its_new_name_only(
    db: Database,
) -> None:
    first = file_of("a.rs", "quill", "", [("function", "old", ""), ("use", "import", "")])
    ingest_packed_files(db, [pack_file(first)])
    function, use = first.nodes
    renamed = first._replace(nodes=(function._replace(name="new"), use._replace(kind="function")))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", first, renamed)])
    assert queries.find_nodes(db, "old") == []
    assert [n.facts for n in queries.find_nodes(db, "new")] == [renamed.nodes[0]]
    assert [n.facts for n in queries.find_nodes(db, "import")] == [renamed.nodes[1]]


def test_a_file_that_only_loses_nodes_loses_their_rows(db: Database) -> None:
    both = file_of("a.rs", "quill", "", [("function", "one", ""), ("function", "two", "")])
    writes.ingest_file_batch(db, [FileUpdate("a.rs", None, both)])
    one = both._replace(nodes=both.nodes[:1], spans=both.spans[:1])
    writes.ingest_file_batch(db, [FileUpdate("a.rs", both, one)])
    assert count_rows(db) == ids_in_rows(db) == 1


def test_many_files_that_change_together_leave_no_rows_behind(db: Database) -> None:
    old: dict[str, FileFacts] = {}
    for i in range(100):
        new = {
            path: file_of(path, "quill", "", [("function", f"shared{i % 5}", ""), ("function", f"of{i}", "")])
            for path in ("a.rs", "b.rs", "c.rs")
        }
        writes.ingest_file_batch(db, updates_between(old, new))
        old = new
        assert count_rows(db) <= 6
    writes.ingest_file_batch(db, updates_between(old, {}))
    assert count_rows(db) == 0


def count_rows(db: Database) -> int:
    return len(db.query("?[bucket, segment] := *node_names{bucket, segment}"))


def ids_in_rows(db: Database) -> int:
    rows = db.query("?[bucket, segment, names] := *node_names{bucket, segment, names}")
    return sum(len(orjson.loads(names)[1]) for _, _, names in rows)
