"""The process that runs llama.cpp: `python -P -m hydrators.llama.worker`.

Reads frames from standard input and answers them on standard output (`wire.py`); ends with its input, or by
whatever llama.cpp does. The first frame holds the options. Each lane has a thread and a context of its own:
what a person waits for is not queued behind a backlog.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hydrators.llama import wire
from hydrators.llama.model import LlamaOptions, Prompt, Refusal, Refused

NICE = 15  # of all but what a person waits for
URGENT, BACKLOG, GENERATE = "urgent", "backlog", "generate"
_SLACK_BYTES = 512 << 20  # of addresses, for the interpreter and thread stacks


class Worker:
    def __init__(self, options: LlamaOptions, write: Callable[[bytes], None]) -> None:
        self._options = options
        self._write = write
        self._lanes: dict[str, queue.SimpleQueue[wire.Frame]] = {}
        self._cancelled: set[int] = set()
        self._embedding_model: Any = None
        self._spare: list[Any] = []  # the embedder that was tried, for the first lane that needs one

    def begin(self) -> bool:
        """Load the embedding model and have it make one vector: what cannot is told, not found out later.
        Whether there is anything to do here."""
        try:
            from hydrators.llama import library  # the library is loaded by this and nothing before

            library.open_library()
        except (ImportError, OSError, RuntimeError) as error:
            self._say(
                {"absent": f"llama.cpp does not load: {str(error)[:300]}", "cure": "install llama-cpp-python"}
            )
            return False
        dimension, reason, cure = 0, "", ""
        if self._options.embedding_model:
            try:
                dimension = self._load_embedder()
            except library.LoadFailed as failed:
                reason, cure = str(failed), failed.cure
        if not dimension and not self._options.generation_model:
            self._say({"absent": reason or "no model is named", "cure": cure})
            return False
        self._say({"ready": dimension, "reason": reason, "cure": cure})
        return True

    def _load_embedder(self) -> int:
        from hydrators.llama import library

        self._embedding_model = library.Model(self._options.embedding_model)
        embedder = self._new_embedder()
        try:
            (vector,) = embedder.vectors([embedder.tokens(b"fn main")])
        except (RuntimeError, ValueError) as error:
            raise library.LoadFailed(f"the embedding model makes no vector: {error}") from None
        if vector is None:
            raise library.LoadFailed("the embedding model makes no finite vector", "get the model anew")
        self._spare.append(embedder)
        return int(embedder.dimension)

    def _new_embedder(self) -> Any:
        from hydrators.llama.embedder import Embedder

        return Embedder(self._embedding_model, self._options.threads, self._options.micro_batch_tokens)

    def take(self, frame: wire.Frame) -> None:
        do, number = frame.head["do"], frame.head["id"]
        if do == "cancel":
            self._cancelled.add(number)
            return
        lane = frame.head["lane"]
        if lane not in self._lanes:
            self._lanes[lane] = queue.SimpleQueue()
            run = self._run_generation if lane == GENERATE else self._run_embedding
            threading.Thread(
                target=_or_exit, args=(run, lane, self._lanes[lane]), name=lane, daemon=True
            ).start()
        self._lanes[lane].put(frame)

    def _say(self, head: dict[str, Any], body: bytes = b"") -> None:
        self._write(wire.pack(head, body))

    # ------------------------------------------------------------ embedding

    def _run_embedding(self, lane: str, frames: queue.SimpleQueue[wire.Frame]) -> None:
        if lane != URGENT:
            _yield_to_others()
        embedder = self._spare.pop() if self._spare else self._new_embedder()
        while True:
            frame = frames.get()
            refused, vectors = self._embed(embedder, frame)
            self._say({"id": frame.head["id"], "refused": refused}, b"".join(vectors))

    def _embed(self, embedder: Any, frame: wire.Frame) -> tuple[list[list[Any]], list[bytes]]:
        """Refusals as [place, kind, message], and the vectors of all others in order."""
        number, sizes = frame.head["id"], frame.head["sizes"]
        refused: list[list[Any]] = []
        places: list[int] = []
        tokens: list[list[int]] = []
        end = 0
        self._say({"id": number, "doing": list(range(len(sizes)))})  # the tokenizer may die, too
        for place, size in enumerate(sizes):
            start, end = end, end + size
            try:
                tokens.append(embedder.tokens(frame.body[start:end]))
                places.append(place)
            except ValueError as error:
                refused.append([place, Refusal.REFUSED, str(error)])
        vectors: list[bytes] = []
        for batch in embedder.micro_batches(tokens):
            here = places[batch.start : batch.stop]
            self._say({"id": number, "doing": here})  # outlives this process: it names the suspects
            for place, vector in zip(here, _vectors(embedder, tokens[batch.start : batch.stop]), strict=True):
                if isinstance(vector, bytes):
                    vectors.append(vector)
                else:
                    refused.append([place, Refusal.FAILED, vector])
        return refused, vectors

    # ------------------------------------------------------------ generation

    def _run_generation(self, _: str, frames: queue.SimpleQueue[wire.Frame]) -> None:
        _yield_to_others()
        generator: Any = None
        while True:
            frame = frames.get()
            number = frame.head["id"]
            try:
                if generator is None:
                    generator = self._load_generator()
                self._say({"id": number, "doing": [0]})
                prompt = Prompt(frame.body.decode(), *frame.head["with"])
                deadline_s = time.monotonic() + self._options.request_timeout_s
                said = generator.generate(prompt, deadline_s, lambda: number in self._cancelled)  # noqa: B023  # called only while it is this number
                self._say({"id": number, "generated": list(said)[1:]}, said.text.encode())
            except Refused as why:
                self._say({"id": number, "refused": [[0, why.kind, str(why)]]})
            except Exception as error:  # the guard of one request; its text might hold the prompt
                self._say({"id": number, "refused": [[0, Refusal.FAILED, type(error).__name__]]})
            self._cancelled.discard(number)

    def _load_generator(self) -> Any:
        from hydrators.llama import library
        from hydrators.llama.generator import Generator

        try:
            model = library.Model(self._options.generation_model)
            generator = Generator(model, self._options.threads, self._options.context_tokens)
        except library.LoadFailed as failed:
            self._say({"generation": str(failed)})
            raise Refused(Refusal.NOT_READY, str(failed)) from None
        self._say({"generation": ""})
        return generator


def _vectors(embedder: Any, texts: Sequence[Sequence[int]]) -> list[bytes | str]:
    """Or why there is none. One text may spoil those beside it: they are computed alone then."""
    try:
        made = embedder.vectors(texts)
    except RuntimeError as error:
        made, why = [None] * len(texts), str(error)
    else:
        why = "the model made no finite vector of it"
    if len(texts) > 1 and None in made:
        return [vector or _vectors(embedder, [text])[0] for vector, text in zip(made, texts, strict=True)]
    return [vector or why for vector in made]


def _or_exit(run: Callable[..., None], lane: str, frames: queue.SimpleQueue[wire.Frame]) -> None:
    """A lane that ends is the end of the process: whoever waits for it would wait for ever. The error itself
    is not printed, as it might hold a text."""
    try:
        run(lane, frames)
    except BaseException as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        os.write(2, f"{type(error).__name__} in {at.name}, line {at.lineno}\n".encode())
        os._exit(70)


def _yield_to_others() -> None:
    """On Linux niceness is of a thread, and inherited by those that it starts."""
    os.nice(NICE)


def _bound_memory(cap_bytes: int) -> None:
    """A second fence behind the daemon's looks: what grows faster than it looks fails to allocate, and if the
    machine runs out of memory, this process is the one to go."""
    if sys.platform != "linux":
        return
    import resource

    limit = cap_bytes + _SLACK_BYTES
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    with suppress(OSError):  # a container may not allow it
        Path("/proc/self/oom_score_adj").write_text("800")


def main() -> None:
    # Standard output is the protocol's alone: whatever else prints goes to standard error.
    out = os.dup(1)
    os.dup2(2, 1)
    pipe = os.fdopen(os.dup(0), "rb", buffering=65_536)
    guard = threading.Lock()

    def write(data: bytes) -> None:
        view = memoryview(data)
        with guard:
            while view:
                view = view[os.write(out, view) :]

    first = wire.read(pipe)
    if first is not None:
        options = LlamaOptions(*first.head["options"])
        _bound_memory(options.memory_cap_bytes)
        worker = Worker(options, write)
        if worker.begin():
            while (frame := wire.read(pipe)) is not None:
                worker.take(frame)
    os._exit(0)  # at once, in the middle of whatever is computed: nothing here is to be kept


if __name__ == "__main__":
    main()
