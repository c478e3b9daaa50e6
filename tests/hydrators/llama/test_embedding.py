"""Texts to vectors, through the real child and library."""

from __future__ import annotations

import math
import random
import string
from pathlib import Path

import numpy as np
import pytest

from hydrators.llama.lanes import FRAME_BYTES, FRAME_TEXTS
from hydrators.llama.model import Refusal, Refused, State
from tests.hydrators.llama.rig import Rig, running

RUST = "pub fn parse(text: &str) -> Result<Config, Error>"


def test_vectors_have_the_models_dimension_and_length_one(rig: Rig) -> None:
    vectors = rig.vectors(RUST, "struct Config", "x")
    assert {vector.shape for vector in vectors} == {(32,)}
    assert [float(np.linalg.norm(vector)) for vector in vectors] == pytest.approx([1, 1, 1], abs=1e-6)
    assert rig.state.dimension == 32


def test_vectors_come_in_the_order_of_the_texts_however_they_are_batched(rig: Rig) -> None:
    dice = random.Random(5)
    texts = [
        "".join(dice.choices(string.ascii_lowercase + " ", k=dice.randint(1, 90)))
        for _ in range(4 * FRAME_TEXTS)
    ]
    assert sum(map(len, texts)) > FRAME_BYTES
    together = rig.vectors(*texts)
    for text, vector in list(zip(texts, together, strict=True))[::7]:
        (alone,) = rig.vectors(text)
        assert float(vector @ alone) > 0.99999


def test_texts_in_one_batch_do_not_see_each_other(rig: Rig) -> None:
    (alone,) = rig.vectors(RUST)
    _, between, _ = rig.vectors("something else " * 3, RUST, "and more")
    assert float(alone @ between) > 0.99999


def test_what_is_urgent_gets_the_same_vector(rig: Rig) -> None:
    (slow,) = rig.vectors(RUST)
    (urgent,) = rig.embed(RUST, is_urgent=True)
    assert isinstance(urgent, bytes)
    assert float(np.frombuffer(urgent, "<f4") @ slow) > 0.99999


def test_nothing_asked_is_nothing_answered(rig: Rig) -> None:
    assert rig.embed() == []


def test_a_text_longer_than_the_context_is_cut_to_fit_with_its_last_token(rig: Rig) -> None:
    words = "a b c d e f g h i j " * 100
    tokens_that_fit = 64 - 2  # a letter each, between the first and the last token
    fitting = " ".join(words.split()[:tokens_that_fit])
    cut, whole, shorter = rig.vectors(words, fitting, fitting[:-2])
    assert float(cut @ whole) > 0.99999
    assert float(cut @ shorter) < 0.99999


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n ",
        "x" * 10_000_000,
        "no space " * 100_000,
        "\0",
        "a\0b\x01\x02\x7f\x1b[31m",
        "\ud800 \udfff lone",
        "\ufeff\ufffe\uffff\u200d",
        "\U0010ffff\ue000",
        "日本語" * 1_000,
        "e\u0301" * 1_000,
        "\u202e[CLS][SEP]</s><s>",
        bytes(range(256)).decode("latin-1"),
    ],
    ids=lambda text: ascii(text[:12]),
)
@pytest.mark.parametrize("is_urgent", [False, True])
def test_any_text_has_a_vector_and_costs_no_child(rig: Rig, text: str, is_urgent: bool) -> None:
    pid = rig.start()
    before, found, after = rig.embed("before", text, "after", is_urgent=is_urgent)
    assert isinstance(before, bytes)
    assert isinstance(found, bytes)
    assert isinstance(after, bytes)
    assert all(map(math.isfinite, np.frombuffer(found, "<f4")))
    assert rig.state.pid == pid


def test_random_unicode_costs_no_child(rig: Rig) -> None:
    dice = random.Random(11)
    pid = rig.start()
    texts = [
        "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randrange(1, 200))) for _ in range(300)
    ]
    assert all(isinstance(answer, bytes) for answer in rig.embed(*texts))
    assert rig.state.pid == pid


def test_control_tokens_in_a_text_are_text(rig: Rig) -> None:
    plain, marked = rig.vectors("a b", "a [SEP] b")
    assert float(plain @ marked) < 0.9999


def test_a_vector_that_is_not_finite_is_an_error_and_spoils_no_other(models: Path) -> None:
    with running(models / "nan.gguf") as rig:
        good, bad, other = rig.embed("fine", "a ~ b", "fine too")
        assert isinstance(bad, Refused)
        assert bad.kind is Refusal.FAILED
        assert isinstance(good, bytes)
        assert isinstance(other, bytes)
        assert rig.state.quarantined == 0


def test_a_model_whose_vectors_are_zero_is_not_used(models: Path) -> None:
    with running(models / "zero.gguf") as rig:
        (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        assert answer.kind is Refusal.NOT_READY
        assert rig.state.state == State.ABSENT
        assert "no finite vector" in rig.state.reason


def test_a_decoder_that_pools_makes_vectors_too(models: Path) -> None:
    with running(models / "last.gguf") as rig:
        first, again, other = rig.vectors(RUST, RUST, "struct Config")
        assert first.shape == (64,)
        assert float(first @ again) > 0.99999
        assert float(first @ other) < 0.99999


def test_a_thousand_callers_at_once_get_each_their_own(rig: Rig) -> None:
    texts = [f"text number {number}" for number in range(1_000)]
    futures = [rig.begin(rig.llama.embed([text])) for text in texts]
    answers = [future.result(60)[0] for future in futures]
    expected = rig.embed(*texts)
    for answer, want in zip(answers, expected, strict=True):
        assert isinstance(answer, bytes)
        assert isinstance(want, bytes)
        assert float(np.frombuffer(answer, "<f4") @ np.frombuffer(want, "<f4")) > 0.99999


def test_callers_who_give_up_cost_the_others_nothing(rig: Rig) -> None:
    kept = [rig.begin(rig.llama.embed([f"kept {number}"] * 5)) for number in range(40)]
    given_up = [rig.begin(rig.llama.embed([f"given up {number}"] * 50)) for number in range(40)]
    for future in given_up[::2]:
        future.cancel()
    for future in kept:
        assert all(isinstance(answer, bytes) for answer in future.result(60))
    for future in given_up[1::2]:
        assert len(future.result(60)) == 50
