from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from store.database import Database, StoreBroken, StoreError, StoreLocked
from store.migrations import open_database

DEADLINE_S = 30


def test_a_second_opener_is_refused_in_this_process_and_in_another(tmp_path: Path) -> None:
    with open_database(tmp_path / "store"):
        with pytest.raises(StoreLocked, match="open in another process"):
            Database(tmp_path / "store")
        script = (
            "import sys; from pathlib import Path; from store.database import Database, StoreLocked\n"
            "try: Database(Path(sys.argv[1]))\n"
            "except StoreLocked: sys.exit(7)\n"
        )
        child = [sys.executable, "-c", script, str(tmp_path / "store")]
        root = Path(__file__).parents[2]
        assert subprocess.run(child, cwd=root, timeout=DEADLINE_S, check=False).returncode == 7
    open_database(tmp_path / "store").close()


def test_a_script_with_one_bad_statement_changes_nothing(db: Database) -> None:
    with pytest.raises(StoreError):
        db.transact(
            '{?[key, value] <- [["a", "1"]] :put meta {key => value}}'
            "{?[key, value] <- [[1, 2]] :insert no_such_relation {key => value}}"
        )
    assert db.query('?[value] := *meta{key: "a", value}') == []


def test_a_query_cannot_write(db: Database) -> None:
    with pytest.raises(StoreError):
        db.query('?[key, value] <- [["a", "1"]] :put meta {key => value}')


def test_a_value_cannot_become_script(db: Database) -> None:
    evil = 'x"]] :rm meta {key}} {::remove meta} {?[key, value] <- [["'
    db.transact("?[key, value] <- $r :put meta {key => value}", {"r": [[evil, evil]]})
    assert db.query("?[value] := *meta{key: $k, value}", {"k": evil}) == [[evil]]


def test_a_panic_breaks_the_store_until_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_database(path) as db:
        with pytest.raises(StoreBroken, match="open it again"):
            db.query("?[n, r] <~ ClosenessCentrality(*edge_rev[a, k, b])")
        with pytest.raises(StoreBroken, match="close it"):
            db.query("?[key] := *meta{key}")
    with open_database(path) as db:
        assert db.query("?[key] := *meta{key}")


def test_a_closed_store_says_so(db: Database) -> None:
    db.close()
    db.close()
    with pytest.raises(StoreBroken, match="closed"):
        db.query("?[key] := *meta{key}")


def test_a_store_opened_before_a_fork_refuses_to_work_in_the_child(db: Database) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            db.query("?[key] := *meta{key}")
        except StoreBroken:
            code = 7
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_a_reading_sees_one_generation_while_a_writer_waits(db: Database) -> None:
    db.transact('?[key, value] <- [["g", "0"]] :put meta {key => value}')
    started = threading.Event()

    def write() -> None:
        started.set()
        db.transact('?[key, value] <- [["g", "1"]] :put meta {key => value}')

    writer = threading.Thread(target=write)
    script = '?[value] := *meta{key: "g", value}'
    with db.reading() as run:
        first = run(script)
        writer.start()
        assert started.wait(DEADLINE_S)
        assert run(script) == first == [["0"]]
    writer.join(DEADLINE_S)
    assert db.query(script) == [["1"]]


def test_neither_readers_nor_a_writer_starve_the_other(db: Database) -> None:
    stop = threading.Event()
    done = {"reads": 0, "writes": 0}

    def repeat(kind: str, step: Callable[[], object]) -> None:
        while not stop.is_set():
            step()
            done[kind] += 1
            if min(done.values()) > 200:
                stop.set()

    def write() -> object:
        return db.transact('?[key, value] <- [["g", "1"]] :put meta {key => value}')

    def read() -> object:
        return db.query("?[key] := *meta{key}")

    threads = [threading.Thread(target=repeat, args=args) for args in (("writes", write), ("reads", read))]
    for thread in threads:
        thread.start()
    assert stop.wait(DEADLINE_S), done
    for thread in threads:
        thread.join(DEADLINE_S)
    assert max(done.values()) < 20 * min(done.values()), done


def test_a_new_store_is_filled_before_it_is_put_in_order(tmp_path: Path) -> None:
    """RocksDB says in its log which options it was opened with."""

    def trigger() -> str:
        Database(tmp_path / "store").close()
        log = (tmp_path / "store" / "data" / "LOG").read_text()
        return log.partition("Options.level0_file_num_compaction_trigger: ")[2].split()[0]

    assert [trigger(), trigger()] == ["16", "4"]
