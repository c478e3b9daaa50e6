"""What the library does that our code works around. Each of these fails once llama-cpp-python, 0.3.36 when
they were written, is cured of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

_BEGIN = """
import ctypes, os, sys
import llama_cpp.llama_cpp as c
from hydrators.llama import library
from hydrators.llama.embedder import Embedder
library.open_library()
path = sys.argv[1]
"""


def outcome(code: str, model: Path) -> int:
    return subprocess.run(
        [sys.executable, "-c", _BEGIN + code, model],
        capture_output=True,
        timeout=100,
        cwd=Path(__file__).parents[3],
        env={"GGML_NO_BACKTRACE": "1", "PATH": "/usr/bin:/bin"},
    ).returncode


def test_the_beginning_that_all_of_these_share_works(models: Path) -> None:
    code = "model = library.Model(path); e = Embedder(model, 1, 256); assert e.vectors([e.tokens(b'x')])[0]"
    assert outcome(code, models / "bert.gguf") == 0


def test_a_batch_larger_than_the_physical_one_ends_the_process(models: Path) -> None:
    code = """
model = library.Model(path)
p = c.llama_context_default_params()
p.embeddings = True
p.n_ctx = p.n_batch = 64
p.n_ubatch = 16
context = model.context(p)
batch = c.llama_batch_init(64, 0, 1)
batch.n_tokens = 40
for i in range(40):
    batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = 10, i, 1, 1
    batch.seq_id[i][0] = 0
c.llama_encode(context, batch)
"""
    assert outcome(code, models / "bert.gguf") == -signal.SIGABRT


def test_brackets_nested_deeply_in_a_grammar_end_the_process(models: Path) -> None:
    code = """
model = library.Model(path)
grammar = b'root ::= ' + b'(' * 100_000 + b'"a"' + b')' * 100_000
c.llama_sampler_init_grammar(model.vocabulary, grammar, b'root')
"""
    assert outcome(code, models / "talk.gguf") == -signal.SIGSEGV


def test_a_token_that_a_grammar_does_not_expect_ends_the_process(models: Path) -> None:
    code = """
model = library.Model(path)
sampler = c.llama_sampler_init_grammar(model.vocabulary, b'root ::= "a"', b'root')
c.llama_sampler_accept(sampler, model.tokens(b'z')[-1])
"""
    assert outcome(code, models / "talk.gguf") == -signal.SIGABRT


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the pages stay")
def test_a_file_cut_short_under_its_map_ends_the_process(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes((models / "bert.gguf").read_bytes())
    code = """
library.c.LLAMA_LOAD_MODE_NONE = c.LLAMA_LOAD_MODE_MMAP
model = library.Model(path)
embedder = Embedder(model, 1, 256)
os.truncate(path, 0)
embedder.vectors([embedder.tokens(b'fn main')])
"""
    assert outcome(code, path) == -signal.SIGBUS


def test_a_text_in_a_vocabulary_without_its_bytes_ends_the_process(models: Path) -> None:
    code = "library.Model(path).tokens('caf\\u00e9'.encode())"
    assert outcome(code, models / "fragile.gguf") == -signal.SIGABRT
