"""Vectors in the store: which are missing, which are refused, which models answer, what is collected."""

from __future__ import annotations

import struct
import threading
from pathlib import Path
from typing import Any

import pytest

from store import meaning, snapshot, vectors, writes
from store.database import Database
from store.migrations import open_database
from store.model import FileFacts, FileUpdate, StoredSummary, SummaryKey
from tests.store.toy_meaning import DIMENSION, answers, embed, mean, vector_of
from tests.store.toy_workspace import File, Item, Tree, facts_of, fill

TREE: Tree = {
    "a.rs": File((Item("alpha", 0, (), False), Item("beta", 1, (), False)), 1),
    "src/b.rs": File((Item("gamma", 0, (), False), Item("alpha", 1, (), False)), 1),
}
ALPHA = "a.rs-a-alpha"
KEY = "0123456789abcdef" * 2


def meant(db: Database) -> dict[str, FileFacts]:
    """The tree with its meanings, and no vector yet: three keys of four nodes."""
    facts = fill(db, TREE)
    vectors.use_model(db, "toy", DIMENSION)
    meaning.begin_meaning(db, "toy")
    mean(db, "toy")
    return facts


def change_model(db: Database, model: str, dimension: int = DIMENSION) -> None:
    vectors.use_model(db, model, dimension)
    meaning.begin_meaning(db, model)


def keys(db: Database) -> list[str]:
    return [key for key, _ in vectors.missing_vectors(db, 100)]


# ------------------------------------------------------------------ missing ones


def test_a_key_of_many_nodes_is_missing_once_and_has_one_vector(db: Database) -> None:
    meant(db)
    missing = vectors.missing_vectors(db, 100)
    known = meaning.get_meanings(db, [ALPHA, "src/b.rs-b-alpha"])
    assert len({one.embed_key for one in known.values()}) == 1
    assert len(missing) == 3
    assert len(vectors.missing_vectors(db, 2)) == 2
    assert embed(db, "toy", 2) == 3
    assert vectors.missing_vectors(db, 100) == []
    assert vectors.vector_models(db) == [vectors.VectorModel("toy", DIMENSION, 3, -1, True, True)]


def test_a_key_that_nobody_has_any_more_is_not_missing(db: Database) -> None:
    facts = meant(db)
    update = FileUpdate("src/b.rs", facts["src/b.rs"], None)
    writes.ingest_file_batch(db, [update])
    missing = dict(vectors.missing_vectors(db, 100))
    assert sorted(missing.values()) == [ALPHA, "a.rs-a-beta"]
    assert meaning.meaning_counts(db).missing_vectors == 2


def test_the_keys_of_a_saved_file_come_first(db: Database) -> None:
    tree = {f"f{i}.rs": File((Item("alpha", 1, (), False, cfg=str(i)),), 1) for i in range(3)}
    facts = fill(db, {**TREE, **tree})
    vectors.use_model(db, "toy", DIMENSION)
    meaning.begin_meaning(db, "toy")
    mean(db, "toy")
    new = facts_of("f1.rs", File((Item("délta", 1, (), False), Item("gamma", 1, (), False)), 1))
    writes.ingest_file_batch(db, [FileUpdate("f1.rs", facts["f1.rs"], new)])
    mean(db, "toy")
    first = vectors.missing_vectors(db, 2)
    wanted = meaning.known_meanings(db, "f1.rs").values()
    assert {key for key, _ in first} == {one.embed_key for one in wanted}
    assert len(vectors.missing_vectors(db, 100)) == len(set(keys(db))) == 4


def test_a_refused_key_is_not_missing_until_it_is_tried_again(db: Database) -> None:
    meant(db)
    first, *rest = keys(db)
    vectors.refuse_vectors(db, [(first, "too long"), (KEY, "nobody has it")])
    vectors.refuse_vectors(db, [])
    assert keys(db) == rest
    change = facts_of("c.rs", TREE["a.rs"])
    writes.ingest_file_batch(db, [FileUpdate("c.rs", None, change)])
    mean(db, "toy")
    assert keys(db) == rest, "another node with the refused text"
    assert vectors.retry_refused(db) == 1
    assert set(keys(db)) == {first, *rest}
    assert vectors.retry_refused(db) == 0


# ------------------------------------------------------------------ good and bad vectors


