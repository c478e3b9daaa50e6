"""Items inside macro calls in item position are nodes of their own, as if the call were not there."""

import time

import pytest

from tests.hydrators.rust_text import facts_of, node, references_of, slice_of

Found = list[tuple[str, str]]


def found_in(text: str) -> Found:
    """(kind, qualified name) of what stands below the first macro call."""
    return [(n.kind, n.qualified_name) for n in facts_of(text).nodes[1:]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cfg_rt! { pub mod x; pub fn spawn() {} }", [("module", "x"), ("function", "spawn")]),
        ("quickcheck! { fn prop(x: u8) -> bool { x == x } }", [("function", "prop")]),
        ("thread_local! { static A: u8 = const { 1 }; static B: u8 = 2 }",
         [("static", "A"), ("static", "B")]),
        ("thread_local!(static A: Cell<u8> = f());", [("static", "A")]),
        ("lazy_static! { pub static ref X: Vec<u8> = f(); }", [("static", "X")]),
        ("ast_struct! {\n    pub struct Expr #full {\n        pub a: T,\n    }\n}", [("struct", "Expr")]),
        ("ast_enum! { pub enum E #no_visit { A(u8), B } }",
         [("enum", "E"), ("variant", "E::A"), ("variant", "E::B")]),
        ("trait_template! { trait G {\n@section type\ntype X;\n@section self\nfn f(&self);\n@section no\n} }",
         [("trait", "G"), ("associated_type", "G::X"), ("method", "G::f")]),
        ("bitflags! { pub struct F: u32 { const A = 1; const B    = f(2); const _ = !0; } impl X {} }",
         [("struct", "F"), ("associated_const", "F::A"), ("associated_const", "F::B"),
          ("associated_const", "F::_"), ("impl", "impl X")]),
        ("bitflags! { impl F: u8 { const A = Self::B.bits(); } }",
         [("impl", "impl F"), ("associated_const", "F::A")]),
        ("cfg_if! { if #[cfg(unix)] { mod a; fn f() {} } else { use b::c; } }",
         [("module", "a"), ("function", "f"), ("use", "use b::c")]),
        ("cfg_select! { unix => { mod a; } _ => { mod b; } }", [("module", "a"), ("module", "b")]),
        ("proptest! { #[test] fn t(x in 0..9, (a, b) in pair(f(3), 4)) { g(x) } }", [("function", "t")]),
        ("pin_project! { #[project = P] struct S<T> { #[pin] a: T } impl<T> PinnedDrop for S<T> {} }",
         [("struct", "S"), ("impl", "impl PinnedDrop for S<T>")]),
        ("f! { pub {const} fn ALIGN(x: u8) -> u8 { g(x) } }", [("function", "ALIGN")]),
        ("weak! { fn futimens(i32) -> i32 }", [("function", "futimens")]),
        ("a! { mod m { b! { fn f() {} } } }",
         [("module", "m"), ("macro_call", "m::b!"), ("function", "m::f")]),
        ("cfg_x! { macro_rules! m { ($x:item) => { fn f() {} } } }", [("macro", "m")]),
    ],
)  # fmt: skip
def test_items_inside_a_macro_call_are_nodes(text: str, found: Found) -> None:
    assert found_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "criterion_group! { name = benches; config = c(); targets = f }",
        "forward! { bool char str struct seq unit struct }",
        "m! { let x = 1; fn f() {} }",
        "m! { f(1); g(2) }",
        "m! { one, two, three => four, five, six; fn f() {} }",
        "m! { struct S => concat!(1, 2) }",
        "m! { impl Foo, bar for u8 }",
        "m! { (a) => { fn f() {} } }",
        "m! { \"const X: u8 = 1;\" }",
        "m!(type: Foo, name: \"fn x() {}\");",
        "m! { grammar g() for str { rule a() = use b } }",
        "macro_rules! m { () => { fn f() {} } }",
        "macro m() { fn f() {} }",
        "m! { if x { fn f() {} } }",
        "m! {}",
    ],
)  # fmt: skip
def test_what_may_be_anything_else_is_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_a_macro_call_is_transparent_to_modules_levels_and_owners() -> None:
    facts = facts_of(
        "cfg_a! {\n    mod inner {\n        pub fn f() {}\n    }\n    fn g() {}\n}\n"
        "impl S {\n    cfg_b! {\n        pub fn h(&self) {}\n        const C: u8 = 1;\n    }\n}\n"
    )
    assert [(n.isgl_level, n.kind, n.qualified_name, n.module, n.owner) for n in facts.nodes] == [
        (1, "macro_call", "cfg_a!", "", ""),
        (1, "module", "inner", "", ""),
        (1, "function", "inner::f", "inner", ""),
        (1, "function", "g", "", ""),
        (1, "impl", "impl S", "", ""),
        (2, "macro_call", "S::cfg_b!", "", "S"),
        (2, "method", "S::h", "", "S"),
        (2, "associated_const", "S::C", "", "S"),
    ]
    ids = {n.qualified_name: n.id for n in facts.nodes}
    assert node(facts, "g").parent_id == ids["cfg_a!"]
    assert node(facts, "S::h").parent_id == ids["S::cfg_b!"]


