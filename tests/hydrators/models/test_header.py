"""Any file may be called a model: each is told for what it is."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hydrators.models.error import ModelError, Trouble
from hydrators.models.header import inspect
from tests.hydrators.models.small_models import write_gguf


def unfit(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        inspect(path)
    assert caught.value.kind == Trouble.UNFIT and caught.value.do
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_whole_model_says_what_it_is(tmp_path: Path) -> None:
    write_gguf(tmp_path / "a.gguf")
    header = inspect(tmp_path / "a.gguf")
    assert (header.architecture, header.name, header.number("context_length")) == ("llama", "small 64", 77)
    assert header.is_generator
    write_gguf(tmp_path / "b.gguf", pooling_type=3)
    assert inspect(tmp_path / "b.gguf").is_embedder


def test_a_model_that_ranks_is_of_no_use(tmp_path: Path) -> None:
    write_gguf(tmp_path / "a.gguf", pooling_type=4, **{"attention.causal": 0})
    assert "neither embeds nor generates" in unfit(tmp_path / "a.gguf")


def test_a_file_that_ends_too_early_is_told_wherever_it_ends(tmp_path: Path) -> None:
    whole = write_gguf(tmp_path / "a.gguf")
    path = tmp_path / "cut.gguf"
    for size in (*range(0, len(whole), len(whole) // 50), len(whole) - 1):
        path.write_bytes(whole[:size])
        unfit(path)
    assert "it is cut short" in unfit(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"<!DOCTYPE html>" * 10, b"GGML" + bytes(96), b"GGUF" + struct.pack("<IQQ", 9, 1, 1)],
    ids=["empty", "zeros", "a web page", "an older format", "a newer format"],
)
def test_what_is_no_gguf_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(content)
    unfit(path)


def test_a_header_without_tensors_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
    assert "no tensors" in unfit(path)


@pytest.mark.timeout(60)
def test_huge_numbers_in_a_header_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    for tensors, pairs in ((2**63, 0), (0, 2**63), (2**32, 1), (10**9, 10**9)):
        path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, tensors, pairs) + bytes(100_000))
        unfit(path)
    key = struct.pack("<Q", 1) + b"k"
    for array in (struct.pack("<IIQ", 9, 8, 2**62), struct.pack("<IIQ", 9, 9, 2**40)):
        path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + key + array + bytes(100_000))
        unfit(path)


@given(at=st.integers(0, 9_000), value=st.integers(0, 255), count=st.integers(1, 9))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_header_is_an_error_or_another_model(
    tmp_path: Path, at: int, value: int, count: int
) -> None:
    original = tmp_path / "whole.gguf"
    whole = original.read_bytes() if original.exists() else write_gguf(original)
    path = tmp_path / "a.gguf"
    path.write_bytes(whole[:at] + bytes([value] * count) + whole[at + count :])
    try:
        inspect(path)
    except ModelError as error:
        assert error.kind == Trouble.UNFIT


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    for name in ("absent.gguf", ".", "pipe.gguf"):
        with pytest.raises(ModelError, match="there is no file") as caught:
            inspect(tmp_path / name)
        assert caught.value.kind == Trouble.UNKNOWN
