"""An incremental update equals an extraction from scratch, whatever the edit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.tolerant import Document, extract_facts
from hydrators.tolerant.document import changed_range
from tests.hydrators.rust_text import NO_STAT

SOURCE = (
    "//! docs\nuse a::b;\n\n/// One.\n#[derive(Debug)]\npub struct S<T> { x: T }\n\n"
    "impl<T: Clone> S<T> {\n    /// New.\n    pub fn new(x: T) -> Self {\n        S { x }\n    }\n\n"
    "    fn go(&self) -> u8 {\n        if self.ok() { vec![1, helper(2)][0] } else { 0 }\n    }\n}\n\n"
    "mod tests {\n    #[test]\n    fn works() {\n        assert_eq!(S::new(1).go(), 2);\n    }\n}\n\n"
    "enum E { A, B(u8) }\n\nmacro_rules! m { ($x:expr) => { $x } }\n"
)
IN_MACROS = (
    "cfg_rt! {\n    pub mod x;\n    /// Doc.\n    pub fn spawn(a: u8) -> T { go(a) }\n\n"
    "    impl S { pub fn new() -> Self { S {} } }\n}\n\n"
    "bitflags! {\n    pub struct Flags: u32 {\n        const A = f(1);\n        const B = 2;\n    }\n}\n\n"
    "cfg_if! {\n    if #[cfg(unix)] {\n        mod a;\n    } else {\n        fn b() { c() }\n    }\n}\n\n"
    "impl S {\n    wrap! {\n        pub fn get(&self) -> u8 { self.a() }\n    }\n}\n\n"
    "proptest! {\n    #[test]\n    fn t(x in any::<u8>(), y in 0..f()) { go(x); }\n}\n"
    "thread_local!(static K: u8 = k());\n"
    "node! {\n    pub struct Expr #full {\n        pub a: T,\n    }\n}\n"
)
PIECES = [
    "{",
    "}",
    "(",
    ")",
    ";",
    "\n",
    " ",
    '"',
    "'",
    "fn q() {}\n",
    "    ",
    "//",
    "/*",
    "*/",
    "x",
    "::",
    "#[test]\n",
    "m! { fn w() {} }\n",
    "",
]

edits = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.sampled_from(PIECES)), min_size=1, max_size=8
)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from((SOURCE, IN_MACROS)), edits)
def test_updates_equal_extraction_from_scratch(text: str, script: list[tuple[int, int, str]]) -> None:
    document = Document()
    extract_facts("a.rs", text.encode(), NO_STAT, document=document)
    for at, length, piece in script:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + length :]
        incremental = extract_facts("a.rs", text.encode(), NO_STAT, document=document)
        assert incremental == extract_facts("a.rs", text.encode(), NO_STAT)


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=20), st.binary(max_size=20))
def test_changed_range_is_one_edit_that_explains_the_change(
    a: bytes, b: bytes, old: bytes, new: bytes
) -> None:
    one, other = a + old + b, a + new + b
    start, old_end, new_end = changed_range(one, other)
    assert one[:start] + other[start:new_end] + one[old_end:] == other


def test_an_update_that_was_cut_short_leaves_no_trace_in_the_next_one() -> None:
    lines = [
        f"pub fn aaaa{i:04}() {{ b{i:04}(); }}\n" if i % 3 else f"const AAA{i:04}: u8 = 0;;;;;\n"
        for i in range(2_000)
    ]
    text = "".join(lines)
    document = Document()
    extract_facts("a.rs", text.encode(), NO_STAT, document=document)
    longer = "".join(lines[:2]) + text
    cut = extract_facts("a.rs", longer.encode(), NO_STAT, document=document, time_limit_s=1e-9)
    assert cut.record.state == "skipped"
    edited = text.replace("aaaa0007", "aaaa_new").encode()
    incremental = extract_facts("a.rs", edited, NO_STAT, document=document)
    assert incremental == extract_facts("a.rs", edited, NO_STAT)
