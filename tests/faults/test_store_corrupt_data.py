"""Data files rot on disk: the next start notices, sets the store aside and begins anew."""

from __future__ import annotations

from pathlib import Path

from store import queries
from store.migrations import open_database
from store.recovery import open_or_rebuild
from tests.store.toy_workspace import File, Item, fill

TREE = {f"f{i:03}.rs": File((Item("alpha", 1, ("beta",) * 9, False),) * 20, 1) for i in range(60)}


def test_rotten_data_files_are_noticed_and_the_store_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_database(path) as db:
        fill(db, TREE)
    open_database(path).close()  # replays the log into data files
    tables = list(path.rglob("*.sst"))
    assert tables
    for table in tables:
        data = bytearray(table.read_bytes())
        middle = len(data) // 2
        data[64:middle] = b"\xa5" * (middle - 64)
        table.write_bytes(data)
    opened = open_or_rebuild(path)
    with opened.database as db:
        assert "Corruption" in opened.reason
        assert opened.set_aside == tmp_path / "store.broken-1"
        assert queries.counts(db).files == 0
        fill(db, TREE)
        assert queries.counts(db).files == len(TREE)
