"""Models that are missing, cut short, of the wrong kind, of another dimension, or exchanged."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from hydrators.llama import process
from hydrators.llama.gguf_header import model_id_of
from hydrators.llama.model import LlamaOptions, Refusal, Refused, State
from tests.hydrators.llama.rig import Rig, as_vectors, running


def assert_absent(rig: Rig, *words: str) -> None:
    """Nothing can be had, and it is said why and what to do."""
    (answer,) = rig.embed("text")
    assert isinstance(answer, Refused)
    assert answer.kind is Refusal.NOT_READY
    state = rig.state
    assert (state.state, state.pid) == (State.ABSENT, 0)
    for word in words:
        assert word in state.reason
    assert state.cure


def test_without_any_model_nothing_is_started() -> None:
    with running() as rig:
        assert_absent(rig, "no model is named")
        assert rig.refusal("fn").kind is Refusal.NOT_READY


def test_a_models_name_and_dimension_are_known_before_anything_is_started(models: Path) -> None:
    with running(models / "wide.gguf", models / "talk.gguf") as rig:
        state = rig.state
        assert (state.state, state.dimension, state.pid) == (State.STOPPED, 48, 0)
        assert state.model_id == model_id_of(models / "wide.gguf")
        assert state.generation_model_id == model_id_of(models / "talk.gguf")


def test_a_missing_model_is_said_and_found_once_it_is_there(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    with running(path) as rig:
        assert_absent(rig, "there is no model at")
        shutil.copy(models / "bert.gguf", path)
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(path))))
        assert rig.state.state == State.STOPPED
        assert len(rig.vectors("text")) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a GGUF file"),
        (b"GGUF", "not a GGUF file"),
        (b"<html>404</html>" * 100, "not a GGUF file"),
        (b"GGUF" + b"\xff" * 100, "GGUF of version"),
        (b"GGUF" + bytes([3, 0, 0, 0]) + b"\xff" * 100, "broken"),
        (b"GGUF" + bytes([3, 0, 0, 0]) + bytes(8) + bytes([1]) + bytes(7) + b"\xff" * 50, "cut short"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "not a GGUF file"),
    ],
    ids=["empty", "magic only", "a page", "version", "counts", "lengths", "a pointer"],
)
def test_a_file_that_is_no_model_is_said_to_be_none(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with running(path) as rig:
        assert_absent(rig, words)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        assert_absent(rig, "cannot be read")


def test_a_model_cut_short_anywhere_is_said_to_be_so(models: Path, tmp_path: Path) -> None:
    whole = (models / "bert.gguf").read_bytes()
    path = tmp_path / "model.gguf"
    with running() as rig:
        for share in (0.001, 0.01, 0.02, 0.05, 0.1, 0.3, 0.6, 0.9, 0.99):
            path.write_bytes(whole[: int(len(whole) * share)])
            rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(path))))
            assert_absent(rig)
        path.write_bytes(whole)
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(path))))
        assert len(rig.vectors("text")) == 1


def test_bytes_turned_over_never_cost_more_than_an_answer(models: Path, tmp_path: Path) -> None:
    whole = bytearray((models / "bert.gguf").read_bytes())
    path = tmp_path / "model.gguf"
    with running() as rig:
        for at in (24, 60, 200, 900, 2_000, 4_500, 6_000, 7_000):
            spoiled = bytearray(whole)
            spoiled[at : at + 4] = b"\xff\xff\xff\xff"
            path.write_bytes(spoiled)
            rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(path))))
            (answer,) = rig.embed("text", is_urgent=True)
            assert isinstance(answer, bytes | Refused)


def test_a_generation_model_does_not_embed(models: Path) -> None:
    with running(models / "talk.gguf") as rig:
        assert_absent(rig, "talk.gguf is not an embedding model")


def test_an_embedding_model_does_not_generate(models: Path) -> None:
    with running(models / "bert.gguf", models / "wide.gguf") as rig:
        refused = rig.refusal("fn")
        assert refused.kind is Refusal.NOT_READY
        assert "wide.gguf is not a generation model" in str(refused)
        assert len(rig.vectors("text")) == 1


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_generation_model_that_does_not_load_leaves_embedding_alone(
    share: float, models: Path, tmp_path: Path
) -> None:
    whole = (models / "talk.gguf").read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[: int(len(whole) * share)])
    with running(models / "bert.gguf", tmp_path / "cut.gguf") as rig:
        pid = rig.start()
        for _ in range(2):
            assert rig.refusal("fn").kind is Refusal.NOT_READY
        assert "cut.gguf" in rig.state.generation_reason
        assert len(rig.vectors("text")) == 1
        assert rig.state.pid == pid


def test_an_embedding_model_that_does_not_load_leaves_generation_alone(models: Path, tmp_path: Path) -> None:
    whole = (models / "bert.gguf").read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[: len(whole) // 2])
    with running(tmp_path / "cut.gguf", models / "sentence.gguf") as rig:
        assert rig.generate("fn").finish == "stop"
        (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        assert answer.kind is Refusal.NOT_READY
        assert "cut.gguf" in rig.state.reason


def test_a_model_cut_short_under_the_child_serves_on_and_is_missed_at_the_next_start(
    models: Path, tmp_path: Path
) -> None:
    path = tmp_path / "model.gguf"
    shutil.copy(models / "bert.gguf", path)
    with running(path) as rig:
        rig.start()
        os.truncate(path, 100)
        assert len(as_vectors(rig.embed(*(f"text {number}" for number in range(100))))) == 100
        rig.signal(signal.SIGKILL)
        (answer,) = rig.embed("text")
        rig.until(lambda state: state.state == State.ABSENT)
        assert isinstance(answer, Refused)
        assert_absent(rig, "cut short")


def test_another_model_is_used_from_then_on(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        first = rig.start()
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(models / "wide.gguf"))))
        assert rig.state.model_id == model_id_of(models / "wide.gguf")
        (vector,) = rig.vectors("text")
        assert vector.shape == (48,)
        assert rig.state.dimension == 48
        assert rig.state.pid != first
        assert rig.state.restarts == 0


def test_what_waits_for_a_vector_of_another_model_is_refused(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        rig.start()
        asked = rig.begin(rig.llama.embed([f"text {number}" for number in range(5_000)]))
        rig.signal(signal.SIGSTOP)
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(models / "wide.gguf"))))
        answers = asked.result(60)
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert refused
        assert {answer.kind for answer in refused} == {Refusal.NOT_READY}
        assert {len(answer) for answer in answers if isinstance(answer, bytes)} <= {4 * 32}
        (vector,) = rig.vectors("text")
        assert vector.shape == (48,)


def test_a_model_exchanged_under_its_name_is_another_model(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    shutil.copy(models / "bert.gguf", path)
    with running(path, idle_unload_s=0.1) as rig:
        rig.start()
        rig.until(lambda state: state.state == State.STOPPED)
        shutil.copy(models / "wide.gguf", tmp_path / "new.gguf")
        os.replace(tmp_path / "new.gguf", path)
        (answer,) = rig.embed("text")  # asked when the old name still stood
        assert isinstance(answer, Refused)
        assert "another one" in str(answer)
        assert rig.state.model_id == model_id_of(path)
        (vector,) = rig.vectors("text")
        assert vector.shape == (48,)


def test_the_same_options_leave_the_child_alone(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        pid = rig.start()
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(models / "bert.gguf"))))
        assert len(rig.vectors("text")) == 1
        assert rig.state.pid == pid


def test_a_child_that_nobody_needs_is_not_started_for_other_options(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        rig.start()
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(models / "wide.gguf"))))
        state = rig.until(lambda state: state.pid == 0)
        assert (state.state, state.dimension, state.restarts) == (State.STOPPED, 48, 0)
        rig.call(rig.llama.configure(LlamaOptions()))
        assert rig.state.state == State.ABSENT


def test_a_missing_generation_model_does_not_cost_the_child_whenever_models_are_looked_for(
    models: Path, tmp_path: Path
) -> None:
    with running(models / "bert.gguf", tmp_path / "missing.gguf") as rig:
        pid = rig.start()
        options = LlamaOptions(str(models / "bert.gguf"), str(tmp_path / "missing.gguf"))
        rig.call(rig.llama.configure(options))
        assert len(rig.vectors("text")) == 1
        assert rig.state.pid == pid
        assert "there is no model at" in rig.state.generation_reason


def test_other_limits_keep_what_waits(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        pid = rig.start()
        asked = rig.begin(rig.llama.embed([f"text {number}" for number in range(2_000)]))
        rig.call(rig.llama.configure(LlamaOptions(embedding_model=str(models / "bert.gguf"), threads=2)))
        assert len(as_vectors(asked.result(60))) == 2_000
        assert rig.state.pid != pid
        assert rig.state.restarts == 0


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("raise ImportError('no such library')", "does not load: no such library"),
        ("raise OSError('libgomp.so.1: cannot open shared object file')", "libgomp"),
    ],
    ids=["not installed", "its libraries are missing"],
)
def test_without_the_library_there_are_no_vectors_and_it_is_said_why(
    module: str, words: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llama_cpp.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(process, "_LOOK_AGAIN_S", 0.0)
    with running(models / "bert.gguf") as rig:
        assert_absent(rig, words)
        monkeypatch.delenv("PYTHONPATH")  # as when it was installed meanwhile
        rig.embed("text")
        rig.until(lambda state: state.state == State.READY)
        assert len(rig.vectors("text")) == 1
