"""Each misbehaviour of cozo_embedded 0.7.6 that the store works around, shown on the bare client.

A failure here after an upgrade is good news: the workaround named in the test can go.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pycozo.client import Client, QueryException

from store.database import Database


@pytest.fixture(params=["mem", "rocksdb"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    bare = Client(request.param, str(tmp_path / "bare"), dataframe=False)
    yield bare
    bare.close()


def rows(client: Client, script: str, params: dict[str, Any] | None = None) -> list[list[Any]]:
    found: list[list[Any]] = client.run(script, params or {}, False)["rows"]
    return found


def test_a_range_over_the_key_of_a_relation_with_values_skips_the_boundary_row(client: Client) -> None:
    """Hence no query of ours compares keys: they are enumerated (`in`) and looked up."""
    rows(client, ":create t {k: Int => v: Int}")
    rows(client, "?[k, v] <- [[1, 1], [2, 2], [3, 3]] :put t {k => v}")
    assert rows(client, "?[k] := *t{k, v}, k >= 2, v > 0") == [[3]]
    assert rows(client, "?[k] := k in [2, 3], *t{k, v}, v > 0") == [[2], [3]]


def test_an_index_hides_rows_from_queries_that_ask_for_other_columns(client: Client) -> None:
    """Hence the inverted relations name_defs, ref_keys and edge_rev, kept by our own writes."""
    rows(client, ":create n {id: String => file: String, sig: String}")
    rows(client, '?[id, file, sig] <- [["a", "f", "s"]] :put n {id => file, sig}')
    assert rows(client, '?[id, sig] := *n{file: "f", id, sig}') == [["a", "s"]]
    rows(client, "::index create n:by_file {file}")
    assert rows(client, '?[id, sig] := *n{file: "f", id, sig}') == []


def test_a_bound_value_in_a_column_that_is_no_key_reads_the_whole_relation(client: Client) -> None:
    """Hence queries of ours take the column as it is, and compare it afterwards."""
    rows(client, ":create t {k: String => v: Int, w: Int}")
    params = {"k": [["a", 1]], "w": 1}
    for script in (
        "k[k, w] <- $k ?[k] := k[k, w], *t{k, w}",
        "k[k, _w] <- $k ?[k] := k[k, _], *t{k, w: $w}",
        "k[k, w] <- $k ?[k] := k[k, w], not *t{k, w}",
    ):
        assert "mat_join" in plan(client, script, params), script
    for script in (
        "k[k, w] <- $k ?[k] := k[k, w], *t{k, w: stored}, stored == w",
        "k[k, _w] <- $k ?[k] := k[k, _], *t{k, w}, w == $w",
        "k[k, _w] <- $k ?[k] := k[k, _], not *t{k}",
    ):
        assert "mat_join" not in plan(client, script, params), script


def plan(client: Client, script: str, params: dict[str, Any]) -> str:
    return " ".join(str(row[4]) for row in rows(client, f"::explain {{{script}}}", params))


def test_integers_from_two_to_the_63_on_are_changed_without_a_word(client: Client) -> None:
    """Hence times and inodes are stored as decimal text."""
    rows(client, ":create t {k: Int => v: Any}")
    rows(client, "?[k, v] <- $r :put t {k => v}", {"r": [[1, 2**64 - 1]]})
    assert rows(client, "?[v] := *t{v}") != [[2**64 - 1]]


def test_a_panic_is_no_exception_and_ends_in_the_guard(tmp_path: Path) -> None:
    """Hence the guard in `Database` catches BaseException."""
    bare = Client("mem", "", dataframe=False)
    rows(bare, ":create e {a: String, b: String}")
    script = "?[n, r] <~ ClosenessCentrality(*e[a, b])"
    with pytest.raises(BaseException) as caught:
        rows(bare, script)
    assert not isinstance(caught.value, Exception), f"no panic any more: {caught.value!r}"
    bare.close()


def test_the_text_of_an_error_can_itself_be_an_error() -> None:
    """Hence `_message` in `store.database` reads the response and not the exception."""
    with pytest.raises(AttributeError):
        str(QueryException("a plain string"))


def test_a_restored_store_can_create_nothing_in_the_same_session(tmp_path: Path) -> None:
    """Hence `restore_backup` closes the store before anything else happens to it."""
    source = Client("mem", "", dataframe=False)
    rows(source, ":create t {k: Int => v: Int}")
    rows(source, "?[k, v] <- [[1, 7]] :put t {k => v}")
    source.backup(str(tmp_path / "copy"))
    source.close()
    target = Client("mem", "", dataframe=False)
    target.restore(str(tmp_path / "copy"))
    with pytest.raises(QueryException):
        rows(target, ":create u {k: Int => v: Int}")
        rows(target, "?[k, v] <- [[5, 5]] :put u {k => v}")
        if rows(target, "?[k, v] := *t{k, v}") != [[1, 7]]:
            raise QueryException({"ok": False, "display": "the new relation overwrote the restored one"})
    target.close()


def test_a_reader_without_our_lock_sees_two_generations_of_one_commit(tmp_path: Path) -> None:
    """Hence the readers-writer lock: the same reads through `Database` see one generation each."""
    fill = "{?[k, v] := k in int_range(0, 300), v = $g :put a {k => v}} {?[k, v] := *a{k, v} :put b {k => v}}"
    mixed = "?[x, y] := *a{k, v: x}, *b{k, v: y}"

    bare = Client("rocksdb", str(tmp_path / "bare"), dataframe=False)
    rows(bare, "{:create a {k: Int => v: Int}} {:create b {k: Int => v: Int}}")
    rows(bare, fill, {"g": 0})
    assert _mixed_reads(
        lambda g: bare.run(fill, {"g": g}, False), lambda: bare.run(mixed, {}, True)["rows"], deadline_s=30
    ), "no mixed read any more: has CozoDB learnt snapshots?"
    bare.close()

    with Database(tmp_path / "ours") as ours:
        ours.transact("{:create a {k: Int => v: Int}} {:create b {k: Int => v: Int}}")
        ours.transact(fill, {"g": 0})
        assert not _mixed_reads(
            lambda g: ours.transact(fill, {"g": g}), lambda: ours.query(mixed), deadline_s=2
        )


def _mixed_reads(write: Any, read: Any, deadline_s: float) -> int:
    """How many reads saw more than one generation; gives up at the first, or at the deadline."""
    stop = threading.Event()

    def keep_writing() -> None:
        generation = 1
        while not stop.is_set():
            write(generation)
            generation += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    mixed = 0
    end = time.monotonic() + deadline_s
    try:
        while not mixed and time.monotonic() < end:
            mixed += len(read()) != 1
    finally:
        stop.set()
        writer.join()
    return mixed
