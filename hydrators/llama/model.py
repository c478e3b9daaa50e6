"""The vocabulary between the service and the process that runs llama.cpp: frozen records, no behaviour.

Knows neither llama.cpp nor pipes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What the models are good for now."""

    ABSENT = "absent"  # no library, no model, or none that loads: see reason and cure
    STOPPED = "stopped"  # not needed now: starts by itself with the next request
    STARTING = "starting"  # the process runs and loads its models, or waits before it is started anew
    READY = "ready"
    BROKEN = "broken"  # it keeps ending: tried again after a long pause


class LlamaState(NamedTuple):
    """What the child says of itself. `reason` and `cure` are sentences for people, "" when all is well.
    `dimension` and `model_id` are of the embedding model and stay while the child is stopped; 0 and "" while
    unknown. `quarantined` counts the inputs that are not tried again; `generation_reason` says why there is
    no generation although a model for it is named."""

    state: str
    reason: str = ""
    cure: str = ""
    pid: int = 0  # 0 when it does not run
    rss_bytes: int = 0
    restarts: int = 0  # that nobody asked for
    dimension: int = 0
    model_id: str = ""
    quarantined: int = 0
    generation_model_id: str = ""
    generation_reason: str = ""


class LlamaOptions(NamedTuple):
    """Models are paths of GGUF files, "" for none. Above `memory_cap_bytes` the child is started anew; unused
    for `idle_unload_s` it ends, and the next request starts it. `request_timeout_s` is what one generation,
    or one batch of texts, may take once its turn has come. `context_tokens` is of the generation model."""

    embedding_model: str = ""
    generation_model: str = ""
    threads: int = 1
    memory_cap_bytes: int = 2 << 30
    idle_unload_s: float = 300.0
    request_timeout_s: float = 60.0
    micro_batch_tokens: int = 256
    context_tokens: int = 2048


class Prompt(NamedTuple):
    """What to generate from. `grammar` is GBNF, "" for none; temperature 0 is greedy."""

    text: str
    grammar: str = ""
    max_tokens: int = 48
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()


class Generated(NamedTuple):
    """What a model said. `finish`: "stop" at the end that the model set or at a stop string (which is not
    part of the text), "grammar" when the grammar allows nothing more, "length" when it was cut: by
    `max_tokens`, by its context, or by its deadline. Cut text does not satisfy a grammar: discard it."""

    text: str
    finish: str
    prompt_tokens: int
    tokens: int


class Refusal(StrEnum):
    """Why there is no answer."""

    NOT_READY = "not_ready"  # see the state; ask again when it changes
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"  # the child died over it; asked again, it may be quarantined
    QUARANTINED = "quarantined"
    REFUSED = "refused"  # the input is not fit to be asked about; the message says why
    FAILED = "failed"  # the library answered with an error


class Refused(RuntimeError):
    """There is no answer. The message is for people and holds nothing of the input."""

    def __init__(self, kind: Refusal, message: str) -> None:
        super().__init__(message)
        self.kind = kind
