from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from store.migrations import open_database


@pytest.fixture(params=["mem", "rocksdb"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty store, once in memory and once on disk: both must behave the same."""
    with open_database(tmp_path / "store", request.param) as database:
        yield database
