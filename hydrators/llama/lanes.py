"""What waits for the child, in what order it goes there, and what becomes of it when the child dies.

Knows neither the process nor its pipes; time is given.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from blake3 import blake3

from hydrators.llama.model import Generated, Prompt, Refusal, Refused

MAX_TEXT_BYTES = 16_384  # 32 for each token of a context of 512; 10 MB cost the tokenizer seconds
FRAME_TEXTS = 32
FRAME_BYTES = 4_096  # about a quarter of a second of work on one core: what comes next can still be chosen
MAX_WAITING_TEXTS = 100_000
MAX_WAITING_PROMPTS = 1_000
_BYTES_PER_TOKEN = 32  # more than any text has on average: the tokenizer would take seconds to say the same
_SETTINGS_BYTES = 65_536  # of a grammar, or of all stop strings
_GRAMMAR_DEPTH = (
    100  # the grammar's parser recurses: 100,000 brackets overflow its stack, and end the process
)
_IN_FLIGHT = 2  # so that the child never waits for the next one

Answer = bytes | Generated | Refused


class Text:
    """One input of a call. `settings` are a prompt's."""

    __slots__ = ("call", "data", "digest", "place", "settings")

    def __init__(self, call: Call, place: int, text: str, settings: Sequence[Any] = ()) -> None:
        self.call = call
        self.place = place
        # What is not Unicode would be an exception in the library, and so its end.
        self.data = text.encode("utf-8", "replace")
        self.settings = settings
        self.digest = blake3(self.data + repr(settings).encode()).digest(16)

    def cut(self) -> None:
        """To what the tokenizer is given at most, at the beginning of a character."""
        if len(self.data) > MAX_TEXT_BYTES:
            self.data = self.data[:MAX_TEXT_BYTES].decode("utf-8", "ignore").encode()


class Call:
    """What one caller waits for: answers in the order of its texts."""

    def __init__(self) -> None:
        self.waiting: deque[Text] = deque()  # what was not sent yet
        self.answers: list[Answer] = []
        self.answered: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()
        self._left = 0

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Call:
        call = cls()
        for text in texts:
            # A text of 10 MB is not even encoded as a whole.
            call._add(Text(call, call._left, text[:MAX_TEXT_BYTES]))
        for waiting in call.waiting:
            waiting.cut()
        return call

    @classmethod
    def of_prompt(cls, text: str, settings: Sequence[Any]) -> Call:
        call = cls()
        call._add(Text(call, 0, text, settings))
        return call

    def _add(self, text: Text) -> None:
        self.waiting.append(text)
        self.answers.append(_NONE)
        self._left += 1

    def settle(self, text: Text, answer: Answer) -> None:
        self.answers[text.place] = answer
        self._left -= 1
        if self._left == 0 and not self.answered.done():
            self.answered.set_result(self.answers)

    @property
    def is_over(self) -> bool:
        """Nobody waits for it any more."""
        return self.answered.done()


_NONE = Refused(Refusal.NOT_READY, "not asked yet")


def why_unfit(prompt: Prompt, context_tokens: int) -> Refused | None:
    """Why a prompt must not reach the library, as far as that can be told here."""
    why = ""
    if prompt.max_tokens < 1:
        why = "max_tokens is less than 1"
    elif len(prompt.text) > _BYTES_PER_TOKEN * context_tokens:
        why = f"a prompt of {len(prompt.text):,} characters does not fit the context"
    elif len(prompt.grammar) > _SETTINGS_BYTES or _depth(prompt.grammar) > _GRAMMAR_DEPTH:
        why = "the grammar is too large, or too deep"
    elif "\0" in prompt.grammar:
        why = "the grammar holds a NUL"
    elif sum(map(len, prompt.stop)) > _SETTINGS_BYTES:
        why = "the stop strings are too long"
    return Refused(Refusal.REFUSED, why) if why else None


def _depth(grammar: str) -> int:
    steps = ((character == "(") - (character == ")") for character in grammar)
    return max(itertools.accumulate(steps), default=0)


