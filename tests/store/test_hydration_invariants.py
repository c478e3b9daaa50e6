"""A store that is edited and hydrated in any order equals one that is filled and hydrated at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from store import hydration, queries, writes
from store.database import Database
from store.migrations import open_database
from store.model import Edge, FileFacts, FileUpdate, HydratedFile, HydratedNode, hydration_key
from store.overlay import merge_edges
from store.rows import unpack_edges
from tests.store.toy_compiler import RELATIONS, TAG, answer, external, hydrate, raw, rows_left
from tests.store.toy_workspace import (
    NAMES,
    Tree,
    all_resolved,
    fill,
    fill_packed,
    resolve_stale,
    tree_facts,
    trees,
    updates_between,
)

MODES = ["later", "at once", "sources named", "one by one"]


def brute_merge(heuristic: list[Edge], said: list[Edge]) -> list[Edge]:
    """Site by site: what rust-analyzer says of it, else what resolution says."""
    told = {site for edge in said for site in edge.sites}
    found: dict[tuple[str, str, str], set[int]] = {}
    of: dict[tuple[str, str, str], Edge] = {}
    for edge in [*heuristic, *said]:
        by_ra = edge.provenance == "ra"
        sites = {site for site in edge.sites if by_ra or site not in told}
        if edge.dst_id and (sites or not edge.sites):
            found.setdefault(edge[:3], set()).update(sites)
            if edge[:3] not in of or by_ra:
                of[edge[:3]] = edge
    return sorted(of[key]._replace(sites=tuple(sorted(sites))) for key, sites in found.items())


def edges_strategy(source: str, provenance: str, targets: list[str]) -> st.SearchStrategy[list[Edge]]:
    return st.lists(
        st.builds(
            Edge,
            src_id=st.just(source),
            kind=st.sampled_from(["CALLS", "USES"]),
            dst_id=st.sampled_from(targets),
            weight=st.sampled_from([0.5, 1.0]),
            provenance=st.just(provenance),
            rule=st.sampled_from(["a", "b"]),
            sites=st.lists(st.integers(0, 3), unique=True, max_size=3).map(lambda s: tuple(sorted(s))),
        ),
        max_size=4,
        unique_by=lambda edge: edge[:3],
    )


@settings(max_examples=200, deadline=None)
@given(edges_strategy("s", "heuristic", ["x", "y", "z"]), edges_strategy("s", "ra", ["x", "y", "out", ""]))
def test_at_each_site_rust_analyzer_counts_and_resolution_elsewhere(
    heuristic: list[Edge], said: list[Edge]
) -> None:
    assert merge_edges(heuristic, said) == brute_merge(heuristic, said)
    assert merge_edges(heuristic, []) == sorted(heuristic)


# ------------------------------------------------------------------ a store that is edited and hydrated


def batch_for(
    db: Database, old: Mapping[str, FileFacts], new: Mapping[str, FileFacts], mode: str
) -> list[FileUpdate]:
    batch = updates_between(old, new)
    if mode in ("later", "one by one"):
        return batch
    before, after = all_resolved(old), all_resolved(new)
    batch = [replace(u, edges=after[u.path].edges, keys=after[u.path].keys) if u.new else u for u in batch]
    if mode == "sources named":
        batch = [
            replace(
                u,
                edge_sources=frozenset(
                    edge.src_id
                    for edge in {*(before[u.path].edges if u.path in before else ())} ^ {*(u.edges or ())}
                ),
            )
            for u in batch
        ]
    return batch


class Model:
    """Two stores that are told the same text, of which only one is hydrated, and which answers hold."""

    def __init__(self, db: Database, twin: Database) -> None:
        self.db, self.twin = db, twin
        self.tree: dict[str, FileFacts] = {}
        self.answers: dict[str, tuple[Edge, ...]] = {}

    def edit(self, tree: Tree, mode: str) -> None:
        new = tree_facts(tree)
        if mode in ("at once", "sources named"):
            self.resolve()
        batch = batch_for(self.db, self.tree, new, mode)
        for part in [[update] for update in batch] if mode == "one by one" else [batch]:
            for store in (self.db, self.twin):
                writes.ingest_file_batch(store, part)
            for update in part:
                self._void(update)
        self.tree = new

    def _void(self, update: FileUpdate) -> None:
        old = {node.id: node for node in update.old.nodes} if update.old else {}
        new = {node.id: node for node in update.new.nodes} if update.new else {}
        gone = old.keys() - new.keys()
        for id_ in old:
            if id_ in gone or hydration_key(old[id_]) != hydration_key(new[id_]) or self._moved(update, id_):
                self.answers.pop(id_, None)
        for id_, edges in list(self.answers.items()):
            if any(edge.dst_id in gone for edge in edges):
                del self.answers[id_]

    @staticmethod
    def _moved(update: FileUpdate, id_: str) -> bool:
        sides = [
            [r[:3] for r in facts.references.get(id_, ())] for facts in (update.old, update.new) if facts
        ]
        return sides[0] != sides[-1]

    def resolve(self) -> None:
        resolve_stale(self.db)
        resolve_stale(self.twin)

    def hydrate(self, data: st.DataObject) -> None:
        """Random answers about those nodes of a file that have none, and about some others."""
        stale = queries.stale_paths(self.db)
        path = data.draw(st.sampled_from(sorted(self.tree)))
        facts = self.tree[path]
        ids = [node.id for one in self.tree.values() for node in one.nodes]
        outside = [external(name) for name in NAMES]
        targets = [*ids, *(one.id for one in outside), ""]
        said = []
        for node in facts.nodes:
            if node.id not in self.answers or data.draw(st.booleans()):
                edges = tuple(data.draw(edges_strategy(node.id, "ra", targets)))
                said.append(HydratedNode(node.id, hydration_key(node), node.signature_hash, "sig", "", edges))
        reason = data.draw(st.sampled_from(["", "", "", "too deep"]))
        file = HydratedFile(
            path, facts.record.hash, queries.clock(self.db), tuple(said), (), tuple(outside), reason
        )
        commit = hydration.replace_hydration(self.db, file)
        assert (commit is None) == (path in stale)
        if commit is None:
            return
        if reason:
            for node in facts.nodes:
                self.answers.pop(node.id, None)
        else:
            self.answers.update((node.id, node.edges) for node in said)

    def check(self) -> None:
        edges, _, _ = raw(self.db)
        plain, _, _ = raw(self.twin)
        expected = {src: unpack_edges(src, packed) for src, packed in plain}
        for src, said in self.answers.items():
            expected[src] = brute_merge(expected.get(src, []), list(said))
        assert {src: unpack_edges(src, packed) for src, packed in edges} == {
            src: found for src, found in expected.items() if found
        }
        reverse = queries.dump_hydration(self.db)["reverse"]
        assert reverse == sorted([e.dst_id, e.kind, e.src_id] for its in expected.values() for e in its)
        assert queries.dump(self.db) == queries.dump(self.twin)
        stored = {
            id_: node for path in self.tree for id_, node in hydration.hydrated_nodes(self.db, path).items()
        }
        for id_, said in self.answers.items():
            assert stored[id_].edges == tuple(sorted(said))
        pending = {path for (path,) in self.db.query("?[path] := *ra_pending{rank, file_path: path, name}")}
        for path, facts in self.tree.items():
            void = [n for n in facts.nodes if n.id in stored and n.id not in self.answers]
            assert not void or path in pending, f"{void} will never be asked about"


steps = st.lists(
    st.one_of(st.tuples(trees, st.sampled_from(MODES)), st.sampled_from(["resolve", "hydrate", "hydrate"])),
    max_size=10,
)


@settings(max_examples=100, deadline=None)
@given(steps, st.booleans(), st.data())
def test_edges_are_those_of_resolution_with_every_answer_that_holds_laid_over_them(
    steps: list[tuple[Tree, str] | str], packed: bool, data: st.DataObject
) -> None:
    with open_database(None, "mem") as db, open_database(None, "mem") as twin:
        model = Model(db, twin)
        if packed:
            first = data.draw(trees)
            model.tree = fill_packed(db, first)
            fill_packed(twin, first)
        hydration.begin_hydration(db, TAG)
        for step in steps:
            if step == "resolve":
                model.resolve()
            elif step == "hydrate":
                if model.tree:
                    model.hydrate(data)
            else:
                model.edit(*step)
            model.check()
        hydration.end_hydration(db)
        assert raw(db) == raw(twin)
        assert rows_left(db) == dict.fromkeys(RELATIONS, 0)
        model.resolve()
        assert raw(db) == raw(twin)


turns = st.tuples(
    trees, st.sampled_from(MODES), st.booleans(), st.sampled_from(["not", "at once", "late", "later still"])
)


@settings(max_examples=120, deadline=None)
@given(st.lists(turns, min_size=1, max_size=6))
def test_a_store_hydrated_step_by_step_equals_one_hydrated_at_once(
    steps: list[tuple[Tree, str, bool, str]],
) -> None:
    """Also where answers come in when the text that they are about, or what it leads to, is another already."""
    with open_database(None, "mem") as db, open_database(None, "mem") as fresh:
        hydration.begin_hydration(db, TAG)
        old: dict[str, FileFacts] = {}
        under_way: list[HydratedFile] = []
        for tree, mode, is_resolved, answers_come in steps:
            new = tree_facts(tree)
            if mode in ("at once", "sources named"):
                resolve_stale(db)
            batch = batch_for(db, old, new, mode)
            for part in [[update] for update in batch] if mode == "one by one" else [batch]:
                writes.ingest_file_batch(db, part)
            late, under_way = under_way, []
            if answers_come == "late":
                hydration.replace_hydrations(db, late)
            if is_resolved:
                resolve_stale(db)
            if answers_come == "later still":
                hydration.replace_hydrations(db, late)
            if answers_come == "at once":
                hydrate(db, new)
            as_of = queries.clock(db)
            under_way = [answer(db, file, new, as_of) for file in hydration.pending_files(db)]
            old = new
        resolve_stale(db)
        hydrate(db, old)
        fill(fresh, steps[-1][0])
        hydration.begin_hydration(fresh, TAG)
        hydrate(fresh, old)
        assert queries.dump_hydration(db) == queries.dump_hydration(fresh)
        assert queries.dump(db) == queries.dump(fresh)
