"""The model files that are named by options, as far as can be told without loading them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from hydrators.llama.gguf_header import GgufError, Header, model_id, read_header
from hydrators.llama.model import LlamaOptions

_ENSURE = "get one with `isg models ensure`"
_OTHER = "name another one"


class Files(NamedTuple):
    """`reason` and `cure` say what is wrong with the embedding model, or that there is none;
    `generation_reason` likewise. `stamps` tell whether a file is another by now."""

    is_absent: bool = False  # neither model can be used
    reason: str = ""
    cure: str = ""
    model_id: str = ""
    dimension: int = 0
    generation_model_id: str = ""
    generation_reason: str = ""
    stamps: tuple[tuple[str, tuple[int, int, int]], ...] = ()

    def have_changed(self) -> bool:
        """Blocks for as long as the system takes to look at two files."""
        return any(_stamp(path) != stamp for path, stamp in self.stamps)


class _Unfit(ValueError):
    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.cure = cure


def look_at(options: LlamaOptions) -> Files:
    """Reads the beginnings and ends of the files: up to half a second."""
    files = Files(stamps=tuple((path, _stamp(path)) for path in _named(options)))
    if not files.stamps:
        return files._replace(is_absent=True, reason="no model is named", cure=_ENSURE)
    can_embed = can_generate = False
    if options.embedding_model:
        try:
            header = _header(options.embedding_model)
            if not header.is_embedder or not header.dimension:
                raise _Unfit(f"{_name(options.embedding_model)} is not an embedding model", _OTHER)
            identity = model_id(options.embedding_model, header)
            files = files._replace(model_id=identity, dimension=header.dimension)
            can_embed = True
        except _Unfit as unfit:
            files = files._replace(reason=str(unfit), cure=unfit.cure)
    if options.generation_model:
        try:
            header = _header(options.generation_model)
            if not header.is_generator:
                raise _Unfit(f"{_name(options.generation_model)} is not a generation model", _OTHER)
            files = files._replace(generation_model_id=model_id(options.generation_model, header))
            can_generate = True
        except _Unfit as unfit:
            files = files._replace(generation_reason=f"{unfit}; {unfit.cure}")
    if not (can_embed or can_generate):
        files = files._replace(is_absent=True, reason=files.reason or files.generation_reason)
    return files


def _named(options: LlamaOptions) -> list[str]:
    return [path for path in (options.embedding_model, options.generation_model) if path]


def _header(path: str) -> Header:
    try:
        return read_header(path)
    except FileNotFoundError:
        raise _Unfit(f"there is no model at {path}", _ENSURE) from None
    except OSError as error:
        raise _Unfit(f"{path} cannot be read: {error.strerror}", "see to its permissions") from None
    except GgufError as error:
        raise _Unfit(f"{_name(path)}: {error}", "get the model anew") from None


def _name(path: str) -> str:
    return Path(path).name


def _stamp(path: str) -> tuple[int, int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (found.st_size, found.st_mtime_ns, found.st_ino)
