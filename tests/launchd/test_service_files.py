from __future__ import annotations

import os
import plistlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.cli.exits import Refusal
from indexer.cli.service import install_service, render_service, service_file, uninstall_service
from indexer.paths import Paths, resolve_paths


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    home = tmp_path / 'a "home" with 100% $pecial \\ characters'
    monkeypatch.setenv("ISG_HOME", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return resolve_paths()


def test_systemd_finds_nothing_to_complain_about(paths: Paths, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "isg.service"
    unit.write_text(render_service(paths, "linux"), encoding="utf-8")
    (tmp_path / "run").mkdir(mode=0o700)
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "run")},
    )
    assert done.stderr == ""  # it exits 0 on an unknown key: only silence means that all is well
    assert done.returncode == 0


def test_the_unit_runs_the_daemon_in_the_foreground_and_safely(paths: Paths) -> None:
    text = render_service(paths, "linux")
    assert "@COMMAND@" not in text
    assert "@ENVIRONMENT@" not in text
    assert 'Environment="PYTHONSAFEPATH=1"' in text
    assert f'ExecStart="{sys.executable}" "-P" "-c"' in text
    assert "main(foreground=True)" in text
    assert "100%% $$pecial" in text


def test_the_property_list_parses_and_holds_the_command(paths: Paths) -> None:
    made = plistlib.loads(render_service(paths, "darwin").encode())
    assert made["Label"] == "dev.isg.daemon"
    assert made["ProgramArguments"][:3] == [sys.executable, "-P", "-c"]
    assert made["EnvironmentVariables"]["PYTHONSAFEPATH"] == "1"
    assert made["EnvironmentVariables"]["ISG_HOME"].endswith("characters")
    assert made["StandardErrorPath"] == str(paths.startup_log_file)
    assert made["KeepAlive"] == {"SuccessfulExit": False}


def test_installing_writes_the_file_tells_systemd_and_uninstalling_undoes_it(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "darwin":
        pytest.skip("systemd is of Linux")
    calls = tmp_path / "calls"
    tools = tmp_path / "bin"
    tools.mkdir()
    systemctl = tools / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> "{calls}"\n')
    systemctl.chmod(systemctl.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tools}:/bin:/usr/bin")
    install_service(paths)
    assert service_file().is_relative_to(tmp_path)
    assert service_file().read_text(encoding="utf-8") == render_service(paths)
    uninstall_service(paths)
    assert not service_file().exists()
    assert calls.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now isg.service",
        "--user disable --now isg.service",
        "--user daemon-reload",
    ]


def test_without_a_service_manager_it_says_how_to_start_by_hand(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal) as raised:
        install_service(paths)
    assert "isg up" in raised.value.do
    assert service_file().exists()