def test_slices_lines_and_docs_are_those_of_the_file() -> None:
    facts = facts_of("\nwrap! {\n    // plain\n\n    /// Doc.\n    #[inline]\n    pub fn f() {\n    }\n}\n")
    f = node(facts, "f")
    assert slice_of(facts, f.id) == b"/// Doc.\n    #[inline]\n    pub fn f() {\n    }"
    assert {(s.start_line, s.end_line) for s in facts.spans} == {(2, 9), (5, 8)}
    assert f.attributes == ("inline",)
    assert slice_of(facts, facts.nodes[0].id).endswith(b"}\n}")


def test_the_semicolon_that_a_macro_spares_belongs_to_no_item() -> None:
    facts = facts_of("t!(static A: u8 = f() );")
    assert slice_of(facts, node(facts, "A").id) == b"static A: u8 = f()"


def test_references_belong_to_the_items() -> None:
    facts = facts_of("cfg_rt! { fn f() { g(h::i()) } struct S { a: T } }")
    assert references_of(facts, "cfg_rt!") == [("macro", "cfg_rt")]
    assert references_of(facts, "f") == [("call", "g"), ("call", "h::i")]
    assert references_of(facts, "S") == [("type", "T")]


def test_what_a_parameter_is_drawn_from_is_mentioned_by_its_function() -> None:
    facts = facts_of("proptest! { #![config(c())]\nfn t(x in f(0), y in any::<Foo>()) { g(x) } }")
    assert references_of(facts, "t") == [("call", "f"), ("call", "any"), ("call", "g")]
    assert references_of(facts, "proptest!") == [("macro", "proptest"), ("call", "config"), ("call", "c")]


def test_branches_add_their_condition() -> None:
    facts = facts_of(
        "cfg_if! { if #[cfg(unix)] { fn a() {} } else if #[cfg(test)] { #[cfg(x)] fn b() {} }"
        " else { fn c() {} } }\n"
        'cfg_select! { unix => { fn d() {} } any(y, feature = "z") => { fn e() {} } _ => { fn f() {} } }'
    )
    assert {n.name: n.cfg for n in facts.nodes if n.kind == "function"} == {
        "a": "unix",
        "b": "test & not(unix) & x",
        "c": "not(any(unix, test))",
        "d": "unix",
        "e": 'any(y, feature = "z") & not(unix)',
        "f": 'not(any(unix, any(y, feature = "z")))',
    }
    assert [n.name for n in facts.nodes if n.is_test] == ["b"]


