"""The disk fills up while the store writes: a clear error, nothing half written, well after a reopen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from store import queries
from store.migrations import open_database
from store.recovery import broken_stores, open_or_rebuild

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60

# A limit on the size of files stands in for a full disk: write() fails within the process, at any byte.
CHILD = """
import resource, signal, sys
from pathlib import Path
from store import queries, writes
from store.database import StoreBroken
from store.migrations import open_database
from store.model import FileUpdate
from tests.store.toy_workspace import File, Item, facts_of

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
db = open_database(Path(sys.argv[1]))
old = None
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    for body in range(10_000):
        new = facts_of("a.rs", File((Item("alpha", body, ("alpha",) * 3, False),), 1))
        new = new._replace(text=new.text + bytes(range(256)) * 20)
        writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new)])
        old = new
    sys.exit("the limit was never reached")
except StoreBroken as error:
    print(body, flush=True)
    print(error, file=sys.stderr)
try:
    queries.clock(db)
    sys.exit("a broken store still answers")
except StoreBroken:
    pass
"""


def test_a_full_disk_is_a_clear_error_and_the_store_works_after_a_reopen(tmp_path: Path) -> None:
    path = tmp_path / "store"
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        cwd=ROOT,
        timeout=DEADLINE_S,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert "open it again" in child.stderr
    failed_at = int(child.stdout)
    opened = open_or_rebuild(path)
    with opened.database as db:
        assert opened.reason == "" and broken_stores(path) == []
        stored = queries.load_file_facts(db, "a.rs")
        assert stored is not None
        assert stored.nodes[0].parse_error_count in (failed_at - 1, failed_at)
        assert queries.clock(db) == stored.nodes[0].parse_error_count + 1
    open_database(path).close()
