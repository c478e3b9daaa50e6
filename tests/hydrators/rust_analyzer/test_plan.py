"""What is asked about a file, and where."""

from __future__ import annotations

from hydrators.rust_analyzer.plan import Lines, asks_nothing, name_offset, plan_file
from store.model import FileFacts, HydratedNode, hydration_key
from tests.hydrators.rust_text import facts_of, slice_of

CODE = """\
//! fn not_this() {}
use std::fmt;

/// fn documented() is not the name: [fn a]
#[must_use = "fn parse() { ] }"]
pub(crate) const unsafe extern "C" fn parse<T: fmt::Debug>(text: T) -> u8 {
    helper(lex(text)).fold();
    assert_eq!(helper(1), other::VALUE);
    1
}

fn helper(n: u8) -> u8 { n }

impl Token {
    fn fold(&self) { helper(0); }
}

impl !Send for Token {}

impl fmt::Display for Token {
    const _: u8 = 0;
    fn fmt(&self) {}
}

pub enum Token { #[doc = "Word"] Word, r#Self_ { word: u8 } }

static mut COUNT: u8 = 0;

macro_rules! r#make { () => { fn make() {} } }
"""


def known_of(facts: FileFacts) -> dict[str, HydratedNode]:
    return {
        node.id: HydratedNode(node.id, hydration_key(node), node.signature_hash, "x", "", ())
        for node in facts.nodes
    }


def asked_names(before: str, after: str, names: tuple[str, ...] = ()) -> list[str]:
    plan = plan_file(
        facts_of(after), known_of(facts_of(before)), names, all_nodes=False, has_diagnostics=False
    )
    return [node.qualified_name for node in plan.nodes]


def test_hovers_point_at_the_names_of_items_and_not_at_docs_or_attributes() -> None:
    facts = facts_of(CODE)
    plan = plan_file(facts, {}, (), all_nodes=True, has_diagnostics=False)
    lines = CODE.splitlines()
    by_id = {node.id: node for node in facts.nodes}
    shown = {}
    for id_, (line, column) in zip(plan.hovers, plan.question.hovers, strict=True):
        shown[by_id[id_].qualified_name] = (
            lines[line][column:].split("<")[0].split("(")[0].split(" ")[0].rstrip(",:")
        )
    assert shown == {
        "parse": "parse",
        "helper": "helper",
        "Token::fold": "fold",
        "<Token as fmt::Display>::fmt": "fmt",
        "Token": "Token",
        "Token::Word": "Word",
        "Token::Self_": "r#Self_",
        "COUNT": "COUNT",
        "make": "r#make",
    }


def test_definitions_are_asked_at_the_last_name_of_calls_also_inside_macro_arguments() -> None:
    facts = facts_of(CODE)
    plan = plan_file(facts, {}, (), all_nodes=True, has_diagnostics=False)
    lines = CODE.splitlines()
    asked = [
        (line + 1, lines[line][column:].split("(")[0].split(")")[0].split("!")[0].split(" ")[0])
        for line, column in plan.question.definitions
    ]
    assert asked == [
        (7, "helper"),
        (7, "lex"),
        (7, "fold"),
        (8, "assert_eq"),
        (8, "helper"),
        (8, "VALUE"),
        (15, "helper"),
        (20, "Display"),
    ]


def test_a_comment_asks_nothing_unless_diagnostics_have_to_be_found_again() -> None:
    facts, moved = facts_of(CODE), facts_of(CODE.replace("    1\n", "    // one\n    1\n"))
    known = known_of(facts)
    plan = plan_file(moved, known, (), all_nodes=False, has_diagnostics=False)
    assert plan.nodes == () and asks_nothing(plan.question)
    plan = plan_file(moved, known, (), all_nodes=False, has_diagnostics=True)
    assert plan.nodes == () and plan.question.wants_diagnostics and plan.question.hovers == ()


def test_an_edit_of_a_body_asks_about_that_function_only() -> None:
    assert asked_names(CODE, CODE.replace("helper(0)", "helper(2)")) == ["Token::fold"]


def test_a_changed_function_has_those_asked_about_that_mention_it() -> None:
    changed = CODE.replace("fn helper(n: u8)", "fn helper(n: u16)")
    assert asked_names(CODE, changed, ("helper",)) == ["parse", "helper", "Token::fold"]
    facts = facts_of(CODE)
    plan = plan_file(facts, known_of(facts), (), all_nodes=True, has_diagnostics=False)
    assert len(plan.nodes) == len(facts.nodes) - 1  # all but the import


def test_the_name_of_an_item_is_found_whatever_surrounds_it() -> None:
    for text, name in [
        ("fn /* fn b */ a() {}", "a"),
        ('#[cfg(all(a, b))]\n#[doc = r#"fn x"#]\nfn a() {}', "a"),
        ("pub(in crate::a) type a = b;", "a"),
        ("macro a() {}", "a"),
        ("mod a;", "a"),
    ]:
        facts = facts_of(text)
        node = facts.nodes[0]
        at = name_offset(node, slice_of(facts, node.id))
        assert at is not None and slice_of(facts, node.id)[at:].startswith(name.encode()), text
    facts = facts_of("const _: u8 = 0;")
    assert name_offset(facts.nodes[0], b"const _: u8 = 0;") is None


def test_positions_are_lines_and_bytes() -> None:
    lines = Lines("a\né b\n".encode())
    assert [lines.position(at) for at in (0, 2, 5, 7)] == [(0, 0), (1, 0), (1, 3), (2, 0)]
    assert lines.offset(lines.position(5)) == 5
