"""A whole store as one JSON document, and back; and a binary backup.

Owns the layout of the document, which follows the records and not the relations, so that it outlives
schemas. It is one JSON value with one file a line, so that both sides work through it file by file. What
rust-analyzer and models have said does not travel: it is of the machine that they ran on. Backups hold
everything.
"""

from __future__ import annotations

import os
import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from store.database import Database, StoreBroken, StoreError
from store.exact import BUCKETS
from store.graph import read_heuristic_edges
from store.migrations import open_database
from store.model import (
    Definition,
    Edge,
    FileFacts,
    FileRecord,
    FileStat,
    FileUpdate,
    NodeFacts,
    NodeSpan,
    Reference,
)
from store.names import read_file_keys
from store.queries import read_file_facts
from store.schema import OWN_META
from store.transaction import COLUMNS, PUT
from store.vector_models import read_models, use_model
from store.vectors import put_vectors
from store.writes import ingest_file_batch, set_meta, set_stale

FORMAT = "isg-snapshot"
VERSION = 2

_BATCH_FILES = 100
_BATCH_ROWS = 5_000


def export_snapshot(db: Database, file: IO[bytes]) -> int:
    """Write the document to a binary file; returns how many files it holds. All of one generation:
    writers wait until it is done (about 1 s for 100,000 nodes)."""
    with db.reading() as run:
        meta = {k: v for k, v in run("?[key, value] := *meta{key, value}") if k not in OWN_META}
        stale = [path for (path,) in run("?[path] := *stale_files{path}")]
        paths = [path for (path,) in run("?[path] := *files{path}")]
        head = orjson.dumps({"format": FORMAT, "version": VERSION, "meta": meta, "stale": stale})
        file.write(head[:-1] + b',"files":[\n')
        for i, path in enumerate(paths):
            facts = read_file_facts(run, path)
            assert facts is not None  # the same generation
            edges = read_heuristic_edges(run, [node.id for node in facts.nodes])
            keys = read_file_keys(run, [path]).get(path, ())
            file.write(orjson.dumps(_to_json(facts, edges, keys)) + (b",\n" if i + 1 < len(paths) else b"\n"))
        file.write(b"]}\n")
    return len(paths)


def import_snapshot(path: Path, file: IO[bytes]) -> int:
    """Make a new store at `path` from a document; returns how many files it holds.

    Raises StoreError when `path` exists already or the document is not a snapshot; nothing is left at
    `path` then.
    """
    if path.exists():
        raise StoreError(f"there is a store at {path} already: remove the workspace first")
    temporary = path.with_name(path.name + ".importing")
    _remove(temporary)
    try:
        with open_database(temporary) as db:
            count = _load(db, file)
        temporary.rename(path)
    finally:
        _remove(temporary)
        temporary.with_name(temporary.name + ".lock").unlink(missing_ok=True)
    return count


