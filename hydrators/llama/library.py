"""llama.cpp itself, as loaded into this process, and model files as loaded by it. Only the child imports
this: an assertion of the library ends the process.

llama-cpp-python's high-level class is not used: it takes over file descriptors 1 and 2 while it loads, cuts
texts without their last token, and marks the batch anew in Python for every token.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import llama_cpp.llama_cpp as c

from hydrators.llama.gguf_header import GgufError, Header, read_header

_LEVEL_ERROR = 4
_KEPT_LINES = 4
_lines: list[str] = []  # the last errors that the library wrote


class LoadFailed(RuntimeError):
    """A model is not there, or not fit. The message says why, `cure` what to do."""

    def __init__(self, reason: str, cure: str = "") -> None:
        super().__init__(reason)
        self.cure = cure


@c.llama_log_callback  # type: ignore[untyped-decorator]  # a ctypes function type
def _log(level: int, text: bytes, _data: object) -> None:
    if level == _LEVEL_ERROR and text:
        _lines.append(text.decode("utf-8", "replace").strip())
        del _lines[:-_KEPT_LINES]


def open_library() -> None:
    """Once, before anything else here."""
    c.llama_log_set(_log, ctypes.c_void_p(0))
    c.llama_backend_init()


def last_error() -> str:
    """What the library wrote last about an error, and forget it."""
    said = _lines[-1] if _lines else ""
    _lines.clear()
    return said[:300]


class Model:
    """A loaded model file. Contexts share it, each in a thread of its own. It is never freed: the process
    ends instead, which costs nothing and cannot be used after."""

    def __init__(self, path: str) -> None:
        """Raises LoadFailed."""
        self.header = _header(path)
        last_error()
        parameters = c.llama_model_default_params()
        parameters.n_gpu_layers = 0
        # Not mapped: a file cut short under its map ends the process, and quantised weights, which are laid
        # out anew, would be held twice (645 MB instead of 462 for a file of 254).
        parameters.load_mode = c.LLAMA_LOAD_MODE_NONE
        handle = c.llama_model_load_from_file(os.fsencode(path), parameters)
        if not handle:
            raise LoadFailed(
                f"{Path(path).name} does not load: {last_error() or 'no reason given'}", "get the model anew"
            )
        self.handle = handle
        self.vocabulary = c.llama_model_get_vocab(handle)
        self.trained_context = c.llama_model_n_ctx_train(handle)

    def context(self, parameters: c.llama_context_params) -> c.llama_context_p:
        """Raises LoadFailed."""
        last_error()
        made: c.llama_context_p | None = c.llama_init_from_model(self.handle, parameters)
        if not made:
            raise LoadFailed(f"no context: {last_error() or 'no reason given'}")
        return made

    def tokens(self, text: bytes) -> list[int]:
        """Of text with the model's own first and last tokens; what looks like a control token in the text is
        text. The bytes are valid UTF-8, or the library throws."""
        room = len(text) + 16
        while True:
            space = (c.llama_token * room)()
            count = c.llama_tokenize(self.vocabulary, text, len(text), space, room, True, False)
            if count >= 0:
                return space[:count]
            if -count <= room:  # it asks for no more than it had: an overflow
                raise ValueError("the tokenizer gave up")
            room = -count

    def is_control(self, token: int) -> bool:
        return bool(c.llama_vocab_is_control(self.vocabulary, token))


def _header(path: str) -> Header:
    try:
        return read_header(path)
    except FileNotFoundError:
        raise LoadFailed(f"there is no model at {path}", "get one with `isg models ensure`") from None
    except OSError as error:
        raise LoadFailed(f"{path} cannot be read: {error.strerror}") from None
    except GgufError as error:
        raise LoadFailed(f"{Path(path).name}: {error}", "get the model anew") from None
