from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from store import hydration, queries, writes
from store.database import Database, StoreError
from store.migrations import open_database
from store.snapshot import backup, export_snapshot, import_snapshot, restore_backup
from tests.store.toy_compiler import RELATIONS, TAG, hydrate, rows_left
from tests.store.toy_workspace import File, Item, fill, trees

TREE = {
    "a.rs": File((Item("alpha", 1, ("beta", "alpha"), False), Item("beta", 0, (), True)), 2**63 + 1),
    "src/ü.rs": File((Item("délta", 0, ("alpha",), False),), 1),
    "src/empty.rs": File((), 1),
}


def exported(db: Database) -> bytes:
    file = io.BytesIO()
    export_snapshot(db, file)
    return file.getvalue()


@settings(max_examples=15, deadline=None)
@given(tree=trees)
def test_a_snapshot_comes_back_as_the_same_store(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, File]
) -> None:
    path = tmp_path_factory.mktemp("import") / "store"
    with open_database(None, "mem") as db:
        facts = fill(db, tree)
        writes.set_meta(db, "extractor_version", "7")
        writes.mark_stale(db, list(facts)[:1])
        before, document = queries.dump(db), exported(db)
    assert import_snapshot(path, io.BytesIO(document)) == len(tree)
    with open_database(path) as db:
        assert queries.dump(db) == before
        assert queries.get_meta(db, "extractor_version") == "7"
        assert exported(db) == document


def test_a_snapshot_is_plain_json_and_may_be_laid_out_anew(db: Database, tmp_path: Path) -> None:
    fill(db, TREE)
    document = json.loads(exported(db))
    assert document["format"] == "isg-snapshot"
    assert [file["record"]["path"] for file in document["files"]] == sorted(TREE)
    assert import_snapshot(tmp_path / "new", io.BytesIO(json.dumps(document, indent=1).encode())) == 3
    with open_database(tmp_path / "new") as other:
        assert queries.dump(other) == queries.dump(db)


def test_an_import_never_touches_a_store_that_exists(tmp_path: Path) -> None:
    open_database(tmp_path / "store").close()
    with pytest.raises(StoreError, match="already"):
        import_snapshot(tmp_path / "store", io.BytesIO(b"{}"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: b"",
        lambda text: b"[1, 2]",
        lambda text: b"\xff\xfe",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace(b'"version":2', b'"version":99'),
        lambda text: text.replace(b'"format":"isg-snapshot"', b'"format":"other"'),
        lambda text: text.replace(b'"kind":"function",', b"", 1),
        lambda text: text.replace(b'"base64":"', b'"base64":"*', 1),
        lambda text: text.replace(b'"lines":', b'"lines":"many","x":', 1),
        lambda text: text.replace(b'"spans":[[', b'"spans":[["x",0,1,1,1],[', 1),
        lambda text: b"[" * 100_000,
    ],
)
def test_a_spoilt_snapshot_is_refused_and_leaves_nothing(db: Database, tmp_path: Path, spoil: object) -> None:
    fill(db, TREE)
    with pytest.raises(StoreError, match="no snapshot"):
        import_snapshot(tmp_path / "new", io.BytesIO(spoil(exported(db))))  # type: ignore[operator]
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("new")) == []


def test_a_backup_comes_back_as_the_same_store_and_stays_usable(db: Database, tmp_path: Path) -> None:
    facts = fill(db, TREE)
    backup(db, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    restore_backup(tmp_path / "restored", tmp_path / "copy")
    with open_database(tmp_path / "restored") as other:
        assert queries.dump(other) == queries.dump(db)
        assert queries.clock(other) == queries.clock(db)
        writes.mark_stale(other, facts)


def test_a_backup_overwrites_nothing_and_a_bad_one_restores_nothing(db: Database, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(StoreError, match="exists"):
        backup(db, tmp_path / "precious")
    with pytest.raises(StoreError):
        restore_backup(tmp_path / "new", tmp_path / "precious")
    with pytest.raises(StoreError, match="no backup"):
        restore_backup(tmp_path / "new", tmp_path / "absent")
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_snapshot_leaves_rust_analyzers_facts_out_and_a_backup_keeps_them(
    db: Database, tmp_path: Path
) -> None:
    facts = fill(db, TREE)
    hydration.begin_hydration(db, TAG)
    hydrate(db, facts)
    document, plain = io.BytesIO(), io.BytesIO()
    export_snapshot(db, document)
    with open_database(None, "mem") as twin:
        fill(twin, TREE)
        export_snapshot(twin, plain)
    assert document.getvalue() == plain.getvalue()
    import_snapshot(tmp_path / "new", io.BytesIO(document.getvalue()))
    with open_database(tmp_path / "new") as other:
        assert rows_left(other) == dict.fromkeys(RELATIONS, 0)
        assert queries.dump(other) == queries.dump(db)
        assert hydration.begin_hydration(other, TAG)
        assert hydration.pending_count(other) == 2  # one is empty
    backup(db, tmp_path / "copy")
    restore_backup(tmp_path / "restored", tmp_path / "copy")
    with open_database(tmp_path / "restored") as other:
        assert queries.dump_hydration(other) == queries.dump_hydration(db)
