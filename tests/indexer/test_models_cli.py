"""`isg models`: with a daemon and without."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hydrators.models import catalogue
from hydrators.models.catalogue import HubSource
from indexer import models
from indexer.cli.exits import Exit
from indexer.paths import resolve_paths
from tests.hydrators.llama.tiny_models import tiny_bert, tiny_llama
from tests.hydrators.models.loopback import COMMIT, Behaviour, hub
from tests.hydrators.models.small_models import write_gguf
from tests.indexer.conftest import Said
from tests.indexer.service_bench import Bench


@pytest.fixture
def behaviour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    """A hub that has what the catalogue now knows as minilm: a tiny model."""
    content = tiny_bert(tmp_path / "original.gguf", dimension=256).read_bytes()
    source = HubSource("someone/tiny", COMMIT, "tiny.gguf", hashlib.sha256(content).hexdigest(), len(content))
    known = catalogue.KNOWN["minilm"]._replace(source=source, size_bytes=len(content))
    monkeypatch.setitem(catalogue.KNOWN, "minilm", known)
    behaviour = Behaviour(content)
    with hub(behaviour) as endpoint:
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        yield behaviour


def test_without_a_daemon_a_model_is_listed_fetched_and_removed(
    isg: Callable[..., Said], behaviour: Behaviour
) -> None:
    said = isg("models", "list")
    assert said.code == Exit.OK
    minilm = said.out.splitlines()[1].split()
    assert minilm[:4] == ["minilm", "embed", "available", "vectors"]
    assert "isg models ensure minilm" in said.err
    said = isg("models", "ensure", "minilm")
    assert said.code == Exit.OK and said.out == ""
    assert "minilm is here now: " in said.err and "isg up" in said.err
    assert "minilm was here already" in isg("models", "ensure", "minilm").err
    assert isg("models", "list").out.splitlines()[1].split()[2] == "installed"
    assert "removed minilm: " in isg("models", "remove", "minilm").err
    said = isg("models", "remove", "minilm")
    assert said.code == Exit.NOT_FOUND and "there is no model minilm here" in said.err


def test_a_daemon_that_runs_uses_a_model_at_once(
    bench: Bench, isg: Callable[..., Said], behaviour: Behaviour
) -> None:
    def path() -> str:
        return str(bench.call("status")["daemon"]["llama"]["embedding_model"]["path"])

    assert path() == ""
    assert "the daemon uses it from now on" in isg("models", "ensure", "minilm").err
    assert path() == str(bench.paths.models_dir / "minilm.gguf")
    isg("models", "remove", "minilm")
    assert path() == ""


def test_what_programs_get(isg: Callable[..., Said], behaviour: Behaviour) -> None:
    ensured = isg("models", "ensure", "minilm", "--json")
    assert ensured.err == ""
    assert (ensured.json["was_here"], ensured.json["model"]["state"]) == (False, "installed")
    assert isg("models", "list", "--json").json["models"][0] == ensured.json["model"]
    assert isg("models", "plan", "--json").json["models"][0]["name"] == "minilm"
    assert isg("models", "remove", "minilm", "--json").json["freed_bytes"] >= len(behaviour.content)


def test_a_download_that_fails_says_why_and_goes_on_the_next_time(
    isg: Callable[..., Said], behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda seconds: None)
    behaviour.cut_after = [500_000, *[0] * 20]
    said = isg("models", "ensure", "minilm")
    assert said.code == Exit.ERROR and "was lost" in said.err and "goes on from there" in said.err
    kept = isg("models", "list", "--json").json["models"][0]["partial_bytes"]
    assert 300_000 <= kept <= 500_000
    assert " kB here" in isg("models", "list").out.splitlines()[1]
    behaviour.cut_after = []
    assert isg("models", "ensure", "minilm").code == Exit.OK
    assert behaviour.ranges()[-1] == f"bytes={kept}-"


def test_an_interrupted_command_says_how_to_go_on(
    isg: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(models, "ensure", interrupted)
    said = isg("models", "ensure", "minilm")
    assert said.code == Exit.ERROR and "takes it up again" in said.err


def test_a_damaged_model_is_shown_as_such(isg: Callable[..., Said]) -> None:
    folder = resolve_paths().models_dir
    folder.mkdir(parents=True)
    whole = write_gguf(folder / "mine.gguf")
    (folder / "mine.gguf").write_bytes(whole[:-1])
    said = isg("models", "list")
    assert said.out.splitlines()[-1].split()[:3] == ["mine", "generate", "damaged"]
    assert "mine: " in said.err and "cut short" in said.err
    assert isg("models", "verify", "mine").code == Exit.ERROR
    assert "cut short" in isg("models", "plan", "mine").err
    assert isg("models", "remove", "mine").code == Exit.OK


def test_wrong_names_and_files_of_others_have_their_exit_codes(
    isg: Callable[..., Said], tmp_path: Path
) -> None:
    write_gguf(tmp_path / "own.gguf")
    own = tmp_path / "own.gguf"
    assert "own.gguf was here already" in isg("models", "ensure", own).err
    assert "summary_model" in isg("models", "ensure", own).err
    assert isg("models", "remove", own).code == Exit.CONFLICT
    assert own.exists()
    for command in ("ensure", "verify", "plan"):
        said = isg("models", command, "qwen2.5-coder-0.5")
        assert said.code == Exit.NOT_FOUND and "qwen2.5-coder-0.5b" in said.err, command
    assert isg("models", "verify", "minilm").code == Exit.NOT_FOUND


def test_what_a_model_says_is_shown_and_compared(isg: Callable[..., Said], tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed", exc_type=ImportError)
    model = tiny_llama(tmp_path / "own.gguf", says="Adds two numbers")
    first = isg("models", "verify", model)
    assert first.code == Exit.OK and "recorded now" in first.err
    assert "Adds two numbers" in first.out.splitlines()[1]
    assert "as recorded at an earlier run" in isg("models", "verify", model).err
    (record,) = (resolve_paths().models_dir / ".verified").iterdir()
    record.write_text(record.read_text().replace("Adds", "Divides", 1))
    changed = isg("models", "verify", model)
    assert changed.code == Exit.ERROR and "1 of 3 lines are not as recorded" in changed.err
    assert changed.out.splitlines()[1].split()[-1] == "no"
    said = isg("models", "verify", model, "--json")
    assert said.code == Exit.ERROR and said.json["is_good"] is False


def test_the_plan_is_shown_with_its_reasons(isg: Callable[..., Said]) -> None:
    said = isg("models", "plan", "minilm", "starcoder2-3b")
    assert said.code == Exit.OK
    assert [line.split()[0] for line in said.out.splitlines()[1:3]] == ["minilm", "starcoder2-3b"]
    assert " session" in said.out and "because" in said.out


def test_a_model_of_the_settings_that_lies_elsewhere_is_listed(
    isg: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISG_SUMMARY_MODEL", str(tmp_path / "absent.gguf"))
    monkeypatch.setenv("ISG_EMBEDDING_MODEL", "off")
    said = isg("models", "list")
    assert said.out.splitlines()[-1].split()[:4] == [
        str(tmp_path / "absent.gguf"),
        "generate",
        "damaged",
        "summaries",
    ]
    assert "there is no file" in said.err
