"""What a daemon does with the models that it has: none, another one than before, one that writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.protocol import RpcError
from tests.hydrators.llama.tiny_models import SENTENCE, tiny_bert, tiny_llama
from tests.system.service import ServiceProcess

pytestmark = pytest.mark.timeout(180)

AT_ONCE = {
    "ISG_BACKLOG_DUTY_PERCENT": "100",
    "ISG_BACKLOG_MOST_LOAD": "1000",
    "ISG_BACKLOG_WHILE_BUILDING": "true",
}
NEVER = {"ISG_BACKLOG_MOST_LOAD": "0.0000001"}
FILES = {
    "Cargo.toml": '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": (
        "/// Opens the door.\npub fn ring() {}\n\npub fn x7(two: u8, numbers: u8) -> u8 {\n    two + numbers\n}\n\n"
        "pub struct Bell;\n\nimpl Bell {\n    pub fn strike(&self, times: u8) {}\n}\n"
    ),
}


def lay_out(root: Path) -> Path:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_without_a_model_there_are_lines_and_search_says_what_to_do(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    with ServiceProcess(tmp_path / "home") as service:
        service.add(root)
        service.settle(root, stage="embedded")
        found = service.call("nodes.get", workspace=str(root), node="ring")
        assert found["summary"] == {
            "one_line": "Open the door",
            "provenance": "rule_based",
            "confidence": found["summary"]["confidence"],
        }
        with pytest.raises(RpcError) as refused:
            service.call("search", workspace=str(root), text="make a sound")
        assert "minilm is not installed" in str(refused.value)
        assert refused.value.do == "isg models ensure minilm"
        assert any("isg models ensure minilm" in one for one in service.call("status")["daemon"]["warnings"])


def test_while_another_model_is_filled_in_the_vectors_of_the_old_one_answer_and_say_so(
    tmp_path: Path,
) -> None:
    root, home = lay_out(tmp_path / "toy"), tmp_path / "home"
    models = ServiceProcess(home).paths.models_dir
    models.mkdir(parents=True)
    tiny_bert(models / "old.gguf", dimension=32)
    tiny_bert(models / "new.gguf", dimension=48)
    with ServiceProcess(home, ISG_EMBEDDING_MODEL="old", **AT_ONCE) as service:
        service.add(root)
        service.settle(root, stage="embedded")
        before = service.call("search", workspace=str(root), text="ring")
        assert before["model"].startswith("tiny-bert-32@")
        assert not before["is_old"]
        assert before["vectors_missing"] == 0
    with ServiceProcess(home, ISG_EMBEDDING_MODEL="new", **NEVER) as service:
        service.settle(root, stage="summarised")
        for asked in ({"text": "ring"}, {"node": "ring"}):
            meanwhile = service.call("search", workspace=str(root), **asked)
            assert meanwhile["is_old"]
            assert meanwhile["model"] == before["model"]
            assert meanwhile["found"]
        assert service.call("queue.status")["llama"]["held_back"].startswith("the machine is busy")
    with ServiceProcess(home, ISG_EMBEDDING_MODEL="new", **AT_ONCE) as service:
        service.settle(root, stage="embedded")
        after = service.call("search", workspace=str(root), text="ring")
        assert after["model"].startswith("tiny-bert-48@")
        assert not after["is_old"]
        assert len(after["found"]) == len(before["found"])


def test_a_model_that_comes_while_the_daemon_runs_is_used_and_one_that_is_damaged_is_named(
    tmp_path: Path,
) -> None:
    root = lay_out(tmp_path / "toy")
    with ServiceProcess(tmp_path / "home", ISG_EMBEDDING_MODEL="mine", **AT_ONCE) as service:
        service.add(root)
        service.settle(root, stage="embedded")
        models = service.paths.models_dir
        models.mkdir(parents=True, exist_ok=True)
        whole = tiny_bert(tmp_path / "whole.gguf").read_bytes()
        (models / "mine.gguf").write_bytes(whole[: len(whole) // 2])
        service.call("models.reload")
        with pytest.raises(RpcError) as refused:
            service.call("search", workspace=str(root), text="ring")
        assert "mine" in str(refused.value)
        (models / "mine.next").write_bytes(whole)
        (models / "mine.next").rename(models / "mine.gguf")
        service.call("models.reload")
        service.settle(root, stage="embedded")
        assert service.call("search", workspace=str(root), text="ring")["found"]


def test_a_model_that_writes_is_asked_where_the_rules_are_unsure_once_and_within_its_budget(
    tmp_path: Path,
) -> None:
    root, home = lay_out(tmp_path / "toy"), tmp_path / "home"
    writer = tiny_llama(tmp_path / "writer.gguf", says=SENTENCE)
    with ServiceProcess(
        home, ISG_SUMMARY_MODEL=str(writer), ISG_SUMMARY_THRESHOLD="0.9", **AT_ONCE
    ) as service:
        service.add(root)
        service.settle(root, stage="embedded")
        written = service.call("nodes.get", workspace=str(root), node="x7")["summary"]
        assert written["provenance"] == "llm_assisted"
        assert written["one_line"] == SENTENCE.rstrip(".").replace("Adds", "Add").replace("returns", "return")
        calls = service.call("queue.status")["llama"]["calls_today"]
        assert calls >= 1
        file = root / "src/lib.rs"
        file.write_text(
            file.read_text().replace("two + numbers", "two + numbers // the sum")
        )  # the same meaning
        service.settle(root, stage="embedded")
        assert service.call("nodes.get", workspace=str(root), node="x7")["summary"] == written
        assert service.call("queue.status")["llama"]["calls_today"] == calls


def test_paused_nothing_is_embedded_and_questions_are_answered(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    model = tiny_bert(tmp_path / "tiny.gguf")
    with ServiceProcess(tmp_path / "home", ISG_EMBEDDING_MODEL=str(model), **AT_ONCE) as service:
        service.add(root)
        service.settle(root, stage="embedded")
        service.call("queue.pause")
        made = service.call("metrics")["counters"]["meaning.vectors"]
        file = root / "src/lib.rs"
        file.write_text(file.read_text() + "\n/// Closes the door.\npub fn mute() {}\n")
        service.settle(root, stage="summarised")
        assert (
            service.call("nodes.get", workspace=str(root), node="mute")["summary"]["one_line"]
            == "Close the door"
        )
        assert service.call("search", workspace=str(root), text="ring")["found"]
        assert service.call("metrics")["counters"]["meaning.vectors"] == made
        service.call("queue.resume")
        service.settle(root, stage="embedded")
        assert service.call("metrics")["counters"]["meaning.vectors"] == made + 1


def test_a_rebuilt_index_keeps_its_lines_and_vectors_and_a_model_that_is_gone_for_now_costs_none(
    tmp_path: Path,
) -> None:
    root, home = lay_out(tmp_path / "toy"), tmp_path / "home"
    models = ServiceProcess(home).paths.models_dir
    models.mkdir(parents=True)
    tiny_bert(models / "mine.gguf")
    with ServiceProcess(home, ISG_EMBEDDING_MODEL="mine", **AT_ONCE) as service:
        service.add(root)
        service.settle(root, stage="embedded")
        made = service.call("metrics")["counters"]["meaning.vectors"]
        service.call("workspace.reindex", workspace=str(root))
        service.settle(root, stage="embedded")
        assert service.call("metrics")["counters"]["meaning.vectors"] == made
        assert service.call("search", workspace=str(root), text="ring")["found"]
    (models / "mine.gguf").rename(models / "away")
    with ServiceProcess(home, ISG_EMBEDDING_MODEL="mine", **AT_ONCE) as service:
        service.settle(root, stage="summarised")
        assert service.call("search", workspace=str(root), node="ring")["found"]
        (models / "away").rename(models / "mine.gguf")
        service.call("models.reload")
        service.settle(root, stage="embedded")
        assert service.call("search", workspace=str(root), text="ring")["found"]
        assert service.call("metrics")["counters"].get("meaning.vectors", 0) == 0


def test_a_workspace_that_is_paused_in_the_middle_of_a_backlog_goes_on_when_it_is_resumed(
    tmp_path: Path,
) -> None:
    root = lay_out(tmp_path / "toy")
    model = tiny_bert(tmp_path / "tiny.gguf")
    settings = {**AT_ONCE, "ISG_EMBEDDING_MODEL": str(model)}
    with ServiceProcess(tmp_path / "home", **{**settings, **NEVER}) as service:
        service.add(root)
        service.settle(root, stage="summarised")
        with pytest.raises(RpcError, match="vectors wait: the machine is busy"):
            service.settle(root, 3.0, stage="embedded")
        assert service.status(root)["pending"]["embedded"] > 0
    with ServiceProcess(tmp_path / "home", **settings) as service:
        service.call("workspace.pause", workspace=str(root))
        service.call("workspace.resume", workspace=str(root))
        service.settle(root, stage="embedded")
        assert service.call("search", workspace=str(root), text="ring")["vectors_missing"] == 0
        assert "embedded" not in service.status(root)["pending"]


def test_a_checkout_is_a_backlog_and_no_save(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    model = tiny_bert(tmp_path / "tiny.gguf")
    with ServiceProcess(tmp_path / "home", ISG_EMBEDDING_MODEL=str(model), **NEVER) as service:
        service.add(root)
        service.settle(root, stage="summarised")
        for number in range(40):
            (root / f"src/f{number}.rs").write_text(
                f"/// Opens door {number}.\npub fn open_{number}() {{}}\n"
            )
        service.settle(root, stage="summarised")
        assert service.call("metrics")["counters"].get("meaning.vectors", 0) == 0
        (root / "src/f1.rs").write_text("/// Closes door 1.\npub fn close_1() {}\n")
        service.settle(root, stage="summarised")
        with pytest.raises(RpcError):
            service.settle(root, 3.0, stage="embedded")
        made = service.call("metrics")["counters"].get("meaning.vectors", 0)
        assert made in (1, 2), "a save goes on meanwhile: the function, and perhaps its file's module"


@pytest.mark.parametrize("address", ["http://", "https://[nowhere"])
def test_an_address_that_is_none_costs_no_start(tmp_path: Path, address: str) -> None:
    with ServiceProcess(tmp_path / "home", ISG_SUMMARY_MODEL=address) as service:
        (service.paths.state_dir / "generated-today.json").write_text(
            '{"day": "x", "calls": 1e999, "tokens": 0}'
        )
        said = service.call("queue.status")["llama"]["summary_model"]
        assert said["reason"]
        service.stop()
        service.start()
        assert service.call("queue.status")["llama"]["calls_today"] == 0


def test_switched_off_there_is_no_search(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "toy")
    with ServiceProcess(tmp_path / "home", ISG_EMBEDDING_MODEL="off") as service:
        service.add(root)
        service.settle(root, stage="embedded")
        with pytest.raises(RpcError, match="switched off"):
            service.call("search", workspace=str(root), text="ring")
