"""The last stages of one workspace: a one-line summary and a vector for each node, when, and in which order.

What remains to be done is a query of the store, so that it survives restarts. Knows neither how a summary is
made (`hydrators.summarise`) nor how a model is run (`indexer.llama`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from enum import Enum
from typing import Any

from hydrators.embed import EMBED_RECIPE
from hydrators.llama.model import Prompt, Refusal, Refused
from hydrators.summarise import LLM_ASSISTED, RULES_VERSION, judge
from indexer.llama import SharedLlama
from indexer.meaning_records import (
    Asked,
    Made,
    make_meanings,
    prompts_of,
    replace_line,
    store_meanings,
    store_vectors,
    texts_of,
)
from indexer.metrics import Metrics
from indexer.stage import Access
from indexer.turns import QueueFull, Urgency
from store import meaning, vectors
from store.meaning import Insufficient, PendingMeaning
from store.model import Commit, StoredSummary
from store.schema import Rank

_FILES_AT_ONCE = 4  # whose lines are made and written at once: a save does not wait for more
_VECTORS_AT_ONCE = 64  # one question to the child, and one transaction of vectors
_PROMPTS_AT_ONCE = 20
_RETRY_S = 2.0
_TRIES = 3  # of a prompt that the model has failed
_ASK_ALL_EVERY_S = 30.0  # looking through all that the rules are unsure of is no part of each save
_ASK_AGAIN_AFTER_S = 6 * 3_600.0
_TIDY_EVERY_S = 60.0
_QUICK_COUNT_S = 0.01
_COLLECT_EVERY_S = 3_600.0
_RECALL_EVERY_S = 6 * 3_600.0
_UNUSED_FOR_S = 7 * 86_400.0  # a branch may come back
_EXACT_IDLE_S = 120.0
_NOT_ITS_FAULT = frozenset({Refusal.NOT_READY, Refusal.CRASHED, Refusal.TIMED_OUT})


class _Outcome(Enum):
    """Of trying to make vectors."""

    SOME_MADE = 0
    NONE_LEFT = 1
    STUCK = 2  # not for now


class Meaning:
    """Runs while its workspace is open (`run`). Everything here belongs to the event loop's thread."""

    def __init__(self, access: Access, llama: SharedLlama, threshold: float, metrics: Metrics) -> None:
        self._access = access
        self._llama = llama
        self._threshold = threshold
        self._metrics = metrics
        self._noticed = 1  # rises with everything that may leave something to do
        self._lined_upto = self._embedded_upto = 0
        self._changed = asyncio.Condition()  # one of the above, or what is said of the queue
        self._saved: set[str] = set()  # keys of vectors that a save has asked for
        self._asked_after: tuple[int, str] | None = None  # of the nodes that a model is asked about
        self._asked_all_s = -_ASK_ALL_EVERY_S
        self._tag = ""
        self._model = ""
        self._counts: dict[str, Any] = {}
        self._counted_s = self._counting_took_s = 0.0
        self._missing_since_s: float | None = None
        self._recall: dict[str, Any] = {}

    # ------------------------------------------------------------------ life

    async def run(self, following: Callable[[], Awaitable[int]]) -> None:
        """Work until cancelled. `following` returns once the tree is followed."""
        await following()
        with self._llama.listening(self.look_again):
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._keep_lines())
                    # Apart, for a backlog may have to wait for long.
                    group.create_task(self._keep_saved())
                    group.create_task(self._keep_backlog())
                    group.create_task(self._keep_tidy())
            except* Exception as errors:
                raise errors.exceptions[0] from None

    async def _keep_lines(self) -> None:
        while True:
            await self._until(lambda: not self._access.is_paused())
            seen = self._noticed
            await self._begin()
            if await self._read_files():
                continue
            await self._count_if_due(is_wanted=True)
            self._lined_upto = seen
            await self._until(lambda seen=seen: self._noticed != seen)  # type: ignore[misc]

    async def _keep_saved(self) -> None:
        while True:
            await self._until(lambda: bool(self._saved) and self._is_lined())
            outcome = await self._embed_missing(Urgency.SAVED)
            if outcome is _Outcome.NONE_LEFT:
                self._saved.clear()
                await self._say()
            elif outcome is _Outcome.STUCK:
                await asyncio.sleep(_RETRY_S)

    async def _keep_backlog(self) -> None:
        while True:
            with suppress(TimeoutError):  # what a model could not be asked about then, it may be now
                async with asyncio.timeout(_ASK_ALL_EVERY_S if self._llama.summary_model_id else None):
                    await self._until(lambda: self._embedded_upto != self._noticed and self._is_lined())
            if not self._is_lined():
                continue
            seen = self._lined_upto
            await self._count_if_due()
            outcome = await self._embed_missing(Urgency.BACKLOG)
            if outcome is _Outcome.SOME_MADE:
                continue
            if outcome is _Outcome.STUCK:
                await self._pause_for_others()
                continue
            if await self._ask_the_model():
                continue
            await self._index_vectors(seen)
            await self._count_if_due(is_wanted=True)
            self._embedded_upto = seen
            await self._say()

    async def _pause_for_others(self) -> None:
        """Until what was just saved has its vectors; or for a while, if it is not that."""
        if not self._saved:
            await asyncio.sleep(_RETRY_S)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_RETRY_S):
                await self._until(lambda: not self._saved)

    async def _keep_tidy(self) -> None:
        """Memory that is not used, vectors that nobody refers to, how good the index is."""
        collected = measured = time.monotonic()
        while True:
            await asyncio.sleep(_TIDY_EVERY_S)
            await self._access.read(vectors.release_exact, _EXACT_IDLE_S)
            await self._count_if_due()
            now = time.monotonic()
            if now - collected > _COLLECT_EVERY_S:
                collected = now
                # by a reader's thread: it takes the store's lock step by step, and a save goes in between
                gone = await self._access.read(vectors.collect_vectors, _UNUSED_FOR_S, time.time())
                self._metrics.count("meaning.vectors_collected", gone)
            if now - measured > _RECALL_EVERY_S:
                measured = now
                report = await self._access.read(vectors.recall_at)
                self._recall = {} if report is None else report._asdict()

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with self._changed:
            self._changed.notify_all()
            await self._changed.wait_for(holds)

    def _is_lined(self) -> bool:
        """Whether keys are those of the texts as they are, and may be worked on."""
        return self._lined_upto == self._noticed and not self._access.is_paused()

    async def _say(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _begin(self) -> None:
        """With other rules, another recipe or another model, everything is looked at again."""
        state = self._llama.state
        model = state.model_id if self._llama.embedding.path else ""
        if not model and not self._llama.is_off:  # it is missing for now: what the store has keeps its keys
            known = await self._access.read(vectors.vector_models)
            model = next((one.model_id for one in known if one.is_wanted), "")
        tag = f"rules {RULES_VERSION} {self._threshold}, recipe {EMBED_RECIPE}, model {model or 'none'}"
        if tag == self._tag:
            return
        if model == state.model_id and model:
            await self._access.write(vectors.use_model, model, state.dimension)
            await self._access.write(vectors.retry_refused)
        await self._access.write(meaning.begin_meaning, tag)
        self._tag, self._model = tag, model

    # ------------------------------------------------------------------ lines, by rule

    async def _read_files(self) -> bool:
        """Lines and keys of some files that are other now. False if there are none."""
        pending: list[PendingMeaning] = await self._access.read(meaning.pending_meanings, _FILES_AT_ONCE)
        if not pending:
            return False
        await self._access.until_idle()
        with self._metrics.timed("meaning.lines"):
            made: Made = await self._access.read(make_meanings, pending, self._model, self._threshold)
        await self._access.until_idle()
        # By a reader's thread: it takes the store's lock step by step, and a save goes in between.
        commit: Commit = await self._access.read(store_meanings, made)
        self._metrics.count("meaning.files", len(made.files))
        self._metrics.count("meaning.lines_made", len(made.lines))
        self._metrics.count("meaning.lines_remembered", made.remembered)
        if commit.changes:
            await self._access.publish([commit])
        if any(one.rank == Rank.SAVED for one in pending):
            self._saved.update(made.keys)
            await self._say()
        return True

    # ------------------------------------------------------------------ vectors

    async def _embed_missing(self, urgency: Urgency) -> _Outcome:
        """Make vectors of some keys that have none: of those that a save has asked for, or of the others."""
        model = self._model
        if not model:
            return _Outcome.NONE_LEFT
        missing: list[tuple[str, str]] = await self._access.read(vectors.missing_vectors, _VECTORS_AT_ONCE)
        is_saved = urgency is Urgency.SAVED
        missing = [one for one in missing if (one[0] in self._saved) == is_saved]
        if not missing:
            if not is_saved and not self._saved:
                self._missing_since_s = None
            return _Outcome.NONE_LEFT if is_saved or not self._saved else _Outcome.STUCK
        self._missing_since_s = self._missing_since_s or time.monotonic()
        texts = await self._access.read(texts_of, missing, model)
        if not texts:  # other texts by now: their lines come first
            return _Outcome.STUCK
        try:
            found = await self._llama.embed(list(texts.values()), urgency, model)
        except (Refused, QueueFull):
            return self._stuck()
        rows: list[tuple[str, bytes]] = []
        refused: list[tuple[str, str]] = []
        is_stuck = False
        for key, vector in zip(texts, found, strict=True):
            if isinstance(vector, bytes):
                rows.append((key, vector))
            elif vector.kind in _NOT_ITS_FAULT:
                is_stuck = True
            else:
                refused.append((key, str(vector)))
        await self._access.until_idle()
        with self._metrics.timed("meaning.store_vectors"):
            await self._access.write(store_vectors, model, rows, refused)
        self._metrics.count("meaning.vectors", len(rows))
        self._saved.difference_update(key for key, _ in rows)
        if not self._saved:
            await self._say()
        return self._stuck() if is_stuck else _Outcome.SOME_MADE

    def _stuck(self) -> _Outcome:
        """The model gives nothing for now; if it never will, nothing is left to wait for."""
        return _Outcome.STUCK if self._llama.can_embed else _Outcome.NONE_LEFT

    # ------------------------------------------------------------------ lines, by a model

    async def _ask_the_model(self) -> bool:
        """Lines for some nodes for which the rules are not enough. False if there are none, or none can be
        had now."""
        model = self._llama.summary_model_id
        if not model or (
            self._asked_after is None and time.monotonic() - self._asked_all_s < _ASK_ALL_EVERY_S
        ):
            return False
        nodes: list[Insufficient] = await self._access.read(
            lambda db: meaning.insufficient(db, _PROMPTS_AT_ONCE, after=self._asked_after)
        )
        if not nodes:
            self._asked_after, self._asked_all_s = None, time.monotonic()
            return False
        prompts: list[Asked] = await self._access.read(prompts_of, nodes, model)
        for asked in prompts:
            if not self._is_lined() or not await self._ask_one(asked):
                return False
        self._asked_after = nodes[-1].cursor
        return True

    async def _ask_one(self, asked: Asked) -> bool:
        """Whether another may be asked."""
        before = asked.before
        if before is not None and before.one_line:
            await self._access.until_idle()
            await self._put_line(asked, before)
            return True
        if before is not None and (
            before.tries >= _TRIES or time.time() - before.created_at < _ASK_AGAIN_AFTER_S
        ):
            return True
        prompt = asked.prompt
        line, error = None, ""
        try:
            said = await self._llama.generate(
                Prompt(
                    prompt.text,
                    prompt.grammar,
                    prompt.max_tokens,
                    prompt.temperature,
                    prompt.seed,
                    prompt.stop,
                ),
                Urgency.BACKLOG,
            )
        except QueueFull:
            return False
        except Refused as refusal:
            if refusal.kind is Refusal.NOT_READY:
                return False
            error = str(refusal)
        else:
            line = judge(said.text, asked.node) if said.finish != "length" else None
            error = "" if line is not None else "what the model said is no summary"
        self._metrics.count("meaning.generated" if line else "meaning.generated_in_vain")
        stored = StoredSummary(
            asked.key,
            line.one_line if line else "",
            LLM_ASSISTED,
            line.confidence if line else 0.0,
            time.time(),
            error,
            1 + (before.tries if before else 0),
        )
        await self._access.until_idle()
        await self._access.write(meaning.upsert_summaries, [stored])
        if line is not None:
            await self._put_line(asked, stored)
        return True

    async def _put_line(self, asked: Asked, stored: StoredSummary) -> None:
        commit: Commit = await self._access.write(replace_line, asked, stored, self._model)
        if commit.changes:
            await self._access.publish([commit])

    # ------------------------------------------------------------------ now and then

    async def _index_vectors(self, seen: int) -> None:
        """Bring the index up to the vectors, where there are so many that it is used."""
        left = 1
        while left and self._model and self._noticed == seen and self._is_lined():
            await self._access.until_idle()
            left = await self._access.write(vectors.index_vectors)

    async def _count_if_due(self, *, is_wanted: bool = False) -> None:
        """Counting reads much: it may take a hundredth of the time; if the figures are wanted now, some
        milliseconds."""
        started = time.monotonic()
        is_quick = is_wanted and self._counting_took_s < _QUICK_COUNT_S
        if is_quick or started - self._counted_s > 100 * self._counting_took_s:
            self._counts = (await self._access.read(meaning.meaning_counts))._asdict()
            self._counted_s = time.monotonic()
            self._counting_took_s = self._counted_s - started

    # ------------------------------------------------------------------ what the workspace tells and asks

    def notice(self, commits: Sequence[Commit]) -> None:
        """Commits have been made: files may be others."""
        if commits:
            self.look_again()

    @property
    def pending(self) -> dict[str, int]:
        """What is to be done, by stage, as last counted: files without lines, keys without vectors."""
        counted = {
            "summarised": int(self._counts.get("pending_files", 0)),
            "embedded": int(self._counts.get("missing_vectors", 0)),
        }
        return {stage: count for stage, count in counted.items() if count}

    async def wait_settled(self, *, embedded: bool) -> None:
        """Return when every node has its line and, if `embedded`, its vector, as far as they can be had."""
        await self._until(
            lambda: (
                self._access.is_paused()
                or (self._embedded_upto if embedded else self._lined_upto) == self._noticed
            )
        )

    def look_again(self) -> None:
        """Something is other: a model, or whether the workspace is paused."""
        self._noticed += 1
        self._woken = asyncio.ensure_future(self._say())

    def status(self) -> dict[str, Any]:
        """See `indexer.results_meaning.MeaningStatus`."""
        missing = int(self._counts.get("missing_vectors", 0))
        rate = self._llama.turns.rate()
        since = self._missing_since_s
        return {
            **self._counts,
            "model": self._model,
            "oldest_s": None if since is None else round(time.monotonic() - since, 1),
            "eta_s": round(missing / rate) if missing and rate else None,
            "recall": self._recall or None,
        }
