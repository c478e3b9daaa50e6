from __future__ import annotations

from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from store import queries, writes
from store.database import Database
from store.migrations import open_database
from store.model import AMBIGUITY_CAP, Edge, EdgeKind, FileFacts, FileUpdate
from store.nodes import signature_of
from tests.store.toy_workspace import (
    NAMES,
    PATHS,
    File,
    Item,
    all_definitions,
    all_edges,
    all_resolved,
    facts_of,
    fill,
    trees,
)


def contains_edges(facts: dict[str, FileFacts]) -> list[Edge]:
    return [
        Edge(node.parent_id, "CONTAINS", node.id, 1.0, "heuristic", "parent", ())
        for one in facts.values()
        for node in one.nodes
        if node.parent_id
    ]


@settings(max_examples=60, deadline=None)
@given(trees, st.integers(0, 8), st.sets(st.sampled_from(NAMES)))
def test_look_ups_by_file_line_and_key_agree_with_a_plain_model(
    tree: dict[str, File], line: int, keys: set[str]
) -> None:
    with open_database(None, "mem") as db:
        facts = fill(db, tree)
        known = all_definitions(facts)
        for path in PATHS:
            here = list(zip(facts[path].nodes, facts[path].spans, strict=True)) if path in facts else []
            assert queries.list_nodes_by_file(db, path) == here
            around = [(n, s) for n, s in here if s.start_line <= line <= s.end_line]
            assert sorted(queries.nodes_at(db, path, line)) == sorted(around)
            sizes = [s.end_byte - s.start_byte for _, s in queries.nodes_at(db, path, line)]
            assert sizes == sorted(sizes)
        assert queries.definitions(db, keys) == {key: tuple(known[key]) for key in keys if key in known}
        asked = {path: one.keys for path, one in all_resolved(facts).items()}
        assert queries.file_keys(db, PATHS) == {path: keys for path, keys in asked.items() if keys}
        capped = {f".{key}" for key in keys}
        assert queries.files_mentioning(db, capped) == sorted(p for p in asked if capped & {*asked[p]})
        records = [facts[path].record for path in sorted(facts)]
        assert queries.list_files(db, state="skipped") == [r for r in records if r.state == "skipped"]
        counts = queries.counts(db)
        assert counts.files == len(facts)
        assert counts.nodes == sum(len(one.nodes) for one in facts.values())
        assert counts.references == sum(len(r) for one in facts.values() for r in one.references.values())
        assert counts.edges == sum(len(edges) for edges in all_edges(facts).values())


@settings(max_examples=60, deadline=None)
@given(trees, st.data())
def test_walks_over_edges_agree_with_a_plain_model(tree: dict[str, File], data: st.DataObject) -> None:
    with open_database(None, "mem") as db:
        facts = fill(db, tree)
        ids = [node.id for one in facts.values() for node in one.nodes]
        if not ids:
            return
        calls = [edge for edges in all_edges(facts).values() for edge in edges]
        edges = [*calls, *contains_edges(facts)]
        start, goal = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))

        out = sorted(edge for edge in edges if edge.src_id == start)
        into = sorted(edge for edge in edges if edge.dst_id == start)
        assert sorted(edge for edge, _ in queries.edges_from(db, start)) == out
        assert sorted(edge for edge, _ in queries.edges_to(db, start)) == into
        assert sorted(e for e, _ in queries.edges_to(db, start, ["CALLS"])) == sorted(
            e for e in calls if e.dst_id == start
        )

        near = queries.isg_two_hop(db, start, limit=2_000)
        expected = {id_: hops for id_, hops in distances(calls, start).items() if hops <= 2}
        assert {brief.id: hops for brief, hops in near.nodes} == expected
        assert not near.truncated

        found = queries.explain_connectivity(db, start, goal)
        hops = distances(edges, start).get(goal)
        if start == goal or hops is None or hops > 6:
            assert found.path == () and found.reason
        else:
            assert len(found.path) == hops and found.reason == ""
            at = start
            for edge, node in zip(found.path, found.nodes[1:], strict=True):
                assert edge in edges and {edge.src_id, edge.dst_id} == {at, node.id} | {at}
                at = node.id
            assert at == goal


def distances(edges: list[Edge], start: str) -> dict[str, int]:
    near = {start: 0}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for edge in edges:
            if here in (edge.src_id, edge.dst_id):
                there = edge.dst_id if edge.src_id == here else edge.src_id
                if there not in near:
                    near[there] = near[here] + 1
                    queue.append(there)
    return near


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 3), max_size=8), st.integers(0, 9), st.integers(1, 6))
def test_changes_since_a_clock_are_whole_clocks_and_lose_nothing(
    sizes: list[int], since: int, limit: int
) -> None:
    with open_database(None, "mem") as db:
        model: list[tuple[int, str]] = []
        old: dict[str, FileFacts] = {}
        for clock, size in enumerate(sizes, 1):
            batch = []
            for path in PATHS[:size]:
                new = facts_of(path, File((Item("alpha", clock, (), False),), 1))
                batch.append(FileUpdate(path, old.get(path), new))
                old[path] = new
                model.append((clock, path))
            writes.ingest_file_batch(db, batch)
        if since > len(sizes):
            assert queries.changes_since(db, since, limit).fresh_instance
            return
        asked, seen = since, list[tuple[int, str]]()
        more = True
        while more:
            answer = queries.changes_since(db, since, limit)
            assert not answer.fresh_instance
            assert answer.clock > since or not answer.more
            seen += [(clock, change.path) for clock, change in answer.entries]
            since, more = answer.clock, answer.more
        assert seen == sorted(entry for entry in model if entry[0] > asked)
        assert since == len(sizes)