def test_vectors_come_back_bit_by_bit(db: Database) -> None:
    meant(db)
    rows = [(key, vector_of(key)) for key in keys(db)]
    vectors.put_vectors(db, "toy", rows)
    assert vectors.vectors_of(db, [key for key, _ in rows] + [KEY]) == dict(rows)
    assert vectors.vectors_of(db, [rows[0][0]], "toy") == dict(rows[:1])
    assert vectors.vectors_of(db, [rows[0][0]], "unknown") == {}
    assert vectors.vector_of_node(db, ALPHA) in [("toy", vector) for _, vector in rows]
    assert vectors.vector_of_node(db, "nobody") is None


@pytest.mark.parametrize(
    "vector",
    [
        struct.pack("<8f", *[0.0] * 8),
        struct.pack("<8f", *[0.1] * 7, float("nan")),
        struct.pack("<8f", *[0.1] * 7, float("inf")),
        struct.pack("<7f", *[0.1] * 7),
        struct.pack("<9f", *[0.1] * 9),
        vector_of(KEY)[:-1],
        b"",
    ],
    ids=["zero", "not a number", "infinite", "too short", "too long", "cut", "empty"],
)
def test_a_bad_vector_is_refused_with_all_that_came_with_it(db: Database, vector: bytes) -> None:
    meant(db)
    good, *_ = keys(db)
    with pytest.raises(ValueError, match=r"dimension|numbers|zero"):
        vectors.put_vectors(db, "toy", [(good, vector_of(good)), (KEY, vector)])
    assert vectors.vectors_of(db, [good, KEY]) == {}
    assert good in keys(db)


@pytest.mark.parametrize("key", ["", "short", "g" * 32, "0" * 31 + " ", "0" * 33])
def test_a_key_that_is_no_hash_is_refused(db: Database, key: str) -> None:
    meant(db)
    with pytest.raises(ValueError, match="key of a vector"):
        vectors.put_vectors(db, "toy", [(key, vector_of("any"))])


def test_vectors_of_an_unknown_model_are_dropped(db: Database) -> None:
    meant(db)
    vectors.put_vectors(db, "another", [(KEY, vector_of(KEY))])
    vectors.put_vectors(db, "toy", [])
    assert vectors.vectors_of(db, [KEY]) == {}


# ------------------------------------------------------------------ models


def test_without_a_model_there_are_no_vectors_and_nothing_fails(db: Database) -> None:
    fill(db, TREE)
    meaning.begin_meaning(db, "toy")
    mean(db, "toy")
    assert vectors.serving_model(db) is None
    assert vectors.missing_vectors(db, 10) == []
    assert vectors.vectors_of(db, [KEY]) == {}
    assert vectors.vector_of_node(db, ALPHA) is None
    assert vectors.collect_vectors(db, 0, 1.0) == 0
    assert vectors.index_vectors(db) == 0
    assert vectors.recall_at(db) is None
    assert vectors.retry_refused(db) == 0
    vectors.refuse_vectors(db, [(KEY, "no")])
    with pytest.raises(LookupError, match="no vectors"):
        vectors.ann_top_k(db, vector_of(KEY), 3)
    vectors.use_model(db, "toy", DIMENSION)
    assert meaning.begin_meaning(db, "toy") is True, "keys were made before there was a model to link them"
    mean(db, "toy")
    assert embed(db, "toy") == 3


def test_the_old_model_answers_until_the_new_one_is_complete(db: Database) -> None:
    meant(db)
    embed(db, "toy")
    query = vectors.vectors_of(db, [meaning.get_meanings(db, [ALPHA])[ALPHA].embed_key]).popitem()[1]
    change_model(db, "new", 3)
    for step in ("nothing made", "some meanings", "all meanings", "one vector less", "refused"):
        if step == "some meanings":
            mean_one(db, "new")
        elif step == "all meanings":
            mean(db, "new")
        elif step == "one vector less":
            rows = [(key, vector_of(key, 3)) for key in keys(db)[1:]]
            vectors.put_vectors(db, "new", rows)
        answer = vectors.ann_top_k(db, query, 2)
        assert (answer.model_id, answer.is_old) == ("toy", True)
        assert ALPHA in {one.id for one in answer.neighbours}, step
        old = vectors.vector_of_node(db, ALPHA)
        assert old == ("toy", query)
        with pytest.raises(ValueError, match="numbers"):
            vectors.ann_top_k(db, struct.pack("<3f", 1, 2, 3), 2)
    part = vectors.ann_top_k(db, struct.pack("<3f", 1, 2, 3), 9, model_id="new")
    assert (part.model_id, part.is_old, part.looked_at) == ("new", False, 2)
    vectors.refuse_vectors(db, [(key, "cannot be had") for key in keys(db)])
    answer = vectors.ann_top_k(db, struct.pack("<3f", 1, 2, 3), 9)
    assert (answer.model_id, answer.is_old, len(answer.neighbours)) == ("new", False, len(part.neighbours))
    assert [model.model_id for model in vectors.vector_models(db) if model.is_serving] == ["new"]


