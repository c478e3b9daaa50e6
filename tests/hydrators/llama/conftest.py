from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.hydrators.llama.rig import Rig, running
from tests.hydrators.llama.tiny_models import SENTENCE, tiny_bert, tiny_llama


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all tiny models. Nobody changes them: copy one to spoil it."""
    if find_spec("llama_cpp") is None:  # looked for, not imported: the library belongs into the child
        pytest.skip("llama-cpp-python is not installed")
    folder = tmp_path_factory.mktemp("models")
    tiny_bert(folder / "bert.gguf")
    tiny_bert(folder / "wide.gguf", dimension=48, seed=1)
    tiny_bert(folder / "nan.gguf", nan_for="~")
    tiny_bert(folder / "zero.gguf", zero=True)
    tiny_llama(folder / "talk.gguf")
    tiny_llama(folder / "sentence.gguf", says=SENTENCE)
    tiny_llama(folder / "last.gguf", pooling=True)
    tiny_llama(folder / "fragile.gguf", pooling=True, without_byte=0xC3)
    tiny_llama(folder / "fragile-talk.gguf", without_byte=0xC3)
    return folder


@pytest.fixture(scope="module")
def rig(models: Path) -> Iterator[Rig]:
    """A tiny encoder and a tiny decoder with random weights. Tests of a module share it."""
    with running(models / "bert.gguf", models / "talk.gguf") as made:
        yield made
