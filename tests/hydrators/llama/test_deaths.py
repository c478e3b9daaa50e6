"""A child that dies, hangs or eats memory, and inputs that do that to it: all with the real library."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from hydrators.llama import mishaps
from hydrators.llama.model import Prompt, Refusal, Refused, State
from tests.hydrators.llama.rig import Rig, as_vectors, running
from tests.hydrators.llama.tiny_models import tiny_llama

DEADLY = "caf\u00e9"  # to a vocabulary without the first byte of é
MANY = [f"text number {number} " * 4 for number in range(400)]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mishaps, "_BACK_OFF_S", (0.05,))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT, signal.SIGSEGV])
def test_a_child_killed_in_the_middle_of_a_batch_costs_no_vector(
    models: Path, number: signal.Signals
) -> None:
    with running(models / "bert.gguf") as rig:
        pid = rig.start()
        asked = rig.begin(rig.llama.embed(MANY))
        rig.signal(number)
        assert len(as_vectors(asked.result(60))) == len(MANY)
        assert rig.state.pid != pid
        assert (rig.state.restarts, rig.state.quarantined) == (1, 0)


def test_a_child_that_others_keep_killing_quarantines_nothing(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        for restarts in (1, 2, 3):
            rig.start()
            rig.signal(signal.SIGSTOP)
            asked = rig.begin(rig.llama.embed(["always the same"]))
            rig.signal(signal.SIGKILL)
            assert len(as_vectors(asked.result(60))) == 1
            assert (rig.state.restarts, rig.state.quarantined) == (restarts, 0)


def test_a_child_that_hangs_is_ended_and_its_texts_are_tried_again(models: Path) -> None:
    with running(models / "bert.gguf", request_timeout_s=0.5) as rig:
        pid = rig.start()
        rig.signal(signal.SIGSTOP)
        assert len(rig.vectors(*MANY[:100])) == 100
        assert not psutil.pid_exists(pid)
        assert rig.state.restarts == 1
        assert any("did not answer" in state.reason for state in rig.states)


def test_children_that_hang_before_they_begin_are_given_up_and_no_text_is_blamed(models: Path) -> None:
    with running(models / "bert.gguf", request_timeout_s=0.2) as rig:
        rig.when_ready = lambda pid: os.kill(pid, signal.SIGSTOP)
        (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        assert answer.kind is Refusal.NOT_READY
        assert (rig.state.state, rig.state.quarantined) == (State.BROKEN, 0)
        assert "did not answer for 0.2 s" in rig.state.reason


def test_what_is_urgent_does_not_wait_for_another_child(models: Path) -> None:
    with running(models / "bert.gguf", request_timeout_s=0.5) as rig:
        rig.start()
        rig.signal(signal.SIGSTOP)
        (answer,) = rig.embed("query", is_urgent=True)
        assert isinstance(answer, Refused)
        assert answer.kind in (Refusal.NOT_READY, Refusal.CRASHED)


def test_a_text_that_kills_is_quarantined_and_costs_no_other_its_vector(models: Path) -> None:
    with running(models / "fragile.gguf") as rig:
        answers = rig.embed(*MANY[:100], DEADLY, *MANY[100:200])
        assert len(as_vectors(answers[:100] + answers[101:])) == 200
        refused = answers[100]
        assert isinstance(refused, Refused)
        assert refused.kind is Refusal.QUARANTINED
        assert DEADLY not in str(refused)
        state = rig.until(lambda state: state.state == State.READY)
        assert (state.restarts, state.quarantined) == (2, 1)
        assert any("SIGABRT" in state.reason for state in rig.states)

        again, good = rig.embed(DEADLY, "good")
        assert isinstance(again, Refused)
        assert again.kind is Refusal.QUARANTINED
        assert isinstance(good, bytes)
        assert rig.state.restarts == 2  # it was not tried


def test_many_texts_that_kill_do_not_open_the_circuit(models: Path) -> None:
    deadly = [f"{DEADLY} {number}" for number in range(mishaps.BREAKER + 1)]
    with running(models / "fragile.gguf") as rig:
        answers = rig.embed(*(text for pair in zip(deadly, MANY, strict=False) for text in pair))
        assert [isinstance(answer, Refused) for answer in answers] == [True, False] * len(deadly)
        assert rig.state.quarantined == len(deadly)


def test_an_urgent_text_that_kills_is_refused_at_once_and_then_quarantined(models: Path) -> None:
    with running(models / "fragile.gguf") as rig:
        kinds = []
        for _ in range(3):
            rig.start()
            (answer,) = rig.embed(DEADLY, is_urgent=True)
            assert isinstance(answer, Refused)
            kinds.append(answer.kind)
        assert kinds == [Refusal.CRASHED, Refusal.QUARANTINED, Refusal.QUARANTINED]
        assert rig.state.restarts == 2


def test_a_prompt_that_kills_is_quarantined_and_embedding_goes_on(models: Path) -> None:
    with running(models / "bert.gguf", models / "fragile-talk.gguf") as rig:
        kinds = []
        for _ in range(3):
            rig.start()
            asked = rig.begin(rig.llama.embed(MANY))
            kinds.append(rig.refusal(DEADLY).kind)
            assert len(as_vectors(asked.result(60))) == len(MANY)
        assert kinds == [Refusal.CRASHED, Refusal.QUARANTINED, Refusal.QUARANTINED]
        assert rig.generate("harmless").text
        assert rig.state.quarantined == 1


def test_a_model_that_takes_more_than_is_allowed_is_not_used(models: Path) -> None:
    with running(models / "bert.gguf", memory_cap_bytes=20 << 20) as rig:
        (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        assert answer.kind is Refusal.NOT_READY
        assert rig.state.state == State.ABSENT
        assert "more than the 20 MB allowed" in rig.state.reason
        assert rig.state.cure


def test_a_generation_model_that_takes_too_much_is_given_up_and_embedding_goes_on(
    models: Path, tmp_path: Path
) -> None:
    large = tiny_llama(tmp_path / "large.gguf", hidden=60_000)
    with running(models / "bert.gguf", large) as rig:
        rig.start()
        cap = rig.state.rss_bytes + (40 << 20)
    with running(models / "bert.gguf", large, memory_cap_bytes=cap) as rig:
        rig.start()
        said = rig.begin(rig.llama.generate(Prompt("fn", max_tokens=2_000, grammar="root ::= [a-z]+")))
        with pytest.raises(Refused) as refused:
            said.result(60)
        assert refused.value.kind in (Refusal.CRASHED, Refusal.NOT_READY)
        assert "allowed" in rig.until(lambda state: bool(state.generation_reason)).generation_reason
        assert len(rig.vectors("still here")) == 1
        assert rig.refusal("fn").kind is Refusal.NOT_READY
        assert rig.state.restarts == 1


def test_a_child_that_keeps_ending_is_left_alone(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, interpreter = tmp_path / "starts", tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\necho one >>'{starts}'\necho 'out of luck' >&2\nexit 3\n")
    interpreter.chmod(0o755)
    with running(models / "bert.gguf") as rig:
        with monkeypatch.context() as broken:
            broken.setattr(sys, "executable", str(interpreter))
            (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        assert answer.kind is Refusal.NOT_READY
        assert rig.state.state == State.BROKEN
        assert "out of luck" in rig.state.reason
        assert len(starts.read_text().split()) == mishaps.BREAKER

        (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        rig.call(rig.llama.configure(rig.llama._options))  # as when somebody repaired it
        rig.until(lambda state: state.state == State.STOPPED)
        assert len(rig.vectors("text")) == 1


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("#!/bin/sh\nexit 3\n", "code 3"),
        ("#!/bin/sh\necho 'no frame of ours'\nsleep 60\n", "nobody understands"),
        ("#!/bin/sh\nkill -ILL $$\n", "SIGILL"),
        (None, "No such file"),
    ],
    ids=["silent", "speaks another language", "another processor", "absent"],
)
def test_a_child_that_never_becomes_ready_is_a_failure_with_its_reason(
    program: str | None, words: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    if program is not None:
        interpreter.write_text(program)
        interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    with running(models / "bert.gguf") as rig:
        asked = rig.begin(rig.llama.embed(["text"]))
        state = rig.until(lambda state: state.restarts == 1)
        assert words in state.reason
        assert (words == "SIGILL") == ("another processor" in state.cure)
        monkeypatch.undo()
        asked.result(60)


def test_closing_while_busy_answers_everybody_and_leaves_no_process(models: Path) -> None:
    with running(models / "bert.gguf", models / "talk.gguf", context_tokens=4_096) as rig:
        pid = rig.start()
        long = Prompt("x", max_tokens=4_000, grammar="root ::= [a-z]+")
        embeds = [rig.begin(rig.llama.embed(MANY)) for _ in range(5)]
        prompts = [rig.begin(rig.llama.generate(long)) for _ in range(5)]
    for future in embeds:
        assert all(isinstance(answer, bytes | Refused) for answer in future.result(1))
    for prompt in prompts:
        with pytest.raises(Refused):
            prompt.result(1)
    assert not psutil.pid_exists(pid)


def test_closing_while_it_starts_leaves_no_process(models: Path) -> None:
    others = psutil.Process().children()  # of other tests
    for states in range(1, 4):
        with running(models / "bert.gguf") as rig:
            asked = rig.begin(rig.llama.embed(["text"]))
            rig.until(lambda _, rig=rig, states=states: len(rig.states) >= states)  # type: ignore[misc]
        assert len(asked.result(1)) == 1
        assert psutil.Process().children() == others


def test_nothing_is_asked_of_what_is_closed(models: Path) -> None:
    with running(models / "bert.gguf") as rig:
        rig.start()
        rig.call(rig.llama.__aexit__(None, None, None))
        (answer,) = rig.embed("text")
        assert isinstance(answer, Refused)
        assert answer.kind is Refusal.NOT_READY
        assert rig.state.pid == 0


_DAEMON = """
import asyncio, sys
from hydrators.llama.model import LlamaOptions
from hydrators.llama.process import Llama

