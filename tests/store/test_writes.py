from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import commits, model, queries, writes
from store.database import Database, StaleFacts, StoreError
from store.migrations import open_database
from store.model import AMBIGUITY_CAP, Edge, FileChange, FileFacts, FileUpdate, ResolvedFile
from tests.store.toy_workspace import (
    File,
    Item,
    all_edges,
    all_resolved,
    facts_of,
    fill,
    resolve_stale,
    tree_facts,
    trees,
    updates_between,
)

ONE = File((Item("alpha", 0, ("beta",), False), Item("beta", 0, (), False)), mtime_ns=1)
OTHER = File((Item("gamma", 0, ("alpha", "beta"), False),), mtime_ns=1)


def changed_sources(old: tuple[Edge, ...], new: tuple[Edge, ...]) -> frozenset[str]:
    return frozenset(edge.src_id for edge in set(old) ^ set(new))


Steps = list[tuple[dict[str, File], str]]


@pytest.mark.parametrize("cap", [2, AMBIGUITY_CAP])
@settings(max_examples=120, deadline=None)
@given(
    steps=st.lists(
        st.tuples(trees, st.sampled_from(["later", "at once", "sources named", "one by one"])), max_size=5
    )
)
def test_a_store_kept_up_to_date_equals_one_built_at_once(cap: int, steps: Steps) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        open_database(None, "mem") as db,
        open_database(None, "mem") as fresh,
    ):
        for module in (model, queries, writes):
            patch.setattr(module, "AMBIGUITY_CAP", cap)
        old: dict[str, FileFacts] = {}
        last: dict[str, File] = {}
        for tree, mode in steps:
            new = tree_facts(tree)
            batch = updates_between(old, new)
            if mode in ("at once", "sources named"):
                resolve_stale(db)  # so that what is stored are the edges of the old tree
                before, after = all_edges(old), all_resolved(new)
                batch = [
                    replace(u, edges=after[u.path].edges, keys=after[u.path].keys) if u.new else u
                    for u in batch
                ]
            if mode == "sources named":
                batch = [
                    replace(u, edge_sources=changed_sources(before.get(u.path, ()), u.edges or ()))
                    for u in batch
                ]
            for part in [[u] for u in batch] if mode == "one by one" else [batch]:
                writes.ingest_file_batch(db, part)
            if mode != "later":
                resolve_stale(db)
            old, last = new, tree
        resolve_stale(db)
        fill(fresh, last)
        assert queries.dump(db) == queries.dump(fresh)


@settings(max_examples=60, deadline=None)
@given(trees)
def test_facts_come_back_exactly_as_they_were_ingested(tree: dict[str, File]) -> None:
    with open_database(None, "mem") as db:
        facts = fill(db, tree)
        assert {path: queries.load_file_facts(db, path) for path in facts} == facts
        assert queries.load_file_records(db) == [facts[path].record for path in sorted(facts)]


def test_a_commit_names_what_it_added_changed_and_removed(db: Database) -> None:
    old = facts_of("a.rs", ONE)
    new = facts_of("a.rs", File((Item("alpha", 1, (), False), Item("gamma", 0, (), False)), 1))
    first = writes.ingest_file_batch(db, [FileUpdate("a.rs", None, old)])
    second = writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new)])
    assert first.changes == (FileChange("a.rs", ("a.rs-a-alpha", "a.rs-a-beta"), (), ()),)
    assert second.changes == (FileChange("a.rs", ("a.rs-a-gamma",), ("a.rs-a-alpha",), ("a.rs-a-beta",)),)
    assert second.clock == first.clock + 1 == queries.clock(db)


def test_a_touched_file_keeps_the_clock_and_is_not_read_again(db: Database) -> None:
    old = facts_of("a.rs", ONE)
    clock = writes.ingest_file_batch(db, [FileUpdate("a.rs", None, old)]).clock
    writes.replace_edges_for_files(db, [ResolvedFile("a.rs", (), old.record.hash)])
    touched = facts_of("a.rs", File(ONE.items, mtime_ns=99))
    commit = writes.ingest_file_batch(db, [FileUpdate("a.rs", old, touched)])
    assert commit == (clock, ())
    assert queries.load_file_facts(db, "a.rs") == touched
    assert queries.stale_count(db) == 0
    writes.update_stats(db, [old.record])
    assert queries.load_file_facts(db, "a.rs") == old
    assert queries.clock(db) == clock


def test_old_facts_that_are_not_those_stored_are_refused_and_nothing_is_written(db: Database) -> None:
    old, other = facts_of("a.rs", ONE), facts_of("a.rs", OTHER)
    writes.ingest_file_batch(db, [FileUpdate("a.rs", None, old)])
    before = queries.dump(db)
    neighbour = FileUpdate("src/b.rs", None, facts_of("src/b.rs", OTHER))
    with pytest.raises(StaleFacts):
        writes.ingest_file_batch(db, [neighbour, FileUpdate("a.rs", other, old)])
    with pytest.raises(StaleFacts):
        writes.ingest_file_batch(db, [neighbour, FileUpdate("a.rs", None, old)])
    assert queries.dump(db) == before
    assert queries.clock(db) == 1


