from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.indexer.service_bench import Bench, lay_out_sources, running_daemon


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
