"""Servers that a real one cannot be made to be: each costs one question, never the session."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hydrators.rust_analyzer.model import Position, Refusal, SessionOptions, State
from hydrators.rust_analyzer.toolchain import Toolchain
from tests.hydrators.rust_analyzer.rig import Rig, running

PATH = "src/lib.rs"
HOVER = {"hovers": (Position(0, 7),)}
FAKE = Path(__file__).with_name("fake_server.py")


@contextmanager
def misbehaving(behaviour: str, toy: Path, timeout_s: float = 20) -> Iterator[Rig]:
    copy = toy.parent / "fake_server.py"
    copy.write_bytes(FAKE.read_bytes())
    server = toy.parent / "rust-analyzer"
    server.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-P", str(copy), behaviour])} "$@"\n')
    server.chmod(0o755)
    options = SessionOptions(rust_analyzer=str(server), request_timeout_s=timeout_s)
    with running(toy, toy.parent / "cache", options) as rig:
        yield rig


@pytest.mark.parametrize(
    "behaviour",
    [
        "behaves",
        "floods standard error",
        "floods with notifications",
        "prints between messages",
        "overtaken",
        "slow to read",
    ],
)
def test_what_is_only_a_nuisance_changes_no_answer(behaviour: str, toolchain: Toolchain, toy: Path) -> None:
    with misbehaving(behaviour, toy) as rig:
        rig.start()
        for _ in range(3):
            answer = rig.ask(PATH, **HOVER)
            assert answer.hovers[0].signature == "fn fake()"
            assert answer.diagnostics == ()
        assert rig.state.restarts == 0


def test_a_request_that_is_not_answered_is_refused_and_cancelled(toolchain: Toolchain, toy: Path) -> None:
    with misbehaving("hangs", toy, timeout_s=1) as rig:
        rig.start()
        assert rig.refusal(rig.compiler.ask(rig.question(PATH, **HOVER))).kind is Refusal.TIMED_OUT
        rig.ask(PATH)  # read after the cancellation
        assert (toy.parent / "fake.log").read_text().startswith("cancelled ")
        assert rig.state.restarts == 0


@pytest.mark.parametrize("behaviour", ["refuses", "answers in another shape"])
def test_an_error_refuses_one_question_at_once(behaviour: str, toolchain: Toolchain, toy: Path) -> None:
    with misbehaving(behaviour, toy, timeout_s=60) as rig:
        rig.start()
        assert rig.refusal(rig.compiler.ask(rig.question(PATH, **HOVER))).kind is Refusal.FAILED
        assert rig.ask(PATH).hovers == ()
        assert rig.state.restarts == 0


@pytest.mark.parametrize("behaviour", ["answers with garbage", "answers nested without end"])
def test_an_answer_that_cannot_be_read_costs_a_timeout(
    behaviour: str, toolchain: Toolchain, toy: Path
) -> None:
    with misbehaving(behaviour, toy, timeout_s=1) as rig:
        rig.start()
        assert rig.refusal(rig.compiler.ask(rig.question(PATH, **HOVER))).kind is Refusal.TIMED_OUT
        assert rig.ask(PATH).hovers == ()
        assert rig.state.restarts == 0


@pytest.mark.parametrize(
    "behaviour", ["ends in the middle of a message", "never ends a line", "closes its output"]
)
def test_a_server_that_stops_speaking_is_replaced(behaviour: str, toolchain: Toolchain, toy: Path) -> None:
    with misbehaving(behaviour, toy, timeout_s=60) as rig:
        rig.start()
        assert rig.refusal(rig.compiler.ask(rig.question(PATH, **HOVER))).kind is Refusal.CRASHED
        rig.until(lambda state: state.state == State.READY and state.restarts == 1)
        assert rig.ask(PATH).hovers == ()


def test_a_stale_text_is_never_answered_from(toolchain: Toolchain, toy: Path) -> None:
    with misbehaving("stale", toy) as rig:
        rig.start()
        assert rig.refusal(rig.compiler.ask(rig.question(PATH, **HOVER))).kind is Refusal.TIMED_OUT


def test_a_server_that_does_not_start_is_given_up_after_a_while(toolchain: Toolchain, toy: Path) -> None:
    with misbehaving("ends at once", toy) as rig:
        assert rig.refusal(rig.compiler.ask(rig.question(PATH))).kind is Refusal.NOT_READY
        state = rig.until(lambda state: state.state == State.BROKEN)
        assert state.restarts == 4, "one at once, then after 1, 2, 4 and 8 seconds"
        assert "out of order" in state.reason
        assert state.cure
