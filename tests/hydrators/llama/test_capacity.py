from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrators.llama.capacity import (
    CapacityPlan,
    Machine,
    MemoryEstimate,
    estimate,
    estimate_of,
    plan,
    plan_for,
    read_machine,
)
from hydrators.llama.gguf_header import GgufError, Header, Value
from tests.hydrators.llama.rig import running

GB = 1_000_000_000
SMALL = MemoryEstimate(900_000_000, 50_000_000, 50_000_000)


def planned(**given: object) -> CapacityPlan:
    calm: dict[str, object] = {
        "free_bytes": 16 * GB,
        "cores": 8,
        "load": 0.0,
        "on_battery": False,
        "is_building": False,
        "total_bytes": 32 * GB,
    }
    return plan([SMALL], **{**calm, **given})  # type: ignore[arg-type]


def test_as_many_sessions_as_fit_into_nine_tenths_of_what_is_free() -> None:
    assert SMALL.session_bytes == GB
    assert planned(parallelism=100).sessions == 14
    assert planned(parallelism=4).sessions == 4
    assert planned(free_bytes=2.3 * GB, parallelism=100).sessions == 2
    assert planned(free_bytes=1.1 * GB).sessions == 0


def test_two_models_take_the_memory_of_two() -> None:
    assert plan([SMALL, SMALL], 10 * GB, 8, 0.0, False, False, parallelism=100).sessions == 4


def test_threads_are_of_the_cores_that_nobody_uses_and_at_most_half() -> None:
    assert planned().threads == 4
    assert planned(load=5.5).threads == 2
    assert planned(load=8.0).threads == 1
    assert planned(cores=1).threads == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on_battery": True}, "on battery"),
        ({"is_building": True}, "a build runs"),
        ({"load": 9.0}, "a load of 9.0"),
        ({"total_bytes": 8 * GB}, "low-memory mode"),
    ],
)
def test_a_machine_that_is_needed_otherwise_gets_one_thread_and_is_told_why(
    given: dict[str, object], words: str
) -> None:
    made = planned(**given)
    assert (made.sessions, made.threads) == (1, 1)
    assert any(words in reason for reason in made.reasons)
    assert made.low_memory == ("total_bytes" in given)


def test_without_models_there_is_nothing_to_plan() -> None:
    assert plan([], GB, 8, 0.0, False, False) == CapacityPlan(0, 4, False, ("no model is named",))


@given(
    free=st.integers(0, 10**13),
    total=st.integers(0, 10**13),
    cores=st.integers(1, 512),
    load=st.floats(0, 1e4),
    on_battery=st.booleans(),
    is_building=st.booleans(),
)
def test_a_plan_never_takes_more_than_there_is(
    free: int, total: int, cores: int, load: float, on_battery: bool, is_building: bool
) -> None:
    made = plan_for([SMALL], Machine(free, total, cores, load, on_battery, is_building))
    assert 0 <= made.sessions * SMALL.session_bytes <= 0.9 * free + 1
    assert 1 <= made.threads <= max(1, cores // 2)
    assert made.sessions * made.threads <= cores
    assert made.reasons


def test_a_cache_of_keys_and_values_is_counted_as_the_library_lays_it_out() -> None:
    """Figures of a published 3-billion model with grouped heads: 30 layers, 2 of 24 heads of 128."""
    values: dict[str, Value] = {
        "llm.block_count": 30,
        "llm.embedding_length": 3_072,
        "llm.feed_forward_length": 12_288,
        "llm.context_length": 16_384,
        "llm.attention.head_count": 24,
        "llm.attention.head_count_kv": 2,
        "llm.vocab_size": 49_152,
    }
    header = Header("llm", values, 1_800_000_000)
    assert estimate_of(header, 2_048).kv_bytes_per_session == 30 * 2_048 * 2 * (128 + 128) * 2
    by_layer = header._replace(values=values | {"llm.attention.head_count_kv": (2, 0, 1)})
    assert estimate_of(by_layer, 2_048).kv_bytes_per_session == 3 * 2_048 * (128 + 128) * 2
    assert estimate_of(header, 100_000).kv_bytes_per_session == 30 * 16_384 * 2 * (128 + 128) * 2


def test_a_real_child_takes_about_what_is_estimated(models: Path) -> None:
    with running(models / "wide.gguf", models / "talk.gguf") as rig:
        rig.start()
        rig.generate("fn")
        used = psutil.Process(rig.state.pid).memory_info().rss
    estimates = [estimate(models / "wide.gguf"), estimate(models / "talk.gguf")]
    assert 0.7 * used < max(each.session_bytes for each in estimates)
    assert sum(each.session_bytes for each in estimates) < 3 * used


def test_an_encoder_has_no_cache(models: Path) -> None:
    assert estimate(models / "bert.gguf").kv_bytes_per_session == 0


def test_what_is_no_model_has_no_estimate(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"no model" * 10)
    with pytest.raises(GgufError):
        estimate(tmp_path / "model.gguf")


def test_this_machine_can_be_read() -> None:
    machine = read_machine()
    assert 0 < machine.free_bytes <= machine.total_bytes
    assert machine.cores >= 1
    assert machine.load >= 0
