"""Meanings and vectors that are kept up to date in any order equal those of a store that is filled at once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store import meaning, queries, vectors, writes
from store.database import Database
from store.migrations import open_database
from store.model import FileFacts, MeantFile
from store.vector_models import find_serving, find_wanted, read_models
from tests.store.toy_meaning import answers, embed, made_of, mean, vector_of
from tests.store.toy_workspace import (
    Tree,
    fill,
    fill_packed,
    resolve_stale,
    tree_facts,
    trees,
    updates_between,
)

MODELS = ["m1", "m2", ""]
"""The last stands for none: nodes have no keys then."""


class Kept:
    """A store under random work. `check` compares it with what its tree says."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.tree: dict[str, FileFacts] = {}
        self.model = "m1"
        self.late: list[MeantFile] = []
        self.now_s = 1_000.0
        self.begin("m1")

    def begin(self, model: str) -> None:
        self.model = model
        if model:
            vectors.use_model(self.db, model, 8)
        meaning.begin_meaning(self.db, f"by {model}")
        self.late = []  # the stage makes and stores with one model

    def edit(self, tree: Tree, one_by_one: bool) -> None:
        new = tree_facts(tree)
        batch = updates_between(self.tree, new)
        for part in [[update] for update in batch] if one_by_one else [batch]:
            writes.ingest_file_batch(self.db, part)
        self.tree = new

    def do(self, what: str, data: st.DataObject) -> None:
        few = data.draw(st.integers(1, 3))
        if what == "model":
            self.begin(data.draw(st.sampled_from(MODELS)))
        elif what == "mean":
            made = answers(self.db, meaning.pending_meanings(self.db, few), self.model)
            meaning.replace_meanings(self.db, made)
        elif what == "mean, late":
            late, self.late = self.late, answers(self.db, meaning.pending_meanings(self.db, few), self.model)
            meaning.replace_meanings(self.db, late)
        elif what == "embed":
            rows = [(key, vector_of(key)) for key, _ in vectors.missing_vectors(self.db, few)]
            vectors.put_vectors(self.db, self.model, rows)
        elif what == "refuse":
            vectors.refuse_vectors(self.db, [(key, "no") for key, _ in vectors.missing_vectors(self.db, 1)])
        elif what == "retry":
            vectors.retry_refused(self.db)
        elif what == "collect":
            self.now_s += 10
            vectors.collect_vectors(self.db, 15, self.now_s)
        elif what == "index":
            vectors.index_vectors(self.db, few, above=1)
        elif what == "resolve":
            resolve_stale(self.db)

    def check(self) -> None:
        db = self.db
        nodes = {node.id: (path, node) for path, facts in self.tree.items() for node in facts.nodes}
        pending = {file.path for file in meaning.pending_meanings(db)}
        stored = meaning.get_meanings(db, nodes)
        assert len(db.query("?[id] := *meanings{id}")) == len(stored), "a meaning of a node that has gone"
        for path, facts in self.tree.items():
            if path not in pending:
                expected = {one.id: one for one in made_of(facts, self.model, 0).meanings}
                assert meaning.known_meanings(db, path) == expected
        assert pending <= {path for path, facts in self.tree.items() if facts.nodes}
        with db.reading() as run:
            models = read_models(run)
        wanted = find_wanted(models)
        for model in models:
            found = {key for (key,) in db.query(f"?[key] := *{model.names.vectors}{{embed_key: key}}")}
            assert model.vectors == len(found)
            if model is wanted and self.model:
                rows = db.query("?[id, key, model] := *meanings{id, embed_key: key, model}")
                keys = {key for id_, key, number in rows if number == model.number}
                links = set(map(tuple, db.query(f"?[key, id] := *{model.names.links}{{embed_key: key, id}}")))
                assert {(key, id_) for id_, key, number in rows if number == model.number} <= links
                refused = {
                    key for (key,) in db.query(f"?[key] := *{model.names.missing}{{rank: 3, embed_key: key}}")
                }
                missing = vectors.missing_vectors(db, 1_000)
                assert {key for key, _ in missing} == keys - found - refused
                assert len(missing) == len({key for key, _ in missing})
                assert all(stored[id_].embed_key == key for key, id_ in missing)
                counts = meaning.meaning_counts(db)
                assert counts.missing_vectors == len(missing) and counts.vectors == len(found)
        with db.reading() as run:
            models = read_models(run)  # what asks for missing ones may find that there are none
        wanted, serving = find_wanted(models), find_serving(models)
        if serving is not None and serving.vectors:
            near = vectors.ann_top_k(db, vector_of("any"), 100)
            assert {one.id for one in near.neighbours} <= stored.keys()
            assert near.is_old == (serving is not wanted)


def rows_left(db: Database) -> dict[str, int]:
    """Of what meanings and vectors are kept in, all relations made for models included."""
    names = [row[0] for row in db.query("::relations")]
    counts = {
        "meanings": "id",
        "meant_files": "file_path",
        "meaning_pending": "file_path",
        "meaning_insufficient": "id",
        "vector_models": "number",
        "vector_orphans": "number",
    }
    found = {name: len(db.query(f"?[{key}] := *{name}{{{key}}}")) for name, key in counts.items()}
    made = [name for name in names if name.rpartition("_")[2].isdecimal()]
    return {name: count for name, count in found.items() if count} | dict.fromkeys(made, 1)


steps = st.lists(
    st.one_of(
        st.tuples(trees, st.booleans()),
        st.sampled_from(["mean", "mean", "mean, late", "embed", "embed", "model", "refuse", "retry"]),
        st.sampled_from(["mean", "embed", "collect", "index", "resolve"]),
    ),
    max_size=14,
)


@settings(max_examples=120, deadline=None)
@given(steps, st.booleans(), st.data())
def test_meanings_that_are_kept_up_to_date_equal_those_made_at_once(
    steps: list[tuple[Tree, bool] | str], packed: bool, data: st.DataObject
) -> None:
    with open_database(None, "mem") as db, open_database(None, "mem") as fresh:
        kept = Kept(db)
        last: Tree = {}
        if packed:
            last = data.draw(trees)
            kept.tree = fill_packed(db, last)
        for step in steps:
            if isinstance(step, str):
                kept.do(step, data)
            else:
                last = step[0]
                kept.edit(*step)
            kept.check()
        mean(db, kept.model)
        vectors.retry_refused(db)
        embed(db, kept.model)
        kept.check()
        fill(fresh, last)
        Kept(fresh).begin(kept.model)
        mean(fresh, kept.model)
        embed(fresh, kept.model)
        resolve_stale(db)
        assert meaning.dump_meaning(db) == meaning.dump_meaning(fresh)
        assert queries.dump(db) == queries.dump(fresh)
        meaning.end_meaning(db)
        assert rows_left(db) == {}
