from __future__ import annotations

import shutil
from pathlib import Path

import gguf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrators.llama.gguf_header import GgufError, model_id_of, read_header
from tests.hydrators.llama.tiny_models import tiny_bert


def test_a_header_says_what_the_gguf_package_reads(models: Path) -> None:
    for path in models.iterdir():
        header, reader = read_header(path), gguf.GGUFReader(path)
        for key, value in header.values.items():
            field = reader.get_field(key)
            assert field is not None
            said = field.contents()
            assert value == (tuple(said) if isinstance(said, list) else said), key
        assert header.architecture in ("bert", "llama")
        assert header.size_bytes == path.stat().st_size


def test_what_a_model_is_for(models: Path) -> None:
    headers = {path.stem: read_header(path) for path in models.iterdir()}
    kinds = {
        name: (header.is_embedder, header.is_generator, header.dimension) for name, header in headers.items()
    }
    assert kinds["bert"] == (True, False, 32)
    assert kinds["wide"] == (True, False, 48)
    assert kinds["talk"] == (False, True, 64)
    assert kinds["last"] == (True, False, 64)


def test_a_models_name_is_of_its_bytes_and_not_of_its_place(models: Path, tmp_path: Path) -> None:
    shutil.copy(models / "bert.gguf", tmp_path / "other-name.gguf")
    assert model_id_of(models / "bert.gguf") == model_id_of(tmp_path / "other-name.gguf")
    assert model_id_of(models / "bert.gguf").startswith("tiny-bert-32@")
    tiny_bert(tmp_path / "seeded.gguf", seed=7)  # same name, other weights
    assert model_id_of(models / "bert.gguf") != model_id_of(tmp_path / "seeded.gguf")
    assert len({model_id_of(path) for path in models.iterdir()}) == len(list(models.iterdir()))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("headers") / "model.gguf"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_bytes_are_a_header_or_an_error(data: st.DataObject, models: Path, scratch: Path) -> None:
    whole = bytearray((models / "bert.gguf").read_bytes()[:12_000])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(whole) - 9))
        whole[at : at + 8] = data.draw(st.binary(min_size=8, max_size=8))
    scratch.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        header = read_header(scratch)
    except GgufError as error:
        assert str(error)
    else:
        assert isinstance(header.is_embedder, bool)
        assert isinstance(header.number("context_length"), int)
        assert model_id_of(scratch)
