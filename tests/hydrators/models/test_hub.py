"""Models of the hub: fetched, gone on with, checked, and refused."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from httpx2 import HTTPError
from huggingface_hub import hf_hub_download

from hydrators.models import local
from hydrators.models.catalogue import KnownModel
from hydrators.models.error import ModelError, Trouble
from hydrators.models.obtain import ensure
from tests.hydrators.models.loopback import COMMIT, Behaviour, files_below, hub

ROOT = Path(__file__).parents[3]
Known = Callable[..., KnownModel]


class Progress:
    def __init__(self) -> None:
        self.said: list[tuple[str, int, int]] = []

    def __call__(self, phase: str, done: int, total: int) -> None:
        self.said.append((phase, done, total))

    def done(self, phase: str) -> list[int]:
        return [done for name, done, _ in self.said if name == phase]


def refused(folder: Path, endpoint: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ensure(folder, "small", Progress(), endpoint)
    assert local.find(folder, "small") is None
    assert caught.value.do
    return caught.value


def test_a_known_model_is_fetched_once_with_its_origin_and_progress(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    progress = Progress()
    obtained = ensure(folder, "small", progress, endpoint)
    assert not obtained.was_here
    assert obtained.model.path.read_bytes() == behaviour.content
    assert obtained.model.path.stat().st_mode & 0o777 == 0o600
    assert obtained.model.context_tokens == 77
    assert obtained.model.origin.source == f"hub:someone/small-GGUF@{COMMIT[:12]}/small.gguf"
    fetched = progress.done("downloading")
    assert fetched == sorted(fetched) and fetched[0] == 0 and fetched[-1] == len(behaviour.content)
    assert len(fetched) > 3
    assert progress.done("checking")[-1] == len(behaviour.content)
    asked = len(behaviour.requests)
    again = ensure(folder, "small", progress, endpoint)
    assert again.was_here and again.model == obtained.model
    assert len(behaviour.requests) == asked
    assert files_below(folder) == ["small.gguf", "small.json"]


def test_the_hub_is_asked_about_the_file_and_told_nothing_else(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known, tmp_path: Path
) -> None:
    own = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "hub"), "HF_TOKEN": "hf_private"}
    child = run_child({**os.environ, **own}, folder, endpoint, json.dumps(known().source))
    assert child.stdout == "" and local.find(folder, "small") is not None
    file = f"/someone/small-GGUF/resolve/{COMMIT}/small.gguf"
    assert [path.partition("?")[0] for _, path, _ in behaviour.requests] == [file, "/blob"]
    assert behaviour.authorizations == [None, None]
    assert not any("agent/" in one or "torch/" in one for one in behaviour.user_agents)
    assert not (tmp_path / "hub").exists()


def test_a_transfer_that_is_cut_goes_on_where_it_was(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    behaviour.cut_after = [1_500_000, 700_000, 1]
    assert ensure(folder, "small", Progress(), endpoint).model.path.read_bytes() == behaviour.content
    begins = [int(one.removeprefix("bytes=").rstrip("-") or 0) for one in behaviour.ranges()]
    assert len(begins) == 4
    assert begins == sorted(begins) and begins[1] >= 1_000_000


def test_a_connection_that_is_lost_for_good_keeps_what_it_brought_for_the_next_time(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    behaviour.cut_after = [2_500_000, *[0] * 20]
    error = refused(folder, endpoint)
    assert error.kind == Trouble.CUT
    assert "localhost" in str(error) and "of 4 MB" in str(error) and "secret" not in str(error)
    assert "goes on" in error.do
    kept = local.partial_bytes(folder, "small")
    assert 1_000_000 <= kept <= 2_500_000
    assert len(files_below(folder)) == 1
    behaviour.cut_after = []
    behaviour.requests.clear()
    assert ensure(folder, "small", Progress(), endpoint).model.path.read_bytes() == behaviour.content
    assert behaviour.ranges() == [f"bytes={kept}-"]
    assert files_below(folder) == ["small.gguf", "small.json"]


def test_a_killed_download_is_gone_on_with(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    model = known()
    behaviour.may_go_on = threading.Event()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), endpoint, json.dumps(model.source)], cwd=ROOT
    )
    assert behaviour.got_some.wait(30)
    deadline = time.monotonic() + 30
    while not local.partial_bytes(folder, "small"):  # polling a process from outside: there is no event
        assert child.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    child.kill()
    child.wait()
    behaviour.may_go_on.set()
    behaviour.may_go_on = None
    kept = local.partial_bytes(folder, "small")
    assert kept
    assert ensure(folder, "small", Progress(), endpoint).model.path.read_bytes() == behaviour.content
    assert behaviour.ranges()[-1] == f"bytes={kept}-"


def test_the_librarys_own_download_still_throws_away_what_it_has_got(
    tmp_path: Path, endpoint: str, behaviour: Behaviour
) -> None:
    """Once this fails, `hydrators.models.hub` can be a call of `hf_hub_download`."""
    behaviour.cut_after = [2_500_000, *[0] * 20]
    with pytest.raises(HTTPError):
        hf_hub_download(
            "someone/small",
            "small.gguf",
            revision=COMMIT,
            local_dir=tmp_path / "d",
            endpoint=endpoint,
            token=False,
        )
    assert sum(path.stat().st_size for path in (tmp_path / "d").rglob("*") if path.is_file()) < 1_000


def test_a_server_that_cannot_go_on_is_asked_for_all_of_it(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    behaviour.cut_after, behaviour.ignores_range = [3_000_000], True
    assert ensure(folder, "small", Progress(), endpoint).model.path.read_bytes() == behaviour.content


def test_other_bytes_than_those_of_the_hash_leave_nothing(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    behaviour.serves = behaviour.content[:-1] + b"?"
    error = refused(folder, endpoint)
    assert error.kind == Trouble.WRONG_HASH
    assert "SHA-256" in str(error)
    assert files_below(folder) == []


def test_a_hub_with_another_file_under_that_name_is_not_asked_for_it(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known(sha256="0" * 64)
    assert refused(folder, endpoint).kind == Trouble.WRONG_HASH
    assert behaviour.ranges() == []


def test_a_model_of_unknown_hash_gets_the_one_that_the_hub_tells(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    sha256 = known().source.sha256
    known(sha256="")
    assert ensure(folder, "small", Progress(), endpoint).model.origin.sha256 == sha256
    local.remove(folder, "small")
    behaviour.etag = ""
    assert refused(folder, endpoint).kind == Trouble.WRONG_HASH


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_a_hub_that_refuses_is_told_as_such(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known, status: int
) -> None:
    known()
    behaviour.status = status
    error = refused(folder, endpoint)
    assert error.kind == Trouble.OFFLINE and f"HTTP {status}" in str(error)
    assert files_below(folder) == []


def test_without_a_network_the_hub_is_named(folder: Path, known: Known, impatient: None) -> None:
    known()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    error = refused(folder, f"http://{address}")
    assert error.kind == Trouble.OFFLINE and address in str(error)
    assert files_below(folder) == []


def test_the_hubs_own_switch_for_being_offline_holds(
    folder: Path, endpoint: str, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    known()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in str(refused(folder, endpoint))


def test_a_disk_that_is_too_small_is_not_begun_to_be_filled(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    known()
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    error = refused(folder, endpoint)
    assert error.kind == Trouble.DISK and "1 MB are free" in str(error)
    assert behaviour.ranges() == [] and files_below(folder) == []


# A limit on the size of files stands in for a full disk: a write fails, at any byte.
CHILD = """
import json, resource, signal, sys
from pathlib import Path
from hydrators.models import catalogue
from hydrators.models.catalogue import HubSource, KnownModel, Role
from hydrators.models.error import ModelError
from hydrators.models.obtain import ensure

