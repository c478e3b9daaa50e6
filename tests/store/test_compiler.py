"""What answers show of rust-analyzer's facts: its word on a node, definitions outside, diagnostics."""

from __future__ import annotations

from store import hydration, queries, writes
from store.compiler import CompilerWord, HydrationCounts
from store.database import Database
from store.diagnostics import SeenDiagnostic
from store.implementations import implementations
from store.model import Diagnostic, Edge, ExternalNode, FileFacts, FileUpdate, HydratedFile, HydratedNode
from tests.store.toy_compiler import TAG, external, hydrate
from tests.store.toy_workspace import File, Item, all_resolved, facts_of, fill, resolve_stale

TREE = {
    "a.rs": File((Item("alpha", 0, ("beta",), False), Item("gamma", 1, ("beta",), True)), 1),
    "src/b.rs": File((Item("délta", 0, ("alpha",), False),), 1),
}


def hydrated(db: Database) -> dict[str, FileFacts]:
    facts = fill(db, TREE)
    hydration.begin_hydration(db, TAG)
    hydrate(db, facts)
    return facts


def save(db: Database, facts: dict[str, FileFacts], path: str, *items: Item) -> None:
    new = facts_of(path, File(items, 1))
    resolved = all_resolved({**facts, path: new})[path]
    update = FileUpdate(path, facts.get(path), new, resolved.edges, keys=resolved.keys)
    writes.ingest_file_batch(db, [update])
    facts[path] = new


def word_on(db: Database, node_id: str) -> CompilerWord:
    summary = queries.get_node_summary(db, node_id)
    assert summary is not None
    return summary.compiler


# ------------------------------------------------------------------ nodes


def test_a_summary_tells_the_signature_and_how_far_it_can_be_trusted(db: Database) -> None:
    facts = fill(db, TREE)
    assert word_on(db, "a.rs-a-alpha")[:4] == ("never", "", "", False)
    hydration.begin_hydration(db, TAG)
    assert word_on(db, "a.rs-a-alpha")[:4] == ("pending", "", "", False)
    hydrate(db, facts)
    assert word_on(db, "a.rs-a-alpha")[:4] == ("hydrated", "alpha: ", "", True)
    save(db, facts, "src/b.rs", Item("délta", 0, ("alpha",), False), Item("beta", 0, (), False))
    assert word_on(db, "a.rs-a-alpha")[:4] == ("pending", "alpha: ", "", True)  # beta is defined by now
    assert word_on(db, "src/b.rs-b-délta").state == "hydrated"
    assert word_on(db, "src/b.rs-b-beta")[:4] == ("pending", "", "", False)
    resolve_stale(db)
    hydrate(db, facts)
    save(db, facts, "a.rs", Item("alpha", 2, ("beta",), False))
    assert word_on(db, "a.rs-a-alpha")[:4] == ("pending", "alpha: !", "", False)
    resolve_stale(db)
    hydrate(db, facts)
    assert word_on(db, "a.rs-a-alpha")[:4] == ("hydrated", "", "a test", True)
    hydration.begin_hydration(db, "another")
    assert word_on(db, "src/b.rs-b-beta").state == "pending"


def test_a_node_of_a_file_that_was_left_alone_says_why_nothing_is_known(db: Database) -> None:
    facts = hydrated(db)
    hash_ = facts["a.rs"].record.hash
    hydration.replace_hydration(
        db, HydratedFile("a.rs", hash_, queries.clock(db), (), None, reason="too deep")
    )
    assert word_on(db, "a.rs-a-alpha")[:4] == ("never", "", "too deep", False)


def test_what_was_found_out_while_something_was_missing_is_marked_so(db: Database) -> None:
    facts = hydrated(db)
    assert word_on(db, "src/b.rs-b-délta")[4:] == (False,)
    hash_ = facts["src/b.rs"].record.hash
    answer = HydratedFile("src/b.rs", hash_, queries.clock(db), (), None, is_partial=True)
    hydration.replace_hydration(db, answer)
    assert word_on(db, "src/b.rs-b-délta")[4:] == (True,)


def test_confidence_rises_with_a_signature_of_the_present_text(db: Database) -> None:
    facts = fill(db, TREE)

    def confidence() -> float:
        summary = queries.get_node_summary(db, "src/b.rs-b-délta")
        assert summary is not None
        return summary.confidence

    assert confidence() == 0.8
    hydration.begin_hydration(db, TAG)
    hydrate(db, facts)
    assert confidence() == 1.0
    save(db, facts, "src/b.rs", Item("délta", 0, ("alpha",), False, exact=False))
    assert confidence() == 0.6
    hydrate(db, facts)
    assert confidence() == 0.8