def test_text_that_cannot_be_stored_is_an_error_and_costs_nothing(db: Database) -> None:
    facts = facts_of("a.rs", ONE)
    bad = facts._replace(definitions=(facts.definitions[0]._replace(text="\ud800"),))
    with pytest.raises((StoreError, TypeError)):
        writes.ingest_file_batch(db, [FileUpdate("a.rs", None, bad)])
    assert writes.ingest_file_batch(db, [FileUpdate("a.rs", None, facts)]).clock == 1


def test_a_renamed_definition_makes_exactly_the_files_that_mention_it_stale(db: Database) -> None:
    unrelated = File((Item("délta", 0, ("délta",), False),), 1)
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER, "z/deep/c.rs": unrelated})
    renamed = facts_of("a.rs", File((ONE.items[0], Item("gamma", 0, (), False)), 1))
    edges = (Edge("a.rs-a-alpha", "CALLS", "nowhere", 1.0, "heuristic", "", (0,)),)
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], renamed, edges)])
    assert queries.stale_paths(db) == ["src/b.rs"]
    assert queries.is_stale(db, "src/b.rs") and not queries.is_stale(db, "a.rs")


def test_a_changed_body_makes_no_other_file_stale(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    edited = facts_of("a.rs", File((Item("alpha", 2, ("beta",), False), ONE.items[1]), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], edited)])
    assert queries.stale_paths(db) == ["a.rs"]


def test_a_file_that_moves_to_another_crate_makes_its_callers_stale(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    moved = facts_of("a.rs", File(ONE.items, 1, crate="other"))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], moved)])
    assert queries.stale_paths(db) == ["a.rs", "src/b.rs"]


@pytest.mark.parametrize(
    ("key", "others", "expected"),
    [
        (".alpha", AMBIGUITY_CAP + 1, []),
        (".alpha", AMBIGUITY_CAP, ["caller.rs"]),
        ("alpha", AMBIGUITY_CAP + 1, ["caller.rs"]),
    ],
)
def test_a_capped_key_that_is_ambiguous_before_and_after_makes_nothing_stale(
    db: Database, key: str, others: int, expected: list[str]
) -> None:
    tree = {f"lib/f{i:02}.rs": File((Item("alpha", 0, (), False),), 1) for i in range(others)}
    tree["caller.rs"] = File((Item("beta", 0, ("alpha",), False),), 1)
    hash_ = fill(db, tree)["caller.rs"].record.hash
    writes.replace_edges_for_files(db, [ResolvedFile("caller.rs", (), hash_, (key,))])
    extra = facts_of("zz.rs", File((Item("alpha", 0, (), False),), 1))
    writes.ingest_file_batch(db, [FileUpdate("zz.rs", None, extra, ())])
    assert queries.stale_paths(db) == expected


def test_a_changed_signature_makes_the_files_stale_that_asked_for_the_definition(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    inexact = facts_of("a.rs", File((ONE.items[0], replace(ONE.items[1], exact=False)), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], inexact, ())])
    assert queries.stale_paths(db) == ["src/b.rs"]


def test_keys_that_came_with_the_edges_decide_and_others_are_forgotten(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    hash_ = facts["src/b.rs"].record.hash
    assert queries.file_keys(db, facts) == {"a.rs": (".beta",), "src/b.rs": (".alpha", ".beta")}
    writes.replace_edges_for_files(db, [ResolvedFile("src/b.rs", (), hash_, ("gamma",))])
    assert queries.file_keys(db, facts) == {"a.rs": (".beta",), "src/b.rs": ("gamma",)}
    assert queries.files_mentioning(db, [".alpha", ".beta"]) == ["a.rs"]
    renamed = facts_of("a.rs", File((ONE.items[0], Item("gamma", 0, (), False)), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], renamed, ())])
    assert queries.stale_paths(db) == ["src/b.rs"]
    writes.replace_edges_for_files(db, [ResolvedFile("src/b.rs", (), hash_)])
    without = facts_of("a.rs", File((ONE.items[0],), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", renamed, without, ())])
    assert queries.stale_paths(db) == []


def test_one_key_can_stand_for_all_of_a_module(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER, "src/ü.rs": OTHER})
    for path, key in (("src/b.rs", "c::m::+"), ("src/ü.rs", "c::+")):
        writes.replace_edges_for_files(db, [ResolvedFile(path, (), facts[path].record.hash, (key,))])
    defined = facts["a.rs"].definitions[0]._replace(key="c::m::f")
    more = facts["a.rs"]._replace(definitions=(*facts["a.rs"].definitions, defined))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], more, (), keys=("c::m::+",))])
    assert queries.stale_paths(db) == ["src/b.rs"]


