from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hydrators.rust_analyzer.toolchain import ToolchainAbsent, find_toolchain
from indexer import cli
from tests.indexer.service_bench import Bench, lay_out_sources, running_daemon
from tests.system.service import ServiceProcess

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """A small crate on disk."""
    return lay_out_sources(tmp_path / "toy")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A daemon without workspaces."""
    with running_daemon(tmp_path / "home") as bench:
        yield bench


@pytest.fixture
def toy(bench: Bench, crate: Path) -> Bench:
    """A daemon with the crate as its only workspace."""
    bench.call("workspace.add", path=str(crate))
    bench.call("wait", stage="edges")
    return bench


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def isg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Runs the command line in this process, under the test's own ISG_HOME."""
    monkeypatch.setenv("ISG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["isg", *map(str, arguments)])
        monkeypatch.setattr("indexer.cli.output._as_json", False)
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def rust_analyzer() -> None:
    """A real rust-analyzer with all that it needs, or a skip."""
    try:
        found = find_toolchain("", FIXTURES / "workspace")
    except ToolchainAbsent as absent:
        pytest.skip(f"{absent}: {absent.cure}")
    if not found.libraries:
        pytest.skip("no library sources: rustup component add rust-src, or Debian's rust-web-src")


class Hydrated(NamedTuple):
    """A daemon of its own, and the trusted workspace that it has asked rust-analyzer about."""

    service: ServiceProcess
    root: Path


@pytest.fixture(scope="session")
def hydrated(rust_analyzer: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hydrated]:
    """fixtures/workspace, trusted and settled. Who edits a file puts it back."""
    folder = tmp_path_factory.mktemp("hydrated")
    root = folder / "workspace"
    shutil.copytree(FIXTURES / "workspace", root, ignore=shutil.ignore_patterns("target"))
    with ServiceProcess(folder / "home") as service:
        service.add(root, trusted=True)
        service.settle(root, stage="semantic")
        yield Hydrated(service, root)
