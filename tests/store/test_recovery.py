from __future__ import annotations

from pathlib import Path

import pytest

from store import queries, writes
from store.database import StoreBroken, StoreLocked, StoreTooNew
from store.migrations import open_database
from store.recovery import broken_stores, open_or_rebuild
from store.schema import META_SCHEMA_REVISION, SCHEMA_REVISION
from tests.store.toy_workspace import File, Item, fill

TREE = {"a.rs": File((Item("alpha", 0, ("alpha",), False),), 1)}


def test_a_sound_store_opens_as_it_was(tmp_path: Path) -> None:
    with open_database(tmp_path / "store") as db:
        fill(db, TREE)
        before, instance = queries.dump(db), queries.instance_id(db)
    opened = open_or_rebuild(tmp_path / "store")
    with opened.database as db:
        assert (opened.reason, opened.set_aside) == ("", None)
        assert queries.dump(db) == before
        assert queries.instance_id(db) == instance


@pytest.mark.parametrize("victim", ["CURRENT", "MANIFEST-*"])
def test_a_corrupt_store_is_set_aside_and_an_empty_one_opened(tmp_path: Path, victim: str) -> None:
    path = tmp_path / "store"
    with open_database(path) as db:
        fill(db, TREE)
        instance = queries.instance_id(db)
    for file in path.rglob(victim):
        file.write_bytes(b"\x00garbage\xff" * 9)
    opened = open_or_rebuild(path)
    with opened.database as db:
        assert opened.reason
        assert opened.set_aside == tmp_path / "store.broken-1"
        assert queries.counts(db).files == 0
        assert queries.instance_id(db) != instance
        fill(db, TREE)


def test_a_file_where_the_store_should_be_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"not a store")
    opened = open_or_rebuild(tmp_path / "store")
    opened.database.close()
    assert (tmp_path / "store.broken-1").read_bytes() == b"not a store"


def test_a_store_of_a_newer_schema_is_refused_untouched_and_set_aside_on_rebuild(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_database(path) as db:
        writes.set_meta(db, META_SCHEMA_REVISION, str(SCHEMA_REVISION + 1))
    with pytest.raises(StoreTooNew, match="upgrade"):
        open_database(path)
    opened = open_or_rebuild(path)
    with opened.database as db:
        assert "schema" in opened.reason
        assert queries.get_meta(db, META_SCHEMA_REVISION) == str(SCHEMA_REVISION)


@pytest.mark.parametrize("script", ["::remove isg_edges", '?[key] <- [["schema_revision"]] :rm meta {key}'])
def test_a_store_with_missing_parts_is_set_aside(tmp_path: Path, script: str) -> None:
    path = tmp_path / "store"
    with open_database(path) as db:
        db.transact(script)
    with pytest.raises(StoreBroken, match="rebuilt"):
        open_database(path)
    opened = open_or_rebuild(path)
    opened.database.close()
    assert opened.set_aside is not None


def test_at_most_two_broken_stores_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "store"
    for round_ in range(4):
        open_or_rebuild(path, distrust=f"round {round_}" if round_ else "").database.close()
    assert [p.name for p in broken_stores(path)] == ["store.broken-2", "store.broken-3"]


def test_a_store_in_use_is_never_set_aside(tmp_path: Path) -> None:
    with open_database(tmp_path / "store"), pytest.raises(StoreLocked):
        open_or_rebuild(tmp_path / "store")
    assert broken_stores(tmp_path / "store") == []
