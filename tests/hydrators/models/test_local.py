"""Models that are here: found, listed, removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hydrators.models import catalogue, local
from hydrators.models.catalogue import HubSource, Role
from hydrators.models.error import ModelError, Trouble
from hydrators.models.obtain import ensure
from tests.hydrators.models.small_models import write_gguf
from tests.hydrators.models.test_hub import Progress


def test_a_gguf_that_lies_in_the_folder_is_a_model(folder: Path) -> None:
    write_gguf(folder / "mine-v1.2.gguf")
    model = local.find(folder, "mine-v1.2")
    assert model is not None
    assert (model.name, model.title, model.licence) == ("mine-v1.2", "small 64", "0BSD")
    assert (model.role, model.dimension, model.context_tokens) == (Role.GENERATE, 0, 77)
    assert model.model_id.startswith("small-64@")
    assert model.origin == local.Origin()
    assert local.find(folder, str(model.path)) == model
    assert local.names(folder) == ["mine-v1.2"]
    assert local.find(folder, "minilm") is None


def test_a_gguf_elsewhere_is_found_by_its_path(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gguf(tmp_path / "own.gguf", pooling_type=1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for spelling in (str(tmp_path / "own.gguf"), "./own.gguf", "own.gguf", "~/own.gguf"):
        model = local.find(folder, spelling)
        assert model is not None
        assert (model.name, model.role, model.dimension) == (str(tmp_path / "own.gguf"), Role.EMBED, 256)
        assert ensure(folder, spelling, Progress()).was_here


def test_a_path_that_leads_nowhere_is_an_error(folder: Path) -> None:
    for path in ("./absent.gguf", "/absent/model", "~nobody-here/x.gguf", "a\0b.gguf"):
        with pytest.raises(ModelError) as caught:
            local.find(folder, path)
        assert caught.value.kind == Trouble.UNKNOWN


@pytest.mark.parametrize("name", ["", "..", ".", "a b", "-x", "é", "x" * 101, "\udc80", "a\n"])
def test_a_name_that_no_model_can_have_is_an_error(folder: Path, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        local.find(folder, name)
    assert caught.value.kind == Trouble.UNKNOWN
    str(caught.value).encode()


def test_a_model_is_removed_with_all_that_belongs_to_it(folder: Path) -> None:
    data = write_gguf(folder / "mine.gguf")
    (folder / "mine.json").write_text("{}")
    (folder / local.PARTIAL).mkdir()
    (folder / local.PARTIAL / "mine@0123.part").write_bytes(b"12345")
    (folder / local.PARTIAL / "mine-2@0123.part").write_bytes(b"another's")
    assert local.remove(folder, "mine") == len(data) + 2 + 5
    assert local.find(folder, "mine") is None
    assert local.partial_bytes(folder, "mine") == 0
    assert local.partial_bytes(folder, "mine-2") == 9
    with pytest.raises(ModelError) as caught:
        local.remove(folder, "mine")
    assert caught.value.kind == Trouble.ABSENT


def test_a_damaged_model_can_be_removed(folder: Path) -> None:
    (folder / "mine.gguf").write_bytes(b"half")
    local.remove(folder, "mine")
    assert local.names(folder) == []


def test_a_file_elsewhere_is_never_removed(folder: Path, tmp_path: Path) -> None:
    write_gguf(tmp_path / "own.gguf")
    with pytest.raises(ModelError) as caught:
        local.remove(folder, str(tmp_path / "own.gguf"))
    assert caught.value.kind == Trouble.NOT_OURS
    assert (tmp_path / "own.gguf").exists()


def test_every_known_model_is_pinned_and_has_a_name_that_can_be_used(folder: Path) -> None:
    for name, known in catalogue.KNOWN.items():
        assert local.place_of(folder, name) == folder / f"{name}.gguf"
        assert len(known.source.sha256) == 64
        assert known.licence
        if isinstance(known.source, HubSource):
            assert len(known.source.revision) == 40
            assert known.size_bytes == known.source.size_bytes
        assert (known.dimension > 0) == (known.role == Role.EMBED)
    assert catalogue.KNOWN[catalogue.DEFAULT_EMBEDDING].role == Role.EMBED
