"""What is embedded of a node: what it is called, in words, and what a call needs; nothing of where it stands."""

from __future__ import annotations

import pytest

from hydrators.embed import EMBEDDED, MAX_TEXT_CHARACTERS, embed_key, embed_text
from store.model import NodeFacts
from tests.hydrators.rust_text import facts_of

CODE = """
pub struct Vector<T>(Vec<T>);
impl<T> Vector<T> {
    /// Keeps what fits.
    pub(crate) unsafe fn retain_mut<'a, F: Fn(&'a T) -> bool>(&'a mut self, f: F) -> usize where T: Clone { 0 }
}
pub const MOST_BYTES: usize = 3;
pub trait HTTPServer: Send {}
fn _1() {}
"""


def node(name: str, code: str = CODE) -> NodeFacts:
    (found,) = [one for one in facts_of(code).nodes if one.name == name and one.kind in EMBEDDED]
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("retain_mut", "method retain mutable of vector. Vector::retain_mut(&mut self, f: F) -> usize"),
        ("HTTPServer", "trait HTTP server. HTTPServer: Send"),
    ],
)
def test_the_text_is_kind_name_and_owner_in_words_and_what_a_call_needs(name: str, text: str) -> None:
    assert embed_text(node(name), "") == text


def test_the_line_is_the_last_of_it() -> None:
    assert embed_text(node("MOST_BYTES"), "Limit the bytes").splitlines()[-1] == "Limit the bytes"


def test_where_it_stands_and_its_body_change_nothing() -> None:
    moved = "mod elsewhere {\n" + CODE.replace("{ 0 }", "{ 1 + 2 }") + "}\n"
    assert embed_text(node("retain_mut", moved), "x") == embed_text(node("retain_mut"), "x")


def test_a_key_hangs_on_model_and_text() -> None:
    keys = {embed_key("a", "x"), embed_key("b", "x"), embed_key("a", "y"), embed_key("a", "x")}
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize(
    "signature", ["fn f(" + "a: u8, " * 100_000 + ")", "fn f<" + "<" * 5_000, "\ud800", ""]
)
def test_whatever_a_signature_is_the_text_is_short_and_has_a_key(signature: str) -> None:
    text = embed_text(node("_1")._replace(signature_syn=signature, signature_ts=signature), "")
    assert len(text) <= MAX_TEXT_CHARACTERS
    assert embed_key("m", text)