folder, endpoint, source = Path(sys.argv[1]), sys.argv[2], HubSource(*json.loads(sys.argv[3]))
catalogue.KNOWN["small"] = KnownModel("small", "Small", Role.GENERATE, source, "0BSD", 1, None, 77, 0)
if len(sys.argv) > 4:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
try:
    ensure(folder, "small", lambda *_: None, endpoint)
except ModelError as error:
    print(error.kind, error, "->", error.do)
"""


def run_child(environment: dict[str, str] | None, *arguments: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_disk_that_fills_up_meanwhile_is_a_clear_error_and_gets_its_space_back(
    folder: Path, endpoint: str, known: Known
) -> None:
    child = run_child(None, folder, endpoint, json.dumps(known().source), "2000000")
    assert child.stdout.startswith("disk the disk is full")
    assert files_below(folder) == []


def test_what_the_hub_has_may_be_no_model(
    folder: Path, known: Known, behaviour: Behaviour, impatient: None
) -> None:
    behaviour.content = b"<html>" * 1000
    known()
    with hub(behaviour) as endpoint:
        assert refused(folder, endpoint).kind == Trouble.UNFIT
    assert files_below(folder) == []


def test_two_that_want_the_same_model_fetch_it_once(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    behaviour.may_go_on = threading.Event()
    waited, done = threading.Event(), []

    def report(phase: str, *_: int) -> None:
        if phase == "waiting":
            waited.set()

    threads = [
        threading.Thread(target=lambda: done.append(ensure(folder, "small", report, endpoint)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert waited.wait(30)
    behaviour.may_go_on.set()
    for thread in threads:
        thread.join(30)
    assert sorted(one.was_here for one in done) == [False, True]
    assert len(behaviour.ranges()) == 1


def test_a_damaged_model_is_fetched_anew(
    folder: Path, endpoint: str, behaviour: Behaviour, known: Known
) -> None:
    known()
    (folder / "small.gguf").write_bytes(behaviour.content[:-1])
    assert not ensure(folder, "small", Progress(), endpoint).was_here
    assert (folder / "small.gguf").read_bytes() == behaviour.content


def test_a_folder_that_takes_no_files_is_told(folder: Path, endpoint: str, known: Known) -> None:
    known()
    (folder / ".partial").write_text("in the way")
    error = refused(folder, endpoint)
    assert error.kind == Trouble.DISK and os.fspath(folder) in str(error)


def test_a_name_that_nobody_knows_gets_a_proposal(folder: Path) -> None:
    with pytest.raises(ModelError) as caught:
        ensure(folder, "qwen2.5-coder-0.5", Progress())
    assert caught.value.kind == Trouble.UNKNOWN and "qwen2.5-coder-0.5b" in caught.value.do
