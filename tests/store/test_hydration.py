"""rust-analyzer's facts in the store: what makes them pending, what takes them in, what they leave behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store import answers, doubt, hydration, queries, writes
from store.database import Database, Rows
from store.migrations import open_database
from store.model import (
    Commit,
    Edge,
    FileChange,
    FileFacts,
    FileUpdate,
    HydratedFile,
    HydratedNode,
    ResolvedFile,
    hydration_key,
)
from store.rows import unpack_edges
from store.schema import META_HYDRATED_BY, Rank
from tests.store.toy_compiler import RELATIONS, TAG, external, hydrate, raw, rows_left
from tests.store.toy_workspace import (
    File,
    Item,
    Tree,
    all_resolved,
    facts_of,
    fill,
    fill_packed,
    resolve_stale,
)

ALPHA, BETA = Item("alpha", 0, ("beta",), False), Item("beta", 0, (), False)
TREE = {
    "a.rs": File((ALPHA, BETA), 1),
    "src/b.rs": File((Item("gamma", 0, ("alpha",), False), Item("délta", 0, ("gamma",), False)), 1),
    "z/deep/c.rs": File((Item("délta", 0, ("délta",), False),), 1),
}


def hydrated(db: Database, tree: Tree = TREE) -> dict[str, FileFacts]:
    facts = fill(db, tree)
    assert hydration.begin_hydration(db, TAG)
    hydrate(db, facts)
    return facts


def save(db: Database, facts: dict[str, FileFacts], path: str, *items: Item) -> None:
    """A lone save: its edges come with it."""
    new = facts_of(path, File(items, 1))
    resolved = all_resolved({**facts, path: new})[path]
    update = FileUpdate(path, facts.get(path), new, resolved.edges, keys=resolved.keys)
    writes.ingest_file_batch(db, [update])
    facts[path] = new


def pending_paths(db: Database) -> list[str]:
    return [file.path for file in hydration.pending_files(db)]


def test_a_changed_body_asks_about_that_node_only(db: Database) -> None:
    facts = hydrated(db)
    save(db, facts, "a.rs", ALPHA, replace(BETA, body=1))
    (file,) = hydration.pending_files(db)
    assert file == (
        "a.rs",
        facts["a.rs"].record.hash,
        Rank.SAVED,
        queries.clock(db),
        False,
        frozenset(),
    )
    assert hydrate(db, facts) == ["a.rs-a-beta"]
    assert hydration.pending_count(db) == 0


def test_a_comment_makes_the_file_pending_and_asks_about_no_node(db: Database) -> None:
    facts = hydrated(db)
    old = facts["a.rs"]
    nodes = (old.nodes[0]._replace(hash="0" * 32), *old.nodes[1:])
    facts["a.rs"] = old._replace(nodes=nodes, record=old.record._replace(hash="1" * 32))
    resolved = all_resolved(facts)["a.rs"]
    writes.ingest_file_batch(db, [FileUpdate("a.rs", old, facts["a.rs"], resolved.edges, keys=resolved.keys)])
    before = queries.dump_hydration(db)["nodes"]
    assert pending_paths(db) == ["a.rs"]
    assert hydrate(db, facts) == []
    assert queries.dump_hydration(db)["nodes"] == before
    assert queries.clock(db) == facts_clock(db, "a.rs")


def facts_clock(db: Database, path: str) -> int:
    clock: int = db.query("?[clock] := *files{path: $p, clock}", {"p": path})[0][0]
    return clock


def test_a_changed_signature_asks_about_exactly_the_nodes_that_lead_to_it(db: Database) -> None:
    facts = hydrated(db)
    save(db, facts, "a.rs", replace(ALPHA, exact=False), BETA)
    resolve_stale(db)
    assert sorted(hydrate(db, facts)) == ["a.rs-a-alpha", "src/b.rs-b-gamma"]


@pytest.mark.parametrize(
    "other",
    [{"attributes": ("derive(Clone)",)}, {"cfg": "unix"}, {"visibility": ""}],
    ids=lambda other: [*other],
)
def test_so_does_all_else_that_is_seen_of_a_node_from_outside(db: Database, other: dict[str, Any]) -> None:
    facts = hydrated(db)
    old = facts["a.rs"]
    nodes = (old.nodes[0]._replace(meaning_hash="0" * 32, **other), *old.nodes[1:])
    facts["a.rs"] = old._replace(nodes=nodes, record=old.record._replace(hash="1" * 32))
    resolved = all_resolved(facts)["a.rs"]
    writes.ingest_file_batch(db, [FileUpdate("a.rs", old, facts["a.rs"], resolved.edges, keys=resolved.keys)])
    assert sorted(hydrate(db, facts)) == ["a.rs-a-alpha", "src/b.rs-b-gamma"]


def test_a_method_that_is_new_changes_nothing_for_those_that_know_its_impl_block(db: Database) -> None:
    """An impl block is called by what is in it; with another id its definitions say what they said before."""
    facts = hydrated(db)
    old = facts["a.rs"]
    block = old.nodes[0]._replace(id="a.rs-a-impl 1", kind="impl", name="impl")
    definition = old.definitions[0]._replace(key=".alpha", id=block.id, kind="impl")

    def with_block(node_id: str, hash_: str) -> FileFacts:
        return old._replace(
            nodes=(*old.nodes, block._replace(id=node_id)),
            spans=(*old.spans, old.spans[-1]._replace(id=node_id)),
            definitions=(*old.definitions, definition._replace(id=node_id)),
            record=old.record._replace(hash=hash_),
        )

    def marked(before: FileFacts, after: FileFacts) -> list[list[str]]:
        resolved = all_resolved(facts)["a.rs"]
        writes.ingest_file_batch(db, [FileUpdate("a.rs", before, after, resolved.edges, keys=resolved.keys)])
        return db.query("?[path, name] := *ra_pending{rank, file_path: path, name}")

    one, other = with_block("1", "1" * 32), with_block("2", "2" * 32)
    assert marked(old, one) == [["a.rs", ""], ["src/b.rs", "*"]]
    resolve_stale(db)
    hydrate(db, {**facts, "a.rs": one})
    assert marked(one, other) == [["a.rs", ""]]


def test_a_new_definition_asks_about_the_nodes_that_mention_its_name(db: Database) -> None:
    facts = hydrated(db)
    save(db, facts, "new.rs", Item("gamma", 0, (), False))
    resolve_stale(db)
    assert pending_paths(db) == ["new.rs", "src/b.rs"]  # what was saved goes first
    assert hydration.pending_files(db)[1].names == {"gamma"}
    assert sorted(hydrate(db, facts)) == ["new.rs-new-gamma", "src/b.rs-b-délta", "src/b.rs-b-gamma"]


def test_what_lies_inside_a_node_with_another_signature_is_asked_about_again(db: Database) -> None:
    """As the methods of an impl block that gets other bounds."""
    inner = Item("gamma", 0, (), True)
    facts = hydrated(db, {"a.rs": File((ALPHA, inner, BETA), 1)})
    save(db, facts, "a.rs", replace(ALPHA, exact=False), inner, BETA)
    assert hydrate(db, facts) == ["a.rs-a-alpha", "a.rs-a-gamma"]


def test_what_does_not_tell_who_hangs_on_it_puts_whole_files_in_doubt(db: Database) -> None:
    facts = hydrated(db)
    old = facts["a.rs"]
    imported = old.nodes[0]._replace(id="a.rs-a-use", kind="use", name="alpha")
    definition = old.definitions[0]._replace(id="a.rs-a-use", kind="use", text="crate::alpha")
    new = old._replace(
        nodes=(*old.nodes, imported),
        spans=(*old.spans, old.spans[-1]._replace(id=imported.id)),
        definitions=(*old.definitions, definition._replace(key=".alpha")),
    )
    writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new, all_resolved(facts)["a.rs"].edges)])
    resolve_stale(db)
    assert {file.path: file.all_nodes for file in hydration.pending_files(db)} == {
        "a.rs": False,
        "src/b.rs": True,
    }


def test_a_text_that_changes_and_comes_back_is_asked_about_again(db: Database) -> None:
    """Whatever changed elsewhere in the meantime could not tell that it matters to the old text."""
    facts = hydrated(db)
    before = queries.dump_hydration(db)
    save(db, facts, "a.rs", replace(ALPHA, body=1), BETA)
    save(db, facts, "a.rs", ALPHA, BETA)
    stored = hydration.hydrated_nodes(db, "a.rs")
    assert {id_: node.key != "" for id_, node in stored.items()} == {
        "a.rs-a-alpha": False,
        "a.rs-a-beta": True,
    }
    assert stored["a.rs-a-alpha"].signature  # serves until the next answer
    assert hydrate(db, facts) == ["a.rs-a-alpha"]
    assert queries.dump_hydration(db) == before


def test_a_node_whose_target_went_falls_back_to_what_resolution_says(db: Database) -> None:
    facts = hydrated(db)
    (edge, _) = queries.edges_from(db, "src/b.rs-b-gamma")[0]
    assert edge.provenance == "ra"
    save(db, facts, "a.rs", BETA)
    dangling = db.query("?[edges] := *isg_edges{src_id: 'src/b.rs-b-gamma', edges}")
    assert [e.provenance for e in unpack_edges("", dangling[0][0])] == ["heuristic"]
    assert hydration.hydrated_nodes(db, "src/b.rs")["src/b.rs-b-gamma"].key == ""
    resolve_stale(db)
    assert hydrate(db, facts) == ["src/b.rs-b-gamma"]
    assert [brief.id for _, brief in queries.edges_from(db, "src/b.rs-b-gamma")] == [external("alpha").id]


def test_a_node_that_resolution_finds_other_targets_for_is_asked_about_again(db: Database) -> None:
    """As where the name that changes is an alias of the one that the node mentions."""
    facts = hydrated(db)
    _, keys = all_resolved(facts)["src/b.rs"]
    edge = Edge("src/b.rs-b-gamma", "CALLS", "a.rs-a-beta", 0.5, "heuristic", "", (0,))
    hash_ = facts["src/b.rs"].record.hash
    writes.replace_edges_for_files(db, [ResolvedFile("src/b.rs", (edge,), hash_, keys)])
    found, _ = queries.edges_from(db, "src/b.rs-b-gamma")[0]
    assert (found.provenance, found.dst_id) == ("ra", "a.rs-a-alpha")  # which counts until then
    resolve_stale(db)
    assert hydrate(db, facts) == ["src/b.rs-b-gamma", "src/b.rs-b-délta"]


@pytest.mark.parametrize("items", [(ALPHA, replace(BETA, exact=False)), (ALPHA,)])
def test_what_only_rust_analyzer_can_follow_is_asked_about_again_by_what_it_leads_to(
    db: Database, items: tuple[Item, ...]
) -> None:
    """No look-up key of the file tells that it hangs on the target."""
    facts = hydrated(db)
    caller = facts["z/deep/c.rs"].nodes[0]
    edge = Edge(caller.id, "CALLS", "a.rs-a-beta", 1.0, "ra", "definition", (0,))
    said = HydratedNode(caller.id, hydration_key(caller), caller.signature_hash, "fn", "", (edge,))
    assert store_answer(db, facts, "z/deep/c.rs", said) is not None
    save(db, facts, "a.rs", *items)
    resolve_stale(db)
    assert pending_paths(db) == ["a.rs", "z/deep/c.rs"]
    assert caller.id in hydrate(db, facts)


@pytest.mark.parametrize("items", [(ALPHA, replace(BETA, exact=False)), (ALPHA,)])
def test_an_answer_that_leads_to_what_has_changed_meanwhile_is_asked_for_again(
    db: Database, items: tuple[Item, ...]
) -> None:
    facts = hydrated(db)
    as_of = queries.clock(db)
    save(db, facts, "a.rs", *items)
    resolve_stale(db)
    hydrate(db, facts)
    caller = facts["z/deep/c.rs"].nodes[0]
    edge = Edge(caller.id, "CALLS", "a.rs-a-beta", 1.0, "ra", "definition", (0,))
    said = HydratedNode(caller.id, hydration_key(caller), caller.signature_hash, "fn", "", (edge,))
    assert store_answer(db, facts, "z/deep/c.rs", said, as_of=as_of) is not None
    assert pending_paths(db) == ["z/deep/c.rs"]
    assert hydrate(db, facts) == [caller.id]
    assert hydrate(db, facts) == []


def test_where_a_call_leads_to_no_node_a_guess_is_wrong(db: Database) -> None:
    facts = hydrated(db)
    gamma = facts["src/b.rs"].nodes[0]
    assert queries.edges_from(db, gamma.id) != []
    local = Edge(gamma.id, "CALLS", "", 1.0, "ra", "closure", (0,))
    said = HydratedNode(gamma.id, hydration_key(gamma), gamma.signature_hash, "", "none", (local,))
    assert store_answer(db, facts, "src/b.rs", said) is not None
    assert queries.edges_from(db, gamma.id) == []
    hydration.end_hydration(db)
    assert queries.edges_from(db, gamma.id) != []


def store_answer(
    db: Database, facts: Mapping[str, FileFacts], path: str, *nodes: HydratedNode, as_of: int | None = None
) -> Commit | None:
    at = queries.clock(db) if as_of is None else as_of
    hash_ = facts[path].record.hash
    return hydration.replace_hydration(db, HydratedFile(path, hash_, at, nodes, None))


def test_an_answer_about_other_bytes_or_while_references_wait_is_left_out(db: Database) -> None:
    facts = hydrated(db)
    clock = queries.clock(db)
    other = HydratedFile("a.rs", "0" * 32, clock, (), None)
    assert hydration.replace_hydration(db, other) is None
    writes.mark_stale(db, ["a.rs"])
    assert store_answer(db, facts, "a.rs") is None
    assert pending_paths(db) == []
    resolve_stale(db)
    assert store_answer(db, facts, "a.rs") == (clock, ())
    hydration.end_hydration(db)
    assert store_answer(db, facts, "a.rs") is None
    assert rows_left(db) == dict.fromkeys(RELATIONS, 0)


def test_an_answer_from_before_the_files_keys_were_known_is_left_out(db: Database) -> None:
    """Until then no change elsewhere could tell that it matters to the file."""
    facts = hydrated(db)
    new = facts_of("a.rs", File((replace(ALPHA, calls=("gamma",)), BETA), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], new)])
    facts["a.rs"] = new
    as_of = queries.clock(db)
    resolve_stale(db)
    assert store_answer(db, facts, "a.rs", as_of=as_of) is None
    assert pending_paths(db) == ["a.rs"]
    assert store_answer(db, facts, "a.rs") is not None
    assert pending_paths(db) == []


def test_marks_that_came_after_the_question_stay(db: Database) -> None:
    facts = hydrated(db)
    as_of = queries.clock(db)
    save(db, facts, "a.rs", replace(ALPHA, exact=False), BETA)
    resolve_stale(db)
    gamma = facts["src/b.rs"].nodes[0]
    outdated = HydratedNode(gamma.id, hydration_key(gamma), gamma.signature_hash, "old", "", ())
    assert store_answer(db, facts, "src/b.rs", outdated, as_of=as_of) is not None
    assert hydration.hydrated_nodes(db, "src/b.rs")[gamma.id].key == ""
    assert pending_paths(db) == ["a.rs", "src/b.rs"]
    assert "src/b.rs-b-gamma" in hydrate(db, facts)


def test_answers_about_other_nodes_than_the_file_has_now_are_dropped(db: Database) -> None:
    facts = hydrated(db)
    before = queries.dump_hydration(db)
    alpha = facts["a.rs"].nodes[0]
    strange = [
        HydratedNode("nobody", "k", "s", "fn nobody()", "", ()),
        HydratedNode("src/b.rs-b-gamma", facts["src/b.rs"].nodes[0].meaning_hash, "s", "fn x()", "", ()),
        HydratedNode(alpha.id, "another key", "s", "fn y()", "", ()),
    ]
    assert store_answer(db, facts, "a.rs", *strange) == (queries.clock(db), ())
    assert queries.dump_hydration(db) == before


def test_a_commit_names_the_file_and_an_equal_answer_is_none(db: Database) -> None:
    facts = hydrated(db)
    alpha, beta = facts["a.rs"].nodes
    stored = hydration.hydrated_nodes(db, "a.rs")
    clock = queries.clock(db)
    assert store_answer(db, facts, "a.rs", stored[alpha.id], stored[beta.id]) == (clock, ())
    other = stored[alpha.id]._replace(signature="fn alpha() -> u8")
    commit = store_answer(db, facts, "a.rs", other, stored[beta.id]._replace(edges=()))
    change = FileChange("a.rs", (), (), ())
    assert commit == (clock + 1, (change,))
    assert queries.changes_since(db, clock).entries == ((clock + 1, change),)


# ------------------------------------------------------------------ the whole store


def test_another_tag_makes_every_file_pending_and_the_answers_serve_on(db: Database) -> None:
    facts = hydrated(db)
    before = queries.dump_hydration(db)
    assert not hydration.begin_hydration(db, TAG)
    assert pending_paths(db) == []
    assert hydration.begin_hydration(db, "rust-analyzer 2")
    assert {file.path: (file.rank, file.all_nodes) for file in hydration.pending_files(db)} == dict.fromkeys(
        TREE, (Rank.SWEEP, True)
    )
    assert queries.dump_hydration(db) == {**before, "pending": [[path, "*"] for path in sorted(TREE)]}
    assert len(hydrate(db, facts, limit=1)) == 5
    assert queries.dump_hydration(db) == before


def test_only_rust_that_is_indexed_is_asked_about(db: Database) -> None:
    facts = hydrated(db, {**TREE, "Cargo.toml": TREE["a.rs"], "empty.rs": File((), 1)})
    hydration.begin_hydration(db, "another")
    assert hydration.pending_count(db) == len(pending_paths(db)) == len(TREE)
    hydrate(db, facts)
    save(db, facts, "a.rs")  # the toy's way to skip a file
    resolve_stale(db)
    assert pending_paths(db) == ["src/b.rs"]  # which has lost what it leads to
    assert hydration.hydrated_nodes(db, "a.rs") == {}
    assert hydration.diagnostics_state(db, "a.rs") == ("unknown", "")


def test_a_file_that_was_left_alone_is_asked_about_when_its_bytes_or_everything_changes(db: Database) -> None:
    facts = hydrated(db)
    hash_ = facts["src/b.rs"].record.hash
    left = HydratedFile("src/b.rs", hash_, queries.clock(db), (), None, (), "nested too deeply")
    assert hydration.replace_hydration(db, left) is not None
    assert hydration.hydrated_nodes(db, "src/b.rs") == {}
    assert [edge.provenance for edge, _ in queries.edges_from(db, "src/b.rs-b-gamma")] == ["heuristic"]
    assert hydration.diagnostics_state(db, "src/b.rs") == ("left alone", "nested too deeply")
    save(db, facts, "a.rs", replace(ALPHA, exact=False), BETA)
    resolve_stale(db)
    assert pending_paths(db) == ["a.rs"]
    hydration.begin_hydration(db, "another")
    assert "src/b.rs" in pending_paths(db)
    hydration.replace_hydration(db, left._replace(as_of=queries.clock(db)))
    save(db, facts, "src/b.rs", Item("gamma", 1, (), False))
    assert "src/b.rs" in pending_paths(db)
    assert hydration.diagnostics_state(db, "src/b.rs") == ("pending", "")


def test_the_end_comes_in_parts_and_an_end_that_was_cut_short_is_made_up_for(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(None, "mem") as twin:
        facts = hydrated(db)
        fill(twin, TREE)
        monkeypatch.setattr(hydration, "_END_FILES", 1)
        commit = hydration.end_hydration(db)
        assert {change.path for change in commit.changes} == set(TREE)
        assert commit.clock == queries.clock(db)
        assert raw(db) == raw(twin)
        assert hydration.end_hydration(db) == (commit.clock, ())
        hydration.begin_hydration(db, TAG)
        hydrate(db, facts)
        writes.set_meta(db, META_HYDRATED_BY, "")  # as a kill in the middle leaves it
        assert store_answer(db, facts, "a.rs") is None
        assert hydration.begin_hydration(db, TAG)
        assert len(pending_paths(db)) == len(TREE)


def test_a_store_that_is_not_hydrated_holds_nothing_of_it_and_a_save_asks_nothing_more(db: Database) -> None:
    facts = fill(db, TREE)
    plain = scripts_of_a_save(db, facts, 1)
    assert rows_left(db) == dict.fromkeys(RELATIONS, 0)
    assert hydration.hydrated_by(db) is None
    hydration.begin_hydration(db, TAG)
    resolve_stale(db)
    hydrate(db, facts)
    # One for the edges of resolution that are kept aside; rust-analyzer's go with the first of the saves.
    assert scripts_of_a_save(db, facts, 2) <= plain + 3
    assert scripts_of_a_save(db, facts, 3) == plain + 1


def scripts_of_a_save(db: Database, facts: dict[str, FileFacts], body: int) -> int:
    """How many scripts the engine runs for a lone save of one changed body."""
    with pytest.MonkeyPatch.context() as patch:
        ran: list[str] = []
        run = Database._run

        def count(self: Database, script: str, *args: Any, **kwargs: Any) -> Rows:
            ran.append(script)
            return run(self, script, *args, **kwargs)

        patch.setattr(Database, "_run", count)
        save(db, facts, "a.rs", replace(ALPHA, body=body), BETA)
    return len(ran)


def test_a_first_index_into_a_hydrated_store_that_was_empty_is_pending(db: Database) -> None:
    hydration.begin_hydration(db, TAG)
    facts = fill_packed(db, TREE)
    assert pending_paths(db) == sorted(TREE)
    assert len(hydrate(db, facts)) == 5


@pytest.mark.parametrize(
    ("script", "params"),
    [
        (answers._CURRENT, {"k": [["a", "h", 1]]}),
        (answers._DONE, {"done": [["a", 1]]}),
        (answers._TEXT_CLOCKS, {"k": ["a"]}),
        (answers._SIGNED, {"k": ["a"]}),
        (doubt._VOID, {"void": [["a"]]}),
        (doubt._DOUBT, {"doubted": [["a"]], "clock": 1, "dependent": 1}),
        (doubt._PENDING_BY_KEY, {"doubtful_keys": [["a", "b"]], "clock": 1, "dependent": 1}),
        (doubt._RENEW, {"resolved": [["a"]], "clock": 1}),
        (doubt._FORGET, {"unasked": [["a"]]}),
        (hydration._FIRST_PENDING, {}),
        (hydration._MARKS, {"k": [["a"]]}),
    ],
)
def test_what_is_about_a_few_files_reads_no_relation_as_a_whole(script: str, params: dict[str, Any]) -> None:
    """A column without a key that is bound by an atom before makes the engine read all rows."""
    statements = [f"?{part}" for part in re.split(r"\?(?=\[)", script)[1:]]
    head = script.strip("{").partition("?[")[0]
    with open_database(None, "mem") as db:
        for statement in statements:
            rules = statement.partition(":put")[0].partition(":rm")[0].partition(":update")[0]
            plan = db.query(f"::explain {{{head}{rules}}}", params)
            steps = [row[4] for row in plan]
            assert any("load_stored" in step for step in steps)
            assert not any("mat_join" in step for step in steps), steps


def test_what_is_pending_and_what_was_said_survives_a_restart(tmp_path: Path) -> None:
    with open_database(tmp_path / "store") as db:
        facts = hydrated(db)
        save(db, facts, "a.rs", replace(ALPHA, body=1), BETA)
        before = queries.dump_hydration(db), hydration.pending_files(db)
    with open_database(tmp_path / "store") as db:
        assert not hydration.begin_hydration(db, TAG)
        assert (queries.dump_hydration(db), hydration.pending_files(db)) == before
