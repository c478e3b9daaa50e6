"""What holds for every text: a line is one short, plain line, hangs on its input alone, and nothing raises."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.summarise import (
    MAX_CHARACTERS,
    RULE_BASED,
    RULE_BASED_INSUFFICIENT,
    THRESHOLD,
    Summary,
    input_hash,
    summarise_file,
    validate,
)
from hydrators.summarise.rules import container_of
from hydrators.tolerant import extract_facts
from store.model import FileFacts
from tests.hydrators.rust_text import NO_STAT, facts_of

FIXTURES = sorted((Path(__file__).parents[3] / "fixtures").rglob("*.rs"))
FIXTURES = [path for path in FIXTURES if path.is_file() and path.stat().st_size < 100_000]

TEXT = """\
/// A queue of jobs. Jobs leave it
/// in the order in which they came.
#[derive(Debug)]
pub struct Queue<T> { jobs: Vec<T>, limit: usize }

impl<T: Clone> Queue<T> {
    /// Creates a queue.
    pub fn new(limit: usize) -> Self { Self { jobs: Vec::new(), limit } }
    pub fn limit(&self) -> usize { self.limit }
    pub fn with_limit(mut self, limit: usize) -> Self { self.limit = limit; self }
    pub fn is_full(&self) -> bool { self.jobs.len() == self.limit }
    fn later(&self, first: u8, second: u8) -> u8 { todo!("not yet") }
}

impl<T> Iterator for Queue<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> { self.jobs.pop() }
}

pub const LIMIT: usize = 4 * 1024;
enum Kind { Fast, Slow(u8) }
"""


def judged(facts: FileFacts) -> dict[str, tuple[str, Summary]]:
    """Input hash and summary of every node that has a line."""
    by_id = {node.id: node for node in facts.nodes}
    lines = summarise_file(facts)
    return {
        node.id: (input_hash(node, container_of(node, by_id)), lines[node.id])
        for node in facts.nodes
        if node.id in lines
    }


def check(facts: FileFacts) -> None:
    nodes = {node.id: node for node in facts.nodes}
    found = summarise_file(facts)
    assert summarise_file(facts) == found
    for node_id, summary in found.items():
        line = summary.one_line
        assert 0 < len(line) <= MAX_CHARACTERS, line
        assert line.isprintable(), line
        assert line == " ".join(line.split()), line
        assert 0 <= summary.confidence <= 1
        is_sufficient = summary.confidence >= THRESHOLD
        assert summary.provenance == (RULE_BASED if is_sufficient else RULE_BASED_INSUFFICIENT)
        if is_sufficient:
            assert set(validate(line, nodes[node_id])) <= {"restates"}, line


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_line_of_the_fixtures_is_one_short_plain_line(path: Path) -> None:
    check(extract_facts("src/a.rs", path.read_bytes(), NO_STAT))


def test_lines_and_input_hashes_survive_formatting_comments_and_moving() -> None:
    formatted = (
        "// a licence\n\n"
        + TEXT.replace("{ ", "{\n        // a remark\n        ").replace("; ", ";\n\n  /* x */ ")
    ).replace("/// in the order", "// aside\n/// in the order")
    before, after = judged(facts_of(TEXT)), judged(facts_of(formatted))
    moved = judged(facts_of(TEXT, path="src/b.rs", module_path="b"))
    assert before == after
    assert list(before.values()) == list(moved.values())


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("pub fn limit", "pub fn bound", {"Queue::limit"}),
        ("Creates a queue.", "Makes a queue.", {"Queue::new"}),
        ("4 * 1024", "5 * 1024", {"LIMIT"}),
        ("Fast, ", "Quick, ", {"Kind"}),
    ],
)
def test_a_change_of_what_a_line_says_changes_its_input_hash(old: str, new: str, names: set[str]) -> None:
    before, after = facts_of(TEXT), facts_of(TEXT.replace(old, new))
    lines, hashes = judged(before), judged(after)
    for node in before.nodes:
        if node.qualified_name in names:
            there = hashes.get(node.id)
            assert there is None or there[0] != lines[node.id][0]


def test_a_changed_body_that_says_the_same_changes_no_line() -> None:
    before = summarise_file(facts_of(TEXT))
    after = summarise_file(facts_of(TEXT.replace("self.jobs.pop()", "self.jobs.drain(..1).next()")))
    assert before == after


def test_equal_input_hashes_have_equal_lines_in_the_fixtures() -> None:
    seen: dict[str, Summary] = {}
    for path in FIXTURES:
        for key, summary in judged(extract_facts("src/a.rs", path.read_bytes(), NO_STAT)).values():
            assert seen.setdefault(key, summary) == summary


PIECES = st.sampled_from(
    [
        *TEXT.split(" "), "/// ", "//! ", "/**", "*/", "`", "[", "](", "**", "\n", "\r\n", "fn f(", ") -> ", "{", "}", "<", ">",
        "'a ", "\u202e", "\x1b", "\ufffd", "é", "名", "e.g. ", "If it ", ", returns ", "is ", "TODO", "#[test]\n", "Err(", "()",
        "self.", "impl ", "trait ", " for ", "mod m {", "macro_rules! m ", "const C: u8 = ", ";", "r#fn", "\\", "…", "&lt;",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_no_text_raises_or_gives_a_line_that_is_none(pieces: list[str]) -> None:
    check(facts_of("".join(pieces)))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_no_documentation_raises_or_gives_a_line_that_is_none(pieces: list[str]) -> None:
    docs = "".join(pieces).replace("\r", "").replace("\n", "\n/// ")
    check(facts_of(f"/// {docs}\npub fn parse(text: &str) -> u8 {{ 1 }}\n/// {docs}\nstruct A;"))


@pytest.mark.parametrize(
    "text",
    [
        f"/// {'word ' * 200_000}\nfn f() {{}}",
        f"/// {'[' * 100_000}\nfn f() {{}}",
        f"/// {'`a' * 100_000}\nfn f() {{}}",
        f"/// {'*a _b ' * 50_000}\nfn f() {{}}",
        f"/// {'(' * 100_000}\nstruct S;",
        "/// a\n" * 100_000 + "fn f() {}",
        f"fn {'very_' * 50_000}long() {{}}",
        f"fn f(a: {'Vec<' * 60}u8{'>' * 60}) -> {'Box<' * 60}u8{'>' * 60} {{ x() }}",
        "".join(f"/// {'the a common ' * 80}\n{item}\n" for item in ("trait T {}", "struct S;", "fn f() {}")),
        f"enum E {{ {', '.join(f'V{n}' for n in range(20_000))} }}",
        f'const A: &str = "{"x" * 1_000_000}";',
        f"fn f() {{ {'x(); ' * 100_000} }}",
    ],
    ids=[
        "words",
        "brackets",
        "code",
        "stars",
        "parens",
        "lines",
        "name",
        "types",
        "articles",
        "variants",
        "value",
        "body",
    ],
)
def test_huge_texts_give_short_lines(text: str) -> None:
    check(facts_of(text))
