"""The nearest nodes, by all ways, against a comparison of everything with everything."""

from __future__ import annotations

import functools
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store import exact, meaning, nearest, queries, vectors, writes
from store.database import Database
from store.migrations import open_database
from store.model import FileFacts, FileUpdate, MeantFile, NodeMeaning
from store.vectors import Filters, Nearest
from tests.store.toy_workspace import NAMES, File, Item, digest, facts_of, fill

DIMENSION = 32
KINDS = ["function", "method", "method", "struct"]


class Index:
    """A store of many nodes, and the same in plain sight."""

    def __init__(self, db: Database, files: int, nodes: int, seed: int = 0) -> None:
        self.db = db
        self.chance = np.random.default_rng(seed)
        self.centres = self.chance.standard_normal((max(1, files * nodes // 40), DIMENSION))
        self.facts: dict[str, FileFacts] = {}
        self.nodes: dict[str, tuple[str, str, str, bool]] = {}  # path, crate, kind, is_test
        self.keys: dict[str, str] = {}
        self.confidence: dict[str, float] = {}
        self.noise = 0.5
        self.vectors: dict[str, Any] = {}
        vectors.use_model(db, "toy", DIMENSION)
        meaning.begin_meaning(db, "toy")
        for n in range(files):
            self.add_file(f"{'src' if n % 2 else 'tests'}/f{n}.rs", nodes, f"crate{n % 3}")

    def add_file(self, path: str, count: int, crate: str) -> None:
        items = tuple(Item(NAMES[i % 4], i % 3, (), False) for i in range(count))
        facts = facts_of(path, File(items, 1, crate))
        nodes = tuple(node._replace(kind=KINDS[i % 4]) for i, node in enumerate(facts.nodes))
        facts = facts._replace(nodes=nodes)
        writes.ingest_file_batch(self.db, [FileUpdate(path, None, facts)])
        self.facts[path] = facts
        for node in nodes:
            self.nodes[node.id] = (path, crate, node.kind, node.is_test)
            self.confidence[node.id] = self.chance.integers(0, 5) / 4
        self.mean(path, [digest(node.id) for node in nodes])

    def mean(self, path: str, keys: Sequence[str]) -> None:
        """Give the file's nodes these keys, and vectors to those that have none."""
        facts = self.facts[path]
        found = []
        for node, key in zip(facts.nodes, keys, strict=True):
            self.keys[node.id] = key
            found.append(NodeMeaning(node.id, key, key, "Run", "rule_based", self.confidence[node.id]))
        as_of = queries.clock(self.db)
        meaning.replace_meanings(self.db, [MeantFile(path, facts.record.hash, as_of, tuple(found))])
        self.put([key for key in dict.fromkeys(keys) if key not in self.vectors])

    def put(self, keys: Sequence[str]) -> None:
        rows = []
        for key in keys:
            centre = self.centres[self.chance.integers(len(self.centres))]
            vector = centre + self.noise * self.chance.standard_normal(DIMENSION)
            self.vectors[key] = (vector / np.linalg.norm(vector)).astype("<f4")
            rows.append((key, self.vectors[key].tobytes()))
        vectors.put_vectors(self.db, "toy", rows)

    def remove_file(self, path: str) -> None:
        facts = self.facts.pop(path)
        writes.ingest_file_batch(self.db, [FileUpdate(path, facts, None)])
        for node in facts.nodes:
            for known in (self.nodes, self.keys, self.confidence):
                del known[node.id]

    def query(self) -> Any:
        centre = self.centres[self.chance.integers(len(self.centres))]
        return (3 * (centre + self.noise * self.chance.standard_normal(DIMENSION))).astype("<f4")

    def expected(self, query: Any, k: int, passes: Callable[[str], bool]) -> list[tuple[str, float]]:
        """Of the 3k (at least 32) nodes with the highest cosine, the k with the highest weighted one."""
        ids = [id_ for id_ in self.nodes if passes(id_)]
        if not ids:
            return []
        matrix = np.array([self.vectors[self.keys[id_]] for id_ in ids], np.float64)
        cosines = matrix @ query.astype(np.float64) / np.linalg.norm(query.astype(np.float64))
        cosines /= np.linalg.norm(matrix, axis=1)
        pool = sorted(zip(cosines.tolist(), ids, strict=True), key=lambda one: (-one[0], one[1]))
        best = pool[: max(32, 3 * k)]
        best.sort(key=lambda one: (-one[0] * (0.8 + 0.2 * self.confidence[one[1]]), one[1]))
        return [(id_, cosine) for cosine, id_ in best[:k]]

    def check(self, found: Nearest, expected: list[tuple[str, float]]) -> None:
        assert [one.id for one in found.neighbours] == [id_ for id_, _ in expected]
        assert [one.similarity for one in found.neighbours] == pytest.approx(
            [c for _, c in expected], abs=1e-5
        )

    def check_nearly(self, found: Nearest, expected: list[tuple[str, float]]) -> None:
        """What the index may miss: how it is built is left to chance."""
        same = {one.id for one in found.neighbours} & {id_ for id_, _ in expected}
        assert len(found.neighbours) == len(expected)
        assert len(same) >= 0.8 * len(expected)
        cosines = dict(expected)
        for one in found.neighbours:
            assert one.similarity == pytest.approx(cosines.get(one.id, one.similarity), abs=1e-5)

    def build_index(self) -> None:
        while vectors.index_vectors(self.db, 64, above=0):
            pass


@pytest.fixture
def index(db: Database) -> Index:
    return Index(db, files=8, nodes=60)


FILTERS: list[tuple[Filters, Callable[[Index, str], bool]]] = [
    (Filters(), lambda index, id_: True),
    (Filters(kinds=frozenset({"struct"})), lambda index, id_: index.nodes[id_][2] == "struct"),
    (Filters(crates=frozenset({"crate1"})), lambda index, id_: index.nodes[id_][1] == "crate1"),
    (Filters(under="src"), lambda index, id_: index.nodes[id_][0].startswith("src/")),
    (Filters(under="src/f1.rs"), lambda index, id_: index.nodes[id_][0] == "src/f1.rs"),
    (Filters(tests=True), lambda index, id_: index.nodes[id_][3]),
    (Filters(tests=False), lambda index, id_: not index.nodes[id_][3]),
    (Filters(kinds=frozenset({"union"})), lambda index, id_: False),
    (
        Filters(frozenset({"method", "struct"}), frozenset({"crate0", "crate1"}), "src", tests=False),
        lambda index, id_: (
            index.nodes[id_][0].startswith("src/")
            and index.nodes[id_][1] in ("crate0", "crate1")
            and index.nodes[id_][2] in ("method", "struct")
            and not index.nodes[id_][3]
        ),
    ),
]


@pytest.mark.parametrize("number", range(len(FILTERS)))
@pytest.mark.parametrize("few", [0, 100, 10_000])
def test_exact_search_finds_what_comparing_everything_finds(
    index: Index, number: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where few nodes pass, which are then looked at one by one."""
    monkeypatch.setattr(nearest, "FEW_NODES", few)
    monkeypatch.setattr(nearest, "_LONG_WALK_KEYS", 150)
    filters, passes = FILTERS[number]
    for k in (1, 10, 25):
        query = index.query()
        found = vectors.ann_top_k(index.db, query.tobytes(), k, filters)
        index.check(found, index.expected(query, k, lambda id_: passes(index, id_)))


def test_vectors_nearer_to_each_other_than_a_byte_can_tell_come_in_the_right_order(index: Index) -> None:
    index.noise = 0.003
    index.centres = index.centres[:1]
    index.put(sorted(index.vectors))
    for _ in range(5):
        query = index.query()
        found = vectors.ann_top_k(index.db, query.tobytes(), 10)
        index.check(found, index.expected(query, 10, lambda id_: True))


def test_no_portion_holds_a_key_nearer_than_was_promised(index: Index) -> None:
    for noise in (0.5, 0.01):
        index.noise = noise
        index.put(sorted(index.vectors))
        query = index.query()
        normal = exact.normalised(query.tobytes(), DIMENSION)
        count, portions = exact.exact_index(index.db, 1, DIMENSION).nearest(normal)
        rest, keys = float("inf"), set()
        for portion in portions:
            stored = [index.vectors[key].tobytes() for key in portion.keys]
            assert max(exact.compare(normal, stored)) <= rest
            rest = portion.rest
            keys.update(portion.keys)
        assert keys == set(index.vectors)
        assert count == len(keys)
        assert rest == float("-inf")


def test_nodes_can_be_left_out_by_id(index: Index) -> None:
    query = index.query()
    first = vectors.ann_top_k(index.db, query.tobytes(), 5)
    ids = frozenset(one.id for one in first.neighbours)
    found = vectors.ann_top_k(index.db, query.tobytes(), 5, Filters(exclude=ids))
    index.check(found, index.expected(query, 5, lambda id_: id_ not in ids))
    assert found.looked_at == len(index.vectors)


def test_more_neighbours_than_nodes_are_all_of_them(index: Index) -> None:
    found = vectors.ann_top_k(index.db, index.query().tobytes(), 10_000)
    assert {one.id for one in found.neighbours} == index.nodes.keys()


def test_every_change_shows_in_the_next_search(index: Index) -> None:
    """Vectors that come, change and go after the matrix was made; nodes that get other keys, or go."""

    def check() -> None:
        for _ in range(3):
            query = index.query()
            found = vectors.ann_top_k(index.db, query.tobytes(), 12)
            index.check(found, index.expected(query, 12, lambda id_: True))

    check()
    index.add_file("new.rs", 40, "crate9")
    check()
    index.mean("new.rs", [digest("other", i) for i in range(40)])
    check()
    index.put(random.Random(1).sample(sorted(index.vectors), 100))
    check()
    index.remove_file("src/f1.rs")
    index.remove_file("tests/f0.rs")
    check()
    vectors.collect_vectors(index.db, 1, 1_000.0)
    assert vectors.collect_vectors(index.db, 1, 1_001.0) == 160
    index.vectors = {key: index.vectors[key] for key in index.keys.values()}
    check()
    assert vectors.ann_top_k(index.db, index.query().tobytes(), 1).looked_at == len(index.vectors)
    assert vectors.exact_bytes(index.db) > 0
    assert vectors.release_exact(index.db, 60.0) == 0
    assert vectors.release_exact(index.db) > 0
    assert vectors.exact_bytes(index.db) == 0
    check()


def test_the_matrix_is_made_anew_once_most_of_it_has_gone(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "_BLOCK_ROWS", 64)
    query = index.query()
    for _ in range(9):
        index.put(sorted(index.vectors))
        found = vectors.ann_top_k(index.db, query.tobytes(), 10)
        index.check(found, index.expected(query, 10, lambda id_: True))
    assert vectors.exact_bytes(index.db) < 5 * len(index.vectors) * (DIMENSION + 24)


def test_where_all_nodes_have_one_text_any_of_them_is_found_and_the_filters_hold(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "_MOST_ROWS", 50)
    for path in list(index.facts):
        index.mean(path, [digest("same")] * 60)
    assert vectors.missing_vectors(index.db, 10) == []
    query = index.query()
    found = vectors.ann_top_k(index.db, query.tobytes(), 10)
    assert len({one.id for one in found.neighbours}) == 10
    cosines = {one.similarity for one in found.neighbours}
    assert len(cosines) == 1
    filters = Filters(under="src/f7.rs", kinds=frozenset({"struct"}))
    for method in (None, "exact"):
        found = vectors.ann_top_k(index.db, query.tobytes(), 10, filters, method=method)
        assert len(found.neighbours) == 10
        assert {index.nodes[one.id][0] for one in found.neighbours} == {"src/f7.rs"}


@pytest.mark.parametrize(
    "query",
    [b"", np.zeros(DIMENSION, "<f4").tobytes(), np.full(DIMENSION, np.nan, "<f4").tobytes(), b"12345"],
    ids=["empty", "zero", "not a number", "cut"],
)
def test_a_query_that_is_no_vector_is_refused(index: Index, query: bytes) -> None:
    with pytest.raises(ValueError, match="query"):
        vectors.ann_top_k(index.db, query, 3)


def test_an_unknown_model_or_an_absent_index_is_told(index: Index) -> None:
    query = index.query().tobytes()
    with pytest.raises(LookupError, match="unknown"):
        vectors.ann_top_k(index.db, query, 3, model_id="unknown")
    with pytest.raises(LookupError, match="no index"):
        vectors.ann_top_k(index.db, query, 3, method="hnsw")
    assert vectors.recall_at(index.db) is None


# ------------------------------------------------------------------ the index


def test_the_index_is_made_where_there_are_many_vectors_and_then_answers(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vectors.index_vectors(index.db) == 0, "so few need none"
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 100)
    steps = 0
    while left := vectors.index_vectors(index.db, 100, above=100):
        steps += 1
        assert left <= len(index.vectors)
        if steps == 2:
            found = vectors.ann_top_k(index.db, index.query().tobytes(), 5)
            assert found.method == "hnsw" if left <= 500 else "exact"
    (model,) = vectors.vector_models(index.db)
    assert model.indexed == model.vectors == len(index.vectors)
    for number, (filters, passes) in enumerate(FILTERS):
        query = index.query()
        found = vectors.ann_top_k(index.db, query.tobytes(), 10, filters)
        index.check_nearly(found, index.expected(query, 10, functools.partial(passes, index)))
        if number == 0:
            assert found.method == "hnsw"
            assert found.looked_at < len(index.vectors)


def test_vectors_that_are_not_in_the_index_yet_are_found_all_the_same(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 100)
    index.build_index()
    index.add_file("new.rs", 40, "crate9")
    index.put(sorted(index.vectors)[:50])
    assert vectors.vector_models(index.db)[0].indexed == 480
    assert vectors.recall_at(index.db) is None
    for _ in range(5):
        query = index.query()
        found = vectors.ann_top_k(index.db, query.tobytes(), 10)
        assert found.method == "hnsw"
        index.check_nearly(found, index.expected(query, 10, lambda id_: True))
    index.build_index()
    assert vectors.vector_models(index.db)[0].indexed == len(index.vectors)


def test_what_the_index_lost_is_found_again(index: Index) -> None:
    """A store that was killed while marks were being set up, or whose counts are off."""
    index.build_index()
    index.db.transact("?[embed_key] := *near_1{embed_key} :limit 20 :rm near_1 {embed_key}")
    index.db.transact(
        "?[number, indexed] := *vector_models{number}, indexed = 100 :update vector_models {number, indexed}"
    )
    index.build_index()
    assert vectors.vector_models(index.db)[0].indexed == len(index.vectors)
    assert len(index.db.query("?[embed_key] := *near_1{embed_key}")) == len(index.vectors)


def test_recall_stays_high_after_many_updates_and_deletes(tmp_path: Path) -> None:
    with open_database(tmp_path / "store") as db:
        index = Index(db, files=20, nodes=60)
        index.build_index()
        chance = random.Random(5)
        now = 1_000.0
        for turn in range(6):
            index.put(chance.sample(sorted(index.keys.values()), 80))
            index.remove_file(chance.choice(sorted(index.facts)))
            index.add_file(f"again/g{turn}.rs", 60, "crate1")
            now += 10
            vectors.collect_vectors(db, 5, now)
            index.build_index()
        report = vectors.recall_at(db, 10, 200, seed=3)
        assert report is not None
        assert report.recall >= 0.99, report
        assert (report.sampled, report.k) == (200, 10)
        assert report.vectors == vectors.vector_models(db)[0].vectors > 1_200
        assert vectors.recall_at(db, 10, 200, seed=3) == report, "the same sample"


def test_recall_that_is_bad_is_told(index: Index) -> None:
    """What the index holds is not what is stored any more."""
    index.build_index()
    rows = index.db.query("?[embed_key, vector] := *near_1{embed_key, vector}")
    moved = [[row[0], other[1]] for row, other in zip(rows, rows[7:] + rows[:7], strict=True)]
    index.db.transact("?[embed_key, vector] <- $rows :put near_1 {embed_key => vector}", {"rows": moved})
    report = vectors.recall_at(index.db, 10, 50)
    assert report is not None
    assert report.recall < 0.9


# ------------------------------------------------------------------ what it costs


def test_a_matrix_takes_a_byte_for_each_number_and_little_more(index: Index) -> None:
    vectors.ann_top_k(index.db, index.query().tobytes(), 1)
    rows = 1_024  # a block
    assert vectors.exact_bytes(index.db) <= rows * (DIMENSION + 24) * 1.3


def test_numpy_is_imported_only_to_search() -> None:
    script = (
        "import sys, store.vectors, store.meaning, store.queries;"
        " assert 'numpy' not in sys.modules, 'imported with the store'"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_filling_does_not_need_meanings(tmp_path: Path) -> None:
    """Vectors of keys that no node has yet are kept, and are nobody's neighbours."""
    with open_database(tmp_path / "store") as db:
        fill(db, {"a.rs": File((Item("alpha", 0, (), False),), 1)})
        vectors.use_model(db, "toy", DIMENSION)
        vector = np.ones(DIMENSION, "<f4").tobytes()
        vectors.put_vectors(db, "toy", [(digest("nobody"), vector)])
        assert vectors.ann_top_k(db, vector, 3).neighbours == ()