@pytest.mark.parametrize(
    ("text", "name", "signature"),
    [
        ("m! { pub struct S #full { a: u8 } }", "S", "pub struct S { a: u8 }"),
        ("bitflags! { pub struct F: u32 { const A = 1; } }", "F", "pub struct F"),
        ("lazy_static! { static ref X: T = f(); }", "X", "static X: T"),
        ("proptest! { fn t(x in 0..9) {} }", "t", "fn t(x in 0..9)"),
        ("m! { pub fn f() -> impl Iterator<Item = A> [Names] { g() } }", "f",
         "pub fn f() -> impl Iterator<Item = A>"),
    ],
)  # fmt: skip
def test_an_item_that_only_a_macro_can_read_has_no_exact_signature(
    text: str, name: str, signature: str
) -> None:
    found = node(facts_of(text), name)
    assert (found.recovered, found.signature_syn, found.signature_ts) == (True, "", signature)


def test_an_item_of_plain_rust_has_its_exact_signature() -> None:
    facts = facts_of("m! { pub fn f( x:u8 )->u8 { 1 } trait T { @section self\n fn g(&self); } }")
    f = node(facts, "f")
    assert (f.recovered, f.signature_syn) == (False, "pub fn f(x: u8) -> u8")
    assert node(facts, "T").signature_syn == "trait T"


def test_the_rest_of_a_macro_call_does_not_rename_its_items() -> None:
    text = "wrap! {\n    impl A { fn x() {} }\n    #[cfg(unix)] fn f() {}\n}\n"
    before = {n.id for n in facts_of(text).nodes[1:]}
    after = {n.id for n in facts_of(text.replace("wrap! {", "wrap! {\n    use a::b;")).nodes[1:]}
    assert before < after


def test_items_of_a_broken_file_are_found_in_its_macro_calls() -> None:
    facts = facts_of("fn a( {\n\ncfg_rt! {\n    pub fn f() {}\n}\n\nfn b() {}\n")
    assert {n.name for n in facts.nodes} >= {"cfg_rt", "f", "b"}


def test_an_error_in_an_item_of_a_macro_call_stays_there() -> None:
    facts = facts_of("wrap! {\n    fn whole() { g() }\n    fn broken() { (; }\n    fn other() { h() }\n}\n")
    assert [(n.name, n.recovered) for n in facts.nodes if n.kind == "function"] == [
        ("whole", False),
        ("broken", True),
        ("other", False),
    ]
    assert node(facts, "broken").signature_syn == ""


@pytest.mark.parametrize(
    "text",
    [
        "m!{ fn a() {} " * 400 + "}" * 400,
        "m!{ if #[cfg(a)] { fn a() {} " * 200 + "}}" * 200,
        "m!{ struct A: u8 { const A = 1; " * 200 + "}}" * 200,
        "m!{ " + "fn a(x in b, " * 3_000 + ")" * 3_000 + "{} }",
        "m!{ fn f() {} " + "fn a(x in b) " * 3_000 + "}",
        "m!{ " + "fn a() {} @section #a [A] { " * 1_000 + "}" * 1_001,
        "m!{ fn f() {} " + "struct a : b " * 3_000 + "{} }",
        "m!{ fn f() {} " + "struct a: b { const " * 1_000 + "}" * 1_001,
        "m!{ fn f() {} ( struct a" + " " * 30_000 + "}",
        "m!{ fn f() {} ; struct a" + " " * 30_000 + "}",
        "m!{ fn f() {} ; const a" + " " * 30_000 + "}",
        "cfg_select!{ " + "a => " * 3_000 + "{ fn f() {} } }",
        "m!{ fn f() {} " + "$x " * 20_000 + "}",
    ],
)
def test_hostile_macro_calls_cost_no_more_than_their_length(text: str) -> None:
    started = time.process_time()
    facts = facts_of(text)
    assert time.process_time() - started < 3.0
    assert len({n.id for n in facts.nodes}) == len(facts.nodes)
