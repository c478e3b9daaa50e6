"""Undocumented items are described by their names, headers and plain bodies, each domain by its own template."""

import pytest

from hydrators.summarise import THRESHOLD
from tests.hydrators.summarise.summary_text import first_line, line, summaries


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # constructors
        ("impl P { fn new(text: &str) -> Self { P } }", "P::new", "Create a P from text"),
        ("impl P { pub const fn new() -> P { P } }", "P::new", "Create a P"),
        (
            "impl P { fn open(path: &Path) -> Result<Self, E> { x() } }",
            "P::open",
            "Open a P from path; returns Result<Self, E>",
        ),
        ("impl P { fn with_capacity(n: usize) -> P { P } }", "P::with_capacity", "Create a P with capacity"),
        ("impl P { fn from_str_unchecked(s: &str) -> P { P } }", "P::from_str_unchecked", None),
        # conversions
        ("impl P { fn as_str(&self) -> &str { &self.0[1..] } }", "P::as_str", "View P as str"),
        ("impl P { fn into_inner(self) -> T { self.0 } }", "P::into_inner", None),
        ("impl P { fn to_vec(&self) -> Vec<u8> { x() } }", "P::to_vec", "Convert P to Vec<u8>"),
        # predicates
        ("impl P { fn is_empty(&self) -> bool { self.n == 0 } }", "P::is_empty", "Tell whether P is empty"),
        (
            "impl P { fn supports_x(&self) -> bool { true } }",
            "P::supports_x",
            "Tell whether P supports x; always true",
        ),
        ("impl P { fn has_more(&self) -> bool { x() } }", "P::has_more", "Tell whether P has more"),
        (
            "fn is_ident_start(c: char) -> bool { x(c) }",
            "is_ident_start",
            "Tell whether a char is identifier start",
        ),
        # builders and setters
        (
            "impl P { fn name(mut self, name: String) -> Self { self.name = name; self } }",
            "P::name",
            "Set name and return the changed P",
        ),
        (
            "impl P { fn retries(&mut self, n: u8) -> &mut Self { self.retries = n; self } }",
            "P::retries",
            "Set retries and return the same P",
        ),
        ("impl P { fn set_name(&mut self, name: String) { x() } }", "P::set_name", "Set name of P"),
        # getters
        ("impl P { fn name(&self) -> &str { &self.name } }", "P::name", "Return the name of P; returns &str"),
        (
            "impl P { fn num_workers(&self) -> usize { x() } }",
            "P::num_workers",
            "Return the number of workers of P; returns usize",
        ),
        # iterators
        (
            "impl P { fn iter(&self) -> Iter<'_, T> { x() } }",
            "P::iter",
            "Iterate over the items of P; returns Iter<T>",
        ),
        # deeds
        (
            "fn parse_toml(text: &str) -> Result<Cfg, E> { x() }",
            "parse_toml",
            "Parse toml; returns Result<Cfg, E>",
        ),
        ("fn fmt_bytes(n: u64) -> String { x() }", "fmt_bytes", "Format bytes; returns String"),
        ("impl P { fn flush(&mut self) {} }", "P::flush", "Flush P"),
        ("fn try_parse_ident(t: &str) -> Option<I> { x() }", "try_parse_ident", None),
        ("impl P { fn wait_timeout(&self, d: Duration) {} }", "P::wait_timeout", None),
        ("async fn read_frame_unchecked() -> F { x() }", "read_frame_unchecked", None),
        ("fn checked_add_days(a: D) -> Option<D> { x() }", "checked_add_days", None),
        ("impl P { fn on_close(&mut self) {} }", "P::on_close", "React to close for P"),
        ("fn main() {}", "main", "Run the program"),
        # tests and handlers
        ("#[test]\nfn parses_empty_input() {}", "parses_empty_input", "Test that it parses empty input"),
        ("#[tokio::test]\nasync fn test_big_file() {}", "test_big_file", "Test big file"),
        ("#[bench]\nfn bench_sort(b: &mut B) {}", "bench_sort", "Benchmark sort"),
        ('#[get("/users/{id}")]\nasync fn user() -> R { x() }', "user", "Handle GET /users/{id}"),
        ("fn later() { todo!() }", "later", "Panic: later is not implemented"),
    ],
)
def test_functions_are_described_by_custom(text: str, name: str, expected: str | None) -> None:
    more = {
        "P::from_str_unchecked": "Create a P from string unchecked",
        "P::into_inner": "Turn P into the value inside; returns T",
        "try_parse_ident": "Try to parse identifier; returns Option<I>",
        "P::wait_timeout": "Wait P with a timeout",
        "read_frame_unchecked": "Read frame without checks; returns F",
        "checked_add_days": "Add days with an overflow check; returns Option<D>",
    }
    assert line(text, name) == (expected if expected is not None else more[name])


