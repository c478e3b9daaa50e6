"""The limits that the service is compared with: bare loops that do the unavoidable part and nothing else.

Owns no product code and imports none. Times are seconds of wall clock.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

import blake3
import tree_sitter
import tree_sitter_rust

_CHUNK_FILES = 16
_ITEMS_AND_CALLS = """
(function_item name: (_) @name) @item
(function_signature_item name: (_) @name) @item
(struct_item name: (_) @name) @item
(enum_item name: (_) @name) @item
(trait_item name: (_) @name) @item
(impl_item type: (_) @name) @item
(const_item name: (_) @name) @item
(macro_definition name: (_) @name) @item
(call_expression function: (_) @call)
(macro_invocation macro: (_) @call)
"""


def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_rust.language())


_parser: tree_sitter.Parser | None = None


def _start_parser() -> None:
    global _parser
    _parser = tree_sitter.Parser(_language())


def _parse_files(paths: Sequence[str]) -> int:
    assert _parser is not None
    nodes = 0
    for path in paths:
        with open(path, "rb") as file:
            nodes += _parser.parse(file.read()).root_node.descendant_count
    return nodes


def bare_parse_s(paths: Sequence[Path], processes: int) -> float:
    """Reads and parses the files with `processes` warm processes, largest files first."""
    by_size = sorted((str(path) for path in paths), key=os.path.getsize, reverse=True)
    chunks = [by_size[at : at + _CHUNK_FILES] for at in range(0, len(by_size), _CHUNK_FILES)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start_parser) as pool:
        list(pool.map(_parse_files, [[by_size[-1]]] * processes * 4))  # every process is up
        started = time.perf_counter()
        list(pool.map(_parse_files, chunks))
        return time.perf_counter() - started


def walk_and_stat_s(root: Path) -> float:
    """Visits every folder that is not hidden or target/, and stats every file of interest."""
    started = time.perf_counter()
    pending = [str(root)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith(".") and entry.name != "target":
                        pending.append(entry.path)
                elif entry.name.endswith((".rs", ".toml", ".lock")):
                    entry.stat(follow_symlinks=False)
    return time.perf_counter() - started


def bare_interpreter_s() -> float:
    """Starts this Python with nothing to do."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-P", "-c", "pass"], check=True, timeout=30)
    return time.perf_counter() - started


class BareSaveLoop:
    """watch → read, parse, extract, diff → commit of the changed rows → seen by a query.

    Runs in a process of its own, as the service does. `edit` saves and returns the time until the query
    in that process saw the new row.
    """

    def __init__(self, root: Path, probe: Path, store: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._probe = probe
        self._process = context.Process(
            target=_save_loop, args=(str(root), str(probe), str(store), theirs), daemon=True
        )

    def __enter__(self) -> BareSaveLoop:
        self._process.start()
        if not self._ours.poll(60):
            raise TimeoutError("the bare save loop did not start within 60 s")
        self._ours.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join(10)

    def edit_s(self, content: bytes) -> float:
        """Seconds from the return of the write until the change was seen by a query."""
        self._probe.write_bytes(content)
        written_ns = time.monotonic_ns()  # one clock for all processes of a machine
        if not self._ours.poll(10):
            raise TimeoutError("the bare save loop did not see a save within 10 s")
        return float(self._ours.recv() - written_ns) / 1e9


def _save_loop(root: str, probe: str, store: str, conn: Connection) -> None:
    from pycozo.client import Client
    from watchfiles._rust_notify import RustNotify

    language = _language()
    parser = tree_sitter.Parser(language)
    query = tree_sitter.Query(language, _ITEMS_AND_CALLS)

    def extract() -> dict[str, str]:
        with open(probe, "rb") as file:
            text = file.read()
        captures = tree_sitter.QueryCursor(query).captures(parser.parse(text).root_node)
        rows: dict[str, str] = {}
        for name, item in zip(captures["name"], captures["item"], strict=True):
            key = f"{name.text!r} {item.type}"
            rows[key] = blake3.blake3(text[item.start_byte : item.end_byte]).hexdigest(16)
        return rows

    db = Client("rocksdb", store, dataframe=False)
    db.run(":create item {id => hash}")
    known = extract()
    db.run("?[id, hash] <- $rows :put item {id => hash}", {"rows": [list(row) for row in known.items()]})
    source = RustNotify([root], False, False, 300, True, False)
    stop = Event()
    conn.send("watching")
    while True:
        changes = source.watch(50, 5, 0, stop)
        if not isinstance(changes, set) or not any(path == probe for _, path in changes):
            continue
        now = extract()
        changed = [[key, value] for key, value in now.items() if known.get(key) != value]
        if not changed:
            continue
        db.run("?[id, hash] <- $rows :put item {id => hash}", {"rows": changed})
        seen = db.run("?[hash] := *item{id: $id, hash}", {"id": changed[0][0]})["rows"]
        assert seen == [[changed[0][1]]]
        known = now
        conn.send(time.monotonic_ns())
