"""The nodes whose vectors are nearest to a vector: by comparing all, or by the HNSW index if there are many.

Both look at the same nodes: those that pass the filters, by cosine; the best of them are then put in the
order in which they are worth showing. Knows nothing of texts.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from store.database import Database, Run
from store.exact import BUCKETS, compare, exact_index, normalised, read_vectors
from store.model import NodeFacts
from store.rows import unpack_span_ids
from store.vector_models import StoredModel, find_serving, read_models

Method = Literal["hnsw", "exact"]

EXACT_UP_TO = 50_000
"""Up to so many vectors all are compared: that takes 5 ms, as does keeping an index for each new vector."""
FEW_NODES = 500
"""If only so many nodes pass the filters, they are looked at instead of the vectors."""

_LONG_WALK_KEYS = 1_500  # after which it is asked how many nodes there are of the kinds
_MOST_ROWS = 4_000  # that one look-up of nodes returns
_MOST_UNINDEXED = 500  # that are compared beside the index
_EF = 256  # of vectors of MiniLM, 64 finds 95 % of what it should after changes, 256 finds 99.5 %
_IS_TEST = NodeFacts._fields.index("is_test") - 2  # in the packed facts (`store.rows.node_row`)
_FILES = "?[path, crate, nodes] := *files{path, crate, node_count: nodes}, nodes > 0"
_SPANS = "k[path] <- $k ?[path, spans] := k[path], *file_spans{file_path: path, spans}"


class Neighbour(NamedTuple):
    """`similarity` is the cosine, -1..1."""

    id: str
    similarity: float


class Filters(NamedTuple):
    """Which nodes count; empty means all. `tests`: None both, False without tests, True tests only."""

    kinds: frozenset[str] = frozenset()
    crates: frozenset[str] = frozenset()
    under: str = ""
    exclude: frozenset[str] = frozenset()
    tests: bool | None = None


class Nearest(NamedTuple):
    """`is_old`: answered by the vectors of a model that is being replaced. `looked_at`: vectors compared (by
    "hnsw": those that the index returned)."""

    neighbours: tuple[Neighbour, ...]
    model_id: str
    is_old: bool
    method: Method
    looked_at: int


class RecallReport(NamedTuple):
    """recall@k of the HNSW index against exact search for `sampled` stored vectors."""

    recall: float
    sampled: int
    vectors: int
    k: int


def ann_top_k(
    db: Database,
    query: bytes,
    k: int,
    filters: Filters | None = None,
    *,
    model_id: str | None = None,
    method: Method | None = None,
) -> Nearest:
    """The k nodes whose vectors are nearest to `query` (float32, of any length but 0). Of the nearest 3k (at
    least 32), those with the highest similarity * (0.8 + 0.2 * confidence), in that order.

    Of the serving model, if none is named; `method` None: what is better. ValueError for a query of another
    dimension, LookupError for a model that is not there, or has no index when "hnsw" is asked for.
    """
    filters = filters or Filters()
    pool = max(32, 3 * k)
    with db.reading() as run:
        model = _find_model(run, model_id)
        few = _read_few(run, model, filters) if method is None else None
        by_index = _is_index_of_use(run, model) if method is None and few is None else method == "hnsw"
    if method == "hnsw" and model.indexed < 0:
        raise LookupError(f"{model.model_id} has no index: it has {model.vectors} vectors")
    query = normalised(query, model.dimension)
    used: Method = "exact"
    if few is not None:
        with db.reading() as run:
            found, looked_at = _compare_nodes(run, model, query, few, filters)
    elif by_index:
        used = "hnsw"
        found, looked_at = _by_index(db, model, query, pool, filters)
        if method is None and filters != Filters() and len(found) < k:
            used = "exact"  # what passes is rare
    if used == "exact" and few is None:
        found, looked_at = _by_matrix(db, model, query, pool, filters)
    found.sort(key=lambda one: (one.similarity, one.id))
    # A node may have two links in the relations of a model that was wanted twice.
    best = sorted({one.id: one for one in found}.values(), key=lambda one: (-one.similarity, one.id))[:pool]
    best.sort(key=lambda one: (-one.similarity * (0.8 + 0.2 * one.confidence), one.id))
    neighbours = tuple([Neighbour(one.id, one.similarity) for one in best[:k]])
    return Nearest(neighbours, model.model_id, not model.is_wanted, used, looked_at)


class _Found(NamedTuple):
    id: str
    similarity: float
    confidence: float


def _find_model(run: Run, model_id: str | None) -> StoredModel:
    models = read_models(run)
    if model_id is None:
        model = find_serving(models)
    else:
        model = next((one for one in models if one.model_id == model_id), None)
    if model is None:
        raise LookupError(f"there are no vectors of {model_id or 'any model'}")
    return model


# ------------------------------------------------------------------ by comparing all vectors


def _by_matrix(
    db: Database, model: StoredModel, query: bytes, pool: int, filters: Filters
) -> tuple[list[_Found], int]:
    rows, portions = exact_index(db, model.number, model.dimension).nearest(query)
    found: list[_Found] = []
    seen = 0
    with db.reading() as run:
        for portion in portions:
            if seen < _LONG_WALK_KEYS <= seen + len(portion.keys) and filters.kinds and model.is_wanted:
                few = _read_few_of_kinds(run, filters)
                if few is not None:
                    return _compare_nodes(run, model, query, few, filters)
            seen += len(portion.keys)
            nodes = _read_nodes(run, model, portion.keys, filters, pool)
            found += _measure(run, model, query, nodes)
            found.sort(key=lambda one: -one.similarity)
            del found[pool:]
            if len(found) == pool and found[-1].similarity >= portion.rest:
                break
    return found, rows


def _measure(run: Run, model: StoredModel, query: bytes, nodes: Sequence[_Node]) -> list[_Found]:
    vectors = read_vectors(run, model.number, {node.embed_key for node in nodes})
    similarities = dict(zip(vectors, compare(query, list(vectors.values())), strict=True))
    return [
        _Found(node.id, similarities[node.embed_key], node.confidence)
        for node in nodes
        if node.embed_key in similarities
    ]


class _Node(NamedTuple):
    embed_key: str
    id: str
    confidence: float


def _read_nodes(
    run: Run, model: StoredModel, keys: Sequence[str], filters: Filters, each: int
) -> list[_Node]:
    """The nodes that have one of these keys and pass the filters; of many with one key, at least `each`."""
    conditions, params = _conditions(filters)
    params["model"] = model.number
    # In relations that another model is taking the place of, links are as they were then.
    script = (
        "k[embed_key] <- $k ?[embed_key, id, confidence] := k[embed_key],"
        f" *{model.names.links}{{embed_key, id}}{conditions},"
        " *meanings{id, embed_key: now, model, confidence}, (model != $model || now == embed_key)"
    )
    rows = run(f"{script} :limit {_MOST_ROWS}", {**params, "k": [[key] for key in keys]})
    if len(rows) == _MOST_ROWS:
        rows = []
        for key in keys:
            rows += run(f"{script} :limit {int(each)}", {**params, "k": [[key]]})
    return [_Node._make(row) for row in rows]


def _conditions(filters: Filters) -> tuple[str, dict[str, object]]:
    """What nodes have to pass, as atoms on `id`."""
    params: dict[str, object] = {}
    columns = ["id"]
    tests: list[str] = []
    if filters.exclude:
        tests.append("!is_in(id, $exclude)")
        params["exclude"] = sorted(filters.exclude)
    if filters.kinds:
        columns.append("kind")
        tests.append("is_in(kind, $kinds)")
        params["kinds"] = sorted(filters.kinds)
    if filters.under or filters.crates:
        columns.append("file_path")
    if filters.under:
        tests.append("(file_path == $under || starts_with(file_path, $below))")
        params |= {"under": filters.under, "below": f"{filters.under}/"}
    if filters.crates:
        tests.append("*files{path: file_path, crate}, is_in(crate, $crates)")
        params["crates"] = sorted(filters.crates)
    if filters.tests is not None:
        columns.append("facts")
        tests.append(f"to_bool(get(parse_json(facts), {_IS_TEST})) == $tests")
        params["tests"] = filters.tests
    atoms = [f"*isg_nodes{{{', '.join(columns)}}}", *tests]
    return "".join([f", {atom}" for atom in atoms]) if tests else "", params


# ------------------------------------------------------------------ by comparing what few nodes have


def _read_few(run: Run, model: StoredModel, filters: Filters) -> list[str] | None:
    """The nodes of the files that pass the filters, if they are few; None if they are not."""
    if not model.is_wanted or not (filters.under or filters.crates):
        return None
    files = [
        (path, nodes)
        for path, crate, nodes in run(_FILES)
        if _is_under(path, filters.under) and (not filters.crates or crate in filters.crates)
    ]
    if sum(nodes for _, nodes in files) > FEW_NODES:
        return None
    rows = run(_SPANS, {"k": [[path] for path, _ in files]})
    return [id_ for _, spans in rows for id_ in unpack_span_ids(spans)]


def _is_under(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _read_few_of_kinds(run: Run, filters: Filters) -> list[str] | None:
    """The nodes of these kinds, if they are few: looks at all nodes, 0.4 µs each."""
    conditions, params = _conditions(Filters(kinds=filters.kinds, under=filters.under))
    rows = run(f"?[id] := {conditions.removeprefix(', ')} :limit {FEW_NODES + 1}", params)
    return [id_ for (id_,) in rows] if len(rows) <= FEW_NODES else None


def _compare_nodes(
    run: Run, model: StoredModel, query: bytes, ids: Iterable[str], filters: Filters
) -> tuple[list[_Found], int]:
    conditions, params = _conditions(filters)
    rows = run(
        "k[id] <- $k ?[embed_key, id, confidence] := k[id],"
        f" *meanings{{id, embed_key, model, confidence}}, model == $model{conditions}",
        {**params, "model": model.number, "k": [[id_] for id_ in ids]},
    )
    nodes = [_Node._make(row) for row in rows]
    return _measure(run, model, query, nodes), len({node.embed_key for node in nodes})


# ------------------------------------------------------------------ by the index


def _is_index_of_use(run: Run, model: StoredModel) -> bool:
    """Whether the index is better than comparing all: there are many, and next to all are in it."""
    if model.indexed < 0 or model.vectors <= EXACT_UP_TO:
        return False
    left = len(_read_unindexed(run, model, _MOST_UNINDEXED + 1))
    return left <= _MOST_UNINDEXED and model.indexed + left >= model.vectors


def _read_unindexed(run: Run, model: StoredModel, limit: int) -> list[str]:
    return [key for (key,) in run(f"?[embed_key] := *{model.names.unindexed}{{embed_key}} :limit {limit}")]


def _by_index(
    db: Database, model: StoredModel, query: bytes, pool: int, filters: Filters
) -> tuple[list[_Found], int]:
    is_filtered = filters != Filters()
    with db.reading() as run:
        near = _nearest_keys(run, model, query, 4 * pool if is_filtered else pool)
        late = read_vectors(run, model.number, _read_unindexed(run, model, _MOST_UNINDEXED))
        near.update(zip(late, compare(query, list(late.values())), strict=True))
        nodes = _read_nodes(run, model, list(near), filters, pool)
    return [_Found(node.id, near[node.embed_key], node.confidence) for node in nodes], len(near)


def _nearest_keys(run: Run, model: StoredModel, query: bytes, count: int) -> dict[str, float]:
    """Keys by what the index says is nearest, with their cosines. Those of vectors that were put a moment ago
    may be those of the vectors before."""
    script = (
        f"?[distance, embed_key] := ~{model.names.near}:nearest{{embed_key | query: vec($query),"
        f" k: {int(count)}, ef: {max(_EF, int(count))}, bind_distance: distance}} :order distance"
    )
    return {key: 1.0 - distance for distance, key in run(script, {"query": b64encode(query).decode()})}


def recall_at(db: Database, k: int = 10, sample: int = 100, seed: int = 0) -> RecallReport | None:
    """Which share of the k nearest vectors the index finds, for a sample of the stored ones; None where there
    is no index, or part of the vectors is not in it yet."""
    chance = random.Random(seed)
    with db.reading() as run:
        model = find_serving(read_models(run))
    if model is None or not 0 < model.vectors == model.indexed:
        return None
    queries: dict[str, bytes] = {}
    script = f"?[key, vector] := *{model.names.vectors}{{bucket: $bucket, embed_key: key, vector}}"
    buckets = list(range(BUCKETS))
    chance.shuffle(buckets)
    share = -(-sample // BUCKETS)
    while buckets and len(queries) < sample:
        rows = db.query(script, {"bucket": buckets.pop()})
        for key, vector in chance.sample(rows, min(max(share, sample // 64), len(rows))):
            queries[key] = vector
    hits = total = 0
    for query in list(queries.values())[:sample]:
        query = normalised(query, model.dimension)
        expected = _exact_similarities(db, model, query, k)
        with db.reading() as run:
            near = read_vectors(run, model.number, list(_nearest_keys(run, model, query, k))[:k])
        found = compare(query, list(near.values()))
        worst = expected[-1] - 1e-6
        hits += min(len(expected), sum(similarity >= worst for similarity in found))
        total += len(expected)
    return RecallReport(hits / total if total else 1.0, min(sample, len(queries)), model.vectors, k)


def _exact_similarities(db: Database, model: StoredModel, query: bytes, k: int) -> list[float]:
    _, portions = exact_index(db, model.number, model.dimension).nearest(query)
    found: list[float] = []
    with db.reading() as run:
        for portion in portions:
            vectors = read_vectors(run, model.number, portion.keys)
            found = sorted([*found, *compare(query, list(vectors.values()))], reverse=True)[:k]
            if len(found) == k and found[-1] >= portion.rest:
                break
    return found
