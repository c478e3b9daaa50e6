"""Rust that is newer than the grammar: its items are whole, and everything else stays as written."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.tolerant import Document, extract_facts, grammar
from hydrators.tolerant.newer import cover, parse
from tests.hydrators.rust_text import NO_STAT, facts_of, node, references_of, slice_of

# Each line is an item that rustc parses and the grammar does not.
NEWER = """\
const impl Foo { fn f() {} }
const impl Tr for Foo { fn f() {} }
impl const Tr for Foo {}
unsafe impl const Tr for Foo {}
impl<T: [const] Tr> const Tr for Foo<T> where T: [const] A + ?Sized {}
impl<T: ~const Tr> const Tr for Foo<T> {}
impl<T: const Tr> Tr for Foo<T> {}
default impl<T> Tr for Foo<T> { default fn f() {} }
default unsafe impl<T> Tr for Foo<T> { default const X: u8 = 1; default type A = u8; }
pub const trait Tr: [const] A { fn f(); }
pub const unsafe trait Tr { fn f(); }
const trait Tr { fn f(); }
auto trait Tr {}
pub unsafe auto trait Tr {}
trait A = B + C;
pub trait A<T = u8> = B<T> + 'static where T: X;
trait A = ?Sized + for<'a> Fn(&'a u8) -> u8;
pub trait Thin = Pointee<Metadata = ()> + PointeeSized;
const trait A = [const] B;
pub macro m($x:item) { }
pub macro m { ($x:expr) => { $x }, () => { f() } }
pub(crate) macro m($($x:tt)*) { g($($x)*) }
macro m() { g() }
fn f() { macro m() { g() } m!() }
unsafe extern "C" { safe fn f(); unsafe fn g(); pub safe static X: u8; unsafe static mut Y: u8; }
extern "C" { pub type A; }
gen fn f() -> u8 { yield 1; }
async gen fn f() -> u8 { yield 1; }
fn f() { let x = gen { yield 1 }; let y = async gen move { yield 1; }; let z = gen move { yield 2 }; }
type F = unsafe<'a> &'a u8;
struct S { x: u8 = 3, pub y: Vec<u8> = f(), z: A = A { b: 1 } }
fn f() { let s = S { x: 1, .. }; let t = S { .. }; }
fn f() { become g(x) }
fn f() { do yeet; do yeet x }
impl T for S { type const X: usize = 1; }
fn f() { let i = for<'a> |x: &'a u8| -> u8 { 1 }; }
fn f() { try bikeshed Option<u8> { x? } }
fn f() { match x { box y => 1 } }
fn f() { match x { (A | (B if b)) => 1, _ => 2 } }
fn f() { let x = builtin # offset_of(A, b); }
fn f() { super let x = 1; }
fn f() { for await x in y {} }
fn f() { x.use; use || {}; }
fn f() { let g = #[inline] |x| x; }
fn f() { (#[cfg(a)] b.c(), #[cfg(not(a))] b.d()) }
fn f() { x as fn(&_) -> _; }
fn f() { g::<-1>(); [1f16, 2_f128]; }
fn f() where T::call(..): Send {}
fn f<T: async Fn()>() {}
fn f(x: Tr<N = 3>) {}
fn f<const N: usize>() where [(); N + 1]:, T: A {}
type A = &pin const T; type B = &pin mut T;
struct S { unsafe x: u8 }
unsafe mod a {}
trait T { const N<U>: usize = 1; final fn g() {} }
trait T { type A: B<'static> = C; }
macro_rules! m { () => { fn ${concat(a, b)}() {} }; (~$x:ty) => {} }
macro_rules! m { derive() ($x:item) => {} }
fn f() { match x { S { 0: y } => 1 } }
fn f(x: Vec::<u8>) -> ::a::B::<C>::D { g::<u8>(); h }
fn f<T: A::<u8>>(x: <T as A::<u8>>::B, y: fn() -> C::<u8>) -> impl Fn::(u8) -> u8 {}
impl<T> Tr::<T> for Vec::<u8> { fn f(&self) -> Vec::<u8> {} }
pub struct S { a: Vec::<u8>, pub b: u8 }
enum E { A(Vec::<u8>), B { x: Vec::<u8> } }
type A = Vec::<u8>;
const A: Vec::<u8> = Vec::<u8>::new();
fn f<T>(x: Box<dyn 'a + Tr>, y: &dyn ?Sized) where Box<dyn 'a + Tr>: X {}
fn f<'a:, T: >(x: T) {}
fn f<T>() where T:, U: A, {}
fn f<T>() where A<T>:, {}
fn f<'a, T: ?Sized +>() where 'a:, T: A + {}
struct S<T>(T) where T:;
pub struct S<T> where T: { a: T }
fn f<>(x: Vec<>) {}
struct S<>;
impl<> S<> {}
enum E<> { A }
trait T<>: {}
trait X { type A:; }
struct S where;
fn f() where dyn Tr: X, for<> T: A {}
"""
EACH = NEWER.splitlines()


@pytest.mark.parametrize("text", EACH)
def test_newer_syntax_gives_whole_items_from_their_first_word_to_their_last(text: str) -> None:
    data = text.encode()
    assert grammar.parse(data).root_node.has_error, "the grammar knows this by now: the rule can go"
    facts = facts_of(text)
    assert facts.record.parse_error_count == 0
    assert [n.name for n in facts.nodes if n.parse_error_count or n.recovered] == []
    top = [slice_of(facts, n.id) for n in facts.nodes if not n.parent_id]
    assert b" ".join(top).replace(b";", b"") == data.replace(b";", b"")
    assert all(n.signature_syn for n in facts.nodes)


@pytest.mark.parametrize("text", EACH)
def test_rustc_parses_what_is_called_newer_syntax(text: str, tmp_path: Path) -> None:
    rustc = shutil.which("rustc")
    if rustc is None:
        pytest.skip("no rustc")
    version = subprocess.run([rustc, "--version"], capture_output=True, text=True, check=False)
    if version.returncode or tuple(map(int, version.stdout.split()[1].split("-")[0].split("."))) < (1, 95):
        pytest.skip("rustc is older than the syntax")
    source = tmp_path / "lib.rs"
    source.write_text(text)
    command = [rustc, "-Zparse-crate-root-only", "--edition", "2024", "--crate-type", "lib", str(source)]
    ran = subprocess.run(
        command, env={"RUSTC_BOOTSTRAP": "1", "PATH": str(Path(rustc).parent)}, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr.decode()


def test_kinds_names_and_visibilities_of_newer_items() -> None:
    facts = facts_of(
        "pub macro m($x:item) { foo($x) }\npub(crate) trait Al<T> = A<u8> + b::C where T: D;\n"
        "const impl<T> S<T> { fn f(&self) {} }\nextern {\n    pub type Ty;\n}\n"
        "fn outer() {\n    macro inner { () => { go() } }\n    inner!();\n}\n"
    )
    assert [(n.kind, n.qualified_name, n.visibility, n.signature_syn) for n in facts.nodes] == [
        ("macro", "m", "pub", "pub macro m"),
        ("trait_alias", "Al", "pub(crate)", "pub(crate) trait Al<T> = A<u8> + b::C where T: D"),
        ("impl", "impl S<T>", "", "const impl<T> S<T>"),
        ("method", "S::f", "", "fn f(&self)"),
        ("extern_block", "extern", "", "extern"),
        ("associated_type", "Ty", "pub", "pub type Ty"),
        ("function", "outer", "", "fn outer()"),
        ("macro", "outer::inner", "", "macro inner"),
    ]
    assert references_of(facts, "m") == [("call", "foo")]
    assert references_of(facts, "Al") == [("bound", "A"), ("bound", "b::C"), ("bound", "D")]
    assert references_of(facts, "outer") == [("macro", "inner")]
    assert references_of(facts, "outer::inner") == [("call", "go")]


def test_the_default_of_an_associated_type_is_no_bound() -> None:
    facts = facts_of("trait T {\n    type A: B<D> = C;\n}\n")
    assert references_of(facts, "T::A") == [("bound", "B"), ("type", "D"), ("type", "C")]


def test_raw_and_non_ascii_names_are_names() -> None:
    facts = facts_of(
        "pub macro r#try() {}\nfn größe(naïve: u8) -> Größe { länge(naïve) }\nimpl const Größe {}\n"
    )
    assert [n.name for n in facts.nodes] == ["try", "größe", "Größe"]
    assert references_of(facts, "größe") == [("type", "Größe"), ("call", "länge")]


def test_an_error_elsewhere_in_the_file_costs_newer_items_nothing() -> None:
    broken = NEWER.replace("\n", "\n\n") + "fn half(x: u8 {\n    go(\n}\n\nfn last() {}\n"
    facts = facts_of(broken)
    hurt = [n.name for n in facts.nodes if n.parse_error_count]
    assert hurt == ["half"]
    assert node(facts, "last").parse_error_count == 0


def test_syntax_that_no_rule_covers_still_leaves_the_items_around_it() -> None:
    facts = facts_of("fn a() {}\n\nreuse b::c { self.0 }\n\nfn d() { <S as T>::U { x } }\n\nfn e() {}\n")
    assert [n.name for n in facts.nodes if n.kind == "function"] == ["a", "d", "e"]


@pytest.mark.parametrize(
    "text",
    [
        "fn f() { let default = 1; let auto = 2; let gen = 3; let safe = 4; union(auto, gen.final); }",
        "/// const impl and trait A = B;\nfn f() { \"pub macro m() {}\"; 'a'; }",
        "macro_rules! m { (macro $x:ident) => { trait A = B; } }",
    ],
)
def test_text_that_parses_is_never_covered(text: str) -> None:
    assert parse(text.encode()).text == text.encode()


@pytest.mark.parametrize(
    "text",
    [
        "fn f<const N:>() {}",
        "fn f(a:, b: u8) {}",
        "fn <>f() {}",
        "fn f() where :, {}",
        "fn f() where a b:, {}",
        "struct S { a: , b: u8 }",
        "struct S(a:, B);",
        "fn f(x: Vec::<u8) {}",
        "type A = dyn 'a + ;;: B",
    ],
)
def test_headers_that_rustc_refuses_stay_broken(text: str) -> None:
    facts = facts_of(text)
    assert facts.record.parse_error_count
    assert not any(n.signature_syn and not n.parse_error_count for n in facts.nodes)


def test_an_odd_header_mentions_what_it_names() -> None:
    facts = facts_of("fn f<T: B::<u8>>(x: C::<D>) -> e::F::<G> where T:, Box<dyn 'a + H>: I { J::<K>::l() }")
    assert node(facts, "f").signature_syn == (
        "fn f<T: B::<u8>>(x: C::<D>) -> e::F::<G> where T:, Box<dyn 'a + H>: I"
    )
    paths = [path for _, path in references_of(facts, "f")]
    assert paths == ["B", "C", "D", "e::F", "G", "Box", "H", "I", "J", "J::<K>::l", "K"]


@given(st.lists(st.sampled_from([*EACH, "}", "{", '"', "/*", "\n", "(", "é", "// x\n"]), max_size=6))
def test_a_cover_keeps_length_lines_and_quotes(parts: list[str]) -> None:
    data = " ".join(parts).encode()
    covered = cover(data)
    assert len(covered) == len(data)
    assert [i for i, b in enumerate(covered) if b == 10] == [i for i, b in enumerate(data) if b == 10]
    assert covered.count(b'"') == data.count(b'"')


@pytest.mark.parametrize(
    "piece",
    [
        "type a: x= ",
        "type a<",
        " if a",
        "macro a(",
        "pub macro a{",
        "trait A<",
        "struct A {\n",
        "struct A\n",
        "  A {\n x: y,",
        "bikeshed ",
        "#[a[b]",
        "for<'a",
        "pub type A<",
        "const A<",
        "= 1,",
        "]:",
        "[",
        "(): ",
        "impl const gen {",
    ],
)
def test_a_cover_takes_time_in_proportion_to_the_text(piece: str) -> None:
    data = (piece * 100_000).encode()
    started = time.process_time()
    cover(data)
    assert time.process_time() - started < 5.0


edits = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 12),
        st.sampled_from(["{", "}", ";", "const ", "macro ", "x", ""]),
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(edits)
def test_updates_of_newer_syntax_equal_extraction_from_scratch(script: list[tuple[int, int, str]]) -> None:
    document = Document()
    text = "fn plain() {}\n\n" + NEWER
    extract_facts("a.rs", text.encode(), NO_STAT, document=document)
    for at, length, piece in script:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + length :]
        updated = extract_facts("a.rs", text.encode(), NO_STAT, document=document)
        assert updated == extract_facts("a.rs", text.encode(), NO_STAT)
