"""Who implements what, asked of a trait, of a type and of an impl block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from indexer.protocol import RpcError
from store.database import Database
from store.implementations import implementations
from store.migrations import open_database
from store.model import Edge, FileUpdate
from store.writes import ingest_file_batch
from tests.hydrators.rust_text import facts_of, node
from tests.indexer.service_bench import Bench, running_daemon
from tests.indexer.test_rpc_methods import ask

SOURCES = {
    "Cargo.toml": '[package]\nname = "zoo"\n',
    "src/lib.rs": "mod shapes;\nmod derives;\npub trait Draw {}\npub trait Into2<T> {}\npub struct Loner;\n",
    "src/derives.rs": (
        "use std::fmt;\n#[derive(Debug, fmt::Debug, /* for x */ Clone, crate::Draw)]\n"
        '#[cfg_attr(feature = "serde", derive(::serde::Serialize))]\npub enum Level { Debug, Clone }\n'
        "impl fmt::Display for Level {}\nimpl Iterator for Level {}\nimpl<T> From<T> for Level {}\n"
        "pub trait Display {}\nimpl Display for Level {}\npub enum Other { Debug }\n"
    ),
    "src/shapes.rs": (
        "use crate::{Draw, Into2};\npub struct Square;\npub struct Circle<T>(T);\n"
        "impl Draw for Square {}\nimpl<T> Draw for Circle<T> {}\nimpl Draw for Vec<u8> {}\n"
        "impl Square { fn new() -> Self { Square } }\nimpl std::fmt::Display for Square {}\n"
        "impl !Send for Square {}\nimpl Into2<Square> for Circle<u8> {}\n"
    ),
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("implementations")
    for name, text in SOURCES.items():
        (folder / "zoo" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "zoo" / name).write_text(text)
    with running_daemon(folder / "home") as bench:
        bench.call("workspace.add", path=str(folder / "zoo"))
        bench.call("wait", stage="edges")
        yield bench


def rows(bench: Bench, of: str, **params: Any) -> set[tuple[str, str | None, str | None]]:
    """(trait as written, trait, type)."""
    answer = ask(bench, "graph.implementations", node=of, **params)
    return {
        (
            row["trait_text"],
            row["trait"] and row["trait"]["qualified_name"],
            row["type"] and row["type"]["qualified_name"],
        )
        for row in answer["implementations"]
    }


def test_a_trait_is_answered_with_the_types_that_implement_it(zoo: Bench) -> None:
    assert rows(zoo, "Draw") == {
        ("Draw", "Draw", "Square"),
        ("Draw", "Draw", "Circle"),
        ("Draw", "Draw", None),
        ("Draw", "Draw", "Level"),
    }


def test_a_type_is_answered_with_its_traits_foreign_ones_included(zoo: Bench) -> None:
    assert rows(zoo, "Square") == {("Draw", "Draw", "Square"), ("std::fmt::Display", None, "Square")}
    assert rows(zoo, "Circle") == {("Draw", "Draw", "Circle"), ("Into2", "Into2", "Circle")}
    assert rows(zoo, "Loner") == set()


def test_derives_of_a_type_are_there_without_a_node_of_the_trait(zoo: Bench) -> None:
    assert rows(zoo, "Level") == {
        ("Debug", None, "Level"),
        ("fmt::Debug", None, "Level"),
        ("Clone", None, "Level"),
        ("::serde::Serialize", None, "Level"),
        ("Draw", "Draw", "Level"),
        ("fmt::Display", None, "Level"),
        ("Iterator", None, "Level"),
        ("From", None, "Level"),
        ("Display", "Display", "Level"),
    }
    derive = next(
        row
        for row in ask(zoo, "graph.implementations", node="Level")["implementations"]
        if row["trait_text"] == "Clone"
    )
    assert (derive["impl"], derive["rule"]) == (None, "derive")
    assert len(ask(zoo, "graph.implementations", node="Level", limit=3)["implementations"]) == 3


def test_a_trait_from_outside_is_answered_by_its_name(zoo: Bench) -> None:
    assert rows(zoo, "Iterator") == rows(zoo, "std::iter::Iterator") == {("Iterator", None, "Level")}
    assert rows(zoo, "std::fmt::Display") == {
        ("fmt::Display", None, "Level"),
        ("std::fmt::Display", None, "Square"),
    }
    assert rows(zoo, "serde::Serialize") == {("::serde::Serialize", None, "Level")}
    assert rows(zoo, "From") == {("From", None, "Level")}
    with pytest.raises(RpcError, match="no node called Send"):
        ask(zoo, "graph.implementations", node="Send")


def test_variants_do_not_hide_the_trait_of_their_name(zoo: Bench) -> None:
    assert rows(zoo, "Clone") == {("Clone", None, "Level")}
    assert rows(zoo, "Debug") == {("Debug", None, "Level"), ("fmt::Debug", None, "Level")}
    assert rows(zoo, "Display") == {("Display", "Display", "Level")}


def test_an_impl_block_is_answered_with_its_own_ends(zoo: Bench) -> None:
    assert rows(zoo, "src/shapes.rs:5") == {("Draw", "Draw", "Circle")}
    assert rows(zoo, "src/shapes.rs:9") == set()


def test_a_limit_is_kept_and_said(zoo: Bench) -> None:
    answer = ask(zoo, "graph.implementations", node="Draw", limit=2)
    assert (len(answer["implementations"]), answer["truncated"]) == (2, True)


def derived(db: Database, of: str) -> list[tuple[str, str | None, str | None, bool]]:
    return [
        (one.trait_text, one.trait and one.trait.id, one.type and one.type.id, one.impl is None)
        for one in implementations(db, of)
    ]


def test_a_derive_is_seen_from_both_sides_without_an_impl() -> None:
    facts = facts_of("trait Draw {}\n#[derive(Draw)]\nstruct S;\n")
    trait, type_ = node(facts, "Draw").id, node(facts, "S").id
    edge = Edge(type_, "IMPLEMENTS", trait, 0.6, "heuristic", "derive", ())
    with open_database(None, "mem") as db:
        ingest_file_batch(db, [FileUpdate(facts.record.path, None, facts, (edge,))])
        assert derived(db, trait) == derived(db, type_) == [("Draw", trait, type_, True)]
        assert implementations(db, "nobody") == []