@pytest.mark.parametrize(
    ("head", "method", "expected"),
    [
        ("Display for Token", "fn fmt(&self, f: &mut F) -> R { x() }", "Format Token for display"),
        ("fmt::Debug for Token<'_>", "fn fmt(&self, f: &mut F) -> R { x() }", "Format Token for debugging"),
        ("From<io::Error> for Failure", "fn from(e: io::Error) -> Self { x() }", "Convert io::Error into Failure"),
        ("TryFrom<u8> for Kind", "fn try_from(n: u8) -> R { x() }", "Try to convert u8 into Kind"),
        ("FromStr for Version", "fn from_str(s: &str) -> R { x() }", "Parse Version from a string"),
        ("Iterator for Words", "fn next(&mut self) -> Option<u8> { x() }", "Advance the iterator Words and return its next item"),
        ("Drop for Guard", "fn drop(&mut self) { x() }", "Clean up when Guard is dropped"),
        ("Default for Limits", "fn default() -> Self { x() }", "Create the default Limits"),
        ("PartialEq<str> for Name", "fn eq(&self, o: &str) -> bool { x() }", "Compare Name with str for equality"),
        ("Ord for Name", "fn cmp(&self, o: &Self) -> O { x() }", "Compare two values of Name for their order"),
        ("Hash for Name", "fn hash<H>(&self, h: &mut H) { x() }", "Feed Name into a hasher"),
        ("AsRef<[u8]> for Name", "fn as_ref(&self) -> &[u8] { x() }", "Borrow Name as [u8]"),
        ("Serialize for Name", "fn serialize<S>(&self, s: S) -> R { x() }", "Serialize Name with a serializer"),
        ("Serializer for Keys", "fn serialize_u8(self, v: u8) -> R { Err(no_key()) }", "Refuse to serialize a u8 with Keys"),
        ("Visitor<'de> for V", "fn visit_str<E>(self, s: &str) -> R { x() }", "Visit a string and turn it into what V makes"),
    ],
)  # fmt: skip
def test_methods_of_known_traits_do_what_the_trait_says(head: str, method: str, expected: str) -> None:
    found = summaries(f"impl {head} {{ {method} }}")
    assert [one.one_line for one in found.values()][1] == expected


def test_generics_of_the_impl_are_left_out_of_its_methods_and_others_kept() -> None:
    assert line("impl<T> Drop for Pool<T> { fn drop(&mut self) {} }", "<Pool<T> as Drop>::drop").endswith(
        "Pool is dropped"
    )
    assert line("impl Drop for Pool<u8> { fn drop(&mut self) {} }", "<Pool<u8> as Drop>::drop").endswith(
        "Pool<u8> is dropped"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("struct Bytes(Vec<u8>);", "Wrap Vec<u8> as Bytes"),
        ("struct FileStat { size: u64, mtime_ns: i64 }", "Hold size and mtime ns of a file stat"),
        ("enum TokenKind { Comma, OpenParen }", "Distinguish kinds of token: comma and open paren"),
        ("trait Draw { fn draw(&self); fn erase(&self); }", "Declare the trait Draw with draw and erase"),
        ("type Pairs<'a> = Vec<(&'a str, u8)>;", "Abbreviate Vec<(&str, u8)> as Pairs"),
        ("const MAX_LEN: usize = 64 * 1024;", "Define maximum length as 64 * 1024"),
        ("static TABLE: [u8; 256] = make();", "Hold table ([u8; 256])"),
        ("impl Send for Pool {}", "Implement Send for Pool"),
        ("impl !Sync for Pool {}", "Keep Sync from being implemented for Pool"),
        ("impl Pool { fn a(&self) {} const B: u8 = 1; }", "Implement Pool: a and B"),
        ("mod shapes { pub struct Dot; pub fn draw() {} fn inner() {} }", "Group Dot and draw"),
        ("#[cfg(test)]\nmod tests { #[test] fn test_a_b() {} #[test] fn c() {} }", "Test a b and c"),
        ("macro_rules! assert_close { () => {}; }", "Assert close by a macro"),
    ],
)
def test_other_items_are_described_by_what_stands_in_them(text: str, expected: str) -> None:
    assert first_line(text) == expected


def test_declarations_that_say_nothing_have_no_line() -> None:
    assert summaries("mod other;\nuse std::fmt;\nextern crate alloc;\nprintln!();") == {}


def test_items_inside_a_macro_call_are_those_of_the_impl_around_it() -> None:
    text = "cfg_io! { impl Display for Token { fn fmt(&self, f: &mut F) -> R { x() } } }"
    assert "Format Token for display" in [one.one_line for one in summaries(text).values()]


@pytest.mark.parametrize(
    "text",
    [
        "fn hypotf(a: f64, b: f64) -> f64;",  # no word that anybody knows
        "fn dot(input: &str) -> Result<&str, E> { x() }",  # a thing, perhaps
        "impl P { fn modified(&self) -> R<T> { x() } }",  # neither verb nor noun
        "fn init() {}",  # a verb, and nothing that it is done to
        "impl P { fn park(&self, t: Duration) {} }",  # what is parked is not P
        "impl P { fn swap_greed(&self) -> bool { x() } }",  # asks, though it sounds like a deed
        "impl D { fn is_start(&self, c: char) -> bool { x() } }",  # who is it that is the start?
        "impl P { fn sub_type(&self) -> u8 { x() } }",  # no subtraction
        "macro_rules! table { () => {}; }",
    ],
)
def test_a_name_that_leaves_open_what_is_done_is_insufficient(text: str) -> None:
    *_, summary = summaries(text).values()
    assert summary.provenance == "rule_based_insufficient"
    assert summary.confidence < THRESHOLD


def test_half_written_code_has_lines_that_are_trusted_less() -> None:
    whole = summaries("fn parse_words(a: &str) -> Vec<u8> { x() }")["parse_words"]
    broken = summaries("fn parse_words(a: &str, b: ) -> Vec<u8> { x( }")["parse_words"]
    assert broken.one_line.startswith("Parse words")
    assert broken.confidence < whole.confidence
