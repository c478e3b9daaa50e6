"""llama.cpp alone: vectors of texts, with neither service nor pipes in between. The limit of embedding.

python -P bench/bare_llama.py MODEL THREADS TOKENS < texts.json     prints {"seconds", "texts"}

A script of its own, as the service's child is. Owns no product code and imports none. Each batch of texts is
cut into the same micro-batches, whole texts of at most TOKENS together; each vector is read and normalised.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time

os.environ["OMP_WAIT_POLICY"] = "passive"  # before the library is loaded

import llama_cpp
import numpy as np

_CONTEXT = 512
_NICE = 15  # as the service's child: on a busy machine the difference would be what is measured


class BareModel:
    def __init__(self, path: str, threads: int, micro_batch_tokens: int) -> None:
        self._micro_batch_tokens = micro_batch_tokens
        self._model = llama_cpp.Llama(
            path,
            embedding=True,
            n_ctx=_CONTEXT,
            n_batch=_CONTEXT,
            n_ubatch=_CONTEXT,
            n_threads=threads,
            n_threads_batch=threads,
            flash_attn=True,
            verbose=False,
        )
        self._context = self._model._ctx.ctx
        self._dimension = self._model.n_embd()
        batch = self._batch = llama_cpp.llama_batch_init(_CONTEXT, 0, 1)
        arrays = (batch.token, batch.pos, batch.n_seq_id, batch.logits)
        self._tokens, self._places, counts, logits = (
            np.ctypeslib.as_array(array, (_CONTEXT,)) for array in arrays
        )
        counts[:] = logits[:] = 1
        self._owners = (ctypes.c_int32 * _CONTEXT)()
        for at in range(_CONTEXT):
            place = ctypes.addressof(self._owners) + 4 * at
            batch.seq_id[at] = ctypes.cast(place, ctypes.POINTER(ctypes.c_int32))

    def embed(self, texts: list[str]) -> int:
        """How many vectors were made."""
        made = together = 0
        waiting: list[list[int]] = []
        for text in texts:
            tokens = self._model.tokenize(text.encode(), special=False)
            tokens = tokens if len(tokens) <= _CONTEXT else [*tokens[: _CONTEXT - 1], tokens[-1]]
            if waiting and together + len(tokens) > self._micro_batch_tokens:
                made += self._encode(waiting)
                waiting, together = [], 0
            waiting.append(tokens)
            together += len(tokens)
        return made + self._encode(waiting)

    def _encode(self, texts: list[list[int]]) -> int:
        end = 0
        for owner, tokens in enumerate(texts):
            start, end = end, end + len(tokens)
            self._tokens[start:end] = tokens
            self._places[start:end] = range(len(tokens))
            self._owners[start:end] = [owner] * len(tokens)
        self._batch.n_tokens = end
        if llama_cpp.llama_encode(self._context, self._batch) != 0:
            raise RuntimeError("llama.cpp refused a batch")
        for owner in range(len(texts)):
            row = llama_cpp.llama_get_embeddings_seq(self._context, owner)
            vector = np.ctypeslib.as_array(row, (self._dimension,))
            (vector / np.linalg.norm(vector)).tobytes()
        return len(texts)


def main() -> None:
    os.nice(_NICE)
    path, threads, micro_batch_tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    batches: list[list[str]] = json.load(sys.stdin)
    model = BareModel(path, threads, micro_batch_tokens)
    model.embed(batches[0])
    started = time.perf_counter()
    made = sum(model.embed(batch) for batch in batches)
    print(json.dumps({"seconds": time.perf_counter() - started, "texts": made}))


if __name__ == "__main__":
    main()