def mean_one(db: Database, model: str) -> None:
    meaning.replace_meanings(db, answers(db, meaning.pending_meanings(db, 1), model))


def test_going_back_to_a_model_makes_no_vector_anew(db: Database) -> None:
    meant(db)
    embed(db, "toy")
    before = meaning.dump_meaning(db)
    change_model(db, "new")
    mean(db, "new")
    assert embed(db, "new") == 3
    change_model(db, "toy")
    mean(db, "toy")
    assert keys(db) == []
    assert meaning.dump_meaning(db) == before
    assert [m.model_id for m in vectors.vector_models(db) if m.is_serving] == ["toy"]


def test_what_a_node_meant_when_a_model_was_last_wanted_does_not_come_back_with_it(db: Database) -> None:
    facts = meant(db)
    embed(db, "toy")
    before = meaning.get_meanings(db, [ALPHA])[ALPHA].embed_key
    change_model(db, "new")
    other = File((Item("alpha", 0, (), False, exact=False), Item("beta", 1, (), False)), 1)
    now = facts_of("a.rs", other)
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], now)])
    for model in ("new", "toy"):
        change_model(db, model)
        mean(db, model)
        embed(db, model)
    after = meaning.get_meanings(db, [ALPHA])[ALPHA].embed_key
    assert before != after
    found = vectors.ann_top_k(db, vector_of(before), 100)
    (alpha,) = [one for one in found.neighbours if one.id == ALPHA]
    assert alpha.similarity < 0.9
    change_model(db, "new")  # toy serves on, and knows the node by both
    writes.ingest_file_batch(db, [FileUpdate("a.rs", now, facts["a.rs"])])
    mean(db, "new")
    found = vectors.ann_top_k(db, vector_of(before), 100, model_id="toy")
    assert len([one for one in found.neighbours if one.id == ALPHA]) == 1


def test_a_model_cannot_have_two_dimensions(db: Database) -> None:
    meant(db)
    with pytest.raises(ValueError, match="another name"):
        vectors.use_model(db, "toy", DIMENSION + 1)
    with pytest.raises(ValueError, match="embedding model"):
        vectors.use_model(db, "none", 0)


def test_an_unused_model_goes_after_its_time_with_all_of_its_relations(db: Database) -> None:
    before = {row[0] for row in db.query("::relations")}
    meant(db)
    embed(db, "toy")
    while vectors.index_vectors(db, above=0):
        pass
    change_model(db, "new")
    mean(db, "new")
    embed(db, "new")
    assert vectors.collect_vectors(db, 60, 1_000.0) == 0
    assert vectors.collect_vectors(db, 60, 1_059.0) == 0
    assert vectors.collect_vectors(db, 60, 1_060.0) == 3
    assert [model.model_id for model in vectors.vector_models(db)] == ["new"]
    made = {row[0] for row in db.query("::relations")} - before
    assert made == {"vectors_2", "vector_links_2", "vectors_missing_2"}


# ------------------------------------------------------------------ what nobody needs


def test_a_vector_that_no_node_has_is_collected_after_its_time(db: Database) -> None:
    facts = meant(db)
    embed(db, "toy")
    gone = File((Item("gamma", 0, (), False),), 1)  # its alpha is that of a.rs
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], facts_of("a.rs", gone))])
    mean(db, "toy")
    assert vectors.collect_vectors(db, 60, 1_000.0) == 0
    assert vectors.collect_vectors(db, 60, 1_059.0) == 0
    assert vectors.collect_vectors(db, 60, 1_060.0) == 1, "beta"
    assert vectors.vector_models(db)[0].vectors == 2
    assert vectors.collect_vectors(db, 60, 2_000.0) == 0


def test_a_vector_that_is_needed_again_in_time_stays_and_its_time_begins_anew(db: Database) -> None:
    facts = meant(db)
    embed(db, "toy")
    away = facts_of("a.rs", File((), 1))
    for now in (1_000.0, 1_100.0):
        writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], away)])
        assert vectors.collect_vectors(db, 60, now) == 0
        assert vectors.collect_vectors(db, 60, now + 50) == 0
        writes.ingest_file_batch(db, [FileUpdate("a.rs", away, facts["a.rs"])])
        mean(db, "toy")
        assert keys(db) == []
        assert vectors.collect_vectors(db, 60, now + 70) == 0


