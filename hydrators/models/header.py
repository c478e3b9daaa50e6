"""Whether a file is a whole GGUF model, and what it says of itself. Loading it is not done here.

No number in the file is trusted: it may be anything. A few milliseconds, for values of arrays are stepped
over.
"""

from __future__ import annotations

import math
import mmap
import struct
from pathlib import Path

from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFValueType

from hydrators.llama.gguf_header import GgufError, Header, read_header
from hydrators.models.error import ModelError, Trouble

_MAX_ITEMS = 10_000_000  # more keys, tensors or members of an array than any model has
_MAX_DIMENSIONS = 8
_COUNTS_AT = 8  # after the magic and the version
_NUMBER_BYTES = {
    GGUFValueType.UINT8: 1,
    GGUFValueType.INT8: 1,
    GGUFValueType.BOOL: 1,
    GGUFValueType.UINT16: 2,
    GGUFValueType.INT16: 2,
    GGUFValueType.UINT32: 4,
    GGUFValueType.INT32: 4,
    GGUFValueType.FLOAT32: 4,
    GGUFValueType.UINT64: 8,
    GGUFValueType.INT64: 8,
    GGUFValueType.FLOAT64: 8,
}


def inspect(path: Path) -> Header:
    """The header of the whole GGUF at `path`. Raises ModelError UNKNOWN if there is no file to read, UNFIT if
    it is no GGUF, is damaged, or ends too early."""
    if not path.is_file():
        raise ModelError(Trouble.UNKNOWN, f"there is no file {path}", "check the path")
    try:
        header = read_header(path)
        wanted = _wanted_bytes(path, int(header.values.get("general.alignment", 32)))  # type: ignore[arg-type]
    except GgufError as error:
        raise _unfit(path, str(error)) from None
    except (struct.error, ValueError, KeyError, TypeError, OverflowError) as error:
        raise _unfit(path, f"its header is damaged ({error})") from None
    except OSError as error:
        raise ModelError(
            Trouble.UNKNOWN, f"{path} cannot be read: {error.strerror or error}", "check its permissions"
        ) from None
    if header.size_bytes < wanted:
        raise _unfit(path, f"it is cut short, {header.size_bytes:,} of {wanted:,} bytes are there")
    if not (header.is_embedder or header.is_generator):
        raise _unfit(path, f"it neither embeds nor generates (architecture {header.architecture or 'none'})")
    return header


def _unfit(path: Path, why: str) -> ModelError:
    return ModelError(
        Trouble.UNFIT, f"{path} is not a model that can be used: {why}", "get it again, or name another file"
    )


def _wanted_bytes(path: Path, alignment: int) -> int:
    """The size that the file must have for its last tensor to be whole.

    Raises struct.error, ValueError or KeyError where the header makes no sense.
    """
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        walk = _Walk(data)
        tensors, pairs = walk.count(), walk.count()
        for _ in range(pairs):
            walk.step_over_text()
            walk.step_over_value(GGUFValueType(walk.number("<I")))
        end = max((walk.tensor_end() for _ in range(tensors)), default=0)
        if not end or alignment < 1:
            raise ValueError("no tensors")
        return -(-walk.at // alignment) * alignment + end


class _Walk:
    """A place in the file that only moves on."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.at = _COUNTS_AT

    def number(self, layout: str) -> int:
        value: int = struct.unpack_from(layout, self._data, self.at)[0]
        self.at += struct.calcsize(layout)
        return value

    def count(self) -> int:
        value = self.number("<Q")
        if value > _MAX_ITEMS:
            raise ValueError(f"{value} items")
        return value

    def step_over_text(self) -> None:
        size = self.number("<Q")
        self.at += size

    def step_over_value(self, kind: GGUFValueType) -> None:
        if kind == GGUFValueType.STRING:
            self.step_over_text()
        elif kind != GGUFValueType.ARRAY:
            self.at += _NUMBER_BYTES[kind]
        else:
            inner, count = GGUFValueType(self.number("<I")), self.count()
            if inner == GGUFValueType.STRING:
                self._step_over_texts(count)
            else:
                self.at += count * _NUMBER_BYTES[inner]  # KeyError: no model nests arrays

    def _step_over_texts(self, count: int) -> None:
        """The words of a vocabulary: a hundred thousand, hence no calls."""
        unpack, data, at = struct.Struct("<Q").unpack_from, self._data, self.at
        for _ in range(count):
            at += 8 + unpack(data, at)[0]
        self.at = at

    def tensor_end(self) -> int:
        """Where the next tensor ends, counted from the begin of the first."""
        self.step_over_text()
        dimensions = self.number("<I")
        if dimensions > _MAX_DIMENSIONS:
            raise ValueError(f"{dimensions} dimensions")
        shape = [self.number("<Q") for _ in range(dimensions)]
        block, block_bytes = GGML_QUANT_SIZES[GGMLQuantizationType(self.number("<I"))]
        return self.number("<Q") + -(-math.prod(shape) // block) * block_bytes
