"""Reading many nodes page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.database import Database
from store.migrations import open_database
from store.model import FileUpdate
from store.node_scan import nodes_between, page_bounds, read_places, read_slices, with_spans
from store.writes import ingest_file_batch
from tests.hydrators.rust_text import facts_of

PATHS = ["a.rs", "a-b.rs", "a/b.rs", "a/b/c.rs", "a/é.rs", "b/\U0001f980.rs", "ab/x.rs", "z.rs"]


@pytest.fixture
def db() -> Iterator[Database]:
    with open_database(None, "mem") as db:
        for number, path in enumerate(PATHS):
            facts = facts_of(f"pub fn f{number}() {{}}\nstruct S{number};\n", path, "zoo", f"m{number}")
            ingest_file_batch(db, [FileUpdate(path, None, facts)])
        yield db


@pytest.mark.parametrize("page_nodes", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("under", ["", "a", "a/b", "z.rs"])
def test_the_pages_hold_every_node_once(db: Database, under: str, page_nodes: int) -> None:
    bounds = page_bounds(db, under, page_nodes)
    found = [one for after, upto in bounds for one in nodes_between(db, after, upto, (), ())]
    assert len({one.facts.id for one in found}) == len(found)
    wanted = [path for path in PATHS if not under or path == under or path.startswith(f"{under}/")]
    assert {one.file_path for one in found} >= set(wanted)
    if not under:
        assert len(found) == 2 * len(PATHS)


def test_a_folder_that_holds_nothing_has_no_pages(db: Database) -> None:
    assert page_bounds(db, "nowhere") == []


def test_kinds_and_needles_are_looked_for_inside_the_store(db: Database) -> None:
    ((after, upto),) = page_bounds(db)
    structs = nodes_between(db, after, upto, ["struct"], [])
    assert {one.facts.kind for one in structs} == {"struct"}
    public = nodes_between(db, after, upto, [], ['"pub"', "fn f3"])
    assert [one.facts.name for one in public] == ["f3"]


def test_places_slices_and_spans_are_those_of_the_files(db: Database) -> None:
    ((after, upto),) = page_bounds(db)
    found = nodes_between(db, after, upto, ["struct"], [])
    slices = read_slices(db, found)
    assert {slices[one.facts.id] for one in found} == {
        f"struct S{number};".encode() for number in range(len(PATHS))
    }
    assert {node.span.start_line for node in with_spans(db, found)} == {2}
    assert read_places(db, ["a.rs", "absent.rs"]) == {"a.rs": ("zoo", "m0")}
