"""The harness that asks for functions by their documentation hides that documentation, ranks rightly, and finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hydrators.models.local import InstalledModel
from hydrators.tolerant import extract_facts
from store.model import FileStat
from tests.hydrators.models.real_minilm import obtain_minilm
from tests.oracles import embeddings, neighbours, report, retrieval
from tests.oracles.retrieval import Bm25, first_sentence, functions_of, fused, reciprocal_ranks, without_docs
from tests.oracles.tools import ROOT

LEAST_MRR = 0.4
"""Among a hundred functions, where guessing reaches 0.03 and what is there reached 0.5 when this was written."""

LIB = """\
//! Jars and what they hold.
// plain, and kept
/// A jar of [marmalade](https://example.com/marmalade).
pub struct Jar(u8);

impl Jar {
    /// Takes the *lid* off, i.e. lets `air` in, and
    /// says how much is left.  The rest is details.
    ///
    /// # Panics
    #[must_use = "/// no docs"]
    pub fn open(&self) -> u8 {
        let url = "https://example.com"; /** inside */
        self.0
    }

    #[doc = "Puts the lid \\"]\\" back on the jar."]
    /**
     Block docs are not asked for.
     */
    pub fn seal(&mut self) {}

    /// # Title first
    pub fn titled(&self) {}
}

macro_rules! jars {
    ($name:ident) => {
        #[doc = concat!("Makes ", stringify!($name), " anew.")]
        /// Counts the jars of this sort.
        pub fn $name() -> usize { 0 }
    };
}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    return obtain_minilm(tmp_path_factory.mktemp("models"))


def test_without_docs_every_byte_of_code_stays_and_no_word_of_documentation() -> None:
    text = LIB.encode()
    bare = without_docs(text)
    assert len(bare) == len(text)
    assert bare.count(b"\n") == text.count(b"\n")
    for word in (b"Jars", b"marmalade", b"lid", b"details", b"Block", b"anew", b"Counts", b"inside"):
        assert word not in bare
    for code in (b"// plain, and kept", b'"/// no docs"', b'"https://example.com"', b"#[must_use"):
        assert code in bare
    no_stat = FileStat(0, 0, 0, 0)
    before, after = (extract_facts("src/lib.rs", one, no_stat) for one in (text, bare))
    assert [node.qualified_name for node in before.nodes] == [node.qualified_name for node in after.nodes]
    assert [span.end_byte for span in before.spans] == [span.end_byte for span in after.spans]


def test_the_first_sentence_is_read_without_its_mark_up() -> None:
    docs = b"/// Takes the [lid](x) off, i.e. lets `air` in\n/// the *jar*. The rest.\nfn open() {}"
    assert first_sentence(docs) == "Takes the lid off, i.e. lets air in the jar."
    assert first_sentence(b"///\n/// One\n/// two\n///\n/// three\nfn f() {}") == "One two"
    assert first_sentence(b"#[inline]\n/// After an attribute\nfn f() {}") == "After an attribute"
    assert first_sentence(b"/// # Title\nfn f() {}") == ""
    assert first_sentence(b"fn f() {} /// behind") == ""


def test_a_function_is_what_the_copy_without_documentation_says_and_its_query_what_that_hides() -> None:
    (found,) = functions_of("src/lib.rs", LIB.encode())
    assert (found.node.name, found.node.kind) == ("open", "method")
    assert found.query == "Takes the lid off, i.e. lets air in, and says how much is left."
    assert "lid" not in found.code
    for text in (retrieval.code_text, retrieval.header_text, retrieval.summary_text):
        assert "lid" not in text(found)
        assert "open" in text(found)


def test_only_sentences_of_some_words_that_no_other_function_has_are_asked_for() -> None:
    text = (
        "/// Says how it is.\npub fn a() {}\n/// Says how it is.\npub fn b() {}\n/// Short.\npub fn c() {}\n"
    )
    text += "/// Says what it is not.\npub fn d() {}\n"
    found = functions_of("src/lib.rs", text.encode())
    assert retrieval.is_asked_for(found) == [False, False, False, True]


def test_a_rank_counts_what_scores_as_high_and_ends_at_ten() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [1.0, 1.0, 1.0], [0.0, 5.0, 0.0]])
    assert reciprocal_ranks(scores, np.array([1, 0, 1])).tolist() == [0.5, 1 / 3, 1.0]
    many = np.arange(20.0)[None, :]
    assert reciprocal_ranks(many, np.array([10])).tolist() == [0.1]
    assert reciprocal_ranks(many, np.array([9])).tolist() == [0.0]


def test_ranks_are_fused_whatever_the_scores_are_worth() -> None:
    by_one, by_other = np.array([[0.9, 0.1, 0.5]]), np.array([[1.0, 2_000.0, 1_000.0]])
    both = fused(by_one, by_other)
    assert both[0].tolist() == pytest.approx([1 / 61 + 1 / 63, 1 / 63 + 1 / 61, 1 / 62 + 1 / 62])


def test_words_that_are_rare_and_texts_that_are_short_count_more() -> None:
    texts = [["open", "jar"], ["open", "door"], ["open", "jar", "and", "say", "so", "at", "length"]]
    (scores,) = Bm25(texts).scores([["jar", "nowhere"]])
    assert scores[0] > scores[2] > scores[1] == 0.0
    (rare,), (common,) = Bm25(texts).scores([["door"]]), Bm25(texts).scores([["open"]])
    assert rare[1] > common[1] > 0.0


def test_descriptions_find_their_functions_in_a_small_workspace(model: InstalledModel) -> None:
    root = ROOT / "fixtures" / "workspace"
    found = [
        one
        for file in sorted(root.rglob("*.rs"))
        for one in functions_of(file.relative_to(root).as_posix(), file.read_bytes())
    ]
    asked = retrieval.is_asked_for(found)
    outcome = retrieval.compare(found, asked, retrieval.summary_text, embeddings.remembering(model.path))
    print(outcome)
    assert outcome.queries >= 100
    assert outcome.vectors >= LEAST_MRR
    assert outcome.vectors > outcome.bm25


def test_the_page_shows_what_was_measured(tmp_path: Path) -> None:
    outcome = retrieval.Outcome(9, 10, 0.4567, 0.45, 0.46, 0.7, 0.3, 0.5)
    rows = [report.retrieval_row("some functions", "its code", outcome)]
    recorded = embeddings.reference(512)
    vectors = report.vector_row(recorded, np.array([0.99991, 1.0, 0.5]))
    index = [
        {
            "name": "as indexed",
            "nodes": 5,
            "vectors": 4,
            "descriptions": 0.99,
            "stored": None,
            "exact_up_to": 7,
        }
    ]
    page = tmp_path / "accuracy.md"
    report.write({"vectors": vectors, "retrieval": rows, "neighbours": index}, page)
    text = page.read_text("utf-8")
    assert "| its code | 0.457 | 0.450 | 0.460 | 70.0 % | 0.300 | 0.500 |" in text
    assert "| 2 | 0.9999100 | 0.9999100 | 1 |" in text
    assert "| as indexed | 5 | 4 | 0.9900 | – |" in text
    assert neighbours.NEAREST == 10
