"""Definitions come back under every key that they were given under, however their rows are folded."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store import queries, writes
from store.bulk import PackedDefinitions, pack_file
from store.database import Database
from store.migrations import open_database
from store.model import Definition, FileFacts, FileUpdate, ResolvedFile
from tests.store.toy_workspace import File, Item, facts_of

KEYS = [
    "c::m::n",
    "c::n",
    "c::m::o",
    "c*n",
    "c*o",
    "c::m::*",
    "c**",
    "T::n",
    "T*n",
    ".n",
    "~n",
    "impl T",
    "c::n!",
]
ABSENT = ["d::m::n", "c::m", "d*n", "m*n", "n", ".o", "c::m::n::n"]
PATHS = ["a.rs", "b.rs"]
EMPTY = File((Item("alpha", 0, (), False),), 1)

definitions = st.builds(
    Definition,
    key=st.sampled_from(KEYS),
    id=st.sampled_from(["x", "y"]),
    kind=st.sampled_from(["function", "use"]),
    file_path=st.just(""),
    module=st.sampled_from(["c::m", "c"]),
    owner=st.sampled_from(["", "", "T"]),
    visibility=st.sampled_from(["", "pub"]),
    text=st.sampled_from(["", "fn n()"]),
    container=st.sampled_from(["", "", "impl T"]),
    cfg=st.sampled_from(["", "", "unix"]),
)


@st.composite
def file_definitions(draw: st.DrawFn) -> tuple[Definition, ...]:
    """Some at random, and some with what a glob finds of them beside them."""
    found = draw(st.lists(definitions, max_size=6))
    beside = [
        d._replace(key="c*" + d.key.rpartition("::")[2], owner="", text="", container="")
        for d in found
        if "::" in d.key
    ]
    return (*found, *draw(st.lists(st.sampled_from(beside), max_size=6) if beside else st.just([])))


def facts(path: str, found: tuple[Definition, ...]) -> FileFacts:
    return facts_of(path, EMPTY)._replace(definitions=tuple([d._replace(file_path=path) for d in found]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), file_definitions()), min_size=1, max_size=5))
def test_every_key_finds_what_was_defined_under_it(
    steps: list[tuple[str, tuple[Definition, ...]]],
) -> None:
    with open_database(None, "mem") as db:
        stored: dict[str, FileFacts] = {}
        for path, found in steps:
            new = facts(path, found)
            writes.ingest_file_batch(db, [FileUpdate(path, stored.get(path), new)])
            stored[path] = new
        expected: dict[str, tuple[Definition, ...]] = {}
        for path in sorted(stored):
            for definition in sorted(set(stored[path].definitions)):
                expected[definition.key] = (*expected.get(definition.key, ()), definition)
        assert queries.definitions(db, {*KEYS, *ABSENT, *expected}) == expected
        assert all(queries.definitions(db, [key]) == {key: expected[key]} for key in expected)
        for rows in (
            queries.packed_definitions(db),
            [row for one in stored.values() for row in pack_file(one).name_defs],
        ):
            packed = PackedDefinitions(rows)
            assert all(packed.get(key) == expected.get(key, ()) for key in {*KEYS, *ABSENT, *expected})
        for path, last in stored.items():
            assert queries.load_file_facts(db, path) == last
            writes.ingest_file_batch(db, [FileUpdate(path, last, None)])
        assert queries.packed_definitions(db) == []


def test_an_item_that_a_glob_finds_is_one_row(db: Database) -> None:
    item = Definition("c::m::n", "x", "function", "", "c::m", "", "pub", "fn n()", "")
    glob = item._replace(key="c*n", text="")
    writes.ingest_file_batch(db, [FileUpdate("a.rs", None, facts("a.rs", (item, glob)))])
    assert [row[:3] for row in queries.packed_definitions(db)] == [["c*n", "c::m", "a.rs"]]


def test_a_text_that_changes_leaves_those_who_ask_for_globs_alone(db: Database) -> None:
    item = Definition("c::m::n", "x", "function", "", "c::m", "", "pub", "fn n()", "")
    glob = item._replace(key="c*n", text="")
    old = facts("a.rs", (item, glob))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", None, old)])
    for path, key in (("b.rs", "c*n"), ("d.rs", "c::m::n")):
        one = facts_of(path, EMPTY)._replace(definitions=())
        writes.ingest_file_batch(db, [FileUpdate(path, None, one)])
        writes.replace_edges_for_files(db, [ResolvedFile(path, (), one.record.hash, (key,))])
    new = facts("a.rs", (item._replace(text="fn n(_: u8)"), glob))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new, ())])
    assert queries.stale_paths(db) == ["d.rs"]
    hidden = facts("a.rs", new.definitions[:1])
    writes.ingest_file_batch(db, [FileUpdate("a.rs", new, hidden, ())])
    assert queries.stale_paths(db) == ["b.rs", "d.rs"]
