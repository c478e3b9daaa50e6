"""Stores of older revisions."""

from __future__ import annotations

from pathlib import Path

from store import hydration, meaning, queries, vectors
from store.database import Database
from store.migrations import open_database, stored_revision
from store.schema import SCHEMA_REVISION
from tests.store.toy_compiler import TAG, hydrate, raw
from tests.store.toy_meaning import embed, mean
from tests.store.toy_workspace import File, Item, fill

TREE = {
    "a.rs": File((Item("alpha", 1, ("beta", "alpha"), False), Item("beta", 0, (), True)), 2**63 + 1),
    "src/ü.rs": File((Item("délta", 0, ("alpha",), False),), 1),
    "src/empty.rs": File((), 1),
}


def restored(tmp_path: Path, revision: int) -> Path:
    """A store from a backup made by the last version that wrote this revision."""
    store = tmp_path / f"store-{revision}"
    with Database(store) as old:
        old.restore(Path(__file__).parent / "data" / f"revision-{revision}.sqlite")
    with Database(store) as old:
        assert stored_revision(old) == revision
    return store


def test_a_store_of_revision_1_becomes_one_that_can_be_hydrated(tmp_path: Path) -> None:
    with open_database(restored(tmp_path, 1)) as db, open_database(None, "mem") as fresh:
        assert stored_revision(db) == SCHEMA_REVISION == 3
        fill(fresh, TREE)
        assert raw(db) == raw(fresh)
        assert hydration.hydrated_by(db) is None
        facts = {path: queries.load_file_facts(db, path) for path in TREE}
        hydration.begin_hydration(db, TAG)
        assert len(hydrate(db, {path: one for path, one in facts.items() if one})) == 3


def test_a_store_of_revision_2_keeps_its_answers_and_can_hold_meanings_and_vectors(tmp_path: Path) -> None:
    with open_database(restored(tmp_path, 2)) as db, open_database(None, "mem") as fresh:
        assert stored_revision(db) == SCHEMA_REVISION
        assert hydration.hydrated_by(db) == TAG
        facts = fill(fresh, TREE)
        hydration.begin_hydration(fresh, TAG)
        hydrate(fresh, facts)
        assert queries.dump_hydration(db) == queries.dump_hydration(fresh)
        assert queries.dump(db) == queries.dump(fresh)
        assert meaning.meant_by(db) is None
        for one in (db, fresh):
            vectors.use_model(one, "toy", 8)
            meaning.begin_meaning(one, "toy")
            mean(one, "toy")
            assert embed(one, "toy") == 3
        assert meaning.dump_meaning(db) == meaning.dump_meaning(fresh)
