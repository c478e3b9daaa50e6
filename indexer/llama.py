"""The models of the daemon: which are used, whose turn it is, and what may be spent.

Owns the one child that runs llama.cpp, for all workspaces. Knows nothing of nodes or stores.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from loguru import logger

from hydrators.llama.capacity import CapacityPlan, estimate, plan_for, read_machine
from hydrators.llama.gguf_header import model_id_of
from hydrators.llama.model import (
    Generated,
    LlamaOptions,
    LlamaState,
    Prompt,
    Refusal,
    Refused,
    State,
)
from hydrators.llama.process import Llama
from hydrators.models import local
from hydrators.models.error import ModelError
from indexer.budget import Budget
from indexer.config import Settings
from indexer.metrics import Metrics
from indexer.paths import Paths
from indexer.throttle import Limits
from indexer.turns import Turns, Urgency

if TYPE_CHECKING:
    from hydrators.llama.endpoint import Endpoint

OFF = "off"
API_KEY = "ISG_SUMMARY_API_KEY"
_SAY_WHICH = "isg config show tells where summary_model is set"


class Wanted(NamedTuple):
    """A model that a setting names: its file; or why there is none, and what to do."""

    name: str
    path: str = ""
    reason: str = ""
    do: str = ""


class SharedLlama:
    """An async context manager. `embedding` and `generation` say which models are used; whoever listens is
    called when they change, and when the child's state does."""

    def __init__(self, settings: Settings, paths: Paths, metrics: Metrics) -> None:
        self._settings = settings
        self._paths = paths
        self._metrics = metrics
        self._listeners: set[Callable[[], None]] = set()
        self._open = AsyncExitStack()
        self.budget = Budget(
            paths.state_dir / "generated-today.json",
            settings.summary_calls_per_day,
            settings.summary_tokens_per_day,
        )
        limits = Limits(
            settings.backlog_duty_percent / 100,
            settings.backlog_most_load,
            settings.backlog_on_battery,
            settings.backlog_while_building,
        )
        self.turns = Turns(limits)
        self._generations = Turns(limits)  # apart: one may take a minute, on another machine at that
        self.embedding = Wanted(settings.embedding_model, reason="not looked for yet")
        self.generation = Wanted(settings.summary_model, reason="not looked for yet")
        self._endpoint: Endpoint | None = None
        self._plan = CapacityPlan(0, 1, False, ())
        self._llama = Llama(LlamaOptions(), self._on_state)
        self._former: Llama | None = None  # of a model whose vectors still serve
        self._former_order = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._llama)
        if self._settings.summary_model.startswith(("http://", "https://")):
            from hydrators.llama.endpoint import Endpoint  # an HTTP client: only who names one pays for it

            try:
                endpoint = Endpoint(
                    self._settings.summary_model,
                    model=self._settings.summary_endpoint_model,
                    api_key=os.environ.get(API_KEY, ""),
                    timeout_s=self._settings.llama_timeout_s,
                )
            except ValueError as error:
                self.generation = Wanted(self._settings.summary_model, reason=str(error), do=_SAY_WHICH)
            else:
                self._endpoint = await self._open.enter_async_context(endpoint)
        await self.look_for_models()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    @property
    def state(self) -> LlamaState:
        return self._llama.state

    @property
    def is_off(self) -> bool:
        """Whether no vectors are wanted at all."""
        return self._settings.embedding_model == OFF

    @property
    def can_embed(self) -> bool:
        """Whether vectors can be had, now or soon."""
        state = self.state
        is_useless = state.state in (State.ABSENT, State.BROKEN) or not state.dimension
        return bool(self.embedding.path) and not is_useless

    @property
    def summary_model_id(self) -> str:
        """Names what writes summaries; "" while nothing can."""
        if self.generation.reason or self.budget.why_spent():
            return ""
        return self.generation.name if self._endpoint is not None else self.state.generation_model_id

    async def look_for_models(self) -> None:
        """Models may have come or gone: use those that the settings name and that are there."""
        embedding = await asyncio.to_thread(self._find, self._settings.embedding_model)
        if self._endpoint is not None:
            generation = Wanted(self._settings.summary_model)
        elif self._settings.summary_model.startswith(("http://", "https://")):
            generation = self.generation
        else:
            generation = await asyncio.to_thread(self._find, self._settings.summary_model)
        is_other = (embedding, generation) != (self.embedding, self.generation)
        self.embedding, self.generation = embedding, generation
        self._plan = await asyncio.to_thread(_plan, [one.path for one in (embedding, generation) if one.path])
        await self._llama.configure(self._options(embedding.path, generation.path))
        if is_other:
            logger.info("models: embedding {}, summaries {}", embedding.name, generation.name)
        self._tell()

    def _options(self, embedding: str, generation: str) -> LlamaOptions:
        return LlamaOptions(
            embedding_model=embedding,
            generation_model=generation,
            threads=self._settings.llama_threads or self._plan.threads,
            memory_cap_bytes=self._settings.llama_memory_mib << 20,
            idle_unload_s=self._settings.llama_idle_s,
            request_timeout_s=self._settings.llama_timeout_s,
        )

    def pause(self) -> None:
        """Nothing is made but what somebody asks for, until `resume`."""
        self.turns.pause()
        self._generations.pause()

    def resume(self) -> None:
        self.turns.resume()
        self._generations.resume()

    @contextmanager
    def listening(self, listener: Callable[[], None]) -> Iterator[None]:
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    # ------------------------------------------------------------------ questions

    async def embed(self, texts: Sequence[str], urgency: Urgency, model_id: str) -> list[bytes | Refused]:
        """Vectors of the embedding model, which has to be this one, in order; a text that has none has its
        reason instead. Raises Refused if none can be had now, and QueueFull."""
        async with self.turns.turn(urgency):
            self._insist_on(model_id)
            with self._metrics.timed("llama.embed"):
                found = await self._llama.embed(texts)
            self._insist_on(model_id)  # it may have become another meanwhile
        self.turns.count(sum(isinstance(one, bytes) for one in found))
        self._metrics.count("llama.texts", len(texts))
        return found

    async def embed_query(self, text: str, model_id: str) -> bytes:
        """The vector of what somebody asks, of the model that a store answers by: the one that is used, or
        another that it had before and that is still here. Raises Refused, and LookupError without it."""
        with self._metrics.timed("llama.query"):
            if model_id == self.state.model_id:
                self._insist_on(model_id)
                [vector] = await self._llama.embed([text], is_urgent=True)
                self._insist_on(model_id)
            else:
                vector = await self._embed_by_former(text, model_id)
        if isinstance(vector, Refused):
            raise vector
        return vector

    async def _embed_by_former(self, text: str, model_id: str) -> bytes | Refused:
        path = await asyncio.to_thread(self._path_of, model_id)
        async with self._former_order:
            if self._former is None:
                llama = Llama(self._options(path, ""), lambda _: None)
                self._former = await self._open.enter_async_context(llama)
            elif self._former.state.model_id != model_id:
                await self._former.configure(self._options(path, ""))
            [vector] = await self._former.embed([text], is_urgent=True)
            return vector

    def _insist_on(self, model_id: str) -> None:
        if self.embedding.reason or self.state.model_id != model_id:
            raise Refused(Refusal.NOT_READY, self.embedding.reason or "the model is another by now")

    def _path_of(self, model: str) -> str:
        for name in local.names(self._paths.models_dir):
            path = self._paths.models_dir / f"{name}.gguf"
            with suppress(ValueError, OSError):
                if model_id_of(path) == model:
                    return str(path)
        raise LookupError(f"the model {model} is not here any more")

    async def generate(self, prompt: Prompt, urgency: Urgency) -> Generated:
        """Raises Refused, also when what may be spent today is spent; and QueueFull."""
        if self.generation.reason:
            raise Refused(Refusal.NOT_READY, self.generation.reason)
        if spent := self.budget.why_spent():
            raise Refused(Refusal.NOT_READY, spent)
        async with self._generations.turn(urgency):
            with self._metrics.timed("llama.generate"):
                said = await (self._endpoint or self._llama).generate(prompt)
        self.budget.spend(said.prompt_tokens + said.tokens)
        self._metrics.count("llama.prompt_tokens", said.prompt_tokens)
        self._metrics.count("llama.generated_tokens", said.tokens)
        return said

    # ------------------------------------------------------------------ for people

    def warnings(self) -> list[str]:
        if self.embedding.reason and self.embedding.name != OFF:
            return [f"no vectors: {self.embedding.reason}: {self.embedding.do}"]
        state = self.state
        if self.embedding.path and not self.can_embed and state.reason:
            return [f"no vectors: {state.reason}" + (f": {state.cure}" if state.cure else "")]
        return []

    def why_waiting(self) -> str:
        """Why the backlog is left alone for now, in words for people; "" if it is not."""
        if self.turns.is_paused:
            return "paused, isg queue resume goes on"
        return self.turns.held_back or self._generations.held_back

    def status(self) -> dict[str, Any]:
        """See `indexer.results_meaning.LlamaStatus`."""
        state = self.state
        return {
            "state": str(state.state),
            "reason": state.reason,
            "cure": state.cure,
            "pid": state.pid,
            "rss_bytes": state.rss_bytes,
            "restarts": state.restarts,
            "quarantined": state.quarantined,
            "embedding_model": {**self.embedding._asdict(), "id": state.model_id},
            "summary_model": {**self.generation._asdict(), "id": self.summary_model_id},
            "plan": {**self._plan._asdict(), "reasons": list(self._plan.reasons)},
            "paused": self.turns.is_paused,
            "held_back": "" if self.turns.is_paused else self.why_waiting(),
            "rate_per_s": round(self.turns.rate(), 1),
            "calls_today": self.budget.calls,
            "tokens_today": self.budget.tokens,
        }

    def _find(self, name: str) -> Wanted:
        if name == OFF:
            return Wanted(name, reason="switched off by a setting", do="isg config show tells where")
        try:
            found = local.find(self._paths.models_dir, name)
        except ModelError as error:
            return Wanted(name, reason=str(error), do=error.do)
        if found is None:
            return Wanted(name, reason=f"the model {name} is not installed", do=f"isg models ensure {name}")
        return Wanted(name, str(found.path))

    def _on_state(self, state: LlamaState) -> None:
        self._tell()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def _plan(paths: Sequence[str]) -> CapacityPlan:
    """What this machine can carry of these models now."""
    estimates = []
    for path in paths:
        with suppress(ValueError, OSError):  # the child says what is wrong with it
            estimates.append(estimate(path))
    return plan_for(estimates, read_machine())
