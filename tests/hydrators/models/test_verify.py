"""Models are run, by the real library in its real process, and held against what is recorded."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from hydrators.models import local
from hydrators.models.error import ModelError, Trouble
from hydrators.models.verify import VERIFIED, Verdict, verify
from tests.hydrators.llama.tiny_models import tiny_bert, tiny_llama
from tests.hydrators.models.real_minilm import obtain_minilm
from tests.hydrators.models.small_models import write_gguf
from tests.hydrators.models.test_hub import Progress

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed", exc_type=ImportError)


def run(folder: Path, name: str) -> Verdict:
    return asyncio.run(verify(folder, name, Progress()))


@pytest.mark.timeout(300)
def test_minilm_says_what_is_recorded_with_the_code_until_its_file_is_changed(folder: Path) -> None:
    model = obtain_minilm(folder)
    verdict = run(folder, "minilm")
    assert verdict.is_good and verdict.is_intact and verdict.recorded == "isg"
    assert len(verdict.lines) == 16 and all(line.matches for line in verdict.lines)
    with open(model.path, "r+b") as file:  # the last tensors are those of the last layers
        file.seek(-1_000_000, 2)
        file.write(bytes(1_000_000))
    verdict = run(folder, "minilm")
    assert not verdict.is_good and verdict.is_intact is False
    assert any(line.matches is False for line in verdict.lines)


def test_what_another_model_says_is_recorded_the_first_time_and_compared_from_then_on(folder: Path) -> None:
    tiny_bert(folder / "other.gguf")
    first = run(folder, "other")
    assert first.recorded == "now" and first.is_good and first.is_intact is None
    assert {line.matches for line in first.lines} == {None}
    second = run(folder, str(folder / "other.gguf"))
    assert second.recorded == "earlier" and second.is_good
    assert [line.said for line in second.lines] == [line.said for line in first.lines]
    assert len({line.said for line in first.lines}) == len(first.lines)


def test_a_generation_model_is_asked_and_compared(folder: Path) -> None:
    tiny_llama(folder / "sayer.gguf", says="Adds two numbers")
    assert {line.said for line in run(folder, "sayer").lines} == {"Adds two numbers"}
    again = run(folder, "sayer")
    assert again.recorded == "earlier" and again.is_good
    (record,) = (folder / VERIFIED).iterdir()
    said = json.loads(record.read_text())
    record.write_text(json.dumps({**said, "lines": ["Divides", *said["lines"][1:]]}))
    changed = run(folder, "sayer")
    assert [line.matches for line in changed.lines] == [False, True, True] and not changed.is_good
    record.write_text(json.dumps({**said, "library": "0.1"}))
    assert run(folder, "sayer").recorded == "now", "another release may say something else"


def test_a_model_that_does_not_load_says_why(folder: Path) -> None:
    write_gguf(folder / "hollow.gguf")
    with pytest.raises(ModelError) as caught:
        run(folder, "hollow")
    assert caught.value.kind == Trouble.NOT_RUNNING
    assert str(caught.value).removeprefix("hollow does not answer: ") and caught.value.do


def test_a_model_that_is_not_here_can_be_had(folder: Path) -> None:
    with pytest.raises(ModelError) as caught:
        run(folder, "minilm")
    assert (caught.value.kind, caught.value.do) == (Trouble.ABSENT, "isg models ensure minilm")
    with pytest.raises(ModelError) as caught:
        run(folder, "minilmm")
    assert caught.value.kind == Trouble.UNKNOWN
    assert local.names(folder) == []
