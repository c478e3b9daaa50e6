"""The harness behind docs/accuracy.md judges right, wrong, missed and silent as they are. The oracles stay out."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from store.model import Edge, HydratedNode
from tests.oracles import calls, compiler, hydrated, items, ours, report, scip
from tests.oracles.compiling_edits import Editor
from tests.oracles.oracle import Oracle
from tests.oracles.symbols import Symbol
from tests.oracles.tokens import form_of, impl_header, words

LIB = """\
pub struct Jar;

impl Jar {
    pub fn open(&self) -> u8 {
        seal()
    }
}

fn seal() -> u8 {
    7
}

fn shelf(jar: &Jar, text: &str) -> usize {
    jar.open();
    text.len()
}
"""
PACKAGE = "rust-analyzer cargo jar 0.1.0 "
OPEN, SEAL, SHELF = PACKAGE + "impl#[Jar]open().", PACKAGE + "seal().", PACKAGE + "shelf()."
LEN = "rust-analyzer cargo core https://github.com/rust-lang/rust/library/core str/impl#[str]len()."


def make_tree(folder: Path, text: str = LIB) -> ours.Ours:
    (folder / "src").mkdir()
    (folder / "Cargo.toml").write_text('[package]\nname = "jar"\nversion = "0.1.0"\nedition = "2021"\n')
    (folder / "src/lib.rs").write_text(text)
    return ours.index(folder)


@pytest.fixture(scope="module")
def jar(tmp_path_factory: pytest.TempPathFactory) -> ours.Ours:
    """LIB, indexed once for all."""
    return make_tree(tmp_path_factory.mktemp("jar"))


def occurrence(name: str, symbol: str, nth: int, *, definition: bool = False) -> scip.Occurrence:
    """The nth mention (from 0) of a name in LIB."""
    at = -1
    for _ in range(nth + 1):
        at = LIB.index(name, at + 1)
    return scip.Occurrence(at, at + len(name), symbol, definition, None)


def index_of(*occurrences: scip.Occurrence) -> scip.Index:
    path = "src/lib.rs"
    found = {
        one.symbol: [(scip.Place(path, one.start, one.end), one.body)]
        for one in occurrences
        if one.is_definition
    }
    by_place = sorted(occurrences, key=lambda one: one.start)
    return scip.Index({path: by_place}, found, frozenset({"jar 0.1.0"}))


DEFINITIONS = (
    occurrence("open", OPEN, 0, definition=True),
    occurrence("seal", SEAL, 1, definition=True),
    occurrence("shelf", SHELF, 0, definition=True),
)


def test_a_call_that_both_see_is_right_and_found(jar: ours.Ours) -> None:
    index = index_of(*DEFINITIONS, occurrence("seal", SEAL, 0))
    outcome = calls.functions(Oracle(jar, index))
    assert (outcome.recall.expected, outcome.recall.bound) == (1, 1)
    assert outcome.bound.right == 1


def test_a_call_that_means_something_else_is_wrong_and_counted_as_std(jar: ours.Ours) -> None:
    index = index_of(*DEFINITIONS, occurrence("seal", LEN, 0))
    outcome = calls.functions(Oracle(jar, index))
    assert [finding.source for finding in outcome.wrong] == ["Jar::open"]
    assert outcome.to_std == 1


def test_a_call_of_which_the_oracle_knows_nothing_is_silent_not_wrong(jar: ours.Ours) -> None:
    outcome = calls.functions(Oracle(jar, index_of(*DEFINITIONS)))
    assert outcome.bound.wrong == 0
    assert outcome.bound.silent >= 1


def test_a_call_that_only_the_oracle_sees_is_missed(jar: ours.Ours) -> None:
    index = index_of(*DEFINITIONS, occurrence("len", SEAL, 0))
    outcome = calls.functions(Oracle(jar, index))
    assert [(finding.source, finding.line) for finding in outcome.missed] == [("shelf", 15)]


def test_an_operator_that_means_a_method_is_no_call(jar: ours.Ours) -> None:
    operator = scip.Occurrence(LIB.index("->"), LIB.index("->") + 2, SEAL, False, None)
    oracle = Oracle(jar, index_of(*DEFINITIONS, operator))
    assert oracle.references == []


def test_of_several_definitions_under_one_symbol_the_body_tells_which_is_meant(tmp_path: Path) -> None:
    text = "mod a {\n    pub fn go() {}\n}\nmod b {\n    pub fn go() {}\n}\nfn start() {\n    b::go()\n}\n"
    tree = make_tree(tmp_path, text)
    places = [text.index("go"), text.index("go", text.index("mod b"))]
    bodies = [(at - len("pub fn "), at + len("go() {}")) for at in places]
    found: list[tuple[scip.Place, tuple[int, int] | None]] = [
        (scip.Place("src/lib.rs", at, at + 2), body) for at, body in zip(places, bodies, strict=True)
    ]
    call = scip.Occurrence(text.rindex("go"), text.rindex("go") + 2, SEAL, False, bodies[1])
    index = scip.Index({"src/lib.rs": [call]}, {SEAL: found}, frozenset({"jar 0.1.0"}))
    oracle = Oracle(tree, index)
    (reference,) = oracle.references
    assert [tree.node(target).qualified_name for target in reference.targets] == ["b::go"]


def test_an_impl_is_expected_to_lead_to_the_trait_of_its_header(tmp_path: Path) -> None:
    text = (
        "pub trait Lid {}\npub struct Jar;\nimpl<T> Lid for Vec<T> where T: Clone {}\nimpl Lid for Jar {}\n"
    )
    tree = make_tree(tmp_path, text)
    name = PACKAGE + "Lid#"
    first = scip.Occurrence(text.index("Lid"), text.index("Lid") + 3, name, True, None)
    starts = [text.index("Lid for Vec"), text.index("Lid for Jar")]
    mentions = [scip.Occurrence(at, at + 3, name, False, None) for at in starts]
    index = scip.Index(
        {"src/lib.rs": [first, *mentions]},
        {name: [(scip.Place("src/lib.rs", first.start, first.end), None)]},
        frozenset({"jar 0.1.0"}),
    )
    outcome = calls.implementations(Oracle(tree, index))
    assert (outcome.recall.expected, outcome.recall.bound, outcome.bound.wrong) == (2, 2, 0)


def test_items_are_one_if_kind_name_and_end_agree_and_plain_comments_do_not_count(tmp_path: Path) -> None:
    text = "// plain\n/// said\npub fn go() {}\nfn stop() {}\n"
    tree = make_tree(tmp_path, text)
    go, stop = text.index("go"), text.index("stop")
    both = [
        Symbol("Function", go, go + 2, 0, text.index("fn stop") - 1),
        Symbol("Function", stop, stop + 4, text.index("fn stop"), len(text) - 1),
    ]
    same = items.compare(tree, {"src/lib.rs": both})
    assert (same.theirs, same.ours, same.common, same.exact) == (2, 2, 2, 2)
    fewer = items.compare(tree, {"src/lib.rs": both[:1]})
    assert (fewer.found, fewer.confirmed, dict(fewer.classes)) == (1.0, 0.5, {"only ours": 1})


def test_a_header_is_read_past_attributes_brackets_and_higher_ranked_bounds() -> None:
    text = b"/// impl X for Y\n#[a(b)]\nunsafe impl<T: Fn(u8) -> u8> m::Lid<T> for &'a n::Jar<T> where for<'b> T: 'b {}"
    header = impl_header(text, 0, len(text))
    assert header is not None
    assert [text[start:end] for start, end in (header.trait[-1], header.self_type[-1])] == [b"Lid", b"Jar"]
    inherent = impl_header(b"impl Jar {}", 0, 11)
    assert inherent is not None and inherent.trait == ()
    negative = impl_header(b"impl !Send for Jar {}", 0, 21)
    assert negative is not None and negative.negative


def test_the_form_of_a_mention_is_read_from_the_text_around_it() -> None:
    text = b"a.go(); b::go(); go!(); it.map(c::go); it.map(go); 0..go()"
    starts = [at for at in range(len(text)) if text.startswith(b"go", at)]
    forms = [form_of(text, at, at + 2) for at in starts]
    assert forms == ["method", "call", "macro", "path", "value", "call"]


def test_signatures_are_equal_up_to_spacing_and_trailing_commas_only() -> None:
    assert words(b"fn f<T>(a: &'a T, b: [u8; 4]) -> X") == words(
        b"fn f < T , > (a : & 'a T , b : [u8 ; 4] ,) -> X"
    )
    assert words(b"fn f(a: u8)") != words(b"fn f(a: u16)")


def test_the_page_rounds_down_so_that_a_hundred_percent_means_all(tmp_path: Path) -> None:
    row = {
        "name": "a",
        "files": 1,
        "lines": 9,
        "theirs": 100_000,
        "ours": 100_000,
        "common": 99_999,
        "exact": 99_999,
    }
    page = tmp_path / "accuracy.md"
    report.write({"items": [{**row, "classes": {"only ours": 1}}]}, page)
    text = page.read_text("utf-8")
    assert "| 99.99 % |" in text
    assert "only ours: a 1" in text


def test_a_row_of_calls_survives_its_way_through_json(jar: ours.Ours) -> None:
    index = index_of(*DEFINITIONS, occurrence("seal", SEAL, 0))
    row = report.call_row("jar", "functions", calls.functions(Oracle(jar, index)))
    assert orjson.loads(orjson.dumps(row)) == row


def test_a_symbol_of_std_and_our_name_of_it_are_one_if_crate_modules_type_and_name_agree() -> None:
    library = "rust-analyzer cargo core https://github.com/rust-lang/rust/library/core "
    names = {
        "option/impl#[`Option<T>`]map().": "core::option::Option::map",
        "str/impl#[str]len().": "core::str::str::len",
        "iter/adapters/peekable/impl#[`Peekable<I>`][Iterator]next().": (
            "core::iter::adapters::peekable::<Peekable as Iterator>::next"
        ),
        "macros/write!": "core::macros::write",
        "convert/impl#[`[T; N]`][`From<(T, T)>`]from().": "core::convert::<[T; N] as From<(T, T)>>::from",
        "iter/traits/iterator/Iterator#map().": "core::iter::traits::iterator::Iterator::map",
    }
    for symbol, path in names.items():
        assert compiler.difference_of_external("core", "1.96.0", path, library + symbol) == ""
    for symbol, path in {
        "num/impl#[u32]checked_add().": "core::num::checked_add",
        "fmt/impl#[`Formatter<'_>`][Write]write_char().": "core::fmt::Formatter::write_char",
    }.items():
        found = compiler.difference_of_external("core", "1.96.0", path, library + symbol)
        assert found == compiler.COARSE
    symbol = library + "option/impl#[`Option<T>`]map()."
    assert compiler.difference_of_external("alloc", "1.96.0", "core::option::Option::map", symbol)
    assert compiler.difference_of_external("core", "1.96.0", "core::option::Option::and", symbol)
    other = "rust-analyzer cargo jar 0.1.0 lid/Lid#shut()."
    assert compiler.difference_of_external("jar", "0.1.0", "jar::lid::Lid::shut", other) == ""
    assert compiler.difference_of_external("jar", "0.2.0", "jar::lid::Lid::shut", other)


def hydrated_jar(jar: ours.Ours, *edges: Edge, signature: str = "fn") -> hydrated.Hydrated:
    """The jar with one answer for each node: these edges of the node that they begin at."""
    answers = {
        id_: HydratedNode(id_, "", "", signature, "", tuple(edge for edge in edges if edge.src_id == id_))
        for id_ in jar.where
    }
    found = ours.Ours(jar.files, jar.where, list(edges), {})
    return hydrated.Hydrated(found, answers, {}, {}, {}, 0.0)


def resolved(jar: ours.Ours, source: str, name: str, target: str) -> Edge:
    """An edge of rust-analyzer's from the place where `source` mentions `name`."""
    by_name = {node.qualified_name: node.id for file in jar.files.values() for node in file.nodes}
    references = jar.files["src/lib.rs"].references[by_name[source]]
    ordinal = next(at for at, one in enumerate(references) if one.name == name)
    return Edge(by_name[source], "CALLS", by_name[target], 1.0, "ra", "definition", (ordinal,))


