"""What a text costs grows with its length, not with the square of it, however it is nested; and what stands
deep inside is found all the same."""

import time
from collections.abc import Callable

import pytest

from hydrators.tolerant import extract_facts, grammar
from hydrators.tolerant.newer import cover
from tests.hydrators.rust_text import NO_STAT, facts_of, node, references_of

TEXTS: dict[str, Callable[[int], str]] = {
    "closures": lambda n: "fn f() { " + "g(|x| " * n + "1" + ")" * n + "; }",
    "blocks": lambda n: "fn f() { " + "let a = 1; { a();" * n + "}" * n + " }",
    "blocks in a row": lambda n: "fn f() { " + "{ let a = 1; a(); }" * n + " }",
    "conditions": lambda n: "fn f() { " + "if let Some(a) = b { a();" * n + "}" * n + " }",
    "macro calls": lambda n: "fn f() { " + "m!(" * n + "go()" + ")" * n + "; }",
    "lists": lambda n: "fn f() { " + "[a, (b, " * n + "1" + ")]" * n + "; }",
    "a chain": lambda n: "fn f(s: S) { s" + ".a()" * n + "; }",
    "an open string": lambda n: 'fn f() { "' + "\\\"x'" * n,
    "an open raw string": lambda n: 'fn f() { r####"' + '"# r#"x' * n,
    "nested functions": lambda n: "fn f() { " + "fn a() {} a();" * n + " }",
    "twins": lambda n: "fn a() {}\n" * n,
    "attributes": lambda n: "struct S {" + "#[a(b::c(d::e))] x: T," * n + "}",
}


def _cost_s(text: str) -> float:
    data = text.encode()
    started = time.process_time()
    extract_facts("src/a.rs", data, NO_STAT)
    return time.process_time() - started


@pytest.mark.parametrize("name", TEXTS)
def test_four_times_the_text_takes_no_more_than_some_times_as_long(name: str) -> None:
    short, long = TEXTS[name](4_000), TEXTS[name](16_000)
    # Whatever else the machine does, one try of some shows it; a square never comes below 16 times.
    assert any(_cost_s(long) < 9 * max(_cost_s(short), 0.03) for _ in range(6)), "a square would be 16 times"


@pytest.mark.parametrize(
    "piece",
    [
        "\nfn a(",
        "\nfn a<T:",
        "\nfn f() -> Vec::<u8>;",
        "\nstruct A{a:",
        "\nstruct A where T:,",
        "\nconst A:",
        "\nunsafe ",
        "\npub(",
        "dyn 'a +",
        'fn f(x: "',
    ],
)
def test_covering_headers_takes_time_in_proportion_to_the_text(piece: str) -> None:
    started = time.process_time()
    cover((piece * 50_000).encode())
    assert time.process_time() - started < 5.0


def test_all_references_of_a_deep_tree_are_found_once() -> None:
    calls = "".join(f"go{i}(v{i}, |x| " for i in range(1_000))
    facts = facts_of("fn f() { " + calls + "1" + ")" * 1_000 + "; }")
    found = references_of(facts, "f")
    assert sorted(found) == sorted(
        [("call", f"go{i}") for i in range(1_000)] + [("value", f"v{i}") for i in range(1_000)]
    )


def test_a_deep_chain_names_all_its_methods() -> None:
    facts = facts_of("fn f() { s" + "".join(f".m{i}()" for i in range(1_000)) + "; }")
    assert [path for _, path in references_of(facts, "f")] == ["s.m0", *(f".m{i}" for i in range(1, 1_000))]


@pytest.mark.parametrize("depth", [1, 1_000])
@pytest.mark.parametrize(
    "scope",
    [
        "let go = 1; go();",
        "for go in x { go(); }",
        "if let Some(go) = x { go(); }",
        "y(|go| go());",
        "match x { go => go(), }",
    ],
)
def test_a_variable_reaches_to_the_end_of_its_scope_at_any_depth(scope: str, depth: int) -> None:
    text = f"fn f() {{ go(); {'{' * depth}{scope}{'}' * depth} go(); }}"
    calls = [r for r in facts_of(text).references[node(facts_of(text), "f").id] if r.name == "go"]
    assert [r.start_byte for r in calls] == [text.index("go"), text.rindex("go")]


def test_parameters_of_a_deep_function_reach_through_all_of_it() -> None:
    facts = facts_of(f"fn f(go: G) {{ {'{' * 1_000} go(); {'}' * 1_000} }}")
    assert references_of(facts, "f") == [("type", "G")]


def test_the_time_limit_covers_the_look_for_references() -> None:
    root = grammar.parse(b"fn f() { s" + b".a()" * 1_000 + b"; }").root_node
    with grammar.time_limit(1e-9), pytest.raises(grammar.ParseTimeout):
        grammar.reference_captures(root, 0, root.end_byte)
    assert grammar.reference_captures(root, 0, root.end_byte)
