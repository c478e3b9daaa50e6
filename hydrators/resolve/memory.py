"""Which look-up keys are asked for, and answers that are remembered together with the keys they hang on.

An answer holds the keys that it asked for itself and the answers that it used, so that to use one again costs
the same whatever it hangs on. Knows nothing of what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

T = TypeVar("T")


_MANY = 8


class Answer:
    """A remembered answer. Two are the same only if they are one."""

    __slots__ = ("keys", "used", "value")

    def __init__(self, value: object, keys: frozenset[str], used: tuple[Answer, ...]) -> None:
        self.value = value
        self.keys = keys
        self.used = used


class Memory:
    """Answers to questions, and a record of the keys that are asked for while one looks."""

    def __init__(self) -> None:
        self.keys: set[str] = set()  # asked for since `begin`, but for those of `used`
        self.used: set[Answer] = set()
        self._known: dict[object, Answer] = {}
        self._known_here: dict[object, Answer] = {}

    def begin(self) -> None:
        """Record anew from here on."""
        self.keys = set()
        self.used = set()

    def asked(self) -> frozenset[str]:
        """Every key that was asked for since `begin`."""
        keys = set(self.keys)
        seen = set(self.used)
        pending = list(seen)
        while pending:
            answer = pending.pop()
            keys |= answer.keys
            for used in answer.used:
                if used not in seen:
                    seen.add(used)
                    pending.append(used)
        return frozenset(keys)

    def remember(self, question: object, compute: Callable[[], T]) -> T:
        """The answer to a question that depends on nothing but definitions, with the keys it asks for.

        A definition is part of a question as a whole, not by its id: an id outlives an edit.
        """
        answer = self._known.get(question)
        if answer is None:
            answer = self._known[question] = self._compute(compute)
        self.used.add(answer)
        return answer.value  # type: ignore[return-value]

    def remember_here(self, question: object, compute: Callable[[], T]) -> T:
        """As `remember`, of a question that is not likely to be asked by another file."""
        answer = self._known_here.get(question)
        if answer is None:
            answer = self._known_here[question] = self._compute(compute)
        self.used.add(answer)
        return answer.value  # type: ignore[return-value]

    def _compute(self, compute: Callable[[], object]) -> Answer:
        keys, used = self.keys, self.used
        self.begin()
        try:
            value = compute()
            if len(self.used) > _MANY:
                return Answer(value, self.asked(), ())
            return Answer(value, frozenset(self.keys), tuple(self.used))
        finally:
            self.keys, self.used = keys, used

    def begin_file(self) -> None:
        """Forget what only the last file asks, and record anew."""
        self._known_here.clear()
        self.begin()

    def forget(self, keys: Collection[str]) -> None:
        """Drop every answer that depends on one of these keys."""
        if not keys:
            return
        changed = frozenset(keys)
        verdicts: dict[Answer, bool] = {}

        def is_old(answer: Answer) -> bool:
            verdict = verdicts.get(answer)
            if verdict is None:
                verdict = verdicts[answer] = not changed.isdisjoint(answer.keys) or any(
                    is_old(used) for used in answer.used
                )
            return verdict

        for question in [question for question, answer in self._known.items() if is_old(answer)]:
            del self._known[question]