def test_a_resolved_call_agrees_where_the_index_means_the_same_node(jar: ours.Ours) -> None:
    found = hydrated_jar(jar, resolved(jar, "Jar::open", "seal", "seal"))
    oracle = Oracle(found.ours, index_of(*DEFINITIONS, occurrence("seal", SEAL, 0)))
    outcome = compiler.compare_sites(found, oracle)
    assert (outcome.common, outcome.agreeing, dict(outcome.differences)) == (1, 1, {})


def test_a_resolved_call_of_something_else_is_a_difference_with_its_class(jar: ours.Ours) -> None:
    found = hydrated_jar(jar, resolved(jar, "Jar::open", "seal", "shelf"))
    oracle = Oracle(found.ours, index_of(*DEFINITIONS, occurrence("seal", SEAL, 0)))
    outcome = compiler.compare_sites(found, oracle)
    assert (outcome.common, outcome.agreeing) == (1, 0)
    assert dict(outcome.differences) == {"another node of the tree": 1}
    outside = Oracle(found.ours, index_of(*DEFINITIONS, occurrence("seal", LEN, 0)))
    assert dict(compiler.compare_sites(found, outside).differences) == {
        "the index says: outside of the tree": 1
    }


def test_a_call_that_only_the_index_resolves_is_counted_apart(jar: ours.Ours) -> None:
    found = hydrated_jar(jar)
    oracle = Oracle(found.ours, index_of(*DEFINITIONS, occurrence("seal", SEAL, 0)))
    outcome = compiler.compare_sites(found, oracle)
    assert (outcome.common, dict(outcome.only_theirs)) == (0, {"no answer of rust-analyzer at the site": 1})


def test_a_function_without_signature_and_reason_is_found(jar: ours.Ours) -> None:
    index = index_of(*DEFINITIONS)
    assert compiler.count_signatures(hydrated_jar(jar), index).neither == []
    counted = compiler.count_signatures(hydrated_jar(jar, signature=""), index)
    assert (counted.functions, counted.signed, len(counted.neither)) == (3, 0, 3)


def test_random_edits_are_the_same_for_a_seed_and_can_be_taken_back(tmp_path: Path) -> None:
    logs = []
    for number in range(2):
        root = tmp_path / str(number)
        (root / "src").mkdir(parents=True)
        (root / "src/lib.rs").write_text(LIB)
        editor = Editor(root, seed=7)
        editor.edit(40)
        assert editor.log
        logs.append(editor.log[:])
        editor.restore()
        assert [(path.name, path.read_text()) for path in root.rglob("*.rs")] == [("lib.rs", LIB)]
    assert logs[0] == logs[1]
