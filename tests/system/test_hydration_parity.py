"""What was hydrated edit by edit is what a cold hydration of the same tree says: the real server, bounded.

`python -P tests/oracles/run.py parity --rounds N` does the same for as long as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracles import parity
from tests.system.hydrated_workspace import needs_rust_analyzer

pytestmark = [needs_rust_analyzer, pytest.mark.timeout(300)]

FIXTURE = Path(__file__).parents[2] / "fixtures" / "workspace"


def test_a_workspace_that_was_edited_while_hydrated_ends_as_a_cold_hydration(tmp_path: Path) -> None:
    found = next(parity.rounds(FIXTURE, tmp_path, seed=20240229, edits=16))
    assert found.rows > 5_000
    assert not found.differing, "\n".join([*found.edits, *found.lines(3)])
