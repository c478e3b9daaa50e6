"""Vectors by key, a relation for each model: which keys lack one, putting, indexing and collecting them.

A vector hangs on its `embed_key`, 32 hex digits, a hash of the text that it was made of: equal texts have one
vector, however many nodes have them. Vectors are little-endian float32. Knows nothing of texts. Searches are
in `store.nearest`, models in `store.vector_models`; both are re-exported here.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence

from store.commits import read_meta
from store.database import Database, Run
from store.exact import BUCKETS, note_vectors, read_vectors
from store.exact import exact_bytes as exact_bytes
from store.exact import release_exact as release_exact
from store.nearest import EXACT_UP_TO as EXACT_UP_TO
from store.nearest import Filters as Filters
from store.nearest import Nearest as Nearest
from store.nearest import Neighbour as Neighbour
from store.nearest import RecallReport as RecallReport
from store.nearest import ann_top_k as ann_top_k
from store.nearest import recall_at as recall_at
from store.rows import Row
from store.schema import Rank, create_near_relations
from store.transaction import PUT, Transaction
from store.vector_models import (
    StoredModel,
    bucket_of,
    bucketed,
    drop_model,
    find_serving,
    find_wanted,
    read_missing,
    read_models,
    serve_if_complete,
)
from store.vector_models import VectorModel as VectorModel
from store.vector_models import serving_model as serving_model
from store.vector_models import use_model as use_model
from store.vector_models import vector_models as vector_models

# Bound values in a column that is no key would make the atom a scan of the whole relation.
_LIVE = (
    "k[id, key] <- $k ?[key] := k[id, key], *meanings{id, embed_key: now, model}, now == key, model == $model"
)


# ------------------------------------------------------------------ what is missing


def missing_vectors(db: Database, limit: int) -> list[tuple[str, str]]:
    """(embed_key, id of one node that has it) without a vector of the wanted model, just saved ones first,
    none twice. Costs about as much as it returns."""
    while True:
        with db.reading() as run:
            model = find_wanted(read_models(run))
            if model is None:
                return []
            marks = {key: id_ for _, key, id_ in reversed(read_missing(run, model, limit))}
            found = _with_nodes(run, model, dict(reversed(marks.items())))
        dead = marks.keys() - found.keys()
        if not dead:
            return list(found.items())
        _unmark(db, model, dead)


def _with_nodes(run: Run, model: StoredModel, marks: dict[str, str]) -> dict[str, str]:
    """These keys in their order with a node that has them; those that no node has any more are left out."""
    rows = run(_LIVE, {"k": [[id_, key] for key, id_ in marks.items()], "model": model.number})
    live = {key for (key,) in rows}
    script = f"?[id] := *{model.names.links}{{embed_key: $key, id}} :limit 1"
    found: dict[str, str] = {}
    for key, id_ in marks.items():
        if key in live:
            found[key] = id_
        elif others := run(script, {"key": key}):
            found[key] = others[0][0]
    return found


def _unmark(db: Database, model: StoredModel, keys: Iterable[str]) -> None:
    with db.writing() as (read, transact):
        if model.number not in {one.number for one in read_models(read)}:
            return
        # Unless a node has got the key in the meantime.
        dead = (
            "{k[embed_key] <- $dead ?[rank, embed_key] := k[embed_key], rank in [0, 1, 2],"
            f" *{model.names.missing}{{rank, embed_key}}, not *{model.names.links}{{embed_key}}"
            f" :rm {model.names.missing} {{rank, embed_key}}}}"
        )
        transact(dead, {"dead": [[key] for key in keys]})
        serve_if_complete(read, transact, read_meta(read))


def refuse_vectors(db: Database, refused: Sequence[tuple[str, str]]) -> None:
    """(embed_key, reason) that no vector can be had for: they are not missing any more, until
    `retry_refused`."""
    if not refused:
        return
    with db.writing() as (read, transact):
        model = find_wanted(read_models(read))
        if model is None:
            return
        name = model.names.missing
        script = (
            "{k[embed_key, reason] <- $refused ?[rank, embed_key, id, reason] := k[embed_key, reason],"
            f" was in [0, 1, 2], *{name}{{rank: was, embed_key, id}}, rank = {Rank.REFUSED.value}"
            f" :put {name} {{rank, embed_key => id, reason}}}}"
            "{k[embed_key, reason] <- $refused ?[rank, embed_key] := k[embed_key, _], rank in [0, 1, 2],"
            f" *{name}{{rank, embed_key}} :rm {name} {{rank, embed_key}}}}"
        )
        transact(script, {"refused": [[key, reason] for key, reason in refused]})
        serve_if_complete(read, transact, read_meta(read))


def retry_refused(db: Database) -> int:
    """Refused keys are missing again; returns how many."""
    with db.writing() as (read, transact):
        model = find_wanted(read_models(read))
        if model is None:
            return 0
        name, refused = model.names.missing, Rank.REFUSED.value
        rows = read(f"?[embed_key, id] := *{name}{{rank: {refused}, embed_key, id}}")
        tx = Transaction()
        if rows:
            tx.add(
                f"{{?[rank, embed_key, id, reason] <- $again :put {name} {{rank, embed_key => id, reason}}}}",
                again=[[Rank.SWEEP.value, key, id_, ""] for key, id_ in rows],
            )
            tx.add(
                f"{{?[rank, embed_key] <- $refused :rm {name} {{rank, embed_key}}}}",
                refused=[[refused, key] for key, _ in rows],
            )
        tx.run(transact)
        return len(rows)


# ------------------------------------------------------------------ vectors


def put_vectors(db: Database, model_id: str, rows: Sequence[tuple[str, bytes]]) -> None:
    """Store vectors by key, in a transaction of its own: about 20 µs each, so that a save can wait for a
    thousand. ValueError for one of another dimension, of zero, or that is not finite, and for a key that is
    none: nothing is stored then. Vectors of a model that is not known any more are dropped."""
    for key, vector in rows:
        _check(key, vector)
    if not rows:
        return
    with db.writing() as (read, transact):
        model = next((one for one in read_models(read) if one.model_id == model_id), None)
        if model is None:
            return
        for key, vector in rows:
            if len(vector) != 4 * model.dimension:
                raise ValueError(
                    f"the vector of {key} has {len(vector)} bytes, those of {model_id}"
                    f" {model.dimension} numbers of four"
                )
        names = model.names
        vectors = dict(rows)
        keys = [[key] for key in vectors]
        known = read(
            f"k[bucket, embed_key] <- $k ?[embed_key] := k[bucket, embed_key],"
            f" *{names.vectors}{{bucket, embed_key}}",
            {"k": bucketed(vectors)},
        )
        tx = Transaction()
        tx.add(
            "{?[bucket, embed_key, vector] <- $vectors"
            f" :put {names.vectors} {{bucket, embed_key => vector}}}}",
            vectors=[[bucket_of(key), key, vector] for key, vector in vectors.items()],
        )
        tx.add(
            "{k[embed_key] <- $keys ?[rank, embed_key] := k[embed_key], rank in [0, 1, 2, 3],"
            f" *{names.missing}{{rank, embed_key}} :rm {names.missing} {{rank, embed_key}}}}",
            keys=keys,
        )
        if model.indexed >= 0:
            tx.add(f"{{?[embed_key] <- $keys :put {names.unindexed} {{embed_key}}}}", keys=keys)
        total = model.vectors + len(vectors) - len(known)
        tx.put("vector_models", [[*model._replace(vectors=total)]])
        tx.run(transact)
        note_vectors(db, model.number, vectors)
        serve_if_complete(read, transact, read_meta(read))


def _check(key: str, vector: bytes) -> None:
    try:
        is_key = len(bytes.fromhex(key)) == 16 and len(key) == 32
    except ValueError:
        is_key = False
    if not is_key:
        raise ValueError(f"{key!r} is no key of a vector: it has 32 hexadecimal digits")
    length = 0.0
    if vector and len(vector) % 4 == 0:
        numbers = array("f")
        numbers.frombytes(vector)
        length = math.hypot(*numbers)
    if not 0.0 < length < math.inf:
        raise ValueError(f"the vector of {key} is empty, zero, or not finite")


def vectors_of(db: Database, keys: Iterable[str], model_id: str | None = None) -> dict[str, bytes]:
    """The vectors under these keys, of the wanted model if none is named."""
    with db.reading() as run:
        models = read_models(run)
        model = find_wanted(models)
        if model_id is not None:
            model = next((one for one in models if one.model_id == model_id), None)
        return read_vectors(run, model.number, keys) if model is not None else {}


def vector_of_node(db: Database, node_id: str) -> tuple[str, bytes] | None:
    """(model id, vector) of a node, of the serving model or, where that has none of it, of the wanted one."""
    with db.reading() as run:
        models = read_models(run)
        for model in (find_serving(models), find_wanted(models)):
            if model is None:
                continue
            if model.is_wanted:
                rows = run(
                    "?[key] := *meanings{id: $id, embed_key: key, model}, model == $model",
                    {"id": node_id, "model": model.number},
                )
            else:  # looks at all links: for as long as one model takes the place of another
                rows = run(f"?[key] := *{model.names.links}{{embed_key: key, id: $id}}", {"id": node_id})
            for vector in read_vectors(run, model.number, [key for (key,) in rows]).values():
                return model.model_id, vector
    return None


# ------------------------------------------------------------------ the index


def index_vectors(db: Database, limit: int = 2, *, above: int = EXACT_UP_TO) -> int:
    """Put up to `limit` vectors into the HNSW index, of each model in use that has one, or has more than
    `above` vectors; returns how many are left to do. One transaction takes 5 ms for each vector: a step in
    the background, short enough that a save can wait for it."""
    with db.reading() as run:
        models = [one for one in read_models(run) if one.is_wanted or one.is_serving]
    left = 0
    for model in models:
        if model.indexed < 0 and model.vectors > above:
            _create_index(db, model)
            model = model._replace(indexed=0)
        if model.indexed >= 0:
            left += _index_some(db, model, limit)
    return left


def _create_index(db: Database, model: StoredModel) -> None:
    relations, index = create_near_relations(model.number, model.dimension)
    there = {row[0] for row in db.query("::relations")}
    if model.names.near not in there:
        db.transact(relations)
    if f"{model.names.near}:nearest" not in there:
        db.transact(index)
    with db.writing() as (read, transact):
        for one in read_models(read):
            if one.number == model.number:
                transact(PUT["vector_models"], {"rows": [[*one._replace(indexed=0)]]})


def _index_some(db: Database, model: StoredModel, limit: int) -> int:
    names = model.names
    with db.writing() as (read, transact):
        found = next((one for one in read_models(read) if one.number == model.number), None)
        if found is None:
            return 0
        keys = read(f"?[embed_key] := *{names.unindexed}{{embed_key}} :limit {int(limit)}")
        if keys:
            known = read(
                f"k[embed_key] <- $k ?[embed_key] := k[embed_key], *{names.near}{{embed_key}}", {"k": keys}
            )
            there = read_vectors(read, model.number, [key for (key,) in keys])
            put = (
                "{k[bucket, embed_key] <- $indexed ?[embed_key, vector] := k[bucket, embed_key],"
                f" *{names.vectors}{{bucket, embed_key, vector: packed}},"
                f" vector = vec(encode_base64(packed)) :put {names.near} {{embed_key => vector}}}}"
            )
            tx = Transaction()
            tx.add(put, indexed=bucketed(there))
            tx.add(f"{{?[embed_key] <- $done :rm {names.unindexed} {{embed_key}}}}", done=keys)
            indexed = found.indexed + len(there.keys() - {key for (key,) in known})
            tx.put("vector_models", [[*found._replace(indexed=indexed)]])
            tx.run(transact)
            return max(found.vectors - indexed, int(len(keys) == limit))
    return _find_unindexed(db, found) if found.indexed != found.vectors else 0


def _find_unindexed(db: Database, model: StoredModel) -> int:
    """Mark all vectors that are not in the index; returns how many."""
    names = model.names
    mark = (
        f"{{?[embed_key] := *{names.vectors}{{bucket: $bucket, embed_key}}, not *{names.near}{{embed_key}}"
        f" :put {names.unindexed} {{embed_key}}}}"
    )
    for bucket in range(BUCKETS):
        db.transact(mark, {"bucket": bucket})
    with db.writing() as (read, transact):
        rows = read(f"?[count(embed_key)] := *{names.unindexed}{{embed_key}}")
        left = int(rows[0][0]) if rows else 0
        for one in read_models(read):
            if one.number == model.number:
                transact(PUT["vector_models"], {"rows": [[*one._replace(indexed=one.vectors - left)]]})
    return left


# ------------------------------------------------------------------ what nobody needs


def collect_vectors(db: Database, unused_for_s: float, now_s: float) -> int:
    """Remove the vectors that no node has referred to for so long, as far as earlier calls have seen it, and
    those of models that were not in use for so long; returns how many. To be called now and then; goes
    through all keys, in steps that a save can wait for. `now_s` is in seconds since the epoch."""
    with db.reading() as run:
        models = read_models(run)
    collected = 0
    for model in models:
        if model.is_wanted or model.is_serving:
            collected += _collect(db, model, unused_for_s, now_s)
        elif model.model_id and not model.unused_since:
            _set_unused(db, model.number, now_s)
        elif not model.model_id or now_s - model.unused_since >= unused_for_s:
            collected += model.vectors
            drop_model(db, model)
    return collected


def _set_unused(db: Database, number: int, since_s: float) -> None:
    with db.writing() as (read, transact):
        for model in read_models(read):
            if model.number == number and not (model.is_wanted or model.is_serving):
                transact(PUT["vector_models"], {"rows": [[*model._replace(unused_since=float(since_s))]]})


def _collect(db: Database, model: StoredModel, unused_for_s: float, now_s: float) -> int:
    names = model.names
    unlinked = (
        f"?[embed_key] := *{names.vectors}{{bucket: $bucket, embed_key}}, not *{names.links}{{embed_key}}"
    )
    script = "?[key, since] := *vector_orphans{number: $number, embed_key: key, since}"
    seen: dict[str, float] = {row[0]: row[1] for row in db.query(script, {"number": model.number})}
    collected = 0
    for bucket in range(BUCKETS):
        orphans = {key for (key,) in db.query(unlinked, {"bucket": bucket})}
        due = [key for key in orphans if now_s - seen.get(key, now_s) >= unused_for_s]
        tx = Transaction()
        tx.put("vector_orphans", [[model.number, key, float(now_s)] for key in orphans - seen.keys()])
        found_again = [key for key in seen if bucket_of(key) == bucket and key not in orphans]
        tx.remove("vector_orphans", [[model.number, key] for key in found_again])
        tx.run(db.transact)
        at_once = 16 if model.indexed >= 0 else 512  # removing one from an index takes a millisecond
        for at in range(0, len(due), at_once):
            collected += _remove_unlinked(db, model.number, due[at : at + at_once])
    return collected


def _remove_unlinked(db: Database, number: int, keys: Sequence[str]) -> int:
    with db.writing() as (read, transact):
        model = next((one for one in read_models(read) if one.number == number), None)
        if model is None:
            return 0
        names = model.names
        gone: list[Row] = read(
            f"k[bucket, embed_key] <- $k ?[bucket, embed_key] := k[bucket, embed_key],"
            f" *{names.vectors}{{bucket, embed_key}}, not *{names.links}{{embed_key}}",
            {"k": bucketed(keys)},
        )
        if not gone:
            return 0
        bare = [[key] for _, key in gone]
        indexed = model.indexed
        tx = Transaction()
        tx.add(f"{{?[bucket, embed_key] <- $gone :rm {names.vectors} {{bucket, embed_key}}}}", gone=gone)
        tx.remove("vector_orphans", [[number, key] for _, key in gone])
        if indexed >= 0:
            near = read(
                f"k[embed_key] <- $k ?[embed_key] := k[embed_key], *{names.near}{{embed_key}}", {"k": bare}
            )
            indexed -= len(near)
            tx.add(f"{{?[embed_key] <- $bare :rm {names.near} {{embed_key}}}}", bare=near)
            tx.add(f"{{?[embed_key] <- $unmarked :rm {names.unindexed} {{embed_key}}}}", unmarked=bare)
        tx.put("vector_models", [[*model._replace(vectors=model.vectors - len(gone), indexed=indexed)]])
        tx.run(transact)
        note_vectors(db, number, [key for _, key in gone])
        return len(gone)
