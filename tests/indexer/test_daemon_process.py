"""The daemon as a process of its own: started, found, stopped and killed from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.cli.exits import Exit
from indexer.paths import Paths, resolve_paths
from indexer.rpc_client import Client, DaemonDown

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 60.0
COMMAND = [sys.executable, "-P", "-c", "from indexer.cli import main; main()"]

Isg = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "ISG_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def paths(environment: dict[str, str]) -> Paths:
    return resolve_paths(environment)


@pytest.fixture
def isg(environment: dict[str, str], tmp_path: Path) -> Iterator[Isg]:
    """The command line as a process. What it left running is killed at the end."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    yield run
    run("down", "--force")


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # there is no event to wait for: the other side is a process


def ping(paths: Paths) -> dict[str, Any] | None:
    try:
        with Client(paths.socket) as client:
            pong: dict[str, Any] = client.call("daemon.ping")
            return pong
    except DaemonDown:
        return None


def test_up_starts_it_once_and_down_stops_it_and_both_may_be_repeated(isg: Isg, paths: Paths) -> None:
    first = isg("up")
    assert first.returncode == Exit.OK, first.stderr
    assert "started" in first.stderr
    assert "isg add" in first.stderr
    assert "already running" in isg("up").stderr
    assert json.loads(isg("up", "--json").stdout)["started"] is False
    assert isg("up", "--foreground").returncode == Exit.CONFLICT
    assert "stopped" in isg("down").stderr
    assert not paths.socket.exists()
    assert "no daemon was running" in isg("down").stderr


def test_a_killed_daemon_leaves_nothing_in_the_way_of_the_next(isg: Isg, paths: Paths) -> None:
    pid = json.loads(isg("up", "--json").stdout)["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: ping(paths) is None)
    assert paths.socket.exists()
    again = json.loads(isg("up", "--json").stdout)
    assert again["started"] is True
    assert again["pid"] != pid


def test_a_stopped_daemon_is_a_timeout_and_force_ends_it(
    isg: Isg, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = json.loads(isg("up", "--json").stdout)["pid"]
    os.kill(pid, signal.SIGSTOP)
    assert isg("up").returncode == Exit.TIMEOUT
    assert f"pid {pid}" in isg("down", "--force").stderr
    assert ping(paths) is None


def test_several_ups_at_once_make_one_daemon(isg: Isg, environment: dict[str, str]) -> None:
    starts = [
        subprocess.Popen([*COMMAND, "up", "--json"], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    pids = set()
    for start in starts:
        out, _ = start.communicate(timeout=DEADLINE_S)
        assert start.returncode == Exit.OK
        pids.add(json.loads(out)["pid"])
    assert len(pids) == 1


def test_a_wrong_setting_keeps_it_from_starting_and_the_reason_is_shown(isg: Isg, paths: Paths) -> None:
    paths.config_dir.mkdir(parents=True)
    paths.settings_file.write_text("storm_path = 1\n")
    said = isg("up")
    assert said.returncode == Exit.ERROR
    assert "did you mean `storm_paths`" in said.stderr


def test_the_daemon_and_its_children_do_not_keep_the_callers_pipes_open(
    environment: dict[str, str], isg: Isg
) -> None:
    """`$(isg up)` in a script must return."""
    started = subprocess.run(
        [*COMMAND, "up"],
        env=environment,
        stdin=subprocess.PIPE,
        capture_output=True,
        timeout=DEADLINE_S,
        check=True,
    )
    assert started.stdout == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_in_the_foreground_the_first_signal_stops_it_gracefully(
    environment: dict[str, str], paths: Paths, number: signal.Signals
) -> None:
    process = subprocess.Popen(
        [*COMMAND, "up", "--foreground"], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_until(lambda: ping(paths) is not None)
        assert (ping(paths) or {})["pid"] == process.pid  # service managers watch that process
        process.send_signal(number)
        _, err = process.communicate(timeout=DEADLINE_S)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "stopped" in err
    assert not paths.socket.exists()


def test_a_workspace_cannot_slip_its_own_modules_into_the_daemon(
    isg: Isg, tmp_path: Path, environment: dict[str, str]
) -> None:
    """The commands are run in directories that hold anything, a `store/` package among it."""
    for name in ("indexer", "store", "json", "typer"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('code of the workspace ran')\n")
    assert isg("up").returncode == Exit.OK
    assert isg("status").returncode == Exit.OK
