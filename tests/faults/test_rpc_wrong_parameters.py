from __future__ import annotations

from typing import Any

import pytest

from indexer.methods import METHODS
from indexer.protocol import ErrorCode, RpcError
from tests.indexer.service_bench import Bench

WRONG: list[dict[str, Any]] = [
    {"no_such_parameter": 1},
    {"file": 7, "node": 7, "name": 7, "path": 7, "start": 7, "subscription": "x", "workspace": 7},
    {"workspace": "x" * 5000},
]


@pytest.mark.parametrize("method", METHODS)
def test_wrong_parameters_are_refused_by_name_with_the_allowed_ones(toy: Bench, method: str) -> None:
    for params in WRONG:
        with pytest.raises(RpcError) as raised:
            toy.call(method, **params)
        assert raised.value.code == ErrorCode.INVALID_PARAMS
        assert "its parameters are" in raised.value.do
    assert toy.call("daemon.ping")["workspaces"] == 1


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("nodes.at", {"file": "src/lib.rs", "line": 0}),
        ("nodes.list", {"file": ""}),
        ("nodes.list", {"file": "src/lib.rs", "limit": 0}),
        ("graph.neighbors", {"node": "greet", "kinds": ["HATES"]}),
        ("graph.path", {"start": "greet", "goal": "twice", "max_hops": 10**6}),
        ("wait", {"timeout_s": float("1e300")}),
        ("wait", {"stage": "imagined"}),
        ("changes.since", {"since": -1}),
        ("changes.since", {"since": 2**70}),
    ],
)
def test_values_out_of_range_are_refused(toy: Bench, method: str, params: dict[str, Any]) -> None:
    with pytest.raises(RpcError) as raised:
        toy.call(method, **params)
    assert raised.value.code == ErrorCode.INVALID_PARAMS
