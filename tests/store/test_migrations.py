"""Stores of older revisions."""

from __future__ import annotations

from pathlib import Path

from store import hydration, queries
from store.database import Database
from store.migrations import open_database, stored_revision
from store.schema import SCHEMA_REVISION
from tests.store.toy_compiler import TAG, hydrate, raw
from tests.store.toy_workspace import File, Item, fill


def test_a_store_of_revision_1_becomes_one_that_can_be_hydrated(tmp_path: Path) -> None:
    """`revision-1.sqlite` is a backup made by the last version that wrote this revision."""
    tree = {
        "a.rs": File((Item("alpha", 1, ("beta", "alpha"), False), Item("beta", 0, (), True)), 2**63 + 1),
        "src/ü.rs": File((Item("délta", 0, ("alpha",), False),), 1),
        "src/empty.rs": File((), 1),
    }
    with Database(tmp_path / "store") as old:
        old.restore(Path(__file__).parent / "data" / "revision-1.sqlite")
    with Database(tmp_path / "store") as old:
        assert stored_revision(old) == 1
    with open_database(tmp_path / "store") as db, open_database(None, "mem") as fresh:
        assert stored_revision(db) == SCHEMA_REVISION == 2
        fill(fresh, tree)
        assert raw(db) == raw(fresh)
        assert hydration.hydrated_by(db) is None
        facts = {path: queries.load_file_facts(db, path) for path in tree}
        hydration.begin_hydration(db, TAG)
        assert len(hydrate(db, {path: one for path, one in facts.items() if one})) == 3
