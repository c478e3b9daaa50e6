"""What resolution is told while files change, and which nodes an edit makes it look at again."""

from __future__ import annotations

import pytest

from hydrators.resolve import Resolver, World
from indexer import definitions as module
from indexer.definitions import StoredDefinitions, changed_sources
from store.bulk import PackedDefinitions
from store.database import Database
from store.migrations import open_database
from store.model import AMBIGUITY_CAP, AMBIGUOUS, FileFacts, FileUpdate
from store.writes import ingest_file_batch
from tests.hydrators.rust_text import facts_of

WORLD = World({})


def stored(**texts: str) -> tuple[Database, dict[str, FileFacts]]:
    """A store of files in one crate, `name` being that of a module."""
    facts = {f"src/{name}.rs": facts_of(text, f"src/{name}.rs", "c", name) for name, text in texts.items()}
    db = open_database(None, "mem")
    ingest_file_batch(db, [FileUpdate(path, None, one) for path, one in facts.items()])
    return db, facts


@pytest.mark.parametrize("how", ["alone", "prefetched", "all", "too many questions"])
def test_new_facts_are_laid_over_what_is_stored(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    db, _ = stored(a="impl T { fn f() {} fn g() {} }", b="impl T { fn f() {} }", z="impl T { fn f() {} }")
    new = {"src/b.rs": facts_of("impl T { fn g(x: u8) {} }", "src/b.rs", "c", "b"), "src/z.rs": None}
    with db:
        found = StoredDefinitions(db, new)
        if how == "too many questions":
            monkeypatch.setattr(module, "_LONE_QUESTIONS_MAX", 0)
            assert found.get("T::h") == ()
        if how == "all":
            found.read_all()
        if how == "prefetched":
            found.prefetch(["T::f", "T::g", "T::h"])
        assert [(d.file_path, d.text) for d in found.get("T::f")] == [("src/a.rs", "fn f()")]
        assert [(d.file_path, d.text) for d in found.get("T::g")] == [
            ("src/a.rs", "fn g()"),
            ("src/b.rs", "fn g(x: u8)"),
        ]
        assert found.get("T::h") == ()


@pytest.mark.parametrize("read_all", [False, True])
def test_a_capped_key_is_ambiguous_as_a_whole(read_all: bool) -> None:
    def impls(count: int) -> str:
        return "".join(f"impl T{i} {{ fn go(&self) {{}} }}\n" for i in range(count))

    db, _ = stored(a=impls(AMBIGUITY_CAP), b=impls(1))
    with db:
        for count, is_ambiguous in ((0, False), (1, True)):
            new = {"src/b.rs": facts_of(impls(count), "src/b.rs", "c", "b")}
            found = StoredDefinitions(db, new)
            if read_all:
                found.read_all()
            assert (found.get(".go") is AMBIGUOUS) == is_ambiguous
            assert len(found.get("T0::go")) == 1 + count


def test_definitions_of_a_first_index_are_ambiguous_under_the_same_keys() -> None:
    row = '[["id","function","c","","","fn x()",""]]'
    rows = PackedDefinitions([key, "", f"{i:02}.rs", row] for key in ("x", ".x") for i in reversed(range(40)))
    assert rows.get(".x") is AMBIGUOUS
    assert [definition.file_path for definition in rows.get("x")] == [f"{i:02}.rs" for i in range(40)]
    assert rows.get("y") == ()


def sources(before: str, after: str) -> set[str] | None:
    """Short ids of what is resolved anew when one text becomes the other."""
    old, new = facts_of(before), facts_of(after)
    asked = Resolver(PackedDefinitions([]), WORLD).resolve(old, track=True).asked
    found = changed_sources(old, new, asked)
    return None if found is None else {id_.removeprefix("src/a.rs-a-") for id_ in found}


def test_nothing_is_resolved_anew_where_only_lines_move() -> None:
    assert sources("fn a() { b() }\n", "\n\n// moved\n\nfn a() { b() }\n") == set()


def test_an_edited_function_is_resolved_anew_and_its_neighbours_are_not() -> None:
    assert sources("fn a() { b() }\nfn c() { d() }\n", "fn a() { e() }\nfn c() { d() }\n") == {"a"}


def test_an_edited_method_leaves_the_rest_of_its_impl_alone() -> None:
    text = "mod m { impl T for S { fn a(&self) { b() } fn c(&self) { d() } } }\n"
    assert sources(text, text.replace("b()", "e()")) == {i for i in ids_of(text) if not i.endswith("::c")}


def test_another_impl_header_gives_all_inside_another_meaning() -> None:
    text = "impl<A: X> T for S { fn a(&self) { b() } }\nfn c() { d() }\n"
    after = text.replace("A: X", "A: Y")
    assert sources(text, after) == {i for i in ids_of(after) if i != "c"}


def test_who_asked_for_a_definition_that_changed_is_resolved_anew() -> None:
    text = "fn a() { b() }\nfn b() {}\nfn c() { d() }\n"
    assert sources(text, text.replace("fn b()", "fn bb()")) == {"a", "bb"}
    assert sources(text, text.replace("fn b()", "fn b(x: u8)")) == {"a", "b"}


def test_an_import_that_changes_concerns_all_that_look_through_it() -> None:
    text = "use x::b;\nfn a() { b() }\nfn c() {}\nmod m { fn e() { f() } }\n"
    found = sources(text, text.replace("use x", "use y"))
    assert found is not None and "a" in found
    assert not {"c", "m::e"} & found


def test_a_file_in_another_place_is_resolved_as_a_whole() -> None:
    old, new = facts_of("fn a() {}"), facts_of("fn a() {}", "src/a.rs", "other")
    assert changed_sources(old, new, {}) is None


def ids_of(text: str) -> set[str]:
    return {node.id.removeprefix("src/a.rs-a-") for node in facts_of(text).nodes}
