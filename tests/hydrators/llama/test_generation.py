"""Prompts to text, through the real child and library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrators.llama.model import Prompt, Refusal
from tests.hydrators.llama.rig import Rig, running
from tests.hydrators.llama.tiny_models import SENTENCE

LINE = 'root ::= [A-Z] [a-z ]{3,20} "."'


@pytest.fixture(scope="module")
def sentence(models: Path) -> Iterator[Rig]:
    """A model that says one sentence after any prompt."""
    with running(generation=models / "sentence.gguf") as made:
        yield made


def test_a_model_says_what_it_says_until_it_ends(sentence: Rig) -> None:
    said = sentence.generate("fn add(a: u8, b: u8) -> u8")
    assert (said.text, said.finish) == (SENTENCE, "stop")
    assert said.prompt_tokens > 10
    assert said.tokens == 9  # its words, and its end


def test_a_stop_string_ends_the_text_and_is_not_part_of_it(sentence: Rig) -> None:
    said = sentence.generate("fn", stop=("nothing", "s and", ""))
    assert (said.text, said.finish) == ("Adds two number", "stop")


def test_what_is_cut_says_so(sentence: Rig) -> None:
    said = sentence.generate("fn", max_tokens=3)
    assert (said.text, said.finish, said.tokens) == ("Adds two numbers", "length", 3)


def test_a_grammar_ends_what_would_go_on(sentence: Rig) -> None:
    said = sentence.generate("fn", grammar='root ::= "Adds two"')
    assert (said.text, said.finish) == ("Adds two", "grammar")


def test_a_grammar_forces_another_text(rig: Rig) -> None:
    said = rig.generate("fn", grammar=LINE)
    assert said.finish == "grammar"
    assert said.text[0].isupper()
    assert said.text.endswith(".")


def test_a_text_that_a_grammar_does_not_let_end_is_cut(sentence: Rig) -> None:
    said = sentence.generate("fn", grammar="root ::= [a-z]+", max_tokens=20)
    assert said.finish == "length"
    assert said.text.isalpha()


@pytest.mark.parametrize(
    "grammar",
    [
        "root ::= ",
        "root ::= [",
        'foo ::= "a"',
        "root ::= missing",
        'root ::= root "a" | "b"',
        'root ::= "a"{1000000}',
        "no grammar at all",
        'root ::= "\0"',
        "root ::= " + "(" * 100_000 + '"a"' + ")" * 100_000,
        'root ::= "' + "a" * 100_000 + '"',
        "\ud800",
        bytes(range(1, 256)).decode("latin-1"),
    ],
    ids=lambda grammar: ascii(grammar[:20]),
)
def test_a_bad_grammar_is_refused_and_costs_no_child(rig: Rig, grammar: str) -> None:
    rig.generate("x", max_tokens=1)
    pid = rig.state.pid
    if grammar.strip() == "root ::=":
        assert rig.generate("x", grammar=grammar).text == ""  # nothing at all is what it allows
    else:
        refused = rig.refusal("x", grammar=grammar)
        assert refused.kind is Refusal.REFUSED
        assert "grammar" in str(refused)
    assert rig.state.pid == pid


def test_the_same_prompt_says_the_same_whatever_was_asked_before(rig: Rig) -> None:
    shared = "fn parse(text: &str) -> u8 { text.len() as u8 } " * 5
    first = rig.generate(shared + "and more", max_tokens=20)
    assert first.prompt_tokens > 2 * 64  # more than one chunk, which is what is kept of a prompt
    others = [shared, shared[:100] + "else", "short", shared + "and more, much more"]
    assert len({rig.generate(other, max_tokens=20).text for other in others} | {first.text}) > 3
    for other in others:
        rig.generate(other, max_tokens=20)
        assert rig.generate(shared + "and more", max_tokens=20) == first


def test_a_seed_decides_what_is_drawn(rig: Rig) -> None:
    texts = [rig.generate("fn", temperature=2.0, seed=seed).text for seed in (1, 2, 1, -1)]
    assert texts[0] == texts[2]
    assert len(set(texts)) == 3


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        ("x" * 5_000, {}, "do not fit the context of 2,048"),
        ("x" * 10_000_000, {}, "does not fit the context"),
        ("x", {"max_tokens": 0}, "max_tokens"),
        ("x", {"max_tokens": 5_000}, "do not fit"),
    ],
    ids=["long", "huge", "no tokens", "many tokens"],
)
def test_what_does_not_fit_is_refused(rig: Rig, text: str, settings: dict[str, int], words: str) -> None:
    refused = rig.refusal(text, **settings)
    assert refused.kind is Refusal.REFUSED
    assert words in str(refused)


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "日本", "</s><s>", "a\x01\x7f"], ids=ascii)
def test_any_prompt_is_answered(sentence: Rig, text: str) -> None:
    assert sentence.generate(text).text == SENTENCE


def test_a_character_that_is_cut_in_the_middle_is_left_out(rig: Rig) -> None:
    said = rig.generate("x", grammar='root ::= "a\u00e9"', max_tokens=2)  # é is two bytes, and so two tokens
    assert (said.text, said.finish) == ("a", "length")


def test_a_generation_that_takes_too_long_is_given_up_without_its_child(models: Path) -> None:
    with running(generation=models / "talk.gguf", request_timeout_s=0.05, context_tokens=4_096) as rig:
        refused = rig.refusal("x", max_tokens=4_000, grammar="root ::= [a-z]+")
        assert refused.kind is Refusal.TIMED_OUT
        pid = rig.state.pid
        assert pid
        rig.refusal("x", max_tokens=4_000, grammar="root ::= [a-z]+")
        assert (rig.state.pid, rig.state.restarts) == (pid, 0)


def test_a_generation_that_nobody_waits_for_ends(models: Path) -> None:
    with running(generation=models / "talk.gguf", context_tokens=4_096) as rig:
        rig.generate("x", max_tokens=1)
        pid = rig.state.pid
        long = rig.begin(
            rig.llama.generate(Prompt("y", max_tokens=4_000, grammar="root ::= [a-z]+", temperature=1.0))
        )
        rig.begin(rig.llama.generate(Prompt("z", max_tokens=1)))
        long.cancel()
        assert rig.generate("x", max_tokens=1).tokens == 1  # at once, and not after all the rest
        assert rig.state.pid == pid


def test_generation_and_embedding_go_on_beside_each_other(rig: Rig) -> None:
    said = [rig.begin(rig.llama.generate(Prompt(f"fn {number}"))) for number in range(20)]
    made = [rig.begin(rig.llama.embed([f"text {number}"] * 3)) for number in range(20)]
    assert all(len(future.result(60)) == 3 for future in made)
    assert len({future.result(60).text for future in said}) > 10