def backup(db: Database, path: Path) -> None:
    """Write a binary copy of the store to a new file of mode 0600 (it holds source text). Raises
    StoreError if `path` exists."""
    if path.exists():
        raise StoreError(f"{path} exists already: choose another name")
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        db.backup(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def restore_backup(path: Path, source: Path) -> None:
    """Make a new store at `path` from a binary copy. Raises StoreError if `path` exists or the copy is
    not one; nothing is left at `path` then."""
    if path.exists():
        raise StoreError(f"there is a store at {path} already: remove the workspace first")
    if not source.is_file():
        raise StoreError(f"there is no backup at {source}")
    try:
        # Nothing may be created in the session that restores: close, and let the next one open it.
        with Database(path) as db:
            db.restore(source)
        open_database(path).close()
    except BaseException as error:
        _remove(path)
        if isinstance(error, StoreBroken):
            raise StoreError(f"{source} is not a backup of a store: {error}") from None
        raise


def carry_over(db: Database, old: Database) -> int:
    """Bring what hangs on content alone, vectors and summaries, from the store whose place `db` is about to
    take; returns how many vectors. They serve once nodes have their keys again. About 25 µs each."""
    with old.reading() as run:
        models = sorted(read_models(run), key=lambda model: not model.is_wanted)
    models = [model for model in models if model.model_id]
    for model in models:
        use_model(db, model.model_id, model.dimension)  # the first one serves
        script = f"?[key, vector] := *{model.names.vectors}{{bucket: $bucket, embed_key: key, vector}}"
        for bucket in range(BUCKETS):
            put_vectors(db, model.model_id, [(key, v) for key, v in old.query(script, {"bucket": bucket})])
    if models and models[0].is_wanted:
        use_model(db, models[0].model_id, models[0].dimension)
    columns = COLUMNS["summaries"]
    rows = old.query(f"?[{columns}] := *summaries{{{columns}}}")
    for at in range(0, len(rows), _BATCH_ROWS):
        db.transact(PUT["summaries"], {"rows": rows[at : at + _BATCH_ROWS]})
    return sum(model.vectors for model in models)


def _remove(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)


def _to_json(facts: FileFacts, edges: Iterable[Edge], keys: Sequence[str]) -> dict[str, Any]:
    record = facts.record
    try:
        text: Any = facts.text.decode()
    except UnicodeDecodeError:
        text = {"base64": b64encode(facts.text).decode()}
    return {
        "record": {**record._asdict(), "stat": tuple(record.stat)},
        "nodes": [node._asdict() for node in facts.nodes],
        "spans": [tuple(span) for span in facts.spans],
        "references": {id_: [tuple(ref) for ref in refs] for id_, refs in facts.references.items()},
        "definitions": [tuple(definition) for definition in facts.definitions],
        "text": text,
        "edges": [tuple(edge) for edge in edges],
        "keys": keys,
    }


def _from_json(value: dict[str, Any]) -> FileUpdate:
    record, text = value["record"], value["text"]
    facts = FileFacts(
        record=FileRecord(
            **{**record, "notes": tuple(record["notes"]), "stat": FileStat(*map(int, record["stat"]))}
        ),
        nodes=tuple(
            [NodeFacts(**{**node, "attributes": tuple(node["attributes"])}) for node in value["nodes"]]
        ),
        spans=tuple([NodeSpan(*span) for span in value["spans"]]),
        references={
            id_: tuple([Reference(*ref) for ref in refs]) for id_, refs in value["references"].items()
        },
        definitions=tuple([Definition(*definition) for definition in value["definitions"]]),
        text=text.encode() if isinstance(text, str) else b64decode(text["base64"], validate=True),
    )
    if [node.id for node in facts.nodes] != [span.id for span in facts.spans]:
        raise ValueError(f"nodes and spans of {facts.record.path} do not match")
    edges = tuple([Edge._make([*edge[:6], tuple(edge[6])]) for edge in value["edges"]])
    return FileUpdate(facts.record.path, None, facts, edges, keys=tuple(value["keys"]))


def _load(db: Database, file: IO[bytes]) -> int:
    try:
        head, files = _open_document(file)
        if head.get("format") != FORMAT or head.get("version") != VERSION:
            raise ValueError(f"expected {FORMAT} version {VERSION}")
        count = 0
        batch: list[FileUpdate] = []
        for value in files:
            batch.append(_from_json(value))
            count += 1
            if len(batch) == _BATCH_FILES:
                ingest_file_batch(db, batch, log_changes=False, invalidate=False)
                batch = []
        if batch:
            ingest_file_batch(db, batch, log_changes=False, invalidate=False)
        for key, text in head["meta"].items():
            if key not in OWN_META:
                set_meta(db, key, text)
        set_stale(db, head["stale"])
    except StoreBroken:
        raise
    except (StoreError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise StoreError(f"this is no snapshot that can be read ({error}): export it again") from error
    return count


def _open_document(file: IO[bytes]) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    first = file.readline()
    if first.endswith(b',"files":[\n'):
        return orjson.loads(first[: -len(b',"files":[\n')] + b"}"), _lines(file)
    whole = orjson.loads(first + file.read())  # laid out anew by some other tool
    return whole, iter(whole["files"])


def _lines(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in file:
        if line.startswith(b"]"):
            return
        yield orjson.loads(line.rstrip(b",\n"))
    raise ValueError("the document ends too early")