def test_a_vector_that_a_node_has_got_since_it_was_looked_at_stays(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = meant(db)
    embed(db, "toy")
    away = facts_of("a.rs", File((), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], away)])
    assert vectors.collect_vectors(db, 5, 1_000.0) == 0

    def come_back(*args: Any) -> int:
        monkeypatch.undo()
        writes.ingest_file_batch(db, [FileUpdate("a.rs", away, facts["a.rs"])])
        mean(db, "toy")
        return vectors._remove_unlinked(*args)

    monkeypatch.setattr(vectors, "_remove_unlinked", come_back)
    assert vectors.collect_vectors(db, 5, 1_100.0) == 0
    assert keys(db) == []
    assert vectors.vector_models(db)[0].vectors == 3


# ------------------------------------------------------------------ copies of a store


def test_a_backup_holds_meanings_and_vectors_and_a_snapshot_leaves_them_out(tmp_path: Path) -> None:
    with open_database(tmp_path / "store") as db:
        facts = meant(db)
        embed(db, "toy")
        while vectors.index_vectors(db, above=0):
            pass
        whole = meaning.dump_meaning(db)
        snapshot.backup(db, tmp_path / "copy.sqlite")
        with open(tmp_path / "copy.json", "wb") as file:
            snapshot.export_snapshot(db, file)
    snapshot.restore_backup(tmp_path / "restored", tmp_path / "copy.sqlite")
    with open_database(tmp_path / "restored") as db:
        assert meaning.dump_meaning(db) == whole
        query = vector_of(meaning.get_meanings(db, [ALPHA])[ALPHA].embed_key)
        assert ALPHA in {one.id for one in vectors.ann_top_k(db, query, 2, method="hnsw").neighbours}
        new = facts_of("a.rs", File((Item("délta", 0, (), False),), 1))
        writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], new)])
        mean(db, "toy")
        assert embed(db, "toy") == 1
        assert vectors.index_vectors(db) == 0
        assert vectors.recall_at(db, 2) is not None
    with open(tmp_path / "copy.json", "rb") as file:
        snapshot.import_snapshot(tmp_path / "imported", file)
    with open_database(tmp_path / "imported") as db:
        assert meaning.meant_by(db) is None
        assert vectors.vector_models(db) == []
        assert b"Run alpha" not in (tmp_path / "copy.json").read_bytes()
        change_model(db, "toy")
        mean(db, "toy")
        embed(db, "toy")
        assert meaning.dump_meaning(db) == whole


def test_what_hangs_on_content_alone_is_carried_over_to_a_store_that_is_made_anew(db: Database) -> None:
    meant(db)
    embed(db, "toy")
    said = StoredSummary(SummaryKey("meaning", "model", "prompt", "params"), "Run", "llm_assisted", 0.5, 1.0)
    meaning.upsert_summaries(db, [said])
    whole = meaning.dump_meaning(db)
    change_model(db, "new")
    mean_one(db, "new")
    embed(db, "new")
    half = meaning.dump_meaning(db)
    with open_database(None, "mem") as fresh:
        assert snapshot.carry_over(fresh, db) == 3 + len(half["vectors"]) > 3
        fill(fresh, TREE)
        assert meaning.get_summaries(fresh, [said.key]) == {said.key: said}
        (wanted,) = [model for model in vectors.vector_models(fresh) if model.is_wanted]
        assert (wanted.model_id, wanted.is_serving) == ("new", True)
        change_model(fresh, "toy")
        mean(fresh, "toy")
        assert keys(fresh) == []
        assert meaning.dump_meaning(fresh) == whole


def test_searches_and_puts_from_many_threads_do_not_wait_for_each_other_for_ever(db: Database) -> None:
    meant(db)
    embed(db, "toy")
    failures: list[BaseException] = []

    def search() -> None:
        try:
            for i in range(60):
                vectors.ann_top_k(db, vector_of(str(i)), 3)
                vectors.release_exact(db, 0.0 if i % 7 == 0 else 60.0)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    rows = [(f"{i:032x}", vector_of(str(i))) for i in range(60)]
    for row in rows:
        vectors.put_vectors(db, "toy", [row])
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert failures == []
