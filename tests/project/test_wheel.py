"""The wheel holds what it needs and nothing that belongs to the checkout only."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from indexer import __version__

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation"]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(ROOT)], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_packages_and_the_bundled_workspace(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert top == {"indexer", "watchers", "hydrators", "store"}
    assert "indexer/demo_workspace/Cargo.toml" in names
    assert any(name.startswith("indexer/launchd/") for name in names)
    assert any(name.endswith("licenses/LICENSE-APACHE") for name in names)


def test_the_command_runs_from_the_unpacked_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from indexer.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, "version"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "ISG_HOME": str(tmp_path / "home")},
    )
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout
