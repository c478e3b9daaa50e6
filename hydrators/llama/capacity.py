"""How many models this machine can run beside what its owner does, and with how many threads.

Memory is estimated from the metadata of the model files; the machine is read by psutil. Decides nothing by
itself: the plan is shown, and taken up by whoever sets options.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from hydrators.llama.gguf_header import Header, read_header

LOW_MEMORY_BYTES = 12_000_000_000
_RUNTIME_BYTES = 56 << 20  # of a child that has loaded nothing yet
_EMBEDDING_CONTEXT = 2_048  # as in `embedder`
_GENERATION_BATCH = 64  # as in `generator`
_COPIES = 8  # of what goes through a layer: measured with models of 6 and 24 layers
_FLOAT_BYTES, _HALF_BYTES = 4, 2
_BUILDS = frozenset(("cargo", "rustc", "cc1plus", "clang", "ld", "lld", "mold", "ninja", "make", "bazel"))


class MemoryEstimate(NamedTuple):
    """What one session of a model takes. `overhead_bytes`: the process, buffers, logits."""

    weights_bytes: int
    kv_bytes_per_session: int
    overhead_bytes: int

    @property
    def session_bytes(self) -> int:
        """A session is a process of its own, so that the weights count each time."""
        return self.weights_bytes + self.kv_bytes_per_session + self.overhead_bytes


class Machine(NamedTuple):
    """`load` is the number of processes that ran or wanted to, averaged over the last minute."""

    free_bytes: int
    total_bytes: int
    cores: int
    load: float
    on_battery: bool
    is_building: bool


class CapacityPlan(NamedTuple):
    """`sessions` at once, each with `threads`; 0 if not even one fits. `reasons` say what bounds them."""

    sessions: int
    threads: int
    low_memory: bool
    reasons: tuple[str, ...]


def estimate(path: str | Path, context_tokens: int = 2_048) -> MemoryEstimate:
    """Of a model, from its file; `context_tokens` is of a generation model. Raises OSError or GgufError."""
    return estimate_of(read_header(path), context_tokens)


def estimate_of(header: Header, context_tokens: int = 2_048) -> MemoryEstimate:
    width = header.number("embedding_length")
    hidden = header.number("feed_forward_length", 4 * width)
    trained = header.number("context_length", context_tokens) or context_tokens
    if header.is_generator:
        context, batch = min(context_tokens, trained), _GENERATION_BATCH
        logits = header.number("vocab_size", 150_000) * batch * _FLOAT_BYTES
    else:
        context = batch = min(trained, _EMBEDDING_CONTEXT)
        logits = 0
    activations = _COPIES * batch * (4 * width + 2 * hidden) * _FLOAT_BYTES
    kv = _kv_bytes(header, context) if header.is_generator else 0
    return MemoryEstimate(header.size_bytes, kv, _RUNTIME_BYTES + activations + logits)


def _kv_bytes(header: Header, context: int) -> int:
    """Keys and values of 16 bits for each token, layer and head: layers · context · heads · (key + value)."""
    layers, width = header.number("block_count"), header.number("embedding_length")
    heads = header.number("attention.head_count", 1) or 1
    by_layer = header.values.get(f"{header.architecture}.attention.head_count_kv", heads)
    kv_heads = sum(map(int, by_layer)) if isinstance(by_layer, tuple) else layers * int(by_layer)
    size = width // heads
    both = header.number("attention.key_length", size) + header.number("attention.value_length", size)
    return kv_heads * context * both * _HALF_BYTES


def plan(
    estimates: Sequence[MemoryEstimate],
    free_bytes: int,
    cores: int,
    load: float,
    on_battery: bool,
    is_building: bool,
    *,
    total_bytes: int = 0,
    parallelism: int = 0,
) -> CapacityPlan:
    """`estimates` are of all models that a session holds; `free_bytes` is what may be taken without anybody
    noticing. Sessions are n = floor(0.9 · free / bytes of a session), at most `parallelism`, which is that of
    the server (0: as many as the threads leave cores). Threads are those of the cores that nobody uses, at
    most half of all. `total_bytes` is of the machine, 0 if unknown."""
    reasons: list[str] = []
    is_low = 0 < total_bytes < LOW_MEMORY_BYTES
    threads = max(1, min(cores // 2, int(cores - load)))
    if on_battery or is_building or is_low:
        threads = 1
    need = sum(each.session_bytes for each in estimates)
    fitting = int(0.9 * free_bytes) // need if need else 0
    bound = parallelism or max(1, cores // threads)
    sessions = min(fitting, bound)
    if not estimates:
        reasons.append("no model is named")
    elif fitting < bound:
        reasons.append(f"{_mb(free_bytes)} are free, of which a session takes {_mb(need)}")
    else:
        reasons.append(f"{cores} cores")
    if is_low:
        sessions = min(sessions, 1)
        reasons.append(f"low-memory mode: the machine has {_mb(total_bytes)}")
    if on_battery:
        sessions = min(sessions, 1)
        reasons.append("on battery")
    if is_building:
        sessions = min(sessions, 1)
        reasons.append("a build runs")
    if load > cores:
        sessions = min(sessions, 1)
        reasons.append(f"a load of {load:.1f}")
    return CapacityPlan(sessions, threads, is_low, tuple(reasons))


def plan_for(estimates: Sequence[MemoryEstimate], machine: Machine, *, parallelism: int = 0) -> CapacityPlan:
    """`plan` for a machine as read."""
    return plan(
        estimates,
        machine.free_bytes,
        machine.cores,
        machine.load,
        machine.on_battery,
        machine.is_building,
        total_bytes=machine.total_bytes,
        parallelism=parallelism,
    )


def read_machine() -> Machine:
    """Blocks for some milliseconds: it looks at all processes."""
    memory = psutil.virtual_memory()
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return Machine(
        free_bytes=min(memory.available, _allowed_bytes(memory.total)),
        total_bytes=min(memory.total, _allowed_bytes(memory.total)),
        cores=_cores(),
        load=os.getloadavg()[0],
        on_battery=battery is not None and not battery.power_plugged,
        is_building=any(
            process.info["name"] in _BUILDS and process.info["status"] == psutil.STATUS_RUNNING
            for process in psutil.process_iter(["name", "status"])
        ),
    )


def _cores() -> int:
    """Those that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1


def _allowed_bytes(total: int) -> int:
    """What the control group leaves us, in a container."""
    try:
        said = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(said)) if said.isdigit() else total


def _mb(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