def test_keys_of_two_resolutions_at_one_clock_do_not_replace_each_other(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER, "src/ü.rs": OTHER})
    clock = queries.clock(db)
    for keys, paths in ((("x", "y"), ("a.rs", "src/b.rs")), (("y", "z"), ("src/b.rs", "src/ü.rs"))):
        resolved = [ResolvedFile(p, all_edges(facts)[p], facts[p].record.hash, keys) for p in paths]
        writes.replace_edges_for_files(db, resolved)
    assert queries.clock(db) == clock
    assert queries.files_mentioning(db, ["y"]) == ["a.rs", "src/b.rs", "src/ü.rs"]


def test_edges_resolved_from_older_bytes_are_left_out(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    edge = Edge("a.rs-a-beta", "CALLS", "a.rs-a-alpha", 1.0, "heuristic", "", (0,))
    writes.mark_stale(db, ["a.rs", "src/b.rs"])
    before = queries.dump(db)
    assert writes.replace_edges_for_files(db, [ResolvedFile("a.rs", (edge,), "0" * 32)]).changes == ()
    assert queries.dump(db) == before
    kept = all_edges(facts)["a.rs"]
    writes.replace_edges_for_files(db, [ResolvedFile("a.rs", kept, facts["a.rs"].record.hash)])
    assert queries.stale_paths(db) == ["src/b.rs"]


def test_a_stale_mark_set_after_the_resolution_began_stays(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    as_of = queries.clock(db)
    changed = facts_of("a.rs", File((Item("alpha", 0, (), False),), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], changed, ())])
    writes.replace_edges_for_files(
        db, [ResolvedFile("src/b.rs", (), facts["src/b.rs"].record.hash)], as_of=as_of
    )
    assert queries.stale_paths(db) == ["src/b.rs"]


def test_a_resolution_that_began_before_a_commit_is_left_out(db: Database) -> None:
    """What it asked for is not in the store yet, so that the commit cannot have made its file stale."""
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    writes.mark_stale(db, ["src/b.rs"])
    as_of = queries.clock(db)
    late = facts_of("z/deep/c.rs", File((Item("gamma", 0, (), False),), 1))
    writes.ingest_file_batch(db, [FileUpdate("z/deep/c.rs", None, late, ())])
    before = queries.dump(db)
    late_one = ResolvedFile("src/b.rs", (), facts["src/b.rs"].record.hash, ("gamma",))
    assert writes.replace_edges_for_files(db, [late_one], as_of=as_of).changes == ()
    assert queries.dump(db) == before


def test_edges_that_did_not_change_raise_no_clock(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE})
    clock = queries.clock(db)
    same, keys = all_resolved(facts)["a.rs"]
    commit = writes.replace_edges_for_files(
        db, [ResolvedFile("a.rs", same[::-1], facts["a.rs"].record.hash, keys)]
    )
    assert commit == (clock, ())


def test_the_log_forgets_what_is_older_than_it_keeps(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "CHANGES_KEPT_CLOCKS", 5)
    monkeypatch.setattr(commits, "_PRUNE_EVERY_CLOCKS", 2)
    old = None
    for body in range(20):
        new = facts_of("a.rs", File((Item("alpha", body, (), False),), 1))
        writes.ingest_file_batch(db, [FileUpdate("a.rs", old, new)])
        old = new
    assert queries.changes_since(db, 3) == (20, True, (), False)
    kept = queries.changes_since(db, 15)
    assert [clock for clock, _ in kept.entries] == [16, 17, 18, 19, 20]
    assert db.query("?[min(clock), count(clock)] := *changes{clock}")[0][1] <= 8


def test_edges_given_beside_another_files_new_definition_are_resolved_once_more(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    renamed = facts_of("a.rs", File((ONE.items[0], Item("gamma", 0, (), False)), 1))
    again = facts_of("src/b.rs", File((Item("gamma", 2, ("beta",), False),), 1))
    batch = [
        FileUpdate("a.rs", facts["a.rs"], renamed, ()),
        FileUpdate("src/b.rs", facts["src/b.rs"], again, (), keys=(".beta",)),
    ]
    writes.ingest_file_batch(db, batch)
    assert queries.stale_paths(db) == ["src/b.rs"]


def test_a_definition_under_another_cfg_is_another_definition(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE, "src/b.rs": OTHER})
    gated = facts_of("a.rs", File((ONE.items[0], Item("beta", 0, (), False, cfg="unix")), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], gated, ())])
    assert queries.stale_paths(db) == ["src/b.rs"]
    assert [d.cfg for d in queries.definitions(db, ["beta"])["beta"]] == ["unix"]
    assert queries.load_file_facts(db, "a.rs") == gated


def test_a_lost_mention_leaves_no_row_behind(db: Database) -> None:
    facts = fill(db, {"a.rs": ONE})["a.rs"]
    assert db.query("?[key] := *ref_keys{key}") == [[".beta"]]
    silent = facts_of("a.rs", File((Item("alpha", 0, (), False),), 1))
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts, silent, ())])
    assert db.query("?[key] := *ref_keys{key}") == []
    writes.ingest_file_batch(db, [FileUpdate("a.rs", silent, facts, (), keys=(".beta",))])
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts, None)])
    assert db.query("?[key] := *ref_keys{key}") == []
    left = {name: rows for name, rows in queries.dump(db).items() if rows}
    assert left == {}
