"""Vectors that the product makes are those of the reference implementation, with a real model in the real child."""

from __future__ import annotations

import numpy as np
import pytest

from hydrators.models.local import InstalledModel
from tests.hydrators.models.real_minilm import obtain_minilm
from tests.oracles.embeddings import Reference, cosines, embed, reference

LEAST_COSINE = 0.9999
OTHER_TOKENS = {
    "[CLS] and [SEP]": "the reference takes names of special tokens in a text for these tokens; to us they are text",
    "xxxxxxxxxxxxxxxxxxxx"
    * 5: "to the reference a word of more than 100 letters is unknown, whatever it says",
    "크기": "the reference takes syllables of Hangul apart (NFD), llama.cpp leaves them whole",
    "गिनती": "llama.cpp drops vowel signs that take space, the reference only those that take none",
}
"""Texts that the two tokenizers read otherwise (llama-cpp-python 0.3.36, tokenizers 0.23.3), by what is in them."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    return obtain_minilm(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def recorded(model: InstalledModel) -> Reference:
    return reference(model.context_tokens)


@pytest.fixture(scope="module")
def found(model: InstalledModel, recorded: Reference) -> np.ndarray:
    """The cosine of each text's vector to the reference's."""
    return cosines(embed(model.path, recorded.texts), recorded.vectors)


def is_read_otherwise(text: str) -> bool:
    return any(part in text for part in OTHER_TOKENS)


def test_at_least_two_hundred_texts_have_the_vectors_of_the_reference_implementation(
    recorded: Reference, found: np.ndarray
) -> None:
    same = {text: one for text, one in zip(recorded.texts, found, strict=True) if not is_read_otherwise(text)}
    worst = min(same, key=lambda text: same[text])
    print(f"{len(same)} texts, least cosine {same[worst]:.7f}, of {worst[:60]!r}")
    assert len(same) >= 200
    assert same[worst] >= LEAST_COSINE, worst


def test_texts_longer_than_the_model_reads_are_cut_where_the_reference_cuts_them(
    model: InstalledModel, recorded: Reference, found: np.ndarray
) -> None:
    cut = recorded.tokens > model.context_tokens
    assert cut.sum() >= 5
    assert found[cut].min() >= LEAST_COSINE
    near_the_limit = (recorded.tokens > model.context_tokens / 2) & ~cut
    assert near_the_limit.sum() >= 5
    assert found[near_the_limit].min() >= LEAST_COSINE


def test_texts_that_the_tokenizers_read_otherwise_are_the_known_ones(
    recorded: Reference, found: np.ndarray
) -> None:
    otherwise = [text for text, one in zip(recorded.texts, found, strict=True) if one < LEAST_COSINE]
    known = [text for text in recorded.texts if is_read_otherwise(text)]
    assert len(known) == len(OTHER_TOKENS)
    assert otherwise == known, "a release cured one of OTHER_TOKENS, or brought another"


def test_a_vector_of_another_text_is_told_apart(model: InstalledModel, recorded: Reference) -> None:
    texts = [text for text in recorded.texts if 12 <= len(text) <= 200][:20]
    rows = [recorded.texts.index(text) for text in texts]
    others = embed(model.path, [text.replace("e", "") + " not" for text in texts])
    assert cosines(others, recorded.vectors[rows]).max() < LEAST_COSINE
