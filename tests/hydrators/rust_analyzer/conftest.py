from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrators.rust_analyzer.toolchain import Toolchain, ToolchainAbsent, find_toolchain
from tests.hydrators.rust_analyzer.rig import Rig, running

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """A real rust-analyzer with cargo and library sources, or a skip."""
    try:
        found = find_toolchain("", FIXTURES / "workspace")
    except ToolchainAbsent as absent:
        pytest.skip(f"{absent}: {absent.cure}")
    if not found.libraries:
        pytest.skip("no library sources: rustup component add rust-src, or Debian's rust-web-src")
    return found


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What sessions keep: shadow of the library sources, build output."""
    return tmp_path_factory.mktemp("rust_analyzer")


@pytest.fixture(scope="module")
def quill(toolchain: Toolchain, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """rust-analyzer on a copy of fixtures/workspace, ready. Tests of a module share it: each edits files of
    its own."""
    root = tmp_path_factory.mktemp("quill") / "workspace"
    shutil.copytree(FIXTURES / "workspace", root, ignore=shutil.ignore_patterns("target"))
    with running(root, cache / "quill") as rig:
        rig.start()
        yield rig


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A package with one file."""
    root = tmp_path / "toy"
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n')
    (root / "src/lib.rs").write_text(
        "pub fn first() -> usize { second() }\n\nfn second() -> usize { [1].len() }\n"
    )
    return root
