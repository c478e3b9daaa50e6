"""All that is asked of the child: what waits, what is under way, and what becomes of it if the child dies.

Knows how to speak with a child that is ready; its start and its end are told.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any, NamedTuple

from hydrators.llama import wire
from hydrators.llama.child import Child
from hydrators.llama.lanes import Answer, Call, Lane, Text
from hydrators.llama.mishaps import Mishaps
from hydrators.llama.model import Generated, Refusal, Refused

_LOAD_S = 120.0  # a model of gigabytes comes from a cold disk
_GRACE_S = 5.0  # a generation sees its own deadline first


class Verdict(NamedTuple):
    """Of a death. `is_explained`: by something that is not tried again. `generation_reason`: why there is no
    generation any more, "" if that is not at fault."""

    is_explained: bool
    generation_reason: str = ""


class Work:
    """`last_use_s` is of the monotonic clock."""

    def __init__(self) -> None:
        self.urgent = Lane.for_texts("urgent", retries=False)
        self.backlog = Lane.for_texts("backlog", retries=True)
        self.generate = Lane.for_prompts("generate")
        self._lanes = (self.urgent, self.backlog, self.generate)
        self.mishaps = Mishaps()
        self.last_use_s = 0.0
        self._numbers = itertools.count(1)
        self._child: Child | None = None
        self._dimension = 0
        self._is_loaded = False  # the child has the generation model, which it loads with the first prompt

    # ------------------------------------------------------------ asking

    def add(self, lane: Lane, call: Call) -> None:
        for text in list(call.waiting):
            if self.mishaps.is_quarantined(text.digest):
                call.waiting.remove(text)
                call.settle(text, _quarantined())
        if call.waiting:
            lane.add(call, lambda text: self.mishaps.is_suspect(text.digest))
            self.last_use_s = time.monotonic()
            self._pump()

    async def answers(self, lane: Lane, call: Call) -> list[Answer]:
        """Of a call that was added."""
        try:
            return await call.answered
        except asyncio.CancelledError:
            if lane is self.generate:
                self._cancel(call)
            raise

    @property
    def is_idle(self) -> bool:
        return all(lane.is_idle for lane in self._lanes)

    @property
    def is_generating(self) -> bool:
        """Whether the child holds the generation model, or loads it."""
        return self._is_loaded or self._is_loading

    def overdue_s(self, now_s: float, timeout_s: float) -> float:
        """How long the child may be silent about something, if it has been for longer; 0 otherwise."""
        for lane in self._lanes:
            allowed_s = timeout_s
            if lane is self.generate:
                allowed_s = _LOAD_S if self._is_loading else timeout_s + _GRACE_S
            if lane.in_flight and now_s - lane.heard_s > allowed_s:
                return allowed_s
        return 0.0

    def refuse_all(self, why: Refused) -> None:
        for lane in self._lanes:
            lane.refuse(why)

    def change_model(self, why: Refused) -> None:
        """What waits for a vector waits for one of another model; and what killed that one may not kill the
        next."""
        self.urgent.refuse(why)
        self.backlog.refuse(why)
        self.mishaps = Mishaps()

    # ------------------------------------------------------------ a child

    def begin(self, child: Child, dimension: int) -> None:
        """It is ready, and makes vectors of so many dimensions."""
        self._child, self._dimension, self._is_loaded = child, dimension, False
        self.last_use_s = time.monotonic()
        self._pump()

    def _cancel(self, call: Call) -> None:
        for number, texts in self.generate.in_flight.items():
            if texts[0].call is call and self._child is not None:
                self._child.send({"do": "cancel", "id": number})

    def _pump(self) -> None:
        """Send what may be sent."""
        if self._child is None:
            return
        for lane in self._lanes:
            while not self._is_held_back(lane) and (texts := lane.next_texts()):
                number = next(self._numbers)
                lane.sent(number, texts, time.monotonic())
                head: dict[str, Any] = {
                    "do": "work",
                    "id": number,
                    "lane": lane.name,
                    "sizes": [len(text.data) for text in texts],
                }
                if lane is self.generate:
                    head["with"] = list(texts[0].settings)
                self._child.send(head, b"".join([text.data for text in texts]))

    @property
    def _is_loading(self) -> bool:
        return bool(self.generate.in_flight) and not self._is_loaded

    def _is_held_back(self, lane: Lane) -> bool:
        """A suspect is computed, and the generation model loaded, while nothing else is: so it is known to be
        at fault if the child dies then. Only what is urgent does not wait for others."""
        alone = next((each for each in self._lanes if each.has_suspects), None)
        if alone is None and not self._is_loaded and not self.generate.is_idle:
            alone = self.generate
        if alone is lane:
            return any(other.in_flight for other in self._lanes if other is not lane)
        return alone is not None and lane is not self.urgent

    def hear(self, frame: wire.Frame) -> str | None:
        """Why there is no generation, "" if there is, None if the frame is about something else. Raises
        ValueError, KeyError, TypeError or IndexError for what nobody can have meant."""
        head, now = frame.head, time.monotonic()
        if "generation" in head:
            self._is_loaded = not head["generation"]
            self._pump()
            return str(head["generation"])
        number = head["id"]
        lane = next((lane for lane in self._lanes if number in lane.in_flight), None)
        if lane is None:
            return None  # of what was refused meanwhile
        if "doing" in head:
            lane.began(number, head["doing"], now)
            return None
        texts = lane.answered(number, now)
        self.last_use_s = now
        if "generated" in head:
            self.mishaps.clear(texts[0].digest)
            texts[0].call.settle(texts[0], Generated(frame.body.decode(), *head["generated"]))
        else:
            self._settle(texts, head["refused"], frame.body)
        self._pump()
        return None

    def _settle(self, texts: list[Text], refusals: list[tuple[int, str, str]], body: bytes) -> None:
        refused = {place: Refused(Refusal(kind), words) for place, kind, words in refusals}
        size = 4 * self._dimension
        if len(body) != size * (len(texts) - len(refused)):
            raise ValueError("vectors of another size")
        end = 0
        for place, text in enumerate(texts):
            self.mishaps.clear(text.digest)
            if place in refused:
                text.call.settle(text, refused[place])
            else:
                start, end = end, end + size
                text.call.settle(text, body[start:end])

    def bury(self, reason: str, *, is_blamed: bool = True) -> Verdict:
        """The child ended. `is_blamed`: by what it did. What was under way is answered, or tried again."""
        was_loading = self._is_loading
        suspects = sum(len(lane.suspects) for lane in self._lanes)
        is_explained = False
        self._child = None
        self._is_loaded = False
        for lane in self._lanes:

            def blame(text: Text, lane: Lane = lane) -> Refused | None:
                nonlocal is_explained
                if is_blamed and self.mishaps.suspect(text.digest, is_alone=suspects + was_loading == 1):
                    is_explained = True
                    return _quarantined()
                kind = Refusal.CRASHED if is_blamed else Refusal.NOT_READY
                return None if lane.retries else Refused(kind, f"llama.cpp: {reason}")

            lane.bury(blame, Refused(Refusal.NOT_READY, f"llama.cpp: {reason}"))
        if was_loading and suspects == 0 and is_blamed:
            return Verdict(True, f"the process ended while the model was loaded: {reason}")
        return Verdict(is_explained)


def _quarantined() -> Refused:
    return Refused(Refusal.QUARANTINED, "llama.cpp ended over it twice: it is not tried again")
