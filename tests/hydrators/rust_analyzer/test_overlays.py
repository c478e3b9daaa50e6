"""Candidate text that exists in the server's memory only, with a real rust-analyzer."""

from __future__ import annotations

from pathlib import Path

import psutil

from hydrators.rust_analyzer.model import Refusal, State
from hydrators.rust_analyzer.toolchain import Toolchain
from tests.hydrators.rust_analyzer.rig import Rig, place, running

PATH = "crates/measure/src/text.rs"


def test_a_buffer_is_what_requests_see_and_nothing_is_on_disk(quill: Rig) -> None:
    before = quill.text(PATH)
    candidate = before + '\npub fn candidate(at: usize) -> String { wrap("a", at).join("") }\n'
    try:
        quill.call(quill.compiler.open_buffer(PATH, candidate))
        at = place(candidate, "candidate(at")
        assert quill.call(quill.compiler.hover(PATH, at)).signature == "pub fn candidate(at: usize) -> String"
        (target,) = quill.call(quill.compiler.definition(PATH, place(candidate, 'wrap("a"')))
        assert target.path == PATH
        assert "candidate" in {symbol.name for symbol in quill.call(quill.compiler.symbols(PATH))}
        assert quill.text(PATH) == before
    finally:
        quill.call(quill.compiler.close_buffer(PATH))
    assert "candidate" not in {symbol.name for symbol in quill.call(quill.compiler.symbols(PATH))}


def test_a_buffer_can_be_replaced(quill: Rig) -> None:
    before = quill.text(PATH)
    try:
        for name in ("one", "two", "three"):
            candidate = f"{before}\npub fn {name}() {{}}\n"
            quill.call(quill.compiler.open_buffer(PATH, candidate))
            names = {symbol.name for symbol in quill.call(quill.compiler.symbols(PATH))}
            assert names & {"one", "two", "three"} == {name}
    finally:
        quill.call(quill.compiler.close_buffer(PATH))


def test_errors_of_a_candidate_are_found_and_gone_with_it(quill: Rig) -> None:
    before = quill.text(PATH)
    on_disk = quill.call(quill.compiler.diagnostics(PATH))
    try:
        quill.call(quill.compiler.open_buffer(PATH, before))
        baseline = quill.call(quill.compiler.diagnostics(PATH))
        quill.call(
            quill.compiler.open_buffer(PATH, before + "\nfn wrong() -> usize { no_such_function() }\n")
        )
        found = set(quill.call(quill.compiler.diagnostics(PATH))) - set(baseline)
        assert {(item.severity, item.code) for item in found} == {("error", "E0425")}
    finally:
        quill.call(quill.compiler.close_buffer(PATH))
    assert quill.call(quill.compiler.diagnostics(PATH)) == on_disk


def test_new_files_and_several_buffers_are_seen_together(quill: Rig) -> None:
    lib, new = "crates/measure/src/lib.rs", "crates/measure/src/imagined.rs"
    candidate = quill.text(lib) + "\npub mod imagined;\npub fn uses() -> u8 { imagined::made_up() }\n"
    try:
        quill.call(quill.compiler.open_buffer(new, "pub fn made_up() -> u8 { 1 }\n"))
        quill.call(quill.compiler.open_buffer(lib, candidate))
        (target,) = quill.call(quill.compiler.definition(lib, place(candidate, "made_up")))
        assert target.path == new
    finally:
        quill.call(quill.compiler.close_buffer(lib))
        quill.call(quill.compiler.close_buffer(new))
    assert not (quill.root / new).exists()


def test_background_questions_are_refused_while_a_buffer_is_open(quill: Rig) -> None:
    try:
        quill.call(quill.compiler.open_buffer(PATH, "pub fn alone() {}\n"))
        other = "crates/measure/src/matrix.rs"
        assert quill.refusal(quill.compiler.ask(quill.question(other))).kind is Refusal.NOT_READY
        assert "buffer" in quill.state.progress
    finally:
        quill.call(quill.compiler.close_buffer(PATH))
    answer = quill.ask_until(PATH, hovers=(quill.at(PATH, "fn words", "words"),))
    assert answer.hovers[0].signature == "pub fn words(text: &str) -> Words<'_>"


def test_a_candidate_that_would_end_the_server_is_refused(quill: Rig) -> None:
    deep = "pub fn deep() {" + "{" * 6_000 + "}" * 6_000 + "}\n"
    assert quill.refusal(quill.compiler.open_buffer(PATH, deep)).kind is Refusal.REFUSED
    assert quill.state.restarts == 0
    quill.ask_until(PATH)


def test_a_macro_is_expanded_where_it_is_called(quill: Rig) -> None:
    path = "crates/measure/src/units.rs"
    text = quill.text(path)
    at = place(text, "quantity! {") if "quantity! {" in text else place(text, "quantity!")
    found = quill.call(quill.compiler.expand_macro(path, at))
    assert found is not None
    name, expansion = found
    assert name.startswith("quantity")
    assert "struct" in expansion
    assert quill.call(quill.compiler.expand_macro(path, at._replace(line=0, column=0))) is None


def test_a_buffer_outlives_the_server_and_the_worker(toolchain: Toolchain, cache: Path, toy: Path) -> None:
    """Otherwise the text on disk would be taken for the candidate."""
    candidate = "pub fn candidate() -> u8 { 1 }\n"
    path = "src/lib.rs"
    with running(toy, cache / "toy") as rig:
        server = psutil.Process(rig.start().pid)
        rig.call(rig.compiler.open_buffer(path, candidate))
        worker = server.parent()
        assert worker is not None
        for restarts, victim in enumerate((server, worker), 1):
            victim.kill()
            rig.until(lambda state: state.restarts == restarts and state.state == State.READY)  # noqa: B023  # called at once
            symbols = rig.call(rig.compiler.symbols(path))
            assert [symbol.name for symbol in symbols] == ["candidate"]
        rig.call(rig.compiler.close_buffer(path))
        assert [symbol.name for symbol in rig.call(rig.compiler.symbols(path))] == ["first", "second"]
