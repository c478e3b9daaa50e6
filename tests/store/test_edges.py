"""Edges in packed rows, and their inversion by segments."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import queries, writes
from store.database import Database
from store.edges import Inversion
from store.migrations import open_database
from store.model import EdgeKind, FileUpdate, ResolvedFile
from tests.store.toy_workspace import (
    File,
    Item,
    all_edges,
    facts_of,
    fill,
    fill_packed,
    resolve_stale,
    tree_facts,
    trees,
    updates_between,
)

CALLEE = File((Item("alpha", 0, (), False),), 1)
CALLER = File((Item("beta", 0, ("alpha",), False),), 1)
SILENT = File((Item("beta", 0, (), False),), 1)


@settings(max_examples=60, deadline=None)
@given(trees, st.lists(trees, max_size=4), st.integers(1, 4), st.booleans())
def test_a_first_index_that_is_edited_equals_one_built_at_once(
    first: dict[str, File], later: list[dict[str, File]], batch_files: int, alone: bool
) -> None:
    with open_database(None, "mem") as db, open_database(None, "mem") as fresh:
        old = fill_packed(db, first, batch_files)
        for tree in later:
            new = tree_facts(tree)
            batch = updates_between(old, new)
            for part in [[update] for update in batch] if alone else [batch]:
                writes.ingest_file_batch(db, part)
            resolve_stale(db)
            old = new
        fill(fresh, later[-1] if later else first)
        assert queries.dump(db) == queries.dump(fresh)


def test_edges_that_come_and_go_for_months_leave_no_rows_behind(db: Database) -> None:
    callers = {f"f{i}.rs": CALLER for i in range(6)}
    old = fill_packed(db, {"hub.rs": CALLEE, **callers})
    size = count_rows(db)
    for turn in range(60):
        calling = {path: CALLER if (turn + i) % 3 else SILENT for i, path in enumerate(callers)}
        if turn % 5 == 0:
            del calling["f0.rs"]
        new = tree_facts({"hub.rs": CALLEE, **calling})
        writes.ingest_file_batch(db, updates_between(old, new))
        resolve_stale(db)
        old = new
        assert len(queries.edges_to(db, "hub.rs-hub-alpha")) == sum(map(len, all_edges(new).values()))
    assert count_rows(db) <= size + 1  # the file that went and came back is a segment of its own
    writes.ingest_file_batch(db, updates_between(old, {}))
    assert count_rows(db) == 0
    assert db.query("?[path] := *edge_segments{file_path: path}") == []


def test_a_change_that_keeps_the_ends_of_an_edge_leaves_its_inversion_alone(db: Database) -> None:
    facts = fill(db, {"hub.rs": CALLEE, "f.rs": CALLER})
    before = queries.dump(db)["reverse"]
    (edge,) = all_edges(facts)["f.rs"]
    heavier = ResolvedFile("f.rs", (edge._replace(weight=1.0, sites=(0, 3)),), facts["f.rs"].record.hash)
    assert writes.replace_edges_for_files(db, [heavier]).changes != ()
    assert [found for found, _ in queries.edges_to(db, edge.dst_id)] == list(heavier.edges)
    assert queries.dump(db)["reverse"] == before


@pytest.mark.parametrize("limit", [1, 3, 1_000])
def test_rare_edges_into_a_popular_node_are_found_behind_all_others(db: Database, limit: int) -> None:
    tree = {"hub.rs": CALLEE, **{f"f{i:03}.rs": CALLER for i in range(60)}}
    facts = fill(db, tree)
    (call,) = all_edges(facts)["f059.rs"]
    rare = [call._replace(kind=kind) for kind in (EdgeKind.CALLS, EdgeKind.IMPLEMENTS)]
    writes.replace_edges_for_files(db, [ResolvedFile("f059.rs", tuple(rare), facts["f059.rs"].record.hash)])
    found = queries.edges_to(db, "hub.rs-hub-alpha", ["IMPLEMENTS"], limit)
    assert [edge for edge, _ in found] == rare[1:]
    every = queries.edges_to(db, "hub.rs-hub-alpha", None, limit)
    assert [edge.src_id for edge, _ in every] == sorted(edge.src_id for edge, _ in every)
    assert len(every) == min(limit, 61)


def test_a_segment_whose_row_is_lost_can_still_lose_a_link() -> None:
    inversion = Inversion()
    inversion.drop("a.rs", [("target", "CALLS", "source")])
    assert inversion.rows() == ([], [])


def test_a_removed_file_takes_its_edges_with_it(db: Database) -> None:
    facts = fill_packed(db, {"hub.rs": CALLEE, "f.rs": CALLER, "g.rs": CALLER})
    writes.ingest_file_batch(db, [FileUpdate("f.rs", facts["f.rs"], None)])
    assert [edge.src_id for edge, _ in queries.edges_to(db, "hub.rs-hub-alpha")] == ["g.rs-g-beta"]
    again = facts_of("f.rs", CALLER)
    writes.ingest_file_batch(db, [FileUpdate("f.rs", None, again, all_edges(facts)["f.rs"])])
    assert [edge.src_id for edge, _ in queries.edges_to(db, "hub.rs-hub-alpha")] == [
        "f.rs-f-beta",
        "g.rs-g-beta",
    ]


def count_rows(db: Database) -> int:
    return len(db.query("?[target, segment] := *edge_rev{dst_id: target, segment}"))
