"""Numbered steps that bring any older store to the present schema, each in one transaction.

Owns the opening of a store as a usable one. Knows nothing of what to do with a store that cannot be
opened (see `store.recovery`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from store.database import Database, Engine, Rows, StoreBroken, StoreTooNew
from store.schema import (
    ADDED_IN_2,
    ADDED_IN_3,
    META_SCHEMA_REVISION,
    RELATIONS,
    SCHEMA_REVISION,
    create_script,
)

_SET_META = "{?[key, value] <- $meta :put meta {key => value}}"


def open_database(path: Path | None, engine: Engine = "rocksdb") -> Database:
    """Open the store at `path` (created if absent) with the present schema.

    Raises StoreLocked, StoreBroken, or StoreTooNew when a newer program has written it.
    """
    database = Database(path, engine)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database) -> None:
    """Apply every step that the store has not seen. Raises StoreTooNew, leaving it untouched."""
    found = stored_revision(database)
    if found > SCHEMA_REVISION:
        raise StoreTooNew(
            f"the store at {database.path} has schema {found}, this program knows {SCHEMA_REVISION}:"
            " upgrade the program, or set the store aside to have the index rebuilt"
        )
    for revision in range(found + 1, SCHEMA_REVISION + 1):
        MIGRATIONS[revision](database)
    missing = RELATIONS.keys() - _relation_names(database)
    if missing:
        raise StoreBroken(f"the store at {database.path} lacks {sorted(missing)}: it has to be rebuilt")


def stored_revision(database: Database) -> int:
    """The schema revision of an open store; 0 for an empty one. Raises StoreBroken if unreadable."""
    names = _relation_names(database)
    if not names:
        return 0
    rows: Rows = []
    if "meta" in names:
        rows = database.query("?[value] := *meta{key: $key, value}", {"key": META_SCHEMA_REVISION})
    if not rows or not str(rows[0][0]).isdecimal():
        raise StoreBroken(f"the store at {database.path} names no schema revision: it has to be rebuilt")
    return int(rows[0][0])


def _relation_names(database: Database) -> set[str]:
    return {row[0] for row in database.query("::relations")}


def _create_first_schema(database: Database) -> None:
    later = {*ADDED_IN_2, *ADDED_IN_3}
    creates = "\n".join(create_script(name) for name in RELATIONS if name not in later)
    meta = [
        [META_SCHEMA_REVISION, "1"],
        ["clock", "0"],
        ["changes_floor", "0"],
        ["instance_id", uuid.uuid4().hex],
    ]
    database.transact(f"{creates}\n{_SET_META}", {"meta": meta})


def _add_hydration(database: Database) -> None:
    creates = "\n".join(create_script(name) for name in ADDED_IN_2)
    database.transact(f"{creates}\n{_SET_META}", {"meta": [[META_SCHEMA_REVISION, "2"]]})


def _add_meaning(database: Database) -> None:
    creates = "\n".join(create_script(name) for name in ADDED_IN_3)
    database.transact(f"{creates}\n{_SET_META}", {"meta": [[META_SCHEMA_REVISION, "3"]]})


MIGRATIONS: dict[int, Callable[[Database], None]] = {
    1: _create_first_schema,
    2: _add_hydration,
    3: _add_meaning,
}
"""revision -> the step that leads to it from the one before."""
