"""What nodes mean: which files wait for it, what is stored, what a reader can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store import meaning, queries, vectors, writes
from store.bulk import ingest_packed_files, pack_file
from store.database import Database
from store.model import FileFacts, FileUpdate, MeantFile, NodeMeaning, StoredSummary, SummaryKey
from store.schema import Rank
from tests.store.toy_meaning import answers, embed, made_of, mean
from tests.store.toy_workspace import File, Item, Tree, facts_of, fill

TREE: Tree = {
    "a.rs": File((Item("alpha", 0, (), False), Item("beta", 1, (), False)), 1),
    "src/b.rs": File((Item("gamma", 0, (), False),), 1),
    "src/empty.rs": File((), 1),
}
ALPHA, BETA, GAMMA = "a.rs-a-alpha", "a.rs-a-beta", "src/b.rs-b-gamma"


def kept(db: Database) -> dict[str, FileFacts]:
    """The tree, with all meanings and vectors made."""
    facts = fill(db, TREE)
    vectors.use_model(db, "toy", 8)
    meaning.begin_meaning(db, "toy")
    mean(db, "toy")
    embed(db, "toy")
    return facts


def edit(db: Database, old: FileFacts, file: File | None) -> FileFacts | None:
    path = old.record.path
    new = facts_of(path, file) if file is not None else None
    writes.ingest_file_batch(db, [FileUpdate(path, old, new)])
    return new


def paths(db: Database) -> list[str]:
    return [file.path for file in meaning.pending_meanings(db)]


# ------------------------------------------------------------------ what has to be made


def test_a_store_keeps_no_meanings_until_it_is_told_to(db: Database) -> None:
    facts = fill(db, TREE)
    made = made_of(facts["a.rs"], "", queries.clock(db))
    assert meaning.meant_by(db) is None
    assert paths(db) == []
    assert meaning.replace_meanings(db, [made]).changes == ()
    assert meaning.get_meanings(db, [ALPHA]) == {}


def test_with_another_tag_every_file_with_nodes_is_pending_and_what_is_stored_serves_on(db: Database) -> None:
    kept(db)
    before = meaning.known_meanings(db, "a.rs")
    assert meaning.begin_meaning(db, "toy") is False
    assert paths(db) == []
    assert meaning.begin_meaning(db, "toy 2") is True
    assert meaning.meant_by(db) == "toy 2"
    assert paths(db) == ["a.rs", "src/b.rs"]
    assert meaning.pending_meaning_count(db) == 2
    assert {file.rank for file in meaning.pending_meanings(db)} == {Rank.SWEEP}
    assert meaning.known_meanings(db, "a.rs") == before


def test_an_answer_from_before_another_tag_clears_no_mark(db: Database) -> None:
    kept(db)
    edit(db, facts_of("src/b.rs", TREE["src/b.rs"]), File((Item("gamma", 1, (), False),), 1))
    late = answers(db, meaning.pending_meanings(db), "toy")
    meaning.begin_meaning(db, "toy 2")
    meaning.replace_meanings(db, late)
    assert paths(db) == ["a.rs", "src/b.rs"]


def test_a_saved_file_goes_before_those_of_a_sweep(db: Database) -> None:
    facts = kept(db)
    meaning.begin_meaning(db, "toy 2")
    edit(db, facts["src/b.rs"], File((Item("gamma", 1, (), False),), 1))
    first, *rest = meaning.pending_meanings(db)
    assert (first.path, first.rank) == ("src/b.rs", Rank.SAVED)
    assert [file.path for file in rest] == ["a.rs"]
    assert [file.path for file in meaning.pending_meanings(db, 1)] == ["src/b.rs"]


def test_white_space_and_comments_make_nothing_pending(db: Database) -> None:
    facts = kept(db)
    old = facts["a.rs"]
    nodes = tuple(node._replace(hash="0" * 32) for node in old.nodes)
    spans = tuple(span._replace(end_byte=span.end_byte + 1) for span in old.spans)
    new = old._replace(nodes=nodes, spans=spans, record=old.record._replace(hash="f" * 32))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new)])
    assert paths(db) == []


@pytest.mark.parametrize(
    "file",
    [
        File((Item("alpha", 2, (), False), Item("beta", 1, (), False)), 1),
        File((Item("alpha", 0, (), False, exact=False), Item("beta", 1, (), False)), 1),
        File((Item("alpha", 0, (), False),), 1),
        File((Item("alpha", 0, (), False), Item("beta", 1, (), False), Item("gamma", 0, (), False)), 1),
    ],
    ids=["a body", "a signature", "a node less", "a node more"],
)
def test_a_file_whose_nodes_are_others_is_pending(db: Database, file: File) -> None:
    facts = kept(db)
    edit(db, facts["a.rs"], file)
    assert paths(db) == ["a.rs"]


def test_files_of_a_first_index_into_a_store_that_keeps_meanings_are_pending(db: Database) -> None:
    meaning.begin_meaning(db, "toy")
    ingest_packed_files(db, [pack_file(facts_of(path, file)) for path, file in TREE.items()])
    assert paths(db) == ["a.rs", "src/b.rs"]
    assert {file.rank for file in meaning.pending_meanings(db)} == {Rank.SWEEP}


def test_a_mark_that_is_younger_than_the_answer_stays(db: Database) -> None:
    facts = kept(db)
    other = edit(db, facts["a.rs"], File((Item("alpha", 2, (), False),), 1))
    late = answers(db, meaning.pending_meanings(db), "toy")
    assert other is not None
    back = edit(db, other, File((Item("alpha", 1, (), False),), 1))
    assert back is not None
    edit(db, back, File((Item("alpha", 2, (), False),), 1))
    meaning.replace_meanings(db, late)  # of the same bytes, and there may be more to it
    assert paths(db) == ["a.rs"]


def test_an_answer_about_other_bytes_is_left_out(db: Database) -> None:
    facts = kept(db)
    edit(db, facts["a.rs"], File((Item("alpha", 2, (), False),), 1))
    late = answers(db, meaning.pending_meanings(db), "toy")
    now = facts_of("a.rs", File((Item("alpha", 1, (), False),), 1))
    edit(
        db, facts_of("a.rs", File((Item("alpha", 2, (), False),), 1)), File((Item("alpha", 1, (), False),), 1)
    )
    stored = meaning.known_meanings(db, "a.rs")
    assert meaning.replace_meanings(db, late).changes == ()
    assert meaning.known_meanings(db, "a.rs") == stored
    assert [file.hash for file in meaning.pending_meanings(db)] == [now.record.hash]


# ------------------------------------------------------------------ what is stored


def test_meanings_come_back_as_they_were_stored(db: Database) -> None:
    facts = kept(db)
    expected = {one.id: one for one in made_of(facts["a.rs"], "toy", 0).meanings}
    assert meaning.known_meanings(db, "a.rs") == expected
    assert meaning.get_meanings(db, [BETA, GAMMA, "nobody"]).keys() == {BETA, GAMMA}
    assert meaning.known_meanings(db, "no such file") == {}


def test_a_commit_names_the_nodes_whose_line_is_another_and_no_others(db: Database) -> None:
    facts = kept(db)
    clock = queries.clock(db)
    stored = made_of(facts["a.rs"], "toy", clock)
    alpha, beta = stored.meanings
    again = meaning.replace_meanings(db, [stored])
    assert (again.clock, again.changes) == (clock, ())
    other = stored._replace(meanings=(alpha._replace(input_key="new"), beta._replace(one_line="Rest")))
    commit = meaning.replace_meanings(db, [other])
    assert commit.clock == clock + 1
    assert [change.changed for change in commit.changes] == [(BETA,)]
    assert queries.changes_since(db, clock).entries == ((clock + 1, commit.changes[0]),)
    assert meaning.get_meanings(db, [ALPHA])[ALPHA].input_key == "new"
    gone = meaning.replace_meanings(db, [stored._replace(meanings=(alpha,))])
    assert [change.changed for change in gone.changes] == [(BETA,)]
    assert BETA not in meaning.get_meanings(db, [BETA])


def test_a_meaning_goes_in_the_very_commit_that_takes_its_node(db: Database) -> None:
    facts = kept(db)
    query = vectors.vectors_of(db, [meaning.get_meanings(db, [BETA])[BETA].embed_key])
    (vector,) = query.values()
    assert [one.id for one in vectors.ann_top_k(db, vector, 1).neighbours] == [BETA]
    edit(db, facts["a.rs"], File((Item("alpha", 0, (), False),), 1))
    assert meaning.get_meanings(db, [ALPHA, BETA]).keys() == {ALPHA}
    assert BETA not in [one.id for one in vectors.ann_top_k(db, vector, 9).neighbours]
    assert meaning.insufficient(db) == []


def test_a_file_that_goes_leaves_nothing_behind(db: Database) -> None:
    facts = kept(db)
    edit(db, facts["src/b.rs"], None)
    one = edit(db, facts["a.rs"], File((Item("alpha", 2, (), False),), 1))
    assert one is not None
    edit(db, one, None)
    dump = meaning.dump_meaning(db)
    assert {name: rows for name, rows in dump.items() if rows} == {}


def test_moving_a_file_needs_no_vector(db: Database) -> None:
    facts = kept(db)
    moved = facts_of("z/deep/c.rs", TREE["src/b.rs"])
    writes.ingest_file_batch(
        db,
        [FileUpdate("src/b.rs", facts["src/b.rs"], None), FileUpdate("z/deep/c.rs", None, moved)],
    )
    mean(db, "toy")
    assert vectors.missing_vectors(db, 10) == []
    assert vectors.collect_vectors(db, 0, 1.0) == 0


def test_files_with_very_many_nodes_are_stored_in_several_transactions(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "_NODES_AT_ONCE", 2)
    items = tuple(Item("alpha", i % 3, (), False) for i in range(5))
    tree = {**TREE, "src/ü.rs": File(items, 1)}
    fill(db, tree)
    meaning.begin_meaning(db, "toy")
    clock = queries.clock(db)
    commit = meaning.replace_meanings(db, answers(db, meaning.pending_meanings(db), ""))
    assert commit.clock == queries.clock(db) == clock + 4
    assert paths(db) == []
    for path, file in tree.items():
        expected = {one.id: one for one in made_of(facts_of(path, file), "", 0).meanings}
        assert meaning.known_meanings(db, path) == expected


def test_lines_that_are_not_good_enough_come_in_order_and_page_by_page(db: Database) -> None:
    facts = fill(db, TREE)
    meaning.begin_meaning(db, "toy")
    grades = {ALPHA: 0.5, BETA: 0.25, GAMMA: 0.5}
    for path in ("a.rs", "src/b.rs"):
        made = made_of(facts[path], "", queries.clock(db))
        graded = [
            one._replace(provenance=meaning.INSUFFICIENT, confidence=grades[one.id]) for one in made.meanings
        ]
        meaning.replace_meanings(db, [made._replace(meanings=tuple(graded))])
    found = meaning.insufficient(db)
    assert [(one.id, one.path, one.confidence) for one in found] == [
        (BETA, "a.rs", 0.25),
        (ALPHA, "a.rs", 0.5),
        (GAMMA, "src/b.rs", 0.5),
    ]
    paged, after = [], None
    while page := meaning.insufficient(db, 1, after=after):
        paged += page
        after = page[-1].cursor
    assert paged == found
    better = made_of(facts["a.rs"], "", queries.clock(db))
    meaning.replace_meanings(
        db, [better._replace(meanings=tuple(one._replace(provenance="x") for one in better.meanings))]
    )
    assert [one.id for one in meaning.insufficient(db)] == [GAMMA]


def test_what_a_model_said_is_kept_by_its_keys_and_outlives_meanings(db: Database) -> None:
    kept(db)
    key = SummaryKey("meaning", "model", "prompt", "params")
    said = StoredSummary(key, "Run it", "llm_assisted", 0.5, 12.5)
    failed = StoredSummary(key._replace(model_id="other"), "", "llm_assisted", 0, 13.0, "no line", 2)
    clock = queries.clock(db)
    meaning.upsert_summaries(db, [said, failed])
    meaning.upsert_summaries(db, [])
    meaning.upsert_summaries(db, [said._replace(tries=3)])
    meaning.end_meaning(db)
    found = meaning.get_summaries(db, [key, failed.key, key._replace(params_hash="unknown")])
    assert found == {key: said._replace(tries=3), failed.key: failed}
    assert queries.clock(db) == clock + 1


def test_counts_tell_what_is_there_and_what_is_missing(db: Database) -> None:
    fill(db, TREE)
    vectors.use_model(db, "toy", 8)
    meaning.begin_meaning(db, "toy")
    counts = meaning.meaning_counts(db)
    assert (counts.pending_files, counts.files, counts.nodes) == (2, 0, 0)
    mean(db, "toy")
    (key, _), *_ = vectors.missing_vectors(db, 1)
    vectors.refuse_vectors(db, [(key, "too long")])
    counts = meaning.meaning_counts(db)
    assert (counts.pending_files, counts.files, counts.nodes, counts.lines) == (0, 2, 3, 3)
    assert counts.by_provenance == {"rule_based": 2, meaning.INSUFFICIENT: 1}
    assert (counts.vectors, counts.missing_vectors, counts.refused_vectors) == (0, 2, 1)
    embed(db, "toy")
    assert meaning.meaning_counts(db)[5:] == (2, 0, 1)


def test_the_end_of_meanings_leaves_the_store_as_one_that_never_had_any(db: Database) -> None:
    facts = kept(db)
    commit = meaning.end_meaning(db)
    assert [change.path for change in commit.changes] == ["a.rs", "src/b.rs"]
    assert meaning.meant_by(db) is None
    assert vectors.vector_models(db) == []
    edit(db, facts["a.rs"], File((Item("alpha", 2, (), False),), 1))
    assert {name: rows for name, rows in meaning.dump_meaning(db).items() if rows} == {}
    assert meaning.end_meaning(db).changes == ()
    kept_again = NodeMeaning(GAMMA, "k", "", "Run", "rule_based", 1.0)
    meaning.begin_meaning(db, "toy")
    file = next(one for one in meaning.pending_meanings(db) if one.path == "src/b.rs")
    meaning.replace_meanings(db, [MeantFile(file.path, file.hash, file.clock, (kept_again,))])
    assert meaning.known_meanings(db, "src/b.rs") == {GAMMA: kept_again}


def test_a_mere_stat_makes_nothing_pending(db: Database) -> None:
    facts = kept(db)
    edit(db, facts["a.rs"], replace(TREE["a.rs"], mtime_ns=5))
    assert paths(db) == []