class Lane:
    """`retries`: what was not to blame for a death, or not alone, is sent again."""

    def __init__(self, name: str, *, texts: int, in_flight: int, retries: bool) -> None:
        self.name = name
        self.retries = retries
        self.in_flight: dict[int, list[Text]] = {}
        self.heard_s = 0.0  # when the child last gave a sign of life while something was in flight
        self.doing: tuple[int, list[int]] | None = None  # frame and places in it that are computed now
        self._frame_texts = texts
        self._most_in_flight = in_flight
        self._calls: deque[Call] = deque()
        self._returned: deque[Text] = deque()  # sent before, and not to blame for the death that followed
        self._suspects: deque[Text] = deque()  # computed when a child died: each goes alone
        self._is_alone = False
        self._oldest_first = False

    @classmethod
    def for_texts(cls, name: str, *, retries: bool) -> Lane:
        return cls(name, texts=FRAME_TEXTS, in_flight=_IN_FLIGHT, retries=retries)

    @classmethod
    def for_prompts(cls, name: str) -> Lane:
        return cls(name, texts=1, in_flight=1, retries=False)

    def add(self, call: Call, is_suspect: Callable[[Text], bool] = lambda _: False) -> None:
        """`is_suspect` says what was computed when a child died, and so goes alone."""
        suspects = [text for text in call.waiting if is_suspect(text)]
        if suspects:
            self._suspects.extend(suspects)
            call.waiting = deque(text for text in call.waiting if text not in suspects)
        self._calls.append(call)

    @property
    def waiting(self) -> int:
        called = sum(len(call.waiting) for call in self._calls if not call.is_over)
        return called + len(self._returned) + len(self._suspects)

    @property
    def has_suspects(self) -> bool:
        """Whether something goes alone next, or is under way alone."""
        return self._is_alone or any(not text.call.is_over for text in self._suspects)

    @property
    def is_idle(self) -> bool:
        return not (self.in_flight or self.waiting)

    # ------------------------------------------------------------ out

    def next_texts(self) -> list[Text]:
        """What to send now, if anything: calls of few texts first, but every other time from the one that
        waits longest. What is suspected of a death goes with nothing beside it."""
        if len(self.in_flight) >= self._most_in_flight or self._is_alone:
            return []
        while self._suspects:
            if self.in_flight:
                return []
            text = self._suspects.popleft()
            if not text.call.is_over:
                self._is_alone = True
                return [text]
        chosen: list[Text] = []
        while self._returned and not self._is_full(chosen, self._returned[0]):
            text = self._returned.popleft()
            if not text.call.is_over:
                chosen.append(text)
        if not chosen:
            self._fill(chosen)
        return chosen

    def _fill(self, chosen: list[Text]) -> None:
        self._calls = deque(call for call in self._calls if call.waiting and not call.is_over)
        if not self._calls:
            return
        self._oldest_first = not self._oldest_first
        for call in self._calls if self._oldest_first else sorted(self._calls, key=_texts_waiting):
            while call.waiting:
                if self._is_full(chosen, call.waiting[0]):
                    return
                chosen.append(call.waiting.popleft())

    def _is_full(self, chosen: list[Text], text: Text) -> bool:
        size = sum(len(each.data) for each in chosen)
        return len(chosen) >= self._frame_texts or (bool(chosen) and size + len(text.data) > FRAME_BYTES)

    def sent(self, number: int, texts: list[Text], now_s: float) -> None:
        if not self.in_flight:
            self.heard_s = now_s
        self.in_flight[number] = texts

    # ------------------------------------------------------------ back

    def began(self, number: int, places: list[int], now_s: float) -> None:
        self.doing = (number, places)
        self.heard_s = now_s

    def answered(self, number: int, now_s: float) -> list[Text]:
        self.heard_s = now_s
        self.doing = None
        self._is_alone = False
        return self.in_flight.pop(number)

    @property
    def suspects(self) -> list[Text]:
        """What is computed now."""
        if self.doing is None or self.doing[0] not in self.in_flight:
            return []
        return [self.in_flight[self.doing[0]][place] for place in self.doing[1]]

    def bury(self, blame: Callable[[Text], Refused | None], why: Refused) -> None:
        """The child died. `blame` is told of each text that was computed and says how it is answered, None to
        try it again, alone; `why` is for what was not begun, if this lane does not send things again."""
        suspects = self.suspects
        rest = [text for texts in self.in_flight.values() for text in texts if text not in suspects]
        self.in_flight.clear()
        self.doing = None
        self._is_alone = False
        for text in suspects:
            refused = blame(text)
            if refused is not None:
                text.call.settle(text, refused)
            else:
                self._suspects.append(text)
        if self.retries:
            self._returned.extendleft(reversed(rest))
        else:
            for text in rest:
                text.call.settle(text, why)

    def refuse(self, why: Refused) -> None:
        """All that waits or flies."""
        flying = [text for texts in self.in_flight.values() for text in texts]
        waiting = [text for call in self._calls for text in call.waiting]
        for text in [*flying, *self._suspects, *self._returned, *waiting]:
            text.call.settle(text, why)
        for call in self._calls:
            call.waiting.clear()
        self._calls.clear()
        self._returned.clear()
        self._suspects.clear()
        self.in_flight.clear()
        self.doing = None
        self._is_alone = False


def _texts_waiting(call: Call) -> int:
    return len(call.waiting)
