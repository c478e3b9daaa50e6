"""What a server that has come to rest is good for; without any server."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hydrators.rust_analyzer.model import State
from hydrators.rust_analyzer.readiness import Readiness, Status, judge


@pytest.mark.parametrize(
    ("status", "resolves", "lack", "state", "reason"),
    [
        (Status("ok", True), True, "", State.READY, "two are left out"),
        (Status("ok", True), True, "no vendored packages", State.READY, "two are left out"),
        (Status("ok", True), False, "", State.PARTIAL, "methods of the standard library do not resolve"),
        (Status("ok", True), False, "no library sources", State.PARTIAL, "no library sources"),
        (Status("warning", True, "\n cargo said\n no\n"), True, "", State.PARTIAL, "cargo said no"),
        (Status("warning", True, "no network"), False, "none", State.PARTIAL, "no network"),
        (Status("warning", True), True, "", State.PARTIAL, "not quite healthy"),
        (Status("error", True, "no manifest"), True, "", State.BROKEN, "no manifest"),
        (Status("error", True), False, "none", State.BROKEN, "unhealthy"),
    ],
)
def test_a_server_at_rest_is_judged_by_its_health_and_by_std(
    status: Status, resolves: bool, lack: str, state: State, reason: str
) -> None:
    verdict = judge(status, resolves, lack, "two are left out")
    assert (verdict.state, verdict.reason) == (state, reason)
    assert bool(verdict.cure) == (state != State.READY)


def test_each_time_that_a_server_comes_to_rest_counts_once() -> None:
    readiness = Readiness()
    for quiescent in (False, True, True, False, True):
        readiness.changed.clear()
        readiness.on_status(SimpleNamespace(health="ok", quiescent=quiescent, message=None))
        assert readiness.changed.is_set()
    assert readiness.rounds == 2
    assert readiness.status == Status("ok", True, "")
