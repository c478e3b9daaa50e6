"""The child by itself, spoken to frame by frame."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

from hydrators.llama import wire
from hydrators.llama.model import LlamaOptions

LONG = ["root ::= [a-z]+", 4_000, 0.0, 0, []]  # minutes, in a debug build of the library
_NOISY = """
import os
from hydrators.llama import worker
begin = worker.Worker.begin

def noisy(self):
    os.write(1, b"noise" * 1000)
    print("more noise", flush=True)
    return begin(self)

worker.Worker.begin = noisy
worker.main()
"""


class Spoken:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.process = process
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout

    def say(self, head: dict[str, Any], body: bytes = b"") -> None:
        self._input.write(wire.pack(head, body))
        self._input.flush()

    def hear(self) -> dict[str, Any]:
        frame = wire.read(self._output)  # type: ignore[arg-type]  # a pipe is a BinaryIO
        assert frame is not None
        return frame.head

    def hush(self) -> None:
        self._input.close()


@contextmanager
def spoken(options: LlamaOptions, *command: str) -> Iterator[Spoken]:
    process = subprocess.Popen(
        [sys.executable, *(command or ("-P", "-m", "hydrators.llama.worker"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with process:
        child = Spoken(process)
        try:
            child.say({"options": list(options)})
            yield child
        finally:
            process.kill()


@pytest.fixture
def both(models: Path) -> LlamaOptions:
    return LlamaOptions(str(models / "bert.gguf"), str(models / "talk.gguf"), context_tokens=4_096)


def test_a_generation_that_is_cancelled_ends_at_the_next_token(both: LlamaOptions) -> None:
    with spoken(both) as child:
        assert child.hear()["ready"] == 32
        child.say({"do": "cancel", "id": 7})  # heard first, so that it is certain to be in time
        child.say({"do": "work", "id": 7, "lane": "generate", "sizes": [1], "with": LONG}, b"x")
        assert child.hear() == {"generation": ""}
        assert child.hear() == {"id": 7, "doing": [0]}
        assert child.hear()["refused"][0][2] == "nobody waits for it any more"
        child.say(
            {"do": "work", "id": 8, "lane": "generate", "sizes": [1], "with": ["", 2, 0.0, 0, []]}, b"x"
        )
        child.hear()
        assert child.hear()["generated"]


def test_it_ends_with_its_input_in_the_middle_of_a_computation(both: LlamaOptions) -> None:
    with spoken(both) as child:
        child.hear()
        child.say({"do": "work", "id": 1, "lane": "generate", "sizes": [1], "with": LONG}, b"x")
        assert child.hear() == {"generation": ""}
        assert child.hear()["doing"] == [0]
        child.hush()
        assert child.process.wait(10) == 0


def test_what_is_printed_does_not_get_among_the_frames(both: LlamaOptions) -> None:
    with spoken(both, "-c", _NOISY) as child:
        assert child.hear()["ready"] == 32


def test_it_says_which_texts_it_computes_before_it_does(both: LlamaOptions) -> None:
    with spoken(both) as child:
        child.hear()
        text = b"x" * 200
        child.say({"do": "work", "id": 3, "lane": "backlog", "sizes": [200] * 6}, text * 6)
        heard = [child.hear()]
        while "doing" in heard[-1]:
            heard.append(child.hear())
        doing = [head["doing"] for head in heard[:-1]]
        assert doing[0] == list(range(6))  # while it takes them apart
        assert [place for places in doing[1:] for place in places] == list(range(6))
        assert len(doing) > 2
        assert heard[-1] == {"id": 3, "refused": []}


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is of a process there, not of a thread")
def test_only_what_a_person_waits_for_is_not_nice(both: LlamaOptions) -> None:
    with spoken(both) as child:
        child.hear()
        for number, lane in enumerate(("backlog", "urgent")):
            child.say({"do": "work", "id": number, "lane": lane, "sizes": [1]}, b"x")
            while "refused" not in child.hear():
                pass
        own = psutil.Process().nice()
        nices = {
            thread.id: psutil.Process(thread.id).nice()
            for thread in psutil.Process(child.process.pid).threads()
        }
        assert sorted(nices.values())[-1] == min(19, own + 15)
        assert list(nices.values()).count(own) >= 2


def test_a_lane_that_fails_ends_the_process_and_says_nothing_of_the_text(both: LlamaOptions) -> None:
    code = (
        "from hydrators.llama import worker\n"
        "def fail(self, embedder, frame): raise KeyError(frame.body)\n"
        "worker.Worker._embed = fail\n"
        "worker.main()\n"
    )
    with spoken(both, "-c", code) as child:
        child.hear()
        child.say({"do": "work", "id": 1, "lane": "backlog", "sizes": [6]}, b"secret")
        assert child.process.wait(10) == 70
        assert child.process.stderr is not None
        said = child.process.stderr.read()
        assert b"KeyError" in said
        assert b"secret" not in said