def test_counts_say_how_far_it_is(db: Database) -> None:
    facts = hydrated(db)
    assert hydration.hydration_counts(db) == HydrationCounts(2, 0, 0, {"error": 1}, 3)
    save(db, facts, "a.rs", Item("alpha", 0, ("beta",), False))
    assert hydration.hydration_counts(db)[:3] == (1, 1, 0)
    assert hydrate(db, facts) == []
    assert hydration.hydration_counts(db) == HydrationCounts(2, 0, 0, {}, 2)
    hash_ = facts["a.rs"].record.hash
    hydration.replace_hydration(
        db, HydratedFile("a.rs", hash_, queries.clock(db), (), None, reason="too deep")
    )
    assert hydration.hydration_counts(db) == HydrationCounts(1, 0, 1, {}, 1)


# ------------------------------------------------------------------ outside the workspace


def test_callees_outside_the_workspace_are_shown_and_know_their_callers(db: Database) -> None:
    hydrated(db)
    outside = external("beta")
    ((edge, brief),) = queries.edges_from(db, "a.rs-a-alpha")[:1]
    assert edge == Edge("a.rs-a-alpha", "CALLS", outside.id, 1.0, "ra", "definition", (0,))
    assert brief == (outside.id, "function", "beta", "std::beta", "", "fn beta()")
    callers = [brief.id for _, brief in queries.edges_to(db, outside.id)]
    assert callers == ["a.rs-a-alpha", "a.rs-a-gamma"]
    assert hydration.external_node(db, outside.id) == outside
    assert hydration.external_node(db, "a.rs-a-alpha") is None


def test_what_lies_outside_is_an_end_of_every_walk(db: Database) -> None:
    """Two functions that both call `Option::map` have nothing to do with each other."""
    tree = {
        "a.rs": File((Item("alpha", 0, ("beta",), False),), 1),
        "src/b.rs": File((Item("gamma", 0, ("beta",), False),), 1),
    }
    facts = fill(db, tree)
    hydration.begin_hydration(db, TAG)
    hydrate(db, facts)
    near = queries.isg_two_hop(db, "a.rs-a-alpha")
    assert {brief.id: hops for brief, hops in near.nodes} == {"a.rs-a-alpha": 0, external("beta").id: 1}
    assert queries.explain_connectivity(db, "a.rs-a-alpha", "src/b.rs-b-gamma").path == ()
    to_it = queries.explain_connectivity(db, "a.rs-a-alpha", external("beta").id)
    assert [node.id for node in to_it.nodes] == ["a.rs-a-alpha", external("beta").id]
    of_it = queries.isg_two_hop(db, external("beta").id)
    assert sorted(brief.id for brief, hops in of_it.nodes if hops == 1) == [
        "a.rs-a-alpha",
        "src/b.rs-b-gamma",
    ]


def test_a_trait_outside_the_workspace_knows_what_implements_it(db: Database) -> None:
    facts = hydrated(db)
    display = ExternalNode("core@1.95.0::fmt::Display", "core", "1.95.0", "core::fmt::Display", "trait", "")
    node = facts["src/b.rs"].nodes[0]
    edge = Edge(node.id, "IMPLEMENTS", display.id, 1.0, "ra", "derive", ())
    said = HydratedNode(node.id, node.meaning_hash, node.signature_hash, "", "none", (edge,))
    file = HydratedFile(
        "src/b.rs", facts["src/b.rs"].record.hash, queries.clock(db), (said,), None, (display,)
    )
    assert hydration.replace_hydration(db, file) is not None
    (found,) = implementations(db, display.id)
    assert found.trait is not None and found.type is not None
    assert (found.trait.qualified_name, found.type.id) == ("core::fmt::Display", node.id)


# ------------------------------------------------------------------ diagnostics


def diagnosed(
    db: Database, facts: dict[str, FileFacts], path: str, *found: Diagnostic, partial: bool = False
) -> None:
    file = HydratedFile(path, facts[path].record.hash, queries.clock(db), (), found, is_partial=partial)
    assert hydration.replace_hydration(db, file) is not None


