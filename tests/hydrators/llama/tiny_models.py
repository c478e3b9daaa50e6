"""GGUF models of some 100 kB that load in milliseconds: real architectures, with weights that say nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np

Array = np.ndarray[Any, Any]
SENTENCE = "Adds two numbers and returns the sum."
_SPACE = "\u2581"
_WORDS = ["Adds", *(_SPACE + word for word in SENTENCE[5:-1].split(" ")), "."]
_CHARACTERS = [chr(code) for code in range(0x21, 0x7F)]


def tiny_bert(
    path: Path,
    *,
    dimension: int = 32,
    context: int = 64,
    seed: int = 0,
    nan_for: str = "",
    zero: bool = False,
) -> Path:
    """An encoder that pools by the mean. Its tokens are single printable ASCII characters; a text with one of
    `nan_for` has no finite vector. With `zero` no text has one."""
    random = np.random.default_rng(seed)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens = special + [_SPACE + each for each in _CHARACTERS] + _CHARACTERS
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name(f"tiny bert {dimension}")
    writer.add_context_length(context)
    writer.add_embedding_length(dimension)
    writer.add_block_count(2)
    writer.add_feed_forward_length(2 * dimension)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [gguf.TokenType.CONTROL] * len(special) + [gguf.TokenType.NORMAL] * (len(tokens) - len(special))
    )
    writer.add_token_type_count(2)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(3)
    writer.add_sep_token_id(3)
    writer.add_mask_token_id(4)
    writer.add_add_bos_token(True)
    writer.add_add_sep_token(True)
    embedded = _weights(random, len(tokens), dimension)
    for character in nan_for:
        embedded[[tokens.index(character), tokens.index(_SPACE + character)]] = np.nan

    def norm(name: str, *, last: bool = False) -> None:
        writer.add_tensor(f"{name}.weight", np.full(dimension, 0 if last and zero else 1, np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(dimension, np.float32))

    writer.add_tensor("token_embd.weight", embedded)
    writer.add_tensor("position_embd.weight", _weights(random, context, dimension))
    writer.add_tensor("token_types.weight", _weights(random, 2, dimension))
    norm("token_embd_norm")
    for block in range(2):
        prefix = f"blk.{block}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{prefix}{name}.weight", _weights(random, dimension, dimension))
            writer.add_tensor(f"{prefix}{name}.bias", np.zeros(dimension, np.float32))
        for name, rows, columns in (
            ("ffn_up", 2 * dimension, dimension),
            ("ffn_down", dimension, 2 * dimension),
        ):
            writer.add_tensor(f"{prefix}{name}.weight", _weights(random, rows, columns))
            writer.add_tensor(f"{prefix}{name}.bias", np.zeros(rows, np.float32))
        norm(f"{prefix}attn_output_norm")
        norm(f"{prefix}layer_output_norm", last=block == 1)
    return _written(writer, path)


def tiny_llama(
    path: Path,
    *,
    says: str = "",
    pooling: bool = False,
    without_byte: int | None = None,
    hidden: int = 64,
    seed: int = 0,
) -> Path:
    """A decoder with a vocabulary of its own. It says `says` (made of the words of SENTENCE) after any prompt
    and then ends; without that, what depends on the whole prompt. With `pooling` it makes vectors instead.
    `without_byte` is missing in its vocabulary: a text with it ends the process that asks. Each of `hidden`
    costs 1.5 kB of memory."""
    random = np.random.default_rng(seed)
    vocabulary = _vocabulary(without_byte)
    tokens = [token for token, _, _ in vocabulary]
    width, heads = 64, 4
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny llama")
    writer.add_vocab_size(len(tokens))
    writer.add_context_length(4_096)
    writer.add_embedding_length(width)
    writer.add_block_count(2)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_rope_dimension_count(width // heads)
    writer.add_layer_norm_rms_eps(1e-5)
    if pooling:
        writer.add_pooling_type(gguf.PoolingType.LAST)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([score for _, score, _ in vocabulary])
    writer.add_token_types([kind for _, _, kind in vocabulary])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    embedded, out = _weights(random, len(tokens), width, 8.0), _weights(random, len(tokens), width, 8.0)
    if says:
        embedded, out = _successors(random, tokens, width, says)
    else:
        out[: 3 + 256] *= 0.05  # mostly printable
    writer.add_tensor("token_embd.weight", embedded)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.add_tensor("output.weight", out)
    mixing = 0.0 if says else 3.0
    for block in range(2):
        prefix = f"blk.{block}."
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{prefix}{name}.weight", np.ones(width, np.float32))
        for name in ("attn_q", "attn_k", "attn_v"):
            writer.add_tensor(f"{prefix}{name}.weight", _weights(random, width, width, 2.0))
        writer.add_tensor(f"{prefix}attn_output.weight", _weights(random, width, width, mixing))
        for name in ("ffn_gate", "ffn_up"):
            writer.add_tensor(f"{prefix}{name}.weight", _weights(random, hidden, width))
        writer.add_tensor(f"{prefix}ffn_down.weight", _weights(random, width, hidden, mixing))
    return _written(writer, path)


def _successors(random: np.random.Generator, tokens: list[str], width: int, says: str) -> tuple[Array, Array]:
    """Weights by which each word of a sentence follows the one before it, and the first one all else."""
    own = random.standard_normal((len(tokens), width)).astype(np.float32)
    own[:, 0] = 0
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    embedded = own * 2
    embedded[:, 0] = 2.0  # what all tokens share
    out = np.zeros((len(tokens), width), np.float32)
    chain = [tokens.index(word) for word in _split(says)] + [2]
    out[chain[0], 0] = 10.0
    for before, after in itertools.pairwise(chain):
        out[after] += own[before] * 16
    return embedded, out


def _split(says: str) -> list[str]:
    words, rest = [], says.replace(" ", _SPACE)
    while rest:
        word = max((word for word in _WORDS if rest.startswith(word)), key=len)
        words.append(word)
        rest = rest[len(word) :]
    return words


def _vocabulary(without_byte: int | None) -> list[tuple[str, float, int]]:
    """Token, score and type. Bytes make any text fit; words are merged from their beginnings."""
    kinds = gguf.TokenType
    found: list[tuple[str, float, int]] = [
        ("<unk>", 0.0, kinds.UNKNOWN),
        ("<s>", 0.0, kinds.CONTROL),
        ("</s>", 0.0, kinds.CONTROL),
    ]
    found += [(f"<0x{byte:02X}>", 0.0, kinds.BYTE) for byte in range(256) if byte != without_byte]
    found += [(_SPACE, -1_000.0, kinds.NORMAL)]
    found += [(each, -1_000.0 - ord(each), kinds.NORMAL) for each in _CHARACTERS]
    known = {token for token, _, _ in found}
    for word in _WORDS:
        for end in range(2, len(word) + 1):
            if word[:end] not in known:
                known.add(word[:end])
                found.append((word[:end], end - 10.0, kinds.NORMAL))
    return found


def _weights(random: np.random.Generator, rows: int, columns: int, scale: float = 1.0) -> Array:
    weights: Array = random.standard_normal((rows, columns)) * scale / np.sqrt(columns)
    return weights.astype(np.float32)


def _written(writer: Any, path: Path) -> Path:
    steps: tuple[Callable[[], None], ...] = (
        writer.write_header_to_file,
        writer.write_kv_data_to_file,
        writer.write_tensors_to_file,
        writer.close,
    )
    for step in steps:
        step()
    return path
