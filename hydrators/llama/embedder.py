"""Texts to vectors: one context of an embedding model. Runs in the child, in one thread."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import llama_cpp.llama_cpp as c
import numpy as np

from hydrators.llama.library import LoadFailed, Model, last_error

_LONGEST_CONTEXT = 2_048  # what is embedded is far shorter, and the buffers grow with it
_SEQUENCES = 64
_SMALLEST_NORM = 1e-12


class Embedder:
    def __init__(self, model: Model, threads: int, micro_batch_tokens: int) -> None:
        """Raises LoadFailed if the model makes no vectors."""
        if not model.header.is_embedder:
            raise LoadFailed(
                f"{model.header.name or 'the model'} is not an embedding model (it does not pool)",
                "name an embedding model",
            )
        self._model = model
        self.context_tokens = min(model.trained_context or 512, _LONGEST_CONTEXT)
        self.micro_batch_tokens = max(1, min(micro_batch_tokens, self.context_tokens))
        parameters = c.llama_context_default_params()
        parameters.embeddings = True
        # An encoder takes a text in one piece: a shorter physical batch is an assertion.
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = self.context_tokens
        parameters.n_seq_max = min(_SEQUENCES, c.llama_max_parallel_sequences())
        parameters.kv_unified = True
        parameters.n_threads = parameters.n_threads_batch = threads  # embedding uses the latter
        self._sequences = parameters.n_seq_max
        self._context = model.context(parameters)
        self.dimension = c.llama_model_n_embd_out(model.handle)
        self._memory = c.llama_get_memory(self._context)  # None for encoders
        self._batch = c.llama_batch_init(self.context_tokens, 0, 1)
        shape = (self.context_tokens,)
        self._tokens = np.ctypeslib.as_array(self._batch.token, shape)
        self._positions = np.ctypeslib.as_array(self._batch.pos, shape)
        np.ctypeslib.as_array(self._batch.n_seq_id, shape)[:] = 1
        np.ctypeslib.as_array(self._batch.logits, shape)[:] = 1
        self._owners = np.zeros(shape, np.int32)
        for at in range(self.context_tokens):
            place = self._owners.ctypes.data + at * self._owners.itemsize
            self._batch.seq_id[at] = ctypes.cast(place, ctypes.POINTER(ctypes.c_int32))
        self._order = np.arange(self.context_tokens, dtype=np.int32)

    def tokens(self, text: bytes) -> list[int]:
        """Cut to fit the model, with its last token: without it the vector is another one. Raises ValueError
        for a text without any."""
        tokens = self._model.tokens(text)
        if not tokens:
            raise ValueError("nothing in it that the model has a token for")
        if len(tokens) <= self.context_tokens:
            return tokens
        if self._model.is_control(tokens[-1]):
            return [*tokens[: self.context_tokens - 1], tokens[-1]]
        return tokens[: self.context_tokens]

    def micro_batches(self, texts: Sequence[Sequence[int]]) -> Iterator[range]:
        """Whole texts, in order, up to so many tokens; a longer one alone. An encoder attends over its whole
        batch: 2,048 tokens at once are 8 times slower than 256 at a time. So is a short rest, by a third: all
        get about as many."""
        total = sum(map(len, texts))
        fair = total / max(1, -(-total // self.micro_batch_tokens))
        start = tokens = 0
        for at, text in enumerate(texts):
            is_full = (
                tokens + len(text) > self.micro_batch_tokens
                or tokens >= fair
                or at - start == self._sequences
            )
            if at > start and is_full:
                yield range(start, at)
                start, tokens = at, 0
            tokens += len(text)
        if start < len(texts):
            yield range(start, len(texts))

    def vectors(self, texts: Sequence[Sequence[int]]) -> list[bytes | None]:
        """Of one micro-batch: little-endian float32 of length 1, or None where the model made none. Raises
        RuntimeError if the library refuses."""
        end = 0
        for owner, text in enumerate(texts):
            start, end = end, end + len(text)
            self._tokens[start:end] = text
            self._positions[start:end] = self._order[: len(text)]
            self._owners[start:end] = owner
        self._batch.n_tokens = end
        if self._memory:
            c.llama_memory_clear(self._memory, False)
            code = c.llama_decode(self._context, self._batch)
        else:
            code = c.llama_encode(self._context, self._batch)
        if code != 0:
            raise RuntimeError(f"llama.cpp refused the batch (code {code}): {last_error()}")
        return self._read(len(texts))

    def _read(self, count: int) -> list[bytes | None]:
        rows = np.zeros((count, self.dimension), "<f4")
        for owner in range(count):
            row = c.llama_get_embeddings_seq(self._context, owner)
            if row:
                ctypes.memmove(rows[owner].ctypes.data, row, 4 * self.dimension)
        with np.errstate(all="ignore"):  # what is not finite is answered so, below
            norms = np.linalg.norm(rows.astype("<f8"), axis=1)
            units = (rows / norms[:, None]).astype("<f4")
        good = np.isfinite(norms) & (norms > _SMALLEST_NORM)
        return [row.tobytes() if is_good else None for row, is_good in zip(units, good, strict=True)]
