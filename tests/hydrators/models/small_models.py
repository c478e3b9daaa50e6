"""GGUF files and wheels of a few kilobytes, for tests about files; nobody runs them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import gguf
import numpy as np

WHEEL = "tiny_minilm-0.1.0-py3-none-any.whl"
HIDDEN, LAYERS, INNER = 32, 2, 64
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "\u2028", "##b", "fn"]


def write_gguf(path: Path, rows: int = 64, **keys: int) -> bytes:
    """A llama without sense, of `rows` × 1 KiB; `keys` are further whole numbers of its architecture."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(f"small {rows}")
    writer.add_license("0BSD")
    writer.add_context_length(77)
    writer.add_embedding_length(256)
    for key, value in keys.items():
        writer.add_uint32(f"llama.{key}", value)
    writer.add_token_list([f"token {number}" for number in range(500)])
    numbers = np.random.default_rng(rows).standard_normal((rows, 256)).astype(np.float32)
    writer.add_tensor("token_embd.weight", numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


def make_wheel(*, without: str = "", is_packed: bool = False) -> bytes:
    """A wheel laid out like the one that has minilm, with random numbers in it, or `is_packed` to less than
    what is in it; `without` a file of that name, its ending left off."""
    config = {
        "num_hidden_layers": LAYERS,
        "max_position_embeddings": 64,
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_attention_heads": 4,
        "layer_norm_eps": 1e-12,
        "vocab_size": len(VOCABULARY),
        "type_vocab_size": 2,
    }
    tokens = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
    files = {
        "config.json": json.dumps(config).encode(),
        "tokenizer_config.json": json.dumps(tokens).encode(),
        "1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}',
        "vocab.txt": ("\n".join(VOCABULARY) + "\n").encode(),
        "model.safetensors": _safetensors(0.0 if is_packed else 1.0),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            if name.partition(".")[0] != without:
                wheel.writestr(f"tiny_minilm/model/{name}", data)
        meta = "tiny_minilm-0.1.0.dist-info"
        named = "Metadata-Version: 2.1\nName: tiny-minilm\nVersion: 0.1.0\nRequires-Dist: tiny-torch\n"
        wheel.writestr(f"{meta}/METADATA", named)
        wheel.writestr(f"{meta}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{meta}/RECORD", "")
    return made.getvalue()


def _safetensors(scale: float) -> bytes:
    random = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), HIDDEN),
        "embeddings.position_embeddings.weight": (64, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
        "embeddings.LayerNorm.weight": (HIDDEN,),
        "embeddings.LayerNorm.bias": (HIDDEN,),
        "pooler.dense.weight": (HIDDEN, HIDDEN),
    }
    for layer in range(LAYERS):
        stem = f"encoder.layer.{layer}."
        for name, matrix in (
            ("attention.self.query", (HIDDEN, HIDDEN)),
            ("attention.self.key", (HIDDEN, HIDDEN)),
            ("attention.self.value", (HIDDEN, HIDDEN)),
            ("attention.output.dense", (HIDDEN, HIDDEN)),
            ("intermediate.dense", (INNER, HIDDEN)),
            ("output.dense", (HIDDEN, INNER)),
        ):
            shapes[f"{stem}{name}.weight"] = matrix
            shapes[f"{stem}{name}.bias"] = matrix[:1]
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{stem}{name}.weight"] = shapes[f"{stem}{name}.bias"] = (HIDDEN,)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, shape in shapes.items():
        raw = (random.standard_normal(shape) * scale).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    ids = np.arange(64, dtype="<i8").tobytes()
    header["embeddings.position_ids"] = {
        "dtype": "I64",
        "shape": [1, 64],
        "data_offsets": [len(data), len(data) + len(ids)],
    }
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data + ids
