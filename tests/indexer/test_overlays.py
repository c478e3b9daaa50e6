"""Candidate texts: what they change, whose they are, and that they leave nothing behind. With a real
rust-analyzer, over the socket and below it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from hydrators.rust_analyzer import Compiler, Position, Refused, ServerDiagnostic
from hydrators.rust_analyzer.model import Range
from indexer.methods import METHODS
from indexer.overlays import OverlayBusy, OverlayLapsed, Overlays, difference
from indexer.protocol import ErrorCode, RpcError
from indexer.rpc_client import Client
from tests.hydrators.rust_analyzer.rig import Rig, running
from tests.indexer.conftest import Hydrated
from tests.indexer.test_hydration_answers import edited

INTERN = "crates/syntax/src/intern.rs"
LIB = "crates/syntax/src/lib.rs"
NEW = "crates/syntax/src/imagined.rs"
USER = "crates/vm/src/compile.rs"  # in another crate
TOY = "pub fn first() -> usize { second() }\n\nfn second() -> usize { 1 }\n"


# ------------------------------------------------------------------ what is told apart


def diagnostic(line: int, message: str) -> ServerDiagnostic:
    return ServerDiagnostic("error", "E1", message, Range(Position(line, 0), Position(line, 1)), "ra")


def test_what_only_moved_is_no_difference() -> None:
    before = [diagnostic(0, "a"), diagnostic(1, "b")]
    after = [diagnostic(3, "a"), diagnostic(2, "b")]
    assert difference(before, "x\ny", after, "\n\n  y\n x") == ((), ())


def test_as_many_of_the_same_are_told_as_there_are_more() -> None:
    before, after = [diagnostic(0, "a")], [diagnostic(0, "a"), diagnostic(1, "a"), diagnostic(2, "a")]
    appeared, disappeared = difference(before, "x", after, "x\nx\nx")
    assert [one.range.start.line for one, _ in appeared] == [1, 2]
    assert disappeared == ()
    assert difference(after, "x\nx\nx", before, "x")[1] == appeared


def test_the_same_words_on_another_line_are_a_difference() -> None:
    appeared, disappeared = difference([diagnostic(0, "a")], "x = 1", [diagnostic(0, "a")], "x = 2")
    assert [text for _, text in appeared] == ["x = 2"]
    assert [text for _, text in disappeared] == ["x = 1"]


# ------------------------------------------------------------------ over the socket


class Asking:
    """One connection that asks about one workspace."""

    def __init__(self, hydrated: Hydrated) -> None:
        self.client = Client(hydrated.service.paths.socket, 70.0)
        self.root = hydrated.root

    def __call__(self, method: str, **params: Any) -> Any:
        described = METHODS[f"overlay.{method}"]
        answer = self.client.call(described.name, params)
        TypeAdapter(described.result).validate_python(answer, extra="forbid", strict=True)
        return answer

    def open(self, **texts: str) -> Any:
        return self("open_buffer", files=[{"path": path, "text": text} for path, text in texts.items()])

    def refused(self, method: str, **params: Any) -> RpcError:
        with pytest.raises(RpcError) as raised:
            self(method, **params)
        assert raised.value.do, f"{raised.value} does not say what to do"
        return raised.value

    def on_disk(self, path: str) -> str:
        return (self.root / path).read_text()


@pytest.fixture
def overlay(hydrated: Hydrated) -> Iterator[Asking]:
    asking = Asking(hydrated)
    yield asking
    asking.client.close()


def named(symbols: Any) -> set[str]:
    return {row["name"] for row in symbols["symbols"]}


def test_only_what_a_candidate_changes_is_reported(overlay: Asking) -> None:
    text = overlay.on_disk(INTERN)
    once = text.replace(
        "pub fn len(&self) -> usize {", 'fn early() -> u8 { "a" }\n\n    pub fn len(&self) -> usize {'
    )
    overlay.open(**{INTERN: once})
    found = overlay("get_diagnostics", file=INTERN)
    (wrong,) = found["appeared"]
    assert (wrong["severity"], wrong["code"]) == ("error", "E0308")
    assert wrong["text"] == 'fn early() -> u8 { "a" }'
    assert once.split("\n")[wrong["start_line"] - 1].strip() == wrong["text"]
    assert (found["disappeared"], found["baseline_count"], found["candidate_count"]) == ([], 0, 1)
    overlay.open(**{INTERN: text})
    assert overlay("get_diagnostics", file=INTERN)["candidate_count"] == 0


def test_what_is_there_already_is_counted_and_not_reported(overlay: Asking) -> None:
    path = "crates/measure/src/units.rs"
    overlay.open(**{path: "// a comment\n\n" + overlay.on_disk(path)})
    found = overlay("get_diagnostics", file=path)
    assert found["baseline_count"] == found["candidate_count"] > 0
    assert (found["appeared"], found["disappeared"]) == ([], [])


def test_a_candidate_that_takes_code_away_takes_its_diagnostics_with_it(overlay: Asking) -> None:
    path = "crates/measure/src/units.rs"
    overlay.open(**{path: ""})
    found = overlay("get_diagnostics", file=path)
    assert len(found["disappeared"]) == found["baseline_count"] > 0
    lines = overlay.on_disk(path).split("\n")
    assert all(lines[row["start_line"] - 1].strip() == row["text"] for row in found["disappeared"])


def test_what_a_candidate_breaks_elsewhere_is_found_there(overlay: Asking) -> None:
    changed = overlay.on_disk(INTERN).replace("(&mut self, text: &str) -> Symbol", "(&mut self) -> Symbol")
    overlay.open(**{INTERN: changed})
    (wrong,) = overlay("get_diagnostics", file=USER)["appeared"]
    assert ".intern(" in wrong["text"]
    assert wrong["code"] == "E0107"


def test_names_that_nothing_defines_are_found_in_a_candidate(overlay: Asking) -> None:
    overlay.open(**{INTERN: overlay.on_disk(INTERN) + "\npub fn lost() -> u8 { nowhere_at_all() }\n"})
    appeared = overlay("get_diagnostics", file=INTERN)["appeared"]
    assert [row["text"] for row in appeared] == ["pub fn lost() -> u8 { nowhere_at_all() }"]


def test_a_new_file_is_seen_with_the_one_that_declares_it(overlay: Asking) -> None:
    opened = overlay.open(
        **{
            LIB: overlay.on_disk(LIB) + "\npub mod imagined;\npub use imagined::made_up;\n",
            NEW: 'pub fn made_up(at: u8) -> u8 { at }\n\nfn wrong() { made_up("ä"); }\n',
        }
    )
    assert opened["open"] == [LIB, NEW]
    assert opened["new"] == [NEW]
    found = overlay("get_diagnostics", file=NEW)
    assert [row["start_line"] for row in found["appeared"] if row["severity"] == "error"] == [3]
    assert found["baseline_count"] == 0
    assert overlay("get_diagnostics", file=LIB)["appeared"] == []
    assert named(overlay("get_document_symbols", file=NEW)) == {"made_up", "wrong"}
    at = {"file": NEW, "line": 3, "column": len("fn wrong() { ")}
    assert overlay("hover_signature", **at)["signature"] == "pub fn made_up(at: u8) -> u8"
    (target,) = overlay("go_to_definition", **at)["targets"]
    assert (target["file"], target["line"], target["node"]) == (NEW, 1, None)
    assert not (overlay.root / NEW).exists()


def test_definitions_on_disk_are_nodes_and_those_elsewhere_belong_to_a_package(overlay: Asking) -> None:
    line = "pub fn all(from: &Interner) -> usize { from.len() + Some(1).unwrap() }"
    text = overlay.on_disk(LIB) + f"\npub use intern::Interner as Names;\n{line}\n".replace(
        "&Interner", "&Names"
    )
    line = line.replace("&Interner", "&Names")
    overlay.open(**{LIB: text})
    at = {"file": LIB, "line": text.split("\n").index(line) + 1}
    (inside,) = overlay("go_to_definition", **at, column=line.index("len"))["targets"]
    assert (inside["file"], inside["node"]["qualified_name"]) == (INTERN, "Interner::len")
    (outside,) = overlay("go_to_definition", **at, column=line.index("unwrap"))["targets"]
    assert outside["file"] == ""
    assert outside["node"]["qualified_name"] == "core::option::Option::unwrap"
    assert outside["node"]["package"].startswith("core@")


def test_what_is_wrong_on_disk_is_not_put_down_to_a_new_file(hydrated: Hydrated, overlay: Asking) -> None:
    with edited(
        hydrated,
        INTERN,
        "pub fn len(&self) -> usize {\n",
        "pub fn len(&self) -> usize {\n        nowhere();\n",
    ):
        overlay.open(**{NEW: "pub fn made_up() {}\n"})
        found = overlay("get_diagnostics", file=INTERN)
        assert (found["appeared"], found["disappeared"]) == ([], [])
        assert found["baseline_count"] == found["candidate_count"] > 0
        overlay("close_buffer")


def test_a_macro_of_a_candidate_is_expanded(overlay: Asking) -> None:
    text = overlay.on_disk(INTERN) + "\nmacro_rules! made { ($n:ident) => { fn $n() {} } }\nmade!(by_hand);\n"
    overlay.open(**{INTERN: text})
    line = text.split("\n").index("made!(by_hand);") + 1
    found = overlay("expand_macro", file=INTERN, line=line, column=0)
    assert found["macro"].startswith("made")
    assert "fn by_hand()" in found["text"]
    nothing = overlay("expand_macro", file=INTERN, line=1, column=0)
    assert (nothing["macro"], nothing["text"]) == ("", "")


def test_a_candidate_leaves_nothing_behind(hydrated: Hydrated, overlay: Asking) -> None:
    before = hydrated.service.settle(hydrated.root, stage="semantic")["clock"]
    overlay.open(**{INTERN: "pub fn only_this() {}\n", NEW: "pub fn and_this() {}\n"})
    assert named(overlay("get_document_symbols", file=INTERN)) == {"only_this"}
    assert sorted(overlay("close_buffer", files=[INTERN])["closed"]) == [INTERN]
    assert "only_this" not in named(overlay("get_document_symbols", file=INTERN))
    assert overlay("close_buffer")["closed"] == [NEW]
    assert overlay("close_buffer")["closed"] == []
    assert hydrated.service.settle(hydrated.root, stage="semantic")["clock"] == before


def test_buffers_close_with_the_connection_that_opened_them(hydrated: Hydrated, overlay: Asking) -> None:
    other = Asking(hydrated)
    other.open(**{INTERN: "pub fn only_this() {}\n"})
    other.client.close()
    assert "Interner" in named(overlay("get_document_symbols", file=INTERN))


def test_what_cannot_be_a_candidate_is_refused(overlay: Asking) -> None:
    outside = overlay.refused("open_buffer", files=[{"path": "../elsewhere.rs", "text": ""}])
    assert outside.code == ErrorCode.NOT_FOUND
    manifest = overlay.refused("open_buffer", files=[{"path": "Cargo.toml", "text": ""}])
    assert manifest.code == ErrorCode.NOT_FOUND
    deep = "pub fn deep() {" + "{" * 6_000 + "}" * 6_000 + "}\n"
    files = [{"path": LIB, "text": "pub fn gone() {}\n"}, {"path": INTERN, "text": deep}]
    assert overlay.refused("open_buffer", files=files).code == ErrorCode.INVALID_PARAMS
    assert "gone" not in named(overlay("get_document_symbols", file=LIB))
    surrogate = overlay.refused("open_buffer", files=[{"path": LIB, "text": "// \ud800"}])
    assert surrogate.code == ErrorCode.INVALID_PARAMS


def test_an_expansion_is_never_that_of_a_candidate(hydrated: Hydrated, overlay: Asking) -> None:
    overlay.open(**{INTERN: "pub fn only_this() {}\n"})
    with pytest.raises(RpcError) as raised:
        overlay.client.call("nodes.expand", {"node": "arithmetic!"})
    assert raised.value.code == ErrorCode.BUSY


# ------------------------------------------------------------------ below the socket


@pytest.fixture(scope="module")
def toy(rust_analyzer: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("overlays")
    (folder / "toy/src").mkdir(parents=True)
    (folder / "toy/Cargo.toml").write_text('[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n')
    (folder / "toy/src/lib.rs").write_text(TOY)
    with running(folder / "toy", folder / "cache") as rig:
        rig.start()
        yield rig


async def outline(compiler: Compiler) -> set[str]:
    return {one.name for one in await compiler.symbols("src/lib.rs")}


def test_another_owner_waits_for_its_turn_and_is_told_when_it_takes_too_long(toy: Rig) -> None:
    async def run() -> None:
        overlays = Overlays(toy.compiler, toy.root, turn_s=0.2)
        await overlays.open("one", {"src/lib.rs": "fn of_one() {}\n"})
        with pytest.raises(OverlayBusy):
            await overlays.ask("two", outline)
        patient = Overlays(toy.compiler, toy.root)
        await overlays.close("one")
        await patient.open("one", {"src/lib.rs": "fn of_one() {}\n"})
        waiting = asyncio.create_task(patient.ask("two", outline))
        assert await patient.ask("one", outline) == {"of_one"}
        assert not waiting.done()
        await patient.release("one")
        assert await waiting == {"first", "second"}

    toy.call(run())


def test_an_owner_that_falls_silent_loses_its_texts_and_is_told(toy: Rig) -> None:
    async def run() -> None:
        overlays = Overlays(toy.compiler, toy.root, silence_s=0.1)
        await overlays.open("one", {"src/lib.rs": "fn of_one() {}\n"})
        assert await overlays.ask("two", outline) == {"first", "second"}  # it waits for the silence
        with pytest.raises(OverlayLapsed):
            await overlays.ask("one", outline)
        await overlays.open("one", {"src/lib.rs": "fn again() {}\n"})
        assert await overlays.ask("one", outline) == {"again"}
        await overlays.release("one")

    toy.call(run())


def test_texts_are_opened_together_or_not_at_all(toy: Rig) -> None:
    async def run() -> None:
        overlays = Overlays(toy.compiler, toy.root)
        await overlays.open("one", {"src/lib.rs": "fn before() {}\n"})
        with pytest.raises(Refused):
            await overlays.open("one", {"src/lib.rs": "fn after() {}\n", "src/deep.rs": "(" * 6_000})
        assert overlays.paths == ("src/lib.rs",)
        assert await overlays.ask("one", outline) == {"before"}
        await overlays.release("one")
        assert await overlays.ask("two", outline) == {"first", "second"}

    toy.call(run())


def test_a_server_that_died_is_shown_the_texts_again(toy: Rig) -> None:
    overlays = Overlays(toy.compiler, toy.root)
    toy.call(overlays.open("one", {"src/lib.rs": "fn candidate() {}\n"}))
    pid = toy.until(lambda state: state.pid != 0).pid
    os.kill(pid, signal.SIGKILL)
    toy.until(lambda state: state.pid != pid)
    assert toy.call(overlays.ask("one", outline)) == {"candidate"}
    found = toy.call(overlays.compare("one", "src/lib.rs", 0))
    assert (found.baseline_count, found.appeared) == (0, ())
    toy.call(overlays.release("one"))
    assert toy.call(overlays.ask("two", outline)) == {"first", "second"}
