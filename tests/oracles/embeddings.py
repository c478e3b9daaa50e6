"""Vectors of texts through the product's own child, and those that the reference implementation made.

Owns the recorded reference (fixtures/embeddings, made by scripts/record_reference_vectors.py) and how two sets of
vectors are compared. Knows no node and no query.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hydrators.llama.model import LlamaOptions, Refused
from hydrators.llama.process import Llama
from hydrators.models.error import ModelError
from hydrators.models.local import InstalledModel
from hydrators.models.obtain import ensure
from tests.oracles.tools import ROOT, ToolMissing, cache_dir, say

Vectors = NDArray[np.float32]
_REFERENCE = ROOT / "fixtures" / "embeddings"
_TEXTS_AT_ONCE = 256
_PROGRESS_TEXTS = 2_048


@dataclass(frozen=True, slots=True)
class Reference:
    """`vectors` holds a row a text, `tokens` how many tokens the reference sees in each, uncut. `made_by` are
    versions by package."""

    texts: list[str]
    tokens: NDArray[np.int32]
    vectors: Vectors
    made_by: dict[str, str]


def reference(limit: int) -> Reference:
    """The reference's vectors of texts cut at `limit` tokens, 256 or 512."""
    said = json.loads((_REFERENCE / "texts.json").read_text("utf-8"))
    with np.load(_REFERENCE / "reference.npz") as arrays:
        tokens, vectors = arrays["tokens"], arrays["vectors_256"].astype(np.float32)
        if limit == 512:
            vectors[tokens > 256] = arrays["vectors_512"]
        elif limit != 256:
            raise ValueError(f"nothing is recorded for texts cut at {limit} tokens")
    return Reference(said["texts"], tokens, vectors, said["made_by"])


def cosines(ours: Vectors, theirs: Vectors) -> NDArray[np.float64]:
    """Row by row."""
    left, right = ours.astype(np.float64), theirs.astype(np.float64)
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    found: NDArray[np.float64] = (left * right).sum(axis=1) / lengths
    return found


def minilm() -> InstalledModel:
    """The default embedding model, from the cache of the oracles. Raises ToolMissing."""
    folder = cache_dir() / "models"
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        return ensure(folder, "minilm", lambda phase, done, total: None).model
    except ModelError as error:
        raise ToolMissing(f"no embedding model: {error}") from None


def embed(model: Path, texts: Sequence[str], threads: int = 1) -> Vectors:
    """A row a text, made by the child as for the service. Raises RuntimeError for a text without a vector."""
    return asyncio.run(_embed(LlamaOptions(embedding_model=str(model), threads=threads), texts))


def remembering(model: Path) -> Callable[[Sequence[str]], Vectors]:
    """`embed` of this model that makes no vector twice."""
    known: dict[str, Vectors] = {}

    def embed_new(texts: Sequence[str]) -> Vectors:
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:
            known.update(zip(missing, embed(model, missing, threads=2), strict=True))
        return np.stack([known[text] for text in texts])

    return embed_new


async def _embed(options: LlamaOptions, texts: Sequence[str]) -> Vectors:
    distinct = sorted(dict.fromkeys(texts), key=len)  # equally long ones fill a batch best
    found: dict[str, bytes] = {}
    async with Llama(options, lambda state: None) as llama:
        for start in range(0, len(distinct), _TEXTS_AT_ONCE):
            some = distinct[start : start + _TEXTS_AT_ONCE]
            for text, vector in zip(some, await llama.embed(some), strict=True):
                if isinstance(vector, Refused):
                    raise RuntimeError(f"no vector of a text of {len(text)} characters: {vector}")
                found[text] = vector
            if start and start % _PROGRESS_TEXTS == 0:
                say(f"embedded {start:,} of {len(distinct):,} texts")
    rows = [np.frombuffer(found[text], "<f4") for text in texts]
    return np.stack(rows)
