"""A real server that is killed, stopped or overwhelmed: nothing waits for ever, and the innocent are
answered in the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from hydrators.rust_analyzer.model import (
    FileAnswer,
    FileQuestion,
    Position,
    Refusal,
    Refused,
    SessionOptions,
    State,
)
from hydrators.rust_analyzer.toolchain import Toolchain
from tests.hydrators.rust_analyzer.rig import Rig, running


def functions(count: int) -> str:
    return "".join(
        f"pub fn f{n}(v: Vec<u8>) -> usize {{ v.iter().map(|b| *b as usize).sum() }}\n" for n in range(count)
    )


def sums(rig: Rig, path: str) -> tuple[Position, ...]:
    lines = enumerate(rig.text(path).split("\n"))
    return tuple(Position(number, line.index(".sum") + 1) for number, line in lines if ".sum" in line)


async def under_way(rig: Rig, question: FileQuestion, count: int = 1) -> list[asyncio.Task[FileAnswer]]:
    """A question, asked several times, that the server has before it: what is asked later is answered, and
    all goes the same way in order."""
    asking = [asyncio.create_task(rig.compiler.ask(question)) for _ in range(count)]
    later = asyncio.create_task(rig.compiler.hover(question.path, Position(0, 7)))  # after their first step
    assert (await later).signature
    assert not any(task.done() for task in asking)
    return asking


def test_killed_with_requests_pending_all_are_refused_at_once_and_answered_later(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    (toy / "src/lib.rs").write_text(functions(2_000))
    with running(toy, cache / "toy") as rig:
        pid = rig.start().pid
        calls = sums(rig, "src/lib.rs")

        async def killed() -> tuple[list[FileAnswer | BaseException], float]:
            asking = await under_way(rig, rig.question("src/lib.rs", definitions=calls), 3)
            os.kill(pid, signal.SIGKILL)
            began = time.monotonic()
            answers = await asyncio.gather(*asking, return_exceptions=True)
            return list(answers), time.monotonic() - began

        answers, took_s = rig.call(killed())
        kinds = {answer.kind for answer in answers if isinstance(answer, Refused)}
        assert kinds and kinds <= {Refusal.CRASHED, Refusal.NOT_READY}
        assert took_s < 5
        answer = rig.ask_until("src/lib.rs", definitions=calls)
        assert all(answer.definitions)
        assert rig.state.restarts == 1
        assert rig.state.quarantined == ()


def test_a_file_during_which_the_server_dies_twice_is_quarantined_until_it_changes(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    (toy / "src/lib.rs").write_text(functions(2_000) + "mod other;\n")
    (toy / "src/other.rs").write_text("pub fn calm() {}\n")
    with running(toy, cache / "toy") as rig:
        calls = sums(rig, "src/lib.rs")

        async def killed(pid: int) -> Refusal:
            (asking,) = await under_way(rig, rig.question("src/lib.rs", definitions=calls))
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(Refused) as refused:
                await asking
            return refused.value.kind

        first = rig.start().pid
        assert rig.call(killed(first)) is Refusal.CRASHED
        second = rig.until(lambda state: state.state == State.READY and state.restarts == 1).pid
        assert rig.call(killed(second)) is Refusal.CRASHED
        rig.until(lambda state: state.state == State.READY and state.restarts == 2)
        assert rig.state.quarantined == ("src/lib.rs",)
        assert rig.refusal(rig.compiler.ask(rig.question("src/lib.rs"))).kind is Refusal.QUARANTINED
        rig.ask_until("src/other.rs")
        rig.write("src/lib.rs", "pub fn short() {}\nmod other;\n")
        rig.call(rig.compiler.sync({"src/lib.rs": rig.question("src/lib.rs").hash}, ()))
        assert rig.ask_until("src/lib.rs").diagnostics == ()


def test_a_server_that_stands_still_is_noticed_and_started_anew(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    with running(toy, cache / "toy", SessionOptions(request_timeout_s=1)) as rig:
        pid = rig.start().pid
        os.kill(pid, signal.SIGSTOP)
        for _ in range(2):
            assert rig.refusal(rig.compiler.ask(rig.question("src/lib.rs"))).kind is Refusal.TIMED_OUT
        state = rig.until(lambda state: state.state == State.READY and state.restarts == 1)
        assert state.pid != pid
        rig.write("src/lib.rs", "pub fn another() {}\n")
        rig.call(rig.compiler.sync({"src/lib.rs": rig.question("src/lib.rs").hash}, ()))
        assert rig.ask_until("src/lib.rs").diagnostics == ()


def test_a_killed_worker_is_replaced_and_its_server_ends(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    with running(toy, cache / "toy") as rig:
        first = rig.start()
        server = psutil.Process(first.pid)
        worker = server.parent()
        assert worker is not None
        worker.kill()
        rig.until(lambda state: state.state == State.STARTING)
        server.wait(timeout=20)
        answer = rig.ask_until("src/lib.rs")
        assert answer.generation > first.generation


def test_a_deeply_nested_file_ends_no_server_twice(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    """Up to rust-analyzer 1.96 it overflows the stack whenever the crate is read. Once cured, the guard can
    go."""
    (toy / "src/lib.rs").write_text("mod deep;\npub fn calm() -> usize { 1 }\n")
    (toy / "src/deep.rs").write_text("pub fn deep() {" + "{" * 50_000 + "}" * 50_000 + "}\n")
    with running(toy, cache / "toy") as rig:
        rig.start()
        assert rig.state.restarts == 1, "it died once, over what it read by itself"
        answer = rig.ask_until("src/lib.rs", hovers=(rig.at("src/lib.rs", "calm"),))
        assert answer.hovers[0].signature == "pub fn calm() -> usize"
        assert rig.refusal(rig.compiler.ask(rig.question("src/deep.rs"))).kind is Refusal.REFUSED
        assert rig.state.restarts == 1


def test_a_file_named_as_a_stub_is_never_shown(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    (toy / "src/lib.rs").write_text("mod deep;\npub fn calm() -> usize { 1 }\n")
    (toy / "src/deep.rs").write_text("pub fn deep() {" + "{" * 50_000 + "}" * 50_000 + "}\n")
    with running(toy, cache / "toy", SessionOptions(stubs=("src/deep.rs",))) as rig:
        assert rig.start().restarts == 0
        rig.write("src/deep.rs", rig.text("src/deep.rs") + "\n")
        rig.call(rig.compiler.sync({"src/deep.rs": rig.question("src/deep.rs").hash}, ()))
        rig.ask_until("src/lib.rs")
        assert rig.state.restarts == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"pub fn caf\xe9() {}\n", "not UTF-8"),
        (b"\xef\xbb\xbfpub fn first() {}\n", "byte order mark"),
        (b"pub const LONG: &[u8] = &[" + b"1, " * 1_700_000 + b"];\n", "larger than"),
        (b"pub const LONG: &[u8] = &[" + b"1, " * 100_000 + b"];\n", "a line of more than"),
        (b"pub fn deep() {" + b"(" * 2_000 + b")" * 2_000 + b"}\n", "nested too deeply"),
        (b"pub fn long(a: usize) -> usize { a" + b".min(1)\n" * 3_000 + b"}\n", "nested too deeply"),
        (b"pub fn long(a: usize) -> usize { a" + b" +\n a" * 6_000 + b"}\n", "nested too deeply"),
    ],
    ids=["latin-1", "bom", "5 MB", "long line", "parentheses", "chain", "sum"],
)
def test_a_file_that_is_not_fit_is_refused_with_its_reason(quill: Rig, data: bytes, words: str) -> None:
    path = "crates/measure/examples/unfit.rs"
    quill.write(path, data)
    refused = quill.refusal(quill.compiler.ask(quill.question(path)))
    assert refused.kind is Refusal.REFUSED
    assert words in str(refused)
    assert quill.state.restarts == 0


def test_edits_without_a_pause_do_not_starve_questions(quill: Rig) -> None:
    path = "crates/measure/src/text.rs"
    original = quill.text(path)

    async def edits() -> FileAnswer:
        for turn in range(40):
            quill.write(path, f"{original}\npub fn turn_{turn}() {{}}\n")
            await quill.compiler.sync({path: quill.question(path).hash}, ())
        return await quill.compiler.ask(quill.question(path))

    assert quill.call(edits()).outline is not None
    quill.write(path, original)


def test_a_killed_service_leaves_neither_worker_nor_server_behind(
    toolchain: Toolchain, cache: Path, toy: Path
) -> None:
    service = subprocess.Popen(
        [sys.executable, "-P", "-c", _SERVICE, str(toy), str(cache / "toy")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert service.stdout is not None
    pid = int(service.stdout.readline())
    server = psutil.Process(pid)
    worker = server.parent()
    assert worker is not None
    family = [worker, server, *server.children(recursive=True)]
    service.kill()
    service.wait()
    service.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


_SERVICE = """
import asyncio, sys
from pathlib import Path
from hydrators.rust_analyzer.model import SessionOptions
from hydrators.rust_analyzer.process import Compiler

async def main():
    ready = asyncio.Event()
    said = lambda state: ready.set() if state.state == "ready" else None
    async with Compiler(Path(sys.argv[1]), Path(sys.argv[2]), SessionOptions(), said) as compiler:
        compiler.want()
        await ready.wait()
        print(compiler.state.pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""
