"""Which models the store has vectors of, which of them is wanted, and which one answers.

Owns the relations of each model from their making to their end, and how nodes and keys are linked. Knows
nothing of what vectors hold (see `store.vectors`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from store.database import Database, Run
from store.rows import Row
from store.schema import (
    META_MEANT_BY,
    Rank,
    VectorRelations,
    create_vector_relations,
    vector_relations,
)
from store.transaction import COLUMNS, PUT, REMOVE, Transaction

_MODELS = f"?[{COLUMNS['vector_models']}] := *vector_models{{{COLUMNS['vector_models']}}}"
_NOT_TOLD = (
    "{k[tag] <- [['']] ?[key, value] := k[value], key = $meant_by, *meta{key} :put meta {key => value}}"
)
_ANY_PENDING = "?[path] := *meaning_pending{rank, file_path: path} :limit 1"
_ROWS_AT_ONCE = 2_000  # that are removed in one transaction: some 10 ms, so that a save does not wait
_INDEXED_ROWS_AT_ONCE = 20  # a millisecond each


class StoredModel(NamedTuple):
    """A row of `vector_models`."""

    number: int
    model_id: str
    dimension: int
    vectors: int
    indexed: int
    is_wanted: bool
    is_serving: bool
    unused_since: float

    @property
    def names(self) -> VectorRelations:
        return vector_relations(self.number)


class VectorModel(NamedTuple):
    """A model that the store has vectors of. The wanted one is being filled; the serving one answers, and is
    another only until the wanted one is complete. `indexed`: how many of its vectors are in the HNSW index,
    -1 if it has none."""

    model_id: str
    dimension: int
    vectors: int
    indexed: int
    is_wanted: bool
    is_serving: bool


class Linked(NamedTuple):
    """That a node has the key, in the relations of the model with this number; 0: in none."""

    id: str
    embed_key: str
    model: int


def read_models(read: Run) -> list[StoredModel]:
    """All of them, by number."""
    return [StoredModel._make(row) for row in read(_MODELS)]


def find_wanted(models: Iterable[StoredModel]) -> StoredModel | None:
    return next((model for model in models if model.is_wanted), None)


def find_serving(models: Iterable[StoredModel]) -> StoredModel | None:
    return next((model for model in models if model.is_serving), None)


def vector_models(db: Database) -> list[VectorModel]:
    """All models that the store has vectors of."""
    with db.reading() as run:
        return [VectorModel._make(model[1:7]) for model in read_models(run) if model.model_id]


def serving_model(db: Database) -> VectorModel | None:
    """The one by which a query has to be embedded; None while there is none."""
    return next((model for model in vector_models(db) if model.is_serving), None)


def use_model(db: Database, model_id: str, dimension: int) -> None:
    """Vectors of this model are wanted from now on. That of another one goes on serving until this one is
    complete: no file pending, no key without a vector. ValueError when it is known with another dimension, or
    has none."""
    if dimension < 1:
        raise ValueError(f"vectors of {dimension} numbers: is this an embedding model?")
    with db.writing() as (read, transact):
        models = read_models(read)
        known = next((model for model in models if model.model_id == model_id), None)
        if known is not None and known.dimension != dimension:
            raise ValueError(
                f"{model_id} gave vectors of {known.dimension} numbers before, and now of {dimension}:"
                " give the other model another name"
            )
        if known is not None and known.is_wanted:
            return
        tx = Transaction()
        tx.put("vector_models", [model._replace(is_wanted=False) for model in models if model.is_wanted])
        if known is None:
            number = max((model.number for model in models), default=0) + 1
            known = StoredModel(number, model_id, dimension, 0, -1, True, False, 0.0)
            tx.add(create_vector_relations(number))
        is_serving = known.is_serving or find_serving(models) is None
        tx.put("vector_models", [known._replace(is_wanted=True, is_serving=is_serving, unused_since=0.0)])
        # What is pending for it is not known before meanings are begun with it.
        tx.add(_NOT_TOLD, meant_by=META_MEANT_BY)
        tx.run(transact)


def serve_if_complete(read: Run, transact: Run, meta: Mapping[str, str]) -> None:
    """Have the wanted model answer, once nothing is pending for it."""
    models = read_models(read)
    wanted, serving = find_wanted(models), find_serving(models)
    if wanted is None or wanted is serving or not meta.get(META_MEANT_BY):
        return
    if read(_ANY_PENDING) or read_missing(read, wanted, 1):
        return
    rows: list[Row] = [[*wanted._replace(is_serving=True)]]
    if serving is not None:
        rows.append([*serving._replace(is_serving=False)])
    transact(PUT["vector_models"], {"rows": rows})


def read_missing(read: Run, model: StoredModel, limit: int) -> list[tuple[int, str, str]]:
    """(rank, embed_key, id) of the first marks. The node may be another by now."""
    found: list[tuple[int, str, str]] = []
    for rank in (Rank.SAVED, Rank.DEPENDENT, Rank.SWEEP):
        if len(found) < limit:
            rows = read(
                f"?[embed_key, id] := *{model.names.missing}{{rank: $rank, embed_key, id}}"
                f" :limit {limit - len(found)}",
                {"rank": rank.value},
            )
            found += [(rank.value, key, id_) for key, id_ in rows]
    return found


# ------------------------------------------------------------------ links


def change_links(
    tx: Transaction,
    read: Run,
    wanted: StoredModel | None,
    lost: Iterable[Linked],
    gained: Sequence[tuple[str, str, int]],
) -> None:
    """Nodes that had these keys and have them no more; and (id, embed_key, rank) of those that have them
    now, in the wanted model: keys without a vector are marked as missing."""
    by_model: dict[int, list[Row]] = {}
    for id_, key, number in lost:
        by_model.setdefault(number, []).append([key, id_])
    by_model.pop(0, None)
    for number, rows in by_model.items():
        links = vector_relations(number).links
        tx.add(
            f"{{?[embed_key, id] <- $lost_{number} :rm {links} {{embed_key, id}}}}",
            **{f"lost_{number}": rows},
        )
    if wanted is None or not gained:
        return
    names = wanted.names
    tx.add(
        f"{{?[embed_key, id] <- $gained :put {names.links} {{embed_key, id}}}}",
        gained=[[key, id_] for id_, key, _ in gained],
    )
    lacking = _find_lacking(read, wanted, {key for _, key, _ in gained})
    marks: dict[str, tuple[int, str]] = {}
    for id_, key, rank in gained:
        if key in lacking and (key not in marks or rank < marks[key][0]):
            marks[key] = rank, id_
    if not marks:
        return
    script = (
        "k[embed_key] <- $k ?[embed_key, rank] := k[embed_key], rank in [0, 1, 2],"
        f" *{names.missing}{{rank, embed_key}}"
    )
    known: dict[str, int] = {row[0]: row[1] for row in read(script, {"k": [[key] for key in marks]})}
    new = [[*marks[key], key, ""] for key in marks if marks[key][0] < known.get(key, Rank.REFUSED)]
    if new:
        put = f":put {names.missing} {{rank, embed_key => id, reason}}"
        tx.add(f"{{?[rank, id, embed_key, reason] <- $marks {put}}}", marks=new)
    moved = [[known[key], key] for _, _, key, _ in new if key in known]
    if moved:  # a key has one mark
        tx.add(f"{{?[rank, embed_key] <- $moved :rm {names.missing} {{rank, embed_key}}}}", moved=moved)


def _find_lacking(read: Run, model: StoredModel, keys: Collection[str]) -> set[str]:
    """Which of these keys have no vector of the model, and were not refused."""
    if not keys:
        return set()
    rows = read(
        f"k[bucket, embed_key] <- $k ?[embed_key] := k[bucket, embed_key],"
        f" not *{model.names.vectors}{{bucket, embed_key}},"
        f" not *{model.names.missing}{{rank: {Rank.REFUSED.value}, embed_key}}",
        {"k": bucketed(keys)},
    )
    return {key for (key,) in rows}


def bucketed(keys: Iterable[str]) -> list[Row]:
    """[bucket, key] of each."""
    return [[bucket_of(key), key] for key in keys]


def bucket_of(key: str) -> int:
    """ValueError if the key is no hash in hexadecimal."""
    return int(key[:2], 16)


# ------------------------------------------------------------------ the end of a model


def drop_model(db: Database, model: StoredModel) -> None:
    """Remove all that is there of a model, in steps that a save can wait for. What is interrupted leaves a
    model without a name, to be dropped again."""
    nameless = model._replace(model_id="", is_wanted=False, is_serving=False)
    db.transact(PUT["vector_models"], {"rows": [[*nameless]]})
    names = model.names
    keys = {
        names.vectors: "bucket, embed_key",
        names.links: "embed_key, id",
        names.missing: "rank, embed_key",
        names.near: "embed_key",
        names.unindexed: "embed_key",
    }
    there = {row[0] for row in db.query("::relations")}
    for name in keys.keys() & there:
        is_indexed = f"{name}:nearest" in there
        clear_relation(db, name, keys[name], _INDEXED_ROWS_AT_ONCE if is_indexed else _ROWS_AT_ONCE)
        if is_indexed:  # empty by now: else this keeps everybody waiting for seconds
            db.transact(f"::hnsw drop {name}:nearest")
        db.transact(f"::remove {name}")
    db.transact(REMOVE["vector_models"], {"rows": [[model.number]]})


def clear_relation(db: Database, name: str, keys: str, rows_at_once: int = _ROWS_AT_ONCE) -> None:
    """Remove all rows of a relation of our own, in steps."""
    script = f"{{?[{keys}] := *{name}{{{keys}}} :limit {rows_at_once} :rm {name} {{{keys}}}}}"
    while db.query(f"?[{keys}] := *{name}{{{keys}}} :limit 1"):
        db.transact(script)