async def main():
    async with Llama(LlamaOptions(embedding_model=sys.argv[1]), lambda state: None) as llama:
        await llama.embed(["start"])
        print(llama.state.pid, flush=True)
        await llama.embed(["more " * 20] * 100_000)

asyncio.run(main())
"""


def test_a_daemon_that_is_killed_leaves_no_child(models: Path) -> None:
    daemon = subprocess.Popen(
        [sys.executable, "-c", _DAEMON, models / "bert.gguf"],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert daemon.stdout is not None
    child = psutil.Process(int(daemon.stdout.readline()))
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.wait()
    daemon.stdout.close()
    child.wait(timeout=10)


def test_a_child_is_started_again_after_it_ended_for_want_of_work(models: Path) -> None:
    with running(models / "bert.gguf", idle_unload_s=0.1) as rig:
        pid = rig.start()
        state = rig.until(lambda state: state.state == State.STOPPED)
        assert (state.pid, state.rss_bytes, state.restarts, state.dimension) == (0, 0, 0, 32)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
        assert rig.start() != pid
        assert rig.state.restarts == 0


def test_a_rig_is_what_it_seems(rig: Rig) -> None:
    """The child is a process of its own: what it does to itself does nothing to us."""
    assert psutil.Process(rig.start()).ppid() == os.getpid()
