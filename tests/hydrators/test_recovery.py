"""Broken code: one lost token costs its own function and not its neighbours."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from hydrators.tolerant import grammar, tokens
from tests.hydrators.rust_text import facts_of, node, slice_of

ROOT = Path(__file__).parents[2]
PER_FILE = 5


def library_sources() -> Path:
    """The Rust library sources: ISG_BENCH_TREE, or where dpkg says rust-web-src put them."""
    if given := os.environ.get("ISG_BENCH_TREE"):
        return Path(given)
    try:
        listed = subprocess.run(["dpkg", "-L", "rust-web-src"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no library sources: install rust-web-src, or set ISG_BENCH_TREE")
    found = next(
        (line for line in listed.stdout.splitlines() if line.endswith("/library/core/src/lib.rs")), ""
    )
    if not found:
        pytest.skip("rust-web-src holds no library/core")
    return Path(found).parents[2]


def survival(root: Path, functions: int, seed: int) -> tuple[int, int, int]:
    """Remove one random token from each of some random functions, one at a time; returns (functions
    tried, other nodes, other nodes whose id, kind and hash are unchanged). Nodes whose slice holds the
    token are not others."""
    chance = random.Random(seed)
    paths = sorted(root.rglob("*.rs"))
    chance.shuffle(paths)
    tried = others = kept = 0
    for path in paths:
        data = path.read_bytes()
        if len(data) > 300_000 or grammar.parse(data).root_node.has_error:
            continue
        facts = facts_of(data)
        bodies = [
            span
            for span, found in zip(facts.spans, facts.nodes, strict=True)
            if found.kind in ("function", "method") and data[span.start_byte : span.end_byte].endswith(b"}")
        ]
        for span in chance.sample(bodies, min(PER_FILE, len(bodies))):
            text = data[span.start_byte : span.end_byte]
            found_tokens = [
                match.span(1)
                for match in tokens.TOKEN.finditer(text)
                if match[1] and not match[1].startswith((b"//", b"/*"))
            ]
            start, end = chance.choice(found_tokens)
            at = span.start_byte + start
            after = {
                (n.id, n.kind, n.hash) for n in facts_of(data[:at] + data[span.start_byte + end :]).nodes
            }
            for one, its in zip(facts.nodes, facts.spans, strict=True):
                if not its.start_byte <= at < its.end_byte:
                    others += 1
                    kept += (one.id, one.kind, one.hash) in after
            tried += 1
            if tried == functions:
                return tried, others, kept
    return tried, others, kept


@pytest.mark.large_tree
@pytest.mark.timeout(300)
def test_one_lost_token_in_each_of_a_thousand_functions_leaves_their_neighbours_alone() -> None:
    tried, others, kept = survival(library_sources(), functions=1000, seed=20)
    print(f"{tried} functions, {others} other nodes, {kept} unchanged: {kept / others:.4%}")
    assert tried == 1000
    assert kept >= 0.99 * others


def test_one_lost_token_leaves_the_neighbours_alone_in_the_fixture_workspace() -> None:
    tried, others, kept = survival(ROOT / "fixtures/workspace", functions=150, seed=5)
    assert tried > 100
    assert kept >= 0.99 * others


BROKEN = """\
use a::b;

impl Parser {
    /// First.
    pub fn first(&self) -> u8 {
        if self.ok() {
            1

    }

    fn second(&self) -> u8 { 2 }
}

fn third() {}
"""


def test_a_lost_brace_breaks_its_own_function_only() -> None:
    facts = facts_of(BROKEN)
    first, second, third = node(facts, "Parser::first"), node(facts, "Parser::second"), node(facts, "third")
    assert (first.recovered, first.parse_error_count > 0) == (True, True)
    assert slice_of(facts, first.id).endswith(b"}")
    assert (second.parse_error_count, third.parse_error_count) == (0, 0)
    assert [n.isgl_level for n in facts.nodes] == [1, 1, 2, 2, 1]


def test_a_broken_item_keeps_its_header_and_its_calls() -> None:
    facts = facts_of("#[inline]\npub fn half<T: Clone>(x: &T) -> T {\n    go(x.step(\n}\n\nfn other() {}\n")
    half = node(facts, "half")
    assert half.signature_ts == "pub fn half<T: Clone>(x: &T) -> T"
    assert (half.visibility, half.attributes) == ("pub", ("inline",))
    assert node(facts, "other").parse_error_count == 0


def test_a_lost_opening_brace_of_an_impl_keeps_its_methods() -> None:
    facts = facts_of("impl A for B\n    fn x(&self) {}\n\n    fn y(&self) {}\n}\n\nfn z() {}\n")
    assert [n.qualified_name for n in facts.nodes] == ["impl A for B", "<B as A>::x", "<B as A>::y", "z"]


def test_code_inside_a_raw_string_is_no_item() -> None:
    text = 'fn a() {\n    let x = r#"\nfn not_me() {}\n"#;\n    let y = ;;(\n}\n\nfn b() {}\n'
    assert [n.name for n in facts_of(text).nodes] == ["a", "b"]


def test_references_of_a_broken_method_lie_inside_it() -> None:
    facts = facts_of("impl S {\n    fn a(&self) { (; g() }\n\n    fn b(&self) { h() }\n}\n")
    assert [r.path_text for r in facts.references[node(facts, "S::a").id]] == ["g"]