def test_a_summary_says_all_that_is_known_of_a_node(db: Database) -> None:
    tree = {
        "a.rs": File((Item("alpha", 1, ("beta", "gamma"), False), Item("beta", 0, (), True, False)), 1),
        "src/b.rs": File((Item("gamma", 0, ("alpha",), False),), 1),
    }
    facts = fill(db, tree)
    summary = queries.get_node_summary(db, "a.rs-a-alpha")
    assert summary is not None
    assert summary.facts == facts["a.rs"].nodes[0]
    assert summary.text == "alpha 1 beta gamma\nbeta 0 \n"
    assert [child.name for child in summary.children] == ["beta"]
    assert summary.parent is None
    assert (summary.outgoing_count, summary.incoming_count) == (2, 1)
    assert summary.confidence == 0.4  # parse errors, and no signature by rust-analyzer
    inner = queries.get_node_summary(db, "a.rs-a-beta")
    assert inner is not None and inner.parent is not None
    assert (inner.parent.id, inner.confidence) == ("a.rs-a-alpha", 0.6)  # no exact signature either


def test_nodes_are_found_by_id_by_name_and_by_key(db: Database) -> None:
    one = File((Item("alpha", 0, (), False),), 1)
    fill(db, {"a.rs": one, "src/b.rs": one})
    assert [n.facts.id for n in queries.find_nodes(db, "alpha")] == ["a.rs-a-alpha", "src/b.rs-b-alpha"]
    assert [n.facts.id for n in queries.find_nodes(db, "src/b.rs-b-alpha")] == ["src/b.rs-b-alpha"]
    assert len(queries.find_nodes(db, "alpha", limit=1)) == 1
    assert queries.find_nodes(db, "a.rs-a-alph") == []
    assert queries.get_node(db, "nothing") is None
    assert queries.get_node_summary(db, "nothing") is None


def test_a_popular_capped_key_returns_its_first_definitions_however_it_is_asked_for(db: Database) -> None:
    tree = {f"f{i:03}.rs": File((Item("alpha", 0, (), False),), 1) for i in range(AMBIGUITY_CAP * 2)}
    fill(db, tree)
    alone = queries.definitions(db, [".alpha"])[".alpha"]
    among_many = queries.definitions(db, [".alpha", *(f".absent{i}" for i in range(40))])
    assert [d.file_path for d in alone] == [f"f{i:03}.rs" for i in range(AMBIGUITY_CAP + 1)]
    assert among_many == {".alpha": alone}
    assert queries.definitions(db, [".alpha"], without=["f000.rs"])[".alpha"][0].file_path == "f001.rs"


def test_any_other_popular_key_returns_all_its_definitions(db: Database) -> None:
    tree = {f"f{i:03}.rs": File((Item("alpha", 0, (), False),), 1) for i in range(AMBIGUITY_CAP * 2)}
    fill(db, tree)
    assert [d.file_path for d in queries.definitions(db, ["alpha"])["alpha"]] == sorted(tree)


def test_an_exact_signature_is_shown_before_the_one_as_written(db: Database) -> None:
    fill(db, {"a.rs": File((Item("alpha", 0, (), False), Item("beta", 0, (), True, exact=False)), 1)})
    summary = queries.get_node_summary(db, "a.rs-a-beta")
    assert summary is not None and summary.parent is not None
    assert signature_of(summary.facts) == "fn beta()"
    assert summary.parent.signature == "fn alpha(_)"


def test_a_limit_that_cuts_two_hops_is_admitted(db: Database) -> None:
    hub = File((Item("alpha", 0, (), False),), 1)
    callers = {f"f{i:02}.rs": File((Item("beta", 0, ("alpha",), False),), 1) for i in range(12)}
    fill(db, {"hub.rs": hub, **callers})
    cut = queries.isg_two_hop(db, "hub.rs-hub-alpha", limit=5)
    assert cut.truncated and len(cut.nodes) == 6
    whole = queries.isg_two_hop(db, "hub.rs-hub-alpha", [EdgeKind.CALLS], "in", limit=50)
    assert not whole.truncated and len(whole.nodes) == 13


def test_an_edge_into_a_node_that_has_gone_is_not_shown(db: Database) -> None:
    callee = File((Item("alpha", 0, (), False),), 1)
    caller = File((Item("beta", 0, ("alpha",), False),), 1)
    facts = fill(db, {"a.rs": callee, "b.rs": caller})
    writes.ingest_file_batch(db, [FileUpdate("a.rs", facts["a.rs"], None)])
    assert queries.edges_from(db, "b.rs-b-beta") == []
    assert queries.stale_paths(db) == ["b.rs"]
