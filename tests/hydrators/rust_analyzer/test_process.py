"""A worker that never gets to say a word, so that no server is needed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from hydrators.rust_analyzer.model import Refusal, SessionOptions, State
from tests.hydrators.rust_analyzer.rig import running


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("#!/bin/sh\necho 'no module of that name' >&2\nexit 1\n", "no module of that name"),
        ("#!/bin/sh\nexit 3\n", "code 3"),
        ("#!/bin/sh\necho 'no line of ours'\n", "code 0"),
        (None, "No such file"),
    ],
    ids=["with a word", "silent", "speaks another language", "absent"],
)
def test_a_worker_that_ends_before_it_tells_a_state_is_a_failure_with_its_reason(
    program: str | None, words: str, toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    if program is not None:
        interpreter.write_text(program)
        interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    with running(toy, tmp_path / "cache") as rig:
        assert rig.refusal(rig.compiler.ask(rig.question("src/lib.rs"))).kind is Refusal.NOT_READY
        state = rig.until(lambda state: state.restarts == 1)
        assert state.state == State.STARTING
        assert words in state.reason


def test_after_a_pause_another_worker_is_started(
    toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, interpreter = tmp_path / "starts", tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\necho one >>'{starts}'\nexit 1\n")
    interpreter.chmod(0o755)
    options = SessionOptions(rust_analyzer=str(tmp_path / "nowhere"))
    began = time.monotonic()
    with running(toy, tmp_path / "cache", options) as rig, monkeypatch.context() as broken:
        broken.setattr(sys, "executable", str(interpreter))
        rig.refusal(rig.compiler.ask(rig.question("src/lib.rs")))
        rig.until(lambda state: state.restarts == 1)
        broken.undo()
        rig.until(lambda state: state.state == State.ABSENT)  # as the next worker tells
    assert starts.read_text() == "one\n"
    assert time.monotonic() - began > 2