def finding(node_id: str, line: int, severity: str = "error") -> Diagnostic:
    return Diagnostic(node_id, severity, "E0425", f"at {line}", line, 4, line, 9, "rust-analyzer")


def test_diagnostics_come_newest_commit_first_and_by_place(db: Database) -> None:
    facts = hydrated(db)
    inner, outer = finding("a.rs-a-gamma", 2, "warning"), finding("a.rs-a-alpha", 1)
    diagnosed(db, facts, "a.rs", inner, outer, inner)
    elsewhere = finding("src/b.rs-b-délta", 1, "hint")
    diagnosed(db, facts, "src/b.rs", elsewhere)
    hashes = {path: one.record.hash for path, one in facts.items()}
    clock = queries.clock(db)
    assert hydration.recent_diagnostics(db) == [
        SeenDiagnostic("src/b.rs", hashes["src/b.rs"], True, clock, elsewhere),
        SeenDiagnostic("a.rs", hashes["a.rs"], True, clock - 1, outer),
        SeenDiagnostic("a.rs", hashes["a.rs"], True, clock - 1, inner),
    ]
    assert [d.diagnostic for d in hydration.recent_diagnostics(db, path="a.rs")] == [outer, inner]
    assert [d.diagnostic for d in hydration.recent_diagnostics(db, node_id="a.rs-a-alpha")] == [outer, inner]
    assert [d.diagnostic for d in hydration.recent_diagnostics(db, node_id="a.rs-a-gamma")] == [inner]
    assert hydration.recent_diagnostics(db, node_id="nobody") == []
    assert hydration.recent_diagnostics(db, node_id="a.rs-a-gamma", path="src/b.rs") == []
    assert [d.diagnostic for d in hydration.recent_diagnostics(db, severities=["hint"])] == [elsewhere]
    assert len(hydration.recent_diagnostics(db, limit=2)) == 2
    assert hydration.hydration_counts(db).diagnostics == {"error": 1, "hint": 1, "warning": 1}


def test_diagnostics_of_older_bytes_say_so_and_go_with_the_next_answer_or_the_file(db: Database) -> None:
    facts = hydrated(db)
    old = facts["src/b.rs"].record.hash
    diagnosed(db, facts, "src/b.rs", finding("src/b.rs-b-délta", 1))
    save(db, facts, "src/b.rs", Item("délta", 0, (), False))
    (seen,) = hydration.recent_diagnostics(db, path="src/b.rs")
    assert (seen.hash, seen.is_current) == (old, False)
    unasked = HydratedFile("src/b.rs", facts["src/b.rs"].record.hash, queries.clock(db), (), None)
    hydration.replace_hydration(db, unasked)
    assert hydration.recent_diagnostics(db, path="src/b.rs") == [seen]
    diagnosed(db, facts, "src/b.rs")
    assert hydration.recent_diagnostics(db, path="src/b.rs") == []
    diagnosed(db, facts, "src/b.rs", finding("", 1))
    writes.ingest_file_batch(db, [FileUpdate("src/b.rs", facts["src/b.rs"], None)])
    assert hydration.recent_diagnostics(db, path="src/b.rs") == []


def test_no_diagnostics_may_mean_that_nobody_has_looked(db: Database) -> None:
    facts = fill(db, TREE)
    assert hydration.diagnostics_state(db, "src/b.rs") == ("unknown", "")
    hydration.begin_hydration(db, TAG)
    assert hydration.diagnostics_state(db, "src/b.rs") == ("unknown", "")
    hydrate(db, facts)
    assert hydration.diagnostics_state(db, "src/b.rs") == ("known", "")
    save(db, facts, "src/b.rs", Item("délta", 0, (), False))
    assert hydration.diagnostics_state(db, "src/b.rs") == ("pending", "")
    hydrate(db, facts)
    assert hydration.diagnostics_state(db, "src/b.rs") == ("known", "")
    hydration.begin_hydration(db, "another")
    assert hydration.diagnostics_state(db, "src/b.rs") == ("pending", "")
    assert hydration.diagnostics_state(db, "nowhere.rs") == ("unknown", "")


def test_an_equal_finding_keeps_the_clock(db: Database) -> None:
    facts = hydrated(db)
    diagnosed(db, facts, "src/b.rs", finding("", 3), finding("", 1))
    clock = queries.clock(db)
    diagnosed(db, facts, "src/b.rs", finding("", 1), finding("", 3), partial=True)
    assert queries.clock(db) == clock
