"""Prompts to text: one context of a generation model. Runs in the child, in one thread.

The beginning that a prompt shares with the last one is not computed again, in whole chunks: as every chunk is
computed in the same shape then, what is said does not depend on what was asked before.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any

import llama_cpp.llama_cpp as c
import numpy as np

from hydrators.llama.library import LoadFailed, Model, last_error
from hydrators.llama.model import Generated, Prompt, Refusal, Refused

CHUNK_TOKENS = 64  # between two of them a deadline is looked at
_PIECE_BYTES = 256
Logits = np.ndarray[Any, np.dtype[np.float32]]
_CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])  # llama_token_data


class Generator:
    def __init__(self, model: Model, threads: int, context_tokens: int) -> None:
        """Raises LoadFailed if the model does not go on with a text."""
        if not model.header.is_generator:
            raise LoadFailed(
                f"{model.header.name or 'the model'} is not a generation model", "name a generation model"
            )
        self._model = model
        self.context_tokens = max(CHUNK_TOKENS, min(context_tokens, model.trained_context or context_tokens))
        parameters = c.llama_context_default_params()
        parameters.n_ctx = self.context_tokens
        parameters.n_batch = parameters.n_ubatch = CHUNK_TOKENS
        parameters.n_threads = parameters.n_threads_batch = threads
        self._context = model.context(parameters)
        self._memory = c.llama_get_memory(self._context)
        self._batch = c.llama_batch_init(CHUNK_TOKENS, 0, 1)
        self._past: list[int] = []  # tokens of the last prompt that were computed in whole chunks
        self._vocabulary_size = c.llama_vocab_n_tokens(model.vocabulary)
        self._piece = ctypes.create_string_buffer(_PIECE_BYTES)

    def generate(self, prompt: Prompt, deadline_s: float, is_cancelled: Callable[[], bool]) -> Generated:
        """`deadline_s` is of the monotonic clock. Raises Refused."""

        def look() -> None:
            if is_cancelled():
                raise Refused(Refusal.TIMED_OUT, "nobody waits for it any more")
            if time.monotonic() > deadline_s:
                raise Refused(Refusal.TIMED_OUT, "the generation took too long")

        tokens = self._fitting(prompt)
        with _Grammar(self._model.vocabulary, prompt.grammar) as grammar:
            look()
            logits = self._read_prompt(tokens, look)
            text, finish, count = self._go_on(prompt, len(tokens), logits, grammar, look)
        return Generated(text, finish, len(tokens), count)

    def _fitting(self, prompt: Prompt) -> list[int]:
        room = self.context_tokens - prompt.max_tokens
        text = prompt.text.encode("utf-8", "replace")
        tokens = self._model.tokens(text)
        if not tokens:
            raise Refused(Refusal.REFUSED, "the prompt is empty")
        if len(tokens) > room:
            raise Refused(
                Refusal.REFUSED,
                f"a prompt of {len(tokens):,} tokens and {prompt.max_tokens:,} to come do not fit the "
                f"context of {self.context_tokens:,}",
            )
        return tokens

    # ------------------------------------------------------------ the model

    def _read_prompt(self, tokens: list[int], look: Callable[[], None]) -> Logits:
        """Returns the logits after the prompt."""
        shared = 0
        for known, wanted in zip(self._past, tokens[:-1], strict=False):
            if known != wanted:
                break
            shared += 1
        shared -= shared % CHUNK_TOKENS
        if not c.llama_memory_seq_rm(self._memory, 0, shared, -1):  # some models cannot forget a part
            shared = 0
            c.llama_memory_clear(self._memory, False)
        self._past = tokens[:shared]
        for start in range(shared, len(tokens), CHUNK_TOKENS):
            chunk = tokens[start : start + CHUNK_TOKENS]
            self._compute(chunk, start)
            if len(chunk) == CHUNK_TOKENS:
                self._past += chunk
            look()
        return self._logits()

    def _compute(self, tokens: list[int], at: int) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i] = token
            batch.pos[i] = at + i
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = 0
            batch.logits[i] = i == len(tokens) - 1
        code = c.llama_decode(self._context, batch)
        if code != 0:
            self._past = []
            c.llama_memory_clear(self._memory, False)
            raise Refused(Refusal.FAILED, f"llama.cpp refused the batch (code {code}): {last_error()}")

    def _logits(self) -> Logits:
        found = c.llama_get_logits_ith(self._context, -1)
        if not found:
            raise Refused(Refusal.FAILED, "the model gives no probabilities")
        return np.ctypeslib.as_array(found, (self._vocabulary_size,)).copy()

    # ------------------------------------------------------------ the text

    def _go_on(
        self,
        prompt: Prompt,
        at: int,
        logits: Logits,
        grammar: _Grammar,
        look: Callable[[], None],
    ) -> tuple[str, str, int]:
        """Text, why it ends, tokens."""
        dice = np.random.default_rng(prompt.seed & 0xFFFF_FFFF)
        stops = [stop.encode("utf-8", "replace") for stop in prompt.stop if stop]
        longest = max(map(len, stops), default=0)
        said = bytearray()
        for count in range(1, prompt.max_tokens + 1):
            token, is_forced = self._choose(logits, prompt.temperature, dice, grammar)
            if c.llama_vocab_is_eog(self._model.vocabulary, token):
                return _text(said), "grammar" if is_forced else "stop", count
            grammar.accept(token)
            before = len(said)
            said += self._piece_of(token)
            found = [place for stop in stops if (place := said.find(stop, max(0, before - longest))) >= 0]
            if found:
                return _text(said[: min(found)]), "stop", count
            if count < prompt.max_tokens:
                look()
                self._compute([token], at + count - 1)
                logits = self._logits()
        return _text(said), "length", prompt.max_tokens

    def _choose(
        self,
        logits: Logits,
        temperature: float,
        dice: np.random.Generator,
        grammar: _Grammar,
    ) -> tuple[int, bool]:
        """The next token, and whether the grammar had to force it. The grammar looks at all tokens only if it
        does not like the first choice: that costs milliseconds in a large vocabulary."""
        token = _drawn(logits, temperature, dice)
        if grammar.allows(token):
            return token, False
        allowed = grammar.filtered(logits)
        if not np.isfinite(allowed).any():
            raise Refused(Refusal.FAILED, "the grammar allows nothing that the model can say")
        return _drawn(allowed, temperature, dice), True

    def _piece_of(self, token: int) -> bytes:
        length = c.llama_token_to_piece(self._model.vocabulary, token, self._piece, _PIECE_BYTES, 0, False)
        if length < 0:  # it says how much room it needs
            self._piece = ctypes.create_string_buffer(-length)
            length = c.llama_token_to_piece(self._model.vocabulary, token, self._piece, -length, 0, False)
        return self._piece.raw[: max(0, length)]


def _drawn(logits: Logits, temperature: float, dice: np.random.Generator) -> int:
    best = int(logits.argmax())
    if not np.isfinite(logits[best]):
        raise Refused(Refusal.FAILED, "the model's probabilities are not finite")
    if not temperature > 0:
        return best
    weights = np.exp((logits.astype("<f8") - logits[best]) / temperature)
    return int(dice.choice(len(weights), p=weights / weights.sum()))


def _text(said: bytes | bytearray) -> str:
    """A character that was cut is left out."""
    for cut in range(4):
        try:
            return bytes(said[: len(said) - cut]).decode()
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                break
    return bytes(said).decode("utf-8", "replace")


class _Grammar:
    """What may be said next, by a GBNF grammar; anything, if that is "". Holds native memory while
    entered.

    It is asked before it is told: a token that it does not expect, and a grammar that it cannot read, would
    be a C++ exception and so the end of the process.
    """

    def __init__(self, vocabulary: c.llama_vocab_p, grammar: str) -> None:
        """Raises Refused for a bad grammar."""
        self._sampler: c.llama_sampler_p | None = None
        if not grammar:
            return
        text = grammar.encode("utf-8", "replace")
        last_error()
        self._sampler = c.llama_sampler_init_grammar(vocabulary, text, b"root")
        if not self._sampler:
            raise Refused(Refusal.REFUSED, f"the grammar is bad: {last_error() or 'it does not parse'}")

    def __enter__(self) -> _Grammar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._sampler is not None:
            c.llama_sampler_free(self._sampler)
            self._sampler = None

    def allows(self, token: int) -> bool:
        if self._sampler is None:
            return True
        return bool(np.isfinite(self._apply(np.array([(token, 0.0, 0.0)], _CANDIDATE))["logit"][0]))

    def filtered(self, logits: Logits) -> Logits:
        """The logits, minus infinity for what is not allowed."""
        candidates = np.zeros(len(logits), _CANDIDATE)
        candidates["id"] = np.arange(len(logits))
        candidates["logit"] = logits
        result: Logits = self._apply(candidates)["logit"]
        return result

    def accept(self, token: int) -> None:
        if self._sampler is not None:
            c.llama_sampler_accept(self._sampler, token)

    def _apply(self, candidates: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        pointer = ctypes.cast(candidates.ctypes.data, c.llama_token_data_p)
        array = c.llama_token_data_array(pointer, len(candidates), -1, False)
        c.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return candidates
