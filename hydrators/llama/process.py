"""The daemon's side: a `Llama` is the user's models, kept by one child process that is started when first
needed.

Owns the child's life: start, deadlines, memory, idleness, restarts. What is asked of it is in `work.py`, what
went wrong in `mishaps.py`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

from hydrators.llama.child import Child
from hydrators.llama.files import Files, look_at
from hydrators.llama.lanes import (
    MAX_WAITING_PROMPTS,
    MAX_WAITING_TEXTS,
    Answer,
    Call,
    Lane,
    why_unfit,
)
from hydrators.llama.model import (
    Generated,
    LlamaOptions,
    LlamaState,
    Prompt,
    Refusal,
    Refused,
    State,
)
from hydrators.llama.work import Work

_START_S = 120.0  # a model of gigabytes comes from a cold disk
_LOOK_S = 1.0  # between two looks at memory and deadlines, while a child runs
_LOOK_AGAIN_S = 60.0  # between two looks for a model that is not there
_RSS_STEP_BYTES = 16 << 20


class _Ended(NamedTuple):
    """Why a child is no more. `state` is the one that follows: STOPPED and ABSENT need no other child, READY
    stands for one that is to be started at once, and BROKEN for a death."""

    state: State
    reason: str = ""
    cure: str = ""
    is_explained: bool = False


class Llama:
    """`state` is the present one; `on_state` is called in the event loop with each new one. From entering on,
    `state.model_id` and `state.dimension` are those of the embedding model's file (no child is started for
    it)."""

    def __init__(self, options: LlamaOptions, on_state: Callable[[LlamaState], None]) -> None:
        self.state = LlamaState(State.STOPPED)
        self._on_state = on_state
        self._options = _absolute(options)
        self._files = Files()
        self._looking = asyncio.Lock()
        self._work = Work()
        self._child: Child | None = None
        self._is_recovering = False  # between a death and the next start
        self._needed = asyncio.Event()
        self._configured = asyncio.Event()
        self._looked_s = 0.0
        self._life: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        await self._look_at_files(self._options)
        self._life = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._work.refuse_all(Refused(Refusal.NOT_READY, "the service is stopping"))
        assert self._life is not None
        self._life.cancel()
        with suppress(asyncio.CancelledError):
            await self._life
        if self._ending is not None:
            await self._ending  # of a child that was ending already
        self._say(state=State.STOPPED, pid=0, rss_bytes=0)

    async def configure(self, options: LlamaOptions) -> None:
        """Other models or limits; or the same, to have missing files looked for again. A child that does not
        fit them ends. Texts that wait for a vector of another model than the new one are refused."""
        options = _absolute(options)
        said, seen = self.state, self._files
        has_failed = (said.dimension, said.generation_reason) != (seen.dimension, seen.generation_reason)
        is_same = options == self._options and not has_failed
        if await self._look_at_files(options) or not is_same:
            self._options = options
            if self._child is not None:
                self._child.kill()
        self._configured.set()

    async def embed(self, texts: Sequence[str], *, is_urgent: bool = False) -> list[bytes | Refused]:
        """A vector a text, in order: little-endian float32, of length 1; or why there is none. Never raises
        but for cancellation. `is_urgent` is for what a person waits for: it goes before all else, on a
        context of its own, and is not tried again after a crash."""
        if not texts:
            return []
        lane = self._work.urgent if is_urgent else self._work.backlog
        refused = self._why_not(is_urgent, self.state.dimension == 0, self.state.reason)
        if refused is None and lane.waiting + len(texts) > MAX_WAITING_TEXTS:
            refused = Refused(Refusal.NOT_READY, f"more than {MAX_WAITING_TEXTS:,} texts would wait")
        if refused is not None:
            return [refused] * len(texts)
        answers = await self._ask(lane, Call.of_texts(texts))
        return [answer for answer in answers if not isinstance(answer, Generated)]

    async def generate(self, prompt: Prompt) -> Generated:
        """Raises Refused."""
        reason = self.state.generation_reason
        refused = self._why_not(False, bool(reason) or not self._options.generation_model, reason)
        refused = refused or why_unfit(prompt, self._options.context_tokens)
        if refused is None and self._work.generate.waiting >= MAX_WAITING_PROMPTS:
            refused = Refused(Refusal.NOT_READY, f"{MAX_WAITING_PROMPTS:,} prompts wait already")
        if refused is not None:
            raise refused
        text, *settings = prompt
        (answer,) = await self._ask(self._work.generate, Call.of_prompt(str(text), settings))
        if isinstance(answer, Generated):
            return answer
        assert isinstance(answer, Refused)
        raise answer

    # ------------------------------------------------------------ what is asked

    def _why_not(self, is_urgent: bool, is_missing: bool, reason: str) -> Refused | None:
        """Why nothing can be asked now."""
        state = self.state
        if self._closing:
            return Refused(Refusal.NOT_READY, "the service is stopping")
        if state.state == State.ABSENT and time.monotonic() - self._looked_s > _LOOK_AGAIN_S:
            self._needed.set()  # not for this one, but the next may find it
        if state.state in (State.ABSENT, State.BROKEN) or is_missing:
            return Refused(Refusal.NOT_READY, reason or state.reason or "no model for it is named")
        if is_urgent and self._is_recovering:
            return Refused(Refusal.NOT_READY, state.reason)
        return None

    async def _ask(self, lane: Lane, call: Call) -> list[Answer]:
        self._work.add(lane, call)
        self._needed.set()
        return await self._work.answers(lane, call)

    # ------------------------------------------------------------ children

    async def _run(self) -> None:
        """Until cancelled: wait for a need, keep a child, see why it ended."""
        while True:
            await self._needed.wait()
            self._configured.clear()
            try:
                ended = await self._look_and_keep()
            except Exception as error:  # the guard of one child: whoever waits must not wait for ever
                self._bury(type(error).__name__, is_blamed=False)
                ended = _Ended(State.BROKEN, f"{type(error).__name__}: {error}")
            is_idle = self._work.is_idle
            if ended.state == State.READY and is_idle:
                files = self._files
                state = State.ABSENT if files.is_absent else State.STOPPED
                ended = _Ended(state, files.reason, files.cure)
            if ended.state == State.READY:
                continue
            if ended.state == State.BROKEN:
                await self._recover(ended)
                continue
            self._needed.clear()
            if ended.state == State.ABSENT:
                self._work.refuse_all(Refused(Refusal.NOT_READY, ended.reason))
            self._say(state=ended.state, reason=ended.reason, cure=ended.cure, pid=0, rss_bytes=0)
            if not self._work.is_idle:
                self._needed.set()  # it came while the child ended

    async def _look_and_keep(self) -> _Ended:
        self._looked_s = time.monotonic()
        if self._files.have_changed():
            await self._look_at_files(self._options)
        if self._files.is_absent:
            return _Ended(State.ABSENT, self._files.reason, self._files.cure)
        self._say(state=State.STARTING)
        try:
            child = await Child.start()
        except OSError as error:
            return _Ended(State.BROKEN, f"the process does not start: {error}")
        self._child = child
        self._is_recovering = False
        try:
            return await self._keep(child)
        finally:
            self._child = None
            self._ending = asyncio.create_task(child.end())
            await asyncio.shield(self._ending)

    async def _keep(self, child: Child) -> _Ended:
        child.send({"options": list(self._options)})
        try:
            async with asyncio.timeout(_START_S):
                first = await child.receive()
        except TimeoutError:
            return _Ended(State.BROKEN, f"it was not ready after {_START_S:.0f} s")
        except ValueError:
            return _Ended(State.BROKEN, "it says what nobody understands")
        if first is None:
            return _Ended(State.READY) if child.was_killed else await self._autopsy(child)
        if "absent" in first.head:
            return _Ended(State.ABSENT, first.head["absent"], first.head["cure"])
        rss = child.rss_bytes()
        if rss > self._options.memory_cap_bytes:
            return _Ended(
                State.ABSENT, f"the model takes {self._too_much(rss)}", "allow more, or name a smaller model"
            )
        self._say(
            state=State.READY,
            reason=first.head["reason"],
            cure=first.head["cure"],
            dimension=first.head["ready"],
            pid=child.pid,
            rss_bytes=rss,
        )
        self._work.begin(child, first.head["ready"])
        return await self._watch(child)

    async def _watch(self, child: Child) -> _Ended:
        """While it answers."""
        listening = asyncio.create_task(self._listen(child))
        look_s = min(_LOOK_S, self._options.request_timeout_s / 4)
        try:
            while True:
                await asyncio.wait((listening,), timeout=look_s)
                if listening.done():
                    break
                ended = self._look(child)
                if ended is not None:
                    child.kill()
                    await listening  # what it said before says what it was doing
                    explained = self._bury(ended.reason, is_blamed=not ended.is_explained)
                    return ended._replace(is_explained=ended.is_explained or explained)
            if not child.was_killed and not listening.result():
                return await self._autopsy(child)
            if child.was_killed:  # by `configure`
                self._bury("other models", is_blamed=False)
                return _Ended(State.READY)
            self._bury("it says what nobody understands")
            return _Ended(State.BROKEN, "it says what nobody understands")
        finally:
            listening.cancel()

    async def _listen(self, child: Child) -> bool:
        """Until its end. Whether it said what cannot be understood."""
        try:
            while (frame := await child.receive()) is not None:
                reason = self._work.hear(frame)
                if reason is not None:
                    self._say(generation_reason=reason)
        except (ValueError, KeyError, TypeError, IndexError):
            return True
        return False

    def _look(self, child: Child) -> _Ended | None:
        """Memory, deadlines, idleness: why it has to end now, or None."""
        now, options = time.monotonic(), self._options
        rss = child.rss_bytes()
        if rss > options.memory_cap_bytes:
            has_both = self._work.is_generating
            if has_both:  # a model that does not fit never will
                self._say(generation_reason=f"with it, the child took {self._too_much(rss)}")
            return _Ended(State.BROKEN, f"it took {self._too_much(rss)}", "", has_both)
        if abs(rss - self.state.rss_bytes) > _RSS_STEP_BYTES:
            self._say(rss_bytes=rss)
        if overdue_s := self._work.overdue_s(now, options.request_timeout_s):
            return _Ended(State.BROKEN, f"it did not answer for {overdue_s:g} s")
        if now - self._work.last_use_s > options.idle_unload_s and self._work.is_idle:
            return _Ended(State.STOPPED, self.state.reason, self.state.cure)
        return None

    def _too_much(self, rss: int) -> str:
        return f"{rss >> 20:,} MB, more than the {self._options.memory_cap_bytes >> 20:,} MB allowed"

    # ------------------------------------------------------------ deaths

    async def _autopsy(self, child: Child) -> _Ended:
        """It ended by itself."""
        reason, cure = await child.last_words()
        is_blamed = not child.was_killed_by_others
        explained = self._bury(reason, is_blamed=is_blamed)
        return _Ended(State.BROKEN, reason, cure, explained)

    def _bury(self, reason: str, *, is_blamed: bool = True) -> bool:
        """Say what becomes of all that was under way. Whether the death is explained."""
        verdict = self._work.bury(reason, is_blamed=is_blamed)
        if verdict.generation_reason:
            self._say(generation_reason=verdict.generation_reason)
        self._say(quarantined=self._work.mishaps.quarantined)
        return verdict.is_explained

    async def _recover(self, ended: _Ended) -> None:
        """Wait before the next child."""
        pause = self._work.mishaps.died(time.monotonic(), ended.is_explained)
        restarts = self.state.restarts + 1
        quiet = {"pid": 0, "rss_bytes": 0, "restarts": restarts}
        self._is_recovering = True
        if pause.is_final:
            reason = f"llama.cpp keeps ending: {ended.reason}"
            cure = ended.cure or "it is tried again after ten minutes, or when models are configured"
            self._say(state=State.BROKEN, reason=reason, cure=cure, **quiet)
            self._work.refuse_all(Refused(Refusal.NOT_READY, reason))
        else:
            self._say(state=State.STARTING, reason=f"started anew: {ended.reason}", cure=ended.cure, **quiet)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause.length_s):
                await self._configured.wait()
        self._is_recovering = False
        if self._work.is_idle:
            self._needed.clear()
            self._say(state=State.STOPPED, reason=self._files.reason, cure=self._files.cure)

    # ------------------------------------------------------------ models

    async def _look_at_files(self, options: LlamaOptions) -> bool:
        """Go by what the files are now. Whether they are others than before."""
        async with self._looking:  # what was looked at later counts
            files = await asyncio.to_thread(look_at, options)
            is_other = files != self._files
            self._take(files)
            return is_other

    def _take(self, files: Files) -> None:
        """Go by these files from now on."""
        is_other_model = files.model_id != self.state.model_id
        if is_other_model:
            why = "the embedding model is another one now"
            self._work.change_model(Refused(Refusal.NOT_READY, why))
        state = State(self.state.state)
        if files.is_absent:
            state = State.ABSENT
        elif state == State.ABSENT or (state == State.BROKEN and is_other_model):
            state = State.STOPPED
        self._files = files
        self._say(
            state=state,
            reason=files.reason,
            cure=files.cure,
            dimension=files.dimension,
            model_id=files.model_id,
            generation_model_id=files.generation_model_id,
            generation_reason=files.generation_reason,
            quarantined=self._work.mishaps.quarantined,
        )

    def _say(self, **news: object) -> None:
        state = self.state._replace(**news)  # type: ignore[arg-type]  # checked by the tests of states
        if state != self.state:
            self.state = state
            self._on_state(state)


def _absolute(options: LlamaOptions) -> LlamaOptions:
    """The child is not where we are."""
    embedding, generation = options.embedding_model, options.generation_model
    return options._replace(
        embedding_model=embedding and os.path.abspath(embedding),
        generation_model=generation and os.path.abspath(generation),
    )
